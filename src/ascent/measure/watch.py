"""Steps of a lab that watches how far its models have moved since the last full evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.dates import calendar_months, decimal_year, span
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.evidence.evidence import Evidence


@dataclass(frozen=True, eq=False)
class Watch:
    """Models in the order of their dates, and the scores that were predicted for some of them.

    date, model  (step,), the date as precise as told
    month        (step,) months by the calendar; the middle of the span where a date is less precise than a day
    compute      (step,) effective compute, FLOP
    evaluated    (step,) whether the full evaluation was done then
    tuned        (step,) months of fine-tuning and elicitation since the step before, 0 where untold
    step         (prediction,) index of the step a prediction is about
    benchmark    (prediction,)
    predicted, observed, low, high  (prediction,) scores from 0 to 1; the prediction's own range NaN where untold
    n            (prediction,) questions behind the observed score, NaN where untold
    halves       rows with a predicted or an observed score alone
    later        steps left out since they lie after the day asked about
    """

    date: tuple[str, ...]
    model: tuple[str, ...]
    month: Floats
    compute: Floats
    evaluated: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    tuned: Floats
    step: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    benchmark: tuple[str, ...]
    predicted: Floats
    observed: Floats
    low: Floats
    high: Floats
    n: Floats
    halves: int
    later: tuple[str, ...] = ()


def watch(evidence: Evidence, *, until: str = "", calendar: bool = False) -> Watch:
    """The table `watch` in order; several rows of one date and model are one step with several predictions.

    until     rows that begin after this date are left out; empty: none
    calendar  whether the calendar alone can make an evaluation due, for which one evaluated model is enough

    Raises TooLittleEvidence below two steps, and WrongUse where rows of one step contradict each other.
    """
    table = evidence.table("watch")
    every: list[Mapping[str, object]] = list(table.rows())
    end = span(until)[1] if until else None
    late = [row for row in every if end and span(str(row["date"]))[0] > end]
    later = sorted({(str(row["date"]), str(row["model"])) for row in late})
    rows = sorted(  # of one day: less effective compute first, as the smaller is what the larger is measured by
        (row for row in every if row not in late),
        key=lambda row: (
            decimal_year(str(row["date"])), _number(row["effective_compute_flop"]), *map(repr, row.values())
        ),
    )  # fmt: skip
    steps: dict[tuple[str, str], Mapping[str, object]] = {}
    place: dict[tuple[str, str], int] = {}
    order = []  # which step each row belongs to
    for row in rows:
        key = str(row["date"]), str(row["model"])
        said: Mapping[str, object] = {
            name: row[name] for name in ("effective_compute_flop", "evaluated", "fine_tuning_months")
        }
        known = steps.setdefault(key, said)
        if known != said:
            apart = next(name for name in said if known[name] != said[name])
            raise WrongUse(
                f"{key[1]} on {key[0]} has two values of {apart}: {known[apart]} and {said[apart]}. "
                "Rows of one date and model are one step: correct one of them."
            )
        order.append(place.setdefault(key, len(place)))
    if len(steps) < (1 if calendar and any(said["evaluated"] for said in steps.values()) else 2):
        raise TooLittleEvidence(
            need="at least two models with their effective compute, in a table `watch`",
            have=f"{len(steps)}" + (f" until {until}, and {len(later)} later" if later else ""),
            fix="give a CSV with the columns date, model, effective_compute_flop, evaluated "
            "(`ascent evidence template watch` prints one)"
            + (
                ""
                if steps
                else "; with --as-of, rows count only where `published` is told: --today asks on a day instead"
            ),
        )
    if not_above := [key[1] for key, said in steps.items() if not _number(said["effective_compute_flop"]) > 0]:
        raise WrongUse(f"The effective compute of {not_above[0]} is not above 0 FLOP; a ratio to it means nothing.")
    amounts = [_number(said["effective_compute_flop"]) for said in steps.values()]
    if max(amounts) > 1e30 * min(amounts):
        raise WrongUse(
            f"Effective compute goes from {min(amounts):g} to {max(amounts):g} FLOP, which is not one measure "
            "throughout. Correct effective_compute_flop."
        )
    for row in rows:
        low, mid, high = (_number(row[f"predicted{end}"]) for end in ("_low", "", "_high"))
        if low > mid or mid > high or low > high:
            raise WrongUse(
                f"{row['model']} on {row['date']}: the predicted score {mid:g} does not lie between its ends {low:g} "
                f"and {high:g}. Correct predicted, predicted_low or predicted_high."
            )
    told = [k for k, row in enumerate(rows) if row["predicted"] is not None and row["observed"] is not None]
    keys = list(steps)
    predicted, observed, low_, high_, n = (
        _column(rows, told, name) for name in ("predicted", "observed", "predicted_low", "predicted_high", "n")
    )
    return Watch(
        tuple(date for date, _ in keys), tuple(model for _, model in keys),
        np.array([calendar_months(date) for date, _ in keys]),
        np.array(amounts),
        np.array([bool(said["evaluated"]) for said in steps.values()]),
        np.nan_to_num([_number(said["fine_tuning_months"]) for said in steps.values()]),
        np.array([order[k] for k in told], dtype=np.intp),
        tuple(str(rows[k]["benchmark"] or "unnamed") for k in told),
        predicted, observed, low_, high_, n,
        sum((row["predicted"] is None) != (row["observed"] is None) for row in rows),
        tuple(model for _, model in later),
    )  # fmt: skip


def _number(value: object) -> float:
    return float("nan") if value is None else float(str(value))


def _column(rows: Sequence[Mapping[str, object]], told: list[int], name: str) -> Floats:
    return np.array([_number(rows[k][name]) for k in told], dtype=float)
