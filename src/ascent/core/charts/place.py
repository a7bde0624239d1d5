"""Where words go on a plot so that they do not cover each other; plain arithmetic, the same every time."""

from collections.abc import Sequence

from ascent.core.charts.theme import LETTER

HEIGHT = 14.0  # of a line of text, px

Box = tuple[float, float, float, float]  # left, top, right, bottom
Spot = tuple[str, float, float]  # text alignment, dx, dy


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
    points: Sequence[tuple[float, float, str]], others: Sequence[tuple[float, float]], width: float, height: float
) -> list[Spot | None]:
    """Alignment and offsets of each point's name, None where no place is free; earlier points choose first.

    points  (x, y, name), px from the top left
    others  (x, y) of dots that a name should not cover
    """
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in [*((x, y) for x, y, _ in points), *others]]
    spots: list[Spot | None] = []
    for x, y, name in points:
        long = len(name) * LETTER
        chosen: Spot | None = None
        for align, dx, dy in (
            ("right", -8, -7), ("left", 8, -7), ("right", -8, 8), ("left", 8, 8), ("center", 0, -13), ("center", 0, 14),
            ("right", -10, -20), ("left", 10, -20), ("right", -10, 20), ("left", 10, 20),
        ):  # fmt: skip
            left = x + dx - {"right": long, "left": 0.0, "center": long / 2}[align]
            box = (left, y + dy - 6, left + long, y + dy + 6)
            inside = box[0] >= 0 and box[2] <= width + 20 and box[1] >= -4 and box[3] <= height
            if inside and not any(_overlap(box, other) for other in taken):
                chosen = (align, dx, dy)
                taken.append(box)
                break
        spots.append(chosen)
    return spots


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
