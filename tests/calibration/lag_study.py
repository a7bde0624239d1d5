"""How honest the lag between two groups is: coverage, bias and false news over simulated worlds.

Run as a script (`python tests/calibration/lag_study.py [WORLDS]`) it prints the long form's table; the tests use the
same functions with fewer worlds. Worlds have 80 models of the group ahead and 60 of the one behind, released ever more
densely from 2023 to 2026, and their kinds differ in lag, in how noisy scores are, and in which group has more models.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats, interval
from ascent.evidence.opening import open_evidence
from ascent.measure.groups import facts_of, group
from ascent.measure.score_matrix import score_matrix
from ascent.model.index import ANCHORS, IndexFit, fit_index
from ascent.model.index_matrix import place
from ascent.model.index_world import World, simulate_scores, world_like
from ascent.model.lag import ages, frontiers, levels, mean_gap, mean_lag
from ascent.model.lag_world import Pair, simulate_pair
from ascent.model.trend import error_covariance, fit_trend

SINCE = 2023.5
KINDS: dict[str, dict[str, Any]] = {
    "usual": {},
    "copies": {"copies": True},
    "long lag": {"lag": 12.0},
    "more models behind": {"behind": 160, "ahead": 40},
    "few models behind": {"behind": 25, "ahead": 120},
    "precise scores": {"error": 0.5, "shared": 0.2},
    "noisy scores": {"error": 3.0, "shared": 1.5},
    "noisy copies": {"error": 3.0, "copies": True},
    "noisy, more behind": {"error": 3.0, "behind": 160, "ahead": 40},
    "noisy, few behind": {"error": 3.0, "behind": 30, "ahead": 150},
}
NAMES = ("lag", "gap")


def figures(world: Pair, capability: Floats, *, corrected: bool = True, since: float = SINCE) -> tuple[Floats, Floats]:
    """Mean lag in months and mean gap in points, each (draw,)."""
    known = frontiers(world.released, capability, world.behind, world.ahead, corrected=corrected)
    return mean_lag(levels(known, since))[0], mean_gap(known, since)


@dataclass
class Tally:
    """Counts over worlds."""

    worlds: int = 0
    held: Counter[str] = field(default_factory=Counter)
    errors: dict[str, list[float]] = field(default_factory=dict)
    widths: dict[str, list[float]] = field(default_factory=dict)

    def take(self, name: str, draws: Floats, truth: float) -> None:
        low, mid, high = (float(part) for part in interval(draws))
        for width in (1.0, 0.8, 0.6):
            inside = mid - width * (mid - low) <= truth <= mid + width * (high - mid)
            self.held[f"{name} x {width}"] += inside
        self.errors.setdefault(name, []).append(mid - truth)
        self.widths.setdefault(name, []).append(high - low)

    def share(self, name: str) -> float:
        return self.held[name] / self.worlds

    def bias(self, name: str) -> float:
        return float(np.nanmean(self.errors[name]))  # without worlds in which no level was matched


def world(tally: Tally, seed: int, **how: Any) -> None:
    """One world: do the intervals hold the true lag and gap, and how far off are the estimates?"""
    pair = simulate_pair(seed=seed, **how)
    truth = [float(part[0]) for part in figures(pair, pair.truth[None])]
    tally.worlds += 1
    for corrected, mark in ((True, ""), (False, ", as seen")):
        for name, draws, value in zip(NAMES, figures(pair, pair.capability, corrected=corrected), truth, strict=True):
            tally.take(name + mark, draws, value)


def news(seed: int, **how: Any) -> tuple[float, float, float]:
    """Change of the age in one world that is known from 2021 on, months a year: low, mid, high."""
    pair = simulate_pair(seed=seed, first=2021.0, ahead=130, behind=100, **how)
    known = frontiers(pair.released, pair.capability, pair.behind, pair.ahead)
    months = np.arange(np.ceil(SINCE * 12), np.floor(known.until * 12) + 1) / 12
    age = ages(known, months)
    months, age = months[np.isfinite(age[0])], age[:, np.isfinite(age[0])]  # from when on both groups have models
    trend = fit_trend(months, age[0], error_covariance(age), draws=300, seed=seed)
    low, mid, high = (float(part) for part in interval(trend.growth))
    return low, mid, high


PAIRS = (("open", "closed"), ("China", "US"), ("organization=Anthropic", "organization=OpenAI"))


def drawn_in(fit: IndexFit, released: Floats, made: World) -> World:
    """A world whose models scatter about their trend as far as the real ones do without the errors of their estimates.

    Estimates taken for the truth scatter too far: who leads then leads too clearly, and errors come twice.
    """
    spread = fit.draws[1:].std(axis=0)
    time = np.vander(released - released.mean(), 3)
    trend = time @ np.linalg.lstsq(time, fit.draws[0], rcond=None)[0]
    free = max(float(np.mean((fit.draws[0] - trend) ** 2) - np.mean(spread**2)), 4.0)
    truth = trend + np.sqrt(free / (free + spread**2)) * (fit.draws[0] - trend)
    anchors = [made.low_anchor, made.high_anchor]
    truth[anchors] = made.truth[anchors]
    geometry, scores = fit.geometry, made.scores
    low, high = geometry.capability[anchors]
    capability = low + (truth - ANCHORS[0]) / (ANCHORS[1] - ANCHORS[0]) * (high - low)
    z = geometry.discrimination[scores.benchmark] * (capability[scores.model] - geometry.difficulty[scores.benchmark])
    return replace(made, truth=truth, z=z, share=1 / (1 + np.exp(-z)))


def refitted(worlds: int, since: float = SINCE, *, honest: bool = False) -> Tally:
    """Worlds with the real pattern of missing scores: scores simulated, the index fitted anew, groups compared.

    honest  the truth is drawn in (see `drawn_in`) rather than the estimates themselves
    """
    placed = place(score_matrix(open_evidence([Path("snapshot")])), draws=300)
    tally = Tally()
    members = []
    for pair in PAIRS:
        groups = [group(text, "--behind") for text in pair]
        facts = facts_of(open_evidence([Path("snapshot")]), placed.models, groups)
        released = np.array([decimal_year(str(known["released"])) for known in facts])
        members.append((released, *(one.members(facts)[0] for one in groups)))
    for seed in range(worlds):
        made = world_like(placed.fit, kind="share" if seed % 2 else "logit")
        if honest:
            made = drawn_in(placed.fit, members[0][0], made)
        fit = fit_index(simulate_scores(made, seed), made.low_anchor, made.high_anchor, draws=300, seed=seed)
        for released, behind, ahead in members:
            pair_ = Pair(released, made.truth, fit.draws, behind, ahead)
            tally.worlds += 1
            both = (figures(pair_, pair_.capability, since=since), figures(pair_, pair_.truth[None], since=since))
            for name, draws, truth in zip(NAMES, *both, strict=True):
                tally.take(name, draws, float(truth[0]))
    return tally


def main(worlds: int) -> None:
    """Print the long form."""
    print(f"{worlds} worlds of each kind; nominal 90 % intervals\n")
    print(f"{'':20}{'lag held':>9}{'x 0.8':>8}{'bias':>7}{'width':>7}{'as seen':>9}{'bias':>7}"
          f"{'gap held':>10}{'x 0.8':>8}{'bias':>7}{'as seen':>9}{'bias':>7}")  # fmt: skip
    whole = Tally()
    for name, how in KINDS.items():
        tally = Tally()
        for seed in range(worlds):
            world(tally, seed, **how)
        _line(name, tally)
        whole.worlds += tally.worlds
        whole.held += tally.held
        for key, values in tally.errors.items():
            whole.errors.setdefault(key, []).extend(values)
            whole.widths.setdefault(key, []).extend(tally.widths[key])
    _line("all together", whole)
    for since, honest in ((SINCE, False), (2023.0, False), (SINCE, True), (2023.0, True), (1900.0, True)):
        real = refitted(min(worlds, 300), since, honest=honest)
        for name in NAMES:
            told = f"held {real.share(f'{name} x 1.0'):.1%}, x 0.8 {real.share(f'{name} x 0.8'):.1%}"
            which = f"real pattern{', drawn in' * honest}, since {since:.1f}, {name}"
            print(f"{which}: {told}, bias {real.bias(name):+.2f} in {real.worlds}", flush=True)
    print(f"\n{'change of the age':20}{'narrowing':>10}{'widening':>10}{'mean':>7}{'held':>7}")
    for name, how in {"steady": {}, "steady, noisy": {"error": 3.0}, "widening 6": {"widening": 6.0, "lag": 12.0},
                      "narrowing 6": {"widening": -6.0, "lag": 12.0}}.items():  # fmt: skip
        found = np.array([news(seed, **how) for seed in range(worlds)])
        truth = how.get("widening", 0.0)
        held = (found[:, 0] <= truth) & (truth <= found[:, 2])
        print(f"{name:20}{(found[:, 2] < 0).mean():10.1%}{(found[:, 0] > 0).mean():10.1%}"
              f"{found[:, 1].mean():+7.2f}{held.mean():7.1%}", flush=True)  # fmt: skip


def _line(name: str, tally: Tally) -> None:
    parts = [f"{name:20}"]
    for kind, wide in (("lag", 9), ("gap", 10)):
        parts.append(f"{tally.share(f'{kind} x 1.0'):{wide}.1%}{tally.share(f'{kind} x 0.8'):8.1%}")
        parts.append(f"{tally.bias(kind):+7.2f}")
        parts.append(f"{np.mean(tally.widths[kind]):7.2f}" * (kind == "lag"))
        parts.append(f"{tally.share(f'{kind}, as seen x 1.0'):9.1%}{tally.bias(f'{kind}, as seen'):+7.2f}")
    print("".join(parts), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
