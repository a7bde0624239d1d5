"""Scores of models beside their training compute, in families: what observational scaling looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.models import model_facts
from ascent.measure.primary_measures import ends_of_scale
from ascent.measure.score_matrix import score_matrix

FEWEST_MODELS, FEWEST_BENCHMARKS, FEWEST_FAMILIES = 8, 4, 4
OWN = 12  # models beside the largest table, up to which they are taken for the user's own
FACTS = ("family", "organization", "training_compute_flop")


@dataclass(frozen=True, eq=False)
class ScoresAndCompute:
    """Models that have scores, those without known compute among them, all in alphabetical order.

    share     (model, benchmark) from guessing 0 to perfect 1; NaN where there is no score
    compute   (model,) FLOP, NaN where unknown
    family    (model,) position in `families`: the family told, else the organization, else the model itself
    left_out  why scores did not enter, with counts
    ends      (2, benchmark) scores as printed that stand for a share of 0 and of 1; None: 0 and 1
    """

    models: tuple[str, ...]
    benchmarks: tuple[str, ...]
    families: tuple[str, ...]
    share: Floats
    compute: Floats
    family: NDArray[np.intp]
    told: bool  # whether families are told for most models
    left_out: tuple[tuple[str, int], ...]
    ends: Floats | None = None

    def printed(self, benchmark: int, share: Floats) -> Floats:
        """Shares of one benchmark as the scores it prints, in percent."""
        low, high = (0.0, 1.0) if self.ends is None else self.ends[:, benchmark]
        return np.asarray(100 * (low + (high - low) * share))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Models whose compute is known."""
        return np.isfinite(self.compute)


def scores_and_compute(
    evidence: Evidence, *, min_scores: int, min_share: float, without: list[str], without_models: Sequence[str] = ()
) -> ScoresAndCompute:
    """Raises TooLittleEvidence where too few models, benchmarks or families are there to compare, UnknownName for a
    model to leave out that has no scores.

    min_scores  models with fewer scores are left out
    min_share   benchmarks that fewer of the models with compute have are left out
    """
    matrix = score_matrix(evidence, min_scores=min_scores, min_models=3, without=without)
    facts: dict[str, dict[str, Any]] = model_facts(evidence, matrix.models, FACTS)
    for name in without_models:
        if name not in matrix.models:
            raise UnknownName("model with scores", name, matrix.models)
    models, benchmarks = sorted(matrix.models), sorted(matrix.benchmarks)
    share = np.full((len(models), len(benchmarks)), np.nan)
    row, column = ({name: at for at, name in enumerate(names)} for names in (models, benchmarks))
    for model, benchmark, value in zip(matrix.model, matrix.benchmark, matrix.share, strict=True):
        share[row[matrix.models[model]], column[matrix.benchmarks[benchmark]]] = value
    compute = np.array([float(facts[name]["training_compute_flop"] or np.nan) for name in models])
    there = np.isfinite(share)
    known = np.isfinite(compute)
    common = there[known].mean(axis=0) >= min_share if known.any() else np.zeros(len(benchmarks), dtype=bool)
    share = share[:, common]
    enough = np.isfinite(share).sum(axis=1) >= min(min_scores, max(1, int(common.sum())))
    enough &= np.array([name not in without_models for name in models])
    spread = np.array([np.unique(one[np.isfinite(one)]).size > 1 for one in share[enough].T], dtype=bool)
    kin = [str(facts[name]["family"] or facts[name]["organization"] or name) for name in models]
    kept = [at for at in range(len(models)) if enough[at]]
    families = sorted({kin[at] for at in kept})
    counted = int((known & enough).sum())
    groups = len({kin[at] for at in kept if known[at]})
    if counted < FEWEST_MODELS or int(spread.sum()) < FEWEST_BENCHMARKS or groups < FEWEST_FAMILIES:
        raise TooLittleEvidence(
            need=f"{FEWEST_MODELS} models of {FEWEST_FAMILIES} families with training compute, and "
            f"{FEWEST_BENCHMARKS} benchmarks that most of them share",
            have=f"{counted} models of {groups} families and {int(spread.sum())} benchmarks",
            fix="add models with training_compute_flop and their scores, or lower --min-share",
        )
    names = [benchmarks[at] for at in np.flatnonzero(common)]
    names = [name for name, varied in zip(names, spread, strict=True) if varied]
    return ScoresAndCompute(
        tuple(models[at] for at in kept), tuple(names),
        tuple(families), share[kept][:, spread], compute[kept],
        np.array([families.index(kin[at]) for at in kept], dtype=np.intp),
        sum(facts[models[at]]["family"] is not None for at in kept) > len(kept) / 2, matrix.left_out,
        np.array(ends_of_scale(evidence, names)),
    )  # fmt: skip


def brought(evidence: Evidence) -> frozenset[str]:
    """Models whose scores come only from other files than the one with most models, where those are few: a user's own
    beside a public table."""
    table, places = evidence.table("scores"), evidence.places.get("scores", ())
    if len(places) != len(table):
        return frozenset()
    files: dict[str, set[str]] = {}
    for place, model in zip(places, table["model"], strict=True):
        files.setdefault(place.rsplit(" ", 2)[0], set()).add(str(model))  # "scores.csv row 7"
    if len(files) < 2:
        return frozenset()
    largest = max(files.values(), key=len)
    own = frozenset(set.union(*files.values()) - largest)
    return own if len(own) <= OWN else frozenset()


def target_of(found: ScoresAndCompute, name: str) -> int:
    """The benchmark whose score is predicted: as named, else the one that spreads the models most.

    Raises UnknownName.
    """
    if name:
        if name not in found.benchmarks:
            raise UnknownName("benchmark of these models", name, found.benchmarks)
        return found.benchmarks.index(name)
    spread = np.nanstd(found.share[found.known], axis=0)
    return int(np.lexsort((np.arange(len(spread)), -spread))[0])
