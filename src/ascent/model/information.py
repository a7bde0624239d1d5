"""How much a benchmark not yet run would tell of a model's capability, and which few to run together.

Many possible worlds are drawn from the present posterior: a capability, and the scores it would bring. In each the
posterior is worked out anew, with one more benchmark for every benchmark there is; the mean over worlds is the expected
variance, interval width and entropy after running it. A plan of several benchmarks is grown one at a time, each judged
with the worlds' outcomes of those before it, which is what an evaluator would know by then.

Source: Lindley 1956 (information of an experiment); Owen 1975 and van der Linden 1998 (choice of items by expected
posterior variance), here with benchmarks for items. Worlds are spread evenly (Owen 1997), so few suffice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_quantiles
from ascent.measure.score_matrix import CLAMP
from ascent.model.placing import Placing, added_up, outlook

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

WORLDS = 256
MOST_CELLS = 4_000_000  # worlds x benchmarks x capabilities worked on at once


@dataclass(frozen=True)
class Promise:
    """What each benchmark would do to the interval of a placing, together with those already in the plan.

    benchmark   (benchmark,)  positions on the ruler
    bits        (benchmark,)  expected fall of entropy, beyond the plan so far
    deviation   (benchmark,)  root of the expected variance afterwards, index points
    width_low, width, width_high  (benchmark,)  width of the interval afterwards: 5 %, mean and 95 % of the worlds
    """

    benchmark: Indices
    bits: Floats
    deviation: Floats
    width_low: Floats
    width: Floats
    width_high: Floats


def promises(
    placing: Placing,
    benchmark: Indices,
    *,
    steps: int = 1,
    choose: Callable[[Promise], int | None] | None = None,
    worlds: int = WORLDS,
    seed: int = 0,
) -> list[tuple[Promise, int | None]]:
    """What each of these benchmarks would tell, step by step.

    choose   takes a step's promises, gives the position among them of the benchmark to run, or None to stop; by default
             the one of least expected variance
    returns  one pair for each step: the promises of benchmarks not yet in the plan, and the position chosen
    """
    choose = choose or (lambda promise: int(np.argmin(promise.deviation)))
    grid, prior = placing.grid, placing.weight
    ahead = outlook(placing, benchmark)
    rng = np.random.default_rng(seed)
    truth = _spread(worlds, rng)
    node = np.searchsorted(np.cumsum(prior), truth * prior.sum(), side="left").clip(0, len(grid) - 1)
    log = np.broadcast_to(np.log(np.maximum(prior, 1e-300)), (worlds, len(grid))).copy()
    mean = np.broadcast_to(ahead.mean, (worlds, *ahead.mean.shape)).copy()  # (world, node, benchmark)
    cov, steep = ahead.cov.copy(), ahead.steep.copy()  # the same in every world: they do not depend on outcomes
    left = np.arange(len(benchmark))
    entropy = _entropy(np.exp(log[:1] - log[:1].max()))[0]
    found: list[tuple[Promise, int | None]] = []
    for _ in range(min(steps, len(benchmark))):
        root = np.sqrt(np.maximum(np.einsum("gbb->gb", cov), 1e-12))
        noise = normal_quantiles(_spread(worlds, rng))
        seen = mean[np.arange(worlds), node] + root[node] * noise[:, None]  # (world, benchmark)
        seen = seen.clip(CLAMP, 1 - CLAMP)
        after = _after(grid, log, mean, steep / root**2, seen)
        bits = (entropy - after[0].mean(axis=0)) / np.log(2)
        widths = after[2]
        low, high = np.quantile(widths, [(1 - MASS) / 2, (1 + MASS) / 2], axis=0)
        promise = Promise(benchmark[left], bits, np.sqrt(after[1].mean(axis=0)), low, widths.mean(axis=0), high)
        pick = choose(promise)
        found.append((promise, pick))
        if pick is None or len(left) == 1:
            break
        # The worlds learn their outcome of the chosen one.
        off = (seen[:, pick, None] - mean[:, :, pick]) / root[:, pick]
        log += added_up((off * steep[:, pick] / root[:, pick]).T, grid).T
        log -= log.max(axis=1, keepdims=True)
        gain = cov[:, :, pick] / root[:, [pick]]  # (node, benchmark), per standardised outcome
        mean += off[:, :, None] * gain
        steep = steep - gain * (steep[:, [pick]] / root[:, [pick]])
        cov = cov - gain[:, :, None] * gain[:, None, :]
        rest = np.arange(len(left)) != pick
        left, mean, steep, cov = left[rest], mean[:, :, rest], steep[:, rest], cov[:, rest][:, :, rest]
        entropy = float(_entropy(np.exp(log)).mean())
    return found


def _after(grid: Floats, log: Floats, mean: Floats, pull: Floats, seen: Floats) -> tuple[Floats, Floats, Floats]:
    """Entropy, variance and interval width (world, benchmark) once a world's score on that benchmark is known.

    pull  (node, benchmark)  slope of the log posterior per unit of a score's distance from what is expected
    """
    worlds, nodes, count = mean.shape
    entropy, variance, width = (np.empty((worlds, count)) for _ in range(3))
    size = max(1, MOST_CELLS // (nodes * count))
    for start in range(0, worlds, size):
        part = slice(start, start + size)
        slopes = np.moveaxis((seen[part, None] - mean[part]) * pull, 1, 0)
        weight = log[part, :, None] + np.moveaxis(added_up(slopes, grid), 0, 1)
        weight -= weight.max(axis=1, keepdims=True)
        np.exp(weight, out=weight)
        weight = np.moveaxis(weight, 1, 2)  # (world, benchmark, node)
        weight = weight / weight.sum(axis=2, keepdims=True)
        first = weight @ grid
        variance[part] = weight @ grid**2 - first**2
        entropy[part] = _entropy(weight)
        low, high = _ends(grid, weight)
        width[part] = high - low
    return entropy, np.maximum(variance, 0.0), width


def _ends(grid: Floats, weight: Floats) -> tuple[Floats, Floats]:
    below = np.cumsum(weight, axis=2)
    step = grid[1] - grid[0]
    ends = []
    for probability in ((1 - MASS) / 2, (1 + MASS) / 2):
        at = (below < probability).sum(axis=2).clip(0, len(grid) - 1)
        before = np.take_along_axis(below, np.maximum(at - 1, 0)[..., None], axis=2)[..., 0] * (at > 0)
        own = np.take_along_axis(weight, at[..., None], axis=2)[..., 0]
        ends.append(grid[at] - step / 2 + step * (probability - before) / np.maximum(own, 1e-300))
    return ends[0], ends[1]


def _entropy(weight: Floats) -> Floats:
    """Of weights over the last axis, in nats."""
    share = weight / weight.sum(axis=-1, keepdims=True)
    return np.asarray(-(share * np.log(np.maximum(share, 1e-300))).sum(axis=-1))


def _spread(count: int, rng: np.random.Generator) -> Floats:
    """One random place in each of `count` equal parts of 0 to 1, in random order."""
    return np.asarray(rng.permutation((np.arange(count) + rng.random(count)) / count))
