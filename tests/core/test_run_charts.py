"""Charts of training runs side by side: every value of the table is on them, and they can be drawn."""

import pytest

from ascent.core import charts, rendering
from ascent.core.tables import Column, Table


def places() -> Table:
    parts = [f"{moment}{end}" for moment in ("midpoint", "last") for end in ("", "_low", "_high")]
    columns = [Column("benchmark"), Column("run"), *(Column(part, "number", "percent") for part in parts)]
    rows = [
        {"benchmark": name, "run": run, **{part: 10.0 * i + n for i, part in enumerate(parts)}}
        for name in ("A", "B") for n, run in enumerate(("x", "y", "z"))
    ]  # fmt: skip
    return Table.from_rows(columns, rows)


def test_a_slope_for_every_run_and_benchmark_on_scales_of_their_own() -> None:
    spec = charts.slopes(places(), panel="benchmark", line="run", before="midpoint", after="last", title="t")
    data = spec["datasets"]["rows"]
    assert len(data) == 12 and {row["moment"] for row in data} == {"midpoint", "end"}
    first = [row for row in data if (row["benchmark"], row["run"]) == ("A", "y")]
    assert [(row["low"], row["mid"], row["high"]) for row in first] == [(11.0, 1.0, 21.0), (41.0, 31.0, 51.0)]
    assert spec["vconcat"][0]["resolve"] == {"scale": {"y": "independent"}}
    assert "<svg" in rendering.svg(spec)
    with pytest.raises(KeyError):
        charts.slopes(places(), panel="benchmark", line="run", before="midpoint", after="start", title="t")


def test_an_overlay_has_lines_bands_and_lone_points_of_each_developer() -> None:
    columns = [Column(name) for name in ("benchmark", "run", "maker")]
    columns += [Column("flop", "number", "FLOP"), *(Column(end, "number", "percent") for end in ("low", "mid", "high"))]
    columns += [Column("lone", "flag")]
    rows = [{"benchmark": "A", "run": run, "maker": maker, "flop": 10.0 ** (20 + k), "low": 40.0 + k, "mid": 50.0 + k,
             "high": 60.0 + k, "lone": maker == "them"}
            for run, maker in (("one", "us"), ("two", "us"), ("big", "them")) for k in range(3)]  # fmt: skip
    spec = charts.overlay(
        Table.from_rows(columns, rows), panel="benchmark", x="flop", mid="mid", low="low", high="high", colour="maker",
        line="run", lone="lone", title="t",
    )  # fmt: skip
    assert spec["usermeta"]["ascent"]["legend"] == ["us", "them"]
    data = spec["datasets"]["rows"]
    assert [row["run"] for row in data if row["_lone"]] == ["big"] * 3 and len(data) == 9
    layers = {layer["name"]: layer for layer in spec["vconcat"][0]["spec"]["layer"]}
    assert layers["lines"]["encoding"]["detail"]["field"] == "run", "runs of one developer are not joined"
    assert "<svg" in rendering.svg(spec)
