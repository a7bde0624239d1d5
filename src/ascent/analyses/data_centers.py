"""Which data centers for AI are known, how much power and computing do they have, and how does that add up?

Theme     reference tables
Evidence  series: `data center power`, `data center compute` and `data center chips` of each site, dated; with the
          option planned those of `planned data center ...`
Method    each site at its newest figure (a later phase holds the earlier ones); totals are plain sums over sites, once
          over those that the note calls confirmed and once over all; over time, each site counts from its first date
Source    Epoch AI, Data on GPU Clusters (the bundled figures); docs/method/snapshot.md tells which sites are in
Differs   known sites are not all sites, so totals are lower bounds of what exists; power is often worked out from
          chips; ends are those of rounding, the gap between confirmed and all sites is the larger uncertainty
"""

from dataclasses import dataclass
from itertools import pairwise

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year
from ascent.core.dimensions import convertible, unit
from ascent.core.display import number
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.figures import Figure, figures

PARTS = {"power": "MW", "compute": "H100e", "chips": "chip"}
ENDS = ("low", "mid", "high")


@dataclass(frozen=True, kw_only=True)
class Params:
    planned: bool = param(False, "the planned sites instead of those at work")
    search: str = param("", "only sites whose name or note holds all these words")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `sites`; `totals` sums them, `over_time` sums those at work by date."""

    main: str = "power"

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        mid = self.main
        drawn = {
            "sites": charts.ranking(
                self.prepared["sites"], label="site", mid=mid, low=f"{mid}_low", high=f"{mid}_high",
                title=self.sentence, manifest=self.manifest, quantity=mid.capitalize(), log=True, group="standing",
                note="Bars: what rounding leaves.",
            )
        }  # fmt: skip
        if "over_time" in self.prepared:
            drawn["over_time"] = charts.timeline(
                None, bands=_steps(self.prepared["over_time"]), date="date", mid="mid", low="low", high="high",
                title=f"{mid.capitalize()} of the known sites at work", manifest=self.manifest,
                quantity=f"{mid.capitalize()} of known sites", note="Band: what rounding leaves.",
            )  # fmt: skip
        return drawn


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """List the sites and add them up.

    Raises TooLittleEvidence where no site is known, or none that holds the words searched for; WrongUse for a unit that
    is none of power, computing or chips.
    """
    kind = "planned data center" if params.planned else "data center"
    found = figures(evidence, [f"{kind} {part}" for part in PARTS])
    if not found:
        raise TooLittleEvidence(
            need=f"sites in the table series: '{kind} power' or '{kind} compute'",
            have="none",
            fix="leave --evidence out for the bundled ones, or add rows: `ascent evidence template series` shows how",
        )
    words = params.search.casefold().split()
    kept = [one for one in found if all(word in f"{one.entity} {one.note}".casefold() for word in words)]
    if not kept:
        raise TooLittleEvidence(
            need=f"a site that mentions '{params.search}'",
            have=f"none among {len({one.entity for one in found})}",
            fix="try fewer words, or leave --search out",
        )
    newest = {(one.entity, one.series): one for one in sorted(kept, key=_day)}
    rows = [
        _site(name, [one for (site, _), one in newest.items() if site == name])
        for name in {name: 0 for name, _ in sorted(newest)}
    ]
    main = max(PARTS, key=lambda part: sum(row[part] is not None for row in rows))
    rows.sort(key=lambda row: (-float(str(row[main] or 0.0)), str(row["site"])))
    totals = [
        {"quantity": part, "unit": PARTS[part], **_sum(rows, part, standing)}
        for part in PARTS
        for standing in ("confirmed", "all")
    ]
    sheets = {"sites": Table.from_rows(_SITES, rows), "totals": Table.from_rows(_TOTALS, totals)}
    if not params.planned:
        path = _over_time([one for one in kept if one.series == f"{kind} {main}"])
        columns = [Column("date", "date"), *(Column(end, "number", PARTS[main]) for end in ENDS)]
        sheets["over_time"] = Table.from_rows(columns, path)
    sure, whole = (row for row in totals if row["quantity"] == main)
    verb = "would have" if params.planned else "have"
    sentence = (
        f"{whole['sites']} {'planned' if params.planned else 'known'} sites {verb} {_short(whole, 'mid')} "
        f"{PARTS[main]} of {main} together; "
    )
    if sure["sites"] and sure["sites"] != whole["sites"]:
        alone = (
            f"the {sure['sites']} confirmed ones alone {verb}" if sure["sites"] != 1 else "the confirmed one alone has"
        )
        ends = f"between {_short(whole, 'low')} and {_short(whole, 'high')}"
        sentence += f"rounding allows {ends}, and {alone} {_short(sure, 'mid')}."
    else:
        ends = f"between {_short(whole, 'low')} and {_short(whole, 'high')}"
        sentence += f"rounding allows {ends}, and {sure['sites'] or 'none'} of them are confirmed."
    without = sum(row[main] is None for row in rows)
    notes = [Note("bound", "coverage", "Known sites are not all sites: totals are a lower bound of what there is.")]
    if without:
        notes.append(
            Note("info", "missing", f"{without} of {len(rows)} sites have no figure of {main} and add nothing.")
        )
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes), main)


def _steps(path: Table) -> Table:
    """The path as it is drawn: level until a site is added, then up at once."""
    rows = list(path.rows())
    kept = [{**before, "date": row["date"]} for before, row in pairwise(rows)]
    drawn = [row for pair in zip(rows, kept, strict=False) for row in pair] + rows[-1:]
    return Table.from_rows(path.columns, drawn)


def _day(one: Figure) -> float:
    return decimal_year(one.date) if one.date else 0.0


def _float(row: dict[str, object], name: str) -> float:
    return float(str(row[name]))


def _short(row: dict[str, object], name: str) -> str:
    """A sum to three digits, as exact as the figures it was made from."""
    return number(float(f"{_float(row, name):.3g}"))


def _part(one: Figure) -> str:
    return one.series.rpartition(" ")[2]


def _in(one: Figure) -> tuple[float, float, float]:
    """Ends and value in the unit of its part."""
    factor = convertible(unit(one.unit), unit(PARTS[_part(one)]), f"'{one.series}' of {one.entity}")
    return one.low * factor, one.mid * factor, one.high * factor


def _site(name: str, found: list[Figure]) -> dict[str, object]:
    row: dict[str, object] = {"site": name, **dict.fromkeys(PARTS)}
    for one in found:
        part = _part(one)
        row |= dict(zip((f"{part}_low", part, f"{part}_high"), _in(one), strict=True))
    last = max(found, key=_day)
    standing = "confirmed" if "confirmed" in last.note else "likely" if "likely" in last.note else "not told"
    return row | {"date": last.date or None, "standing": standing, "note": last.note, "source": last.source}


def _sum(rows: list[dict[str, object]], part: str, standing: str) -> dict[str, object]:
    counted = [row for row in rows if row[part] is not None and standing in ("all", row["standing"])]
    names = (f"{part}_low", part, f"{part}_high")
    sums = {end: float(sum(_float(row, name) for row in counted)) for end, name in zip(ENDS, names, strict=True)}
    return {"standing": standing, "sites": len(counted), **sums}


def _over_time(found: list[Figure]) -> list[dict[str, object]]:
    """The sum over sites after each change, each site at its newest figure of that day."""
    now: dict[str, tuple[float, float, float]] = {}
    path: dict[str, dict[str, object]] = {}
    for one in sorted((one for one in found if one.date), key=lambda one: (_day(one), one.entity)):
        now[one.entity] = _in(one)
        path[one.date] = {"date": one.date, **dict(zip(ENDS, map(sum, zip(*now.values(), strict=True)), strict=True))}
    return list(path.values())


_SITES = (
    Column("site"), Column("date", "date", help="since when it has been so; empty where planned"),
    *(Column(f"{part}{end}", "number", unit_) for part, unit_ in PARTS.items() for end in ("_low", "", "_high")),
    Column("standing", help="confirmed or likely, as the source calls it"), Column("note"), Column("source"),
)  # fmt: skip
_TOTALS = (
    Column("quantity"), Column("standing", help="confirmed sites only, or all"), Column("sites", "whole", "sites"),
    *(Column(end, "number", "see unit") for end in ENDS), Column("unit"),
)  # fmt: skip
