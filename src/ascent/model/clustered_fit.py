"""Least squares on observations that come in groups, with errors that know it.

Source: Liang and Zeger 1986 (cluster-robust variance); Bell and McCaffrey 2002 (correction and degrees of freedom where
groups are few or unequal). The degrees of freedom are the smaller of two: for independent observations, and for groups
whose members move together.

A single group has no errors by groups: its scores sum to zero, whatever the scatter. There every observation counts as
a group of its own; the errors then are of this group alone and know nothing of how others differ (`single`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ClusteredFit:
    """coefficient (p,), covariance (p, p), freedom (p,) of each coefficient, residual (observation,), groups told."""

    coefficient: Floats
    covariance: Floats
    freedom: Floats
    residual: Floats
    groups: int

    @property
    def single(self) -> bool:
        """Whether there was one group only, so that errors are by observation."""
        return self.groups < 2

    @property
    def error(self) -> Floats:
        """Standard errors, (p,)."""
        return np.sqrt(np.diag(self.covariance))

    def drawn(self, draws: int, seed: int = 0) -> Floats:
        """Draws of the coefficients (draws, p), heavy-tailed as the least certain of them asks for.

        Multivariate t with the covariance and the smallest degrees of freedom.
        """
        rng = np.random.default_rng(seed)
        value, turn = np.linalg.eigh(self.covariance)
        normal = rng.standard_normal((draws, len(value))) * np.sqrt(value.clip(0))
        freedom = float(self.freedom.min())
        heavy = np.sqrt(freedom / rng.chisquare(freedom, draws))
        return np.asarray(self.coefficient + heavy[:, None] * (normal @ turn.T))


def clustered_fit(design: Floats, y: Floats, cluster: Indices) -> ClusteredFit:
    """Least squares of y on the columns of `design`.

    design   (observation, p)  of full rank (ValueError otherwise)
    y        (observation,)
    cluster  (observation,)    group of each; observations of one group may depend on each other in any way. Where all
                               are of one group, each stands for itself

    >>> x = np.arange(8.0)
    >>> fit = clustered_fit(np.stack([np.ones(8), x], axis=1), 2 * x + 1, np.arange(8))
    >>> [round(float(one), 6) for one in fit.coefficient]
    [1.0, 2.0]
    """
    design, y = np.asarray(design, dtype=float), np.asarray(y, dtype=float)
    size = np.sqrt((design**2).sum(axis=0))
    basis, upper = np.linalg.qr(design / np.where(size > 0, size, 1.0))
    if len(y) < design.shape[1] or np.abs(np.diag(upper)).min() < 1e-9:
        raise ValueError("the columns of the design do not tell their coefficients apart")
    back = np.linalg.inv(upper) / size[:, None]  # coefficient = back @ (basis' y)
    _, group = np.unique(cluster, return_inverse=True)
    told = int(group.max()) + 1
    group = group if told > 1 else np.arange(len(y))
    groups, width = int(group.max()) + 1, design.shape[1]
    inner = basis.T @ y
    residual = y - basis @ inner
    ones, score, gram = np.zeros((groups, width)), np.zeros((groups, width)), np.zeros((groups, width, width))
    np.add.at(ones, group, basis)
    np.add.at(score, group, basis * residual[:, None])
    np.add.at(gram, group, basis[:, :, None] * basis[:, None, :])
    root, turn = np.linalg.eigh(gram)
    with np.errstate(divide="ignore", invalid="ignore"):
        # (I - Q Q')^(-1/2) = I + Q Z Q'; where a group alone decides a direction, nothing can correct it.
        stretch = np.where((root > 1e-12) & (root < 1 - 1e-9), (1 / np.sqrt(1 - root) - 1) / root, 0.0)
    z = (turn * stretch[:, None, :]) @ np.swapaxes(turn, 1, 2)
    # Row p of `carry[g]` takes the residuals of group g, through the basis, to their part in coefficient p.
    carry = back + back @ gram @ z
    part = np.einsum("gpk,gk->gp", carry, score)
    reach = np.einsum("gpk,gkl->gpl", carry, gram)
    own, together = np.einsum("gpl,gpl->gp", reach, carry), np.einsum("gpk,gk->gp", carry, ones)
    freedom = np.empty(width)
    for p in range(width):
        apart = np.diag(own[:, p]) - reach[:, p] @ reach[:, p].T
        alike = np.diag(together[:, p]) - reach[:, p] @ ones.T
        alike = alike @ alike.T
        freedom[p] = max(1.0, min(np.trace(one) ** 2 / max((one**2).sum(), 1e-300) for one in (apart, alike)))
    return ClusteredFit(back @ inner, part.T @ part, freedom, residual, told)
