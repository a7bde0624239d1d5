"""How fast records fall: training time to a fixed loss, and perplexity of language models, as rows of tables."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ascent.core.dates import decimal_year, from_decimal_year
from ascent.core.draws import Floats, interval
from ascent.core.tables import Column
from ascent.evidence.evidence import Evidence
from ascent.measure.speed_records import Track, falling
from ascent.model.progress_pool import ends
from ascent.model.trend import TrendFit, fit_trend

FEWEST = 8  # records of a track below which no trend is told
SPANS = 8  # of equal length, at whose ends a crowded record is looked at
FEWEST_OF_TEXT = 4  # records on a text below which none is
PERPLEXITY, DYNAMIC = "language model perplexity: ", "dynamic evaluation"


def _pace(year: Floats, value: Floats, draws: int, seed: int) -> tuple[float, float, float] | None:
    """Low, mid and high of the yearly fall of a record; None where there is too little."""
    if len(year) < FEWEST or len(np.unique(year)) < 3:
        return None
    low, mid, high = interval(record_trend(year, value, draws=draws, seed=seed).growth)
    return -float(high), -float(mid), -float(low)


def record_trend(year: Floats, value: Floats, *, draws: int, seed: int) -> TrendFit:
    """The line through a falling record; where records are many, through the record standing at evenly spaced dates.

    year, value  (record,)  in order of date, at least 3 different dates

    Records crowd where they fall, so the more there are, the smoother they look: a line through all of them is far too
    sure. At a few even dates they are a series like any other with a memory.
    """
    if len(year) > SPANS + 1:
        dates = np.linspace(year[0], year[-1], SPANS + 1)
        value = value[np.searchsorted(year, dates, side="right") - 1]
        year = dates
    return fit_trend(year, value, draws=draws, seed=seed)


def paced(track: Track, window: float, draws: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yearly factor of a track over all of its records and over its last years."""
    some = falling(track.year, track.linked)
    if not len(some):
        return
    last = float(track.year[some].max())
    for period, since in (("all records", -np.inf), (f"last {window:g} year{'s' * (window != 1)}", last - window)):
        late = some[track.year[some] >= since]
        pace = _pace(track.year[late], np.log10(track.linked[late]), draws, seed)
        if pace:
            yield {
                "track": track.name, "period": period,
                **dict(zip(("low", "mid", "high"), (10**end for end in pace), strict=True)),
                "records": len(late), "since": track.date[late[0]], "until": track.date[late[-1]],
                "told": float(track.minutes[late[0]] / track.minutes[late[-1]]),
                "linked": float(track.linked[late[0]] / track.linked[late[-1]]),
            }  # fmt: skip


def speed(track: Track) -> Iterator[dict[str, Any]]:
    """Every record as told, and under the first rules and library."""
    for entity, date, told, linked in zip(track.entity, track.date, track.minutes, track.linked, strict=True):
        yield {"track": track.name, "record": entity, "date": date, "told": float(told), "minutes": float(linked)}


def pace_line(track: Track, window: float, draws: int, seed: int) -> Iterator[dict[str, Any]]:
    """The line through a track's records of its last years, with its band."""
    some = falling(track.year, track.linked)
    some = some[track.year[some] >= track.year[some].max(initial=-np.inf) - window]
    if _pace(track.year[some], np.log10(track.linked[some]), draws, seed):
        years = np.linspace(track.year[some].min(), track.year[some].max(), 20)
        fit = record_trend(track.year[some], np.log10(track.linked[some]), draws=draws, seed=seed)
        for year, low, mid, high in zip(years, *interval(fit.line(years)), strict=True):
            day = from_decimal_year(float(year))
            yield {"date": day, "track": track.name, "low": 10**low, "minutes": 10**mid, "high": 10**high}


def texts(evidence: Evidence, draws: int, seed: int) -> Iterator[dict[str, Any]]:
    """Fall of the record in bits a year, by text and unit; results that learn from the test text are left out."""
    found: dict[tuple[str, str], list[tuple[str, str, float]]] = {}
    for row in evidence.table("series").rows():
        if str(row["series"]).startswith(PERPLEXITY) and row["date"] and row["note"] != DYNAMIC:
            words = str(row["unit"]).startswith("perplexity")
            value = float(np.log2(float(row["value"] or np.nan))) if words else float(row["value"] or np.nan)
            key = str(row["series"]).removeprefix(PERPLEXITY), "word" if words else "character"
            found.setdefault(key, []).append((str(row["date"]), str(row["entity"]), value))
    for (text, unit), rows in sorted(found.items()):
        rows = sorted(row for row in rows if np.isfinite(row[2]))
        year, bits = np.array([decimal_year(day) for day, *_ in rows]), np.array([told for *_, told in rows])
        some = falling(year, bits)
        few = len(some) < FEWEST_OF_TEXT or len(np.unique(year[some])) < 3
        low = mid = high = None
        if not few:
            fall = interval(record_trend(year[some], bits[some], draws=draws, seed=seed).growth)
            high, mid, low = (-float(end) for end in fall)
        yield {
            "text": text, "per": unit, "low": low, "mid": mid, "high": high, "results": len(rows), "records": len(some),
            "first": 2 ** bits[some[0]] if unit == "word" else None,
            "last": 2 ** bits[some[-1]] if unit == "word" else None,
            "since": rows[some[0]][0], "until": rows[some[-1]][0], "holder": rows[some[-1]][1],
        }  # fmt: skip


RECORD_COLUMNS = (
    Column("track"), Column("period"), *ends("x per year"),
    Column("told", "number", "x", "first over last record, as told"),
    Column("linked", "number", "x", "the same without newer libraries and changed rules"),
    Column("records", "whole", "records"), Column("since", "date"), Column("until", "date"),
)  # fmt: skip
SPEED_COLUMNS = (
    Column("track"), Column("record"), Column("date", "date"), Column("told", "number", "minutes"),
    Column("minutes", "number", "minutes", "under the first rules and library"),
)  # fmt: skip
PACE_COLUMNS = (
    Column("date", "date"), Column("track"), Column("low", "number", "minutes"), Column("minutes", "number", "minutes"),
    Column("high", "number", "minutes"),
)  # fmt: skip
TEXT_COLUMNS = (
    Column("text"), Column("per", help="what the bits are per"), *ends("bit per year"),
    Column("first", "number", "perplexity", "first record"), Column("last", "number", "perplexity", "last record"),
    Column("results", "whole", "results"), Column("records", "whole", "records"), Column("since", "date"),
    Column("until", "date"), Column("holder"),
)  # fmt: skip
