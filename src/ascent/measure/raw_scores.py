"""Scores of one benchmark as they were reported, in its own unit, with draws of their errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import benchmark_facts


@dataclass(frozen=True, eq=False)
class RawScores:
    """Scores of one benchmark as reported: percent for shares, the benchmark's own unit otherwise.

    models   sorted
    score    (draw, model)  draw 0 the median claim, the others with normal errors
    assumed  models whose error nobody told; a share of 100 items, or 1 % of the spread of other scores, stands for it
    """

    models: tuple[str, ...]
    score: Floats
    unit: str
    assumed: int

    def of(self, models: Sequence[str]) -> Floats:
        """Scores of other models in their order, (draw, model); NaN where there is none."""
        place = {name: at for at, name in enumerate(self.models)}
        padded = np.concatenate([self.score, np.full((len(self.score), 1), np.nan)], axis=1)
        return np.asarray(padded[:, [place.get(name, -1) for name in models]], dtype=float)


def raw_scores(evidence: Evidence, benchmark: str, *, draws: int, seed: int) -> RawScores:
    """Scores of every model on one benchmark; raises UnknownName for a benchmark that has none."""
    table = evidence.table("scores")
    fact = benchmark_facts(evidence).get(benchmark)
    claims: dict[str, list[tuple[float, float]]] = {}
    units: set[str] = set()
    assumed: set[str] = set()
    columns = [table[name] for name in ("model", "benchmark", "score", "unit", "scale", "se", "n")]
    for model, name, score, unit, scale, se, n in zip(*columns, strict=True):
        if name != benchmark or scale not in (None, "raw") or not isinstance(score, (int, float)):
            continue
        own = str(unit or (fact.unit if fact else None) or "fraction")
        units.add(own)
        told = float(se) if isinstance(se, (int, float)) and se > 0 else 0.0
        items = n or (fact.items if fact else None)
        if not told and own == "fraction":
            size = float(items) if isinstance(items, (int, float)) and items > 0 else 100.0
            if size == 100.0 and not items:
                assumed.add(str(model))
            inside = min(max(float(score), 0.5 / size), 1 - 0.5 / size)
            told = (inside * (1 - inside) / size) ** 0.5
        claims.setdefault(str(model), []).append((float(score), told))
    if not claims:
        raise UnknownName("benchmark with scores", benchmark, {str(name) for name in table["benchmark"]})
    share = units == {"fraction"}
    models = tuple(sorted(claims))
    factor = 100.0 if share else 1.0
    score = factor * np.array([median(value for value, _ in claims[model]) for model in models])
    error = factor * np.array([median(spread for _, spread in claims[model]) for model in models])
    if not share:
        blank = error <= 0
        assumed |= {model for model, none in zip(models, blank, strict=True) if none}
        error = np.where(blank, 0.01 * float(np.ptp(score)), error)
    noise = np.random.default_rng(seed).standard_normal((draws, len(models)))
    drawn = np.vstack([score, score + noise * error])
    return RawScores(models, drawn, "percent" if share else next(iter(sorted(units))), len(assumed))


def usual_benchmark(evidence: Evidence, models: Iterable[str]) -> str:
    """The benchmark on which most of these models have scores; shares of right answers go before other units.

    Raises TooLittleEvidence where none of them has a score.
    """
    wanted = set(models)
    pairs = zip(*(evidence.table("scores")[name] for name in ("model", "benchmark", "unit")), strict=True)
    seen: dict[tuple[bool, str], set[str]] = {}
    for model, benchmark, unit in pairs:
        if model in wanted:
            seen.setdefault((unit in (None, "fraction"), str(benchmark)), set()).add(str(model))
    if not seen:
        raise TooLittleEvidence(
            need="scores of models with a price",
            have=f"{len(wanted)} priced models, none with a score",
            fix="add scores, or an alias where prices and scores spell a model differently",
        )
    return max(seen, key=lambda one: (one[0], len(seen[one]), one[1]))[1]
