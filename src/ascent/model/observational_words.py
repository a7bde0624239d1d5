"""Tables of observational scaling: what each column holds."""

import math
from collections.abc import Collection
from typing import Any

import numpy as np

from ascent.core.draws import interval
from ascent.core.tables import Column, Table
from ascent.measure.capability_compute import ScoresAndCompute
from ascent.model.capability_line import CapabilityLine, half_width
from ascent.model.clustered_fit import clustered_fit
from ascent.model.families_out import Z
from ascent.model.foretold import Foretelling, Trial
from ascent.model.observational import Components, Floats, spread_range

UNIT, SHARE = "standard deviations", "share"
PRINTED = (  # scores as the benchmark prints them, beside shares of the way from chance to ceiling
    Column("score_low", "number", "percent"), Column("score_printed", "number", "percent"),
    Column("score_high", "number", "percent"),
)  # fmt: skip
NAMED = Column("named", "flag", help="brought beside the largest table of scores, or named with --highlight")
ENDS = ("low", "mid", "high")
RESAMPLES = 400  # of the families held out, for intervals of errors
WITHIN, OUTSIDE = "within the band", "outside the band"
THIRDS = ("weak", "middle", "strong")
FLOP = Column("training_compute_flop", "number", "FLOP", "training compute")
ERRORS = (
    Column("by"), Column("fitted", "whole", "models"), Column("held_out", "whole", "models"),
    Column("error", "number", SHARE, "root mean square on the models held out"),
    Column("error_low", "number", SHARE, "of the error, families held out resampled"),
    Column("error_high", "number", SHARE, "of the error, families held out resampled"),
    Column("absolute", "number", SHARE, "mean of the distance between score and expected"),
    Column("bias", "number", SHARE, "mean of score less expected"),
    Column("covered", "number", SHARE, "held out within their 90 % interval"),
    *(Column(f"error_printed{end}", "number", "points", "the same of scores as the benchmark prints them")
      for end in ("", "_low", "_high")),
    Column("absolute_printed", "number", "points"),
)  # fmt: skip


def ends(unit: str) -> list[Column]:
    """Low, mid, high in a unit."""
    return [Column(end, "number", unit) for end in ENDS]


def slope_table(told: CapabilityLine, found: ScoresAndCompute) -> Table:
    """Rise per ten times the compute, how far families and models lie apart, and whether the line bends."""
    line = told.line

    def three(values: Floats, least: float = -math.inf) -> dict[str, float]:
        return dict(zip(ENDS, map(float, told.ends(values, least)), strict=True))

    with np.errstate(all="ignore"):
        worth = line.between / np.where(line.slope > 0, line.slope, np.nan)
    slope = float(line.slope[0]) if line.slope[0] > 0 else math.nan
    low, high = spread_range(told.x, told.factor.place[0, found.known], found.family[found.known], Z)

    def spread(values: Floats, each: float = 1.0) -> dict[str, float | None]:
        """Resamples of few families may all say 0: what the likelihood cannot exclude belongs to the interval too."""
        ends = three(values, 0.0)
        top = max(ends["high"], high / each)
        return {**ends, "low": min(ends["low"], low / each), "high": top if math.isfinite(top) else None}

    rows: list[dict[str, Any]] = [
        {"quantity": "rise per ten times the compute", "unit": UNIT, **three(line.slope)},
        {"quantity": "spread of families at equal compute", "unit": UNIT, **spread(line.between)},
        {"quantity": "spread of models within a family", "unit": UNIT, **three(line.within, 0.0)},
        {"quantity": "spread of families, in compute", "unit": "OOM", **spread(worth, slope)},
        {"quantity": "bend: change of the rise per ten times the compute", "unit": UNIT,
         **dict(zip(ENDS, (2 * end for end in told.bend), strict=True))},
    ]  # fmt: skip
    columns = [Column("quantity"), *(Column(end, "number", "see unit") for end in ENDS), Column("unit")]
    note = f"Capability behind {len(found.benchmarks)} benchmarks; one unit is the standard deviation of all models."
    return Table.from_rows(columns, rows, note)


def places_table(found: ScoresAndCompute, told: CapabilityLine, named: Collection[str] = ()) -> Table:
    """Capability of models of known compute, with its own error: large where most benchmarks are at guessing."""
    shown = np.flatnonzero(found.known)
    mid, half = told.factor.place[0, shown], Z * told.factor.error[0, shown]
    least, _, most = told.at(told.x)
    return Table.of(
        [Column("model"), Column("family"), FLOP, *ends(UNIT), Column("standing"), NAMED],
        named=[found.models[at] in named for at in shown],
        model=[found.models[at] for at in shown], family=[found.families[found.family[at]] for at in shown],
        training_compute_flop=found.compute[shown], low=mid - half, mid=mid, high=mid + half,
        standing=[WITHIN if a <= b <= c else OUTSIDE for a, b, c in zip(least, mid, most, strict=True)],
    )  # fmt: skip


def line_table(told: CapabilityLine) -> Table:
    """The line of the middle family over the computes there are, and the band of single models."""
    grid = np.linspace(told.x.min(), told.x.max(), 25)
    low, mid, high = told.ends(told.line.level[:, None] + told.line.slope[:, None] * grid)
    least, _, most = told.at(grid)
    columns = [FLOP, *ends(UNIT), Column("model_low", "number", UNIT, "of one model of a family not seen yet"),
               Column("model_high", "number", UNIT, "of one model of a family not seen yet")]  # fmt: skip
    return Table.of(columns, training_compute_flop=10.0 ** (grid + told.centre), low=low, mid=mid, high=high,
                    model_low=least, model_high=most)  # fmt: skip


def band_table(told: CapabilityLine) -> Table:
    """The line with the band of single models of a family not seen yet, to be drawn."""
    grid = np.linspace(told.x.min(), told.x.max(), 25)
    low, mid, high = told.at(grid)
    columns = [FLOP, *ends(UNIT)]
    return Table.of(columns, training_compute_flop=10.0 ** (grid + told.centre), low=low, mid=mid, high=high)


def thirds_table(found: ScoresAndCompute, told: CapabilityLine) -> Table:
    """Thirds of the models by compute: their distance from the line of the other families, and how many its band holds.

    Low and high: families as clusters.
    """
    family, compute = found.family[found.known], found.compute[found.known]
    third = np.searchsorted(np.quantile(told.x, [1 / 3, 2 / 3]), told.x)
    rows: list[dict[str, Any]] = []
    for at, name in enumerate(THIRDS):
        mine = third == at
        count = len(np.unique(family[mine]))
        row: dict[str, Any] = {"third": name, "models": int(mine.sum()), "families": count}
        if mine.any():
            row |= {"from_flop": float(compute[mine].min()), "to_flop": float(compute[mine].max()),
                    "held": float((told.over[mine] <= 1).mean()), "mid": float(told.miss[mine].mean())}  # fmt: skip
        if count >= 2:
            fit = clustered_fit(np.ones((int(mine.sum()), 1)), told.miss[mine], family[mine])
            half = half_width(fit, 0)
            row |= {"low": row["mid"] - half, "high": row["mid"] + half}
        rows.append(row)
    columns = [
        Column("third"), Column("models", "whole", "models"), Column("families", "whole", "families"),
        Column("from_flop", "number", "FLOP"), Column("to_flop", "number", "FLOP"), *ends(UNIT),
        Column("held", "number", SHARE, "models within the band that the other families set"),
    ]  # fmt: skip
    return Table.from_rows(columns, rows, "Above 0: more capable than the line of all other families says.")


def families_table(found: ScoresAndCompute, told: CapabilityLine) -> Table:
    """Each family with its distance from the line, and its own slope where it has three models or more."""
    rows: list[dict[str, Any]] = []
    family, place = found.family[found.known], told.factor.place[0, found.known]
    for at in np.unique(family):
        x, y = told.x[family == at], place[family == at]
        row: dict[str, Any] = {"family": found.families[at], "models": len(x)}
        if len(x) >= 3 and np.ptp(x) > 0.1:
            row["own_slope"] = float(np.polyfit(x, y, 1)[0])
            row["own_r2"] = float(np.corrcoef(x, y)[0, 1] ** 2) if np.ptp(y) > 0 else None
        low, mid, high = (float(end) for end in interval(told.line.family[:, at]))
        rows.append({**row, "low": min(low, mid), "mid": mid, "high": max(high, mid)})
    rows.sort(key=lambda row: (-row["mid"], row["family"]))
    columns = [
        Column("family"), Column("models", "whole", "models"), *ends(UNIT),
        Column("own_slope", "number", UNIT, "per ten times the compute, of this family alone"),
        Column("own_r2", "number", SHARE, "variance of its models that its own line explains"),
    ]  # fmt: skip
    return Table.from_rows(columns, rows, "Above the line: more capable than others of equal compute.")


def benchmarks_table(found: ScoresAndCompute, told: CapabilityLine) -> Table:
    """How each benchmark follows capability: score above chance = sigmoid(steepness (capability - halfway))."""
    factor = told.factor
    with np.errstate(all="ignore"):
        halfway = -factor.level / np.where(np.abs(factor.steepness) > 0.2, factor.steepness, np.nan)
    steep, half = interval(factor.steepness), interval(halfway)
    rows = [
        {"benchmark": name, "low": float(steep[0][at]), "mid": float(steep[1][at]), "high": float(steep[2][at]),
         **{f"halfway{end}": float(value[at]) if np.isfinite(value[at]) else None
            for end, value in zip(("_low", "", "_high"), half, strict=True)}}
        for at, name in enumerate(found.benchmarks)
    ]  # fmt: skip
    columns = [
        Column("benchmark"), *(Column(end, "number", "logits per standard deviation", "steepness") for end in ENDS),
        *(Column(f"halfway{end}", "number", UNIT, "capability at half of the scores above chance; none where flat")
          for end in ("_low", "", "_high")),
    ]  # fmt: skip
    return Table.from_rows(columns, rows)


def components_table(found: ScoresAndCompute, every: Components) -> Table:
    """Loadings of each benchmark, and the share of variance of each component as the last row."""
    names = [f"component_{at + 1}" for at in range(every.loadings.shape[2])]
    told = zip(found.benchmarks, every.loadings[0], strict=True)
    rows: list[dict[str, Any]] = [
        {"benchmark": name, **dict(zip(names, map(float, loading), strict=True))} for name, loading in told
    ]
    shares = dict(zip(names, map(float, every.explained), strict=False))
    rows.append({"benchmark": "(share of variance)", **shares})
    columns = [Column("benchmark"), *(Column(name, "number", "loading") for name in names)]
    return Table.from_rows(columns, rows)


def scores_table(base: Foretelling, named: Collection[str] = ()) -> Table:
    """Scores of the benchmark foretold against compute."""
    found, score = base.found, base.score
    shown = np.flatnonzero(found.known & np.isfinite(score))
    low, _, high = base.new_family(np.log10(found.compute[shown]))
    blank = [None] * len(shown)
    return Table.of(
        [Column("model"), Column("family"), FLOP, *ends(SHARE), Column("standing"), PRINTED[1], NAMED],
        score_printed=found.printed(base.target, score[shown]), named=[found.models[at] in named for at in shown],
        model=[found.models[at] for at in shown], family=[found.families[found.family[at]] for at in shown],
        training_compute_flop=found.compute[shown], low=blank, mid=score[shown], high=blank,
        standing=[WITHIN if a <= b <= c else OUTSIDE for a, b, c in zip(low, score[shown], high, strict=True)],
    )  # fmt: skip


def curve_table(base: Foretelling) -> Table:
    """The score of a model of a family not seen yet, by compute, to half a decade beyond the largest."""
    known = np.log10(base.found.compute[base.found.known])
    grid = np.linspace(known.min(), known.max() + 0.5, 60)
    low, mid, high = base.new_family(grid)
    note = base.found.benchmarks[base.target]
    printed = (base.found.printed(base.target, one) for one in (low, mid, high))
    return Table.of([FLOP, *ends(SHARE), *PRINTED], note, training_compute_flop=10.0**grid, low=low, mid=mid, high=high,
                    **dict(zip((one.name for one in PRINTED), printed, strict=True)))  # fmt: skip


def errors_table(found: ScoresAndCompute, target: int, trial: Trial, rng: np.random.Generator) -> Table:
    """Errors by way of foretelling, with families resampled for their intervals."""
    family = np.unique(found.family[trial.model], return_inverse=True)[1]
    count = int(family.max()) + 1
    weight = rng.multinomial(count, np.full(count, 1 / count), RESAMPLES)[:, family].astype(float)
    rows: list[dict[str, Any]] = []
    for way in trial.ways:
        away, held = trial.score - way.expected, way.held(trial.score)
        there = np.isfinite(away)
        if not there.any():
            continue
        low, _, high = interval(np.r_[0.0, way.error(trial.score, weight)])
        error = float(way.error(trial.score)[0])
        row: dict[str, Any] = {"by": way.name, "fitted": trial.fitted, "held_out": int(there.sum()), "error": error}
        row |= {"bias": float(away[there].mean()), "absolute": float(np.abs(away[there]).mean())}
        if count > 1:
            row |= {"error_low": min(float(low), error), "error_high": max(float(high), error)}
        width = float(np.ptp(found.printed(target, np.array([0.0, 1.0]))))
        row |= {f"error_printed{end}": width * row[f"error{end}"]
                for end in ("", "_low", "_high") if f"error{end}" in row}  # fmt: skip
        row["absolute_printed"] = width * row["absolute"]
        rows.append({**row, "covered": None if held is None else float(held[there].mean())})
    return Table.from_rows(ERRORS, rows, f"{found.benchmarks[target]}, as shares of the way from chance to "
                           "ceiling and as printed.")  # fmt: skip


def heldout_tables(found: ScoresAndCompute, trial: Trial, target: int, named: Collection[str] = ()) -> dict[str, Table]:
    """Each model held out, and the line on which scores are as foretold."""
    first, second = trial.ways[0], trial.ways[1]
    assert first.low is not None and first.high is not None  # the first way has intervals
    order = np.argsort(-trial.score, kind="stable")
    score, low, high, expected = (one[order] for one in (trial.score, first.low, first.high, first.expected))
    held = Table.of(
        [Column("model"), Column("family"), FLOP, Column("score", "number", SHARE), *ends(SHARE), Column("standing"),
         Column("by_compute", "number", SHARE, "foretold from compute and family"),
         Column("observed", "number", "percent", "score as the benchmark prints it"), *PRINTED, NAMED],
        observed=found.printed(target, score), named=[found.models[at] in named for at in trial.model[order]],
        score_low=found.printed(target, np.minimum(low, expected)), score_printed=found.printed(target, expected),
        score_high=found.printed(target, np.maximum(high, expected)),
        model=[found.models[at] for at in trial.model[order]],
        family=[found.families[found.family[at]] for at in trial.model[order]],
        training_compute_flop=found.compute[trial.model[order]], score=score, low=np.minimum(low, expected),
        mid=expected, high=np.maximum(high, expected), by_compute=second.expected[order],
        standing=["as foretold" if a <= b <= c else "not as foretold"
                  for a, b, c in zip(low, score, high, strict=True)],
    )  # fmt: skip
    span = np.array([min(score.min(), low.min()), max(score.max(), high.max())])
    printed = found.printed(target, span)
    same = Table.of(
        [Column("score", "number", SHARE), *ends(SHARE), Column("observed", "number", "percent"), *PRINTED],
        score=span, low=[None] * 2, mid=span, high=[None] * 2, observed=printed, score_low=[None] * 2,
        score_printed=printed, score_high=[None] * 2,
    )  # fmt: skip
    return {"heldout": held, "identity": same}
