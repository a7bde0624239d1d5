"""What an overtrained model is worth: against a plain search, and at the optimum itself."""

import numpy as np
import pytest

from ascent.model.equal_loss import equal_loss, optimal
from ascent.model.optimal_equivalent import optimal_equivalent

LAW = (482.01, 2085.43, 0.3478, 0.3658)


def loss(n: float, d: float) -> float:
    return float(LAW[0] * n ** -LAW[2] + LAW[1] * d ** -LAW[3])


def searched(n: float, d: float) -> float:
    """The least compute whose best split reaches the loss, by brute force over splits and bisection over compute."""
    from scipy.optimize import brentq

    def best(log_compute: float) -> float:
        budget = np.exp(log_compute) / 6
        sizes = np.exp(np.linspace(np.log(budget) * 0.2, np.log(budget) * 0.8, 40_001))
        return float(np.min(LAW[0] * sizes ** -LAW[2] + LAW[1] * (budget / sizes) ** -LAW[3]))

    return float(np.exp(brentq(lambda one: best(one) - loss(n, d), np.log(1e15), np.log(1e30))))


@pytest.mark.parametrize("model", [(8e9, 15e12), (70e9, 1.4e12), (405e9, 15.6e12), (175e9, 0.3e12)])
def test_it_equals_a_plain_search(model: tuple[float, float]) -> None:
    assert float(optimal_equivalent(*model, LAW)) == pytest.approx(searched(*model), rel=2e-4)


def test_no_model_is_worth_more_than_it_cost_and_the_optimal_one_exactly_that() -> None:
    rng = np.random.default_rng(0)
    n, d = 10 ** rng.uniform(7, 12, 500), 10 ** rng.uniform(9, 14, 500)
    worth = optimal_equivalent(n, d, LAW) / (6 * n * d)
    assert (worth <= 1 + 1e-9).all() and worth.min() < 0.5
    assert np.allclose(optimal_equivalent(*optimal(np.array([1e20, 1e25]), LAW), LAW), [1e20, 1e25])


def test_it_undoes_the_model_of_equal_loss() -> None:
    """Three times the compute on a smaller model of equal loss is worth what the first cost (the thread's case)."""
    ratio_n, ratio_d, _ = equal_loss(np.array([1e24]), np.array([3.0]), LAW)
    n, d = optimal(np.array([1e24]), LAW)
    assert float(optimal_equivalent(n * ratio_n, d * ratio_d, LAW)[0]) == pytest.approx(1e24, rel=1e-9)
