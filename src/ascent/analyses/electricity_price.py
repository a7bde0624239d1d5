"""Is electricity getting dearer once inflation is taken out?

Theme     reference tables
Evidence  series: a price (by default APU000072610, average price of electricity in US cities) and an index of all
          prices (by default CPIAUCSL), month by month
Needs     two monthly series of FRED
Method    price of a month times the index of the base month over the index of that month, so that the base month equals
          the nominal price; a straight line through the logarithm of the real price, whose scatter (size, memory) is
          averaged over by restricted likelihood; ends of single months from the rounding of the price
Source    Federal Reserve Bank of St. Louis, FRED; Harville 1977 (restricted likelihood)
Differs   months that only one of the two series has are left out; an index for all goods says nothing about who pays
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, span
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.figures import Figure, figures
from ascent.model.trend import fit_trend

ENOUGH = 6  # months that both series have
ENDS = ("low", "mid", "high")


@dataclass(frozen=True, kw_only=True)
class Params:
    price: str = param("APU000072610", "series of the price")
    index: str = param("CPIAUCSL", "series of the index that inflation is taken from")
    base: str = param("2025-01", "month whose money counts, such as 2025-01")
    most: int = param(
        120, "longer series are averaged over this many equal spans for the trend", unit="values", least=6
    )
    draws: int = param(1_000, "draws of the trend", unit="draws", least=2, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `trend`; `real_price` has every month."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        return {
            "real_price": charts.timeline(
                None, bands=self.prepared["lines"], date="date", mid="mid", low="low", high="high", line="line",
                title=self.sentence, manifest=self.manifest, quantity="Price", note="Band: what rounding leaves.",
            )
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Deflate the price and fit its trend.

    Raises TooLittleEvidence where a series or the base month is missing, or fewer than 6 months are in both; WrongUse
    for a base that is no month.
    """
    if len(params.base) != 7 or not _is_date(params.base):
        raise WrongUse(f"--base is '{params.base}'; it takes a month such as 2025-01.")
    price, index = _monthly(evidence, params.price), _monthly(evidence, params.index)
    if not price or not index:
        missing = " and ".join(f"'{name}'" for name, had in ((params.price, price), (params.index, index)) if not had)
        raise TooLittleEvidence(
            need="a price and an index of all prices, month by month, in the table series",
            have=f"no row of {missing}",
            fix="download APU000072610 (price of electricity) and CPIAUCSL (consumer prices) from "
            "fred.stlouisfed.org and add their rows under these names: `ascent evidence template series` shows how",
        )
    months = sorted(price.keys() & index.keys())
    if params.base not in months or len(months) < ENOUGH:
        lacking = f"{len(months)} months" + ("" if params.base in months else f", {params.base} not among them")
        raise TooLittleEvidence(
            need=f"{ENOUGH} months in both series, the base month {params.base} among them",
            have=lacking,
            fix="add the missing months of both series, or name another base month with --base",
        )
    level = np.array([index[params.base].mid / index[month].mid for month in months])
    nominal = np.array([[getattr(price[month], end) for month in months] for end in ENDS])
    if min(nominal[1].min(), level.min()) <= 0:
        raise TooLittleEvidence(need="prices and index above zero", have="others among them", fix="mend these rows")
    real = nominal * level
    years = np.array([decimal_year(month) for month in months])
    at, logs = _averaged(years, np.log(real[1]), params.most)
    trend = fit_trend(at, logs, draws=params.draws, seed=params.seed)
    low, mid, high = (float(part) for part in interval(100 * np.expm1(trend.growth)))
    unit = price[months[0]].unit
    money = f"{unit} of {params.base}"
    word = "rises" if low > 0 else "falls" if high < 0 else "neither clearly rises nor falls:"
    sentence = (
        f"After inflation '{params.price}' {word} by {mid:+.2g} % a year "
        f"({MASS:.0%} interval {low:+.2g} to {high:+.2g}) from {months[0]} to {months[-1]}."
    )
    pace = [Column("quantity"), *(Column(end, "number", "percent a year") for end in ENDS)]
    values = [Column(end, "number", money) for end in ENDS]
    lines = [
        {"date": month, "line": line, **dict(zip(ENDS, part[:, place], strict=True))}
        for line, part in (("after inflation", real), ("as paid", nominal))
        for place, month in enumerate(months)
    ]
    sheets = {
        "trend": Table.of(pace, quantity=["growth of the real price"], low=[low], mid=[mid], high=[high]),
        "real_price": Table.of(
            [Column("date", "date"), Column("nominal", "number", unit), Column("index", "number", "index points"),
             *values],
            date=months, nominal=nominal[1], index=[index[month].mid for month in months],
            **dict(zip(ENDS, real, strict=True)),
        ),
        "lines": Table.from_rows([Column("date", "date"), Column("line"), *values], lines),
    }  # fmt: skip
    notes = []
    if left := len(price.keys() ^ index.keys()):
        notes.append(Note("info", "months", f"{left} months are in only one of the two series and left out."))
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


def _is_date(text: str) -> bool:
    try:
        span(text)
    except ValueError:
        return False
    return True


def _monthly(evidence: Evidence, name: str) -> dict[str, Figure]:
    """The figure of each month; of several the last by date."""
    found = [
        one for one in figures(evidence, [name]) if one.series == name and len(one.date) >= 7 and "Q" not in one.date
    ]
    return {one.date[:7]: one for one in found}


def _averaged(years: Floats, values: Floats, spans: int) -> tuple[Floats, Floats]:
    """Means over equal spans of time where there are more values than that."""
    if len(years) <= spans:
        return years, values
    edges = np.linspace(years.min(), years.max(), spans + 1)
    place = np.searchsorted(edges[1:-1], years, side="right")
    count = np.bincount(place, minlength=spans)
    kept = count > 0
    return tuple(np.bincount(place, part, spans)[kept] / count[kept] for part in (years, values))  # type: ignore[return-value]  # two of them
