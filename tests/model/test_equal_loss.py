"""Models of equal loss against the first-order condition, an independent root finder and a published pair of ratios."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from ascent.model.equal_loss import equal_loss, optimal

HOFFMANN = (406.4, 410.7, 0.34, 0.28)
BESIROGLU = (482.01, 2085.43, 0.3478, 0.3658)


def loss(parameters: float, tokens: float, law: tuple[float, ...]) -> float:
    a, b, alpha, beta = law
    return a * parameters**-alpha + b * tokens**-beta


@pytest.mark.parametrize("law", [HOFFMANN, BESIROGLU])
@pytest.mark.parametrize("budget", [1e20, 5e23, 1e26])
def test_optimum_is_the_minimum_on_the_budget(law: tuple[float, ...], budget: float) -> None:
    n, d = (float(one) for one in optimal(budget, law))
    assert 6 * n * d == pytest.approx(budget)
    best = minimize_scalar(
        lambda x: loss(np.exp(x), budget / 6 / np.exp(x), law),
        bounds=(10, 35),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert np.log(n) == pytest.approx(best.x, abs=1e-4)


@pytest.mark.parametrize(("law", "ratios"), [(HOFFMANN, (0.246, 12.2)), (BESIROGLU, (0.28, 10.6))])
def test_three_times_the_compute(law: tuple[float, ...], ratios: tuple[float, float]) -> None:
    # The catalogue of published results works these out from the two papers' constants.
    n, d, _ = equal_loss([1e24], [3.0], law)
    assert (float(n[0]), float(d[0])) == pytest.approx(ratios, rel=0.015)  # both are rounded


@pytest.mark.parametrize("step", [1.001, 1.5, 3.0, 10.0])
def test_loss_is_equal_and_the_model_smaller(step: float) -> None:
    n, d = (float(one) for one in optimal(1e24, HOFFMANN))
    ratio, more, _ = (float(one[0]) for one in equal_loss([1e24], [step], HOFFMANN))
    assert ratio * more == pytest.approx(step)
    assert loss(ratio * n, more * d, HOFFMANN) == pytest.approx(loss(n, d, HOFFMANN), rel=1e-9)
    other = brentq(lambda x: loss(np.exp(x) * n, step * d / np.exp(x), HOFFMANN) - loss(n, d, HOFFMANN), -12, 0)
    assert np.log(ratio) == pytest.approx(other, abs=1e-6)
    assert loss(1.05 * ratio * n, more * d, HOFFMANN) != pytest.approx(loss(n, d, HOFFMANN), rel=1e-9)  # a mutant


def test_no_extra_compute_changes_nothing() -> None:
    ratio, more, _ = equal_loss([1e24], [1.0], HOFFMANN)
    assert (float(ratio[0]), float(more[0])) == (1.0, 1.0)
