"""When were earlier technologies as common among older people as AI is now?

Theme     work and tasks
Inputs    share of people over 65 who use AI; adoption curves of the internet and of smartphones among them, each as
          dated shares; how fast a curve rises outside its dates; the surveys' error
Method    the year in which the earlier technology had today's share of AI: on straight lines through the dated shares,
          outside them along the slope that is given; or the year of the nearest share
Source    Epoch AI, The changing drivers of LLM adoption, 2025
Leaves out  that using AI in a week, being online and owning a phone are not the same kind of use
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.errors import WrongUse
from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant

EPOCH = "Epoch AI, The changing drivers of LLM adoption, 2025"
SAMPLING = "our judgement: three points of sampling error"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    ai_share: str = assume(
        "0.34", "share of people over 65 who used AI in the past week", unit="fraction", source=EPOCH, least=0, most=1,
        spread="0.30..0.34..0.38", spread_source="our judgement: four points, as of some hundred people asked",
        row=Row.series("poll: used in the past week", "any AI, 65 and older", "2025-11"),
    )  # fmt: skip
    slope: str = assume(
        "0.025", "rise of an earlier technology's share in a year outside its dates", unit="fraction/year",
        source="our judgement: one survey of the internet is cited", spread="0.01..0.025..0.04",
        spread_source="our judgement", least=0.001,
    )  # fmt: skip
    internet_error: str = assume(
        "0", "error of the surveys on the internet", unit="fraction", source="none, as printed",
        spread="normal(low=-0.03, high=0.03)", spread_source=SAMPLING,
    )  # fmt: skip
    smartphone_error: str = assume(
        "0", "error of the surveys on smartphones", unit="fraction", source="none, as printed",
        spread="normal(low=-0.03, high=0.03)", spread_source=SAMPLING,
    )  # fmt: skip
    now: str = assume("2025", "year of the poll", unit="1", source=EPOCH)
    internet: str = param("2007: 0.35", "dated shares of people over 65 who were online (Pew Research Center)")
    smartphone: str = param("2015: 0.30, 2016: 0.40", "dated shares of them with a smartphone (Pew Research Center)")
    match: str = param("line", "take the lines through the shares, or the nearest share", choices=("line", "nearest"))


OUTPUTS = (
    Output("internet_lag", "years since the internet was as common", "year", 18.0, source=EPOCH),
    Output("smartphone_lag", "years since smartphones were as common", "year", 10.0, source=EPOCH),
    Output("internet_year", "year of the internet that matches", "date"),
    Output("smartphone_year", "year of the smartphone that matches", "date"),
    Output("apart", "years between the two", "year", 8.0, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Matching years on both curves."""
    year, params = constant(1, "year"), given.params
    curves = (
        ("internet", params.internet, given.internet_error),
        ("smartphone", params.smartphone, given.smartphone_error),
    )
    found = {}
    for name, text, error in curves:
        match = matching(*curve(text, f"--{name}"), nearest=params.match == "nearest")
        found[name] = apply(match, given.ai_share + error, given.slope * year, name=name)
    lags = {name: (given.now - matched) * year for name, matched in found.items()}
    return {
        "internet_lag": lags["internet"], "smartphone_lag": lags["smartphone"],
        "internet_year": found["internet"] * constant(1, "date"),
        "smartphone_year": found["smartphone"] * constant(1, "date"), "apart": lags["internet"] - lags["smartphone"],
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input or a curve that cannot be read or is impossible."""
    sentence = "Older people use AI as they used the internet {internet_lag} ago and smartphones {smartphone_lag} ago."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)


def curve(text: str, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Years (point,) and shares (point,) of `2015: 0.30, 2016: 0.40`; raises WrongUse, naming `what`."""
    pairs = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        when, _, share = part.partition(":")
        try:
            pairs.append((float(when), float(share)))
        except ValueError:
            raise WrongUse(f"{what} has '{part}'; write dated shares such as 2015: 0.30, 2016: 0.40.") from None
    years, shares = (np.array(each) for each in zip(*sorted(pairs), strict=True)) if pairs else (np.zeros(0),) * 2
    if not len(years) or not all(math.isfinite(one) for one in (*years, *shares)):
        raise WrongUse(f"{what} is '{text}'; write dated shares such as 2015: 0.30, 2016: 0.40.")
    if shares.min() < 0 or shares.max() > 1 or (np.diff(years) <= 0).any() or (np.diff(shares) <= 0).any():
        raise WrongUse(f"{what} is '{text}'; shares lie between 0 and 1 and rise from date to date.")
    return years, shares


def matching(years: np.ndarray, shares: np.ndarray, *, nearest: bool) -> Callable[[Any, Any], Any]:
    """Function of shares and outer slopes (draw,) -> years (draw,) in which a rising curve had those shares."""

    def found(wanted: Any, slope: Any) -> Any:
        if nearest:
            return years[np.abs(np.subtract.outer(wanted, shares)).argmin(axis=1)]
        inside = np.interp(wanted, shares, years)
        before, after = np.minimum(wanted - shares[0], 0.0), np.maximum(wanted - shares[-1], 0.0)
        return inside + (before + after) / slope

    return found
