"""How many factors a matrix with holes has, and how large its components are: every noise world has the same holes.

Three worlds of noise say how large a component is by chance alone. `complete` is the textbook's: independent numbers,
no holes. `noise` has the holes of the matrix and goes through the same filling or fitting; `permuted` shuffles each
column among its own cells. Filling holes from neighbours makes columns alike, so that against complete noise a
matrix of pure noise with holes shows factors that are not there.

The number of factors comes from a chain of tests: r factors against r + 1, by likelihood ratio, with worlds simulated
from the fit of r; the first that is not rejected ends the chain. The chance to find one too many is that of one test.

Source: Horn 1965, Psychometrika 30:179 (parallel analysis); Buja and Eyuboglu 1992 (permutation); Bartlett 1950 (chain
of tests); Beaumont, Zhang and Balding 2002, Genetics 162:2025 (local regression on simulated worlds).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.model.factor_worlds import draw_likeness, simulate
from ascent.model.factors import FactorsFit, eigen, fit_factors, rotated
from ascent.model.imputation import knn_impute

METHODS = ("observed", "published")
NULLS = ("noise", "permuted", "complete")
NEIGHBOURS = 5
STRONGER = 0.6  # logarithm of the most by which the first factor of a simulated world is stronger or weaker
NEAREST = 0.5  # share of simulated worlds that count as like the matrix


@dataclass(frozen=True, eq=False)
class Counted:
    """The chain of tests: `p[r]` of r factors against r + 1.

    number  factors found;  gain  (test,)  twice the log likelihood gained;  p  (test,)
    shared  (test, world)  share of what the factors leave that models of one developer have in common
    """

    number: int
    gain: tuple[float, ...]
    p: tuple[float, ...]
    shared: Floats = field(default_factory=lambda: np.zeros((0, 1)))

    @property
    def words(self) -> str:
        """How many factors stand, at least so many where the chain ended before a test was not significant."""
        more = "at least " if self.number == len(self.p) else ""
        named = {0: "no factor stands", 1: "one factor stands"}.get(self.number, f"{self.number} factors stand")
        return more + named

    def siblings(self) -> str:
        """What models of one developer have in common, and what follows.

        >>> print(Counted(1, (9.0,), (0.3,), np.full((1, 20), 0.25)).siblings())
        Of what the factors leave, models of one developer have 25 % in common on each benchmark (90% range 25 to 25); \
the worlds of the tests have as much, so that a family of models is no ability.
        """
        low, mid, high = (f"{100 * end:.0f}" for end in np.quantile(self.shared[-1], [0.05, 0.5, 0.95]))
        return (
            f"Of what the factors leave, models of one developer have {mid} % in common on each benchmark "
            f"({MASS:.0%} range {low} to {high}); the worlds of the tests have as much, so that a family of models is "
            "no ability."
        )

    def tests(self, worlds: int) -> str:
        """The probabilities in words; with so many simulated worlds none can be below 1 / (worlds + 1).

        >>> Counted(1, (9.0, 2.0), (0.005, 0.31)).tests(199), Counted(2, (9.0, 8.0), (0.005, 0.005)).tests(199)
        ('p ≤ 0.005 and 0.31 for factors 1 and 2', 'p ≤ 0.005 for each')
        """
        floor = 1 / (worlds + 1) + 1e-9
        told = [f"{'≤ ' if p <= floor else ''}{p:.2g}" for p in self.p]
        if len(set(told)) == 1:
            return f"p {told[0] if told[0][0] == '≤' else '= ' + told[0]}{' for each' * (len(told) > 1)}"
        places = [str(place + 1) for place in range(len(told))]
        said = " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
        last = " and ".join(filter(None, (", ".join(places[:-1]), places[-1])))
        return f"p {said if said[0] == '≤' else '= ' + said} for factors {last}"

    def beside(self, larger: int, worlds: int) -> str:
        """What the chain and the sizes find together, and where they differ.

        larger  components larger than those of noise with the same holes

        >>> print(Counted(4, (9.0,) * 4, (0.005,) * 4).beside(1, 199).replace(": ", ":\\n"))
        one factor stands out in both tests, which disagree on more:
        size against noise tells 1, a chain of likelihood ratio tests at least 4 (p ≤ 0.005 for each)
        """
        both = min(self.number, larger)
        named = {0: "no factor stands", 1: "one factor stands"}.get(both, f"{both} factors stand")
        chain = f"{'at least ' * (self.number == len(self.p))}{self.number or 'none'}"
        if self.number == larger:
            return f"{named} out, by size against noise and in a chain of likelihood ratio tests ({self.tests(worlds)})"
        return (
            f"{named} out in both tests, which disagree on more: size against noise tells {larger or 'none'}, "
            f"a chain of likelihood ratio tests {chain} ({self.tests(worlds)})"
        )


@dataclass(frozen=True, eq=False)
class Components:
    """Sizes and weights of the components, draw 0 the estimate.

    size     (column,)                   shares of every component, as the method sees them
    share    (draw, component)           of the variance of all columns, each standardised
    weights  (draw, column, component)   each component's of unit length
    fit      the factors behind it, one world
    params   the same factors fitted to the simulated worlds, as draws of what could have been found
    """

    size: Floats
    share: Floats
    weights: Floats
    fit: FactorsFit
    params: FactorsFit

    def filled(self, matrix: Floats, method: str, seed: int) -> Floats:
        """The matrix without holes, standardised, (draw, row, column): draw 0 as the method fills them.

        The others draw missing cells, and the factors behind them, from what the simulated worlds allow.
        """
        fit = self.fit
        own = (matrix - fit.center[0] - fit.spread[0] * fit.mean[0]) / (fit.spread[0] * fit.size()[0])
        likely = fit.filled(matrix)
        first = likely
        if method == "published":
            whole = knn_impute(matrix, NEIGHBOURS)
            first = ((whole - whole.mean(axis=0)) / whole.std(axis=0))[None]
        if len(self.share) == 1:
            return np.asarray(first)
        drawn = self.params.filled(own, np.random.default_rng([seed, 31]))
        return np.concatenate([first, drawn + (first - likely)])


def correlation(stack: Any, method: str, rank: int) -> Floats:
    """Correlation of the columns of each world, (world, column, column), as one of METHODS sees it.

    observed   implied by `rank` factors fitted to the cells that are there
    published  of the matrix with its holes filled from the nearest five rows
    """
    if method == "observed":
        return fit_factors(stack, rank).correlation()
    whole = knn_impute(stack, NEIGHBOURS)
    off = whole - whole.mean(axis=1, keepdims=True)
    size = np.sqrt((off**2).sum(axis=1, keepdims=True))
    off = np.divide(off, size, out=np.zeros_like(off), where=size > 1e-9)
    made = off.transpose(0, 2, 1) @ off
    made[:, np.arange(made.shape[1]), np.arange(made.shape[1])] = 1.0
    return np.asarray(made)


def recipe_shares(matrix: Floats, neighbours: int = NEIGHBOURS, standardised: bool = True) -> Floats:
    """Shares of the principal components of a matrix filled from its nearest rows, (component,)."""
    whole = knn_impute(matrix, neighbours)
    square = np.asarray(np.corrcoef(whole.T) if standardised else np.cov(whole.T))
    return np.asarray(eigen(square[None])[0][0])


def largest_shares(matrix: Floats, method: str) -> Floats:
    """Shares of the components of one matrix as two factors or the recipe have it, (component,)."""
    return np.asarray(eigen(correlation(matrix[None], method, 2))[0][0])


def null_shares(matrix: Floats, kind: str, method: str, rank: int, worlds: int, seed: int) -> Floats:
    """Shares of variance of the components of noise, (world, component), from the largest.

    matrix  (row, column)  NaN where missing;  kind  one of NULLS
    """
    rng = np.random.default_rng([seed, NULLS.index(kind)])
    there = np.isfinite(matrix)
    if kind == "permuted":
        stack = np.full((worlds, *matrix.shape), np.nan)
        for column in range(matrix.shape[1]):
            cells = np.flatnonzero(there[:, column])
            order = np.argsort(rng.random((worlds, len(cells))), axis=1)
            stack[:, cells, column] = matrix[cells, column][order]
    else:
        stack = rng.standard_normal((worlds, *matrix.shape))
        if kind == "noise":
            stack[:, ~there] = np.nan
    return eigen(correlation(stack, method, rank))[0]


def count_factors(
    matrix: Floats, *, groups: Any = None, error: float = 0.05, most: int = 4, worlds: int = 199, seed: int = 0
) -> Counted:
    """The chain of tests, up to `most` factors; `error` is the chance that each test finds one too many.

    groups  (row,) developer of each model: in the simulated worlds models of one developer have as much in common on
            each benchmark as here; None for models that have nothing in common beyond the factors

    >>> noise = np.random.default_rng(1).standard_normal((40, 6))
    >>> count_factors(noise, worlds=39).number
    0
    """
    rng = np.random.default_rng([seed, 17])
    gain, p, alike = [], [], []
    smaller = fit_factors(matrix, 0)
    for rank in range(min(most, matrix.shape[1] - 2)):
        larger = fit_factors(matrix, rank + 1)
        found = 2 * float(larger.log_likelihood[0] - smaller.log_likelihood[0])
        shared = draw_likeness(smaller, matrix, groups, worlds, rng)
        stack, _ = simulate(smaller, matrix, worlds, rng, groups=groups, shared=shared)
        chance = 2 * (fit_factors(stack, rank + 1).log_likelihood - fit_factors(stack, rank).log_likelihood)
        gain.append(found)
        alike.append(shared)
        p.append((1 + int((chance >= found).sum())) / (1 + worlds))
        if p[-1] > error:
            break
        smaller = larger
    number = len(p) - (p[-1] > error) if p else 0
    return Counted(number, tuple(gain), tuple(p), np.stack(alike) if alike else np.zeros((0, worlds)))


def components(
    matrix: Floats, method: str, rank: int, *, groups: Any = None, worlds: int = 300, seed: int = 0
) -> Components:
    """Components with what is known of their size and weights.

    groups  (row,) developer of each model, None where models have nothing in common beyond the factors

    Worlds with the holes of the matrix are simulated from what else could be true: from factors fitted to worlds of the
    fit, stronger or weaker by chance. Those whose estimates lie nearest to the matrix's say by how much estimates miss
    the truth, bias included.
    """
    fit = fit_factors(matrix, rank)
    share, weights = eigen(correlation(matrix[None], method, rank))
    size, share, weights = share[0], share[:, :rank], weights[:, :, :rank]
    if worlds < 20:
        return Components(size, share, weights, fit, fit)
    rng = np.random.default_rng([seed, 29])
    shared = draw_likeness(fit, matrix, groups, worlds, rng)
    stack, _ = simulate(fit, matrix, worlds, rng, groups=groups, shared=shared)
    params = fit_factors(stack, rank)
    # Even in the logarithm, so that the first factor is as easily stronger as weaker; the others may be nothing.
    first = np.exp(rng.uniform(-STRONGER, STRONGER, (worlds, 1)))
    strength = np.concatenate([first, rng.uniform(0.0, 1.6, (worlds, rank - 1))], axis=1)
    loadings = params.loadings / params.size()[:, :, None]
    stack, truth = simulate(fit, matrix, worlds, rng, strength, loadings=loadings, groups=groups, shared=shared)
    seen = fit_factors(stack, rank).correlation() if method == "observed" else correlation(stack, method, rank)
    share_seen, weights_seen = (part[..., :rank] for part in eigen(seen))
    share_true, weights_true = (part[..., :rank] for part in eigen(truth))
    target, seen_, true_ = (_logit(part) for part in (share, share_seen, share_true))
    spread = seen_.std(axis=0) + 1e-9
    apart = np.sqrt((((seen_ - target) / spread) ** 2).sum(axis=1))
    reach = np.quantile(apart, NEAREST) + 1e-9
    kernel = np.maximum(1 - (apart / reach) ** 2, 0.0)
    design = np.concatenate([np.ones((worlds, 1)), (seen_ - target) / spread], axis=1)
    root = np.sqrt(kernel)[:, None]
    slope = np.linalg.lstsq(design * root, true_ * root, rcond=None)[0]
    adjusted = slope[0] + true_ - design @ slope  # what the truth would have been at the estimate found
    chosen = _systematic(kernel, worlds, rng)
    center = slope[0] if method == "observed" else target[0]
    drawn = np.concatenate([center[None], adjusted[chosen]])
    missed = rotated(weights_seen, weights[0]) - rotated(weights_true, weights[0])
    turned = weights - missed[chosen]
    turned /= np.sqrt((turned**2).sum(axis=1, keepdims=True))
    return Components(size, 1 / (1 + np.exp(-drawn)), np.concatenate([weights, turned]), fit, _take(params, chosen))


def _take(fit: FactorsFit, chosen: Any) -> FactorsFit:
    return FactorsFit(
        fit.center[chosen], fit.spread[chosen], fit.mean[chosen], fit.loadings[chosen], fit.noise[chosen],
        fit.log_likelihood[chosen], fit.steps,
    )  # fmt: skip


def _systematic(weight: Floats, count: int, rng: np.random.Generator) -> Any:
    """Positions drawn in proportion to their weight, evenly."""
    ends = np.cumsum(weight) / weight.sum()
    return np.searchsorted(ends, (np.arange(count) + rng.random()) / count).clip(0, len(weight) - 1)


def _logit(share: Floats) -> Floats:
    inside = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)))
