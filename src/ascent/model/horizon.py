"""Time horizons: how long a task, for a human, a model completes with a given probability.

    P(success) = sigmoid(discrimination × (log2 horizon − log2 minutes))

fitted per model to counts of attempts by task, and again on resamples of the suite. Families of tasks are drawn whole:
they bring their tasks' and attempts' chance along, and drawing those again as well counts it twice. Where families are
few, tasks within them are drawn too. All models see the same resample of tasks, so what is easy or hard about the suite
is shared by their draws and does not widen the trend between them.

Source: Kwa et al. 2025, Measuring AI Ability to Complete Long Tasks, arXiv:2503.14499 (curve, levels of resampling);
        Davison and Hinkley 1997, Bootstrap Methods, section 3.8; Field and Welsh 2007, JRSS B 69:369 (which levels).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.measure.horizon_counts import Counts, Indices
from ascent.model.horizon_families import FamilySpread, family_spread
from ascent.model.logistic import FITTED, fit_logistic

Levels = Literal["family", "family-task", "family-task-run", "task-run"]
FEW_FAMILIES = 10  # below which whole ones give too few different resamples
LEVELS: tuple[Levels, ...] = ("family", "family-task", "family-task-run", "task-run")
WEIGHTINGS = ("equal", "inverse-root", "attempt")


@dataclass(frozen=True, eq=False)
class HorizonFits:
    """Fits of every model on every resample; draw 0 on the data as they are.

    intercept, slope  (draw, model)  of log odds on log2 minutes; NaN where there is no finite fit
    outcome           (draw, model)  index of `logistic.OUTCOMES`
    edge              (draw, model)  log2 minutes where successes end and failures begin, in fits that are a step
    spread            how much draws of horizons are spread about the fit because few families decide; None: not at all
    """

    intercept: Floats
    slope: Floats
    outcome: NDArray[np.int8]
    edge: Floats
    spread: FamilySpread | None = None

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
        if self.spread is None:
            return value
        wider = self.spread.wider(self.intercept[0], self.slope[0], success)
        both = np.isfinite(value) & np.isfinite(value[0])
        with np.errstate(invalid="ignore"):
            return np.where(both, value[0] + wider * (value - value[0]), value)


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


def usual_levels(family: Indices) -> Levels:
    """What is resampled where nothing else is asked for: whole families, and tasks within them where these are few."""
    return "family" if len(np.unique(groups(family))) >= FEW_FAMILIES else "family-task"


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
    levels: Levels | None = None,
    draws: int = 1_000,
    seed: int = 0,
) -> HorizonFits:
    """Horizons of every model with resamples.

    weighting   see `weights`
    penalty     ridge on the slope per doubling, in attempts' worth of information: half of it times the squared slope
                is taken off a log likelihood whose weights add up to the effective number of attempts
    normalised  take it off a likelihood whose weights add up to 1 instead, however many attempts there are: how METR's
                fits of 2025 were made, with a pull towards flat curves that more data do not lessen
    levels      what is resampled; see `usual_levels` where left out
    draws       number of resamples; 0 for the fit alone

    >>> x = np.log2([1.0, 2, 4, 8, 16, 32, 64])
    >>> counts = Counts(x, np.full(7, -1), np.array([[10.0, 9, 8, 5, 2, 1, 0]]), np.full((1, 7), 10.0))
    >>> fits = fit_horizons(counts, draws=0)
    >>> f"{2 ** fits.log2_horizon(0.5)[0, 0]:.1f} minutes"
    '8.0 minutes'
    """
    models = len(counts.trials)
    each = weights(counts, weighting)
    levels = levels or usual_levels(counts.family)
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
    spread = None
    if not levels.startswith("task") and not normalised:
        spread = family_spread(counts, groups(counts.family), each, intercept[0], slope[0])
    return HorizonFits(intercept, slope, outcome, edge, spread)


def _drawn(successes: Floats, trials: Floats, again: Floats, rng: np.random.Generator) -> Floats:
    """Successes among `again` attempts drawn with replacement from those of each task, (draw, item)."""
    share = np.clip(successes / trials, 0.0, 1.0)
    return rng.binomial(np.rint(again).astype(np.int64), share).astype(float)
