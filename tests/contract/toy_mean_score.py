"""How high is the mean score of a model, and how sure are we?

Theme     models
Evidence  scores: one score per row (model, benchmark, score 0 to 1)
Method    plain mean of a model's scores; the interval resamples them
          with replacement
Source    any textbook
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Result, Spec
from ascent.core.draws import interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class Params:
    minimum: int = param(2, "fewest scores a model needs", unit="scores")
    rule: str = param("mean", "what is computed", choices=("mean", "median"))
    strict: bool = param(False, "refuse instead of leaving models out")
    above: float | None = param(None, "only models above this", unit="fraction")
    draws: int = param(200, "resamples of a model's scores", unit="resamples")
    seed: int = param(0, "seed of the resampling", unit="seed")


@dataclass(frozen=True)
class MeanScores(Result):
    manifest: Manifest
    table: Table

    def headline(self) -> str:
        row = next(self.table.rows())
        if row["low"] is None:
            return f"{row['model']} scores {row['score']:.3f}, without an interval"
        return f"{row['model']} scores {row['score']:.3f} (90 % interval {row['low']:.3f} to {row['high']:.3f})"

    def sheets(self) -> dict[str, Table]:
        return {"models": self.table, "counts": self.table.take(range(min(1, len(self.table))))}

    def charts(self) -> dict[str, Spec]:
        names, values = list(self.table["model"]), list(self.table["score"])
        data = {"values": [{"model": name, "score": value} for name, value in zip(names, values, strict=True)]}
        encoding = {"y": {"field": "model", "type": "nominal"}, "x": {"field": "score", "type": "quantitative"}}
        return {"models": {"data": data, "mark": "point", "encoding": encoding}}

    def diagnostics(self) -> list[Note]:
        return [Note("warning", "toy", "A mean over different benchmarks compares nothing.")]


def run(evidence: Evidence, params: Params = Params()) -> MeanScores:
    """Mean score per model with a bootstrap interval."""
    scores: dict[str, list[tuple[Any, Any]]] = {}
    for row in evidence.table("scores").rows():
        scores.setdefault(str(row["model"]), []).append((row["benchmark"], row["score"]))
    if not scores:
        raise TooLittleEvidence(need="scores", have="none", fix="add some with `ascent evidence add`")
    rng = np.random.default_rng(params.seed)
    rows = []
    for model in sorted(scores):
        values = np.array([score for _, score in sorted(scores[model])])
        if len(values) < params.minimum:
            continue
        statistic = getattr(np, params.rule)
        resamples = [statistic(rng.choice(values, len(values))) for _ in range(params.draws)]
        low, mid, high = interval(np.array([statistic(values), *resamples]))
        rows.append({"model": model, "score": mid, "low": low, "high": high, "scores": len(values)})
    rows.sort(key=lambda row: (-row["score"], row["model"]))
    numbers = [Column(name, "number", "fraction") for name in ("score", "low", "high")]
    table = Table.from_rows([Column("model"), *numbers, Column("scores", "whole", "scores")], rows)
    return MeanScores(Manifest.stamp("mean-score", params, evidence), table)
