"""Spellings and what they stand for: applied to every table on opening, decided only by a person who signs."""

from collections.abc import Iterable, Mapping

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.tables import Cell, Table

COLUMNS = {"model": ("model", "base_model"), "benchmark": ("benchmark",)}


def resolved(aliases: Iterable[Mapping[str, Cell]]) -> dict[str, dict[str, str]]:
    """By kind, the canonical name of each alias, chains followed to their end.

    Raises BadInput for one alias of two names and for a chain that runs in a circle.

    >>> resolved([{"alias": "gpt4", "refers_to": "GPT-4", "kind": "model"}])
    {'model': {'gpt4': 'GPT-4'}, 'benchmark': {}}
    """
    direct: dict[str, dict[str, str]] = {kind: {} for kind in COLUMNS}
    problems = []
    for row in aliases:
        alias, name, kind = str(row["alias"]), str(row["refers_to"]), str(row["kind"])
        known = direct.setdefault(kind, {}).setdefault(alias, name)
        if known != name:
            problems.append(_wrong(f"'{alias}' for both '{known}' and '{name}'", "one name for each alias"))
    final: dict[str, dict[str, str]] = {kind: {} for kind in direct}
    for kind, pairs in direct.items():
        for alias in pairs:
            path = [alias]
            while (following := pairs.get(path[-1])) is not None and following != path[-1]:
                path.append(following)
                if following in path[:-1]:
                    problems.append(_wrong(" → ".join(path), "aliases that end at a name"))
                    break
            final[kind][alias] = path[-1]
    if problems:
        raise BadInput(list(dict.fromkeys(problems)))
    return final


def renamed(tables: Mapping[str, Table]) -> tuple[dict[str, Table], list[Note]]:
    """The tables with every alias replaced by the name it stands for.

    A score keeps the spelling it came with in `version` and a model in `name`, where these are empty.
    """
    if "aliases" not in tables:
        return dict(tables), []
    names = resolved(tables["aliases"].rows())
    result, count = dict(tables), 0
    for table_name, table in tables.items():
        if table_name == "aliases":
            continue
        data = dict(table.data)
        for kind, columns in COLUMNS.items():
            for column in columns:
                if column not in data:
                    continue
                old = data[column]
                new = [names[kind].get(value, value) if isinstance(value, str) else value for value in old]
                moved = [i for i, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
                if not moved:
                    continue
                count += len(moved)
                data[column] = new
                spelling = {"scores": "version", "models": "name"}.get(table_name)
                if column == "model" and spelling:
                    kept = list(data[spelling])
                    for i in moved:
                        kept[i] = kept[i] or old[i]
                    data[spelling] = kept
        result[table_name] = Table(table.columns, data, table.note)
    notes = [Note("info", "aliases", f"{count:,} names replaced by the ones they are aliases of.")] if count else []
    return result, notes


def _wrong(found: str, expected: str) -> Problem:
    mend = "Take back one of the decisions with `ascent evidence remove`."
    return Problem("aliases", found, expected, mend, column="alias")
