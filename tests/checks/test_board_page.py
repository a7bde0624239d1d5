"""The page of the board: complete, offline, alike every time; a verdict is a mark and a word, never colour alone."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from ascent.checks.replication import VERDICTS, Compared, Line
from ascent.evidence.evidence import Evidence
from ascent.report.board import GROUPS, OF, build_board

EVIDENCE = Evidence({}, "made-up evidence", "2026-05-01")
VOID = {"meta", "input", "rect", "circle", "line"}


def reading(name: str, verdict: str, *, value: float | None = 2.0, mid: float | None = 2.0, **more: object) -> Compared:
    said = None if value is None else {"value": value, "unit": "x", "rounding": 0.5, "low": None, "high": None}
    ours = None if mid is None else {"low": mid / 2, "mid": mid, "high": mid * 2}
    inputs = {"question": "q", "params": {"a": "1..2"}, "table": "results", "where": {"output": name}, "column": "mid"}
    one = Compared(name, f"by {name}", "x", said, ours, None, verdict, "", False, {**inputs, "reduce": ""})  # type: ignore[arg-type]
    return replace(one, **more)  # type: ignore[arg-type]


def line(name: str, verdict: str, *readings: Compared, **more: object) -> Line:
    said = {"source": "Somebody, A study", "year": 2025, "as_of": "2025-03-01", "unit": "x", "value": 2.0}
    made = Line(
        name, f"Statement of {name}", said, None, None, verdict, f"Because of {name}.", {}, "exact arithmetic",  # type: ignore[arg-type]
        "agrees", "study", "003", "Part I", "", "", ({"name": "gain", "value": 2.0, "unit": "x"},), readings,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


ALL = [line(f"one-{at}", verdict, reading("plain", verdict)) for at, verdict in enumerate(VERDICTS)]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.loads += [
            str(value) for name, value in attrs if name in ("src", "href") and not str(value).startswith("#")
        ]
        assert "style" not in given and not any(name.startswith("on") for name in given)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_offline_and_the_same_again() -> None:
    page = build_board(ALL, EVIDENCE)
    tags = Tags()
    tags.feed(page)
    assert not tags.open and not tags.loads
    assert len(tags.ids) == len(set(tags.ids))
    assert {one.id for one in ALL} <= set(tags.ids)
    assert page == build_board(ALL, EVIDENCE)
    assert not re.search(r"https?://|url\(|@import", page)
    assert "default-src 'none'" in page and "unsafe-inline" not in page


def test_counts_add_up_and_every_verdict_has_mark_and_word() -> None:
    page = build_board(ALL, EVIDENCE)
    counts = [int(count) for count in re.findall(r'<span class="count">(\d+)</span>', page)]
    assert counts == [3, 1, 1, 1, 1, 1] and sum(counts) == len(ALL)
    assert set(OF) == set(VERDICTS)
    assert len({group.mark for group in GROUPS}) == len(GROUPS)
    for verdict in VERDICTS:
        group = OF[verdict]
        assert f'<span class="mark" aria-hidden="true">{group.mark}</span> {verdict}</p>' in page


def test_an_entry_shows_both_sides_the_reason_and_other_readings() -> None:
    page = build_board(
        [
            line(
                "apart",
                "differs",
                reading("meant", "differs", mid=3.0),
                reading("other", "within rounding", alternative=True),
                reading("extra", "computed", value=None),
                reading("absent", "cannot be computed", mid=None),
            )
        ],
        EVIDENCE,
    )
    assert "Because of apart." in page and "another reading" in page
    assert '<td data-label="published">2 times</td><td data-label="ours">3 times (1.5 to 6)</td>' in page
    assert "not printed" in page and "not computed" in page
    assert "ascent q --a 1..2; table results, meant, mid" in page
    assert "A study</h2>" in page and "Somebody, 1 March 2025" in page
    assert "gain 2 times" in page


def test_names_cannot_command_the_page() -> None:
    evil = '<script>alert("x")</script>'
    page = build_board(
        [line("evil", "differs", reading("r", "differs", words=evil), statement=evil, why=evil)], EVIDENCE
    )
    assert evil not in page and "&lt;script&gt;" in page


def test_the_picture_counts_what_lies_within_a_tenth() -> None:
    near = [line(f"near-{at}", "agrees", reading("r", "agrees", mid=2.1)) for at in range(12)]
    far = [line(f"far-{at}", "differs", reading("r", "differs", mid=4e6)) for at in range(2)]
    page = build_board([*near, *far], EVIDENCE)
    assert "12 of 14 compared figures lie within a tenth of what was published." in page
    assert page.count("<circle") == 14
    places = {float(x) for x in re.findall(r'<circle class="differs" cx="([\d.]+)"', page)}
    assert max(places) <= 960  # farther than a hundred times stands at the end, not outside
    assert "<circle" not in build_board(near[:5], EVIDENCE)


def contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    first, second = sorted((light(one), light(two)), reverse=True)
    return (first + 0.05) / (second + 0.05)


@pytest.mark.parametrize("at", [0, 1], ids=["light", "dark"])
def test_words_in_the_verdicts_colours_can_be_read(at: int) -> None:
    style = files("ascent.report").joinpath("board.css").read_text(encoding="utf-8")
    root = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[at]
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", root))
    for name in (*(group.key for group in GROUPS), "ink", "muted", "accent"):
        for back in ("page", "card"):
            assert contrast(colours[name], colours[back]) >= 4.5, (name, back)
