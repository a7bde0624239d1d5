"""What an attempt in an Inspect log came to: its success by each scorer, or the state that explains why it has none.

Letters mean what Inspect's own metrics take them for: C correct 1, P partly 0.5, I incorrect and N no answer 0; words
yes, true, no and false, and numbers, also as text, stand for themselves. A scorer with a dictionary of values counts as
one scorer per key. An error is no wrong answer: it has a state and no success, whatever a scorer made of its remains.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from msgspec import UNSET, Raw

from ascent.evidence.sources.inspect_rows import Sample, Score, unscored
from ascent.evidence.sources.inspect_samples import values

LETTERS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
WORDS = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
LIMITS = {"token": "tokens", "message": "messages", "turn": "turns"}  # the others are words already
TIMED = ("time", "working")
CUT = ("max_tokens", "model_length")  # why a model stopped, where that was not its own decision
REASONS = ("refusal", "no_response", "invalid_response_format", "grader_failed", "scoring_failed")

_CLASS = re.compile(r"([A-Za-z_][\w.]{0,80}?(?:Error|Exception|Timeout|Exit|Interrupt|Exceeded|Cancelled))\b", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

Scorer = tuple[str, str | None]  # its name, and the key of its value where that is a dictionary


class Unknown(Exception):
    """A score that means nothing here."""


@dataclass(frozen=True)
class Outcome:
    """What one attempt came to by one scorer."""

    success: float | None
    state: str
    error: str | None


def label(scorer: Scorer) -> str:
    """A scorer's name as the tables give it.

    >>> label(("choice", None)), label(("rubric", "style"))
    ('choice', 'rubric/style')
    """
    return scorer[0] if scorer[1] is None else f"{scorer[0]}/{scorer[1]}"


def scorers(rows: Sequence[Sample]) -> list[Scorer]:
    """Every scorer of the attempts, in the order they first appear."""
    told = [row.scores for row in rows if row.scores]
    found: dict[Scorer, None] = {}
    for name in dict.fromkeys(chain.from_iterable(told)):
        values = [score.value for one in told if (score := one.get(name)) is not None]
        keyed = {}
        if dict in set(map(type, values)):
            keyed = dict.fromkeys(str(key) for value in values if type(value) is dict for key in value)
        # A value that could not be given at all is no dictionary either: such a scorer has no plain values.
        found |= dict.fromkeys((name, key) for key in keyed) if keyed else {(name, None): None}
    return list(found)


def values_of(rows: Sequence[Sample], scorer: Scorer) -> list[Any]:
    """The value a scorer gave each attempt, None where it gave none."""
    name, key = scorer
    nothing, none = dict[str, Score](), Score(value=None)
    values = [(row.scores or nothing).get(name, none).value for row in rows]
    if UNSET in values:
        values = [None if value is UNSET else value for value in values]
    if key is None:
        return values
    return [value.get(key) if type(value) is dict else None for value in values]


def grade(value: Any, whole: float = 1.0) -> float | None:
    """A score as success; numbers in units of 1/`whole`, None for no value. Raises Unknown for what is no grade.

    >>> [grade(value) for value in ("C", "P", "N", True, 0.25, "0.5", None)], grade(80, 100.0)
    ([1.0, 0.5, 0.0, 1.0, 0.25, 0.5, None], 0.8)
    """
    if isinstance(value, str):
        if (found := LETTERS.get(value, WORDS.get(value.lower()))) is not None:
            return found
        if not _PLAIN.fullmatch(value[:40]) or len(value) > 40:
            raise Unknown
        value = float(value)
    if isinstance(value, bool):
        return float(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if not isinstance(value, (int, float)):
        raise Unknown
    return min(max(value, -1e300), 1e300) / whole


def outcome(row: Sample, scorer: Scorer, success: float | None) -> Outcome:
    """Success, state and kind of error of one attempt, from what its scorer and its own fields say."""
    if row.error:
        kind = error_class(row.error)
        state = "timeout" if re.search("timeout|timed", kind, re.I) else "error"
        return Outcome(None, state, kind)
    if success is not None:
        return Outcome(success, "scored", None)
    if row.limit in TIMED:
        return Outcome(None, "timeout", None)
    if row.limit:
        return Outcome(None, "truncated", None)
    reason = reason_of((row.scores or {}).get(scorer[0]))
    if reason == "refusal":
        return Outcome(None, "refusal", None)
    if row.stop_reason == "content_filter":
        return Outcome(None, "filtered", None)
    if row.stop_reason in CUT:
        return Outcome(None, "truncated", None)
    return Outcome(None, "error", reason or "unscored")


def error_class(text: Any) -> str:
    """The class of an exception from its text, and nothing else of the text.

    >>> error_class("ValueError('the prompt was ...')"), error_class("something with the prompt in it")
    ('ValueError', 'error')
    """
    found = _CLASS.match(text[:200]) if isinstance(text, str) else None
    return found[1] if found else "error"


def limit(kind: str | None) -> str | None:
    """What cut an attempt off, in a word."""
    if not kind:
        return None
    known = (*LIMITS, *TIMED, "context", "cost", "operator", "custom")
    return LIMITS.get(kind, kind) if kind in known else "custom"


def mean_of_items(items: Sequence[Any], successes: Sequence[float | None]) -> float | None:
    """The mean over items of the mean over their attempts that have a score."""
    sums: dict[Any, list[float]] = {}
    for item, success in zip(items, successes, strict=True):
        if success is not None:
            sums.setdefault(item, []).append(success)
    means = [math.fsum(values) / len(values) for values in sums.values()]
    return math.fsum(means) / len(means) if means else None


def reason_of(score: Score | None) -> str | None:
    """Why a score is as it is, in Inspect's own words for it."""
    if score is None:
        return None
    reason = score.reason
    if not reason and isinstance(score.metadata, Raw):
        reason = unscored({"metadata": values(bytes(score.metadata), "metadata")})
    return reason if reason in REASONS else None
