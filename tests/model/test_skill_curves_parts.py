"""Parts of skill curves against closed forms and independent implementations."""

import numpy as np
import pytest

import ascent.model.curve_segments as own
from ascent.model.curve_final import predict_final
from ascent.model.curve_phases import phases_of
from ascent.model.curve_segments import _local_lines, find_segments
from ascent.model.curve_smooth import fit_smooth, matern, places, thinned
from ascent.model.curve_world import simulate_training


def test_the_smooth_of_one_kernel_agrees_with_an_independent_gaussian_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    import ascent.model.curve_smooth as own

    monkeypatch.setattr(own, "LENGTHS", np.array([0.4]))
    monkeypatch.setattr(own, "BENDS", np.array([0.0]))
    monkeypatch.setattr(own, "SIZES", np.array([1000.0]))  # so large that the free line makes no difference
    x = np.linspace(20.0, 22.0, 25)
    y = 0.3 + 0.1 * np.sin(3 * x)
    grid = np.array([20.33, 21.1, 21.77])
    oracle = GaussianProcessRegressor(
        ConstantKernel(10.0**2) * Matern(0.4, nu=2.5), alpha=0.01**2, optimizer=None, normalize_y=False
    ).fit(x[:, None], y - 0.3)
    fit = own.fit_smooth(x, y, np.full(25, 0.01), grid)
    assert fit.mid == pytest.approx(0.3 + oracle.predict(grid[:, None]), abs=2e-4)
    both = oracle.predict(grid[:, None], return_cov=True)[1]
    of_change = np.sqrt((both[0, 0] + both[2, 2] - 2 * both[0, 2]) / (both[0, 0] + both[2, 2]))
    assert fit.change_error / np.hypot(fit.error[0], fit.error[2]) == pytest.approx(of_change, rel=0.02)


def test_matern_agrees_with_an_independent_implementation() -> None:
    from sklearn.gaussian_process.kernels import Matern

    x = np.array([[0.0], [0.3], [1.1]])
    assert matern(x - x.T, np.array([0.4]))[0] == pytest.approx(Matern(0.4, nu=2.5)(x))


def test_a_straight_line_is_fitted_as_weighted_least_squares_fits_it() -> None:
    x = np.linspace(20.0, 24.0, 200)
    scatter = []
    for seed in range(12):
        y = 0.2 + 0.1 * (x - 20) + np.random.default_rng(seed).normal(0.0, 0.02, 200)
        slope, level = np.polyfit(x, y, 1)
        fit = fit_smooth(x, y, np.full(200, 0.02), np.array([20.0, 22.0, 24.0]))
        assert fit.mid == pytest.approx(level + slope * fit.x, abs=0.008)
        scatter.append(fit.scatter)
    assert np.mean(scatter) == pytest.approx(1.0, abs=0.15)


def test_local_lines_reproduce_lines_and_agree_with_least_squares() -> None:
    x = np.sort(np.random.default_rng(3).uniform(0.0, 4.0, 30))
    se = np.full(30, 0.1)
    weights = _local_lines(x, se, np.array([1.0, 2.5]), np.array([0.8, 0.8]))
    assert weights @ (3.0 - 2.0 * x) == pytest.approx([1.0, -2.0])
    y = np.sin(x)
    near = np.sqrt(np.maximum(1 - np.abs(x - 2.5) / 0.8, 0.0))
    fitted = np.linalg.lstsq(np.stack([near, near * (x - 2.5)], axis=1), near * y, rcond=None)[0]
    assert weights[1] @ y == pytest.approx(fitted[0])


def test_thinning_keeps_the_mean_and_tells_excess_scatter() -> None:
    rng = np.random.default_rng(4)
    x = np.linspace(20.0, 22.0, 960)
    calm = thinned(x, rng.normal(0.5, 0.01, 960), np.full(960, 0.01))
    wild = thinned(x, rng.normal(0.5, 0.05, 960), np.full(960, 0.01))
    assert len(calm[0]) == 48
    assert calm[2] == pytest.approx(0.01 / np.sqrt(20), rel=0.1)
    assert wild[2] == pytest.approx(0.05 / np.sqrt(20), rel=0.1)


@pytest.mark.parametrize("width", [0.25, 0.4, 1.0])
def test_exact_logistic_curves_are_gradual_however_precise(width: float) -> None:
    x = np.linspace(20.0, 26.0, 120)
    y = 0.25 + 0.7 / (1 + np.exp(-(x - 23) / width))
    assert find_segments(x, y, np.full(120, 1e-5), draws=199).kind == ("gradual",)


def test_exact_jumps_and_plateaus_are_found_where_they_are() -> None:
    x = np.linspace(20.0, 24.0, 120)
    jump = find_segments(x, 0.2 + 0.05 * (x - 20) + 0.2 * (x > 22.1), np.full(120, 0.005), draws=199)
    assert jump.kind == ("gradual", "breakthrough", "gradual")
    assert jump.start[1] < 22.1 < jump.end[1] and jump.gain[1] == pytest.approx(0.2, abs=0.05)
    flat = find_segments(x, 0.2 + 0.15 * (x - np.clip(x - 21.5, 0, 1.0)) - 3, np.full(120, 0.005), draws=199)
    assert "plateau" in flat.kind
    at = flat.kind.index("plateau")
    assert flat.start[at] < 22.0 < flat.end[at]
    dip = 0.2 + 0.1 * (x - 20) - 0.8 * np.clip(x - 21.5, 0, 0.5)
    assert "plateau" not in find_segments(x, dip, np.full(120, 0.005), draws=199).kind, "a fall is no plateau"


def test_every_segment_has_a_p_value_of_its_own() -> None:
    x = np.linspace(20.0, 26.0, 160)
    noise = np.random.default_rng(2).normal(0.0, 0.005, 160)
    # A second step, within the noise: it makes the last segment less likely gradual than the first, and no more.
    y = 0.1 + 0.03 * (x - 20) + 0.2 * (x > 22.1) + 0.012 * (x > 24.4) + noise
    told = find_segments(x, y, np.full(160, 0.005))
    assert told.kind == ("gradual", "breakthrough", "gradual")
    assert told.p[1] <= 0.05 < min(told.p[0], told.p[2]) and told.p[2] < told.p[0]
    assert (told.within > 0).all()
    short = find_segments(x[:60], 0.1 + 0.2 * (x[:60] > 21.0), np.full(60, 0.005), draws=199)
    assert [p for p, tested in zip(short.p, short.within, strict=True) if not tested] in ([], [1.0], [1.0, 1.0])


def test_a_steady_fall_is_no_breakthrough_and_would_be_without_the_third_inequality(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = np.linspace(20.0, 24.0, 60)
    worlds = [0.9 - 0.2 * (x - 20) + np.random.default_rng(seed).normal(0.0, 0.01, 60) for seed in range(10)]

    def found() -> list[bool]:
        se = np.full(60, 0.01)
        return ["breakthrough" in find_segments(x, y, se, draws=199, seed=at).kind for at, y in enumerate(worlds)]

    assert not any(found())
    whole = own._contrasts

    def mutant(*given: object) -> object:
        window, weights, pace = whole(*given)  # type: ignore[arg-type, misc]  # never None here
        return window, weights[:, :2], pace

    monkeypatch.setattr(own, "_contrasts", mutant)
    assert np.mean(found()) > 0.8


def test_a_jump_back_up_in_a_fall_is_a_breakthrough() -> None:
    x = np.linspace(20.0, 24.0, 80)
    told = find_segments(x, 0.6 - 0.05 * (x - 20) + 0.2 * (x > 22.1), np.full(80, 0.005), draws=199)
    assert told.kind == ("gradual", "breakthrough", "gradual") and told.gain[1] > 0.1


def test_jumps_between_distant_checkpoints_are_not_told_but_counted() -> None:
    x = np.arange(20.0, 26.0, 0.6)
    told = find_segments(x, 0.2 + 0.4 * (x > 23), np.full(len(x), 0.01), draws=199)
    assert "breakthrough" not in told.kind and told.unseen > 4


def test_places_stay_near_checkpoints() -> None:
    x = np.array([18.0, 18.1, 21.0])
    assert np.abs(places(x)[:, None] - x).min(axis=1).max() <= 0.25


def test_predictions_are_the_same_twice_and_narrow_with_what_is_seen() -> None:
    world = simulate_training("logistic", seed=3)
    first = [predict_final(world.x[:n], world.score[:n], world.se[:n], world.x[-1]) for n in (20, 36)]
    again = predict_final(world.x[:20], world.score[:20], world.se[:20], world.x[-1])
    assert first[0] == again
    assert first[1].high - first[1].low < first[0].high - first[0].low
    assert np.isnan(predict_final(world.x[:3], world.score[:3], world.se[:3], 25.0).mid)


def test_gains_of_phases_add_up_exactly(tiny_evidence: object) -> None:
    from ascent.measure.checkpoints import checkpoint_curves

    for curve in checkpoint_curves(tiny_evidence).curves:  # type: ignore[arg-type]
        parts = phases_of(curve, curve.se)
        assert sum(part.gain for part in parts) == pytest.approx(curve.score[-1] - curve.score[0], abs=1e-12)
        flop = 10.0**curve.x
        assert sum(part.compute_flop for part in parts) == pytest.approx(flop[-1] - flop[0])
        assert len(parts) == (2 if curve.training_run == "run-c" else 1)
