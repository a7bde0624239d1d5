"""How many abilities do benchmarks measure: is one general factor all there is, and what is the second?

Theme     benchmarks
Evidence  scores: shares of right answers of models on benchmarks; models: release dates; benchmarks: release, domain
          a file given: scores of one more benchmark, to be judged against the factor of the others
Method    logits of the best score of each model on benchmarks since 2023; factor analysis of the cells that are there
          (EM), or the published recipe (holes filled from 5 nearest models, principal components); the number of
          factors by a chain of likelihood ratio tests against simulated worlds with the same holes, in which models of
          one developer are as alike as here; sizes and weights with intervals from such worlds; each benchmark against
          the factor of the others, in a deep and in a contingent world
Source    Burnham 2025, Benchmark Scores = General Capability + Claudiness, Epoch AI; Horn 1965 (parallel analysis);
          Rubin and Thayer 1982 (EM); docs/method/benchmark-factors.md
Differs   random data of the published parallel analysis have the same shape; here they also have the same holes and go
          through the same filling, and shares and weights have intervals; `--method published` keeps the recipe
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import AscentError, TooLittleEvidence, UnknownName
from ascent.core.params import param
from ascent.core.progress import progress
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import AREAS
from ascent.measure.factor_matrix import Claims, FactorMatrix, factor_matrix, family, given_scores, plain_model
from ascent.measure.score_matrix import score_matrix
from ascent.model.factor_membership import VERDICTS, Membership, correlation_interval, general_factor, membership
from ascent.model.index_matrix import REFERENCES, place
from ascent.model.parallel_analysis import (
    METHODS,
    NULLS,
    Components,
    Counted,
    components,
    count_factors,
    largest_shares,
    null_shares,
    recipe_shares,
)  # fmt: skip

GIVEN = {"scores": "scores of one more benchmark, `model,benchmark,score`, to judge against the factor of the others"}
SD = "standard deviations"
ENDS = ("low", "mid", "high")
SCREE = {"noise": "noise with the same holes", "permuted": "scores shuffled", "complete": "noise without holes"}


@dataclass(frozen=True, kw_only=True)
class Params:
    method: str = param(METHODS[0], "cells that are there, or the published recipe", choices=METHODS)
    benchmark: str = param("", "judge this benchmark against the factor of the others, in the first sentence")
    since: str = param("2023", "benchmarks released earlier are left out; empty for all")
    min_scores: int = param(8, "models with fewer scores are left out", unit="scores", least=3)
    min_models: int = param(8, "benchmarks with fewer models are left out", unit="models", least=1)
    error: float = param(0.05, "chance of finding one factor too many", unit="probability", least=0.001, most=0.5)
    simulations: int = param(199, "simulated worlds of each test", unit="worlds", least=19, most=10_000)
    draws: int = param(300, "simulated worlds behind the intervals", unit="draws", least=20, most=10_000)
    seed: int = param(0, "seed of the simulations", unit="seed", least=0)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `components`; `weights`, `models`, `domains` and `benchmarks` look closer."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        scree, weights, models = (self.prepared[name] for name in ("scree", "weights", "models"))
        made = {
            "scree": charts.curves(
                scree.take([i for i, what in enumerate(scree["what"]) if what != SCREE["permuted"]]),
                x="component", mid="mid", low="low", high="high", colour="what", manifest=self.manifest,
                title=self.sentence.split(";")[0] + ".", quantity="Of the variance", log_y=True,
                note="Bands of noise hold 90 % of worlds; below them size tells nothing. Strict after the first.",
            ),
        }  # fmt: skip
        for name in ("general", "second"):
            made[f"weights_{name}"] = charts.ranking(
                weights, label="benchmark", mid=name, low=f"{name}_low", high=f"{name}_high", group="domain",
                title=f"Weight of each benchmark on the {'first' if name == 'general' else name} component",
                manifest=self.manifest, quantity="Weight", references={"nothing": 0.0},
            )  # fmt: skip
        order = sorted(range(len(models)), key=lambda i: float(models["second"][i] or 0))
        ends = [str(models["model"][i]) for i in (*order[:6], *order[-6:])]
        made["map"] = charts.scatter_fit(
            models, x="general", y="second", label="model", group="family", highlight=ends, manifest=self.manifest,
            title="Models on the first two components", quantity="Second component",
            note="The horizontal axis is the general factor. Named: the six highest and lowest on the second.",
        )  # fmt: skip
        made["benchmarks"] = charts.ranking(
            self.prepared["benchmarks"], label="benchmark", mid="mid", low="low", high="high",
            title="Correlation of each benchmark with the factor of all the others", manifest=self.manifest,
            quantity="Correlation", references={"nothing": 0.0}, group="verdict",
        )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where fewer than ten models share five benchmarks, UnknownName for a benchmark to judge
    that is not in the matrix.
    """
    claims = Claims.of(evidence)
    matrix = _matrix(claims, params)
    groups = np.unique(matrix.developer, return_inverse=True)[1]
    if params.benchmark and params.benchmark not in matrix.benchmarks:
        raise UnknownName("benchmark in the matrix", params.benchmark, matrix.benchmarks)
    with progress("looking for factors", 4) as step:
        counted = count_factors(
            matrix.logit, groups=groups, error=params.error, worlds=params.simulations, seed=params.seed
        )
        step()
        shown = max(2, counted.number)
        found = components(matrix.logit, params.method, shown, groups=groups, worlds=params.draws, seed=params.seed)
        found = _facing(found, matrix.domain)
        step()
        asked = params.method, shown, params.simulations, params.seed
        nulls = {kind: null_shares(matrix.logit, kind, *asked) for kind in NULLS}
        step()
        judged, notes = _judged(matrix, evidence, params)
        step()
    filled = found.filled(matrix.logit, params.method, params.seed)
    scores = filled @ found.weights / np.sqrt(found.share[0] * len(matrix.benchmarks))
    sheets = {
        "components": _components(found, counted, nulls), "weights": _weights(matrix, found),
        "models": _models(matrix, scores), "families": _families(matrix, scores, params.seed),
        "domains": _domains(matrix, filled), "benchmarks": Table.from_rows(_JUDGED, judged),
        "scree": _scree(found, nulls, params.method), "choices": _choices(claims, params),
    }  # fmt: skip
    notes += _notes(evidence, matrix, scores, counted)
    about = [row for row in judged if row["given"] or row["benchmark"] == params.benchmark]
    sentence = " ".join([*map(_judgement, about), _sentence(matrix, found, counted, sheets, params.simulations)])
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


def _matrix(claims: Claims, params: Params, **other: Any) -> FactorMatrix:
    asked = {name: getattr(params, name) for name in ("since", "min_scores", "min_models")}
    return factor_matrix(claims, **(asked | {"half_item": params.method == "observed"} | other))


def _facing(found: Components, domain: tuple[str, ...]) -> Components:
    """The second component turned so that software (agents, coding) lies on its positive side, as in the article."""
    software = np.array([AREAS.get(name) == "software" for name in domain])
    weight = found.weights[0, :, 1]
    apart = weight[software].mean() - weight[~software].mean() if 0 < software.sum() < len(software) else weight.sum()
    turn = np.ones(found.weights.shape[2])
    turn[1] = -1.0 if apart < 0 else 1.0
    return replace(found, weights=found.weights * turn)


def _judged(matrix: FactorMatrix, evidence: Evidence, params: Params) -> tuple[list[dict[str, Any]], list[Note]]:
    """Each benchmark, and those of a file given, against the factor of all the others."""
    years = np.array([decimal_year(day) if day else np.nan for day in matrix.released])
    names = list(matrix.benchmarks)
    general = general_factor(matrix.logit, list(range(len(names))))
    asked = [(name, place, matrix.logit[:, place], False) for place, name in enumerate(names)]
    notes = []
    for handed in evidence.given:
        for name, (logits, unknown) in given_scores(handed, evidence, matrix).items():
            asked.append((name, names.index(name) if name in names else len(names), logits, True))
            if unknown:
                words = f"{len(unknown)} scores on {name} are of models not in the matrix: {', '.join(unknown[:5])}."
                notes.append(Note("warning", "given", words))
    rows = []
    for name, world, logits, given in asked:
        one = membership(general, world, logits, years, draws=params.simulations * 5, seed=params.seed)
        if one is None:
            if given:
                raise TooLittleEvidence(
                    need=f"five models of the matrix with different scores on {name}",
                    have=f"{int(np.isfinite(logits).sum())}", fix="name models as in `ascent evidence show scores`",
                )  # fmt: skip
            continue
        rows.append(_row(name, one, given))
    return sorted(rows, key=lambda row: (-row["given"], -row["mid"], row["benchmark"])), notes


def _row(name: str, one: Membership, given: bool) -> dict[str, Any]:
    dated = dict(zip(("dated_low", "dated", "dated_high"), one.dated, strict=True))
    usual = dict(zip(("usual_low", "usual_high"), one.usual, strict=True))
    return {
        "benchmark": name, "models": one.models, "low": one.low, "mid": one.mid, "high": one.high, **dated, **usual,
        "deep": one.deep, "contingent": one.contingent, "verdict": one.verdict, "given": given,
    }  # fmt: skip


def _judgement(row: dict[str, Any]) -> str:
    return (
        f"{row['benchmark']} goes with the factor of the other benchmarks {VERDICTS[row['verdict']]}: correlation "
        f"{row['mid']:.2f} ({MASS:.0%} interval {row['low']:.2f} to {row['high']:.2f}, {row['models']} models; others' "
        f"would lie between {row['usual_low']:.2f} and {row['usual_high']:.2f})."
    )


def _sentence(matrix: FactorMatrix, found: Components, counted: Counted, sheets: dict[str, Table], worlds: int) -> str:
    low, mid, high = (100 * part for part in interval(found.share))
    larger = int(np.cumprod([_number(cell) <= 0.05 for cell in sheets["components"]["p_size"]]).sum())
    noise = 100 * _number(sheets["components"]["noise"][1])
    ends = f"{mid[1]:.0f} % ({low[1]:.0f} to {high[1]:.0f})"
    if counted.number < 2:
        second = f"A second component is not told from noise; it would hold at most {high[1]:.0f} %."
    elif larger < 2:
        second = f"A second component would hold {ends}, and noise reaches {noise:.0f} %."
    else:
        sure = {side: _sure(sheets["weights"], side, sign) for side, sign in (("low", -1.0), ("high", 1.0))}
        apart = f"sets {' and '.join(sure['low'])} against {' and '.join(sure['high'])} apart"
        line = next((row for row in sheets["families"].rows() if _number(row["p"]) <= 0.05), None)
        who = f"; {line['family']} models lie {'high' if _number(line['mid']) > 0 else 'low'} on it" if line else ""
        sides = apart if all(sure.values()) else "has no two sides that are sure"
        second = f"The second component holds {ends} and {sides}{who}."
    return (
        f"The first component holds {mid[0]:.0f} % of the variance ({MASS:.0%} interval {low[0]:.0f} to {high[0]:.0f}) "
        f"of {len(matrix.benchmarks)} benchmarks over {len(matrix.models)} models; "
        f"{counted.beside(larger, worlds)}. {second}"
    )


def _sure(weights: Table, side: str, sign: float) -> list[str]:
    """Up to three benchmarks with the surest weights on the second component on one side."""
    found = [
        (sign * _number(end), str(name))
        for name, end in zip(weights["benchmark"], weights[f"second_{side}"], strict=True)
    ]
    return [name for end, name in sorted(found)[:3] if end < 0]


def _number(cell: object) -> float:
    return float("nan") if cell is None else float(str(cell))


def _ends(unit: str, stem: str = "", help: str = "") -> list[Column]:
    names = (f"{stem}_low", stem, f"{stem}_high") if stem else ENDS
    return [Column(name, "number", unit, help if name in (stem, "mid") else "") for name in names]


def _three(draws: Floats, stem: str = "") -> dict[str, Floats]:
    names = (f"{stem}_low", stem, f"{stem}_high") if stem else ENDS
    return dict(zip(names, interval(draws), strict=True))


def _components(found: Components, counted: Counted, nulls: dict[str, Floats]) -> Table:
    """The components found, and in any case the first three."""
    known, count = found.share.shape[1], max(3, found.share.shape[1])
    low, mid, high = (np.append(part, np.full(count - known, np.nan)) for part in interval(found.share))
    low[counted.number :] = 0.0  # of what is not found, at most
    low[known:], mid[known:] = np.nan, found.size[known:count]
    chance = {kind: np.quantile(shares, 0.95, axis=0)[:count] for kind, shares in nulls.items()}
    noise = nulls["noise"][:, :count]
    columns = [
        Column("component", "whole", "components"), *_ends("share", help="of the variance of all benchmarks"),
        Column("p", "number", "probability", "of gaining as much with one factor fewer; at least 1 / (worlds + 1)"),
        Column("real", "flag", help="found by the chain of tests"),
        Column("p_size", "number", "probability", "of a component as large in noise with the same holes"),
        *(Column(kind, "number", "share", f"95th percentile of {SCREE[kind]}") for kind in NULLS),
        *(Column(f"over_{kind}", "number", "1", "share over that percentile") for kind in ("noise", "complete")),
    ]  # fmt: skip
    return Table.of(
        columns, component=list(range(1, count + 1)), low=low, mid=mid, high=high,
        p=np.append(np.array(counted.p), np.full(count, np.nan))[:count], real=np.arange(count) < counted.number,
        p_size=(1 + (noise >= found.size[:count]).sum(axis=0)) / (1 + len(noise)), **chance,
        **{f"over_{kind}": mid / chance[kind] for kind in ("noise", "complete")},
    )  # fmt: skip


def _weights(matrix: FactorMatrix, found: Components) -> Table:
    columns = [Column("benchmark"), Column("domain"), Column("models", "whole", "models")]
    columns += [*_ends("unit length", "general", "on the first component"), *_ends("unit length", "second")]
    order = np.argsort(-found.weights[0, :, 1], kind="stable")
    data = {**_three(found.weights[:, order, 0], "general"), **_three(found.weights[:, order, 1], "second")}
    return Table.of(
        columns, "The weights of a component have unit length; software lies on the positive side of the second.",
        benchmark=[matrix.benchmarks[i] for i in order], domain=[matrix.domain[i] or "unknown" for i in order],
        models=np.isfinite(matrix.logit).sum(axis=0)[order], **data,
    )  # fmt: skip


def _models(matrix: FactorMatrix, scores: Floats) -> Table:
    columns = [Column("model"), Column("family"), Column("released", "date"), Column("scores", "whole", "scores")]
    columns += [*_ends(SD, "general", "score on the first component"), *_ends(SD, "second")]
    order = np.argsort(-scores[0, :, 1], kind="stable")
    data = {**_three(scores[:, order, 0], "general"), **_three(scores[:, order, 1], "second")}
    return Table.of(
        columns, model=[matrix.models[i] for i in order], family=[family(matrix.models[i]) for i in order],
        released=[matrix.released[i] for i in order], scores=np.isfinite(matrix.logit).sum(axis=1)[order], **data,
    )  # fmt: skip


def _families(matrix: FactorMatrix, scores: Floats, seed: int) -> Table:
    """How far each line of models lies from the others on the second component."""
    lines = np.array([family(name) for name in matrix.models])
    rng = np.random.default_rng([seed, 53])
    shuffled = rng.permuted(np.tile(scores[0, :, 1], (1999, 1)), axis=1)
    rows = []
    for line in sorted(set(lines)):
        mine = lines == line
        if not 3 <= mine.sum() < len(lines):
            continue
        apart = scores[:, mine, 1].mean(axis=1) - scores[:, ~mine, 1].mean(axis=1)
        chance = np.abs(shuffled[:, mine].mean(axis=1) - shuffled[:, ~mine].mean(axis=1))
        p = (1 + (chance >= abs(apart[0])).sum()) / (1 + len(chance))
        rows.append({"family": line, "models": int(mine.sum()), **_three(apart), "p": float(p)})
    columns = [Column("family"), Column("models", "whole", "models"), *_ends(SD, help="second component, less others")]
    columns += [Column("p", "number", "probability", "of a mean as far off, were models shuffled")]
    note = "Intervals hold what missing scores and the weights leave open; p whether so few models can be so far off."
    return Table.from_rows(columns, sorted(rows, key=lambda row: (row["p"], row["family"])), note)


def _domains(matrix: FactorMatrix, filled: Floats) -> Table:
    """Mean standardised logit of each model over the benchmarks of each domain, missing ones predicted."""
    columns = [Column("model"), Column("domain"), *_ends(SD, help="mean over the domain's benchmarks")]
    columns += [Column("scored", "whole", "benchmarks"), Column("benchmarks", "whole", "benchmarks")]
    there, rows = np.isfinite(matrix.logit), []
    for domain in sorted(set(matrix.domain) - {""}):
        mine = np.array([name == domain for name in matrix.domain])
        if mine.sum() < 2:
            continue
        low, mid, high = interval(filled[:, :, mine].mean(axis=2))
        for i, model in enumerate(matrix.models):
            ends = {"low": low[i], "mid": mid[i], "high": high[i]}
            count = {"scored": int(there[i, mine].sum()), "benchmarks": int(mine.sum())}
            rows.append({"model": model, "domain": domain, **ends, **count})
    note = "Intervals hold what benchmarks not taken leave open; where all were taken they have no width."
    return Table.from_rows(columns, rows, note)


def _scree(found: Components, nulls: dict[str, Floats], method: str) -> Table:
    columns = [Column("component", "whole", "rank"), Column("what"), *_ends("share")]
    most = 8 if method == "published" else found.share.shape[1]  # a fit has no more than its factors
    size, shown, rows = found.size, min(most, len(found.size)), []
    for k in range(shown):
        ends = [float(part[k]) for part in interval(found.share)] if k < found.share.shape[1] else [None, size[k], None]
        rows.append({"component": k + 1, "what": "benchmarks", **dict(zip(ENDS, ends, strict=True))})
    for kind, shares in nulls.items():
        band = np.quantile(shares[:, :shown], [(1 - MASS) / 2, 0.5, (1 + MASS) / 2], axis=0)
        parts = {"what": SCREE[kind]}
        rows += [{"component": k + 1, **parts, **dict(zip(ENDS, band[:, k], strict=True))} for k in range(shown)]
    return Table.from_rows(columns, rows)


def _choices(claims: Claims, params: Params) -> Table:
    """Share of the first two components under other defensible choices, without intervals."""
    matrix = _matrix(claims, params)
    tried = [("method", method, largest_shares(matrix.logit, method), method == params.method) for method in METHODS]
    tried += [("neighbours", str(count), recipe_shares(matrix.logit, neighbours=count), False) for count in (1, 3, 10)]
    tried += [
        ("scale", "logits not standardised", recipe_shares(matrix.logit, standardised=False), False),
        ("scale", "shares, not logits", recipe_shares(1 / (1 + np.exp(-matrix.logit))), False),
    ]  # fmt: skip
    for knob, values in (("min_models", (3, 12)), ("min_scores", (6, 10)), ("since", ("", "2024"))):
        for value in values:
            try:
                other = _matrix(claims, params, **{knob: value})
            except AscentError:
                continue
            words = f"{value or 'all'} ({len(other.models)} × {len(other.benchmarks)})"
            tried.append((knob.replace("_", " "), words, largest_shares(other.logit, params.method), False))
    columns = [Column("choice"), Column("setting"), *(Column(name, "number", "share") for name in ("first", "second"))]
    rows = [
        {"choice": knob, "setting": setting, "first": part[0], "second": part[1], "default": usual}
        for knob, setting, part, usual in tried
    ]
    return Table.from_rows([*columns, Column("default", "flag")], rows, "Estimates only, by the recipe where not said.")


def _notes(evidence: Evidence, matrix: FactorMatrix, scores: Floats, counted: Counted) -> list[Note]:
    words = f"{len(matrix.models)} models, {len(matrix.benchmarks)} benchmarks, {matrix.filled:.0%} of cells filled."
    notes = [Note("info", "matrix", words + "".join(f" Left out: {n} {why}." for why, n in matrix.left_out))]
    notes.append(Note("info", "siblings", counted.siblings()))
    if matrix.relaxed:
        notes.append(Note("warning", "filters", matrix.relaxed))
    try:
        placed = place(score_matrix(evidence), REFERENCES)
    except AscentError as error:
        return [*notes, Note("info", "index", f"Not compared with the capability index: {error}")]
    rows = {name: i for i, name in enumerate(matrix.models)}
    pairs = [(rows[plain_model(name)], value) for name, value in zip(placed.models, placed.fit.draws[0], strict=True)
             if plain_model(name) in rows]  # fmt: skip
    if len(pairs) >= 5:
        general = scores[0, [i for i, _ in pairs], 0]
        low, mid, high = correlation_interval(general, np.array([value for _, value in pairs]))
        words = f"The first component goes with the capability index: correlation {mid:.3f} ({low:.3f} to {high:.3f}, "
        notes.append(Note("info", "index", f"{words}{len(pairs)} models)."))
    return notes


_JUDGED = (
    Column("benchmark"), Column("models", "whole", "models"), *_ends("correlation", help="with the others' factor"),
    *_ends("correlation", "dated", "trends over release dates taken off both"),
    Column("usual_low", "number", "correlation", "what benchmarks of the factor show, 5th percentile"),
    Column("usual_high", "number", "correlation", "95th percentile"),
    Column("deep", "number", "probability", "of a correlation as low, were it a benchmark of the factor"),
    Column("contingent", "number", "probability", "of one as high, had it nothing to do with the factor"),
    Column("verdict"), Column("given", "flag", help="from the file handed over"),
)  # fmt: skip
