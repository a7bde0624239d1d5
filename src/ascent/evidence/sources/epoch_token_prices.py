"""Epoch AI's table of token prices of 2025: what a million tokens cost, and how good the model was.

Columns  Model Name, Release Date (the day the price is of), USD per 1M Tokens (three parts input to one part output),
         scores in percent, arena rating
Gives    `series` of blended prices, since input and output are not apart; `scores`
Source   Epoch AI, github.com/epoch-research/llm-benchmark-efficiency, no licence stated
"""

from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch table of token prices"
MODEL, DAY, PRICE = "Model Name", "Release Date", "USD per 1M Tokens"
PERCENT = {
    "MMLU": "MMLU",
    "GPQA Diamond": "GPQA diamond",
    "HumanEval": "HumanEval",
    "MATH-500": "MATH-500",
    "MATH 5": "MATH level 5",
}
ARENA = "LMSys Chatbot Arena ELO"


def recognises(original: Original) -> bool:
    """True for a table with models, days, prices and scores by benchmark."""
    header = set(header_of(original) or ())
    return {MODEL, DAY, PRICE, "MMLU"} <= header


def read(original: Original, options: Options) -> Batch:
    """Prices and scores of one table; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    model, day = desk.text(MODEL, required=True), desk.date(DAY)
    price = desk.number(PRICE, required=True, low=0.0)
    series = [
        {"series": "price per million tokens, blended", "entity": m, "date": d, "value": p, "unit": "USD"}
        for m, d, p in zip(model, day, price, strict=True)
    ]
    scores: list[dict[str, Any]] = []
    benchmarks: list[dict[str, Any]] = []
    columns = {**{column: (name, "fraction") for column, name in PERCENT.items()}, ARENA: ("Chatbot Arena", "elo")}
    for column, (name, unit) in columns.items():
        values = desk.share(column, unit="percent") if unit == "fraction" else desk.number(column, low=0.0)
        found: dict[tuple[Any, float], dict[str, Any]] = {}
        for m, value in zip(model, values, strict=True):
            if value is not None:  # a model comes back with each new price, its scores unchanged
                about = {"benchmark": name, "scale": "raw", "unit": unit, "relation": "unknown"}
                found[m, value] = {"model": m, "score": value, **about}
        scores += found.values()
        if found:
            benchmarks.append(register().benchmark_row(name, unit, ""))
    desk.finish()
    own = epoch.speaker(original, options)
    rows = {"series": series, "scores": scores, "benchmarks": benchmarks}
    tables = {name: [{**row, "source": own} for row in listed] for name, listed in rows.items()}
    credit = epoch.credit(original, options, "LLM prices", "https://epoch.ai/data-insights/llm-inference-price-trends")
    tables["sources"] = [credit | {"licence": "none stated", "redistributable": False}]
    return Batch(NAME, epoch.tables(options, **tables), desk.notes, desk.unused([MODEL, DAY, PRICE, *columns]))
