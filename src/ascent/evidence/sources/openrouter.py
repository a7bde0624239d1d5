"""OpenRouter: what a million tokens of each model cost there, and at each of its providers.

Files    JSON of /api/v1/models (data[] with id, name, pricing) and of a model's /endpoints (data.endpoints[] with
         provider_name, pricing)
Prices   are text, in USD for one token; here they are USD for a million. 0 (free, or unknown) and negative ones (a
         router that picks the model) are left out; so are prices of requests, images and web searches
Names    "Maker: Model" gives organization and model; the id stays in the original
Days     the file carries none; --published says which day the prices are of. `created` is when OpenRouter listed the
         model, which is not its release, and is not read
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.json_desk import JsonDesk
from ascent.evidence.sources.strict_json import kind, whole_object

NAME = "OpenRouter models"
WHO = "OpenRouter"
PRICES = {
    "usd_per_million_input": "prompt",
    "usd_per_million_output": "completion",
    "usd_per_million_cache": "input_cache_read",
}
_MOST = 1.0  # USD for one token; the dearest model costs less than a thousandth of that


def recognises(original: Original) -> bool:
    """True for a JSON object with prices for prompt and completion."""
    data = original.data
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    signs = (b'"data"', b'"pricing"', b'"prompt"', b'"completion"')
    return start.startswith(b"{") and all(sign in data for sign in signs) and b'"context_length"' in data


def read(original: Original, options: Options) -> Batch:
    """Models and prices; raises BadInput with every value that does not fit."""
    file = whole_object(original)
    desk = JsonDesk(original, options)
    data = file.get("data")
    own = options.source or f"{WHO}, {epoch.stem(original)}"
    models: list[dict[str, Any]] = []
    prices: list[dict[str, Any]] = []
    offered = 0
    listed = [("data", data)] if isinstance(data, dict) else [
        (f"data[{at}]", entry) for at, entry in enumerate(desk.listed(data, "data", required=True))
    ]  # fmt: skip
    for where, entry in listed:
        told = desk.object(entry, where, required=True)
        organization, model = _named(desk, told, where)
        if model is None:
            continue
        models.append({"model": model, "name": model, "organization": organization})
        for place, offer in _offers(desk, told, where):
            offered += 1
            price = _prices(desk, desk.object(offer.get("pricing"), f"{place}.pricing"), f"{place}.pricing")
            provider = desk.text(offer.get("provider_name"), f"{place}.provider_name") or WHO
            if any(price.values()):
                prices.append({"model": model, "provider": provider, "date": options.published, **price})
    desk.finish()
    if len(prices) < offered:
        desk.note("info", "left out", f"{offered - len(prices)} of {offered} offers have no price above 0.")
    if options.published is None and prices:
        desk.note("warning", "prices", "no day is told: say with --published of which day the prices are.")
    source = {"source": own, "title": "OpenRouter, models", "address": "https://openrouter.ai/models"}
    rows = {"models": models, "prices": prices, "sources": [source]}
    tables = {name: [{**row, "source": own} for row in told] for name, told in rows.items()}
    return Batch(NAME, epoch.tables(options, **tables), desk.notes)


def _named(desk: JsonDesk, told: Mapping[str, Any], where: str) -> tuple[str | None, str | None]:
    """Organization and model, from a name such as `OpenAI: GPT-5`; the id where there is no name."""
    name = desk.text(told.get("name"), f"{where}.name")
    if name is None:
        return None, desk.text(told.get("id"), f"{where}.id", required=True)
    organization, colon, model = name.partition(": ")
    return (organization.strip(), model.strip()) if colon and model.strip() else (None, name)


def _offers(desk: JsonDesk, told: Mapping[str, Any], where: str) -> list[tuple[str, Mapping[str, Any]]]:
    if "endpoints" not in told:
        return [(where, told)]
    listed = desk.listed(told["endpoints"], f"{where}.endpoints")
    return [
        (f"{where}.endpoints[{at}]", desk.object(one, f"{where}.endpoints[{at}]", required=True))
        for at, one in enumerate(listed)
    ]


def _prices(desk: JsonDesk, pricing: Mapping[str, Any], where: str) -> dict[str, float | None]:
    return {fills: _per_million(desk, pricing.get(key), f"{where}.{key}") for fills, key in PRICES.items()}


def _per_million(desk: JsonDesk, value: Any, where: str) -> float | None:
    """USD for a million tokens; text keeps every digit (0.00000008333 is 0.08333)."""
    if value is None or value == "":
        return None
    try:
        price = Decimal(value if isinstance(value, str) and len(value) < 60 else repr(value))
    except InvalidOperation:
        price = Decimal("NaN")
    if isinstance(value, bool) or not price.is_finite() or abs(price) > _MOST:
        desk.problem(where, kind(value), "USD for one token, such as 0.000003", "Correct the price.")
        return None
    return float(price * 1_000_000) if price > 0 else None
