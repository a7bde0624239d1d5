"""The expression of an estimate in one loop over draws, compiled by numba (extra `fast`).

One compiled function serves every expression: it walks a list of instructions over a few hundred draws at a time, so
that all intermediate values stay in the processor's nearest cache. Nothing is compiled per estimate. Plain NumPy gives
the same numbers, but for the last digit of exponentials, logarithms and powers.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence
from ascent.forecast.plan import Plan

Floats = NDArray[np.float64]
F = TypeVar("F", bound=Callable[..., Any])
LANE = 512  # draws that one instruction handles at once
MANY, FEW = 2_000_000_000, 2_000_000  # draws x operations that repay the import of numba, and its use once imported
CODES = {
    name: code for code, name in enumerate((
        "+", "-", "*", "/", "**", "minimum", "maximum", "<", "<=", ">", ">=", "where", "exp", "log", "log2", "log10",
        "negative", "abs", "square", "root", "fourth root", "take", "tell",
    ))
}  # fmt: skip
TAKE, TELL = CODES["take"], CODES["tell"]

POWERS = {2.0: "square", 0.5: "root", 0.25: "fourth root"}  # as forecast.plan computes them


def wanted(engine: str, draws: int, operations: int) -> bool:
    """Whether to take this path; raises TooLittleEvidence where numba is asked for and absent."""
    cells = draws * operations
    if engine == "auto" and cells <= FEW:
        return False  # before looking for numba, which takes time
    there = "numba" in sys.modules or find_spec("numba") is not None
    if engine == "numba" and not there:
        raise TooLittleEvidence(
            need="numba, for engine='numba'", have="no such package", fix="install ascent[fast], or take engine='numpy'"
        )
    return there and (engine == "numba" or cells > (FEW if "numba" in sys.modules else MANY))


def kernel(plan: Plan, names: Sequence[str]) -> "Kernel | None":
    """The plan as instructions; None where it holds functions of the user's own."""
    if any(node.op in ("call", "item") for node in plan.order):
        return None
    return Kernel(plan, names)


class Kernel:
    """Instructions over registers of LANE draws: constants, then values for as long as they are needed."""

    def __init__(self, plan: Plan, names: Sequence[str]) -> None:
        self.names, self.outputs = list(names), list(plan.outputs)
        self.code, self.registers = _instructions(plan, self.names)
        self.scales = np.array([node.unit.factor for node in plan.outputs.values()])
        self._of: Mapping[str, NDArray[Any]] | None = None

    def __call__(
        self, tables: Mapping[str, NDArray[Any]], turns: Mapping[str, tuple[NDArray[np.intp], NDArray[np.intp]]],
        size: int, blocks: int,
    ) -> dict[str, Floats]:  # fmt: skip
        """The outputs for some blocks of `size` draws, from each leaf's table and turns (forecast.sampling.Stream)."""
        if self._of is not tables:
            self._of = tables
            self._tables = np.stack([np.asarray(tables[name], dtype=float) for name in self.names])
        shifts = np.stack([turns[name][1] for name in self.names])
        row = np.arange(size)
        loose = {k: net for k, (net, _) in enumerate(turns[name] for name in self.names) if len(net) != size}
        if blocks == 1:
            loose = {k: turns[name][0] for k, name in enumerate(self.names) if (turns[name][0] != row).any()}
        where = np.full(len(self.names), -1)
        where[list(loose)] = np.arange(len(loose))
        nets = np.empty((len(loose), blocks * size), dtype=np.uint16)
        for net, to in zip(loose.values(), nets, strict=True):
            to[:] = net
        out = np.empty((len(self.outputs), blocks * size))
        _evaluate(self._tables, shifts, where, nets, self.code, self.registers, self.scales, size, out)
        return dict(zip(self.outputs, out, strict=True))


def _instructions(plan: Plan, names: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
    """Lines of (operation, to, up to three from), and registers in which the constants are set.

    A value's register is free again after its last use, so that all of them stay in the nearest cache; an operation
    never writes where it reads, which would keep the compiler from doing several draws at once.
    """
    leaves = {id(plan.leaf(name)): k for k, name in enumerate(names)}
    under, same = plan.under(leaves), dict[int, int]()
    lines: list[tuple[int, str, list[int]]] = []
    for node in plan.order:
        key, args = id(node), [same.get(id(arg), id(arg)) for arg in node.args]
        if key in leaves or key in under or key in plan.steady:
            continue
        if node.op == "same":
            same[key] = args[0]
            continue
        op, power = node.op, plan.steady.get(args[1]) if node.op == "**" else None
        if power in POWERS:
            op, args = POWERS[power], args[:1]
        lines.append((key, op, args))
    told: dict[int, list[int]] = {}
    for row, node in enumerate(plan.outputs.values()):
        told.setdefault(same.get(id(node), id(node)), []).append(row)
    uses = Counter(key for _, _, args in lines for key in set(args))
    uses.update(told.keys())

    constants = [key for key in uses if key in plan.steady]
    place = {key: k for k, key in enumerate(constants)}
    free: list[int] = []
    code: list[tuple[int, ...]] = []
    top = len(constants)

    def register(key: int) -> int:
        nonlocal top
        if not free:
            free.append(top)
            top += 1
        place[key] = free.pop()
        return place[key]

    def take(key: int) -> None:
        if key not in place:
            code.append((TAKE, register(key), leaves[key], 0, 0))

    def done(key: int) -> None:
        uses[key] -= 1
        if not uses[key] and key not in plan.steady:
            free.append(place[key])

    def tell(key: int) -> None:
        for row in told.pop(key, []):
            code.append((TELL, row, place[key], 0, 0))
        done(key)

    for key, op, args in lines:
        for arg in args:
            take(arg)
        to = register(key)
        code.append((CODES[op], to, *(place[arg] for arg in args), *([0] * (3 - len(args)))))
        for arg in set(args):
            done(arg)
        if key in told:
            tell(key)
    for key in list(told):  # inputs and constants told as they are
        take(key)
        tell(key)
    registers = np.zeros((max(top, 1), LANE))
    for key in constants:
        registers[place[key]] = plan.steady[key]
    return np.array(code, dtype=np.int64).reshape(-1, 5), registers


def _compiled(function: F) -> F:
    try:
        import numba
    except ImportError:
        return function
    settings = {"error_model": "numpy", "nogil": True}
    try:
        return cast(F, numba.njit(function, cache=True, **settings))
    except RuntimeError:  # nowhere to keep compiled code
        return cast(F, numba.njit(function, **settings))


@_compiled
def _evaluate(
    tables: Any, shifts: Any, where: Any, nets: Any, code: Any, registers: Any, scales: Any, size: int, out: Any
) -> None:
    lane = min(registers.shape[1], size)
    for begin in range(0, out.shape[1], lane):
        n, block, start = min(lane, out.shape[1] - begin), begin // size, np.uint64(begin % size)
        for line in range(len(code)):
            op = code[line, 0]
            if op == 21:
                k, to = code[line, 2], registers[code[line, 1]]
                table, shift = tables[k], np.uint64(shifts[k, block])
                if where[k] < 0:
                    for i in range(n):
                        to[i] = table[(start + np.uint64(i)) ^ shift]
                else:
                    net = nets[where[k], begin : begin + n]
                    for i in range(n):
                        to[i] = table[net[i]]
                continue
            if op == 22:
                a, tell, scale = registers[code[line, 2]], out[code[line, 1], begin : begin + n], scales[code[line, 1]]
                if scale == 1.0:
                    for i in range(n):
                        tell[i] = a[i]
                else:
                    for i in range(n):
                        tell[i] = a[i] / scale
                continue
            to, a, b = registers[code[line, 1]], registers[code[line, 2]], registers[code[line, 3]]
            if op == 0:
                for i in range(n):
                    to[i] = a[i] + b[i]
            elif op == 1:
                for i in range(n):
                    to[i] = a[i] - b[i]
            elif op == 2:
                for i in range(n):
                    to[i] = a[i] * b[i]
            elif op == 3:
                for i in range(n):
                    to[i] = a[i] / b[i]
            elif op == 4:
                for i in range(n):
                    to[i] = a[i] ** b[i]
            elif op == 5:
                for i in range(n):
                    to[i] = np.minimum(a[i], b[i])
            elif op == 6:
                for i in range(n):
                    to[i] = np.maximum(a[i], b[i])
            elif op == 7:
                for i in range(n):
                    to[i] = 1.0 if a[i] < b[i] else 0.0
            elif op == 8:
                for i in range(n):
                    to[i] = 1.0 if a[i] <= b[i] else 0.0
            elif op == 9:
                for i in range(n):
                    to[i] = 1.0 if a[i] > b[i] else 0.0
            elif op == 10:
                for i in range(n):
                    to[i] = 1.0 if a[i] >= b[i] else 0.0
            elif op == 11:
                other = registers[code[line, 4]]
                for i in range(n):
                    to[i] = b[i] if a[i] != 0.0 else other[i]
            elif op == 12:
                for i in range(n):
                    to[i] = np.exp(a[i])
            elif op == 13:
                for i in range(n):
                    to[i] = np.log(a[i])
            elif op == 14:
                for i in range(n):
                    to[i] = np.log2(a[i])
            elif op == 15:
                for i in range(n):
                    to[i] = np.log10(a[i])
            elif op == 16:
                for i in range(n):
                    to[i] = -a[i]
            elif op == 17:
                for i in range(n):
                    to[i] = abs(a[i])
            elif op == 18:
                for i in range(n):
                    to[i] = a[i] * a[i]
            elif op == 19:
                for i in range(n):
                    to[i] = np.sqrt(a[i])
            else:
                for i in range(n):
                    to[i] = np.sqrt(np.sqrt(a[i]))
