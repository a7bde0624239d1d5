"""How much of a benchmark score is noise: which items, which repeat, which prompt, provider, scaffold or run?

Theme     single attempts
Evidence  attempts: one try at one item per row, repeated over epochs or runs, with prompt, provider, scaffold and seed
          where they were changed
Needs     attempts at single items
Method    success = model + item + set-up + the item's reaction to the set-up + repeat, set-up = prompt + provider +
          scaffold + ... + run; variances from expected mean squares (Henderson's third method), intervals from
          generalized pivots with the freedom that families of items and numbers of levels leave; effects of levels
          paired by item within models, their p-values corrected for their number
Source    Searle, Casella and McCulloch 1992, Variance Components; Krishnamoorthy and Mathew 2004 (intervals); Miller
          2024, Adding Error Bars to Evals, arXiv:2411.00640; Epoch AI, Why benchmarking is hard, 2025 (what varies)
Differs   variances are those of the score itself, not of a logit, so that they add up; a level's effect counts for each
          model by itself, so a prompt that suits one model and not another adds to the part of prompts
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS, Floats
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import UNSCORED, Attempts, attempts
from ascent.measure.comparing import CLUSTERS, grids, sides_of
from ascent.measure.comparing_sides import alone
from ascent.measure.set_ups import SetUps, layers, set_ups
from ascent.model import noise_words as told_as
from ascent.model.contrast_words import chance
from ascent.model.false_discovery import CORRECTIONS, adjusted
from ascent.model.level_effects import best_and_worst, level_effects, odd_epochs
from ascent.model.power import LEVEL
from ascent.model.variance_parts import (
    FAMILIES,
    ITEMS,
    REACTIONS,
    REPEATS,
    RUNS,
    TOGETHER,
    VarianceParts,
    fit_parts,
)  # fmt: skip

GIVEN = {"results": "attempts at items, or logs of runs; in place of --evidence"}
MORE_EPOCHS = (1, 2, 4, 8, 16)
MORE_ITEMS = (1, 4)
AGAIN = "run again"
OTHER_SET_UP = "another set-up"
OTHER_ITEMS = "other items"
ALL_OTHER = "other items, another set-up"


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "look at one benchmark only")
    model: str = param("", "look at one model only")
    cluster: str = param("family", "items that may stand or fall together", choices=CLUSTERS)
    unscored: str = param(UNSCORED[0], "what becomes of attempts without a score", choices=UNSCORED)
    correction: str = param("bh", "how p-values of many levels are corrected for their number", choices=CORRECTIONS)
    level: float = param(LEVEL, "p-value below which an effect counts", unit="probability", least=1e-6, most=0.1)
    draws: int = param(4_000, "draws of the variances", unit="draws", least=20, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `parts`; `errors` has the standard error of a score, `effects` and `spread` the levels."""

    main: str = ""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import labelled, percent

        parts = self.prepared["parts"]
        mine = [row for row in parts.rows() if row["benchmark"] == self.main]
        others = len(set(parts["benchmark"])) - 1
        more = f" The table parts has {others} more benchmark{'s' * (others > 1)}." if others else ""
        errors = self.prepared["errors"]
        lines = [row for row in errors.rows() if row["benchmark"] == self.main and row["items_factor"] == 1]
        lines = [row for row in lines if row["what"] in told_as.plainly_different(lines)]
        found = {
            "parts": charts.ranking(
                percent(Table.from_rows(parts.columns, mine), "percentage points"), label="meaning", mid="in_score",
                low="in_score_low", high="in_score_high", title=told_as.moved_by(self.main, mine),
                manifest=self.manifest, quantity="Standard error that each gives the score",
                note=f"Their squares add up. Prompts and the like count only against a score under another one.{more}",
            ),
            "errors": charts.curves(
                percent(Table.from_rows(errors.columns, lines), "percentage points"), x="epochs", mid="mid", low="low",
                high="high", colour="what", title=told_as.repeats_title(self.main, lines), log_x=True,
                manifest=self.manifest, quantity="Standard error of a score",
                note="By what would be done again; as many items as were run.",
            ),
        }  # fmt: skip
        for name, mid, parts_ in (("effects", "effect", ("level", "factor", "benchmark")),
                                  ("spread", "difference", ("model", "factor", "benchmark"))):  # fmt: skip
            if len(self.prepared[name]):
                told = percent(labelled(self.prepared[name], *parts_), "percentage points")
                quantity = {"effects": "Score under it minus the mean of the others", "spread": "Best minus worst"}
                found[name] = charts.ranking(
                    told, label="label", mid=mid, low="low", high="high", manifest=self.manifest,
                    title=told_as.levels_title(list(self.prepared[name].rows()), mid, parts_[0]),
                    references={"no effect": 0.0}, quantity=quantity[name],
                    note="Those stand out whose corrected p-value is below the level.",
                )  # fmt: skip
        return found


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Split the variance of scores, benchmark by benchmark.

    Raises TooLittleEvidence where there are no attempts, or fewer than five items; UnknownName for a benchmark or
    model that is not there.
    """
    source = evidence.given[0] if evidence.given else evidence
    told = attempts(source, benchmark=params.benchmark, model=params.model)
    kept = {
        name: told.where(told.benchmark == code) for code, name in enumerate(told.benchmarks) if code in told.benchmark
    }
    kept = {name: own for name, own in kept.items() if len(np.unique(own.item[np.isfinite(own.success)])) >= 5}
    if not kept:
        raise TooLittleEvidence(
            need="attempts at five items of one benchmark", have="fewer", fix="add attempts at more items"
        )
    parts, errors, effects, spread, rules = [], [], [], [], []
    notes = list(told.notes)
    if len(models := np.unique(told.model)) > 1:
        text = f"{len(models)} models are taken together; --model looks at one."
        notes.append(Note("info", "models", text))
    fits: dict[str, VarianceParts] = {}
    for name, own in kept.items():
        made = set_ups(source, own)
        found = {rule: _fit(own, made, rule, params) for rule in UNSCORED}
        fit = fits[name] = found[params.unscored]
        parts += [{"benchmark": name, **row} for row in _parts(fit)]
        errors += [{"benchmark": name, **row} for row in _errors(fit)]
        rules += [{"benchmark": name, "part": part, **{f"mid_{rule.replace(' ', '_')}": _roots(one.interval(part))[1]
                   for rule, one in found.items() if part in one.draws}} for part in fit.draws]  # fmt: skip
        for factor, label in made.factors.items():
            if factor == "seed":
                continue
            sides = sides_of(own, label)
            within = layers(source, own, factor, sides)
            for grid in grids(sides, strata=within.models, layer=within.code, unscored=params.unscored,
                              cluster=params.cluster) if within.models else ():  # fmt: skip
                about = {"benchmark": name, "factor": factor}
                names = [side.name for side in sides]
                effects += [{**about, "level": names[k], **row} for k, row in level_effects(grid, seed=params.seed)]
                spread += [{**about, "model": model, "best": names[best], "worst": names[worst], **row}
                           for model, best, worst, row in best_and_worst(grid, seed=params.seed)]  # fmt: skip
        notes += _notes(name, own, made, found, params)
    for rows in (effects, spread):
        for row, p in zip(rows, adjusted([row["p_value"] for row in rows], params.correction), strict=True):
            row |= {"p_adjusted": float(p), "differs": bool(p < params.level)}
    for row in parts:  # a part is no surer than the tests of what it is made of
        if RUNS not in (names := row["part"].split(" and ")) and not _seen(row["benchmark"], names, effects + spread):
            row |= {"low": 0.0, "in_score_low": 0.0} if _tests(row["benchmark"], names, effects + spread) else {}
    main = max(kept, key=lambda name: (len(kept[name]), name))
    sheets = {
        "parts": Table.from_rows(_PARTS, parts, _NOTE), "errors": Table.from_rows(_ERRORS, errors),
        "effects": Table.from_rows(_EFFECTS, effects), "spread": Table.from_rows(_SPREAD, spread),
        "rules": Table.from_rows(_RULES, rules),
    }  # fmt: skip
    sentence = _sentence(main, fits[main], _tries(kept[main], params), effects, spread)
    manifest = Manifest.stamp(__name__, params, alone(evidence))
    return Answer(manifest, sentence, sheets, tuple(dict.fromkeys(notes)), main)


def _fit(own: Attempts, made: SetUps, rule: str, params: Params) -> VarianceParts:
    lone = len(own.families) + np.arange(len(own.items))
    family = np.where((own.item_family >= 0) & (params.cluster == "family"), own.item_family, lone)
    factors = {name: label.code for name, label in made.factors.items()}
    return fit_parts(own.outcome(rule), own.model, own.item, made.setup, factors, family, runs=made.runs,
                     draws=params.draws, seed=params.seed)  # fmt: skip


def _sd(variance: Floats) -> tuple[float, float, float]:
    """Low, mid and high of a standard deviation, from draws of a variance; draw 0 is the estimate."""
    low, high = np.quantile(variance[1:], [(1 - MASS) / 2, (1 + MASS) / 2])
    return _roots((min(float(low), float(variance[0])), float(variance[0]), max(float(high), float(variance[0]))))


def _roots(variance: tuple[float, float, float]) -> tuple[float, float, float]:
    low, mid, high = (float(np.sqrt(max(0.0, end))) for end in variance)
    return low, mid, high


def _parts(fit: VarianceParts) -> list[dict[str, Any]]:
    single = sum(max(0.0, float(draws[0])) for draws in fit.draws.values())
    ends = ("in_score_low", "in_score", "in_score_high")
    return [
        {
            "part": part, "meaning": told_as.meaning(part), **dict(zip(ends, told_as.in_score(fit, part), strict=True)),
            **dict(zip(("low", "mid", "high"), _roots(fit.interval(part)), strict=True)),
            "variance": float(draws[0]),
            "share": max(0.0, float(draws[0])) / single if single else None, "levels": fit.levels[part],
            "freedom": fit.freedom[part],
        }
        for part, draws in fit.draws.items()
    ]  # fmt: skip


def _what(fit: VarianceParts) -> dict[str, tuple[str, ...]]:
    """Which parts enter the standard error of a score, by what is done again."""
    outer = tuple(part for part in fit.draws if part not in (FAMILIES, ITEMS, REPEATS, REACTIONS, RUNS, TOGETHER))
    if TOGETHER in fit.draws:
        return {
            OTHER_ITEMS: (FAMILIES, TOGETHER, RUNS),
            **({ALL_OTHER: (FAMILIES, TOGETHER, RUNS, *outer)} if outer else {}),
        }
    told = {AGAIN: (REPEATS, RUNS), OTHER_ITEMS: (FAMILIES, ITEMS, REACTIONS, REPEATS, RUNS)}
    if outer:
        told[OTHER_SET_UP] = (REPEATS, RUNS, REACTIONS, *outer)
        told[ALL_OTHER] = (FAMILIES, ITEMS, REACTIONS, REPEATS, RUNS, *outer)
    return told


def _errors(fit: VarianceParts) -> list[dict[str, Any]]:
    epochs = sorted({float(k) for k in MORE_EPOCHS} | {fit.epochs}) if TOGETHER not in fit.draws else [fit.epochs]
    return [
        {
            "what": what, "items": round(fit.items * more), "items_factor": more, "epochs": count,
            "as_run": more == 1 and count == fit.epochs,
            **dict(zip(("low", "mid", "high"), _sd(fit.of_score(parts, fit.items * more, count) ** 2), strict=True)),
        }
        for what, parts in _what(fit).items() for more in MORE_ITEMS for count in epochs
    ]  # fmt: skip


def _tests(benchmark: str, factors: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tests of these factors' levels at a benchmark."""
    return [row for row in rows if row["benchmark"] == benchmark and row["factor"] in factors]


def _seen(benchmark: str, factors: Sequence[str], rows: Sequence[dict[str, Any]]) -> bool:
    """Whether some level of these factors differs from another."""
    return any(row["differs"] for row in _tests(benchmark, factors, rows))


def _tries(own: Attempts, params: Params) -> float:
    """How often a model tried an item that counts, under all set-ups; the median."""
    there = np.isfinite(own.outcome(params.unscored))
    pairs = np.column_stack([own.model, own.item])[there]
    return float(np.median(np.unique(pairs, axis=0, return_counts=True)[1]))


def _sentence(
    name: str,
    fit: VarianceParts,
    tries: float,
    effects: Sequence[dict[str, Any]],
    spread: Sequence[dict[str, Any]],
) -> str:
    def told(what: str) -> str:
        low, mid, high = (100 * end for end in _sd(fit.of_score(_what(fit)[what], fit.items, fit.epochs) ** 2))
        return f"{mid:.1f} percentage points ({MASS:.0%} interval {low:.1f} to {high:.1f})"

    times = f"{fit.epochs:.0f} times each" if fit.epochs > 1 else "once each"
    if tries > fit.epochs:
        times = f", {times} in one run or set-up ({tries:.0f} in all),"
    else:
        times = f", {times}," if fit.epochs > 1 else ""
    words = (
        f"At {name}, a score from {fit.items:.0f} items{times} has a standard error of {told(OTHER_ITEMS)} for items "
    )
    words += "of this kind at large"
    if AGAIN in _what(fit):
        words += f", and of {told(AGAIN)} if the same items are run again"
    outer = [part for part in fit.draws if part not in (FAMILIES, ITEMS, REPEATS, REACTIONS, RUNS, TOGETHER)]
    tests = [*effects, *spread]
    seen = [part for part in outer if _seen(name, part.split(" and "), tests)]
    if seen:
        part = max(seen, key=lambda one: (float(fit.draws[one][0]), one))
        low, mid, high = (100 * end for end in _roots(fit.interval(part)))
        lead = "of what makes up a set-up, " if len(outer) > 1 and mid > 0 else ""
        most = " most" if lead else ""
        words += f"; {lead}{told_as.plural(part)} scatter{most}, with a standard deviation of {mid:.1f}"
        words += f" ({low:.1f} to {high:.1f})"
    elif factors := [factor for part in outer for factor in part.split(" and ") if _tests(name, [factor], tests)]:
        least = chance(min(row["p_adjusted"] for row in _tests(name, factors, tests))).removeprefix("= ")
        words += f"; no {' or '.join(factors)} effect is seen (the smallest corrected p is {least})"
    mine = [row for row in spread if row["benchmark"] == name and row["differs"]]
    if mine:
        top = max(mine, key=lambda row: (row["difference"], row["model"]))
        words += (f"; for {top['model']} the {top['factor']}s lie up to {100 * top['difference']:.1f} points apart "
                  f"({100 * top['low']:.1f} to {100 * top['high']:.1f})")  # fmt: skip
    return words + "."


def _notes(
    name: str, own: Attempts, made: SetUps, found: Mapping[str, VarianceParts], params: Params
) -> list[Note]:  # fmt: skip
    notes, fit = [], found[params.unscored]
    odd = odd_epochs(own.success, made.setup, own.item, own.epoch)
    if odd:
        first = int(np.flatnonzero(made.setup == odd[0].setup)[0])
        who = own.models[own.model[first]] + (
            f" (run {own.run.names[code]})" if (code := own.run.code[first]) >= 0 else ""
        )
        text = (
            f"At {name}, epoch {odd[0].epoch} of {who} scores {100 * odd[0].score:.1f} % where its other epochs score "
            f"{100 * odd[0].others:.1f} %, further than chance explains: something may have broken; "
            f"{len(odd)} such epochs in all."
        )
        notes.append(Note("warning", "epochs", text))
    notes += told_as.about_outcomes(name, fit, len(own.families) if params.cluster == "family" else 0)
    unscored = int(np.isnan(own.success).sum())
    if unscored:
        errors = [100 * _sd(one.of_score(_what(one)[OTHER_ITEMS], one.items, one.epochs) ** 2)[1]
                  for one in (found[rule] for rule in UNSCORED)]  # fmt: skip
        text = (
            f"At {name}, {unscored:,} of {len(own):,} attempts have no score: left out, the standard error for items "
            f"of this kind is {errors[0]:.1f} points, counted as wrong {errors[1]:.1f}; the table rules has each part."
        )
        notes.append(Note("info", "unscored", text))
    if fit.merged:
        text = (
            f"At {name}, {' and '.join(fit.merged)} changed only along with other factors or every run: part of those."
        )
        notes.append(Note("warning", "confounded", text))
    if fit.run_part != RUNS and fit.run_part in fit.draws:
        text = f"At {name} no run was repeated without another {fit.run_part.partition(' and ')[2]}: one part for both."
        notes.append(Note("warning", "confounded", text))
    if TOGETHER in fit.draws:
        text = (
            f"At {name} no item was tried twice, so what repeats add cannot be told from items: run two epochs or more."
        )
        notes.append(Note("warning", "repeats", text))
    few = [part for part in fit.draws if fit.freedom[part] < 4]
    if few:
        text = (
            f"At {name}, {', '.join(few)} rest{'s' * (len(few) == 1)} on fewer than five comparisons of levels: only "
            "the ranges say something."
        )
        notes.append(Note("bound", "few levels", text))
    zero = [part for part, draws in fit.draws.items() if draws[0] <= 0]
    if zero:
        text = (
            f"At {name}, the scatter of {', '.join(zero)} is no larger than the others bring about; its estimate is 0."
        )
        notes.append(Note("info", "zero", text))
    return notes


def _ends(mid: str, unit: str = "fraction") -> list[Column]:
    return [Column(end, "number", unit) for end in ("low", mid, "high")]


_PARTS = (
    Column("benchmark"), Column("part"), Column("meaning", help="what it is"),
    Column("in_score_low", "number", "fraction"),
    Column("in_score", "number", "fraction", "standard error that it gives the score as run"),
    Column("in_score_high", "number", "fraction"),
    *(Column(end, "number", "fraction", "standard deviation of a single attempt") for end in ("low", "mid", "high")),
    Column("share", "number", "share", "of the variance of a single attempt by somebody else's set-up"),
    Column("variance", "number", "fraction squared", "may be negative where there is nothing"),
    Column("levels", "whole", "levels", "items, attempts or set-ups"),
    Column("freedom", "number", "degrees of freedom"),
)  # fmt: skip
_NOTE = (
    "In score: the standard error that a part gives the score as it was run; their squares add up. Estimate: the "
    "standard deviation that it gives a single attempt at one item; share: of that one's variance."
)
_ERRORS = (
    Column("benchmark"), Column("what", help="what is done again; the rest stays as it was"), Column("items", "whole"),
    Column("items_factor", "whole"), Column("epochs", "number", "attempts at an item"), Column("as_run", "flag"),
    *_ends("mid"),
)  # fmt: skip
_TEST = (
    Column("p_value", "number", "probability"), Column("p_adjusted", "number", "probability", "corrected"),
    Column("differs", "flag", help="the corrected p-value is below the level"), Column("items", "whole", "items"),
    Column("method"),
)  # fmt: skip
_EFFECTS = (
    Column("benchmark"), Column("factor"), Column("level"), *_ends("effect"),
    Column("models", "whole", "models"), *_TEST,
)  # fmt: skip
_SPREAD = (
    Column("benchmark"), Column("factor"), Column("model"), Column("best"), Column("worst"),
    *_ends("difference"), *_TEST,
)  # fmt: skip
_RULES = (
    Column("benchmark"), Column("part"), Column("mid_leave_out", "number", "fraction", "scored attempts only"),
    Column("mid_wrong", "number", "fraction", "unscored counted as wrong"),
)  # fmt: skip
