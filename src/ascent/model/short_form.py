"""A benchmark in fewer items: which to keep, and what is lost, judged on models that had no part in choosing.

Items are taken one after the other, each the one that most narrows the abilities of the models at hand. For the loss,
models are split into folds: items are fitted and chosen on the others; the held-out models are placed once by the kept
items and once by all, and their score on the whole benchmark is predicted from the kept ones.

Source: van der Linden 1998, Applied Psychological Measurement 22:195 (choice by information); Polo et al. 2024,
tinyBenchmarks, arXiv:2402.14992 (the whole score predicted from few items).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.item_response import ItemResponse, abilities_given, attempt_information, fit_items

Indices = NDArray[np.intp]
FEWEST_MODELS = 10
RANDOM_FORMS = 5  # random choices of items to compare with, per fold


@dataclass(frozen=True, eq=False)
class ShortFormLoss:
    """What is lost with each number of items; draw 0 is all held-out models, the others are resamples of them.

    sizes                (size,) items kept
    rank_correlation     (draw, size) between the predicted and the real score of the whole benchmark
    score_error          (draw, size) root mean square of predicted less real score, 0 to 1
    ability_error        (draw, size) root mean square of the ability by kept items less that by all
    random_...           the same for items chosen at random, mean over several choices
    models               held-out models judged
    """

    sizes: tuple[int, ...]
    rank_correlation: Floats
    score_error: Floats
    ability_error: Floats
    random_rank_correlation: Floats
    random_score_error: Floats
    random_ability_error: Floats
    models: int


def choose_items(fit: ItemResponse, ability: Floats, most: int, per_item: float = 1.0) -> Indices:
    """The best items, best first.

    ability   (model,) abilities to tell apart
    most      how many to choose
    per_item  attempts at each item, in independent ones
    returns   indices of items

    >>> from ascent.model.item_response_world import simulate_items
    >>> world = simulate_items(models=60, items=40, seed=1)
    >>> fit = fit_items(world.successes, world.trials)
    >>> chosen = choose_items(fit, fit.ability, 10)
    >>> len(set(chosen.tolist())), bool(world.slope[chosen].mean() > world.slope.mean())
    (10, True)
    """
    rising = np.where(fit.slope > 0, 1.0, 0.0)  # an item that falls with ability is no measure of it
    told = rising * per_item * attempt_information(ability, fit.slope, fit.intercept, fit.floor)  # (model, item)
    known = np.ones((len(ability), 1))  # the prior's
    free = np.ones(len(fit.slope), dtype=bool)
    chosen = []
    for _ in range(min(most, len(fit.slope))):
        gain = np.log1p(told / known).sum(axis=0)
        best = int(np.argmax(np.where(free, gain, -1.0)))
        chosen.append(best)
        free[best] = False
        known = known + told[:, [best]]
    return np.array(chosen, dtype=np.intp)


def short_form_loss(
    successes: Floats, trials: Floats, *, sizes: Sequence[int], floor: Floats | None = None, slopes: str = "2PL",
    folds: int = 5, draws: int = 400, seed: int = 0,
) -> ShortFormLoss:  # fmt: skip
    """The loss of short forms of one benchmark.

    successes, trials  (model, item) counts of the benchmark; models that tried fewer than half of its items stay out
    sizes              numbers of items to keep
    folds              parts that the models are split into
    raises             ValueError where fewer than ten models are left

    >>> from ascent.model.item_response_world import simulate_items
    >>> world = simulate_items(models=40, items=60, seed=1)
    >>> loss = short_form_loss(world.successes, world.trials, sizes=(5, 30), draws=20)
    >>> bool(loss.score_error[0, 1] < loss.score_error[0, 0])
    True
    """
    enough = (trials > 0).mean(axis=1) > 0.5
    successes, trials = successes[enough], trials[enough]
    if len(successes) < FEWEST_MODELS:
        raise ValueError(f"needs {FEWEST_MODELS} models that tried half of the items; got {len(successes)}")
    floor = np.zeros(successes.shape[1]) if floor is None else floor
    rng = np.random.default_rng(seed)
    # Models of every strength in every fold: dealt out in the order of their scores.
    real = successes.sum(axis=1) / trials.sum(axis=1)
    order = np.argsort(real, kind="stable")
    fold = np.empty(len(real), dtype=np.intp)
    fold[order] = np.arange(len(real)) % folds
    # Of every form, the chosen one first: predicted score, and ability less that by all items.
    predicted, apart = np.full((2, 1 + RANDOM_FORMS, len(real), len(sizes)), np.nan)
    for one in range(folds):
        held, rest = fold == one, fold != one
        fit = fit_items(successes[rest], trials[rest], floor=floor, slopes=slopes)
        whole, _ = abilities_given(fit, successes[held], trials[held])
        worth = _worth(trials[rest], fit)
        chosen = choose_items(fit, fit.ability, max(sizes), worth)
        forms = [chosen, *(rng.permutation(len(fit.slope)) for _ in range(RANDOM_FORMS))]
        for at, size in enumerate(sizes):
            for form, kept in enumerate(forms):
                ability, predicted[form, held, at] = _placed(fit, successes[held], trials[held], kept[:size])
                apart[form, held, at] = ability - whole
    pick = np.vstack([np.arange(len(real)), rng.integers(0, len(real), (draws, len(real)))])  # (draw, model)
    ranks = np.stack(
        [[_spearman(form[:, at], real, pick) for at in range(len(sizes))] for form in predicted]
    )  # (form, size, draw)
    score, ability = (_rms(values, pick) for values in (predicted - real[:, None], apart))
    return ShortFormLoss(
        tuple(sizes), ranks[0].T, score[0], ability[0], ranks[1:].mean(axis=0).T, score[1:].mean(axis=0),
        ability[1:].mean(axis=0), len(real),
    )  # fmt: skip


def _worth(trials: Floats, fit: ItemResponse) -> float:
    """Attempts at an item in independent ones, the median over the cells that were tried."""
    several = float(np.median(trials[trials > 0]))
    return several / (1 + (several - 1) * float(fit.repeat_correlation[0]))


def _placed(fit: ItemResponse, successes: Floats, trials: Floats, kept: Indices) -> tuple[Floats, Floats]:
    """Ability by the kept items, and the score predicted for all: what was seen of the kept, the curve for the rest."""
    only = np.zeros(len(fit.slope))
    only[kept] = 1.0
    ability, error = abilities_given(fit, successes * only, trials * only)
    # The curve averaged over what is still unknown of the ability.
    points, mass = np.polynomial.hermite_e.hermegauss(7)
    expected = sum(w * fit.probability(ability + x * error) for x, w in zip(points, mass / mass.sum(), strict=True))
    seen = np.where(trials > 0, successes / np.maximum(trials, 1), expected)
    return ability, np.where(only > 0, seen, expected).mean(axis=1)


def _rms(values: Floats, pick: Indices) -> Floats:
    """(form, draw, size) root mean squares of values (form, model, size)."""
    found: Floats = np.sqrt((values**2)[:, pick].mean(axis=2))
    return found


def _spearman(one: Floats, other: Floats, pick: Indices) -> Floats:
    """(draw,) rank correlation of resampled pairs; ties share their rank."""
    from scipy.stats import rankdata

    a, b = (rankdata(values[pick], axis=1) for values in (one, other))
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    found: Floats = (a * b).sum(axis=1) / np.sqrt(np.maximum((a**2).sum(axis=1) * (b**2).sum(axis=1), 1e-12))
    return found
