"""Curves of a suite's subtasks made one: MMLU from its 57 subjects, the mean over items.

Fifty-seven curves of a hundred questions each say less than one of fourteen thousand, and would count as fifty-seven
benchmarks. Each subject weighs as many items as it has, as in the published score of the whole; where items are not
told, those of the published test set. The error is that of a mean over fixed subjects. Only checkpoints at which every
subject has a score count, and only suites of which every subject is there.

Source    Hendrycks et al., Measuring Massive Multitask Language Understanding (2021): items of the test set by subject
"""

from dataclasses import replace

import numpy as np

from ascent.core.answer import Note
from ascent.evidence.sources.lm_eval_mmlu import PREFIXES, SIZES
from ascent.measure.checkpoints import Curve, Curves

MMLU = "MMLU"


def pooled_suites(whole: Curves) -> Curves:
    """The curves with those of MMLU's subjects replaced by one of all, for each training run, and a note of it.

    A run that has MMLU already, lacks a subject, or has subjects of several metrics or settings, stays as it is.

    >>> x = np.array([20.0, 21.0])
    >>> one = Curve("r", "", "accuracy", "", "", x, x * 0.02, x * 0.001, ("", ""), True, False, 0.25, np.nan)
    >>> subjects = [replace(one, benchmark=f"mmlu_{name}") for name in SIZES]
    >>> made = pooled_suites(Curves(tuple(subjects), ())).curves
    >>> len(made), made[0].benchmark, made[0].score.round(2).tolist(), made[0].items
    (1, 'MMLU', [0.4, 0.42], 14042.0)
    """
    found: dict[tuple[str, str], dict[str, Curve]] = {}
    curves = whole.curves
    for curve in curves:
        for prefix in PREFIXES:
            if curve.benchmark.startswith(prefix) and curve.benchmark.removeprefix(prefix) in SIZES:
                subject = curve.benchmark.removeprefix(prefix)
                found.setdefault((curve.training_run, prefix), {})[subject] = curve
    have = {curve.training_run for curve in curves if curve.benchmark == MMLU}
    made: list[Curve] = []
    used: set[int] = set()
    notes: list[Note] = []
    for (run, _), parts in sorted(found.items()):
        alike = len({(one.metric, one.setting) for one in parts.values()}) == 1
        if run in have or len(parts) < len(SIZES) or not alike:
            continue
        pooled = _pooled(parts)
        notes += _lost(run, parts, 0 if pooled is None else len(pooled.x))
        if pooled is not None:
            made.append(pooled)
            used.update(id(one) for one in parts.values())
            have.add(run)
    if not made:
        return Curves(whole.curves, (*whole.notes, *notes))
    left = [curve for curve in curves if id(curve) not in used]
    text = f"{len(used)} curves of MMLU's subjects are told as {len(made)}, one a training run: the mean over items. "
    note = Note("info", "MMLU", text + "--subjects tells each.")
    ordered = sorted([*left, *made], key=lambda curve: (curve.training_run, curve.benchmark))
    return Curves(tuple(ordered), (*whole.notes, note, *notes))


def _lost(run: str, parts: dict[str, Curve], left: int) -> list[Note]:
    """What a reader should know of checkpoints at which some subject has no score, with the subject that lacks most."""
    places = {name: {float(at) for at in np.round(one.x, 9)} for name, one in parts.items()}
    every = set().union(*places.values())
    if left == len(every):
        return []
    usual = {at for at in every if 2 * sum(at in here for here in places.values()) > len(places)}
    missing = {name: len(usual - here) for name, here in places.items()}
    worst = min(missing, key=lambda name: (-missing[name], name))
    text = f"{run} has MMLU at {len(every)} amounts of compute, {left} of them with all {len(parts)} subjects: "
    text += f"{worst} lacks {missing[worst]} of those that most have. " if missing[worst] else "the rest have few. "
    text += f"The other {len(every) - left} are not in the curve of MMLU" if left else "So its subjects are told singly"
    return [Note("warning", "MMLU", text + "; subjects count together only at exactly the same FLOP.")]


def _pooled(parts: dict[str, Curve]) -> Curve | None:
    order = sorted(parts)
    first = parts[order[0]]
    places = [np.round(parts[name].x, 9) for name in order]
    shared = places[0]
    for place in places[1:]:
        shared = np.intersect1d(shared, place)
    if not len(shared):
        return None
    told = [parts[name].items for name in order]
    weight = np.array(told if np.isfinite(told).all() else [SIZES[name] for name in order], dtype=float)
    at = [np.searchsorted(place, shared) for place in places]
    score = np.stack([parts[name].score[here] for name, here in zip(order, at, strict=True)])  # (subject, checkpoint)
    error = np.stack([parts[name].se[here] for name, here in zip(order, at, strict=True)])
    return replace(
        first, benchmark=MMLU, x=first.x[at[0]], score=weight @ score / weight.sum(),
        se=np.sqrt(weight**2 @ error**2) / weight.sum(), phase=tuple(first.phase[i] for i in at[0]),
        items=float(weight.sum()),
    )  # fmt: skip
