"""Evaluating uncertain quantities: draws by chunk, summaries with their Monte Carlo error, more draws where needed.

The sample consists of independent replicates. Every summary is computed from all draws together, and once per
replicate; the spread of the latter is the error of the former, for plain and for quasi-Monte Carlo alike. The number
of draws doubles until the error of every end of every interval is below 1 % of the interval's width.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.errors import WrongUse
from ascent.forecast.quantity import BINARY, UNARY, Quantity
from ascent.forecast.sampling import REPLICATES, Mixing, Sampler, Stream

Floats = NDArray[np.float64]
CHUNK = 1 << 15  # draws handled at once: small enough for the processor's cache
FIRST, MOST = 1 << 16, 1 << 22  # draws of the first round, and where doubling ends
PRECISION = 0.01  # of an interval's width, that the Monte Carlo error has to stay below
ENDS = ((1 - MASS) / 2, 0.5, (1 + MASS) / 2)


@dataclass(frozen=True)
class Sample:
    """Draws of several quantities.

    values      name -> (draw, ...) in the quantity's own unit, replicate after replicate
    replicates  how many equal blocks the draws fall into
    """

    values: Mapping[str, Floats]
    replicates: int

    def blocks(self, name: str) -> Floats:
        """(replicate, draw, ...)"""
        values = self.values[name]
        return values.reshape(self.replicates, -1, *values.shape[1:])


@dataclass(frozen=True)
class Summary:
    """One quantity over its draws, each part an array of the quantity's own shape (a number's is ()).

    low, mid, high   5 %, 50 % and 95 % of the draws (for shares of draws: mid is the mean, the ends its error's)
    mean             mean of the draws
    error            Monte Carlo standard error of mid
    worst            the largest Monte Carlo error of low, mid and high over the interval's width
    failed           draws that are not a number (left out)
    """

    low: Floats
    mid: Floats
    high: Floats
    mean: Floats
    error: Floats
    worst: float
    failed: int


@dataclass
class Plan:
    """An expression in the order it is evaluated.

    inputs  the uncertain ones by name, in order
    """

    outputs: Mapping[str, Quantity]
    order: list[Quantity] = field(default_factory=list)
    inputs: dict[str, Quantity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order = list(_ordered(self.outputs.values()))
        for node in self.order:
            if node.op == "input":
                name = node.name or f"input {len(self.inputs) + 1}"
                if name in self.inputs:
                    raise WrongUse(f"Two uncertain inputs are called '{name}'.")
                self.inputs[name] = node
        self._names = {id(node): name for name, node in self.inputs.items()}
        last = {id(arg): place for place, node in enumerate(self.order) for arg in node.args}
        kept = {id(node) for node in self.outputs.values()} | set(self._names)
        self._done: list[list[int]] = [[] for _ in self.order]
        for key, place in last.items():
            if key not in kept:
                self._done[place].append(key)

    def at(
        self, basis: Mapping[str, Any], size: int, *, centre: bool = False, fixed: Mapping[str, float] | None = None
    ) -> dict[int, Any]:
        """Values of every output and input, in base units, by node id.

        basis   input name -> standard normals or uniforms (size,)
        centre  take every input at its central or published value instead
        fixed   inputs held at a value of theirs, in their own unit
        """
        values: dict[int, Any] = {}
        with np.errstate(all="ignore"):
            for place, node in enumerate(self.order):
                name = self._names.get(id(node)) if fixed else None
                if fixed and name and name in fixed:
                    values[id(node)] = fixed[name] * node.unit.factor
                else:
                    values[id(node)] = self._one(node, values, basis, size, centre)
                for key in self._done[place]:
                    del values[key]
        return values

    def results(self, values: Mapping[int, Any], size: int) -> dict[str, Floats]:
        """The outputs in their own units, each (size, ...)."""
        found = {}
        for name, node in self.outputs.items():
            raw = np.asarray(values[id(node)], dtype=float) / node.unit.factor
            found[name] = np.broadcast_to(raw, (size,)) if raw.ndim == 0 else raw
        return found

    def _one(self, node: Quantity, values: Mapping[int, Any], basis: Mapping[str, Any], size: int, centre: bool) -> Any:
        op, args = node.op, [values[id(arg)] for arg in node.args]
        if op == "constant":
            return node.more
        if op == "input":
            distribution, point = node.more
            parts = iter(args)
            numbers = [next(parts) if isinstance(one, Quantity) else one for one in distribution.parameters]
            if centre:
                found = point if point is not None else distribution.quantile(0.5, numbers)
            else:
                found = distribution.values(basis[self._names[id(node)]], numbers)
            return found * node.unit.factor
        if op in BINARY:
            return BINARY[op](*args)
        if op in UNARY:
            return UNARY[op](*args)
        if op == "where":
            return np.where(*args)
        if op == "same":
            return args[0]
        if op == "call":
            function, factors, single = node.more
            handed = [np.broadcast_to(arg / factor, (size,)) if np.ndim(arg) == 0 else arg / factor
                      for arg, factor in zip(args, factors, strict=True)]  # fmt: skip
            found = function(*handed)
            return (found,) if single else found
        if op == "item":
            return np.asarray(args[0][node.more]) * node.unit.factor
        raise AssertionError(op)


def centre(quantity: Quantity) -> float:
    """The value with every input at its central or published value, in the quantity's unit."""
    return float(points({"it": quantity})["it"][()])


def points(outputs: Mapping[str, Quantity]) -> dict[str, Floats]:
    """As `centre`, for several; paths are (k,)."""
    plan = Plan(outputs)
    return {name: np.asarray(value[0]) for name, value in plan.results(plan.at({}, 1, centre=True), 1).items()}


def draws(
    outputs: Mapping[str, Quantity], size: int, *, seed: int = 0, sampler: Sampler = "auto",
    correlations: Mapping[tuple[str, str], float] | None = None, inputs: Iterable[str] = (),
) -> Sample:  # fmt: skip
    """Draw all quantities together: an input they share has the same draws in each.

    size          number of draws, rounded up to whole replicates
    correlations  (input, input) -> rank correlation
    inputs        names of inputs whose draws are wanted as well; they are returned as `input NAME`

    Raises WrongUse for an unknown input, for one that cannot be correlated, or for impossible correlations.
    """
    plan = Plan(outputs)
    mixing = _mixing(plan, correlations or {})
    each = -(-size // REPLICATES)
    parts: dict[str, list[Floats]] = {}
    for replicate in range(REPLICATES):
        stream = Stream(seed, replicate, each, sampler, mixing)
        for start in range(0, each, CHUNK):
            stop = min(start + CHUNK, each)
            basis = {name: stream.basis(name, _kind(node), start, stop) for name, node in plan.inputs.items()}
            values = plan.at(basis, stop - start)
            found = plan.results(values, stop - start)
            for name in inputs:
                node = plan.inputs.get(name)
                if node is not None:
                    found[f"input {name}"] = values[id(node)] / node.unit.factor
            for name, value in found.items():
                parts.setdefault(name, []).append(np.array(value))
    return Sample({name: np.concatenate(blocks) for name, blocks in parts.items()}, REPLICATES)


def settled(
    outputs: Mapping[str, Quantity], *, first: int = FIRST, most: int = MOST, watched: Sequence[str] = (), **manner: Any
) -> tuple[Sample, dict[str, Summary]]:
    """Draw until the Monte Carlo error of the watched quantities is below 1 % of their intervals' widths.

    first, most  draws of the first round and of the last; the number doubles in between
    watched      names of the outputs that decide; all of them where none is named
    manner       as `draws` takes it
    """
    size = first
    while True:
        sample = draws(outputs, size, **manner)
        found = {name: summary(sample.blocks(name)) for name in outputs}
        worst = max(found[name].worst for name in (watched or outputs))
        if worst < PRECISION or size >= most:
            return sample, found
        # The error falls with the square root of the draws, so jump to about where it will do.
        size = min(most, size * 2 ** max(1, int(np.ceil(2 * np.log2(worst / PRECISION)))))


def summary(blocks: Floats) -> Summary:
    """Interval, mean and Monte Carlo error from draws in replicates: (replicate, draw, ...)."""
    flat = blocks.reshape(-1, *blocks.shape[2:])
    bad = int((~np.isfinite(flat)).reshape(len(flat), -1).any(axis=1).sum())
    if not bad and np.all(flat == flat[:1]):  # a known number
        value = flat[0]
        return Summary(value, value, value, value, np.zeros_like(value), 0.0, 0)
    pick = np.nanquantile if bad else np.quantile
    with np.errstate(all="ignore"):
        low, mid, high = pick(np.where(np.isfinite(flat), flat, np.nan) if bad else flat, ENDS, axis=0)
        each = pick(np.where(np.isfinite(blocks), blocks, np.nan) if bad else blocks, ENDS, axis=1)
        errors = each.std(axis=1, ddof=1) / np.sqrt(blocks.shape[0])
        width = high - low
        share = np.where(width > 0, errors.max(axis=0) / np.where(width > 0, width, 1.0), 0.0)
        mean = np.nanmean(np.where(np.isfinite(flat), flat, np.nan), axis=0)
    return Summary(low, mid, high, mean, errors[1], float(np.nanmax(share)), bad)


def share(blocks: Floats) -> Summary:
    """As `summary`, for an event (1 in the draws where it happens): mid is its share of the draws."""
    each = blocks.mean(axis=1)
    mid = each.mean(axis=0)
    error = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    ends = [np.clip(mid + sign * 1.645 * error, 0.0, 1.0) for sign in (-1, 1)]
    return Summary(ends[0], mid, ends[1], mid, error, float(np.max(error)), 0)


def interval(quantity: Quantity, **manner: Any) -> tuple[float, float, float]:
    """Low, mid and high (5 %, 50 %, 95 %) of one quantity, to within 1 % of the interval's width.

    >>> from ascent.forecast.distributions import lognormal
    >>> price = lognormal(low=1.5, high=3, unit="USD/hour")
    >>> [round(end, 1) for end in interval(price)], round(interval(price / price)[1], 1)
    ([1.5, 2.1, 3.0], 1.0)
    """
    _, found = settled({"it": quantity}, **manner)
    one = found["it"]
    return float(one.low), float(one.mid), float(one.high)


def probability(event: Quantity, size: int = FIRST, **manner: Any) -> float:
    """Share of draws in which an event, such as `cost > budget`, happens."""
    return float(draws({"it": event}, size, **manner).values["it"].mean())


def _kind(node: Quantity) -> str:
    return str(node.more[0].basis)


def _mixing(plan: Plan, correlations: Mapping[tuple[str, str], float]) -> Mixing | None:
    from ascent.core.errors import UnknownName

    for pair in correlations:
        for name in pair:
            if name not in plan.inputs:
                raise UnknownName("uncertain input", name, plan.inputs, "Only inputs with a range can be correlated.")
            if not plan.inputs[name].more[0].monotone:
                raise WrongUse(f"'{name}' is a mixture, whose draws cannot be ranked with another input's.")
    return Mixing.of(correlations, list(plan.inputs))


def _ordered(roots: Iterable[Quantity]) -> Iterator[Quantity]:
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(arg, False) for arg in reversed(node.args)]
