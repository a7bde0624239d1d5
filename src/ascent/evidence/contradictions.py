"""Claims that cannot all be right: other scores for one thing, a score from before its model. All kept and flagged."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ascent.core.answer import Note
from ascent.core.dates import span
from ascent.core.tables import Cell, Table

FLAG = "contradictory"
EARLY = "evaluated before release"
# Two testers who differ are two records, which `ascent score-provenance` compares; one who differs with itself is not.
SAME = ("model", "version", "benchmark", "setting", "evaluated", "scale", "unit", "evaluator", "relation")


def flagged(tables: Mapping[str, Table]) -> tuple[dict[str, Table], list[Note]]:
    """The tables with `contradictory` among the flags of every score that another of the same thing contradicts.

    A score that was evaluated before its model was released is flagged `evaluated before release`.
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
    early = _early(scores, tables.get("models"))
    flags = [_flags(old, *found) for old, *found in zip(scores["flags"], torn, early, strict=True)]
    notes = []
    if any(torn):
        cases = sum(len(found) > 1 for found in claims.values())
        text = f"{sum(torn):,} scores contradict another of one model, benchmark, setting and tester ({cases:,} cases)."
        see = "column flags of `ascent evidence show scores`"
        notes.append(Note("warning", FLAG, f"{text} All are kept and pooled by the question's rule; see the {see}."))
    if any(early):
        text = f"{sum(early):,} scores are dated before the release of their model."
        notes.append(Note("warning", EARLY, text + " One of the two dates is wrong, or it was tried before release."))
    return {**tables, "scores": Table(scores.columns, {**scores.data, "flags": flags}, scores.note)}, notes


def _early(scores: Table, models: Table | None) -> list[bool]:
    """Whether the last day a score can be from lies before the first day its model can be from."""
    evaluated: Sequence[Cell] = scores["evaluated"]
    if models is None or not any(evaluated):
        return [False] * len(scores)
    released: dict[Cell, str] = {}
    for model, date in zip(models["model"], models["released"], strict=True):
        if date is not None:
            first = str(span(str(date))[0])
            released[model] = min(first, released.get(model, first))
    last = {date: str(span(str(date))[1]) for date in set(evaluated) if date is not None}
    return [
        date is not None and last[date] < released.get(model, "")
        for model, date in zip(scores["model"], evaluated, strict=True)
    ]


def _flags(old: Cell, torn: bool, early: bool) -> str | None:
    flags = [flag for flag in str(old or "").split("; ") if flag and flag not in {FLAG, EARLY}]
    return "; ".join([*flags, *[FLAG] * torn, *[EARLY] * early]) or None
