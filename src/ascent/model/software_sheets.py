"""The tables of software progress: rows of fits, bands, cases, models and the estimates side by side."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ascent.core.dates import from_decimal_year
from ascent.core.display import number, plain
from ascent.core.draws import MASS, interval
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.software_estimates import EXTREMES, studies
from ascent.model.capability_compute import CapabilityCompute, not_apart
from ascent.model.software_case import Case
from ascent.model.software_fits import BOUNDED, SoftwareFit
from ascent.model.software_lines import ALL, CHEAPEST, Band, common
from ascent.model.software_shares import Growth, Shares

Key = tuple[str, bool, bool]  # levels of labs, only amounts that are well known, errors allowed for
OWN, ONE = "each its own", "one for all"
TOGETHER = "all believed bands"
LINES = 5  # bands drawn
ABSURD = 1000.0  # x per year; published figures beyond it are outliers by their own account, and not drawn


def outward(value: float, *, up: bool) -> str:
    """An end of an interval with three digits, rounded so that the interval never gets narrower.

    >>> outward(1.5951, up=False), outward(22.01, up=True), outward(1.6, up=True), outward(0.99996, up=False)
    ('1.59', '22.1', '1.6', '0.999')
    """
    step = 10.0 ** (math.floor(math.log10(value)) - 2)
    steps = round(value / step, 6)  # 1.6 is 160 steps, whatever the machine makes of a tenth
    return number(float((math.ceil if up else math.floor)(steps) * step))


def rate_words(ends: tuple[float, float, float], bounded: bool) -> str:
    """The yearly rate as the start of a sentence, from its ends in decades; no middle where they bound nothing.

    >>> rate_words((0.2, 0.5, 1.3), True)
    'Equal capability took 3.16 (90% interval 1.58 to 20) times less training compute each year'
    >>> rate_words((0.8, 6.3, math.inf), False).startswith("Equal capability took at least 6.3 times less")
    True
    >>> rate_words((-math.inf, 2.0, math.inf), False)[-46:]
    'not bounded by these data (90% interval: none)'
    """
    low, mid, high = ends
    least = outward(10**low, up=False) if -BOUNDED < low < np.inf else ""
    most = outward(10**high, up=True) if abs(high) < 30 else ""
    if bounded:
        inside = f"({MASS:.0%} interval {outward(10**low, up=False)} to {outward(10**high, up=True)})"
        return f"Equal capability took {number(10**mid)} {inside} times less training compute each year"
    if least and most:
        inside = f"{least} to {most}"
    else:
        inside = f"{least} or more" if least else f"up to {most}" if most else ""
    inside = f"({MASS:.0%} interval {inside})" if inside else f"({MASS:.0%} interval: none)"
    if least and low > 0:
        end = "upwards not bounded by these data"
        return f"Equal capability took at least {least} times less training compute each year, {end} {inside}"
    return f"How many times less training compute equal capability took each year is not bounded by these data {inside}"


def at_hand(known: CapabilityCompute) -> str:
    """What there is where no fit can be made, with the reason that can be seen in it."""
    labs = len(set(known.organization) - {"unknown"})
    reason = not_apart(known.log_flop, known.year)
    return f"{len(known.model)} models of {labs or 'no known'} lab{'s' * (labs != 1)}" + (f"; {reason}" * bool(reason))


def factor(decades: float) -> float | None:
    """A yearly factor; None where there is no end or it would be beyond all sense."""
    return float(10**decades) if np.isfinite(decades) and abs(decades) < 30 else None


def fit_row(key: Key, fit: SoftwareFit, within: float) -> dict[str, Any]:
    low, mid, high = fit.rate()
    mid = mid if fit.bounded or abs(mid) < BOUNDED else float("nan")  # a million a year is no estimate
    ends = {name: interval(values) for name, values in (("decade", fit.per_decade), ("year", fit.per_year))}
    return {
        "levels": key[0], "amounts": amounts(key[1], within), "errors": ERRORS[key[2]],
        "low": factor(low), "mid": factor(mid), "high": factor(high),
        "points_per_decade": float(ends["decade"][1]), "points_per_decade_low": float(ends["decade"][0]),
        "points_per_decade_high": float(ends["decade"][2]), "points_per_year": float(ends["year"][1]),
        "points_per_year_low": float(ends["year"][0]), "points_per_year_high": float(ends["year"][2]),
        "reliable": max(fit.reliable, 0.0), "scatter": fit.scatter, "models": fit.models, "labs": fit.labs,
        "from_flop": 10 ** fit.reach[0], "to_flop": 10 ** fit.reach[1],
    }  # fmt: skip


def share_row(reading: str, found: Shares, growth: Growth, models: int) -> dict[str, Any]:
    """One reading of what more compute and better software gave; shares add up to 100 in each column of ends."""
    low, mid, high = (100 * end if np.isfinite(end) else None for end in found.of_compute())
    parts = {"compute": found.compute, "software": found.software, "whole": found.compute + found.software}
    ends = {name: interval(drawn) for name, drawn in parts.items()}
    row: dict[str, Any] = {"reading": reading, "low": low, "mid": mid, "high": high}
    row |= {"software_low": None if high is None else 100 - high, "software": None if mid is None else 100 - mid,
            "software_high": None if low is None else 100 - low}  # fmt: skip
    for name, one in ends.items():
        row |= {f"{name}_points{end}": float(value) for end, value in zip(("_low", "", "_high"), one, strict=True)}
    grown = [10 ** float(end) for end in interval(growth.decades)]
    return row | {
        "growth_low": grown[0], "growth": grown[1], "growth_high": grown[2], "from": from_decimal_year(growth.first),
        "to": from_decimal_year(growth.last), "models": models,
    }  # fmt: skip


def mids(sheet: Table) -> list[float]:
    return [float(value) for value in sheet["mid"] if value is not None]


def share_words(decomposition: Table) -> str:
    """The main fit's split of the gain as a sentence; empty where there is none."""
    row = next(iter(map(dict[str, Any], decomposition.rows())), None)
    if row is None or row["mid"] is None or not str(row["reading"]).startswith("MAIN"):
        return ""
    if row["high"] - row["low"] > 100:  # no narrower than all that a share can be
        return " How the gain of capability splits between compute and software is not bounded by these data."
    other = mids(decomposition)
    return (
        f" Of the gain of capability a year, better software gave {number(row['software'])}% "
        f"({number(row['software_low'])} to {number(row['software_high'])}), more compute {number(row['mid'])}%; "
        f"other fits, leaders alone and selection give software {number(100 - max(other))} to "
        f"{number(100 - min(other))}%."
    )


def short_reading(key: Key, within: float) -> str:
    """A fit's name in a few words."""
    labs = "by lab" if key[0] == OWN else "alike"
    return f"{labs}, {number(within) + 'x' if key[1] else 'all'}, {'corrected' if key[2] else 'plain'}"


def amounts(only: bool, within: float) -> str:
    return f"known within {number(within)}x" if only else "all"


def band_row(band: Band) -> dict[str, Any]:
    return {
        "band": named(band), "kind": band.kind, "low": factor(band.low), "mid": factor(band.mid),
        "high": factor(band.high), "models": len(band.member), "labs": band.labs, "years": band.span,
        "believed": not band.why, "flag": band.why,
    }  # fmt: skip


def common_rows(known: CapabilityCompute, found: tuple[Band, ...]) -> Iterator[dict[str, Any]]:
    for kind in (ALL, CHEAPEST):
        line = common(known, found, kind)
        some = [band for band in found if band.kind == kind and not band.why]
        if line is not None:
            member = np.concatenate([band.member for band in some])
            yield {
                "band": TOGETHER, "kind": kind, "low": factor(-line.high), "mid": factor(-line.slope),
                "high": factor(-line.low), "models": len(member), "labs": line.groups,
                "years": float(np.ptp(known.year[member])), "believed": True, "flag": "",
            }  # fmt: skip


def named(band: Band) -> str:
    return f"{number(band.bottom)} to {number(band.top)} points"


def case_row(case: Case, new: str, old: str, reading: str, models: int) -> dict[str, Any]:
    ends, saved = interval(case.rate), interval(case.saved)
    return {
        "model": new, "base": old, "reading": reading, "years": case.years, "models": models,
        "low": factor(float(ends[0])), "mid": factor(float(ends[1])), "high": factor(float(ends[2])),
        "saved_low": factor(float(saved[0])), "saved": factor(float(saved[1])),
        "saved_high": factor(float(saved[2])),
    }  # fmt: skip


def forest(sheets: dict[str, Table], main: Key) -> Table:
    rows = []
    for row in sheets["fits"].rows():
        chosen = (row["levels"], row["amounts"] != "all", row["errors"] == ERRORS[True]) == main
        labs = "by lab" if row["levels"] == OWN else "labs alike"
        name = f"{labs}, {_SHORT[row['amounts'] == 'all', row['errors'] == ERRORS[True]]}"
        name = f"MAIN {name}" if chosen else name
        rows.append({"estimate": name, "whose": "ours, fitted", **_ends(row)})
    for row in sheets["bands"].rows():
        if row["band"] == TOGETHER:
            rows.append({"estimate": f"bands, {row['kind']}", "whose": "ours, lines on a graph", **_ends(row)})
    for row in list(sheets["case_study"].rows())[:2]:
        name = f"{plain(row['model'], 14)} to {plain(row['base'], 14)}"
        rows.append({"estimate": name, "whose": "ours, two models", **_ends(row)})
    for row in sheets["selection"].rows():
        if row["moved"] != 1.0:
            rows.append({"estimate": f"main, if {row['way']}", "whose": "ours, selection", **_ends(row)})
    rows += [
        {"estimate": row["estimate"], "whose": "published", **_ends(row)}
        for row in sheets["published"].rows()
        if float(row["mid"] or 0) <= ABSURD
    ]
    return Table.from_rows(FOREST, rows)


def _ends(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("low", "mid", "high")}


def published(evidence: Evidence) -> Table:
    """Published estimates of the evidence at our mass; where only a range is, `mid` is the middle of its logarithms."""
    rows = []
    for one in studies(evidence)[0]:
        if EXTREMES not in one.apart:
            low, mid, high = one.at_mass() if one.bounded else (None, one.mid, None)
            rows.append({"estimate": one.name, "low": low, "mid": mid, "high": high, "note": one.note,
                         "source": one.source, "date": one.date})  # fmt: skip
    return Table.from_rows(PUBLISHED, sorted(rows, key=lambda row: (str(row["date"]), str(row["estimate"]))))


def model_table(known: CapabilityCompute, found: tuple[Band, ...], within: float) -> Table:
    ends = interval(known.capability)
    band = {int(k): named(one) for one in found if one.kind == ALL for k in one.member}
    return Table.from_rows(MODELS, [
        {"model": model, "released": known.released[k], "organization": known.organization[k],
         "flop": float(10 ** known.log_flop[k]), "flop_low": float(10 ** known.log_flop[k] / known.within[k]),
         "flop_high": float(10 ** known.log_flop[k] * known.within[k]), "capability": float(ends[1][k]),
         "capability_low": float(ends[0][k]), "capability_high": float(ends[2][k]), "band": band.get(k, "other"),
         "well_known": bool(known.within[k] <= within)}
        for k, model in enumerate(known.model)
    ])  # fmt: skip


def line_table(known: CapabilityCompute, found: tuple[Band, ...]) -> Table:
    """The believed lines of the bands with the most models."""
    believed = [band for band in found if band.kind == ALL and not band.why and band.line is not None]
    rows = []
    for band in sorted(sorted(believed, key=lambda one: -len(one.member))[:LINES], key=lambda one: one.bottom):
        years = np.linspace(known.year[band.member].min(), known.year[band.member].max(), 12)
        low, mid, high = band.line.at(years) if band.line else (years, years, years)
        rows += [
            {"released": from_decimal_year(float(year) - 1e-6), "band": named(band), "low": float(10 ** low[k]),
             "flop": float(10 ** mid[k]), "high": float(10 ** high[k])}
            for k, year in enumerate(years)
        ]  # fmt: skip
    return Table.from_rows(LINE, rows)


_SHORT = {
    (False, True): "known, corrected", (False, False): "known", (True, True): "all, corrected",
    (True, False): "all",
}  # fmt: skip
ERRORS = {True: "allowed for", False: "not allowed for"}
_ENDS = tuple(Column(name, "number", "x per year") for name in ("low", "mid", "high"))
FITS = (
    Column("levels", help="of software: one for all labs, or each its own"), Column("amounts"),
    Column("errors", help="of compute"), *_ENDS,
    Column("points_per_decade_low", "number", "index points"),
    Column("points_per_decade", "number", "index points", "for ten times the compute"),
    Column("points_per_decade_high", "number", "index points"),
    Column("points_per_year_low", "number", "index points per year"),
    Column("points_per_year", "number", "index points per year", "at equal compute"),
    Column("points_per_year_high", "number", "index points per year"),
    Column("reliable", "number", "fraction", "differences in compute that are no errors"),
    Column("scatter", "number", "index points"), Column("models", "whole", "models"), Column("labs", "whole", "labs"),
    Column("from_flop", "number", "FLOP"), Column("to_flop", "number", "FLOP"),
)  # fmt: skip
BANDS = (
    Column("band"), Column("kind", help="all models, or the cheapest so far"),
    Column("low", "number", "x per year", "of the line, which leans low where models scatter"),
    Column("mid", "number", "x per year"), Column("high", "number", "x per year"), Column("models", "whole", "models"),
    Column("labs", "whole", "labs"), Column("years", "number", "years"), Column("believed", "flag"),
    Column("flag", help="why a line is not believed"),
)  # fmt: skip
CASE = (
    Column("model"), Column("base"), *_ENDS,
    Column("saved_low", "number", "x"), Column("saved", "number", "x", "compute the older software would have needed"),
    Column("saved_high", "number", "x"), Column("years", "number", "years"),
    Column("models", "whole", "models", "behind the scaling line"), Column("reading"),
)  # fmt: skip
SELECTION = (
    Column("way"), *_ENDS,
    Column("moved", "number", "x", "factor on the yearly rate"), Column("meaning"),
)  # fmt: skip
SHARES = (
    Column("reading", help="labs, amounts, errors of compute; leaders: growth of compute of these; if: selection"),
    Column("low", "number", "percent"), Column("mid", "number", "percent", "of the gain that more compute gave"),
    Column("high", "number", "percent"), Column("software_low", "number", "percent"),
    Column("software", "number", "percent", "of the gain that better software gave: the rest"),
    Column("software_high", "number", "percent"),
    *(Column(f"{name}_points{end}", "number", "index points/year")
      for name in ("compute", "software", "whole") for end in ("_low", "", "_high")),
    Column("growth_low", "number", "x/year"), Column("growth", "number", "x/year", "of training compute"),
    Column("growth_high", "number", "x/year"), Column("from", "date"), Column("to", "date"),
    Column("models", "whole", "models", "of the fit"),
)  # fmt: skip
PUBLISHED = (
    Column("estimate"), Column("date", "date"), *_ENDS, Column("note"), Column("source"),
)  # fmt: skip
FOREST = (
    Column("estimate"), Column("whose"), *_ENDS,
)  # fmt: skip
MODELS = (
    Column("model"), Column("released", "date"), Column("flop", "number", "FLOP"), Column("flop_low", "number", "FLOP"),
    Column("flop_high", "number", "FLOP"), Column("capability", "number", "index points"),
    Column("capability_low", "number", "index points"), Column("capability_high", "number", "index points"),
    Column("band"), Column("well_known", "flag"), Column("organization"),
)  # fmt: skip
LINE = (
    Column("released", "date"), Column("band"), Column("low", "number", "FLOP"), Column("flop", "number", "FLOP"),
    Column("high", "number", "FLOP"),
)  # fmt: skip
