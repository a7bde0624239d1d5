"""Tables and sentences of whether leads last and of who is ahead: nothing is told that chance alone would give."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ascent.core.display import number
from ascent.core.draws import MASS
from ascent.core.tables import Column, Table
from ascent.model.lead_chance import beyond_chance
from ascent.model.leads import OUTCOMES, Leads, share_with_interval
from ascent.model.standing_sheets import ENDS

Row = Mapping[str, Any]


def persistence_table(leads: Mapping[str, Leads], names: Sequence[str], first: str) -> Table:
    """Order at the midpoint against order at the end; a share only where clear leads are more than chance gives and
    more than one pair of runs has them.

    leads  by midpoint, `first` to be told first;  names  of the benchmarks
    """
    columns = [
        Column("benchmark"), Column("midpoint", help="half of what"),
        Column("leads", help="every one, or those beyond their error at the midpoint"),
        *(Column(end, "number", "probability", "that the order lasts" * (end == "mid")) for end in ENDS),
        Column("lasting", "whole", "pairs"), Column("pairs", "whole", "pairs"),
        Column("kept", "whole", "pairs", "leader at the midpoint clearly ahead at the end"),
        Column("level", "whole", "pairs", "a clear leader at the midpoint, none at the end"),
        Column("lost", "whole", "pairs", "leader at the midpoint clearly behind at the end"),
        Column("tied", "whole", "pairs", "within their error at the midpoint"),
        Column("by_chance", "number", "pairs", "clear leads that equal runs would show"),
        Column("beyond_chance", "flag", help="clear leads are more, and larger, than those of equal runs"),
        Column("pairs_of_runs", "whole", "pairs", "different ones"),
    ]  # fmt: skip
    rows = []
    for half in sorted(leads, key=lambda one: one != first):
        here = leads[half]
        outcome, clear = here.outcome, here.clear
        chance = beyond_chance(here, len(names))
        for at, name in enumerate(["all", *names]):
            mine = np.ones(len(here.benchmark), dtype=bool) if at == 0 else here.benchmark == at - 1
            for words, chosen in (("every", mine), ("clear", mine & clear)):
                if not chosen.any():
                    continue
                holds, apart = here.persists[chosen], set(zip(here.first[chosen], here.second[chosen], strict=True))
                low, mid, high = share_with_interval(holds, here.first[chosen], here.second[chosen])
                more = bool(chance.more[at])
                if np.isnan(low) or (words == "clear" and not more):
                    low = mid = high = float("nan")
                rows.append({
                    "benchmark": name, "midpoint": half, "leads": words, "low": low, "mid": mid, "high": high,
                    "lasting": int(holds.sum()), "pairs": int(chosen.sum()), "pairs_of_runs": len(apart),
                    "by_chance": float(chance.expected[at]), "beyond_chance": more,
                    **{one: int((outcome[chosen] == one).sum()) for one in OUTCOMES},
                })  # fmt: skip
    note = (
        "Order at the midpoint against order at the end, of each pair of runs; a share is told only where clear leads "
    )
    return Table.from_rows(columns, rows, note + "are more than equal runs would show, on several pairs of runs.")


def order_sentence(persistence: Table) -> str:
    """Whether the order at the midpoint is the final one, in words that the interval bears out."""
    told: list[str] = []
    unsure: list[Any] = []
    shares, few = 0, ""
    for half in dict.fromkeys(persistence["midpoint"]):
        rows = {row["leads"]: row for row in persistence.rows() if (row["benchmark"], row["midpoint"]) == ("all", half)}
        clear, every = rows.get("clear"), rows["every"]
        pairs = every["pairs"]
        noun = "pair" if pairs == 1 else "pairs"
        if clear is None:
            told.append(f"halfway through {half} none of {pairs} {noun} of runs has a clear leader")
        elif not clear["beyond_chance"]:
            have = "has" if clear["pairs"] == 1 else "have"
            told.append(
                f"halfway through {half} {clear['pairs']} of {pairs} {noun} of runs {have} a clear leader, where "
                f"chance alone gives about {_count(clear['by_chance'])}"
            )
            unsure.append(half)
        elif clear["low"] is None:
            told.append(
                f"the run clearly ahead halfway through {half} is ahead at the end in {clear['lasting']} of "
                f"{clear['pairs']} comparisons"
            )
            few = "one pair" if clear["pairs_of_runs"] == 1 else "so few pairs"
        else:
            low, high = float(clear["low"]), float(clear["high"] or 0)
            share = f"{float(clear['mid'] or 0):.0%} ({MASS:.0%} interval {low:.0%} to {high:.0%})"
            share += "" if low > 0.5 or high < 0.5 else ", not told from even odds"
            some = f"halfway through {half} ({clear['pairs']} of {pairs} {noun}"
            some += ")" if shares else f", where chance alone gives about {_count(clear['by_chance'])})"
            told.append(
                f"one so {some} in {share}" if shares else f"a run clearly ahead {some} is ahead at the end in {share}"
            )
            shares += 1
    text = "; ".join(told) or (
        "no two runs have enough compute in common, with checkpoints on both sides of its midpoint, to tell whether "
        "leads last"
    )
    if unsure:
        text += ": whether leads last cannot be told" + (
            f" from half of {unsure[0]}" if len(unsure) < len(told) else ""
        )
    if few:
        text += f"; {few} of runs cannot tell how often leads last"
    return f"{text[0].upper()}{text[1:]}."


def fates(persistence: Table, most: int) -> tuple[Table, str]:
    """What became of clear leads, by benchmark, for the chart; and what it leaves out."""
    half = next(iter(persistence["midpoint"]), None)
    rows = [row for row in persistence.rows() if row["midpoint"] == half]
    every = {row["benchmark"]: row for row in rows if row["leads"] == "every"}
    clear = [row for row in rows if row["leads"] == "clear" and row["low"] is not None]
    kept = sorted(clear, key=lambda row: (row["benchmark"] != "all", -float(row["mid"] or 0), str(row["benchmark"])))
    told = [
        {**row, "told": f"{row['kept']} ahead, {row['level']} level, {row['lost']} behind; "
                        f"{every[row['benchmark']]['tied']} tied"}
        for row in kept[:most]
    ]  # fmt: skip
    none = [str(name) for name in every if name not in {row["benchmark"] for row in clear}]
    left = f"No more clear leads than chance gives, or too few pairs of runs: {', '.join(none[:6])}"
    left = f"{left}{' and others' if len(none) > 6 else ''}. " * bool(none)
    left += f"{len(kept) - most} benchmarks more are in the table." * (len(kept) > most)
    return Table.from_rows([*persistence.columns, Column("told")], told), left


def ahead_sentence(sheets: Mapping[str, Table]) -> str:
    """Who leads, on how many benchmarks, and by how much on the one of the middling margin.

    At equal compute where runs meet there, one run of each of several developers; else at the end, with the compute of
    both.
    """
    many = "developers" in sheets
    table = sheets["developers"] if many else sheets["equal"]
    groups = _by_benchmark(row for row in table.rows() if not many or row["at"] != "the end")
    equal = bool(groups)
    groups = groups or _by_benchmark(sheets["end"].rows())
    rows = [row for name in sorted(groups) for row in groups[name]]
    where = "at the end of their own training, at unequal compute"
    if equal:
        where = f"at {rows[0]['at']}" if many else place_of(table)
    elif len({number(float(row["compute_flop"] or 0)) for row in rows}) == 1:
        where = f"at the end, at {number(float(rows[0]['compute_flop'] or 0))} FLOP each"
    key = "developer" if many and equal else "training_run"
    told = ""
    if len(groups) > 1:
        wins = Counter(str(one[0][key]) for one in groups.values() if float(one[1]["behind_low"] or 0) > 0)
        order = sorted(wins.items(), key=lambda one: (-one[1], one[0]))
        led = ", ".join(f"{maker} on {count}" for maker, count in order[:4])
        led += f", others on {sum(count for _, count in order[4:])}" * (len(order) > 4)
        noun = "developers" if key == "developer" else "training runs"
        meeting = len({row[key] for row in rows})
        told = f"{where[0].upper()}{where[1:]} {meeting} {noun} meet on {len(groups)} benchmarks"
        told += ", two or more on each" * (meeting > 2) + f"; clearly ahead is {led or 'none'} (of equals one would be "
        told += f"on about {_count((1 - MASS) * len(groups))}). "
    name = typical(groups)
    first, second = groups[name][:2]
    metric = second["metric"]  # only of scores that are no shares
    scale, digits, words = (1.0, 3, f"of {metric}") if metric else (100.0, 1, "points")
    names = [_named(row, many, equal) for row in (first, second)]
    where = "" if len(groups) > 1 else f" {where}"
    apart = f"{scale * float(second['behind'] or 0):.{digits}f} {words}"
    if second["behind_low"] is None:
        return (
            f"{told}On {name} {names[0]} scores better than {names[1]}{where} by {apart}, but errors are unknown, so "
            "no interval tells whether that is more than luck."
        )
    low, high = (f"{scale * float(second[part] or 0):.{digits}f}" for part in ("behind_low", "behind_high"))
    clear = float(low) > 0  # as far as the printed digits show it
    told += f"On {name} {names[0]} {'is ahead of' if clear else 'cannot be told from'} {names[1]}{where}"
    ends = f"({MASS:.0%} interval {low} to {high})"
    return f"{told}, by {apart} {ends}." if clear else f"{told}: {apart} ahead {ends}."


def place_of(ranking: Table) -> str:
    """Where a ranking stands, in words: at which compute."""
    return ranking.note.partition(";")[0].removeprefix("Scores ")


def run_at(row: Row) -> str:
    """A run with the compute it has spent."""
    return f"{row['training_run']} ({number(float(row['compute_flop'] or 0))} FLOP)"


def typical(groups: Mapping[str, Sequence[Row]]) -> str:
    """The benchmark of the middling margin between the first two, so that none is chosen for a large one.

    >>> typical({"A": [{}, {"behind": 0.3}], "B": [{}, {"behind": 0.1}], "C": [{}, {"behind": 0.2}]})
    'C'
    """
    order = sorted(groups, key=lambda name: (float(groups[name][1]["behind"] or 0), name))
    return order[(len(order) - 1) // 2]


def by_benchmark(table: Table) -> dict[str, list[Row]]:
    """Rows of a ranking by benchmark, in its order; those of several runs."""
    return _by_benchmark(table.rows())


def _by_benchmark(rows: Any) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row["benchmark"]), []).append(row)
    return {name: mine for name, mine in groups.items() if len(mine) > 1}


def _named(row: Row, many: bool, equal: bool) -> str:
    maker = f" ({row['developer'] or 'not stated'})" if many else ""
    return f"{row['training_run']}{maker}" + ("" if equal else f" at {number(float(row['compute_flop'] or 0))} FLOP")


def _count(value: Any) -> str:
    return f"{float(value):.0f}" if float(value) >= 1 else f"{float(value):.1f}"
