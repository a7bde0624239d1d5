"""The review queue of names: who is scored, run or priced under a name that the table of models does not know."""

from collections import Counter

from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.names import confusable, rank

QUEUE = (
    Column("kind", help="model or benchmark"),
    Column("name", help="as it came"),
    Column("rows", "whole", "rows", "that use it"),
    Column("suggestion", help="known name a person might mean"),
    Column("likeness", "number", "of 100", "100 is the same spelling"),
    Column("more", help="further candidates, the likeliest first"),
    Column("caution", help="why the name may not be what it seems"),
)
DEFINED = {"model": "models", "benchmark": "benchmarks"}
LEAST = 60.0  # likeness below which a name is taken for a new one and only listed with --all


def known_names(evidence: Evidence, kind: str) -> list[str]:
    """Canonical names of models or benchmarks: those of the evidence, and those the bundled snapshot knows."""
    from ascent.evidence.snapshot_reading import bundled

    tables = [evidence.table(DEFINED[kind]), bundled()[0].get(DEFINED[kind])]
    return sorted({str(name) for table in tables if table for name in table[kind] if name is not None})


def slips(evidence: Evidence, least: float = 90.0) -> list[tuple[str, str, str]]:
    """Kind, name and likely meaning of each unknown name so like a known one that it is probably a slip of the pen.

    least  likeness from which on it is told; variants of one model stay below 90, so they are never called slips
    """
    return [
        (str(row["kind"]), str(row["name"]), str(row["suggestion"]))
        for row in queue(evidence).rows()
        if isinstance(likeness := row["likeness"], float) and likeness > least
    ]


def queue(evidence: Evidence, *, everything: bool = False) -> Table:
    """Names in use that are nowhere defined, the most used first, with ranked suggestions; nothing is decided here.

    everything  also names that are defined but spelled like another, and names that resemble nothing known
    """
    rows = []
    for kind, home in DEFINED.items():
        known = set(known_names(evidence, kind))
        used: Counter[str] = Counter()
        for name, table in evidence.tables.items():
            if name not in (home, "aliases") and kind in table.data:
                used.update(str(value) for value in table[kind] if value is not None)
        for name, count in used.most_common():
            if name in known and not everything:
                continue
            near = [(other, likeness) for other, likeness in rank(name, known, limit=4) if other != name]
            if name in known and not (near and near[0][1] >= 95):
                continue
            likely = near[0] if near and near[0][1] >= (0 if everything else LEAST) else None
            rows.append(
                {
                    "kind": kind,
                    "name": name,
                    "rows": count,
                    "suggestion": likely[0] if likely else None,
                    "likeness": float(likely[1]) if likely else None,
                    "more": ", ".join(other for other, _ in near[1:]) if likely else None,
                    "caution": confusable(name),
                }
            )
    note = "Accept one with: ascent evidence names accept NAME CANONICAL --by WHO" if rows else "Every name is known."
    return Table.from_rows(QUEUE, rows, note)
