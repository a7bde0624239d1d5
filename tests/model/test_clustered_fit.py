"""Least squares in groups where there is one group only: never an error of nothing, whoever asks."""

import numpy as np
import pytest

from ascent.core.draws import MASS, interval
from ascent.core.quantiles import student_quantile
from ascent.model.capability_compute import CapabilityCompute, fit_plane
from ascent.model.clustered_fit import clustered_fit
from ascent.model.clustered_line import clustered_line
from ascent.model.compute_gain import compared_gain, line, paired_gain
from ascent.model.compute_needed import compute_needed
from ascent.model.software_fits import software_fit
from ascent.model.software_lines import bands
from ascent.model.software_shares import compute_growth

ALONE = np.zeros(40, dtype=np.intp)
DECADE, YEAR = 12.0, 6.0


def of_one_lab(seed: int) -> CapabilityCompute:
    rng = np.random.default_rng(seed)
    year = rng.uniform(2021, 2025, 40)
    log_flop = 24 + 0.5 * (year - 2023) + rng.normal(0, 0.7, 40)
    capability = 120 + DECADE * (log_flop - 24) + YEAR * (year - 2023) + rng.normal(0, 4, 40)
    names = tuple(f"m{k}" for k in range(40))
    draws = np.repeat(capability[None], 301, axis=0)
    return CapabilityCompute(names, names, ("L",) * 40, year, log_flop, np.full(40, 3.0), ALONE, draws)


def test_errors_of_one_group_cover_and_the_mutant_with_its_scores_summed_holds_nothing() -> None:
    held = mutant = 0
    for seed in range(200):
        known = of_one_lab(seed)
        design = np.stack([np.ones(40), known.log_flop - 24, known.year - 2023], axis=1)
        fit = clustered_fit(design, known.capability[0], ALONE)
        assert fit.single and fit.groups == 1
        half = float(student_quantile(0.5 + MASS / 2, float(fit.freedom[1]))) * float(fit.error[1])
        held += abs(fit.coefficient[1] - DECADE) <= half
        # One group's part in the sandwich is the sum of its scores, which least squares makes nothing.
        score = design.T @ fit.residual
        back = np.linalg.inv(design.T @ design)
        none = np.sqrt(np.diag(back @ np.outer(score, score) @ back))
        mutant += abs(fit.coefficient[1] - DECADE) <= 10 * none[1]
    assert held / 200 == pytest.approx(MASS, abs=0.06)
    assert mutant == 0


def test_one_group_counts_as_its_observations_and_two_stay_two() -> None:
    known = of_one_lab(1)
    design = np.stack([np.ones(40), known.log_flop], axis=1)
    single, apart = (clustered_fit(design, known.capability[0], who) for who in (ALONE, np.arange(40)))
    assert single.covariance == pytest.approx(apart.covariance) and single.freedom == pytest.approx(apart.freedom)
    assert single.single and not apart.single
    assert not clustered_fit(design, known.capability[0], np.arange(40) % 2).single


def test_a_plane_of_one_lab_covers_and_says_that_it_is_of_one() -> None:
    hits = []
    for seed in range(120):
        plane = fit_plane(of_one_lab(seed), reference=2023.0, seed=seed)
        assert plane.single
        ends = [interval(part) for part in (plane.per_decade, plane.per_year)]
        hits.append([low <= true <= high for (low, _, high), true in zip(ends, (DECADE, YEAR), strict=True)])
    assert np.mean(hits, axis=0) == pytest.approx(MASS, abs=0.07)


def test_gains_on_the_line_of_one_family_have_an_interval() -> None:
    inside = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = rng.uniform(20, 24, 40)
        y = 0.8 * (x - 22) + rng.normal(0, 0.3, 40)
        has = np.arange(40) >= 30
        gain = compared_gain(x, y + 0.8 * has, has, ALONE)  # a gain of one decade
        assert gain.low < gain.mid < gain.high or gain.bound
        inside.append(gain.low <= 1.0 <= gain.high)
        fit = line(x, y, ALONE)
        difference = 0.8 + rng.normal(0, 0.05, 5)
        paired = paired_gain(fit, 40, difference, np.full(5, 0.05), ALONE[:5])
        assert paired.low < paired.mid < paired.high and paired.slope_error > 0.01
    assert np.mean(inside) >= 0.82


def test_others_that_ask_refuse_one_group_or_tell_no_ends() -> None:
    known = of_one_lab(2)
    one = clustered_line(known.year, known.log_flop, ALONE)
    assert np.isnan([one.low, one.high]).all() and one.error > 0.01
    with pytest.raises(ValueError, match="5 groups"):
        compute_needed(np.full(40, 0.5), known.log_flop, known.year, ALONE)
    with pytest.raises(ValueError, match="1 labs"):
        software_fit(known)
    with pytest.raises(ValueError, match="1 labs"):
        compute_growth(known)
    assert all(np.isnan([band.low, band.high]).all() and band.why for band in bands(known, width=5.0, span=1.0))


@pytest.mark.parametrize("flat", ["compute", "date", "both"])
def test_a_plane_that_cannot_be_says_what_is_missing(flat: str) -> None:
    known = of_one_lab(3)
    if flat == "compute":
        known.log_flop[:] = 24.0
    elif flat == "date":
        known.year[:] = 2023.0
    else:
        known.log_flop[:] = 24 + 0.5 * (known.year - 2023)
    words = {"compute": "the same training compute", "date": "released on the same day", "both": "follows the date"}
    with pytest.raises(ValueError, match=words[flat]):
        fit_plane(known, reference=2023.0)
