"""The expression of an estimate in one loop over draws, compiled by numba (extra `fast`).

One compiled function serves every expression: it walks a list of instructions over a few hundred draws at a time, so
that all intermediate values stay in the processor's nearest cache. Nothing is compiled per estimate. Plain NumPy gives
the same numbers, but for the last digit of exponentials, logarithms and powers.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence
from ascent.forecast.plan import Plan

Floats = NDArray[np.float64]
F = TypeVar("F", bound=Callable[..., Any])
LANE = 256  # draws that one instruction handles at once
MANY, FEW = 2_000_000_000, 2_000_000  # draws x operations that repay the import of numba, and its use once imported
CODES = {
    name: code for code, name in enumerate((
        "+", "-", "*", "/", "**", "minimum", "maximum", "<", "<=", ">", ">=", "where", "exp", "log", "log2", "log10",
        "negative", "abs", "square", "root", "fourth root",
    ))
}  # fmt: skip

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
    """Instructions over registers: inputs first, then constants, then what is computed."""

    def __init__(self, plan: Plan, names: Sequence[str]) -> None:
        self.names, self.outputs = list(names), list(plan.outputs)
        place = {id(plan.inputs[name]): k for k, name in enumerate(self.names)}
        constants: dict[float, int] = {}
        code: list[tuple[int, int, int, int, int]] = []
        steady = [node for node in plan.order if node.op == "constant"]
        for node in steady:
            place[id(node)] = len(self.names) + constants.setdefault(float(node.more), len(constants))
        next_free = len(self.names) + len(constants)
        for node in plan.order:
            if id(node) in place:
                continue
            args = [place[id(arg)] for arg in node.args]
            if node.op == "same":
                place[id(node)] = args[0]
                continue
            op = node.op
            power = node.args[1].more if op == "**" and node.args[1].op == "constant" else None
            if power in POWERS:
                op, args = POWERS[power], args[:1]
            code.append((CODES[op], next_free, *args, *([0] * (3 - len(args)))))  # type: ignore[arg-type]
            place[id(node)] = next_free
            next_free += 1
        self.code = np.array(code, dtype=np.int64).reshape(-1, 5)
        self.registers = np.zeros((next_free, LANE))
        for value, k in constants.items():
            self.registers[len(self.names) + k] = value
        self.found = np.array([place[id(node)] for node in plan.outputs.values()], dtype=np.int64)
        self.scales = np.array([node.unit.factor for node in plan.outputs.values()])
        self._of: Mapping[str, Floats] | None = None
        self._seen: list[Any] = [None] * len(self.names)

    def __call__(
        self, tables: Mapping[str, Floats], turns: Mapping[str, tuple[NDArray[np.intp], int]], size: int
    ) -> dict[str, Floats]:
        """The outputs for a block: each input's value is its table's at the place its turn says."""
        if self._of is not tables:
            self._of = tables
            self._tables = np.stack([tables[name] for name in self.names])
            self._nets = np.empty((len(self.names), size), dtype=np.uint16)
        shifts = np.empty(len(self.names), dtype=np.uint16)
        for k, name in enumerate(self.names):
            net, shifts[k] = turns[name]
            if net is not self._seen[k]:
                self._seen[k], self._nets[k] = net, net
        out = np.empty((len(self.outputs), size))
        _evaluate(self._tables, self._nets, shifts, self.code, self.registers, self.found, self.scales, out)
        return dict(zip(self.outputs, out, strict=True))


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
    tables: Any, nets: Any, shifts: Any, code: Any, registers: Any, found: Any, scales: Any, out: Any
) -> None:
    size, lane = out.shape[1], registers.shape[1]
    for start in range(0, size, lane):
        n = min(lane, size - start)
        for k in range(len(shifts)):
            shift, table, net, to = shifts[k], tables[k], nets[k, start : start + n], registers[k]
            for i in range(n):
                to[i] = table[net[i] ^ shift]
        for line in range(len(code)):
            op = code[line, 0]
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
        for k in range(len(found)):
            row = found[k]
            for i in range(n):
                out[k, start + i] = registers[row, i] / scales[k]
