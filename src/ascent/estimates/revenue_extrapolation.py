"""Where does a lab's annualized revenue go if it keeps growing as it did?

Theme     business
Inputs    annualized revenue on one date and its growth, as told or fitted to the dated figures in evidence; a later
          figure to hold it against
Method    revenue * growth^(months / 12); the fit is least squares on logarithms, its slope and level with the errors of
          Student's t for the points there are, and what is seen at a date lies as far off it as they do
Source    Epoch AI, The changing drivers of LLM adoption, 2025
Leaves out  that growth slows: an extrapolation has no market that it could fill
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.dates import decimal_year, span
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant, exp
from ascent.forecast.small_samples import student

EPOCH = "Epoch AI, The changing drivers of LLM adoption, 2025"
REVENUE = "Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025"
YEARLY = "billion USD/year"
MONTHS = tuple(range(25))
SERIES = "annualized revenue"
FEWEST = 3  # points of a fit


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    start: str = assume(
        "13", "annualized revenue in August 2025", unit=YEARLY, source=EPOCH, spread="about 13", least=0,
        spread_source="its rounding", row=Row.series("annualized revenue", "OpenAI", "2025-08"),
    )  # fmt: skip
    growth: str = assume(
        "4.3", "growth in a year", unit="x/year", source=EPOCH, spread="3..4.1..5", least=0.01,
        spread_source=f"our judgement: down to the 3 of {REVENUE}",
        row=Row.series("annualized revenue growth", "OpenAI", "2025-08"),
    )  # fmt: skip
    months: str = assume("4", "months to the date asked for", unit="month", source=EPOCH, least=0)
    observed: str = assume(
        "19", "annualized revenue seen later", unit=YEARLY, source=EPOCH, spread="about 19", least=0,
        spread_source="its rounding", row=Row.series("annualized revenue", "OpenAI", "2025-12-15"),
    )  # fmt: skip
    observed_after: str = assume("3.5", "months until it was seen", unit="month", source=EPOCH, least=0)
    slope_draw: str = assume("uniform(0, 1)", "decides the error of the fitted growth", unit="probability",
                             source="by construction", least=0, most=1)  # fmt: skip
    level_draw: str = assume("uniform(0, 1)", "decides the error of the fitted level", unit="probability",
                             source="by construction", least=0, most=1)  # fmt: skip
    figure_draw: str = assume("uniform(0, 1)", "decides how far off the fit a single figure lies", unit="probability",
                              source="by construction", least=0, most=1)  # fmt: skip
    route: str = param("told", "start and growth as told, or fitted to evidence", choices=("told", "points"))
    entity: str = param("OpenAI", "whose annualized revenue is fitted")
    start_day: str = param("2025-08", "date of the start, for the fit")


OUTPUTS = (
    Output("revenue", "annualized revenue at the date asked for", YEARLY, 21.0, source=EPOCH),
    Output("revenue_then", "annualized revenue when the later figure was seen", YEARLY),
    Output("deviation", "the later figure over it, less one", "fraction", words="slightly below", source=EPOCH),
    Output("growth", "growth in a year", "x/year", 4.3, source=EPOCH),
    Output("start", "annualized revenue at the start", YEARLY, 13.0, source=EPOCH),
    Output("doubling", "doubling time", "month"),
    Output("path", "annualized revenue after the start", YEARLY, axis="month"),
)


@dataclass(frozen=True)
class Line:
    """Least squares on logarithms: value at the start date and slope a year, with standard errors.

    level, slope  natural logarithms;  spread  of the level at the middle of the points
    shift         from the middle to the start date, in years;  freedom  points less two
    noise         standard error of a single point
    """

    middle: float
    slope: float
    spread: float
    slope_spread: float
    shift: float
    freedom: int
    noise: float


def model(given: Given) -> dict[str, Quantity]:
    """Exponential growth from the start."""
    year = constant(1, "year")
    growth, start, off = given.growth * year, given.start, constant(1)
    if given.params.route == "points":
        line = fit(given.evidence, given.params.entity, given.params.start_day)
        wobble = student(line.freedom, given.slope_draw)
        slope = line.slope + line.slope_spread * wobble
        middle = line.middle + line.spread * student(line.freedom, given.level_draw)
        growth, start = exp(slope), exp(middle + line.shift * slope) * constant(1, YEARLY)
        # What is seen at a date is one figure, as far off the line as those it was fitted to.
        off = exp(line.noise * student(line.freedom, given.figure_draw))
    later = start * growth ** (given.observed_after / year) * off
    return {
        "revenue": start * growth ** (given.months / year) * off, "revenue_then": later,
        "deviation": given.observed / later - 1, "growth": growth / year, "start": start,
        "doubling": apply(_doubling, growth, unit="month"),
        "path": apply(_path, start, growth, unit=YEARLY, units=(YEARLY, "")),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises TooLittleEvidence where a fit has fewer than three dated figures, WrongUse for a date that is
    none."""
    fitted, start = params.route == "points", Params().start
    if not fitted and params.entity != Params().entity and params.start == start:
        raise WrongUse("--entity goes with --route points; with --route told set start and growth.")
    whose = f"{params.entity}'s annualized revenue" if fitted or params.start == start else "annualized revenue"
    sentence = f"On trend {whose} reaches {{revenue}} {_when(params)}; growth is {{growth}}."
    return estimate(
        __name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"month": MONTHS},
        notes=_newest(evidence, params.entity, fitted=fitted),
    )  # fmt: skip


def _when(params: Params) -> str:
    """`4 months after 2025-08`, where months is a bare number."""
    text = params.months.strip()
    return f"{text} months after {params.start_day}" if re.fullmatch(r"[\d.]+", text) else "at the date asked for"


def _told(evidence: Evidence, entity: str) -> list[Mapping[str, Any]]:
    """The dated figures of an entity's annualized revenue, the oldest first."""
    rows = [
        row for row in evidence.table("series").rows()
        if row["series"] == SERIES and row["entity"] == entity and row["date"] and float(str(row["value"] or 0)) > 0
    ]  # fmt: skip
    return sorted(rows, key=lambda row: decimal_year(str(row["date"])))


def _newest(evidence: Evidence, entity: str, *, fitted: bool) -> list[Note]:
    """Which figures a fit used, or that one newer than the start is left aside."""
    rows = _told(evidence, entity)
    if not rows:
        return []
    first, last = rows[0]["date"], rows[-1]
    if fitted:
        return [Note("info", "fit", f"Fitted to {len(rows)} figures of {entity}, from {first} to {last['date']}.")]
    newest = (
        f"The newest figure of {entity} in evidence is {float(str(last['value'])):g} {last['unit']} ({last['date']})"
    )
    return [Note("info", "newest", f"{newest}; --route points fits the line to it and to all others.")]


def fit(evidence: Evidence, entity: str, start_day: str) -> Line:
    """The line through the logarithms of an entity's annualized revenue; raises TooLittleEvidence, WrongUse."""
    try:
        span(start_day)
    except ValueError as error:
        raise WrongUse(f"--start-day: {error}.") from None
    rows = _told(evidence, entity)
    years = np.array([decimal_year(str(row["date"])) for row in rows])
    if len(set(years)) < FEWEST:
        raise TooLittleEvidence(
            need=f"annualized revenue of {entity} on {FEWEST} dates", have=f"{len(set(years))} in evidence",
            fix="add rows of the series 'annualized revenue', or ask with --route told",
        )  # fmt: skip
    logs = np.log([float(str(row["value"])) for row in rows])
    centred = years - years.mean()
    slope = float(centred @ logs / (centred @ centred))
    left = logs - logs.mean() - slope * centred
    freedom = len(logs) - 2
    noise = math.sqrt(float(left @ left) / freedom)
    spreads = noise / math.sqrt(len(logs)), noise / math.sqrt(float(centred @ centred))
    return Line(float(logs.mean()), slope, *spreads, decimal_year(start_day) - float(years.mean()), freedom, noise)


def _doubling(growth: np.ndarray) -> np.ndarray:
    return np.asarray(12 * math.log(2) / np.log(growth))


def _path(start: np.ndarray, growth: np.ndarray) -> np.ndarray:
    """(draw,) -> (draw, month)"""
    return np.asarray(start[:, None] * growth[:, None] ** (np.array(MONTHS) / 12))
