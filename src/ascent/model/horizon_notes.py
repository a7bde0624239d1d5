"""What a reader has to know of horizons before believing them: bounds, thin ends, failed resamples, missing dates."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.draws import MASS
from ascent.model.horizon import HorizonFits
from ascent.model.horizon_set import HorizonSet
from ascent.model.horizon_sheets import words
from ascent.model.logistic import ALL_FAIL, ALL_PASS

THIN = 8  # longer tasks below which a horizon leans on very few


def remarks(found: HorizonSet, fits: HorizonFits | None, mine: NDArray[np.bool_]) -> list[Note]:
    """Notes about these horizons.

    mine  (model,)  which models the trend goes through
    """
    notes = [*_bounds(found), *_thin(found)]
    if fits is not None:
        value = fits.log2_horizon(0.5)[1:]
        failed = np.isnan(value).sum(axis=0)
        if failed.any():
            text = f"Success does not fall with length in some resamples of {_named(found, failed > 0)}: "
            text += f"{int(failed.sum()):,} draws of {value.size:,} are counted, not used."
            notes.append(Note("warning", "failed draws", text))
        alike = np.isin(fits.outcome[0], (ALL_PASS, ALL_FAIL))
        if alike.any():
            text = f"All or no attempts succeed for {_named(found, alike)}: only a bound can be told."
            notes.append(Note("bound", "separation", text))
    outside = np.array([state in ("at least", "at most") for state in found.standing(0.5)]) & mine
    if outside.any():
        text = f"The trend goes through horizons beyond the tasks, as extrapolated: {_named(found, outside)}."
        notes.append(Note("warning", "extrapolated", text))
    undated = np.array([not day for day in found.released])
    if undated.any():
        text = f"No release date for {_named(found, undated)}: not in the trend; a column released would tell it."
        notes.append(Note("warning", "undated", text))
    return notes


def longest_told(found: HorizonSet, success: float) -> str:
    """The longest horizon in words, with its interval, or that it is a bound."""
    low, mid, high = found.minutes(success)
    state = found.standing(success)
    best = int(np.where(np.isnan(found.log2[success][0]), -np.inf, found.log2[success][0]).argmax())
    if not np.isfinite(mid[best]):
        return "no model's horizon can be told"
    if state[best] == "estimate":
        ends = [words(end) if np.isfinite(end) else "beyond the tasks" for end in (low[best], high[best])]
        told = f"{MASS:.0%} interval {ends[0]} to {ends[1]}"
        if found.kind == "published" and np.isnan(low[best]) and np.isnan(high[best]):
            told = "no interval was published"
        return f"the longest is {words(mid[best])}, of {found.models[best]} ({told})"
    least = words(low[best]) if np.isfinite(low[best]) else "0"
    return (f"the longest is {state[best]} {words(mid[best])}, of {found.models[best]} ({MASS:.0%} interval {least} to "
            f"beyond its {words(2 ** found.ends[1])})")  # fmt: skip


def _bounds(found: HorizonSet) -> list[Note]:
    notes = []
    for name, success in (("p50", 0.5), ("p80", 0.8)):
        state = np.array(found.standing(success))
        for word, place in (("at least", "beyond the longest task"), ("at most", "below the shortest task")):
            if (state == word).any():
                text = f"The {name} of {_named(found, state == word)} lies {place}: {word} its length, not a number."
                notes.append(Note("bound", f"{name} {word}", text))
    return notes


def _thin(found: HorizonSet) -> list[Note]:
    """Horizons inside the suite with few longer tasks behind them."""
    if not len(found.places):
        return []
    value = found.log2[0.5][0]
    longer = np.array([(found.places > one).sum() if np.isfinite(one) else len(found.places) for one in value])
    near = (longer < THIN) & (np.array(found.standing(0.5)) == "estimate")
    if not near.any():
        return []
    text = f"Fewer than {THIN} tasks are longer than the p50 of {_named(found, near)}: it rests on those few."
    return [Note("warning", "near the end", text)]


def _named(found: HorizonSet, which: Sequence[bool] | NDArray[np.bool_]) -> str:
    names = [model for model, one in zip(found.models, which, strict=True) if one]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
