"""Posterior of the Jones parameters from a series of research inputs and what is known of the growth of software.

Software A obeys dA/dt = c A^(1 - beta) R(t)^lambda with a measured input R, so that exactly

    ln A(t) / A(0) = ln(1 + beta * g0 * I(t)) / beta,    I(t) = integral of (R(u) / R(0))^lambda du from 0 to t,

with g0 the growth at the start. One average growth rate says little about three parameters; the prior therefore counts,
and `Posterior` keeps it for comparison. Sampling is importance sampling in rounds, for many data sets at once: a broad
Student's t is fitted to the weighted draws, and a fifth of every round comes from the prior, so no part is ever lost.

Priors, weakly informative, with steady exponential growth as the typical outcome:
    returns r = lambda/beta   log-normal, median 1, sd of the log 1: 90 % between 0.2 and 5
    lambda                    log-normal, median 0.7, sd of the log 0.6: 90 % between 0.26 and 1.9
    g0 / steady growth        log-normal, median 1, sd of the log 0.5; steady growth is r times the input's mean growth

Source: Erdil, Besiroglu and Ho, Estimating Idea Production: A Methodological Survey, 2024 (the model and the case for a
Bayesian reading); Cappe and others, Population Monte Carlo, 2004 (the rounds). Priors and code are our own.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence, WrongUse

Floats = NDArray[np.float64]
DRAWS, ROUNDS = 8_192, 5
FREEDOM = 5.0  # of the Student's t that proposes
DEFENCE = 0.2  # share of every round that the prior proposes
ENOUGH = 0.1  # share of the draws that a proposal is fitted to
DIMENSIONS = 3
HUGE = 25.0  # in logs: parameters beyond it have no likelihood, and only have to stay finite


@dataclass(frozen=True)
class Prior:
    """Centres and sds of the logarithms of returns, lambda and initial over steady growth."""

    centre: tuple[float, float, float] = (0.0, math.log(0.7), 0.0)
    sd: tuple[float, float, float] = (1.0, 0.6, 0.5)

    def widened(self, factor: float) -> "Prior":
        """The same centres with the sd of the returns multiplied: for showing what the prior does."""
        return Prior(self.centre, (self.sd[0] * factor, *self.sd[1:]))


@dataclass(frozen=True, eq=False)
class Inputs:
    """A measured research input.

    times  (k,) years, rising, the first is the start of the period
    log    (k,) ln of the input per year; between two times it grows at an even rate
    """

    times: Floats
    log: Floats

    def __post_init__(self) -> None:
        times, log = np.asarray(self.times, dtype=float), np.asarray(self.log, dtype=float)
        if times.shape != log.shape or times.ndim != 1:
            raise WrongUse("An input series has one value for each of its times.")
        if len(times) < 3:
            raise TooLittleEvidence(
                need="inputs of at least 3 years", have=str(len(times)), fix="add more years of the series"
            )
        if not (np.all(np.diff(times) > 0) and np.all(np.isfinite(log))):
            raise WrongUse("The times of an input series rise, and every input is above zero.")

    @property
    def growth(self) -> float:
        """Mean growth, nats per year."""
        return float((self.log[-1] - self.log[0]) / (self.times[-1] - self.times[0]))


@dataclass(frozen=True, eq=False)
class Outputs:
    """What is known of software quality.

    times  (m,) years, after the inputs' first and not after their last
    log    (m,) or (dataset, m): ln A at the times less ln A at the inputs' first time
    sd     (m,) standard error of each
    """

    times: Floats
    log: Floats
    sd: Floats

    @classmethod
    def average(cls, inputs: Inputs, growth: float, sd: float) -> "Outputs":
        """One average growth rate over the whole period, nats per year, with its standard error."""
        span = float(inputs.times[-1] - inputs.times[0])
        return cls(inputs.times[-1:], np.array([growth * span]), np.array([sd * span]))


@dataclass(frozen=True, eq=False)
class Posterior:
    """Weighted draws of the logarithms of returns, lambda and initial over steady growth.

    draws      (dataset, draw, 3);  weights (dataset, draw), each row sums to one
    effective  (dataset,) how many equal draws they are worth
    """

    draws: Floats
    weights: Floats
    effective: Floats

    def quantiles(self, at: Any, parameter: int = 0) -> Floats:
        """(dataset, q) quantiles of exp(parameter): 0 returns, 1 lambda, 2 initial over steady growth."""
        wanted = np.atleast_1d(np.asarray(at, dtype=float))
        found = np.empty((len(self.draws), len(wanted)))
        for place, (draws, weights) in enumerate(zip(self.draws[..., parameter], self.weights, strict=True)):
            order = np.argsort(draws)
            middle = np.cumsum(weights[order]) - weights[order] / 2
            found[place] = np.exp(np.interp(wanted, middle, draws[order]))
        return found

    def below(self, values: Any, parameter: int = 0) -> Floats:
        """(dataset,) posterior probability that exp(parameter) lies below each data set's value."""
        bound = np.log(np.asarray(values, dtype=float))[:, None]
        return np.asarray((self.weights * (self.draws[..., parameter] < bound)).sum(axis=1))

    def resampled(self, size: int, seed: int = 0) -> Floats:
        """(dataset, size, 3) equally weighted draws of returns, lambda and initial over steady growth."""
        even = (np.arange(size) + np.random.default_rng(seed).uniform(size=(len(self.draws), 1))) / size
        found = np.empty((len(self.draws), size, DIMENSIONS))
        for place, weights in enumerate(self.weights):
            chosen = np.searchsorted(np.cumsum(weights), even[place] * (1 - 1e-12))
            found[place] = np.exp(self.draws[place, np.minimum(chosen, len(weights) - 1)])
        return found


def posterior(
    inputs: Inputs, outputs: Outputs | None, prior: Prior | None = None, *, draws: int = DRAWS, rounds: int = ROUNDS,
    seed: int = 0,
) -> Posterior:  # fmt: skip
    """What inputs and outputs say of the Jones parameters; without outputs that is the prior.

    draws   in each of the rounds; the last round is what is kept
    """
    stated = prior or Prior()
    centre, sd = np.array(stated.centre), np.array(stated.sd)
    batch = 1 if outputs is None else len(np.atleast_2d(outputs.log))
    chance = np.random.default_rng(seed)
    mean = np.broadcast_to(centre, (batch, DIMENSIONS))
    root = np.broadcast_to(np.diag(sd), (batch, DIMENSIONS, DIMENSIONS))
    for _ in range(rounds):
        theta = _proposed(chance, mean, root, centre, sd, draws)
        logs = _log_prior(theta, centre, sd)
        if outputs is not None:
            logs = logs + log_likelihood(theta, inputs, outputs)
        logs = logs - _log_proposal(theta, mean, root, centre, sd)
        weights = _weights(logs)
        mean, root = _fitted(theta, _tempered(logs), sd)
    return Posterior(theta, weights, 1 / (weights**2).sum(axis=1))


def log_likelihood(theta: Floats, inputs: Inputs, outputs: Outputs) -> Floats:
    """(dataset, draw) normal log likelihood of the outputs, up to a constant, at theta (dataset, draw, 3)."""
    told = np.atleast_2d(outputs.log)
    off = (told[:, None, :] - log_quality(theta, inputs, outputs.times)) / outputs.sd
    return np.asarray(-0.5 * (off**2).sum(axis=-1))


def log_quality(theta: Floats, inputs: Inputs, times: Floats) -> Floats:
    """(..., m) ln A at the times over A at the inputs' first time, exact for inputs that grow evenly in between.

    theta  (..., 3) logarithms of returns, lambda and initial over steady growth
    times  (m,) years within the inputs' period
    """
    wanted = np.asarray(times, dtype=float)
    if wanted.min() <= inputs.times[0] or wanted.max() > inputs.times[-1] + 1e-9:
        raise WrongUse("Software quality has to be told for times within the period of the inputs, after its start.")
    growth = inputs.growth
    if growth <= 0:
        raise WrongUse("The Jones model needs an input that grew over the period.")
    r, lam, ratio = np.moveaxis(np.exp(np.clip(theta, -HUGE, HUGE)), -1, 0)
    beta, start = lam / r, ratio * r * growth
    return np.asarray(np.log1p((beta * start)[..., None] * _done(lam, inputs, wanted)) / beta[..., None])


def _done(lam: Floats, inputs: Inputs, times: Floats) -> Floats:
    """(..., m) the integral I(t) of relative input to the power lambda."""
    starts, logs = inputs.times[:-1], inputs.log - inputs.log[0]
    rates = np.diff(logs) / np.diff(inputs.times)
    found = np.zeros((*np.shape(lam), len(times)))
    for start, end, level, rate in zip(starts, inputs.times[1:], logs[:-1], rates, strict=True):
        spent = np.clip(times, start, end) - start  # (m,)
        pace = np.clip(lam * rate, -HUGE, HUGE)[..., None]
        still = np.abs(pace) < 1e-9
        piece = np.where(still, spent, np.expm1(np.minimum(pace * spent, 10 * HUGE)) / np.where(still, 1.0, pace))
        found += np.exp(np.minimum(lam * level, 10 * HUGE))[..., None] * piece
    return found


def _proposed(chance: Any, mean: Floats, root: Floats, centre: Floats, sd: Floats, draws: int) -> Floats:
    batch = len(mean)
    normals = chance.standard_normal((batch, draws, DIMENSIONS))
    from_prior = chance.uniform(size=(batch, draws, 1)) < DEFENCE
    stretch = np.sqrt(FREEDOM / chance.chisquare(FREEDOM, (batch, draws, 1)))
    broad = mean[:, None, :] + np.einsum("bij,bdj->bdi", root, normals * stretch)
    return np.asarray(np.where(from_prior, centre + sd * normals, broad))


def _log_prior(theta: Floats, centre: Floats, sd: Floats) -> Floats:
    scaled = (theta - centre) / sd
    return np.asarray(-0.5 * (scaled**2).sum(axis=-1) - np.log(sd).sum() - DIMENSIONS / 2 * math.log(2 * math.pi))


def _log_proposal(theta: Floats, mean: Floats, root: Floats, centre: Floats, sd: Floats) -> Floats:
    """The mixture's density: Student's t about the last round, and the prior."""
    scaled = np.einsum("bij,bdj->bdi", np.linalg.inv(root), theta - mean[:, None, :])
    squares = (scaled**2).sum(axis=-1)
    constant = math.lgamma((FREEDOM + DIMENSIONS) / 2) - math.lgamma(FREEDOM / 2)
    constant -= DIMENSIONS / 2 * math.log(FREEDOM * math.pi)
    size = np.log(np.abs(np.linalg.det(root)))[:, None]
    student = constant - size - (FREEDOM + DIMENSIONS) / 2 * np.log1p(squares / FREEDOM)
    return np.asarray(np.logaddexp(math.log(1 - DEFENCE) + student, math.log(DEFENCE) + _log_prior(theta, centre, sd)))


def _weights(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _tempered(logs: Floats) -> Floats:
    """Weights raised to the largest power up to 1 at which they are still worth `ENOUGH` of the draws.

    A proposal fitted to the two or three draws that a sharp likelihood leaves would shrink to them.
    """
    found = _weights(logs)
    sharp = np.flatnonzero(1 / (found**2).sum(axis=1) < ENOUGH * logs.shape[1])
    low, high = np.zeros((len(sharp), 1)), np.ones((len(sharp), 1))
    for _ in range(12 if len(sharp) else 0):
        power = (low + high) / 2
        worth = 1 / (_weights(logs[sharp] * power) ** 2).sum(axis=1, keepdims=True)
        fine = worth >= ENOUGH * logs.shape[1]
        low, high = np.where(fine, power, low), np.where(fine, high, power)
    found[sharp] = _weights(logs[sharp] * low)
    return found


def _fitted(theta: Floats, weights: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Mean and root of the covariance of the weighted draws; never narrower than a five-hundredth of the prior."""
    mean = np.einsum("bd,bdi->bi", weights, theta)
    off = theta - mean[:, None, :]
    spread = np.einsum("bd,bdi,bdj->bij", weights, off, off) + np.diag((sd / 500) ** 2)
    return mean, np.linalg.cholesky(spread)
