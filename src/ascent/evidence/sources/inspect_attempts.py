"""The attempts of one Inspect log as columns of the table `attempts`."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import inspect_grades as grades
from ascent.evidence.sources.inspect_opening import Log
from ascent.evidence.sources.inspect_plan import provider_of, scaffold, seed
from ascent.evidence.sources.inspect_samples import whole_text

USAGE = ("total_tokens", "input_tokens", "output_tokens", "reasoning_tokens", "total_cost")
LONGEST_ID = 100  # characters; a longer id is taken for the question itself


@dataclass(frozen=True)
class Attempts:
    """Columns of equal length, one entry per attempt and scorer.

    scorers   in the order of the log
    unscored  attempts without a success, by state; of the first scorer
    """

    columns: Mapping[str, Sequence[Any]]
    scorers: tuple[str, ...]
    unscored: Mapping[str, int]
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return len(self.columns["item"])


def judged(file: str, log: Log, whole: float) -> Attempts:
    """Every attempt by every scorer; `whole` is what stands for a full success.

    Raises BadInput for scorers that give grades besides values that are none.
    """
    rows = log.attempts or []
    notes: list[Note] = []
    taken = _successes(file, rows, whole, notes)
    named = [str(one["name"]) for one in log.spec["scorers"] if one.get("name")]
    if rows and not taken and not notes and any(row.get("error") or row.get("limit") for row in rows):
        taken = {(name, None): [None] * len(rows) for name in named[:1] or [""]}  # nobody was judged, all failed
    others = {model for row in rows for model in row.get("model_usage") or ()} - {log.spec["model"]}
    if others and any(log.spec["model"] in (row.get("model_usage") or ()) for row in rows):
        notes.append(Note("info", "tokens", f"those of {len(others)} other models (graders, tools) are not counted."))
    shared = _shared(log, rows, notes)
    columns: dict[str, list[Any]] = {name: values * len(taken) for name, values in shared.items()}
    columns |= {"success": [], "state": [], "error": [], "scorer": []}
    unscored: Counter[str] = Counter()
    for number, (scorer, successes) in enumerate(taken.items()):
        states = ["scored"] * len(rows)
        errors: list[str | None] = [None] * len(rows)
        ends: list[float | None] = list(successes)
        for index, (row, success) in enumerate(zip(rows, successes, strict=True)):
            if success is None or row.get("error"):
                done = grades.outcome(row, scorer, success)
                ends[index], states[index], errors[index] = done.success, done.state, done.error
        if number == 0:
            unscored.update(state for state in states if state != "scored")
        columns["success"] += ends
        columns["state"] += states
        columns["error"] += errors
        columns["scorer"] += [whole_text(grades.label(scorer)) or None] * len(rows)
    return Attempts(columns, tuple(grades.label(one) for one in taken), unscored, tuple(notes))


def _shared(log: Log, rows: Sequence[Mapping[str, Any]], notes: list[Note]) -> dict[str, list[Any]]:
    """What an attempt has whoever judges it: its item, epoch, limit, tokens, time, day and setting."""
    model = log.spec["model"]
    usage = [_usage(row, model) for row in rows]
    names = ("tokens", "input_tokens", "output_tokens", "reasoning_tokens", "cost_usd")
    days: dict[Any, str | None] = {}
    fixed = {"provider": provider_of(model), "scaffold": scaffold(log), "seed": seed(log)}
    return {
        "item": _items(rows, notes),
        "epoch": [_epoch(row) for row in rows],
        "limit": [grades.limit(row) if row.get("limit") else None for row in rows],
        **{name: [one[place] for one in usage] for place, name in enumerate(names)},
        "seconds": [_seconds(row) for row in rows],
        "evaluated": [_day(row, log, days) for row in rows],
        **{name: [value] * len(rows) for name, value in fixed.items()},
    }


def _successes(
    file: str, rows: Sequence[Mapping[str, Any]], whole: float, notes: list[Note]
) -> dict[grades.Scorer, list[float | None]]:
    """By scorer, the success of every attempt; scorers that give no successes are left out with a note."""
    taken: dict[grades.Scorer, list[float | None]] = {}
    for scorer in grades.scorers(rows):
        values = [grades.value_of(row, scorer) for row in rows]
        known: dict[Any, float | None] = {}
        strange: list[int] = []
        successes: list[float | None] = []
        for index, value in enumerate(values):
            try:
                success = known[value] if type(value) is str and value in known else grades.grade(value, whole)
            except (grades.Unknown, TypeError):
                strange.append(index)
                success = None
            else:
                if type(value) is str:
                    known[value] = success
            successes.append(success)
        name = shown(grades.label(scorer))
        told = [success for success in successes if success is not None]
        outside = [success for success in told if not 0 <= success <= 1]
        if outside:
            ends = f"{min(told) * whole:g} to {max(told) * whole:g}"
            text = f"the scorer {name} gives {ends}, which is no success from 0 to 1; left out. Its unit is for --unit."
            notes.append(Note("warning", "scorers", text))
        elif strange and (told or len(strange) == 1):
            raise BadInput([_unknown(file, name, rows[strange[0]], values[strange[0]], len(strange))])
        elif strange:
            notes.append(Note("warning", "scorers", f"the scorer {name} gives texts or lists, no successes; left out."))
        else:
            taken[scorer] = successes
    if not taken and notes:
        mend = "Score it again with `inspect score`, or say what the numbers mean with --unit."
        found = f"no scorer with successes ({notes[0].text.rstrip('.')})"
        raise BadInput([Problem(file, found, "C, I, P, N, or 0 to 1", mend)])
    return taken


def _unknown(file: str, name: str, row: Mapping[str, Any], value: Any, count: int) -> Problem:
    # A value may be an answer, so only a letter or a number of the usual size is shown.
    seen = shown(value) if isinstance(value, str) and len(value) <= 3 else f"a {type(value).__name__}"
    found = f"{seen} by the scorer {name} for sample {shown(str(row.get('id')), 40)}"
    found += f" (and {count - 1:,} more like it)" if count > 1 else ""
    expected = "C, I, P, N, yes, no, true, false, or a number"
    return Problem(file, found, expected, "Score it again with `inspect score` and a scorer of such values.")


def _items(rows: Sequence[Mapping[str, Any]], notes: list[Note]) -> list[str]:
    told = [item_of(row) for row in rows]
    if hidden := sum(long for _, long in told):
        text = f"{hidden:,} ids of over {LONGEST_ID} characters, which may be questions, are replaced by a digest."
        notes.append(Note("info", "ids", text))
    return [item for item, _ in told]


def item_of(row: Mapping[str, Any]) -> tuple[str, bool]:
    """The id of a sample as text, and whether it is a digest: of a question used as its own id, alike in every log."""
    item = whole_text(str(row.get("id")))
    if len(item) <= LONGEST_ID and "\n" not in item:
        return item, False
    return "sha256:" + hashlib.sha256(item.encode()).hexdigest()[:16], True


Usage = tuple[float | None, float | None, float | None, float | None, float | None]
_NO_USAGE: Usage = (None, None, None, None, None)


def _usage(row: Mapping[str, Any], model: str) -> Usage:
    """Total, input, output, reasoning tokens and dollars of the model under test; of all where it is not told apart.

    Cached input counts as input: some versions of Inspect count it within `input_tokens` and some beside it, but all
    of them in the total.
    """
    told = row.get("model_usage")
    if not isinstance(told, dict) or not told:
        return _NO_USAGE
    used = told.get(model) if model in told else next(iter(told.values())) if len(told) == 1 else _summed(told)
    if not isinstance(used, dict):
        return _NO_USAGE
    get = used.get
    total, given, output = number(get("total_tokens")), number(get("input_tokens")), number(get("output_tokens"))
    if total and output is not None:
        given = total - output
    return total, given, output, number(get("reasoning_tokens")), number(get("total_cost"))


def _summed(told: Mapping[str, Any]) -> dict[str, float | None]:
    return {name: _sum(told.values(), name) for name in USAGE}


def _sum(used: Iterable[Any], name: str) -> float | None:
    values = [v for one in used if isinstance(one, dict) and (v := number(one.get(name))) is not None]
    return math.fsum(values) if values else None


def number(value: Any) -> float | None:
    """A finite number of a sane size, else None."""
    if value is None:
        return None
    if type(value) is int or type(value) is float:
        return float(value) if -1e18 < value < 1e18 else None
    return None


def _seconds(row: Mapping[str, Any]) -> float | None:
    """Time spent working, without waiting for rate limits; where that is not told, the time it took."""
    working = number(row.get("working_time"))
    return number(row.get("total_time")) if working is None else working


def _day(row: Mapping[str, Any], log: Log, days: dict[Any, str | None]) -> str | None:
    """The day an attempt ended; `days` remembers the ones read already."""
    for value in (row.get("completed_at"), row.get("started_at"), log.spec.get("created")):
        text = value[:10] if isinstance(value, str) else ""
        if text not in days:
            days[text] = day_of(text)
        if days[text]:
            return days[text]
    return None


def day_of(value: Any) -> str | None:
    """The day of an ISO time.

    >>> day_of("2026-05-01T17:25:36+00:00"), day_of("yesterday")
    ('2026-05-01', None)
    """
    text = value[:10] if isinstance(value, str) else ""
    whole = len(text) == 10 and text[4] == text[7] == "-" and (text[:4] + text[5:7] + text[8:]).isdecimal()
    return text if whole else None


def _epoch(row: Mapping[str, Any]) -> int:
    epoch = row.get("epoch")
    return epoch if type(epoch) is int and 0 <= epoch < 1 << 31 else 1
