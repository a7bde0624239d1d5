"""How honest the decline of the cheapest price is, and how the published fit does, over simulated markets.

Run as a script (`python tests/calibration/price_study.py [WORLDS]`) it prints the long form's table; the tests use the
same functions with fewer worlds.
"""

import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ascent.core.draws import interval
from ascent.model.price_decline import fit_decline, published_decline
from ascent.model.price_world import simulate_market

KINDS: dict[str, dict[str, Any]] = {
    "usual": {},
    "many models": {"models": 80},
    "few models": {"models": 15},
    "slow decline": {"decline": 0.5},
    "fast decline": {"decline": 2.0},
    "short": {"years": 1.3},
    "prices far apart": {"distance": 1.0},
    "noisy scores": {"error": 4.0},
    "dear first model": {"premium": 0.6},
}


@dataclass
class Tally:
    """Counts over worlds of one kind; a world whose price has fewer than three record lows has no trend."""

    held: list[bool] = field(default_factory=list)
    narrower: list[bool] = field(default_factory=list)  # the mutant's interval, four fifths as wide
    errors: list[float] = field(default_factory=list)  # log10 a year, positive where the fall is overstated
    published: list[bool] = field(default_factory=list)
    published_errors: list[float] = field(default_factory=list)


def world(tally: Tally, seed: int, **how: Any) -> None:
    """One market: do the intervals hold the true decline?"""
    market = simulate_market(seed=seed, **how)
    truth = how.get("decline", 1.0)
    fit = fit_decline(market.prices, market.score >= 50, market.until, draws=200, seed=seed)
    low, mid, high = (float(part) for part in interval(-fit.slope))
    if not np.isfinite(mid):
        return
    tally.held.append(low <= truth <= high)
    tally.narrower.append(mid - 0.8 * (mid - low) <= truth <= mid + 0.8 * (high - mid))
    tally.errors.append(mid - truth)
    records = fit.records
    low, mid, high = np.log10(published_decline(market.prices.day[records], market.prices.usd[records]))
    tally.published.append(low <= truth <= high)
    tally.published_errors.append(mid - truth)


def main(worlds: int) -> None:
    """Print the long form."""
    print(f"{worlds} markets of each kind; nominal 90 % intervals\n")
    print(f"{'':20}{'held':>8}{'x 0.8':>8}{'bias':>7}{'published':>11}{'bias':>7}")
    whole = Tally()
    for name, how in KINDS.items():
        tally = Tally()
        for seed in range(worlds):
            world(tally, seed, **how)
        _line(name, tally)
        for part in ("held", "narrower", "errors", "published", "published_errors"):
            getattr(whole, part).extend(getattr(tally, part))
    _line("all together", whole)


def _line(name: str, tally: Tally) -> None:
    print(f"{name:20}{np.mean(tally.held):8.1%}{np.mean(tally.narrower):8.1%}{np.mean(tally.errors):+7.2f}"
          f"{np.mean(tally.published):11.1%}{np.mean(tally.published_errors):+7.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
