"""The compiled path gives what NumPy gives; without it, the message says how to get it."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from ascent.core.errors import TooLittleEvidence
from ascent.estimates import digital_workers
from ascent.forecast import fast
from ascent.forecast import montecarlo as mc
from ascent.forecast.assumptions import given
from ascent.forecast.directions import DIRECTIONS
from ascent.forecast.quantity import Quantity, apply, exp, log, log2, log10, maximum, minimum, sqrt, where
from ascent.forecast.ranges import quantity
from ascent.forecast.sampling import Stream


def everything() -> dict[str, Quantity]:
    a, b = quantity("5..20", name="a"), quantity("-3..9", name="b")
    c, d = quantity("uniform(0, 1)", name="c"), quantity("mixture(0.4: 1..3, 0.6: 10..20)", name="d")
    return {
        "sums": (a + b - 2 * d) / (a * d) - (-b), "powers": a**0.5 + a**2 + a**0.25 + a**1.3 + a**-1 + sqrt(d),
        "functions": exp(c) + log(a) + log2(a) + log10(d) + abs(b), "choice": where(c < 0.3, a, maximum(b, d)),
        "truths": (a > 10) + (a >= 10) + (c <= 0.5) + ((b < 0) & (c < 0.5)) + minimum(a, d), "input": a,
        "number": quantity("3", name="n") * 2, "uncertain power": a**c,
    }  # fmt: skip


def test_both_paths_give_the_same_digits() -> None:
    pytest.importorskip("numba")
    made = everything()
    for size in (1 << 12, 1 << 14, 1 << 18, 1 << 20):  # blocks below the compiled path's lane, one block, several
        one, two = (mc.draws(made, size, engine=engine, sampler="net") for engine in ("numpy", "numba"))  # type: ignore[arg-type]
        for name in made:
            np.testing.assert_allclose(two.values[name], one.values[name], rtol=1e-14, atol=1e-13, err_msg=name)


def test_an_estimate_has_the_same_digits_on_both_paths() -> None:
    pytest.importorskip("numba")
    known = given(digital_workers.Params(), SimpleNamespace())  # type: ignore[arg-type]
    made = {"workers": digital_workers.model(known)["workers"].to("worker")}
    found = []
    for engine in ("numpy", "numba"):
        for first in (1 << 16, 1 << 21):
            one = mc.settled(made, first=first, most=first, engine=engine)[1]["workers"]
            found.append([f"{float(value):.12g}" for value in (one.low, one.mid, one.high, one.mean, one.error)])
    assert found[0] == found[2]
    assert found[1] == found[3] or mc.HELD > 1 << 21


@pytest.mark.parametrize("broken", [False, True])
def test_the_nets_order_holds_the_same_draws(broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large samples read the inputs in the net's order; small ones as they are: the same bytes.

    Draws whose shifts were not carried over to places are caught.
    """
    made, size = everything(), 1 << 18
    monkeypatch.setattr(mc, "STRAIGHT", 10**9)
    plain = mc.draws(made, size, engine="numpy").values
    monkeypatch.setattr(mc, "STRAIGHT", 1)
    if broken:
        monkeypatch.setattr(Stream, "straight", lambda self, name, numbers: numbers[self._net(name)[0]])
    quick = mc.draws(made, size, engine="numpy").values
    assert all(quick[name].tobytes() == plain[name].tobytes() for name in made) is not broken


def test_more_inputs_than_coordinates_agree_on_both_paths() -> None:
    pytest.importorskip("numba")
    many = [quantity(f"{k + 1}..{3 * k + 4}", name=f"x{k}") for k in range(len(DIRECTIONS) + 2)]
    made = {"sum": sum(many[1:], many[0]), "last": many[-1] / many[0]}
    for size in (1 << 14, 1 << 18):
        one, two = (mc.draws(made, size, engine=engine, sampler="net") for engine in ("numpy", "numba"))  # type: ignore[arg-type]
        for name in made:
            np.testing.assert_allclose(two.values[name], one.values[name], rtol=1e-13)


def test_functions_of_the_users_own_stay_with_numpy() -> None:
    a = quantity("5..20", name="a")
    own = apply(lambda x: x * 2, a)
    assert fast.kernel(mc.Plan({"it": own}), ["a"]) is None
    assert mc.draws({"it": own}, 4096, engine="numba").values["it"].shape == (4096,)


def test_without_numba_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    with pytest.raises(TooLittleEvidence, match=r"ascent\[fast\]"):
        fast.wanted("numba", 1, 1)
    assert not fast.wanted("auto", 10**9, 100)
