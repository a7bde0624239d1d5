"""Forecasts of best scores held out: rolling origins against no change and last year's slope, and other settings.

    python benchmarks/saturation.py                  the bundled snapshot, and the public tables where they are

Origins    every quarter from mid-2023, each with only the models released by then; all shared numbers fitted anew
Cells      benchmark x origin x lead (3, 6, 12 months) where a model released in the last 40 % of the lead was scored
Rivals     no change; last year's slope. Skill is 1 - CRPS / that of the better; its interval resamples benchmarks
Error      of the median, beside the rivals': CRPS also credits a forecast for being a distribution, which they are not
Settings   other half-lives of records and other room for change, shown and not chosen from
"""

import os
import time
from pathlib import Path

import _matrix  # noqa: F401  first: it sets one thread

# isort: split

from ascent.evidence.opening import open_evidence
from ascent.measure.records import records
from ascent.model import saturating
from ascent.model.saturating_holdout import LEADS, hold_out

DATA = Path(os.environ.get("ASCENT_DATA", Path(__file__).parents[2] / "shared" / "data"))
TABLES = {
    "bundled snapshot": Path("snapshot"),
    "index inputs, May 2026": DATA / "eci" / "2026-05",
    "hub tables, May 2026": DATA / "benchmark_hub" / "2026-05",
}
COLUMNS = (
    "lead",
    "cells",
    "benchmarks",
    "origins",
    "independent",
    "covered",
    "above",
    "crps",
    "error",
    "persistence",
    "slope",
)
SETTINGS = [(half_life, change) for half_life in (0.5, 1.0, 2.0, 50.0) for change in (0.0, 0.2, 0.4)]


def main() -> None:
    for name, path in TABLES.items():
        if str(path) != "snapshot" and not path.is_dir():
            print(f"{name}: not here")
            continue
        found = records(open_evidence([path]))
        start = time.process_time()
        held = hold_out(found)
        assert held is not None
        print(
            f"\n{name}: {len(found.benchmarks)} benchmarks, {time.process_time() - start:.1f} s of CPU for all origins"
        )
        print("  ".join(f"{column:>11}" for column in (*COLUMNS, "skill")))
        for lead in LEADS:
            told = held.scores(lead)
            skill = f"{told['skill']:.2f} ({told['skill_low']:.2f} to {told['skill_high']:.2f})"
            print("  ".join(f"{told[column]:>11.3g}" for column in COLUMNS), " ", skill)
    found, usual = records(open_evidence([Path("snapshot")])), (saturating.HALF_LIFE, saturating.CHANGE)
    print("\nother settings, bundled snapshot: skill and coverage by lead")
    for setting in SETTINGS:
        saturating.HALF_LIFE, saturating.CHANGE = setting
        held = hold_out(found)
        assert held is not None
        told = (held.scores(lead) for lead in LEADS)
        words = ", ".join(f"{one['skill']:.2f} ({one['covered']:.0%})" for one in told)
        print(
            f"  half-life {setting[0]:g} years, change {setting[1]:g}: {words}{'  <- used' if setting == usual else ''}"
        )
    saturating.HALF_LIFE, saturating.CHANGE = usual


if __name__ == "__main__":
    main()
