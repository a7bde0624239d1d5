"""When is a full evaluation due?

Theme     training and compute
Evidence  watch: models or checkpoints of one lab in order, their effective compute, which were evaluated; where told,
          months of fine-tuning since, and scores predicted and observed
Needs     a table of a lab's own models
Method    everything is counted from the last model that was evaluated: effective compute over its own (the largest
          since, so that small steps add up), months by the calendar, months of fine-tuning, and results that beat
          their prediction; the first rule that is met makes an evaluation due until one is done
Source    Anthropic, Responsible Scaling Policy, 2023 (4x effective compute, 3 months) and 2024 (4x, 6 months of
          fine-tuning); forum thread on the release of Claude 3.5 Sonnet, 2024 (10 % above the primary prediction)
Differs   policies count each model against the one before or do not say; here steps accumulate. "10 % higher" is told
          in both readings, relative and in points. Effective compute has an error, so reaching a factor has a
          probability. Nothing here says what effective compute is: `ascent effective-compute` compares definitions
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import calendar_months, decimal_year, from_calendar_months, span
from ascent.core.display import number, percent, plain, with_interval
from ascent.core.draws import MASS
from ascent.core.errors import WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.watch import Watch, watch
from ascent.model.evaluation_due import READINGS, RULES, Due, Excess, Places, due, excess

CALENDAR = "months by the calendar"
NEVER = "nothing was evaluated before"
GAP = 3.0  # years without a step, after which a date may be mistyped; our judgement, as labs train far more often


@dataclass(frozen=True, kw_only=True)
class Params:
    factor: float = param(
        4.0, "effective compute since the last evaluated model that makes one due", unit="x", least=1, most=1e12
    )
    months: float = param(
        0.0, "months since the last evaluation that make one due; 0: not asked", unit="months", least=0, most=600
    )
    fine_tuning: float = param(
        6.0, "months of fine-tuning since that make one due; 0: not asked", unit="months", least=0
    )
    excess: float = param(0.1, "excess over a prediction that makes one due", unit="fraction", least=0)
    reading: str = param("either", "how the excess is read: relative to the prediction, or in points", choices=READINGS)
    error: float = param(
        1.5, "factor within which each effective compute is known, at 90 %; our judgement, as labs tell none", unit="x",
        least=1, most=1000,
    )  # fmt: skip

    today: str = param("", "day on which is asked, for months by the calendar; empty: the day of the evidence")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `steps`; `now` says how things stand, `predictions` has results against what was predicted."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.named import clear_timeline

        factor = float(self.manifest.params["factor"])
        told = [row | {"state": _charted(row)} for row in self.prepared["steps"].rows()
                if row["ratio"] is not None]  # fmt: skip
        named = told if len(told) <= 12 else [row for row in told if row["evaluated"]][-4:] + told[-4:]
        first = [row for row in self.prepared["steps"].rows() if row["evaluated"]][:1]
        made = {} if not told else {
            "since_evaluation": clear_timeline(
                Table.from_rows(_STEPS, told), date="date", mid="ratio", low="ratio_low", high="ratio_high",
                label="model", group="state", highlight=[str(row["model"]) for row in named],
                manifest=self.manifest, title="Effective compute since the last evaluated model",
                quantity="Times the last evaluated model", log=True, references={f"{number(factor)}x, due": factor},
                ticks=sorted({0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, factor}),
                events={f"evaluated first: {row['model']}": str(row["date"]) for row in first},
                note="Every dot is measured by the evaluated model before it, so the count starts anew after each "
                "evaluation. Dots below the line can be due by other rules.",
            )
        }  # fmt: skip
        if len(self.prepared["predictions"]):
            made["predictions"] = charts.ranking(
                self.prepared["predictions"], label="result", mid="points", low="points_low", high="points_high",
                title="Results against what was predicted", manifest=self.manifest, quantity="Observed less predicted",
                references={"as predicted": 0.0, "limit": 100 * float(self.manifest.params["excess"])}, group="reading",
                note="The line is the limit in points; colours say in which reading of the rule it is passed.",
            )  # fmt: skip
        return made

    def stable(self) -> dict[str, Any]:
        """`due`: the steps that ask for an evaluation, and why; `next_due_flop`, `next_due_date`: the next one;
        `due_now`, `due_since`, `due_why`: whether one is due on the day asked about."""
        rows = list(self.prepared["steps"].rows())
        names = ("date", "model", "why", "since", "ratio", "ratio_low", "ratio_high", "probability", "state")
        state: dict[str, Any] = next(iter(self.prepared["now"].rows()))
        return {
            "due": [{name: row[name] for name in names} for row in rows if row["due"]],
            "last_evaluated": state["last_evaluated"], "next_due_flop": state["next_flop"],
            "next_due_date": state["next_date"], "due_now": state["due"], "due_since": state["since"],
            "due_why": state["why"],
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Go through the steps in order and say at which an evaluation was due, and why.

    Steps after --today are left out. Raises TooLittleEvidence below two steps (one evaluated model is enough where the
    calendar is asked), WrongUse where rows contradict each other.
    """
    try:
        span(params.today or "2026")
    except ValueError as error:
        raise WrongUse(f"--today: {error}.") from None
    seen = watch(evidence, until=params.today, calendar=params.months > 0)
    beats = excess(
        seen.predicted, seen.observed, seen.n, low=seen.low, high=seen.high, limit=params.excess, reading=params.reading
    )
    alarmed = np.zeros(len(seen.model), dtype=bool)
    alarmed[seen.step[beats.alarm]] = True
    told = due(
        seen.month, seen.compute, seen.evaluated, seen.tuned, alarmed, factor=params.factor, months=params.months,
        fine_tuning=params.fine_tuning, error=params.error,
    )  # fmt: skip
    steps = _steps(seen, told, beats, params)
    now = _now(seen, params, list(steps.rows()), evidence.as_of)
    sheets = {"steps": steps, "predictions": _predictions(seen, beats), "now": Table.from_rows(_NOW, [now])}
    return Answer(
        Manifest.stamp(__name__, params, evidence), _sentence(seen, told, steps, now),
        sheets, tuple(_notes(seen, told, beats, params)),
    )  # fmt: skip


def _steps(seen: Watch, told: Due, beats: Excess, params: Params) -> Table:
    rows: list[dict[str, Any]] = []
    since, beaten = "", _beaten(seen, beats, told.base)
    for k, model in enumerate(seen.model):
        base = int(told.base[k])
        if base == k - 1:  # the step before was evaluated, or this is the first one
            since = ""
        by = _calendar(seen.date[base], params.months) if base >= 0 else None
        if told.due[k] and not since:  # the calendar may have come to its day before this step
            since = by if by is not None and decimal_year(by) < decimal_year(seen.date[k]) else seen.date[k]
        reasons = {
            "compute": f"{number(told.ratio[k])}x the effective compute of {seen.model[base]}",
            "date": f"{number(told.months[k], 1)} months since",
            "fine-tuning": f"{number(told.tuned[k], 1)} months of fine-tuning since",
            "prediction": beaten[k],
        }
        why = [reasons[rule] for rule, met in zip(RULES, told.rules[k], strict=True) if met]
        if told.due[k] and base < 0:
            why = [NEVER, *why]
        state = ("evaluated, was due" if told.due[k] else "evaluated") if seen.evaluated[k] else (
            "due" if told.due[k] else "not due")  # fmt: skip
        rows.append({
            "date": seen.date[k], "model": model, "state": state, "due": bool(told.due[k]), "why": "; ".join(why),
            "since": since or None, "base": seen.model[base] if base >= 0 else None,
            "ratio": told.ratio[k], "ratio_low": told.low[k], "ratio_high": told.high[k],
            "probability": told.reached[k], "months": told.months[k], "fine_tuning": told.tuned[k],
            "furthest": seen.model[told.furthest[k]], "effective_compute_flop": seen.compute[k],
            "evaluated": bool(seen.evaluated[k]),
            "due_by": by,
        })  # fmt: skip
    return Table.from_rows(_STEPS, rows)


def _beaten(seen: Watch, beats: Excess, base: Places) -> list[str]:
    """For each step the result since its base that beat its prediction by most, and how many others did."""
    alarms: list[list[int]] = [[] for _ in seen.model]
    for k in np.flatnonzero(beats.alarm).tolist():
        alarms[seen.step[k]].append(k)
    words, most, count = [], -1, 0
    for step in range(len(seen.model)):
        if base[step] == step - 1:
            most, count = -1, 0
        for k in alarms[step]:
            most = k if most < 0 or beats.points[k, 1] > beats.points[most, 1] else most
            count += 1
        others = f", and {count - 1} other results" if count > 2 else ", and another result" * (count - 1)
        words.append(
            f"a result beat its prediction: {seen.benchmark[most]} of {seen.model[seen.step[most]]}, "
            f"{number(seen.observed[most])} for {number(seen.predicted[most])}{others}" if count else ""
        )  # fmt: skip
    return words


def _charted(row: Mapping[str, object]) -> str:
    """The state of a step as the chart's colours tell it: a dot below the line can be due."""
    if row["state"] != "due":
        return str(row["state"])
    return "due by compute" if "x the effective compute of" in str(row["why"]) else "due by another rule"


def _now(seen: Watch, params: Params, rows: list[dict[str, Any]], as_of: str) -> dict[str, Any]:
    """How things stand on the day asked about: whether an evaluation is due, and what makes the next one due."""
    last = len(rows) - 1
    evaluated = [k for k in range(last + 1) if seen.evaluated[k]]
    today = params.today or as_of or seen.date[last]
    if not evaluated:
        return {"today": today, "due": True, "since": rows[last]["since"], "why": rows[last]["why"]}
    start = evaluated[-1]
    by = _calendar(seen.date[start], params.months)
    late = by is not None and decimal_year(by) <= decimal_year(today)
    used = float(seen.tuned[start + 1 :].sum())
    open_ = start < last and bool(rows[last]["due"])
    return {
        "today": today, "due": open_ or late, "since": rows[last]["since"] if open_ else by if late else None,
        "why": rows[last]["why"] if open_ else CALENDAR if late else "",
        "last_evaluated": seen.model[start], "next_flop": params.factor * float(seen.compute[start]), "next_date": by,
        "fine_tuning_left": max(params.fine_tuning - used, 0.0) if params.fine_tuning else None,
    }  # fmt: skip


def _predictions(seen: Watch, beats: Excess) -> Table:
    rows = [
        {
            "result": f"{seen.model[at]}, {seen.benchmark[k]}", "date": seen.date[at], "predicted": seen.predicted[k],
            "observed": seen.observed[k], "observed_low": beats.observed_low[k],
            "observed_high": beats.observed_high[k], "relative": 100 * beats.relative[k, 1],
            "relative_low": 100 * beats.relative[k, 0], "relative_high": 100 * beats.relative[k, 2],
            "relative_alarm": bool(beats.relative_alarm[k]), "points": 100 * beats.points[k, 1],
            "points_low": 100 * beats.points[k, 0], "points_high": 100 * beats.points[k, 2],
            "points_alarm": bool(beats.points_alarm[k]), "beyond_chance": bool(beats.certain[k]),
            "reading": _READING[bool(beats.relative_alarm[k]), bool(beats.points_alarm[k])],
        }
        for k, at in enumerate(seen.step)
    ]  # fmt: skip
    return Table.from_rows(_PREDICTIONS, rows)


def _calendar(since: str, months: float) -> str | None:
    """The day on which the calendar alone makes an evaluation due, counted from a date; None where it is not asked."""
    return from_calendar_months(calendar_months(since) + months) if months > 0 else None


def _sentence(seen: Watch, told: Due, steps: Table, now: dict[str, Any]) -> str:
    last = len(seen.model) - 1
    model, base = plain(seen.model[last]), int(told.base[last])
    count = sum(bool(one) for one in steps["due"])
    whole = f"In all {count} of {last + 1} steps asked for an evaluation." if last else ""
    coming = f"the next evaluation is due {_coming(now)}" if now.get("next_flop") else ""
    if base < 0:
        state = coming if seen.evaluated[last] and not now["due"] else f"an evaluation is due since {now['since']}"
        if not last:
            by = " by the calendar" if now["due"] else ""
            return f"{_named(seen, 0)} is the only model and was evaluated, so no ratio has an interval; {state}{by}."
        return (
            f"No model of these {last + 1} was fully evaluated before {model}, so no ratio and no {MASS:.0%} interval "
            f"can be told; {state}. {whole}"
        )
    ratio = with_interval(told.ratio[last], told.low[last], told.high[last])
    ratio = ratio.replace("(", f"({MASS:.0%} interval ", 1)
    why = "by the calendar" if now["why"] == CALENDAR else f"({plain(str(now['why']), 300)})"
    due_ = f"a full evaluation is due since {now['since']} {why}"
    state = due_ if now["due"] else coming
    if seen.evaluated[last]:
        state = f"it was evaluated itself, and {state}"
    which = int(told.furthest[last])
    of = "" if which == last else f", the furthest until {model},"
    return (
        f"{_named(seen, which)}{of} reached {ratio} times the effective compute of {_named(seen, base)}, the last "
        f"evaluated model before it; {state}. {whole}"
    )


def _coming(now: dict[str, Any]) -> str:
    """What makes the next evaluation due."""
    left = now["fine_tuning_left"]
    ways = [f"at {number(now['next_flop'])} FLOP"]
    ways += [f"on {now['next_date']}"] if now["next_date"] else []
    ways += [f"after {number(left, 1)} more months of fine-tuning"] if left else []
    return f"{', '.join(ways[:-1])} or {ways[-1]}" if len(ways) > 1 else ways[0]


def _named(seen: Watch, at: int) -> str:
    """A step's model, with its date where another step has the same name."""
    return plain(seen.model[at]) + (f" of {seen.date[at]}" if seen.model.count(seen.model[at]) > 1 else "")


def _date_notes(seen: Watch, params: Params) -> list[Note]:
    """Steps left out as later than the day asked about, and dates that look mistyped."""
    notes = []
    if seen.later:
        some = ", ".join(map(plain, seen.later[:3])) + ", ..." * (len(seen.later) > 3)
        text = f"Left out as later than --today {params.today}: {some}. The answer is as of that day."
        notes.append(Note("warning", "later", text))
    gaps = np.diff(seen.month) / 12
    for k in np.flatnonzero(gaps > GAP).tolist():
        text = (
            f"{_named(seen, k + 1)} is dated {seen.date[k + 1]}, {number(float(gaps[k]))} years after the step before "
            f"it ({plain(seen.model[k])}, {seen.date[k]}). If one of the dates is mistyped, correct it: months and the "
            "day asked about follow them. --today asks on another day and leaves later steps out."
        )
        notes.append(Note("warning", "dates", text))
    return notes


def _notes(seen: Watch, told: Due, beats: Excess, params: Params) -> list[Note]:
    notes = _date_notes(seen, params)
    unsure = [seen.model[k] for k in range(len(seen.model)) if 0.05 < told.reached[k] < 0.95 and not seen.evaluated[k]]
    if unsure:
        text = (
            f"Whether {', '.join(map(plain, unsure[:3]))} reached {number(params.factor)}x is not certain: each "
            f"effective compute is taken to be known within a factor of {number(params.error)} (--error)."
        )
        notes.append(Note("warning", "near the line", text))
    last = len(seen.model) - 1
    since = seen.compute[int(told.base[last]) + 1 :]
    near = int((since * params.error >= since.max()).sum())
    if told.base[last] >= 0 and near > 2 and 0.05 < told.reached[last] < 0.95:
        text = (
            f"{near} models since {plain(seen.model[int(told.base[last])])} lie within their errors of the furthest: "
            "the largest of several uncertain amounts is rather too large, and so are its ratio and its probability."
        )
        notes.append(Note("warning", "largest of several", text))
    if params.months == 0:
        text = "No date makes an evaluation due here; `--months 6` asks for one half a year after the last."
        notes.append(Note("info", "by date", text))
    apart = beats.relative_alarm != beats.points_alarm
    if apart.any():
        first = int(np.flatnonzero(apart)[0])
        result = f"{plain(seen.benchmark[first])} of {plain(seen.model[seen.step[first]])}"
        text = (
            f"The two readings of '{percent(params.excess)} higher' disagree on {int(apart.sum())} of {len(apart)} "
            f"results, first on {result}: --reading chooses."
        )
        notes.append(Note("warning", "reading", text))
    chance = beats.alarm & ~beats.certain
    if chance.any():
        text = f"{int(chance.sum())} of {int(beats.alarm.sum())} alarms may be chance: the interval holds the limit."
        notes.append(Note("warning", "chance", text))
    if np.isnan(seen.n).any():
        notes.append(
            Note("info", "sampling", "Results without `n` are taken as exact: their sampling error is unknown.")
        )
    if seen.halves:
        text = f"{seen.halves} rows have a prediction or a result alone: they count once both are told."
        notes.append(Note("info", "waiting", text))
    never = [
        seen.model[k] for k in range(len(seen.model))
        if not seen.evaluated[k] and (later := np.flatnonzero(seen.evaluated[k:])).size
        and seen.compute[k] >= params.factor * seen.compute[k + later].max()
    ]  # fmt: skip
    if never:
        text = (
            f"{', '.join(map(plain, never[:3]))} was never evaluated and has {number(params.factor)}x or more the "
            "effective compute of every model evaluated afterwards: those start the count anew, but do not stand in "
            "for it."
        )
        notes.append(Note("warning", "never evaluated", text))
    fallen = np.flatnonzero((told.base >= 0) & (told.ratio < 1))
    if len(fallen):
        text = f"{plain(seen.model[fallen[0]])} has less effective compute than the model evaluated before it."
        notes.append(Note("info", "smaller", text))
    return notes


_READING = {
    (True, True): "in both readings", (True, False): "relative alone", (False, True): "in points alone",
    (False, False): "within the limit",
}  # fmt: skip
_NOW = (
    Column("today", "date"), Column("due", "flag", help="whether a full evaluation is due that day"),
    Column("since", "date"), Column("why"), Column("last_evaluated"),
    Column("next_flop", "number", "FLOP", "effective compute that makes the next one due"),
    Column("next_date", "date", help="by the calendar"),
    Column("fine_tuning_left", "number", "months", "of fine-tuning until one is due"),
)  # fmt: skip
_STEPS = (
    Column("date", "date"), Column("model"),
    Column("state", help="due, not due, evaluated, or evaluated when it was due"),
    Column("due", "flag"), Column("why"), Column("since", "date", help="since when it is due"),
    Column("base", help="the last evaluated model before it"),
    Column("ratio", "number", "x", "largest effective compute since, over the base's"),
    Column("ratio_low", "number", "x"), Column("ratio_high", "number", "x"),
    Column("probability", "number", "probability", "that the ratio is at least the factor"),
    Column("months", "number", "months", "since the base"),
    Column("fine_tuning", "number", "months", "of fine-tuning since the base"),
    Column("furthest", help="the model with the largest effective compute since the base"),
    Column("effective_compute_flop", "number", "FLOP"), Column("evaluated", "flag"),
    Column("due_by", "date", help="by the calendar alone"),
)  # fmt: skip
_PREDICTIONS = (
    Column("result"), Column("date", "date"), Column("predicted", "number", "probability"),
    Column("observed", "number", "probability"), Column("observed_low", "number", "probability"),
    Column("observed_high", "number", "probability"),
    Column("relative", "number", "percent", "observed over predicted, less 1"),
    Column("relative_low", "number", "percent"), Column("relative_high", "number", "percent"),
    Column("relative_alarm", "flag"), Column("points", "number", "percentage points", "observed less predicted"),
    Column("points_low", "number", "percentage points"), Column("points_high", "number", "percentage points"),
    Column("points_alarm", "flag"), Column("beyond_chance", "flag", help="the whole interval lies above the limit"),
    Column("reading", help="in which reading the limit is passed"),
)  # fmt: skip
