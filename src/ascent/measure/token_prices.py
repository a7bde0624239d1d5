"""Token prices as one blended number per model, provider and day.

Blend    parts of input and output tokens, three to one unless said otherwise; a price told blended already stays as it
         is. A row that lacks one of the two prices is left out and counted
Day      the day a price was told for. The first price of a model also holds from its release on where the release is
         known and earlier: most prices are launch prices looked up later. A price without a day holds from the release
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.models import model_facts
from ascent.measure.score_matrix import Indices

BLENDED = "price per million tokens, blended"
LONG = 90 / 365  # years between release and first price, beyond which the reader is told


@dataclass(frozen=True, eq=False)
class TokenPrices:
    """Every usable price, in order of day, model, provider and price.

    models, offers  names; an offer is a model at a provider
    model, offer    (price,)  positions
    date            (price,)  ISO text from which it holds
    day             (price,)  the same as decimal year
    usd             (price,)  USD per million tokens, blended
    input, output   (price,)  USD per million tokens; NaN where only the blend was told
    """

    models: tuple[str, ...]
    offers: tuple[str, ...]
    model: Indices
    offer: Indices
    date: tuple[str, ...]
    day: Floats
    usd: Floats
    input: Floats
    output: Floats
    notes: tuple[Note, ...]

    def where(self, kept: NDArray[np.bool_]) -> "TokenPrices":
        """The prices of a mask (price,), models and offers unchanged."""
        date = tuple(text for text, keep in zip(self.date, kept, strict=True) if keep)
        return replace(
            self, model=self.model[kept], offer=self.offer[kept], date=date, day=self.day[kept], usd=self.usd[kept],
            input=self.input[kept], output=self.output[kept],
        )  # fmt: skip

    def with_usd(self, usd: Floats) -> "TokenPrices":
        """The same offers at other amounts (price,), in USD of whatever is bought."""
        return replace(self, usd=usd)


def token_prices(evidence: Evidence, *, parts_input: float = 3.0) -> TokenPrices:
    """Every price of the evidence; raises TooLittleEvidence where there are none with a day.

    parts_input  input tokens for every output token
    """
    rows: list[tuple[str, str, str | None, float, float, float]] = []
    table = evidence.table("prices")
    lacking = 0
    names = ("model", "provider", "date", "usd_per_million_input", "usd_per_million_output")
    for model, provider, date, put, out in zip(*(table[name] for name in names), strict=True):
        if not isinstance(put, (int, float)) or not isinstance(out, (int, float)) or put + out <= 0:
            lacking += 1
            continue
        blend = (parts_input * put + out) / (parts_input + 1)
        rows.append((str(model), str(provider or ""), str(date) if date else None, blend, float(put), float(out)))
    told = 0
    series = evidence.table("series")
    for name, entity, date, value in zip(*(series[k] for k in ("series", "entity", "date", "value")), strict=True):
        if name == BLENDED and entity and isinstance(value, (int, float)) and value > 0:
            told += 1
            rows.append((str(entity), "", str(date) if date else None, float(value), np.nan, np.nan))
    released = {name: facts["released"] for name, facts in model_facts(evidence, {row[0] for row in rows}).items()}
    dated, late, undated = _dated(rows, released)
    since_release = sum(row[2] is None for row in rows) - undated
    if not dated:
        raise TooLittleEvidence(
            need="token prices with a day, of models",
            have=f"{len(rows)} prices, none with a day or of a model whose release is known"
            if rows
            else "no price at all",
            fix="add a table with model, provider, date, usd_per_million_input, usd_per_million_output",
        )
    notes = []
    for count, text in (
        (lacking, "prices lack input or output, or are free, and are left out"),
        (undated, "prices have no day and belong to models without a release date; they are left out"),
    ):
        if count:
            notes.append(Note("info", "prices", f"{count} {text}."))
    if since_release:
        text = f"{since_release} prices have no day of their own and are taken to hold since the model's release."
        notes.append(Note("warning", "prices", text))
    if late:
        text = (
            f"The first price of {late} models was told 90 days or more after release, and is taken to hold since then."
        )
        notes.append(Note("warning", "prices", text))
    if told:
        notes.append(Note("info", "blend", f"{told} prices were told blended, three parts input to one part output."))
    return _arranged(dated, tuple(notes))


def _dated(
    rows: list[tuple[str, str, str | None, float, float, float]], released: dict[str, str | None]
) -> tuple[list[tuple[str, str, str, float, float, float]], int, int]:
    """Rows with the day from which they hold; how many models' first prices were told late; how many have no day."""
    first: dict[tuple[str, str], str] = {}
    for model, provider, date, *_ in rows:
        if date and decimal_year(date) <= decimal_year(first.get((model, provider), date)):
            first[model, provider] = date
    dated: list[tuple[str, str, str, float, float, float]] = []
    late: set[str] = set()
    undated = 0
    for model, provider, date, *rest in rows:
        start = released[model]
        if date is None:
            if start is None:
                undated += 1
                continue
            date = start
        elif start is not None and date == first[model, provider] and decimal_year(start) < decimal_year(date):
            if decimal_year(date) - decimal_year(start) > LONG:
                late.add(model)
            date = start
        dated.append((model, provider, date, rest[0], rest[1], rest[2]))
    return dated, len(late), undated


def _arranged(rows: list[tuple[str, str, str, float, float, float]], notes: tuple[Note, ...]) -> TokenPrices:
    rows = sorted(set(rows), key=lambda row: (decimal_year(row[2]), row[0], row[1], -row[3]))
    models = sorted({row[0] for row in rows})
    offers = sorted({row[:2] for row in rows})
    usd, put, out = (np.array([row[at] for row in rows], dtype=float) for at in (3, 4, 5))
    return TokenPrices(
        tuple(models), tuple(f"{model} ({provider})" if provider else model for model, provider in offers),
        np.array([models.index(row[0]) for row in rows], dtype=np.intp),
        np.array([offers.index(row[:2]) for row in rows], dtype=np.intp),
        tuple(row[2] for row in rows), np.array([decimal_year(row[2]) for row in rows]), usd, put, out, notes,
    )  # fmt: skip
