"""The whole report as one HTML file: nothing is loaded, nothing is known of any question by name."""

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote as percent_encoded

from ascent import __version__
from ascent.core import charts, rendering
from ascent.core.answer import Evidenced, Note, Result, Spec
from ascent.core.display import number, plain
from ascent.core.draws import MASS
from ascent.core.tables import Table
from ascent.forecast.wording import worded
from ascent.report import picture, sheet
from ascent.report.section import Assumption, Section

TITLE = "What public evidence says about AI progress"
ESTIMATES = "Estimates"  # the part of the page for what rests on assumptions
CSV_MOST = 400_000  # bytes of one table's CSV kept in the page
LEVELS = {"warning": "Warning", "bound": "Bound", "info": "Worth knowing"}


def build_report(sections: Sequence[Section], evidence: Evidenced, *, title: str = TITLE) -> str:
    """One self-contained HTML page; the same sections and evidence give the same bytes.

    sections  in the order to show; those without a result are listed with the reason
    evidence  where the numbers come from: its label, as-of date and fingerprint
    """
    style = files("ascent.report").joinpath("style.css").read_text(encoding="utf-8")
    script = files("ascent.report").joinpath("script.js").read_text(encoding="utf-8")
    slugs = _slugs(sections)
    answered = [(slug, s) for slug, s in zip(slugs, sections, strict=True) if s.answered]
    missing = [s for s in sections if not s.answered]
    policy = (
        f"default-src 'none'; script-src {rendering.csp_hash(script)}; style-src {rendering.csp_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>",
        '<a class="skip" href="#main">Skip to the answers</a>',
        _front(title, evidence, sections),
        f'<div class="frame">\n{_contents(answered, bool(missing))}\n<main id="main">',
        _glance(answered),
        *_body(answered),
        _unanswered(missing),
        "</main>\n</div>",
        _foot(evidence),
        f"<script>{script}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def counted(sections: Sequence[Section]) -> str:
    """How many questions the evidence answered, and how many estimates rest on assumptions of their own.

    >>> counted([Section(title="Growth", question="How fast?", failure="Needs more.")])
    '0 of 1 questions'
    """
    kinds = {
        part: [one for one in sections if (one.part == ESTIMATES) == (part == ESTIMATES)] for part in ("", ESTIMATES)
    }
    told = [f"{sum(one.answered for one in some)} of {len(some)}" for some in kinds.values()]
    words = [f"{told[0]} questions"] if kinds[""] else []
    return ", ".join([*words, *([f"{told[1]} estimates (from assumptions)"] if kinds[ESTIMATES] else [])])


def _front(title: str, evidence: Evidenced, sections: Sequence[Section]) -> str:
    facts = [
        ("Evidence", plain(evidence.label, 300)),
        ("As of", plain(evidence.as_of)),
        ("Answered", counted(sections)),
        ("Fingerprint", plain(evidence.fingerprint)[:16]),
    ]
    listed = "".join(f"<div><dt>{name}</dt><dd>{_text(value)}</dd></div>" for name, value in facts)
    return (
        f'<header class="front"><p class="brand">Ascent report</p>\n<h1>{_text(title)}</h1>\n'
        '<p class="lead">Each section answers one question from the evidence named here: a sentence with its interval, '
        "a picture, the warnings that go with it, and every number behind it. "
        f"Ranges hold {MASS:.0%} of the probability under the method named in the section. "
        "This file is complete: it works without network and loads nothing.</p>\n"
        f'<dl class="facts">{listed}</dl></header>'
    )


def _contents(answered: Sequence[tuple[str, Section]], missing: bool) -> str:
    """Links to every section: those at the top first, then each part with its themes."""
    parts = []
    for part, themes in _parts(answered).items():
        listed = ""
        for theme, found in themes.items():
            items = "".join(f'<li><a href="#{slug}">{_text(section.title)}</a></li>' for slug, section in found)
            listed += (f"<h3>{_text(theme)}</h3>" if theme else "") + f"<ol>{items}</ol>"
        if part:
            count = sum(map(len, themes.values()))
            parts.append(f"<details open><summary>{_text(part)} ({count})</summary>{listed}</details>")
        elif listed:
            parts.append(listed)
    if missing:
        parts.append('<ol><li><a href="#not-answered">Not answered</a></li></ol>')
    return f'<nav class="contents" aria-label="Contents"><h2>Contents</h2>{"".join(parts)}</nav>'


def _parts(answered: Sequence[tuple[str, Section]]) -> dict[str, dict[str, list[tuple[str, Section]]]]:
    """The sections by part and theme, in the order they come."""
    found: dict[str, dict[str, list[tuple[str, Section]]]] = {"": {}}
    for slug, section in answered:
        theme = section.theme[:1].upper() + section.theme[1:]
        found.setdefault(section.part, {}).setdefault(theme, []).append((slug, section))
    return found


def _part_slug(part: str) -> str:
    return f"part-{_slug(part)}"


def _body(answered: Sequence[tuple[str, Section]]) -> list[str]:
    """Every section, each part under a heading of its own."""
    written, before = [], ""
    for slug, section in answered:
        if section.part != before:
            before = section.part
            written.append(f'<h2 class="part" id="{_part_slug(before)}">{_text(before)}</h2>')
        written.append(_section(slug, section))
    return written


def _glance(answered: Sequence[tuple[str, Section]]) -> str:
    if len(answered) < 2:
        return ""
    top = "".join(_glimpse(slug, section) for slug, section in answered if not section.part)
    written = f"<ul>{top}</ul>" if top else ""
    for part, themes in _parts(answered).items():
        if part:
            found = [one for some in themes.values() for one in some]
            items = "".join(_glimpse(slug, section) for slug, section in found)
            written += _details(f"{part} ({len(found)})", f"<ul>{items}</ul>")
    return f'<section class="glance" aria-labelledby="glance"><h2 id="glance">At a glance</h2>{written}</section>'


def _glimpse(slug: str, section: Section) -> str:
    return f'<li><a href="#{slug}">{_text(section.title)}</a><p>{_text(_headline(section.result), 600)}</p></li>'


def _section(slug: str, section: Section) -> str:
    result = section.result
    assert result is not None  # only answered sections come here
    headline = _headline(result)
    drawn = [
        _figure(f"{slug}-{i}", name, spec, headline, slug, file=i == 0 or not section.part)
        for i, (name, spec) in enumerate(result.charts().items())
    ]
    sheets = list(result.sheets().items())
    tables = [_table(slug, name, table) for name, table in sheets]
    parts = [
        f'<section class="answer" id="{slug}" aria-labelledby="{slug}-title">',
        f'<h2 id="{slug}-title">{_text(section.title)}</h2><p class="question">{_text(section.question, 400)}</p>',
        f'<p class="headline">{_text(headline, 1000)}</p>',
        drawn[0] if drawn else "",
        f'<p class="leaves">Leaves out: {_text(section.leaves, 600)}.</p>' if section.leaves else "",
        _notes(result.diagnostics()),
        tables[0] if tables else "",
        _details(f"More charts ({len(drawn) - 1})", "".join(drawn[1:])) if len(drawn) > 1 else "",
        _details(f"More tables ({len(tables) - 1})", "".join(tables[1:])) if len(tables) > 1 else "",
        _details("Assumptions", _assumptions(section.params)) if section.params else "",
        _details("Method and source", _method(section.method)) if section.method.strip() else "",
        _stamp(result),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _figure(key: str, name: str, spec: Spec, headline: str, slug: str, *, file: bool) -> str:
    """A chart in the page, wide and narrow; with `file` also whole, to be saved (a third of the time it takes)."""
    words = charts.words(spec)
    alt = f"{words.title or name}. {headline} The numbers are in the table below and in the CSV."
    if plain(words.title) == plain(headline):
        alt = f"{headline} The numbers are in the table below and in the CSV."
    wide_spec, slim_spec = charts.bare(spec), charts.narrow(charts.bare(spec))
    paper = "" if charts.follows_page(spec) else "paper"  # keeps its own light ground in the dark
    two = slim_spec != wide_spec
    wide = " ".join(name for name in ("wide" if two else "", paper) if name)
    pictures = picture.inline(rendering.svg(wide_spec), prefix=f"{key}-", alt=alt, kind=wide)
    if two:
        pictures += picture.inline(rendering.svg(slim_spec), prefix=f"{key}n-", alt=alt, kind=f"slim {paper}".strip())
    stem = f"{slug}-{_slug(name)}"
    links = _csv(charts.rows(spec), f"{stem}.csv")
    if file:
        whole = picture.standalone(rendering.svg(spec), alt=alt)
        links = _download(f"{stem}.svg", "image/svg+xml", whole, "SVG") + links
    repeats = plain(headline, 1000).startswith(words.title.rstrip(".…"))  # it stands just above already
    title = "" if repeats else f'<p class="title">{_text(words.title, 400)}</p>'
    told = "".join(
        f'<p class="{kind}">{_text(text, 600)}</p>'
        for kind, text in zip(("note", "source"), words[1:], strict=True)
        if text
    )
    return (
        f'<figure>{title}<div class="scroll chart" tabindex="0" role="region" aria-label="Chart: {_text(name)}">'
        f"{pictures}</div>"
        f'<figcaption>{told}<p class="get"><span>Download chart:</span> {links}</p></figcaption></figure>'
    )


def _table(slug: str, name: str, table: Table) -> str:
    words = plain(name.replace("_", " ").replace("-", " "))
    link = _csv(table, f"{slug}-{_slug(name)}-table.csv")
    return (
        f'<div class="table"><h3>{escape(words[:1].upper() + words[1:])}</h3>'
        f"{sheet.table_html(worded(table, short=True), name=words, more='The CSV holds them all.' if link else '')}"
        + (f'<p class="get"><span>Download table:</span> {link}</p>' if link else "")
        + "</div>"
    )


def _notes(notes: Sequence[Note]) -> str:
    loud = [note for note in notes if note.level != "info"]
    quiet = [note for note in notes if note.level == "info"]

    def listed(some: Sequence[Note]) -> str:
        items = "".join(
            f'<li class="{note.level}"><strong>{LEVELS[note.level]} ({_text(note.about)}):</strong> '
            f"{sheet.prose(note.text, 2000)}</li>"
            for note in some
        )
        return f'<ul class="notes">{items}</ul>'

    parts = f'<div class="warnings"><h3>Before you quote it</h3>{listed(loud)}</div>' if loud else ""
    return parts + (_details(f"Diagnostics ({len(quiet)})", listed(quiet)) if quiet else "")


def _assumptions(params: Sequence[tuple[str, Any, str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_text(one.name.replace("_", " "))}</th><td>{_text(_value(one.value), 400)}</td>'
        f"<td>{_text(one.unit)}</td><td>{_text(one.help, 600)}</td></tr>"
        for one in (Assumption(*param) for param in params)
    )
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("Assumption", "Value used", "Unit", "What it is"))
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Assumptions"><table class="plain">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _method(text: str) -> str:
    """Paragraphs for `Word  text` blocks of a docstring, where lines that start with a blank go on."""
    blocks: list[str] = []
    for line in text.strip().splitlines():
        if not line.strip():
            blocks.append("")
        elif blocks and blocks[-1] and line[0].isspace():
            blocks[-1] += " " + line.strip()
        else:
            blocks.append(line.strip())
    shown = []
    for block in (block for block in blocks if block):
        head = re.fullmatch(r"([A-Z][a-z]+(?: [a-z]+)?) {2,}(.+)", block)
        words = f"<strong>{head[1]}.</strong> {sheet.prose(head[2], 4000)}" if head else sheet.prose(block, 4000)
        shown.append(f"<p>{words}</p>")
    return f'<div class="prose">{"".join(shown)}</div>'


def _stamp(result: Result) -> str:
    made = result.manifest
    source = f"evidence {made.fingerprint[:12]} as of {made.as_of or 'an unknown day'}"
    words = f"{made.question} · {source} · seed {made.seed} · Ascent {made.version}"
    return f'<p class="stamp">{_text(words, 400)}</p>'


def _unanswered(missing: Sequence[Section]) -> str:
    if not missing:
        return ""
    items = "".join(
        f"<li><strong>{_text(section.title)}</strong> <span>{_text(section.question, 400)}</span>"
        f"<p>{_text(section.failure or 'No reason was given.', 1500)}</p></li>"
        for section in missing
    )
    return (
        '<section class="answer" id="not-answered" aria-labelledby="not-answered-title">'
        '<h2 id="not-answered-title">Not answered</h2>'
        '<p class="question">What this evidence does not allow, and what would.</p>'
        f'<ul class="missing">{items}</ul></section>'
    )


def _foot(evidence: Evidenced) -> str:
    return (
        f"<footer><p>Made by Ascent {__version__} from evidence {_text(evidence.fingerprint)} as of "
        f"{_text(evidence.as_of)}. The same evidence, seed and version give this file byte for byte.</p></footer>"
    )


def _details(summary: str, body: str) -> str:
    return f"<details><summary>{_text(summary)}</summary>{body}</details>"


def _csv(table: Table, file: str) -> str:
    text = table.csv()
    return _download(file, "text/csv", text, "CSV") if len(text.encode()) <= CSV_MOST else ""


def _download(file: str, kind: str, content: str, label: str) -> str:
    return (
        f'<a download="{escape(plain(file))}" href="data:{kind};charset=utf-8,{data_text(content)}" '
        f'aria-label="{label} of {escape(plain(file))}">{label}</a>'
    )


def data_text(content: str) -> str:
    """Text for a data address inside a double-quoted attribute: only what would be misread is encoded.

    >>> data_text('<a href="http://x">50% #1</a>')
    "%3Ca href='http%3A//x'%3E50%25 %231%3C/a%3E"
    """
    quote = "'" if content.startswith("<") and "'" not in content else "%22"  # XML takes either, CSV only its own
    return "".join(quote if c == '"' else _encoded(c) for c in content)


def _encoded(character: str) -> str:
    # Invisible characters stay in the data, but never bare in the page.
    if character in "%#<>&:" or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return percent_encoded(character, safe="", errors="replace")
    return character


def _headline(result: Result | None) -> str:
    return plain(result.headline(), 1000) if result else ""


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value) or "none"
    return str(value) if str(value) else "not set"


def _slugs(sections: Sequence[Section]) -> list[str]:
    """An anchor per section, from the question's own name where there is an answer, each once."""
    taken: dict[str, int] = {"main": 1, "glance": 1, "not-answered": 1}
    found = []
    for section in sections:
        base = _slug(section.result.manifest.question if section.result else section.title)
        taken[base] = taken.get(base, 0) + 1
        found.append(base if taken[base] == 1 else f"{base}-{taken[base]}")
    return found


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", plain(text, 60).lower()).strip("-") or "item"


def _text(value: object, limit: int = 200) -> str:
    return escape(plain(value, limit), quote=True)
