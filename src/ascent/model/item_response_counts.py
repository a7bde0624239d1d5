"""Successes and trials by model and item as the fit needs them: weighed for repeats, multiplied in blocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats

BLOCK = 2_000_000  # cells widened at a time
SPARSE = 0.2  # tables with a smaller share of cells filled are kept sparse


@dataclass(eq=False)
class Counts:
    """Counts with weights per cell; `complete` where every cell was tried equally often."""

    successes: Any  # (model, item) dense of any number type, or scipy.sparse CSR
    trials: Any  # likewise; None where all cells have `each` trials
    each: float
    group: Any
    groups: int
    plain_successes: Any = None
    plain_trials: Any = None

    @classmethod
    def of(cls, successes: Any, trials: Any, group: Any) -> "Counts":
        groups = int(group.max()) + 1
        if hasattr(successes, "tocsr"):
            return cls(successes.tocsr(), trials.tocsr(), 0.0, group, groups)
        successes, trials = np.asarray(successes), np.asarray(trials)
        least, most = float(trials.min()), float(trials.max())
        if least == most == 1:
            return cls(successes, None, 1.0, group, groups)
        if np.count_nonzero(trials) < SPARSE * trials.size and trials.size > BLOCK:
            from scipy.sparse import csr_array

            return cls(csr_array(successes.astype(float)), csr_array(trials.astype(float)), 0.0, group, groups)
        if successes.size <= BLOCK:  # narrowed once, not in every step
            return cls(_short(successes), _short(trials), 0.0, group, groups)
        return cls(successes, trials, 0.0, group, groups)

    @property
    def models(self) -> int:
        return int(self.successes.shape[0])

    def repeated(self) -> bool:
        return self.trials is not None and float(self.trials.max()) > 1

    def item_sums(self) -> tuple[Floats, Floats]:
        """(item,) successes and trials."""
        solved = np.asarray(self.successes.sum(axis=0), dtype=float).ravel()
        if self.trials is None:
            return solved, np.full(len(solved), self.each * self.models)
        return solved, np.asarray(self.trials.sum(axis=0), dtype=float).ravel()

    def model_sums(self) -> tuple[Floats, Floats]:
        """(model,) successes and trials."""
        solved = np.asarray(self.successes.sum(axis=1), dtype=float).ravel()
        if self.trials is None:
            return solved, np.full(len(solved), self.each * self.successes.shape[1])
        return solved, np.asarray(self.trials.sum(axis=1), dtype=float).ravel()

    def log_likelihood(self, chance: Floats) -> Floats:
        """(model, node) from the chance of success (item, node)."""
        right = np.log(np.maximum(chance, 1e-300))
        wrong = np.log(np.maximum(1 - chance, 1e-300))
        if self.trials is None:
            told: Floats = self._over(self.successes, right - wrong) + self.each * wrong.sum(axis=0)
            return told
        return self._over(self.successes, right - wrong) + self._over(self.trials, wrong)

    def expected(self, weights: Floats) -> tuple[Floats, Floats]:
        """(item, node) successes and trials under the weights (model, node)."""
        solved = self._under(self.successes, weights)
        if self.trials is None:
            return solved, np.broadcast_to(self.each * weights.sum(axis=0), solved.shape)
        return solved, self._under(self.trials, weights)

    def weigh(self, correlation: Floats) -> None:
        """Let n alike repeats count as n / (1 + (n - 1) correlation) of which the same share succeeded."""
        if self.plain_successes is None:
            self.plain_successes, self.plain_trials = self.successes, self.trials
        if self.plain_trials is None:
            return  # nothing is repeated
        if hasattr(self.plain_trials, "tocsr"):
            trials = self.plain_trials.tocsr()
            per_cell = correlation[self.group[trials.indices]]
            factor = trials.copy()
            factor.data = 1 / (1 + np.maximum(trials.data - 1, 0) * per_cell)
            self.successes, self.trials = (one.multiply(factor).tocsr() for one in (self.plain_successes, trials))
            return
        factor = 1 / (1 + np.maximum(self.plain_trials - 1.0, 0) * correlation[self.group])
        self.successes, self.trials = (_short(one * factor) for one in (self.plain_successes, self.plain_trials))

    def correlation(self, chance: Callable[[Floats, slice], Floats], ability: Floats, fitted: int) -> Floats:
        """(benchmark,) how alike repeats are: moments of the shares, less what chance alone scatters within a cell.

        chance  gives (model, item) chances of abilities for a slice of items
        fitted  parameters that the chances cost: they take up their share of the scatter
        """
        successes = self.successes if self.plain_successes is None else self.plain_successes
        trials = self.trials if self.plain_trials is None else self.plain_trials
        top, low, cells, between = np.zeros((4, self.groups))
        for part in blocks(successes.shape):
            done, tried = (widened(one[:, part]) for one in (successes, trials))
            several = tried > 1
            share = done / np.maximum(tried, 1)
            expected = chance(ability, part)
            within = np.where(several, share * (1 - share) / np.maximum(tried - 1, 1), 0.0)
            apart = np.where(several, (share - expected) ** 2, 0.0)
            spread = np.where(several, expected * (1 - expected), 0.0)
            for total, cell in ((top, within), (low, spread), (cells, several), (between, apart)):
                total += np.bincount(self.group[part], cell.sum(axis=0), self.groups)
        kept = np.maximum(1 - fitted * (cells / max(cells.sum(), 1.0)) / np.maximum(cells, 1), 0.2)
        found: Floats = np.clip((between / kept - top) / np.maximum(low, 1e-12), 0.0, 0.95)
        return found

    def _over(self, cells: Any, values: Floats) -> Floats:
        if hasattr(cells, "tocsr"):
            return np.asarray(cells @ values)
        total = np.zeros((cells.shape[0], values.shape[1]))
        short = values.astype(np.float32)
        for part in blocks(cells.shape):
            total += _short(cells[:, part]) @ short[part]
        return total

    def _under(self, cells: Any, weights: Floats) -> Floats:
        if hasattr(cells, "tocsr"):
            return np.asarray(cells.T @ weights)
        short = weights.astype(np.float32)
        found = [_short(cells[:, part]).T @ short for part in blocks(cells.shape)]
        return np.concatenate(found).astype(float) if len(found) > 1 else found[0].astype(float)


def blocks(shape: tuple[int, int]) -> Iterator[slice]:
    """Slices of items, each of a bounded number of cells."""
    step = max(1, BLOCK // max(shape[0], 1))
    return (slice(start, start + step) for start in range(0, shape[1], step))


def _short(cells: Any) -> Any:
    """Cells in single precision, enough for sums over thousands of cells and twice as fast."""
    return np.asarray(cells, dtype=np.float32)


def widened(cells: Any) -> Floats:
    """Cells as dense numbers of double precision."""
    return np.asarray(cells.toarray() if hasattr(cells, "toarray") else cells, dtype=np.float64)
