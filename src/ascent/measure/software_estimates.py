"""Published rates of software progress from the table `series`, each with what is known of its error.

One row of the series `software progress` is one estimate in x/year. Its note says, between semicolons, how it was made
(fitted model, lines on a graph, experiments, a case of two models), of what, and which interval its ends are: `95%
interval`; ends without a level are taken as 90 %. What the note calls a judgement, an outlier, informal or a range of
others is shown and never pooled.
"""

import re
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_quantile
from ascent.evidence.asof import known
from ascent.evidence.evidence import Evidence
from ascent.evidence.snapshot_reading import bundled
from ascent.measure.figures import figures

SERIES, UNIT = "software progress", "x/year"
METHODS = ("fitted model", "lines on a graph", "experiments", "a case of two models")
FIELDS = ("language", "vision")
ASKED = "as-of"  # what a note is about where a day was asked for that hides something, or lies after the evidence
EXTREMES = "a range of the others"
APART = {  # words of a note that keep an estimate out of every pool, and why
    "judgement": "a judgement that weighs the others",
    "informal": "told without a method",
    "outlier": "an outlier by its own source's account",
    "extremes": EXTREMES,
}
ONE_LEVEL = re.compile(r"(\d+(?:\.\d+)?)\s?% interval")


@dataclass(frozen=True)
class Study:
    """low, high are as published at `level`, NaN where none are; then `error` is NaN too."""

    name: str
    date: str
    low: float
    mid: float
    high: float
    level: float
    told: bool  # whether the level is published
    method: str
    field: str
    about: str
    note: str
    source: str
    apart: str  # why it is never pooled, empty where it may be

    @property
    def year(self) -> str:
        """What the estimate stands for, to the year."""
        return self.date[:4]

    @property
    def error(self) -> float:
        """Standard error of the logarithm."""
        return float(np.log(self.high / self.low) / (2 * normal_quantile((1 + self.level) / 2)))

    @property
    def bounded(self) -> bool:
        """Whether it has an interval."""
        return bool(np.isfinite(self.low) and self.low < self.high)

    def at_mass(self) -> tuple[float, float, float]:
        """Low, mid and high restated at the project's mass, each side on its own in logarithms."""
        part = normal_quantile((1 + MASS) / 2) / normal_quantile((1 + self.level) / 2)
        return self.mid * (self.low / self.mid) ** part, self.mid, self.mid * (self.high / self.mid) ** part


def studies(evidence: Evidence) -> tuple[list[Study], int]:
    """Every estimate in order of date and name; and how many rows have another unit, or a value not above 0."""
    found, odd = [], 0
    for one in figures(evidence, [SERIES]):
        if one.unit != UNIT or min(one.mid, one.low, one.high) <= 0:
            odd += 1
            continue
        level = ONE_LEVEL.search(one.note)
        published = one.ends == "published"
        middle = float(np.sqrt(one.low * one.high)) if "only the range is published" in one.note else one.mid
        ends = (one.low, one.high) if published else (float("nan"), float("nan"))
        parts = [part.strip() for part in one.note.split(";")]
        about = [part for part in parts if part and part not in METHODS and "only the range" not in part]
        found.append(
            Study(
                one.entity, one.date, ends[0], middle, ends[1], float(level[1]) / 100 if level else MASS,
                level is not None, next((part for part in parts if part in METHODS), ""),
                next((field for field in FIELDS if field in one.note), ""), "; ".join(about), one.note, one.source,
                next((why for word, why in APART.items() if word in one.note), ""),
            )
        )  # fmt: skip
    return sorted(found, key=lambda study: (study.year, study.name)), odd


def bundled_studies(beside: Evidence) -> tuple[list[Study], int]:
    """The bundled estimates, to stand beside evidence that has none; of a past day where one was asked for."""
    tables, label, day = bundled()
    wanted = {name: table for name, table in tables.items() if name in ("series", "sources")}
    if any(note.about == ASKED for note in beside.notes):  # what is given tells its own newest day otherwise
        wanted, day = known(wanted, {}, beside.as_of)[0], beside.as_of
    return studies(Evidence(wanted, label, day))
