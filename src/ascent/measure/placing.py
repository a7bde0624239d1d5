"""My own results as scores on benchmarks that the evidence knows: attempts reduced, names matched, nothing guessed.

A name counts as known where it is exactly a benchmark of the evidence, an alias somebody accepted, or the same
spelling up to case, spaces and hyphens; the last is told. Everything else is listed, with the names it resembles.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.names import normalise, rank, resolve
from ascent.evidence.schema import TABLES
from ascent.measure.attempts import attempts
from ascent.measure.score_matrix import ScoreMatrix, score_matrix

RESEMBLES = 65.0  # likeness from which on a known name is shown beside an unknown one


@dataclass(frozen=True)
class Unused:
    """A result that could not be used, and why."""

    model: str
    benchmark: str
    reason: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class Own:
    """Results of models to be placed, as shares above chance.

    matrix   their scores on known benchmarks, in alphabetical order of model and benchmark; None where there are none
    raw      (score,)  as reported, shares of right answers
    unused   results left out
    notes    what was reduced, renamed and left out, in words
    """

    matrix: ScoreMatrix | None
    raw: tuple[float, ...]
    unused: tuple[Unused, ...]
    notes: tuple[Note, ...]


def own_results(
    given: Evidence, evidence: Evidence, known: Sequence[str], *, rule: str = "median", unscored: str = "leave out"
) -> Own:
    """Results as the ruler can take them.

    given     the results: rows of `scores`, of `attempts`, or both
    evidence  what tells the benchmarks' chance levels, items and accepted aliases
    known     benchmarks of the ruler

    Raises TooLittleEvidence where nothing was given at all.
    """
    rows: list[dict[str, Any]] = [dict(row) for row in given.table("scores").rows()]
    notes: list[Note] = []
    reduced = reduced_attempts(given, unscored, notes)
    there = {(row["model"], row["benchmark"]) for row in reduced}
    doubled = [row for row in rows if (row["model"], row["benchmark"]) in there]
    if doubled:
        text = f"{len(doubled)} reported scores stand beside their own attempts; the attempts were used."
        notes.append(Note("info", "duplicates", text))
    rows = [row for row in rows if (row["model"], row["benchmark"]) not in there] + reduced
    if not rows:
        raise TooLittleEvidence(
            need="at least one score of the model to place", have="none in the results",
            fix="give rows `benchmark,score` with `n` or `se` where known, or a log",
        )  # fmt: skip
    names, renamed = matched([str(row["benchmark"]) for row in rows], known, _aliases(evidence, given))
    for name, meant in sorted(renamed.items()):
        notes.append(
            Note("info", "names", f"'{name}' was taken for {meant}: the same spelling but for case and hyphens.")
        )
    used, unused = [], []
    for row in rows:
        target = names[str(row["benchmark"])]
        if target is None:
            unused.append(_unknown(row, known))
        else:
            used.append({**row, "benchmark": target})
    if not used:
        return Own(None, (), tuple(sorted(unused, key=_order)), tuple(notes))
    matrix, lost = _shares(used, given, evidence, rule)
    unused += lost
    raw = []
    if matrix is not None:
        for m, b in zip(matrix.model, matrix.benchmark, strict=True):
            told = [r for r in used if (r["model"], r["benchmark"]) == (matrix.models[m], matrix.benchmarks[b])]
            raw.append(float(np.median([float(r["score"]) for r in told])))
    return Own(matrix, tuple(raw), tuple(sorted(unused, key=_order)), tuple(notes))


def reduced_attempts(given: Evidence, unscored: str, notes: list[Note]) -> list[dict[str, Any]]:
    """One row of `scores` for each model and benchmark that has attempts: the mean over items, with its error.

    Repeats of an item are averaged first, so that the error is that of items and many repeats of few items stay few.
    """
    if not len(given.table("attempts")):
        return []
    tries = attempts(given)
    notes.extend(tries.notes)
    successes, trials = tries.counts(tries.outcome(unscored))
    rows = []
    repeats = 0
    for m, b in sorted({(int(m), int(b)) for m, b in zip(tries.model, tries.benchmark, strict=True)}):
        here = (trials[m] > 0) & (tries.item_benchmark == b)
        if not here.any():
            continue
        each = successes[m][here] / trials[m][here]
        repeats += int((trials[m][here] > 1).sum())
        items = len(each)
        error = float(each.std(ddof=1) / np.sqrt(items)) if items > 1 else 0.0
        rows.append(
            {
                "model": tries.models[m], "benchmark": tries.benchmarks[b], "score": float(each.mean()), "scale": "raw",
                "unit": "fraction", "n": items, "se": error if error > 0 else None,
            }
        )  # fmt: skip
    if rows:
        text = f"Attempts became {len(rows)} scores, each the mean over its items with the error of items"
        notes.append(Note("info", "attempts", text + (", repeats averaged first." if repeats else ".")))
    missing = int(np.isnan(tries.success).sum())
    if missing:
        rule = "counted as wrong" if unscored == "wrong" else "left out; --unscored wrong counts them as wrong"
        notes.append(
            Note("warning", "unscored", f"{missing} attempts have no score (errors, timeouts, refusals): {rule}.")
        )
    return rows


def matched(
    names: Iterable[str], known: Sequence[str], aliases: Mapping[str, str]
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Each name's benchmark or None, and those that were matched by spelling alone.

    >>> matched(["GPQA-Diamond", "GPQA"], ["GPQA diamond"], {})
    ({'GPQA-Diamond': 'GPQA diamond', 'GPQA': None}, {'GPQA-Diamond': 'GPQA diamond'})
    """
    spelled: dict[str, list[str]] = {}
    for name in known:
        spelled.setdefault(normalise(name), []).append(name)
    found: dict[str, str | None] = {}
    renamed = {}
    for name in dict.fromkeys(names):
        certain = resolve(name, aliases, known)
        alike = spelled.get(normalise(name), [])
        if certain is None and len(alike) == 1:
            renamed[name] = alike[0]
        found[name] = certain or (alike[0] if len(alike) == 1 else None)
    return found, renamed


def _aliases(*sides: Evidence) -> dict[str, str]:
    return {
        str(row["alias"]): str(row["refers_to"])
        for side in sides
        for row in side.table("aliases").rows()
        if row["kind"] == "benchmark"
    }


def _unknown(row: Mapping[str, Any], known: Sequence[str]) -> Unused:
    name = str(row["benchmark"])
    near = tuple(other for other, likeness in rank(name, known, limit=3) if likeness >= RESEMBLES)
    return Unused(str(row["model"]), name, "not a benchmark of the evidence", near)


def _shares(
    rows: list[dict[str, Any]], given: Evidence, evidence: Evidence, rule: str
) -> tuple[ScoreMatrix | None, list[Unused]]:
    """Chance taken off as it was for the evidence; what is no share of right answers is left out."""
    facts = [*evidence.table("benchmarks").rows(), *given.table("benchmarks").rows()]
    tables = {
        "scores": Table.from_rows(TABLES["scores"], rows),
        "benchmarks": Table.from_rows(TABLES["benchmarks"], facts),
    }
    try:
        matrix = score_matrix(replace(given, tables=tables), rule=rule, min_scores=1, min_models=1)
    except TooLittleEvidence:
        matrix = None
    there = set() if matrix is None else {
        (matrix.models[m], matrix.benchmarks[b]) for m, b in zip(matrix.model, matrix.benchmark, strict=True)
    }  # fmt: skip
    lost = {(str(row["model"]), str(row["benchmark"])) for row in rows} - there
    reason = "not a share of right answers (Elo, minutes, points)"
    return matrix, [Unused(model, benchmark, reason, ()) for model, benchmark in sorted(lost)]


def _order(one: Unused) -> tuple[str, str]:
    return one.model, one.benchmark
