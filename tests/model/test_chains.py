"""Agreement of chains and their worth: against NumPyro where it is installed, and against known autocorrelation."""

import numpy as np
import pytest

from ascent.model.chains import effective_size, r_hat


def autoregressive(alike: float, chains: int, draws: int, seed: int = 0) -> np.ndarray:
    """Chains whose draws are correlated by `alike` with the one before; stationary."""
    noise = np.random.default_rng(seed).standard_normal((chains, draws, 3))
    found = noise.copy()
    for at in range(1, draws):
        found[:, at] = alike * found[:, at - 1] + np.sqrt(1 - alike**2) * noise[:, at]
    return found


@pytest.mark.parametrize("alike", [-0.3, 0.0, 0.5, 0.9])
def test_effective_size_is_that_of_the_known_autocorrelation(alike: float) -> None:
    draws = autoregressive(alike, 4, 4000)
    expected = 16_000 * (1 - alike) / (1 + alike)
    assert np.allclose(effective_size(draws), expected, rtol=0.2)
    assert (r_hat(draws) < 1.01).all()


@pytest.mark.parametrize("fault", ["apart", "wider", "drifting"])
def test_chains_that_disagree_are_told(fault: str) -> None:
    draws = autoregressive(0.0, 4, 500)
    if fault == "apart":
        draws[0] += 1.0
    if fault == "wider":
        draws[0] *= 3.0
    if fault == "drifting":
        draws += np.linspace(-1, 1, 500)[:, None]
    assert (r_hat(draws) > 1.05).all()


def test_effective_size_and_agreement_are_near_those_of_numpyro() -> None:
    diagnostics = pytest.importorskip("numpyro.diagnostics")
    draws = autoregressive(0.6, 4, 2000, seed=2)
    assert np.allclose(effective_size(draws), diagnostics.effective_sample_size(draws), rtol=0.05)
    assert np.allclose(r_hat(draws), diagnostics.split_gelman_rubin(draws), atol=0.005)
