"""Other curves of success against length, and what "typical" success means beside success on average.

Success may fall with length otherwise than by the logistic: probit (thinner ends), complementary log-log (falls faster
at its end, or at its beginning where it is turned), or a logistic that never reaches 1 (a ceiling: some short tasks
fail whatever their length) or 0 (a floor).

Average and typical success differ where tasks of one length differ in difficulty. The average (marginal) horizon at
80 % is the length at which four of five tasks are completed. The typical (conditional) one is that at which a task of
middle difficulty is completed four times of five: longer, the more tasks differ.

Source: McCullagh and Nelder 1989, section 4.3 (links); Zeger, Liang and Albert 1988, Biometrics 44:1049 (meanings).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.core.quantiles import normal_probabilities, normal_quantiles
from ascent.measure.horizon_counts import Counts

CURVES = ("logistic", "probit", "ends faster", "begins faster", "with ceiling", "with floor")
CEILINGS = (1.0, 0.99, 0.98, 0.96, 0.94, 0.92, 0.9, 0.87, 0.84, 0.8, 0.75)
FLOORS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.16, 0.2)
STEPS = 60
NODES = 121  # of the quadrature over tasks' difficulty
LARGEST = 3.2  # logarithm of a scatter beyond which nothing is told
REACH = 5.5  # standard deviations


@dataclass(frozen=True, eq=False)
class CurveFits:
    """One family of curves fitted to every model.

    intercept, slope  (model,)  of the linear predictor on log2 minutes
    low, high         (model,)  floor and ceiling
    log_loss          (model,)  mean over weighted attempts of the negative log likelihood, nats
    """

    curve: str
    intercept: Floats
    slope: Floats
    low: Floats
    high: Floats
    log_loss: Floats

    def where(self, success: float) -> Floats:
        """log2 minutes at this rate of success, (model,); NaN where the curve does not fall or never passes there."""
        _, inverse = _LINKS[self.curve if self.curve in _LINKS else "logistic"]
        inner = (success - self.low) / (self.high - self.low)
        inside = (inner > 0) & (inner < 1) & (self.slope < 0)
        with np.errstate(all="ignore"):
            value = (inverse(np.where(inside, inner, 0.5)) - self.intercept) / self.slope
        return np.where(inside, value, np.nan)


def fit_curve(counts: Counts, weight: Floats, curve: str) -> CurveFits:
    """Fit one family of CURVES to every model by maximum likelihood.

    weight   (model, item)  of one attempt
    raises   ValueError for another family

    >>> x = np.log2([1.0, 2, 4, 8, 16, 32, 64])
    >>> counts = Counts(x, np.full(7, -1), np.array([[10.0, 9, 8, 5, 2, 1, 0]]), np.full((1, 7), 10.0))
    >>> [round(2 ** float(fit_curve(counts, np.ones((1, 7)), name).where(0.5)[0])) for name in ("logistic", "probit")]
    [8, 8]
    """
    if curve not in CURVES:
        raise ValueError(f"no curve is called '{curve}'; there are {', '.join(CURVES)}")
    s, n = weight * counts.successes, weight * counts.trials
    ends = [(0.0, 1.0)]
    if curve == "with ceiling":
        ends = [(0.0, high) for high in CEILINGS]
    elif curve == "with floor":
        ends = [(low, 1.0) for low in FLOORS]
    link = _LINKS[curve if curve in _LINKS else "logistic"][0]
    best: dict[str, Floats] | None = None
    for low, high in ends:
        a, b, loss = score_curve(counts.log2_minutes, s, n, link, low, high)
        one = {"intercept": a, "slope": b, "low": np.full(len(a), low), "high": np.full(len(a), high), "log_loss": loss}
        if best is None:
            best = one
        else:
            lower = loss < best["log_loss"] - 1e-12
            best = {name: np.where(lower, one[name], best[name]) for name in one}
    assert best is not None  # there is always one pair of ends
    return CurveFits(curve, **best)


Link = Callable[[Floats], tuple[Floats, Floats]]  # linear predictor to probability and its slope


def _logistic(eta: Floats) -> tuple[Floats, Floats]:
    p = 1 / (1 + np.exp(-np.clip(eta, -500, 500)))
    return p, p * (1 - p)


def _probit(eta: Floats) -> tuple[Floats, Floats]:
    return normal_probabilities(np.clip(eta, -30, 30)), np.exp(-(eta**2) / 2) / np.sqrt(2 * np.pi)


def _ends_faster(eta: Floats) -> tuple[Floats, Floats]:
    rate = np.exp(np.clip(eta, -500, 3.5))
    return -np.expm1(-rate), rate * np.exp(-rate)


def _begins_faster(eta: Floats) -> tuple[Floats, Floats]:
    rate = np.exp(np.clip(-eta, -500, 3.5))
    return np.exp(-rate), rate * np.exp(-rate)


_LINKS: dict[str, tuple[Link, Callable[[Floats], Floats]]] = {
    "logistic": (_logistic, lambda p: np.log(p / (1 - p))),
    "probit": (_probit, lambda p: normal_quantiles(p)),
    "ends faster": (_begins_faster, lambda p: -np.log(-np.log(p))),
    "begins faster": (_ends_faster, lambda p: np.log(-np.log1p(-p))),
}


def score_curve(
    x: Floats, s: Floats, n: Floats, link: Link, low: float = 0.0, high: float = 1.0
) -> tuple[Floats, Floats, Floats]:
    """Intercept, slope and mean loss of each model, (model,), for a link between a floor and a ceiling.

    x           (item,)
    s, n        (model, item)  weighted successes and trials

    Fisher scoring with halved steps where the likelihood would fall.
    """
    centre, spread = float(x.mean()), float(x.std()) or 1.0
    z = (x - centre) / spread
    total = np.maximum(n.sum(axis=1), 1e-300)
    at = np.zeros((len(s), 2))

    def loss_of(here: Floats) -> tuple[Floats, Floats, Floats]:
        p, dense = link(here[:, :1] + here[:, 1:] * z)
        mu = np.clip(low + (high - low) * p, 1e-12, 1 - 1e-12)
        return -(s * np.log(mu) + (n - s) * np.log1p(-mu)).sum(axis=1) / total, mu, (high - low) * dense

    loss, mu, dense = loss_of(at)
    size = np.ones(len(s))
    for _ in range(STEPS):
        pull = (s - n * mu) * dense / (mu * (1 - mu))
        weight = n * dense**2 / (mu * (1 - mu))
        g0, g1 = pull.sum(axis=1), pull @ z
        h00, h01, h11 = weight.sum(axis=1) + 1e-12, weight @ z, weight @ z**2 + 1e-12
        volume = np.maximum(h00 * h11 - h01**2, 1e-300)
        step = np.stack([h11 * g0 - h01 * g1, h00 * g1 - h01 * g0], axis=1) / volume[:, None]
        long = np.abs(step).max(axis=1)
        step *= (size * np.minimum(1.0, 4.0 / np.maximum(long, 1e-300)))[:, None]
        new, new_mu, new_dense = loss_of(at + step)
        good = new <= loss + 1e-15
        at = np.where(good[:, None], at + step, at)
        loss = np.where(good, new, loss)
        mu, dense = np.where(good[:, None], new_mu, mu), np.where(good[:, None], new_dense, dense)
        size = np.where(good, np.minimum(1.0, size * 2), size / 4)
        if (np.abs(step).max(axis=1) < 1e-9).all():
            break
    return at[:, 0] - at[:, 1] * centre / spread, at[:, 1] / spread, loss


@dataclass(frozen=True, eq=False)
class TaskScatter:
    """Success with tasks of one length differing in difficulty, (model,) each; NaN where too little tells.

    intercept, slope  on one task of middle difficulty
    scatter           standard deviation of log odds between tasks of one length
    """

    intercept: Floats
    slope: Floats
    scatter: Floats

    def typical(self, success: float) -> Floats:
        """log2 minutes at which a task of middle difficulty is completed at this rate."""
        value: Floats = (np.log(success / (1 - success)) - self.intercept) / self.slope
        return value

    def marginal(self, success: float) -> Floats:
        """log2 minutes at which tasks are completed at this rate on average."""
        nodes, weight = _quadrature()
        low, high = np.full(len(self.slope), -80.0), np.full(len(self.slope), 80.0)
        for _ in range(80):
            middle = (low + high) / 2
            share = _logistic(middle[:, None] + self.scatter[:, None] * nodes)[0] @ weight
            low, high = np.where(share < success, middle, low), np.where(share < success, high, middle)
        value: Floats = ((low + high) / 2 - self.intercept) / self.slope
        return value


def fit_task_scatter(counts: Counts, *, repeats: float = 1.5) -> TaskScatter:
    """Maximum likelihood with a normal difficulty per task, integrated over by quadrature.

    repeats  attempts per task, on average, below which difficulty and chance cannot be told apart: then NaN
    """
    from scipy.optimize import minimize

    nodes, weight = _quadrature()
    found = np.full((3, len(counts.trials)), np.nan)
    for model, (s, n) in enumerate(zip(counts.successes, counts.trials, strict=True)):
        tried = n > 0
        if not tried.any() or n[tried].mean() < repeats or not 0 < s.sum() < n.sum():
            continue
        x, s, n = counts.log2_minutes[tried], s[tried], n[tried]
        centre, spread = float(x.mean()), float(x.std()) or 1.0
        z = (x - centre) / spread

        def loss(theta: Floats, z: Floats = z, s: Floats = s, n: Floats = n) -> tuple[float, Floats]:
            size = np.exp(np.clip(theta[2], -5.0, LARGEST))
            eta = (theta[0] + theta[1] * z)[:, None] + size * nodes
            p = _logistic(eta)[0]
            each = s[:, None] * -np.logaddexp(0, -eta) + (n - s)[:, None] * -np.logaddexp(0, eta) + np.log(weight)
            top = each.max(axis=1, keepdims=True)
            share = np.exp(each - top)
            whole = share.sum(axis=1, keepdims=True)
            share /= whole
            rest = share * (s[:, None] - n[:, None] * p)
            pull = np.array([rest.sum(), (rest.sum(axis=1) * z).sum(), (rest * size * nodes).sum()])
            return -float((top + np.log(whole)).sum()), -pull

        fit = minimize(loss, np.array([0.0, -1.0, 0.0]), jac=True, method="BFGS")
        a, b, t = fit.x
        if b < 0 and t < LARGEST:
            found[:, model] = a - b * centre / spread, b / spread, np.exp(np.clip(t, -5.0, LARGEST))
    return TaskScatter(*found)


def _quadrature() -> tuple[Floats, Floats]:
    """Evenly spaced places of a standard normal: Gauss's own few are too far apart where tasks differ much."""
    nodes = np.linspace(-REACH, REACH, NODES)
    weight = np.exp(-(nodes**2) / 2)
    return nodes, weight / weight.sum()
