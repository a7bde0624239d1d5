"""An expression of uncertain quantities in the order it is evaluated, and its values for one block of draws."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import UnknownName, WrongUse
from ascent.forecast.directions import DIRECTIONS
from ascent.forecast.quantity import BINARY, UNARY, Quantity
from ascent.forecast.sampling import Mixing, uniforms

Floats = NDArray[np.float64]
COUNTING = {"+", "-", "*", "/", "**", "negative", "abs"}  # of truths, they have to count


@dataclass
class Plan:
    """An expression in the order it is evaluated.

    outputs  name -> quantity
    inputs   the uncertain ones by name, in order of appearance
    """

    outputs: Mapping[str, Quantity]
    order: list[Quantity] = field(default_factory=list)
    inputs: dict[str, Quantity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order = list(_ordered(self.outputs.values()))
        within: dict[int, str] = {}  # a nested input goes by its parent's name: adding others does not rename it
        for node in self.order:
            if node.op == "input" and node.name:
                nested = [one for one in _ordered(node.args) if one.op == "input" and not one.name]
                within |= {id(one): f"{node.name} / {k}" for k, one in enumerate(nested, 1) if id(one) not in within}
        for node in self.order:
            if node.op == "input":
                name = node.name or within.get(id(node)) or f"input {len(self.inputs) + 1}"
                if name in self.inputs:
                    raise WrongUse(f"Two uncertain inputs are called '{name}'.")
                self.inputs[name] = node
        self._names = {id(node): name for name, node in self.inputs.items()}
        last = {id(arg): place for place, node in enumerate(self.order) for arg in node.args}
        kept = {id(node) for node in self.outputs.values()} | set(self._names)
        self._done: list[list[int]] = [[] for _ in self.order]
        self.steady = self._constants()
        self._users: dict[int, list[Quantity]] = {}
        for node in self.order:
            for key in {id(arg) for arg in node.args}:
                self._users.setdefault(key, []).append(node)
        self._chains = {name: self._chain(node) for name, node in self.inputs.items()}
        for key, place in last.items():
            if key not in kept:
                self._done[place].append(key)
        self._under = {id(chain[-1]): {id(node) for node in chain[:-1]} for chain in self._chains.values()}

    def _constants(self) -> dict[int, Any]:
        """What is made of constants alone, by node id."""
        found: dict[int, Any] = {}
        with np.errstate(all="ignore"):
            for node in self.order:
                if node.op not in ("input", "call", "item") and all(id(arg) in found for arg in node.args):
                    found[id(node)] = self._one(node, found, {}, 1, True)
        return found

    def _chain(self, node: Quantity) -> list[Quantity]:
        """An input and what is made of it alone, as long as nothing else looks at the steps between."""
        chain, told = [node], {id(one) for one in self.outputs.values()}
        while id(node) not in told:
            users = self._users.get(id(node), [])
            if len(users) != 1 or users[0].op in ("input", "call", "item"):
                break
            if any(arg is not node and id(arg) not in self.steady for arg in users[0].args):
                break
            node = users[0]
            chain.append(node)
        return chain

    def places(self, declared: Sequence[str] = ()) -> dict[str, int]:
        """Each input's coordinate of the net: declared ones first, in their order, then the others as they appear."""
        names = [*declared, *(name for name in self.inputs if name not in set(declared))]
        return {name: place for place, name in enumerate(names[: len(DIRECTIONS)])}

    def mixing(self, correlations: Mapping[tuple[str, str], float]) -> Mixing | None:
        """How inputs are correlated; raises UnknownName or WrongUse where they cannot be."""
        for pair in correlations:
            for name in pair:
                if name not in self.inputs:
                    raise UnknownName(
                        "uncertain input", name, self.inputs, "Only inputs with a range can be correlated."
                    )
                if not self.inputs[name].more[0].monotone:
                    raise WrongUse(f"'{name}' is a mixture, whose draws cannot be ranked with another input's.")
        return Mixing.of(correlations, list(self.inputs))

    def at(
        self, basis: Mapping[str, Any], size: int, *, centre: bool = False, fixed: Mapping[str, float] | None = None,
        known: Mapping[int, Any] | None = None,
    ) -> dict[int, Any]:  # fmt: skip
        """Values of every output and input, in base units, by node id.

        basis   input name -> standard normals or uniforms (size,)
        centre  take every input at its central or published value instead
        fixed   inputs held at a value of theirs, in their own unit
        known   node id -> values (size,) that are there already, in base units, of inputs or their `leaf`
        """
        values: dict[int, Any] = {}
        known, fixed = known or {}, fixed or {}
        under = self.under(known)
        with np.errstate(all="ignore"):
            for place, node in enumerate(self.order):
                name = self._names.get(id(node), "")
                if id(node) in self.steady:
                    values[id(node)] = self.steady[id(node)]
                elif id(node) in known:
                    values[id(node)] = known[id(node)]
                elif id(node) in under:
                    continue
                elif name in fixed:
                    values[id(node)] = fixed[name] * node.unit.factor
                else:
                    values[id(node)] = self._one(node, values, basis, size, centre)
                for key in self._done[place]:
                    values.pop(key, None)
        return values

    def results(self, values: Mapping[int, Any], size: int) -> dict[str, Floats]:
        """The outputs in their own units, each (size, ...)."""
        found = {}
        for name, node in self.outputs.items():
            raw = np.asarray(values[id(node)], dtype=float)
            told = raw if node.unit.factor == 1.0 else raw / node.unit.factor
            found[name] = np.broadcast_to(told, (size,)) if told.ndim == 0 else told
        return found

    def _one(self, node: Quantity, values: Mapping[int, Any], basis: Mapping[str, Any], size: int, centre: bool) -> Any:
        op, args = node.op, [values[id(arg)] for arg in node.args]
        if op in COUNTING:
            args = [arg * 1.0 if getattr(arg, "dtype", None) == np.bool_ else arg for arg in args]
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
        if op == "**":
            return _power(*args)
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

    def plain(self, name: str) -> bool:
        """Whether an input's parameters are numbers, not quantities."""
        return not self.inputs[name].args

    def kind(self, name: str) -> str:
        return str(self.inputs[name].more[0].basis)

    def leaf(self, name: str) -> Quantity:
        """The last value made of this input alone, without which nothing else needs the input."""
        return self._chains[name][-1]

    def under(self, leaves: Iterable[int]) -> set[int]:
        """Ids of nodes that nobody needs where these leaves are known."""
        return set().union(*(self._under.get(key, ()) for key in leaves))

    def table(self, name: str, basis: Any, *, leaf: bool = False) -> NDArray[Any]:
        """A plain input's values, or its `leaf`'s, in base units, for these standard normals or uniforms."""
        node = self.inputs[name]
        distribution = node.more[0]
        found = np.asarray(distribution.values(basis, distribution.parameters) * node.unit.factor, dtype=float)
        if not leaf or len(self._chains[name]) == 1:
            return found
        values: dict[int, Any] = {**self.steady, id(node): found}
        with np.errstate(all="ignore"):
            for one in self._chains[name][1:]:
                values[id(one)] = self._one(one, values, {}, len(found), False)
        return np.asarray(values[id(self.leaf(name))])

    def of_scores(self, scores: Mapping[str, Any]) -> dict[str, Any]:
        """Standard normals as what each input is made from."""
        return {name: z if self.kind(name) == "normal" else uniforms(z) for name, z in scores.items()}


def _power(base: Any, power: Any) -> Any:
    """As NumPy's; the powers most often met without its general and slow routine."""
    if np.ndim(power) == 0:
        if power == 0.5:
            return np.sqrt(base)
        if power == 2.0:
            return base * base
        if power == 0.25:
            return np.sqrt(np.sqrt(base))
    return np.power(base, power)


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
