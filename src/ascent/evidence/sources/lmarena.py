"""LMArena: ratings from people's votes between two answers, as leaderboard tables.

Files    the public leaderboard dataset as CSV (model_name, rating, rating_lower, rating_upper, variance, vote_count,
         category, leaderboard_publish_date), the result of arena-rank (competitors, ratings, ...), and tables copied
         from the site (Model, Arena Score, 95% CI such as +5/-4, Votes)
Scores   in Elo, a benchmark for each category; the standard error is the root of the variance, else the half-width of
         the 95 % interval over 1.96. The rating's zero is the site's own and moves: only differences of one day compare
Source   LMArena (CC BY 4.0 for the dataset)
"""

import re
from collections.abc import Sequence
from math import sqrt
from typing import Any

from ascent.core.numerals import Unreadable, number, shown
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.fields import field, names_of, read_fields
from ascent.evidence.sources.intervals import ordered
from ascent.evidence.sources.text import TextTable, header_of, read_csv

NAME = "LMArena leaderboard"
WHO = "LMArena"
ARENA = "Chatbot Arena"
LEVEL = 1.959963984540054  # half-width of a 95 % interval in standard errors
FIELDS = (
    field("model", "model_name", "Model", "model", "competitors", required=True),
    field("score", "rating", "Arena Score", "arena_score", "Score", "ratings", kind="signed", required=True),
    field("low", "rating_lower", "rating_q025", kind="signed"),
    field("high", "rating_upper", "rating_q975", kind="signed"),
    field("variance", "variance", "variances", kind="number"),
    field("category", "category"),
    field("day", "leaderboard_publish_date", kind="date"),
    field("organization", "organization", "Organization"),
    field("licence", "license", "License"),
)
VOTES = ("vote_count", "Votes", "num_battles")
SPAN = ("95% CI", "ci", "CI")
_SPAN = re.compile(r"([+-]\d+(?:\.\d+)?)\s*/\s*([+-]\d+(?:\.\d+)?)")
_OVERALL = {"overall", "full", "text", ""}


def recognises(original: Original) -> bool:
    """True for one of the three tables, by its columns."""
    header = set(header_of(original) or ())
    public = {"model_name", "rating", "rating_lower", "rating_upper", "vote_count"} <= header
    ranked = {"competitors", "ratings"} <= header
    return public or ranked or {"Model", "Arena Score", "95% CI", "Votes"} <= header


def read(original: Original, options: Options) -> Batch:
    """Ratings as scores in Elo; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    told = read_fields(desk, FIELDS)
    column = next((name for name in VOTES if name in desk.table.positions), VOTES[0])
    desk.table = _without_marks(desk.table, column)
    votes = desk.whole(column, low=1)
    low, high = list(told["low"]), list(told["high"])
    _around(desk, told["score"], low, high)
    ordered(desk, "rating", told["score"], low, high)  # type: ignore[arg-type]  # FIELDS says that all three are numbers
    desk.finish()
    own = options.source or f"{WHO}, {epoch.stem(original)}"
    scores: list[dict[str, Any]] = []
    for at, model in enumerate(told["model"]):
        category = str(told["category"][at] or "").strip()
        benchmark = ARENA if category.lower() in _OVERALL else f"{ARENA}: {category}"
        se = _error(told["variance"][at], low[at], high[at])
        scores.append(
            {"model": model, "benchmark": benchmark, "score": told["score"][at], "scale": "raw", "unit": "elo",
             "se": se, "n": votes[at], "evaluated": told["day"][at], "published": told["day"][at] or options.published,
             "evaluator": WHO, "relation": "independent"}
        )  # fmt: skip
    names = sorted({str(row["benchmark"]) for row in scores})
    tables = {
        "scores": scores,
        "benchmarks": [{"benchmark": name, "unit": "elo", "higher_is_better": True} for name in names],
        "sources": [{"title": "LMArena leaderboard", "address": "https://lmarena.ai/leaderboard"}],
    }
    used = [*names_of(FIELDS), column, *SPAN]
    filled = {name: [{**row, "source": own} for row in rows] for name, rows in tables.items()}
    lines = {"scores": desk.table.lines}
    return Batch(NAME, epoch.tables(options, **filled), desk.notes, desk.unused(used), lines)


def _without_marks(table: TextTable, column: str) -> TextTable:
    """Votes as the site prints them, 12,345: the only numbers of the table with marks, and always whole."""
    if column not in table.positions:
        return table
    from dataclasses import replace

    at = table.positions[column]
    rows = [
        [*row[:at], row[at].replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", row[at].strip()) else row[at],
         *row[at + 1 :]]
        for row in table.rows
    ]  # fmt: skip
    return replace(table, rows=rows)


def _around(desk: Desk, scores: Sequence[Any], low: list[Any], high: list[Any]) -> None:
    """Fill the ends from a column such as `+5/-4`."""
    column = next((name for name in SPAN if name in desk.table.positions), None)
    for at, cell in enumerate(desk.table.column(column) if column else ()):
        if not (bare := cell.strip()):
            continue
        match = _SPAN.fullmatch(bare)
        try:
            if match is None:
                raise Unreadable("two ends such as +5/-4", "Correct the interval, or leave it empty.")
            ends = sorted(number(part.lstrip("+")) for part in match.groups())
        except Unreadable as error:
            desk.problem(at, column, shown(bare), error.expected, error.mend)
            continue
        if scores[at] is not None:
            low[at], high[at] = scores[at] + ends[0], scores[at] + ends[1]


def _error(variance: Any, low: Any, high: Any) -> float | None:
    if variance:
        return sqrt(variance)
    if low is None or high is None or high <= low:
        return None
    return float(high - low) / (2 * LEVEL)
