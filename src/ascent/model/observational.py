"""Capability factors of benchmark scores, their rise with training compute within families, scores they foretell.

Source   Ruan, Maddison and Hashimoto 2024, Observational Scaling Laws, arXiv:2405.10938: principal components of
         scores, linear in log compute within a family, and a sigmoid from components to a further score
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import unwarned

Floats = NDArray[np.float64]
RATIOS = np.r_[0.0, np.geomspace(0.01, 100.0, 41)]  # variance between families over that within, looked through
FILLS, STEPS = 25, 25  # rounds of filling gaps, and of the sigmoid's steps
TINY = 1e-6  # a penalty that only keeps a fit finite
FLOOR = 0.01  # added to p (1 - p): a score at guessing has some scatter left


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of scores with gaps, one set for each row of weights.

    center, spread   (benchmark,) of the first weights, by which columns are standardised
    loadings         (draw, benchmark, rank) of unit length, their sum above 0
    place            (draw, model, rank) in standard deviations of the first draw's models
    explained        (benchmark,) share of variance by component, of the first draw
    filled           (model, benchmark) scores, and what the first draw's components expect where there is none
    """

    center: Floats
    spread: Floats
    loadings: Floats
    place: Floats
    explained: Floats
    filled: Floats


def components(share: Floats, weight: Floats, rank: int) -> Components:
    """Components by filling gaps with what the components expect, again and again (iterated principal components).

    share   (model, benchmark) NaN where there is no score
    weight  (draw, model) how often a model counts; the first row tells centre and units
    """
    there = np.isfinite(share)
    first = weight[0][:, None] * there
    center = np.nansum(first * np.where(there, share, 0.0), axis=0) / first.sum(axis=0)
    away = np.where(there, share - center, 0.0)
    spread = np.sqrt((first * away**2).sum(axis=0) / first.sum(axis=0))
    spread = np.where(spread > 0, spread, 1.0)
    value = np.broadcast_to(away / spread, (len(weight), *share.shape)).copy()
    heavy = weight[:, :, None]
    for _ in range(FILLS):
        mean = (heavy * value).sum(axis=1, keepdims=True) / heavy.sum(axis=1, keepdims=True)
        loose = value - mean
        covariance = np.matmul(loose.transpose(0, 2, 1), heavy * loose) / heavy.sum(axis=1, keepdims=True)
        power, vectors = np.linalg.eigh(covariance)
        loadings = vectors[:, :, ::-1][:, :, :rank]
        loadings = loadings * np.where(loadings.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
        place = np.matmul(loose, loadings)
        guess = mean + np.matmul(place, loadings.transpose(0, 2, 1))
        if there.all():
            break
        value = np.where(there, value, guess)
    place = np.matmul(value, loadings)  # about the fixed centre, so that resamples share one origin
    unit = np.sqrt((weight[0][:, None] * (place[0] - place[0].mean(axis=0)) ** 2).sum(axis=0) / weight[0].sum())
    explained = power[0, ::-1] / power[0].sum()
    filled = np.where(there, share, center + spread * value[0])
    return Components(center, spread, loadings, place / unit, explained, filled)


@dataclass(frozen=True, eq=False)
class Rise:
    """A line on log10 compute with families that lie above or below it; one per draw.

    level, slope     (draw,) at 0 of x, and per unit of it
    between, within  (draw,) standard deviations: of families, and of models in one
    family           (draw, family) how far each family lies from the line, drawn in towards it; 0 where unseen
    """

    level: Floats
    slope: Floats
    between: Floats
    within: Floats
    family: Floats


def rise(x: Floats, y: Floats, family: NDArray[np.intp], families: int, weight: Floats) -> Rise:
    """Random intercepts by residual maximum likelihood, looked for over a fixed set of variance ratios.

    x       (model,); y (draw, model)
    weight  (draw, model), alike within a family: how often its family was drawn
    """
    member = np.zeros((len(x), families))
    member[np.arange(len(x)), family] = 1.0
    size = member.sum(axis=0)
    seen = size > 0
    times = np.where(seen, (weight @ member) / np.maximum(size, 1), 0.0)  # (draw, family)
    mean_x = np.where(seen, (x @ member) / np.maximum(size, 1), 0.0)
    mean_y = np.where(seen, (y @ member) / np.maximum(size, 1), 0.0)
    off_x, off_y = x - member @ mean_x, y - mean_y @ member.T
    within_xx, within_xy = (off_x**2) @ member, (off_x * off_y) @ member
    within_yy = (off_y**2) @ member
    runs = (times * size).sum(axis=1)
    best = np.full(len(y), -np.inf)
    kept = [np.zeros(len(y)) for _ in range(4)]
    with unwarned():
        for ratio in RATIOS:
            mass = times * size / (1.0 + size * ratio)
            a = mass.sum(axis=1)
            b = (mass * mean_x).sum(axis=1)
            c = (times * within_xx).sum(axis=1) + (mass * mean_x**2).sum(axis=1)
            d = (mass * mean_y).sum(axis=1)
            e = (times * within_xy).sum(axis=1) + (mass * mean_x * mean_y).sum(axis=1)
            f = (times * within_yy).sum(axis=1) + (mass * mean_y**2).sum(axis=1)
            determinant = a * c - b * b
            slope = (a * e - b * d) / determinant
            level = (d - slope * b) / a
            left = np.maximum(f - level * d - slope * e, 1e-300) / (runs - 2)
            likelihood = -0.5 * (
                (runs - 2) * np.log(left) + (times * np.log1p(size * ratio)).sum(axis=1) + np.log(determinant)
            )
            better = likelihood > best
            best = np.where(better, likelihood, best)
            for at, value in enumerate((level, slope, np.sqrt(left * ratio), np.sqrt(left))):
                kept[at] = np.where(better, value, kept[at])
        level, slope, between, within = kept
        pull = size * between[:, None] ** 2 / (size * between[:, None] ** 2 + within[:, None] ** 2)
    lies = np.where(seen, pull * (mean_y - level[:, None] - slope[:, None] * mean_x), 0.0)
    return Rise(level, slope, between, within, lies)


def spread_range(x: Floats, y: Floats, family: NDArray[np.intp], edge: float) -> tuple[float, float]:
    """Low and high of the spread of families about a line on x, by the profile of the restricted likelihood.

    x, y, family  (model,)
    edge          how far the root of twice the fall of log likelihood may go: 1.645 for 90 % of many families

    Resamples of few families say a spread of 0 in every draw; the likelihood still knows what it cannot exclude. The
    high end is infinite where no spread up to a hundred times that of y is excluded.

    >>> x, family = np.tile([-1.0, 0.0, 1.0], 5), np.repeat(np.arange(5), 3)
    >>> low, high = spread_range(x, x + np.tile([0.1, -0.2, 0.1], 5), family, 2.0)
    >>> low, 0 < high < 0.2
    (0.0, True)
    """
    which = np.unique(family, return_inverse=True)[1].ravel()
    size = np.bincount(which).astype(float)
    design = np.stack([np.ones(len(x)), x, y], axis=1)
    means = np.stack([np.bincount(which, column) for column in design.T], axis=1) / size[:, None]
    off = design - means[which]
    inside = off.T @ off
    scale = max(float(y.std()), 1e-12)
    between = np.r_[0.0, np.geomspace(1e-3, 100.0, 300)] * scale  # (between, 1, 1)
    within = np.geomspace(1e-3, 3.0, 200) * scale
    spread = between[:, None, None] ** 2 + (within[None, :, None] ** 2) / size  # variance of a family's mean
    gram = inside / within[None, :, None, None] ** 2 + np.einsum("bwf,fi,fj->bwij", 1 / spread, means, means)
    a, b, c = gram[..., 0, 0], gram[..., 0, 1], gram[..., 1, 1]
    d, e = gram[..., 0, 2], gram[..., 1, 2]
    determinant = a * c - b * b
    rest = gram[..., 2, 2] - (c * d * d - 2 * b * d * e + a * e * e) / determinant
    sizes = (len(x) - len(size)) * np.log(within**2) + np.log(spread).sum(axis=2)
    fall = (rest + sizes + np.log(determinant)).min(axis=1)
    kept = np.flatnonzero(fall <= fall.min() + edge**2)
    high = float(between[min(kept[-1] + 1, len(between) - 1)])
    return float(between[max(kept[0] - 1, 0)]), high if kept[-1] < len(between) - 1 else float("inf")


def sigmoid(value: Floats) -> Floats:
    """1 / (1 + exp(-value)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * value)))


def fit_sigmoid(features: Floats, score: Floats, weight: Floats, pull: float = TINY) -> Floats:
    """Coefficients (draw, feature) of score = sigmoid(features . coefficients), by least squares of the score.

    features  (draw or 1, model, feature), the first of them all ones; score (model,) NaN where there is none
    weight    (draw, model)
    pull      penalty on the square of every coefficient but the first: a ridge

    >>> x = np.linspace(-3, 3, 50)
    >>> features = np.stack([np.ones(50), x], axis=1)[None]
    >>> found = fit_sigmoid(features, sigmoid(0.5 + 1.5 * x), np.ones((1, 50)))
    >>> [round(float(value), 4) for value in found[0]]
    [0.5, 1.5]
    """
    there = np.isfinite(score)
    target, heavy = np.where(there, score, 0.0), weight * there
    size, draws = features.shape[2], len(weight)
    shared = features[0] if len(features) == 1 else None
    pairs = (features[..., :, None] * features[..., None, :]).reshape(*features.shape[:2], size * size)
    penalty = np.r_[TINY, np.full(size - 1, pull)]
    coefficient = np.zeros((draws, size))
    damping = np.full(draws, 1.0)

    def lines(at: Floats) -> Floats:
        return np.asarray(at @ shared.T if shared is not None else np.einsum("dmf,df->dm", features, at))

    def sums(value: Floats, of: Floats) -> Floats:
        """(draw, model) times (draw or 1, model, k), summed over models."""
        return np.asarray(value @ of[0] if len(of) == 1 else np.einsum("dm,dmk->dk", value, of))

    def cost(at: Floats) -> Floats:
        return np.asarray((heavy * (target - sigmoid(lines(at))) ** 2).sum(axis=1) + (penalty * at**2).sum(axis=1))

    now = cost(coefficient)
    for _ in range(STEPS):
        p = sigmoid(lines(coefficient))
        slope = p * (1 - p)
        push = sums(heavy * slope * (target - p), features) - penalty * coefficient
        bend = sums(heavy * slope**2, pairs).reshape(draws, size, size) + np.diag(penalty)
        bend = bend + damping[:, None, None] * np.eye(size) * np.einsum("dff->d", bend)[:, None, None] / size * 0.01
        step = np.linalg.solve(bend, push[..., None])[..., 0]
        tried = cost(coefficient + step)
        fell = tried <= now
        coefficient = np.where(fell[:, None], coefficient + step, coefficient)
        now, damping = np.where(fell, tried, now), np.where(fell, damping * 0.2, damping * 10.0)
    return coefficient


def scatter(score: Floats, expected: Floats, fitted: int) -> float:
    """Spread of scores about what was expected, in units of sqrt(p (1 - p) + FLOOR)."""
    left = (score - expected) / np.sqrt(expected * (1 - expected) + FLOOR)
    left = left[np.isfinite(left)]
    return float(np.sqrt((left**2).sum() / max(len(left) - fitted, 1)))


def blurred(expected: Floats, spread: float, rng: np.random.Generator) -> Floats:
    """Draws of scores about what is expected, kept between 0 and 1."""
    wide = spread * np.sqrt(expected * (1 - expected) + FLOOR)
    return np.asarray(np.clip(expected + wide * rng.standard_normal(expected.shape), 0.0, 1.0))


def family_weights(family: NDArray[np.intp], families: int, draws: int, rng: np.random.Generator) -> Floats:
    """(1 + draws, model): families drawn with replacement among those that occur; the first row is all ones."""
    there = np.unique(family)
    counts = np.zeros((draws, families))
    counts[:, there] = rng.multinomial(len(there), np.full(len(there), 1 / len(there)), draws)
    return np.vstack([np.ones(len(family)), counts[:, family]])
