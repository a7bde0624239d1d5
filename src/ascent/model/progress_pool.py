"""Published rates of software progress pooled: what they say together, by field, and where the next would lie."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ascent.core.tables import Column
from ascent.measure.software_estimates import EXTREMES, Study
from ascent.model.random_effects import Pooled, pool

POOLED, EQUAL = "all fields", "all, equal weights"


def ends(unit: str, more: str = "") -> tuple[Column, ...]:
    """The columns low, mid and high of one unit."""
    return tuple(Column(f"{more}{end}", "number", unit) for end in ("low", "mid", "high"))


def pools(found: list[Study]) -> Iterator[tuple[str, tuple[Pooled, int]]]:
    """Those with an interval, together and by field; and all with equal weight, which needs no interval."""
    fit = [one for one in found if not one.apart]
    certain = [one for one in fit if one.bounded]
    chosen = {POOLED: certain} | {
        field: [one for one in certain if one.field == field] for field in ("language", "vision")
    }
    for name, some in chosen.items():
        if len(some) >= 2:
            logs, errors = np.log([one.mid for one in some]), np.array([one.error for one in some])
            yield name, (pool(logs, errors), len(some))
    if len(fit) >= 3:
        yield EQUAL, (pool(np.log([one.mid for one in fit]), np.zeros(len(fit))), len(fit))


def pooled_row(name: str, pooled: tuple[Pooled, int]) -> dict[str, Any]:
    one, count = pooled
    exponents = np.exp([one.low, one.mid, one.high, one.next_low, one.next_high, one.tau, one.tau_low, one.tau_high])
    told = [float(end) if 0 < end < np.inf else None for end in exponents]
    return dict(
        zip(("low", "mid", "high", "next_low", "next_high", "apart", "apart_low", "apart_high"), told, strict=True)
    ) | {"pool": name, "estimates": count, "between": 100 * one.share if name != EQUAL else None}


def estimate_row(one: Study) -> dict[str, Any]:
    low, middle, high = one.at_mass() if one.bounded else (None, one.mid, None)
    mid = None if one.apart == EXTREMES else middle  # nobody's estimate, whatever lies there
    why = one.apart or ("" if one.bounded else "no interval; only in the pool of equal weights")
    return {
        "estimate": one.name, "year": one.year, "low": low, "mid": mid, "high": high,
        "published_low": one.low if one.bounded else None, "published_high": one.high if one.bounded else None,
        "level": 100 * one.level if one.bounded else None, "field": one.field or None, "method": one.method or None,
        "about": one.about or None, "not_pooled": why or None, "source": one.source,
        "centre": float(np.sqrt(one.low * one.high)) if one.bounded else None,
        "spread": one.error if one.bounded else None,
    }  # fmt: skip


POOLED_COLUMNS = (
    Column("pool", help="estimates that enter; those of equal weights need no interval"),
    *ends("x per year"), Column("next_low", "number", "x per year", "where the truth of a further study would lie"),
    Column("next_high", "number", "x per year"),
    Column("apart", "number", "x", "factor by which studies differ beyond their errors, one standard deviation"),
    Column("apart_low", "number", "x"), Column("apart_high", "number", "x"),
    Column("between", "number", "percent", "of the variance that lies between studies (I²)"),
    Column("estimates", "whole", "estimates"),
)  # fmt: skip
ESTIMATE_COLUMNS = (
    Column("estimate"), Column("year"), *ends("x per year"),
    Column("published_low", "number", "x per year"), Column("published_high", "number", "x per year"),
    Column("level", "number", "percent", "of the published interval; 90 where none is told"),
    Column("centre", "number", "x per year", "of a log-normal with the published interval"),
    Column("spread", "number", "nat", "its standard deviation in logarithms"),
    Column("field"), Column("method"), Column("about"), Column("not_pooled", help="why it is in no pool"),
    Column("source"),
)  # fmt: skip
