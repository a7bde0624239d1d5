"""Software progress where the data bound nothing: no middle is told, what is missing is, ends never move in."""

import re
from typing import Any

import numpy as np
import pytest

from ascent.analyses.software_progress import Answer, Params, run
from ascent.core.display import with_interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.model.software_sheets import outward


def world(*, scatter: float = 1.0, flat: str = "", mistyped: bool = False, labs: int = 8) -> Evidence:
    """Forty-eight models; the compute of those of one date differs by `scatter` decades."""
    rng = np.random.default_rng(5)
    models: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for k in range(48):
        name = {0: "Claude 3.5 Sonnet", 1: "GPT-5"}.get(k, f"m{k:02d}")  # the index is told between these two
        month = int(rng.integers(0, 48))
        x = 24.0 if flat == "compute" else 22.5 + 0.05 * month + scatter * rng.uniform(-1, 1)
        day = "2023-01-01" if flat == "date" else f"{2021 + month // 12}-{month % 12 + 1:02d}-15"
        models.append({"model": name, "organization": f"lab {k % labs}", "source": "s", "released": day,
                       "training_compute_flop": 10**x, "confidence": "Confident"})  # fmt: skip
        place = 0.9 * (x - 24) + 0.035 * (month - 24) + 0.2 * rng.standard_normal() + 2 * (k == 1)
        for at in range(5):
            share = float(1 / (1 + np.exp(-place + 0.4 * (at - 2))))
            scores.append({"model": name, "benchmark": f"b{at}", "score": round(share, 4), "unit": "fraction",
                           "n": 1000, "source": "s"})  # fmt: skip
    if mistyped:
        models[7]["released"] = "2062-05-15"
    made = {name: Table.from_rows(TABLES[name], rows) for name, rows in (("models", models), ("scores", scores))}
    return Evidence(made, "forty-eight models", "2062-05-15" if mistyped else "2025-01-01")


def told(evidence: Evidence) -> tuple[Answer, str, dict[str, str]]:
    answer = run(evidence, Params(draws=60))
    return answer, answer.headline(), {note.about: note.text for note in answer.diagnostics()}


def main_ends(answer: Answer) -> tuple[float, float]:
    """Ends of the main fit, which the picture marks."""
    row = next(row for row in answer.sheets()["forest"].rows() if str(row["estimate"]).startswith("MAIN"))
    return float(row["low"] or 0), float(row["high"] or np.inf)


@pytest.mark.parametrize("scatter", [0.02, 0.1])
def test_where_compute_follows_the_date_no_middle_is_named(scatter: float) -> None:
    answer, said, notes = told(world(scatter=scatter))
    assert "not bounded by these data" in said and "selection of the models" not in said
    assert not re.search(r"took [\d.,e]+ \(", said), "no middle"
    assert "Compute follows the date" in notes["no end"]
    assert not len(answer.sheets()["selection"])
    for row in answer.sheets()["fits"].rows():
        assert row["mid"] is None or float(row["mid"]) < 1000
    for chart in answer.charts().values():
        assert chart["$schema"]


def test_where_they_vary_apart_the_same_world_is_bounded() -> None:
    _, said, notes = told(world())
    assert re.match(r"Equal capability took [\d.]+ \(90% interval [\d.]+ to [\d.]+\) times", said)
    assert "not bounded" not in said and "no end" not in notes


def test_ends_are_rounded_outwards_where_common_rounding_would_move_them_in() -> None:
    answer, said, _ = told(world())
    low, high = (float(end) for end in re.findall(r"interval ([\d.]+) to ([\d.]+)\)", said)[0])
    ends = main_ends(answer)
    assert low <= ends[0] < low * 1.01 and high >= ends[1] > high / 1.02
    # The mutant: decimals by the width of the interval make 1.6 a 2.
    assert with_interval(3.42, 1.6, 22.0) == "3 (2 to 22)"
    assert (outward(1.6, up=False), outward(22.0, up=True)) == ("1.6", "22")
    for value in 10 ** np.random.default_rng(0).uniform(-4, 8, 300):
        below, above = (float(outward(value, up=up).replace(",", "")) for up in (False, True))
        assert 0.99 * value < below <= value * (1 + 1e-9) and value * (1 - 1e-9) <= above < 1.011 * value


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (world(flat="compute"), "8 labs; all models have the same training compute"),
        (world(flat="date"), "8 labs; all models were released on the same day"),
        (world(labs=1), "48 models of 1 lab"),
    ],
)
def test_a_refusal_says_what_is_missing_and_no_raw_warning_is_printed(evidence: Evidence, words: str) -> None:
    with pytest.raises(TooLittleEvidence, match=words):
        run(evidence, Params(draws=60))


def test_a_mistyped_year_is_left_out_and_named() -> None:
    (strange, _, notes), (plain, _, others) = told(world(mistyped=True)), told(world())
    assert "m07" in notes["later dates"] and "later dates" not in others
    assert main_ends(strange) == pytest.approx(main_ends(plain), rel=0.35)
    assert "m07" not in strange.sheets()["models"]["model"]
