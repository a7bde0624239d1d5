"""How often intervals of observational-scaling hold: the rise, the band of families not seen yet, scores foretold.

Worlds have families that differ in level and slope and in a second trait that some benchmarks ask for, benchmarks of
very different difficulty with a sampling error each, and gaps. Run as a script
(`python tests/calibration/observational_study.py [WORLDS]`) it prints the tables of the method page; the tests use the
short form.
"""

import sys
from collections import defaultdict

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.measure.capability_compute import ScoresAndCompute
from ascent.model.capability_line import capability_line
from ascent.model.foretold import Z, foretell, leave_out
from ascent.model.observational import components, family_weights, rise, sigmoid
from ascent.model.sigmoid_factor import sigmoid_factor

RISE = 0.7  # true, per ten times the compute
ITEMS = np.array([14000, 10000, 1200, 1300, 1300, 160, 3000, 600])
CHANCE = np.array([0.25, 0.25, 0.25, 0.5, 0.0, 0.0, 0.5, 0.0])
STEEP = np.array([2.6, 1.1, 1.4, 1.3, 3.0, 1.5, 0.9, 1.2])
HALFWAY = np.array([0.9, -0.3, 1.0, 0.7, 1.0, 1.4, -0.8, 0.3])
SECOND = np.array([0.3, -0.5, -0.2, -0.2, 0.6, 1.0, 0.0, 0.2])  # how much each benchmark asks for the second trait
Hits = dict[str, list[bool]]


def made(seed: int, families: int, *, second: float = 0.6, slopes: float = 0.1, bend: float = 0.0, cap: float = 1.0,
         tail: bool = False) -> tuple[ScoresAndCompute, Floats]:  # fmt: skip
    """Models of some families, and their true capability.

    second  spread of the second trait; slopes spread of families' slopes; bend added per squared decade
    cap     score above chance that no model passes; tail heavy-tailed families (t, 3 degrees of freedom)
    """
    rng = np.random.default_rng([seed, 11])
    family = np.repeat(np.arange(families), rng.integers(1, 7, families))
    start, step = rng.uniform(-3.5, 1.3, families), rng.uniform(0.3, 0.9, families)
    rank = np.concatenate([np.arange(count) for count in np.bincount(family)])
    x = start[family] + step[family] * rank
    level = rng.standard_t(3, families) / np.sqrt(3) if tail else rng.standard_normal(families)
    own = RISE + slopes * rng.standard_normal(families)
    true = own[family] * x + bend * x**2 + 0.35 * level[family] + 0.2 * rng.standard_normal(len(x))
    trait = second * rng.standard_normal(families)[family]
    eta = STEEP * (true[:, None] - HALFWAY) + trait[:, None] * SECOND + 0.2 * rng.standard_normal((len(x), 8))
    raw = rng.binomial(ITEMS, CHANCE + (1 - CHANCE) * cap * sigmoid(eta)) / ITEMS
    share = np.clip((raw - CHANCE) / (1 - CHANCE), 1e-3, 1 - 1e-3)
    share[:, 4:] = np.where(rng.random((len(x), 4)) < 0.1, np.nan, share[:, 4:])
    compute = np.where(rng.random(len(x)) < 0.15, np.nan, 10.0 ** (22.5 + x))
    names = tuple(f"{at:04d}" for at in range(len(x)))
    told = tuple(f"kin {at}" for at in range(families))
    return ScoresAndCompute(names, tuple("abcdefgh"), told, share, compute, family, True, ()), true


def part(found: ScoresAndCompute, kept: Floats) -> ScoresAndCompute:
    """Only the models of some families."""
    at = np.flatnonzero(kept)
    names = tuple(found.models[one] for one in at)
    return ScoresAndCompute(names, found.benchmarks, found.families, found.share[at], found.compute[at],
                            found.family[at], True, ())  # fmt: skip


def line_hits(seed: int, *, families: int = 35, draws: int = 100, **world: float) -> Hits:
    """The rise; the band over families left out and over 25 new ones, by third of compute; the mutant's band."""
    rng = np.random.default_rng(seed)
    every, true = made(seed, families + 25, **world)
    new = every.family >= families
    found = part(every, ~new)
    told = capability_line(found, family_weights(found.family, len(found.families), draws, rng))
    low, _, high = told.ends(told.line.slope)
    # The unit is the standard deviation of capability as placed: that of the truth and of errors of placing.
    unit = np.std(true[~new]) / np.sqrt(1 - (told.factor.error[0] ** 2).mean())
    hits: Hits = {"rise": [bool(low <= RISE / unit <= high)]}
    third = np.searchsorted(np.quantile(told.x, [1 / 3, 2 / 3]), told.x)
    names = ("weak", "middle", "strong")
    for at, name in enumerate(names):
        hits[f"left out, {name}"] = list(told.over[third == at] <= 1)
    placed = sigmoid_factor(every.share, (~new)[None].astype(float)).place[0]
    tilt, level = np.polyfit(placed[~new], told.factor.place[0], 1)
    known = new & every.known
    x = np.log10(every.compute[known]) - told.centre
    least, _, most = told.at(x)
    inside = (least <= level + tilt * placed[known]) & (level + tilt * placed[known] <= most)
    edges = np.quantile(told.x, [1 / 3, 2 / 3])
    for at, name in enumerate(names):
        hits[f"new, {name}"] = list(inside[np.searchsorted(edges, x) == at])
    hits |= raw_line(every, new)
    hits["bend told"] = [bool(told.bend[0] > 0 or told.bend[2] < 0)]
    return hits


def raw_line(every: ScoresAndCompute, new: Floats) -> Hits:
    """The mutant: the first component of raw scores, a line, and one normal width everywhere."""
    first = components(every.share, (~new)[None].astype(float), 1).place[0, :, 0]
    x = np.log10(every.compute)
    old = ~new & every.known
    middle = x[old].mean()
    one = rise(x[old] - middle, first[None, old], every.family[old], len(every.families), np.ones((1, old.sum())))
    half = Z * np.hypot(one.between[0], one.within[0])
    known = new & every.known
    away = first[known] - one.level[0] - one.slope[0] * (x[known] - middle)
    third = np.searchsorted(np.quantile(x[old], [1 / 3, 2 / 3]), x[known])
    return {f"raw component, {name}": list(np.abs(away[third == at]) <= half)
            for at, name in enumerate(("weak", "middle", "strong"))}  # fmt: skip


def score_hits(
    seed: int, *, families: int = 35, draws: int = 100, **world: float
) -> tuple[Hits, dict[str, list[float]]]:
    """Scores of families left out and of 25 new ones from the other scores and from compute; and squared errors."""
    rng = np.random.default_rng(seed)
    every, _ = made(seed, families + 25, **world)
    new = every.family >= families
    weight = family_weights(every.family, len(every.families), draws, rng)
    hits: Hits = defaultdict(list)
    errors: dict[str, list[float]] = defaultdict(list)
    for target in range(len(every.benchmarks)):
        learned = foretell(every, target, weight, 22.5, ~new)
        trial = leave_out(learned)
        for way in trial.ways:
            held, away = way.held(trial.score), trial.score - way.expected
            if held is not None:
                hits[f"left out by {way.name}"] += list(held[np.isfinite(away)])
        for name, way, seen in (("other scores", learned.scores, new), ("compute alone", learned.alone,
                                                                         new & every.known)):  # fmt: skip
            score = every.share[:, target]
            tried = seen & np.isfinite(score)
            low, high = way.ends()
            inside = (low[tried] <= score[tried]) & (score[tried] <= high[tried])
            hits[f"new by {name}"] += list(inside)
            if name == "other scores":
                hits[f"new, benchmark {target}"] += list(inside)
                left = score[tried] - way.expected[0, tried]
                errors["other scores"] += list(left**2)
                errors["plain regression"] += list((score[tried] - learned.plain[0, tried]) ** 2)
                # The mutant knows only how scores lie about the fit to the same models.
                old = learned.row >= 0
                loose = np.std(score[old] - way.expected[0, old])
                hits["fitted scatter only"] += list(np.abs(left) <= Z * loose)
    return hits, errors


WORLDS: dict[str, dict[str, float]] = {
    "as above": {}, "one trait": {"second": 0.0}, "two strong traits": {"second": 1.2},
    "slopes differ": {"slopes": 0.3}, "15 families": {"families": 15}, "nobody passes 90 %": {"cap": 0.9},
    "heavy tails": {"tail": True}, "bent by -0.1": {"bend": -0.1},
}  # fmt: skip


def shares(name: str, worlds: int, *, scores: bool = True) -> dict[str, float]:
    """Share held of each interval; for errors the ratio to those of a plain regression."""
    hits: Hits = defaultdict(list)
    errors: dict[str, list[float]] = defaultdict(list)
    for seed in range(worlds):
        for what, one in line_hits(seed, **WORLDS[name]).items():
            hits[what] += one
        if scores:
            found, missed = score_hits(seed, **WORLDS[name])
            for what, one in found.items():
                hits[what] += one
            for way, squares in missed.items():
                errors[way] += squares
    told = {what: float(np.mean(one)) for what, one in hits.items()}
    if errors:
        told["error over plain regression"] = float(
            np.sqrt(np.mean(errors["other scores"]) / np.mean(errors["plain regression"]))
        )
    return told


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    print(f"{count} worlds each; {MASS:.0%} intervals")
    for world in WORLDS:
        print(f"\n{world}")
        for what, share in shares(world, count).items():
            print(f"  {what:32s} {share:.3f}")
