"""The shapes of the index's tables: columns, units, meanings; shared by every question that builds on the index."""

import numpy as np
from numpy.typing import NDArray

from ascent.core.tables import Column

POINTS = "index points"
Ends = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]  # low, mid, high


def ends(name: str) -> tuple[str, str, str]:
    return f"{name}_low", name, f"{name}_high"


def _interval_columns(name: str, unit: str) -> tuple[Column, ...]:
    return tuple(Column(part, "number", unit) for part in (name, f"{name}_low", f"{name}_high"))


_INDEX = (Column("capability", "number", POINTS), Column("low", "number", POINTS), Column("high", "number", POINTS))
CAPABILITY = (Column("model"), *_INDEX, Column("scores", "whole", "scores"))
MODELS = (
    Column("model"), Column("released", "date"), Column("organization"), Column("country"), Column("access"), *_INDEX,
    Column("rank", "whole", "rank"), Column("rank_low", "whole", "rank", "best rank the data allow"),
    Column("rank_high", "whole", "rank", "worst rank the data allow"),
    Column("informative", "whole", "scores", "scores neither near the floor nor near the ceiling"),
)  # fmt: skip
BENCHMARKS = (
    Column("benchmark"), *_interval_columns("difficulty", POINTS),
    *_interval_columns("discrimination", "logits per index point"), Column("scores", "whole", "scores"),
    Column("domain"),
)  # fmt: skip
RESIDUALS = (
    Column("model"), Column("benchmark"), Column("score", "number", "share above chance"),
    Column("scale", help="as evidence calls it, so that the table can be read back"),
    Column("expected", "number", "share above chance"), Column("expected_low", "number", "share above chance"),
    Column("expected_high", "number", "share above chance"),
    Column("surprise", "number", "standard deviations", "beyond 3 fights the model"),
    Column("claims", "whole", "claims", "reported scores pooled into this one"),
)  # fmt: skip
BRIDGES = (
    Column("day", "date"), Column("benchmarks", "whole", "benchmarks", "taken by earlier and by later models"),
    Column("earlier", "whole", "scores"), Column("later", "whole", "scores"), Column("names"),
)  # fmt: skip
LEFT_OUT = (
    Column("benchmark"), Column("movement", "number", POINTS, "root mean square over models"), Column("farthest"),
    Column("farthest_movement", "number", POINTS), Column("first", help="the highest estimate without it"),
)  # fmt: skip
SENSITIVITY = (
    Column("choice"), Column("default", "flag", help="the choice of this answer"), *_INDEX,
    Column("movement", "number", POINTS, "root mean square over models"),
    Column("farthest_movement", "number", POINTS), Column("first", help="the highest estimate then"),
    Column("models", "whole", "models"),
)  # fmt: skip
PREDICTIONS = (
    Column("model"), Column("benchmark"), Column("low", "number", "share above chance"),
    Column("mid", "number", "share above chance"), Column("high", "number", "share above chance"),
)  # fmt: skip
