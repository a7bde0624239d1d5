"""Steps in training compute: from one largest model to the next, and between named generations."""

from itertools import pairwise

import numpy as np

from ascent.core.errors import UnknownName
from ascent.core.tables import Column, Table
from ascent.measure.checkpoints import listed
from ascent.measure.frontier import Flags
from ascent.measure.training_compute import TrainingCompute

_RECORDS = (
    Column("model"), Column("released", "date"), Column("flop", "number", "FLOP"), Column("flop_low", "number", "FLOP"),
    Column("flop_high", "number", "FLOP"), Column("step", "number", "x", "over the largest model before"),
    Column("step_low", "number", "x"), Column("step_high", "number", "x"), Column("over"),
    Column("years", "number", "years", "since that model"),
)  # fmt: skip
_STEPS = (
    Column("step"), Column("low", "number", "x"), Column("mid", "number", "x", "training compute over the one before"),
    Column("high", "number", "x"), Column("years", "number", "years"),
)  # fmt: skip


def records(every: TrainingCompute, mine: Flags, start: float) -> Table:
    """The largest model so far and its step over the one before; both amounts err on their own."""
    rows = []
    chosen = np.flatnonzero(mine)
    for before, k in zip([None, *chosen[:-1]], chosen, strict=True):
        if every.year[k] < start:
            continue
        row = {"model": every.model[k], "released": every.released[k], "flop": 10 ** every.log_flop[k],
               "flop_low": 10 ** every.log_flop[k] / every.within[k],
               "flop_high": 10 ** every.log_flop[k] * every.within[k]}  # fmt: skip
        if before is not None:
            step = every.log_flop[k] - every.log_flop[before]
            half = float(np.hypot(np.log10(every.within[k]), np.log10(every.within[before])))
            row |= {"over": every.model[before], "step": 10**step, "step_low": 10 ** (step - half),
                    "step_high": 10 ** (step + half), "years": every.year[k] - every.year[before]}  # fmt: skip
        rows.append(row)
    return Table.from_rows(_RECORDS, rows)


def generations(every: TrainingCompute, names: str, *, silent: bool = False) -> Table:
    """Steps from one named model to the next, and their geometric mean; where fewer than two are known, no row.

    names   separated by semicolons, in order; a name without its bracket finds the first model that has one
    silent  leave out what is not there instead of refusing it

    Raises UnknownName for a model that somebody named and that has no training compute here.
    """
    place = {name: k for k, name in reversed(list(enumerate(every.model)))}
    place |= {name.split(" (")[0]: k for name, k in reversed(place.items()) if name.split(" (")[0] not in place}
    place |= {name: place[kept] for name, kept in every.versions.items() if kept in place and name not in place}
    asked = listed(names)
    if not silent and (strange := [name for name in asked if name not in place]):
        raise UnknownName("model with training compute (--generations)", strange[0], every.model)
    chosen = [place[name] for name in asked if name in place]
    rows = []
    pairs = [*pairwise(chosen), *([(chosen[0], chosen[-1])] if len(chosen) > 2 else [])]
    for at, (a, b) in enumerate(pairs):
        # The mean over all steps depends on the two ends alone.
        count = len(chosen) - 1 if at == len(chosen) - 1 else 1
        step = (every.log_flop[b] - every.log_flop[a]) / count
        half = float(np.hypot(np.log10(every.within[a]), np.log10(every.within[b]))) / count
        rows.append({
            "step": f"{every.model[a]} to {every.model[b]}" if count == 1 else f"mean of {count} steps",
            "low": 10 ** (step - half), "mid": 10**step, "high": 10 ** (step + half),
            "years": (every.year[b] - every.year[a]) / count,
        })  # fmt: skip
    return Table.from_rows(_STEPS, rows)
