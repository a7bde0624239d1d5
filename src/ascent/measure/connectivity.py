"""Which models can share a scale at all, and how thin the bridges between eras are.

Two models are comparable only through benchmarks that both took, directly or over others. Models and benchmarks are
the two sides of a graph whose edges are scores; its components never share a scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def components(model: Indices, benchmark: Indices) -> tuple[Indices, Indices]:
    """Component of each model (model,) and benchmark (benchmark,), numbered from the largest by scores.

    >>> components(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]))[0].tolist()
    [0, 0, 1]
    """
    models, benchmarks = int(model.max()) + 1, int(benchmark.max()) + 1
    of_model, of_benchmark = np.arange(models), np.full(benchmarks, models)
    while True:
        before = of_model.copy()
        np.minimum.at(of_benchmark, benchmark, of_model[model])
        np.minimum.at(of_model, model, of_benchmark[benchmark])
        if (of_model == before).all():
            break
    labels, counts = np.unique(of_model[model], return_counts=True)
    order = labels[np.lexsort((labels, -counts))]
    number = {int(label): position for position, label in enumerate(order)}
    return (
        np.array([number[int(label)] for label in of_model], dtype=np.intp),
        np.array([number[int(label)] for label in of_benchmark], dtype=np.intp),
    )


@dataclass(frozen=True)
class Bridge:
    """What connects the models released before a day with the later ones."""

    day: str
    benchmarks: tuple[str, ...]  # taken on both sides
    earlier: int  # scores of earlier models on them
    later: int


def bridges(model: Indices, benchmark: Indices, names: Sequence[str], released: Sequence[str | None]) -> list[Bridge]:
    """The bridge at the start of each year between the first and the last release; undated models are on no side."""
    years = [int(day[:4]) if day else 0 for day in released]
    dated = [year for year in years if year]
    if not dated:
        return []
    year = np.array(years)[model]
    found = []
    for cut in range(min(dated) + 1, max(dated) + 1):
        earlier = np.bincount(benchmark[(year > 0) & (year < cut)], minlength=len(names))
        later = np.bincount(benchmark[year >= cut], minlength=len(names))
        shared = np.flatnonzero((earlier > 0) & (later > 0))
        found.append(
            Bridge(
                f"{cut}-01-01",
                tuple(names[int(i)] for i in shared),
                int(earlier[shared].sum()),
                int(later[shared].sum()),
            )
        )
    return found
