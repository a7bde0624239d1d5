"""Horizons: weights as METR's, resamples as they should be, other curves and definitions against independent fits."""

import numpy as np
import pytest
import statsmodels.api as sm

from ascent.core.draws import Floats
from ascent.measure.horizon_counts import Counts
from ascent.model import horizon_curves
from ascent.model.horizon import fit_horizons, groups, resample_tasks, usual_levels, weights
from ascent.model.horizon_curves import CURVES, fit_curve, fit_task_scatter
from ascent.model.horizon_length import length_shift
from ascent.model.horizon_shares import fit_shares
from ascent.model.horizon_world import marginal_gap, simulate_horizons

NONE = np.full(6, -1)


def plain(log2_horizon: float = 4.0, slope: float = 0.8, items: int = 60, runs: float = 1e6) -> Counts:
    """Counts that are exactly what the curve says."""
    x = np.linspace(-4, 10, items)
    chance = 1 / (1 + np.exp(-slope * (log2_horizon - x)))
    return Counts(x, np.full(items, -1), runs * chance[None], np.full((1, items), runs))


def test_a_known_curve_is_found_again() -> None:
    fits = fit_horizons(plain(), draws=0)
    assert fits.discrimination[0, 0] == pytest.approx(0.8, abs=1e-8)
    assert fits.log2_horizon(0.5)[0, 0] == pytest.approx(4.0, abs=1e-8)
    assert fits.log2_horizon(0.8)[0, 0] == pytest.approx(4.0 - np.log(4) / 0.8, abs=1e-8)


def test_weights_are_those_of_the_paper() -> None:
    counts = Counts(
        np.zeros(6),
        np.array([0, 0, 0, 0, 1, -1]),
        np.zeros((2, 6)),
        np.array([[2.0, 1, 1, 4, 3, 5], [1, 0, 0, 0, 2, 0]]),
    )
    per_task = weights(counts, "equal") * counts.trials
    assert per_task.tolist() == [[1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 1, 0]]
    root = weights(counts, "inverse-root") * counts.trials
    assert root[0] == pytest.approx([0.5, 0.5, 0.5, 0.5, 1, 1]), "one over the root of four tasks"
    assert root[1] == pytest.approx([1, 0, 0, 0, 1, 0]), "of a family only the tasks that were tried count"
    assert (weights(counts, "attempt") * counts.trials).tolist() == counts.trials.tolist()
    with pytest.raises(ValueError, match="no weighting"):
        weights(counts, "size")


@pytest.mark.real
def test_weights_are_those_in_the_file_of_runs(shared_data) -> None:  # type: ignore[no-untyped-def]
    import polars as pl

    runs = pl.read_parquet(shared_data / "horizon" / "metr" / "runs_2025-01.parquet")
    for rows in runs.filter(pl.col("alias") != "human").partition_by("alias"):
        tasks = rows.group_by("task_id", maintain_order=True).agg(
            pl.col("task_family").first(), pl.len().alias("n"), pl.col("invsqrt_task_weight").first()
        )
        _, family = np.unique(tasks["task_family"].to_numpy(), return_inverse=True)
        n = tasks["n"].to_numpy().astype(float)[None]
        ours = weights(Counts(np.zeros(n.size), family, np.zeros_like(n), n), "inverse-root")[0]
        ours /= ours @ n[0]
        assert ours == pytest.approx(tasks["invsqrt_task_weight"].to_numpy(), rel=1e-6)


def test_penalty_fades_with_information_unless_weights_are_normalised() -> None:
    few, many = plain(runs=5.0), plain(runs=5e4)
    shift = [abs(fit_horizons(c, penalty=5.0, draws=0).discrimination[0, 0] - 0.8) for c in (few, many)]
    assert shift[0] > 0.01 > 1e-3 > shift[1]
    stuck = [fit_horizons(c, penalty=0.1, normalised=True, draws=0).discrimination[0, 0] for c in (few, many)]
    assert stuck[0] == pytest.approx(stuck[1], rel=1e-6), "the published penalty is deaf to data"
    assert stuck[0] < 0.75


def test_groups_and_resamples_of_tasks() -> None:
    assert groups(np.array([5, 5, -1, 2, -1])).tolist() == [0, 0, 1, 2, 3]
    family = np.array([0, 0, 0, 1, 1, -1, -1, -1])
    rng = np.random.default_rng(0)
    for levels in ("family", "family-task", "family-task-run", "task-run"):
        times = resample_tasks(family, 4_000, rng, levels)  # type: ignore[arg-type]
        assert times.mean(axis=0) == pytest.approx(np.ones(8), abs=0.08), levels
        if levels == "family":
            assert (times[:, 0] == times[:, 1]).all()
        if levels.startswith("family-task"):
            whole = times[:, :3].sum(axis=1)
            assert set(np.unique(whole % 3)) == {0.0}, "a drawn family brings as many tasks as it has"
            # Copies of a family: binomial(5, 1/5); within them tasks: multinomial. Variances add by hand.
            assert whole.var() == pytest.approx(9 * 5 * 0.2 * 0.8, rel=0.1)
            assert times[:, 0].var() == pytest.approx(0.8 + 3 * (1 / 3) * (2 / 3), rel=0.1)


def test_draws_are_spread_about_the_fit_and_the_fit_stays() -> None:
    world = simulate_horizons(np.array([4.0]), seed=1)
    fits = fit_horizons(world.counts, draws=50)
    raw = fits.intercept / -fits.slope  # log2 horizon at even odds, before it is spread
    assert fits.log2_horizon(0.5)[0] == raw[0]
    spread = (fits.log2_horizon(0.5)[1:] - raw[0]) / (raw[1:] - raw[0])
    assert fits.spread is not None
    wider = fits.spread.wider(fits.intercept[0], fits.slope[0], 0.5)
    assert spread == pytest.approx(np.full((50, 1), wider[0]))
    assert 1.0 < wider[0] < 1.3
    for how in ({"levels": "task-run"}, {"normalised": True, "penalty": 0.1}):
        assert fit_horizons(world.counts, draws=2, **how).spread is None  # type: ignore[arg-type]


def test_whole_families_are_drawn_unless_they_are_few() -> None:
    assert usual_levels(np.arange(10)) == usual_levels(np.full(10, -1)) == "family"
    assert usual_levels(np.arange(40) % 9) == "family-task"
    world = simulate_horizons(np.array([4.0]), seed=1)
    usual, whole = (fit_horizons(world.counts, draws=20, levels=levels) for levels in (None, "family"))
    assert (usual.slope == whole.slope).all()
    counts = world.counts
    one = Counts(counts.log2_minutes, np.zeros(len(counts.family), dtype=np.intp), counts.successes, counts.trials)
    assert fit_horizons(one, draws=20).log2_horizon(0.5).std() > 0, "one family: its tasks are drawn"


def test_all_models_share_the_resample_of_tasks() -> None:
    world = simulate_horizons(np.array([5.0, 5.0]), seed=1, runs=60)
    log2 = fit_horizons(world.counts, draws=300).log2_horizon(0.5)[1:]
    assert np.corrcoef(log2.T)[0, 1] > 0.9, "equal models on equal tasks move together"


def test_minutes_times_a_constant_shift_every_draw() -> None:
    world = simulate_horizons(np.array([3.0, 6.0]), seed=2)
    usual = fit_horizons(world.counts, draws=50, seed=3)
    scaled = Counts(
        world.counts.log2_minutes + 2.5, *(getattr(world.counts, n) for n in ("family", "successes", "trials"))
    )
    moved = fit_horizons(scaled, draws=50, seed=3)
    assert moved.log2_horizon(0.8) == pytest.approx(usual.log2_horizon(0.8) + 2.5, abs=1e-7)


@pytest.mark.parametrize("curve", ["probit", "begins faster", "logistic"])
def test_curves_are_those_of_statsmodels(curve: str) -> None:
    world = simulate_horizons(np.array([2.0, 6.0]), seed=4)
    counts = world.counts
    link = {"probit": sm.families.links.Probit(), "begins faster": sm.families.links.CLogLog(),
            "logistic": sm.families.links.Logit()}[curve]  # fmt: skip
    fit = fit_curve(counts, np.ones_like(counts.trials), curve)
    for model in range(2):
        told = np.stack([counts.successes[model], (counts.trials - counts.successes)[model]], axis=1)
        design = sm.add_constant(counts.log2_minutes)
        theirs = sm.GLM(told, design, family=sm.families.Binomial(link)).fit(tol=1e-12, maxiter=200)
        assert (fit.intercept[model], fit.slope[model]) == pytest.approx(theirs.params, rel=1e-5)
        mu = theirs.mu
        loss = -(told[:, 0] * np.log(mu) + told[:, 1] * np.log1p(-mu)).sum() / told.sum()
        assert fit.log_loss[model] == pytest.approx(loss, rel=1e-8)


def test_a_ceiling_and_a_turned_curve_are_found_again() -> None:
    counts = plain()
    capped = Counts(counts.log2_minutes, counts.family, counts.successes * 0.9, counts.trials)
    fit = fit_curve(capped, np.ones_like(counts.trials), "with ceiling")
    assert fit.high[0] == 0.9
    assert fit.where(0.45)[0] == pytest.approx(4.0, abs=1e-6)
    assert np.isnan(fit.where(0.95)[0]), "a curve that never gets there has no such length"
    turned = Counts(-counts.log2_minutes, counts.family, counts.trials - counts.successes, counts.trials)
    one, other = (
        fit_curve(c, np.ones_like(counts.trials), n) for c, n in ((counts, "ends faster"), (turned, "begins faster"))
    )
    assert one.where(0.7)[0] == pytest.approx(-other.where(0.3)[0], abs=1e-5), "the one is the other upside down"
    with pytest.raises(ValueError, match="no curve"):
        fit_curve(counts, np.ones_like(counts.trials), "spline")
    assert len(CURVES) == 6


def test_typical_and_marginal_success_are_told_apart() -> None:
    """Tasks of one length that differ: the truth is known, and so is how far the two meanings lie apart."""
    world = simulate_horizons(
        np.array([5.0]), seed=6, families=600, in_families=600, short=600, long=80, runs=12, discrimination=1.0,
        family_scatter=0.0, task_scatter=2.0,
    )  # fmt: skip
    fit = fit_task_scatter(world.counts)
    assert fit.scatter[0] == pytest.approx(2.0, rel=0.08)
    assert fit.typical(0.8)[0] == pytest.approx(5.0 - np.log(4), abs=0.2)
    assert fit.marginal(0.8)[0] == pytest.approx(5.0 - marginal_gap(0.8, 1.0, 2.0), abs=0.25)
    assert fit.typical(0.8)[0] - fit.marginal(0.8)[0] > 0.7
    once = Counts(
        world.counts.log2_minutes,
        world.counts.family,
        np.minimum(world.counts.successes, 1),
        np.ones_like(world.counts.trials),
    )
    assert np.isnan(fit_task_scatter(once).scatter[0]), "one attempt a task cannot tell difficulty from chance"


def test_task_scatter_is_integrated_finely_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tasks differ by far more than a few attempts tell, Gauss's own places are too few: the mutant is off."""
    world = simulate_horizons(np.array([4.0]), seed=8, runs=10, discrimination=1.5, task_scatter=3.0)
    usual = fit_task_scatter(world.counts)
    monkeypatch.setattr(horizon_curves, "NODES", 601)
    fine = fit_task_scatter(world.counts)
    assert usual.typical(0.8)[0] == pytest.approx(fine.typical(0.8)[0], abs=1e-3)
    assert usual.marginal(0.8)[0] == pytest.approx(fine.marginal(0.8)[0], abs=1e-3)

    def gauss() -> tuple[Floats, Floats]:
        nodes, weight = np.polynomial.hermite_e.hermegauss(21)
        return nodes, weight / weight.sum()

    monkeypatch.setattr(horizon_curves, "_quadrature", gauss)
    coarse = fit_task_scatter(world.counts)
    assert abs(coarse.typical(0.8)[0] - fine.typical(0.8)[0]) > 0.05


def test_errors_in_lengths_are_corrected() -> None:
    """Averages over worlds: the horizon from noisy lengths is off, the corrected one is nearer to the truth."""
    naive, corrected, truth = [], [], 1.0
    for seed in range(12):
        world = simulate_horizons(np.array([truth]), seed=seed, task_scatter=0.0, family_scatter=0.0, length_error=1.5)
        value = fit_horizons(world.counts, draws=0).log2_horizon(0.8)[0, 0]
        naive.append(value)
        corrected.append(value + length_shift(world.counts, 1.5, 0.8, repeats=16, seed=seed)[0])
    wanted = truth - np.log(4) / 0.8
    assert abs(np.mean(naive) - wanted) > 2 * abs(np.mean(corrected) - wanted)
    assert (length_shift(plain(), 0.0, 0.5) == 0).all()


def test_shares_give_back_the_curve_they_come_from() -> None:
    x = [np.linspace(-3, 2, 200), np.linspace(1, 7, 150), np.linspace(6, 11, 20)]
    chance, n = 0.25, np.array([200.0, 150.0, 20.0])
    share = np.array([[chance + 0.75 * np.mean(1 / (1 + np.exp(-0.7 * (h - one)))) for one in x] for h in (2.0, 5.0)])
    fits = fit_shares(x, share, n, chance, draws=100)
    assert fits.log2_horizon[0] == pytest.approx([2.0, 5.0], abs=0.01)  # many lengths are averaged over equal parts
    assert fits.discrimination[0] == pytest.approx([0.7, 0.7], abs=0.01)
    assert fits.fitted.all()
    assert (fits.log2_horizon[1:].std(axis=0) > 0.05).all()
    one = fit_shares(x[:1], share[:, :1], n[:1], chance, assumed=0.7, draws=0)
    assert one.log2_horizon[0] == pytest.approx([2.0, 5.0], abs=0.01)
    assert not one.fitted.any()
    ends = fit_shares(x[:1], np.array([[0.2], [1.0]]), n[:1], chance, draws=0)
    assert ends.log2_horizon[0].tolist() == [-np.inf, np.inf], "no better than guessing, and everything solved"
