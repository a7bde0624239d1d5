"""Compute the direction numbers of the digital net that draws come from: src/ascent/forecast/directions.py.

    python tools/directions.py            print the table; --write puts it into the package

Each coordinate follows the recurrence of its own primitive polynomial over GF(2) (Sobol 1967; Bratley and Fox 1988).
The free first numbers of the recurrence are chosen by us, coordinate by coordinate: of many at random, those with the
least worst-case error, under a random digital shift, over pairs, triples and quadruples of coordinates with the ones
already chosen (Dick, Kuo, Pillichshammer and Sloan 2005), nets of all sizes weighed alike.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

BITS = 14
SIZES = tuple(1 << m for m in (8, 10, 12, 14))
DIMENSIONS = 24
CANDIDATES = 4000
TRIPLES, QUADRUPLES = 1.0, 0.5  # weights of a triple and a quadruple of coordinates; those of a pair are 1
TARGET = Path(__file__).parents[1] / "src" / "ascent" / "forecast" / "directions.py"
HEAD = '"""Direction numbers of the net, by coordinate; written by tools/directions.py, which says how."""\n\n'


def primitive() -> Iterator[tuple[int, int]]:
    """Degree and bits of the primitive polynomials over GF(2), by degree."""
    degree = 0
    while True:
        degree += 1
        order = (1 << degree) - 1
        for polynomial in range((1 << degree) + 1, 1 << (degree + 1), 2):
            # x generates the whole multiplicative group: no power below 2^degree - 1 of it is one.
            power, steps = 1, 0
            while steps == 0 or power != 1:
                power <<= 1
                if power >> degree:
                    power ^= polynomial
                steps += 1
                if steps > order:
                    break
            if steps == order:
                yield degree, polynomial


def directions(degree: int, polynomial: int, first: list[int]) -> list[int]:
    """The numbers v_k as integers of BITS bits, from the free odd numbers m_1 < 2, m_2 < 4, ..."""
    odd = list(first[:degree])
    for k in range(degree, BITS):
        new = odd[k - degree] ^ (odd[k - degree] << degree)
        for step in range(1, degree):
            if polynomial >> (degree - step) & 1:
                new ^= odd[k - step] << step
        odd.append(new)
    return [number << (BITS - 1 - k) for k, number in enumerate(odd)]


def points(numbers: list[int]) -> np.ndarray:
    """The first 2^BITS integers of the coordinate."""
    found = np.zeros(1, dtype=np.int64)
    for number in numbers:
        found = np.concatenate([found, found ^ number])
    return found


def table(seed: int = 1) -> list[list[int]]:
    """The direction numbers of every coordinate, van der Corput's first."""
    chance = np.random.default_rng(seed)
    whole = 1 << BITS
    x = np.arange(whole)
    kernel = 12 * (1 / 6 - np.exp2(np.floor(np.log2(np.maximum(x, 0.5) / whole)) - 1))
    kernel[0] = 2.0
    found = [[1 << (BITS - 1 - k) for k in range(BITS)]]
    column = kernel[points(found[0])]
    one, two, three = column.copy(), np.zeros(whole), np.zeros(whole)  # sums over single coordinates, pairs, triples
    known = primitive()
    while len(found) < DIMENSIONS:
        degree, polynomial = next(known)
        options = int(min(CANDIDATES, np.prod([float(1 << k) for k in range(min(degree, BITS))])))
        weights = one + TRIPLES * two + QUADRUPLES * three
        tried, scores = [], []
        for _ in range(options):
            first = [2 * int(chance.integers(0, 1 << k)) + 1 for k in range(min(degree, BITS))]
            tried.append(directions(degree, polynomial, first))
            errors = np.cumsum(kernel[points(tried[-1])] * weights)[[size - 1 for size in SIZES]]
            scores.append(errors)
        errors = np.array(scores)
        best = int((errors / np.abs(errors).mean(axis=0)).max(axis=1).argmin())
        found.append(tried[best])
        column = kernel[points(tried[best])]
        three += two * column
        two += one * column
        one += column
    return found


def main() -> None:
    """Print or write."""
    rows = "".join(f"    ({', '.join(map(str, row))}),\n" for row in table())
    text = HEAD + f"BITS = {BITS}\nDIRECTIONS = (\n{rows})  # fmt: skip\n"
    if "--write" in sys.argv:
        TARGET.write_text(text, "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
