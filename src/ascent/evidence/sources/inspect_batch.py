"""The tables of one Inspect log: what `inspect_logs` gives, once a file is known to be one."""

from collections.abc import Mapping, Sequence
from typing import Any

from ascent.core.answer import Note
from ascent.core.errors import Problem, Unfinished
from ascent.core.numerals import shown
from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.convert import SHARES
from ascent.evidence.sources.inspect_attempts import Attempts, judged
from ascent.evidence.sources.inspect_opening import Log, opened
from ascent.evidence.sources.inspect_run import benchmark_of, benchmark_rows, run_row, score_rows
from ascent.evidence.sources.inspect_samples import whole_text

SAID = {"error": "ended in an error", "cancelled": "was cancelled", "started": "has not ended"}


def batch(name: str, original: Original, options: Options) -> Batch:
    """Runs, attempts and scores of one log; raises BadInput for what is damaged, unfinished or not understood."""
    log = opened(original, partial=options.partial)
    partial = _incomplete(log)
    if partial and not options.partial:
        raise Unfinished([Problem(original.name, partial[0], "a run that ended well", partial[1])])
    whole = SHARES.get(options.unit or "fraction", 1.0)
    found = judged(original.name, log, whole)
    run = run_row(original, log, found.scorers, partial=bool(partial))
    shared = {name: run[name] for name in ("model", "benchmark")}
    scores, left = score_rows(log, run, found, whole) if not partial else ([], [])
    rows = {
        "runs": [run],
        "scores": scores,
        "benchmarks": benchmark_rows(log, run),
    }
    if options.source:
        rows["sources"] = [{"source": options.source, "title": options.source}]
    tables = {name: Table.from_rows(TABLES[name], map(_whole, listed)) for name, listed in rows.items()}
    if len(found):
        tables["items"] = _columns("items", _items(found, whole_text(run["benchmark"])))
        tables["attempts"] = _attempts(found, {**shared, "run": whole_text(run["run"])})
    notes = [*found.notes, *left, *_notes(log, found, partial)]
    return Batch(name, {n: t for n, t in tables.items() if len(t)}, tuple(_in_file(original.name, notes)))


def _incomplete(log: Log) -> tuple[str, str] | None:
    """What keeps a log from counting as a whole run, and what to do; None where it is one."""
    status, results = log.header["status"], log.header["results"]
    take = "or say --partial to take what is there, marked as partial"
    if status != "success":
        have = f"{len(log.attempts):,} attempts are in it" if log.attempts is not None else "no attempts are in it"
        return f"a run that {SAID[status]} (status '{status}'; {have})", f"Finish it with `inspect eval-retry`, {take}."
    if log.cut:
        return "a file that was cut off", f"Copy or download it again, {take}."
    if log.header.get("invalidated"):
        return "a log that somebody marked as invalid", f"Leave it out, {take}."
    if log.missing:
        planned = results.get("logged_samples") or results.get("total_samples")
        found = f"{len(log.attempts or ()):,} of the {planned:,} attempts that its results count"
        return found, f"Copy or download it again, {take}."
    return None


def _items(found: Attempts, benchmark: str) -> dict[str, Sequence[Any]]:
    items = list(dict.fromkeys(found.columns["item"]))
    return {"benchmark": [benchmark] * len(items), "item": items}


def _attempts(found: Attempts, shared: Mapping[str, Any]) -> Table:
    fixed = {name: [value] * len(found) for name, value in shared.items()}
    return _columns("attempts", {**fixed, **found.columns})


def _columns(name: str, given: Mapping[str, Sequence[Any]]) -> Table:
    """A table of the schema, its other columns empty."""
    nothing = [None] * len(next(iter(given.values())))
    return Table(TABLES[name], {column.name: given.get(column.name, nothing) for column in TABLES[name]})


def _whole(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: whole_text(value) if isinstance(value, str) else value for name, value in row.items()}


WAYS = {
    "summaries": "from the summaries, no transcript opened",
    "samples": "from the samples themselves",
    "both": "from the summaries, and from {opened:,} samples that these do not cover",
    "reductions": "from the scores by item; their tokens and errors are not in the log",
}


def _notes(log: Log, found: Attempts, partial: tuple[str, str] | None) -> list[Note]:
    """One note on what was read and from where, and warnings on what was not."""
    notes = []
    if partial:
        text = f"{partial[0]}: its run is marked partial, and no score is read."
        notes.append(Note("warning", "partial", text))
    if log.twice:
        members = "member" if log.twice == 1 else "members"
        text = f"{log.twice:,} {members} of the archive under the name of a later one, which counts, as for Inspect."
        notes.append(Note("warning", "twice", text))
    if log.reduced:
        text = "only scores reduced over epochs are in it, which are no single attempts; none is read."
        notes.append(Note("warning", "epochs", text))
    told = ["only the header is there: a run and its scores, no attempts"]
    if log.attempts is not None:
        told = [f"{len(log.attempts):,} attempts {WAYS[log.way].format(opened=log.opened)}"]
        if len(found.scorers) > 1:
            told.append(f"each judged by {len(found.scorers)} scorers")
        if found.unscored:
            listed = ", ".join(f"{count:,} by {state}" for state, count in sorted(found.unscored.items()))
            told.append(f"without a score: {listed}")
    if (name := benchmark_of(log.spec["task"])) != log.spec["task"]:
        told.append(f"the task {shown(log.spec['task'])} is read as the benchmark {shown(name)}")
    return [*notes, Note("info", "read from", "; ".join(told) + ".")]


def _in_file(name: str, notes: Sequence[Note]) -> list[Note]:
    return [Note(note.level, note.about, f"{name}: {note.text}") for note in notes]
