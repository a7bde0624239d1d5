"""Charts are data and pictures: what is drawn is read back and compared with the table it came from."""

import json
import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core import charts, rendering
from ascent.core.answer import Manifest, Spec
from ascent.core.charts import place, theme
from ascent.core.tables import Column, Table

MANIFEST = Manifest("capability-index", {}, "0123456789abcdef0123", "2026-05-12", "ten made-up models")
POINTS = Column("capability", "number", "index points")


def models(count: int = 10, **changes: Any) -> Table:
    columns = [
        Column("model"), Column("organization"), Column("released", "date"), POINTS,
        Column("low", "number", "index points"), Column("high", "number", "index points"), Column("bound", "flag"),
    ]  # fmt: skip
    data: dict[str, Any] = {
        "model": [f"Model {i}" for i in range(count)],
        "organization": [("North", "South", "East")[i % 3] for i in range(count)],
        "released": [
            f"202{3 + i % 3}-{1 + i % 12:02d}-15" if i % 4 else f"202{3 + i % 3}-0{1 + i % 9}" for i in range(count)
        ],
        "capability": [100 + 7.3 * ((i * 7) % count) for i in range(count)],
        "low": [100 + 7.3 * ((i * 7) % count) - 2 - i / 4 for i in range(count)],
        "high": [100 + 7.3 * ((i * 7) % count) + 3 + i / 4 for i in range(count)],
        "bound": [i == 3 for i in range(count)],
    }
    return Table.of(columns, **(data | changes))


def choices() -> Table:
    columns = [Column("knob"), Column("choice"), Column("mid", "number", "days", "doubling time")]
    columns += [Column("low", "number", "days"), Column("high", "number", "days"), Column("default", "flag")]
    return Table.of(
        columns, knob=["rule", "rule", "ridge"], choice=["median", "latest", "0.1"], mid=[190.0, 200.0, 190.0],
        low=[150.0, 160.0, 150.0], high=[230.0, 244.0, 230.0], default=[True, False, True],
    )  # fmt: skip


def laws() -> Table:
    columns = [Column("compute", "number", "FLOP"), Column("loss", "number", "nats"), Column("low", "number")]
    compute = [10.0 ** (18 + i / 2) for i in range(12)] * 2
    loss = [1.8 + 5 * 10 ** (-(i % 12) / 9) for i in range(24)]
    return Table.of(
        [*columns, Column("high", "number"), Column("law")], compute=compute, loss=loss, low=[v - 0.1 for v in loss],
        high=[v + 0.1 for v in loss], law=["published"] * 12 + ["ours"] * 12,
    )  # fmt: skip


def trend() -> Table:
    columns = [Column("released", "date"), POINTS, Column("low", "number"), Column("high", "number"), Column("line")]
    return Table.of(
        columns, released=["2023-01-01", "2024-01-01", "2026-01-01"] * 2, capability=[100, 120, 160, 100, 115, 170],
        low=[95, 118, 150, 95, 112, 160], high=[105, 122, 170, 105, 118, 180], line=["straight"] * 3 + ["bent"] * 3,
    )  # fmt: skip


def cells() -> Table:
    pairs = [(f"Model {i}", f"Benchmark {j}") for i in range(6) for j in range(5) if (i + j) % 4]
    return Table.of(
        [Column("model"), Column("benchmark"), Column("residual", "number", "score")], model=[a for a, _ in pairs],
        benchmark=[b for _, b in pairs], residual=[math.sin(k) / 5 for k in range(len(pairs))],
    )  # fmt: skip


def shares() -> Table:
    columns = [Column("group"), Column("share", "number"), Column("low", "number"), Column("high", "number")]
    return Table.of(columns, group=["all", "few scores"], share=[0.9, 0.86], low=[0.88, 0.83], high=[0.92, 0.89])


def _ranking(table: Table | None = None, **more: Any) -> Spec:
    own = {"label": "model", "mid": "capability", "low": "low", "high": "high", "title": "Model 7 leads"}
    return charts.ranking(table or models(), manifest=MANIFEST, **(own | more))


def _timeline(table: Table | None = None, **more: Any) -> Spec:
    own = {"date": "released", "mid": "capability", "low": "low", "high": "high", "label": "model"}
    return charts.timeline(table or models(), title="It rises", manifest=MANIFEST, **(own | more))


KINDS: dict[str, Callable[[], Spec]] = {
    "ranking": lambda: _ranking(group="organization", hollow="bound", references={"a person": 120.0}),
    "ranking, log": lambda: _ranking(low=None, high=None, log=True, top=4),
    "timeline": lambda: _timeline(highlight=["Model 1"], bands=trend(), line="line", events={"break": "2024-04"}),
    "timeline, groups": lambda: _timeline(group="organization", references={"goal": 150.0}, bands=trend(), line="line"),
    "strip": lambda: charts.strip(
        choices(), choice="choice", family="knob", mid="mid", low="low", high="high", default="default",
        title="It hardly moves", manifest=MANIFEST,
    ),
    "curves": lambda: charts.curves(
        laws(), x="compute", mid="loss", low="low", high="high", colour="law", log_x=True, title="Two laws",
        manifest=MANIFEST,
    ),
    "scatter": lambda: charts.scatter_fit(
        laws(), x="compute", y="loss", low="low", high="high", group="law", log_x=True, log_y=True, fit=laws(),
        line="law", title="Dots and lines", manifest=MANIFEST,
    ),
    "heatmap": lambda: charts.heatmap(
        cells(), row="model", column="benchmark", value="residual", title="What fights the model", manifest=MANIFEST
    ),
    "calibration": lambda: charts.calibration(
        shares(), group="group", covered="share", low="low", high="high", nominal=0.9, accepted=(0.88, 0.92),
        title="Intervals hold", manifest=MANIFEST,
    ),
}  # fmt: skip


def texts(drawn: str) -> list[tuple[str, float, float]]:
    """Every text of an SVG with its place on the whole picture, transforms of its parents added up."""
    found = []

    def walk(node: ElementTree.Element, x: float, y: float) -> None:
        for dx, dy in re.findall(r"translate\(([-\d.e]+),([-\d.e]+)\)", node.get("transform", "")):
            x, y = x + float(dx), y + float(dy)
        if node.tag.endswith("text"):
            found.append((" ".join("".join(node.itertext()).split()), x, y))
        for child in node:
            walk(child, x, y)

    walk(ElementTree.fromstring(drawn), 0.0, 0.0)
    return found


def marks(drawn: str, name: str) -> list[tuple[float, float]]:
    """Places of the symbols of one layer."""
    found = []

    def walk(node: ElementTree.Element, x: float, y: float, inside: bool) -> None:
        for dx, dy in re.findall(r"translate\(([-\d.e]+),([-\d.e]+)\)", node.get("transform", "")):
            x, y = x + float(dx), y + float(dy)
        inside = inside or name in node.get("class", "")
        if inside and node.tag.endswith("path") and node.get("aria-roledescription") == "point":
            found.append((x, y))
        for child in node:
            walk(child, x, y, inside)

    walk(ElementTree.fromstring(drawn), 0.0, 0.0, False)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_valid_and_drawn_without_warning(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    import altair
    import vl_convert

    spec = KINDS[kind]()
    altair.VConcatChart.from_dict(spec, validate=True)
    vl_convert.vegalite_to_svg(spec, vl_version=rendering.VEGA_LITE, show_warnings=True)
    assert "WARN" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_table_gives_the_same_bytes(kind: str) -> None:
    one, two = KINDS[kind](), KINDS[kind]()
    assert json.dumps(one) == json.dumps(two)
    assert rendering.svg(one) == rendering.svg(two)


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_says_title_interval_source_and_date(kind: str) -> None:
    spec = KINDS[kind]()
    shown = " ".join(text for text, _, _ in texts(rendering.svg(spec)))
    assert charts.words(spec).title in shown
    assert "as of 2026-05-12" in shown
    assert "ten made-up models" in shown
    assert "0123456789ab" in shown
    if kind not in ("heatmap", "ranking, log"):
        assert "90% intervals" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_axes_name_their_units(kind: str) -> None:
    shown = " ".join(text for text, _, _ in texts(rendering.svg(KINDS[kind]())))
    unit = {"strip": "days", "curves": "FLOP", "scatter": "FLOP", "heatmap": "score", "calibration": "%"}
    assert unit.get(kind, "index points") in shown


@pytest.mark.parametrize("kind", KINDS)
def test_narrow_and_bare_still_draw(kind: str) -> None:
    spec = KINDS[kind]()
    before = json.dumps(spec)
    for other in (charts.narrow(spec), charts.bare(spec), charts.narrow(charts.bare(spec))):
        width = float(re.search(r'width="([\d.]+)"', rendering.svg(other))[1])  # type: ignore[index]
        if other is not spec and kind != "heatmap" and other["vconcat"][0]["width"] < 330:
            assert width <= 400
    assert json.dumps(spec) == before


def test_a_dot_stands_where_the_axis_says_its_number_is() -> None:
    """The picture is read as a reader would: two tick labels give the scale, the scale gives the dot's number."""

    def read(spec: Spec) -> list[float]:
        drawn = rendering.svg(spec)
        ticks = sorted((float(text), x) for text, x, _ in texts(drawn) if re.fullmatch(r"\d{2,3}", text))
        (low, left), (high, right) = ticks[0], ticks[-1]
        return [
            low + (x - left) / (right - left) * (high - low)
            for x, _ in sorted(marks(drawn, "dots"), key=lambda p: p[1])
        ]

    wanted = sorted((float(value) for value in models()["capability"]), reverse=True)  # type: ignore[arg-type]
    spec = _ranking()
    assert read(spec) == pytest.approx(wanted, abs=0.3)
    for row in spec["datasets"]["rows"]:  # a picture that is off by one point must be caught
        row["capability"] += 1
    assert read(spec) != pytest.approx(wanted, abs=0.3)


def test_ranking_is_in_order_and_tells_what_it_leaves_out() -> None:
    spec = _ranking(top=4)
    drawn = [row["capability"] for row in spec["datasets"]["rows"]]
    assert drawn == sorted(drawn, reverse=True)
    assert len(drawn) == 4
    assert "Shown: 4 of 10; the others lie between 100 and 136." in charts.words(spec).subtitle


def test_two_models_of_one_name_keep_two_rows() -> None:
    drawn = rendering.svg(_ranking(models(4, model=["Twin", "Twin", "A" * 60, "A" * 61])))
    shown = [text for text, _, _ in texts(drawn)]
    assert shown.count("Twin") == 2
    assert sum(text.startswith("AAAA") for text in shown) == 2
    assert len(marks(drawn, "dots")) == 4


def test_a_missing_interval_leaves_the_dot_without_a_bar() -> None:
    spec = _ranking(models(3, low=[None, 90.0, 95.0], high=[None, 110.0, 120.0]))
    drawn = rendering.svg(spec)
    assert len(marks(drawn, "dots")) == 3
    assert sum('stroke-width="3"' in line for line in re.findall(r"<line[^>]*>", drawn)) == 2


def test_the_data_of_a_chart_are_the_rows_it_shows() -> None:
    table = charts.rows(_ranking(top=3))
    assert table.names == ["model", "capability", "low", "high"]
    assert table.csv().splitlines()[1].startswith("Model ")
    assert len(table) == 3
    strip = charts.rows(KINDS["strip"]())
    assert len(strip) == 3  # headings are no rows


@pytest.mark.parametrize("count", [0, 1])
def test_no_row_or_one_row_still_make_a_picture(count: int) -> None:
    for spec in (_ranking(models(count)), _timeline(models(count)), _timeline(models(count), highlight=["Model 0"])):
        assert rendering.svg(spec).startswith("<svg")


def test_equal_numbers_make_a_picture() -> None:
    flat = models(3, capability=[0.0, 0.0, 0.0], low=[0.0] * 3, high=[0.0] * 3)
    assert len(marks(rendering.svg(_ranking(flat)), "dots")) == 3


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="no column 'skill' in the table; it has model, organization"):
        _ranking(mid="skill")
    with pytest.raises(KeyError, match="no column 'skill'"):
        _timeline(group="skill")


def test_a_column_name_with_dots_is_no_path() -> None:
    table = Table.of([Column("a.b"), Column("c[0]", "number")], **{"a.b": ["x"], "c[0]": [1.0]})
    drawn = rendering.svg(charts.ranking(table, label="a.b", mid="c[0]", title="Odd names"))
    assert len(marks(drawn, "dots")) == 1


def test_a_date_known_to_the_month_is_drawn_in_its_middle() -> None:
    spec = _timeline(models(2, released=["2025-03", "2024"]))
    assert {row["_x"] for row in spec["datasets"]["rows"]} == {"2025-03-16", "2024-07-01"}
    assert {row["released"] for row in spec["datasets"]["rows"]} == {"2025-03", "2024"}


def test_what_has_no_place_on_a_logarithmic_axis_is_counted() -> None:
    table = Table.of([Column("x", "number"), Column("y", "number")], x=[0.0, 1.0, 10.0, None], y=[1.0, 2.0, 3.0, 4.0])
    spec = charts.scatter_fit(table, x="x", y="y", log_x=True, title="Logarithmic")
    assert len(marks(rendering.svg(spec), "dots")) == 2
    assert "Left out: 1 without a place on a logarithmic axis." in charts.words(spec).subtitle


def test_long_legends_stay_inside_the_picture() -> None:
    names = [f"An organization with a very long name {i % 6}" for i in range(12)]
    spec = _timeline(models(12, organization=names), group="organization")
    for drawn, most in ((spec, theme.WIDTH + 30), (charts.narrow(spec), theme.NARROW + 20)):
        assert float(re.search(r'width="([\d.]+)"', rendering.svg(drawn))[1]) <= most  # type: ignore[index]


def test_a_gap_in_a_group_has_a_name() -> None:
    spec = _ranking(models(3, organization=["North", None, "North"]), group="organization")
    assert "not stated" in [text for text, _, _ in texts(rendering.svg(spec))]


def test_a_name_written_twice_is_called_out_once() -> None:
    spec = _timeline(models(6, model=["Twin"] * 3 + ["A", "B", "C"]), highlight=["Twin", "A"])
    assert [row["_name"] for row in spec["datasets"]["callouts"]] == ["A", "Twin"]


# Machado, Oliveira & Fernandes 2009, A Physiologically-based Model for Simulation of Color Vision Deficiency.
DEFICIENCIES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def _linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def _lab(rgb: list[float]) -> list[float]:
    """CIE L*a*b* (D65) of linear sRGB."""
    r, g, b = (min(1.0, max(0.0, c)) for c in rgb)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def _nearest(colours: list[str], matrix: tuple[tuple[float, ...], ...]) -> float:
    seen = [_lab([sum(m * c for m, c in zip(row, _linear(one), strict=True)) for row in matrix]) for one in colours]
    return min(math.dist(a, b) for i, a in enumerate(seen) for b in seen[:i])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_colours_are_told_apart_by_every_eye(deficiency: str) -> None:
    matrix = DEFICIENCIES[deficiency]
    assert _nearest([*theme.PALETTE], matrix) > 10  # CIE76; about 2 is just noticeable
    assert _nearest(["#2ca02c", "#d62728"], DEFICIENCIES["deuteranopia"]) < 30  # the pair everybody warns of


def test_shapes_and_dashes_tell_groups_apart_without_colour() -> None:
    names = [f"g{i}" for i in range(6)]
    look = theme.palette(names)
    assert len(set(look["shapes"])) == len({str(dash) for dash in look["dashes"]}) == 6


def test_text_has_the_contrast_that_readers_need() -> None:
    def contrast(one: str, two: str) -> float:
        light = [0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 for r, g, b in (_linear(one), _linear(two))]
        return max(light) / min(light)

    assert contrast(theme.INK, theme.PAPER) > 7
    assert contrast(theme.MUTED, theme.PAPER) > 4.5
    assert contrast(theme.FAINT, theme.PAPER) < 4.5  # so it may never carry words
    for spec in (make() for make in KINDS.values()):
        assert not re.search(rf'<text[^>]*fill="{theme.FAINT}"', rendering.svg(spec))


@given(st.lists(st.floats(0, 400), max_size=12), st.floats(4, 30))
def test_names_are_moved_apart_and_keep_their_order(wanted: list[float], gap: float) -> None:
    placed = place.spread(wanted, gap)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    steps = [placed[b] - placed[a] for a, b in pairwise(order)]
    assert all(step >= gap - 1e-6 for step in steps)
    apart = all(wanted[b] - wanted[a] >= gap for a, b in pairwise(order))
    if apart:
        assert placed == pytest.approx(wanted)


def test_a_name_stands_nearest_to_its_own_dot_and_crosses_no_level() -> None:
    """Three dots as near to each other as those that were misread; none named wrongly, rather not at all."""
    dots = [(520.0, 60.0, "Grok 4"), (503.0, 65.0, "Grok 3"), (504.0, 72.0, "GPT-4.5"), (524.0, 92.0, "GPT-5")]
    spots = place.callouts(dots, [(x, y + 25) for x, y, _ in dots], 680, 380, levels=[85.0])
    named = 0
    for (x, y, name), spot in zip(dots, spots, strict=True):
        if spot is None:
            continue
        named += 1
        box = place.extent(x, y, name, spot)
        away = [math.hypot(max(box[0] - a, 0, a - box[2]), max(box[1] - b, 0, b - box[3])) for a, b, _ in dots]
        assert dots[away.index(min(away))][2] == name
        assert not box[1] < 85 < box[3]
    assert named >= 2


@given(
    st.lists(st.tuples(st.floats(0, 600), st.floats(0, 300), st.text("abcdef", min_size=1, max_size=20)), max_size=25)
)
def test_callouts_never_cover_each_other(points: list[tuple[float, float, str]]) -> None:
    placed = zip(points, place.callouts(points, [], 600, 300), strict=True)
    boxes = [place.extent(x, y, name, spot) for (x, y, name), spot in placed if spot]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_callout_leaves_the_line_where_it_can() -> None:
    line = place.along([(0, 200), (600, 100)])
    ((align, dx, dy),) = place.callouts([(300, 150, "on the line")], [], 600, 300, line)  # type: ignore[misc]
    left, top, right, bottom = place.extent(300, 150, "on the line", (align, dx, dy))
    assert not any(left < x < right and top < y < bottom for x, y in line)
    everywhere = [(float(x), float(y)) for x in range(0, 600, 3) for y in range(0, 300, 3)]
    assert place.callouts([(300, 150, "on lines")], [], 600, 300, everywhere) != [None]  # better crossed than unnamed


def test_names_from_outside_are_text_and_nothing_else() -> None:
    hostile = ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "A\u202eB\x00\x07", "{{7*7}}"]
    drawn = rendering.svg(_ranking(models(4, model=hostile), group=None))
    tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(drawn).iter()}
    assert tags <= {"svg", "g", "path", "rect", "line", "text", "tspan"}
    assert "\u202e" not in drawn
    assert "AB" in [text for text, _, _ in texts(drawn)]


def test_an_estimate_without_an_interval_shows_no_more_digits_than_those_with_one() -> None:
    table = Table.of(
        [Column("name"), *(Column(name, "number", "points") for name in ("mid", "low", "high"))],
        name=["A", "B", "C"], mid=[6.3127, 1.1, 3.776], low=[None, -2.1, 2.78], high=[None, 4.6, 4.77],
    )  # fmt: skip
    drawn = rendering.svg(charts.ranking(table, label="name", mid="mid", low="low", high="high", title="T"))
    assert [text for text, _, _ in texts(drawn) if text.startswith("6.")] == ["6.3"]
