"""Answers about time horizons as tables: what each row says, in which unit, and how far it can be trusted."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import from_decimal_year
from ascent.core.draws import MASS, Floats, interval
from ascent.core.quantiles import normal_quantile
from ascent.core.tables import Column, Table
from ascent.measure.horizon import Suite
from ascent.model.forms import fit_forms
from ascent.model.horizon import HorizonFits, fit_horizons, weights
from ascent.model.horizon_alternatives import Alternative
from ascent.model.horizon_curves import CURVES, fit_curve, fit_task_scatter
from ascent.model.horizon_set import HorizonSet, tamed
from ascent.model.horizon_trend import Multiverse, doubling_days, picked
from ascent.model.logistic import OUTCOMES
from ascent.model.trend import error_covariance

PACE, DAYS, MINUTES = "doublings a year", "days", "minutes"
LMH = ("low", "mid", "high")
ANY_BEND = "any bend"
FORM_DATES = 8  # a break needs four on either side
BINS = 10  # groups of tasks of like length that stand beside the curve


def words(minutes: float) -> str:
    """A length of time as people say it.

    >>> [words(value) for value in (0.05, 3.2, 59.0, 90.0, 1020.0, 6000.0)]
    ['3 seconds', '3.2 minutes', '59 minutes', '1.5 hours', '17 hours', '100 hours']
    """
    value, unit = (minutes * 60, "seconds") if minutes < 1 else (minutes, "minutes")
    if minutes >= 60:
        value, unit = minutes / 60, "hours"
    digits = 0 if value >= 9.95 else 1
    text = f"{value:,.{digits}f}".removesuffix(".0") if value >= 0.095 else f"{value:.2g}"
    return f"{text} {unit}" if text != "1" else f"1 {unit[:-1]}"


def horizons(found: HorizonSet) -> Table:
    """The main table: a row per model, the longest horizon first."""
    columns = [Column("model"), Column("released", "date")]
    ends = {}
    for name, success in (("p50", 0.5), ("p80", 0.8)):
        means = f"task length completed with {success:.0%}"
        columns += [
            Column(f"{name}_minutes", "number", MINUTES, means), Column(f"{name}_low", "number", MINUTES),
            Column(f"{name}_high", "number", MINUTES, "empty where no end is known"),
        ]  # fmt: skip
        ends[name] = found.minutes(success)
    columns.append(Column("attempts", "whole", "attempts"))
    rows = []
    for at, model in enumerate(found.models):
        row: dict[str, Any] = {"model": model, "released": found.released[at]}
        for name, (low, mid, high) in ends.items():
            row |= {f"{name}_minutes": mid[at], f"{name}_low": low[at], f"{name}_high": high[at]}
        many = found.attempts[at]
        rows.append(row | {"attempts": int(many) if np.isfinite(many) else None})
    rows.sort(key=lambda row: (-np.nan_to_num(row["p50_minutes"], nan=-1.0), row["model"]))
    note = ""
    if len(found.places):
        shortest, longest = (words(2**end) for end in found.ends)
        note = (
            f"An open high end beside {longest}, the longest task, says at least; an open low end beside {shortest}, "
            "the shortest, at most; an open end beside another length, that tasks tell of none: see `standing`."
        )
    return Table.from_rows(columns, rows, note)


def standing(found: HorizonSet, fits: HorizonFits | None) -> Table:
    """What each horizon is worth: an estimate or a bound, how many tasks are longer, how many draws failed."""
    columns = [Column("model")]
    told: dict[str, Any] = {"model": found.models}
    for name, success in (("p50", 0.5), ("p80", 0.8)):
        value = found.log2[success][0]
        columns += [Column(name, help="estimate, or at least / at most where it lies beyond the tasks; none: no fit"),
                    Column(f"{name}_longer", "number", "share of tasks", "longer than the horizon")]  # fmt: skip
        told[name] = found.standing(success)
        told[f"{name}_longer"] = [
            float((found.places > one).mean()) if len(found.places) and not np.isnan(one) else None for one in value
        ]
    if fits is not None:
        low, mid, high = interval(np.where(np.isfinite(fits.discrimination), fits.discrimination, np.nan))
        columns += [Column(f"discrimination_{end}" if end != "mid" else "discrimination", "number", "nats per doubling")
                    for end in LMH]  # fmt: skip
        told |= {"discrimination_low": low, "discrimination": mid, "discrimination_high": high}
        columns += [Column("draws_bounded", "whole", "draws", "resamples where all passed, all failed, or a step did"),
                    Column("draws_failed", "whole", "draws", "resamples where success did not fall with length"),
                    Column("outcome", help="how the fit to the data as they are ended")]  # fmt: skip
        value = fits.log2_horizon(0.5)[1:]
        told |= {
            "draws_bounded": (np.isin(fits.outcome[1:], (1, 2, 3))).sum(axis=0),
            "draws_failed": np.isnan(value).sum(axis=0), "outcome": [OUTCOMES[code] for code in fits.outcome[0]],
        }  # fmt: skip
    return Table.of(columns, **told)


def growth(draws: Floats, years: Floats, basis: str) -> Table:
    """Growth and the doubling time, each with its interval; years (model,) of the models that count."""
    low, mid, high = (float(part) for part in interval(draws))
    slow, middle, fast = (_finite(doubling_days(part)) for part in (low, mid, high))
    columns = [Column("quantity"), *(Column(end, "number", "see unit") for end in LMH), Column("unit"),
               Column("models", "whole", "models"), Column("dates", "whole", "dates"), Column("basis"),
               Column("since", "date")]  # fmt: skip
    first = from_decimal_year(float(years.min()))
    about = {"models": len(years), "dates": len(np.unique(years)), "basis": basis, "since": first}
    rows = [
        {"quantity": "growth", "low": low, "mid": mid, "high": high, "unit": PACE, **about},
        {"quantity": "doubling time", "low": fast, "mid": middle, "high": slow, "unit": DAYS, **about},
    ]
    return Table.from_rows(columns, rows, "Empty: no finite end, as growth may be zero or less.")


def line(grid: Floats, lines: Floats) -> Table:
    """The trend in minutes with its band; grid (date,) decimal years, lines (draw, date) log2 minutes."""
    low, mid, high = interval(lines) if len(lines) > 1 else (lines[0], lines[0], lines[0])
    days = [from_decimal_year(float(year)) for year in grid]
    minutes = [Column(end, "number", MINUTES) for end in LMH]
    return Table.of([Column("date", "date"), *minutes], date=days, low=2**low, mid=2**mid, high=2**high)


def dots(found: HorizonSet, success: float, mine: NDArray[np.bool_]) -> Table:
    """The horizons that the trend chart shows: dated ones."""
    low, mid, high = found.minutes(success)
    kept = [at for at, day in enumerate(found.released) if day and np.isfinite(mid[at])]
    columns = [Column("model"), Column("date", "date"), *(Column(end, "number", MINUTES) for end in LMH),
               Column("in_trend", "flag"),
               Column("record", "flag", help="the longest so far when released"), Column("standing")]  # fmt: skip
    state = found.standing(success)
    record = picked(found.years, found.log2[success][0], 0.0, "records")
    named = {word: [found.models[at] for at in kept if state[at] == word] for word in ("at least", "at most")}
    bounds = [
        f"{word} for {', '.join(some[:4])}{' and others' * (len(some) > 4)}" for word, some in named.items() if some
    ]
    return Table.of(
        columns, f"Dots at the ends of the suite are bounds: {'; '.join(bounds)}." if bounds else "",
        model=[found.models[at] for at in kept], date=[found.released[at] for at in kept], low=low[kept],
        mid=mid[kept], high=high[kept], in_trend=mine[kept], record=record[kept], standing=[state[at] for at in kept],
    )  # fmt: skip


def forms(found: HorizonSet, success: float, mine: NDArray[np.bool_], *, seed: int) -> dict[str, Table]:
    """Whether the trend bends: straight against broken and curved, in log2 minutes; nothing where dates are few."""
    years, draws = found.years[mine], tamed(found.log2[success][:, mine], *found.ends)
    if len(np.unique(years)) < FORM_DATES:
        return {}
    fit = fit_forms(years, draws[0], error_covariance(draws), simulations=99, seed=seed)
    columns = [Column("form", help="straight in log2 minutes is exponential in minutes"),
               Column("aicc", "number", "nats", "smaller is better"), Column("weight", "number", "share"),
               Column("p", "number", "probability", "of a gain over the straight line this large, were it true"),
               Column("change", help="direction of the bend")]  # fmt: skip
    rows = [
        {"form": form, "aicc": fit.aicc[form], "weight": fit.weight[form], "p": fit.p.get(form),
         "change": "" if form == "linear" else "upwards" if fit.change[form] > 0 else "downwards"}
        for form in fit.log_likelihood
    ]  # fmt: skip
    rows.append({"form": ANY_BEND, "p": fit.p_bend})
    return {"forms": Table.from_rows(columns, rows)}


def strip(others: Sequence[Alternative]) -> Table:
    """Growth and doubling time with one choice turned at a time."""
    columns = [Column("knob", help="choice that was turned"), Column("setting"), Column("default", "flag"),
               Column("models", "whole", "models"), *(Column(end, "number", PACE) for end in LMH),
               Column("days_low", "number", DAYS), Column("days", "number", DAYS, "doubling time"),
               Column("days_high", "number", DAYS)]  # fmt: skip
    rows = []
    for one in others:
        turned = [None if end is None else _finite(doubling_days(end)) for end in (one.high, one.mid, one.low)]
        rows.append({
            "knob": one.knob, "setting": one.setting, "default": one.default, "models": one.models, "low": one.low,
            "mid": one.mid, "high": one.high, "days_low": turned[0], "days": turned[1], "days_high": turned[2],
        })  # fmt: skip
    return Table.from_rows(columns, rows, "Empty: too few models or dates, or no finite end.")


def crossed(found: Multiverse) -> Table:
    """Every combination of choices with its doubling time."""
    days = doubling_days(found.value)
    columns = [*(Column(name.replace(" ", "_")) for name in found.choices), Column("mid", "number", PACE),
               Column("days", "number", DAYS, "doubling time")]  # fmt: skip
    data: dict[str, Any] = {
        name.replace(" ", "_"): [settings[code] for code in found.places[:, at]]
        for at, (name, settings) in enumerate(found.choices.items())
    }
    return Table.of(columns, mid=found.value, days=np.where(np.isfinite(days), days, np.nan), **data)


def choices(found: Multiverse) -> Table:
    """How much of the variance of the doubling time each choice decides, and its range over all combinations."""
    days = np.asarray(doubling_days(found.value))
    some = days[np.isfinite(days)]
    shares = found.shares()
    columns = [Column("choice"), Column("settings", "whole", "settings"),
               Column("share", "number", "share of variance", "first order: how far the means of its settings differ"),
               *(Column(f"days_{end}", "number", DAYS) for end in ("least", "middle", "most"))]  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"choice": "all", "settings": len(days), "share": None, "days_least": some.min(initial=np.inf),
         "days_middle": np.median(some) if len(some) else None, "days_most": some.max(initial=-np.inf)}
    ]  # fmt: skip
    for at, (name, settings) in enumerate(found.choices.items()):
        means = [np.median(days[(found.places[:, at] == one) & np.isfinite(days)]) for one in range(len(settings))
                 if ((found.places[:, at] == one) & np.isfinite(days)).any()]  # fmt: skip
        rows.append({
            "choice": name, "settings": len(settings), "share": shares[name], "days_least": min(means, default=None),
            "days_middle": None, "days_most": max(means, default=None),
        })  # fmt: skip
    note = "For a choice: least and most of the medians of its settings. Shares leave out what choices do together."
    return Table.from_rows(columns, rows, note)


def curve(suite: Suite, fits: HorizonFits, model: int) -> Table:
    """Success against task length for one model, with its band."""
    x = np.linspace(suite.counts.log2_minutes.min(), suite.counts.log2_minutes.max(), 40)
    with np.errstate(all="ignore"):
        chance = 1 / (1 + np.exp(-(fits.intercept[:, model, None] + fits.slope[:, model, None] * x)))
    low, mid, high = interval(chance)
    return Table.of(_SUCCESS, task_length=2**x, low=low, mid=mid, high=high, tasks=[None] * len(x))


def success(suite: Suite, model: int, weighting: str) -> Table:
    """Share of attempts that succeed in groups of tasks of like length, for one model."""
    counts = suite.counts
    tried = np.flatnonzero(counts.trials[model] > 0)
    order = tried[np.argsort(counts.log2_minutes[tried], kind="stable")]
    each = weights(counts, weighting)[model]
    rows = []
    z = normal_quantile((1 + MASS) / 2)
    for group in np.array_split(order, min(BINS, len(order))):
        w = each[group] * counts.trials[model, group]
        share = float(each[group] @ counts.successes[model, group] / w.sum())
        worth = float(w.sum() ** 2 / (w**2).sum())  # tasks, not attempts: those at one task are alike
        middle, half = (share + z**2 / (2 * worth)) / (1 + z**2 / worth), z / (1 + z**2 / worth)
        half *= float(np.sqrt(share * (1 - share) / worth + z**2 / (4 * worth**2)))
        rows.append({"task_length": float(2 ** np.mean(counts.log2_minutes[group])), "low": max(0.0, middle - half),
                     "mid": share, "high": min(1.0, middle + half), "tasks": len(group)})  # fmt: skip
    return Table.from_rows(_SUCCESS, rows, f"{suite.models[model]}: intervals count tasks, not attempts.")


def curves(suite: Suite, weighting: str) -> Table:
    """The horizons of every model under every family of curves."""
    each = weights(suite.counts, weighting)
    columns = [Column("model"), Column("curve"), Column("p50_minutes", "number", MINUTES),
               Column("p80_minutes", "number", MINUTES),
               Column("log_loss", "number", "nats per attempt", "smaller fits better"),
               Column("ends", "number", "probability", "ceiling or floor, where the curve has one")]  # fmt: skip
    rows = []
    for name in CURVES:
        fit = fit_curve(suite.counts, each, name)
        p50, p80 = fit.where(0.5), fit.where(0.8)
        end = {"with ceiling": fit.high, "with floor": fit.low}.get(name)
        rows += [
            {"model": model, "curve": name, "p50_minutes": _minutes(p50[at]), "p80_minutes": _minutes(p80[at]),
             "log_loss": fit.log_loss[at], "ends": None if end is None else end[at]}
            for at, model in enumerate(suite.models)
        ]  # fmt: skip
    rows.sort(key=lambda row: (row["model"], CURVES.index(row["curve"])))
    return Table.from_rows(columns, rows, "Empty: success does not fall with length, or never passes that rate.")


def definitions(suite: Suite) -> Table:
    """Success on average against success on a typical task, where tasks were tried more than once."""
    fit = fit_task_scatter(suite.counts)
    columns = [Column("model"), Column("p80_marginal", "number", MINUTES, "four of five such tasks are completed"),
               Column("p80_typical", "number", MINUTES, "a task of middle difficulty is completed four times of five"),
               Column("p50_minutes", "number", MINUTES, "the same under both meanings"),
               Column("ratio", "number", "x", "typical over marginal, at 80%"),
               Column("scatter", "number", "log odds", "between tasks of one length, standard deviation")]  # fmt: skip
    marginal, typical = fit.marginal(0.8), fit.typical(0.8)
    note = "Empty: too few tasks were tried more than once to tell difficulty from chance."
    return Table.of(
        columns, note, model=suite.models, p80_marginal=[_minutes(v) for v in marginal],
        p80_typical=[_minutes(v) for v in typical], p50_minutes=[_minutes(v) for v in fit.typical(0.5)],
        ratio=[_minutes(v) for v in typical - marginal], scatter=fit.scatter,
    )  # fmt: skip


def sources(suite: Suite, how: dict[str, Any], *, draws: int, seed: int) -> Table:
    """The longest horizon on the tasks of each source alone."""
    rows = []
    for name in sorted(set(suite.sources)):
        mine = np.array([source == name for source in suite.sources])
        counts = suite.counts.only(mine)
        fits = fit_horizons(counts, draws=draws, seed=seed, **how)
        part = HorizonSet("attempts", name, suite.models, suite.released, {0.5: fits.log2_horizon(0.5)},
                          counts.log2_minutes, counts.trials.sum(axis=1))  # fmt: skip
        families = len(set(counts.family[counts.family >= 0])) + int((counts.family < 0).sum())
        rows.append(_source(part, int(mine.sum()), families))
    return Table.from_rows(_SOURCES, rows)


def benchmarks(sets: Sequence[HorizonSet]) -> Table:
    """The longest horizon on each benchmark."""
    rows = [_source(one, len(one.places), None) for one in sets]
    return Table.from_rows(_SOURCES, rows, "The longest horizon inside the tasks; where none is, the longest bound.")


def _source(one: HorizonSet, tasks: int, families: int | None) -> dict[str, Any]:
    low, mid, high = one.minutes(0.5)
    state = one.standing(0.5)
    tried = [at for at, value in enumerate(mid) if np.isfinite(value)]
    row: dict[str, Any] = {
        "source": one.label, "tasks": tasks, "families": families, "models": len(tried),
        "shortest": 2 ** one.ends[0], "longest": 2 ** one.ends[1],
    }  # fmt: skip
    if tried:
        best = max(tried, key=lambda at: (np.nan_to_num(one.log2[0.5][0][at], nan=-99.0), one.models[at]))
        row |= {"model": one.models[best], "p50_low": low[best], "p50_minutes": mid[best], "p50_high": high[best],
                "standing": state[best]}  # fmt: skip
    return row


def _minutes(log2: float) -> float | None:
    return float(2**log2) if np.isfinite(log2) and abs(log2) < 200 else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


_SUCCESS = (
    Column("task_length", "number", MINUTES, "for a human"),
    *(Column(end, "number", "probability") for end in LMH), Column("tasks", "whole", "tasks"),
)  # fmt: skip
_SOURCES = (
    Column("source", help="suite or benchmark the tasks come from"), Column("tasks", "whole", "tasks"),
    Column("families", "whole", "families"), Column("models", "whole", "models"),
    Column("shortest", "number", MINUTES), Column("longest", "number", MINUTES),
    Column("model", help="with the longest horizon"), Column("p50_low", "number", MINUTES),
    Column("p50_minutes", "number", MINUTES), Column("p50_high", "number", MINUTES), Column("standing"),
)  # fmt: skip
