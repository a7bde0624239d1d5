"""How safe are models said to be, beside how capable they are, and for how many does the evidence hold nothing?

Theme     models
Evidence  scores: of benchmarks whose domain is safety, or that are known for it (measure/safety.py has the list), and
          of all others, from which the capability index is fitted; models: release date; attempts: refusals, where told
Needs     scores of safety benchmarks or refusals
Method    per model its index with its interval, and every safety or refusal metric with the interval of a proportion
          (Wilson) or of its standard error; a model without any says "none in the evidence", which tells nothing of
          what was published; the share of models with one as a proportion, where some have one; safety metrics play
          no part in the index
Source    Wilson 1927; Ho et al. 2025, arXiv:2512.00193 (the index); docs/method/capability-index.md
Differs   metrics are shown as they were reported: prompts, judges and attacks differ between them, so numbers of
          different metrics are never averaged
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS, Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import check, param
from ascent.core.quantiles import normal_quantile
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.attempts import STATES
from ascent.measure.attempts import attempts
from ascent.measure.benchmarks import benchmark_facts
from ascent.measure.models import model_facts
from ascent.measure.safety import REFUSALS, SafetyMetric, safety_metrics
from ascent.measure.score_matrix import score_matrix
from ascent.model.index_matrix import REFERENCES, place
from ascent.model.proportions import wilson

POINTS = "index points"
NONE = "none in the evidence"
ENDS_APART = 15.0  # percent from either end: values at both ends of a metric are suspect
ENDS = ("low", "mid", "high")


@dataclass(frozen=True, kw_only=True)
class Params:
    model: str = param("", "look at one model only")
    reference_low: str = param(REFERENCES[0], "model that stands at 130 on the index")
    reference_high: str = param(REFERENCES[1], "model that stands at 150 on the index")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `models`: capability and safety side by side; `metrics` has one row per model and metric."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import labelled

        metrics = self.prepared["metrics"]
        percent = metrics.take([i for i, unit in enumerate(metrics["unit"]) if unit == "percent"])
        both = percent.take([i for i, index in enumerate(percent["capability"]) if index is not None])
        made, title = {}, self.sentence.split("; ", 1)[-1]
        if len(both):
            made["beside"] = charts.scatter_fit(
                both, x="capability", y="mid", low="low", high="high", label="model", group="metric",
                title=title[:1].upper() + title[1:], manifest=self.manifest, quantity="metric in percent",
                highlight=sorted(set(map(str, both["model"])))[:12],
                note="Models with a metric in the evidence. Metrics differ in what they count and which way is good.",
            )  # fmt: skip
        dated = percent.take([i for i, day in enumerate(percent["released"]) if day])
        if len(dated):
            made["safety"] = charts.timeline(
                dated, date="released", label="model", low="low", mid="mid", high="high", group="metric",
                title="Safety and refusal metrics that the evidence holds, by release", manifest=self.manifest,
                quantity="metric", note="Metrics differ in what they count and which way is good; see the table.",
            )  # fmt: skip
        if not made and len(percent):  # neither release dates nor an index
            made["metrics"] = charts.ranking(
                labelled(percent, "model", "metric"), label="label", mid="mid", low="low", high="high",
                group="metric", title=title[:1].upper() + title[1:], manifest=self.manifest, quantity="metric",
                note="Metrics differ in what they count and which way is good; see the table.",
            )  # fmt: skip
        if not made:
            made["held"] = charts.ranking(
                self.prepared["held"], label="kind", mid="mid", low="low", high="high", title=self.sentence,
                manifest=self.manifest, quantity="share of models",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Set safety beside capability.

    Raises TooLittleEvidence where no model has a safety or refusal metric, UnknownName for a model without scores.
    """
    known = safety_metrics(evidence)
    rows = [*_scored(evidence, known), *_refusals(evidence)]
    capability, notes = _capability(evidence, params, tuple(known))
    table = evidence.table("scores")
    names = sorted({str(name) for name in table["model"]} | {row["model"] for row in rows})
    if not names:
        raise TooLittleEvidence(
            need="scores or attempts of models", have="none",
            fix="add a score table with `ascent evidence add`, or name one with --evidence",
        )  # fmt: skip
    if params.model and params.model not in names:
        raise UnknownName("model with scores", params.model, names)
    if not rows:
        count = f"any of {len(names)} models" if len(names) > 1 else f"its one model, {names[0]}"
        raise TooLittleEvidence(
            need="scores of safety benchmarks, or attempts that tell refusals",
            have=f"none: the evidence holds no safety metric of {count}, and that says nothing of what was published",
            fix="copy the figures of system cards into a table of scores (`ascent evidence template scores`; "
            "StrongREJECT, XSTest and others are known by name) and name it with --evidence",
        )
    if params.model:
        names = [params.model]
        rows = [row for row in rows if row["model"] == params.model]
    facts = model_facts(evidence, names)
    for row in rows:
        row["released"], row["organization"] = (facts[row["model"]][fact] for fact in ("released", "organization"))
        row["capability"] = capability.get(row["model"], (None, None, None))[1]
    rows.sort(key=lambda row: (str(row["released"] or "9"), row["model"], row["metric"]))
    models = _models(names, facts, capability, rows)
    have = len({row["model"] for row in rows})
    sheets = {"models": models, "metrics": Table.from_rows(_METRICS, rows), "held": _held(names, rows)}
    if unsure := sorted({row["metric"] for row in rows if row["better"] == "not told"}):
        notes.append(Note("warning", "direction", f"Which way is good is not told for: {', '.join(unsure)}."))
    for metric in sorted({row["metric"] for row in rows if row["unit"] == "percent"}):
        values = [row["mid"] for row in rows if row["metric"] == metric]
        if min(values) < ENDS_APART and max(values) > 100 - ENDS_APART:
            text = f"{metric} runs from {min(values):.0f} to {max(values):.0f} %: some may be told the other way round."
            notes.append(Note("warning", "direction", text))
    if listed := sorted(name for name, metric in known.items() if not metric.stated):
        text = f"Taken for safety metrics by their names, not by the evidence: {', '.join(listed)}."
        notes.append(Note("info", "list", text))
    words = "A model without a metric here may have one elsewhere: system cards hold more than public tables do."
    notes.append(Note("info", "coverage", words))
    return Answer(
        Manifest.stamp(__name__, params, evidence), _sentence(names, have, rows, capability), sheets, tuple(notes)
    )


def _capability(
    evidence: Evidence, params: Params, without: tuple[str, ...]
) -> tuple[dict[str, tuple[float, float, float]], list[Note]]:
    """Index of each model, low, mid and high; none, with a note, where it cannot be fitted."""
    try:
        fit = place(score_matrix(evidence, without=without), (params.reference_low, params.reference_high))
    except TooLittleEvidence as lacking:
        return {}, [Note("warning", "capability", f"No capability beside the metrics: {lacking}")]
    index = fit.fit
    ends = zip(index.low, index.mid, index.high, strict=True)
    return {name: (float(a), float(b), float(c)) for name, (a, b, c) in zip(fit.models, ends, strict=True)}, []


def _scored(evidence: Evidence, known: dict[str, SafetyMetric]) -> list[dict[str, Any]]:
    """One row per model and metric: the median claim with the interval of the least certain."""
    table = evidence.table("scores")
    claims: dict[tuple[str, str, str, str], list[tuple[float, float, float]]] = defaultdict(list)
    facts = benchmark_facts(evidence)
    columns = [table[name] for name in ("model", "benchmark", "score", "unit", "relation", "se", "n")]
    for model, name, score, unit, relation, se, n in zip(*columns, strict=True):
        if name in known and isinstance(score, (int, float)):
            items = n or (facts[name].items if name in facts else None)
            key = str(model), str(name), str(unit or "fraction"), str(relation or "unknown")
            claims[key].append((float(score), float(se or 0.0), float(items or 0.0)))
    rows = []
    for (model, name, unit, relation), told in sorted(claims.items()):
        score, error, items = (median(part) for part in zip(*told, strict=True))
        low, mid, high = _ends(score, error, items, unit == "fraction")
        way = known[name].higher_is_better
        rows.append({
            "model": model, "metric": name, "kind": known[name].kind, "low": low, "mid": mid, "high": high,
            "unit": "percent" if unit == "fraction" else unit, "relation": relation, "claims": len(told),
            "better": "not told" if way is None else "higher" if way else "lower",
        })  # fmt: skip
    return rows


def _ends(score: float, error: float, items: float, share: bool) -> tuple[float | None, float, float | None]:
    """Low, mid, high; in percent where the score is a share; no ends where neither error nor items are told."""
    factor = 100.0 if share else 1.0
    if error > 0:
        half = normal_quantile((1 + MASS) / 2) * error
        low, high = score - half, score + half
        if share:
            low, high = max(low, 0.0), min(high, 1.0)
        return factor * low, factor * score, factor * high
    if share and items > 0 and 0 <= score <= 1:
        low, _, high = (float(part) for part in wilson(score * items, items))
        return factor * low, factor * score, factor * high
    return None, factor * score, None


def _refusals(evidence: Evidence) -> list[dict[str, Any]]:
    """Share of attempts that ended in a refusal or a filter, by model, where attempts tell how they ended."""
    try:
        every = attempts(evidence)
    except TooLittleEvidence:
        return []
    refused = np.isin(every.state, [STATES.index(state) for state in ("refusal", "filtered")])
    rows = []
    for at, model in enumerate(every.models):
        mine = every.model == at
        count, total = float(refused[mine].sum()), float(mine.sum())
        if not refused.any() or not total:  # logs in which nothing ever refuses may not tell refusals
            continue
        low, _, high = (float(part) for part in wilson(count, total))
        rows.append({
            "model": model, "metric": REFUSALS, "kind": "refusal", "low": 100 * low, "mid": 100 * count / total,
            "high": 100 * high, "unit": "percent", "relation": "unknown", "claims": 1, "better": "not told",
        })  # fmt: skip
    return rows


_METRICS = (
    Column("model"), Column("released", "date"), Column("organization"), Column("metric"), Column("kind"),
    *(Column(name, "number", "see unit") for name in ENDS), Column("unit"),
    Column("better", help="which way is good: higher or lower, as told"), Column("relation", help="who measured it"),
    Column("claims", "whole", "claims"), Column("capability", "number", POINTS),
)  # fmt: skip


def _models(
    names: list[str], facts: dict[str, dict[str, Any]], capability: dict[str, tuple[float, float, float]],
    rows: list[dict[str, Any]],
) -> Table:  # fmt: skip
    """Every model once: its capability, its safety metrics in words, or that the evidence has none."""
    columns = [
        Column("model"), Column("released", "date"),
        Column("safety", help="every metric with its interval, where the evidence has one"),
        *(Column(name, "number", POINTS, "capability" * (name == "mid")) for name in ENDS), Column("organization"),
        Column("metrics", "whole", "metrics"),
    ]  # fmt: skip
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        own[row["model"]].append(row)
    made = []
    for name in sorted(names, key=lambda name: (name not in own, str(facts[name]["released"] or "9"), name)):
        ends = dict(zip(ENDS, capability.get(name, (None, None, None)), strict=True))
        words = "; ".join(_told(row) for row in own[name]) or NONE
        made.append({
            "model": name, "released": facts[name]["released"], "organization": facts[name]["organization"], **ends,
            "safety": words, "metrics": len({row["metric"] for row in own[name]}),
        })  # fmt: skip
    return Table.from_rows(columns, made)


def _value(row: dict[str, Any]) -> str:
    unit = "%" if row["unit"] == "percent" else f" {row['unit']}"
    ends = f" ({row['low']:.1f} to {row['high']:.1f})" if row["low"] is not None else ""
    return f"{row['mid']:.1f}{unit}{ends}"


def _told(row: dict[str, Any]) -> str:
    return f"{row['metric']} {_value(row)}"


def _held(names: list[str], rows: list[dict[str, Any]]) -> Table:
    """For how many models the evidence holds each kind of metric."""
    kinds = {"any safety metric": {row["model"] for row in rows}}
    for row in rows:
        kinds.setdefault(row["kind"], set()).add(row["model"])
    counts: Floats = np.array([len(models) for models in kinds.values()], dtype=float)
    low, mid, high = wilson(counts, float(len(names)))
    columns = [
        Column("kind"), *(Column(name, "number", "percent", "of models" * (name == "mid")) for name in ENDS),
        Column("models", "whole", "models"), Column("of", "whole", "models"),
    ]  # fmt: skip
    return Table.of(
        columns, kind=list(kinds), low=100 * low, mid=100 * mid, high=100 * high, models=counts.astype(int),
        of=[len(names)] * len(kinds),
    )  # fmt: skip


def _sentence(
    names: list[str], have: int, rows: list[dict[str, Any]], capability: dict[str, tuple[float, float, float]]
) -> str:
    if len(names) == 1:
        told = (
            "; ".join(_told(row) for row in rows)
            or "no safety or refusal metric in the evidence, which says nothing of what was published"
        )
        ends = capability.get(names[0])
        index = (
            f"capability {ends[1]:.1f} index points ({ends[0]:.1f} to {ends[2]:.1f})" if ends else "capability unknown"
        )
        return f"{names[0]}: {index}; {told} ({MASS:.0%} intervals)."
    low, mid, high = (100 * float(part) for part in wilson(float(have), float(len(names))))
    said = f"The evidence holds a safety or refusal metric of {have} of {len(names)} models, {mid:.0f}%"
    said += f" ({MASS:.0%} interval for models gathered like these {low:.0f} to {high:.0f})"
    counts = Counter(row["metric"] for row in rows)
    usual = min(counts, key=lambda name: (-counts[name], name))
    least, most = (pick((row for row in rows if row["metric"] == usual), key=_by_value) for pick in (min, max))
    if least is most:
        return f"{said}; {least['model']}: {_told(least)}."
    span = f"from {_value(least)} of {least['model']} to {_value(most)} of {most['model']}"
    return f"{said}; {usual}, told of most models, runs {span}."


def _by_value(row: dict[str, Any]) -> tuple[float, str]:
    return row["mid"], row["model"]
