"""A question whose code is broken: the others keep their answers, and it is named with what happened."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.catalogue import GROUP, answer, find
from ascent.checks import replication
from ascent.cli import replicate as command
from ascent.core.answer import finite
from ascent.core.charts.theme import log_ticks, scale_of
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence

Run = Callable[..., Any]
NONE = Evidence({}, "nothing", "")

BROKEN = {
    "breaks": '"""Does it break?"""\nfrom dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Params:\n'
    "    pass\n\ndef run(evidence, params=Params()):\n    return {}['<b>no such key</b>']\n",
    "unread": "def (",
    "unfit": '"""Is it imported?"""\nimport nothing_is_called_like_this\n',
}


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with three broken questions, as if it were installed."""
    about = tmp_path / "broken_questions-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-questions\nVersion: 1.0\n")
    points = "".join(f"{name} = broken_{name}\n" for name in (*BROKEN, "absent"))
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{points}")
    for name, code in BROKEN.items():
        (tmp_path / f"broken_{name}.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("broken")
def test_a_report_goes_on_and_names_what_broke(run_ascent: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    names = [word for name in (*BROKEN, "absent", "solar-land") for word in ("--only", name)]
    said = run_ascent("report", "--out", str(target), "--no-cache", *names)
    assert said.code == 0, said.err
    assert "Answered: 0 of 4 questions, 1 of 1 estimates (from assumptions)" in said.err
    assert "Traceback" not in said.err
    for name, error in (("breaks", "KeyError"), ("unread", "SyntaxError"), ("unfit", "ModuleNotFoundError")):
        assert f"{name} stopped on an error of its own ({error}" in said.err
    assert "<b>no such key</b>" not in target.read_text("utf-8")


def test_the_board_goes_on_and_names_what_broke(run_ascent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(question: str, *_: Any, **__: Any) -> Any:
        raise ZeroDivisionError(f"{question}\nin two lines")

    monkeypatch.setattr(command, "answer", fails)
    found, _ = replication.claims()
    asked = next(name for name, one in found.items() if any(r.ours and not r.ours.needs for r in one.readings))
    said = run_ascent("replicate", asked, "--format", "json", "--quiet")
    assert said.code == 0, said.err
    (line,) = json.loads(said.out)
    assert line["verdict"] in ("cannot be computed", "judgement")
    assert any("stopped on an error of its own (ZeroDivisionError" in one["why"] for one in line["readings"])
    assert "\n" not in line["why"]


def test_json_and_axes_hold_no_infinity() -> None:
    assert finite({"a": (1.0, np.inf), "b": [{"c": float("nan")}], "d": "inf"}) == {
        "a": [1.0, None], "b": [{"c": None}], "d": "inf",
    }  # fmt: skip
    for low, high in ((5e-324, 1e308), (1e-320, 1e-310), (1.0, 1.7e308)):
        ends = scale_of(low, high, log=True)
        assert 0 < ends[0] < ends[1] < np.inf
        log_ticks(*ends)


@pytest.mark.parametrize("inputs", [{"largest": "0"}, {"smallest": "0"}, {"team_budget": "0"}, {"smallest": "1e21"}])
def test_an_experiment_of_nothing_is_refused(inputs: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match="--"):
        answer(find("software-experiments").name, NONE, cache=False, draws=1024, **inputs)
