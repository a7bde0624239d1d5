"""Numbers as people type them: read when plain, refused with a reason when they could mean two things."""

import math
import re

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([,.' _\u00a0\u2009\u202f\u2019])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = {"nan", "inf", "infinity"}
MISSING_MARKS = frozenset({"-", "--", "–", "—", "*", "?", "n/a", "na", "#n/a", "tbd", "tba", "null", "none", "missing"})


class Unreadable(ValueError):
    """A text that is not what its column holds: what was expected, and how to mend it."""

    def __init__(self, expected: str, mend: str) -> None:
        self.expected, self.mend = expected, mend
        super().__init__(f"expected {expected}. {mend}")


def shown(text: str, most: int = 60) -> str:
    """A cell as a message may print it: quoted, cut, with invisible characters spelt out.

    >>> print(shown("GPT-4\\u200b"))
    'GPT-4\\u200b'
    """
    cut = text if len(text) <= most else text[:most] + "…"
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)
    return f"'{visible}'" if text else "an empty cell"


def number(text: str, decimal: str | None = None) -> float:
    """One plain finite number; `decimal` is the mark the user declared, "." where they said nothing.

    Raises Unreadable for everything else: percent signs, thousands marks, an undeclared decimal comma,
    nan, infinity, hexadecimal, digits or signs from other alphabets.

    >>> number("2e25"), number("0,5", decimal=",")
    (2e+25, 0.5)
    """
    plain = text
    if decimal == ",":
        if "." in text:
            raise Unreadable(
                "a number with a decimal comma",
                "The decimal mark was declared to be a comma; take out the point or leave out --decimal.",
            )
        plain = text.replace(",", ".", 1)
    if not _PLAIN.fullmatch(plain):
        raise _explain(text, decimal)
    value = float(plain)
    if math.isinf(value):
        raise Unreadable("a finite number", "It is too large to be held; write the real amount.")
    return value


def _explain(text: str, decimal: str | None) -> Unreadable:
    lowered = text.strip().lstrip("+-−").lower()
    if lowered in _NOT_FINITE:
        return Unreadable("a finite number", "Leave the cell empty where there is no value.")
    if text.strip().lower() in MISSING_MARKS or not text.strip():
        return Unreadable("a number", "Leave out the row, or leave the cell empty where the column may be empty.")
    strange = next((c for c in text if not c.isascii() and c not in "\u00a0\u2009\u202f\u2019"), None)
    if strange is not None:
        return Unreadable(
            "a number in plain digits",
            f"The character U+{ord(strange):04X} '{strange}' has to be typed as plain ASCII.",
        )
    if lowered.startswith(("0x", "0b", "0o")):
        return Unreadable("a decimal number", "Hexadecimal, binary and octal numbers are not read.")
    if text.rstrip().endswith("%"):
        return Unreadable(
            "a number without a percent sign",
            "Say --unit percent if the whole column is in percent, or write a fraction.",
        )
    if _COMMA.fullmatch(text) and decimal is None:
        return Unreadable(
            "a number with a decimal point",
            "Say --decimal , if the comma is the decimal mark; if it separates thousands, write the number without it.",
        )
    if _THOUSANDS.fullmatch(text):
        return Unreadable("a number without thousands marks", "Write the number in one piece, such as 1234 or 1.234e3.")
    if text != text.strip():
        return Unreadable("a number without spaces around it", "Take out the spaces.")
    return Unreadable("a number", "Write one plain number, such as 0.62 or 2e25.")
