"""Tables of observational scaling: what each column holds."""

import math
from typing import Any

import numpy as np

from ascent.core.draws import interval
from ascent.core.tables import Column, Table
from ascent.measure.capability_compute import ScoresAndCompute
from ascent.model.foretold import Foretelling, Trial
from ascent.model.observational import Components, Floats, Rise

UNIT, SHARE = "standard deviations", "share"
ENDS = ("low", "mid", "high")
FLOP = Column("training_compute_flop", "number", "FLOP", "training compute")
ERRORS = (
    Column("by"), Column("fitted", "whole", "models"), Column("held_out", "whole", "models"),
    Column("error", "number", SHARE, "root mean square on the models held out"),
    Column("bias", "number", SHARE, "mean of score less expected"),
    Column("covered", "number", SHARE, "held out within their 90 % interval"),
)  # fmt: skip


def ends(unit: str) -> list[Column]:
    """Low, mid, high in a unit."""
    return [Column(end, "number", unit) for end in ENDS]


def slope_table(line: Rise, found: ScoresAndCompute) -> Table:
    """Rise per ten times the compute, and how far families and models lie apart.

    Resamples of few families vary too little; they are drawn out by sqrt(families / (families - 1)).
    """
    count = len(np.unique(found.family[found.known]))
    wider = math.sqrt(count / (count - 1))

    def three(values: Floats, least: float = -math.inf) -> dict[str, float]:
        drawn = np.r_[values[0], np.maximum(values[0] + wider * (values[1:] - values[0]), least)]
        return dict(zip(ENDS, map(float, interval(drawn)), strict=True))

    with np.errstate(all="ignore"):
        worth = line.between / np.where(line.slope > 0, line.slope, np.nan)
    rows = [
        {"quantity": "rise per ten times the compute", "unit": UNIT, **three(line.slope)},
        {"quantity": "spread of families at equal compute", "unit": UNIT, **three(line.between, 0.0)},
        {"quantity": "spread of models within a family", "unit": UNIT, **three(line.within, 0.0)},
        {"quantity": "spread of families, in compute", "unit": "OOM", **three(worth, 0.0)},
    ]
    columns = [Column("quantity"), *(Column(end, "number", "see unit") for end in ENDS), Column("unit")]
    note = f"First component of {len(found.benchmarks)} benchmarks; one unit is the standard deviation of all models."
    return Table.from_rows(columns, rows, note)


def places_table(found: ScoresAndCompute, every: Components) -> Table:
    """Models of known compute on the first component."""
    shown, blank = np.flatnonzero(found.known), [None] * int(found.known.sum())
    return Table.of(
        [Column("model"), Column("family"), FLOP, *ends(UNIT)],
        model=[found.models[at] for at in shown], family=[found.families[found.family[at]] for at in shown],
        training_compute_flop=found.compute[shown], low=blank, mid=every.place[0, shown, 0], high=blank,
    )  # fmt: skip


def line_table(found: ScoresAndCompute, line: Rise, centre: float) -> Table:
    """The line of the middle family over the computes there are."""
    known = np.log10(found.compute[found.known])
    grid = np.linspace(known.min(), known.max(), 25)
    low, mid, high = interval(line.level[:, None] + line.slope[:, None] * (grid - centre))
    return Table.of([FLOP, *ends(UNIT)], training_compute_flop=10.0**grid, low=low, mid=mid, high=high)


def families_table(found: ScoresAndCompute, every: Components, line: Rise, centre: float) -> Table:
    """Each family with its distance from the line, and its own slope where it has three models or more."""
    rows: list[dict[str, Any]] = []
    for at in np.unique(found.family[found.known]):
        mine = found.known & (found.family == at)
        x, y = np.log10(found.compute[mine]) - centre, every.place[0, mine, 0]
        row: dict[str, Any] = {"family": found.families[at], "models": int(mine.sum())}
        if mine.sum() >= 3 and np.ptp(x) > 0.1:
            row["own_slope"] = float(np.polyfit(x, y, 1)[0])
            row["own_r2"] = float(np.corrcoef(x, y)[0, 1] ** 2) if np.ptp(y) > 0 else None
        low, mid, high = (float(end) for end in interval(line.family[:, at]))
        rows.append({**row, "low": min(low, mid), "mid": mid, "high": max(high, mid)})
    rows.sort(key=lambda row: (-row["mid"], row["family"]))
    columns = [
        Column("family"), Column("models", "whole", "models"), *ends(UNIT),
        Column("own_slope", "number", UNIT, "per ten times the compute, of this family alone"),
        Column("own_r2", "number", SHARE, "variance of its models that its own line explains"),
    ]  # fmt: skip
    return Table.from_rows(columns, rows, "Above the line: more capable than others of equal compute.")


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


def scores_table(found: ScoresAndCompute, target: int, held: Any) -> Table:
    """Scores of the benchmark foretold against compute; held (model,) says which were held out."""
    score = found.share[:, target]
    shown = np.flatnonzero(found.known & np.isfinite(score))
    blank = [None] * len(shown)
    return Table.of(
        [Column("model"), FLOP, *ends(SHARE), Column("standing")], model=[found.models[at] for at in shown],
        training_compute_flop=found.compute[shown], low=blank, mid=score[shown], high=blank,
        standing=["held out" if held[at] else "fitted" for at in shown],
    )  # fmt: skip


def curve_table(base: Foretelling, rng: np.random.Generator) -> Table:
    """The score of a model of a family not seen yet, by compute, to half a decade beyond the largest."""
    known = np.log10(base.found.compute[base.found.known])
    grid = np.linspace(known.min(), known.max() + 0.5, 30)
    low, mid, high = interval(base.new_family(grid, rng))
    note = base.found.benchmarks[base.target]
    return Table.of([FLOP, *ends(SHARE)], note, training_compute_flop=10.0**grid, low=np.minimum(low, mid), mid=mid,
                    high=np.maximum(high, mid))  # fmt: skip


def trial_tables(found: ScoresAndCompute, target: int, trial: Trial) -> dict[str, Table]:
    """Errors by way of foretelling, and each model held out."""
    rows = [
        {"by": way.name, "fitted": trial.fitted, "held_out": len(trial.score), "error": way.error(trial.score),
         "bias": float((trial.score - way.expected).mean()), "covered": way.covered(trial.score)}
        for way in trial.ways
    ]  # fmt: skip
    first, second = trial.ways[:2]
    assert first.low is not None and first.high is not None  # the first ways have intervals
    order = np.argsort(-trial.score, kind="stable")
    score, low, high, expected = (one[order] for one in (trial.score, first.low, first.high, first.expected))
    held = Table.of(
        [Column("model"), Column("family"), FLOP, Column("score", "number", SHARE), *ends(SHARE), Column("standing"),
         Column("by_compute", "number", SHARE, "foretold from compute and family")],
        model=[found.models[at] for at in trial.model[order]],
        family=[found.families[found.family[at]] for at in trial.model[order]],
        training_compute_flop=found.compute[trial.model[order]], score=score, low=np.minimum(low, expected),
        mid=expected, high=np.maximum(high, expected), by_compute=second.expected[order],
        standing=["as foretold" if a <= b <= c else "not as foretold"
                  for a, b, c in zip(low, score, high, strict=True)],
    )  # fmt: skip
    span = np.array([min(score.min(), low.min()), max(score.max(), high.max())])
    same = Table.of([Column("score", "number", SHARE), *ends(SHARE)], score=span, low=[None] * 2, mid=span,
                    high=[None] * 2)  # fmt: skip
    note = f"{found.benchmarks[target]}, above chance."
    return {"errors": Table.from_rows(ERRORS, rows, note), "heldout": held, "identity": same}
