"""Facts about models: from four vintages of Epoch's model tables and its index, completed by the selection."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ascent.evidence.schema import columns
from snapshot.reading import Row, number, rows, split

INDEX = "eci/2026-05/epoch_capabilities_index.csv"
MODEL_TABLES = (  # newest first: the first that states a value wins
    "models/2026-05/frontier_ai_models.csv",
    "models/2025-11/notable_ai_models.csv",
    "models/2025-11/large_scale_ai_models.csv",
    "models/2025-06/all_systems.csv",
    "models/2025-03/all_ai_models.csv",
)
FACTS = {  # our column: names it had over the vintages; data points are preferred to gradient steps times batch
    "organization": ("Organization",),
    "country": ("Country (of organization)", "Country (from Organization)"),
    "access": ("Model accessibility",),
    "released": ("Publication date",),
    "domain": ("Domain",),
    "parameters": ("Parameters",),
    "tokens": (
        "Training dataset size (datapoints)",
        "(DEPRECATED) Training dataset size (datapoints)",
        "Training dataset size (total)",
    ),
    "training_compute_flop": ("Training compute (FLOP)",),
    "training_compute_flop_low": ("Training compute lower bound",),
    "training_compute_flop_high": ("Training compute upper bound",),
    "compute_method": ("Training compute estimation method",),
    "confidence": ("Confidence",),
    "base_model": ("Base model",),
    "hardware": ("Training hardware",),
    "hardware_quantity": ("Hardware quantity",),
    "training_cost_usd": ("Training compute cost (2023 USD)",),
    "frontier": ("Frontier model",),
}
COUNTRIES = {"Multinational": ""}  # else as Epoch spells them, so that the snapshot joins with its tables


def model_rows(data: Path, chosen: Row) -> Iterator[Row]:
    """One row for each chosen model: the newest table that states a value wins, the selection above all."""
    kinds = columns("models")
    tables = [{row["Model"]: row for row in rows(data / path)} for path in MODEL_TABLES]
    index: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(data / INDEX):
        index[split(row["Model version"])[0].lower()].append(row)
    for model, spec in chosen["models"].items():
        name = spec.get("table", model)
        versions = [row for v in spec.get("versions", ()) for row in index[v.lower()]]
        found = [table[name] for table in tables if name in table]
        facts: Row = {}
        for column, spellings in FACTS.items():
            facts[column] = next((r[s] for r in found for s in spellings if r.get(s)), "")
        hub = versions[0] if versions else {}
        days = sorted(row["Release date"] for row in versions if row["Release date"])
        facts["released"] = days[0] if days else facts["released"]
        for column, theirs in (
            ("organization", "Organization"),
            ("country", "Country"),
            ("access", "Model accessibility"),
        ):
            facts[column] = hub.get(theirs) or facts[column]
        if hub.get("Training compute (FLOP)") and not (found and found[0] is tables[0].get(name)):
            facts["training_compute_flop"], facts["confidence"] = hub["Training compute (FLOP)"], hub["Confidence"]
        facts["active_parameters"] = chosen["active_parameters"].get(model, "")
        facts |= {key: value for key, value in spec.items() if key not in ("versions", "names", "table")}
        for end in ("training_compute_flop_low", "training_compute_flop_high"):  # a bound equal to the value is none
            facts[end] = "" if facts[end] == facts["training_compute_flop"] else facts[end]
        low, high = facts["training_compute_flop_low"], facts["training_compute_flop_high"]
        if not facts["training_compute_flop"] and not (low and high):
            facts["confidence"] = facts["compute_method"] = ""
        facts["country"] = listed(facts["country"], COUNTRIES)
        facts["organization"], facts["domain"] = listed(facts["organization"]), listed(facts["domain"])
        facts["frontier"] = "true" if str(facts["frontier"]).lower() in ("true", "checked") else ""
        for column, value in facts.items():
            kind = kinds[column].kind
            if kind == "number" and value != "":
                amount = number(str(value))
                facts[column] = tidy(amount) if amount else ""
            elif kind == "flag":
                facts[column] = str(value).lower()
        facts["training_cost_year"] = 2023 if facts["training_cost_usd"] else ""
        source = "epoch-models" if found else "epoch-index" if versions else "compiled"
        yield {"model": model, "name": model, **facts, "source": source, "published": facts["released"]}


def listed(text: str, renamed: dict[str, str] | None = None) -> str:
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(dict.fromkeys((renamed or {}).get(part, part) for part in parts if part))


def tidy(value: float) -> str:
    """Six significant digits: the tables mark speculative values by a tiny excess (5.0000000000001e+26)."""
    return f"{value:.6g}" if value >= 1e-4 or value == 0 else f"{value:.3g}"
