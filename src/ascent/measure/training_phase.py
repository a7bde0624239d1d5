"""Score against compute of one phase of training: what reinforcement learning cost, apart from what came before."""

from dataclasses import replace

import numpy as np

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoints import Curve, checkpoint_curves, listed


def phase_curves(evidence: Evidence, phases: str) -> tuple[list[Curve], list[Note]]:
    """Curves of checkpoints in these phases (names separated by semicolons, in any case), and what to know of them.

    Compute counts from the last checkpoint of an earlier phase; a run that starts with the phase counts all. Curves
    with fewer than two checkpoints at different compute, and metrics that are no shares, are left out.
    """
    wanted = {name.casefold() for name in listed(phases)}
    table = evidence.table("checkpoints")
    if not any(str(phase).casefold() in wanted for phase in table["phase"]):
        return [], []
    try:
        found = checkpoint_curves(evidence)
    except TooLittleEvidence:
        return [], []
    kept, short = [], 0
    for curve in found.curves:
        inside = np.array([name.casefold() in wanted for name in curve.phase])
        if not inside.any() or not curve.share or curve.falls:
            continue
        first = curve.x[inside].min()
        before = curve.x[~inside & (curve.x < first)]
        spent = 10 ** curve.x[inside] - (10 ** before.max() if len(before) else 0.0)
        if len(np.unique(spent)) < 2 or spent.min() <= 0:
            short += 1
            continue
        names = tuple(name for name, keep in zip(curve.phase, inside, strict=True) if keep)
        kept.append(
            replace(curve, x=np.log10(spent), score=curve.score[inside], se=curve.se[inside], phase=names)
        )  # fmt: skip
    notes = []
    if short:
        notes.append(Note("info", "training", f"{short} curves have fewer than two checkpoints in {phases}; left out."))
    if kept:
        text = (
            "Training compute counts from the end of the phase before; checkpoints of one run are taken as independent."
        )
        notes.append(Note("info", "training", text))
    return kept, notes
