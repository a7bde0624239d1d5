"""Mean squares behind the parts of a score's variance: repeats, items by set-ups, items, and families of items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

Indices = NDArray[np.intp]

WHOLE = 0.8  # of a model's items that a set-up must have to be set beside others


@dataclass(frozen=True, eq=False)
class Sheet:
    """One model: means of items (item, setup) under all of its set-ups, and how many attempts they rest on."""

    model: int
    setups: list[int]
    items: Indices
    mean: Floats
    count: Floats


@dataclass(frozen=True)
class Square:
    value: float
    freedom: float
    weights: tuple[float, ...] = ()  # of the parts that it holds besides its own


def rows_by(code: Indices) -> list[Indices]:
    return [np.flatnonzero(code == one) for one in np.unique(code)]


def sheet_of(cells: Indices, mean: Floats, count: Floats) -> Sheet:
    """Items that every set-up has; set-ups that have few of the items are left out."""
    setups, column = np.unique(cells[:, 1], return_inverse=True)
    items, row = np.unique(cells[:, 2], return_inverse=True)
    table, size = np.full((len(items), len(setups)), np.nan), np.zeros((len(items), len(setups)))
    table[row, column], size[row, column] = mean, count
    share = np.isfinite(table).mean(axis=0)
    keep = share >= min(WHOLE, float(share.max()))
    full = np.isfinite(table[:, keep]).all(axis=1)
    if full.sum() < 2:  # set-ups that share no items: the one with most of them
        keep = np.arange(len(setups)) == int(share.argmax())
        full = np.isfinite(table[:, keep]).all(axis=1)
    return Sheet(int(cells[0, 0]), setups[keep].tolist(), items[full], table[full][:, keep], size[full][:, keep])


def mean_squares(
    item: Indices, scatter: Floats, count: Floats, sheets: list[Sheet], family: Indices
) -> dict[str, Square]:
    """Mean squares of repeats, of items by set-ups, and of items, pooled over models; freedom by families."""
    found: dict[str, Square] = {}
    kin = len(np.unique(family[item])) / len(np.unique(item))  # items of one family may be worth no more than one
    free = count - 1
    if free.sum() > 0:
        value = float(scatter.sum() / free.sum())
        off: Floats = np.bincount(family[item], scatter - value * free).astype(float)
        found["repeats"] = Square(value, _freedom(value, off / free.sum(), kin * float(free.sum())))
    several = [sheet for sheet in sheets if len(sheet.setups) > 1 and len(sheet.items) > 1]
    if several:
        tables = [_reactions(sheet.mean) for sheet in several]
        total = sum((table**2).sum() for table, _ in tables)
        free_ = sum(own for _, own in tables)
        value = float(total / free_)
        off = np.zeros(int(family.max()) + 1)
        for sheet, (table, own) in zip(several, tables, strict=True):
            np.add.at(off, family[sheet.items], (table**2).sum(axis=1) - value * own / len(sheet.items))
        again = sum(own * float((1 / sheet.count).mean()) for sheet, (_, own) in zip(several, tables, strict=True))
        found["reactions"] = Square(value, _freedom(value, off / free_, kin * float(free_)), (again / free_,))
    some = [sheet for sheet in sheets if len(sheet.items) > 1]
    if some:
        fewer = float(np.mean([1 / len(sheet.setups) for sheet in some]))
        again = float(np.mean([(1 / sheet.count).mean() / len(sheet.setups) for sheet in some]))
        if all(1 < len(np.unique(family[sheet.items])) < len(sheet.items) for sheet in some):
            return found | _families(some, family, (fewer, again))
        centred = [sheet.mean.mean(axis=1) - sheet.mean.mean() for sheet in some]
        values = [float((one**2).sum() / (len(one) - 1)) for one in centred]
        value = float(np.mean(values))
        off = np.zeros(int(family.max()) + 1)
        for sheet, one, own in zip(some, centred, values, strict=True):
            np.add.at(off, family[sheet.items], (one**2 - own) / (len(one) - 1) / len(some))
        found["items"] = Square(value, _freedom(value, off, _shared(some, centred, value) * kin), (fewer, again))
    return found


def _families(sheets: list[Sheet], family: Indices, weights: tuple[float, float]) -> dict[str, Square]:
    """Mean squares of items within families, and of families, mean over models."""
    within, between = np.zeros(int(family.max()) + 1), np.zeros(int(family.max()) + 1)
    sums, frees, sizes = np.zeros(2), np.zeros(2), 0.0
    for sheet in sheets:
        code = family[sheet.items]
        kin, place, count = np.unique(code, return_inverse=True, return_counts=True)
        score = sheet.mean.mean(axis=1)
        middle = np.bincount(place, score) / count
        free = np.array([max(1, len(score) - len(kin)), max(1, len(kin) - 1)])
        parts = np.bincount(place, (score - middle[place]) ** 2), count * (middle - score.mean()) ** 2
        squares = np.array([part.sum() for part in parts]) / free
        within[kin] += (parts[0] - squares[0] * (count - 1)) / free[0] / len(sheets)
        between[kin] += (parts[1] - squares[1] * (1 - count / len(score))) / free[1] / len(sheets)
        sums, frees = sums + squares / len(sheets), frees + free / len(sheets)
        sizes += (len(score) - (count**2).sum() / len(score)) / free[1] / len(sheets)
    return {
        "items": Square(float(sums[0]), _freedom(float(sums[0]), within, float(frees[0])), weights),
        "families": Square(float(sums[1]), min(float(frees[1]), _freedom(float(sums[1]), between, float(frees[1]))),
                            (sizes,)),
    }  # fmt: skip


def _shared(sheets: list[Sheet], centred: list[Floats], value: float) -> float:
    """Degrees of freedom of the mean over models of the variance between items, which models find alike or not."""
    whole = np.zeros((len(sheets), 1 + max(int(sheet.items.max()) for sheet in sheets)))
    for row, sheet, own in zip(whole, sheets, centred, strict=True):
        row[sheet.items] = own
    free = float(np.mean([len(own) - 1 for own in centred]))
    together = whole @ whole.T / free
    return free * value**2 / max(float((together**2).mean()), 1e-300)


def _reactions(mean: Floats) -> tuple[Floats, float]:
    off = mean - mean.mean(axis=1, keepdims=True) - mean.mean(axis=0) + mean.mean()
    return off, float((mean.shape[0] - 1) * (mean.shape[1] - 1))


def _freedom(value: float, off: Floats, most: float) -> float:
    """Degrees of freedom of a mean square, from the scatter of its contributions by family (Satterthwaite).

    most  how many a normal distribution of independent items would give
    """
    there = off[off != 0]
    variance = float((there**2).sum()) * (len(there) / max(1, len(there) - 1))
    if value <= 0 or variance <= 0:
        return most
    # Models that find the same items hard tell less than their number says: then fewer are seen. Chances near 0 and 1
    # scatter less than normal ones: then more are, but how many is itself uncertain, and half-way must do.
    seen = max(1.0, 2 * value**2 / variance)
    return min(seen, 2 / (1 / seen + 1 / max(1.0, most)))
