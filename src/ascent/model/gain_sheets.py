"""The tables of compute-equivalent gains: rows of gains, sets of benchmarks, pairs, sizes and the picture of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.tables import Column, Table
from ascent.measure.technique_points import Point, Study
from ascent.model.clustered_fit import ClusteredFit
from ascent.model.compute_gain import Gain, Reach, logit
from ascent.model.fieller import fieller
from ascent.model.random_effects import Pooled, pool

WIDE = 3  # benchmarks that make a set
EVERY = "all"  # the set of every benchmark of a technique
LARGER = 1.5  # times the compute from which one model counts as larger than another
Pool = tuple[Pooled, int, int]  # pool, gains in it, gains that are only bounds
Key = tuple[str, str]  # technique, subject


@dataclass(frozen=True, eq=False)
class Told:
    """One technique on one benchmark: its gain, the models of the line, and those that have the technique."""

    study: Study
    gain: Gain
    fit: ClusteredFit | None
    kept: list[Point]
    pairs: list[tuple[Point, Point, float]]
    reach: Reach | None

    @property
    def bounded(self) -> bool:
        """Whether it has both ends."""
        return bool(np.isfinite([self.gain.low, self.gain.high]).all())

    @property
    def least(self) -> bool:
        """Whether it is a gain bounded from below, as the technique leads off the line."""
        return self.gain.bound and self.gain.low > 0


LOW = 0.2  # of the floor: a score cut any higher would pull up models that fell short of what is expected


def logits(points: list[Point], floor: float) -> tuple[Floats, Floats]:
    """Logits and their errors; far below `floor` a score says that it is low, not how low."""
    items = np.array([one.items for one in points])
    noise = 0.5 / np.sqrt(items)  # of a share, guessing included: so little above guessing is none for certain
    return logit(np.maximum([one.share for one in points], np.clip(noise, LOW * floor, floor)), items)


def sets(told: list[Told]) -> Iterator[tuple[Key, Pool]]:
    """Gains of one technique pooled, over all benchmarks and over those of one subject."""
    for name in sorted({one.study.technique for one in told}):
        mine = [one for one in told if one.study.technique == name]
        subjects = sorted({one.study.subject for one in mine} - {""})
        for of in (EVERY, *(subjects if len(subjects) > 1 else ())):
            here = [one for one in mine if of in (EVERY, one.study.subject)]
            some = [one.gain for one in here if one.bounded]
            if len(some) >= (WIDE if of == EVERY else 2):
                one = pool(np.array([gain.mid for gain in some]), np.array([gain.error for gain in some]))
                yield (name, of), (one, len(some), sum(one.least for one in here))


def factor(decades: float) -> float | None:
    """A factor; None where there is none, or it is beyond all sense."""
    return float(10**decades) if abs(decades) < 12 else None


def _ends(low: float, mid: float, high: float) -> dict[str, float | None]:
    return dict(zip(("low", "mid", "high"), map(factor, (low, mid, high)), strict=True))


def gain_row(one: Told) -> dict[str, Any]:
    say = one.gain.say or (True,) * len(one.pairs)
    costs = [cost for (*_, cost), has in zip(one.pairs, say, strict=True) if has and np.isfinite(cost)]
    cost = float(np.median(costs)) if costs else None
    told = one.gain
    mid = factor(told.mid)
    groups = "students" if one.study.one_recipe else "families"
    kind = "at least" if one.least else "estimate" if one.bounded else "open"
    return {
        "technique": one.study.technique, "benchmark": one.study.benchmark, "subject": one.study.subject or None,
        **_ends(told.low, told.mid, told.high), "kind": kind,
        "stretched": factor(told.stretched) if told.beyond > 0 else None, "beyond": told.beyond, "effect": told.effect,
        "slope": told.slope, "slope_error": told.slope_error, "pairs": told.pairs, "models": told.models,
        "cost": None if cost is None else 100 * cost,
        "net": None if cost is None or mid is None else mid / (1 + cost),
        "interval": "scoring noise and slope" if told.noise_only else f"{groups} and slope",
    }  # fmt: skip


def set_row(key: Key, told: Pool) -> dict[str, Any]:
    one, count, bounds = told
    return {
        "technique": key[0], "of": key[1], "benchmarks": count, "bounds": bounds, **_ends(one.low, one.mid, one.high),
        "next_low": factor(one.next_low), "next_high": factor(one.next_high), "apart": factor(one.tau),
    }  # fmt: skip


def pair_rows(one: Told, floor: float) -> Iterator[dict[str, Any]]:
    """Each model with the technique beside itself without it; a gain that leads off the line is cut at its end.

    The interval of one pair holds the noise of scoring and of the line.
    """
    if not one.pairs or one.reach is None or one.fit is None:
        return
    before, after = [pair[0] for pair in one.pairs], [pair[1] for pair in one.pairs]
    (start, start_error), (end, end_error) = logits(before, floor), logits(after, floor)
    rise, slope = end - start, one.gain.slope
    variance = start_error**2 + end_error**2
    beyond, cut = one.reach.beyond(rise, slope), one.reach.cut(rise, slope)
    for at, (without, having, cost) in enumerate(one.pairs):
        both = np.diag([float(variance[at]), one.gain.slope_error**2])
        low, _, high = fieller(float(cut[at]), slope, both, float(one.fit.freedom[1]))
        yield {
            "technique": one.study.technique, "benchmark": one.study.benchmark, "model": having.model,
            "base": without.model, "without": 100 * without.share, "with": 100 * having.share,
            "low": factor(low), "gain": factor(float(cut[at]) / slope) if slope > 0 else None,
            "high": None if beyond[at] > 0 else factor(high),
            "kind": "at least" if beyond[at] > 0 else "estimate", "beyond": float(beyond[at]),
            "flop": 10**without.log_flop, "cost": 100 * cost if np.isfinite(cost) else None,
        }  # fmt: skip


def size_rows(one: Told) -> Iterator[dict[str, Any]]:
    """How scores with the technique go with the size of the models that have it."""
    after = sorted((pair[1] for pair in one.pairs), key=lambda point: (point.log_flop, point.model))
    steps = [(a, b) for a, b in combinations(after, 2) if b.log_flop - a.log_flop >= np.log10(LARGER)]
    if len(after) >= 3 and steps:
        yield {
            "technique": one.study.technique, "benchmark": one.study.benchmark, "models": len(after),
            "smallest": after[0].model, "smallest_score": 100 * after[0].share, "largest": after[-1].model,
            "largest_score": 100 * after[-1].share, "steps": len(steps),
            "in_order": 100 * float(np.mean([a.share < b.share for a, b in steps])),
        }  # fmt: skip


def forest(told: list[Told], pools: dict[Key, Pool]) -> Table:
    """Every gain that is bounded on some side, then what they say together."""
    rows: list[dict[str, Any]] = []
    for name in sorted({one.study.technique for one in told}):
        for one in told:
            row = gain_row(one)
            if one.study.technique == name and one.bounded:
                rows.append({**row, "on": row["benchmark"], "bound": False})
            elif one.study.technique == name and one.least:
                ends = {"low": None, "mid": row["low"], "high": None, "bound": True}
                rows.append({**row, **ends, "on": f"{row['benchmark']}, at least"})
        for key, one_pool in pools.items():
            if key[0] == name:
                row = set_row(key, one_pool)
                words = "together" if key[1] == EVERY else f"of {key[1]}"
                rows.append({**row, "on": f"{row['benchmarks']} {words}", "bound": False})
    if not rows:
        rows = [{**row, "on": row["benchmark"], "bound": False} for row in map(gain_row, told) if row["mid"]]
    return Table.from_rows(FOREST, [{column.name: row.get(column.name) for column in FOREST} for row in rows])


def picture(one: Told, floor: float) -> tuple[Table, Table]:
    """Dots with and without the technique, and the line of the ones without, in shares above guessing."""
    off = {before.model: before for before, *_ in one.pairs if before not in one.kept}
    rows: list[tuple[Point, str, str | None]] = [(point, "without", None) for point in one.kept]
    rows += [(point, "without, not on the line", None) for _, point in sorted(off.items())]
    rows += [(after, "with", before.model) for before, after, _ in one.pairs]
    rows += [(point, "with", None) for point in one.study.alone] if not one.pairs else []
    dots = Table.of(
        SHIFT, model=[p.model for p, *_ in rows], kind=[kind for _, kind, _ in rows],
        compute=[10**p.log_flop for p, *_ in rows], score=[100 * p.share for p, *_ in rows],
        base=[base for *_, base in rows],
    )  # fmt: skip
    x = np.array([p.log_flop for p in one.kept])
    along = np.linspace(x.min(), x.max(), 40)
    level = float(logits(one.kept, floor)[0].mean()) if one.fit is None else float(one.fit.coefficient[0])
    path = 100 / (1 + np.exp(-(level + one.gain.slope * (along - x.mean()))))
    return dots, Table.of(SHIFT[2:4], compute=(10**along).tolist(), score=path.tolist())


_TIMES = tuple(Column(end, "number", "x") for end in ("low", "mid", "high"))
_KIND = Column(
    "kind",
    help="estimate; at least: the technique leads off the line, low is its end; open: nothing bounds it",
)
GAINS = (
    Column("technique"), Column("benchmark"), *_TIMES, _KIND,
    Column("pairs", "whole", "models", "with the technique that have a say"),
    Column("models", "whole", "models", "of the line"),
    Column("stretched", "number", "x", "what the line would say if it went on beyond its end, where it has to"),
    Column("beyond", "number", "OOM", "how far the model with the technique that is farthest off the line would lie"),
    Column("subject", help="of the benchmark"),
    Column("effect", "number", "logits", "what the technique adds"),
    Column("slope", "number", "logits per tenfold compute"),
    Column("slope_error", "number", "logits per tenfold compute"),
    Column("cost", "number", "percent", "of pre-training compute that the technique took, median of those with a say"),
    Column("net", "number", "x", "gain over all compute, the technique's own included"),
    Column("interval", help="what it holds"),
)  # fmt: skip
SETS = (
    Column("technique"), Column("of", help="subject of the benchmarks, or all"),
    Column("benchmarks", "whole", "benchmarks"), *_TIMES,
    Column("bounds", "whole", "benchmarks", "whose gain is only bounded from below; not in the pool"),
    Column("next_low", "number", "x", "on a further benchmark"), Column("next_high", "number", "x"),
    Column("apart", "number", "x", "factor by which benchmarks differ beyond their errors, one standard deviation"),
)  # fmt: skip
PAIRS = (
    Column("technique"), Column("benchmark"), Column("model"), Column("low", "number", "x"),
    Column("gain", "number", "x", "of this pair, by the common slope, as far as the line goes"),
    Column("high", "number", "x"), _KIND, Column("without", "number", "percent", "score above guessing"),
    Column("with", "number", "percent"), Column("beyond", "number", "OOM", "off the end of the line"), Column("base"),
    Column("flop", "number", "FLOP"),
    Column("cost", "number", "percent", "of pre-training compute that the technique itself took"),
)  # fmt: skip
SIZES = (
    Column("technique"), Column("benchmark"), Column("models", "whole", "models"),
    Column("in_order", "number", "percent", "of pairs in which the clearly smaller model scores lower"),
    Column("steps", "whole", "pairs"), Column("smallest"),
    Column("smallest_score", "number", "percent", "above guessing"), Column("largest"),
    Column("largest_score", "number", "percent", "above guessing"),
)  # fmt: skip
FOREST = (Column("on", help="benchmark, or several"), Column("technique"), *_TIMES, Column("bound", "flag"))
SHIFT = (
    Column("model"), Column("kind", help="with the technique or without"), Column("compute", "number", "FLOP"),
    Column("score", "number", "percent", "above guessing"), Column("base", help="the same model without it"),
)  # fmt: skip
