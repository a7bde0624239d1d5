"""The decomposition of a gain in efficiency: parts multiply, shares add up, rebalancing is that of brute force."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from ascent.core.errors import WrongUse
from ascent.estimates.efficiency_decomposition import PARTS, Params, run
from ascent.evidence.evidence import Evidence

NONE = Evidence({}, "none", "2026-01-01")
LAW = (482.01, 2085.43, 0.3478, 0.3658)


def drawn(**inputs: str) -> dict[str, np.ndarray]:
    return dict(run(NONE, Params(draws=4096, **inputs)).drawn)  # type: ignore[arg-type]


def test_parts_multiply_and_shares_add_up_in_every_draw() -> None:
    found = drawn(own="1.2..3")
    product = np.prod([found[name] for name in PARTS], axis=0)
    assert product == pytest.approx(found["whole"], rel=1e-9)
    assert sum(found[f"{name}_share"] for name in PARTS) == pytest.approx(np.ones(len(product)), abs=1e-12)
    small = np.log(found["small"]) / np.log(found["whole"])
    assert small == pytest.approx(found["small_share"], rel=1e-9)


def test_the_transformer_alone_is_the_power_law_of_the_board() -> None:
    """6.3 (1e23 / 1e15)^(log(26/6.3)/log 30) is 13,601; with 2.5e16 as second scale 21,010."""
    for second, gain in (("exactly 3e16", 13_601), ("exactly 2.5e16", 21_010)):
        found = drawn(
            first_gain="exactly 6.3", second_gain="exactly 26", first_compute="exactly 1e15", second_compute=second,
            compute="exactly 1e23",
        )  # fmt: skip
        assert np.median(found["small"] * found["scale"]) == pytest.approx(gain, rel=1e-4)


@pytest.mark.parametrize("compute", [1e19, 1e23, 1e25])
def test_rebalancing_is_that_of_brute_force(compute: float) -> None:
    a, b, alpha, beta = LAW

    def loss(size: float, spent: float) -> float:
        return float(a * size**-alpha + b * (spent / 6 / size) ** -beta)

    def best(spent: float) -> float:
        found = minimize_scalar(lambda log: loss(10**log, spent), bounds=(4, 16), method="bounded")
        return float(found.fun)

    older = loss(1.3e9 * (compute / 8.64e19) ** 0.73, compute)
    needed = 10 ** brentq(lambda log: best(10**log) - older, 10, 30)
    told = drawn(compute=f"exactly {compute:g}", older_exponent="exactly 0.73", older_size="exactly 1.3e9")
    assert np.median(told["rebalancing"]) == pytest.approx(compute / needed, rel=1e-3)


def test_two_innovations_that_depend_on_scale_make_up_most() -> None:
    """Published in words: most; the transformer the majority; small-scale gains under 100x."""
    rows = {row["output"]: row for row in run(NONE, Params(draws=4096)).sheets()["results"].rows()}
    assert rows["scale_dependent"]["low"] > 0.5 and rows["transformer_share"]["low"] > 0.5
    assert rows["others_at_small_scale"]["mid"] < 100
    told = run(NONE, Params(draws=4096)).headline()
    assert "90 % interval" in told or "90% interval" in told


def test_without_growth_of_the_gain_with_scale_there_is_no_share_of_scale() -> None:
    flat = drawn(first_gain="exactly 6.3", second_gain="exactly 6.3")
    assert np.allclose(flat["scale"], 1) and np.allclose(flat["scale_share"], 0)


def test_what_is_impossible_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="others"):
        run(NONE, Params(others="exactly 0.5"))
    for scale in ("3e16", "exactly 2.4e16"):
        with pytest.raises(WrongUse, match="2-fold apart"):
            run(NONE, Params(first_compute=scale))
    run(NONE, Params(first_compute="exactly 1e16", draws=1024))
