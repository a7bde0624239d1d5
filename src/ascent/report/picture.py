"""SVG made safe and small enough to stand inside a page: known elements and attributes only, the rest is left out."""

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

from ascent.core.charts.theme import FONT
from ascent.core.display import plain

TAGS = {
    "svg", "g", "path", "rect", "line", "circle", "text", "tspan", "defs", "clipPath", "linearGradient", "stop",
}  # fmt: skip
ATTRIBUTES = {
    "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "cx", "cy", "r", "width", "height", "viewBox", "transform",
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "opacity", "text-anchor", "font-size", "font-weight",
    "font-style", "id", "clip-path", "offset", "stop-color", "stop-opacity", "gradientUnits",
}  # fmt: skip
SVG = "http://www.w3.org/2000/svg"

_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOCAL = re.compile(r"url\(['\"]?#([\w-]+)['\"]?\)")
_IDLE = {("fill-opacity", "1"), ("stroke-opacity", "1"), ("opacity", "1"), ("font-weight", "normal"), ("x2", "0")}
_IDLE |= {("y2", "0"), ("stroke-miterlimit", "10"), ("transform", "translate(0,0)"), ("stroke-dasharray", "")}


def inline(drawn: str, *, prefix: str, alt: str, kind: str = "") -> str:
    """An SVG element for the inside of a page.

    drawn   SVG text from the renderer
    prefix  put before every id, so that several pictures do not share one
    alt     what a reader who cannot see it is told
    kind    its class, for the style sheet

    >>> inline('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script></svg>', prefix="a", alt="<b>")
    '<svg role="img" aria-label="&lt;b&gt;"></svg>'
    """
    root = ElementTree.fromstring(_UNFIT.sub("", drawn))
    named = f' class="{escape(kind)}"' if kind else ""
    head = f'<svg{named} role="img" aria-label="{escape(plain(alt, 1000))}"'
    return head + _attributes(root, prefix) + ">" + "".join(_inside(root, prefix)) + "</svg>"


def standalone(drawn: str, *, alt: str) -> str:
    """A whole SVG file of the same picture, cleaned in the same way."""
    root = ElementTree.fromstring(_UNFIT.sub("", drawn))
    head = f'<svg xmlns="{SVG}" font-family="{FONT}" role="img" aria-label="{escape(plain(alt, 1000))}"'
    return head + _attributes(root, "") + ">" + "".join(_inside(root, "")) + "</svg>\n"


def _inside(node: ElementTree.Element, prefix: str) -> Iterator[str]:
    for child in node:
        yield from _write(child, prefix)


def _write(node: ElementTree.Element, prefix: str) -> Iterator[str]:
    tag = str(node.tag).rpartition("}")[2]
    if tag not in TAGS or node.get("opacity") == "0" or node.get("display") == "none":
        return
    if tag == "path" and node.get("d", "") in ("", "M0,0h0v0h0Z"):
        return
    if tag == "path" and "background" in node.get("class", "") and not (node.get("fill") or node.get("stroke")):
        return
    attributes = _attributes(node, prefix)
    text = escape(plain(node.text), quote=False) if node.text and node.text.strip() else ""
    # The renderer's label of a mark becomes what the pointer shows over it.
    says = node.get("aria-label", "") if node.get("role") == "graphics-symbol" and tag in ("path", "rect") else ""
    title = f"<title>{escape(plain(says), quote=False)}</title>" if says else ""
    content = title + text + "".join(_inside(node, prefix))
    if tag == "g":
        if content and attributes:
            yield f"<g{attributes}>{content}</g>"
        elif content:
            yield content
    elif content:
        yield f"<{tag}{attributes}>{content}</{tag}>"
    elif tag not in ("text", "tspan", "defs"):
        yield f"<{tag}{attributes}/>"


def _attributes(node: ElementTree.Element, prefix: str) -> str:
    parts = []
    for name, value in node.attrib.items():
        if name not in ATTRIBUTES or (name, value) in _IDLE:
            continue
        if name == "id":
            value = prefix + value
        elif name in ("d", "transform", "x", "y", "x1", "x2", "y1", "y2"):
            value = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
        elif "url(" in value:
            local = _LOCAL.fullmatch(value)
            if not local:
                continue
            value = f"url(#{prefix}{local[1]})"
        parts.append(f' {name}="{escape(value)}"')
    return "".join(parts)
