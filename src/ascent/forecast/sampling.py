"""Where draws come from: independent replicates of a sample, one dimension per uncertain input.

Every input has its own stream, keyed by its name: setting one input anew, or adding another, leaves the draws of the
rest as they were, so two scenarios differ by what was changed and not by luck.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.core.quantiles import normal_probabilities, normal_quantiles

Floats = NDArray[np.float64]
Sampler = Literal["auto", "random", "lattice"]
REPLICATES = 16  # independent repetitions, whose spread is the Monte Carlo error


@dataclass
class Stream:
    """The standard normals or uniforms of one replicate.

    seed, replicate   with the input's name they decide every number
    correlations      (name, name) -> rank correlation (Spearman) of two inputs
    """

    seed: int
    replicate: int
    size: int
    sampler: Sampler = "random"
    mixing: "Mixing | None" = None
    _made: dict[str, Floats] = field(default_factory=dict)

    def basis(self, name: str, kind: str, start: int, stop: int) -> Any:
        """Numbers `start` to `stop` of one input: standard normal or uniform on (0, 1)."""
        if self.mixing and name in self.mixing.names:
            z = self._correlated(name)[start:stop]
            return z if kind == "normal" else np.clip(normal_probabilities(z), 1e-16, 1 - 1e-16)
        if name not in self._made:
            self._made[name] = self._all(name, kind)
        return self._made[name][start:stop]

    def forget(self) -> None:
        self._made.clear()

    def _all(self, name: str, kind: str) -> Floats:
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=self._key(name))))
        if kind == "normal":
            return generator.standard_normal(self.size)
        return np.clip(generator.random(self.size), 1e-16, 1 - 1e-16)

    def _key(self, name: str) -> tuple[int, int]:
        return self.replicate, zlib.crc32(name.encode())

    def _correlated(self, name: str) -> Floats:
        assert self.mixing is not None
        key = f"correlated {name}"
        if key not in self._made:
            loose = np.stack([self._all(other, "normal") for other in self.mixing.names])
            mixed = self.mixing.factor @ loose
            self._made |= {f"correlated {other}": mixed[place] for place, other in enumerate(self.mixing.names)}
        return self._made[key]


@dataclass(frozen=True)
class Mixing:
    """Correlated inputs through a Gaussian copula.

    names   the inputs, in order
    factor  (input, input) lower triangle that turns independent normals into correlated ones
    """

    names: tuple[str, ...]
    factor: Floats

    @classmethod
    def of(cls, correlations: Mapping[tuple[str, str], float], known: Sequence[str]) -> "Mixing | None":
        """From rank correlations by pair; raises WrongUse for an impossible set.

        A normal copula with correlation 2 sin(pi r / 6) has rank correlation r (Kruskal 1958).
        """
        if not correlations:
            return None
        names = tuple(name for name in known if any(name in pair for pair in correlations))
        matrix = np.eye(len(names))
        for (one, two), rank in correlations.items():
            row, column = names.index(one), names.index(two)
            matrix[row, column] = matrix[column, row] = 2 * np.sin(np.pi * rank / 6)
        smallest = float(np.linalg.eigvalsh(matrix)[0])
        if smallest < 1e-10:
            raise WrongUse(
                "These correlations cannot hold together (the matrix is not positive definite): "
                + ", ".join(f"{one}~{two}={rank:g}" for (one, two), rank in correlations.items())
                + ". Bring them nearer to zero, or leave one out."
            )
        return cls(names, np.asarray(np.linalg.cholesky(matrix), dtype=float))


def scores(uniforms: Any) -> Floats:
    """Standard normals at these probabilities."""
    return normal_quantiles(np.clip(uniforms, 1e-16, 1 - 1e-16))
