"""Later models placed with what earlier ones showed: how near a few scores come, chosen or at random.

    python benchmarks/placing.py                       models released from 2025-01 on
    python benchmarks/placing.py --since 2024-01-01 --until 2025-01-01

Ruler      for every release day the index is fitted anew on models released before it; a later model's scores count
           only on benchmarks that at least two earlier models took
Placed     with one, three and five of its scores, at random (ten times) or each chosen among the scores there are by
           the expected variance after it; then with all of them
Error      distance to the value from all scores on the same ruler (which shares the few), and to its value in the
           index of all models (which does not share the ruler); points of the published scale
Rest       mean absolute error of the scores not used, as shares above chance, and how many the 90 % ranges hold
Frontier   the same for models that are better than every earlier one by the index of all models
Compared   least squares on the same ruler, without weights or prior, scores chosen by Fisher information (what was
           measured for the field's estimator), both told on one and the same remainder; for the rest, two factors with
           biases and ridge fitted with the few scores added, the benchmark's mean, and the ten most alike models
"""

import argparse
from dataclasses import dataclass, field
from typing import Any

from _matrix import MATRIX, cpu, need_matrix, show  # first: it sets one thread

# isort: split

import numpy as np
from heldout import _alternating

from ascent.evidence.opening import open_evidence
from ascent.measure.models import model_facts
from ascent.measure.score_matrix import ScoreMatrix, score_matrix
from ascent.model.index import IndexFit, Scores, fit_index
from ascent.model.index_matrix import connected, ordered, place, scores_of
from ascent.model.information import promises
from ascent.model.placing import Marks, Placing, Prior, Ruler, place_model, predicted

COUNTS = (1, 3, 5)
REPEATS, SEED = 10, 20_260_501
PUBLISHED = (130.0, 150.0)


@dataclass
class Earlier:
    """What was known before one day: the fit of earlier models, as a ruler on the scale of the index of all models."""

    matrix: ScoreMatrix
    fit: IndexFit
    ruler: Ruler
    prior: Prior


@dataclass
class Tally:
    """Results by method and number of scores."""

    to_all: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    to_index: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    rest: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    holds: dict[tuple[str, int], list[bool]] = field(default_factory=dict)
    holds_index: dict[tuple[str, int], list[bool]] = field(default_factory=dict)
    holds_rest: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    width: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    def add(self, table: str, key: tuple[str, int], value: Any) -> None:
        getattr(self, table).setdefault(key, []).append(value)


def earlier(matrix: ScoreMatrix, released: Any, day: str, index: dict[str, float]) -> Earlier:
    """The fit of models released before a day, stretched and shifted onto the index of all models."""
    kept = released[matrix.model] < day
    past = matrix.keep(kept)
    few = np.bincount(past.benchmark)[past.benchmark] >= 2
    past = past.keep(few)
    ends = [min(past.models, key=lambda name: index[name]), max(past.models, key=lambda name: index[name])]
    past = ordered(connected(past, (ends[0], ends[1]))[0])
    value = np.array([index[name] for name in past.models])
    count = np.bincount(past.model)
    top = value.max()
    low = int(np.argmax(np.where((value > top - 45) & (value < top - 20), count, -1)))
    high = int(np.argmax(np.where(value >= np.quantile(value, 0.9), count, -1)))
    fit = fit_index(scores_of(past), low, high, values=(0.0, 1.0))
    near = (value > 110) & (count >= 4)
    slope, shift = np.polyfit(fit.mid[near], value[near], 1)
    ruler = Ruler.of(fit, (shift, shift + slope))
    return Earlier(past, fit, ruler, usual_prior(shift + slope * fit.mid, released_of(past, matrix, released)))


def released_of(past: ScoreMatrix, matrix: ScoreMatrix, released: Any) -> Any:
    at = dict(zip(matrix.models, released, strict=True))
    return np.array([at[name] for name in past.models])


def usual_prior(capability: Any, released: Any) -> Prior:
    return Prior(float(capability[np.argsort(released)[len(released) // 2 :]].mean()), 20.0)


def ours(past: Earlier, marks: Marks) -> Placing:
    return place_model(past.ruler, marks, past.prior)


def chosen(past: Earlier, marks: Marks, count: int) -> list[int]:
    """Positions in `marks`, each chosen by what the ones before it brought."""
    picked: list[int] = []
    while len(picked) < min(count, len(marks.share)):
        left = np.setdiff1d(np.arange(len(marks.share)), picked)
        placing = ours(past, marks.keep(picked))
        (_, pick), *_ = promises(placing, marks.benchmark[left])
        assert pick is not None
        picked.append(int(left[pick]))
    return picked


def least_squares(past: Earlier, marks: Marks) -> float:
    """Unweighted least squares on the same ruler, on a grid."""
    grid = np.linspace(60, 200, 1401)
    slope, hard = np.exp(past.ruler.log_slope[marks.benchmark]), past.ruler.difficulty[marks.benchmark]
    share = 1 / (1 + np.exp(-(slope * (grid[:, None] - hard)).clip(-500, 500)))
    return float(grid[((marks.share - share) ** 2).sum(axis=1).argmin()])


def curve(past: Earlier, benchmark: Any, capability: float) -> Any:
    """Scores that a capability expects on the plain curves of the ruler."""
    slope, hard = np.exp(past.ruler.log_slope[benchmark]), past.ruler.difficulty[benchmark]
    return 1 / (1 + np.exp(-(slope * (capability - hard)).clip(-500, 500)))


def chosen_by_fisher(past: Earlier, marks: Marks, count: int) -> list[int]:
    """Each next score where the curve is steepest at the present estimate, as the field's estimator would."""
    picked: list[int] = []
    slope, hard = np.exp(past.ruler.log_slope[marks.benchmark]), past.ruler.difficulty[marks.benchmark]
    here = past.prior.centre
    while len(picked) < min(count, len(marks.share)):
        share = 1 / (1 + np.exp(-(slope * (here - hard)).clip(-500, 500)))
        steep = slope * share * (1 - share)
        steep[picked] = -1.0
        picked.append(int(steep.argmax()))
        here = least_squares(past, marks.keep(picked))
    return picked


def rank_two(past: Earlier, marks: Marks, used: Any, wanted: Any) -> Any:
    """Two factors with biases, the new model's few scores added to the earlier matrix (BenchPress's kind of model)."""
    scores = past.fit.scores
    new = len(past.matrix.models)
    joined = Scores(
        np.concatenate([scores.model, np.full(len(used), new)]),
        np.concatenate([scores.benchmark, marks.benchmark[used]]),
        np.concatenate([scores.share, marks.share[used]]),
        np.concatenate([scores.known, marks.known[used]]),
        scores.domain,
    )
    sizes = new + 1, len(past.matrix.benchmarks)
    return _alternating(joined, sizes, (np.full(len(wanted), new), marks.benchmark[wanted]), 0.1, 0.1, 0.0)


def neighbours(past: Earlier, marks: Marks, used: Any, wanted: Any) -> Any:
    """Mean score of the ten earlier models most alike on shared benchmarks; the benchmark's mean where none has it."""
    scores = past.fit.scores
    table = np.full((len(past.matrix.models), len(past.matrix.benchmarks)), np.nan)
    table[scores.model, scores.benchmark] = scores.share
    apart = np.abs(table[:, marks.benchmark[used]] - marks.share[used])
    shared = np.isfinite(apart).sum(axis=1)
    far = np.where(shared > 0, np.nansum(apart, axis=1) / np.maximum(shared, 1) + 0.5 / np.maximum(shared, 1), np.inf)
    guess = []
    for benchmark in marks.benchmark[wanted]:
        there = np.flatnonzero(np.isfinite(table[:, benchmark]) & np.isfinite(far))
        nearest = there[np.argsort(far[there], kind="stable")[:10]]
        guess.append(table[nearest, benchmark].mean() if len(nearest) else np.nanmean(table[:, benchmark]))
    return np.array(guess)


def benchmark_mean(past: Earlier, marks: Marks, wanted: Any) -> Any:
    scores = past.fit.scores
    mean = np.bincount(scores.benchmark, scores.share) / np.bincount(scores.benchmark)
    return mean[marks.benchmark[wanted]]


def study(matrix: ScoreMatrix, released: Any, index: dict[str, float], since: str, until: str) -> dict[str, Any]:
    """Place every model of a period; tallies for all of them, and for those better than any earlier one."""
    tallies = {"all": Tally(), "frontier": Tally()}
    seen = 0
    z: list[float] = []
    for at in np.flatnonzero((released >= since) & (released < until)):
        name = matrix.models[at]
        past = known_before(matrix, released, str(released[at]), index)
        own = np.flatnonzero(matrix.model == at)
        of = {benchmark: k for k, benchmark in enumerate(past.matrix.benchmarks)}
        own = np.array([k for k in own if matrix.benchmarks[matrix.benchmark[k]] in of], dtype=int)
        if len(own) < 2:
            continue
        seen += 1
        marks = Marks(
            np.array([of[matrix.benchmarks[matrix.benchmark[k]]] for k in own]), matrix.share[own], matrix.known[own]
        )
        before = max(index[other] for other, day in zip(matrix.models, released, strict=True) if day < released[at])
        groups = ["all", "frontier"] if index[name] > before else ["all"]
        whole, squares = ours(past, marks).interval()[1], least_squares(past, marks)
        rng = np.random.default_rng([SEED, at])
        best, steepest = chosen(past, marks, max(COUNTS)), chosen_by_fisher(past, marks, max(COUNTS))
        for count in COUNTS:
            picks = [("chosen", best[:count]), ("fisher", steepest[:count])]
            picks += [("random", list(rng.permutation(len(own))[:count])) for _ in range(REPEATS)]
            for kind, used in picks:
                wanted = np.setdiff1d(np.arange(len(own)), used)
                for group in groups:
                    tally = tallies[group]
                    key = (kind, count)
                    if kind != "chosen":
                        guess = least_squares(past, marks.keep(used))
                        tally.add("to_all", (f"least squares, {kind}", count), guess - squares)
                        tally.add("to_index", (f"least squares, {kind}", count), guess - index[name])
                        if len(wanted):
                            told = curve(past, marks.benchmark[wanted], guess)
                            tally.add("rest", (f"least squares, {kind}", count), np.abs(told - marks.share[wanted]))
                    placing = ours(past, marks.keep(used))
                    if kind == "fisher":
                        if len(wanted):
                            a, told, b = predicted(placing, marks.benchmark[wanted])
                            truth, key = marks.share[wanted], ("place, fisher", count)
                            tally.add("rest", key, np.abs(told - truth))
                            tally.add("holds_rest", key, (a <= truth) & (truth <= b))
                        continue
                    low, mid, high = placing.interval()
                    tally.add("to_all", key, mid - whole)
                    tally.add("to_index", key, mid - index[name])
                    tally.add("holds", key, low <= whole <= high)
                    tally.add("holds_index", key, low <= index[name] <= high)
                    tally.add("width", key, high - low)
                    if not len(wanted):
                        continue
                    a, b, c = predicted(placing, marks.benchmark[wanted])
                    truth = marks.share[wanted]
                    tally.add("rest", key, np.abs(b - truth))
                    tally.add("holds_rest", key, (a <= truth) & (truth <= c))
                    if group == "all" and kind == "random" and len(wanted) > 1:
                        other = ours(past, marks.keep(wanted))
                        z.append((placing.mean - other.mean) / np.hypot(placing.deviation, other.deviation))
                    for rival, values in (
                        ("two factors", rank_two(past, marks, used, wanted)),
                        ("nearest models", neighbours(past, marks, used, wanted)),
                        ("benchmark mean", benchmark_mean(past, marks, wanted)),
                    ):
                        tally.add("rest", (f"{rival}, {kind}", count), np.abs(values - truth))
    return {"models": seen, "z": np.array(z), **tallies}


_kept: dict[str, Earlier] = {}


def known_before(matrix: ScoreMatrix, released: Any, day: str, index: dict[str, float]) -> Earlier:
    if day not in _kept:
        _kept[day] = earlier(matrix, released, day, index)
    return _kept[day]


def report(found: dict[str, Any], group: str, title: str) -> None:
    tally: Tally = found[group]
    rows = []
    for key in sorted(tally.to_all, key=lambda one: (one[0] not in ("chosen", "random"), one[0], one[1])):
        off, out = np.array(tally.to_all[key]), np.array(tally.to_index[key])
        row = [f"{key[0]}, {key[1]} scores", f"{np.median(np.abs(off)):.2f}", f"{np.abs(off).mean():.2f}"]
        row += [f"{off.mean():+.2f}", f"{np.median(np.abs(out)):.2f}", f"{out.mean():+.2f}"]
        if key in tally.width:
            row += [f"{np.median(tally.width[key]):.1f}", f"{100 * np.mean(tally.holds[key]):.0f} %"]
            row += [f"{100 * np.mean(tally.holds_index[key]):.0f} %"]
        rows.append([*row, *[""] * (9 - len(row))])
    header = ("error, points", "median", "mean", "bias", "to index", "bias", "width", "holds all", "holds index")
    show(title, header, rows)
    rows = []
    for key in sorted(tally.rest, key=lambda one: (one[0] not in ("chosen", "random"), one[0], one[1])):
        error = np.concatenate(tally.rest[key])
        held = np.concatenate(tally.holds_rest[key]) if key in tally.holds_rest else None
        rows.append(
            [f"{key[0]}, {key[1]}", f"{error.mean():.4f}", "" if held is None else f"{100 * held.mean():.1f} %"]
        )
    show(f"{title}: the remaining scores", ("method, scores used", "mean error", "ranges hold"), rows)


def main(since: str = "2025-01-01", until: str = "2100-01-01") -> None:
    evidence = open_evidence([MATRIX])
    matrix = ordered(score_matrix(evidence))
    facts = model_facts(evidence, matrix.models)
    released = np.array([facts[name]["released"] for name in matrix.models])
    whole = place(matrix)
    index = dict(zip(whole.models, whole.fit.mid.tolist(), strict=True))
    spent, found = cpu(lambda: study(matrix, released, index, since, until))
    report(found, "all", f"{found['models']} models released from {since}")
    report(found, "frontier", "Of these, models better than every earlier one")
    z = found["z"]
    print(
        f"  the few against the rest of a model's scores: standardised difference has sd {z.std():.2f}, "
        f"90 % interval holds {100 * (np.abs(z) < 1.645).mean():.0f} %; {spent:.0f} s of CPU"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--since", default="2025-01-01")
    parser.add_argument("--until", default="2100-01-01")
    chosen_days = parser.parse_args()
    need_matrix()
    main(chosen_days.since, chosen_days.until)
