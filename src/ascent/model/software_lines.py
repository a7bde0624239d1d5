"""Lines on a graph: how fast falls the compute of models within a narrow band of capability?

Where models scatter around what compute and date tell, models of one band were chosen by their luck too, and the line
leans towards how compute of all models grew: it tells less software progress than there was (`selection` simulates it).
Source: Ho et al. 2025, arXiv:2512.00193 (bands of a capability index); errors by lab as in `clustered_line`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.capability_compute import CapabilityCompute
from ascent.model.clustered_line import Line, clustered_line

FEWEST_MODELS, FEWEST_LABS = 5, 3
FAR = 3.5  # standard deviations from the median of the other bands, beyond which a band is an outlier
ABSURD = 3.0  # decades a year, beyond which nothing is believed
ALL, CHEAPEST, EVERY = "all models", "cheapest so far", "all bands"


@dataclass(frozen=True)
class Band:
    """Models of one band of capability.

    bottom, top    index points, top excluded;  kind  all of its models, or only those cheaper than all before
    member         positions of the models
    low, mid, high decades of compute a year that are saved (positive: compute falls); NaN without a line
    line           log10 FLOP on decimal year, where one is drawn
    why            why the line is not believed, in words; empty where it is
    """

    bottom: float
    top: float
    kind: str
    member: NDArray[np.intp]
    low: float
    mid: float
    high: float
    span: float
    labs: int
    line: Line | None
    why: str


def bands(known: CapabilityCompute, *, width: float, span: float) -> tuple[Band, ...]:
    """Every band that has two models or more, from low to high; each with all models and with the cheapest so far.

    width  of a band, index points;  span  years between first and last model that a line needs

    A band with fewer than 5 models, 3 labs, or `span` years has its rate told without interval and is not believed.
    """
    level = known.capability[0]
    found = []
    for bottom in np.unique(np.floor(level / width)) * width:
        inside = np.flatnonzero((level >= bottom) & (level < bottom + width))
        for kind, member in ((ALL, inside), (CHEAPEST, inside[_cheapest(known, inside)])):
            if len(member) > 1:
                found.append(_band(known, float(bottom), float(bottom + width), kind, member, span))
    return tuple(_outliers(found))


def common(known: CapabilityCompute, found: tuple[Band, ...], kind: str) -> Line | None:
    """One slope for all believed bands of a kind, each with its own level; errors by lab. None without a band.

    `slope` falls below zero as compute falls.
    """
    some = [band for band in found if band.kind == kind and not band.why]
    if not some:
        return None
    member = np.concatenate([band.member for band in some])
    which = np.repeat(np.arange(len(some)), [len(band.member) for band in some])
    size = np.bincount(which)

    def apart(values: Floats) -> Floats:
        return np.asarray(values - (np.bincount(which, values) / size)[which])

    return clustered_line(apart(known.year[member]), apart(known.log_flop[member]), known.maker[member])


def _cheapest(known: CapabilityCompute, inside: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of the models cost less than each of the band that was out before; of one day the cheapest alone."""
    order = np.lexsort((known.log_flop[inside], known.year[inside]))
    spent = known.log_flop[inside][order]
    before = np.concatenate([[np.inf], np.minimum.accumulate(spent)[:-1]])
    chosen = np.zeros(len(inside), dtype=bool)
    chosen[order] = spent < before
    return chosen


def _band(
    known: CapabilityCompute, bottom: float, top: float, kind: str, member: NDArray[np.intp], span: float
) -> Band:
    year, spent = known.year[member], known.log_flop[member]
    years, labs = float(np.ptp(year)), len(np.unique(known.maker[member]))
    lacks = [
        words
        for short, words in (
            (len(member) < FEWEST_MODELS, f"too few models ({len(member)} of {FEWEST_MODELS})"),
            (labs < FEWEST_LABS, f"too few labs ({labs} of {FEWEST_LABS})"),
            (years < span, f"too short ({12 * years:.0f} of {12 * span:.0f} months)"),
        )
        if short
    ]
    blank = float("nan")
    if len(np.unique(year)) < 2:
        return Band(bottom, top, kind, member, blank, blank, blank, years, labs, None, "; ".join(lacks))
    line = clustered_line(year, spent, known.maker[member])
    ends = (blank, blank) if lacks else (-line.high, -line.low)
    return Band(bottom, top, kind, member, ends[0], -line.slope, ends[1], years, labs, line, "; ".join(lacks))


def _outliers(found: list[Band]) -> Iterator[Band]:
    """Bands that lie far from the median of the believed ones of their kind say so."""
    for band in found:
        others = np.array([one.mid for one in found if one.kind == band.kind and not one.why and one is not band])
        if abs(band.mid) > ABSURD:
            yield replace(band, why="; ".join(filter(None, (band.why, "outlier: beyond 1,000x a year"))))
        elif band.why or len(others) < 3 or band.line is None:
            yield band
        else:
            middle = float(np.median(others))
            spread = np.hypot(1.4826 * float(np.median(np.abs(others - middle))), band.line.error)
            far = abs(band.mid - middle) > FAR * spread
            yield replace(band, why="outlier among the bands") if far else band
