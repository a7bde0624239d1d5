"""What a study of one technique on one benchmark is made of: points of models with and without it."""

from dataclasses import dataclass, field

ITEMS = 1000  # behind a score that does not tell them


@dataclass(frozen=True)
class Point:
    """One score: share above guessing 0 to 1, log10(FLOP) of pre-training, decimal year or NaN, family."""

    model: str
    share: float
    items: float
    log_flop: float
    year: float
    origin: str


@dataclass
class Study:
    """One technique on one benchmark.

    without   points of the scaling line
    pairs     (without, with, cost) of one model; cost is the technique's own compute as a share, NaN where unknown
    alone     points with the technique that have no counterpart
    subject   of the benchmark, empty where it is not known
    one_recipe  all points come from a few recipes that were trained at several sizes
    """

    technique: str
    benchmark: str
    without: list[Point] = field(default_factory=list)
    pairs: list[tuple[Point, Point, float]] = field(default_factory=list)
    alone: list[Point] = field(default_factory=list)
    subject: str = ""
    one_recipe: bool = False
