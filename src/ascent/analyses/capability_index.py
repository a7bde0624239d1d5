"""How capable is each model, on one scale for all?

Theme     models
Evidence  scores: shares of right answers, one or more claims per model and benchmark
          benchmarks: chance level, ceiling, number of items, domain; models: release date, organization
Method    score = sigmoid(discrimination * (capability - difficulty)); least squares with weights from the scatter of
          the scores; intervals from each benchmark's own scatter, error shared within a model's domains, and the error
          of the two reference models; first-order bias taken off. `--method published` is the estimator of the Epoch
          Capabilities Index with its own settings, `published-optimum` the same objective at its optimum
Source    Ho et al. 2025, A Rosetta Stone for AI Benchmarks, arXiv:2512.00193; Epoch AI, Epoch Capabilities Index
Differs   no benchmark is pinned and no capability is shrunk, so weak models lie lower than published; several claims
          for one cell are pooled by their median, not their maximum; the reference models have intervals; how often
          the intervals hold the truth was measured and stands in the table `coverage`
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS
from ascent.core.errors import AscentError
from ascent.core.params import check, param, rising
from ascent.core.progress import progress
from ascent.core.quantiles import normal_quantile
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.measure.connectivity import bridges
from ascent.measure.frontier import leaders
from ascent.measure.models import model_facts
from ascent.measure.score_matrix import RULES, ScoreMatrix, score_matrix
from ascent.model import index_shapes as shapes
from ascent.model.index import RIDGE
from ascent.model.index_matrix import REFERENCES, Placed, place, restarts_told, without_each_benchmark
from ascent.model.index_predict import predict_cells
from ascent.model.measured import measured
from ascent.model.ranks import rank_intervals

POINTS = shapes.POINTS
MOST_RIDGE = 1e6  # equal discriminations, as good as exactly
UNSETTLED = 3.0  # half widths of its interval: a ratio over a difference known worse than this is skewed
FEW = 10  # scores of a benchmark: with fewer its own intervals held 83 to 85 % of the truth in simulated worlds
STRAY = 3.0  # standardised residuals beyond this are said to fight the model


@dataclass(frozen=True, kw_only=True)
class Params:
    method: str = param(
        "calibrated", "how the index is estimated", choices=("calibrated", "published", "published-optimum")
    )
    draws: int | None = param(
        None, "draws of the error (calibrated: 400) or resamples (published: 500); 0 is quickest", unit="draws",
        least=0, most=10_000,
    )  # fmt: skip
    seed: int = param(0, "seed of the draws (the published method keeps its own, 12345)", unit="seed", least=0)
    reference_low: str = param(REFERENCES[0], "model that defines the lower point of the scale")
    reference_high: str = param(REFERENCES[1], "model that defines the upper point of the scale")
    low_value: float = param(130.0, "index of the lower reference model", unit=POINTS, least=-1e6, most=1e6)
    high_value: float = param(150.0, "index of the upper reference model", unit=POINTS, least=-1e6, most=1e6)
    rule: str = param("median", "how several claims for one model and benchmark become one", choices=RULES)
    independent_only: bool = param(False, "use only scores that somebody other than the developer measured")
    without_optimized: bool = param(False, "leave out benchmarks that developers are thought to tune for")
    without: str = param("", "benchmarks to leave out, separated by ';'")
    min_scores: int = param(4, "models with fewer scores are left out", unit="scores", least=1)
    ridge: float = param(
        RIDGE, "pull of log discriminations towards their mean (calibrated)", unit="units of half a squared residual",
        least=0.0, most=MOST_RIDGE,
    )  # fmt: skip
    jacobian: str = param("analytic", "derivatives of the published optimiser", choices=("analytic", "numeric"))
    doubts: bool = param(True, "also leave out each benchmark in turn and try other choices (not when draws is 0)")
    predictions: bool = param(False, "also predict every missing score, with its range")

    def __post_init__(self) -> None:
        check(self)
        rising(self, "low_value", "high_value", by=0.001)  # index points


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `capability`: model, capability, low, high, scores; the best model first."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts  # only where a picture is wanted: the quickest answers draw none

        made = {
            "capability": charts.ranking(
                self.prepared["capability"], label="model", mid="capability", low="low", high="high",
                title=self.sentence, manifest=self.manifest, quantity="Capability", top=40,
                note=self.prepared["capability"].note,
            ),
        }  # fmt: skip
        if "models" in self.prepared and any(self.prepared["models"]["released"]):
            made["history"] = charts.timeline(
                self.prepared["models"], date="released", mid="capability", low="low", high="high", label="model",
                title="Capability by release date", manifest=self.manifest, quantity="Capability",
                highlight=leaders(self.prepared["models"]),
                note="Named are the models whose estimate was the highest when they were released.",
            )  # fmt: skip
        if "residuals" in self.prepared:
            made["residuals"] = charts.heatmap(
                self.prepared["residuals"], row="model", column="benchmark", value="surprise",
                title="Which scores fight the index", manifest=self.manifest, quantity="Surprise",
            )  # fmt: skip
        if "sensitivity" in self.prepared:
            first = str(self.prepared["capability"]["model"][0])
            made["sensitivity"] = charts.strip(
                self.prepared["sensitivity"], choice="choice", mid="capability", low="low", high="high",
                default="default", title=f"{first} under other defensible choices", manifest=self.manifest,
                quantity="Capability",
            )  # fmt: skip
        if "coverage" in self.prepared:
            made["coverage"] = charts.calibration(
                self.prepared["coverage"], group="models", covered="covered", low="low", high="high", nominal=MASS,
                title="How often the intervals held the truth in simulated worlds", manifest=self.manifest,
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Estimate the index.

    Raises TooLittleEvidence where there are fewer scores than parameters, the reference models are missing or nothing
    connects them; UnknownName for a reference model nobody scored.
    """
    manifest = Manifest.stamp(__name__, params, evidence)
    if params.method != "calibrated":
        return _published(evidence, params, manifest)
    draws = 400 if params.draws is None else params.draws
    placed = _placed(evidence, params, draws)
    fit, matrix = placed.fit, placed.matrix
    facts = model_facts(evidence, placed.models)
    released = [facts[name]["released"] for name in placed.models]
    best = np.argsort(-fit.mid, kind="stable")
    sheets = {"capability": _capability(placed.models, fit.mid, fit.low, fit.high, matrix.model, best, params)}
    if draws:
        low, mid, high = rank_intervals(fit.draws)
        ranks: dict[str, Any] = {"rank": mid[best], "rank_low": low[best], "rank_high": high[best]}
    else:
        ranks = {"rank": np.arange(1, len(best) + 1), "rank_low": [None] * len(best), "rank_high": [None] * len(best)}
    slopes = fit.geometry.share * (1 - fit.geometry.share)
    tells = np.bincount(matrix.model, slopes > 0.09, len(placed.models)).astype(int)
    sheets["models"] = Table.of(
        shapes.MODELS,
        "Ranks allow for all comparisons of a model at once, so they are wider than its differences one by one.",
        model=[placed.models[i] for i in best], released=[released[i] for i in best],
        organization=[facts[placed.models[i]]["organization"] for i in best],
        country=[facts[placed.models[i]]["country"] for i in best],
        access=[facts[placed.models[i]]["access"] for i in best],
        capability=fit.mid[best], low=fit.low[best], high=fit.high[best], **ranks, informative=tells[best],
    )  # fmt: skip
    sheets["benchmarks"] = _benchmarks(matrix, fit.difficulty, fit.discrimination)
    sheets["residuals"] = _residuals(placed)
    bridge = bridges(matrix.model, matrix.benchmark, matrix.benchmarks, released)
    sheets["bridges"] = Table.of(
        shapes.BRIDGES, day=[one.day for one in bridge], benchmarks=[len(one.benchmarks) for one in bridge],
        earlier=[one.earlier for one in bridge], later=[one.later for one in bridge],
        names=["; ".join(one.benchmarks) for one in bridge],
    )  # fmt: skip
    extra: list[Note] = []
    if params.doubts and draws:
        sheets["leave_one_out"] = _leave_one_out(placed, params)
        sheets["sensitivity"] = _sensitivity(evidence, params, placed)
        extra = [restarts_told(placed)]
    if params.predictions:
        sheets["predictions"] = _predictions(placed)
    coverage = measured("capability_index_coverage")
    if coverage is not None:
        sheets["coverage"] = coverage
    notes = (*_notes(placed, tells, sheets, params.rule), *extra)
    return Answer(manifest, _headline(placed, best), sheets, notes)


def _placed(evidence: Evidence, params: Params, draws: int) -> Placed:
    matrix = score_matrix(
        evidence, rule=params.rule, independent_only=params.independent_only,
        without_optimized=params.without_optimized, min_scores=params.min_scores, without=_names(params.without),
    )  # fmt: skip
    return place(
        matrix, (params.reference_low, params.reference_high), values=(params.low_value, params.high_value),
        ridge=params.ridge, draws=draws, seed=params.seed,
    )  # fmt: skip


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


def _headline(placed: Placed, best: Any) -> str:
    fit, first = placed.fit, int(best[0])
    level = [i for i in best[1:] if fit.difference(first, int(i))[0] <= 0]
    where = f"{fit.mid[first]:.1f} index points ({MASS:.0%} interval {fit.low[first]:.1f} to {fit.high[first]:.1f})"
    name = placed.models[first]
    if not level:
        return f"{name} is the most capable of {len(placed.models)} models, at {where}."
    others = f"{len(level)} other model{'s' if len(level) > 1 else ''}"
    return f"{name} has the highest estimate, {where}; {others} cannot be told apart from it."


def _scale(params: Params) -> str:
    """What an index point is."""
    low, high = f"{params.reference_low} = {params.low_value:g}", f"{params.reference_high} = {params.high_value:g}"
    return f"Index points are set by {low} and {high}."


def _capability(models: Sequence[str], mid: Any, low: Any, high: Any, model: Any, best: Any, params: Params) -> Table:
    scores = np.bincount(model, minlength=len(models))
    return Table.of(
        shapes.CAPABILITY, _scale(params), model=[models[i] for i in best], capability=mid[best], low=low[best],
        high=high[best], scores=scores[best],
    )  # fmt: skip


def _benchmarks(matrix: ScoreMatrix, difficulty: shapes.Ends, discrimination: shapes.Ends) -> Table:
    counts = np.bincount(matrix.benchmark, minlength=len(matrix.benchmarks))
    hardest = np.argsort(-difficulty[1], kind="stable")
    return Table.of(
        shapes.BENCHMARKS,
        benchmark=[matrix.benchmarks[i] for i in hardest],
        **{name: part[hardest] for name, part in zip(shapes.ends("difficulty"), difficulty, strict=True)},
        **{name: part[hardest] for name, part in zip(shapes.ends("discrimination"), discrimination, strict=True)},
        scores=counts[hardest], domain=[matrix.domains[matrix.domain[i]].removeprefix("only ") for i in hardest],
    )  # fmt: skip


def _residuals(placed: Placed) -> Table:
    """Scores against what the index expects of them, the most surprising first."""
    fit, matrix = placed.fit, placed.matrix
    standard = fit.residual / np.sqrt(fit.geometry.variance * np.clip(1 - fit.geometry.leverage, 0.05, 1))
    half = normal_quantile((1 + MASS) / 2) * np.sqrt(fit.geometry.variance + fit.geometry.prediction_variance())
    order = np.lexsort((np.arange(len(standard)), -np.abs(standard)))
    expected = fit.geometry.share
    return Table.of(
        shapes.RESIDUALS,
        model=[placed.models[i] for i in matrix.model[order]],
        benchmark=[matrix.benchmarks[i] for i in matrix.benchmark[order]],
        score=matrix.share[order], scale=["chance_corrected"] * len(order), expected=expected[order],
        expected_low=(expected - half).clip(0, 1)[order], expected_high=(expected + half).clip(0, 1)[order],
        surprise=standard[order], claims=matrix.claims[order],
    )  # fmt: skip


def _leave_one_out(placed: Placed, params: Params) -> Table:
    """What each benchmark carries: how far models move without it, and who would be first."""
    moved = without_each_benchmark(placed, (params.low_value, params.high_value), params.ridge)
    size = np.abs(moved)
    known = np.asarray(np.isfinite(moved).any(axis=1))
    farthest = np.where(known, np.nanargmax(np.where(np.isfinite(size), size, -1.0), axis=1), 0)
    first = np.nanargmax(np.where(np.isfinite(moved), placed.fit.mid + moved, -np.inf), axis=1)
    rms = np.array([np.sqrt(np.nanmean(row**2)) if ok else np.nan for row, ok in zip(moved, known, strict=True)])
    order = np.argsort(-np.nan_to_num(rms), kind="stable")
    rows = np.arange(len(moved))
    return Table.of(
        shapes.LEFT_OUT,
        benchmark=[placed.matrix.benchmarks[i] for i in order], movement=rms[order],
        farthest=[placed.models[farthest[i]] if known[i] else None for i in order],
        farthest_movement=moved[rows, farthest][order],
        first=[placed.models[first[i]] if known[i] else None for i in order],
    )  # fmt: skip


def _alternatives(params: Params) -> Iterator[tuple[str, Params]]:
    for rule in RULES:
        if rule != params.rule:
            yield f"several claims: {rule}", replace(params, rule=rule)
    if not params.independent_only:
        yield "independent scores only", replace(params, independent_only=True)
    if not params.without_optimized:
        yield "without tuned-for benchmarks", replace(params, without_optimized=True)
    yield f"models with {2 * params.min_scores} or more scores", replace(params, min_scores=2 * params.min_scores)
    yield "discriminations pulled 4 times more", replace(params, ridge=min(4 * params.ridge, MOST_RIDGE))
    yield "discriminations pulled 4 times less", replace(params, ridge=params.ridge / 4)


def _sensitivity(evidence: Evidence, params: Params, placed: Placed) -> Table:
    """The first model, and all others, under each defensible choice; choices that change nothing here are left out."""
    first = int(np.argmax(placed.fit.mid))
    name = placed.models[first]
    rows: list[dict[str, object]] = [
        {
            "choice": "as answered", "default": True, "capability": placed.fit.mid[first], "low": placed.fit.low[first],
            "high": placed.fit.high[first], "movement": 0.0, "farthest_movement": 0.0, "first": name,
            "models": len(placed.models),
        }
    ]  # fmt: skip
    here = dict(zip(placed.models, placed.fit.mid.tolist(), strict=True))
    chosen = list(_alternatives(params))
    with progress("trying other choices", len(chosen)) as step:
        for choice, other in chosen:
            step()
            try:
                there = _placed(evidence, other, 0)
            except AscentError as problem:
                rows.append({"choice": f"{choice}: not possible", "first": str(problem).split(".")[0]})
                continue
            index = dict(zip(there.models, there.fit.mid.tolist(), strict=True))
            moved = np.array([index[model] - here[model] for model in index if model in here])
            if len(index) == len(here) and not np.abs(moved).max() > 1e-9:
                continue
            at = there.models.index(name) if name in index else None
            ends = (there.fit.mid, there.fit.low, there.fit.high)
            mid, low, high = (None, None, None) if at is None else (float(part[at]) for part in ends)
            rows.append(
                {
                    "choice": choice, "capability": mid, "low": low, "high": high,
                    "movement": float(np.sqrt(np.mean(moved**2))), "farthest_movement": float(np.abs(moved).max()),
                    "first": there.models[int(np.argmax(there.fit.mid))], "models": len(index),
                }
            )  # fmt: skip
    return Table.from_rows(shapes.SENSITIVITY, rows)


def _predictions(placed: Placed) -> Table:
    """Every score that is missing, as the index expects it."""
    matrix, fit = placed.matrix, placed.fit
    missing = np.ones((len(placed.models), len(matrix.benchmarks)), dtype=bool)
    missing[matrix.model, matrix.benchmark] = False
    model, benchmark = np.nonzero(missing)
    low, mid, high = predict_cells(fit.scores, fit.geometry, fit.noise, fit.sharing, model, benchmark)
    return Table.of(
        shapes.PREDICTIONS, model=[placed.models[i] for i in model],
        benchmark=[matrix.benchmarks[i] for i in benchmark], low=low, mid=mid, high=high,
    )  # fmt: skip


def _notes(placed: Placed, tells: Any, sheets: Mapping[str, Table], rule: str) -> Iterator[Note]:
    fit, matrix = placed.fit, placed.matrix
    if placed.apart:
        shown = ", ".join(placed.apart[:5]) + (" and others" if len(placed.apart) > 5 else "")
        text = f"{len(placed.apart)} models share no benchmark with the rest and have no place on this scale: {shown}."
        yield Note("warning", "connectivity", text)
    if not fit.raw.converged.all():
        yield Note("warning", "convergence", "The optimiser did not settle; treat every figure as provisional.")
    if fit.settled < UNSETTLED:
        text = (
            "The reference models lie close together for what the scores tell: every figure hangs on their difference."
        )
        yield Note("warning", "references", text + " Name two models further apart.")
    for reason, count in matrix.left_out:
        yield Note("info", "left out", f"{count} scores were left out: {reason}.")
    pooled = int((matrix.claims > 1).sum())
    if pooled:
        yield Note("info", "duplicates", f"{pooled} cells pool several claims for one model and benchmark ({rule}).")
    at_end = int(matrix.clamped.sum())
    if at_end:
        yield Note("bound", "clamped", f"{at_end} scores lie at the floor or ceiling of their benchmark: only bounds.")
    thin = int((tells < 3).sum())
    if thin:
        text = f"{thin} models have fewer than 3 informative scores (neither near the floor nor near the ceiling)."
        yield Note("warning", "information", text)
    rare = [name for name, count in zip(matrix.benchmarks, np.bincount(matrix.benchmark), strict=True) if count < FEW]
    if rare:
        text = f"Fewer than {FEW} scores hardly fix the difficulty and discrimination of {', '.join(rare)}."
        yield Note("bound", "sparse benchmarks", text)
    strays = int((np.abs(np.array(sheets["residuals"]["surprise"], dtype=float)) > STRAY).sum())
    if strays:
        text = f"{strays} of {len(matrix.share)} scores lie more than {STRAY:g} standard deviations from expectation."
        yield Note("info", "residuals", text + " See the table residuals.")
    bridge = list(sheets["bridges"].rows())
    if bridge:
        thinnest = min(bridge, key=lambda row: min(int(row["earlier"] or 0), int(row["later"] or 0)))
        text = (
            f"The thinnest bridge between eras is at {thinnest['day']}: {thinnest['earlier']} earlier and "
            f"{thinnest['later']} later scores on {thinnest['benchmarks']} shared benchmarks."
        )
        yield Note("info", "connectivity", text)
    domain, area = fit.sharing.sum(), fit.sharing[1:].sum()
    text = f"Residuals of a model correlate {domain:.2f} within a domain, {area:.2f} in related ones: allowed for."
    yield Note("info", "shared error", text)


def _published(evidence: Evidence, params: Params, manifest: Manifest) -> Answer:
    """The published estimator: as published, or its objective at the optimum."""
    from ascent.model import index_published

    matrix = score_matrix(
        evidence, rule="max", min_scores=params.min_scores, min_models=1, without=_names(params.without),
        independent_only=params.independent_only, without_optimized=params.without_optimized,
    )  # fmt: skip
    draws = 500 if params.draws is None else params.draws
    with progress("resampling", draws) as step:
        found = index_published.published_index(
            matrix, (params.reference_low, params.reference_high), (params.low_value, params.high_value),
            optimum=params.method == "published-optimum", jacobian=params.jacobian, draws=draws,
            workers=min(os.cpu_count() or 1, 8), step=step,
        )  # fmt: skip
    best = np.argsort(-found.mid, kind="stable")
    sheets = {"capability": _capability(matrix.models, found.mid, found.low, found.high, matrix.model, best, params)}
    sheets["benchmarks"] = _benchmarks(matrix, found.difficulty, found.discrimination)
    first = int(best[0])
    known = np.isfinite(found.low[first])  # neither of a reference model, nor from one resample
    ends = f" ({MASS:.0%} interval {found.low[first]:.1f} to {found.high[first]:.1f})" if known else " (no interval)"
    sentence = f"{matrix.models[first]} has the highest estimate, {found.mid[first]:.1f} index points{ends}."
    notes = [Note("info" if draws else "warning", "method", text) for text in found.remarks]
    return Answer(manifest, sentence, sheets, tuple(notes))
