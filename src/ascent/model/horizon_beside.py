"""Horizons of one's own runs beside those that somebody published: one table of dots, both trends, and whether growth
differs. The two rest on other tasks and share no draws, so only what each says of itself is set side by side.
"""

from typing import Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.draws import MASS, Floats, interval
from ascent.core.tables import Column, Table
from ascent.model.horizon_notes import FEW_DATES
from ascent.model.horizon_set import HorizonSet
from ascent.model.horizon_sheets import DAYS, LMH, PACE
from ascent.model.horizon_trend import doubling_days

OWN, PUBLISHED, DIFFERENCE = "own runs", "published", "own less published"
NAMED = 8  # own models whose names stand on the chart


def together(own: Table, theirs: Table, label: str) -> Table:
    """Both tables, row under row, the first column telling whose each is; label: which publication."""
    rows: list[dict[str, Any]] = [
        {"whose": whose, **row} for whose, part in ((OWN, own), (PUBLISHED, theirs)) for row in part.rows()
    ]
    note = f"{own.note} Published: {label}, on other tasks, so levels compare only roughly.".strip()
    return Table.from_rows([Column("whose"), *own.columns], rows, note)


def named(both: Table) -> list[str]:
    """Models whose names stand on the chart: the longest of one's own, and published records that the trend counts."""
    rows = list(both.rows())
    own = sorted((row for row in rows if row["whose"] == OWN), key=lambda row: -float(row["mid"] or 0.0))[:NAMED]
    theirs = [row for row in rows if row["whose"] == PUBLISHED and row["record"] and row["in_trend"]]
    return [str(row["model"]) for row in [*own, *theirs]]


def paces(own: Floats | None, theirs: Floats | None, *, seed: int) -> Table:
    """Growth and doubling time of both, and by how much growth differs where both have a trend.

    own, theirs  (draw,)  doublings a year, the fit first; None where there is no trend
    """
    found = {whose: draws for whose, draws in ((OWN, own), (PUBLISHED, theirs)) if draws is not None}
    if own is not None and theirs is not None:
        # Draws of both follow the same grid of scatters in order; shuffled they are independent.
        size = min(len(own), len(theirs)) - 1
        mixed = np.random.default_rng((seed, 6)).permutation(theirs[1:])[:size]
        found[DIFFERENCE] = np.append(own[0] - theirs[0], own[1 : size + 1] - mixed)
    columns = [Column("whose"), *(Column(end, "number", PACE) for end in LMH),
               *(Column(f"days_{end}", "number", DAYS, "doubling time") for end in LMH)]  # fmt: skip
    rows = []
    for whose, draws in found.items():
        ends = [float(one) for one in interval(draws)]
        row: dict[str, Any] = dict(zip(("whose", *LMH), (whose, *ends), strict=True))
        if whose != DIFFERENCE:
            days = [doubling_days(end) for end in reversed(ends)]
            row |= {f"days_{end}": day if np.isfinite(day) else None for end, day in zip(LMH, days, strict=True)}
        rows.append(row)
    return Table.from_rows(columns, rows, "Empty: no finite end, as growth may be zero or less.")


def told(theirs: HorizonSet, pace: Table, dates: int) -> Note:
    """What stands beside, how fast it grows, and whether one's own grow otherwise; dates: of one's own models."""
    text = (
        f"Beside them stand {len(theirs.models)} horizons that others published ('{theirs.label}'): they rest on other "
    )
    text += "tasks, so levels compare only roughly."
    rows = {str(row["whose"]): row for row in pace.rows()}
    if (row := rows.get(PUBLISHED)) and row["days_high"] is not None:
        ends = f"{MASS:.0%} interval {row['days_low']:.0f} to {row['days_high']:.0f}"
        text += f" Published ones double every {row['days_mid']:.0f} days ({ends})."
    if row := rows.get(DIFFERENCE):
        low, mid, high = (float(str(row[end])) for end in LMH)
        verdict = "no difference in growth is shown"
        if dates < FEW_DATES:
            verdict = f"with models of {dates} dates that is not resolved"
        elif low > 0 or high < 0:
            verdict = f"own horizons grow {'faster' if low > 0 else 'more slowly'}"
        text += f" Own less published: {mid:+.2f} doublings a year ({low:+.2f} to {high:+.2f}): {verdict}."
    elif OWN not in rows:
        text += " Own models are of too few dates for a trend."
    return Note("info", "published", text)
