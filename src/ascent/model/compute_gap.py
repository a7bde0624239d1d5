"""How far the largest training runs of one group lie behind those of another, as a factor and in months.

The frontier of a group is the largest true amount of its models so far, drawn given what is recorded
(`compute_recorded.true_amounts`), so that choosing the largest of noisy amounts adds nothing. Lags and gaps are those
of capability (`lag`, `gap`), on decimal logarithms of FLOP: levels that one group alone has reached count as waiting,
and a trend's scatter is averaged over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ascent.core.answer import Note
from ascent.core.dates import from_decimal_year
from ascent.core.display import number
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.frontier import Flags, record_holders
from ascent.measure.groups import WORDS, Group, facts_of, group
from ascent.measure.training_compute import TrainingCompute
from ascent.model.compute_recorded import true_amounts
from ascent.model.gap import Quantity, gap_quantities
from ascent.model.lag import Frontiers, frontiers, gaps, matches

SPLITS = {"country": ("China", "US"), "access": ("open", "closed")}  # the group that may lie behind, then the other
ENOUGH = 3  # models of each group
DRAWS = 500  # of the amounts, for curves of a few hundred days
ENDS = ("low", "mid", "high")
GAP = (
    Column("quantity"), *(Column(name, "number", "see unit") for name in ENDS), Column("unit"), Column("about"),
)  # fmt: skip
SIDES = (
    Column("date", "date"), Column("model", help="empty on the line"), Column("group"),
    *(Column(name, "number", "FLOP") for name in ENDS),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ComputeGap:
    """quantities  in decades and months;  since  decimal year from which both have models and days count"""

    groups: tuple[Group, Group]
    quantities: Mapping[str, Quantity]
    known: Frontiers
    since: float


def true_frontiers(
    year: Floats, log_flop: Floats, within: Floats, behind: Flags, ahead: Flags, *, draws: int, seed: int
) -> Frontiers:
    """Frontiers of both groups; draw 0 the median of the others on each day.

    year, log_flop, within  (model,) release, decimal logarithm of FLOP, factor of its error at 90 %
    behind, ahead           (model,) members of each group
    """
    level = float(log_flop[behind | ahead].max()) - 1.0  # the density reaches four decades to each side
    some = true_amounts(year, log_flop, within, level=level, draws=draws, seed=seed)
    raw = frontiers(year, np.vstack([log_flop, some]), behind, ahead, corrected=False)
    curves = [np.vstack([np.median(curve[1:], axis=0), curve[1:]]) for curve in (raw.ahead, raw.behind)]
    return Frontiers(raw.days, curves[0], curves[1], raw.excess, raw.until)


def compute_gap(
    year: Floats, log_flop: Floats, within: Floats, behind: Flags, ahead: Flags, *, since: float, draws: int, seed: int
) -> tuple[dict[str, Quantity], Frontiers, float]:
    """Lag in months, gap in decades and their trends.

    arguments  as `true_frontiers`;  since  decimal year from which days and levels count
    returns    quantities, frontiers, decimal year from which both have models
    """
    known = true_frontiers(year, log_flop, within, behind, ahead, draws=min(draws, DRAWS), seed=seed)
    start = max(since, float(year[behind].min()), float(year[ahead].min()))
    months = np.arange(np.ceil(start * 12 - 1e-6), np.floor(known.until * 12) + 1) / 12
    months = np.unique(np.append(np.maximum(months, start), known.until))
    found = gap_quantities(
        known, matches(known, year, log_flop[None], ahead, start), months, start, "decades", draws=draws, seed=seed
    )
    found["gap then"] = Quantity(gaps(known, months[:1])[:, 0], "decades", f"in {from_decimal_year(start)[:7]}")
    return found, known, start


def pair(by: str, behind: str, ahead: str) -> tuple[Group, Group]:
    """The group that may lie behind and the other: those of `by`, or as named.

    Raises WrongUse where only one is named and `by` names no other.
    """
    usual = SPLITS.get(by, ("", ""))
    named = (behind or usual[0], ahead or usual[1])
    if not all(named):
        option = "--behind" if not named[0] else "--ahead"
        raise WrongUse(f"A gap needs two groups: name the other with {option} (US, China, open, country=France).")
    return group(_fact(by, named[0]), "--behind"), group(_fact(by, named[1]), "--ahead")


def _fact(by: str, text: str) -> str:
    """With --by country, a bare `France` is a country."""
    bare = not any(sign in text for sign in "=<>") and text.casefold() not in WORDS
    return f"{by}={text}" if by and bare else text


def split(
    evidence: Evidence, every: TrainingCompute, groups: tuple[Group, Group], *, since: float, draws: int, seed: int
) -> tuple[ComputeGap, dict[str, Table], list[Note]]:
    """The gap between two groups, of which the first may lie behind, with its tables.

    Raises TooLittleEvidence where a group has fewer than three models or the two never both exist for a year.
    """
    behind, ahead = groups
    by = " and ".join(dict.fromkeys(name for one in groups for name in one.columns)) or "group"
    facts = facts_of(evidence, every.model, (behind, ahead))
    members, notes = [], []
    for one in (behind, ahead):
        mine, unknown = one.members(facts)
        members.append(mine)
        if mine.sum() < ENOUGH:
            raise TooLittleEvidence(
                need=f"{ENOUGH} {one.words} with training compute (--by, --behind, --ahead)", have=f"{int(mine.sum())}",
                fix=f"add models with their {by}, or ask for other groups",
            )  # fmt: skip
    if unknown:
        notes.append(Note("info", "groups", f"Of {unknown} models the {by} is not told; they are in no group."))
    if both := int((members[0] & members[1]).sum()):
        notes.append(Note("info", "groups", f"{both} models belong to both groups, such as those of two countries."))
    start = max(since, *(float(every.year[mine].min()) for mine in members))
    if float(every.year.max()) - start < 1.0:
        raise TooLittleEvidence(
            need=f"a year in which both {behind.words} and {ahead.words} are there (--by, --behind, --ahead)",
            have=f"{max(float(every.year.max()) - start, 0):.1f} years since {from_decimal_year(start)[:7]}",
            fix="choose an earlier --since, or add models",
        )
    quantities, known, start = compute_gap(
        every.year, every.log_flop, every.within, *members, since=since, draws=draws, seed=seed
    )  # fmt: skip
    found = ComputeGap((behind, ahead), quantities, known, start)
    return found, {"gap": _table(found), "sides": _sides(found, every, members)}, [*notes, *_doubt(found)]


NAMES = {
    "gap today": "factor today", "gap then": "factor then", "mean gap": "mean factor", "change of gap": "change a year",
    "age today": "months behind today", "mean lag": "mean lag", "change of age": "change of months behind",
}  # fmt: skip


def _table(found: ComputeGap) -> Table:
    rows = []
    for name, told in NAMES.items():
        one = found.quantities.get(name)
        if one is None or not np.isfinite(one.ends[1]):
            continue
        decades = one.unit.startswith("decades")
        ends = [10**end if decades else end for end in one.ends]
        unit = {"decades": "x", "decades per year": "x per year"}.get(one.unit, one.unit)
        about = "a lower bound: many levels are not matched yet" if one.at_least else one.help
        rows.append({"quantity": told, **dict(zip(ENDS, ends, strict=True)), "unit": unit, "about": about})
    words = f"Largest training runs of {found.groups[1].words} over those of {found.groups[0].words}."
    return Table.from_rows(GAP, rows, words + " A factor above 1, or months above 0: the latter lie behind.")


def _sides(found: ComputeGap, every: TrainingCompute, members: list[Flags]) -> Table:
    """Both frontiers as steps, and the models that were their group's largest when released, by the amounts told."""
    rows: list[dict[str, object]] = []
    days = found.known.days[found.known.days >= found.since]
    days = np.unique(np.concatenate([[found.since], days, days - 1 / 365, [found.known.until]]))
    days = days[days >= found.since]
    curves = (found.known.behind, found.known.ahead)
    for one, mine, curve in zip(found.groups, members, curves, strict=True):
        here = np.flatnonzero(mine)
        for k in here[record_holders(every.year[here], every.log_flop[None, here])[0]]:
            if every.year[k] >= found.since:
                amount = float(10 ** every.log_flop[k])
                rows.append({"date": every.released[k], "model": every.model[k], "group": one.words, "mid": amount,
                             "low": amount / every.within[k], "high": amount * every.within[k]})  # fmt: skip
        at = np.searchsorted(found.known.days, days + 1e-6, side="right") - 1
        steps = interval(np.where(np.isfinite(curve), curve, np.nan)[:, at])
        for when, *ends in zip(days, *steps, strict=True):
            told = {name: float(10**end) for name, end in zip(ENDS, ends, strict=True)}
            rows.append({"date": from_decimal_year(when), "group": one.words, **told})
    return Table.from_rows(SIDES, rows, "Rows without a model are the frontier, selection taken off.")


def gap_sentence(found: ComputeGap) -> str:
    """The gap today and on average, who is behind, and whether it grew, as far as intervals support it."""
    behind, ahead = (one.words for one in found.groups)
    mean, gap = found.quantities.get("mean gap"), found.quantities["gap today"].ends
    since = from_decimal_year(found.since)[:7]
    if mean is not None and np.isfinite(mean.ends[1]):
        text = f"Since {since}, {_more(behind, ahead, mean.ends)} on average"
        text += _late(found, "mean lag", ahead, behind)
        text += f"; today {_more(behind, ahead, gap, brief=mean.ends[0] > 0 or mean.ends[2] < 0)}"
    else:
        text = f"Today {_more(behind, ahead, gap)}"
    text += _late(found, "age today", ahead, behind)
    change = found.quantities.get("change of gap")
    if change is not None and np.isfinite(change.ends[1]):
        low, mid, high = (number(10**end) for end in change.ends)
        way = "has grown" if change.ends[0] > 0 else "has shrunk" if change.ends[2] < 0 else "is not shown to change"
        text += f"; the factor {way} since {since}: times {mid} a year ({low} to {high})"
    return text + "."


def _more(behind: str, ahead: str, ends: tuple[float, float, float], *, brief: bool = False) -> str:
    """Who took more, with the interval; nobody where it holds parity."""
    turned = ends[2] < 0
    low, mid, high = (number(10**end) for end in (tuple(-end for end in ends[::-1]) if turned else ends))
    span = f"{mid} times ({MASS:.0%} interval {low} to {high})"
    if ends[0] > 0 or turned:
        first, second = (behind, ahead) if turned else (ahead, behind)
        return f"the largest {first} took {span} the training compute of the largest {second}"
    words = f"{ahead} over {behind}"
    if brief:
        return f"the factor is {span}, which does not rule out parity"
    return f"neither {behind} nor {ahead} clearly took more training compute ({words}: {span})"


def _late(found: ComputeGap, name: str, ahead: str, behind: str) -> str:
    """Months behind, of which group, where the interval tells; else that it does not."""
    if name not in found.quantities or not np.isfinite(found.quantities[name].ends[1]):
        return ""
    low, mid, high = found.quantities[name].ends
    if low > 0:
        return f", {behind} {mid:.1f} months behind ({low:.1f} to {high:.1f})"
    if high < 0:
        return f", {ahead} {-mid:.1f} months behind ({-high:.1f} to {-low:.1f})"
    return f", {behind} {mid:.1f} months behind ({low:.1f} to {high:.1f}: not shown which is behind)"


def _doubt(found: ComputeGap) -> list[Note]:
    behind, ahead = (one.words for one in found.groups)
    text = (
        f"The gap compares the largest known models of {behind} and {ahead}. Amounts of the largest closed models are "
        "mostly estimates by others, or not known at all: a group that says less looks smaller."
    )
    return [Note("bound", "gap", text)]
