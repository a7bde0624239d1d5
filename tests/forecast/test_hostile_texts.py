"""Texts that nobody should type, and shapes that used to take minutes: answered, or refused in one short sentence."""

from pathlib import Path

import numpy as np
import pytest

from ascent.catalogue import answer, entries
from ascent.core.errors import WrongUse
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import parse_correlations, stated
from ascent.forecast.montecarlo import draws
from ascent.forecast.ranges import quantity, read
from ascent.forecast.scenarios import about
from ascent.forecast.wording import apart, round_like

REFUSED = [
    *("5 " + "(" * 3000 + "hour", "5 " + "hour*" * 5000 + "hour", "a" * 10_000, "1" * 10_000, "(" * 5000, "5\n20"),
    *("5 $", "$5", "5 bn", "5k", "lognormal(low=1, low=2, high=5)", "lognormal(low=1, high=2, median=4, sigma=2)"),
    *("empirical((1..2), 3)", "truncated(mixture(1: 1..2, 1: 5..6), 10, 30)", "5 (hour^60)^2", "\x1b[2J5"),
]


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_hostile_text_is_refused_in_one_short_sentence(text: str) -> None:
    with pytest.raises(WrongUse) as told:
        quantity(text)
    assert len(str(told.value)) < 600
    assert "\n" not in str(told.value)
    assert "\x1b" not in str(told.value)


def test_a_truncated_mixture_keeps_what_lies_within_and_is_drawn_at_once() -> None:
    """Against the mixture drawn by NumPy and cut by hand; drawing it by inversion took minutes."""
    rng, size = np.random.default_rng(7), 2_000_000
    first = 10 ** rng.normal(np.log10(np.sqrt(2)), np.log10(2) / 2 / 1.6448536, size)
    second = 10 ** rng.normal(np.log10(np.sqrt(30)), np.log10(6 / 5) / 2 / 1.6448536, size)
    whole = np.where(rng.random(size) < 0.25, first, second)
    for text in (
        "truncated(mixture(1: 1..2, 3: 5..6), 1.2, 5.2)",
        "truncated(truncated(mixture(1: 1..2, 3: 5..6), 1.1, 5.8), 1.2, 5.2)",
        "truncated(mixture(1: mixture(1: 1..2, 1: 5..6), 1: 5..6), 1.2, 5.2)",
    ):
        found = draws({"it": quantity(text)}, 1 << 16).values["it"]
        kept = whole[(whole > 1.2) & (whole < 5.2)]
        assert found.min() >= 1.2 and found.max() <= 5.2
        at = (0.05, 0.3, 0.6, 0.95)
        np.testing.assert_allclose(np.quantile(found, at), np.quantile(kept, at), rtol=0.01)
    wrong = draws({"it": quantity("truncated(mixture(1: 1..2, 1: 5..6), 1.2, 5.2)")}, 1 << 16).values["it"]
    assert abs(np.quantile(wrong, 0.3) / np.quantile(kept, 0.3) - 1) > 0.01  # other weights are seen


def test_points_in_a_truncated_mixture_stay_where_they_are() -> None:
    shape = read("truncated(mixture(1: 1, 1: 2, 2: 4), 2, 4)").shape
    assert [part.parameters[0] for part in shape.inner] == [2, 4]
    assert shape.parameters[1] == 2 * shape.parameters[0]


@pytest.mark.parametrize("ours", [1e40, -3.3e17, 1e308, 5e-324])
def test_any_size_stands_beside_what_was_published(ours: float) -> None:
    assert apart(ours, 30.0)
    assert apart(ours, 1e-9)
    assert round_like(ours, 30.0) == pytest.approx(ours, rel=0.05, abs=1.0)


def test_a_draw_that_decides_stays_between_nothing_and_all() -> None:
    """Such inputs look up places of a list: beyond 0 and 1 there is none."""
    found = []
    for entry in entries().values():
        for knob in entry.knobs() if entry.kind == "estimate" else ():
            if knob.assumed and knob.default == "uniform(0, 1)" and knob.name.endswith("_draw"):
                found.append(knob.name)
                for text in ("-3", "1e30", "-1..1"):
                    with pytest.raises(WrongUse):
                        stated(knob, text)
                stated(knob, knob.default), stated(knob, "exactly 1"), stated(knob, "0")
    assert len(found) > 5


def test_a_pair_of_inputs_has_one_correlation() -> None:
    with pytest.raises(WrongUse, match="twice"):
        parse_correlations("a~b=0.5, b~a=-0.5", ["a", "b"])


def test_a_row_of_evidence_that_does_not_fit_is_named_and_one_of_nothing_is_a_point() -> None:
    names = ["series", "entity", "date", "value", "low", "high", "unit", "source", "published"]
    row = {"series": "weekly active users", "entity": "ChatGPT", "date": "2025-08", "source": "mine"}

    def answered(value: float, unit: str) -> object:
        table = Table.from_rows(
            [Column(name, "number" if name in ("value", "low", "high") else "text") for name in names],
            [row | {"value": value, "unit": unit, "published": "2026-01-01"}],
        )
        found = answer("adoption-growth", Evidence({"series": table}, "mine", ""), cache=False, draws=1024)
        return next(one for one in found.sheets()["inputs"].rows() if one["input"] == "users_after")["point"]

    assert answered(0.0, "user") == 0.0
    assert answered(9e8, "user") == 9e8
    for value, unit in ((700.0, "USD"), (-5.0, "user")):
        with pytest.raises(WrongUse, match="evidence has, as series: weekly active users, ChatGPT"):
            answered(value, unit)


def test_a_scenario_of_endless_brackets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    path.write_text("a = " + "[" * 100_000)
    with pytest.raises(WrongUse, match="nested without end"):
        about(path)
