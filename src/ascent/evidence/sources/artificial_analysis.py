"""Artificial Analysis: token prices, and the scores of the evaluations it runs itself.

Files    a table of models (prices in USD per million tokens, index values, scores), tables of evaluations (one model
         on one benchmark, with tokens used), and of tokens used by the whole index
Reads    `score` (percent) of the evaluations, not `score_raw`: where the score is below one per cent the raw column
         repeats it without dividing. A price of 0 may be free or unknown and is left out. Blended prices and speeds
         stay in the original
Runs     tokens of each evaluation (output with reasoning), and what the whole index cost to run
Days     prices and scores carry none; they stand for the day of the file, where --published gives it
Source   Artificial Analysis; attribution asked for, redistribution not allowed
"""

from collections.abc import Mapping
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.fields import field, names_of, read_fields, rows_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Artificial Analysis table"
WHO = "Artificial Analysis"
MODEL = (
    field("model", "name", required=True),
    field("organization", "company"),
    field("country", "country"),
    field("released", "release_date", kind="date"),
    field("parameters", "total_parameter_count", kind="count"),
    field("active_parameters", "active_parameter_count", kind="count"),
)
PRICE = {"usd_per_million_input": "price_1m_input_tokens", "usd_per_million_output": "price_1m_output_tokens"}
SHARES = {  # column: benchmark, in fractions
    "mmlu_pro": "MMLU-Pro",
    "gpqa": "GPQA diamond",
    "hle": "HLE",
    "livecodebench": "LiveCodeBench",
    "scicode": "SciCode",
    "math_500": "MATH-500",
    "aime": "AIME",
}
POINTS = {  # column: benchmark, in points of its own
    "artificial_analysis_index": "Artificial Analysis Intelligence Index",
    "coding_index": "Artificial Analysis Coding Index",
    "math_index": "Artificial Analysis Math Index",
}
EVALUATIONS = {  # slug: benchmark, where the name is not the slug
    "aime-2025": "AIME 2025",
    "apex-agents-aa": "APEX-Agents (Artificial Analysis)",
    "artificial-analysis-long-context-reasoning": "AA Long Context Reasoning",
    "critpt": "CritPt",
    "global-mmlu-lite": "Global MMLU Lite",
    "gpqa-diamond": "GPQA diamond",
    "humanitys-last-exam": "HLE",
    "ifbench": "IFBench",
    "livecodebench": "LiveCodeBench",
    "math-500": "MATH-500",
    "mmlu-pro": "MMLU-Pro",
    "mmmu-pro": "MMMU-Pro",
    "scicode": "SciCode",
    "tau2-bench": "τ²-bench",
    "terminalbench-hard": "Terminal-Bench Hard",
}
COST = "cost_to_run_artificial_analysis_index"
SPENT = ("input_tokens", "reasoning_tokens", "answer_tokens", "total_output_tokens")
TOKENS = {"reasoning_tokens": "reasoning", "answer_tokens": "answers"}


def recognises(original: Original) -> bool:
    """True for one of the tables above, by its columns."""
    header = set(header_of(original) or ())
    stats = {"slug", "company", "artificial_analysis_index", "price_1m_input_tokens"} <= header
    return stats or {"benchmark", "model_slug", "score", "score_raw"} <= header or header == {"model", *TOKENS}


def read(original: Original, options: Options) -> Batch:
    """Models, prices, scores and series of one table; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    columns = set(desk.table.header)
    kind = _stats if "company" in columns else _evaluations if "score_raw" in columns else _tokens
    found, used = kind(desk)
    desk.finish()
    # The tables of evaluations repeat each other's rows: one origin, so that these come in once.
    own = options.source or f"{WHO}, {'evaluations' if kind is _evaluations else epoch.stem(original)}"
    tables = {name: [{**row, "source": own} for row in rows] for name, rows in found.items()}
    for row in tables.get("prices", ()):
        row["date"] = options.published
    credit = {"source": own, "title": WHO, "address": "https://artificialanalysis.ai", "redistributable": False}
    tables["sources"] = [{**credit, "licence": "attribution, no redistribution"}]
    return Batch(NAME, epoch.tables(options, **tables), desk.notes, desk.unused(used))


def _score(model: Any, benchmark: str, value: float | None, unit: str, setting: str | None = None) -> dict[str, Any]:
    row = {"model": model, "benchmark": benchmark, "score": value, "scale": "raw", "unit": unit, "setting": setting}
    return {**row, "evaluator": WHO, "relation": "independent"}


def _stats(desk: Desk) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    facts = read_fields(desk, MODEL)
    name = facts["model"]
    prices = {fills: desk.number(column, low=0.0) for fills, column in PRICE.items()}
    scores: list[dict[str, Any]] = []
    for column, benchmark in SHARES.items():
        values = desk.share(column, unit="fraction")
        scores += [_score(m, benchmark, v, "fraction") for m, v in zip(name, values, strict=True) if v is not None]
    for column, benchmark in POINTS.items():
        values = desk.number(column, low=0.0)
        scores += [_score(m, benchmark, v, "points") for m, v in zip(name, values, strict=True) if v is not None]
    listed = []
    for row in rows_of({"model": name, **prices}):
        kept = {fills: row[fills] or None for fills in PRICE}
        if any(kept.values()):
            listed.append({**row, **kept})
    if len(listed) < len(desk):
        desk.note("info", "left out", f"{len(desk) - len(listed)} of {len(desk)} models have no price above 0.")
    models = [{**row, "name": row["model"]} for row in rows_of(facts)]
    index = POINTS["artificial_analysis_index"]
    runs = [
        {"run": f"{WHO} {index} {m}", "model": m, "benchmark": index, "status": "success", "cost_usd": cost}
        for m, cost in zip(name, desk.number(COST, low=0.0), strict=True) if cost
    ]  # fmt: skip
    used = [*names_of(MODEL), *PRICE.values(), *SHARES, *POINTS, COST]
    benchmarks = _benchmarks({**SHARES, **POINTS})
    return {"models": models, "prices": listed, "scores": scores, "benchmarks": benchmarks, "runs": runs}, used


def _benchmarks(names: Mapping[str, str]) -> list[dict[str, Any]]:
    points = set(POINTS.values())
    return [register().benchmark_row(name, "points" if name in points else "fraction", WHO) for name in names.values()]


def _evaluations(desk: Desk) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    slug, model = desk.text("benchmark", required=True), desk.text("model", required=True)
    value = desk.share("score", required=True, unit="percent")
    names = {text: EVALUATIONS.get(text, text) for text in slug if text is not None}
    scores = [_score(m, names[s], v, "fraction") for m, s, v in zip(model, slug, value, strict=True) if s is not None]
    spent = {column: desk.number(column, low=0.0) for column in SPENT}
    told = rows_of({"model": model, "slug": slug, "key": desk.text("model_slug"), **spent})
    runs = [_run(row, names[str(row["slug"])]) for row in told if row["slug"] and any(row[one] for one in SPENT)]
    return {"scores": scores, "benchmarks": _benchmarks(names), "runs": runs}, ["benchmark", "model", "score", *SPENT]


def _run(row: Mapping[str, Any], benchmark: str) -> dict[str, Any]:
    """Tokens of one evaluation; the output has the reasoning in it."""
    read, reasoning, answers, out = (row[one] for one in SPENT)
    out = out if out is not None else None if None in (reasoning, answers) else reasoning + answers
    tokens = None if None in (read, out) else read + out
    about = {"run": f"{WHO} {row['slug']} {row['key'] or row['model']}", "model": row["model"], "benchmark": benchmark}
    spent = {"input_tokens": read, "output_tokens": out, "reasoning_tokens": reasoning, "tokens": tokens}
    return {**about, "status": "success", **spent}


def _tokens(desk: Desk) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    model = desk.text("model", required=True)
    series = []
    for column, words in TOKENS.items():
        values = desk.number(column, required=True, low=0.0)
        about = {"series": f"tokens of {words} to run the Artificial Analysis index", "unit": "tokens"}
        series += [{**about, "entity": m, "value": v} for m, v in zip(model, values, strict=True)]
    return {"series": series}, ["model", *TOKENS]
