"""Amounts in words: `7.1 million workers (90% interval 0.4 to 300 million)`, and how far two of them are apart."""

import math

from ascent.core.display import MINUS, number
from ascent.core.draws import MASS
from ascent.core.tables import Column, Table

MIXED = "as told in unit"  # unit of a column whose rows differ: the column `unit` tells
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
SCALED = {word for _, word in SCALES} | {"thousand"}
BARE = {"", "1", "OOM", "date", "none"}
SHARES = {"fraction", "probability"}
PERIODS = {"year": "a year", "month": "a month", "week": "a week", "day": "a day", "hour": "an hour"}
APART = 100.0  # times the middle value from which on an end of its interval is scaled on its own
TIMES = 2.0  # from this ratio on a difference is told as a multiple, below it in percent


def amount(value: float, unit: str) -> str:
    """One value with its unit in words, to about three digits.

    >>> amount(7.1e6, "worker"), amount(0.226, "fraction"), amount(9.18, "x"), amount(2e25, "FLOP")
    ('7.1 million workers', '22.6 %', '9.18 times', '2e25 FLOP')
    >>> amount(474377.0, "H100e"), amount(0.5, "fraction/year"), amount(2.5, "USD/hour"), amount(2031.42, "date")
    ('474,000 H100e', '50 % a year', '2.5 USD an hour', '2031.4')
    """
    return f"{brief(value, unit)}{_unit(unit, value)}"


def brief(value: float | None, unit: str) -> str:
    """As `amount`, without the unit: for a column that names it elsewhere.

    >>> brief(7.1e6, "worker"), brief(0.226, "fraction"), brief(None, "USD")
    ('7.1 million', '22.6', '')
    """
    if value is None:
        return ""
    scale, word = _scale(value, unit)
    return f"{_digits(value / scale, unit)}{word}"


def printed(value: float | None, unit: str) -> str:
    """A published value with all its digits, scaled as `brief` does.

    >>> printed(450999.0, "person"), printed(1.1234e9, "USD"), printed(0.2255, "fraction"), printed(2e25, "FLOP")
    ('450,999', '1.1234 billion', '22.55', '2e25')
    """
    if value is None:
        return ""
    scale, word = _scale(value, unit)
    scaled = value / scale
    text = number(scaled) if abs(scaled) >= 1e9 or unit == "date" else f"{scaled:,.6g}".replace("-", MINUS)
    return f"{text.replace(',', '') if unit == 'date' else text}{word}"


def counted(unit: str) -> str:
    """What is counted, in the plural: `tokens a day`; empty for a bare number.

    >>> counted("worker"), counted("token/day"), counted("fraction"), counted("x"), counted("date")
    ('workers', 'tokens a day', '%', 'times', '')
    """
    return _unit(unit, 2.0).strip()


def phrase(low: float | None, mid: float, high: float | None, unit: str, *, named: bool = True) -> str:
    """A value with its interval, `named` says that it is one; alone where it has none or three digits tell none.

    >>> phrase(4e5, 7e6, 3e8, "worker")
    '7 million workers (90% interval 0.4 to 300 million)'
    >>> phrase(0.064, 0.122, 0.235, "fraction", named=False)
    '12.2 % (6.4 to 23.5 %)'
    >>> phrase(0.1559, 0.1561, 0.1562, "probability")
    '15.6 %'
    """
    if low is None or high is None:
        return amount(mid, unit)
    if not all(math.isfinite(value) for value in (low, mid, high)):
        return f"{amount(mid, unit)} (no finite interval)"
    if brief(low, unit) == brief(mid, unit) == brief(high, unit):
        return amount(mid, unit)
    head = f"{MASS:.0%} interval " if named else ""
    return f"{amount(mid, unit)} ({head}{span(low, high, unit, mid)})"


def bracketed(
    low: float | None, mid: float | None, high: float | None, unit: str, *, exact: bool = False, bare: bool = False
) -> str:
    """A value, its interval and its unit, for a cell of a table; empty where nothing is known.

    exact  with all digits of a printed value;  bare  without the unit

    >>> bracketed(3.27e6, 4.33e7, 3.57e8, "worker"), bracketed(None, 30.0, None, "percent")
    ('43.3 (3.27 to 357) million workers', '30 %')
    >>> bracketed(3.84, 759e3, 1.39e11, "x"), bracketed(0.4, None, 0.5, "fraction"), bracketed(2.0, 2.0, 2.0, "GW")
    ('759,000 (3.84 to 139 billion) times', '40 to 50 %', '2 GW')
    """
    tell = printed if exact else brief
    like = mid if mid is not None else high if high is not None else low
    if like is None:
        return ""
    bulk = " OOM" if unit.partition("/")[0] == "OOM" else ""
    tail = "" if bare and not _share(unit) else f"{bulk}{_unit(unit, like)}"
    if mid is None:
        return f"{span(low, high, unit).removesuffix(' %')}{tail}"
    _, word = _scale(mid, unit)
    ends = "" if low == high == mid or (low is None and high is None) else span(low, high, unit, mid).removesuffix(" %")
    value = tell(mid, unit)
    if ends and word and ends.endswith(word) and not any(one in ends.removesuffix(word) for _, one in SCALES):
        return f"{value.removesuffix(word)} ({ends.removesuffix(word)}){word}{tail}"
    return f"{value} ({ends}){tail}" if ends else f"{value}{tail}"


def span(low: float | None, high: float | None, unit: str, like: float | None = None) -> str:
    """The two ends of an interval, in the scale of `like` where they are near enough to it.

    >>> span(3.27e6, 3.57e8, "worker", 4.3e7), span(2e3, 3e9, "USD", 1e6), span(None, 5e6, "USD")
    ('3.27 to 357 million', '2,000 to 3 billion', 'up to 5 million')
    """
    tail = " %" if _share(unit) else ""
    if low is None or high is None:
        one = brief(high if low is None else low, unit)
        return f"{'up to ' if low is None else 'from '}{one}{tail}" if one else ""
    middle = like if like else (low + high) / 2
    scale, word = _scale(middle, unit)
    sizes = [abs(end) for end in (low, high) if end]
    small, large = min(sizes, default=scale), max(sizes, default=scale)
    if (word and small * APART < abs(middle)) or (large >= 1e6 and large >= 1000 * scale):
        return f"{brief(low, unit)} to {brief(high, unit)}{tail}"
    return f"{_digits(low / scale, unit)} to {_digits(high / scale, unit)}{word}{tail}"


def apart(ours: float, theirs: float, unit: str = "") -> str:
    """How far ours lies from a published value, in words.

    >>> apart(1.0, 1.0), apart(484.0, 480.0), apart(43e6, 7e6), apart(1e6, 7e6), apart(2026.5, 2027.0, "date")
    ('equal', 'equal as printed', '6.14 times', '1/7 of it', '0.5 years earlier')
    """
    if unit == "date":
        gap = abs(ours - theirs)
        return f"{gap:.1f} years {'earlier' if ours < theirs else 'later'}" if gap >= 0.05 else "equal"
    if ours == theirs or math.isclose(ours, theirs, rel_tol=5e-5):
        return "equal"
    if math.isclose(round_like(ours, theirs), theirs, rel_tol=1e-9):
        return "equal as printed"
    if theirs == 0 or ours == 0 or (ours < 0) != (theirs < 0):
        return f"{brief(abs(ours - theirs), unit)}{' points' if _share(unit) else ''} {_way(ours > theirs)}"
    ratio = ours / theirs
    if not 0 < ratio < math.inf:  # too far apart to divide
        return "far more" if abs(ours) > abs(theirs) else "far less"
    if ratio >= TIMES:
        return f"{_sound(ratio)} times"
    if ratio <= 1 / TIMES:
        return f"1/{_sound(1 / ratio)} of it"
    return f"{abs(ratio - 1) * 100:.2g} % {_way(ratio > 1)}"


def round_like(ours: float, printed_value: float) -> float:
    """Ours with as many digits as the printed value shows, and with two at least.

    >>> round_like(484_000.0, 480_000.0), round_like(8.2, 10.0), round_like(4.0977, 4.1)
    (480000.0, 8.0, 4.1)
    """
    if not printed_value or not math.isfinite(ours):
        return ours
    digits = len(f"{abs(printed_value):.12e}".split("e")[0].replace(".", "").rstrip("0"))
    power = math.floor(math.log10(abs(printed_value)))
    scaled = ours / 10.0**power
    return float(f"{scaled:.{max(digits, 2) - 1}f}e{power}") if math.isfinite(scaled) else ours


def against(ours: float, theirs: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """Ours beside what was published: a value, a range, both or nothing.

    >>> against(43e6, 7e6, 4e5, 3e8), against(5.0, None, 2.0, 4.0), against(3.0, None, 2.0, 4.0)
    ('6.14 times, within its range', '25 % above its range', 'within its range')
    """
    said = "" if theirs is None else apart(ours, theirs, unit)
    if said.startswith("equal") or (low is None and high is None):
        return said
    if low is not None and ours < low:
        place = f"{_gap(low, ours)}below its range"
    elif high is not None and ours > high:
        place = f"{_gap(ours, high)}above its range"
    else:
        place = "within its range"
    if said:
        place = place.split(" ", 2)[-1] if " % " in place or "times" in place else place
    return f"{said}, {place}" if said else place


def worded(table: Table, *, short: bool = False) -> Table:
    """The table for reading: amounts in the units their rows tell become words, a value and its interval one column.

    short  leave out columns without an entry, and the names of outputs that `meaning` explains

    >>> ends = (Column(end, "number", MIXED) for end in ("low", "mid", "high"))
    >>> t = Table.of([Column("of"), *ends, Column("unit")], of=["a"], low=[4e5], mid=[7e6], high=[3e8], unit=["job"])
    >>> list(worded(t).rows())
    [{'of': 'a', 'estimate (90% interval)': '7 (0.4 to 300) million jobs'}]
    """
    mixed = {column.name for column in table.columns if column.unit == MIXED}
    if "unit" not in table.names or not mixed:
        return table
    units = [str(unit or "") for unit in table["unit"]]
    columns: list[Column] = []
    data: dict[str, list[object]] = {}
    for column in table.columns:
        name = column.name
        if name == "unit":
            continue  # told with each amount
        told: list[object] = list(table[name])
        if name in mixed:
            if _end_of(name, mixed):
                continue  # told with the value between
            title, told = _told(table, name, units)
            column = Column(title, help=column.help)
        columns.append(column)
        data[column.name] = told
    if short:
        if {"published", "published_words"} <= set(data):
            pairs = zip(data["published"], data["published_words"], strict=True)
            data["published"] = [told or words for told, words in pairs]
            columns = [column for column in columns if column.name != "published_words"]
        columns = [column for column in columns if any(cell is not None for cell in data[column.name])]
        if {"output", "meaning"} <= {column.name for column in columns}:
            columns = [column for column in columns if column.name != "output"]
    return Table.of(columns, table.note, **{column.name: data[column.name] for column in columns})


def _end_of(name: str, mixed: set[str]) -> bool:
    """Whether a column is the lower or upper end of another's interval."""
    stem, _, end = name.rpartition("_")
    return end in ("low", "high") and (stem or "mid") in mixed


def _told(table: Table, name: str, units: list[str]) -> tuple[str, list[object]]:
    """Title and words of one column of amounts."""
    stem = "" if name == "mid" else f"{name}_"
    ends = [map(_float, table[one]) if one in table.names else [None] * len(units)
            for one in (f"{stem}low", f"{stem}high")]  # fmt: skip
    exact = name in ("published", "point")
    values = zip(ends[0], map(_float, table[name]), ends[1], units, strict=True)
    cells: list[object] = [bracketed(*row, exact=exact, bare=name in ("error", "mean")) or None for row in values]
    return f"estimate ({MASS:.0%} interval)" if name == "mid" else name, cells


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _gap(above: float, below: float) -> str:
    if below <= 0:
        return ""
    ratio = above / below
    return f"{_sound(ratio)} times " if ratio >= TIMES else f"{(ratio - 1) * 100:.2g} % "


def _way(more: bool) -> str:
    return "more" if more else "less"


def _sound(ratio: float) -> str:
    return number(_three(ratio)) if ratio < 1e6 else number(ratio)


def moved(before: float, after: float, unit: str, arrow: str = "→") -> str:
    """From one value to another, for a row whose unit is told elsewhere.

    >>> moved(1.1e8, 2e7, "worker"), moved(0.153, 0.0369, "fraction")
    ('110 million → 20 million', '15.3 → 3.69 %')
    """
    return f"{brief(before, unit)} {arrow} {brief(after, unit)}{' %' if _share(unit) else ''}"


def _share(unit: str) -> bool:
    return unit.partition("/")[0] in (*SHARES, "percent")


def _scale(value: float, unit: str) -> tuple[float, str]:
    first = unit.split("/")[0]
    if first in SHARES:
        return 0.01, ""
    if SCALED & set(first.split()) or "FLOP" in unit or unit == "date":
        return 1.0, ""
    for size, word in SCALES:
        if size <= abs(value) * 1.0005 and abs(value) < 1e15:
            return size, f" {word}"
    return 1.0, ""


def _digits(value: float, unit: str) -> str:
    if unit == "date":
        return f"{value:.1f}".replace("-", MINUS)
    if unit.partition("/")[0] in SHARES and abs(value) >= 10:
        return number(round(value, 1)) if abs(value) < 100 else number(_three(value))
    return number(_three(value))


def _three(value: float) -> float:
    """To three digits: more would claim to be known."""
    return float(f"{value:.3g}") if math.isfinite(value) else value


def _unit(unit: str, value: float) -> str:
    first, slash, rest = unit.partition("/")
    if first in (*SHARES, "percent"):
        head = " %"
    elif first == "x":
        head = " times"
    elif first in BARE:
        head = ""
    else:
        head = " " + _plural(first, value)
    if not slash:
        return head
    if rest in PERIODS:
        return f"{head} {PERIODS[rest]}"
    return f"{head} per {rest}" if rest.isalpha() and rest.islower() and len(rest) > 2 else f"{head}/{rest}"


def _plural(text: str, value: float) -> str:
    *before, last = text.split()
    if last == "person":
        last = "person" if value == 1 else "people"
    elif last.isalpha() and last.islower() and len(last) > 2 and value != 1 and last not in (*SCALED, "people"):
        if last.endswith("y") and last[-2] not in "aeiou":
            last = last[:-1] + "ies"
        elif last.endswith(("ch", "sh", "x", "ss")):
            last += "es"
        elif not last.endswith("s"):
            last += "s"
    return " ".join([*before, last])
