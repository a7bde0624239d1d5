"""Records of the time that training takes to reach a fixed loss on fixed hardware.

Files    one record per row: track, record (number), date, minutes, kind (record, software_version where only a library
         is newer, retiming where an old record was measured anew under changed rules), asterisk (doubted), has_log
Gives    `series`: one per track, `training speed record: TRACK`, in minutes; entity: the record, note: its kind
Source   record tables of KellerJordan/modded-nanogpt, MIT
"""

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "training speed records"
COLUMNS = ("track", "record", "date", "minutes", "kind")
FLAGS = ("asterisk", "has_log")
KINDS = {"record": "record", "software_version": "newer library", "retiming": "measured anew"}
SERIES = "training speed record: "
CREDIT, ADDRESS = "modded-nanogpt, record tables", "https://github.com/KellerJordan/modded-nanogpt"


def recognises(original: Original) -> bool:
    """True for a header with track, record, minutes and kind."""
    return set(COLUMNS) <= set(header_of(original) or ())


def read(original: Original, options: Options) -> Batch:
    """The records as series; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require(COLUMNS)
    track, record = desk.text("track", required=True), desk.whole("record", required=True, low=0)
    day, minutes = desk.date("date"), desk.number("minutes", required=True, low=0.0)
    kind, doubted = desk.text("kind", required=True), desk.flag("asterisk")
    for row, (value, told) in enumerate(zip(minutes, kind, strict=True)):
        if value == 0:
            desk.problem(row, "minutes", "0", "a time above 0", "Correct the value, or leave the row out.")
        if told and told not in KINDS:
            desk.problem(row, "kind", f"'{told}'", "one of " + ", ".join(KINDS), "Correct the value.")
    desk.finish()
    key = options.source or CREDIT
    rows = [
        {"series": f"{SERIES}{name}", "entity": f"record {at}", "date": when, "value": value, "unit": "minutes",
         "note": KINDS[str(told)] + ("; doubted" if doubt else ""), "source": key}
        for name, at, when, value, told, doubt in zip(track, record, day, minutes, kind, doubted, strict=True)
    ]  # fmt: skip
    undated = [row for row, when in enumerate(day) if when is None]
    if undated:
        desk.note("info", "undated", f"no date in {desk.rows_text(undated)}; no trend over time uses it.")
    credit = {"source": key, "title": CREDIT, "address": ADDRESS, "licence": "MIT", "redistributable": True}
    tables = epoch.tables(options, series=rows, sources=[credit])
    return Batch(NAME, tables, desk.notes, desk.unused((*COLUMNS, *FLAGS)), {"series": desk.table.lines})
