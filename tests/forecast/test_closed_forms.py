"""Uncertain arithmetic against closed forms, by its own reported error; and the mutants that must not pass."""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from ascent.forecast import montecarlo as mc
from ascent.forecast.distributions import Distribution, Z, beta, between, lognormal, normal, uniform
from ascent.forecast.quantity import Quantity, exp, log, maximum, minimum
from ascent.forecast.ranges import quantity, read
from ascent.forecast.summaries import ENDS

SEEDS = range(8)
SIGMA = math.log(4) / (2 * Z)  # of 5..20


def wide(name: str) -> Quantity:
    return quantity("5..20", name=name)


def logs(mean: float, sd: float) -> list[float]:
    return [math.exp(mean + sd * NormalDist().inv_cdf(p)) for p in ENDS]


def of(frozen: object) -> list[float]:
    return [float(frozen.ppf(p)) for p in ENDS]  # type: ignore[attr-defined]


def mixed(p: float) -> float:
    parts = [(0.7, between(1, 3)), (0.3, between(10, 20))]
    low, high = 0.5, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        below = sum(
            w * NormalDist(*map(float, part.parameters)).cdf(math.log(middle))  # type: ignore[arg-type]
            for w, part in parts
        )
        low, high = (middle, high) if below < p else (low, middle)
    return low


INNER = NormalDist(10, 2)
CUT = stats.lognorm(SIGMA, scale=10)
FORMS: dict[str, tuple[Callable[[], Quantity], list[float]]] = {
    "product": (lambda: wide("a") * wide("b"), logs(2 * math.log(10), SIGMA * math.sqrt(2))),
    "ratio": (lambda: wide("a") / wide("b"), logs(0, SIGMA * math.sqrt(2))),
    "power": (lambda: wide("a") ** 2.5, logs(2.5 * math.log(10), 2.5 * SIGMA)),
    "six": (lambda: math.prod((wide(n) for n in "bcdef"), start=wide("a")), logs(6 * math.log(10), SIGMA * 6**0.5)),
    "sum of normals": (lambda: normal(mean=1, sd=3) + normal(mean=2, sd=4), of(stats.norm(3, 5))),
    "sum of uniforms": (lambda: uniform(0, 1) + uniform(0, 1), of(stats.triang(0.5, 0, 2))),
    "minimum": (lambda: minimum(uniform(0, 1), uniform(0, 1)), [1 - math.sqrt(1 - p) for p in ENDS]),
    "maximum": (lambda: maximum(uniform(0, 1), uniform(0, 1)), [math.sqrt(p) for p in ENDS]),
    "beta": (lambda: beta(2, 5) ** 2, [x**2 for x in of(stats.beta(2, 5))]),
    "triangular": (lambda: quantity("triangular(1, 2, 5)"), of(stats.triang(0.25, 1, 4))),
    "exponential of normal": (lambda: exp(normal(mean=1, sd=0.5)), logs(1, 0.5)),
    "logarithm": (lambda: log(wide("a")), of(stats.norm(math.log(10), SIGMA))),
    "mixture": (lambda: quantity("mixture(0.7: 1..3, 0.3: 10..20)"), [mixed(p) for p in ENDS]),
    "truncated": (
        lambda: quantity("truncated(5..20, 8, 15)"),
        [float(CUT.ppf(CUT.cdf(8) + p * (CUT.cdf(15) - CUT.cdf(8)))) for p in ENDS],
    ),
    "nested": (lambda: normal(mean=normal(mean=10, sd=2), sd=1.5), of(stats.norm(10, 2.5))),
    "quantile knots": (lambda: 3 * quantity("quantiles(0.05: 1, 0.5: 3, 0.95: 20)"), [3, 9, 60]),
    "low, mid, high": (lambda: quantity("0.8..1.1..1.4") * 10, [8, 11, 14]),
}


def failures(found: dict[str, tuple[Callable[[], Quantity], list[float]]], **manner: object) -> list[str]:
    """Which ends of which forms lie more than 3 reported standard errors from the truth, over all seeds."""
    missed = []
    for name, (make, truth) in found.items():
        for seed in SEEDS:
            sample = mc.draws({"it": make()}, 1 << 14, seed=seed, **manner)  # type: ignore[arg-type]
            blocks = sample.blocks("it")
            ends = np.quantile(sample.values["it"], ENDS)
            errors = np.quantile(blocks, ENDS, axis=1).std(axis=1, ddof=1) / 4
            # A net places single inputs far more evenly than its replicates tell apart: to rounding, in ranks.
            floor = np.abs(
                np.gradient(np.quantile(sample.values["it"], np.add.outer(ENDS, [-1e-4, 0, 1e-4])), axis=1)[:, 1]
            )
            missed += [f"{name} {p}" for k, p in enumerate(ENDS) if abs(ends[k] - truth[k]) > 3 * errors[k] + floor[k]]
    return missed


@pytest.mark.parametrize("sampler", ["random", "net"])
def test_errors_stay_below_three_reported_standard_errors(sampler: str) -> None:
    """With 16 replicates the error follows Student's t: beyond 3 in 0.9 % of cases, here of 408."""
    missed = failures(FORMS, sampler=sampler)
    allowed = stats.binom(3 * len(FORMS) * len(SEEDS), 2 * stats.t(15).sf(3)).ppf(0.9999)
    assert len(missed) <= allowed, missed


def test_mutants_are_caught() -> None:
    """An interval scaled by 0.9, fresh draws for a variable used twice, the 95 % score for the 90 % one."""
    narrow = Distribution("lognormal", (math.log(10), 0.9 * SIGMA))
    wrong = Distribution("lognormal", (math.log(10), math.log(4) / (2 * 1.959964)))
    truth = logs(math.log(10), SIGMA)
    from ascent.forecast.quantity import draw

    assert len(failures({"scaled": (lambda: draw(narrow), truth)})) >= 12
    assert len(failures({"95 %": (lambda: draw(wrong), truth)})) >= 12
    square = logs(2 * math.log(10), 2 * SIGMA)

    def shared() -> Quantity:
        a = wide("a")
        return a * a

    assert len(failures({"shared": (shared, square)})) <= 2
    assert len(failures({"fresh": (lambda: wide("a") * wide("b"), square)})) >= 12


def test_five_to_twenty_holds_exactly_90_percent() -> None:
    for text, low, high in (
        ("5..20", 5, 20), ("-5..20", -5, 20), ("0.8..1.1..1.4", 0.8, 1.4), ("13 +- 20%", 10.4, 15.6),
        ("about 13", 12.55, 13.45), ("lognormal(low=5, high=20)", 5, 20), ("normal(low=5, high=20)", 5, 20),
    ):  # fmt: skip
        shape = read(text).shape
        assert shape.below(high) - shape.below(low) == pytest.approx(0.9, abs=1e-12), text
        assert shape.below(low) == pytest.approx(0.05, abs=1e-12), text


def test_moments_of_a_sum_of_lognormals() -> None:
    """Mean and variance of a sum are sums; its shape has no closed form."""
    total = lognormal(median=10, sigma=SIGMA) + lognormal(median=3, sigma=0.3) + lognormal(median=1, sigma=0.8)
    parts = [(10, SIGMA), (3, 0.3), (1, 0.8)]
    mean = sum(m * math.exp(s * s / 2) for m, s in parts)
    variance = sum(m * m * math.exp(s * s) * (math.exp(s * s) - 1) for m, s in parts)
    for seed in SEEDS:
        blocks = mc.draws({"it": total}, 1 << 16, seed=seed).blocks("it")
        for each, truth in ((blocks.mean(axis=1), mean), (((blocks - mean) ** 2).mean(axis=1), variance)):
            error = each.std(ddof=1) / 4
            assert abs(each.mean() - truth) < 4.1 * error + 1e-9 * truth  # t with 15 degrees: 0.1 % in 16 tries each


def test_a_variable_used_twice_is_one_variable() -> None:
    x = quantity("5..20", name="x")
    found = mc.draws({"one": x / x, "none": x - x, "twice": x + x, "x": x}, 4096).values
    assert np.all(found["one"] == 1.0) and np.all(found["none"] == 0.0)
    assert found["twice"].var() == pytest.approx(4 * found["x"].var(), rel=1e-12)
    other = quantity("5..20", name="y")
    assert not np.all(mc.draws({"one": x / other}, 4096).values["one"] == 1.0)


@pytest.mark.parametrize("rank", [-0.8, 0.3, 0.9])
def test_correlated_inputs(rank: float) -> None:
    one, two = normal(mean=0, sd=3), normal(mean=5, sd=4)
    one.name, two.name = "one", "two"
    found = mc.draws({"sum": one + two, "one": one, "two": exp(two)}, 1 << 16, correlations={("one", "two"): rank})
    assert stats.spearmanr(found.values["one"], found.values["two"])[0] == pytest.approx(rank, abs=0.01)
    pearson = 2 * math.sin(math.pi * rank / 6)
    assert found.values["sum"].var() == pytest.approx(9 + 16 + 2 * 12 * pearson, rel=0.02)


def test_truths_count_as_ones() -> None:
    a, b = uniform(0, 1), uniform(0, 1)
    a.name, b.name = "a", "b"
    both = mc.draws({"it": (a > 0.5) + (b > 0.5)}, 1 << 14).values["it"]
    assert set(np.unique(both)) == {0.0, 1.0, 2.0}
    assert a.probability(above=0.25, below=0.75) == pytest.approx(0.5, abs=0.002)
