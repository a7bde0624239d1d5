"""Where draws come from: independent replicates of a sample, one dimension per uncertain input.

Two samplers. "random" gives every input a stream of its own, keyed by its name. "net" is randomised quasi-Monte Carlo:
within a replicate the points of all inputs together fill their space evenly (a scrambled digital net), so that answers
built from few smooth inputs settle with fewer draws. "auto" takes the net from `LEAST` draws a replicate on, where it
was never measured to be worse (tests/forecast/test_sampling.py).

What is guaranteed: the same seed gives the same draws, byte for byte. Setting one input anew, even to a point, leaves
the draws of all others as they were, so two scenarios differ by what was changed and not by luck. Adding an input
leaves the others' random streams as they were; their nets too, if it is declared, or appears, after them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.core.quantiles import normal_probabilities, normal_quantiles
from ascent.forecast.directions import BITS, DIRECTIONS

Floats = NDArray[np.float64]
Sampler = Literal["auto", "random", "net"]
REPLICATES = 16  # independent repetitions, whose spread is the Monte Carlo error
BLOCK = 1 << 13  # points of the largest net; longer replicates are several nets, each shifted anew
LEAST = 1 << 10  # draws of a replicate from which on a net is better than random draws
EDGE = 1e-16


def planned(size: int, sampler: Sampler) -> tuple[int, Sampler]:
    """Draws of each replicate, and the sampler that "auto" stands for.

    Nets are rounded up to a power of two, from BLOCK points on to a multiple of BLOCK.

    >>> planned(65_536, "auto"), planned(1_000, "auto"), planned(600_000, "net")
    ((4096, 'net'), (63, 'random'), (40960, 'net'))
    """
    each = max(2, -(-size // REPLICATES))
    if sampler == "auto":
        sampler = "net" if each >= LEAST else "random"
    if sampler == "random":
        return each, sampler
    return (1 << (each - 1).bit_length() if each < BLOCK else -(-each // BLOCK) * BLOCK), sampler


@dataclass
class Stream:
    """The standard normals or uniforms of one replicate, block after block.

    seed, replicate   with the input's name they decide every number
    size              draws of the replicate, as `planned` gives them
    mixing            correlated inputs, or None
    places            input name -> its coordinate of the net; a name without one is shuffled on its own
    """

    seed: int
    replicate: int
    size: int
    sampler: Sampler = "random"
    mixing: "Mixing | None" = None
    places: Mapping[str, int] = field(default_factory=dict)
    _sources: dict[str, np.random.Generator] = field(default_factory=dict)
    _grids: dict[str, Floats] = field(default_factory=dict)
    _nets: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]] = field(default_factory=dict)
    _past: dict[str, int] = field(default_factory=dict)

    @property
    def block(self) -> int:
        """Draws made at once."""
        return min(self.size, BLOCK)

    def basis(self, name: str, kind: str, count: int) -> Any:
        """The next `count` numbers of one input that is not correlated: standard normal or uniform on (0, 1)."""
        if self.sampler == "net":
            grid = self.grid(name, kind)
            net, shifts = self.turns(name)
            return grid[net ^ shifts[0]]
        generator = self._source(name)
        if kind == "normal":
            return generator.standard_normal(count)
        return np.clip(generator.random(count), EDGE, 1 - EDGE)

    def correlated(self, count: int) -> dict[str, Any]:
        """The next `count` numbers of every correlated input, as standard normals."""
        if self.mixing is None:
            return {}
        loose = np.stack([self.basis(name, "normal", count) for name in self.mixing.names])
        return dict(zip(self.mixing.names, self.mixing.factor @ loose, strict=True))

    def grid(self, name: str, kind: str) -> Floats:
        """The numbers an input takes in this replicate's nets, in rising order: one in each of `block` equal strata.

        They lie at the same random height in their strata, so each is distributed exactly as the input is.
        """
        if name not in self._grids:
            heights = self._source(name).random()
            uniforms = np.clip((np.arange(self.block) + heights) / self.block, EDGE, 1 - EDGE)
            self._grids[name] = normal_quantiles(uniforms) if kind == "normal" else uniforms
        return self._grids[name]

    def turns(self, name: str, blocks: int = 1) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """For the next blocks of a net, which of the grid's numbers each draw takes: first part XOR the block's second.

        The first is (block,), or (blocks * block,) for a name without a coordinate. Call `grid` first, once.
        """
        if name not in self.places:
            generator = self._source(name)
            found = [generator.permutation(self.block) for _ in range(blocks)]
            return np.concatenate(found) if blocks > 1 else found[0], np.zeros(blocks, dtype=np.intp)
        net, shifts = self._net(name)
        past = self._past.get(name, 0)
        self._past[name] = past + blocks
        return net, shifts[past : past + blocks]

    def straight(self, name: str, numbers: NDArray[Any]) -> NDArray[Any]:
        """The grid's numbers, or what was made of them, in the net's order; from now on `turns` tells places in it.

        A net is linear over XOR, so shifting its values is shifting their places: the same draws, of which those that
        follow each other now lie together in memory.
        """
        if name not in self.places:
            return numbers
        net, shifts = self._net(name)
        back, row = np.empty_like(net), _counted(self.block)
        back[net] = row
        self._nets[name] = row, back[shifts]
        return numbers[net]

    def _net(self, name: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """A coordinate of the net and the shifts of all blocks."""
        if name not in self._nets:
            generator = self._source(name)
            net = _scrambled(self.places[name], self.block, generator)
            self._nets[name] = net, generator.integers(0, self.block, self.size // self.block)
        return self._nets[name]

    def _source(self, name: str) -> np.random.Generator:
        if name not in self._sources:
            key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
            seeded = np.random.SeedSequence(self.seed, spawn_key=(self.replicate, key))
            self._sources[name] = np.random.Generator(np.random.SFC64(seeded))
        return self._sources[name]


def _scrambled(place: int, size: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """One coordinate of the net as integers below `size` (a power of two), its digits mixed at random.

    Source: Matousek 1998, On the L2-discrepancy for anchored boxes (random linear scrambling).
    """
    bits = size.bit_length() - 1
    numbers = np.array(DIRECTIONS[place][:bits], dtype=np.int64) >> (BITS - bits)
    worth = 1 << np.arange(bits - 1, -1, -1)
    lower = _lower(bits) & generator.integers(0, size, bits)
    mixed = worth @ (np.bitwise_count((lower | worth)[:, None] & numbers) & 1).astype(np.int64)
    found = np.zeros(size, dtype=np.intp)
    for k, number in enumerate(mixed):
        found[1 << k : 2 << k] = found[: 1 << k] ^ number
    return found


@lru_cache(maxsize=BITS)
def _counted(size: int) -> NDArray[np.intp]:
    return np.arange(size)


@lru_cache(maxsize=BITS)
def _lower(bits: int) -> NDArray[np.int64]:
    """Masks of the digits above each digit: what may be mixed into it."""
    worth = 1 << np.arange(bits - 1, -1, -1, dtype=np.int64)
    return np.asarray((1 << bits) - 2 * worth)


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


def uniforms(scores: Any) -> Any:
    """Uniforms on (0, 1) of standard normals."""
    return np.clip(normal_probabilities(scores), EDGE, 1 - EDGE)
