"""JSON as other tools write it, read without believing it: every refusal says where in the file, and how to mend it.

`json` of the standard library takes the last of two equal keys in silence, reads NaN and 1e999, and ends in errors of
its own on deep nesting and endless digits. Here each of these is a `BadInput` with line and character. Some harnesses
do write NaN for "no value"; their readers say `nan="none"`, and it becomes None.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NoReturn

from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import Original

Nan = Literal["refuse", "none"]
DEEPEST = 100  # levels; logs of real tools stay below 30
DIGITS = 300  # of one number
LONGEST_LINE = 1 << 28  # bytes of one line of JSON Lines

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|-?(?:NaN|Infinity|\d[\d.eE+-]*)', re.DOTALL)
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_NO_BRACKETS = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"?)++', re.DOTALL)
_CUT = re.compile(r"\s*(?:-|t|tr|tru|f|fa|fal|fals|n|nu|nul|\.|[eE][+-]?|,?)\s*")  # all that is left of the text
_IN_A_STRING = ("Unterminated string", "Invalid \\uXXXX escape", "Invalid \\escape: (end")
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")


class _Refused(Exception):
    """What the parser's hooks cannot place: found again in the text by `kind` and `token`."""

    def __init__(self, kind: str, token: str) -> None:
        super().__init__(kind)
        self.kind, self.token = kind, token


def document(original: Original, *, nan: Nan = "refuse") -> Any:
    """The value a JSON file holds.

    nan  what becomes of NaN, Infinity and -Infinity: refused, or read as None

    Raises BadInput for text that is not UTF-8, for anything that is not one whole JSON value, for equal keys in one
    object, numbers that are not finite or have more than 300 digits, and more than 100 levels.

    >>> document(Original("a.json", b'{"score": NaN}'), nan="none")
    {'score': None}
    """
    return _parsed(original.name, _text(original.name, original.data, 1), nan, None)


def whole_object(original: Original, *, nan: Nan = "refuse") -> dict[str, Any]:
    """The object a JSON file holds; raises BadInput as `document` does, and where the file holds something else."""
    value = document(original, nan=nan)
    if not isinstance(value, dict):
        mend = "Check that this is the file it is taken for."
        raise _bad(original.name, f"{kind(value)} in place of an object", "one object in braces", mend, 1)
    return value


def lines(original: Original, *, nan: Nan = "refuse") -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with its line as a person counts it; empty lines are passed over.

    Raises BadInput as `document` does, for lines that hold something other than an object, and for a file without any.
    Where the last line is not whole and has no end, the refusal says that the file seems cut off.
    """
    some, start, number = False, 0, 0
    end = len(original.data.rstrip())
    while start < end:
        stop = original.data.find(b"\n", start)
        stop = stop if stop >= 0 else len(original.data)
        number += 1
        if stop - start > LONGEST_LINE:
            raise _bad(original.name, "a line of more than 256 MiB", "shorter lines", "Split the file.", number)
        text = _text(original.name, original.data[start:stop], number).strip()
        start = stop + 1
        if not text:
            continue
        value = _parsed(original.name, text, nan, number, last=start >= end)
        if not isinstance(value, dict):
            mend = "Each line of JSON Lines is one object in braces."
            raise _bad(original.name, f"{kind(value)} in place of an object", "one object a line", mend, number)
        some = True
        yield number, value
    if not some:
        raise _bad(original.name, "0 rows", "at least one row", "Check that the run ended and the export is whole.")


def kept_lines(
    original: Original, keep: Callable[[dict[str, Any]], dict[str, Any]], *, nan: Nan = "refuse"
) -> Original:
    """The same JSON Lines with what `keep` leaves of each object, every object on the line where it stood.

    Raises BadInput as `lines` does.

    >>> kept_lines(Original("a.jsonl", b'{"a": 1, "b": 2}'), lambda row: {"a": row["a"]}).data
    b'{"a": 1}\\n'
    """
    told: list[str] = []
    for number, row in lines(original, nan=nan):
        told += [""] * (number - 1 - len(told))
        told.append(json.dumps(keep(row), ensure_ascii=False))
    return Original(original.name, ("\n".join(told) + "\n").encode())


def kind(value: Any) -> str:
    """What a JSON value is, in words.

    >>> kind([1]), kind(None), kind(True), kind("a")
    ('a list', 'null', 'true', "the text 'a'")
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {shown(value, 40)}"
    return "null" if value is None else json.dumps(value)


def _text(name: str, data: bytes, line: int) -> str:
    try:
        return data.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        at = line + data.count(b"\n", 0, error.start)
        found = f"the byte 0x{data[error.start]:02x}, which is no UTF-8"
        raise _bad(name, found, "JSON in UTF-8", "Save or export the file as UTF-8.", at) from None


def _parsed(name: str, text: str, nan: Nan, line: int | None, last: bool = True) -> Any:
    """One JSON value; `line` is where the text stands in its file, None where it is the whole file."""
    try:
        if text.count("[") + text.count("{") > DEEPEST:  # most lines of a log hold too few brackets to be deep
            _shallow(text)
        return json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_real,
            parse_constant=_nothing if nan == "none" else _constant,
        )  # fmt: skip
    except _Refused as refused:
        _explain(name, text, line, refused)
    except json.JSONDecodeError as error:
        row, character = _place(text, error.pos, line)
        if last and (error.msg.startswith(_IN_A_STRING) or _CUT.fullmatch(text, error.pos)):
            found = f"an end in the middle of a value (character {character}): the file seems cut off"
            mend = "Copy or download it again, or leave out what is not whole."
            raise _bad(name, found, "whole JSON", mend, row) from None
        what = shown(text[error.pos : error.pos + 20]) if text[error.pos :].strip() else "the end of the line"
        found = f"{what} at character {character} ({error.msg})"
        raise _bad(name, found, "JSON", "Export the file again; JSON is not written by hand.", row) from None


def _shallow(text: str) -> None:
    """Refuse deep nesting. Taking pairs of brackets out, a level or two at a time, is faster than counting them."""
    left = _NO_BRACKETS.sub("", text)
    for _ in range(DEEPEST // 2):
        left = left.replace("{}", "").replace("[]", "")
        if not left:
            return
    depth = 0
    for match in _BRACKETS.finditer(text):
        token = match[0]
        if token in "[{":
            depth += 1
            if depth > DEEPEST:
                raise _Refused("deep", str(match.start()))
        elif token in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Refused("twice", next(key for key in keys if keys.count(key) > 1))
    return value


def _whole(token: str) -> int:
    if len(token) > DIGITS:
        raise _Refused("long", token)
    return int(token)


def _real(token: str) -> float:
    if len(token) > DIGITS:
        raise _Refused("long", token)
    value = float(token)
    if math.isinf(value):
        raise _Refused("large", token)
    return value


def _nothing(_token: str) -> None:
    return None


def _constant(token: str) -> NoReturn:
    raise _Refused("constant", token)


def _explain(name: str, text: str, line: int | None, refused: _Refused) -> NoReturn:
    """Find the place of what a hook refused, and say it."""
    token = refused.token
    if refused.kind == "deep":
        row, character = _place(text, int(token), line)
        found = f"more than {DEEPEST} levels of nesting (character {character})"
        raise _bad(name, found, "a log of some tool, which is flat", "Nothing that deep holds results.", row)
    if refused.kind == "twice":
        row, character = _place(text, _second(text, token), line)
        found = f"the key {shown(token)} twice in one object (character {character})"
        raise _bad(name, found, "each key once", "Decide which of the two is meant and take the other out.", row)
    at = next(match.start() for match in _TOKEN.finditer(text) if match[0] == token)
    row, character = _place(text, at, line)
    if refused.kind == "long":
        found = f"a number of {len(token):,} characters (character {character})"
        raise _bad(name, found, f"at most {DIGITS}", "No result has that many digits; check where it comes from.", row)
    found = f"{token[:40]} (character {character})"
    mend = "Write null where there is no value." if token in _NOT_FINITE else "Write the real amount."
    raise _bad(name, found, "a finite number", mend, row)


def _second(text: str, key: str) -> int:
    """Where a key stands for the second time in one object."""
    seen: list[set[str] | None] = []
    for match in _BRACKETS.finditer(text):
        token = match[0]
        if token in ("{", "["):
            seen.append(set() if token == "{" else None)
        elif token in ("}", "]"):
            seen.pop()
        elif seen and (keys := seen[-1]) is not None and re.match(r"\s*:", text[match.end() : match.end() + 80]):
            said = json.loads(token)
            if said == key and said in keys:
                return match.start()
            keys.add(said)
    return 0


def _place(text: str, position: int, line: int | None) -> tuple[int, int]:
    """Line in the file and character in that line, both from 1."""
    if line is not None:
        return line, position + 1
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _bad(name: str, found: str, expected: str, mend: str, row: int | None = None) -> BadInput:
    return BadInput([Problem(name, found, expected, mend, row)])
