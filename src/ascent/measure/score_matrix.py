"""Reported scores made comparable: pooled, chance corrected, clamped, connected; every choice is stated.

Reported scores stay as they are in the evidence. Here several claims for one model and benchmark become one by a
named rule, guessing is taken off, what lies beyond the floor or ceiling is clamped, and what cannot enter is counted.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

CLAMP = 1e-3  # a share is kept this far from 0 and 1, where a logistic curve never arrives
RULES = ("median", "max", "latest", "independent first")


@dataclass(frozen=True)
class ScoreMatrix:
    """One share per model and benchmark, with what was left out and why.

    model, benchmark  (score,)  positions in `models`, `benchmarks`, both in order of first appearance
    share             (score,)  chance-corrected, CLAMP to 1 - CLAMP
    known             (score,)  variance known from items or standard errors, on the same scale; 0 where unknown
    claims            (score,)  reported scores behind each
    clamped           (score,)  whether the share lay outside the clamp
    domain            (benchmark,)  position in `domains`; benchmarks of unknown domain each have their own
    left_out          why reported scores did not enter, with counts
    """

    models: tuple[str, ...]
    benchmarks: tuple[str, ...]
    model: Indices
    benchmark: Indices
    share: Floats
    known: Floats
    claims: Indices
    clamped: NDArray[np.bool_]
    domains: tuple[str, ...]
    domain: Indices
    left_out: tuple[tuple[str, int], ...]

    def keep(self, kept: NDArray[np.bool_], reason: str = "") -> "ScoreMatrix":
        """The same matrix with only these scores; models and benchmarks without any are gone."""
        model, models = _renumber(self.model[kept], self.models)
        benchmark, benchmarks = _renumber(self.benchmark[kept], self.benchmarks)
        old = [self.benchmarks.index(name) for name in benchmarks]
        lost = int((~kept).sum())
        left_out = (*self.left_out, (reason, lost)) if reason and lost else self.left_out
        return ScoreMatrix(
            models, benchmarks, model, benchmark, self.share[kept], self.known[kept], self.claims[kept],
            self.clamped[kept], self.domains, self.domain[old], left_out,
        )  # fmt: skip


def score_matrix(
    evidence: Evidence,
    *,
    rule: str = "median",
    independent_only: bool = False,
    without_optimized: bool = False,
    min_scores: int = 4,
    min_models: int = 2,
    without: Sequence[str] = (),
) -> ScoreMatrix:
    """The matrix of an evidence's scores.

    rule               how several claims for one model and benchmark become one: "median", "max", "latest" (by the
                       day of evaluation, else of publication), "independent first" (median of the independent
                       ones where there are any)
    independent_only   leave out first-party and unknown relations
    without_optimized  leave out benchmarks that developers are thought to tune for
    min_scores         models with fewer scores are left out
    min_models         benchmarks with fewer models are left out
    without            benchmarks to leave out by name

    Raises TooLittleEvidence where nothing is left, UnknownName for a benchmark to leave out that has no score.
    """
    table = evidence.table("scores")
    facts = benchmark_facts(evidence)
    lost: Counter[str] = Counter()
    cells: dict[tuple[str, str], list[_Claim]] = {}
    names = ("model", "benchmark", "score", "scale", "unit", "se", "n", "relation", "evaluated", "published")
    for row in zip(*(table[name] for name in names), strict=True):
        model, benchmark, score, scale, unit, se, n, relation, evaluated, published = row
        fact = facts.get(str(benchmark)) or BenchmarkFacts(str(benchmark))
        if unit not in (None, "fraction") or (unit is None and fact.unit not in (None, "fraction")):
            lost["not a share of right answers (Elo, minutes, points)"] += 1
        elif benchmark in without:
            lost["left out by name"] += 1
        elif independent_only and relation != "independent":
            lost["not independently measured"] += 1
        elif without_optimized and fact.optimized:
            lost["on benchmarks that developers tune for"] += 1
        else:
            assert isinstance(score, (int, float))  # required by the schema
            claim = _claim(float(score), scale, se, n, fact, relation, evaluated or published)
            cells.setdefault((str(model), str(benchmark)), []).append(claim)
    if strange := set(without) - {str(name) for name in table["benchmark"]}:
        raise UnknownName("benchmark with scores", min(strange), map(str, table["benchmark"]))
    pick = _POOL[rule]
    pooled = [pick(claims) for claims in cells.values()]
    model, models = _number([key[0] for key in cells])
    benchmark, benchmarks = _number([key[1] for key in cells])
    share = np.array([claim.share for claim in pooled], dtype=float)
    domains, domain = _domains(benchmarks, facts)
    if len(pooled) == 0:
        raise TooLittleEvidence(
            need="scores that are shares of right answers",
            have=f"none among {len(table)} reported scores{_told(lost)}" if len(table) else "no scores at all",
            fix="add a score table with `ascent evidence add`, or name one with --evidence",
        )
    matrix = ScoreMatrix(
        models, benchmarks, model, benchmark, share.clip(CLAMP, 1 - CLAMP),
        np.array([claim.known for claim in pooled], dtype=float),
        np.array([len(claims) for claims in cells.values()]),
        (share < CLAMP) | (share > 1 - CLAMP), domains, domain, tuple(sorted(lost.items())),
    )  # fmt: skip
    return _pruned(matrix, min_scores, min_models)


def _told(lost: Counter[str]) -> str:
    return f" ({'; '.join(f'{count} {reason}' for reason, count in sorted(lost.items()))})" if lost else ""


@dataclass(frozen=True)
class _Claim:
    share: float
    known: float
    independent: bool
    day: str


def _claim(
    score: float, scale: object, se: object, n: object, fact: BenchmarkFacts, relation: object, day: object
) -> _Claim:
    """Guessing taken off; the known variance follows the same stretch."""
    chance = fact.chance or 0.0
    stretch = (fact.ceiling or 1.0) - chance
    share = score if scale == "chance_corrected" else (score - chance) / stretch
    known = 0.0
    items = n or fact.items
    if isinstance(se, (int, float)) and se > 0:
        known = float(se) ** 2 * (stretch**2 if scale == "chance_corrected" else 1.0)
    elif isinstance(items, (int, float)) and items > 0:
        # Half an item away from the ends, where the observed share alone would claim certainty.
        inside = min(max(chance + share * stretch, 0.5 / items), 1 - 0.5 / items)
        known = inside * (1 - inside) / items
    return _Claim(share, known / stretch**2, relation == "independent", str(day or ""))


def _median(claims: list[_Claim]) -> _Claim:
    middle = median(claim.share for claim in claims)
    # Claims on the same items share their sampling error, so pooling does not shrink it.
    known = median(claim.known for claim in claims)
    return _Claim(middle, known, claims[0].independent, claims[0].day)


def _independent_first(claims: list[_Claim]) -> _Claim:
    return _median([claim for claim in claims if claim.independent] or claims)


_POOL: dict[str, Callable[[list[_Claim]], _Claim]] = {
    "median": _median,
    "max": lambda claims: max(claims, key=lambda claim: claim.share),
    "latest": lambda claims: max(claims, key=lambda claim: (claim.day, claim.share)),
    "independent first": _independent_first,
}


def _pruned(matrix: ScoreMatrix, min_scores: int, min_models: int) -> ScoreMatrix:
    """Without sparse models and benchmarks; leaving one out may make another sparse, so until nothing changes."""
    while True:
        thin_benchmark = np.bincount(matrix.benchmark, minlength=len(matrix.benchmarks)) < min_models
        thin_model = np.bincount(matrix.model, minlength=len(matrix.models)) < min_scores
        on_thin_benchmark = thin_benchmark[matrix.benchmark]
        of_thin_model = thin_model[matrix.model] & ~on_thin_benchmark
        kept = ~(on_thin_benchmark | of_thin_model)
        if kept.all():
            return matrix
        if not kept.any():
            raise TooLittleEvidence(
                need=f"models with at least {min_scores} scores on benchmarks with at least {min_models} models",
                have=f"{len(matrix.models)} models, {len(matrix.benchmarks)} benchmarks, {len(kept)} scores, none left",
                fix="add scores, or lower --min-scores",
            )
        matrix = matrix.keep(~on_thin_benchmark, f"on benchmarks with fewer than {min_models} models").keep(
            ~of_thin_model[~on_thin_benchmark], f"of models with fewer than {min_scores} scores"
        )


def _number(names: list[str]) -> tuple[Indices, tuple[str, ...]]:
    order = {name: position for position, name in enumerate(dict.fromkeys(names))}
    return np.array([order[name] for name in names], dtype=np.intp), tuple(order)


def _renumber(position: Indices, names: tuple[str, ...]) -> tuple[Indices, tuple[str, ...]]:
    return _number([names[i] for i in position])


def _domains(benchmarks: tuple[str, ...], facts: dict[str, BenchmarkFacts]) -> tuple[tuple[str, ...], Indices]:
    of_each = [getattr(facts.get(name), "domain", None) or f"only {name}" for name in benchmarks]
    domains = tuple(dict.fromkeys(of_each))
    return domains, np.array([domains.index(domain) for domain in of_each], dtype=np.intp)
