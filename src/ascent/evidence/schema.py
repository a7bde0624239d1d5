"""The tables of evidence: what one row is, and each column's kind, unit and meaning.

Every row also carries `source` (a row of `sources`), `published` (when the world could know it) and
`recorded` (when this store learned it). Dates are ISO text as precise as they are known: `2025`, `2025-03`
or `2025-03-31`; `ascent.core.dates` gives their first and last day.
"""

from ascent.core.tables import Column, Kind

PROVENANCE = (
    Column("source", "text", help="key of the row's origin in `sources`"),
    Column("published", "date", help="when it was published; empty where unknown"),
    Column("recorded", "date", help="when it was added here (UTC)"),
)


def _table(*columns: Column) -> tuple[Column, ...]:
    return columns + PROVENANCE


def _c(name: str, kind: Kind = "text", unit: str = "", help: str = "", required: bool = False) -> Column:
    return Column(name, kind, unit, help, required)


TABLES: dict[str, tuple[Column, ...]] = {
    "models": _table(
        _c("model", help="canonical name of one AI system in one configuration", required=True),
        _c("name", help="display name"),
        _c("organization", help="who made it; several separated by ', '"),
        _c("country", help="of the organization; several separated by ', '"),
        _c("access", help="open weights, API access, hosted, unreleased, ... as published"),
        _c("released", "date", help="first usable by others"),
        _c("domain", help="language, vision, games, ..."),
        _c("parameters", "number", "parameters"),
        _c("active_parameters", "number", "parameters", "used for one token"),
        _c("tokens", "number", "tokens", "training data (data points outside language)"),
        _c("training_compute_flop", "number", "FLOP", "of the final training run"),
        _c("training_compute_flop_low", "number", "FLOP"),
        _c("training_compute_flop_high", "number", "FLOP"),
        _c("compute_method", help="how the compute was estimated"),
        _c("confidence", help="Confident, Likely, Speculative, ... as published"),
        _c("base_model", help="model it was fine-tuned from"),
        _c("finetune_compute_flop", "number", "FLOP"),
        _c("distilled", "flag", help="trained on a stronger model's outputs"),
        _c("epochs", "number", "epochs"),
        _c("batch_size", "number", "data points"),
        _c("training_hours", "number", "hours"),
        _c("hardware", help="chip it was trained on"),
        _c("hardware_quantity", "number", "chips"),
        _c("utilization", "number", "share of peak FLOP/s"),
        _c("training_cost_usd", "number", "USD"),
        _c("training_cost_year", "whole", "year", "whose dollars the cost is in"),
        _c("training_power_w", "number", "W"),
        _c("numerical_format"),
        _c("frontier", "flag", help="among the largest when published"),
    ),
    "aliases": _table(
        _c("alias", help="one spelling", required=True),
        _c("refers_to", help="canonical name", required=True),
        _c("kind", help="model or benchmark", required=True),
        _c("reviewed_by", help="who decided", required=True),
    ),
    "benchmarks": _table(
        _c("benchmark", help="canonical name, with version where versions differ", required=True),
        _c("version", help="version of the item set"),
        _c("released", "date"),
        _c("domain", help="mathematics, coding, science, knowledge, language, agents, vision, reasoning"),
        _c("items", "whole", "items"),
        _c("chance", "number", "probability", "score of guessing"),
        _c("ceiling", "number", "probability", "highest score possible (below 1 where items are wrong)"),
        _c("unit", help="of the reported score: fraction, percent, points of 10, Elo, minutes"),
        _c("higher_is_better", "flag"),
        _c("human_minutes", "number", "minutes"),
        _c("human_score", "number", "probability"),
        _c("optimized", "flag", help="developers are thought to tune for it"),
    ),
    "scores": _table(
        _c("model", help="canonical model", required=True),
        _c("version", help="exact version that was scored"),
        _c("benchmark", help="canonical benchmark", required=True),
        _c("setting", help="mode, effort, shots, scaffold, prompt, provider, tools: `key=value; key=value`"),
        _c("score", "number", "", "in the benchmark's unit; 0 to 1 for fractions", required=True),
        _c("scale", help="raw, or chance_corrected where guessing was already removed"),
        _c("unit", help="fraction, elo, minutes, ...; only fractions can enter the index"),
        _c("se", "number", "", "standard error, same unit as the score"),
        _c("n", "whole", "items", "items behind the score"),
        _c("evaluated", "date", help="when it was run"),
        _c("evaluator", help="who ran it"),
        _c("relation", help="first party, independent, or unknown"),
        _c("flags", help="what the reader flagged: `contradictory`, `not a multiple of 1/n`, ..."),
    ),
    "runs": _table(
        _c("run", required=True),
        _c("model", required=True),
        _c("benchmark", required=True),
        _c("setting"),
        _c("started", "date"),
        _c("status", help="success, error, started, cancelled"),
        _c("tokens", "number", "tokens"),
        _c("cost_usd", "number", "USD"),
    ),
    "attempts": _table(
        _c("run", required=True),
        _c("item", required=True),
        _c("epoch", "whole"),
        _c("success", "number", "probability"),
        _c("tokens", "number", "tokens"),
        _c("seconds", "number", "seconds"),
        _c("cost_usd", "number", "USD"),
        _c("state", help="scored, error, timeout, refusal, truncated, filtered"),
    ),
    "checkpoints": _table(
        _c("training_run", required=True),
        _c("benchmark", required=True),
        _c("step", "whole", "steps"),
        _c("tokens", "number", "tokens"),
        _c("compute_flop", "number", "FLOP"),
        _c("phase"),
        _c("metric"),
        _c("score", "number", required=True),
        _c("se", "number"),
        _c("items", "whole", "items"),
        _c("model"),
        _c("developer"),
    ),
    "items": _table(
        _c("benchmark", required=True),
        _c("item", required=True),
        _c("family"),
        _c("human_minutes", "number", "minutes"),
        _c("human_minutes_low", "number", "minutes"),
        _c("human_minutes_high", "number", "minutes"),
    ),
    "prices": _table(
        _c("model", required=True),
        _c("provider"),
        _c("date", "date"),
        _c("usd_per_million_input", "number", "USD per million tokens"),
        _c("usd_per_million_output", "number", "USD per million tokens"),
        _c("usd_per_million_cache", "number", "USD per million tokens"),
    ),
    "series": _table(
        _c("series", required=True),
        _c("entity"),
        _c("date", "date", help="the day the value stands for; empty where it has none, as a scale has"),
        _c("value", "number", required=True),
        _c("low", "number"),
        _c("high", "number"),
        _c("unit", required=True),
        _c("note", help="what the value is, in words: how it was told, over which period, what a paper shows"),
    ),
    "hardware": _table(
        _c("chip", required=True),
        _c("manufacturer"),
        _c("released", "date"),
        _c("date", "date", help="of the price"),
        _c("provider", help="who sells or rents at that price"),
        _c("contract", help="on demand, one year, three years, purchase, list price"),
        _c("peak_fp64_flop_per_s", "number", "FLOP/s"),
        _c("peak_fp32_flop_per_s", "number", "FLOP/s"),
        _c("peak_tf32_flop_per_s", "number", "FLOP/s"),
        _c("peak_fp16_flop_per_s", "number", "FLOP/s", "dense tensor FP16 or BF16"),
        _c("peak_fp8_flop_per_s", "number", "FLOP/s"),
        _c("peak_fp4_flop_per_s", "number", "FLOP/s"),
        _c("peak_int8_op_per_s", "number", "OP/s"),
        _c("memory_bytes", "number", "bytes"),
        _c("memory_bandwidth_byte_per_s", "number", "byte/s"),
        _c("tdp_w", "number", "W"),
        _c("price_usd", "number", "USD"),
        _c("usd_per_hour", "number", "USD per chip-hour"),
    ),
    "forecasts": _table(
        _c("forecast", required=True),
        _c("question", required=True),
        _c("made", "date", required=True),
        _c("by", required=True),
        _c("distribution", required=True),
        _c("rule", required=True),
    ),
    "resolutions": _table(
        _c("question", required=True),
        _c("resolved", "date", required=True),
        _c("value", "number", required=True),
    ),
    "sources": _table(
        _c("title", help="what it is", required=True),
        _c("address"),
        _c("licence"),
        _c("redistributable", "flag"),
        _c("retrieved", "date"),
        _c("sha256", help="of the original bytes"),
    ),
}


def columns(table: str) -> dict[str, Column]:
    """The columns of a table by name."""
    return {column.name: column for column in TABLES[table]}
