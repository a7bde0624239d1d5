"""Who is on the line: chosen by what compute lets expect, never by the score, which would bend the line."""

import numpy as np
from scipy.special import expit

from ascent.core.draws import Floats
from ascent.model.compute_gain import expected_share, line, logit

SLOPE = 0.9


def models(seed: int, families: int = 40, sizes: int = 4) -> tuple[Floats, Floats, np.ndarray]:
    """Models near guessing, with luck by family; log10 FLOP, shares of 500 questions, family."""
    rng = np.random.default_rng(seed)
    family = np.repeat(np.arange(families), sizes)
    x = np.tile(21 - 0.7 * np.arange(sizes), families) + 0.1 * rng.normal(size=families * sizes)
    z = SLOPE * (x - 22.5) + 0.5 * rng.normal(size=families)[family] + 0.15 * rng.normal(size=len(x))
    return x, rng.binomial(500, expit(z)) / 500, family


def test_line_near_guessing_keeps_its_slope_and_the_mutant_that_chooses_by_score_does_not() -> None:
    slopes = []
    for seed in range(20):
        x, share, family = models(seed)
        expected = expected_share(x, share)(x)
        slopes.append([
            line(x[on], logit(np.maximum(share[on], least), np.full(on.sum(), 500.0))[0], family[on]).coefficient[1]
            for on, least in ((expected >= 0.05, 0.01), (share >= 0.05, 0.05))
        ])  # fmt: skip
    ours, mutant = np.mean(slopes, axis=0)
    assert abs(ours / SLOPE - 1) < 0.06, ours
    assert mutant < 0.85 * SLOPE, mutant


def test_expected_share_is_the_logistic_curve_and_finite_where_all_are_alike() -> None:
    x = np.linspace(20, 25, 60)
    told = expected_share(x, expit(1.3 * (x - 22)))
    np.testing.assert_allclose(told(x), expit(1.3 * (x - 22)), atol=0.01)
    for same in (0.0, 1.0):
        assert np.isfinite(expected_share(x, np.full(60, same))(x)).all()
