"""Uncertain quantities for programs: make them, calculate with them, ask for intervals and probabilities.

>>> from ascent.forecast.montecarlo import lognormal
>>> price = lognormal(low=1.5, high=3, unit="USD/hour")
>>> low, mid, high = (price * 2).interval()
>>> round(low, 1), round(mid, 1), round(high, 1), round(price.probability(above=3), 2)
(3.0, 4.2, 6.0, 0.05)

The sample consists of independent replicates. Every summary is computed from all draws together, and once per
replicate; the spread of the latter is the error of the former, for plain and for quasi-Monte Carlo alike. The number
of draws grows until the error of every end of every interval is below 1 % of the interval's width. Samples too large to
hold are summarised block by block: the ends are then the mean of the replicates' exact quantiles, whose bias is of the
order of one over a replicate's draws.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.forecast.distributions import beta, lognormal, normal, uniform
from ascent.forecast.plan import Plan
from ascent.forecast.quantity import (
    Quantity,
    apply,
    constant,
    draw,
    exp,
    log,
    log2,
    log10,
    maximum,
    minimum,
    sqrt,
    where,
)
from ascent.forecast.ranges import quantity as from_text
from ascent.forecast.sampling import REPLICATES, Sampler, Stream, planned
from ascent.forecast.summaries import ENDS, Columns, Summary, brackets, share, shared, summary, together

Floats = NDArray[np.float64]
Engine = Literal["auto", "numpy", "numba"]
FIRST, MOST = 1 << 16, 1 << 22  # draws of the first round, and where doubling ends
PRECISION = 0.01  # of an interval's width, that the Monte Carlo error has to stay below
HELD = 1 << 23  # numbers of one sample that are kept in memory; larger samples are summarised block by block
KEPT = 8  # replicates whose first block of such a sample is kept
STRAIGHT = 4  # blocks of a replicate that repay computing leaves per stratum and putting them in the net's order
AT_ONCE = 8  # blocks that one call of the compiled path makes


@dataclass(frozen=True)
class Sample:
    """Draws of several quantities.

    values      name -> (draw, ...) in the quantity's own unit, replicate after replicate
    replicates  how many equal blocks the draws fall into
    total       draws that were made, of which `values` may hold the first ones of some replicates only
    """

    values: Mapping[str, Floats]
    replicates: int
    total: int = 0

    def blocks(self, name: str) -> Floats:
        """(replicate, draw, ...)"""
        values = self.values[name]
        return values.reshape(self.replicates, -1, *values.shape[1:])


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
    order: Sequence[str] = (), engine: Engine = "auto",
) -> Sample:  # fmt: skip
    """Draw all quantities together: an input they share has the same draws in each.

    size          number of draws, rounded up to whole replicates and whole nets (forecast.sampling.planned)
    sampler       "net" (quasi-Monte Carlo), "random", or "auto": the net where a replicate has 1,024 draws or more
    correlations  (input, input) -> rank correlation
    inputs        names of inputs whose draws are wanted as well; they are returned as `input NAME`
    order         names of inputs in the order that gives them their coordinates of the net
    engine        "numpy", "numba" (the `fast` extra), or "auto": numba for samples that are worth its start

    Raises WrongUse for an unknown input, for one that cannot be correlated, or for impossible correlations.
    """
    run = _Run(Plan(outputs), size, seed, sampler, correlations or {}, order, engine)
    return run.held(list(inputs))


def settled(
    outputs: Mapping[str, Quantity], *, first: int = FIRST, most: int = MOST, watched: Sequence[str] = (),
    shares: Sequence[str] = (), **manner: Any,
) -> tuple[Sample, dict[str, Summary]]:  # fmt: skip
    """Draw until the Monte Carlo error of the watched quantities is below 1 % of their intervals' widths.

    first, most  draws of the first round and of the last; the number grows in between
    watched      names of the outputs that decide; all of them where none is named
    shares       names of outputs that are events: the error of their share has to be below 1 percentage point
    manner       as `draws` takes it

    A sample of more than HELD numbers is not held: the returned one has its first draws, the summaries all of them.
    """
    size = first
    plan = Plan(outputs)
    inputs = list(manner.pop("inputs", ()))
    correlations, order = manner.pop("correlations", None) or {}, manner.pop("order", ())
    while True:
        run = _Run(plan, size, correlations=correlations, order=order, **manner)
        if size <= FIRST or run.each * REPLICATES * run.width(inputs) <= HELD:
            sample = run.held(inputs)
            found = {
                name: (share if name in shares else summary)(sample.blocks(name)) for name in outputs
            }  # fmt: skip
        else:
            sample, found = run.streamed(inputs, shares)
        worst = max(found[name].worst for name in (watched or outputs))
        if worst < PRECISION or size >= most or not np.isfinite(worst):
            return sample, found
        # The error falls with the square root of the draws, so jump to about where it will do.
        size = min(most, size * 2 ** max(1, int(np.ceil(2 * np.log2(worst / PRECISION)))))


class _Run:
    """One way of drawing: a plan, a size, a seed."""

    def __init__(
        self, plan: Plan, size: int, seed: int = 0, sampler: Sampler = "auto",
        correlations: Mapping[tuple[str, str], float] | None = None, order: Sequence[str] = (),
        engine: Engine = "auto",
    ) -> None:  # fmt: skip
        if size < 1:
            raise WrongUse(f"{size} draws are asked for; at least one is needed.")
        self.plan, self.seed = plan, seed
        self.each, self.sampler = planned(size, sampler)
        self.mixing = plan.mixing(correlations or {})
        self.places = plan.places(order)
        mixed = set(self.mixing.names) if self.mixing else set()
        net = self.sampler == "net"
        self.tabled = [name for name in plan.inputs if net and name not in mixed and plan.plain(name)]
        self.kernel = self._kernel(engine)

    def _kernel(self, engine: Engine) -> Any:
        if engine == "numpy" or len(self.tabled) < len(self.plan.inputs) or not self.tabled:
            return None
        from ascent.forecast import fast

        if not fast.wanted(engine, self.each * REPLICATES, len(self.plan.order)):
            return None
        return fast.kernel(self.plan, self.tabled)

    def width(self, inputs: Sequence[str]) -> int:
        """Numbers kept of one draw."""
        found = self.plan.results(self.plan.at({}, 1, centre=True), 1)
        return sum(int(value[0].size) for value in found.values()) + len(inputs)

    def replicate(self, which: int, inputs: Sequence[str] = (), blocks: int = 0) -> Iterator[dict[str, Floats]]:
        """The outputs, and inputs as `input NAME`, block after block (the first ones, or all)."""
        stream = Stream(self.seed, which, self.each, self.sampler, self.mixing, self.places)
        end = min(self.each, blocks * stream.block or self.each)
        compiled = self.kernel is not None and not inputs
        long = compiled or self.each >= STRAIGHT * stream.block  # worth some work on the tables
        leaf = long and not inputs
        kinds = {n: self.plan.kind(n) for n in self.tabled}
        tables = {n: self.plan.table(n, stream.grid(n, kinds[n]), leaf=leaf) for n in self.tabled}
        if long:
            tables = {n: stream.straight(n, table) for n, table in tables.items()}
        if compiled:
            for start in range(0, end, AT_ONCE * stream.block):
                count = min(AT_ONCE, (end - start) // stream.block)
                yield self.kernel(tables, {n: stream.turns(n, count) for n in tables}, stream.block, count)
            return
        leaves = {n: id(self.plan.leaf(n) if leaf else self.plan.inputs[n]) for n in tables}
        loose = [n for n in self.plan.inputs if n not in tables and not (self.mixing and n in self.mixing.names)]
        for start in range(0, end, stream.block):
            size = min(stream.block, self.each - start)
            known = {}
            for name, table in tables.items():
                net, shifts = stream.turns(name)
                known[leaves[name]] = table.take(net ^ shifts[0])
            basis = self.plan.of_scores(stream.correlated(size))
            basis |= {name: stream.basis(name, self.plan.kind(name), size) for name in loose}
            values = self.plan.at(basis, size, known=known)
            found = self.plan.results(values, size)
            for name in inputs:
                node = self.plan.inputs.get(name)
                if node is not None:
                    found[f"input {name}"] = values[id(node)] / node.unit.factor
            yield found

    def held(self, inputs: Sequence[str], replicates: int = REPLICATES, blocks: int = 0) -> Sample:
        """All draws, or the first blocks of the first replicates."""
        parts: dict[str, list[Floats]] = {}
        for which in range(replicates):
            for found in self.replicate(which, inputs, blocks):
                for name, value in found.items():
                    parts.setdefault(name, []).append(np.array(value))
        values = {}
        for name in list(parts):
            values[name] = np.concatenate(parts.pop(name))
        return Sample(values, replicates, self.each * REPLICATES)

    def streamed(self, inputs: Sequence[str], shares: Sequence[str]) -> tuple[Sample, dict[str, Summary]]:
        """Summaries of all draws, and the sample's first ones."""
        sample = self.held(inputs, KEPT, 1)
        names = list(self.plan.outputs)
        ends: dict[str, list[Floats]] = {name: [] for name in names}
        means: dict[str, list[Floats]] = {name: [] for name in names}
        failed = dict.fromkeys(names, 0)
        usual = {name: brackets(sample.values[name], self.each) for name in names}
        for which in range(REPLICATES):
            open_ones, reach = list(names), 1.0
            while open_ones:
                edges = usual if reach == 1.0 else {n: brackets(sample.values[n], self.each, reach) for n in open_ones}
                narrowing = {name: Columns(sample.values[name].shape[1:], edges[name]) for name in open_ones}
                for found in self.replicate(which):
                    for name, one in narrowing.items():
                        one.add(found[name])
                for name, one in narrowing.items():
                    exact = one.ends()
                    if exact is not None:
                        open_ones.remove(name)
                        ends[name].append(exact)
                        means[name].append(one.means())
                        failed[name] += one.failed
                reach *= 8.0
        found_all = {}
        for name in names:
            if name in shares:
                found_all[name] = shared(np.stack(means[name]), failed[name])
            else:
                found_all[name] = together(np.stack(ends[name]), np.stack(means[name]), failed[name])
        return sample, found_all


def interval(quantity: Quantity, **manner: Any) -> tuple[float, float, float]:
    """Low, mid and high (5 %, 50 %, 95 %) of one quantity, to within 1 % of the interval's width.

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


__all__ = [
    "ENDS", "FIRST", "MOST", "PRECISION", "Plan", "Quantity", "Sample", "Summary", "apply", "beta", "centre",
    "constant", "draw", "draws", "exp", "from_text", "interval", "log", "log2", "log10", "lognormal", "maximum",
    "minimum", "normal", "points", "probability", "settled", "share", "sqrt", "summary", "uniform", "where",
]  # fmt: skip
