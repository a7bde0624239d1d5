"""Which training run is ahead at equal compute and at the end, and does the order at the midpoint last?

Theme     training and compute
Evidence  checkpoints: scores of several training runs on the same benchmarks at several amounts of compute
Needs     checkpoints of two training runs
Method    smooth curves over log compute, compared only where both runs have checkpoints; margins to the leader with
          90 % intervals; share of pairs whose order at the midpoint of log compute is the order at the end, with an
          interval that leaves out one training run at a time; the same for leads beyond their error
Source    Efron and Stein 1981 (the jackknife); smooth curves as in docs/method/skill-curves.md
Differs   two errors are taken as independent, though runs answer the same questions: intervals of margins are wide
          rather than narrow
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import percent
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoint_knobs import CheckpointKnobs
from ascent.measure.checkpoints import Curve
from ascent.model.curve_smooth import Smooth
from ascent.model.leads import Leads, Line, compare_lines, margins, share_with_interval
from ascent.model.training_curves import LEAST, smooth_curves

ENDS = ("low", "mid", "high")
PLACES = ("equal compute", "own training")
MOST_DOTS = 400


@dataclass(frozen=True, kw_only=True)
class Params(CheckpointKnobs):
    along: str = param(
        "equal compute", "where midpoint and end lie: of the compute in common, or of each run", choices=PLACES
    )
    at_flop: float = param(0.0, "compute to compare all at; default the most that most have", unit="FLOP", least=0.0)
    rivals: bool = param(False, "compare only runs of different developers")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `persistence`; `equal` and `end` rank the runs, `pairs` has every lead."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import percent

        made = {}
        end = percent(self.prepared["end"])
        top = end.take([i for i, row in enumerate(end.rows()) if row["benchmark"] == end["benchmark"][0]][:20])
        made["end"] = charts.ranking(
            top, label="training_run", mid="mid", low="low", high="high", manifest=self.manifest,
            title=f"Scores at the end of training, {end['benchmark'][0]}", quantity="score",
        )  # fmt: skip
        pairs = percent(self.prepared["pairs"], "percentage points")
        if len(pairs):
            some = pairs.take(np.linspace(0, len(pairs) - 1, min(len(pairs), MOST_DOTS)).round().astype(int))
            made = {
                "leads": charts.scatter_fit(
                    some, x="lead_at_midpoint", y="lead_last", low="lead_last_low", high="lead_last_high", label="pair",
                    group="benchmark", title=self.sentence, manifest=self.manifest, quantity="lead at the end",
                    fit=_diagonal(some), line="line",
                    note="One dot per pair of runs: lead of one over the other at the midpoint and at the end. "
                    "Top right and bottom left the order lasts.",
                )
            } | made  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Compare training runs.

    Raises TooLittleEvidence where no benchmark has checkpoints of two training runs; UnknownName for names not there.
    """
    whole = params.curves_of(evidence)
    shared = [
        name for name in whole.benchmarks if len({c.training_run for c in whole.curves if c.benchmark == name}) > 1
    ]
    curves = [curve for curve in whole.curves if curve.benchmark in shared]
    if not curves:
        raise TooLittleEvidence(
            need="two training runs with checkpoints on one benchmark",
            have=f"{len(whole.runs)} training runs on {len(whole.benchmarks)} benchmarks, none in common",
            fix="add checkpoints of another training run on the same benchmarks",
        )
    long = [curve for curve in curves if len(curve.x) >= LEAST]
    smooths = smooth_curves(long)
    runs, names = sorted({curve.training_run for curve in curves}), sorted(shared)
    developer = {curve.training_run: curve.developer for curve in curves}
    lines = [_line(curve, smooth, runs, names) for curve, smooth in zip(long, smooths, strict=True)]
    leads = compare_lines(lines, own=params.along != PLACES[0])
    if params.rivals:
        makers = np.array([developer[run] for run in runs])
        leads = _kept(leads, makers[leads.first] != makers[leads.second])
    unit = "fraction" if all(curve.share for curve in curves) else "score"
    at = np.log10(params.at_flop) if params.at_flop else _usual(lines)
    sheets = {
        "persistence": _persistence(leads, names),
        "end": _ranked([_end(curve) for curve in curves], unit, "at the last checkpoint of each run"),
        "equal": _ranked(_at(lines, long, at), unit, f"at {10**at:.3g} FLOP"),
        "pairs": _pairs(leads, runs, names, unit),
    }  # fmt: skip
    notes = list(whole.notes)
    if len(long) < len(curves):
        text = (
            f"{len(curves) - len(long)} curves have fewer than {LEAST} checkpoints: they are compared at the end only."
        )
        notes.append(Note("info", "short", text))
    if 0 < len(sheets["equal"]) < len(long):
        text = f"{len(long) - len(sheets['equal'])} curves have no checkpoints around {10**at:.2g} FLOP; "
        text += "--at-flop chooses."
        notes.append(Note("info", "support", text))
    if len(leads.middle):
        spent = float(np.median(10 ** (leads.middle - leads.last)))
        if spent < 0.1:
            text = (
                f"Halfway through log compute only {percent(spent)} of the compute is spent (median): most skills have "
                "hardly begun there, and the order of runs at chance tells little of the end."
            )
            notes.append(Note("warning", "midpoint", text))
    text = "Runs answer the same questions, so differences are surer than their intervals say."
    notes.append(Note("info", "errors", text))
    return Answer(Manifest.stamp(__name__, params, evidence), _sentence(sheets), sheets, tuple(notes))


def _line(curve: Curve, smooth: Smooth, runs: list[str], names: list[str]) -> Line:
    sign = -1.0 if curve.falls else 1.0

    def level(x: Any) -> tuple[Any, Any]:
        mid, error = smooth.at(x)
        return sign * mid, error

    return Line(
        runs.index(curve.training_run), names.index(curve.benchmark), float(curve.x[0]), float(curve.x[-1]), level
    )


def _kept(leads: Leads, keep: Any) -> Leads:
    return Leads(*(getattr(leads, name)[keep] for name in leads.__dataclass_fields__))


def _usual(lines: Sequence[Line]) -> float:
    """The log10 FLOP that most curves reach over; of several the highest."""
    if not lines:
        return float("nan")
    ends = np.array(sorted({line.end for line in lines}))
    inside = [sum(line.start <= end <= line.end for line in lines) for end in ends]
    return float(ends[len(ends) - 1 - int(np.argmax(inside[::-1]))])


@dataclass(frozen=True)
class _Score:
    """One run's score on one benchmark; `rising` has the sign of skill."""

    curve: Curve
    score: float
    error: float


def _end(curve: Curve) -> _Score:
    return _Score(curve, float(curve.score[-1]), float(np.nan_to_num(curve.se[-1])))


def _at(lines: Sequence[Line], curves: Sequence[Curve], at: float) -> list[_Score]:
    found = []
    for line, curve in zip(lines, curves, strict=True):
        if line.start - 1e-9 <= at <= line.end + 1e-9:
            mid, error = line.level(np.array([at]))
            found.append(_Score(curve, float(-mid[0] if curve.falls else mid[0]), float(error[0])))
    return found


def _ranked(scores: Sequence[_Score], unit: str, where: str) -> Table:
    columns = [
        Column("benchmark"), Column("training_run"), Column("developer"),
        Column("place", help="1 leads; = is a tie with it"),
        *(Column(end, "number", unit, "score" * (end == "mid")) for end in ENDS),
        Column("behind", "number", unit, "the leader"), Column("behind_low", "number", unit),
        Column("behind_high", "number", unit), Column("compute_flop", "number", "FLOP", "of the run so far, all told"),
    ]  # fmt: skip
    rows = []
    for name in sorted({one.curve.benchmark for one in scores}):
        mine = sorted((one for one in scores if one.curve.benchmark == name), key=lambda one: one.curve.training_run)
        sign = -1.0 if mine[0].curve.falls else 1.0
        skill, error = np.array([sign * one.score for one in mine]), np.array([one.error for one in mine])
        leader, low, mid, high = margins(skill, error)
        for rank, i in enumerate(np.argsort(-skill, kind="stable"), 1):
            one, wide = mine[i], 1.645 * error[i]
            tied = i != leader and low[i] <= 0
            rows.append({
                "benchmark": name, "training_run": one.curve.training_run, "developer": one.curve.developer or None,
                "place": f"{rank}{' =' if tied else ''}", "low": one.score - wide, "mid": one.score,
                "high": one.score + wide, "behind": mid[i], "behind_low": low[i], "behind_high": high[i],
                "compute_flop": 10 ** float(one.curve.x[-1]),
            })  # fmt: skip
    note = f"Scores {where}; a tie (=) is a margin whose interval reaches zero."
    return Table.from_rows(columns, rows, note)


def _persistence(leads: Leads, names: list[str]) -> Table:
    columns = [
        Column("benchmark"), Column("leads", help="every one, or those beyond their error at the midpoint"),
        *(Column(end, "number", "probability", "that the order lasts" * (end == "mid")) for end in ENDS),
        Column("lasting", "whole", "pairs"), Column("pairs", "whole", "pairs"),
    ]  # fmt: skip
    rows = []
    for at, name in enumerate(["all", *names]):
        mine = np.ones(len(leads.benchmark), dtype=bool) if at == 0 else leads.benchmark == at - 1
        for words, chosen in (("every", mine), ("clear", mine & leads.clear)):
            if chosen.any():
                holds = leads.persists[chosen]
                low, mid, high = share_with_interval(holds, leads.first[chosen], leads.second[chosen])
                rows.append({"benchmark": name, "leads": words, "low": low, "mid": mid, "high": high,
                             "lasting": int(holds.sum()), "pairs": int(chosen.sum())})  # fmt: skip
    return Table.from_rows(columns, rows, "Order at the midpoint of log compute against order at the end.")


def _pairs(leads: Leads, runs: list[str], names: list[str], unit: str) -> Table:
    columns = [
        Column("benchmark"), Column("pair"),
        Column("lead_at_midpoint", "number", unit, "first less second at the midpoint"),
        Column("lead_at_midpoint_low", "number", unit), Column("lead_at_midpoint_high", "number", unit),
        Column("lead_last", "number", unit, "first less second at the end"),
        Column("lead_last_low", "number", unit), Column("lead_last_high", "number", unit), Column("lasts", "flag"),
        Column("middle_flop", "number", "FLOP"), Column("last_flop", "number", "FLOP"),
    ]  # fmt: skip
    wide, wider = 1.645 * leads.error_middle, 1.645 * leads.error_last
    return Table.of(
        columns,
        benchmark=[names[i] for i in leads.benchmark],
        pair=[f"{runs[a]} − {runs[b]}" for a, b in zip(leads.first, leads.second, strict=True)],
        lead_at_midpoint=leads.lead_middle,
        lead_at_midpoint_low=leads.lead_middle - wide, lead_at_midpoint_high=leads.lead_middle + wide,
        lead_last=leads.lead_last, lead_last_low=leads.lead_last - wider, lead_last_high=leads.lead_last + wider,
        lasts=[bool(one) for one in leads.persists], middle_flop=10**leads.middle, last_flop=10**leads.last,
    )  # fmt: skip


def _sentence(sheets: dict[str, Table]) -> str:
    end = sheets["end"]
    first = [row for row in end.rows() if row["benchmark"] == end["benchmark"][0]]
    second = first[1]
    low, mid, high = (100 * float(second[name] or 0) for name in ("behind_low", "behind", "behind_high"))
    ahead = "is ahead of" if low >= 0.05 else "cannot be told from"  # as far as the printed digits show it
    told = f"On {first[0]['benchmark']} {first[0]['training_run']} {ahead} {second['training_run']} at the end, by "
    told += f"{mid:.1f} points ({MASS:.0%} interval {low:.1f} to {high:.1f})"
    rows = {row["leads"]: row for row in sheets["persistence"].rows() if row["benchmark"] == "all"}
    if "every" not in rows:
        return told + "; no two runs have enough compute in common to tell whether leads last."
    every = rows["every"]
    share, ends = float(every["mid"] or 0), [every["low"], every["high"]]
    range_ = f" ({MASS:.0%} interval {float(ends[0]):.0%} to {float(ends[1] or 0):.0%})" if ends[0] is not None else ""
    lasts = f"The order halfway through log compute is the final one in {share:.0%} of {every['pairs']} pairs{range_}"
    if "clear" in rows and rows["clear"]["pairs"] != every["pairs"]:
        lasts += f", in {float(rows['clear']['mid'] or 0):.0%} of the {rows['clear']['pairs']} with a clear lead there"
    return f"{lasts}. {told}."


def _diagonal(pairs: Table) -> Table:
    unit = next(column.unit for column in pairs.columns if column.name == "lead_last")
    ends = [float(value or 0) for value in pairs["lead_at_midpoint"]]
    names = ("lead_at_midpoint", "lead_last", "lead_last_low", "lead_last_high")
    columns = [Column("line"), *(Column(name, "number", unit) for name in names)]
    rows = [{"line": "same lead", "lead_at_midpoint": at, "lead_last": at} for at in (min(ends), max(ends))]
    return Table.from_rows(columns, rows)
