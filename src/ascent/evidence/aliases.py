"""Spellings and what they stand for: applied to every table on opening, decided only by a person who signs."""

from collections.abc import Iterable, Mapping

from ascent.core.answer import Note
from ascent.core.tables import Cell, Table

COLUMNS = {"model": ("model", "base_model"), "benchmark": ("benchmark",)}
SPELLING = {"scores": "version", "models": "name"}  # where the spelling a row came with is kept


def resolved(aliases: Iterable[Mapping[str, Cell]]) -> dict[str, dict[str, str]]:
    """By kind, the canonical name of each alias, chains followed to their end.

    Raises BadInput for one alias of two names and for a chain that runs in a circle.

    >>> resolved([{"alias": "gpt4", "refers_to": "GPT-4", "kind": "model"}])
    {'model': {'gpt4': 'GPT-4'}, 'benchmark': {}}
    """
    from ascent.evidence.names import check_aliases

    rows = list(aliases)
    check_aliases(rows)
    direct: dict[str, dict[str, str]] = {kind: {} for kind in COLUMNS}
    for row in rows:
        direct.setdefault(str(row["kind"]), {})[str(row["alias"])] = str(row["refers_to"])
    return {kind: {alias: _end(alias, pairs) for alias in pairs} for kind, pairs in direct.items()}


def renamed(tables: Mapping[str, Table]) -> tuple[dict[str, Table], list[Note]]:
    """The tables with every alias replaced by the name it stands for.

    A score keeps the spelling it came with in `version` and a model in `name`, where these are empty.
    """
    if "aliases" not in tables:
        return dict(tables), []
    names = resolved(tables["aliases"].rows())
    result, count = dict(tables), 0
    for name, table in tables.items():
        if name == "aliases":
            continue
        data = dict(table.data)
        for kind, columns in COLUMNS.items():
            for column in columns:
                old = data.get(column, ())
                moved = [i for i, value in enumerate(old) if isinstance(value, str) and value in names[kind]]
                if not moved:
                    continue
                count += len(moved)
                new, spellings = list(old), list(data.get(SPELLING.get(name, ""), ()))
                for i in moved:
                    new[i] = names[kind][str(old[i])]
                    if column == "model" and spellings:
                        spellings[i] = spellings[i] or old[i]
                data[column] = new
                if column == "model" and spellings:
                    data[SPELLING[name]] = spellings
        result[name] = Table(table.columns, data, table.note)
    notes = [Note("info", "aliases", f"{count:,} names replaced by the ones they are aliases of.")] if count else []
    return result, notes


def _end(alias: str, pairs: Mapping[str, str]) -> str:
    while alias in pairs:
        alias = pairs[alias]
    return alias
