"""Worlds of known truth for the index: a real pattern of missing scores, realistic scatter, invented scores.

Scatter    each benchmark has its own size; residuals of one model within one domain share part of theirs, and a smaller
           part within one area of related domains; single scores stray as Student's t with 5 degrees of freedom does.
           It acts on the logit ("logit") or on the share itself ("share"), and items, where known, add binomial
           sampling
Truth      capabilities, difficulties and discriminations of a fit to real scores

Used to measure how often intervals hold the truth. Sizes come from real residuals, so the worlds scatter as reality
does; what the worlds cannot know is scatter of a kind that nobody has described.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ascent.measure.score_matrix import CLAMP
from ascent.model.index import ANCHORS, IndexFit, Scores

Floats = NDArray[np.float64]

STRAY_FREEDOM = 5.0
SHARING = (0.2, 0.1)  # within one domain 0.3 in all, as in public matrices; within one area 0.1


@dataclass(frozen=True)
class World:
    """What a world is made of.

    truth    (model,)      index of each model, the anchors exactly at their values
    share    (score,)      expected score
    z        (score,)      its logit
    size     (score,)      standard deviation of the scatter on the chosen scale
    items    (score,)      items behind each score; 0 where sampling is not simulated
    """

    scores: Scores
    low_anchor: int
    high_anchor: int
    truth: Floats
    share: Floats
    z: Floats
    kind: Literal["logit", "share"]
    size: Floats
    items: Floats
    sharing: tuple[float, ...]


def world_like(
    fit: IndexFit,
    *,
    kind: Literal["logit", "share"] = "logit",
    sharing: tuple[float, ...] = SHARING,
    items: int = 200,
) -> World:
    """A world whose truth is a fit to real scores, with that fit's scatter.

    sharing  what residuals of one model have in common within a domain, and within an area
    items    items behind a score whose sampling variance the fit does not know
    """
    geometry, noise, scores = fit.geometry, fit.noise, fit.scores
    low, high = fit.low_anchor, fit.high_anchor
    position = (geometry.capability - geometry.capability[low]) / (geometry.capability[high] - geometry.capability[low])
    spread = geometry.share * (1 - geometry.share)
    free = noise.size[scores.benchmark] * np.maximum(spread, 1e-3) ** noise.power
    if kind == "logit":
        # The same scatter as observed, referred to the typical steepness of the benchmark's curve.
        count = np.bincount(scores.benchmark)
        typical = np.bincount(scores.benchmark, spread) / count
        size = np.sqrt(np.bincount(scores.benchmark, free) / count)[scores.benchmark] / typical[scores.benchmark]
    else:
        size = np.sqrt(free)
    with np.errstate(divide="ignore"):
        known = np.where(scores.known > 0, np.round(spread / np.maximum(scores.known, 1e-9)), items)
    return World(
        scores, low, high, ANCHORS[0] + (ANCHORS[1] - ANCHORS[0]) * position, geometry.share, geometry.z, kind, size,
        np.clip(known, 20, 20_000), sharing,
    )  # fmt: skip


def simulate_scores(world: World, seed: int) -> Scores:
    """One set of scores drawn in a world; the same pattern, domains and known variances as the real ones."""
    rng = np.random.default_rng(seed)
    scores = world.scores
    own = rng.standard_t(STRAY_FREEDOM, len(world.z)) * np.sqrt((STRAY_FREEDOM - 2) / STRAY_FREEDOM)
    stray = np.sqrt(1 - sum(world.sharing)) * own
    for part, cluster in zip(world.sharing, scores.clusters, strict=True):
        stray += np.sqrt(part) * rng.standard_normal(int(cluster.max()) + 1)[cluster]
    stray *= world.size
    if world.kind == "logit":
        share = 1 / (1 + np.exp(-np.clip(world.z + stray, -50, 50)))
    else:
        share = (world.share + stray).clip(0, 1)
    sampled = rng.binomial(world.items.astype(np.int64), share) / world.items
    return Scores(
        scores.model, scores.benchmark, sampled.clip(CLAMP, 1 - CLAMP), scores.known, scores.domain, scores.area
    )
