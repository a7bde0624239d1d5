"""Which table a file of unknown columns may be meant as, and which of its columns to rename."""

from collections.abc import Sequence
from difflib import get_close_matches

from ascent.evidence.schema import TABLES

LIKELY = ("scores", "attempts", "models", "prices", "runs", "series")  # tables that people fill in; the first wins ties
# What people call our columns, besides their own names.
CALLED = {
    "model": ("llm", "model name", "model id", "system", "ai", "name"),
    "benchmark": ("task", "test", "eval", "evaluation", "dataset", "exam", "bench"),
    "score": ("accuracy", "acc", "result", "performance", "percentage", "mean score", "average"),
    "item": ("question", "question id", "sample", "sample id", "problem", "item id", "task id", "id"),
    "success": ("correct", "solved", "passed", "is correct", "pass", "outcome"),
    "epoch": ("try", "attempt", "repeat", "run number", "trial"),
    "n": ("questions", "items", "samples", "number of questions", "count", "num samples"),
    "released": ("release date", "release", "publication date", "launched"),
    "organization": ("developer", "lab", "company", "vendor", "maker"),
    "series": ("metric", "indicator", "variable"),
    "value": ("amount", "number"),
}


def renaming(header: Sequence[str]) -> str:
    """A sentence that names the nearest table and the columns to rename first; empty where none is near.

    >>> print(renaming(["LLM", "Task", "Accuracy"]))
    Nearest is a table of scores: rename LLM to model, Task to benchmark, Accuracy to score.
    >>> renaming(["x", "y"])
    ''
    """
    best: tuple[int, dict[str, str], list[str]] | None = None
    table_named = ""
    for table in LIKELY:
        found = _matched(header, [column.name for column in TABLES[table]])
        required = [column.name for column in TABLES[table] if column.required]
        there = sum(name in found for name in required)
        missing = [name for name in required if name not in found and name != "model"]
        if there >= 2 and 2 * there >= len(required) and (best is None or there - len(missing) > best[0]):
            best, table_named = (there - len(missing), found, missing), table
    if best is None:
        return ""
    renamed = [f"{header_name} to {name}" for name, header_name in best[1].items() if header_name != name]
    said = [f"rename {', '.join(renamed)}"] if renamed else []
    said += [f"add {', '.join(best[2])}"] if best[2] else []
    return f"Nearest is a table of {table_named}: {'; '.join(said)}." if said else ""


def _matched(header: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Our columns to those of the file, each used once: by name, then by what people call it, then by spelling."""
    plain = {" ".join(one.casefold().replace("_", " ").split()): one for one in reversed(header)}
    found = {name: plain[name] for name in names if name in plain}
    for name in names:
        free = {key: one for key, one in plain.items() if one not in found.values()}
        near = [key for key in CALLED.get(name, ()) if key in free]
        near = near or (get_close_matches(name, list(free), n=1, cutoff=0.8) if len(name) > 2 else [])
        if name not in found and near:
            found[name] = free[near[0]]
    return dict(sorted(found.items(), key=lambda pair: list(header).index(pair[1])))
