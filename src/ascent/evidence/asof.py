"""What was known on a day: rows certainly published by then, and nothing that later rows brought with them.

A row about a model that by the evidence of the day itself was released later cannot have been known either: its date is
wrong (a list that was begun earlier, say), or it is of a trial before release. It is hidden, and counted.
"""

from collections.abc import Mapping, Sequence

from ascent.core.answer import Note
from ascent.core.dates import known_by, span
from ascent.core.errors import WrongUse
from ascent.core.tables import Table

Places = Mapping[str, Sequence[str]]
TIMELESS = ("aliases", "sources")  # say nothing of their own about the world: they go with the rows that need them
NAMED = ("model", "base_model", "benchmark")


def known(tables: Mapping[str, Table], places: Places, as_of: str) -> tuple[dict[str, Table], Places, list[Note]]:
    """Only what was certainly published by the last day of `as_of`.

    Rows about models released after that day are hidden as well. Aliases and sources stay where a row that stays uses
    them, whenever they were recorded: so the evidence of a past day is the same to the byte whatever is added later.

    Raises WrongUse where `as_of` is no date.
    """
    try:
        span(as_of)
    except ValueError as error:
        raise WrongUse(f"--as-of: {error}.") from None
    index: dict[str, Sequence[int]] = {}
    later = undated = 0
    for name, table in tables.items():
        if name in TIMELESS:
            continue
        published = table["published"]
        admitted = {day: day is not None and known_by(str(day), as_of) for day in set(published)}
        index[name] = [i for i, day in enumerate(published) if admitted[day]]
        missing = sum(day is None for day in published)
        undated += missing
        later += len(table) - len(index[name]) - missing
    early = 0
    if unborn := _unborn(tables, index, as_of):
        for name in index:
            if (models := tables[name].data.get("model")) is not None:
                there = [i for i in index[name] if models[i] not in unborn]
                early += len(index[name]) - len(there)
                index[name] = there
    kept = {name: tables[name].take(rows) for name, rows in index.items() if rows}
    used = {value for table in kept.values() for column in NAMED for value in table.data.get(column, ())}
    if "aliases" in tables:
        index["aliases"] = _needed(tables["aliases"], {str(value) for value in used if value is not None})
        kept |= {"aliases": tables["aliases"].take(index["aliases"])} if index["aliases"] else {}
    if "sources" in tables:
        cited = {value for table in kept.values() for value in table["source"]}
        index["sources"] = [i for i, source in enumerate(tables["sources"]["source"]) if source in cited]
        kept |= {"sources": tables["sources"].take(index["sources"])} if index["sources"] else {}
    where = {name: [places[name][i] for i in index[name]] for name in kept if places.get(name)}
    return kept, where, _told(as_of, later, undated, early)


def _needed(aliases: Table, used: set[str]) -> list[int]:
    """Aliases of the names used, and of what these stand for, to the end of each chain."""
    reached = set(used)
    pairs = list(zip(aliases["alias"], aliases["refers_to"], strict=True))
    while more := {str(name) for alias, name in pairs if alias in reached} - reached:
        reached |= more
    return [i for i, (alias, _) in enumerate(pairs) if alias in reached]


def _unborn(tables: Mapping[str, Table], index: Mapping[str, Sequence[int]], as_of: str) -> set[str]:
    """Models, under all their names, that by the rows admitted were certainly released after the day."""
    if "models" not in index:
        return set()
    names, days = tables["models"]["model"], tables["models"]["released"]
    first: dict[str, str] = {}
    for i in index["models"]:
        if days[i] is not None:
            name, day = str(names[i]), span(str(days[i]))[0].isoformat()
            first[name] = min(day, first.get(name, day))
    last = span(as_of)[1].isoformat()
    unborn = {name for name, day in first.items() if day > last}
    if unborn and "aliases" in tables:
        pairs = list(zip(tables["aliases"]["alias"], tables["aliases"]["refers_to"], strict=True))
        while more := {str(alias) for alias, name in pairs if name in unborn and alias not in first} - unborn:
            unborn |= more
    return unborn


def _told(as_of: str, later: int, undated: int, early: int = 0) -> list[Note]:
    if not later and not undated and not early:
        return []
    text = f"As of {as_of}: {rows(later)} published later hidden"
    if early:
        text += f", and {rows(early)} dated before the release of their model, which came later"
    if undated:
        text += f", and {rows(undated)} whose date of publication is unknown (state it with --published)"
    return [Note("warning" if undated else "info", "as-of", text + ".")]


def rows(count: int) -> str:
    """A count of rows in words.

    >>> rows(1), rows(1200)
    ('1 row', '1,200 rows')
    """
    return f"{count:,} row{'' if count == 1 else 's'}"
