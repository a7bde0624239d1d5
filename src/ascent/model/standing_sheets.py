"""Tables of where training runs stand: ranked with margins, one run per developer, lone points beside curves."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ascent.core.display import number
from ascent.core.tables import Column, Table
from ascent.measure.checkpoints import Curve
from ascent.model.curve_smooth import Smooth
from ascent.model.leads import margins
from ascent.model.standings import Meeting, Standing

ENDS = ("low", "mid", "high")
HALF = 1.645  # standard errors of a 90 % interval to either side


def ranked(scores: Sequence[Standing], unit: str, where: str) -> Table:
    """Runs by benchmark in order of skill, each with its margin to the leader."""
    columns = [
        Column("benchmark"), Column("training_run"), Column("developer"),
        Column("place", help="1 leads; = is a tie with it; ? cannot be told"),
        *(Column(end, "number", unit, "score" * (end == "mid")) for end in ENDS),
        Column("behind", "number", unit, "the leader"), Column("behind_low", "number", unit),
        Column("behind_high", "number", unit), Column("compute_flop", "number", "FLOP", "of the run so far, all told"),
        Column("metric", help="of scores that are no shares from 0 to 1"),
    ]  # fmt: skip
    rows = []
    for name in sorted({one.curve.benchmark for one in scores}):
        mine = sorted((one for one in scores if one.curve.benchmark == name), key=lambda one: one.curve.training_run)
        sign = -1.0 if mine[0].curve.falls else 1.0
        skill, error = np.array([sign * one.score for one in mine]), np.array([one.error for one in mine])
        leader, low, mid, high = margins(skill, error)
        for rank, i in enumerate(np.argsort(-skill, kind="stable"), 1):
            one, wide = mine[i], HALF * error[i]
            tied = "" if i == leader else " ?" if np.isnan(low[i]) else " =" if low[i] <= 0 else ""
            rows.append({
                "benchmark": name, "training_run": one.curve.training_run, "developer": one.curve.developer or None,
                "place": f"{rank}{tied}", "low": one.score - wide, "mid": one.score,
                "high": one.score + wide, "behind": mid[i], "behind_low": low[i], "behind_high": high[i],
                "compute_flop": 10 ** one.end, "metric": None if one.curve.share else one.curve.metric or "score",
            })  # fmt: skip
    note = f"Scores {where}; a tie (=) is a margin whose interval reaches zero, ? one whose error is unknown."
    return Table.from_rows(columns, rows, note)


def developers(equal: Sequence[Standing], ends: Sequence[Standing], at: float, unit: str) -> Table:
    """Rankings of one run per developer at equal compute and at the end, one under the other."""
    parts = {f"{number(10**at)} FLOP": ranked(_met(equal), unit, ""), "the end": ranked(_met(ends), unit, "")}
    rows = [{"at": where, **row} for where, part in parts.items() for row in part.rows()]
    note = (
        "One run of each developer: at equal compute that whose training ends nearest to it, at the end that of most "
    )
    note += "compute, so that no score is chosen for being high. A tie (=) is a margin whose interval reaches zero."
    return Table.from_rows([Column("at"), *next(iter(parts.values())).columns], rows, note)


def met_table(met: Sequence[Meeting], unit: str) -> Table:
    """Each run of few checkpoints beside the runs that pass its compute."""
    columns = [
        Column("benchmark"), Column("training_run", help="of few checkpoints"), Column("developer"),
        Column("passed_by", help="run that passes just this compute"), Column("developer_passing"),
        Column("compute_flop", "number", "FLOP"), Column("score", "number", unit),
        Column("score_passing", "number", unit),
        *(Column(f"lead{end}", "number", unit, "first less passing" * (not end)) for end in ("", "_low", "_high")),
    ]  # fmt: skip
    rows = []
    for one in met:
        wide = HALF * one.error
        rows.append({
            "benchmark": one.one.curve.benchmark, "training_run": one.one.curve.training_run,
            "developer": one.one.curve.developer or None, "passed_by": one.other.curve.training_run,
            "developer_passing": one.other.curve.developer or None, "compute_flop": 10**one.one.x,
            "score": one.one.score, "score_passing": one.other.score, "lead": one.lead, "lead_low": one.lead - wide,
            "lead_high": one.lead + wide,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["benchmark"], row["training_run"], row["passed_by"]))
    return Table.from_rows(columns, rows, "Each at exactly the compute of the run of few checkpoints.")


def overlaid(long: Sequence[Curve], smooths: Sequence[Smooth], short: Sequence[Curve], unit: str) -> Table:
    """Every curve and lone point on one axis of compute."""
    columns = [
        Column("benchmark"), Column("training_run"), Column("developer"), Column("compute_flop", "number", "FLOP"),
        *(Column(end, "number", unit, "score" * (end == "mid")) for end in ENDS), Column("lone", "flag"),
    ]  # fmt: skip
    rows = []
    for curve, s in zip(long, smooths, strict=True):
        for x, low, mid, high in zip(s.x, s.low, s.mid, s.high, strict=True):
            rows.append((curve, x, low, mid, high, False))
    for curve in short:
        for x, mid, se in zip(curve.x, curve.score, HALF * curve.se, strict=True):
            rows.append((curve, x, mid - se, mid, mid + se, True))
    names = [column.name for column in columns]
    told = [
        dict(zip(names, (c.benchmark, c.training_run, c.developer or None, 10**x, low, mid, high, lone), strict=True))
        for c, x, low, mid, high, lone in rows
    ]
    return Table.from_rows(columns, told, "Smooth curves, and scores of runs of few checkpoints.")


def _met(standings: Sequence[Standing]) -> list[Standing]:
    """Those on benchmarks where several stand."""
    count = Counter(one.curve.benchmark for one in standings)
    return [one for one in standings if count[one.curve.benchmark] > 1]
