"""How honest intervals of software progress are over simulated labs, and what each method gets wrong.

Run as a script (`python tests/calibration/software_study.py [WORLDS]`) it prints the long form's table; the tests use
the same functions with fewer worlds.
"""

import sys
from typing import Any

import numpy as np

from ascent.model.capability_compute import CapabilityCompute
from ascent.model.software_fits import software_fit
from ascent.model.software_lines import ALL, bands, common
from ascent.model.software_shares import compute_growth, shares

DECADE, YEAR = 12.0, 6.0  # truth: half a decade a year, 3.16x
RATE = YEAR / DECADE
KINDS: dict[str, dict[str, Any]] = {
    "labs alike, amounts exact": {},
    "labs differ by luck": {"luck": 5.0},
    "labs with more compute have better software": {"luck": 3.0, "rich": 6.0},
    "amounts within 3x": {"luck": 3.0, "within": 3.0},
    "amounts within 3x or 10x": {"luck": 3.0, "within": 6.0},
    "few labs": {"luck": 3.0, "within": 3.0, "models": 45, "labs": 9},
    "noisy index": {"luck": 3.0, "within": 3.0, "shared": 0.1, "index": 3.0},
    "heavy-tailed scatter": {"luck": 3.0, "within": 3.0, "heavy": True},
    "a few labs with most models": {"luck": 3.0, "within": 3.0, "unequal": True},
}
METHODS = {"labs alike": (False, False), "by lab": (True, False), "labs alike, corrected": (False, True),
           "by lab, corrected": (True, True)}  # fmt: skip


def world(
    seed: int, *, models: int = 75, labs: int = 18, luck: float = 0.0, rich: float = 0.0, within: float = 1.0,
    index: float = 1.0, shared: float = 0.0, heavy: bool = False, unequal: bool = False, draws: int = 200,
) -> CapabilityCompute:  # fmt: skip
    """Models of a known plane.

    luck    points by which labs differ for good;  rich  points per decade by which a lab's usual compute goes with it
    within  factor that amounts lie within with 90 %
    index   points of a model's own error in the index;  shared  stretch of the whole scale, relative
    """
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, labs + 1) if unequal else np.ones(labs)
    rest = rng.choice(labs, models - 2 * labs, p=share / share.sum())
    maker = np.sort(np.r_[np.arange(labs), np.arange(labs), rest])
    usual = rng.normal(0, 0.5, labs)
    year = rng.uniform(-1.5, 1.5, labs)[maker] + rng.uniform(-1.2, 1.2, models)
    log_flop = 24 + 0.4 * year + usual[maker] + rng.normal(0, 0.7, models)
    own = rng.standard_t(3, models) / np.sqrt(3) if heavy else rng.standard_normal(models)
    level = luck * rng.standard_normal(labs) + rich * usual
    true = 110 + DECADE * (log_flop - 24) + YEAR * year + level[maker] + 5.0 * own
    # Draw 0 is the estimate, whose error is as large as that of the draws around it.
    stretch = 1 + shared * rng.standard_normal(draws + 1)
    drawn = rng.normal(0, index, (draws + 1, models))
    estimate = 110 + stretch[0] * (true - 110) + drawn[0]
    capability = estimate + drawn - drawn[0] + (stretch - stretch[0])[:, None] * (estimate - 110)
    error = np.log10(within) / 1.6449
    names = tuple(f"m{k}" for k in range(models))
    return CapabilityCompute(
        names, names, names, year, log_flop + error * rng.standard_normal(models), np.full(models, max(within, 1.0)),
        maker.astype(np.intp), capability,
    )  # fmt: skip


def told(known: CapabilityCompute, *, own_level: bool, allow: bool, seed: int = 0) -> tuple[float, float, float]:
    """Low, mid, high in decades a year; NaN where nothing is told."""
    try:
        return software_fit(known, own_level=own_level, allow=allow, seed=seed).rate()
    except ValueError:
        return (float("nan"),) * 3


def without_labs(known: CapabilityCompute, seed: int = 0) -> tuple[float, float, float]:
    """The mutant that takes models as independent."""
    alone = CapabilityCompute(
        known.model, known.released, known.organization, known.year, known.log_flop, known.within,
        np.arange(len(known.maker)), known.capability,
    )  # fmt: skip
    return told(alone, own_level=False, allow=False, seed=seed)


# Lines on a graph where labs are alike: what they tell of software is shrunk by scatter, and what is left is growth.
_SHARE = (DECADE**2 * (0.5**2 + 0.7**2)) / (DECADE**2 * (0.5**2 + 0.7**2) + 5.0**2 + 1.0**2)
LEANING = _SHARE * RATE - (1 - _SHARE) * 0.4


def lines(worlds: int) -> tuple[float, float, float]:
    """Shares of lines of single bands, of lines of all bands, and of the latter again for the truth, that hold it."""
    single, every, truth = [], [], []
    for seed in range(worlds):
        known = world(seed, draws=2)
        found = bands(known, width=5.0, span=1.0)
        single += [b.low <= LEANING <= b.high for b in found if b.kind == ALL and not b.why]
        line = common(known, found, ALL)
        if line is not None:
            every.append(-line.high <= LEANING <= -line.low)
            truth.append(-line.high <= RATE <= -line.low)
    return float(np.mean(single)), float(np.mean(every)), float(np.mean(truth))


def tally(how: dict[str, Any], worlds: int) -> dict[str, tuple[float, float, float, float]]:
    """By method: share of intervals that hold the truth, mean error of the middle, share without end, share told."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(worlds):
        known = world(seed, **how)
        for name, (own, allow) in METHODS.items():
            found.setdefault(name, []).append(told(known, own_level=own, allow=allow, seed=seed))
        found.setdefault("mutant: models alone", []).append(without_labs(known, seed))
    table = {}
    for name, rows in found.items():
        low, mid, high = np.array(rows).T
        some = np.isfinite(mid)
        held = (low[some] <= RATE) & (high[some] >= RATE)
        table[name] = (
            float(np.mean(held)), float(np.median(mid[some]) - RATE), float(np.mean(~np.isfinite(high[some]))),
            float(np.mean(some)),
        )  # fmt: skip
    return table


# Of the planted gain a year, what more compute gives: it grows by 0.4 decades a year.
PLANTED = 0.4 * DECADE / (0.4 * DECADE + YEAR)


def split(how: dict[str, Any], worlds: int, *, own_level: bool, allow: bool = True) -> tuple[float, float]:
    """Share of intervals of compute's part that hold the planted one, and the mean part."""
    held, parts = [], []
    for seed in range(worlds):
        known = world(seed, **how)
        try:
            fit = software_fit(known, own_level=own_level, allow=allow, draws=1000, seed=seed)
            low, mid, high = shares(fit, compute_growth(known, draws=1000, seed=seed)).of_compute()
        except ValueError:
            continue
        held.append(low <= PLANTED <= high)
        parts.append(mid)
    return float(np.mean(held)), float(np.nanmedian(parts))


def main(worlds: int) -> None:
    """Print the long form."""
    print(f"{worlds} worlds of each kind; truth {10**RATE:.2f}x a year; nominal 90 % intervals\n")
    print("| worlds | method | interval holds | median, x a year | no end | told |\n|---|---|---|---|---|---|")
    for kind, how in KINDS.items():
        for name, (held, off, endless, some) in tally(how, worlds).items():
            print(f"| {kind} | {name} | {held:.1%} | {10 ** (RATE + off):.2f} | {endless:.0%} | {some:.0%} |")
    print(f"\nshare of compute in the gain, {PLANTED:.0%} planted: by lab, labs alike, by lab without allowance")
    for kind, how in KINDS.items():
        ways = ((True, True), (False, True), (True, False))
        found = [split(how, worlds, own_level=own, allow=allow) for own, allow in ways]
        print(f"| {kind} | " + " | ".join(f"{held:.1%}, {part:.0%}" for held, part in found) + " |", flush=True)
    single, every, truth = lines(worlds)
    print(
        f"\nlines hold the line of the world: single bands {single:.1%}, all bands {every:.1%}; the truth {truth:.1%}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
