"""The shapes an uncertain input can have, each with its inverse cumulative distribution.

Every shape turns one number per draw into a value: a standard normal (basis "normal") or a uniform on (0, 1) (basis
"uniform"). So one input is one dimension of the sample, and any of them can be correlated through that number. A
parameter may be a `Quantity` itself: nested uncertainty.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from ascent.core.draws import MASS
from ascent.core.errors import WrongUse
from ascent.core.quantiles import normal_probabilities, normal_quantile, normal_quantiles
from ascent.forecast.quantity import Quantity, draw

Z = normal_quantile((1 + MASS) / 2)
Z80 = normal_quantile(0.9)
Parameter = float | Quantity


@dataclass(frozen=True)
class Distribution:
    """One shape with its parameters.

    parameters  numbers or quantities (nested uncertainty), as the shape's function below takes them
    basis       what it is made from: a standard normal or a uniform number per draw
    monotone    whether the value rises with that number (only then can the input be correlated with another)
    told        how it would be written
    """

    shape: str
    parameters: tuple[Parameter, ...]
    told: str = ""
    inner: tuple["Distribution", ...] = ()

    @property
    def basis(self) -> Literal["normal", "uniform"]:
        return "normal" if self.shape in _NORMAL else "uniform"

    @property
    def monotone(self) -> bool:
        return self.shape != "mixture" and all(part.monotone for part in self.inner)

    def values(self, basis: Any, parameters: Sequence[Any]) -> Any:
        """Values for standard normals or uniforms (draw,), with the parameters as numbers or arrays (draw,)."""
        if self.shape in ("mixture", "truncated"):
            return (_mixture if self.shape == "mixture" else _truncated)(self, basis, parameters)
        return (_NORMAL | _UNIFORM)[self.shape](basis, *parameters)

    def quantile(self, probability: Any, parameters: Sequence[Any] | None = None) -> Any:
        """Values at these probabilities; a mixture's by bisection, as its draws do not rise with their number."""
        p = np.asarray(probability, dtype=float)
        numbers = self._numbers() if parameters is None else parameters
        if self.shape == "mixture":
            return _invert(lambda x: _mixture_below(self, x), p, *_span(self))
        return self.values(normal_quantiles(p) if self.basis == "normal" else p, numbers)

    def below(self, value: float) -> float:
        """Probability of a value below this one (by bisection on the quantile where there is no closed form)."""
        if self.shape == "mixture":
            return _mixture_below(self, value)
        if self.shape in ("lognormal", "normal", "uniform") and not any(
            isinstance(p, Quantity) for p in self.parameters
        ):
            first, second = self._numbers()
            if self.shape == "uniform":
                return min(max((value - first) / (second - first), 0.0), 1.0)
            if self.shape == "lognormal" and value <= 0:
                return 0.0
            score = ((math.log(value) if self.shape == "lognormal" else value) - first) / second
            return float(normal_probabilities(score))
        low, high, cells = 0.0, 1.0, 4096
        for _ in range(5):  # narrowed 4096-fold at a time: one call handles a whole grid
            grid = np.linspace(low, high, cells + 1)
            with np.errstate(all="ignore"):
                found = np.asarray(self.quantile(np.clip(grid, 1e-300, 1 - 1e-16)))
            place = int(np.searchsorted(found, value))
            low, high = float(grid[max(place - 1, 0)]), float(grid[min(place, cells)])
        return (low + high) / 2

    @property
    def centre(self) -> float:
        """The median, nested parameters at their own centres."""
        return float(self.quantile(0.5))

    def _numbers(self) -> tuple[float, ...]:
        return tuple(_centre(one) for one in self.parameters)


def _centre(parameter: Parameter) -> float:
    if not isinstance(parameter, Quantity):
        return parameter
    from ascent.forecast.montecarlo import centre

    return centre(parameter)


# --- shapes: (basis, parameters) -> values -------------------------------------------------------------------------


def _lognormal(z: Any, mu: Any, sigma: Any) -> Any:
    return np.exp(mu + sigma * z)


def _normal(z: Any, mean: Any, sd: Any) -> Any:
    return mean + sd * z


def _split(z: Any, low: Any, mid: Any, high: Any) -> Any:
    return mid + z * np.where(z < 0, (mid - low) / Z, (high - mid) / Z)


def _split_log(z: Any, low: Any, mid: Any, high: Any) -> Any:
    return np.exp(_split(z, np.log(low), np.log(mid), np.log(high)))


def _knots(z: Any, *pairs: Any) -> Any:
    """Straight in the normal score between given quantiles, and on as a normal outside them."""
    scores, values = np.array(pairs[0::2], dtype=float), np.array(pairs[1::2], dtype=float)
    inside = np.interp(z, scores, values)
    first = (values[1] - values[0]) / (scores[1] - scores[0])
    last = (values[-1] - values[-2]) / (scores[-1] - scores[-2])
    out = np.where(z < scores[0], values[0] + (z - scores[0]) * first, inside)
    return np.where(z > scores[-1], values[-1] + (z - scores[-1]) * last, out)


def _knots_log(z: Any, *pairs: Any) -> Any:
    logs = [value if place % 2 == 0 else math.log(value) for place, value in enumerate(pairs)]
    return np.exp(_knots(z, *logs))


def _uniform(u: Any, low: Any, high: Any) -> Any:
    return low + (high - low) * u


def _log_uniform(u: Any, low: Any, high: Any) -> Any:
    return np.exp(np.log(low) + (np.log(high) - np.log(low)) * u)


def _triangular(u: Any, low: Any, mode: Any, high: Any) -> Any:
    width, left = high - low, mode - low
    split = left / width
    rising = low + np.sqrt(u * width * left)
    return np.where(u < split, rising, high - np.sqrt((1 - u) * width * (high - mode)))


def _beta(u: Any, a: Any, b: Any) -> Any:
    from scipy.special import betaincinv

    return betaincinv(a, b, u)


def _empirical(u: Any, *values: Any) -> Any:
    listed = np.sort(np.array(values, dtype=float))
    return listed[np.minimum((np.asarray(u) * len(listed)).astype(int), len(listed) - 1)]


def _point(u: Any, value: Any) -> Any:
    return np.full(np.shape(u), value)


_NORMAL: dict[str, Callable[..., Any]] = {
    "lognormal": _lognormal, "normal": _normal, "split": _split, "split log": _split_log,
    "knots": _knots, "knots log": _knots_log,
}  # fmt: skip
_UNIFORM: dict[str, Callable[..., Any]] = {
    "uniform": _uniform, "log-uniform": _log_uniform, "triangular": _triangular, "beta": _beta,
    "empirical": _empirical, "point": _point,
}  # fmt: skip


def _mixture(self: Distribution, u: Any, parameters: Sequence[Any]) -> Any:
    """One number decides the part and, stretched over the part's share, the place within it."""
    ends = np.cumsum([0.0, *(part / sum(parameters) for part in parameters)])
    out = np.empty_like(u)
    for place, part in enumerate(self.inner):
        last = place == len(self.inner) - 1
        mine = (u >= ends[place]) & ((u < ends[place + 1]) | last)
        within = np.clip((u[mine] - ends[place]) / (ends[place + 1] - ends[place]), 1e-16, 1 - 1e-16)
        out[mine] = part.quantile(within)
    return out


def _truncated(self: Distribution, u: Any, parameters: Sequence[Any]) -> Any:
    (whole,) = self.inner
    start, stop = parameters[2], parameters[3]
    inside = np.clip(start + np.asarray(u) * (stop - start), 1e-300, 1 - 1e-16)
    return np.clip(whole.quantile(inside), parameters[0], parameters[1])


def _mixture_below(self: Distribution, value: float) -> float:
    weights = self._numbers()
    return math.fsum(w * part.below(value) for w, part in zip(weights, self.inner, strict=True)) / math.fsum(weights)


def _span(self: Distribution) -> tuple[float, float]:
    ends = [float(part.quantile(p)) for part in self.inner for p in (1e-12, 1 - 1e-12)]
    return min(ends), max(ends)


def _invert(below: Callable[[float], float], p: Any, low: float, high: float) -> Any:
    flat = []
    for wanted in np.atleast_1d(p):
        one, two = low, high
        for _ in range(80):
            middle = (one + two) / 2
            one, two = (middle, two) if below(middle) < wanted else (one, middle)
        flat.append((one + two) / 2)
    return np.array(flat).reshape(np.shape(p))


# --- making them ---------------------------------------------------------------------------------------------------


def between(low: Parameter, high: Parameter) -> Distribution:
    """90 % between the two: log-normal where both are positive, else normal.

    >>> [round(float(between(5, 20).quantile(p)), 6) for p in (0.05, 0.5, 0.95)]
    [5.0, 10.0, 20.0]
    """
    first, second = _centre(low), _centre(high)
    _rising("its two ends", first, second)
    if isinstance(low, Quantity) or isinstance(high, Quantity):
        from ascent.forecast.quantity import log

        if first > 0:
            one, two = log(low), log(high)
            return Distribution("lognormal", ((one + two) / 2, (two - one) / (2 * Z)))
        return Distribution("normal", ((low + high) / 2, (high - low) / (2 * Z)))
    if first > 0:
        one_log, two_log = math.log(first), math.log(second)
        return Distribution("lognormal", ((one_log + two_log) / 2, (two_log - one_log) / (2 * Z)))
    return Distribution("normal", ((first + second) / 2, (second - first) / (2 * Z)))


def low_mid_high(low: float, mid: float, high: float) -> Distribution:
    """5 %, 50 % and 95 %: half a normal on each side of the middle, in logs where all three are positive.

    >>> [round(float(low_mid_high(1, 2, 8).quantile(p)), 6) for p in (0.05, 0.5, 0.95)]
    [1.0, 2.0, 8.0]
    """
    _rising("its three values", low, mid, high)
    return Distribution("split log" if low > 0 else "split", (low, mid, high))


def quantiles(pairs: Sequence[tuple[float, float]]) -> Distribution:
    """Through given (probability, value) pairs; between and beyond them like a normal, in logs where positive."""
    if len(pairs) < 2:
        raise WrongUse("Quantiles need at least two pairs, such as quantiles(0.1: 2, 0.9: 5).")
    _rising("the probabilities of its quantiles", 0.0, *(p for p, _ in pairs), 1.0)
    _rising("the values of its quantiles", *(value for _, value in pairs))
    flat = tuple(number for p, value in pairs for number in (normal_quantile(p), value))
    return Distribution("knots log" if pairs[0][1] > 0 else "knots", flat)


def mixture(parts: Sequence[tuple[float, Distribution]]) -> Distribution:
    """One of several shapes, by weight."""
    if not parts or any(not 0 < weight < math.inf for weight, _ in parts):
        raise WrongUse("A mixture needs parts with positive weights, such as mixture(0.7: 1..3, 0.3: 10..20).")
    if any(isinstance(one, Quantity) for _, part in parts for one in part.parameters):
        raise WrongUse("The parts of a mixture take plain numbers; put the nested range into an input of its own.")
    flat = [one for weight, part in parts for one in _parts(part, weight)]
    return Distribution("mixture", tuple(weight for weight, _ in flat), inner=tuple(part for _, part in flat))


def _parts(whole: Distribution, weight: float = 1.0) -> list[tuple[float, Distribution]]:
    """A mixture's own parts with their shares of a weight: a mixture of mixtures is a mixture."""
    if whole.shape != "mixture":
        return [(weight, whole)]
    total = math.fsum(whole._numbers())
    return [(weight * one / total, part) for one, part in zip(whole._numbers(), whole.inner, strict=True)]


def truncated(whole: Distribution, low: float, high: float) -> Distribution:
    """The shape within two bounds, its probability outside spread over what is inside.

    Of a mixture it is the mixture of its parts within the bounds, each weighed by what is left of it: nothing has to be
    inverted.
    """
    if not high > low:  # one side may be open: a bound at infinity
        raise WrongUse(f"A range runs from low to high, but the bounds of what is truncated are {low:g}, {high:g}.")
    if any(isinstance(one, Quantity) for one in whole.parameters):
        raise WrongUse("What is truncated takes plain numbers; put the nested range into an input of its own.")
    if whole.shape == "mixture":
        left = [(weight, _inside(part, low, high), part) for weight, part in _parts(whole)]
        if kept := [(weight * share, _cut(part, low, high)) for weight, share, part in left if share >= 1e-9]:
            return mixture(kept)
    start, stop = whole.below(low) if math.isfinite(low) else 0.0, whole.below(high) if math.isfinite(high) else 1.0
    if whole.shape == "mixture" or stop - start < 1e-9:
        raise WrongUse(f"Nothing of the range lies between {low:g} and {high:g}; check the bounds or the range.")
    return Distribution("truncated", (low, high, start, stop), inner=(whole,))


def _inside(part: Distribution, low: float, high: float) -> float:
    if part.shape == "point":
        return float(low <= part._numbers()[0] <= high)
    return (part.below(high) if math.isfinite(high) else 1.0) - (part.below(low) if math.isfinite(low) else 0.0)


def _cut(part: Distribution, low: float, high: float) -> Distribution:
    return part if part.shape == "point" or _inside(part, low, high) > 1 - 1e-12 else truncated(part, low, high)


def _rising(what: str, *values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise WrongUse(f"A range needs finite numbers, but {what} are {', '.join(f'{v:g}' for v in values)}.")
    if any(two <= one for one, two in pairwise(values)):
        raise WrongUse(f"A range runs from low to high, but {what} are {', '.join(f'{v:g}' for v in values)}.")


# --- as the public functions of a program --------------------------------------------------------------------------


def lognormal(
    *, low: Parameter | None = None, high: Parameter | None = None, p10: float | None = None, p90: float | None = None,
    median: Parameter | None = None, sigma: Parameter | None = None, unit: str = "", source: str = "",
) -> Quantity:  # fmt: skip
    """A log-normal quantity: 90 % between `low` and `high`, 80 % between `p10` and `p90`, or median and sigma of logs.

    >>> lognormal(low=1.5, high=3, unit="USD/hour")
    <input in USD/hour>
    """
    return draw(lognormal_shape(low=low, high=high, p10=p10, p90=p90, median=median, sigma=sigma), unit, source=source)


def normal(
    *, mean: Parameter | None = None, sd: Parameter | None = None, low: float | None = None, high: float | None = None,
    unit: str = "", source: str = "",
) -> Quantity:  # fmt: skip
    """A normal quantity, by mean and standard deviation or with 90 % between `low` and `high`."""
    return draw(normal_shape(mean=mean, sd=sd, low=low, high=high), unit, source=source)


def uniform(low: Parameter, high: Parameter, unit: str = "", source: str = "") -> Quantity:
    """Every value between two ends alike."""
    return draw(Distribution("uniform", (low, high)), unit, source=source)


def beta(a: float, b: float, unit: str = "fraction", source: str = "") -> Quantity:
    """A beta quantity, for shares."""
    return draw(Distribution("beta", (a, b)), unit, source=source)


def lognormal_shape(
    *, low: Parameter | None = None, high: Parameter | None = None, p10: float | None = None, p90: float | None = None,
    median: Parameter | None = None, sigma: Parameter | None = None,
) -> Distribution:  # fmt: skip
    """The shape alone; raises WrongUse for ends that are not positive or not one complete pair."""
    if low is not None and high is not None:
        if _centre(low) <= 0:
            raise WrongUse(f"A log-normal is positive, but its low end is {_centre(low):g}; use normal(low=, high=).")
        return between(low, high)
    if p10 is not None and p90 is not None:
        _rising("its p10 and p90", p10, p90)
        if p10 <= 0:
            raise WrongUse(f"A log-normal is positive, but its p10 is {p10:g}.")
        return Distribution("lognormal", (math.log(p10 * p90) / 2, math.log(p90 / p10) / (2 * Z80)))
    if median is not None and sigma is not None:
        from ascent.forecast.quantity import log

        if _centre(median) <= 0 or _centre(sigma) <= 0:
            raise WrongUse(
                f"A log-normal's median and sigma are positive, not {_centre(median):g} and {_centre(sigma):g}."
            )
        centre = log(median) if isinstance(median, Quantity) else math.log(median)
        return Distribution("lognormal", (centre, sigma))
    raise WrongUse("A log-normal takes low and high, p10 and p90, or median and sigma.")


def normal_shape(
    *, mean: Parameter | None = None, sd: Parameter | None = None, low: float | None = None, high: float | None = None
) -> Distribution:
    """The shape alone; raises WrongUse where it is not given by mean and sd or by low and high."""
    if mean is not None and sd is not None:
        if _centre(sd) <= 0:
            raise WrongUse(f"The standard deviation of a normal is positive, not {_centre(sd):g}.")
        return Distribution("normal", (mean, sd))
    if low is not None and high is not None:
        _rising("its two ends", low, high)
        return Distribution("normal", ((low + high) / 2, (high - low) / (2 * Z)))
    raise WrongUse("A normal takes mean and sd, or low and high.")


__all__ = [
    *("Distribution", "beta", "between", "lognormal", "low_mid_high", "mixture", "normal", "normal_probabilities"),
    *("quantiles", "truncated", "uniform"),
]
