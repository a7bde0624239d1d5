"""A bootstrap of time horizons: all resamples in one batch against scikit-learn one by one, on the same resamples.

    python benchmarks/horizon_bootstrap.py [RESAMPLES]

The suite is METR's runs of January 2025 where the public data are at hand (ASCENT_DATA, else ../shared/data), otherwise
a made-up one of that shape. scikit-learn fits each resample from its attempts, one row each, as METR's published code
does, and once more from one weighted row per task and outcome, its cheapest form. It fits a share of the resamples,
of which its whole time is made up, at its default tolerance. Ours counts the drawing of resamples too. Agreement is
that of all horizons compared, for which scikit-learn runs once more to a tight tolerance.
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np  # noqa: E402  # after the number of threads
from sklearn.linear_model import LogisticRegression  # noqa: E402

from ascent.core.draws import Floats  # noqa: E402
from ascent.measure.horizon_counts import Counts  # noqa: E402
from ascent.model.horizon import fit_horizons, resample_tasks, usual_levels, weights  # noqa: E402
from ascent.model.horizon_world import simulate_horizons  # noqa: E402

DATA = Path(os.environ.get("ASCENT_DATA", Path(__file__).parents[2] / "shared" / "data"))
THEIRS = 20  # resamples of each model that scikit-learn fits


def suite() -> tuple[str, Counts]:
    """METR's runs, or a made-up suite of ten models and 83 tasks tried ten times each."""
    files = [DATA / "horizon" / "metr" / name for name in ("runs_2025-01.parquet", "release_dates.yaml")]
    if not all(file.exists() for file in files):
        like = {"short": 20, "families": 36, "in_families": 60, "long": 3, "runs": 10}
        return "a made-up suite", simulate_horizons(np.linspace(0, 7, 10), seed=1, **like).counts
    from ascent.evidence.opening import open_evidence
    from ascent.measure.horizon import suite as measured

    found = measured(open_evidence(files))
    assert found is not None  # the file holds attempts
    some = [model for model, tried in enumerate(found.counts.successes.sum(axis=1)) if tried > 0]
    counts = found.counts
    return "METR's runs of January 2025", Counts(
        counts.log2_minutes, counts.family, counts.successes[some], counts.trials[some]
    )


def one_by_one(x: Floats, s: Floats, n: Floats, weight: Floats, *, rows: bool, tol: float) -> tuple[float, float]:
    """Horizon by scikit-learn and its CPU seconds; `rows` gives it each attempt as a row, as published code does."""
    start = time.process_time()
    if rows:
        counts = np.stack([s, n - s], axis=1).astype(int)
        places = np.repeat(np.repeat(x, 2), counts.ravel())
        outcome = np.repeat(np.tile([1, 0], len(x)), counts.ravel())
        each = np.repeat(np.repeat(weight, 2), counts.ravel())
    else:
        places, outcome = np.repeat(x, 2), np.tile([1, 0], len(x))
        each = np.stack([weight * s, weight * (n - s)], axis=1).ravel()
    fit = LogisticRegression(C=1e9, tol=tol, max_iter=10_000).fit(places[:, None], outcome, sample_weight=each)
    return -float(fit.intercept_[0] / fit.coef_[0, 0]), time.process_time() - start


def main(resamples: int) -> None:
    name, counts = suite()
    models, items = counts.trials.shape
    print(f"{name}: {models} models, {items} tasks, {int(counts.trials.sum()):,} attempts; {resamples:,} resamples")
    fit_horizons(counts, draws=2)  # warm
    start = time.process_time()
    ours = fit_horizons(counts, draws=resamples, seed=0)
    told = ours.log2_horizon(0.5)
    seconds = time.process_time() - start
    log2 = replace(ours, spread=None).log2_horizon(0.5)[1:]  # as resampled, before they are spread about the fit
    assert np.isfinite(told[0]).any()
    times = resample_tasks(counts.family, resamples, np.random.default_rng((0, 0)), usual_levels(counts.family))
    each = weights(counts, "equal")
    spent, apart = {True: 0.0, False: 0.0}, []
    for model in range(models):
        tried = counts.trials[model] > 0
        # Scaled so that scikit-learn's own, small penalty is the same share of every fit.
        weight = each[model, tried] * (counts.trials[model].sum() / tried.sum())
        for draw in range(min(THEIRS, resamples)):
            s, n = times[draw, tried] * counts.successes[model, tried], times[draw, tried] * counts.trials[model, tried]
            if not 0 < s.sum() < n.sum():
                continue
            for rows in (True, False):
                spent[rows] += one_by_one(counts.log2_minutes[tried], s, n, weight, rows=rows, tol=1e-4)[1]
            if np.isfinite(log2[draw, model]) and ours.slope[draw + 1, model] < -0.02:  # flatter ones are no horizons
                horizon, _ = one_by_one(counts.log2_minutes[tried], s, n, weight, rows=False, tol=1e-10)
                apart.append(abs(horizon - log2[draw, model]))
    print(f"ours                                {seconds:9.2f} s CPU")
    for rows, how in ((True, "attempts as rows"), (False, "weighted counts")):
        whole = spent[rows] * resamples / min(THEIRS, resamples)
        print(f"scikit-learn, {how:22}{whole:9.1f} s CPU: {whole / seconds:,.0f} times")
    print(f"largest difference of {len(apart)} horizons   {max(apart):9.5f} doublings")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
