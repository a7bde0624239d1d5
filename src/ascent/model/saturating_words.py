"""Saturation of benchmarks in sentences: what was seen, what is expected to be by now, and how lifetimes change."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ascent.core.dates import decimal_year
from ascent.core.draws import MASS, Floats
from ascent.model.lifetimes import Lifetimes

WHEN = ("reached_low", "reached", "reached_high")
ENDS = ((1 - MASS) / 2, 0.5, (1 + MASS) / 2)


def when_words(row: Mapping[str, Any], until: str) -> str:
    """The date of saturation with its interval, to the day, month or year as the interval is wide.

    >>> when_words({"reached_low": "2026-10-14", "reached": "2028-06-06", "reached_high": None}, "2036")
    '2028 (2026 to after 2036)'
    >>> when_words({"reached_low": "2026-10-14", "reached": "2027-01-06", "reached_high": "2027-08-01"}, "2036")
    '2027-01 (2026-10 to 2027-08)'
    """
    low, mid, high = (row[end] for end in WHEN)
    wide = decimal_year(high) - decimal_year(low) if low and high else np.inf
    size = 4 if wide > 2 else 7 if wide > 1 / 6 else 10
    told = [str(day)[:size] if day else f"after {until}" for day in (mid, low, high)]
    return f"{told[0]} ({told[1]} to {told[2]})"


def saturated_words(
    saturated: Floats,
    rows: Sequence[Mapping[str, Any]],
    trend: Lifetimes | None,
    *,
    threshold: float,
    until: str,
    now: str,
) -> str:
    """How many benchmarks are saturated as far as seen, how many may be by now, which comes last, how lifetimes change.

    saturated  (draw,)  how many are, by the models scored on them
    rows       of the main table;  now  ISO day of the evidence
    """
    low, _, high = (int(end) for end in np.quantile(saturated, ENDS, method="inverted_cdf"))
    done = sum(row["state"] == "saturated" for row in rows)
    words = (
        f"{done} of {len(rows)} benchmarks are more likely saturated than not by the models scored on them "
        f"({MASS:.0%} interval {low} to {high}), {threshold:.0%} of the way from chance to their ceiling"
    )
    if unseen := sum(row["saturated"] < 0.5 and row["reached"] is not None and row["reached"] <= now for row in rows):
        words += f"; {unseen} more were expected to be by {now[:7]}, but no newer model was scored on them"
    if open_ := [row for row in rows if row["saturated"] < 0.5]:
        slow = max(open_, key=lambda row: (row["_date"], row["benchmark"]))
        last = f"of the other {len(open_)}, the last to be saturated" if len(open_) > 1 else "the one left"
        words += f"; {last} is expected to be {slow['benchmark']}, {'around ' if slow['reached'] else ''}"
        words += when_words(slow, until)
    if trend is None:
        return words + "; too few are saturated to say whether lifetimes change."
    factor = np.exp(np.quantile(trend.change[1:], ENDS))
    verdict = "shrink" if factor[2] < 1 else "grow" if factor[0] > 1 else "are not shown to change"
    return (
        f"{words}; lifetimes {verdict}: released a year later, a benchmark lasts {factor[1]:.2f} times as long "
        f"({factor[0]:.2f} to {factor[2]:.2f})."
    )


def benchmark_words(row: Mapping[str, Any], until: str) -> str:
    """One benchmark, a row of the main table."""
    name, best = row["benchmark"], f"best score {row['best']:.1%} by {row['holder']}"
    when = when_words(row, until)
    if row["saturated"] >= 0.5:
        return f"{name} is saturated with a probability of {row['saturated']:.0%}, if so since {when}: {best}."
    when = when.replace("(", f"({MASS:.0%} interval ", 1)
    return (
        f"{name} is {row['state']} ({best}); its saturation is expected {when}, "
        f"by {until} with a probability of {row['by_until']:.0%}."
    )
