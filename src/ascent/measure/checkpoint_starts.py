"""Scores before any training (step 0): they have no place on log compute, but the first phase's gain begins there."""

from collections.abc import Iterable

import numpy as np

from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoints import SAME, Curve

Start = tuple[float, float]  # the score with its standard error, NaN where unknown


def starts_of(evidence: Evidence, curves: Iterable[Curve]) -> dict[tuple[str, str], Start]:
    """By training run and benchmark the score at 0 FLOP, in the metric and setting of its curve; the mean of several.

    Errors are as told, else binomial from the row's items or the curve's.
    """
    found: dict[tuple[str, str], list[Start]] = {}
    wanted = {(one.training_run, one.benchmark): one for one in curves}
    for row in evidence.table("checkpoints").rows():
        curve = wanted.get((str(row["training_run"]), str(row["benchmark"])))
        amounts = [row["compute_flop"], row["tokens"], row["step"]]
        first = next((float(one) for one in amounts if one is not None), None)
        if curve is None or first != 0 or row["score"] is None:
            continue
        metric = str(row["metric"] or "")
        if SAME.get(metric, metric) != curve.metric or str(row["setting"] or "") != curve.setting:
            continue
        score, items = float(row["score"]), float(row["items"] or curve.items)
        told = float(row["se"] or np.nan)
        share = (score * items + 0.5) / (items + 1.0)  # drawn in by half an item: no score is thought exact
        binomial = float(np.sqrt(share * (1 - share) / items)) if curve.share and np.isfinite(items) else np.nan
        found.setdefault((curve.training_run, curve.benchmark), []).append((score, told if told > 0 else binomial))
    return {pair: (float(np.mean([s for s, _ in many])), float(np.mean([e for _, e in many])))
            for pair, many in found.items()}  # fmt: skip
