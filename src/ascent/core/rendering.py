"""Chart specifications to pictures, without network: SVG, PNG, and one offline interactive page."""

import base64
import hashlib
import html as markup
import json
import re
from functools import cache
from pathlib import Path

from ascent.core.answer import Spec
from ascent.core.errors import WrongUse
from ascent.core.files import atomic_write

VEGA_LITE = "6.4"  # the version of the `$schema` our charts name
SUFFIXES = (".svg", ".png", ".html", ".json")

# Vega's own interpreter (`ast`) instead of generated code, so that the page needs no unsafe-eval.
_DRAW = (
    'window.ascentDraw=(place,spec)=>vegaEmbed(place,spec,{renderer:"svg",ast:true,'
    'actions:{export:true,source:false,compiled:false,editor:false},downloadFileName:"chart"});'
)
_ID = re.compile(r'\bid="(gradient_|clip)(\d+)"')
_USE = re.compile(r'(\bid="|url\(#)((?:gradient_|clip)\d+)(?=[")])')
_START = 'ascentDraw("#chart",JSON.parse(document.getElementById("spec").textContent));'


def svg(spec: Spec) -> str:
    """The picture as SVG text; data at addresses are refused, nothing is fetched."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return _renumbered(drawn)


def png(spec: Spec, scale: float = 2) -> bytes:
    """The picture as PNG; `scale` 2 is sharp on most screens and in print up to 16 cm wide."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[])
    return drawn


def html(spec: Spec) -> str:
    """One page with the live chart (tooltips, SVG and PNG export) and every script inside; it loads nothing."""
    bundle = _bundle()
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {csp_hash(bundle)} {csp_hash(_START)}",
            "style-src 'unsafe-inline'",  # vega-embed writes its own style element
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    title = markup.escape(str(spec.get("description", "Chart")))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>body{{margin:1rem;background:#fff;overflow-x:auto}}</style>\n</head>\n<body>\n"
        f'<div id="chart" role="img" aria-label="{title}"></div>\n'
        f'<script type="application/json" id="spec">{script_json(spec)}</script>\n'
        f"<script>{bundle}</script>\n<script>{_START}</script>\n</body>\n</html>\n"
    )


def save_chart(spec: Spec, path: Path) -> None:
    """Write the chart in the format its suffix names; raises WrongUse for another suffix."""
    suffix = path.suffix.lower()
    if suffix == ".svg":
        atomic_write(path, svg(spec))
    elif suffix == ".png":
        atomic_write(path, png(spec))
    elif suffix == ".html":
        atomic_write(path, html(spec))
    elif suffix == ".json":
        atomic_write(path, json.dumps(spec, indent=1, ensure_ascii=False) + "\n")
    else:
        raise WrongUse(f"'{path.name}' names no picture format; a chart ends in {', '.join(SUFFIXES)}.")


def csp_hash(content: str) -> str:
    """The source expression that allows one inline script or style of exactly this content.

    >>> csp_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def script_json(value: object) -> str:
    """JSON that may stand inside a script element, whatever text it holds.

    >>> script_json({"name": "</script><!--"})
    '{"name":"\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _renumbered(drawn: str) -> str:
    """The same picture with ids counted from 0: the renderer counts on from one picture to the next."""
    places: dict[str, str] = {}
    for kind, old in dict.fromkeys(_ID.findall(drawn)):
        places[kind + old] = f"{kind}{sum(name.startswith(kind) for name in places)}"

    def place(found: re.Match[str]) -> str:
        return found[1] + places.get(found[2], found[2])

    return _USE.sub(place, drawn)


@cache
def _bundle() -> str:
    import vl_convert

    # A closing tag inside the library's own text would end the element early.
    text: str = vl_convert.javascript_bundle(snippet=_DRAW, vl_version=VEGA_LITE)
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
