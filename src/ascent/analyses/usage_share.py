"""Which models are used most on a router, how large is each one's share of its tokens, and is that changing?

Theme     prices and use
Evidence  series: tokens by model (or organization) and week, under the name "tokens on router"; models: organization
Needs     tokens by model and week
Method    share of all tokens over the last weeks; the interval takes weeks as draws around a mean, alike to their
          neighbours as far as the series shows; change: less the share over as many weeks before a given time
Source    Kendall 1954 (correlation of neighbours in short series); Student 1908
Differs   rankings of routers tell one week and no interval
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date as Day

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import span
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.models import model_facts
from ascent.model.shares import LEAST_WEEKS, Shares, window_shares

SERIES = "tokens on router"
POINTS = "percentage points"
ENDS = ("low", "mid", "high")
DRAWN = 8  # shares drawn over time
REST = ("other", "others", "rest", "the rest", "all others", "other models", "all other models")  # no one's name


@dataclass(frozen=True, kw_only=True)
class Params:
    series: str = param(SERIES, "series that holds the tokens")
    by: str = param(
        "model", "whose shares: of models as named, or of their organizations", choices=("model", "organization")
    )
    weeks: int = param(8, "periods of the window, as the series has them", unit="weeks", least=1, most=520)
    ago: int = param(91, "how long before the window of comparison ends", unit="days", least=1, most=10_000)
    draws: int = param(2_000, "draws of the shares", unit="draws", least=0, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `shares`, the largest first."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        shares, weekly = self.prepared["shares"], self.prepared["weekly"]
        shares = shares.take([i for i, rank in enumerate(shares["rank"]) if rank is not None])
        top = list(shares["entity"])[:DRAWN]
        lines = weekly.take([i for i, name in enumerate(weekly["entity"]) if name in top])
        note = "Tokens of one router: its users are not those of the makers' own services."
        made = {
            "shares": charts.ranking(
                shares, label="entity", mid="mid", low="low", high="high", title=self.sentence.split(";")[0] + ".",
                manifest=self.manifest, quantity="share of tokens", note=note,
            )
        }  # fmt: skip
        if len(set(map(str, lines["date"]))) > 1:
            made["weekly"] = charts.timeline(
                None, date="date", mid="share", bands=lines, line="entity", manifest=self.manifest, note=note,
                title="Share of the router's tokens, by week", quantity="share of tokens",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Rank by tokens.

    Raises TooLittleEvidence where the series has no tokens, UnknownName for a series that is not there.
    """
    days, names, amount = _amounts(evidence, params)
    now = window_shares(amount[-params.weeks :], draws=params.draws, seed=params.seed)
    last = Day.fromisoformat(days[-1])
    earlier = [i for i, day in enumerate(days) if (last - Day.fromisoformat(day)).days >= params.ago]
    before = None
    if earlier and amount[earlier].sum() > 0:
        before = window_shares(amount[earlier][-params.weeks :], draws=params.draws, seed=params.seed + 1)
    order = sorted(range(len(names)), key=lambda i: (_is_rest(names[i]), -now.share[0, i], names[i]))
    if _is_rest(names[order[0]]):
        raise TooLittleEvidence(
            need="tokens of a named model", have=f"'{names[order[0]]}' only", fix="add the rows of models by name"
        )
    sheets = {"shares": _shares(names, order, now, before), "weekly": _weekly(days, names, amount)}
    notes = [Note("warning", "representative", (
        "A router serves those who choose among models through one interface: neither the makers' own apps and "
        "contracts nor models run at home are in it, and free or new models are tried out there. Shares of the router "
        "are not shares of all use."
    ))]  # fmt: skip
    if together := [i for i in order if _is_rest(names[i])]:
        told = " and ".join(f"'{names[i]}'" for i in together)
        text = f"{told} ({100 * now.share[0, together].sum():.1f}% of tokens) stands for many together: it is part of "
        notes.append(Note("info", "rest", text + "the total and in no rank."))
    used = min(params.weeks, len(days))
    if used < LEAST_WEEKS:
        notes.append(
            Note("warning", "few weeks", f"{used} weeks are too few for an interval; {LEAST_WEEKS} are needed.")
        )
    if now.alike > 0.6:
        text = "Neighbouring weeks are much alike, so the window tells little more than its last week; take --weeks 26."
        notes.append(Note("warning", "memory", text))
    sentence = _sentence(names, order, now, before, used, days[-1])
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


def _amounts(evidence: Evidence, params: Params) -> tuple[list[str], list[str], Floats]:
    """Days, entities and tokens (week, entity); a model that is not told in a week had none."""
    table = evidence.table("series")
    rows = [row for row in table.rows() if row["series"] == params.series and row["entity"] and row["date"]]
    rows = [row for row in rows if isinstance(row["value"], (int, float)) and row["value"] > 0]
    if not rows:
        if params.series != SERIES and len(table):
            raise UnknownName("series", params.series, sorted({str(name) for name in table["series"]}))
        raise TooLittleEvidence(
            need=f"the series '{SERIES}': tokens by model and week",
            have="none",
            fix="copy a router's public rankings, such as OpenRouter's, week by week: `ascent evidence template series "
            f"> tokens.csv`, with series '{SERIES}', entity the model and value its tokens, then --evidence tokens.csv",
        )
    entities = sorted({str(row["entity"]) for row in rows})
    group = {name: name for name in entities}
    if params.by == "organization":
        facts = model_facts(evidence, entities)
        group = {name: str(facts[name]["organization"] or name.partition("/")[0]) for name in entities}
    tokens: dict[tuple[str, str], float] = defaultdict(float)
    for row in sorted(rows, key=lambda row: (str(row["date"]), str(row["entity"]), float(str(row["value"])))):
        day = span(str(row["date"]))[1].isoformat()
        tokens[day, group[str(row["entity"])]] += float(str(row["value"]))
    days, names = sorted({day for day, _ in tokens}), sorted({name for _, name in tokens})
    return days, names, np.array([[tokens.get((day, name), 0.0) for name in names] for day in days])


def _is_rest(name: str) -> bool:
    """Whether a row holds all that the source does not name.

    >>> _is_rest("Others"), _is_rest("Other World 7B")
    (True, False)
    """
    return " ".join(name.casefold().strip("()[]").split()) in REST


def _shares(names: list[str], order: list[int], now: Shares, before: Shares | None) -> Table:
    columns = [
        Column("rank", "whole", "rank"), Column("entity"),
        *(Column(name, "number", "percent", "share of tokens" * (name == "mid")) for name in ENDS),
        *(Column(f"change_{name}", "number", POINTS, "since the window of comparison") for name in ENDS),
        Column("direction", help="up or down where the interval supports it"),
    ]  # fmt: skip
    ends = interval(100 * now.share)
    changed = interval(100 * (now.share - before.share)) if before is not None else None
    rows = []
    for rank, i in enumerate(order, start=1):
        row: dict[str, object] = {"rank": None if _is_rest(names[i]) else rank, "entity": names[i]}
        row |= {name: float(part[i]) for name, part in zip(ENDS, ends, strict=True)}
        if changed is not None:
            low, mid, high = (float(part[i]) for part in changed)
            row |= {"change_low": low, "change_mid": mid, "change_high": high}
            row["direction"] = "up" if low > 0 else "down" if high < 0 else "not clear"
        rows.append(row)
    return Table.from_rows(columns, rows, "Shares are of all that the series holds, and sum to 100.")


def _weekly(days: list[str], names: list[str], amount: Floats) -> Table:
    share = 100 * amount / amount.sum(axis=1, keepdims=True)
    columns = [
        Column("date", "date"),
        Column("entity"),
        Column("share", "number", "percent"),
        Column("tokens", "number", "tokens"),
    ]
    rows = [
        {"date": day, "entity": name, "share": share[at, i], "tokens": amount[at, i]}
        for at, day in enumerate(days) for i, name in enumerate(names)
    ]  # fmt: skip
    return Table.from_rows(columns, rows)


def _sentence(names: list[str], order: list[int], now: Shares, before: Shares | None, weeks: int, last: str) -> str:
    first = order[0]
    low, mid, high = (float(part[first]) for part in interval(100 * now.share))
    told = f"{mid:.1f}% of tokens ({MASS:.0%} interval {low:.1f} to {high:.1f})"
    if not np.isfinite(low):
        told = f"{mid:.1f}% of tokens (the interval between weeks cannot be told from so few)"
    ahead = True
    if len(order) > 1 and not _is_rest(names[order[1]]):
        lead = interval(now.share[:, first] - now.share[:, order[1]])
        ahead = bool(lead[0] > 0)
    who = (
        f"{names[first]} has the largest share"
        if ahead
        else f"{names[first]} and {names[order[1]]} are level at the top"
    )
    span_ = f"over {weeks} week{'s' if weeks > 1 else ''} to {last}"
    said = f"On this router {who}: {names[first] + ' ' if not ahead else ''}{told} {span_}"
    if before is None:
        return f"{said}; there is no earlier window to compare with."
    low, mid, high = (float(part[first]) for part in interval(100 * (now.share - before.share)))
    way = "more" if low > 0 else "less" if high < 0 else "not clearly more or less"
    return f"{said}; that is {way} than before ({mid:+.1f} percentage points, {low:+.1f} to {high:+.1f})."
