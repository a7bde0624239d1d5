"""Growth arithmetic against numerical integration, calendars and limits; small samples against simulation."""

import numpy as np
import pytest
from scipy import integrate, stats

from ascent.core.errors import WrongUse
from ascent.forecast import growing, small_samples
from ascent.forecast.growing import days, path_total, rounded, share_of_period, time_until, window_of_year
from ascent.forecast.montecarlo import draws, points
from ascent.forecast.quantity import Quantity, constant, draw
from ascent.forecast.ranges import read


def value(quantity: Quantity, unit: str = "1") -> float:
    return float(points({"it": quantity.to(unit)})["it"])


def share_matches(growth: float, start: float, end: float) -> bool:
    total = integrate.quad(lambda t: growth**t, 0, 1)[0]
    inside = integrate.quad(lambda t: growth**t, start, end)[0]
    return value(share_of_period(constant(growth), start, end)) == pytest.approx(inside / total, rel=1e-9)


@pytest.mark.parametrize("growth", [0.2, 0.999, 1.0, 1.0 + 1e-12, 1.0001, 2.3, 40.0])
@pytest.mark.parametrize(("start", "end"), [(0.0, 1.0), (0.28767, 0.59726), (0.5, 0.5), (0.9, 1.0)])
def test_share_of_a_period_is_the_integral(growth: float, start: float, end: float) -> None:
    assert share_matches(growth, start, end)


def test_linear_share_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "_share", lambda growth, start, end: end - start + 0 * growth)
    assert share_matches(1.0, 0.2, 0.6)
    assert not share_matches(2.3, 0.2, 0.6)


def test_yearly_growth_taken_as_monthly_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = growing._share
    monkeypatch.setattr(growing, "_share", lambda growth, start, end: honest(growth**12, start, end))
    assert not share_matches(2.3, 0.2, 0.6)


@pytest.mark.parametrize("growth", [0.5, 1.0, 5 / 3, 9.0])
def test_total_of_a_path_is_the_integral(growth: float) -> None:
    rate, step = constant(3.0, "billion USD/month"), constant(5, "month")
    ours = path_total(rate, constant(growth), step, constant(23, "day"), constant(149, "day"))
    month = 365.25 / 12
    known = integrate.quad(lambda t: 3.0 * growth ** (t / 5), 23 / month, 149 / month)[0]
    assert value(ours, "billion USD") == pytest.approx(known, rel=1e-9)


def test_shares_of_neighbouring_windows_add_up() -> None:
    parts = [value(share_of_period(constant(2.3), a, b)) for a, b in ((0, 0.3), (0.3, 0.71), (0.71, 1))]
    assert sum(parts) == pytest.approx(1)


def test_time_until_and_back() -> None:
    assert value(time_until(1000, constant(4), constant(1, "year")), "year") == pytest.approx(np.log(1000) / np.log(4))
    assert value(time_until(8, constant(2), constant(3, "month")), "month") == pytest.approx(9)


@pytest.mark.parametrize(("amount", "known"), [(5.25, 5.3), (4.399, 4.4), (0.04, 0.0), (0.05, 0.1), (1.95, 2.0)])
def test_rounding_goes_half_up(amount: float, known: float) -> None:
    made = value(rounded(constant(amount, "billion USD"), "0.1 billion USD"), "billion USD")
    assert made == pytest.approx(known, abs=1e-9)


def test_days_and_fractions_of_a_year() -> None:
    assert days("2025-08-07", "2025-12-11") == 126
    assert window_of_year("2025-04-16", "2025-08-07") == (105 / 365, 218 / 365)
    assert window_of_year("2024-03-01", "2025-01-01") == (60 / 366, 1.0)
    with pytest.raises(WrongUse, match="different years"):
        window_of_year("2025-04-16", "2026-01-02")
    for wrong in (("2025-08", "2025-12-11"), ("soon", "2025-12-11"), ("2025-12-11", "2025-08-07")):
        with pytest.raises(WrongUse, match="The tenure"):
            days(*wrong, what="The tenure")


def drawn(make, size: int = 1 << 16) -> np.ndarray:  # type: ignore[no-untyped-def]
    uniform = draw(read("uniform(0, 1)").shape, name="u")
    return draws({"it": make(uniform)}, size, seed=3).values["it"]


def test_student_is_students_t() -> None:
    found = drawn(lambda uniform: small_samples.student(3, uniform))
    assert np.quantile(found, [0.05, 0.5, 0.95]) == pytest.approx(stats.t.ppf([0.05, 0.5, 0.95], 3), abs=0.08)


def coverage(size: int, narrower: float = 1.0, worlds: int = 400) -> float:
    """How often the 90 % interval of the median holds the truth, for log-normal populations."""
    random = np.random.default_rng(11)
    uniform = draw(read("uniform(0, 1)").shape, name="u")
    held = 0
    for _ in range(worlds):
        sample = np.exp(random.normal(0, 0.5, size))
        function = small_samples.median(sample, uniform).args[0].more[0]
        low, mid, high = np.log(np.quantile(function((np.arange(400) + 0.5) / 400), [0.05, 0.5, 0.95]))
        held += mid + narrower * (low - mid) <= 0 <= mid + narrower * (high - mid)
    return held / worlds


def test_interval_of_the_median_covers() -> None:
    assert 0.85 <= coverage(7) <= 0.96
    assert 0.85 <= coverage(8) <= 0.96
    assert coverage(7, narrower=0.5) < 0.75


def test_median_of_draws_is_the_samples_and_as_the_formula_of_the_study() -> None:
    years = [7.0, 7, 8, 8, 8, 9, 10]
    found = drawn(lambda uniform: small_samples.median(years, uniform))
    uniform = np.random.default_rng(5).random(200_000)
    known = np.interp(stats.beta.ppf(uniform, 4, 4), (np.arange(7) + 0.5) / 7, years)
    assert np.quantile(found, [0.05, 0.5, 0.95]) == pytest.approx(np.quantile(known, [0.05, 0.5, 0.95]), abs=0.02)


def test_share_beyond_a_sample_is_a_jeffreys_posterior() -> None:
    years = [7.0, 7, 8, 8, 8, 9, 10]
    for limit, there in ((3.4, 0), (8.0, 5), (12.0, 7)):
        found = drawn(lambda uniform, limit=limit: small_samples.share_at_most(years, limit, uniform))
        known = stats.beta.ppf([0.05, 0.5, 0.95], there + 0.5, 7 - there + 0.5)
        assert np.quantile(found, [0.05, 0.5, 0.95]) == pytest.approx(known, abs=0.005)
