"""Token prices as one blended number per model, provider and day.

Blend    parts of input and output tokens, three to one unless said otherwise; a price told blended already stays as it
         is. A row that lacks one of the two prices is left out and counted
Day      the day a price was told for. A price without a day holds from the day it was published, else from the day of
         the evidence: what a model costs now says nothing of what it cost at release. Published studies take the first
         price of a model, or one without a day, to hold since the release (DATED[1]), which hides earlier prices
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

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
DATED = ("as told", "since release")


# Model, provider, day from which it holds, whether that is the price's own, USD per million: blended, input, output.
Priced: TypeAlias = tuple[str, str, str, bool, float, float, float]


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


def token_prices(evidence: Evidence, *, parts_input: float = 3.0, dated: str = DATED[0]) -> TokenPrices:
    """Every price of the evidence; raises TooLittleEvidence where there are none with a day.

    parts_input  input tokens for every output token
    dated        one of DATED: from which day a price holds
    """
    rows: list[Priced] = []
    table = evidence.table("prices")
    lacking = 0
    names = ("model", "provider", "date", "usd_per_million_input", "usd_per_million_output", "published")
    for model, provider, date, put, out, seen in zip(*(table[name] for name in names), strict=True):
        if not isinstance(put, (int, float)) or not isinstance(out, (int, float)) or put + out <= 0:
            lacking += 1
            continue
        blend = (parts_input * put + out) / (parts_input + 1)
        held = _day(date, seen, evidence.as_of)
        rows.append((str(model), str(provider or ""), *held, blend, float(put), float(out)))
    told = 0
    series = evidence.table("series")
    columns = (series[name] for name in ("series", "entity", "date", "value", "published"))
    for name, entity, date, value, seen in zip(*columns, strict=True):
        if name == BLENDED and entity and isinstance(value, (int, float)) and value > 0:
            told += 1
            rows.append((str(entity), "", *_day(date, seen, evidence.as_of), float(value), np.nan, np.nan))
    unknown = sum(not row[2] for row in rows)
    rows = [row for row in rows if row[2]]
    undated = sum(not row[3] for row in rows)
    moved = 0
    if dated == DATED[1]:
        rows, moved = _since_release(evidence, rows)
    if not rows:
        raise TooLittleEvidence(
            need="token prices of models", have=f"{unknown} prices without a day" if unknown else "no price at all",
            fix="`ascent evidence template prices > prices.csv`, fill it with prices and the days they were told, and "
            "ask with --evidence prices.csv beside the scores (for the bundled ones also --evidence snapshot)",
        )  # fmt: skip
    notes = []
    if lacking:
        text = f"{lacking} prices lack input or output, or are free, and are left out."
        notes.append(Note("info", "prices", text))
    if unknown:
        notes.append(Note("info", "prices", f"{unknown} prices have no day and are left out."))
    if moved:
        text = f"{moved} prices were told after release and are taken to hold since then; earlier ones were often "
        text += "higher, so the fall is more likely understated."
        notes.append(Note("warning", "prices", text))
    elif undated:
        text = f"{undated} prices have no day of their own and hold from the day they were published."
        notes.append(Note("warning", "prices", text))
    if told:
        notes.append(Note("info", "blend", f"{told} prices were told blended, three parts input to one part output."))
    return _arranged([(*row[:3], *row[4:]) for row in rows], tuple(notes))


def _day(date: object, published: object, as_of: str) -> tuple[str, bool]:
    """The day from which a price is known to hold, and whether it is the price's own."""
    return (str(date), True) if date else (str(published or as_of), False)


def _since_release(evidence: Evidence, rows: list[Priced]) -> tuple[list[Priced], int]:
    """The first price of every offer put back to the release of its model; and how many were."""
    facts = model_facts(evidence, {row[0] for row in rows})
    first: dict[tuple[str, str], float] = {}
    for model, provider, date, *_ in rows:
        first[model, provider] = min(decimal_year(date), first.get((model, provider), np.inf))
    made: list[Priced] = []
    moved = 0
    for row in rows:
        start = facts[row[0]]["released"]
        early = not row[3] or decimal_year(row[2]) <= first[row[:2]]
        if start is not None and early and decimal_year(start) < decimal_year(row[2]):
            moved += 1
            row = (*row[:2], str(start), *row[3:])
        made.append(row)
    return made, moved


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
