"""Artificial Analysis, as its interface answers: models with prices, index values and scores.

Files    JSON of /api/v2/language/models (also /free) and of /api/v2/data/llms/models: data[] with name, slug,
         release_date, model_creator, evaluations, pricing
Reads    evaluations in fractions, index values in points; those under names not known here stay in the original and are
         named. A price of 0 may be free or unknown and is left out. Blended prices and speeds stay in the original
Days     prices and scores carry none; they stand for the day of the file, where --published gives it
Source   Artificial Analysis; attribution asked for, redistribution not allowed
"""

from collections.abc import Mapping
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.artificial_analysis import PRICE, WHO
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.json_desk import JsonDesk
from ascent.evidence.sources.strict_json import whole_object

NAME = "Artificial Analysis interface"
SHARES = {
    "mmlu_pro": "MMLU-Pro",
    "gpqa": "GPQA diamond",
    "hle": "HLE",
    "livecodebench": "LiveCodeBench",
    "scicode": "SciCode",
    "math_500": "MATH-500",
    "aime": "AIME",
    "aime_25": "AIME 2025",
    "ifbench": "IFBench",
    "lcr": "AA Long Context Reasoning",
    "terminalbench_hard": "Terminal-Bench Hard",
    "tau2": "τ²-bench",
}
POINTS = {
    "artificial_analysis_intelligence_index": "Artificial Analysis Intelligence Index",
    "artificial_analysis_coding_index": "Artificial Analysis Coding Index",
    "artificial_analysis_math_index": "Artificial Analysis Math Index",
}
COST = "artificial_analysis_intelligence_index_cost"


def recognises(original: Original) -> bool:
    """True for a JSON object with data of models and their creators."""
    data = original.data
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"data"' in data and b'"model_creator"' in data and b'"evaluations"' in data


def read(original: Original, options: Options) -> Batch:
    """Models, prices, scores and the cost of the index; raises BadInput with every value that does not fit."""
    file = whole_object(original)
    desk = JsonDesk(original, options)
    listed = desk.listed(file.get("data"), "data", required=True)
    own = options.source or f"{WHO}, {epoch.stem(original)}"
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in ("models", "prices", "scores", "runs")}
    unknown: set[str] = set()
    for at, entry in enumerate(listed):
        where = f"data[{at}]"
        told = desk.object(entry, where, required=True)
        model = desk.text(told.get("name"), f"{where}.name", required=True)
        if model is None:
            continue
        maker = desk.object(told.get("model_creator"), f"{where}.model_creator")
        tables["models"].append(
            {"model": model, "name": model, "organization": desk.text(maker.get("name"), f"{where}.model_creator.name"),
             "released": desk.day(told.get("release_date"), f"{where}.release_date")}
        )  # fmt: skip
        prices = desk.object(told.get("pricing"), f"{where}.pricing")
        price = {fills: desk.number(prices.get(key), f"{where}.pricing.{key}", 0.0) or None
                 for fills, key in PRICE.items()}  # fmt: skip
        if any(price.values()):
            tables["prices"].append({"model": model, "date": options.published, **price})
        tables["scores"] += _scores(desk, told, where, model, unknown)
        cost = desk.object(told.get(COST), f"{where}.{COST}").get("total_cost")
        if total := desk.number(cost, f"{where}.{COST}.total_cost", 0.0):
            index = POINTS["artificial_analysis_intelligence_index"]
            about = {"run": f"{WHO} {index} {model}", "model": model, "benchmark": index}
            tables["runs"].append({**about, "status": "success", "cost_usd": total})
    desk.finish()
    if len(tables["prices"]) < len(listed):
        text = f"{len(listed) - len(tables['prices'])} of {len(listed)} models have no price above 0."
        desk.note("info", "left out", text)
    if unknown:
        desk.note("info", "evaluations", f"not known here, kept in the original: {', '.join(sorted(unknown))}.")
    benchmarks = {str(row["benchmark"]): str(row["unit"]) for row in tables["scores"]}
    tables["benchmarks"] = [register().benchmark_row(name, unit, WHO) for name, unit in sorted(benchmarks.items())]
    for rows in tables.values():
        for row in rows:
            row["source"] = own
    credit = {"source": own, "title": WHO, "address": "https://artificialanalysis.ai", "redistributable": False}
    tables["sources"] = [{**credit, "licence": "attribution, no redistribution"}]
    return Batch(NAME, epoch.tables(options, **tables), desk.notes)


def _scores(desk: JsonDesk, told: Mapping[str, Any], where: str, model: str, unknown: set[str]) -> list[dict[str, Any]]:
    found = []
    for key, value in desk.object(told.get("evaluations"), f"{where}.evaluations").items():
        name = SHARES.get(key) or POINTS.get(key)
        if name is None:
            unknown.add(key)
            continue
        share = key in SHARES
        score = desk.number(value, f"{where}.evaluations.{key}", 0.0, 1.0 if share else None)
        if score is not None:
            found.append(
                {"model": model, "benchmark": name, "score": score, "scale": "raw", "evaluator": WHO,
                 "unit": "fraction" if share else "points", "relation": "independent"}
            )  # fmt: skip
    return found
