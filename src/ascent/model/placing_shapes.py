"""The shapes of the tables of placing: columns, units, meanings."""

from ascent.core.tables import Column

POINTS = "index points"
SHARE = "share of right answers"

CAPABILITY = (
    Column("model"), Column("capability", "number", POINTS), Column("low", "number", POINTS),
    Column("high", "number", POINTS), Column("scores", "whole", "scores", "used"),
    Column("tied", "whole", "models", "of the evidence that cannot be told apart from it"), Column("nearest"),
    Column("lag_low", "number", "months", "empty where it may be ahead"),
    Column("lag", "number", "months", "behind the day the frontier got there; empty where it is a bound only"),
    Column("lag_high", "number", "months", "empty where the frontier was there before every model with a date"),
    Column("ahead", "number", "probability", "that it is above every model of the evidence"),
    Column("width", "number", POINTS, "of the interval"),
    Column("width_if_all", "number", POINTS, "of the interval if every known benchmark were run"),
    Column("index_low", "number", POINTS),
    Column("index", "number", POINTS, "of the same model in the evidence, where it is there"),
    Column("index_high", "number", POINTS),
)  # fmt: skip
PREDICTED = (
    Column("model"), Column("benchmark"), Column("low", "number", SHARE), Column("mid", "number", SHARE),
    Column("high", "number", SHARE), Column("scores", "whole", "scores", "of the evidence behind the benchmark"),
)  # fmt: skip
SURPRISES = (
    Column("model"), Column("benchmark"), Column("score", "number", SHARE), Column("expected_low", "number", SHARE),
    Column("expected", "number", SHARE, "by the model's other scores"), Column("expected_high", "number", SHARE),
    Column("surprise", "number", "standard deviations"), Column("p_value", "number", "probability"),
    Column("false_discovery", "number", "rate", "share of chance among surprises at least so large"),
    Column("reading", help="evidence, not proof"),
)  # fmt: skip
NEAREST = (
    Column("model"), Column("other"), Column("released", "date"), Column("capability", "number", POINTS),
    Column("low", "number", POINTS), Column("high", "number", POINTS), Column("difference_low", "number", POINTS),
    Column("difference", "number", POINTS, "placed model less this one"), Column("difference_high", "number", POINTS),
    Column("tied", "flag", help="cannot be told apart"),
)  # fmt: skip
NARROWING = (
    Column("model"), Column("scores", "whole", "scores", "the most telling first"), Column("added"),
    Column("capability", "number", POINTS), Column("low", "number", POINTS), Column("high", "number", POINTS),
    Column("width", "number", POINTS),
)  # fmt: skip
UNUSED = (Column("model"), Column("benchmark"), Column("reason"), Column("suggestions", help="the likeliest first"))
RANKING = (
    Column("rank", "whole", "rank"), Column("benchmark"),
    Column("width_low", "number", POINTS, "5 % of the simulated outcomes"),
    Column("width", "number", POINTS, "expected width of the interval after running it"),
    Column("width_high", "number", POINTS, "95 % of the simulated outcomes"),
    Column("bits_per_usd", "number", "bits per USD", "what it tells per dollar"),
    Column("bits_per_hour", "number", "bits per hour", "what it tells per hour"),
    Column("usd_low", "number", "USD"), Column("usd", "number", "USD", "of one run"),
    Column("usd_high", "number", "USD"), Column("hours_low", "number", "hours"),
    Column("hours", "number", "hours", "of one run"),
    Column("hours_high", "number", "hours"),
    Column("bits", "number", "bits", "expected fall of entropy"),
    Column("deviation", "number", POINTS, "root of the expected variance afterwards; the ranking by default"),
    Column("items", "whole", "items"),
    Column("scores", "whole", "scores", "of the evidence behind the benchmark"), Column("cost_from"),
    Column("private", help="why only its makers can run it; empty where anybody can, as far as known"),
)  # fmt: skip
PLAN = (
    Column("step", "whole", "benchmarks"), Column("benchmark"), Column("after"),
    Column("bits", "number", "bits", "beyond the steps before"), Column("width_low", "number", POINTS),
    Column("width", "number", POINTS, "expected width of the interval"), Column("width_high", "number", POINTS),
    Column("usd", "number", "USD", "up to here"), Column("hours", "number", "hours", "up to here"),
)  # fmt: skip
