"""Training-speed records of one track, on one scale although rules and libraries changed between them.

A record measured anew under changed rules, or run with nothing changed but a newer library, moves the clock without
any better training. Such steps are taken out as chained price indices do it: the ratio of the new to the old time of
the same training carries over to every later record, so records are told in minutes under the first rules and library.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.evidence.evidence import Evidence

SERIES = "training speed record: "
RECORD, LIBRARY, ANEW = "record", "newer library", "measured anew"


@dataclass(frozen=True, eq=False)
class Track:
    """Dated records of one track in order.

    entity, date  (record,)
    year          (record,) decimal years
    minutes       (record,) as told;  linked (record,) under the first rules and library
    library, rules  factors by which newer libraries and changed rules multiplied the time, all together
    steps         how many rows moved the clock only;  undated: records without a date
    """

    name: str
    entity: tuple[str, ...]
    date: tuple[str, ...]
    year: Floats
    minutes: Floats
    linked: Floats
    library: float
    rules: float
    steps: int
    undated: int


def tracks(evidence: Evidence) -> list[Track]:
    """Every track by name; rows are ordered by the number in their entity, then by date."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in evidence.table("series").rows():
        if str(row["series"]).startswith(SERIES) and float(row["value"] or 0) > 0:
            found.setdefault(str(row["series"]).removeprefix(SERIES), []).append(row)
    return [_track(name, rows) for name, rows in sorted(found.items())]


def _track(name: str, rows: list[dict[str, Any]]) -> Track:
    kept, shift = [], {LIBRARY: 0.0, ANEW: 0.0}
    last: float | None = None
    steps = undated = 0
    for row in sorted(rows, key=_order):
        now, kind = float(np.log(row["value"])), str(row["note"] or RECORD).split(";")[0]
        if kind in shift:
            shift[kind] += now - last if last is not None else 0.0
            steps += 1
        elif row["date"]:
            kept.append((row, now - sum(shift.values())))
        else:
            undated += 1
        last = now
    kept.sort(key=lambda one: (str(one[0]["date"]), -one[1]))
    return Track(
        name, tuple(str(row["entity"]) for row, _ in kept), tuple(str(row["date"]) for row, _ in kept),
        np.array([decimal_year(str(row["date"])) for row, _ in kept]), np.array([row["value"] for row, _ in kept]),
        np.exp([linked for _, linked in kept]), float(np.exp(shift[LIBRARY])), float(np.exp(shift[ANEW])), steps,
        undated,
    )  # fmt: skip


def _order(row: dict[str, Any]) -> tuple[int, str, int, float]:
    number = "".join(mark for mark in str(row["entity"] or "") if mark.isdigit())
    kind = str(row["note"] or RECORD).split(";")[0]
    return int(number or 0), str(row["date"] or ""), (RECORD, LIBRARY, ANEW).index(kind) if kind in (
        RECORD, LIBRARY, ANEW) else 0, -float(row["value"])  # fmt: skip


def falling(year: Floats, value: Floats) -> Floats:
    """Positions of the values below every earlier one, in order; of one date only the lowest counts.

    >>> falling(np.array([1.0, 2.0, 2.0, 3.0]), np.array([5.0, 4.0, 3.0, 3.5])).tolist()
    [0, 2]
    """
    best, kept = np.inf, []
    for at in np.lexsort((value, year)):
        if value[at] < best:
            best = value[at]
            kept.append(at)
    return np.array(kept, dtype=int)
