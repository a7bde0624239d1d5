"""Uncertain quantities as expressions: arithmetic that keeps shared draws shared and checks units.

A `Quantity` is not yet numbers but how to get them: a constant, an uncertain input, or an operation on others. The same
input used twice is one object, so its draws are the same in both places. `forecast.montecarlo` evaluates the
expression, chunk by chunk, on as many draws as are needed.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, Union

import numpy as np

from ascent.core.dimensions import NONE, Unit, convertible, unit
from ascent.core.errors import WrongUse

if TYPE_CHECKING:
    from ascent.forecast.distributions import Distribution

Number = Union["Quantity", float, int]
_PLAIN = "a plain number"


class Quantity:
    """One node of an expression; its values are kept in base units (seconds, FLOP, USD, tokens).

    op    what it does: "constant", "input", "+", "exp", "apply", ...
    args  the quantities it is made of
    unit  what it is told in; two quantities of like dimensions may differ in it
    more  what the operation needs besides: a number, a distribution, a function
    """

    __slots__ = ("args", "more", "name", "op", "source", "unit")
    __hash__ = object.__hash__
    __array_ufunc__ = None  # so that NumPy leaves arithmetic to us

    def __init__(
        self,
        op: str,
        args: Sequence["Quantity"] = (),
        unit: Unit = NONE,
        more: Any = None,
        *,
        name: str = "",
        source: str = "",
    ) -> None:
        self.op, self.args, self.unit, self.more = op, tuple(args), unit, more
        self.name, self.source = name, source

    def __repr__(self) -> str:
        what = self.name or (f"{self.more}" if self.op == "constant" else self.op)
        return f"<{what} in {self.unit}>"

    def to(self, text: str) -> "Quantity":
        """The same quantity told in another unit; raises WrongUse where it measures something else."""
        wanted = unit(text)
        convertible(self.unit, wanted, f"'{self.name or self.op}'")
        return Quantity("same", (self,), wanted, name=self.name)

    def interval(self, **manner: Any) -> tuple[float, float, float]:
        """Low, mid and high (5 %, 50 %, 95 % of the draws), to within 1 % of the interval's width, in its unit.

        manner  as `forecast.montecarlo.draws` takes it: seed, correlations, ...
        """
        from ascent.forecast.montecarlo import interval

        return interval(self, **manner)

    def probability(self, *, above: Number | None = None, below: Number | None = None, **manner: Any) -> float:
        """Share of draws above, below, or between two values; a bare number is in this quantity's unit."""
        from ascent.forecast.montecarlo import probability

        if above is None and below is None:
            raise WrongUse("Say what of: probability(above=3), probability(below=3), or both.")
        tests = [self > self._like(above)] if above is not None else []
        tests += [self < self._like(below)] if below is not None else []
        return probability(tests[0] if len(tests) == 1 else tests[0] & tests[1], **manner)

    def _like(self, value: Number) -> "Quantity":
        if isinstance(value, Quantity):
            return value
        return Quantity("constant", (), self.unit, float(value) * self.unit.factor)

    def __add__(self, other: Number) -> "Quantity":
        return _alike("+", self, other)

    def __radd__(self, other: Number) -> "Quantity":
        return _alike("+", other, self)

    def __sub__(self, other: Number) -> "Quantity":
        return _alike("-", self, other)

    def __rsub__(self, other: Number) -> "Quantity":
        return _alike("-", other, self)

    def __mul__(self, other: Number) -> "Quantity":
        two = _node(other)
        return Quantity("*", (self, two), _times(self.unit, two.unit, self.unit * two.unit))

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> "Quantity":
        two = _node(other)
        return Quantity("/", (self, two), _times(self.unit, two.unit, self.unit / two.unit))

    def __rtruediv__(self, other: Number) -> "Quantity":
        return _node(other) / self

    def __pow__(self, power: Number) -> "Quantity":
        if isinstance(power, Quantity):
            if power.op == "constant" and power.unit.like(NONE):
                return self ** float(power.more)
            _plain("the power", power)
            _plain("what is raised to an uncertain power", self)
            return Quantity("**", (self, power))
        return Quantity("**", (self, _node(float(power))), _bare(self.unit**power))

    def __rpow__(self, base: Number) -> "Quantity":
        return _node(base) ** self

    def __neg__(self) -> "Quantity":
        return Quantity("negative", (self,), self.unit)

    def __abs__(self) -> "Quantity":
        return Quantity("abs", (self,), self.unit)

    def __lt__(self, other: Number) -> "Quantity":
        return _alike("<", self, other, NONE)

    def __le__(self, other: Number) -> "Quantity":
        return _alike("<=", self, other, NONE)

    def __gt__(self, other: Number) -> "Quantity":
        return _alike(">", self, other, NONE)

    def __ge__(self, other: Number) -> "Quantity":
        return _alike(">=", self, other, NONE)

    def __and__(self, other: Number) -> "Quantity":
        return minimum(self, other)

    def __or__(self, other: Number) -> "Quantity":
        return maximum(self, other)

    def __bool__(self) -> NoReturn:
        raise WrongUse("An uncertain quantity is neither true nor false; choose with where(condition, one, other).")

    def __float__(self) -> NoReturn:
        raise WrongUse("An uncertain quantity is not one number; ask for its interval, or evaluate it at its centre.")


def constant(value: float, text: str = "", *, name: str = "", source: str = "") -> Quantity:
    """A number that is known, in a unit.

    >>> constant(2, "hour").to("minute")
    <same in minute>
    """
    measured = unit(text) if text else NONE
    return Quantity("constant", (), measured, float(value) * measured.factor, name=name, source=source)


def draw(
    distribution: "Distribution", text: str = "", *, name: str = "", source: str = "", point: float | None = None
) -> Quantity:
    """An uncertain input: a distribution in a unit.

    point  its central or published value, in the unit; without it the distribution's own centre
    """
    measured = unit(text) if text else NONE
    parts = tuple(part for part in distribution.parameters if isinstance(part, Quantity))
    return Quantity("input", parts, measured, (distribution, point), name=name, source=source)


def exp(value: Number) -> Quantity:
    """e to a dimensionless power."""
    return _function("exp", value)


def log(value: Number) -> Quantity:
    """Natural logarithm of a dimensionless quantity."""
    return _function("log", value)


def log2(value: Number) -> Quantity:
    """Logarithm to base 2 of a dimensionless quantity."""
    return _function("log2", value)


def log10(value: Number) -> Quantity:
    """Logarithm to base 10 of a dimensionless quantity."""
    return _function("log10", value)


def sqrt(value: Number) -> Quantity:
    """Square root; the unit's too."""
    return _node(value) ** 0.5


def minimum(one: Number, two: Number) -> Quantity:
    """The smaller of two like quantities, draw by draw."""
    return _alike("minimum", one, two)


def maximum(one: Number, two: Number) -> Quantity:
    """The larger of two like quantities, draw by draw."""
    return _alike("maximum", one, two)


def where(condition: Quantity, one: Number, two: Number) -> Quantity:
    """`one` in the draws where the condition holds, else `two`."""
    first, second = _node(one), _node(two)
    convertible(second.unit, first.unit, "What is taken where the condition fails")
    return Quantity("where", (_node(condition), first, second), first.unit)


def apply(
    function: Callable[..., Any], *quantities: Number, unit: str = "", units: Sequence[str] = (), name: str = ""
) -> Quantity:
    """A vectorised NumPy function of the draws.

    function  takes one array (draw,) per quantity, returns (draw,) or (draw, k)
    unit      what it returns is in
    units     what each array is handed over in; without it all quantities have to be dimensionless

    Raises WrongUse where a quantity cannot be turned into the unit asked for.
    """
    return apply_many(function, *quantities, returns=(unit,), units=units, name=name)[0]


def apply_many(
    function: Callable[..., Any], *quantities: Number, returns: Sequence[str], units: Sequence[str] = (), name: str = ""
) -> tuple[Quantity, ...]:
    """As `apply`, for a function that returns a tuple of arrays, one for each unit in `returns`; it is called once."""
    from ascent.core.dimensions import unit as read

    nodes = [_node(one) for one in quantities]
    if units and len(units) != len(nodes):
        raise WrongUse(f"{len(nodes)} quantities are handed over in {len(units)} units; name one for each.")
    factors = []
    for place, node in enumerate(nodes):
        wanted = read(units[place]) if units and units[place] else NONE
        convertible(
            node.unit, wanted, f"Argument {place + 1} of {name or getattr(function, '__name__', 'the function')}"
        )
        factors.append(wanted.factor)
    outs = [read(text) if text else NONE for text in returns]
    single = len(outs) == 1
    call = Quantity("call", nodes, NONE, (function, tuple(factors), single), name=name)
    return tuple(Quantity("item", (call,), out, place, name=name) for place, out in enumerate(outs))


def _function(op: str, value: Number) -> Quantity:
    node = _node(value)
    _plain(f"what {op} is taken of", node)
    return Quantity(op, (node,))


def _alike(op: str, one: Number, two: Number, result: Unit | None = None) -> Quantity:
    first, second = _node(one), _node(two)
    # A bare zero has every unit: max(x, 0) and x > 0 mean what they say.
    for node, other in ((first, second), (second, first)):
        if node.op == "constant" and node.more == 0.0 and node.unit.like(NONE):
            return Quantity(op, (first, second), other.unit if result is None else result)
    words = {"+": "added to", "-": "subtracted from", "minimum": "compared with", "maximum": "compared with"}
    convertible(second.unit, first.unit, f"What is {words.get(op, 'compared with')} {_told(first)}")
    return Quantity(op, (first, second), first.unit if result is None else result)


def _told(node: Quantity) -> str:
    return f"'{node.name}'" if node.name else f"a quantity in {node.unit}" if node.unit.powers else _PLAIN


def _plain(what: str, node: Quantity) -> None:
    if not node.unit.like(NONE):
        raise WrongUse(f"{what[0].upper()}{what[1:]} has to be {_PLAIN}; it is in {node.unit}. Divide by a unit first.")


def _node(value: Number) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity("constant", (), NONE, float(value))


def _times(one: Unit, two: Unit, made: Unit) -> Unit:
    """A plain number does not change what the other is told in."""
    return one if two.like(NONE) and two.factor == 1.0 else _bare(made)


def _bare(made: Unit) -> Unit:
    """Base units, so that a product of million USD and chips is told plainly."""
    return Unit(made.powers, 1.0)


UNARY = {"exp": np.exp, "log": np.log, "log2": np.log2, "log10": np.log10, "negative": np.negative, "abs": np.abs}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
