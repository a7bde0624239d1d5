"""What skill curves say in words: the sentence of the answer and the notes under it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.display import percent
from ascent.core.draws import MASS
from ascent.core.tables import Table
from ascent.model.curve_segments import RATE
from ascent.model.training_curves import LEAST, Fitted

TRENDS = {"rising": "rising gradually", "flat": "flat", "falling": "falling", "not tested": "not tested"}
FOUND = ("breakthrough", "plateau")
WHOLE = 0.95  # of log compute tested is as good as all of it
NAMED = 2  # benchmarks named of those with alarms
UNFORESEEN = "a jump still to come, a plateau that begins or ends, and a change of data or phase"


def told_of(fits: Sequence[Fitted], finals: Sequence[Mapping[str, Any]], share: float, by_phase: str = "") -> str:
    """The sentence: how many curves of each kind, where, what would have been missed, the largest gain, the phases."""
    trends = Counter(one.trend for one in fits if not one.kinds)
    gradual = ", ".join(f"{trends[word]} {say}" for word, say in TRENDS.items() if trends[word]) or "none gradual"
    runs, names = ({getattr(one.curve, name) for one in fits} for name in ("training_run", "benchmark"))
    best = max(fits, key=lambda one: (one.change[1], one.curve.training_run, one.curve.benchmark))
    unit = " points" if best.curve.share else ""
    low, gain, high = (said(value, best.curve.share) for value in best.change)
    sentence = (
        f"{_counted(len(fits), 'skill curve')} ({_counted(len(runs), 'training run')}, "
        f"{_counted(len(names), 'benchmark')}): {gradual}; {_found(fits)}. "
        f"{best.curve.training_run} gains most, on {best.curve.benchmark}: {gain}{unit} "
        f"({MASS:.0%} interval {low} to {high})"
    )
    if finals:
        inside = sum(bool(one["inside"]) for one in finals)
        sentence += f"; final scores predicted from the first {share:.0%} of log compute hold {inside} of "
        sentence += f"{len(finals)} measured ones"
    return sentence + "." + (f" {by_phase}." if by_phase else "")


def title_of(fits: Sequence[Fitted]) -> str:
    """A short title of the picture: how many curves jump or stand still, on which benchmarks, or that none does."""
    told: list[str] = []
    for kind in FOUND:
        names = [one.curve.benchmark for one in fits if kind in one.kinds]
        if names:
            verb = {"breakthrough": "jump suddenly", "plateau": "stand still for a while"}[kind]
            verb = verb if len(names) > 1 else verb.replace("jump", "jumps").replace("stand", "stands")
            told.append(f"{len(names)} of {_counted(len(fits), 'skill curve')} {verb}{_where(names)}")
    if told:
        return f"{'; '.join(told)} ({_false_alarms(fits)})"
    rising = sum(one.trend == "rising" for one in fits)
    say = f"{rising} of {_counted(len(fits), 'skill curve')} {'rises' if rising == 1 else 'rise'} gradually"
    return f"{say}; no jump found ({_could_be_seen(fits)})"


def said(value: float, share: bool) -> str:
    """A score or gain in words: shares in percentage points."""
    return f"{100 * value:.1f}" if share else f"{value:.3g}"


def remarks(fits: Sequence[Fitted], sheets: Mapping[str, Table], share: float) -> list[Note]:
    """What a reader should know: what could not be seen, what the scale may have made, what cannot be foreseen."""
    notes = []
    unseen = [one for one in fits if one.segments.unseen > 0]
    if unseen:
        mean = float(np.mean([one.segments.unseen for one in unseen]))
        text = f"In {len(unseen)} of {len(fits)} curves neighbouring checkpoints lie farther apart than a breakthrough "
        text += (
            f"takes, over {mean:.1f} decades of compute on average. A jump needs close checkpoints before and after "
        )
        text += f"it too: {percent(_covered(fits))} of log compute could be tested (column jumps_tested)."
        notes.append(Note("info", "spacing", text))
    jumps = _jumps(fits)
    if len(jumps):
        points = all(one.curve.share for one in fits)
        low, mid, high = (said(float(value), points) for value in np.quantile(jumps, [0.1, 0.5, 0.9]))
        text = f"Where one could be tested, a jump is found in 80 % of cases from {mid}"
        text += f"{' points' if points else ''} on ({low} to {high} in eight curves of ten; column smallest_jump): "
        notes.append(
            Note("info", "power", text + "smaller ones may be there unseen. More questions or checkpoints show them.")
        )
    untested = sum(one.segments.tested == 0 for one in fits)
    if untested:
        notes.append(Note("warning", "untested", f"{untested} curves have too few checkpoints for any test."))
    for kind in FOUND:
        names = [one.curve.benchmark for one in fits if kind in one.kinds]
        top, count = Counter(names).most_common(1)[0] if names else ("", 0)
        if count >= 3 and count > len(names) / 2:
            text = f"{count} of {len(names)} curves with a {kind} are of {top}, under several training runs: look for "
            text += (
                "what is special in it (few answers to choose from, one habit that changes) before calling it a skill."
            )
            notes.append(Note("warning", kind, text))
    scales = sheets["scales"]
    differ = sum(not one for one in scales["agree"])
    if differ:
        text = (
            f"{differ} of {len(scales)} curves have another shape in log odds than as scored (table scales): a jump or "
        )
        notes.append(Note("warning", "metric", text + "plateau on one scale alone may be made by the scale."))
    if share and "final" in sheets:
        left = len(fits) - len(sheets["final"])
        if left:
            notes.append(Note("info", "final", f"{left} curves have fewer than {LEAST} checkpoints in that part."))
        if len(sheets["final"]):
            text = f"No first part foretells {UNFORESEEN}: where one comes, the final score lies outside more often."
            notes.append(Note("info", "final", text))
    return notes


def _found(fits: Sequence[Fitted]) -> str:
    told = []
    for kind in FOUND:
        names = [one.curve.benchmark for one in fits if kind in one.kinds]
        if names:
            told.append(f"{len(names)} with a {kind}{_where(names)}")
    if told:
        return f"{'; '.join(told)} ({_false_alarms(fits)})"
    return f"none with a breakthrough or plateau ({_could_be_seen(fits)})"


def _false_alarms(fits: Sequence[Fitted]) -> str:
    expected = RATE * sum(one.segments.tested > 0 for one in fits)
    return f"false alarms: at most {expected:.2g} expected"


def _could_be_seen(fits: Sequence[Fitted]) -> str:
    """On which part of log compute a jump could be tested at all, and from which size on one is found there."""
    jumps, points = _jumps(fits), all(one.curve.share for one in fits)
    if not len(jumps):
        return "jumps could be tested nowhere, for want of close checkpoints"
    size = said(float(np.median(jumps)), points) + (" points" if points else "")
    covered = _covered(fits)
    if covered >= WHOLE:
        return f"a jump of less than {size} would often go unseen"
    return (
        f"jumps could be tested on {percent(covered)} of log compute, and less than {size} would often go unseen there"
    )


def _covered(fits: Sequence[Fitted]) -> float:
    """Share of the log compute of all curves where a jump could be tested."""
    long = np.array([one.curve.x[-1] - one.curve.x[0] for one in fits])
    return float(np.average([one.segments.power.covered for one in fits], weights=long)) if long.sum() > 0 else 0.0


def _where(names: Sequence[str]) -> str:
    """The benchmarks of the curves, most frequent first: `, all on BoolQ`."""
    counts = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    if len(counts) == 1:
        return f", {'all ' if len(names) > 1 else ''}on {counts[0][0]}"
    told = ", ".join(f"{count} on {name}" for name, count in counts[:NAMED])
    rest = sum(count for _, count in counts[NAMED:])
    return f", {told}" + (f", {rest} on others" if rest else "")


def _jumps(fits: Sequence[Fitted]) -> Any:
    jumps = np.array([one.segments.power.jump for one in fits])
    return jumps[np.isfinite(jumps)]


def _counted(count: int, word: str) -> str:
    return f"{count} {_plural(word, count)}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else word + "s"
