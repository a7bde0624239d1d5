"""Text and numbers as people should see them: no invisible tricks in names, no false digits in numbers."""

import math
import unicodedata
from collections.abc import Sequence

LIMIT = 200  # characters of one name shown; the store keeps it whole
MINUS = "−"


def plain(value: object, limit: int = LIMIT) -> str:
    """Text fit for showing: control, bidirectional and other invisible characters out, blanks joined, length limited.

    >>> plain("GPT\\u202e-5\\n (high)\\x07")
    'GPT-5 (high)'
    >>> plain("a long name", limit=6)
    'a lon…'
    """
    text = str(value)[: 4 * limit + 64]  # a name of a megabyte is not read to its end
    kept = (" " if unicodedata.category(c) in ("Zl", "Zp") or c in "\t\n\r\v\f" else c for c in text)
    seen = "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    seen = " ".join(seen.split())
    return seen if len(seen) <= limit else seen[: limit - 1].rstrip() + "…"


def harmless(text: str) -> str:
    """Text of several lines without what could command a terminal or turn the reading direction; lines stay lines.

    >>> harmless("m9\\x1b[2J\\u202e told\\n  and more")
    'm9[2J told\\n  and more'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with about three digits that matter, thousands apart, powers of ten where it is very large or small.

    >>> number(1234567.0), number(0.06731), number(2.134e25), number(-3.5, 1), number(None)
    ('1,234,567', '0.0673', '2.13e25', '−3.5', '')
    """
    if value is None or math.isnan(value):
        return ""
    if math.isinf(value):
        return "∞" if value > 0 else MINUS + "∞"
    size = abs(value)
    if size >= 1e9 or (decimals is None and 0 < size < 1e-4):
        digits, power = f"{size:.2e}".split("e")
        text = f"{digits.rstrip('0').rstrip('.')}e{int(power)}"
    else:
        free = decimals is None
        if decimals is None:
            decimals = 0 if not size or size == round(size) else max(0, 2 - math.floor(math.log10(size)))
        text = f"{size:,.{decimals}f}"
        if free and "." in text:
            text = text.rstrip("0").rstrip(".")
    return MINUS + text if value < 0 and float(text.replace(",", "")) else text


def percent(share: float) -> str:
    """A share as a whole percentage, with digits where rounding would make it none or all.

    >>> percent(0.416), percent(0.0), percent(0.00083), percent(0.9981)
    ('42%', '0%', '0.083%', '99.8%')
    """
    if share in (0, 1) or 0.005 <= share <= 0.995:
        return f"{share:.0%}"
    return f"{100 * share:.{2 if share < 0.5 else 3}g}%"


def decimals_for(values: Sequence[float | None]) -> int | None:
    """One number of decimals for a whole column, so that points stand under points; None where no one number serves.

    >>> decimals_for([150.2, 148.93]), decimals_for([0.5, 0.25]), decimals_for([1e21, 3e25]), decimals_for([3.0, 40.0])
    (1, 3, None, 0)
    """
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value) and value]
    if not sizes:
        return 0
    top = max(sizes)
    if top >= 1e9 or top < 1e-3 or top / sorted(sizes)[len(sizes) // 2] > 1e4:
        return None
    if all(size == round(size) for size in sizes):
        return 0
    return 0 if top >= 1e4 else 1 if top >= 20 else 2 if top >= 2 else 3


def with_interval(mid: float | None, low: float | None, high: float | None, decimals: int | None = None) -> str:
    """`mid (low to high)`, with as many decimals as the width of the interval deserves; one end where one is known.

    >>> with_interval(1.0, None, 3.27), with_interval(40.0, 25.0, None)
    ('1.0 (up to 3.3)', '40 (25 or more)')
    >>> with_interval(150.23, 147.61, 153.0), with_interval(0.512, 0.4711, 0.55), with_interval(150.0, None, None)
    ('150.2 (147.6 to 153.0)', '0.512 (0.471 to 0.550)', '150')
    """
    if mid is None:
        return ""
    if low is None and high is None:
        return number(mid, decimals)
    if low is None or high is None:
        end = high if low is None else low
        if decimals is None and end is not None and 0 < abs(end - mid) < 1e9:
            decimals = min(6, max(0, 1 - math.floor(math.log10(abs(end - mid)))))
        told = f"up to {number(high, decimals)}" if low is None else f"{number(low, decimals)} or more"
        return f"{number(mid, decimals)} ({told})"
    width = high - low
    if decimals is None and low > 0 and high > 20 * low:  # over decades each end has digits of its own
        return f"{number(mid)} ({number(low)} to {number(high)})"
    if decimals is None and 0 < width < 1e9 and max(abs(low), abs(high)) < 1e9:
        decimals = min(6, max(0, 1 - math.floor(math.log10(width / 2))))
    return f"{number(mid, decimals)} ({number(low, decimals)} to {number(high, decimals)})"
