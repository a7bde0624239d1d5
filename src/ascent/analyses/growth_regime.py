"""How does a series grow: straight, exponentially, faster and faster, or with a break?

Theme     reference tables
Evidence  series: values of one named series over time, with intervals where known
Needs     the name of a series: --series
Method    straight line against one break at an unknown date, a parabola and an exponential, by maximum likelihood with
          the size and memory of the scatter free; p-values from series simulated from the straight line; growth
          averaged over what the series cannot tell about its own scatter
Source    Davies 1987, Biometrika 74:33, and Andrews 1993, Econometrica 61:821 (unknown break); Diebold and Chen 1996
          (its bootstrap); Burnham and Anderson 2002 (weights of forms)
Differs   dates known only to the month, quarter or year stand at the middle; on the log scale a straight line is
          exponential growth, and the words say so
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, from_decimal_year
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import param
from ascent.core.progress import progress
from ascent.core.quantiles import normal_quantile
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.model.breaks import fit_breaks
from ascent.model.forms import FormsFit, fit_forms, scan
from ascent.model.trend import TrendFit, fit_trend, scatter_grid

ENOUGH = 8  # values at different dates; a break needs four on either side
WORDS = {
    "linear": "straight",
    "break": "straight with a change of pace",
    "accelerating": "accelerating",
    "slowing": "slowing down",
    "exponential": "faster than straight by a constant factor a year (exponential)",
    "saturating": "levelling off",
}
LOG_WORDS = WORDS | {"linear": "exponential", "break": "exponential with a change of rate"}
LOG_WORDS |= {"accelerating": "faster than exponential", "exponential": "far faster than exponential"}
LOG_WORDS |= {"slowing": "exponential but slowing down", "saturating": "exponential but levelling off"}


@dataclass(frozen=True, kw_only=True)
class Params:
    series: str = param("", "which series; needed where the evidence holds several")
    entity: str = param("", "which entity of the series; needed where it has several")
    most: int = param(120, "longer series are averaged over this many equal spans of time", unit="values", least=6)
    log: bool = param(False, "judge the logarithm of the values, so that straight means exponential")
    draws: int = param(1_000, "draws of growth", unit="draws", least=0, most=100_000)
    simulations: int = param(499, "straight series simulated for the p-values", unit="series", least=0, most=100_000)
    seed: int = param(0, "seed of both", unit="seed", least=0)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `growth`; `forms` compares the shapes, `breaks` has every admissible date."""

    name: str = ""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        return {
            "series": charts.timeline(
                self.prepared["values"], date="date", low="low", mid="mid", high="high", bands=self.prepared["fitted"],
                title=self.sentence, manifest=self.manifest, quantity=self.name,
                note="The line is the straight one, for comparison.",
            )
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Tell how a series grows.

    Raises TooLittleEvidence where there is no series, several to choose from, or fewer than 8 different dates;
    UnknownName for a series or entity that is not there.
    """
    name, entity, rows = _chosen(evidence, params)
    rows = sorted(
        (row for row in rows if row["date"]), key=lambda row: (decimal_year(str(row["date"])), str(row["value"]))
    )
    years = np.array([decimal_year(str(row["date"])) for row in rows])
    if len(np.unique(years)) < ENOUGH:
        raise TooLittleEvidence(
            need=f"{ENOUGH} different dates to tell forms of growth apart",
            have=f"{len(np.unique(years))} in '{name}'",
            fix="add values of other dates to the table series",
        )
    value = np.array([float(row["value"]) for row in rows])  # type: ignore[arg-type]  # required
    low, high = (
        np.array([np.nan if row[end] is None else float(str(row[end])) for row in rows]) for end in ("low", "high")
    )
    if params.log and min(value.min(), np.nanmin(np.append(low, np.inf))) <= 0:
        raise TooLittleEvidence(
            need="positive values for the log scale", have=f"{value.min():g} among them", fix="leave --log out"
        )
    if len(years) > params.most:
        years, value, low, high = _averaged(years, value, low, high, spans=params.most)
    scale = np.log10 if params.log else np.asarray
    error = np.nan_to_num(scale(high) - scale(low)) / (2 * normal_quantile((1 + MASS) / 2))
    measured = np.diag(error**2) if error.any() else None
    worked = scale(value).astype(float)
    scatter = scatter_grid(years, worked, measured)
    found = scan(years, scatter)
    some = min(params.simulations, 299)  # of each break, where every date is tested
    with progress("comparing forms of growth", 3) as step:
        trend = fit_trend(years, worked, measured, draws=params.draws, seed=params.seed)
        step()
        forms = fit_forms(years, worked, measured, simulations=params.simulations, seed=params.seed, scanned=found)
        step()
        has_break = bool(found.positions("break"))
        breaks = (
            fit_breaks(worked, found, draws=params.draws, simulations=some, seed=params.seed) if has_break else None
        )
        step()
    unit = str(rows[0]["unit"])
    pace = "orders of magnitude a year" if params.log else f"{unit} a year"
    sheets = {"growth": _growth(trend, pace), "forms": _forms(forms)}
    if breaks is not None:
        sheets["breaks"] = Table.of(
            [Column("date", "date"), *_ends("before", pace), *_ends("after", pace), Column("standing", "flag")],
            f"Every admissible break; standing are the dates that the {MASS:.0%} set of dates holds.",
            date=[from_decimal_year(date) for date in breaks.date], standing=breaks.standing,
            **dict(zip(("before_low", "before", "before_high"), interval(breaks.before), strict=True)),
            **dict(zip(("after_low", "after", "after_high"), interval(breaks.after), strict=True)),
        )  # fmt: skip
        first, best, last = (from_decimal_year(date) for date in breaks.dates())
    else:
        first = best = last = ""
    sheets["values"] = Table.of(
        _drawn(unit),
        date=[from_decimal_year(year) for year in years], low=low, mid=value, high=high,
    )  # fmt: skip
    grid = np.linspace(years.min(), years.max(), 25)
    line = trend.level[:, None] + trend.growth[:, None] * (grid - trend.reference)
    ends = interval(10**line if params.log else line)
    sheets["fitted"] = Table.of(
        _drawn(unit),
        date=[from_decimal_year(year) for year in grid], low=ends[0], mid=ends[1], high=ends[2],
    )  # fmt: skip
    words = LOG_WORDS if params.log else WORDS
    low_, mid, high_ = (float(part) for part in interval(trend.growth))
    subject = f"'{name}'" + (f" of {entity}" if entity else "")
    others = " or ".join(words[kind] for kind in forms.rivals if kind != forms.kind)
    told = words[forms.kind] + (f" (hardly told from {others})" if others else "")
    when = f"; the change lies between {first} and {last}, best {best}" if forms.kind == "break" and best else ""
    bend = f"any bend p = {forms.p_bend:.2g}"
    sentence = (
        f"{subject} grows by {mid:.3g} {pace} on average ({MASS:.0%} interval {low_:.3g} to {high_:.3g}); "
        f"its growth is {told}{when} ({bend})."
    )
    spans = f", averaged over {len(years)} spans of time" if len(rows) > len(years) else ""
    notes = (Note("info", "values", f"{len(rows)} values from {rows[0]['date']} to {rows[-1]['date']}{spans}."),)
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, notes, name)


def _chosen(evidence: Evidence, params: Params) -> tuple[str, str, list[dict[str, object]]]:
    """The one series and entity asked for, or the only one there is."""
    rows: list[dict[str, object]] = [dict(row) for row in evidence.table("series").rows()]
    for column, wanted in (("series", params.series), ("entity", params.entity)):
        there = sorted({str(row[column] or "") for row in rows})
        if wanted and wanted not in there:
            raise UnknownName(column, wanted, there)
        if not wanted and len(there) > 1:  # those too short to judge are no choice, unless there is no other
            there = [name for name in there if _dates(rows, column, name) >= ENOUGH] or there
        if not wanted and len(there) != 1:
            some = ", ".join(f"'{one}'" for one in there[:8]) + (" ..." if len(there) > 8 else "")
            raise TooLittleEvidence(
                need=f"one {column} to look at",
                have=f"{len(there)}: {some}" if there else "no row in the table series",
                fix=f"name one with --{column}"
                if there
                else "add one: `ascent evidence template series` shows the form",
            )
        rows = [row for row in rows if str(row[column] or "") == (wanted or there[0])]
    return str(rows[0]["series"]), str(rows[0]["entity"] or ""), rows


def _dates(rows: list[dict[str, object]], column: str, name: str) -> int:
    """At how many different dates the series or entity of that name has a value."""
    return len({row["date"] for row in rows if row["date"] and str(row[column] or "") == name})


def _averaged(years: Floats, *parts: Floats, spans: int) -> list[Floats]:
    """Means over equal spans of time; spans without a value are gone."""
    edges = np.linspace(years.min(), years.max(), spans + 1)
    place = np.searchsorted(edges[1:-1], years, side="right")
    count = np.bincount(place, minlength=spans)
    return [np.bincount(place, part, spans)[count > 0] / count[count > 0] for part in (years, *parts)]


def _drawn(unit: str) -> list[Column]:
    return [Column("date", "date"), *(Column(end, "number", unit) for end in ("low", "mid", "high"))]


def _growth(trend: TrendFit, pace: str) -> Table:
    low, mid, high = interval(trend.growth)
    columns = [
        Column("quantity"),
        Column("low", "number", pace),
        Column("mid", "number", pace),
        Column("high", "number", pace),
    ]
    return Table.of(columns, quantity=["growth"], low=[float(low)], mid=[float(mid)], high=[float(high)])


def _forms(forms: FormsFit) -> Table:
    columns = [
        Column("form"), Column("parameter", help="best break date, or rate of the exponential"),
        Column("aicc", "number", "nats", "smaller is better"), Column("weight", "number", "share"),
        Column("p", "number", "probability", "of a gain over the straight line this large, were the line true"),
    ]  # fmt: skip
    rows = []
    for form in forms.log_likelihood:
        value = forms.parameter.get(form, np.nan)
        words = "" if np.isnan(value) else from_decimal_year(value)[:7] if form == "break" else f"{value:+.2f} a year"
        rows.append(
            {
                "form": form,
                "parameter": words,
                "aicc": forms.aicc[form],
                "weight": forms.weight[form],
                "p": forms.p.get(form),
            }
        )
    return Table.from_rows(columns, rows, f"Any bend at all: p = {forms.p_bend:.3f}; supported below 0.05.")


def _ends(name: str, unit: str) -> tuple[Column, Column, Column]:
    return Column(f"{name}_low", "number", unit), Column(name, "number", unit), Column(f"{name}_high", "number", unit)
