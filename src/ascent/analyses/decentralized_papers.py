"""Which techniques and runs of decentralized training are there, and what does each show?

Theme     reference tables
Evidence  series: `decentralized training paper` (one row per paper or run, its note telling what it shows) and every
          figure of these papers, runs and networks
Method    papers and runs by date, each with its note and its figures; with the option search only those that hold all
          its words
Source    Epoch AI, How far can decentralized training over the internet scale?, 2025, and the papers named there
Differs   the bundled notes are in our words after one survey; figures are papers' best cases, seldom compared on equal
          terms, so gains of several techniques must not be multiplied without a look at the papers
"""

from dataclasses import dataclass

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import span
from ascent.core.display import number
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.figures import COLUMNS, Figure, figures

PAPER = "decentralized training paper"
REDUCTION = "bandwidth reduction"
OTHERS = (
    REDUCTION, "activation compression", "share of gradients sent", "network throughput", "home upload bandwidth",
    "compute penalty of 8 nodes", "compute penalty of 10,000 nodes", "steps behind in asynchronous RL",
    "frontier training compute growth", "gap of frontier over decentralized training compute",
    "value of infrastructure", "hash rate", "cost of hash rate", "training compute within reach",
    "data center throughput",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Params:
    search: str = param("", "only papers, runs and figures that hold all these words")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `papers`; `figures` has every number with its source."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        drawn = {}
        for name, title in (
            ("reductions", "How many times less has to be sent"),
            ("parameters", "Size of the models trained over the internet"),
        ):
            if len(self.prepared[name]):
                drawn[name] = charts.ranking(
                    self.prepared[name], label="paper", mid="mid", low="low", high="high", title=title, log=True,
                    manifest=self.manifest, quantity=title, note="Bars: as published, else what rounding leaves.",
                )  # fmt: skip
        return drawn


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """List the papers and their figures.

    Raises TooLittleEvidence where there is no paper, or none that holds the words searched for.
    """
    found = figures(evidence)
    papers = [one for one in found if one.series == PAPER]
    if not papers:
        raise TooLittleEvidence(
            need=f"papers in the table series: '{PAPER}'",
            have="none",
            fix="leave --evidence out for the bundled ones, or add rows with the paper as entity, the year as value "
            "and what it shows as note: `ascent evidence template series` shows the form",
        )
    named = {one.entity for one in papers}
    numbers = [one for one in found if one.series != PAPER and _belongs(one, named)]
    words = params.search.casefold().split()
    told = {one.entity: f"{one.entity} {one.note} {one.source}" for one in papers}
    papers = [one for one in papers if _holds(words, [told[one.entity], *_of(one.entity, numbers)])]
    kept = {one.entity for one in papers}
    numbers = [one for one in numbers if one.entity in kept or _holds(words, [_text(one)])]
    if not papers and not numbers:
        raise TooLittleEvidence(
            need=f"a paper or figure that mentions '{params.search}'",
            have=f"none among {len(told)} papers and runs",
            fix="try fewer words, or leave --search out",
        )
    reductions = [one for one in numbers if one.series == REDUCTION]
    sizes = [one for one in numbers if one.series == "decentralized run parameters"]
    sheets = {
        "papers": Table.from_rows(_PAPERS, [_row(one, numbers) for one in sorted(papers, key=_when)]),
        "figures": Table.from_rows(COLUMNS, [one.row() for one in numbers]),
        "reductions": _ranked(reductions, "x"),
        "parameters": _ranked(sizes, "parameters"),
    }
    count = f"{len(papers)} papers and runs"
    if papers:
        years = sorted(span(one.date)[0].year for one in papers if one.date)
        count += f" from {years[0]} to {years[-1]}" if years else ""
    parts = [count]
    if reductions:
        ends = [(one.low, one.high) if one.ends == "published" else (one.mid, one.mid) for one in reductions]
        least, most = min(low for low, _ in ends), max(high for _, high in ends)
        parts.append(
            f"{len(reductions)} figures say that between {number(least)} and {number(most)} times less has to be sent"
        )
    if sizes:
        largest = max(sizes, key=lambda one: (one.mid, one.entity))
        parts.append(f"the largest model has {largest.mid / 1e9:g} billion parameters ({largest.entity})")
    notes = (Note("warning", "best cases", "Papers report their best cases; few were tried together or at scale."),)
    return Answer(Manifest.stamp(__name__, params, evidence), "; ".join(parts) + ".", sheets, notes)


def _belongs(one: Figure, papers: set[str]) -> bool:
    return one.entity in papers or one.series in OTHERS or one.series.startswith("decentralized ")


def _text(one: Figure) -> str:
    return f"{one.series} {one.entity} {one.note} {one.source}"


def _of(entity: str, numbers: list[Figure]) -> list[str]:
    return [_text(one) for one in numbers if one.entity == entity]


def _holds(words: list[str], texts: list[str]) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


def _when(one: Figure) -> tuple[str, str]:
    return one.date, one.entity


def _row(paper: Figure, numbers: list[Figure]) -> dict[str, object]:
    own = [one for one in numbers if one.entity == paper.entity]
    said = "; ".join(f"{one.series.removeprefix('decentralized run ')} {number(one.mid)} {one.unit}" for one in own)
    about: dict[str, object] = {"paper": paper.entity, "date": paper.date or None, "shows": paper.note or None}
    return about | {"figures": said or None, "source": paper.source, "address": paper.address or None}


def _ranked(found: list[Figure], unit: str) -> Table:
    columns = [Column("paper"), *(Column(end, "number", unit) for end in ("low", "mid", "high"))]
    rows = [{"paper": one.entity, "low": one.low, "mid": one.mid, "high": one.high} for one in found]
    return Table.from_rows(columns, rows)


_PAPERS = (
    Column("paper", help="paper, technique or run"), Column("date", "date"),
    Column("shows", help="the technique and what it shows"), Column("figures"), Column("source"), Column("address"),
)  # fmt: skip
