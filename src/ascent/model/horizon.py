"""Time horizons: how long a task, for a human, a model completes with a given probability.

    P(success) = sigmoid(discrimination × (log2 horizon − log2 minutes))

fitted per model to counts of attempts by task, and again on resamples of the suite: task families are drawn, tasks
within them, attempts within those. All models see the same resample of tasks, so what is easy or hard about the suite
is shared by their draws and does not widen the trend between them.

Source: Kwa et al. 2025, Measuring AI Ability to Complete Long Tasks, arXiv:2503.14499 (curve, levels of resampling);
        Field and Welsh 2007, JRSS B 69:369 (which levels to resample).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.measure.horizon_counts import Counts, Indices
from ascent.model.logistic import FITTED, fit_logistic

Levels = Literal["family", "family-task", "family-task-run", "task-run"]
LEVELS: tuple[Levels, ...] = ("family", "family-task", "family-task-run", "task-run")
WEIGHTINGS = ("equal", "inverse-root", "attempt")


@dataclass(frozen=True, eq=False)
class HorizonFits:
    """Fits of every model on every resample; draw 0 on the data as they are.

    intercept, slope  (draw, model)  of log odds on log2 minutes; NaN where there is no finite fit
    outcome           (draw, model)  index of `logistic.OUTCOMES`
    edge              (draw, model)  log2 minutes where successes end and failures begin, in fits that are a step
    wider             (model,)       by how much horizons' draws are spread about the fit, see `widening`
    """

    intercept: Floats
    slope: Floats
    outcome: NDArray[np.int8]
    edge: Floats
    wider: Floats

    @property
    def discrimination(self) -> Floats:
        """Nats of log odds lost per doubling of length, (draw, model)."""
        return -self.slope

    def log2_horizon(self, success: float) -> Floats:
        """log2 minutes, (draw, model): ±inf where all passes or fails, NaN where success does not fall with length."""
        logit = np.log(success / (1 - success))
        falls = (self.outcome == FITTED) & (self.slope < 0)
        with np.errstate(all="ignore"):
            value = np.where(falls, (logit - self.intercept) / self.slope, np.nan)
        for outcome, end in ((1, np.inf), (2, -np.inf)):
            value = np.where(self.outcome == outcome, end, value)
        value = np.where(np.isfinite(self.edge), self.edge, value)
        both = np.isfinite(value) & np.isfinite(value[0])
        with np.errstate(invalid="ignore"):
            return np.where(both, value[0] + self.wider * (value - value[0]), value)


def weights(counts: Counts, rule: str) -> Floats:
    """Weight of one attempt, (model, item); those of one model add up to the tasks it tried over its attempts.

    equal         each task counts alike, however often it was tried
    inverse-root  each task counts one over the root of the number of tasks tried in its family, as METR weighs
    attempt       each attempt counts alike
    raises        ValueError for another rule
    """
    tried = counts.trials > 0
    each = np.divide(1.0, counts.trials, out=np.zeros_like(counts.trials), where=tried)
    if rule == "attempt":
        each = tried.astype(float)
    elif rule == "inverse-root":
        family = groups(counts.family)
        size = np.zeros((len(tried), int(family.max(initial=0)) + 1))
        for model, row in enumerate(tried):
            size[model] = np.bincount(family, row, size.shape[1])
        each /= np.sqrt(np.maximum(size[:, family], 1.0))
    elif rule != "equal":
        raise ValueError(f"no weighting is called '{rule}'; there are {', '.join(WEIGHTINGS)}")
    return each


def groups(family: Indices) -> Indices:
    """Families numbered from 0 without gaps; tasks without one are families of their own.

    >>> groups(np.array([3, -1, 3, -1])).tolist()
    [0, 1, 0, 2]
    """
    alone = family < 0
    own = np.where(alone, family.max(initial=0) + 1 + np.cumsum(alone), family)
    _, first, place = np.unique(own, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    found: Indices = order[place].astype(np.intp)
    return found


def resample_tasks(family: Indices, draws: int, rng: np.random.Generator, levels: Levels) -> Floats:
    """How often each task stands in each resample, (draw, item).

    Families are drawn with replacement; within each drawn family as many of its tasks as it has, with replacement
    (only where `levels` resamples tasks). Copies of one family are drawn together: the sum of independent multinomials
    is a multinomial.
    """
    family = groups(family)
    if levels == "task-run":
        return rng.multinomial(len(family), np.full(len(family), 1 / len(family)), size=draws).astype(float)
    count = int(family.max(initial=-1)) + 1
    copies = rng.multinomial(count, np.full(count, 1 / count), size=draws)
    if levels == "family":
        return copies[:, family].astype(float)
    size = np.bincount(family)
    out = np.empty((draws, len(family)))
    alone = size[family] == 1
    out[:, alone] = copies[:, family[alone]]
    for one in np.flatnonzero(size > 1):
        mine = np.flatnonzero(family == one)
        out[:, mine] = rng.multinomial(copies[:, one] * len(mine), np.full(len(mine), 1 / len(mine)))
    return out


def fit_horizons(
    counts: Counts,
    *,
    weighting: str = "equal",
    penalty: float = 0.0,
    normalised: bool = False,
    levels: Levels = "family-task",
    draws: int = 1_000,
    seed: int = 0,
) -> HorizonFits:
    """Horizons of every model with resamples.

    weighting   see `weights`
    penalty     ridge on the slope per doubling, in attempts' worth of information: half of it times the squared slope
                is taken off a log likelihood whose weights add up to the effective number of attempts
    normalised  take it off a likelihood whose weights add up to 1 instead, however many attempts there are: how METR's
                fits of 2025 were made, with a pull towards flat curves that more data do not lessen
    levels      what is resampled
    draws       number of resamples; 0 for the fit alone

    >>> x = np.log2([1.0, 2, 4, 8, 16, 32, 64])
    >>> counts = Counts(x, np.full(7, -1), np.array([[10.0, 9, 8, 5, 2, 1, 0]]), np.full((1, 7), 10.0))
    >>> fits = fit_horizons(counts, draws=0)
    >>> f"{2 ** fits.log2_horizon(0.5)[0, 0]:.1f} minutes"
    '8.0 minutes'
    """
    models = len(counts.trials)
    each = weights(counts, weighting)
    shape = (draws + 1, models)
    intercept, slope, edge = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    outcome = np.zeros(shape, dtype=np.int8)
    times = resample_tasks(counts.family, draws, np.random.default_rng((seed, 0)), levels)
    for model in range(models):
        tried = np.flatnonzero(counts.trials[model] > 0)
        s, n, w = counts.successes[model, tried], counts.trials[model, tried], each[model, tried]
        # Weights add up to the number of attempts they are worth (Kish).
        total = float(w @ n)
        worth = total**2 / max(float(w**2 @ n), 1e-300)
        if normalised:  # to 1 for a suite tried whole and once; METR's root weights always to 1
            worth = 1.0 if weighting == "inverse-root" else total / len(counts.log2_minutes)
        w = w * (worth / total) if total > 0 else w
        first = fit_logistic(counts.log2_minutes[tried], (w * s)[None], (w * n)[None], penalty)
        start = (float(first.intercept[0]), float(first.slope[0])) if first.outcome[0] == FITTED else None
        parts = [first]
        if draws:
            again = times[:, tried] * n
            if levels.endswith("run"):
                drawn = _drawn(s, n, again, np.random.default_rng((seed, 1, model)))
            else:
                drawn = times[:, tried] * s
            parts.append(fit_logistic(counts.log2_minutes[tried], w * drawn, w * again, penalty, start=start))
        place = slice(0, None)
        intercept[place, model] = np.concatenate([part.intercept for part in parts])
        slope[place, model] = np.concatenate([part.slope for part in parts])
        outcome[place, model] = np.concatenate([part.outcome for part in parts])
        edge[place, model] = np.concatenate([part.edge for part in parts])
    wider = np.ones(models) if levels.startswith("task") or normalised else widening(counts, weighting)
    return HorizonFits(intercept, slope, outcome, edge, wider)


def widening(counts: Counts, weighting: str = "equal") -> Floats:
    """By how much intervals of each model are to be widened because its families are few or unequal, (model,).

    Resampled families vary less than families do: by (G − 1) / G in variance, and normal quantiles stand where those of
    Student's t with G − 1 degrees of freedom should. G is the number of equal families that would tell as much.

    Source: Cameron and Miller 2015, JHR 50:317 (few clusters); Carter, Schnepel and Steigerwald 2017, REStat 99:698
            (effective number of unequal ones).
    """
    family = groups(counts.family)
    per_task = weights(counts, weighting) * counts.trials
    shape = len(per_task), int(family.max(initial=0)) + 1
    by_family = np.zeros(shape)
    for model, row in enumerate(per_task):
        by_family[model] = np.bincount(family, row, shape[1])
    total, square = by_family.sum(axis=1), (by_family**2).sum(axis=1)
    count = np.maximum(np.divide(total**2, square, out=np.ones(shape[0]), where=square > 0), 2.0)
    ratio = student_quantile((1 + MASS) / 2, count - 1) / normal_quantile((1 + MASS) / 2)
    wider: Floats = ratio * np.sqrt(count / (count - 1))
    return wider


def _drawn(successes: Floats, trials: Floats, again: Floats, rng: np.random.Generator) -> Floats:
    """Successes among `again` attempts drawn with replacement from those of each task, (draw, item)."""
    share = np.clip(successes / trials, 0.0, 1.0)
    return rng.binomial(np.rint(again).astype(np.int64), share).astype(float)
