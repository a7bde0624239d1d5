"""Laws of loss against parameters and tokens, as one family: log L = exp(t) x log of a sum of exponentials of lines.

Every form here is a soft maximum of terms that are linear in its own parameters, so value, gradient and curvature are
closed, whatever the form: `terms` is all that tells one from another.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.model.equal_loss import optimal

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Form:
    """One law.

    name    in words
    inner   parameters inside the sum, in the order of `terms`' last axis
    floor   whether it has an irreducible loss E
    tied    whether parameters and tokens share one exponent
    outer   whether the sum is raised to a power of its own, exp(t), the last parameter
    """

    name: str
    inner: int
    floor: bool = True
    tied: bool = False
    outer: bool = False

    @property
    def size(self) -> int:
        """How many parameters are fitted."""
        return self.inner + self.outer

    def terms(self, log_n: Floats, log_d: Floats) -> Floats:
        """Rows of the lines inside the sum, (run, term, inner), for centred logs of parameters and tokens.

        The order is a, b, then e with a floor, then the exponents.
        """
        found = np.zeros((len(log_n), 2 + self.floor, self.inner))
        at = 2 + self.floor
        found[:, 0, 0] = found[:, 1, 1] = 1.0
        if self.floor:
            found[:, 2, 2] = 1.0
        found[:, 0, at] = -log_n
        if self.outer:  # the exponent of tokens inside is 1: the power outside takes its place
            found[:, 1, :] = 0.0
            found[:, 1, 1] = 1.0
        else:
            found[:, 1, at if self.tied else at + 1] = -log_d
        return found

    def offset(self, log_d: Floats) -> Floats:
        """What is added to the lines and not fitted, (run, term)."""
        found = np.zeros((len(log_d), 2 + self.floor))
        if self.outer:
            found[:, 1] = -log_d
        return found

    def law(self, theta: Floats, mean_n: float, mean_d: float) -> Floats:
        """log A, log B, E, alpha, beta and the outer power, (..., 6), of centred parameters (..., size).

        L = (E + A / N^alpha + B / D^beta)^power. E is 0 and beta 1 where the form says so.
        """
        at = 2 + self.floor
        alpha = theta[..., at]
        one = np.ones_like(alpha)
        beta = one if self.outer else theta[..., at if self.tied else at + 1]
        floor = np.exp(theta[..., 2]) if self.floor else np.zeros_like(alpha)
        power = np.exp(theta[..., -1]) if self.outer else one
        return np.stack([theta[..., 0] + alpha * mean_n, theta[..., 1] + beta * mean_d, floor, alpha, beta, power], -1)


CHINCHILLA = Form("floor and two exponents", 5)
TIED = Form("floor and one exponent", 4, tied=True)
NO_FLOOR = Form("no floor", 4, floor=False)
KAPLAN = Form("no floor, a power of the sum", 3, floor=False, outer=True)
FORMS = (CHINCHILLA, TIED, NO_FLOOR, KAPLAN)


@dataclass(frozen=True)
class Runs:
    """Training runs to fit a law to, with logs centred so that intercepts and exponents hardly correlate.

    parameters, tokens, loss   (run,)
    log_n, log_d, log_loss     (run,), log_n and log_d less their means
    """

    parameters: Floats
    tokens: Floats
    loss: Floats
    log_n: Floats
    log_d: Floats
    log_loss: Floats
    mean_n: float
    mean_d: float

    @classmethod
    def of(cls, parameters: Floats, tokens: Floats, loss: Floats) -> "Runs":
        """Of amounts above 0, each (run,)."""
        n, d = np.log(parameters), np.log(tokens)
        mean_n, mean_d = float(n.mean()), float(d.mean())
        return cls(parameters, tokens, loss, n - mean_n, d - mean_d, np.log(loss), mean_n, mean_d)

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def compute(self) -> Floats:
        """6 x parameters x tokens, FLOP."""
        return np.asarray(6.0 * self.parameters * self.tokens)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> "Runs":
        """Some of the runs, centred anew."""
        return Runs.of(self.parameters[index], self.tokens[index], self.loss[index])


def predict(law: Floats, parameters: Floats, tokens: Floats) -> Floats:
    """Loss by a law (..., 6) at sizes and amounts of tokens of the same leading shape.

    >>> law = np.array([np.log(406.4), np.log(410.7), 1.69, 0.34, 0.28, 1.0])
    >>> round(float(predict(law, np.array(7e10), np.array(1.4e12))), 3)
    1.937
    """
    log_a, log_b, floor, alpha, beta, power = np.moveaxis(np.asarray(law, dtype=float), -1, 0)
    inside = floor + np.exp(log_a - alpha * np.log(parameters)) + np.exp(log_b - beta * np.log(tokens))
    return np.asarray(inside**power)


def tokens_per_parameter(law: Floats, budget: Floats | float) -> Floats:
    """Tokens per parameter of least loss for a budget of 6ND FLOP; NaN where an exponent is not above 0.

    law      (..., 6)
    budget   FLOP, of the same leading shape or one number
    Source   Hoffmann et al. 2022, arXiv:2203.15556, equation 4

    >>> law = np.array([np.log(482.01), np.log(2085.43), 1.8172, 0.3478, 0.3658, 1.0])
    >>> round(float(tokens_per_parameter(law, 5.76e23)), 1)
    18.4
    """
    size, tokens = division(law, budget)
    with np.errstate(all="ignore"):
        return np.asarray(tokens / size)


def division(law: Floats, budget: Floats | float) -> tuple[Floats, Floats]:
    """Parameters and tokens of least loss for a budget of 6ND FLOP; NaN where an exponent is not above 0.

    law  (..., 6); whatever power is outside the sum, the least of the inside is the least loss
    """
    log_a, log_b, _, alpha, beta, _ = np.moveaxis(np.asarray(law, dtype=float), -1, 0)
    able = (alpha > 0) & (beta > 0)
    with np.errstate(all="ignore"):  # laws that follow noise have constants beyond all bounds
        safe: Any = (np.exp(log_a), np.exp(log_b), np.where(able, alpha, 1.0), np.where(able, beta, 1.0))
        size, tokens = optimal(budget, safe)
    return np.where(able, size, np.nan), np.where(able, tokens, np.nan)
