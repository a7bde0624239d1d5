"""The attempts of one Inspect log as columns of the table `attempts`."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import inspect_grades as grades
from ascent.evidence.sources.inspect_opening import Log
from ascent.evidence.sources.inspect_plan import provider_of, scaffold, seed
from ascent.evidence.sources.inspect_rows import Sample, Usage
from ascent.evidence.sources.inspect_samples import whole_text

USAGE = ("total_tokens", "input_tokens", "output_tokens", "reasoning_tokens", "total_cost")
HUGE = 1e18  # no amount is as large
MANY = 1 << 31  # no count is as large
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
    if rows and not taken and not notes and any(row.error or row.limit for row in rows):
        taken = {(name, None): [None] * len(rows) for name in named[:1] or [""]}  # nobody was judged, all failed
    shared = _shared(log, rows, notes)
    columns: dict[str, list[Any]] = {name: values * len(taken) for name, values in shared.items()}
    columns |= {"success": [], "state": [], "error": [], "scorer": []}
    failed = [index for index, row in enumerate(rows) if row.error]
    unscored: Counter[str] = Counter()
    for number, (scorer, successes) in enumerate(taken.items()):
        states = ["scored"] * len(rows)
        errors: list[str | None] = [None] * len(rows)
        ends: list[float | None] = list(successes)
        empty = [index for index, success in enumerate(successes) if success is None] if None in successes else []
        for index in {*failed, *empty}:
            done = grades.outcome(rows[index], scorer, ends[index])
            ends[index], states[index], errors[index] = done.success, done.state, done.error
        if number == 0:
            unscored.update(state for state in states if state != "scored")
        columns["success"] += ends
        columns["state"] += states
        columns["error"] += errors
        columns["scorer"] += [whole_text(grades.label(scorer)) or None] * len(rows)
    return Attempts(columns, tuple(grades.label(one) for one in taken), unscored, tuple(notes))


def _shared(log: Log, rows: Sequence[Sample], notes: list[Note]) -> dict[str, list[Any]]:
    """What an attempt has whoever judges it: its item, epoch, limit, tokens, time, day and setting."""
    model = log.spec["model"]
    used = _used(rows, model, notes)
    total, output = _numbers(used, "total_tokens"), _numbers(used, "output_tokens")
    # Some versions of Inspect count cached input within `input_tokens` and some beside it, but all in the total.
    given = [
        all_ - out if all_ and out is not None else own
        for all_, out, own in zip(total, output, _numbers(used, "input_tokens"), strict=True)
    ]
    limits = list(map(attrgetter("limit"), rows))
    fixed = {"provider": provider_of(model), "scaffold": scaffold(log), "seed": seed(log)}
    return {
        "item": _items(rows, notes),
        "epoch": [epoch if 0 <= epoch < MANY else 1 for epoch in map(attrgetter("epoch"), rows)],
        "limit": list(map(grades.limit, limits)) if any(limits) else [None] * len(rows),
        "retries": [
            again if again is None or 0 <= again < MANY else None for again in map(attrgetter("retries"), rows)
        ],
        "tokens": total,
        "input_tokens": given,
        "output_tokens": output,
        "reasoning_tokens": _numbers(used, "reasoning_tokens"),
        "cost_usd": _numbers(used, "total_cost"),
        "seconds": _seconds(rows),
        "evaluated": _days(rows, log),
        **{name: [value] * len(rows) for name, value in fixed.items()},
    }


def _said(value: float) -> str:
    """A value as a person wrote it: what grading cut to the largest number it takes was infinite or nearly so."""
    return f"{value:g}" if abs(value) < 1e299 else "infinity" if value > 0 else "minus infinity"


def _successes(
    file: str, rows: Sequence[Sample], whole: float, notes: list[Note]
) -> dict[grades.Scorer, list[float | None]]:
    """By scorer, the success of every attempt; scorers that give no successes are left out with a note."""
    taken: dict[grades.Scorer, list[float | None]] = {}
    for scorer in grades.scorers(rows):
        values = grades.values_of(rows, scorer)
        successes, strange = _graded(values, whole)
        name = shown(grades.label(scorer))
        told = [success for success in successes if success is not None]
        outside = bool(told) and not (min(told) >= 0 and max(told) <= 1)
        if outside:
            ends = f"{_said(min(told) * whole)} to {_said(max(told) * whole)}"
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


def _graded(values: Sequence[Any], whole: float) -> tuple[list[float | None], list[int]]:
    """The success of each value, and where there is none because the value is no grade."""
    if set(map(type, values)) <= {str, type(None)}:  # each text is looked at once
        known: dict[Any, float | None] = {}
        odd = set()
        for value in set(values):
            try:
                known[value] = grades.grade(value, whole)
            except grades.Unknown:
                known[value] = None
                odd.add(value)
        return [known[value] for value in values], [i for i, value in enumerate(values) if value in odd] if odd else []
    successes: list[float | None] = []
    strange: list[int] = []
    for index, value in enumerate(values):
        try:
            successes.append(grades.grade(value, whole))
        except (grades.Unknown, TypeError):
            successes.append(None)
            strange.append(index)
    return successes, strange


def _unknown(file: str, name: str, row: Sample, value: Any, count: int) -> Problem:
    # A value may be an answer, so only a letter or a number of the usual size is shown.
    seen = shown(value) if isinstance(value, str) and len(value) <= 3 else f"a {type(value).__name__}"
    found = f"{seen} by the scorer {name} for sample {shown(str(row.id), 40)}"
    found += f" (and {count - 1:,} more like it)" if count > 1 else ""
    expected = "C, I, P, N, yes, no, true, false, or a number"
    return Problem(file, found, expected, "Score it again with `inspect score` and a scorer of such values.")


def _items(rows: Sequence[Sample], notes: list[Note]) -> list[str]:
    ids = list(map(attrgetter("id"), rows))
    kinds = set(map(type, ids))
    known = {own: item_of(own) for own in (set(ids) if kinds <= {str, int} else ())}  # each id is looked at once
    if known and not any(long for _, long in known.values()):
        items = {own: item for own, (item, _) in known.items()}
        return list(map(items.__getitem__, ids))
    told = [item_of(own) for own in ids]
    if hidden := sum(long for _, long in told):
        text = f"{hidden:,} ids of over {LONGEST_ID} characters, which may be questions, are replaced by a digest."
        notes.append(Note("info", "ids", text))
    return [item for item, _ in told]


def item_of(own: Any) -> tuple[str, bool]:
    """The id of a sample as text, and whether it is a digest: of a question used as its own id, alike in every log."""
    item = whole_text(str(own))
    if len(item) <= LONGEST_ID and "\n" not in item:
        return item, False
    return "sha256:" + hashlib.sha256(item.encode()).hexdigest()[:16], True


def _used(rows: Sequence[Sample], model: str, notes: list[Note]) -> list[Usage]:
    """Tokens of the model under test; of all models where it is not told apart."""
    nothing, none = Usage(), dict[str, Usage]()
    told = [row.model_usage or none for row in rows]
    others = set[str]().union(*told) - {model} if rows else set()
    if others and any(model in one for one in told):
        notes.append(Note("info", "tokens", f"those of {len(others)} other models (graders, tools) are not counted."))
    return [one.get(model) or (_summed(one) if one else nothing) for one in told]


def _summed(told: Mapping[str, Usage]) -> Usage:
    return Usage(**{name: _sum(getattr(used, name) for used in told.values()) for name in USAGE})


def _sum(used: Iterable[Any]) -> float | None:
    values = [v for one in used if (v := number(one)) is not None]
    return math.fsum(values) if values else None


def _numbers(used: Sequence[Usage], name: str) -> list[float | None]:
    values = list(map(attrgetter(name), used))
    kinds = set(map(type, values))
    if kinds == {type(None)}:
        return values
    if kinds == {int} and min(values) > -HUGE and max(values) < HUGE:
        return list(map(float, values))
    return [number(value) for value in values]


def number(value: Any) -> float | None:
    """A finite number of a sane size, else None."""
    if value is None:
        return None
    if type(value) is int or type(value) is float:
        return float(value) if -HUGE < value < HUGE else None
    return None


def _seconds(rows: Sequence[Sample]) -> list[float | None]:
    """Time spent working, without waiting for rate limits; where that is not told, the time it took."""
    worked = list(map(number, map(attrgetter("working_time"), rows)))
    if None not in worked:
        return worked
    return [number(row.total_time) if own is None else own for row, own in zip(rows, worked, strict=True)]


def _days(rows: Sequence[Sample], log: Log) -> list[str | None]:
    """The day each attempt ended, else began, else the run was made."""
    ends = [end[:10] if (end := row.completed_at) else "" for row in rows]
    known = {text: day_of(text) for text in set(ends)}
    days = list(map(known.__getitem__, ends))
    if None not in days:
        return days
    made = day_of(log.spec.get("created"))
    return [day or day_of(row.started_at) or made for day, row in zip(days, rows, strict=True)]


def day_of(value: Any) -> str | None:
    """The day of an ISO time.

    >>> day_of("2026-05-01T17:25:36+00:00"), day_of("yesterday")
    ('2026-05-01', None)
    """
    text = value[:10] if isinstance(value, str) else ""
    whole = len(text) == 10 and text[4] == text[7] == "-" and (text[:4] + text[5:7] + text[8:]).isdecimal()
    return text if whole else None
