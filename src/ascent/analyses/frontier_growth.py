"""How fast does the best AI get better, is the pace changing, and what does the answer rest on?

Theme     models
Evidence  scores: shares of right answers, from which the capability index is fitted
          models: release date, organization
Method    record holders (best so far on the day of release) of the index; a straight line through them whose scatter
          (size, memory) is averaged over by restricted likelihood and whose measurement errors, shared ones included,
          come from the draws of the index; against it one break at an unknown date, a quadratic and an exponential,
          each by likelihood ratio with p-values from simulated straight series; every admissible break is shown;
          the same growth under each alternative of a list fixed in advance, and without each record holder
Source    Ho et al. 2025, A Rosetta Stone for AI Benchmarks, arXiv:2512.00193 (the index); Harville 1977 (restricted
          likelihood); Andrews 1993 and Diebold and Chen 1996 (breaks at unknown dates); docs/method/growth.md
Differs   the published piecewise line is fitted once, by least squares, with errors as if independent and the break
          date as if known; here the search for the date, memory of the scatter and errors of the index all count
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core import charts
from ascent.core.answer import Manifest, Note, Spec
from ascent.core.answer import Result as Answer
from ascent.core.dates import decimal_year, from_decimal_year, span
from ascent.core.draws import MASS, Floats, failed, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.frontier import Flags, ahead_at_release, best_before, frontier_at, record_holders, winners_curse
from ascent.measure.models import model_facts
from ascent.measure.score_matrix import score_matrix
from ascent.model.breaks import Breaks
from ascent.model.growth import BASES, ENOUGH, Choice, Growth, growth_of, most_moving
from ascent.model.index_matrix import REFERENCES, place

POINTS = "index points"
PACE = "index points per year"
LOW_MID_HIGH = ("low", "mid", "high")
ENDS: dict[str, Any] = {name: name for name in LOW_MID_HIGH}
WORDS = {"records": "record holders", "top": "the best five at each release", "all": "all models"}


@dataclass(frozen=True, kw_only=True)
class Params:
    draws: int = param(500, "draws of the index and of each growth figure", unit="draws", least=0, most=10_000)
    simulations: int = param(499, "straight and broken series simulated for p-values", unit="series", least=0)
    seed: int = param(0, "seed of draws and simulations", unit="seed", least=0)
    start: str = param("2023", "first release that counts in the trend: 2023, 2023-06 or 2023-06-15")
    basis: str = param("records", "which models the trend goes through", choices=BASES)
    warm_up: int = param(3, "models that must be out before a record counts", unit="models", least=0)
    reference_low: str = param(REFERENCES[0], "model that stands at 130 on the index")
    reference_high: str = param(REFERENCES[1], "model that stands at 150 on the index")


@dataclass(frozen=True)
class Result(Answer):
    """Capability (draw, model) on the index scale, models in order of release; draw 0 the estimate."""

    manifest: Manifest
    params: Params
    models: tuple[str, ...]
    organizations: tuple[str, ...]
    released: tuple[str, ...]
    capability: Floats
    growth: Growth
    undated: tuple[str, ...]

    @property
    def years(self) -> Floats:
        return np.array([decimal_year(day) for day in self.released])

    def headline(self) -> str:
        low, mid, high = interval(self.growth.trend.growth)
        first = int(np.flatnonzero(self.growth.chosen)[0])
        span_ = f"{mid:.1f} index points a year ({MASS:.0%} interval {low:.1f} to {high:.1f})"
        if low > 0:
            rise = f"The frontier rises by {span_}"
        elif high < 0:
            rise = (
                f"The frontier falls by {-mid:.1f} index points a year ({MASS:.0%} interval {-high:.1f} to {-low:.1f})"
            )
        else:
            rise = f"No rise or fall of the frontier is supported: {span_}"
        rise += f", over {WORDS[self.params.basis]} since {self.released[first][:7]}"
        return f"{rise}; {self._bend()}.{self._fragile()}"

    def _bend(self) -> str:
        forms, breaks = self.growth.forms, self.growth.breaks
        if forms is None:
            return "too few models to say whether the pace changed"
        if forms.kind == "linear":
            dated = f"; the best date would be {from_decimal_year(forms.parameter['break'])[:7]}" if breaks else ""
            return f"a change of pace is not supported (p = {forms.p_bend:.2f}{dated})"
        if breaks is None or "break" not in forms.rivals:
            # c exp(r t) curves the way of c, whatever the rate.
            upwards = forms.change[max(forms.change, key=lambda form: forms.weight[form])] > 0
            return f"the pace is {'rising' if upwards else 'falling'} ({forms.kind}, p = {forms.p_bend:.2f})"
        first, best, last = (from_decimal_year(date)[:7] for date in breaks.dates())
        gap = interval(breaks.after - breaks.before)
        faster = "faster" if gap[0][breaks.best] > 0 else "slower" if gap[2][breaks.best] < 0 else ""
        before, after = (interval(part)[1][breaks.best] for part in (breaks.before, breaks.after))
        others = [kind for kind in forms.rivals if kind != "break"]
        doubt = f", though a curve ({' or '.join(others)}) fits about as well" if others else ""
        change = f"{before:.1f} before and {after:.1f} after" + (f", {faster}" if faster else "")
        return f"a break in {best} ({first} to {last}) is supported (p = {forms.p['break']:.2f}): {change}{doubt}"

    def _fragile(self) -> str:
        other = most_moving(self.growth)
        if other is None or other.growth is None:
            return ""
        return f" What moves it most is the choice of {other.knob}: {other.growth[0]:.1f} with '{other.setting}'."

    def sheets(self) -> dict[str, Table]:
        sheets = {"growth": self._growth(), "records": self._records()}
        if self.growth.forms is not None:
            sheets["models_of_growth"] = self._forms()
        if self.growth.breaks is not None:
            sheets |= {"piecewise": self._piecewise(), "breaks": self._breaks()}
        return sheets | {
            "strip": self._strip(), "leave_one_out": self._left_out(),
            "frontier": self._frontier(), "fitted": self._fitted(),
        }  # fmt: skip

    def _growth(self) -> Table:
        choice, trend, chosen = self.growth.choice, self.growth.trend, np.flatnonzero(self.growth.chosen)
        columns = [
            Column("models", help="which models the line goes through"),
            Column("since", "date", help="release of the first of them"),
            Column("count", "whole"),
            *_interval_columns(PACE, "growth of the frontier"),
            Column("scatter", "number", POINTS, "standard deviation around the line"),
            Column("memory", "number", "years", "after which scatter is forgotten"),
            Column("selection", "number", PACE, "what choosing records by noisy estimates adds to growth"),
        ]
        return Table.from_rows(columns, [
            {"models": WORDS[choice.basis], "since": self.released[chosen[0]], "count": len(chosen),
             **_three(trend.growth), "scatter": trend.size, "memory": trend.memory, "selection": self.growth.selection}
        ])  # fmt: skip

    def _records(self) -> Table:
        years, capability = self.years, self.capability
        record = record_holders(years, capability)
        chance = _share(record)
        best = capability == np.nanmax(capability, axis=1, keepdims=True)
        now = _share(best)
        low, mid, high = interval(capability)
        lead = interval(capability - best_before(years, np.where(np.isfinite(capability), capability, -np.inf)))
        ahead = ahead_at_release(years, capability, MASS)
        shown = [i for i in range(len(years)) if record[0, i] or chance[i] >= 0.05 or now[i] >= 0.05]
        columns = [
            Column("model"), Column("organization"), Column("released", "date"),
            *_interval_columns(POINTS, "capability"),
            Column("lead_low", "number", POINTS), Column("lead", "number", POINTS, "over the best of earlier days"),
            Column("lead_high", "number", POINTS),
            Column("record", "flag", help="best so far by its estimate"),
            Column("verdict", help="ahead: the lead is supported by its interval; tied: it is not"),
            Column("record_probability", "number", "probability", "that it was the best so far when released"),
            Column("best_now_probability", "number", "probability", "that it is the best of all today"),
            Column("in_trend", "flag"),
        ]  # fmt: skip
        rows = []
        for i in shown:
            leads = [float(part[i]) if np.isfinite(part[i]) else None for part in lead]
            verdict = (
                "first" if leads[1] is None else "ahead" if ahead[i] else "tied" if record[0, i] else "behind or tied"
            )
            rows.append({
                "model": self.models[i], "organization": self.organizations[i], "released": self.released[i],
                "low": low[i], "mid": mid[i], "high": high[i], "lead_low": leads[0], "lead": leads[1],
                "lead_high": leads[2], "record": bool(record[0, i]), "verdict": verdict,
                "record_probability": chance[i], "best_now_probability": now[i],
                "in_trend": bool(self.growth.chosen[i]),
            })  # fmt: skip
        note = "Models that were the best so far by their estimate, or may have been with a probability of 5 %."
        return Table.from_rows(columns, rows, note)

    def _forms(self) -> Table:
        forms = self.growth.forms
        assert forms is not None
        columns = [
            Column("form"), Column("parameter", help="best break date, or rate of the exponential"),
            Column("change", help="direction of the bend"),
            Column("log_likelihood", "number", "nats"), Column("aicc", "number", "nats", "smaller is better"),
            Column("weight", "number", "share", "Akaike weight among these forms"),
            Column("p", "number", "probability", "of a gain over the straight line this large, were the line true"),
        ]  # fmt: skip
        rows: list[dict[str, object]] = []
        for form, likelihood in forms.log_likelihood.items():
            value = forms.parameter.get(form, np.nan)
            words = from_decimal_year(value)[:7] if form == "break" else f"{value:+.2f} per year"
            rows.append({
                "form": form, "parameter": words if np.isfinite(value) else "",
                "change": "" if form == "linear" else "upwards" if forms.change[form] > 0 else "downwards",
                "log_likelihood": likelihood, "aicc": forms.aicc[form], "weight": forms.weight[form],
                "p": forms.p.get(form),
            })  # fmt: skip
        note = f"Any bend at all: p = {forms.p_bend:.3f}; supported below 0.05. The evidence says: {forms.kind}."
        return Table.from_rows(columns, rows, note)

    def _piecewise(self) -> Table:
        breaks, best = _breaks_of(self.growth)
        rows: list[dict[str, object]] = [
            {"quantity": "break", "unit": "year", **dict(zip(LOW_MID_HIGH, breaks.dates(), strict=True))},
            {"quantity": "growth before the break", "unit": PACE, **_three(breaks.before[:, best])},
            {"quantity": "growth after the break", "unit": PACE, **_three(breaks.after[:, best])},
            {"quantity": "change of growth", "unit": PACE, **_three((breaks.after - breaks.before)[:, best])},
            {"quantity": "ratio of growth", "unit": "ratio",
             **{name: float(part[best]) for name, part in zip(LOW_MID_HIGH, breaks.ratio(), strict=True)}},
        ]  # fmt: skip
        note = (
            "If there is one break: at its best date. Paces are given that date; only 'break' holds the search for it."
        )
        return Table.from_rows([Column("quantity"), *_interval_columns("see unit", ""), Column("unit")], rows, note)

    def _breaks(self) -> Table:
        breaks, _ = _breaks_of(self.growth)
        before, after, ratio = interval(breaks.before), interval(breaks.after), breaks.ratio()
        columns = [Column("date", "date", help="admissible break")]
        data: dict[str, object] = {"date": [from_decimal_year(date) for date in breaks.date]}
        for name, unit, parts in (("before", PACE, before), ("after", PACE, after), ("ratio", "ratio", ratio)):
            for end, part in zip(("_low", "", "_high"), parts, strict=True):
                columns.append(Column(f"{name}{end}", "number", unit))
                data[f"{name}{end}"] = part
        columns += [
            Column("loss", "number", "nats", "twice the log likelihood lost against the best date"),
            Column("p", "number", "probability", "of losing as much, were this the date"),
            Column("standing", "flag", help=f"in the set of dates at {MASS:.0%}"),
        ]
        data |= {"loss": breaks.loss, "p": breaks.p, "standing": breaks.standing}
        note = (
            "Every admissible break: the ratio of paces depends on where one puts it. Empty ends: no finite interval."
        )
        return Table.of(columns, note, **data)  # type: ignore[arg-type]  # columns by name, no note among them

    def _strip(self) -> Table:
        columns = [Column("knob", help="choice that was turned"), Column("setting"), Column("default", "flag")]
        columns += [Column("count", "whole", help="models in the trend"), *_interval_columns(PACE, "growth")]
        rows = [
            {"knob": other.knob, "setting": other.setting, "default": other.default, "count": other.models}
            | (_three(other.growth) if other.growth is not None else {})
            for other in self.growth.alternatives
        ]
        return Table.from_rows(columns, rows, f"Empty: fewer than {ENOUGH} models or four dates.")

    def _left_out(self) -> Table:
        usual = self.growth.trend.growth
        flag = Column("default", "flag")
        columns = [Column("without"), *_interval_columns(PACE, "growth"), Column("shift", "number", PACE), flag]
        left = [("none left out", usual), *((self.models[i], growth) for i, growth in self.growth.left_out)]
        rows = [
            {"without": name, **_three(growth), "shift": float(growth[0] - usual[0]), "default": growth is usual}
            for name, growth in left
        ]
        return Table.from_rows(columns, rows, "Without a record holder, the next best of its day takes its place.")

    def _frontier(self) -> Table:
        years, grid = self.years, _months(self.years)
        low, mid, high = interval(frontier_at(years, self.capability, grid))
        curse = winners_curse(years, self.capability, grid)
        columns = [
            Column("date", "date"), *_interval_columns(POINTS, "best capability released by then"),
            Column("excess", "number", POINTS, "by which the best of noisy estimates overstates the best"),
            Column("corrected", "number", POINTS, "mid less that excess"),
        ]  # fmt: skip
        days = [from_decimal_year(year) for year in grid]
        return Table.of(columns, "", date=days, low=low, mid=mid, high=high, excess=curse, corrected=mid - curse)

    def _fitted(self) -> Table:
        mine = self.years[self.growth.chosen]
        grid = np.linspace(mine.min(), mine.max(), 25)
        columns = [Column("released", "date"), Column("line"), *_interval_columns(POINTS, "line through the frontier")]
        rows: list[dict[str, object]] = []
        for name, drawn in self.growth.lines(grid).items():
            for year, *ends in zip(grid, *interval(drawn), strict=True):
                rows.append({"released": from_decimal_year(year), "line": name} | dict(zip(ENDS, ends, strict=True)))
        return Table.from_rows(columns, rows)

    def charts(self) -> dict[str, Spec]:
        sheets, made = self.sheets(), {}
        records, strip = sheets["records"], sheets["strip"]
        start = str(self.manifest.params["start"])  # earlier records would squeeze the trend into a corner
        kept = [i for i, flag in enumerate(records["record"]) if flag and str(records["released"][i]) >= start]
        made["frontier"] = charts.timeline(
            records.take(kept), date="released", label="model", **ENDS, bands=sheets["fitted"], line="line",
            title=self.headline().split(";")[0] + ".", manifest=self.manifest, quantity="capability",
            highlight=[str(records["model"][i]) for i in kept if records["in_trend"][i]],
            note="Dots are record holders by their estimates, grey where they lie outside the trend.",
        )  # fmt: skip
        known = [i for i, mid in enumerate(strip["mid"]) if mid is not None]
        made["strip"] = charts.strip(
            strip.take(known), choice="setting", **ENDS, default="default", family="knob", quantity="growth",
            title="Growth of the frontier under each defensible choice", manifest=self.manifest,
        )  # fmt: skip
        made["leave_one_out"] = charts.strip(
            sheets["leave_one_out"], choice="without", **ENDS, default="default", quantity="growth",
            title="Growth of the frontier without each of its models", manifest=self.manifest,
        )  # fmt: skip
        if self.growth.breaks is not None:
            made["breaks"] = charts.timeline(
                None, date="date", **ENDS, bands=_before_after(sheets["breaks"]), line="pace", quantity="pace",
                title="Pace before and after a break, for every place one may put it", manifest=self.manifest,
                note="Where the two bands overlap, a break at that date changes nothing that can be told.",
            )  # fmt: skip
        return made

    def diagnostics(self) -> list[Note]:
        notes = []
        if self.undated:
            names = ", ".join(self.undated[:5]) + (" ..." if len(self.undated) > 5 else "")
            words = f"{len(self.undated)} models have no release date and are left out: {names}."
            notes.append(Note("warning", "dates", words))
        if (count := int(self.growth.chosen.sum())) < 12:
            words = f"Only {count} models carry the trend; a longer series may scatter more than so few can show."
            notes.append(Note("warning", "few models", words))
        if len(self.capability) < 3:
            words = "Without draws of the index its errors are not in the intervals; ask for --draws 500."
            notes.append(Note("warning", "draws", words))
        if lost := failed(self.capability):
            notes.append(Note("warning", "convergence", f"{lost} draws of the index failed and are left out."))
        excess = winners_curse(self.years, self.capability, self.years[-1:])[0]
        words = (
            f"Records are chosen by noisy estimates: today's best is overstated by about {excess:.1f} index points, "
            f"growth by about {self.growth.selection:+.1f} a year (in the strip as 'corrected for selection')."
        )
        notes.append(Note("info", "selection", words))
        words = "The lines describe the past: over 3 months such lines forecast the index no better than no change."
        return [*notes, Note("info", "forecast", words)]


def run(evidence: Evidence, params: Params = Params()) -> Result:
    """Answer the question; raises TooLittleEvidence where fewer than six models carry a trend."""
    try:
        start = round(decimal_year(span(params.start)[0].isoformat()) - 0.5 / 365, 4)  # the beginning of that day
    except ValueError as wrong:
        raise WrongUse(f"--start: {wrong}.") from None
    names, capability = _capability(evidence, params)
    facts = model_facts(evidence, names)
    dated = [i for i, name in enumerate(names) if facts[name]["released"]]
    dated.sort(key=lambda i: (decimal_year(str(facts[names[i]]["released"])), names[i]))
    released = tuple(str(facts[names[i]]["released"]) for i in dated)
    capability = capability[:, dated]
    choice = Choice(basis=params.basis, start=start, warm_up=params.warm_up)
    years = np.array([decimal_year(day) for day in released])
    found = growth_of(
        years, capability, choice, draws=max(params.draws, 200), simulations=params.simulations, seed=params.seed
    )
    if found is None:
        raise TooLittleEvidence(
            need=f"{ENOUGH} models on at least four days that carry a trend since {params.start}",
            have=f"{len(dated)} dated models, of which fewer are {WORDS[params.basis]} since then",
            fix="add scores and release dates with `ascent evidence add`, or try --basis all or an earlier --start",
        )
    return Result(
        Manifest.stamp(__name__, params, evidence), params, tuple(names[i] for i in dated),
        tuple(str(facts[names[i]]["organization"] or "") for i in dated), released, capability, found,
        tuple(sorted(name for name in names if not facts[name]["released"])),
    )  # fmt: skip


def _capability(evidence: Evidence, params: Params) -> tuple[tuple[str, ...], Floats]:
    """Models and draws of their capability (draw, model), from the default index."""
    references = params.reference_low, params.reference_high
    placed = place(score_matrix(evidence), references, draws=params.draws, seed=params.seed)
    return placed.models, placed.fit.draws


def _interval_columns(unit: str, help: str) -> list[Column]:
    return [Column(name, "number", unit, help if name == "mid" else "") for name in LOW_MID_HIGH]


def _three(draws: Floats) -> dict[str, float]:
    return {name: float(value) for name, value in zip(LOW_MID_HIGH, interval(draws), strict=True)}


def _share(flags: Flags) -> Floats:
    """Share of resamples in which something holds; without resamples that of the estimate."""
    return np.asarray((flags[1:] if len(flags) > 1 else flags).mean(axis=0), dtype=float)


def _breaks_of(growth: Growth) -> tuple[Breaks, int]:
    assert growth.breaks is not None  # these sheets exist only where it does
    return growth.breaks, growth.breaks.best


def _months(years: Floats) -> Floats:
    """The first of each month from the first release on, and the last release itself."""
    first, last = np.ceil(years.min() * 12), np.floor(years.max() * 12)
    return np.append(np.arange(first, last + 1) / 12, years.max())


def _before_after(breaks: Table) -> Table:
    """The two paces of each admissible break as two lines."""
    rows = [
        {"date": row["date"], "pace": name, "low": row[f"{name}_low"], "mid": row[name], "high": row[f"{name}_high"]}
        for name in ("before", "after")
        for row in breaks.rows()
    ]
    return Table.from_rows([Column("date", "date"), Column("pace"), *_interval_columns(PACE, "pace")], rows)
