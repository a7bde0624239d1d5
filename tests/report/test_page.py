"""The report as its readers meet it: whole, offline, the same every time, deaf to what hides in names."""

import base64
import csv
import hashlib
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from ascent.core.answer import Evidenced
from ascent.core.charts import theme
from ascent.report import Section, build_report

Make = Callable[..., Section]

VOID = {"meta", "br"}
TAGS = {
    "html", "code", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "dl", "div", "dt",
    "dd", "nav", "ol", "ul", "li", "main", "section", "figure", "figcaption", "svg", "g", "path", "rect", "line",
    "text", "tspan", "span", "strong", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th",
    "td", "button", "footer", "script", "clippath", "defs",
}  # fmt: skip


class Page(HTMLParser):
    """Every element with its attributes, and whether they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


def failed() -> Section:
    return Section(
        title="Time horizon", question="How long a task?", failure="Needs 5 task families; found 0. To go on: add some."
    )


def test_the_page_is_well_formed_and_loads_nothing(section: Make, evidence: Evidenced) -> None:
    text = build_report([section(), failed()], evidence)
    page = Page(text)
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= TAGS
    for tag, attrs in page.elements:
        assert not {"src", "srcset", "action", "poster", "style", "background", "xlink:href"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
        if "href" in attrs:
            assert tag == "a"
            assert attrs["href"].startswith(("#", "data:"))
    assert "http://" not in text
    assert "https://" not in text
    assert "@import" not in text
    assert "url(" not in files("ascent.report").joinpath("style.css").read_text()


def test_the_same_answers_give_the_same_bytes_whatever_time_they_took(section: Make, evidence: Evidenced) -> None:
    one = build_report([section(seconds=1.0), failed()], evidence)
    assert build_report([section(seconds=99.0), failed()], evidence) == one
    assert build_report([section(headline="Another"), failed()], evidence) != one


def test_links_inside_lead_somewhere_and_names_are_unique(section: Make, evidence: Evidenced) -> None:
    page = Page(build_report([section(), section(), failed()], evidence))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = {attrs["href"][1:] for attrs in page.all("a") if attrs["href"].startswith("#")}
    assert {"capability-index", "capability-index-2", "not-answered", "main"} <= inside <= set(ids)
    for _, attrs in page.elements:
        for value in attrs.values():
            if value.startswith("url(#"):
                assert value[5:-1] in ids
        if "aria-labelledby" in attrs:
            assert attrs["aria-labelledby"] in ids


def test_the_policy_allows_exactly_what_is_there(section: Make, evidence: Evidenced) -> None:
    text = build_report([section()], evidence)
    policy = next(a["content"] for a in Page(text).all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_every_chart_has_words_for_those_who_cannot_see_it(section: Make, evidence: Evidenced) -> None:
    page = Page(build_report([section()], evidence))
    pictures = page.all("svg")
    assert len(pictures) == 4  # two charts, each wide and narrow
    for attrs in pictures:
        assert attrs["role"] == "img"
        assert "150 index points (90% interval 147.5 to 152.5)" in attrs["aria-label"]


def _downloads(page: Page, suffix: str) -> dict[str, str]:
    found = {}
    for attrs in page.all("a"):
        if attrs.get("download", "").endswith(suffix):
            found[attrs["download"]] = unquote(attrs["href"].split(",", 1)[1])
    return found


def test_every_chart_and_table_can_be_taken_along(section: Make, evidence: Evidenced) -> None:
    page = Page(build_report([section()], evidence))
    tables = _downloads(page, ".csv")
    assert set(tables) == {
        "capability-index-ranking.csv", "capability-index-over-time.csv", "capability-index-capability-table.csv",
        "capability-index-again-table.csv",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(tables["capability-index-ranking.csv"])))
    assert [float(row["capability"]) for row in rows] == [150 - 1.5 * i for i in range(40)]
    pictures = _downloads(page, ".svg")
    assert len(pictures) == 2
    for drawn in pictures.values():
        root = ElementTree.fromstring(drawn)
        words = " ".join("".join(node.itertext()) for node in root.iter() if node.tag.endswith("text"))
        assert "forty made-up models, as of 2026-05-12" in words  # a picture that travels keeps its source


def test_formulas_in_names_are_dead_in_the_csv(section: Make, evidence: Evidenced) -> None:
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)", 'say "x", y']
    page = Page(build_report([section(names)], evidence))
    for text in _downloads(page, ".csv").values():
        cells = [row["model"] for row in csv.DictReader(io.StringIO(text))]
        assert len(cells) == len(names)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert 'say "x", y' in cells


def test_an_estimate_stands_with_its_interval_and_numbers_stand_right(section: Make, evidence: Evidenced) -> None:
    text = build_report([section()], evidence)
    assert '<td class="n" data-v="150.0">150.0 (147.5 to 152.5)</td>' in text
    assert '<td class="n" data-v="147.0">147.0 (144.5 or more)</td>' in text  # no upper end, and none made up
    assert '<th scope="row">Model 00</th>' in text
    assert all(attrs.get("scope") in ("col", "row") for attrs in Page(text).all("th"))


def test_a_long_table_is_cut_and_says_so(section: Make, evidence: Evidenced) -> None:
    many = [f"Model {i}" for i in range(700)]
    text = build_report([section(many)], evidence)
    assert "The first 500 of 700 rows. The CSV holds them all." in text
    assert "Show all 500 rows" in text
    assert text.count('<th scope="row">Model 499</th>') == 2
    assert '<th scope="row">Model 500</th>' not in text
    assert len(text) < 3_000_000


def test_the_front_page_says_what_was_asked_and_what_could_not_be_answered(section: Make, evidence: Evidenced) -> None:
    words = " ".join(" ".join(Page(build_report([section(), failed()], evidence)).words).split())
    for part in (
        "forty made-up models", "2026-05-12", evidence.fingerprint, "1 of 2", "Time horizon",
        "Needs 5 task families; found 0. To go on: add some.", "Two models share no benchmark.", "how many",
        "arXiv:2512.00193", "least squares, resampled",
    ):  # fmt: skip
        assert part in words


def test_without_any_answer_there_is_still_a_page(evidence: Evidenced) -> None:
    page = Page(build_report([failed()], evidence))
    assert page.open == []
    assert "0 of 1 questions" in page.words


def test_a_saved_answer_reads_the_same(section: Make, evidence: Evidenced, tmp_path: Path) -> None:
    from ascent.core.answer import load

    fresh = section()
    assert fresh.result
    fresh.result.save(tmp_path / "answer")
    kept = replace(fresh, result=load(tmp_path / "answer"))
    assert build_report([kept], evidence) == build_report([fresh], evidence)


def test_the_style_sheet_knows_the_colours_of_the_charts() -> None:
    style = files("ascent.report").joinpath("style.css").read_text()
    for colour in (theme.INK, theme.MUTED, theme.FAINT, theme.GRID, theme.PAPER, theme.ACCENT):
        assert f'[fill="{colour}"]' in style
        assert f'[stroke="{colour}"]' in style


CALL = "document.documentElement.dataset.ran=1"
PAYLOADS = [
    pattern.replace("X", CALL)
    for pattern in (
        "<script>X</script>",
        "</script><script>X</script>",
        "</title><script>X</script>",
        "</style><script>X</script>",
        "<img src=x onerror=X>",
        "<img src=x onerror='X'>",
        '"><img src=x onerror=X>',
        "'><img src=x onerror=X>",
        "<svg onload=X>",
        "<svg/onload=X>",
        '"><svg onload=X>',
        "<svg><script>X</script></svg>",
        "</svg><script>X</script>",
        "</text></svg><img src=x onerror=X>",
        "<svg><animate onbegin=X attributeName=x dur=1s>",
        "<svg><a xlink:href='javascript:X'><text>a</text></a></svg>",
        "<svg><use href='data:image/svg+xml,<svg onload=X>'/>",
        "<svg><foreignObject><body onload=X></foreignObject></svg>",
        "<svg><set onbegin=X attributeName=x>",
        "<body onload=X>",
        "<iframe src=javascript:X>",
        "<iframe srcdoc='<script>parent.X</script>'>",
        "<object data=javascript:X>",
        "<embed src=javascript:X>",
        "<a href=javascript:X>a</a>",
        "javascript:X",
        "JaVaScRiPt:X",
        "java\tscript:X",
        "data:text/html,<script>X</script>",
        "<meta http-equiv=refresh content='0;url=javascript:X'>",
        "<base href=javascript:X//>",
        "<link rel=stylesheet href=data:,*{x:expression(X)}>",
        "<style>@import 'data:,X'</style>",
        "<input autofocus onfocus=X>",
        "<select autofocus onfocus=X>",
        "<textarea autofocus onfocus=X>",
        "<details open ontoggle=X>",
        "<video src=x onerror=X>",
        "<audio src=x onerror=X>",
        "<marquee onstart=X>",
        "<form action=javascript:X><button autofocus>",
        "<math href=javascript:X>",
        "<template><script>X</script></template>",
        "<noscript><p title='</noscript><img src=x onerror=X>'>",
        "<!--><script>X</script>-->",
        "<![CDATA[<script>X</script>]]>",
        "--><script>X</script><!--",
        "]]><script>X</script>",
        "&lt;script&gt;X&lt;/script&gt;",
        "&#60;script&#62;X&#60;/script&#62;",
        "%3Cscript%3EX%3C/script%3E",
        "\\u003cscript\\u003eX\\u003c/script\\u003e",
        "<scr\x00ipt>X</scr\x00ipt>",
        "<scr\u202eipt>X</script>",
        '" onmouseover=X x="',
        "' onfocus=X autofocus tabindex=1 x='",
        "`-X-`",
        "${X}",
        "{{constructor.constructor('X')()}}",
        "'-X-'",
        '"-X-"',
        "\n<script>X</script>",
        "<script\n>X</script\n>",
        "<<script>X//<</script>",
        "<xss id=x tabindex=1 onfocus=X autofocus></xss>",
    )
]


def hostile(section: Make) -> list[Section]:
    """Every payload as a model, and each text of the answer as payloads in turn."""
    fields = (
        "headline", "title", "question", "method", "note", "about", "label", "organization", "help", "table_note",
        "chart", "sheet", "value", "unit", "told", "name",
    )  # fmt: skip
    sections = [section(PAYLOADS)]
    for start in (0, 16, 32, 48):
        texts = dict(zip(fields, (PAYLOADS * 2)[start:], strict=False))
        sections.append(section(["A", "B"], **texts))
    sections += [Section(title=p, question=p, failure=p) for p in PAYLOADS]
    return sections


def test_what_hides_in_names_stays_text(section: Make, evidence: Any) -> None:
    assert len(PAYLOADS) >= 60
    text = build_report(hostile(section), replace(evidence, label=PAYLOADS[1], as_of=PAYLOADS[4]), title=PAYLOADS[2])
    page = Page(text)
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= TAGS
    assert len(page.all("script")) == len(page.all("style")) == 1
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name in ("style", "src", "srcdoc")]
        if "href" in attrs:
            assert tag == "a"
            assert attrs["href"].startswith(("#", "data:text/csv;", "data:image/svg+xml;"))
            assert "download" in attrs or attrs["href"].startswith("#")
    assert not set("\x00\u202e\u2028") & set(text)
    for drawn in _downloads(page, ".svg").values():
        root = ElementTree.fromstring(drawn)
        tags = {node.tag.rpartition("}")[2] for node in root.iter()}
        assert tags <= {"svg", "g", "path", "rect", "line", "text", "tspan", "title"}
        assert not [name for node in root.iter() for name in node.attrib if name.startswith("on") or "href" in name]


BROWSER = next((path for name in ("chromium", "google-chrome", "chrome") if (path := shutil.which(name))), None)


@pytest.mark.skipif(BROWSER is None, reason="no browser here")
def test_a_real_browser_runs_none_of_it(section: Make, evidence: Evidenced, tmp_path: Path) -> None:
    assert BROWSER

    def opened(text: str) -> str:
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        command = [
            BROWSER,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
        ]
        command += ["--virtual-time-budget=2000", "--dump-dom", (tmp_path / "page.html").as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
        return done.stdout.decode()

    text = build_report(hostile(section), evidence)
    shown = opened(text)
    assert 'class="sheet clipped"' in shown  # our own script did run
    assert "data-ran" not in shown.split(">", 2)[1]
    # The same page with one name let through and no policy must be caught.
    policy = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>")
    broken = policy.sub("", text).replace("&lt;img src=x onerror=", "<img src=x onerror=")
    assert "data-ran" in opened(broken).split(">", 2)[1]
