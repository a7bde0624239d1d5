"""Sobol indices and the value of knowing against closed forms."""

import math

import numpy as np
import pytest

from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.forecast import montecarlo as mc
from ascent.forecast import sobol
from ascent.forecast.quantity import Quantity, apply, constant
from ascent.forecast.ranges import quantity
from ascent.forecast.sensitivity import influences
from ascent.forecast.sobol import indices

pytest.importorskip("SALib")
A, B = 7.0, 0.1


def uniform(name: str, low: float = -math.pi, high: float = math.pi) -> Quantity:
    return quantity(f"uniform({low!r}, {high!r})", name=name)


def rows(table: Table) -> dict[str, dict[str, float]]:
    return {str(row["input"]): {k: float(v) for k, v in row.items() if k != "input"} for row in table.rows()}  # type: ignore[arg-type]


def holds(row: dict[str, float], first: float, total: float) -> bool:
    """Within twice the distance to the reported ends (about 3.3 standard errors)."""
    return all(
        abs(row[kind] - truth) <= 2 * max(row[f"{kind}_high"] - row[kind], 0.002)
        for kind, truth in (("first", first), ("total", total))
    )


def test_ishigami() -> None:
    """Ishigami and Homma 1990: variances in closed form, one input that works through an interaction only."""
    x = [uniform(name) for name in "abc"]
    answer = apply(lambda a, b, c: np.sin(a) + A * np.sin(b) ** 2 + B * c**4 * np.sin(a), *x)
    one = 0.5 * (1 + B * math.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    found = rows(indices(answer, ["a", "b", "c"], seed=1))
    assert holds(found["a"], one / whole, (one + both) / whole)
    assert holds(found["b"], two / whole, two / whole)
    assert holds(found["c"], 0.0, both / whole)
    assert not holds(found["c"], both / whole, 0.0), "the mutant: first and total exchanged"


def test_additive_and_multiplicative_models() -> None:
    a, b = quantity("normal(1, 3)", name="a"), quantity("normal(2, 4)", name="b")
    found = rows(indices(a + b, ["a", "b"]))
    assert holds(found["a"], 9 / 25, 9 / 25) and holds(found["b"], 16 / 25, 16 / 25)
    # A product of independent factors: V = prod(1 + v) - 1 with v the squared coefficients of variation.
    found = rows(indices(a * b, ["a", "b"]))
    v, w = 9.0, 4.0
    whole = (1 + v) * (1 + w) - 1
    assert holds(found["a"], v / whole, v * (1 + w) / whole) and holds(found["b"], w / whole, w * (1 + v) / whole)
    assert next(iter(found)) == "a", "the largest total first"


def test_indices_do_not_depend_on_the_unit() -> None:
    price, hours = quantity("2..4 USD/hour", name="price"), quantity("1e3..1e5 hour", name="hours")
    one, two = (rows(indices((price * hours).to(u), ["price", "hours"])) for u in ("USD", "billion USD"))
    assert one == two


def test_what_cannot_be_split_is_refused() -> None:
    a, b = quantity("normal(1, 3)", name="a"), quantity("normal(2, 4)", name="b")
    with pytest.raises(WrongUse, match="a~b are correlated"):
        indices(a + b, ["a", "b"], correlations={("a", "b"): 0.5})
    with pytest.raises(WrongUse, match="is a path"):
        indices(apply(lambda x: x[:, None] * np.arange(3.0), a), ["a"])
    with pytest.raises(WrongUse, match="does not vary"):
        indices(a - a, ["a"])
    with pytest.raises(WrongUse, match="every input of this answer is a point"):
        indices(constant(3), [])


def test_without_salib_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sobol, "find_spec", lambda name: None)
    with pytest.raises(TooLittleEvidence, match=r"ascent\[sensitivity\]"):
        indices(quantity("5..20", name="a"), ["a"])


def test_knowing_an_input_of_a_sum_narrows_it_by_the_closed_form() -> None:
    """Of a sum of normals the width left is that of the others: 1 - sqrt(1 - share of variance)."""
    sds = {"a": 4.0, "b": 3.0, "c": 1.0}
    parts = {name: quantity(f"normal(0, {sd})", name=name) for name, sd in sds.items()}
    sample = mc.draws({"it": parts["a"] + parts["b"] + parts["c"]}, 1 << 16, inputs=list(parts))
    found = influences(sample.values["it"], {name: sample.values[f"input {name}"] for name in parts})
    assert [one.name for one in found] == ["a", "b", "c"]
    whole = sum(sd**2 for sd in sds.values())
    for one in found:
        truth = 1 - math.sqrt(1 - sds[one.name] ** 2 / whole)
        assert one.narrower == pytest.approx(truth, abs=0.015), one
        assert one.correlation == pytest.approx(6 / math.pi * math.asin(sds[one.name] / math.sqrt(whole) / 2), abs=0.01)
    shuffled = np.random.default_rng(0).permutation(sample.values["input a"])
    assert influences(sample.values["it"], {"a": shuffled})[0].narrower < 0.015, "the mutant: draws out of step"
