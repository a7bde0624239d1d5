"""How much more training compute would buy what post-training, distillation or another technique adds?

Theme     training and compute
Evidence  scores with and without a technique, beside training compute: a part `technique=NAME` of the setting of a
          score against the same model without it; models with a base_model, or distilled; checkpoints of a later phase
          against the last of pre-training; series: scores of students of one teacher and of plain models beside them.
          The scaling line is made of what has no technique: models scored while thinking are not on it
Method    a line of logits above guessing on the logarithm of compute, at equal dates where they are known, in groups of
          one family; the gain is the mean difference of pairs over the slope, by Fieller. Distilled models without a
          counterpart are compared at equal compute. Where the technique leads to scores that no model without it has,
          or far beyond their compute, the gain is bounded from below. Over several benchmarks of one technique, and
          over those of one subject: random effects, with the range on a further benchmark
Source    Davidson et al. 2023, AI capabilities can be significantly improved without expensive retraining,
          arXiv:2312.07413; Epoch AI, Quantifying the algorithmic improvement from reasoning models, 2025
Differs   published gains read one curve by eye or by a fit without an interval; here the slope's own error is in it,
          a line is not stretched over scores that nobody on it has, and single benchmarks stay apart from the set
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.measure.technique_points import Point, Study
from ascent.measure.technique_scores import DISTILLATION, POST_TRAINING, REASONING, studies
from ascent.model.compute_gain import FAR, Reach, compared_gain, expected_share, line, paired_gain, top_of
from ascent.model.gain_sheets import (
    GAINS,
    PAIRS,
    SETS,
    SIZES,
    Key,
    Pool,
    Told,
    forest,
    gain_row,
    logits,
    pair_rows,
    picture,
    set_row,
    sets,
    size_rows,
)
from ascent.model.gain_words import sentence, title

FEWEST = 6  # models of a line
STEPS = (
    "Each dashed step is one model without and with the technique. The gain is the mean step, as far as the line goes, "
    "over the slope of the line, both in logits."
)
DISTANCE = "The gain is how far above the line those with the technique lie on average, over its slope, both in logits."


@dataclass(frozen=True, kw_only=True)
class Params:
    technique: str = param("technique", "part of a score's setting that names a technique")
    only: str = param("", "only techniques whose name has these words")
    benchmark: str = param("", "only this benchmark")
    floor: float = param(
        0.05, "models expected nearer than this to guessing or to perfect are not on the line", unit="share", least=0.0,
        most=0.4,
    )  # fmt: skip
    dates: bool = param(True, "hold release dates equal along the line, where they are known")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Main table `gains`, technique by benchmark; `sets` over benchmarks, `pairs` of models, what goes with `sizes`."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.linked import linked_scatter

        sheets = self.prepared
        return {
            "gains": charts.ranking(
                sheets["forest"], label="on", mid="mid", low="low", high="high", group="technique", ordered=False,
                log=True, title="What techniques are worth in training compute", manifest=self.manifest,
                quantity="Times the training compute", references={"no gain": 1.0}, hollow="bound",
                note="How much more compute the line would need for the same score. Gains without an end are left out; "
                "where no model without the technique scores so, the least that the gain can be.",
            ),
            "shift": linked_scatter(
                sheets["shift"], x="compute", y="score", label="model", before="base", group="kind",
                fit=sheets["line"], log_x=True, title=str(sheets["shift"].note), manifest=self.manifest,
                quantity="Score above guessing", note=STEPS if any(sheets["shift"]["base"]) else DISTANCE,
            ),
        }  # fmt: skip


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
    pools = dict(sets(told))
    shown = max(told, key=_drawn)
    shift, drawn = picture(shown, params.floor)
    sheets = {
        "gains": Table.from_rows(GAINS, [gain_row(one) for one in told]),
        "sets": Table.from_rows(SETS, [set_row(key, one) for key, one in pools.items()]),
        "pairs": Table.from_rows(PAIRS, [row for one in told for row in pair_rows(one, params.floor)]),
        "sizes": Table.from_rows(SIZES, [row for one in told for row in size_rows(one)]),
        "forest": forest(told, pools), "shift": replace(shift, note=title(shown)), "line": drawn,
    }  # fmt: skip
    manifest = Manifest.stamp(__name__, params, evidence)
    return Answer(manifest, sentence(told, pools), sheets, tuple(_notes(found, told, pools)))


def _told(study: Study, params: Params) -> Told | None:
    if not study.without:
        return None
    # By what compute lets expect, never by the score itself: lucky models alone would stay at either end.
    share = expected_share(*(np.array([getattr(one, name) for one in study.without]) for name in ("log_flop", "share")))

    def inside(one: Point) -> bool:
        return params.floor <= float(share(one.log_flop)) <= 1 - params.floor

    kept = sorted((one for one in study.without if inside(one)), key=lambda one: (one.log_flop, one.model, one.share))
    pairs = sorted((one for one in study.pairs if inside(one[0])), key=lambda one: (one[1].model, one[1].log_flop))
    alone = sorted((one for one in study.alone if inside(one)), key=lambda one: one.model)
    if len(kept) < FEWEST or not (pairs or alone):
        return None
    everyone = kept if pairs else [*kept, *alone]
    x, year = (np.array([getattr(one, name) for one in everyone]) for name in ("log_flop", "year"))
    y = logits(everyone, params.floor)[0]
    origin = np.unique([one.origin for one in everyone], return_inverse=True)[1].astype(np.intp)
    most = float(np.log(1 / params.floor - 1)) if params.floor else np.inf
    dated = year if params.dates and np.isfinite(year).all() and len(np.unique(year)) > 3 else None
    try:
        if not pairs:
            has = np.arange(len(everyone)) >= len(kept)
            return Told(study, compared_gain(x, y, has, origin, dated, most), None, kept, pairs, None)
        fit = line(x, y, origin, dated)
        without, having = [one for one, *_ in pairs], [one for _, one, _ in pairs]
        before, after = logits(without, params.floor), logits(having, params.floor)
        own, when = (np.array([getattr(one, name) for one in without]) for name in ("log_flop", "year"))
        level = fit.coefficient[0] + fit.coefficient[1] * (own - x.mean())
        if dated is not None:
            level = level + fit.coefficient[2] * np.nan_to_num(when - year.mean())
        reach = Reach(before[0], level, x.max() + FAR - own, top_of(y, most))
        # Sizes of one recipe differ by their own training runs; else it is families that differ.
        group = [one.origin for one in (having if study.one_recipe else without)]
        families = np.unique(group, return_inverse=True)[1].astype(np.intp)
        gain = paired_gain(fit, len(kept), after[0] - before[0], np.hypot(before[1], after[1]), families, reach)
    except ValueError:  # compute does not vary, or only with the date
        return None
    return Told(study, gain, fit, kept, pairs, reach)


def _drawn(one: Told) -> tuple[int, bool, int, float, str]:
    """What is drawn: where most models have the technique, and of those the largest gain."""
    size = one.gain.mid if one.bounded else one.gain.low
    return len(one.pairs) or len(one.study.alone), one.bounded, one.gain.pairs, size, one.study.benchmark


def _notes(found: list[Study], told: list[Told], pools: dict[Key, Pool]) -> Iterator[Note]:
    bounds = [one for one in told if one.least]
    if bounds:
        worst = max(bounds, key=lambda one: (one.gain.beyond, one.study.benchmark))
        text = (
            f"{len(bounds)} gains are only bounded from below, for the models at hand: the technique leads to scores, "
            f"or far into compute, that no model without it has, at most {worst.gain.beyond:.1f} orders of magnitude "
            f"off the line ({worst.study.technique} on {worst.study.benchmark}). The column stretched has what the "
            "line would say if it went on; near perfect scores it says too much."
        )
        yield Note("warning", "off the line", text)
    few = [one for one in told if one.gain.beyond > 0 and not one.gain.bound]
    if few:
        text = (
            f"{len(few)} gains are those of models that the line expects to hold, the others with the technique lie "
            "beyond every model without it and have no say."
        )
        yield Note("info", "off the line", text)
    single = sorted({one.study.technique for one in told if one.bounded and one.gain.noise_only})
    if single:
        text = (
            f"{', '.join(single)}: on some benchmarks fewer than 3 families have it, so the interval holds the noise "
            "of scoring and of the line, and not how the gain differs between families."
        )
        yield Note("warning", "few families", text)
    lone = sorted({one.study.benchmark for one in told if len({point.origin for point in one.kept}) < 2})
    if lone:
        text = (
            f"On {', '.join(lone)} all models of the line are of one family: the interval holds how these models "
            "scatter around it, and not how other families rise with compute."
        )
        yield Note("warning", "one family", text)
    opened = [one for one in told if not one.bounded and not one.least]
    if opened:
        text = (
            f"{len(opened)} gains have no end: their lines hardly rise with compute, or end below the models with the "
            "technique; they are in no set."
        )
        yield Note("warning", "no end", text)
    if pools:
        text = (
            "Benchmarks of one technique share models, which the pool over them does not know, and gains that are only "
            "bounds are not in it, so it leans low. A technique is often made for the benchmarks it is shown on: read "
            "the range on a further one, and subjects apart."
        )
        yield Note("warning", "sets", text)
    if any(one.study.technique.startswith(DISTILLATION) for one in told):
        text = (
            "A distilled model's compute leaves out its teacher's: it reaches a level cheaply and does not raise the "
            "level that can be reached."
        )
        yield Note("warning", "distillation", text)
    students = [one for one in told if one.study.one_recipe]
    if students:
        costs = [100 * cost for one in students for *_, cost in one.study.pairs if np.isfinite(cost)]
        text = (
            "The students of one teacher are few sizes of two recipes, beside plain models of known compute as one "
            "laboratory scored them. Other families may gain otherwise."
        )
        if costs:
            text += (
                f" Training on the teacher's answers took as little as {min(costs):.2g}% of pre-training compute; "
                f"where it took up to {max(costs):.2g}%, the base had further training on a subject."
            )
        yield Note("info", "one recipe", text)
    if any(one.study.technique in (POST_TRAINING, REASONING) for one in told):
        text = (
            "Later versions of a model count as further training, or as reasoning training where they were scored "
            "while thinking or are called so; such models are not on the line. Others on it may have had it where "
            "nothing says so, which blurs the line and the gain."
        )
        yield Note("info", "further training", text)
    left = len(found) - len(told)
    if left:
        text = f"{left} pairings of technique and benchmark lack a line of {FEWEST} models, or lie too near guessing."
        yield Note("info", "left out", text)
