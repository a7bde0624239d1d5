"""When is each benchmark used up, and do benchmarks last less and less long?

Theme     benchmarks
Evidence  scores: shares of right answers of models on benchmarks; models: release dates; benchmarks: release, chance,
          ceiling
Method    best score so far by release of the model; its logit between chance and ceiling climbs by records that come at
          random, their rate and size drawn to those of the other benchmarks; a ceiling that nobody states is drawn
          between the best score and 1; dates of saturation are first passages, "not before the horizon" kept as a
          probability; lifetimes by a Weibull law with censoring and late entry; forecasts from every past origin judged
          against no change and against last year's slope
Source    docs/method/saturation.md; Northcutt et al. 2021, arXiv:2103.14749 (wrong labels); GPAI Policy Lab 2026,
          benchmark-forecasting (ceilings estimated, with floor at the best score)
Differs   they fit sigmoids over time by Markov chains; here there is no curve in time, a benchmark can stand still, and
          every answer takes less than a second
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, from_decimal_year, span
from ascent.core.draws import MASS, Floats
from ascent.core.errors import UnknownName, WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.records import POOLS, Records, records
from ascent.model.lifetimes import Lifetimes, fit_lifetimes
from ascent.model.saturating import Climb, fit_climb
from ascent.model.saturating_holdout import LEADS, hold_out
from ascent.model.saturating_words import WHEN, benchmark_words, saturated_words

STATES = ("saturated", "near the ceiling", "stalled", "fresh", "climbing")
ENDS = ((1 - MASS) / 2, 0.5, (1 + MASS) / 2)
CHARTED = 6  # benchmarks whose forecasts are drawn
AHEAD = 3.0  # years that are drawn ahead


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "tell of this benchmark in the first sentence")
    threshold: float = param(0.95, "saturated: this far from chance to ceiling", unit="share", least=0.5, most=0.999)
    near: float = param(0.8, "near the ceiling: this far", unit="share", least=0.3, most=0.99)
    stall: float = param(1.0, "stalled: no record for so long, though models were scored", unit="years", least=0.1)
    until: str = param("2036", "horizon of dates: a year, month or day")
    rule: str = param("max", "how several scores of a model on a benchmark become one", choices=POOLS)
    without: str = param("", "benchmarks to leave out, separated by ';'")
    draws: int = param(1000, "draws of every climb", unit="draws", least=20, most=20_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `benchmarks`; `forecast`, `lifetimes` and `holdout` look at what follows from it."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.dates import date_ranges

        ends: dict[str, Any] = {"low": "low", "mid": "mid", "high": "high"}
        made = {
            "forecast": charts.timeline(
                self.prepared["drawn"], date="date", **ends, bands=self.prepared["forecast"], line="benchmark",
                group="benchmark", title=f"Best scores so far, and ahead: {self.sentence.split('; ')[0]}.",
                manifest=self.manifest, quantity="Best score so far",
                note="Dots are records. Drawn are those under way with the most models.",
            ),
            "dates": date_ranges(
                self.prepared["dates"], label="benchmark", **ends, group="state", manifest=self.manifest,
                until=_end(str(self.manifest.params["until"])), note=self.prepared["dates"].note,
                title=f"When the best score comes {self.manifest.params['threshold']:.0%} of the way to its ceiling",
            ),
        }  # fmt: skip
        if "lifetimes" in self.prepared:
            last = self.sentence.split("; ")[-1]
            made["lifetimes"] = charts.timeline(
                self.prepared["lifetimes"], date="released", **ends, label="benchmark", group="outcome", log=True,
                bands=self.prepared["lifetime_by_release"], manifest=self.manifest, quantity="Lifetime",
                title=last[:1].upper() + last[1:],
                note="By release; the line is the median; what is not yet saturated lasts longer than its dot.",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where no benchmark has a history, UnknownName for a benchmark that has none.
    """
    try:
        until = _end(params.until)
    except ValueError as wrong:
        raise WrongUse(f"--until: {wrong}.") from None
    without = tuple(name.strip() for name in params.without.split(";") if name.strip())
    found = records(evidence, rule=params.rule, without=without)
    if params.benchmark and params.benchmark not in found.benchmarks:
        raise UnknownName("benchmark with a history", params.benchmark, found.benchmarks)
    climb = fit_climb(found, draws=params.draws, seed=params.seed)
    dates = climb.passage(params.threshold, until, params.seed)
    dates = np.where(climb.level(params.threshold) <= 0, _reached(found, climb, params.threshold), dates)
    rows = [_row(found, climb, dates, b, params) for b in range(len(found.benchmarks))]
    rows.sort(key=lambda row: (STATES.index(row["state"]), row["_date"], row["benchmark"]))
    sheets = {"benchmarks": Table.from_rows(_BENCHMARKS, rows, _NOTE)}
    shown = _shown(rows, params.benchmark)
    sheets |= {"dates": _dates(rows), "records": _records(found), "drawn": _drawn(found, shown)}
    sheets["forecast"] = _forecast(found, climb, shown, params)
    trend, lives = _lifetimes(found, climb, params)
    if trend is not None:
        sheets |= {
            "lifetimes": lives,
            "lifetime_by_release": _by_release(trend, lives),
            "lifetime_change": _change(trend),
        }
    held = hold_out(found, seed=params.seed)
    if held is not None:
        told = [held.scores(lead, seed=params.seed) for lead in LEADS if (held.lead == lead).any()]
        sheets["holdout"] = Table.from_rows(
            _HOLDOUT, told, "Errors are in shares of the score; skill is 1 - CRPS / the rival's."
        )
    saturated = (climb.level(params.threshold) <= 0).sum(axis=1)
    now = max(evidence.as_of, str(_day(float(found.date.max()))))
    sentence = saturated_words(saturated, rows, trend, threshold=params.threshold, until=params.until, now=now)
    if params.benchmark:
        one = next(row for row in rows if row["benchmark"] == params.benchmark)
        sentence = f"{benchmark_words(one, params.until)} {sentence}"
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(_notes(found, sheets)))


def _end(day: str) -> float:
    """The last day of a year, month or day, as a decimal year."""
    return decimal_year(span(day)[1].isoformat())


def _reached(found: Records, climb: Climb, threshold: float) -> Floats:
    """Release of the first model at the threshold, (draw, benchmark), were it reached."""
    dates = np.empty(climb.ceiling.shape)
    wanted = climb.chance + threshold * (climb.ceiling - climb.chance)
    for b in range(len(found.benchmarks)):
        holders = found.holders(b)
        place = np.searchsorted(found.share[holders], wanted[:, b] - 1e-12).clip(0, len(holders) - 1)
        dates[:, b] = np.maximum(found.date[holders][place], found.start(b))
    return dates


def _row(found: Records, climb: Climb, dates: Floats, b: int, params: Params) -> dict[str, Any]:
    """What is said of one benchmark."""
    holders, mine = found.holders(b), np.flatnonzero(found.benchmark == b)
    last, newest = float(climb.last[b]), float(found.date[holders[-1]])
    age = last - (found.start(b) if np.isnan(found.released[b]) else found.released[b])
    since = int((found.date[mine] > newest).sum())
    progress = climb.progress[:, b]
    stalled = since >= 3 and last - newest > params.stall
    rest = 2 if stalled else 3 if age < 0.75 and progress.mean() < 0.2 else 4
    state = np.where(climb.level(params.threshold)[:, b] <= 0, 0, np.where(progress >= params.near, 1, rest))
    shares = np.bincount(state, minlength=len(STATES)) / len(state)
    named = 0 if shares[0] >= 0.5 else 1 + int(shares[1:].argmax())
    ends = [float(end) for end in np.quantile(dates[:, b], ENDS, method="inverted_cdf")]
    growth, ceiling = np.quantile(climb.growth[:, b], ENDS), np.quantile(climb.ceiling[:, b], ENDS)
    return {
        "benchmark": found.benchmarks[b], "domain": found.domains[b], "released": _day(found.released[b]),
        "last_scored": _day(last), "best": climb.best[b], "holder": found.model[holders[-1]],
        "record": _day(newest), "chance": climb.chance[b], "state": STATES[named],
        "state_probability": float(shares[named]), "saturated": float(shares[0]),
        **dict(zip(WHEN, map(_day, ends), strict=True)),
        "by_until": float(np.isfinite(dates[:, b]).mean()),
        **dict(zip(("ceiling_low", "ceiling", "ceiling_high"), ceiling, strict=True)),
        "progress": float(np.median(progress)),
        **dict(zip(("growth_low", "growth", "growth_high"), growth, strict=True)),
        "records": int(climb.records[b]), "models": len(mine), "_date": ends[1], "_ends": ends,
    }  # fmt: skip


def _ends(unit: str) -> list[Column]:
    return [Column(end, "number", unit) for end in ("low", "mid", "high")]


def _day(year: float) -> str | None:
    return from_decimal_year(year) if np.isfinite(year) else None


def _dates(rows: list[dict[str, Any]]) -> Table:
    """What is not surely saturated, in order of the date."""
    shown = sorted((row for row in rows if row["saturated"] < MASS), key=lambda row: (row["_date"], row["benchmark"]))
    shown = [{**row, **dict(zip(("low", "mid", "high"), (row[end] for end in WHEN), strict=True))} for row in shown]
    columns = [Column("benchmark"), Column("state"), *(Column(end, "date") for end in ("low", "mid", "high"))]
    note = "A past date without 'saturated' was not seen: no newer model was scored."
    if done := len(rows) - len(shown):
        note += f" Left out: {done} saturated with a probability of {MASS:.0%} or more."
    return Table.from_rows(columns, shown, note)


def _shown(rows: list[dict[str, Any]], wanted: str) -> list[str]:
    """Benchmarks to draw: the one asked for, then those under way that the newest models were scored on."""
    newest = max(row["last_scored"] for row in rows)
    under = [row for row in rows if row["saturated"] < 0.5 and row["last_scored"][:4] == newest[:4]]
    under.sort(key=lambda row: (-row["models"], row["benchmark"]))
    names = [wanted] * bool(wanted) + [row["benchmark"] for row in under if row["benchmark"] != wanted]
    return names[:CHARTED] or [rows[0]["benchmark"]]


def _records(found: Records) -> Table:
    columns = (Column("benchmark"), Column("date", "date", help="release of the model"), Column("model"))
    rows = [
        {"benchmark": name, "date": _day(found.date[i]), "model": found.model[i], "score": float(found.share[i])}
        for b, name in enumerate(found.benchmarks) for i in found.holders(b)
    ]  # fmt: skip
    return Table.from_rows([*columns, Column("score", "number", "share", "raw, the best so far")], rows)


def _drawn(found: Records, shown: list[str]) -> Table:
    """Records of the benchmarks that are drawn, as points without intervals."""
    rows = [
        {"benchmark": name, "date": _day(found.date[i]), "mid": float(found.share[i])}
        for name in shown for i in found.holders(found.benchmarks.index(name))
    ]  # fmt: skip
    columns = [Column("benchmark"), Column("date", "date"), *_ends("share")]
    return Table.from_rows(columns, rows)


def _forecast(found: Records, climb: Climb, shown: list[str], params: Params) -> Table:
    rows = []
    steps = np.linspace(0.0, AHEAD, 13)
    drawn = climb.best_along(climb.last + steps[:, None], params.seed)
    for name in shown:
        b = found.benchmarks.index(name)
        days = [{"benchmark": name, "date": _day(climb.last[b] + ahead)} for ahead in steps]
        ends = np.quantile(drawn[:, :, b], ENDS, axis=1).T
        rows += [day | dict(zip(("low", "mid", "high"), end, strict=True)) for day, end in zip(days, ends, strict=True)]
    rows.sort(key=lambda row: (shown.index(str(row["benchmark"])), str(row["date"])))
    columns = [Column("benchmark"), Column("date", "date"), *_ends("share")]
    return Table.from_rows(columns, rows, "Best score by each date, from the newest scored model on.")


def _lifetimes(found: Records, climb: Climb, params: Params) -> tuple[Lifetimes | None, Table]:
    """Time from release to the threshold, and whether it depends on the date of release."""
    rows = []
    ceiling = np.median(climb.ceiling, axis=0)
    for b in np.flatnonzero(np.isfinite(found.released)):
        mine = np.flatnonzero(found.benchmark == b)
        born, wanted = float(found.released[b]), climb.chance[b] + params.threshold * (ceiling[b] - climb.chance[b])
        entry = max(float(found.date[mine].min()) - born, 0.0)
        there = found.date[mine][found.share[mine] >= wanted - 1e-12]
        low, high = float(climb.last[b]) - born, np.inf
        if len(there):
            high = max(float(there.min()) - born, 1 / 24)
            earlier = found.date[mine][found.date[mine] < there.min()]
            low = max(float(earlier.max()) - born, 0.0) if len(earlier) else 0.0
            entry = entry if high > entry else 0.0
        if high == np.inf and low <= entry:
            continue
        rows.append({
            "benchmark": found.benchmarks[b], "released": _day(born), "born": born, "entry": entry,
            "low": max(low, 1 / 24),
            "high": high if np.isfinite(high) else None, "mid": high if np.isfinite(high) else max(low, 1 / 24),
            "outcome": "saturated" if np.isfinite(high) else "not yet",
        })  # fmt: skip
    ended = sum(row["outcome"] == "saturated" for row in rows)
    table = Table.from_rows(_LIFETIMES, rows, "Not yet: it has lasted at least so long.")
    if len(rows) < 5 or ended < 3:
        return None, table
    birth, least, seen = (np.array([row[name] for row in rows], dtype=float) for name in ("born", "low", "entry"))
    most = np.array([np.inf if row["high"] is None else row["high"] for row in rows], dtype=float)
    seen = np.where(seen < least, seen, 0.0)
    return fit_lifetimes(birth, least, most, seen, draws=params.draws, seed=params.seed), table


def _by_release(trend: Lifetimes, lives: Table) -> Table:
    years = np.array([decimal_year(str(day)) for day in lives["released"]])
    grid = np.linspace(years.min(), years.max(), 25)
    low, mid, high = np.quantile(trend.median(grid)[1:], ENDS, axis=0)
    columns = [Column("released", "date"), *_ends("years")]
    return Table.of(
        columns,
        "Median lifetime of benchmarks by release.",
        released=[_day(year) for year in grid],
        low=low,
        mid=mid,
        high=high,
    )


def _change(trend: Lifetimes) -> Table:
    """How a year's later release changes the lifetime, and the median lifetime of the newest."""
    columns = [Column("quantity"), *_ends("times as long per year")]
    low, mid, high = np.exp(np.quantile(trend.change[1:], ENDS))
    return Table.of(columns, quantity=["lifetime"], low=[low], mid=[mid], high=[high])


def _notes(found: Records, sheets: dict[str, Table]) -> list[Note]:
    words = f"{len(found.share)} scores on {len(found.benchmarks)} benchmarks."
    notes = [Note("info", "scores", words + "".join(f" Left out: {n} {why}." for why, n in found.left_out))]
    unsaid = int(np.isnan(found.ceiling).sum())
    if unsaid:
        words = f"Nobody states the ceiling of {unsaid} benchmarks; it is drawn between the best score and 1."
        notes.append(Note("warning", "ceiling", words))
    old = [row for row in sheets["benchmarks"].rows() if float(str(row["saturated"])) < 0.5]
    silent = [str(row["benchmark"]) for row in old if decimal_year(str(row["last_scored"])) < found.date.max() - 1]
    if silent:
        words = f"No model of the last year was scored on {', '.join(silent[:6])}{' ...' if len(silent) > 6 else ''}: "
        notes.append(
            Note("warning", "not scored", words + "their dates say when it would have come, not that it was seen.")
        )
    if "lifetimes" in sheets:
        words = "Old benchmarks had to wait for language models, and collections take up what is still open: "
        words += "lifetimes tell of the field and its collectors as much as of the benchmarks."
        notes.append(Note("info", "lifetimes", words))
    if "holdout" in sheets:
        told = "; ".join(
            f"{row['lead']:.0f} months: skill {row['skill']:.2f} ({row['skill_low']:.2f} to {row['skill_high']:.2f}), "
            f"{float(str(row['covered'])):.0%} covered, {row['independent']} independent windows"
            for row in sheets["holdout"].rows()
        )
        notes.append(
            Note("info", "holdout", f"Past forecasts against the better of no change and last year's slope: {told}.")
        )
    return notes


_NOTE = (
    "Reached: release of the model at the threshold, counted on from the last model scored; a past date of a benchmark "
    "that is not saturated was not seen. Empty: beyond the horizon."
)
_BENCHMARKS = (
    Column("benchmark"), Column("state"), Column("saturated", "number", "probability", "that it is now"),
    Column("reached_low", "date"), Column("reached", "date", help="release of the model that reaches the threshold"),
    Column("reached_high", "date"), Column("last_scored", "date", help="release of the newest scored model"),
    Column("best", "number", "share", "raw"),
    Column("state_probability", "number", "probability", "of the state named"),
    Column("by_until", "number", "probability", "saturated before the horizon"),
    Column("holder"), Column("record", "date"), Column("released", "date"), Column("domain"),
    Column("chance", "number", "share"),
    *(Column(name, "number", "share") for name in ("ceiling_low", "ceiling", "ceiling_high")),
    Column("progress", "number", "share", "of the way from chance to the ceiling"),
    *(Column(name, "number", "logits a year") for name in ("growth_low", "growth", "growth_high")),
    Column("records", "whole", "records"), Column("models", "whole", "models"),
)  # fmt: skip
_LIFETIMES = (
    Column("benchmark"), Column("released", "date"), Column("low", "number", "years"),
    Column("mid", "number", "years", "release to the first model at the threshold, or so far"),
    Column("high", "number", "years"), Column("outcome"), Column("entry", "number", "years", "age at the first score"),
)  # fmt: skip
_HOLDOUT = (
    Column("lead", "number", "months"), Column("cells", "whole", "cells"), Column("benchmarks", "whole", "benchmarks"),
    Column("origins", "whole", "origins"), Column("independent", "whole", "windows", "that do not overlap"),
    Column("covered", "number", "share", f"of {MASS:.0%} intervals"),
    Column("above", "number", "share", "of truths above the interval"),
    *(Column(name, "number", "share", help) for name, help in (
        ("crps", "of the forecast"), ("error", "of its median"), ("persistence", "error of no change"),
        ("slope", "error of last year's slope"))),
    *(Column(name, "number", "1") for name in ("skill_low", "skill", "skill_high")),
)  # fmt: skip
