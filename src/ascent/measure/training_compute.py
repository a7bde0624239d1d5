"""Training compute of models on one axis: amounts with what is known of their error, dates, makers, several claims."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import decimal_year, span
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.training_runs import same_runs

# Factor within which an estimate lies with 90 %, by the confidence told (Epoch AI, documentation of its model data).
WITHIN = {"confident": 3.0, "likely": 10.0, "speculative": 30.0}
UNTOLD = 10.0  # where none is told: as Likely
THIRD = 3  # latest release of a table, which tells how new it is
ALONE = 1.0  # years without any row, after which a few later ones are taken for mistyped
BEFORE = 10  # rows of the two years before such a gap that make it one


@dataclass(frozen=True, eq=False)
class TrainingCompute:
    """Models whose training compute and release are known, in order of release.

    model, released, organization  (model,) names; ISO dates as precise as told; the first organization, or "unknown"
    year       (model,) decimal years
    log_flop   (model,) decimal logarithm of the final run's compute in FLOP, fine-tuning included where told apart
    within     (model,) factor within which it lies with 90 %
    maker      (model,) index of the organization
    undated, unknown  models left out: without a date, without compute
    known_by_year     year -> (models with compute, models in all)
    versions          names counted under another one -> that one
    same              rows of the table of what is counted once (`training_runs`)
    """

    model: tuple[str, ...]
    released: tuple[str, ...]
    organization: tuple[str, ...]
    year: Floats
    log_flop: Floats
    within: Floats
    maker: NDArray[np.intp]
    undated: int
    unknown: int
    known_by_year: dict[int, tuple[int, int]]
    versions: dict[str, str] = field(default_factory=dict)
    same: list[dict[str, Any]] = field(default_factory=list)

    def only(self, chosen: NDArray[np.bool_]) -> "TrainingCompute":
        """The chosen models alone."""
        pick = np.flatnonzero(chosen)
        model, released, organization = (
            tuple(field[k] for k in pick) for field in (self.model, self.released, self.organization)
        )
        return replace(
            self, model=model, released=released, organization=organization, year=self.year[pick],
            log_flop=self.log_flop[pick], within=self.within[pick], maker=self.maker[pick],
        )  # fmt: skip


def training_compute(evidence: Evidence, *, domain: str = "", source: str = "", once: bool = False) -> TrainingCompute:
    """Every model with known compute and release; of several claims for a model the latest published wins.

    domain  only models whose domain has this word, in any case
    source  only claims of this source
    once    rows that tell of one training run count as one, under the shortest of their names, from its first release

    Raises TooLittleEvidence where there is none.
    """
    claims = _claims(evidence, domain, source)
    versions, same = same_runs(claims) if once else ({}, [])
    for name, kept in versions.items():
        claims[kept] = sorted([*claims[kept], *claims.pop(name)], key=_order(evidence), reverse=True)
    rows, undated, unknown = [], 0, 0
    by_year: dict[int, list[int]] = {}
    for model, listed in claims.items():
        released = next((row["released"] for row in listed if row["released"]), None)
        if released and model in versions.values():
            days = {row["model"]: str(row["released"]) for row in reversed(listed) if row["released"]}
            released = min(days.values())
        amount = next((row for row in listed if row["training_compute_flop"]), None)
        if released is not None and evidence.as_of and span(str(released))[0].isoformat() > evidence.as_of:
            continue  # told of before it was there
        if released is not None:
            count = by_year.setdefault(int(str(released)[:4]), [0, 0])
            count[0] += amount is not None
            count[1] += 1
        if amount is None:
            unknown += 1
        elif released is None:
            undated += 1
        else:
            maker = next((row["organization"] for row in listed if row["organization"]), "unknown")
            rows.append((decimal_year(str(released)), model, str(released), str(maker).split(", ")[0], amount))
    if not rows:
        raise TooLittleEvidence(
            need="models with training compute and a release date",
            have=(f"{unknown} models without compute and {undated} without a date" if unknown + undated else "no model")
            + (f" in the domain '{domain}'" if domain else ""),
            fix=_hidden(evidence)
            + "add a table of models with `ascent evidence add`, such as Epoch AI's all_ai_models.csv",
        )
    rows.sort(key=lambda row: row[:4])
    _, maker = np.unique([row[3] for row in rows], return_inverse=True)
    return TrainingCompute(
        tuple(row[1] for row in rows), tuple(row[2] for row in rows), tuple(row[3] for row in rows),
        np.array([row[0] for row in rows]), np.array([np.log10(row[4]["training_compute_flop"]) for row in rows]),
        np.array([_within(row[4]) for row in rows]), maker.astype(np.intp), undated, unknown,
        {year: (count[0], count[1]) for year, count in sorted(by_year.items())},
        versions, same,
    )  # fmt: skip


def beyond_vintage(evidence: Evidence) -> str:
    """The last day that the evidence reaches where some few releases lie far beyond it; else empty.

    A release mistyped as 2028 would otherwise be today. Where every row says when it was published, nothing later can
    have been released. Elsewhere a year without any dated row and then at most three, or one in a hundred, is no
    collection that goes on. Where somebody asked for a day with --as-of, that day is taken as it is.
    """
    table = evidence.table("models")
    days = [str(day) for day in table["released"] if day]
    last = [span(day)[1].isoformat() for day in days]
    if not last or max(last) < evidence.as_of:  # the day was asked for, or other rows are as late
        return ""
    published = table.data.get("published", ())
    if published and all(published):
        newest = max(span(str(day))[1].isoformat() for day in published)
        return newest if max(span(day)[0].isoformat() for day in days) > newest else ""
    dates = [decimal_year(day) for day in days]
    dates += [decimal_year(str(day)) for day in evidence.table("scores").data.get("published", ()) if day]
    year = np.sort(np.array(dates))
    gaps = np.flatnonzero(np.diff(year) >= ALONE)
    few = max(3, len(year) // 100)
    for at in gaps:
        before = int((year[: at + 1] > year[at] - 2).sum())
        if len(year) - 1 - at <= few and before >= BEFORE:
            return max(end for end, when in zip(last, dates, strict=False) if when <= year[at])
    return ""


def sources_of(evidence: Evidence) -> list[str]:
    """Sources that tell training compute, those that tell most first."""
    table = evidence.table("models")
    counts: dict[str, int] = {}
    for source, flop in zip(table["source"], table["training_compute_flop"], strict=True):
        if source is not None and flop:
            counts[str(source)] = counts.get(str(source), 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))


def revisions(evidence: Evidence) -> list[dict[str, Any]]:
    """Models whose claims for training compute differ, the widest apart first: first and latest claim with its source.

    Claims are in the order of their publication, the undated first, then of the latest releases of their tables.
    """
    found = []
    for model, listed in _claims(evidence, "", "").items():
        told = [row for row in reversed(listed) if row["training_compute_flop"]]
        if len({row["training_compute_flop"] for row in told}) > 1:
            first, last = told[0], told[-1]
            ratio = last["training_compute_flop"] / first["training_compute_flop"]
            widest = max(row["training_compute_flop"] for row in told) / min(
                row["training_compute_flop"] for row in told
            )
            found.append(
                {"model": model, "first": first["training_compute_flop"], "first_source": first["source"],
                 "latest": last["training_compute_flop"], "latest_source": last["source"], "ratio": ratio,
                 "widest": widest, "claims": len(told)}
            )  # fmt: skip
    return sorted(found, key=lambda row: (-row["widest"], row["model"]))


def _claims(evidence: Evidence, domain: str, source: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of each model, the latest published first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in evidence.table("models").rows():
        if domain and domain.casefold() not in str(row["domain"] or "").casefold():
            continue
        if source and row["source"] != source:
            continue
        found.setdefault(str(row["model"]), []).append(row)
    order = _order(evidence)
    for listed in found.values():
        listed.sort(key=order, reverse=True)
    return dict(sorted(found.items()))


def _hidden(evidence: Evidence) -> str:
    """What to do where --as-of hides rows that nobody said when they were published."""
    told = next((note.text for note in evidence.notes if note.about == "as-of" and "--published" in note.text), "")
    if not told:
        return ""
    return "rows of unknown publication are hidden by --as-of; say when the file came out with --published, or "


def _order(evidence: Evidence) -> Callable[[dict[str, Any]], tuple[str, str, str, str]]:
    """Key that puts later claims after earlier ones: by publication, else by how late the releases of their table are.

    A table that knows later models was written later. Its third latest release tells, as single ones are mistyped.
    """
    days: dict[str, list[str]] = {}
    table = evidence.table("models")
    for source, day in zip(table["source"], table["released"], strict=True):
        if day:
            days.setdefault(str(source or ""), []).append(span(str(day))[1].isoformat())
    newest = {source: sorted(listed)[-min(len(listed), THIRD)] for source, listed in days.items()}

    def key(row: dict[str, Any]) -> tuple[str, str, str, str]:
        source = str(row["source"] or "")
        return str(row["published"] or ""), newest.get(source, ""), source, repr(row)

    return key


def _within(row: dict[str, Any]) -> float:
    low, high, mid = (row[f"training_compute_flop{end}"] for end in ("_low", "_high", ""))
    if low and high:
        return float(max(mid / low, high / mid, 1.0))
    return WITHIN.get(str(row["confidence"] or "").casefold(), UNTOLD)


def state_of_the_art(evidence: Evidence, released: dict[str, float]) -> set[str]:
    """Models that beat every earlier one on at least half of the benchmarks they share with three earlier models.

    released  decimal year by model; models that it does not name do not count
    """
    table = evidence.table("scores")
    best: dict[str, dict[str, float]] = {}
    for model, benchmark, score, unit in zip(
        *(table[name] for name in ("model", "benchmark", "score", "unit")), strict=True
    ):
        if unit in (None, "fraction") and str(model) in released and score is not None:
            mine = best.setdefault(str(benchmark), {})
            mine[str(model)] = max(mine.get(str(model), float("-inf")), float(score))
    tried: dict[str, list[bool]] = {}
    for scores in best.values():
        for model, score in scores.items():
            earlier = [other for name, other in scores.items() if released[name] < released[model]]
            if len(earlier) >= 3:
                tried.setdefault(model, []).append(score > max(earlier))
    return {model for model, wins in tried.items() if 2 * sum(wins) >= len(wins)}


def counted(years: dict[int, tuple[int, int]], since: Iterable[int]) -> float:
    """Share of models released in these years whose compute is known."""
    some = [years[year] for year in since if year in years]
    return sum(known for known, _ in some) / max(sum(whole for _, whole in some), 1)
