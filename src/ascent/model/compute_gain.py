"""What a technique is worth in training compute: how far along a scaling line its gain would have to be bought.

    score = level + slope × log10(FLOP) [+ drift × date] + technique + scatter      (score in logits above guessing)

The compute-equivalent gain is technique / slope, in decades of compute, with Fieller's interval: open where the line
hardly rises. Where the same model was scored with and without the technique, the technique's part is the mean of those
differences, in groups of one family, and what else the model is drops out. Otherwise models with it are compared with
those without at equal compute.

A line tells nothing of scores that no model on it has, and little of amounts of compute far beyond its largest. Who is
expected there, by the line at the own compute and the technique's mean part, has no say in the gain; where nobody else
is left, scores are cut at the end of the line, and what remains is a lower bound for just these models.

Source: Davidson et al. 2023, AI capabilities can be significantly improved without expensive retraining,
arXiv:2312.07413 (the compute-equivalent gain); Fieller 1954; errors as in `clustered_fit`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.clustered_fit import ClusteredFit, clustered_fit
from ascent.model.fieller import fieller

LUCK = 0.1  # of what the technique moves that may lie beyond the line, by the luck of models expected within it
FAR = 1.0  # decades that a line may be continued beyond the compute of its largest model


@dataclass(frozen=True)
class Gain:
    """low, mid, high  decades of compute; ends infinite where nothing bounds them
    effect        logits that the technique adds
    slope, slope_error   logits per decade
    noise_only    the interval holds the noise of scoring alone, as fewer than 3 groups have the technique
    models        behind the line;  pairs: models with the technique that have a say
    bound         mid is not known and high infinite: the technique leads beyond the line
    stretched     decades that the line would tell if it went on as it is, for every model with the technique
    beyond        decades by which the farthest of them then lies beyond the line, 0 where none does
    say           (model with the technique,) whether it has a say; empty where all have
    """

    low: float
    mid: float
    high: float
    effect: float
    slope: float
    slope_error: float
    noise_only: bool
    models: int
    pairs: int
    error: float = float("nan")  # standard error of mid, by the delta method; only pools use it
    bound: bool = False
    stretched: float = float("nan")
    beyond: float = 0.0
    say: tuple[bool, ...] = ()


def logit(share: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Logit of a share that is 0 to 1, and its standard error from the number of items; never infinite.

    >>> value, error = logit(np.array([0.5, 1.0]), np.array([100.0, 100.0]))
    >>> value.round(2).tolist(), error.round(2).tolist()
    ([0.0, 5.3], [0.2, 1.42])
    """
    p = (np.clip(share, 0, 1) * items + 0.5) / (items + 1)
    return np.log(p / (1 - p)), 1 / np.sqrt((items + 1) * p * (1 - p))


def expected_share(x: Floats, share: Floats) -> Callable[[Floats | float], Floats]:
    """The share that log10(FLOP) alone lets expect: a logistic curve by quasi-likelihood, rising and never too steep.

    >>> told = expected_share(np.array([20.0, 21, 22, 23, 24]), np.array([0.02, 0.1, 0.5, 0.9, 0.98]))
    >>> told(np.array([20.0, 22.0, 24.0])).round(1).tolist()
    [0.0, 0.5, 1.0]
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    centre, p = float(x.mean()), np.clip(share, 0.0, 1.0)

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] + at[1] * (x - centre)
        short = expit(z) - p
        return (
            float((np.logaddexp(0, z) - p * z).sum() + 0.01 * at @ at),  # the last keeps it finite where all are alike
            np.array([short.sum(), (short * (x - centre)).sum()]) + 0.02 * at,
        )

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(-20, 20), (0, 20)]).x
    return lambda at: np.asarray(expit(found[0] + found[1] * (np.asarray(at) - centre)))


def line(x: Floats, y: Floats, origin: NDArray[np.intp], year: Floats | None = None) -> ClusteredFit:
    """Score on log10(FLOP), at equal dates where they are given; ValueError where the two cannot be told apart."""
    columns = [np.ones(len(x)), x - x.mean()] + ([] if year is None else [year - year.mean()])
    return clustered_fit(np.stack(columns, axis=1), y, origin)


def paired_gain(
    fit: ClusteredFit, models: int, difference: Floats, noise: Floats, origin: NDArray[np.intp],
    reach: "Reach | None" = None,
) -> Gain:  # fmt: skip
    """Gain from models scored with and without the technique.

    fit         the line of models without it
    difference  (pair,)  logits with minus without;  noise (pair,) its standard error from the number of items
    origin      (pair,)  family of each
    reach       where the line ends; without it, the line is taken to go on for ever
    """
    whole = _paired(fit, models, difference, noise, origin)
    if reach is None:
        return whole
    beyond = reach.beyond(difference, whole.slope)
    some = reach.expected_within(whole.effect, whole.slope)
    far = float(beyond.max(initial=0.0))
    if some.any() and beyond[some].mean() * abs(whole.slope) <= LUCK * np.abs(difference[some]).mean():
        gain = _paired(fit, models, difference[some], noise[some], origin[some])
        return replace(gain, stretched=whole.mid, beyond=far, say=tuple(some.tolist()))
    cut = _paired(fit, models, reach.cut(difference, whole.slope), noise, None)
    return replace(
        cut, mid=float("nan"), high=float("inf"), effect=whole.effect, bound=True, stretched=whole.mid, beyond=far
    )


def _paired(fit: ClusteredFit, models: int, difference: Floats, noise: Floats, origin: NDArray[np.intp] | None) -> Gain:
    """Without `origin` of just these models."""
    groups = 0 if origin is None else len(np.unique(origin))
    if origin is not None and groups >= 3:
        mean = clustered_fit(np.ones((len(difference), 1)), difference, origin)
        effect, variance = float(mean.coefficient[0]), float(mean.covariance[0, 0])
        freedom = min(float(mean.freedom[0]), float(fit.freedom[1]))
    else:
        effect, variance = float(difference.mean()), float((noise**2).sum()) / len(noise) ** 2
        freedom = float(fit.freedom[1])
    slope, error = float(fit.coefficient[1]), float(fit.error[1])
    low, mid, high = fieller(effect, slope, np.diag([variance, error**2]), freedom)
    spread = float(np.sqrt(variance + mid**2 * error**2)) / abs(slope)
    return Gain(low, mid, high, effect, slope, error, groups < 3, models, len(difference), spread)


def top_of(y: Floats, most: float) -> float:
    """The best score that tells how far a line reaches: one above `most` is nearly perfect, and tells nothing.

    >>> top_of(np.array([0.1, 3.5, 1.2, 0.4]), most=2.9)
    1.2
    """
    return float(y[y <= most].max(initial=y.min()))


@dataclass(frozen=True, eq=False)
class Reach:
    """Where a line of models without the technique ends, for the models that have it.

    base    (model,)  logits without the technique, as scored; the line's value where only the score with it is known
    level   (model,)  the line's value at its compute and date
    room    (model,)  decades from its compute to where the line may be continued
    top     best score on the line that is not nearly perfect, logits (`top_of`)
    """

    base: Floats
    level: Floats
    room: Floats
    top: float

    def expected_within(self, effect: float, slope: float) -> NDArray[np.bool_]:
        """Models that the technique is expected to leave on the line; luck with one's own score has no part in it."""
        return np.asarray((self.level + effect <= self.top) & (effect <= slope * self.room))

    def beyond(self, difference: Floats, slope: float) -> Floats:
        """Decades beyond the end of the line, by score or by compute, of each model with the technique."""
        if slope <= 0:
            return np.zeros(len(difference))
        return np.maximum(0.0, np.maximum(self.base + difference - self.top, difference - slope * self.room) / slope)

    def cut(self, difference: Floats, slope: float) -> Floats:
        """Differences as far as the line reaches, never cut below 0."""
        end = np.maximum(0.0, np.minimum(self.top - self.base, slope * self.room))
        return np.minimum(difference, end)


def compared_gain(
    x: Floats, y: Floats, has: NDArray[np.bool_], origin: NDArray[np.intp], year: Floats | None = None,
    most: float = np.inf,
) -> Gain:  # fmt: skip
    """Gain from models with the technique against others at equal compute; ValueError where they cannot be told apart.

    x, y, has, origin  (model,)  log10(FLOP), logits, whether it has the technique, family
    most  logits above which a score is nearly perfect
    """
    whole, fit = _compared(x, y, has, origin, year)
    plain = fit.coefficient[0] + fit.coefficient[1] * (x - x.mean())
    if year is not None:
        plain = plain + fit.coefficient[3] * (year - year.mean())
    difference = (y - plain)[has]
    reach = Reach(plain[has], plain[has], x[~has].max() + FAR - x[has], top_of(y[~has], most))
    beyond = reach.beyond(difference, whole.slope)
    within = reach.expected_within(whole.effect, whole.slope)
    far = float(beyond.max(initial=0.0))
    if within.any() and beyond[within].mean() * abs(whole.slope) <= LUCK * np.abs(difference[within]).mean():
        kept = ~has
        kept[has] = within
        return replace(_compared(x[kept], y[kept], has[kept], origin[kept], None if year is None else year[kept])[0],
                       stretched=whole.mid, beyond=far)  # fmt: skip
    short = y.copy()
    short[has] = plain[has] + reach.cut(difference, whole.slope)
    cut, _ = _compared(x, short, has, origin, year)
    return replace(
        cut, mid=float("nan"), high=float("inf"), effect=whole.effect, bound=True, stretched=whole.mid, beyond=far
    )


def _compared(
    x: Floats, y: Floats, has: NDArray[np.bool_], origin: NDArray[np.intp], year: Floats | None
) -> tuple[Gain, ClusteredFit]:
    columns = [np.ones(len(x)), x - x.mean(), has.astype(float)] + ([] if year is None else [year - year.mean()])
    fit = clustered_fit(np.stack(columns, axis=1), y, origin)
    pair = fit.covariance[np.ix_([2, 1], [2, 1])]
    effect, slope = float(fit.coefficient[2]), float(fit.coefficient[1])
    low, mid, high = fieller(effect, slope, pair, float(min(fit.freedom[1:3])))
    spread = float(np.sqrt(np.array([1, -mid]) @ pair @ np.array([1, -mid]))) / abs(slope)
    few = len(np.unique(origin[has])) < 3
    return Gain(low, mid, high, effect, slope, float(fit.error[1]), few, int((~has).sum()), int(has.sum()), spread), fit
