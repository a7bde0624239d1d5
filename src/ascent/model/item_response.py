"""Item response: how difficult each item is and how sharply it separates models, by marginal maximum likelihood.

A model of ability t solves item i with probability floor + (1 - floor) * sigmoid(discrimination * (t - difficulty)),
kept as slope * t + intercept so that items that no ability decides stay finite. Abilities are integrated out on a grid
whose weights are exact for smooth functions even where a long test pins a model between two nodes; items have a normal
prior whose centre and spread are estimated per benchmark (empirical Bayes), so few models do not run off.

Source: Bock and Aitkin 1981, Psychometrika 46:443 (marginal EM); Liu, Rubin and Wu 1998, Biometrika 85:755 (expansion
of the scale); Birnbaum 1968 (2PL, floor); Williams 1982, Applied Statistics 31:144 (repeats that are not independent).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.item_response_grid import NODES, ability_weights, curve, nodes_for

PRIOR_MODELS = 2.0  # of how many imagined items the spread of slopes and intercepts is known beforehand
SLOPE_SPREAD, INTERCEPT_SPREAD = 0.5, 2.0  # where nothing is known
STEPS, TOLERANCE = (
    300,
    1e-3,
)  # the tolerance is in units of slope and intercept where they are sharp, else of half an sd


@dataclass(frozen=True, eq=False)
class ItemResponse:
    """What the attempts say; abilities of the fitted models have mean 0 and mean square 1.

    slope, intercept         (item,) of the logit; difficulty = -intercept / slope
    floor                    (item,) success of pure guessing
    ability, ability_error   (model,) posterior mean and sd, given the items
    group, slopes            (item,) index of its benchmark; "2PL" or "1PL"
    repeat_correlation       (benchmark,) how alike repeats of one item by one model are beyond its ability, 0 to 1
    slope_mean, slope_spread, intercept_mean, intercept_spread   (benchmark,) of the prior
    converged, steps         how the search ended
    log_likelihood           marginal, of the weighted attempts
    """

    slope: Floats
    intercept: Floats
    floor: Floats
    ability: Floats
    ability_error: Floats
    group: Any
    slopes: str
    repeat_correlation: Floats
    slope_mean: Floats
    slope_spread: Floats
    intercept_mean: Floats
    intercept_spread: Floats
    converged: bool
    steps: int
    log_likelihood: float

    @property
    def difficulty(self) -> Floats:
        """(item,) ability at which half of what guessing leaves is solved; NaN where the slope is no slope."""
        flat = np.abs(self.slope) < 1e-6
        return np.where(flat, np.nan, -self.intercept / np.where(flat, 1.0, self.slope))

    def probability(self, ability: Floats | None = None) -> Floats:
        """(model, item) chance of success, of the fitted models or of abilities given."""
        at = self.ability if ability is None else np.asarray(ability, dtype=float)
        return curve(at[:, None] * self.slope + self.intercept, self.floor)

    def information(self, ability: Floats) -> Floats:
        """(model, item) Fisher information of one attempt on ability."""
        return attempt_information(np.asarray(ability, dtype=float), self.slope, self.intercept, self.floor)


def attempt_information(ability: Floats, slope: Floats, intercept: Floats, floor: Floats) -> Floats:
    """(ability, item) information of one attempt on ability: slope^2 p (1 - p) without a floor, less with one.

    ability           (ability,)
    slope, intercept  (item,), or (ability, item) where each ability has items of its own, as draws have

    >>> one = attempt_information(np.array([0.0]), np.array([2.0]), np.array([0.0]), np.array([0.0]))
    >>> float(one[0, 0])  # 2 squared, times a half times a half
    1.0
    """
    bare = curve(ability[:, None] * slope + intercept, 0.0)
    if not np.any(floor):
        return np.asarray(slope**2 * bare * (1 - bare))
    chance = floor + (1 - floor) * bare
    return np.asarray(slope**2 * (1 - floor) * bare**2 * (1 - bare) / np.maximum(chance, 1e-12))


def fit_items(
    successes: Any,
    trials: Any,
    *,
    group: Any = None,
    floor: Any = None,
    slopes: str = "2PL",
    repeats: bool | Floats = True,
    steps: int = STEPS,
    tolerance: float = TOLERANCE,
) -> ItemResponse:
    """Fit all items at once.

    successes, trials  (model, item) counts, dense or scipy.sparse; partial credit may make successes fractional, and
                       trials may be 0; integers of one byte do, they are widened in blocks
    group              (item,) index of the item's benchmark, 0 where not given
    floor              (item,) success of guessing, 0 where not given
    slopes             "2PL", or "1PL": one slope for all items of a benchmark
    repeats            estimate how alike repeats are and weigh them down by it (no effect where nothing is repeated),
                       or (benchmark,) how alike they are known to be
    raises             ValueError for fewer than two models or items, or an unknown kind of slopes

    >>> from ascent.model.item_response_world import simulate_items
    >>> world = simulate_items(models=60, items=40, seed=1)
    >>> fit = fit_items(world.successes, world.trials)
    >>> fit.converged, bool(np.corrcoef(fit.ability, world.ability)[0, 1] > 0.9)
    (True, True)
    """
    from ascent.model.item_response_counts import Counts

    models, items = successes.shape
    if models < 2 or items < 2:
        raise ValueError(f"needs two models and two items; got {models} and {items}")
    if slopes not in ("1PL", "2PL"):
        raise ValueError(f"slopes are '1PL' or '2PL', not '{slopes}'")
    group = np.zeros(items, dtype=np.intp) if group is None else np.asarray(group, dtype=np.intp)
    floor = np.zeros(items) if floor is None else np.asarray(floor, dtype=float)
    counts = Counts.of(successes, trials, group)
    search = _Search(counts, group, floor, slopes)
    correlation = np.zeros(counts.groups)
    estimated = repeats is True and counts.repeated()
    if not isinstance(repeats, bool):
        correlation = np.asarray(repeats, dtype=float)
        counts.weigh(correlation)
    used = 0
    for _ in range(6 if estimated else 0):  # the weights of repeats and the items in turn, to agreement
        _, used = search.run(steps, 20 * tolerance, used)
        before, correlation = correlation, counts.correlation(search.chance, search.ability, 2 * items + models)
        counts.weigh(correlation)
        if np.abs(correlation - before).max() < 0.01:
            break
    done, used = search.run(steps, tolerance, used)
    slope_mean, slope_spread, intercept_mean, intercept_spread = search.hyper
    return ItemResponse(
        slope=search.slope, intercept=search.intercept, floor=floor, ability=search.ability,
        ability_error=search.error, group=group, slopes=slopes, repeat_correlation=correlation,
        slope_mean=slope_mean, slope_spread=slope_spread, intercept_mean=intercept_mean,
        intercept_spread=intercept_spread, converged=done, steps=used, log_likelihood=search.log_likelihood,
    )  # fmt: skip


class _Search:
    """The state of one fit; each round is an E step, a change of scale and a Newton step of every item."""

    def __init__(self, counts: Any, group: Any, floor: Floats, slopes: str) -> None:
        self.counts, self.group, self.floor, self.common = counts, group, floor, slopes == "1PL"
        groups = counts.groups
        solved, tried = counts.item_sums()
        share = (solved + 0.5) / (tried + 1.0)
        above = np.clip((share - floor) / (1 - floor), 0.02, 0.98)
        self.intercept = np.log(above / (1 - above))
        self.slope = np.ones(len(floor)) if self.common else self._first_slopes(tried)
        self.intercept = self.intercept * np.sqrt(1 + self.slope**2 / 3)  # of the model at 0, not of the average one
        self.hyper = [
            np.ones(groups),
            np.full(groups, SLOPE_SPREAD),
            np.zeros(groups),
            np.full(groups, INTERCEPT_SPREAD),
        ]
        self.members = np.maximum(np.bincount(group, minlength=groups), 1)
        self.ability = self.error = np.zeros(counts.models)
        self.log_likelihood = -np.inf
        self.grid = self.nodes = NODES

    def _first_slopes(self, tried: Floats) -> Floats:
        """From the correlation of each item with the score of the models, held off the extremes."""
        done, given = self.counts.model_sums()
        score = (done + 0.5) / (given + 1.0)
        score = np.log(score / (1 - score))
        score = (score - score.mean()) / max(float(score.std()), 1e-9)
        with_score, of_score = self.counts.expected(np.column_stack([score, np.ones_like(score)]))[0:2]
        share = with_score[:, 1] / np.maximum(tried, 1e-9)
        covariance = with_score[:, 0] - share * of_score[:, 0]
        spread = np.maximum(tried * share * (1 - share), 1.0)
        return np.asarray(np.clip(covariance / spread, 0.2, 3.0))

    def chance(self, ability: Floats, items: slice) -> Floats:
        return curve(ability[:, None] * self.slope[items] + self.intercept[items], self.floor[items])

    def run(self, steps: int, tolerance: float, used: int) -> tuple[bool, int]:
        calm = False
        last = np.zeros(0)
        for turn in range(steps - used):
            used += 1
            before = np.concatenate([self.slope, self.intercept])
            solved, tried = self.expect()
            self.newton(solved, tried, 2 if turn < 3 else 1)
            self.priors()
            moved = np.concatenate([self.slope, self.intercept]) - before
            if (np.abs(moved) < tolerance * np.maximum(1, 2 * np.sqrt(self.variance[::-1].ravel()))).all():
                calm = True
                break
            if (
                turn % 4 == 3
            ):  # moves shrink by a steady factor: what is left of their sum is taken in one leap (Aitken)
                shrinks = float(np.clip(moved @ last / max(float(last @ last), 1e-12), 0.0, 0.9))
                leap = np.clip(moved * shrinks / (1 - shrinks), -0.5, 0.5)
                self.slope = self.slope + leap[: len(self.slope)]
                self.intercept = self.intercept + leap[len(self.slope) :]
            last = moved
        self.expect()
        return calm, used

    def expect(self) -> tuple[Floats, Floats]:
        """(item, node) successes and trials expected at each node; the scale is moved to the models at hand."""
        self.grid = nodes_for(self.slope) if self.grid is NODES else self.grid
        self.nodes = self.grid
        if self.error.any():  # no more of the grid than the models need
            low, high = (self.ability - 6 * self.error).min() - 0.3, (self.ability + 6 * self.error).max() + 0.3
            self.nodes = self.grid[np.searchsorted(self.grid, low) : np.searchsorted(self.grid, high)]
        chance = curve(self.nodes * self.slope[:, None] + self.intercept[:, None], self.floor[:, None])
        told = ability_weights(self.counts.log_likelihood(chance), self.nodes)
        weights, self.ability, self.error, self.log_likelihood = told
        solved, tried = self.counts.expected(weights)
        # Expansion: abilities of mean 0 and mean square 1 leave every chance as it is once the items follow.
        centre = float(self.ability.mean())
        scale = float(np.sqrt(np.mean((self.ability - centre) ** 2 + self.error**2)))
        self.at = (self.nodes - centre) / scale
        self.intercept = self.intercept + self.slope * centre
        self.slope = self.slope * scale
        self.ability, self.error = (self.ability - centre) / scale, self.error / scale
        return solved, tried

    def newton(self, solved: Floats, tried: Floats, steps: int) -> None:
        slope_mean, slope_spread, mean, spread = (one[self.group] for one in self.hyper)
        for _ in range(steps):
            logit = self.slope[:, None] * self.at + self.intercept[:, None]
            bare = curve(logit, 0.0)
            chance = self.floor[:, None] + (1 - self.floor[:, None]) * bare
            # d log p / d logit and its expected square; without a floor solved - tried p and tried p (1 - p)
            ratio = bare / np.maximum(chance, 1e-12)
            score = (solved - tried * chance) * ratio
            weight = tried * (1 - self.floor[:, None]) * ratio * bare * (1 - bare)
            g0, g1 = score.sum(1) - (self.intercept - mean) / spread**2, score @ self.at
            known = h00, h01, h11 = self._curvature(weight, spread)
            if self.floor.any():  # near the floor little is expected to be learnt, and steps would swing: hold them
                h00, h01, h11 = self._curvature(np.maximum(weight, 0.5 * tried * bare * (1 - bare)), spread)
            if self.common:
                self._common_step(g0, g1, h00, h01, h11)
            else:
                g1 = g1 - (self.slope - slope_mean) / slope_spread**2
                h11 = h11 + slope_spread**-2
                det = np.maximum(h00 * h11 - h01**2, 0.01 * h00 * h11)
                self.intercept = self.intercept + np.clip((h11 * g0 - h01 * g1) / det, -1, 1)
                self.slope = self.slope + np.clip((h00 * g1 - h01 * g0) / det, -0.5, 0.5)
            h00, h01, h11 = known[0], known[1], known[2] + (0.0 if self.common else slope_spread**-2)
            det = np.maximum(h00 * h11 - h01**2, 0.01 * h00 * h11)
            self.variance = np.stack([h11 / det, h00 / det])  # of intercept and slope

    def _curvature(self, weight: Floats, spread: Floats) -> tuple[Floats, Floats, Floats]:
        """(item,) of intercept (with its prior), both, and slope; weights between the nodes may be a little below 0,
        what is known of an item is not."""
        h00, h01, h11 = weight.sum(1), weight @ self.at, weight @ self.at**2
        return np.maximum(h00, 0) + spread**-2, h01, np.maximum(h11, 0)

    def _common_step(self, g0: Floats, g1: Floats, h00: Floats, h01: Floats, h11: Floats) -> None:
        """One slope per benchmark: the intercepts are eliminated from the Newton step."""
        top = np.bincount(self.group, g1 - h01 * g0 / h00)
        low = np.bincount(self.group, h11 - h01**2 / h00)
        step = np.clip(top / np.maximum(low, 1e-12), -0.5, 0.5)[self.group]
        self.slope = self.slope + step
        self.intercept = self.intercept + np.clip((g0 - h01 * step) / h00, -1, 1)

    def priors(self) -> None:
        """Centre and spread of slopes and intercepts per benchmark, the spread held by a few imagined items."""
        for at, value, variance, least in ((0, self.slope, self.variance[1], SLOPE_SPREAD),
                                           (2, self.intercept, self.variance[0], INTERCEPT_SPREAD)):  # fmt: skip
            self.hyper[at] = np.bincount(self.group, value, len(self.members)) / self.members
            square = (value - self.hyper[at][self.group]) ** 2 + variance
            total = np.bincount(self.group, square, len(self.members)) + PRIOR_MODELS * least**2
            self.hyper[at + 1] = np.sqrt(total / (self.members + PRIOR_MODELS))


def abilities_given(fit: ItemResponse, successes: Any, trials: Any) -> tuple[Floats, Floats]:
    """Posterior mean and sd of the ability of other models, (model,) each, with the items as fitted.

    successes, trials  (model, item) of these models at the items of the fit
    """
    from ascent.model.item_response_counts import Counts

    counts = Counts.of(successes, trials, fit.group)
    if fit.repeat_correlation.any() and counts.trials is not None:
        counts.weigh(fit.repeat_correlation)
    nodes = nodes_for(fit.slope)
    chance = curve(nodes * fit.slope[:, None] + fit.intercept[:, None], fit.floor[:, None])
    _, mean, error, _ = ability_weights(counts.log_likelihood(chance), nodes)
    return mean, error
