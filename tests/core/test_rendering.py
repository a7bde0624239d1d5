"""Pictures without network, the same every time."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from ascent.core import charts, rendering
from ascent.core.errors import WrongUse
from ascent.core.tables import Column, Table

TABLE = Table.of([Column("model"), Column("score", "number", "points")], model=["</script><b>", "B"], score=[1.0, 2.0])
SPEC = charts.ranking(TABLE, label="model", mid="score", title="B leads </title><script>alert(1)</script>")
HEAT = charts.heatmap(
    Table.of([Column("a"), Column("b"), Column("v", "number")], a=["x", "y"], b=["x", "y"], v=[1.0, -1.0]),
    row="a", column="b", value="v", title="Heat",
)  # fmt: skip


def test_a_picture_with_a_gradient_is_the_same_after_others() -> None:
    first = rendering.svg(HEAT)
    assert 'id="gradient_0"' in first
    assert "url(#gradient_0)" in first
    rendering.svg(SPEC)
    assert rendering.svg(HEAT) == first


def test_data_at_an_address_are_refused() -> None:
    away = {"data": {"url": "http://127.0.0.1:9/a.csv"}, "mark": "point", "encoding": {}}
    for draw in (rendering.svg, rendering.png):
        with pytest.raises(ValueError, match="not allowed"):
            draw(away)


@pytest.mark.parametrize("suffix", rendering.SUFFIXES)
def test_the_suffix_says_the_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"chart{suffix}"
    rendering.save_chart(SPEC, path)
    start = {".svg": b"<svg", ".png": b"\x89PNG", ".html": b"<!DOCTYPE html>", ".json": b"{"}[suffix]
    assert path.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [path]


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"'chart\.pdf' names no picture format"):
        rendering.save_chart(SPEC, tmp_path / "chart.pdf")


def test_the_live_page_is_whole_and_its_policy_fits_its_scripts() -> None:
    page = rendering.html(SPEC)
    assert page == rendering.html(SPEC)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2  # what came from outside stands in the data, escaped
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy[1]
    assert "unsafe-eval" not in policy[1]
    data = re.search(r'<script type="application/json" id="spec">(.*?)</script>', page, re.DOTALL)
    assert data
    assert json.loads(data[1]) == SPEC
    assert not re.search(r'(?:src|href)="(?!data:|#)', page.replace(scripts[0], ""))
