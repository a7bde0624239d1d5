"""What is said of the growth of training compute and of counts above a threshold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ascent.core.answer import Note
from ascent.core.display import number, plain, with_interval
from ascent.core.draws import MASS
from ascent.core.tables import Table

ALL, FRONTIER = "all models", "frontier"
WIDE = 100.0  # times as high as low, from which a range of counts tells nothing


def growth_sentence(grown: list[dict[str, Any]], kind: str, top: int, cut: float | None) -> str:
    """Growth of the frontier, or of all models; of all models none where the table was cut.

    grown  rows of the table `growth`;  cut  decimal logarithm of FLOP
    """
    row = next(row for row in grown if row["kind"] == kind)
    if cut is not None and kind != FRONTIER:
        return (
            f"How fast training compute grows is not told: the table holds only models of at least {number(10**cut)} "
            f"FLOP, and too few for a frontier of {top}."
        )
    words = with_interval(row["mid"], row["low"], row["high"]).replace("(", f"({MASS:.0%} interval ", 1)
    who = f"the {top} largest models of each time" if kind == FRONTIER else "all models whose amount is known"
    text = f"Training compute of {who} grew {words} times a year since {str(row['first'])[:7]}"
    if kind == FRONTIER and cut is None:
        text += f", of all models {with_interval(grown[0]['mid'], grown[0]['low'], grown[0]['high'])}"
    if cut is not None:
        text += f"; of all models none is told, as the table holds only those of at least {number(10**cut)} FLOP"
    return text + "."


def count_sentence(above: Table, threshold: float, today: str) -> str:
    """Models recorded above the threshold, and how many would be by the last date that something can be told of."""
    rows: list[dict[str, Any]] = list(above.rows())
    now = [one for one in rows if one["kind"] == "recorded"][-1:]
    later = [one for one in rows if one["kind"] == "forecast" and not _wide(one)][-1:]
    amount = f"{number(threshold)} FLOP or more"
    if now and now[0]["mid"]:
        count = int(now[0]["mid"])
        ends = f"{MASS:.0%} range {now[0]['low']} to {now[0]['high']} by the errors of their estimates"
        text = f"{count} {'model is' if count == 1 else 'models are'} recorded with {amount} as of {today} ({ends})"
    else:
        text = f"No model is recorded with {amount} as of {today}"
    if later:
        ends = f"{number(later[0]['low'])} to {number(later[0]['high'])}"
        day = str(later[0]["date"])[:4]
        text += f"; {number(later[0]['mid'])} ({MASS:.0%} range {ends}) would be by the end of {day}"
        if now and int(later[0]["low"]) < int(now[0]["mid"]):
            text += ", fewer than are recorded where estimates are revised downwards"
    return text + "."


def _wide(row: dict[str, Any]) -> bool:
    return int(row["high"]) > WIDE * max(int(row["low"]), 1)


def far_notes(above: Table) -> Iterator[Note]:
    """From which year on a range of counts tells nothing."""
    wide = [row for row in above.rows() if row["kind"] == "forecast" and _wide(row)]
    if wide:
        first = wide[0]
        text = (
            f"From the end of {str(first['date'])[:4]} on nothing useful can be told of the count: its {MASS:.0%} "
            f"range is {number(float(first['low'] or 0))} to {number(float(first['high'] or 0))}, ends more than "
            f"{WIDE:g} times apart. --table above shows it."
        )
        yield Note("warning", "later", text)


def edge_notes(cut: float | None, threshold: float, frontier: bool) -> Iterator[Note]:
    """What a table that was cut at an amount can and cannot tell."""
    if cut is None:
        return
    amount = number(10**cut)
    text = (
        f"There are almost no models below {amount} FLOP and many right above: the table seems to be cut there. The "
        "growth of all models in it is too small, as early models are in it only where they ran far ahead. "
    )
    text += "The frontier lies above the cut and is not moved by it. " if frontier else ""
    text += "Add a table without a cut, such as Epoch AI's notable_ai_models.csv."
    yield Note("warning", "cut", text)
    if threshold < 10**cut:
        text = (
            f"The threshold lies below {amount} FLOP, where the table has no models: the counts are those above that."
        )
        yield Note("warning", "cut", text)


def once_notes(same: list[dict[str, Any]]) -> Iterator[Note]:
    """Which rows are counted once."""
    if same:
        named = "; ".join(f"{plain(row['also'])} as {plain(row['run'])}" for row in same[:4])
        more = f" and {len(same) - 4} more" if len(same) > 4 else ""
        text = (
            f"Rows that tell of one training run count once: {named}{more}. --table same lists them; --no-once counts "
            "each name by itself."
        )
        yield Note("info", "counted once", text)


def alone_notes(sources: int, chosen: bool) -> Iterator[Note]:
    """Why the table `vintages` is empty."""
    if chosen:
        yield Note(
            "info", "vintages", "One source was asked for (--claims), so --table vintages has nothing to compare."
        )
    elif sources < 2:
        text = "All amounts are of one source, so --table vintages is empty; give a second file with --evidence."
        yield Note("info", "vintages", text)


def growth_title(sheets: Mapping[str, Table], top: int) -> str:
    """What the picture of models shows; sheets as the answer has them."""
    kind = next(iter(sheets["lines"]["line"]), ALL)
    row = next((row for row in sheets["growth"].rows() if row["kind"] == kind), None)
    if row is None:
        return "Training compute of AI models"
    who = f"The {top} largest training runs" if kind == FRONTIER else "Training compute of all models"
    return f"{who} grew {_span(row)} times a year"


def count_title(above: Table, level: float) -> str:
    """How many models are recorded above the level, and when."""
    rows = [row for row in above.rows() if row["kind"] == "recorded"]
    count, day = (rows[-1]["mid"] or 0, str(rows[-1]["date"])[:7]) if rows else (0, "now")
    ends = f" ({rows[-1]['low']} to {rows[-1]['high']})" if rows else ""
    return f"{count}{ends} {'model' if count == 1 else 'models'} with {number(level)} FLOP or more by {day}"


def gap_title(gap: Table, sides: Sequence[Mapping[str, Any]]) -> str:
    """The mean factor between two groups; sides: rows of both, the group that may lie behind first."""
    behind, ahead = list(dict.fromkeys(str(row["group"]) for row in sides))[:2]
    rows = {str(row["quantity"]): row for row in gap.rows()}
    row = rows.get("mean factor") or rows["factor today"]
    factor = _span(row)
    when = "on average" if "mean factor" in rows else "today"
    return f"Largest {ahead} over largest {behind}: {factor} times {when}"


def _span(row: Mapping[str, Any]) -> str:
    return with_interval(row["mid"], row["low"], row["high"])
