"""How honest the growth of the frontier is: coverage, false alarms, power and break dates over simulated worlds.

Run as a script (`python tests/calibration/growth_study.py [WORLDS]`) it prints the long form's tables; the tests use
the same functions with fewer worlds. Worlds have 160 models released ever more densely from 2023 to 2026.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.measure.frontier import frontier_at, winners_curse
from ascent.model.breaks import fit_breaks
from ascent.model.forms import fit_forms, scan
from ascent.model.frontier_world import World, simulate_frontier
from ascent.model.growth import Choice, choose
from ascent.model.trend import error_covariance, fit_trend, scatter_grid

RELEASED = np.round(np.sort(2023.15 + 3.15 * np.random.default_rng(7).beta(1.8, 1.2, 160)) * 365) / 365
GROWTH = 15.0

# The first is the default world; together they are the mix that the promises are about.
STRAIGHT: dict[str, dict[str, Any]] = {
    "usual": {},
    "little luck": {"luck": 0.8, "memory": 0.3},
    "much luck, long memory": {"luck": 1.8, "memory": 0.5},
    "no luck, noisy scores": {"luck": 0.0, "error": 2.0},
    "precise scores": {"error": 0.5, "shared": 0.0},
    "very noisy scores": {"error": 3.0, "shared": 1.5},
}
BROKEN: dict[str, dict[str, Any]] = {
    "8 to 16 from 2025-01": {"growth": 8.0, "change": 8.0, "break_at": 2025.0},
    "8 to 24 from 2025-01": {"growth": 8.0, "change": 16.0, "break_at": 2025.0},
    "8 to 32 from 2025-01": {"growth": 8.0, "change": 24.0, "break_at": 2025.0},
    "20 to 10 from 2025-01": {"growth": 20.0, "change": -10.0, "break_at": 2025.0},
}


def series_of(world: World, basis: str = "records") -> tuple[Floats, Floats, Floats | None]:
    """Years, values and error covariance of the models that a trend goes through."""
    chosen = choose(world.released, world.capability, Choice(basis=basis))
    mine = world.capability[:, chosen]
    return world.released[chosen], mine[0], error_covariance(mine)


@cache
def expected_growth(basis: str) -> float:
    """Growth of the models that count, mean over worlds without luck or error.

    Releases grow denser, so the best of them creep up on the limit that rises by GROWTH: the frontier of what is
    released truly rises a little faster, and that is what is to be found.
    """
    slopes = []
    for seed in range(300):
        world = simulate_frontier(RELEASED, seed=seed, growth=GROWTH, luck=0.0, error=0.0, shared=0.0, draws=0)
        years, values, _ = series_of(world, basis)
        slopes.append(float(np.polyfit(years - 2025, values, 1)[0]))
    return float(np.mean(slopes))


def covers(draws: Floats, truth: float, width: float = 1.0) -> bool:
    """Whether an interval holds the truth; `width` scales its arms (the mutant's is 0.8 or less)."""
    low, mid, high = (float(part) for part in interval(draws))
    return mid - width * (mid - low) <= truth <= mid + width * (high - mid)


@dataclass
class Tally:
    """Counts over worlds of one kind."""

    worlds: int = 0
    held: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    widths: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)


def straight_world(tally: Tally, seed: int, *, simulations: int = 199, basis: str = "records", **how: Any) -> None:
    """One world without a break: does the interval of growth hold the truth, is a break announced?"""
    world = simulate_frontier(RELEASED, seed=seed, growth=GROWTH, **how)
    years, values, measured = series_of(world, basis)
    growth = fit_trend(years, values, measured, draws=400, seed=seed).growth
    truth = expected_growth(basis)
    tally.worlds += 1
    for name, width in (("honest", 1.0), ("x 0.8", 0.8), ("x 0.6", 0.6)):
        tally.held[name] += covers(growth, truth, width)
    tally.widths.append(float(np.ptp(interval(growth))))
    tally.errors.append(float(growth[0]) - truth)
    if simulations:
        forms = fit_forms(years, values, measured, simulations=simulations, seed=seed)
        tally.alarms["break"] += forms.p["break"] <= 0.05
        tally.alarms["any bend"] += forms.p_bend < 0.05
        tally.alarms["textbook"] += forms.ratio["break"] > 5.99  # chi-square, two degrees: slope and date


def broken_world(tally: Tally, seed: int, *, simulations: int = 199, **how: Any) -> None:
    """One world with a break: is it announced, does the set of dates hold it, do the paces hold theirs?"""
    world = simulate_frontier(RELEASED, seed=seed, **how)
    years, values, measured = series_of(world)
    found = scan(years, scatter_grid(years, values, measured))
    forms = fit_forms(years, values, measured, simulations=simulations, seed=seed, scanned=found)
    breaks = fit_breaks(values, found, simulations=simulations, draws=200, seed=seed)
    tally.worlds += 1
    tally.alarms["break"] += forms.p["break"] <= 0.05
    tally.kinds[forms.kind] += 1
    first, best, last = breaks.dates()
    middle = (first + last) / 2
    half = (last - first) / 2
    for name, width in (("date", 1.0), ("date x 0.3", 0.3)):
        tally.held[name] += abs(middle - how["break_at"]) <= width * half + 1 / 24
    tally.widths.append(last - first)
    tally.errors.append(best - how["break_at"])


def frontier_world(tally: Tally, seed: int, **how: Any) -> None:
    """One world: how far the best estimate lies above the best model, before and after correction."""
    world = simulate_frontier(RELEASED, seed=seed, **how)
    today = RELEASED[-1:]
    truth = float(frontier_at(RELEASED, world.truth[None], today)[0, 0])
    estimate = float(frontier_at(RELEASED, world.capability[:1], today)[0, 0])
    tally.worlds += 1
    tally.errors.append(estimate - truth)
    tally.widths.append(estimate - float(winners_curse(RELEASED, world.capability, today)[0]) - truth)


def main(worlds: int) -> None:
    """Print the long form."""
    print(f"{worlds} worlds of each kind; nominal 90 % intervals, alarms at 5 %\n")
    print(f"{'straight worlds, growth of records':36}{'covered':>9}{'x 0.8':>8}{'width':>7}{'bias':>7}"
          f"{'break':>8}{'bend':>7}{'textbook':>10}")  # fmt: skip
    whole = Tally()
    for name, how in STRAIGHT.items():
        tally = Tally()
        for seed in range(worlds):
            straight_world(tally, seed, **how)
        _straight_line(name, tally)
        whole.worlds += tally.worlds
        whole.held += tally.held
        whole.alarms += tally.alarms
        whole.widths += tally.widths
        whole.errors += tally.errors
    _straight_line("all together", whole)
    for basis in ("top", "all"):
        tally = Tally()
        for seed in range(max(20, worlds // (4 if basis == "top" else 20))):
            straight_world(tally, seed, simulations=0, basis=basis)
        _straight_line(f"usual, basis {basis} ({tally.worlds})", tally)
    print(f"\n{'broken worlds':36}{'found':>9}{'dates':>8}{'years':>7}{'error':>7}  said to be")
    for name, how in BROKEN.items():
        tally = Tally()
        for seed in range(worlds):
            broken_world(tally, seed, **how)
        kinds = ", ".join(f"{kind} {count / worlds:.0%}" for kind, count in tally.kinds.most_common())
        print(f"{name:36}{tally.alarms['break'] / worlds:9.1%}{tally.held['date'] / worlds:8.1%}"
              f"{np.mean(tally.widths):7.2f}{np.mean(tally.errors):+7.2f}  {kinds}")  # fmt: skip
    tally = Tally()
    for seed in range(worlds):
        frontier_world(tally, seed, error=2.0)
    print(
        f"\nbest model today: overstated by {np.mean(tally.errors):+.2f} points, corrected {np.mean(tally.widths):+.2f}"
    )


def _straight_line(name: str, tally: Tally) -> None:
    n = tally.worlds
    alarms = "".join(
        f"{tally.alarms[kind] / n:{width}.1%}" for kind, width in (("break", 8), ("any bend", 7), ("textbook", 10))
    )
    held = f"{name:36}{tally.held['honest'] / n:9.1%}{tally.held['x 0.8'] / n:8.1%}"
    sizes = f"{np.mean(tally.widths):7.2f}{np.mean(tally.errors):+7.2f}"
    print(held + sizes + (alarms if tally.alarms else ""), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
