"""Posterior of the Jones parameters: known truth recovered, calibration with mutants, and the prior shown as such."""

import numpy as np
import pytest

from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.model import jones
from ascent.model.jones_returns import Inputs, Outputs, Posterior, Prior, log_quality, posterior

YEARS = np.arange(2013.0, 2024.0)
PAPERS = Inputs(YEARS, np.log(40_000 * np.exp(0.18 * (YEARS - 2013) + 0.1 * np.sin(YEARS))))


def simulated(r: float, lam: float, ratio: float, inputs: Inputs = PAPERS) -> np.ndarray:
    """ln A at the inputs' times by an independent solver of dA/dt = c A^(1 - beta) R^lambda."""
    from scipy.integrate import solve_ivp

    beta, start, origin = lam / r, ratio * r * inputs.growth, inputs.times[0]

    def slope(time: float, x: np.ndarray) -> np.ndarray:
        relative = np.interp(time + origin, inputs.times, inputs.log) - inputs.log[0]
        return np.asarray(start * np.exp(lam * relative - beta * x))

    span = inputs.times[-1] - origin
    at = inputs.times - origin
    return np.asarray(solve_ivp(slope, (0, span), [0.0], t_eval=at, rtol=1e-10, atol=1e-12, max_step=0.25).y[0])


def test_quality_is_what_an_independent_solver_finds() -> None:
    for r, lam, ratio in ((0.955, 0.7, 1.0), (3.0, 0.3, 2.0), (0.4, 1.5, 0.5)):
        theta = np.log([r, lam, ratio])
        ours = log_quality(theta, PAPERS, YEARS[1:])
        np.testing.assert_allclose(ours, simulated(r, lam, ratio)[1:], rtol=1e-6)


def test_returns_from_growth_rates_recover_the_truth_of_a_steady_series() -> None:
    """Simulated long under steady inputs, the ratio of growth rates is lambda/beta."""
    years = np.arange(0.0, 400.0)
    inputs = Inputs(years, 0.2 * years)
    x = simulated(1.4, 0.8, 0.3, inputs)
    assert jones.returns(x[-1] - x[-2], 0.2, 0.2, 0.5) == pytest.approx(1.4, rel=1e-4)


def test_a_precise_series_gives_the_known_returns() -> None:
    for r, lam in ((0.7, 0.6), (2.5, 0.9)):
        truth = simulated(r, lam, 1.3)
        noise = np.random.default_rng(4).normal(0, 0.02, len(YEARS) - 1)
        found = posterior(PAPERS, Outputs(YEARS[1:], truth[1:] + noise, np.full(len(YEARS) - 1, 0.02)))
        low, mid, high = found.quantiles([0.05, 0.5, 0.95])[0]
        assert low < r < high
        assert mid == pytest.approx(r, rel=0.25)
        assert found.effective[0] > 500


def test_without_data_the_posterior_is_the_prior() -> None:
    prior = Prior()
    found = posterior(PAPERS, None, prior)
    for place in range(3):
        stated = np.exp(prior.centre[place] + prior.sd[place] * np.array([-1.6449, 0.0, 1.6449]))
        np.testing.assert_allclose(found.quantiles([0.05, 0.5, 0.95], place)[0], stated, rtol=0.12)
    # Data worth nothing say nothing.
    vague = posterior(PAPERS, Outputs.average(PAPERS, 1.0, 1e6), prior)
    np.testing.assert_allclose(vague.quantiles([0.05, 0.5, 0.95]), found.quantiles([0.05, 0.5, 0.95]), rtol=0.12)
    # Data worth something do not.
    told = posterior(PAPERS, Outputs.average(PAPERS, 1.0, 0.2), prior)
    assert told.quantiles(0.5)[0, 0] > 2 * found.quantiles(0.5)[0, 0]


def test_a_grid_finds_the_same_posterior() -> None:
    outputs = Outputs.average(PAPERS, 0.5, 0.15)
    prior = Prior()
    axes = [centre + sd * np.linspace(-4.5, 4.5, 71) for centre, sd in zip(prior.centre, prior.sd, strict=True)]
    theta = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    scaled = ((theta - np.array(prior.centre)) / np.array(prior.sd)) ** 2
    told = log_quality(theta, PAPERS, outputs.times)[..., 0]
    logs = -0.5 * scaled.sum(axis=-1) - 0.5 * ((outputs.log[0] - told) / outputs.sd[0]) ** 2
    density = np.exp(logs - logs.max()).sum(axis=(1, 2))
    shares = (np.cumsum(density) - density / 2) / density.sum()
    exact = np.exp(np.interp([0.05, 0.5, 0.95], shares, axes[0]))
    np.testing.assert_allclose(
        posterior(PAPERS, outputs, draws=32_768).quantiles([0.05, 0.5, 0.95])[0], exact, rtol=0.03
    )


def ranks(scale: float = 1.0, shift: float = 0.0, worlds: int = 200) -> np.ndarray:
    """Posterior probability below the truth in worlds drawn from the prior: even if the posterior is right.

    scale, shift  what a mutant does to the log draws about their mean
    """
    chance = np.random.default_rng(11)
    prior = Prior()
    theta = np.array(prior.centre) + np.array(prior.sd) * chance.standard_normal((worlds, 3))
    at = np.array([2016.0, 2019.0, 2023.0])
    sd = np.array([0.3, 0.3, 0.3])
    told = log_quality(theta, PAPERS, at) + sd * chance.standard_normal((worlds, 3))
    found = posterior(PAPERS, Outputs(at, told, sd), prior, draws=1_000, seed=12)
    mean = (found.weights[..., None] * found.draws).sum(axis=1, keepdims=True)
    found = Posterior(mean + scale * (found.draws - mean) + shift, found.weights, found.effective)
    assert np.quantile(found.effective, 0.05) > 100
    return found.below(np.exp(theta[:, 0]))


def unevenness(values: np.ndarray) -> float:
    """Chi-square of 8 bins, over its 99.9 % point with 7 degrees of freedom."""
    counts = np.histogram(values, 8, (0, 1))[0]
    return float(((counts - len(values) / 8) ** 2 / (len(values) / 8)).sum() / 24.32)


def test_simulation_based_calibration_passes_and_catches_a_posterior_that_is_too_sure() -> None:
    right = ranks()
    assert unevenness(right) < 1
    covered = np.mean((right > 0.05) & (right < 0.95))
    assert 0.85 < covered < 0.95
    assert unevenness(ranks(shift=0.3)) > 1  # returns told a third too high
    narrow = ranks(scale=0.8)
    assert np.mean((narrow > 0.05) & (narrow < 0.95)) < 0.85  # what sd times 0.8 does to the coverage


def test_a_wider_prior_gives_a_wider_posterior_where_the_data_are_one_number() -> None:
    outputs = Outputs.average(PAPERS, 1.1, 0.3)
    widths = [
        np.ptp(np.log(posterior(PAPERS, outputs, Prior().widened(one)).quantiles([0.05, 0.95]))) for one in (0.5, 1.0)
    ]
    assert widths[0] < widths[1]


def test_resampled_draws_have_the_weighted_quantiles() -> None:
    found = posterior(PAPERS, Outputs.average(PAPERS, 1.1, 0.3))
    even = found.resampled(20_000, seed=1)[0, :, 0]
    np.testing.assert_allclose(np.quantile(even, [0.05, 0.5, 0.95]), found.quantiles([0.05, 0.5, 0.95])[0], rtol=0.03)


def test_series_that_cannot_do_are_refused() -> None:
    with pytest.raises(TooLittleEvidence):
        Inputs(np.array([2020.0, 2021.0]), np.array([1.0, 2.0]))
    with pytest.raises(WrongUse):
        Inputs(np.array([2020.0, 2021.0, 2021.0]), np.array([1.0, 2.0, 3.0]))
    falling = Inputs(np.array([2020.0, 2021.0, 2022.0]), np.array([3.0, 2.0, 1.0]))
    with pytest.raises(WrongUse):
        posterior(falling, Outputs.average(falling, 1.0, 0.3))
    with pytest.raises(WrongUse):
        log_quality(np.zeros(3), PAPERS, np.array([2030.0]))
