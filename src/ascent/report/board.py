"""The replication board as one HTML file to share: published figures beside ours, why they part, and where they stand.

Nothing is loaded: style and script are in the page, the script known by its hash. Without the script everything is
shown; with it the entries can be narrowed by verdict, article and words. It knows no result by name.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any, NamedTuple

from ascent import __version__
from ascent.checks.replication import NOTHING, SAME, Compared, Line
from ascent.checks.replication_words import (
    AGREEMENT,
    day_text,
    figure,
    ours_text,
    published_text,
    recipe_text,
)
from ascent.core import rendering
from ascent.core.answer import Evidenced
from ascent.core.display import plain

WIDTH, SIDE = 960, 12  # of the picture, in its own units
DECADES = 2  # shown on either side of equality
DOT = 4.5
MOST = 16  # dots drawn on each other
PLAIN = (SAME, NOTHING)  # reasons that the marks say already


class Group(NamedTuple):
    """Verdicts that are counted and filtered as one."""

    key: str
    mark: str
    word: str
    meaning: str
    verdicts: tuple[str, ...]


GROUPS = (
    Group("fits", "✓", "Agree", "every figure comes out as printed", ("agrees", "within rounding", "consistent")),
    Group("partly", "◐", "Agree in part", "some figures come out, others do not", ("partly",)),
    Group("differs", "✗", "Differ", "the printed figures do not come out", ("differs",)),
    Group("computed", "=", "Computed", "nothing was printed to set ours beside", ("computed",)),
    Group("judgement", "“", "Judgements", "recorded with their author", ("judgement",)),
    Group("missing", "…", "Missing", "evidence or a question is not there yet", ("cannot be computed",)),
)
OF = {verdict: group for group in GROUPS for verdict in group.verdicts}


def build_board(lines: Sequence[Line], evidence: Evidenced) -> str:
    """One self-contained HTML page; the same lines and evidence give the same bytes."""
    style = files("ascent.report").joinpath("board.css").read_text(encoding="utf-8")
    script = files("ascent.report").joinpath("board.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src {rendering.csp_hash(script)}; style-src {rendering.csp_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    articles: dict[str, list[Line]] = {}
    for line in lines:
        articles.setdefault(line.article, []).append(line)
    ordered = sorted(articles.items(), key=lambda item: item[0])
    ordered.sort(key=lambda item: max(line.published["as_of"] for line in item[1]), reverse=True)
    counted = f"{len(lines)} published result{'' if len(lines) == 1 else 's'} about AI"
    done = sum(OF[line.verdict].key not in ("judgement", "missing") for line in lines)
    title = f"{counted}, {'recomputed' if done == len(lines) else f'{done} of them recomputed'}"
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>",
        '<a class="skip" href="#main">Skip to the results</a>',
        _front(title, lines),
        '<main id="main">',
        _controls(ordered),
        *(_article(name, members) for name, members in ordered),
        '<p class="none" hidden>No result fits these filters.</p>\n</main>',
        _foot(evidence),
        f"<script>{script}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _front(title: str, lines: Sequence[Line]) -> str:
    counts = Counter(OF[line.verdict].key for line in lines)
    tiles = "".join(
        f'<li><button type="button" class="tile {group.key}" data-only="{group.key}" aria-pressed="false">'
        f'<span class="count">{counts[group.key]}</span> <span class="word"><span class="mark" aria-hidden="true">'
        f"{group.mark}</span> {group.word}</span><span class='meaning'>{group.meaning}</span></button></li>"
        for group in GROUPS
    )
    return (
        f'<header class="front"><p class="brand">Ascent replication board</p>\n<h1>{_text(title)}</h1>\n'
        '<p class="lead">Each published figure stands beside what the same arithmetic, simulation or fit gives here, '
        "from the inputs its source names. Where the two part, the entry says why, and shows other readings of the "
        "source that would or would not explain it. Ranges after our figures hold 90 % of the draws.</p>\n"
        f"{_strip(counts, len(lines))}\n<ul class='tiles'>{tiles}</ul>\n{_picture(lines)}</header>"
    )


def _strip(counts: Mapping[str, int], total: int) -> str:
    """The verdicts as one bar whose parts are as long as they are many."""
    parts, left = [], 0.0
    for group in GROUPS:
        width = WIDTH * counts.get(group.key, 0) / max(1, total)
        if width:
            parts.append(
                f'<rect class="{group.key}" x="{left:.2f}" y="0" width="{max(0.5, width - 2):.2f}" height="14"/>'
            )
        left += width
    told = ", ".join(f"{counts.get(group.key, 0)} {group.word.lower()}" for group in GROUPS)
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH} 14" preserveAspectRatio="none" role="img" '
        f'aria-label="{_text(told)}">{"".join(parts)}</svg>'
    )


def _picture(lines: Sequence[Line]) -> str:
    """One dot per compared figure, at ours over published; dots of like place stand on each other."""
    dots = []
    for line in lines:
        for one in line.readings:
            said = one.published and one.published["value"]
            if one.alternative or not said or not one.ours or one.ours["mid"] is None or one.ours["mid"] * said <= 0:
                continue
            ratio = math.log10(one.ours["mid"] / said)
            dots.append((max(-DECADES, min(DECADES, ratio)), OF[one.verdict].key, line.id))
    if len(dots) < 10:
        return ""
    scale = (WIDTH - 2 * SIDE) / (2 * DECADES)
    step = 2 * DOT + 1
    columns: dict[int, list[tuple[str, str]]] = {}
    order = {"differs": 0, "fits": 1}
    for ratio, key, name in sorted(dots, key=lambda dot: (order.get(dot[1], 2), dot[2])):
        columns.setdefault(round(ratio * scale / step), []).append((key, name))
    ground = min(MOST, max(map(len, columns.values()))) * step + 26
    circles = ""
    for column, held in sorted(columns.items()):
        x = WIDTH / 2 + column * step
        circles += "".join(
            f'<circle class="{key}" cx="{x:.1f}" cy="{ground - 3 - DOT - level * step:.1f}" r="{DOT}">'
            f"<title>{_text(name)}</title></circle>"
            for level, (key, name) in enumerate(held[:MOST])
        )
    if cut := sum(len(held) for held in columns.values() if len(held) > MOST):
        # Columns of equals would dwarf everything else: they are cut, and counted in words.
        told = f"the tallest columns are cut: they hold {cut} figures"
        circles += f'<text class="many" x="{WIDTH / 2:.1f}" y="16" text-anchor="middle">{told}</text>'
    ticks = ""
    for at, word in ((-2, "a hundredth"), (-1, "a tenth"), (0, "as published"), (1, "10 times"), (2, "100 times")):
        x = WIDTH / 2 + at * scale
        anchor = "start" if at == -2 else "end" if at == 2 else "middle"
        ticks += f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{ground:.1f}" y2="{ground + 6:.1f}"/>'
        ticks += f'<text x="{x:.1f}" y="{ground + 22:.1f}" text-anchor="{anchor}">{word}</text>'
    fit = sum(1 for ratio, *_ in dots if abs(ratio) <= math.log10(1.1))
    told = f"{fit} of {len(dots)} compared figures lie within a tenth of what was published."
    return (
        f'<figure><p class="title">{told}</p><svg class="dots" viewBox="0 0 {WIDTH} {ground + 30:.0f}" role="img" '
        f'aria-label="{told}"><line class="axis" x1="0" x2="{WIDTH}" y1="{ground:.1f}" y2="{ground:.1f}"/>'
        f"{ticks}{circles}</svg><figcaption>Ours over published, one dot per compared figure, on a logarithmic scale; "
        "figures farther off stand at the ends. Other readings of a source are left out.</figcaption></figure>"
    )


def _controls(ordered: Sequence[tuple[str, Sequence[Line]]]) -> str:
    options = "".join(
        f'<option value="{_text(name)}">{_text(_title(name, members), 120)}</option>' for name, members in ordered
    )
    return (
        '<form class="controls" hidden><label>Article <select id="article"><option value="">All articles</option>'
        f'{options}</select></label><label>Words <input id="words" type="search" autocomplete="off"></label>'
        '<button type="reset">Show all</button><p id="shown" role="status"></p></form>'
    )


def _article(name: str, members: Sequence[Line]) -> str:
    first = members[0].published
    same = len({line.published["source"] for line in members}) == 1
    by = first["source"].partition(", ")[0] if ", " in first["source"] else first["source"]
    cited = f"{by}, {day_text(first['as_of'], first['year'])}" if same else "Several sources"
    counts = Counter(OF[line.verdict].key for line in members)
    told = ", ".join(f"{counts[group.key]} {group.word.lower()}" for group in GROUPS if counts[group.key])
    entries = "\n".join(_entry(line, cite=not same) for line in members)
    return (
        f'<section class="article" data-article="{_text(name)}"><div class="heading"><h2>{_text(_title(name, members))}'
        f'</h2><p class="cited">{_text(cited, 400)}</p><p class="tally">{_text(told)}</p></div>\n{entries}\n</section>'
    )


def _entry(line: Line, *, cite: bool) -> str:
    group = OF[line.verdict]
    slug = _text(line.id)
    parts = [
        f'<article class="entry {group.key}" id="{slug}" data-group="{group.key}">',
        f'<p class="verdict"><span class="mark" aria-hidden="true">{group.mark}</span> {_text(line.verdict)}</p>',
        f'<div class="body"><h3>{_text(line.statement, 400)} <a class="self" href="#{slug}" aria-label="Link to this '
        'result">#</a></h3>',
        _readings(line),
        f'<p class="why">{_text(line.why, 1200)}</p>' if line.why and line.why not in PLAIN else "",
        _more(line, cite=cite),
        "</div></article>",
    ]
    return "\n".join(part for part in parts if part)


def _readings(line: Line) -> str:
    shown = [one for one in line.readings if one.published or one.ours]
    if not shown:
        return ""
    several = len(shown) > 1
    rows = []
    for one in shown:
        group = OF[one.verdict]
        rounding = (one.published or {}).get("rounding") or 0.0
        words = (one.words or one.name.replace("_", " ")) if several else ""
        name = f'<th scope="row">{_text(words)}{_other(one)}</th>' if several else ""
        ours = _text(ours_text(one.ours, one.unit, rounding)) or '<span class="gap">not computed</span>'
        said = _text(published_text(one.published)) or '<span class="gap">not printed</span>'
        mark = f'<span class="mark" aria-hidden="true">{group.mark}</span><span class="unseen">{one.verdict}</span>'
        quiet = " class='other'" if one.alternative else ""
        rows.append(
            f'<tr{quiet}>{name}<td data-label="published">{said}</td><td data-label="ours">{ours}</td>'
            f'<td class="sign {group.key}">{mark}</td></tr>'
        )
    first = '<th scope="col">Reading</th>' if several else ""
    return (
        f'<table class="{"several" if several else "one"}"><thead><tr>{first}<th scope="col">Published</th>'
        '<th scope="col">Ours</th><th scope="col"><span class="unseen">Verdict</span></th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _other(one: Compared) -> str:
    return ' <span class="tag">another reading</span>' if one.alternative else ""


def _more(line: Line, *, cite: bool) -> str:
    facts: list[tuple[str, str]] = [("Name", line.id), ("Kind", line.exactness), ("Author", line.author)]
    if cite:
        facts.append(
            ("Source", f"{line.published['source']}, {day_text(line.published['as_of'], line.published['year'])}")
        )
    facts += [("Where", line.where), ("Its own inputs", AGREEMENT[line.agreement]), ("Missing", line.missing)]
    facts.append(("Printed", "; ".join(text for text in map(_output, line.outputs) if text)))
    told = "".join(f"<dt>{name}</dt><dd>{_text(text, 900)}</dd>" for name, text in facts if text)
    asked = {recipe_text(one.inputs): None for one in line.readings if one.ours}
    if asked:
        commands = "".join(f"<li><code>{_text(text, 600)}</code></li>" for text in asked if text)
        told += f'<dt>Asked</dt><dd><ul class="asked">{commands}</ul></dd>'
    return f"<details><summary>Source and recipe</summary><dl>{told}</dl></details>"


def _output(said: Mapping[str, Any]) -> str:
    name, unit = str(said["name"]).replace("_", " "), str(said["unit"])
    if said.get("words"):
        return f"{name} {said['words']}{'' if unit in ('1', 'x') else f' {unit}'}"
    low, high = said.get("low"), said.get("high")
    if said.get("value") is not None:
        return f"{name} {figure(said['value'], unit, low, high)}"
    ends = [figure(end, unit) for end in (low, high) if end is not None]
    return f"{name} {' to '.join(ends)}" if ends else ""


def _title(name: str, members: Sequence[Line]) -> str:
    sources = {line.published["source"] for line in members}
    if len(sources) == 1:
        return sources.pop().partition(", ")[2] or name
    return name.replace("-", " ").capitalize()


def _foot(evidence: Evidenced) -> str:
    return (
        f"<footer><p>Computed by Ascent {_text(__version__)} from {_text(evidence.label, 300)}, as of "
        f"{_text(evidence.as_of)}, fingerprint {_text(evidence.fingerprint)[:16]}. The published figures are facts "
        "cited from their sources; the wording is ours. <code>ascent replicate</code> computes this page anew. It is "
        "complete: it works without network and loads nothing.</p></footer>"
    )


def _text(value: object, limit: int = 200) -> str:
    return escape(plain(value, limit), quote=True)
