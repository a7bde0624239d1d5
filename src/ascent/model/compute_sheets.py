"""Tables of training compute: known shares, models, lines, and counts that a chart can show."""

import numpy as np

from ascent.core.dates import from_decimal_year
from ascent.core.draws import Floats
from ascent.core.tables import Column, Table
from ascent.measure.frontier import Flags
from ascent.measure.training_compute import TrainingCompute
from ascent.model.clustered_line import Line

ABOVE = (
    Column("date", "date"), Column("kind", help="recorded, or forecast"), Column("low", "whole", "models"),
    Column("mid", "whole", "models"), Column("high", "whole", "models"),
)  # fmt: skip
BAND = (Column("low", "number", "FLOP"), Column("high", "number", "FLOP"))
MODELS = (
    Column("model"), Column("released", "date"), Column("kind"), Column("flop", "number", "FLOP"),
    Column("flop_low", "number", "FLOP"), Column("flop_high", "number", "FLOP"), Column("organization"),
)  # fmt: skip


def known_table(every: TrainingCompute) -> Table:
    """Of how many models of each year the compute is known."""
    years = every.known_by_year
    return Table.of(
        (Column("year", "whole", "year"), Column("known", "whole", "models"), Column("models", "whole", "models"),
         Column("share", "number", "percent", "of the models released that year whose training compute is known")),
        year=list(years), known=[known for known, _ in years.values()], models=[whole for _, whole in years.values()],
        share=[100 * known / whole for known, whole in years.values()],
    )  # fmt: skip


def model_table(every: TrainingCompute, frontier: Flags, start: float, names: tuple[str, str]) -> Table:
    """Models since `start`; names: of those of the frontier, and of the others."""
    some = np.flatnonzero(every.year >= start)
    return Table.of(
        MODELS, model=[every.model[k] for k in some], released=[every.released[k] for k in some],
        kind=[names[0] if frontier[k] else names[1] for k in some], flop=(10 ** every.log_flop[some]).tolist(),
        flop_low=(10 ** every.log_flop[some] / every.within[some]).tolist(),
        flop_high=(10 ** every.log_flop[some] * every.within[some]).tolist(),
        organization=[every.organization[k] for k in some],
    )  # fmt: skip


def line_table(line: Line, kind: str, start: float, end: float) -> Table:
    """The line of growth with its interval."""
    years = np.linspace(start, end, 40)
    low, mid, high = line.at(years)
    return Table.of(
        (Column("released", "date"), Column("line"), Column("low", "number", "FLOP"), Column("flop", "number", "FLOP"),
         Column("high", "number", "FLOP")),
        released=[day_of(year) for year in years], line=[kind] * len(years), low=(10**low).tolist(),
        flop=(10**mid).tolist(), high=(10**high).tolist(),
    )  # fmt: skip


def drawable(above: Table) -> Table:
    """The counts that a logarithmic axis can show."""
    rows = [{**row, "low": max(int(row["low"] or 0), 1)} for row in above.rows() if row["mid"]]
    return Table.from_rows(ABOVE, rows)


def day_of(year: float | Floats) -> str:
    """The day that a decimal year falls on; the end of a year stays in it."""
    return from_decimal_year(float(year) - 1e-6)
