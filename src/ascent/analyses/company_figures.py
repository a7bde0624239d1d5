"""What do AI companies earn, spend and use, and how fast does it grow?

Theme     reference tables
Evidence  series: figures of companies and their products (revenue, spending, staff, compute, users), each with its
          date, unit and source
Method    every figure with the ends published for it, else with those that rounding leaves: half a unit of the last
          digit that is not a closing zero, at most 5 % for a number that ends in zeros, of which the middle 90 %
          counts; growth a year between two dated figures of one series of one company, from the smallest to the
          largest that their ends allow
Source    arithmetic; sources stand beside each figure
Differs   a figure told as "over 20" counts as 20, and reporters' figures are taken as they are, so the ends say what
          rounding hides and nothing about who erred; a figure of a whole year or month stands at its middle
"""

from collections import defaultdict
from dataclasses import dataclass

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year
from ascent.core.display import number
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.figures import COLUMNS, Figure, figures, yearly_growth

SERIES = (
    "annualized revenue", "revenue", "monthly revenue", "projected revenue", "R&D compute spending", "compute spending",
    "disclosed compute spending", "inference compute spending", "final training run compute spending",
    "compute to train models", "research compute amortization", "research compute spending", "data spending",
    "employee salaries", "stock compensation", "sales and marketing spending", "general and administrative spending",
    "capital spending", "operating expenses", "net operating cash flow", "cash reserve", "chip depreciation",
    "gross margin", "operating margin", "headcount", "average base salary", "junior researcher pay", "compute stock",
    "inference compute stock", "weekly active users", "monthly active users", "messages per day",
    "consumer subscribers", "paid subscriptions", "tokens processed",
)  # fmt: skip
KEY = tuple[str, str, str]  # series, company, unit


@dataclass(frozen=True, kw_only=True)
class Params:
    company: str = param("", "figures of one company or product only")
    series: str = param("", "figures of one series only, such as 'annualized revenue'")
    apart: float = param(0.25, "least time between two figures that are compared", unit="years", least=0.01)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `figures`; `growth` has the growth a year between figures of one series of one company."""

    quantity: str = ""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        drawn = {
            "series": charts.timeline(
                self.prepared["shown"], date="date", mid="mid", low="low", high="high", label="entity", group="entity",
                title=self.sentence, manifest=self.manifest, quantity=self.quantity, log=True,
                note="Bars: as published, else what rounding leaves.",
            )
        }  # fmt: skip
        if len(self.prepared["growth"]):
            drawn["growth"] = charts.ranking(
                _whole(self.prepared["growth"]), label="what", mid="mid", low="low", high="high",
                title="Growth a year from the first to the last figure", manifest=self.manifest, quantity="Growth",
                log=True, references={"no change": 1.0}, note="Bars: what the ends of both figures allow.",
            )  # fmt: skip
        return drawn


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Collect the figures of companies and the growth between them.

    Raises TooLittleEvidence where there is no such figure, UnknownName for a company or series that has none.
    """
    found = figures(evidence, SERIES)
    if not found:
        raise TooLittleEvidence(
            need="figures of companies in the table series",
            have="none",
            fix="leave --evidence out for the bundled ones, or add rows such as 'annualized revenue' with entity, date "
            "and unit: `ascent evidence template series` shows the form",
        )
    found = _chosen(found, "entity", params.company, "company")
    found = _chosen(found, "series", params.series, "series")
    groups: dict[KEY, list[Figure]] = defaultdict(list)
    for figure in found:
        groups[figure.series, figure.entity, figure.unit].append(figure)
    growth = [row for key in sorted(groups) for row in _growths(key, groups[key], params.apart)]
    key = max(sorted(groups), key=lambda key: (_span(growth, key), len(groups[key])))
    shown = [figure for figure in found if (figure.series, figure.unit) == (key[0], key[2]) and figure.date]
    shown = [figure for figure in shown if figure.low > 0] or shown
    companies = len({figure.entity for figure in found})
    sentence = (
        f"{_said(key, groups[key], growth)} {len(found)} figures of {companies} companies and products are known."
    )
    sheets = {
        "figures": Table.from_rows(COLUMNS, [figure.row() for figure in found]),
        "growth": Table.from_rows(_GROWTH, growth, "Whole: from the first to the last figure of that series."),
        "shown": Table.from_rows(
            [Column("date", "date"), Column("entity"), *(Column(end, "number", key[2]) for end in _ENDS)],
            [figure.row() for figure in shown],
        ),
    }
    told = sum(figure.ends == "published" for figure in found)
    notes = (
        Note(
            "info", "ends", f"{told} of {len(found)} figures were published with ends of their own; the others' ends "
            "are those of rounding, which is the least that they can be off.",
        ),
    )  # fmt: skip
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, notes, key[0])


def _chosen(found: list[Figure], column: str, wanted: str, what: str) -> list[Figure]:
    if wanted and wanted not in (there := sorted({getattr(figure, column) for figure in found})):
        raise UnknownName(what, wanted, there, "Known: " + ", ".join(there[:12]) + (" ..." if there[12:] else "") + ".")
    return [figure for figure in found if wanted in ("", getattr(figure, column))]


def _growths(key: KEY, group: list[Figure], apart: float) -> list[dict[str, object]]:
    """Growth from each dated figure to the next one far enough away, and from the first to the last."""
    dated = sorted((figure for figure in group if figure.date), key=lambda figure: decimal_year(figure.date))
    pairs: list[tuple[Figure, Figure, bool]] = []
    for place, last in enumerate(dated):
        before = [one for one in dated[:place] if decimal_year(last.date) - decimal_year(one.date) >= apart]
        pairs += [(before[-1], last, False)] if before else []
    if pairs:
        ends = dated[0], dated[-1]
        pairs = [*(pair for pair in pairs if pair[:2] != ends), (*ends, True)]
    rows: list[dict[str, object]] = []
    for first, last, whole in pairs:
        if growth := yearly_growth(first, last):
            years = decimal_year(last.date) - decimal_year(first.date)
            about = {"company": key[1], "series": key[0], "begin": first.date, "end": last.date, "years": years}
            rows.append(about | dict(zip(_ENDS, growth, strict=True)) | {"whole": whole})
    return rows


def _span(growth: list[dict[str, object]], key: KEY) -> int:
    """How many growth figures a series of a company has."""
    return sum((row["series"], row["company"]) == key[:2] for row in growth)


def _said(key: KEY, group: list[Figure], growth: list[dict[str, object]]) -> str:
    series, company, unit = key
    whole = [row for row in growth if (row["series"], row["company"], row["whole"]) == (series, company, True)]
    subject = f"The {series} of {company}" if company else f"The {series}"
    if not whole:
        last = group[-1]
        ends = f"between {number(last.low)} and {number(last.high)}"
        when = f" ({last.date})" if last.date else ""
        return f"{subject} is told as {number(last.mid)} {unit}{when}, which allows {ends}."
    row = whole[0]
    first, last = (next(figure for figure in group if figure.date == row[end]) for end in ("begin", "end"))
    low, mid, high = (float(str(row[end])) for end in _ENDS)
    return (
        f"{subject} went from {number(first.mid)} {unit} ({first.date}) to {number(last.mid)} ({last.date}), "
        f"{mid:.3g} times a year (rounding and published ends allow between {low:.3g} and {high:.3g})."
    )


def _whole(growth: Table) -> Table:
    """Growth from first to last, each named for the chart."""
    rows = [
        {"what": f"{row['company']}: {row['series']}", **{end: row[end] for end in _ENDS}}
        for row in growth.rows()
        if row["whole"]
    ]
    return Table.from_rows([Column("what"), *(Column(end, "number", "x/year") for end in _ENDS)], rows)


_ENDS = ("low", "mid", "high")
_GROWTH = (
    Column("company"), Column("series"), Column("begin", "date"), Column("end", "date"),
    Column("years", "number", "years"), *(Column(end, "number", "x/year") for end in _ENDS),
    Column("whole", "flag", help="from the first to the last figure"),
)  # fmt: skip
