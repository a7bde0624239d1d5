"""Where words go on a plot so that they do not cover each other; plain arithmetic, the same every time."""

import math
from collections.abc import Sequence
from itertools import pairwise

from ascent.core.charts.theme import LETTER

HEIGHT = 14.0  # of a line of text, px
CLEARLY = 1.1  # times as far as a name's own dot that every other one lies from it

Box = tuple[float, float, float, float]  # left, top, right, bottom
Spot = tuple[str, float, float]  # text alignment, dx, dy


SPOTS: tuple[Spot, ...] = (
    ("right", -8, -7), ("left", 8, -7), ("right", -8, 8), ("left", 8, 8), ("center", 0, -13), ("center", 0, 14),
    ("right", -10, -20), ("left", 10, -20), ("right", -10, 20), ("left", 10, 20), ("left", 9, 0), ("right", -9, 0),
)  # fmt: skip


def extent(x: float, y: float, name: str, spot: Spot) -> Box:
    """The box a name takes at a spot of the point (x, y)."""
    align, dx, dy = spot
    long = len(name) * LETTER
    left = x + dx - {"right": long, "left": 0.0, "center": long / 2}[align]
    return left, y + dy - 6, left + long, y + dy + 6


def along(path: Sequence[tuple[float, float]], step: float = 6.0) -> list[tuple[float, float]]:
    """Points on a line of corners, no further than `step` pixels apart.

    >>> along([(0, 0), (12, 0)])
    [(0.0, 0.0), (6.0, 0.0), (12.0, 0.0)]
    """
    found = [(float(x), float(y)) for x, y in path[:1]]
    for (x, y), (right, below) in pairwise(path):
        count = max(1, math.ceil(math.hypot(right - x, below - y) / step))
        found += [(x + (right - x) * k / count, y + (below - y) * k / count) for k in range(1, count + 1)]
    return found


def spread(wanted: Sequence[float], gap: float = HEIGHT) -> list[float]:
    """Positions near those wanted and at least `gap` apart, in the same order from small to large.

    >>> spread([10.0, 11.0, 50.0], gap=10)
    [5.5, 15.5, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[tuple[float, list[int]]] = []  # (centre, members)
    for i in order:
        blocks.append((wanted[i], [i]))
        while len(blocks) > 1:
            (above, first), (below, second) = blocks[-2:]
            if below - above >= gap * (len(first) + len(second)) / 2:
                break
            members = first + second
            blocks[-2:] = [(sum(wanted[j] for j in members) / len(members), members)]
    placed = [0.0] * len(wanted)
    for centre, members in blocks:
        for k, i in enumerate(members):
            placed[i] = centre + gap * (k - (len(members) - 1) / 2)
    return placed


def callouts(
    points: Sequence[tuple[float, float, str]],
    others: Sequence[tuple[float, float]],
    width: float,
    height: float,
    lines: Sequence[tuple[float, float]] = (),
    levels: Sequence[float] = (),
) -> list[Spot | None]:
    """Alignment and offsets of each point's name, None where no place is free; earlier points choose first.

    A name goes only where its own dot is the nearest one: beside another it would be read as that one's.

    points  (x, y, name), px from the top left
    others  (x, y) of dots that no name may cover
    width   room to the right, names included
    lines   (x, y) along lines that a name crosses only where there is no better place
    levels  y of lines across the plot that no name crosses: it would stand on neither side
    """
    crossed: list[Box] = [(x - 2, y - 2, x + 2, y + 2) for x, y in lines]
    dots = [*((x, y) for x, y, _ in points), *others]
    bars: list[Box] = [(0.0, y - 1, width, y + 1) for y in levels]
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in dots]
    spots: list[Spot | None] = []
    for x, y, name in points:
        free = []
        for spot in SPOTS:
            box = extent(x, y, name, spot)
            inside = box[0] >= 0 and box[2] <= width and box[1] >= -4 and box[3] <= height
            if inside and not any(_overlap(box, other) for other in [*taken, *bars]) and _own(box, (x, y), dots):
                free.append((spot, box))
        clear = [(spot, box) for spot, box in free if not any(_overlap(box, other) for other in crossed)]
        best = (clear or free)[:1]
        taken += [box for _, box in best]
        spots.append(best[0][0] if best else None)
    return spots


def _own(box: Box, mine: tuple[float, float], dots: Sequence[tuple[float, float]]) -> bool:
    """Whether no other dot is as near to the box as the one it names; dots on one place cannot be told apart."""

    def away(dot: tuple[float, float]) -> float:
        x, y = dot
        return math.hypot(max(box[0] - x, 0.0, x - box[2]), max(box[1] - y, 0.0, y - box[3]))

    limit = away(mine) * CLEARLY
    return all(away(dot) > limit for dot in dots if math.dist(dot, mine) > 1.0)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
