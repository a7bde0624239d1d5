"""One capability behind scores, each a sigmoid of it, so that scores at guessing or at the top tell less.

A principal component of raw scores adds up shares, so models at guessing crowd at one value however much weaker they
get, and a line on log compute bends. Here a benchmark tells of a model's capability as far as its sigmoid is steep
there, and what is left uncertain of each model is known.

Source   quasi-likelihood for shares: Papke and Wooldridge 1996; a sigmoid from capability to score as in Ruan,
         Maddison and Hashimoto 2024, arXiv:2405.10938. Every benchmark has the same scatter about its sigmoid, else one
         of them can fit perfectly and be the factor by itself (the Heywood case of factor analysis)
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.model.observational import FLOOR, sigmoid

ROUNDS, AGAIN = 80, 10  # for the data as they are; for each resample, from there
PRIOR = 0.1  # precision about the middle, in standard deviations of all models: only keeps models at guessing finite
STRIDE = 0.7  # longest step of a round
BLOCK = 2_000_000  # numbers worked on at once


@dataclass(frozen=True, eq=False)
class Factor:
    """Score = sigmoid(steepness * place + level), one per row of weights.

    place, error      (draw, model) in standard deviations of all models about their mean, and its standard error
    steepness, level  (draw, benchmark)
    spread            (draw,) of scores about what is expected, in units of sqrt(p (1 - p) + FLOOR)
    """

    place: Floats
    error: Floats
    steepness: Floats
    level: Floats
    spread: Floats

    def error_at(self, place: Floats) -> Floats:
        """Standard error of a model at some place that has all benchmarks, by the first draw; place (...)."""
        p = sigmoid(place[..., None] * self.steepness[0] + self.level[0])
        known = (self.steepness[0] ** 2 * _pull(p)[0]).sum(axis=-1) / self.spread[0] ** 2
        return np.asarray(1.0 / np.sqrt(known + PRIOR))


def sigmoid_factor(share: Floats, weight: Floats) -> Factor:
    """Capability of each model, with every benchmark a sigmoid of it.

    share   (model, benchmark) from guessing 0 to perfect 1; NaN where there is no score
    weight  (draw, model) how often a model counts for the sigmoids; all models are placed and set the unit

    Resamples start from the fit to the first row of weights.

    >>> skill = np.linspace(-2, 2, 9)
    >>> share = sigmoid(skill[:, None] * [1.0, 1.5, 2.0] + [0.0, 0.5, -0.5])
    >>> found = sigmoid_factor(share, np.ones((1, 9)))
    >>> bool(np.allclose(found.place[0], skill / skill.std(), atol=0.05))
    True
    """
    there = np.isfinite(share)
    score = np.where(there, share, 0.0)
    middle = np.array([one[seen].mean() for one, seen in zip(share.T, there.T, strict=True)])
    apart = np.array([one[seen].std() for one, seen in zip(share.T, there.T, strict=True)])
    standard = np.where(there, (score - middle) / np.where(apart > 0, apart, 1.0), 0.0)
    place = standard.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    place = (place - place.mean()) / (place.std() or 1.0)
    middle = np.clip(middle, 0.02, 0.98)
    state = (place[None], np.ones((1, share.shape[1])), np.log(middle / (1 - middle))[None])
    first = _rounds(score, there, weight[:1], state, ROUNDS)
    if len(weight) == 1:
        return first
    state, step = (first.place, first.steepness, first.level), max(1, BLOCK // share.size)
    parts = [first, *(_rounds(score, there, weight[at : at + step], state, AGAIN)
                      for at in range(1, len(weight), step))]  # fmt: skip
    return Factor(*(np.concatenate([getattr(one, name) for one in parts]) for name in Factor.__annotations__))


def _rounds(score: Floats, there: Floats, weight: Floats, state: tuple[Floats, Floats, Floats], rounds: int) -> Factor:
    """Sigmoids and places in turn: a step of Fisher scoring each."""
    place, steep, level = state
    heavy = weight[:, :, None] * there
    free = np.maximum(heavy.sum(axis=(1, 2)) - weight.sum(axis=1) - 2 * score.shape[1], 1.0)
    spread = known = place
    for _ in range(rounds):
        near, push, _ = _steps(score, place, steep, level)
        w, g = heavy * near, heavy * push
        a, c = w.sum(axis=1) + 1e-6, np.matmul((place**2)[:, None], w)[:, 0] + 1e-6
        b = np.matmul(place[:, None], w)[:, 0]
        up, tilt = g.sum(axis=1), np.matmul(place[:, None], g)[:, 0]
        determinant = a * c - b * b
        rise, turn = (c * up - b * tilt) / determinant, (a * tilt - b * up) / determinant
        short = np.maximum(1.0, np.maximum(np.abs(rise), np.abs(turn)) / STRIDE)
        level, steep = level + rise / short, steep + turn / short
        near, push, left = _steps(score, place, steep, level)
        spread = np.sqrt(np.maximum((heavy * left).sum(axis=(1, 2)) / free, 1e-6))[:, None]
        w, g = there * near, there * push
        known = np.matmul(w, (steep**2)[..., None])[..., 0] / spread**2 + PRIOR
        toward = np.matmul(g, steep[..., None])[..., 0] / spread**2 - PRIOR * place
        place = place + np.clip(toward / known, -STRIDE, STRIDE)
        centre, unit = place.mean(axis=1, keepdims=True), place.std(axis=1, keepdims=True)
        level, steep, place = level + steep * centre, steep * unit, (place - centre) / unit
        known = (known - PRIOR) * unit**2 + PRIOR
    return Factor(place, 1.0 / np.sqrt(known), steep, level, spread[:, 0])


def _pull(p: Floats) -> tuple[Floats, Floats]:
    """Information in a score at expected p, and weight of its residual, for a spread of 1."""
    slope = p * (1 - p)
    weight = slope / (slope + FLOOR)
    return slope * weight, weight


def _steps(score: Floats, place: Floats, steep: Floats, level: Floats) -> tuple[Floats, Floats, Floats]:
    """(draw, model, benchmark) each: information, weighed residual, squared residual over its scatter."""
    p = sigmoid(place[:, :, None] * steep[:, None] + level[:, None])
    near, weight = _pull(p)
    left = score - p
    return near, weight * left, left**2 / (p * (1 - p) + FLOOR)
