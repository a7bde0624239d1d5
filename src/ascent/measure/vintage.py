"""Models dated after the day up to which their evidence reaches: left out as mistyped, and named."""

from collections.abc import Iterator, Sequence

import numpy as np

from ascent.core.answer import Note
from ascent.core.dates import decimal_year
from ascent.core.display import plain
from ascent.evidence.evidence import Evidence
from ascent.measure.training_compute import TrainingCompute, beyond_vintage


def within_vintage(evidence: Evidence, known: TrainingCompute) -> tuple[TrainingCompute, tuple[str, ...]]:
    """The models that were out by the last day that the evidence reaches, and the names of the others.

    A release mistyped as 2062 would otherwise decide a slope over time. The day is that of `beyond_vintage`.
    """
    day = beyond_vintage(evidence)
    later = known.year > decimal_year(day) if day else np.zeros(len(known.year), dtype=bool)
    return known.only(~later), tuple(known.model[k] for k in np.flatnonzero(later))


def later_dates(evidence: Evidence, models: Sequence[str]) -> Iterator[Note]:
    """The note that names them; nothing where there are none."""
    if models:
        named = ", ".join(plain(name) for name in models[:5]) + (f" and {len(models) - 5} more" * (len(models) > 5))
        text = (
            f"{named}: released after {beyond_vintage(evidence)}, up to which the other rows reach; left out as "
            "mistyped. Correct the date, or say when the file was published (--published) and up to when it counts "
            "(--as-of)."
        )
        yield Note("warning", "later dates", text)
