"""Claims that cannot all be right: the same model, benchmark and setting with another score. All kept, all flagged."""

from collections import defaultdict
from collections.abc import Mapping

from ascent.core.answer import Note
from ascent.core.tables import Cell, Table

FLAG = "contradictory"
SAME = ("model", "version", "benchmark", "setting", "evaluated", "scale", "unit")


def flagged(tables: Mapping[str, Table]) -> tuple[dict[str, Table], list[Note]]:
    """The tables with `contradictory` among the flags of every score that another of the same thing contradicts.

    Flags of an earlier opening are set afresh: what contradicts depends on which rows are admitted.
    """
    scores = tables.get("scores")
    if scores is None:
        return dict(tables), []
    claims: dict[tuple[Cell, ...], set[Cell]] = defaultdict(set)
    keys = list(zip(*(scores[name] for name in SAME), strict=True))
    for key, score in zip(keys, scores["score"], strict=True):
        claims[key].add(score)
    torn = [len(claims[key]) > 1 for key in keys]
    flags = [_flags(old, is_torn) for old, is_torn in zip(scores["flags"], torn, strict=True)]
    notes = []
    if any(torn):
        cases = sum(len(found) > 1 for found in claims.values())
        text = f"{sum(torn):,} scores contradict another of the same model, benchmark and setting ({cases:,} cases)."
        notes.append(Note("warning", "contradictory", text + " All are kept; pooling follows the question's rule."))
    return {**tables, "scores": Table(scores.columns, {**scores.data, "flags": flags}, scores.note)}, notes


def _flags(old: Cell, torn: bool) -> str | None:
    flags = [flag for flag in str(old or "").split("; ") if flag and flag != FLAG]
    return "; ".join([*flags, FLAG] if torn else flags) or None
