"""How much more training compute would buy what post-training, distillation or another technique adds?

Theme     training and compute
Evidence  scores with and without a technique, beside training compute: a part `technique=NAME` of the setting of a
          score against the same model without it; models with a base_model, or distilled; checkpoints of a later phase
          against the last of pre-training. The scaling line is made of what has no technique
Method    a line of logits above guessing on the logarithm of compute, at equal dates where they are known, in groups of
          one family; the gain is the mean difference of pairs over the slope, by Fieller. Distilled models without a
          counterpart are compared at equal compute. Over several benchmarks of one technique: random effects, with the
          range on a further benchmark
Source    Davidson et al. 2023, AI capabilities can be significantly improved without expensive retraining,
          arXiv:2312.07413; Epoch AI, Quantifying the algorithmic improvement from reasoning models, 2025
Differs   published gains read one curve by eye or by a fit without an interval; here the slope's own error is in it,
          the distance beyond the largest model of the line is told, and single benchmarks stay apart from the set
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number
from ascent.core.draws import MASS, Floats
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.technique_scores import DISTILLATION, POST_TRAINING, Point, Study, studies
from ascent.model.clustered_fit import ClusteredFit
from ascent.model.compute_gain import Gain, compared_gain, line, logit, paired_gain
from ascent.model.random_effects import Pooled, pool

FEWEST = 6  # models of a line
FAR = 1.0  # decades beyond the largest model of the line from which a warning is due
WIDE = 3  # benchmarks that make a set


@dataclass(frozen=True, kw_only=True)
class Params:
    technique: str = param("technique", "part of a score's setting that names a technique")
    only: str = param("", "only techniques whose name has these words")
    benchmark: str = param("", "only this benchmark")
    floor: float = param(
        0.05, "scores nearer than this to guessing or to perfect tell nothing and are left out", unit="share",
        least=0.0, most=0.4,
    )  # fmt: skip
    dates: bool = param(True, "hold release dates equal along the line, where they are known")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Main table `gains`, technique by benchmark; `sets` over benchmarks, `pairs` of models, a picture in `shift`."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        sheets = self.prepared
        return {
            "gains": charts.ranking(
                sheets["forest"], label="on", mid="mid", low="low", high="high", group="technique", ordered=False,
                log=True, title="What techniques are worth in training compute", manifest=self.manifest,
                quantity="Times the training compute", references={"no gain": 1.0},
                note="How much more compute the line would need for the same score. Gains without an end are left out.",
            ),
            "shift": charts.scatter_fit(
                sheets["shift"], x="compute", y="score", label="model", group="kind", fit=sheets["line"], log_x=True,
                title=str(sheets["shift"].note), manifest=self.manifest, quantity="Score above guessing",
                note="The gain is how far to the right the line reaches the score with the technique.",
            ),
        }  # fmt: skip


@dataclass(frozen=True)
class _Told:
    study: Study
    gain: Gain
    fit: ClusteredFit | None
    kept: list[Point]
    pairs: list[tuple[Point, Point, float]]
    beyond: float  # decades


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Gains by technique and benchmark.

    Raises TooLittleEvidence where no technique has a counterpart and a line of 6 models.
    """
    found = [
        one for one in studies(evidence, key=params.technique)
        if params.only.casefold() in one.technique.casefold() and params.benchmark in ("", one.benchmark)
    ]  # fmt: skip
    told = [one for study in found if (one := _told(study, params))]
    if not told:
        raise TooLittleEvidence(
            need=f"scores with and without a technique, and {FEWEST} models without it that have training compute and "
            "differ in it",
            have=f"{len(found)} pairings of a technique and a benchmark, none with such a line",
            fix="add scores with `technique=NAME` in their setting beside the same model's without it, or models with "
            "base_model; `ascent evidence template scores` shows the form",
        )
    sets = dict(_sets(told))
    main = max(
        told, key=lambda one: (one.study.technique in sets, one.gain.pairs, one.gain.models, one.study.benchmark)
    )
    shift, drawn = _picture(main)
    sheets = {
        "gains": Table.from_rows(_GAINS, [_gain(one) for one in told]),
        "sets": Table.from_rows(_SETS, [_set(name, one) for name, one in sets.items()]),
        "pairs": Table.from_rows(_PAIRS, [row for one in told for row in _pairs(one)]),
        "forest": _forest(told, sets), "shift": shift, "line": drawn,
    }  # fmt: skip
    manifest = Manifest.stamp(__name__, params, evidence)
    return Answer(manifest, _sentence(told, sets, main), sheets, tuple(_notes(found, told, sets)))


def _told(study: Study, params: Params) -> _Told | None:
    def inside(one: Point) -> bool:
        return params.floor <= one.share <= 1 - params.floor

    kept = sorted((one for one in study.without if inside(one)), key=lambda one: (one.log_flop, one.model, one.share))
    pairs = sorted(
        (one for one in study.pairs if inside(one[0]) and inside(one[1])),
        key=lambda one: (one[1].model, one[1].log_flop),
    )
    alone = sorted((one for one in study.alone if inside(one)), key=lambda one: one.model)
    if len(kept) < FEWEST or not (pairs or alone):
        return None
    everyone = kept if pairs else [*kept, *alone]
    x, year = (np.array([getattr(one, name) for one in everyone]) for name in ("log_flop", "year"))
    y = _logits(everyone)[0]
    origin = np.unique([one.origin for one in everyone], return_inverse=True)[1].astype(np.intp)
    dated = year if params.dates and np.isfinite(year).all() and len(np.unique(year)) > 3 else None
    try:
        if pairs:
            fit = line(x, y, origin, dated)
            before, after = _logits([one for one, *_ in pairs]), _logits([one for _, one, _ in pairs])
            families = np.unique([one[0].origin for one in pairs], return_inverse=True)[1].astype(np.intp)
            gain = paired_gain(fit, len(kept), after[0] - before[0], np.hypot(before[1], after[1]), families)
        else:
            fit = None
            has = np.arange(len(everyone)) >= len(kept)
            gain = compared_gain(x, y, has, origin, dated)
    except ValueError:  # compute does not vary, or only with the date
        return None
    tops = [one[0].log_flop for one in pairs] or [one.log_flop for one in alone]
    beyond = max(tops) + gain.mid - max(one.log_flop for one in kept)
    return _Told(study, gain, fit, kept, pairs, max(0.0, beyond))


def _logits(points: list[Point]) -> tuple[Floats, Floats]:
    return logit(np.array([one.share for one in points]), np.array([one.items for one in points]))


def _sets(told: list[_Told]) -> Iterator[tuple[str, tuple[Pooled, int]]]:
    """Techniques that several benchmarks bound, pooled over them."""
    for name in sorted({one.study.technique for one in told}):
        some = [
            one.gain for one in told if one.study.technique == name and np.isfinite([one.gain.low, one.gain.high]).all()
        ]
        if len(some) >= WIDE:
            yield name, (pool(np.array([one.mid for one in some]), np.array([one.error for one in some])), len(some))


def _factor(decades: float) -> float | None:
    return float(10**decades) if abs(decades) < 12 else None


def _ends(low: float, mid: float, high: float) -> dict[str, float | None]:
    return dict(zip(("low", "mid", "high"), map(_factor, (low, mid, high)), strict=True))


def _gain(one: _Told) -> dict[str, Any]:
    costs = [cost for *_, cost in one.pairs if np.isfinite(cost)]
    cost = float(np.median(costs)) if costs else None
    mid = _factor(one.gain.mid)
    return {
        "technique": one.study.technique, "benchmark": one.study.benchmark,
        **_ends(one.gain.low, one.gain.mid, one.gain.high), "effect": one.gain.effect, "slope": one.gain.slope,
        "slope_error": one.gain.slope_error, "beyond": one.beyond, "pairs": one.gain.pairs, "models": one.gain.models,
        "cost": None if cost is None else 100 * cost,
        "net": None if cost is None or mid is None else mid / (1 + cost),
        "interval": "scoring noise and slope" if one.gain.noise_only else "families and slope",
    }  # fmt: skip


def _set(name: str, told: tuple[Pooled, int]) -> dict[str, Any]:
    one, count = told
    return {
        "technique": name, "benchmarks": count, **_ends(one.low, one.mid, one.high), "next_low": _factor(one.next_low),
        "next_high": _factor(one.next_high), "apart": _factor(one.tau),
    }  # fmt: skip


def _pairs(one: _Told) -> Iterator[dict[str, Any]]:
    for before, after, _ in one.pairs:
        ends = _logits([before, after])[0]
        yield {
            "technique": one.study.technique, "benchmark": one.study.benchmark, "model": after.model,
            "base": before.model, "without": 100 * before.share, "with": 100 * after.share,
            "gain": _factor((ends[1] - ends[0]) / one.gain.slope) if one.gain.slope > 0 else None,
            "flop": 10**before.log_flop,
        }  # fmt: skip


def _forest(told: list[_Told], sets: dict[str, tuple[Pooled, int]]) -> Table:
    rows: list[dict[str, Any]] = []
    for name in sorted({one.study.technique for one in told}):
        rows += [{"on": row["benchmark"], **row} for row in (_gain(one) for one in told if one.study.technique == name)
                 if row["mid"] is not None and None not in (row["low"], row["high"])]  # fmt: skip
        if name in sets:
            rows.append({"on": f"all {sets[name][1]} of them", **_set(name, sets[name])})
    if not rows:
        rows = [{"on": row["benchmark"], **row} for row in map(_gain, told) if row["mid"] is not None]
    return Table.from_rows(_FOREST, [{column.name: row.get(column.name) for column in _FOREST} for row in rows])


def _picture(one: _Told) -> tuple[Table, Table]:
    """Dots with and without the technique, and the line of the ones without, in shares above guessing."""
    rows = [(p, "without") for p in one.kept] + [(after, "with") for _, after, _ in one.pairs]
    rows += [(p, "with") for p in one.study.alone] if not one.pairs else []
    dots = Table.of(
        _SHIFT, model=[p.model for p, _ in rows], kind=[kind for _, kind in rows],
        compute=[10**p.log_flop for p, _ in rows], score=[100 * p.share for p, _ in rows],
    )  # fmt: skip
    dots = replace(dots, note=f"{one.study.technique.capitalize()} on {one.study.benchmark}")
    x = np.array([p.log_flop for p in one.kept])
    along = np.linspace(x.min(), x.max(), 40)
    y = _logits(one.kept)[0]
    level = float(y.mean()) if one.fit is None else float(one.fit.coefficient[0])
    path = 100 / (1 + np.exp(-(level + one.gain.slope * (along - x.mean()))))
    return dots, Table.of(_SHIFT[2:], compute=(10**along).tolist(), score=path.tolist())


def _times(low: float | None, mid: float | None, high: float | None) -> str:
    if mid is None:
        return "an amount that the line does not bound (interval without end)"
    ends = f"{'0' if low is None else number(low)} to {'no end' if high is None else number(high)}"
    return f"{number(mid)} times the training compute ({MASS:.0%} interval {ends})"


def _sentence(told: list[_Told], sets: dict[str, tuple[Pooled, int]], main: _Told) -> str:
    name = main.study.technique
    own = _gain(main)
    if name not in sets:
        where = f"{name} is worth {_times(own['low'], own['mid'], own['high'])} on {main.study.benchmark}"
        return f"{where[0].upper()}{where[1:]}, from {main.gain.pairs} models with it and {main.gain.models} without."
    row = _set(name, sets[name])
    text = f"{name} is worth {_times(row['low'], row['mid'], row['high'])} over {row['benchmarks']} benchmarks"
    if row["next_low"] is not None and row["next_high"] is not None:
        text += f", and {number(row['next_low'])} to {number(row['next_high'])} on a further one"
    each = sorted(
        (one.gain.mid, one.study.benchmark)
        for one in told
        if one.study.technique == name and np.isfinite([one.gain.low, one.gain.high]).all()
    )
    (least, low), (most, high) = each[0], each[-1]
    text += f": from {number(_factor(least))} on {low} to {number(_factor(most))} on {high}"
    return f"{text[0].upper()}{text[1:]}."


def _notes(found: list[Study], told: list[_Told], sets: dict[str, tuple[Pooled, int]]) -> Iterator[Note]:
    far = [one for one in told if one.beyond > FAR]
    if far:
        worst = max(far, key=lambda one: (one.beyond, one.study.benchmark))
        text = (
            f"{len(far)} gains reach beyond every model of their line, at most by {worst.beyond:.1f} orders of "
            f"magnitude ({worst.study.technique} on {worst.study.benchmark}): there the line is stretched, see the "
            "column beyond."
        )
        yield Note("warning", "extrapolation", text)
    single = sorted({one.study.technique for one in told if one.gain.noise_only})
    if single:
        text = (
            f"{', '.join(single)}: on some benchmarks fewer than 3 families have it, so the interval holds the noise "
            "of scoring and of the line, and not how the gain differs between families."
        )
        yield Note("warning", "few families", text)
    opened = [one for one in told if not np.isfinite([one.gain.low, one.gain.high]).all()]
    if opened:
        text = f"{len(opened)} lines hardly rise with compute, so their gains have no end; they are in no set."
        yield Note("warning", "no slope", text)
    if sets:
        text = (
            "Benchmarks of one technique share models, which the pool over them does not know. A technique is often "
            "made for the benchmarks it is shown on: read the range on a further one."
        )
        yield Note("warning", "sets", text)
    if any(one.study.technique == DISTILLATION for one in told):
        text = (
            "A distilled model's compute leaves out its teacher's: it reaches a level cheaply and does not raise the "
            "level that can be reached."
        )
        yield Note("warning", "distillation", text)
    if any(one.study.technique == POST_TRAINING for one in told):
        text = (
            "Later versions of a model count as further training: data, tools and reasoning are not told apart. Models "
            "of the line may have had such training too where nothing says so, which blurs the line and the gain."
        )
        yield Note("info", "further training", text)
    left = len(found) - len(told)
    if left:
        text = f"{left} pairings of technique and benchmark lack a line of {FEWEST} models, or lie too near guessing."
        yield Note("info", "left out", text)


_TIMES = tuple(Column(end, "number", "x") for end in ("low", "mid", "high"))
_GAINS = (
    Column("technique"), Column("benchmark"), *_TIMES,
    Column("beyond", "number", "OOM", "how far the gain reaches beyond the largest model of the line"),
    Column("pairs", "whole", "models", "with the technique"), Column("models", "whole", "models", "of the line"),
    Column("effect", "number", "logits", "what the technique adds"),
    Column("slope", "number", "logits per tenfold compute"),
    Column("slope_error", "number", "logits per tenfold compute"),
    Column("cost", "number", "percent", "of pre-training compute that the technique itself took, median"),
    Column("net", "number", "x", "gain over all compute, the technique's own included"),
    Column("interval", help="what it holds"),
)  # fmt: skip
_SETS = (
    Column("technique"), Column("benchmarks", "whole", "benchmarks"), *_TIMES,
    Column("next_low", "number", "x", "on a further benchmark"), Column("next_high", "number", "x"),
    Column("apart", "number", "x", "factor by which benchmarks differ beyond their errors, one standard deviation"),
)  # fmt: skip
_PAIRS = (
    Column("technique"), Column("benchmark"), Column("model"), Column("base"),
    Column("without", "number", "percent", "score above guessing"), Column("with", "number", "percent"),
    Column("gain", "number", "x", "of this pair, by the common slope"), Column("flop", "number", "FLOP"),
)  # fmt: skip
_FOREST = (Column("on", help="benchmark, or all of them"), Column("technique"), *_TIMES)
_SHIFT = (
    Column("model"), Column("kind", help="with the technique or without"), Column("compute", "number", "FLOP"),
    Column("score", "number", "percent", "above guessing"),
)  # fmt: skip
