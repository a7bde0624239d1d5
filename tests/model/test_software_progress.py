"""Software progress: ratios without end, lines on a graph, two models, and truths behind selected models."""

from dataclasses import replace

import numpy as np
import pytest

from ascent.core.draws import interval
from ascent.model.capability_compute import CapabilityCompute
from ascent.model.capability_compute import fit_plane as plane
from ascent.model.software_case import from_line, from_plane
from ascent.model.software_fits import rate_interval, software_fit
from ascent.model.software_lines import ALL, CHEAPEST, Band, bands, common
from ascent.model.software_selection import WAYS, World, band_rate, candidates, kept, seen, truth_behind


def models(
    year: np.ndarray, log_flop: np.ndarray, capability: np.ndarray, *, within: float = 1.0, labs: int = 6
) -> CapabilityCompute:
    names = tuple(f"m{k}" for k in range(len(year)))
    maker = (np.arange(len(year)) % labs).astype(np.intp)
    draws = np.repeat(capability[None], 60, axis=0)
    return CapabilityCompute(names, names, names, year, log_flop, np.full(len(year), within), maker, draws)


def planted(
    rate: float, *, per_decade: float = 10.0, count: int = 80, seed: int = 0, scatter: float = 0.0
) -> CapabilityCompute:
    rng = np.random.default_rng(seed)
    year, log_flop = rng.uniform(2020, 2025, count), rng.uniform(22, 26, count)
    capability = (
        100 + per_decade * (log_flop - 24) + per_decade * rate * (year - 2022) + scatter * rng.standard_normal(count)
    )
    return models(year, log_flop, capability)


# Fits


def test_a_planted_rate_is_found_by_every_fit_where_nothing_scatters() -> None:
    for own in (False, True):
        fit = software_fit(planted(0.5), own_level=own)
        assert fit.rate() == pytest.approx((0.5, 0.5, 0.5), abs=1e-6)
        assert fit.per_decade[0] == pytest.approx(10.0)


def test_slopes_equal_the_plane_and_dummies_for_labs() -> None:
    known = planted(0.5, scatter=4.0)
    fit, other = software_fit(known), plane(known, reference=2022.0)
    assert (fit.per_decade[0], fit.per_year[0]) == pytest.approx((other.per_decade[0], other.per_year[0]))
    dummies = np.eye(6)[known.maker]
    direct = np.linalg.lstsq(np.column_stack([known.log_flop, known.year, dummies]), known.capability[0], rcond=None)[0]
    own = software_fit(known, own_level=True)
    assert (own.per_decade[0], own.per_year[0]) == pytest.approx(direct[:2].tolist())


def test_correction_divides_by_the_reliability_where_nothing_else_matters() -> None:
    """Fuller 1987, 1.2: with one regressor the corrected slope is the plain one over the reliability."""
    known = planted(0.5, scatter=2.0)
    known = replace(known, within=np.full(80, 5.0))
    plain, allowed = software_fit(known), software_fit(known, allow=True)
    assert allowed.per_decade[0] == pytest.approx(plain.per_decade[0] / plain.reliable)
    assert allowed.rate()[1] < plain.rate()[1]


def test_amounts_that_are_mostly_error_are_refused() -> None:
    known = planted(0.5)
    with pytest.raises(ValueError, match="more than its errors"):
        software_fit(replace(known, within=np.full(80, 100.0)), allow=True)
    with pytest.raises(ValueError, match="too few"):
        software_fit(known.only(known.maker < 3))


def test_a_ratio_equals_fieller_and_has_no_end_where_compute_may_buy_nothing() -> None:
    rng = np.random.default_rng(1)
    top, bottom = 8 + 1.0 * rng.standard_normal(200_001), 10 + 2.0 * rng.standard_normal(200_001)
    top[0], bottom[0] = 8, 10
    low, mid, high = rate_interval(bottom, top)
    # Fieller: roots of (8 - r 10)^2 = z^2 (1 + 4 r^2).
    z = 1.6449
    roots = np.sort(np.roots([100 - 4 * z**2, -160, 64 - z**2]))
    assert (low, mid, high) == pytest.approx((roots[0], 0.8, roots[1]), rel=0.02)
    assert rate_interval(1 + 2 * rng.standard_normal(999), np.full(999, 5.0))[2] == np.inf


# Lines on a graph


def test_lines_return_a_known_rate_where_models_do_not_scatter() -> None:
    known = planted(0.5, count=400)
    found = bands(known, width=0.5, span=1.0)
    line = common(known, found, ALL)
    assert line is not None and -line.slope == pytest.approx(0.5, abs=0.02)
    believed = [band for band in found if not band.why and band.kind == ALL]
    assert len(believed) > 20
    held = np.mean([band.low - 0.02 <= 0.5 <= band.high + 0.02 for band in believed])
    assert held > 0.8


def test_two_models_a_month_apart_are_too_few() -> None:
    """Grok 4 and GPT-5 in the article: five times less compute a month later is 5^12 a year."""
    known = models(np.array([2025.5, 2025.5 + 1 / 12]), np.array([26.7, 26.7 - np.log10(5)]), np.array([149.0, 149.5]))
    (every, cheapest) = bands(known, width=5.0, span=1.0)
    for band in (every, cheapest):
        assert "too few models (2 of 5)" in band.why and "too short (1 of 12 months)" in band.why
        assert "outlier" in band.why and np.isnan(band.low)
        assert 10**band.mid == pytest.approx(5**12, rel=1e-6)
    assert common(known, (every, cheapest), ALL) is None


def test_a_band_far_from_the_others_is_an_outlier() -> None:
    known = planted(0.5, count=400)

    def outliers() -> set[float]:
        return {band.bottom for band in bands(known, width=2.0, span=1.0) if "among" in band.why and band.kind == ALL}

    before = outliers()
    strange = (known.capability[0] >= 100) & (known.capability[0] < 102)
    known.log_flop[strange] -= 1.5 * (known.year[strange] - 2022)
    assert outliers() - before == {100.0}


def test_the_cheapest_so_far_are_those_below_all_before() -> None:
    year, spent = np.array([2020.0, 2021, 2022, 2023, 2023]), np.array([24.0, 24.5, 23.5, 23.0, 22.5])
    found: dict[str, Band] = {
        band.kind: band for band in bands(models(year, spent, np.full(5, 100.0)), width=5, span=1)
    }
    assert found[CHEAPEST].member.tolist() == [0, 2, 4]
    assert found[ALL].member.tolist() == [0, 1, 2, 3, 4]


def test_scatter_makes_lines_tell_less_than_there_was() -> None:
    """Closed form: the line leans by the share of compute in the spread of capability at one date."""
    world = World(10.0, 5.0, 0.4, 0.8, 8.0)
    log_flop, year, capability, _, _ = candidates(world, np.linspace(0, 5, 60), count=200_000)
    share = (10 * 0.8) ** 2 / ((10 * 0.8) ** 2 + 8.0**2)
    assert band_rate(log_flop, year, capability) == pytest.approx(share * 0.5 - (1 - share) * 0.4, abs=0.01)


# Two models


def test_two_models_of_equal_score_give_the_ratio_of_their_compute() -> None:
    same = np.full(401, 100.0)
    case = from_plane((same, same), (23.0, 24.0), (1.0, 1.0), np.full(401, 10.0), 2.0)
    assert interval(case.rate) == pytest.approx((0.5, 0.5, 0.5))
    wide = interval(from_plane((same, same), (23.0, 24.0), (3.0, 3.0), np.full(401, 10.0), 2.0).saved)
    assert wide[2] - wide[0] == pytest.approx(2 * np.sqrt(2) * np.log10(3), rel=0.1)


def test_a_line_of_older_models_tells_what_they_would_have_needed() -> None:
    log_flop = np.array([23.0, 24.0, 25.0])
    share = 1 / (1 + np.exp(-(log_flop - 24.0)))
    case = from_line(float(share[2]), 23.0, 1.0, (log_flop, np.ones(3), share), 4.0, draws=20)
    assert case.saved[0] == pytest.approx(2.0) and case.rate[0] == pytest.approx(0.5)
    with pytest.raises(ValueError, match="do not rise"):
        from_line(0.5, 23.0, 1.0, (log_flop, np.ones(3), share[::-1]), 4.0, draws=20)


# Selection


@pytest.mark.parametrize("way", WAYS)
def test_the_truth_behind_selected_models_is_found_and_the_naive_rate_is_off(way: str) -> None:
    truth = World(12.0, 6.0, 0.4, 0.8, 8.0)
    known = candidates(truth, np.linspace(2020, 2025, 90), count=120_000, seed=5)
    some = kept(way, truth, known, share=0.25, tilt=0.8, seed=5)
    look = seen(*(part[some] for part in known[:3]))
    found = truth_behind(way, look, np.linspace(2020, 2025, 90), share=0.25, tilt=0.8)
    assert found.rate == pytest.approx(truth.rate, abs=0.04)
    if way in ("capable", "capable of late", "efficient of late"):
        assert look.rate > truth.rate + 0.08, "without the way taken into account progress looks faster"
    if way == "as they come":
        assert look.rate == pytest.approx(truth.rate, abs=0.03)


def test_no_tilt_moves_nothing() -> None:
    told, year = World(12.0, 6.0, 0.4, 0.8, 8.0), np.linspace(2020, 2025, 90)
    rates = [truth_behind(way, told, year, share=0.25, tilt=0.0).rate for way in WAYS]
    assert np.ptp(rates) < 1e-3
