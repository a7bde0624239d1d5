"""What an effort cost where no log says so: tokens read and written times a price of the model, and which price.

Name    that of the model without its effort; else the same words and numbers without a day of release, where just one
        model of the evidence has them: `claude-haiku-4-5-20251001` is priced as `Claude 4.5 Haiku`, and a note says so
Day     the cheapest price in force when the model was run, the same for all its efforts; where prices were told later
        only, the first of them, and a note says so
Sum     as `ascent price-of-capability` reckons the cost of a run (`measure/task_costs.py`), from the same prices
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ascent.core.answer import Note
from ascent.core.dates import decimal_year
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.effort_names import key_of, split_name
from ascent.measure.task_costs import RunTokens, run_usd
from ascent.measure.token_prices import BLENDED, TokenPrices, token_prices

if TYPE_CHECKING:
    from ascent.measure.effort_types import EffortCurve

_DAY = re.compile(r"[-_ @]?20\d\d-?[01]\d-?[0-3]\d$")
SHOWN = 6


def words_of(name: str) -> str:
    """Words of a name in the order of the alphabet and its numbers in their own, without effort and day of release.

    >>> words_of("claude-haiku-4-5-20251001") == words_of("Claude 4.5 Haiku"), words_of("gpt-5.2-2025-12-11")
    (True, 'gpt 5 2')
    """
    parts = re.findall(r"[^\W\d_]+|\d+", _DAY.sub("", split_name(name)[0].casefold()))
    return " ".join([*sorted(part for part in parts if not part.isdigit()), *filter(str.isdigit, parts)])


@dataclass(frozen=True, eq=False)
class Offer:
    """The prices that one model was run at and has now (each a single price); name is the priced model's."""

    name: str
    then: TokenPrices
    now: TokenPrices
    late: bool

    @property
    def told(self) -> str:
        """The day for which the price was told."""
        return self.then.date[0]

    def usd(self, read: float, written: float, total: float, *, now: bool = False) -> float:
        """Dollars for tokens read, written, and all (NaN where not told); all are blended where not told apart."""
        put, out, every = (float(np.nan_to_num(part)) for part in (read, written, total))
        used = RunTokens(put, out, every or put + out, 1)
        price = self.now if now else self.then
        cost = float(run_usd(price, {price.models[int(price.model[0])]: used})[0])
        return cost if cost > 0 else np.nan


class PriceBook:
    """Every usable price of the evidence, found by a model's name and the day it was run."""

    prices: TokenPrices

    def __init__(self, evidence: Evidence) -> None:
        self.keyed: dict[str, list[int]] = defaultdict(list)
        self.worded: dict[str, set[str]] = defaultdict(set)
        self.sources = tuple(sorted(_sources(evidence)))
        try:
            self.prices = token_prices(evidence)
        except TooLittleEvidence:
            return  # no name is known, so no price is looked up
        for place, model in enumerate(self.prices.model):
            name = self.prices.models[int(model)]
            self.keyed[key_of(name)].append(place)
            self.worded[words_of(name)].add(key_of(name))

    def offer(self, name: str, days: Iterable[str | None]) -> Offer | None:
        """The prices of a model that was run on these days; None where the evidence has none of it."""
        key, alike = key_of(name), self.worded.get(words_of(name), set())
        if key not in self.keyed and len(alike) == 1:
            (key,) = alike
        if key not in self.keyed:
            return None
        places = self.keyed[key]  # in order of day
        run = max((decimal_year(day) for day in days if day), default=np.inf)
        before = [place for place in places if self.prices.day[place] <= run + 1e-9]
        first = self.prices.day[places[0]]
        then = self._cheapest(before or [place for place in places if self.prices.day[place] <= first + 1e-9])
        now = self._cheapest(places)
        plain = split_name(self.prices.models[int(self.prices.model[then])])[0]
        return Offer(plain, self._only(then), self._only(now), late=not before)

    def _cheapest(self, places: Sequence[int]) -> int:
        """The cheapest of the last prices of each provider, blended."""
        last = {int(self.prices.offer[place]): place for place in places}
        return min(last.values(), key=lambda place: (float(self.prices.usd[place]), place))

    def _only(self, place: int) -> TokenPrices:
        return self.prices.where(np.arange(len(self.prices.usd)) == place)


def _sources(evidence: Evidence) -> set[str]:
    series = evidence.table("series")
    told = {str(one) for one in evidence.table("prices")["source"] if one}
    return told | {str(one) for name, one in zip(series["series"], series["source"], strict=True)
                   if name == BLENDED and one}  # fmt: skip


def dollar_notes(curves: Sequence["EffortCurve"], sources: Sequence[str]) -> list[Note]:
    """Where dollars come from, and what lacks where there are none; for the curves of one benchmark."""
    notes = []
    priced = {curve.model: curve.offer for curve in curves if curve.offer is not None and curve.cost_from != "logged"}
    if priced:
        days = sorted({offer.told for offer in priced.values()})
        late = sum(offer.late for offer in priced.values())
        text = f"Dollars of {len(priced)} models are tokens read and written times list prices"
        text += f" ({'; '.join(sources[:2])})" * bool(sources) + f" told for {days[0]}"
        text += f" to {days[-1]}" * (len(days) > 1)
        text += f"; {late} were run before any price of theirs was told, and may have cost more" * bool(late)
        notes.append(Note("warning" if late else "info", "dollars", text + "."))
        renamed = [f"{model} as {offer.name}" for model, offer in priced.items() if key_of(model) != key_of(offer.name)]
        if renamed:
            notes.append(Note("info", "dollars", f"Priced under another spelling: {_some(renamed)}."))
    lacking = sorted({curve.model for curve in curves if not (curve.usd > 0).all() and curve.offer is None})
    if lacking:
        every = len({curve.model for curve in curves})
        many = f"{len(lacking)} of {every} models" if len(lacking) < every else "any model"
        text = f"Dollars are not known for {many}, since no log tells them and "
        text += f"the evidence has no price of {_some(lacking)}. Add prices (`ascent evidence template "
        notes.append(Note("info", "dollars", text + "prices`) under these names, or costs to the logs."))
    part = [curve for curve in curves if curve.cost_from == "logged" and curve.uncosted > 0]
    if part:
        most = max(curve.uncosted for curve in part)
        text = f"Up to {most:.0%} of the attempts of an effort have no cost; dollars are means over the others, which "
        notes.append(Note("warning", "dollars", text + "misleads where the ones left out took more or fewer tokens."))
    return notes


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
