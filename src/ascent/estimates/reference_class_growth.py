"""How does a projected rise of revenue compare with companies that made it from 10 to 100 billion USD?

Theme     business
Inputs    years that each company of the class took (from evidence where it has them); revenue, target and years of the
          projection; revenues of two companies that doubled within a year
Method    each company's even yearly growth; the class's median with its interval from the beta distribution of an order
          statistic; the share of such companies that grow as fast as projected, without a distribution (beta, Jeffreys'
          prior) and with a log-normal one (Student's t for a next member)
Source    Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025
Leaves out  companies that set out and never arrived, so the class flatters every projection
"""

import math
from dataclasses import dataclass

import numpy as np

from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, exp, log
from ascent.forecast.small_samples import median, share_at_most, student

EPOCH = "Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025"
DRAWN = "by construction"
SERIES = "years from 10 to 100 billion USD of revenue"
TENFOLD = "Tesla: 7, Meta: 7, Nvidia: 8, Apple: 8, Amazon: 8, Walmart: 9, Google: 10"
OUTSIDE = "ByteDance"  # in the series, but no company of the United States
FEWEST = 5  # of fewer even the whole range holds the median less often than 90 % of the time


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    revenue: str = assume(
        "13", "revenue at the projection's start", unit="billion USD", source=EPOCH, spread="about 13",
        spread_source="its rounding", least=0,
    )  # fmt: skip
    target: str = assume(
        "100", "revenue at its end", unit="billion USD", source=EPOCH, spread="95..100..105", least=0,
        spread_source="the projected factors give 96",
    )  # fmt: skip
    years: str = assume("3", "years of the projection", unit="year", source=EPOCH, least=0)
    outside_years: str = assume("about 5", "years that ByteDance took", unit="year", source=EPOCH, least=0)
    gilead_before: str = assume("about 11", "revenue of Gilead in 2013", unit="billion USD", source=EPOCH, least=0)
    gilead_after: str = assume("about 25", "the same in 2014", unit="billion USD", source=EPOCH, least=0)
    cheniere_before: str = assume("about 16", "revenue of Cheniere in 2021", unit="billion USD", source=EPOCH, least=0)
    cheniere_after: str = assume("about 33", "the same in 2022", unit="billion USD", source=EPOCH, least=0)
    median_draw: str = assume(
        "uniform(0, 1)", "decides the median of a draw", unit="probability", source=DRAWN, least=0, most=1
    )
    share_draw: str = assume(
        "uniform(0, 1)", "decides the share as fast", unit="probability", source=DRAWN, least=0, most=1
    )
    next_draw: str = assume(
        "uniform(0, 1)", "decides the next member's growth", unit="probability", source=DRAWN, least=0, most=1
    )
    companies: str = param(TENFOLD, "the class: each company and its years from 10 to 100 billion USD")
    outside: bool = param(False, "count ByteDance, which is not of the United States, as a member")


OUTPUTS = (
    Output("median_growth", "median growth of the class", "x/year", 1.3, source=EPOCH),
    Output("projection", "even growth of the projection", "x/year", words="unprecedented", source=EPOCH),
    Output("fastest", "fastest growth in the class", "x/year"),
    Output("slowest", "slowest growth in the class", "x/year"),
    Output("bytedance", "growth of ByteDance", "x/year"),
    Output("median_years", "median years from 10 to 100 billion USD", "year"),
    Output("tenfold_years", "years in which the projection's growth makes ten of one", "year"),
    Output("share_as_fast", "share of such companies at least as fast as projected", "fraction"),
    Output("next_growth", "growth of another member, log-normal years", "x/year"),
    Output("as_fast", "probability that another member is as fast, log-normal years", "probability", summary="mean"),
    Output("gilead", "growth of Gilead in 2014", "x", 2.0, words="more than", source=EPOCH),
    Output("cheniere", "growth of Cheniere in 2022", "x", 2.0, words="more than", source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """The class against the projection."""
    year = constant(1, "year")
    taken = sorted(members(given).values())
    logs = np.log(taken)
    count, middle, scatter = len(logs), float(logs.mean()), float(logs.std(ddof=1))
    factor = (given.target / given.revenue) ** (year / given.years)
    tenfold = math.log(10) / log(factor)  # years
    middling = median(taken, given.median_draw)
    next_years = exp(middle + scatter * math.sqrt(1 + 1 / count) * student(count - 1, given.next_draw))
    return {
        "median_growth": 10 ** (1 / middling) / year, "projection": factor / year,
        "fastest": constant(10 ** (1 / taken[0]), "x/year"), "slowest": constant(10 ** (1 / taken[-1]), "x/year"),
        "bytedance": 10 ** (year / given.outside_years) / year, "median_years": middling * year,
        "tenfold_years": tenfold * year, "share_as_fast": share_at_most(taken, tenfold, given.share_draw),
        "next_growth": 10 ** (1 / next_years) / year, "as_fast": next_years <= tenfold,
        "gilead": given.gilead_after / given.gilead_before, "cheniere": given.cheniere_after / given.cheniere_before,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer, with a table `class`; raises WrongUse for a class that cannot be read, TooLittleEvidence for fewer
    than five members."""
    sentence = (
        "The median company of the class grew by {median_growth}, the projection needs {projection}; "
        "the share of such companies as fast is {share_as_fast}."
    )
    given = Given(params, evidence)
    rows = [
        {"company": name, "years": taken, "growth": 10 ** (1 / taken)}
        for name, taken in sorted(members(given).items(), key=lambda each: (each[1], each[0]))
    ]
    columns = (
        Column("company"), Column("years", "number", "year", "from 10 to 100 billion USD of revenue"),
        Column("growth", "number", "x/year", "even growth over those years"),
    )  # fmt: skip
    table = Table.from_rows(columns, rows, "The class, the fastest first.")
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, tables={"class": table})


def members(given: Given) -> dict[str, float]:
    """Company -> years; the default class is read from evidence where it has the series."""
    params = given.params
    found = {}
    if params.companies == TENFOLD:
        rows = [row for row in given.evidence.table("series").rows() if row["series"] == SERIES]
        found = {str(row["entity"]): float(str(row["value"])) for row in rows if row["entity"] != OUTSIDE}
    if not found:
        for part in filter(None, (one.strip() for one in params.companies.split(","))):
            name, _, taken = part.rpartition(":")
            try:
                found[name.strip() or f"company {len(found) + 1}"] = float(taken)
            except ValueError:
                raise WrongUse(f"--companies has '{part}'; write company and years: Tesla: 7, Meta: 7.") from None
    if params.outside:
        from ascent.forecast.ranges import read

        found[OUTSIDE] = read(params.outside_years).shape.centre
    if wrong := [name for name, taken in found.items() if not 0 < taken < math.inf]:
        raise WrongUse(f"--companies has {wrong[0]} with {found[wrong[0]]:g} years; they have to be above zero.")
    if len(found) < FEWEST:
        raise TooLittleEvidence(
            need=f"{FEWEST} companies", have=f"{len(found)}", fix="name more of them: --companies 'Tesla: 7, Meta: 7'"
        )
    return found
