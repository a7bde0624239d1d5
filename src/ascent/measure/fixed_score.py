"""Models that have a score on one benchmark, known training compute and a release date, in groups of one origin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.evidence.evidence import Evidence
from ascent.measure.models import model_facts

FACTS = ("organization", "released", "training_compute_flop", "tokens")
EXTRA = "extra data=yes"  # in the setting of a score: trained on more than the benchmark's own images


@dataclass(frozen=True, eq=False)
class ScoredModels:
    """Models in order of release.

    error     (model,) share that is wrong, above 0 and below 1
    log_flop  (model,) decimal logarithm of FLOP;  log_data (model,) of training data points, NaN where unknown
    year      (model,) decimal years;  released: ISO dates
    origin    (model,) index of the organization, or of the paper where no organization is told
    extra     (model,) trained on more data than the benchmark's own
    left_out  models with a score that lack compute or a date
    """

    model: tuple[str, ...]
    released: tuple[str, ...]
    error: Floats
    log_flop: Floats
    log_data: Floats
    year: Floats
    origin: NDArray[np.intp]
    extra: NDArray[np.bool_]
    left_out: int


def askable(evidence: Evidence, least: int) -> list[tuple[int, str]]:
    """Benchmarks on which `least` models or more have a score, training compute and a date: how many, and its name."""
    on: dict[str, set[str]] = {}
    for row in evidence.table("scores").rows():
        if row["unit"] in (None, "fraction") and 0 < float(row["score"] or 0.0) < 1:
            on.setdefault(str(row["benchmark"]), set()).add(str(row["model"]))
    facts = model_facts(evidence, sorted(set().union(*on.values())), FACTS)
    fit = {name for name, about in facts.items() if about["released"] and about["training_compute_flop"]}
    found = ((len(names & fit), benchmark) for benchmark, names in on.items())
    return sorted((one for one in found if one[0] >= least), key=lambda one: (-one[0], one[1]))


def scored_models(evidence: Evidence, benchmark: str) -> ScoredModels:
    """The median of a model's raw shares on the benchmark counts; perfect and empty scores are left out."""
    claims: dict[str, list[float]] = {}
    papers: dict[str, str] = {}
    extra: dict[str, bool] = {}
    for row in evidence.table("scores").rows():
        share = float(row["score"] or 0.0)
        if row["benchmark"] != benchmark or row["unit"] not in (None, "fraction") or not 0 < share < 1:
            continue
        name = str(row["model"])
        claims.setdefault(name, []).append(share)
        papers[name] = min(papers.get(name, str(row["source"])), str(row["source"]))
        extra[name] = extra.get(name, False) or EXTRA in str(row["setting"] or "")
    facts = model_facts(evidence, sorted(claims), FACTS)
    rows = sorted(
        (decimal_year(str(about["released"])), name, about)
        for name, about in facts.items()
        if about["released"] and about["training_compute_flop"]
    )
    names = [name for _, name, _ in rows]
    origin = [str(about["organization"] or papers[name]) for _, name, about in rows]
    return ScoredModels(
        tuple(names), tuple(str(about["released"]) for _, _, about in rows),
        1 - np.array([float(np.median(claims[name])) for name in names]),
        np.log10([float(about["training_compute_flop"]) for *_, about in rows]),
        np.log10([float(about["tokens"] or np.nan) for *_, about in rows]), np.array([year for year, *_ in rows]),
        np.unique(origin, return_inverse=True)[1].astype(np.intp),
        np.array([extra[name] for name in names], dtype=bool),
        len(claims) - len(rows),
    )  # fmt: skip
