"""The smooth trend of a training curve and what is left of it: a line, at most one bend of any pace, slow wandering.

    level = line + bend + g(x) + e,    g ~ Gaussian process (Matern 5/2, length l decades, size t),    e ~ scatter

The bend is an S-shaped rise or fall, or a change of slope, at any place and of any pace, each quick or slow; or none.
Line, size of the bend and scatter are free; l, t and the bend are averaged over by their restricted likelihood, a bend
at the price of half a log of the number of levels (Schwarz). So each curve says itself how it bends, and what is left
is linear in its levels given those weights, so that errors follow.

Source: Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, chapters 2 and 5; Wahba 1985 (generalised
maximum likelihood); Schwarz 1978.
"""

from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.curve_smooth import matern

LENGTHS = np.array([0.8, 1.6])  # decades: wandering that is quicker is no trend but spurts
SIZES = np.array([1.0, 4.0, 16.0, 64.0])  # of the wandering, in scatters of one checkpoint
PACES = 0.02 * 1.4 ** np.arange(11)  # decades that a bend takes, as the scale of a logistic curve
APART = 0.1  # decades between the places that a bend may have
LEAST = 6  # spans of a curve that a trend can be told from


class Trend:
    """Trends of all curves with checkpoints at x, (checkpoint,), whose levels are means over spans of x.

    place  (checkpoint,) the span of each, numbered from 0
    """

    def __init__(self, x: Floats, place: Any) -> None:
        count = np.bincount(place).astype(float)
        self.root = 1 / np.sqrt(count)

        def level(part: Floats) -> Floats:
            mean = np.zeros((len(count), part.shape[1]))
            np.add.at(mean, place, part)
            return np.asarray(mean / count[:, None] / self.root[:, None])

        base = np.linalg.qr(level(np.stack([np.ones_like(x), x - x.mean()], axis=1)))[0]
        middle = np.bincount(place, x) / count
        inner = matern(middle[:, None] - middle[None, :], LENGTHS) / (self.root[:, None] * self.root[None, :])
        whole = np.eye(len(count)) + np.concatenate([0 * inner[:1], *(size**2 * inner for size in SIZES)])
        turned = np.linalg.inv(whole)  # (model, span, span)
        right = turned @ base
        information = base.T @ right
        self.left = turned - right @ np.linalg.inv(information) @ np.swapaxes(right, 1, 2)
        self.size = -0.5 * (np.linalg.slogdet(whole)[1] + np.linalg.slogdet(information)[1])

        spots = np.arange(x[0], x[-1] + APART / 2, APART)
        far = np.clip((x[:, None, None] - spots[None, :, None]) / PACES, -500, 500)
        bends = [1 / (1 + np.exp(-far)), PACES * np.logaddexp(0.0, far)]
        made = level(np.concatenate([one.reshape(len(x), -1) for one in bends], axis=1))
        made -= base @ (base.T @ made)
        long = np.linalg.norm(made, axis=0)
        made = (made / np.maximum(long, 1e-300))[:, long > 1e-6 * long.max()]
        self.bent = self.left @ made  # (model, span, bend)
        self.weight = 1 / np.maximum((made[None] * self.bent).sum(axis=1), 1e-12)  # (model, bend)

    def rest(self, level: Any) -> Floats:
        """The matrix, (span, span), that takes the trend off these levels, (span,)."""
        told = np.asarray(level, dtype=float) / self.root
        count = len(told)
        misfit = np.maximum(self.left @ told @ told, 0.0)
        gained = (told @ self.bent) ** 2 * self.weight
        least = 1e-12 * float(told @ told) + 1e-300  # a straight line leaves rounding only
        power = 0.5 * (count - 2)
        straight = self.size - power * np.log(misfit + least)
        bent = self.size[:, None] - power * np.log(np.maximum(misfit[:, None] - gained, 0.0) + least)
        bent -= 0.5 * np.log(count) + np.log(bent.shape[1])
        most = max(straight.max(), bent.max())
        chance, each = np.exp(straight - most), np.exp(bent - most)
        total = chance.sum() + each.sum()
        mean = np.tensordot((chance + each.sum(axis=1)) / total, self.left, 1)
        parts = self.bent * np.sqrt(each / total * self.weight)[:, None, :]
        mean = mean - (parts @ np.swapaxes(parts, 1, 2)).sum(axis=0)
        return np.asarray(mean * self.root[:, None] / self.root[None, :])
