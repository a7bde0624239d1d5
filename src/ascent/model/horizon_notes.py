"""What a reader has to know of horizons before believing them: bounds, thin ends, failed resamples, missing dates."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.dates import from_decimal_year
from ascent.core.draws import MASS, Floats
from ascent.core.tables import Table
from ascent.model.horizon import HorizonFits
from ascent.model.horizon_alternatives import ends_of
from ascent.model.horizon_set import HorizonSet
from ascent.model.horizon_sheets import ANY_BEND, words
from ascent.model.horizon_trend import FEWEST, doubling_days
from ascent.model.logistic import ALL_FAIL, ALL_PASS

FEW_DATES = 5  # below which a trend rests on the scatter of one or two models
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


def sentence(found: HorizonSet, success: float, growth: Floats | None, mine: NDArray[np.bool_]) -> str:
    """The answer in a sentence: how fast horizons at this rate double, and the longest.

    growth  (draw,)   doublings a year; None where there is no trend
    mine    (model,)  which models the trend goes through
    """
    longest = longest_told(found, success)
    about = f"Time horizons at {success:.0%} success"
    if growth is None:
        return f"{about}: {longest}."
    ends_ = ends_of(growth)
    first = from_decimal_year(float(found.years[mine].min()))[:7]
    count = f"over {int(mine.sum())} models since {first}"
    slow, middle, fast = (None if end is None else doubling_days(end) for end in ends_)
    if len(np.unique(found.years[mine])) <= FEWEST and ends_[1] is not None:
        ends = " to ".join("unknown" if end is None else f"{end:.2f}" for end in (ends_[0], ends_[2]))
        told = f"{ends_[1]:.2f} doublings a year ({MASS:.0%} interval {ends})"
        return f"{about} grow by {told}, {count}, too few for a doubling time; {longest}."
    if ends_[0] is not None and ends_[0] > 0:
        told = f"{MASS:.0%} interval {fast:.0f} to {slow:.0f}"
        return f"{about} double every {middle:.0f} days ({told}), {count}; {longest}."
    pace = " ".join(f"{0 if end is None else end:.2f}" for end in ends_).split()
    verb = "shrink by" if ends_[2] is not None and ends_[2] < 0 else "neither clearly grow nor shrink:"
    return (
        f"{about} {verb} {pace[1]} doublings a year ({MASS:.0%} interval {pace[0]} to {pace[2]}), {count}; {longest}."
    )


def on_trend(sheets: Mapping[str, Table]) -> list[Note]:
    """What the trend rests on: dates, its shape, and the choice that moves it most."""
    if "growth" not in sheets:
        return [Note("info", "trend", f"No trend: it needs models of {FEWEST} different release dates.")]
    notes = []
    dates = int(sheets["growth"]["dates"][0] or 0)
    if dates < FEW_DATES:
        text = (
            f"The trend rests on models of {dates} dates: how they scatter about a line is told by {dates - 2} of them."
        )
        notes.append(Note("warning", "few models", text))
    rows = list(sheets["choices"].rows())
    most = max(rows[1:], key=lambda row: float(row["share"] or 0.0))
    if most["share"]:
        ends = f"{rows[0]['days_least']:.0f} to {rows[0]['days_most']:.0f} days"
        text = f"Over {rows[0]['settings']} combinations of choices the doubling time goes from {ends}; the choice of "
        text += f"{most['choice']} decides most of it ({most['share']:.0%} of the variance)."
        notes.append(Note("warning", "choices", text))
    if "forms" in sheets:
        p = float(dict(zip(sheets["forms"]["form"], sheets["forms"]["p"], strict=True))[ANY_BEND] or 0.0)
        told = "is supported" if p < 0.05 else "is not supported"
        text = f"A bend in the trend {told} (p = {p:.2f}); `forms` compares a straight line, a break and curves."
        notes.append(Note("info", "forms", text))
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
    if state[best] == "at least" and low[best] >= 2 ** found.ends[1] * (1 - 1e-9):
        whole = f"the whole {MASS:.0%} interval lies beyond its tasks"
        return f"the longest is at least {words(mid[best])}, of {found.models[best]} ({whole})"
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
