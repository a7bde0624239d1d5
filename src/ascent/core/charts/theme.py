"""One look for every chart: colours that colour-blind readers tell apart, shapes and dashes for black print."""

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.display import plain
from ascent.core.draws import MASS
from ascent.core.tables import Column, Table

# The report's style sheet repeats these values to swap them in the dark; tests compare the two.
INK, MUTED, FAINT, GRID, PAPER = "#1c1e21", "#5c6370", "#aeb4bd", "#e4e7eb", "#ffffff"
ACCENT = "#0072b2"
# Okabe & Ito 2008, Color Universal Design, without its yellow (too faint on white); grey is for "other".
PALETTE = (ACCENT, "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [1, 3])
OTHER = "other"
WIDTH = 740  # of the whole picture, in pixels; fits a laptop column and an A4 page
NARROW = 350  # the same on a telephone
LETTER = 6.3  # mean width of a letter at 12 px, in pixels
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

CONFIG: dict[str, Any] = {
    "background": PAPER,
    "font": FONT,
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": GRID,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelPadding": 6,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
    },
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 12,
        "symbolSize": 80,
        "offset": 8,
    },
    "title": {"anchor": "start", "color": INK, "fontSize": 17, "fontWeight": 600, "lineHeight": 22, "offset": 14}
    | {"subtitleColor": MUTED, "subtitleFontSize": 13, "subtitleLineHeight": 18, "subtitlePadding": 6},
    "text": {"color": INK, "fontSize": 12},
}


def caption(manifest: Manifest) -> str:
    """Where a chart's numbers come from, in one line under it: evidence, its date, and what answered."""
    day = plain(manifest.as_of) or "an unknown day"
    return (
        f"Evidence: {plain(manifest.evidence)}, as of {day}. Ascent {manifest.version}, "
        f"{plain(manifest.question)}, evidence {plain(manifest.fingerprint)[:12]}."
    )


def mass_note(what: str = "Dots are estimates, bars", mass: float = MASS) -> str:
    """The words that say what an interval drawn is."""
    return f"{what} {mass:.0%} intervals."


def axis_title(table: Table, name: str, quantity: str = "") -> str:
    """`Quantity (unit)`: from `quantity`, else the column's name in words, or its help where the name says only mid."""
    column = column_of(table, name)
    words = quantity
    if not words:
        generic = name in ("low", "mid", "high", "value")
        words = column.help if generic else name.replace("_", " ")
        unit_tail = column.unit.lower().replace("_", " ")
        if unit_tail and words.lower().endswith(" " + unit_tail):
            words = words[: -len(unit_tail) - 1]
    words = plain(words[:1].upper() + words[1:])
    unit = plain(column.unit)
    if not unit or words.endswith(f"({unit})"):
        return words
    return f"{words} ({unit})" if words else unit[:1].upper() + unit[1:]


def column_of(table: Table, name: str) -> Column:
    """The declared column; raises KeyError that lists the columns there are."""
    for column in table.columns:
        if column.name == name:
            return column
    raise KeyError(f"no column '{name}' in the table; it has {', '.join(table.names)}")


def require(table: Table, *names: str | None) -> None:
    """Raise KeyError for the first of these columns that the table lacks; None asks for nothing."""
    for name in names:
        if name:
            column_of(table, name)


def path(name: str) -> str:
    """A column's name as a Vega-Lite field, where dots and brackets would mean a path."""
    return "".join("\\" + c if c in ".[]'\"\\" else c for c in name)


def tooltip(names: list[str]) -> list[dict[str, str]]:
    """What the pointer shows of a row, in the interactive page."""
    return [{"field": path(name), "title": plain(name.replace("_", " "))} for name in dict.fromkeys(names)]


TINY, HUGE = 1e-300, 1e300  # ends of any logarithmic axis


def scale_of(low: float, high: float, *, log: bool = False, pad: float = 0.04) -> list[float]:
    """A domain a little wider than the data; on a log axis wider by a factor."""
    if log:
        ratio = high / low
        factor = ratio**pad if 1 < ratio < math.inf else 2.0
        return [min(max(low / factor, TINY), HUGE / 10), min(max(high * factor, TINY * 10), HUGE)]
    room = (high - low) * pad or abs(high) * pad or 1.0
    return [low - room, high + room]


def log_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Round places on a logarithmic axis: 1, 2 and 5 over a short range, powers of ten over a long one.

    >>> log_ticks(0.9, 12), log_ticks(3e20, 2e26, most=4)
    ([1.0, 2.0, 5.0, 10.0], [1e+21, 1e+23, 1e+25])
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks: list[float] = []
    for steps in ((1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8), (1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{step}e{power}") for power in range(first, last + 1) for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= most:
            return ticks
    return ticks[:: math.ceil(len(ticks) / most)]


def log_axis(domain: list[float]) -> dict[str, Any]:
    """What a logarithmic axis adds to the description of an axis."""
    ticks = log_ticks(domain[0], domain[1])
    shown: dict[str, Any] = {"labelExpr": "replace(format(datum.value, '~g'), 'e+', 'e')"}
    return shown | {"values": ticks} if len(ticks) > 1 else shown


def legend_columns(names: Sequence[str], width: int) -> int:
    """How many entries of a legend stand side by side in `width` pixels."""
    longest = max((min(25, len(name)) for name in names), default=1)
    return max(1, min(len(names) or 1, int(width / (longest * LETTER + 34))))


def palette(names: list[str]) -> dict[str, list[Any]]:
    """Colour, shape and dash of each name; the grey is kept for `other`."""
    keep = [name for name in names if name != OTHER]
    tail = 1 if OTHER in names else 0
    return {
        "names": keep + [OTHER] * tail,
        "colours": [PALETTE[i % len(PALETTE)] for i in range(len(keep))] + [FAINT] * tail,
        "shapes": [SHAPES[i % len(SHAPES)] for i in range(len(keep))] + ["circle"] * tail,
        "dashes": [DASHES[i % len(DASHES)] for i in range(len(keep))] + [[1, 0]] * tail,
    }


def group_name(value: object) -> str:
    """How a group is called in the legend; a gap has a name too."""
    return (plain(value) if value is not None else "") or "not stated"


def groups(values: list[str], most: int = len(PALETTE)) -> list[str]:
    """The names to colour, most frequent first, then as they come; beyond `most` they share `other`.

    >>> groups(["a", "b", "b", "c"], most=2)
    ['b', 'other']
    """
    count = {value: values.count(value) for value in dict.fromkeys(values)}
    ordered = sorted(count, key=lambda value: (value == OTHER, -count[value]))
    return ordered if len(ordered) <= most else [*[v for v in ordered if v != OTHER][: most - 1], OTHER]


def colour(field: str, names: list[str], *, legend: bool = True) -> dict[str, Any]:
    """Encodings of colour and shape for a group, one legend between them."""
    look = palette(names)
    shown: dict[str, Any] = {"legend": {"symbolOpacity": 1} if legend else None}
    return {
        "color": {"field": field, "type": "nominal", "scale": {"domain": look["names"], "range": look["colours"]}}
        | shown,
        "shape": {"field": field, "type": "nominal", "scale": {"domain": look["names"], "range": look["shapes"]}}
        | shown,
    }


def compose(
    kind: str,
    view: dict[str, Any],
    data: dict[str, list[dict[str, Any]]],
    *,
    title: str,
    subtitle: str,
    manifest: Manifest | None,
    legend: Sequence[str] = (),
    width: int = WIDTH,
) -> Spec:
    """A whole picture: title and subtitle above, the view, the caption under it, all wrapped to `width` pixels.

    view    Vega-Lite view or layers that name their data by a key of `data`; the first key is the chart's own table
    legend  the names in its legend, to know how many fit side by side
    """
    title, subtitle = plain(title, 400), plain(subtitle, 600)
    source = caption(manifest) if manifest else ""
    about = {"kind": kind, "title": title, "subtitle": subtitle, "caption": source, "legend": list(legend)}
    inner = dict(view)
    if source:
        inner["title"] = {
            "text": wrapped(source, width, 11),
            "orient": "bottom",
            "frame": "bounds",
            "fontSize": 11,
            "fontWeight": "normal",
            "color": MUTED,
            "lineHeight": 15,
            "offset": 16,
        }
    return {
        "$schema": SCHEMA,
        "description": title,
        "usermeta": {"ascent": about},
        "title": {"text": wrapped(title, width, 17), "subtitle": wrapped(subtitle, width, 13), "frame": "bounds"},
        "datasets": data,
        "vconcat": [inner],
        "config": config(legend, width),
    }


def config(legend: Sequence[str], width: int) -> dict[str, Any]:
    """The theme, with as many legend entries in a line as `width` pixels hold."""
    columns = legend_columns(legend, width - 60)
    own = CONFIG["legend"] | {"columns": columns, "labelLimit": min(220, (width - 60) // columns - 30)}
    return CONFIG | {"legend": own}


def wrapped(text: str, width: int, size: int) -> list[str]:
    """Lines of `text` that fit `width` pixels at font size `size`."""
    return wrap(text, max(20, int(width / (size * (0.53 if size > 15 else 0.5))))) or [""]
