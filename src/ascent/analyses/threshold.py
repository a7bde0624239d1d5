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

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import calendar_months, decimal_year, from_calendar_months
from ascent.core.display import number, percent, plain, with_interval
from ascent.core.draws import MASS
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.watch import Watch, watch
from ascent.model.evaluation_due import READINGS, RULES, Due, Excess, due, excess

NEVER = "nothing was evaluated before"


@dataclass(frozen=True, kw_only=True)
class Params:
    factor: float = param(4.0, "effective compute since the last evaluated model that makes one due", unit="x", least=1)
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

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `steps`; `predictions` has results against what was predicted for them."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        factor = float(self.manifest.params["factor"])
        names = [str(name) for name in self.prepared["steps"]["model"]]
        made = {
            "since_evaluation": charts.timeline(
                self.prepared["steps"], date="date", mid="ratio", low="ratio_low", high="ratio_high", label="model",
                group="state", highlight=names[-12:], manifest=self.manifest,
                title="Effective compute since the last evaluated model",
                quantity="Times the last evaluated model", log=True,
                references={f"{number(factor)}x, due": factor},
                note="A model above the line, or one due by another rule, asks for a full evaluation; evaluated models "
                "start the count anew.",
            )
        }  # fmt: skip
        if len(self.prepared["predictions"]):
            made["predictions"] = charts.ranking(
                self.prepared["predictions"], label="result", mid="points", low="points_low", high="points_high",
                title="Results against what was predicted", manifest=self.manifest, quantity="Observed less predicted",
                references={"as predicted": 0.0, "limit": 100 * float(self.manifest.params["excess"])},
            )  # fmt: skip
        return made

    def stable(self) -> dict[str, Any]:
        """`due`: the steps that ask for an evaluation, and why; `next_due_flop`, `next_due_date`: the next one."""
        rows = list(self.prepared["steps"].rows())
        names = ("date", "model", "why", "since", "ratio", "ratio_low", "ratio_high", "probability", "state")
        last = [row for row in rows if row["evaluated"]]
        base = [float(row["effective_compute_flop"] or 0.0) for row in last[-1:]]
        compute = float(self.manifest.params["factor"]) * base[0] if base else None
        by = _calendar(str(last[-1]["date"]), float(self.manifest.params["months"])) if last else None
        return {
            "due": [{name: row[name] for name in names} for row in rows if row["due"]],
            "last_evaluated": last[-1]["model"] if last else None,
            "next_due_flop": compute,
            "next_due_date": by,
        }


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Go through the steps in order and say at which an evaluation was due, and why.

    Raises TooLittleEvidence below two steps, WrongUse where rows contradict each other.
    """
    seen = watch(evidence)
    beats = excess(
        seen.predicted, seen.observed, seen.n, low=seen.low, high=seen.high, limit=params.excess, reading=params.reading
    )
    alarmed = np.zeros(len(seen.model), dtype=bool)
    alarmed[seen.step[beats.alarm]] = True
    told = due(
        seen.month, seen.compute, seen.evaluated, seen.tuned, alarmed, factor=params.factor, months=params.months,
        fine_tuning=params.fine_tuning, error=params.error,
    )  # fmt: skip
    sheets = {"steps": _steps(seen, told, params), "predictions": _predictions(seen, beats)}
    return Answer(
        Manifest.stamp(__name__, params, evidence), _sentence(seen, told, params, sheets["steps"], evidence.as_of),
        sheets, tuple(_notes(seen, told, beats, params)),
    )  # fmt: skip


def _steps(seen: Watch, told: Due, params: Params) -> Table:
    rows: list[dict[str, Any]] = []
    since = ""
    for k, model in enumerate(seen.model):
        base = int(told.base[k])
        if base == k - 1:  # the step before was evaluated, or this is the first one
            since = ""
        since = since or (seen.date[k] if told.due[k] else "")
        reasons = {
            "compute": f"{number(told.ratio[k])}x the effective compute of {seen.model[base]}",
            "date": f"{number(told.months[k], 1)} months since",
            "fine-tuning": f"{number(told.tuned[k], 1)} months of fine-tuning since",
            "prediction": "a result beat its prediction",
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
            "due_by": _calendar(seen.date[base], params.months) if base >= 0 else None,
        })  # fmt: skip
    return Table.from_rows(_STEPS, rows)


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
        }
        for k, at in enumerate(seen.step)
    ]  # fmt: skip
    return Table.from_rows(_PREDICTIONS, rows)


def _calendar(since: str, months: float) -> str | None:
    """The day on which the calendar alone makes an evaluation due, counted from a date; None where it is not asked."""
    return from_calendar_months(calendar_months(since) + months) if months > 0 else None


def _sentence(seen: Watch, told: Due, params: Params, steps: Table, as_of: str) -> str:
    last = len(seen.model) - 1
    model, base = plain(seen.model[last]), int(told.base[last])
    count = sum(bool(one) for one in steps["due"])
    if base < 0:
        return (
            f"No model of these {last + 1} was fully evaluated before {model}, so no ratio and no {MASS:.0%} interval "
            f"can be told; an evaluation is due since {steps['since'][last] or seen.date[last]}."
        )
    ratio = with_interval(told.ratio[last], told.low[last], told.high[last])
    ratio = ratio.replace("(", f"({MASS:.0%} interval ", 1)
    start = last if seen.evaluated[last] else base
    by, amount = _calendar(seen.date[start], params.months), number(params.factor * seen.compute[start])
    late = by is not None and decimal_year(by) <= decimal_year(as_of)
    coming = f"due since {by} by the calendar" if late else f"due at {amount} FLOP{f' or on {by}' if by else ''}"
    now = (
        f"it was evaluated itself, and the next evaluation is {coming}" if seen.evaluated[last]
        else f"a full evaluation is due since {steps['since'][last]}" if told.due[last]
        else f"the next evaluation is {coming}"
    )  # fmt: skip
    which = seen.model[int(told.furthest[last])]
    of = "" if which == seen.model[last] else f", the furthest until {model},"
    return (
        f"{plain(which)}{of} reached {ratio} times the effective compute of {plain(seen.model[base])}, the last "
        f"evaluated model before it; {now}. In all {count} of {last + 1} steps asked for an evaluation."
    )


def _notes(seen: Watch, told: Due, beats: Excess, params: Params) -> list[Note]:
    notes = []
    unsure = [seen.model[k] for k in range(len(seen.model)) if 0.05 < told.reached[k] < 0.95 and not seen.evaluated[k]]
    if unsure:
        text = (
            f"Whether {', '.join(map(plain, unsure[:3]))} reached {number(params.factor)}x is not certain: each "
            f"effective compute is taken to be known within a factor of {number(params.error)} (--error)."
        )
        notes.append(Note("warning", "near the line", text))
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
    never = [
        seen.model[k] for k in range(len(seen.model))
        if not seen.evaluated[k] and (later := np.flatnonzero(seen.evaluated[k:])).size
        and seen.compute[k] >= params.factor * seen.compute[k + later].max()
    ]  # fmt: skip
    if never:
        text = (
            f"{', '.join(map(plain, never[:3]))} was never evaluated and has {number(params.factor)}x the effective "
            "compute of every model evaluated afterwards: those start the count anew, but do not stand for it."
        )
        notes.append(Note("warning", "never evaluated", text))
    fallen = np.flatnonzero((told.base >= 0) & (told.ratio < 1))
    if len(fallen):
        text = f"{plain(seen.model[fallen[0]])} has less effective compute than the model evaluated before it."
        notes.append(Note("info", "smaller", text))
    return notes


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
)  # fmt: skip
