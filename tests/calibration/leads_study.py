"""How often independent gains look linked, and how often a clear lead is told as it is: tables for the method page.

python tests/calibration/leads_study.py          about two minutes
"""

import numpy as np

from ascent.measure.checkpoints import Curve, binomial_error
from ascent.model.gain_correlation import beyond_trend, correlate, gains_of
from ascent.model.lead_chance import beyond_chance
from ascent.model.lead_lines import with_halves
from ascent.model.leads import MIDPOINTS, Leads, Line, compare_lines, share_with_interval
from ascent.model.training_curves import smooth_curves


def sides(
    runs: int, benchmarks: int, shared: float, shape: str, worlds: int, seed: int
) -> dict[str, tuple[float, float]]:
    """Shares of pairs whose interval lies above and below 0, of gains as they are and beyond the trend.

    shape  of the steps: normal, heavy (t with 3 degrees of freedom), or bursts (only one run in four moves much)
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[tuple[float, float]]] = {"raw": [], "beyond the trend": []}
    x = np.linspace(20.0, 25.0, 40)

    def steps(run: int) -> np.ndarray:
        drawn = rng.standard_normal(40) if shape != "heavy" else rng.standard_t(3, 40) / np.sqrt(3)
        return drawn * (3.0 if shape == "bursts" and run % 4 == 0 else 1.0)

    for _ in range(worlds):
        curves = []
        for run in range(runs):
            common = steps(run)
            for b in range(benchmarks):
                walk = 0.03 * (np.sqrt(shared) * common + np.sqrt(1 - shared) * steps(run))
                curves.append((run, b, x, np.cumsum(walk) + 0.01 * rng.standard_normal(40), np.full(40, 0.01)))
        gains = gains_of(curves, benchmarks)
        for words, told in (
            ("raw", correlate(gains)),
            ("beyond the trend", correlate(beyond_trend(curves, benchmarks))),
        ):
            found[words].append((np.mean(told.side == "above"), np.mean(told.side == "below")))
    return {
        words: (float(np.mean(rates, axis=0)[0]), float(np.mean(rates, axis=0)[1])) for words, rates in found.items()
    }


def training(rng: np.random.Generator, runs: int, spread: float) -> tuple[np.ndarray, list[Curve], np.ndarray]:
    """S-shaped training of several runs, each with its own end, start and wandering: truth on a grid, scored curves."""
    grid = np.linspace(19.0, 22.0, 121)
    truth = []
    for _ in range(runs):
        walk = np.cumsum(rng.normal(0.0, spread / 11, 121))
        rise = (0.45 + 0.05 * rng.standard_normal()) / (
            1 + np.exp(-(grid - 20.7 - 0.15 * rng.standard_normal()) / 0.35)
        )
        truth.append(np.clip(0.25 + rise + walk - walk[0], 0.02, 0.98))
    made = np.array(truth)
    at = np.arange(0, 121, 4)
    curves = []
    for run in range(runs):
        score = rng.binomial(1000, made[run, at]) / 1000
        curves.append(
            Curve(f"{run}", "B", "accuracy", "", "", grid[at], score, binomial_error(score, np.full(len(at), 1000.0)),
                  ("",) * len(at), True, False, 0.25, 1000.0)
        )  # fmt: skip
    return made, curves, grid


def lasting(worlds: int, runs: int, spread: float, seed: int) -> dict[str, tuple[float, float, float]]:
    """By midpoint the true share of clear leaders ahead at the end, the mean told, and how often the interval holds."""
    rng = np.random.default_rng(seed)
    told: dict[str, list[tuple[float, float, float, float]]] = {half: [] for half in MIDPOINTS}
    for _ in range(worlds):
        made, curves, grid = training(rng, runs, spread)
        lines = [Line(i, 0, grid[0], grid[-1], smooth.at) for i, smooth in enumerate(smooth_curves(curves))]
        lines = with_halves(lines, curves)
        for half in MIDPOINTS:
            leads: Leads = compare_lines(lines, midpoint=half)
            clear = leads.clear
            if clear.sum() < 3:
                continue
            ahead = (made[leads.first, -1] > made[leads.second, -1]) == (leads.lead_middle > 0)
            ends = share_with_interval(leads.persists[clear], leads.first[clear], leads.second[clear])
            told[half].append((float(ahead[clear].mean()), *ends))
    found = {}
    for half, rows in told.items():
        truth, low, mid, high = np.array(rows).T
        whole = truth.mean()
        found[half] = float(whole), float(np.nanmean(mid)), float(np.mean((low <= whole) & (high >= whole)))
    return found


def equals(
    worlds: int,
    seed: int,
    *,
    runs: int = 6,
    benchmarks: int = 10,
    checkpoints: int = 18,
    items: int = 500,
    shared: bool = False,
) -> dict[str, tuple[float, float, float]]:
    """Runs that are all alike, by midpoint: mean of the share of clear leaders ahead at the end, of the worlds in which
    the interval of that share is above even odds, and in which leads are called more than chance.

    shared  whether midpoint and end are read from one smooth curve, which shares their errors: the mutant
    """  # fmt: skip
    rng = np.random.default_rng(seed)
    grid = np.linspace(20.5, 24.0, checkpoints)
    truth = 0.25 + 0.6 / (1 + np.exp(-1.3 * (grid - 22)))
    told: dict[str, list[tuple[float, float, float]]] = {half: [] for half in MIDPOINTS}
    for _ in range(worlds):
        curves = []
        for name in range(runs * benchmarks):
            score = rng.binomial(items, truth) / items
            curves.append(
                Curve(f"{name // benchmarks}", f"{name % benchmarks}", "accuracy", "", "", grid, score,
                      binomial_error(score, np.full(checkpoints, float(items))), ("",) * checkpoints, True, False, 0.25,
                      float(items))
            )  # fmt: skip
        lines = [
            Line(int(curve.training_run), int(curve.benchmark), grid[0], grid[-1], smooth.at)
            for curve, smooth in zip(curves, smooth_curves(curves), strict=True)
        ]
        for half in MIDPOINTS:
            leads = compare_lines(lines if shared else with_halves(lines, curves), midpoint=half)
            clear = leads.clear
            low, mid, _ = share_with_interval(leads.persists[clear], leads.first[clear], leads.second[clear])
            told[half].append((mid, float(low > 0.5), float(beyond_chance(leads, benchmarks).more[0])))
    return {half: tuple(np.nanmean(np.array(rows), axis=0).tolist()) for half, rows in told.items()}


if __name__ == "__main__":
    for shared in (False, True):
        print("equal runs, one curve" * shared, equals(40, 3, shared=shared))
    for runs in (2, 10, 14, 30):
        for shape in ("normal", "heavy", "bursts"):
            print(
                runs,
                shape,
                {k: np.round(100 * np.array(v), 1).tolist() for k, v in sides(runs, 8, 0.0, shape, 40, runs).items()},
            )
    for spread in (0.02, 0.06):
        print(spread, {k: np.round(v, 3).tolist() for k, v in lasting(60, 10, spread, 1).items()})
