"""Which training run is ahead at equal compute and at the end, and does the order at the midpoint last?

Theme     training and compute
Evidence  checkpoints: scores of several training runs on the same benchmarks at several amounts of compute; finished
          models with their compute stand beside them
Needs     checkpoints of two training runs
Method    smooth curves over log compute, compared only where both runs have checkpoints; midpoint (half of compute, or
          of log compute) and end each from every other checkpoint, so that luck at one is not luck at the other; a pair
          whose difference at the midpoint is within its error is tied there; of the others the share whose leader is
          ahead at the end, with an interval that leaves out one training run at a time, where clear leaders are more
          than runs that are all alike would show; at the end and at equal compute margins to the leader with 90 %
          intervals, for all runs and for one run of each developer
Source    Efron and Stein 1981 (the jackknife); smooth curves as in docs/method/skill-curves.md
Differs   two errors are taken as independent, though runs answer the same questions: intervals of margins are wide
          rather than narrow
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number, percent
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoint_knobs import CheckpointKnobs
from ascent.measure.checkpoints import Curve
from ascent.model.curve_smooth import Smooth
from ascent.model.lead_lines import LEAST as ENOUGH
from ascent.model.lead_lines import with_halves
from ascent.model.lead_words import (
    ahead_sentence,
    by_benchmark,
    fates,
    order_sentence,
    persistence_table,
    place_of,
    run_at,
    typical,
)
from ascent.model.leads import (
    MIDPOINTS,
    Leads,
    Line,
    compare_lines,
    shared_window,
)
from ascent.model.standing_sheets import HALF, developers, met_table, overlaid, ranked
from ascent.model.standings import NEAR, at_compute, at_end, common_compute, flagships, meetings, scatter_errors
from ascent.model.training_curves import LEAST, smooth_curves

PLACES = ("equal compute", "own training")
ROWS, PLOTS, RUNS = 24, 9, 6  # benchmarks in rows and in small plots, training runs in each plot


@dataclass(frozen=True, kw_only=True)
class Params(CheckpointKnobs):
    midpoint: str = param(MIDPOINTS[0], "half of what is the midpoint; the table has both", choices=MIDPOINTS)
    along: str = param(
        "equal compute", "where midpoint and end lie: of the compute in common, or of each run", choices=PLACES
    )
    at_flop: float = param(
        0.0, "compute to compare all at; default where most developers and runs stand", unit="FLOP", least=0.0
    )
    near: float = param(
        NEAR, "how near in compute a run of few checkpoints counts", unit="decades", least=0.0, most=1.0
    )
    rivals: bool = param(False, "compare only runs of different developers")
    mixed_settings: bool = param(False, "compare also runs scored in different settings (shots, splits)")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `persistence`; `equal` and `end` rank runs, `developers` one run of each, `pairs` has leads."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import percent

        made: dict[str, Spec] = {}
        rows, left = fates(self.prepared["persistence"], ROWS)
        if len(rows):
            half = str(rows["midpoint"][0])
            made["kept"] = charts.outcomes(
                rows, label="benchmark", mid="mid", low="low", high="high", value="told", form="percent",
                axis="share of clear leaders at the midpoint that are ahead at the end", manifest=self.manifest,
                title=order_sentence(self.prepared["persistence"]), references={"even odds": 0.5},
                note=f"Midpoint: half of {half}. Dots are estimates, bars {MASS:.0%} intervals. On the right: leaders "
                f"still clearly ahead at the end, level, clearly behind; pairs tied at the midpoint. {left}",
            )  # fmt: skip
        places, left = _few(self.prepared["places"], "last", "training_run")
        if len(places):
            few = len(set(self.prepared["places"]["training_run"])) <= RUNS
            at = {(row["midpoint_flop"], row["last_flop"]) for row in self.prepared["places"].rows()}
            ends = [number(float(one or 0)) for one in min(at)]
            told = f"Midpoint at {ends[0]}, end at {ends[1]} FLOP. " if len(at) == 1 else ""
            drawn = charts.slopes(
                percent(places), panel="benchmark", line="training_run", before="midpoint", after="last",
                title=order_sentence(self.prepared["persistence"]) if few else
                "Where training runs stand at the midpoint and at the end of the compute they share",
                manifest=self.manifest, quantity="Score", note=f"{told}Lines that cross changed places; runs that "
                f"share less compute are in no plot. Each plot has its own scale. {left}",
            )  # fmt: skip
            made = {"places": drawn} | made if few else made | {"places": drawn}
        for name in ("equal", "end"):
            groups = by_benchmark(self.prepared[name])
            if not groups:
                continue
            chosen, end = typical(groups), name == "end"
            bars = [{**row, "run": run_at(row) if end else row["training_run"]} for row in groups[chosen][:20]]
            where = "at the end of their own training" if end else place_of(self.prepared[name])
            told = "The benchmark of the middling margin between the first two. " * (len(groups) > 1)
            told += "In brackets the compute spent, which may be unequal: the chart equal has one for all." * end
            made[name] = charts.ranking(
                percent(Table.from_rows([*self.prepared[name].columns, Column("run")], bars)), label="run", mid="mid",
                low="low", high="high", manifest=self.manifest, quantity="score", note=told,
                title=f"Scores {where}, {chosen}",
            )  # fmt: skip
        if "overlay" in self.prepared:
            mixed = any(note.about == "settings" and "different settings" in note.text for note in self.notes)
            shown, left = _few(self.prepared["overlay"], "compute_flop", "developer")
            over = charts.overlay(
                percent(shown), panel="benchmark", x="compute_flop", mid="mid", low="low", high="high",
                colour="developer", line="training_run", lone="lone", title=ahead_sentence(self.prepared),
                manifest=self.manifest, quantity="Score",
                note="Runs were scored in different settings, which may make part of any margin. " * mixed
                + f"A line is one training run, a dot a run of few checkpoints. {left}",
            )  # fmt: skip
            made = {"overlay": over} | made
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Compare training runs.

    Raises TooLittleEvidence where no benchmark has checkpoints of two training runs; UnknownName for names not there.
    """
    whole = params.curves_of(evidence, mixed=params.mixed_settings)
    shared = [
        name for name in whole.benchmarks if len({c.training_run for c in whole.curves if c.benchmark == name}) > 1
    ]
    curves = [curve for curve in whole.curves if curve.benchmark in shared]
    if not curves:
        raise TooLittleEvidence(
            need="two training runs with checkpoints on one benchmark",
            have=f"{len(whole.runs)} training runs on {len(whole.benchmarks)} benchmarks, none in common",
            fix="add checkpoints of another training run on the same benchmarks; --mixed-settings compares runs "
            "that were scored in different settings",
        )
    long, short = ([curve for curve in curves if (len(curve.x) >= LEAST) == is_long] for is_long in (True, False))
    smooths = smooth_curves(long)
    runs, names = sorted({curve.training_run for curve in curves}), sorted(shared)
    lines = [_line(curve, smooth, runs, names) for curve, smooth in zip(long, smooths, strict=True)]
    halved = with_halves(lines, long)  # midpoint and end from checkpoints of their own
    own = params.along != PLACES[0]
    leads = {half: compare_lines(halved, own=own, midpoint=half) for half in MIDPOINTS}
    developer = {curve.training_run: curve.developer for curve in curves}
    if params.rivals:
        makers = np.array([developer[run] for run in runs])
        leads = {half: _kept(one, makers[one.first] != makers[one.second]) for half, one in leads.items()}
    at = np.log10(params.at_flop) if params.at_flop else common_compute(lines, long, short, params.near)
    unit = "fraction" if all(curve.share for curve in curves) else "score"
    ends, equal = at_end(curves, scatter_errors(long, smooths)), at_compute(lines, long, short, at, params.near)
    chosen = leads[params.midpoint]
    sheets = {
        "persistence": persistence_table(leads, names, params.midpoint),
        "end": ranked(ends, unit, "at the last checkpoint of each run"),
        "equal": ranked(equal, unit, f"at {number(10**at)} FLOP"),
        "places": _places(lines, long, params.midpoint, own, unit),
        "pairs": _pairs(chosen, runs, names, unit),
    }  # fmt: skip
    many = len(set(developer.values()) - {""}) > 1
    if many:
        sheets["developers"] = developers(flagships(equal, at), flagships(ends), at, unit)
        sheets["overlay"] = overlaid(long, smooths, short, unit)
    met = meetings(lines, long, short)
    if met:
        sheets["meetings"] = met_table(met, unit)
    notes = list(whole.notes)
    if short:
        text = (
            f"{len(short)} curves have fewer than {LEAST} checkpoints: they are compared at the end, at equal compute "
        )
        notes.append(
            Note("info", "short", text + f"within {params.near:g} decades, and (table meetings) where passed.")
        )
    few = sum(len(curve.x) < ENOUGH for curve in long)
    if few:
        text = (
            f"{few} curves have fewer than {ENOUGH} checkpoints, too few to tell the midpoint and the end apart from "
        )
        notes.append(Note("info", "halves", text + "checkpoints of their own: their leads are not followed."))
    unknown = sum(bool(np.isnan(one.error)) for one in ends)
    if unknown:
        text = (
            f"Of {unknown} curves no error is known at the end: none is told, nor can their few checkpoints tell it by "
        )
        notes.append(Note("warning", "unknown errors", text + "scatter. A column se or items would say it."))
    if 0 < len(equal) < len(curves):
        text = f"{len(curves) - len(equal)} of {len(curves)} curves have no checkpoints around {number(10**at)} FLOP; "
        notes.append(Note("info", "support", text + "--at-flop chooses."))
    if len(chosen.middle) and params.midpoint == "log compute":
        spent = float(np.median(10 ** (chosen.middle - chosen.last)))
        if spent < 0.1:
            text = (
                f"Halfway through log compute only {percent(spent)} of the compute is spent (median): most skills have "
                "hardly begun there, and the order of runs at chance tells little of the end."
            )
            notes.append(Note("warning", "midpoint", text))
    text = "Runs answer the same questions, so differences are surer than their intervals say."
    notes.append(Note("info", "errors", text))
    sentence = f"{order_sentence(sheets['persistence'])} {ahead_sentence(sheets)}"
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


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


def _places(lines: Sequence[Line], curves: Sequence[Curve], midpoint: str, own: bool, unit: str) -> Table:
    """Scores of the runs of each benchmark at one midpoint and one end for all, or at their own."""
    parts = [f"{moment}{end}" for moment in ("midpoint", "last") for end in ("", "_low", "_high")]
    columns = [Column("benchmark"), Column("training_run"), *(Column(part, "number", unit, "score") for part in parts)]
    columns += [Column("midpoint_flop", "number", "FLOP"), Column("last_flop", "number", "FLOP")]
    rows = []
    for name in sorted({curve.benchmark for curve in curves}):
        mine = [i for i, curve in enumerate(curves) if curve.benchmark == name]
        for i, middle, last in shared_window([lines[i] for i in mine], midpoint=midpoint, own=own):
            curve = curves[mine[i]]
            level, error = lines[mine[i]].level(np.array([middle, last]))
            score = -level if curve.falls else level
            ends = [[score[k], score[k] - HALF * error[k], score[k] + HALF * error[k]] for k in (0, 1)]
            told = dict(zip(parts, np.ravel(ends), strict=True))
            flop = {"midpoint_flop": 10**middle, "last_flop": 10**last}
            rows.append({"benchmark": name, "training_run": curve.training_run, **told, **flop})
    return Table.from_rows(columns, rows, "Runs that share less compute than the others are left out.")


def _pairs(leads: Leads, runs: list[str], names: list[str], unit: str) -> Table:
    columns = [
        Column("benchmark"), Column("pair"),
        Column("lead_at_midpoint", "number", unit, "first less second at the midpoint"),
        Column("lead_at_midpoint_low", "number", unit), Column("lead_at_midpoint_high", "number", unit),
        Column("lead_last", "number", unit, "first less second at the end"),
        Column("lead_last_low", "number", unit), Column("lead_last_high", "number", unit), Column("lasts", "flag"),
        Column("outcome", help="tied at the midpoint; else of its leader at the end: kept, level, lost"),
        Column("middle_flop", "number", "FLOP"), Column("last_flop", "number", "FLOP"),
    ]  # fmt: skip
    wide, wider = HALF * leads.error_middle, HALF * leads.error_last
    return Table.of(
        columns,
        benchmark=[names[i] for i in leads.benchmark],
        pair=[f"{runs[a]} − {runs[b]}" for a, b in zip(leads.first, leads.second, strict=True)],
        lead_at_midpoint=leads.lead_middle,
        lead_at_midpoint_low=leads.lead_middle - wide, lead_at_midpoint_high=leads.lead_middle + wide,
        lead_last=leads.lead_last, lead_last_low=leads.lead_last - wider, lead_last_high=leads.lead_last + wider,
        lasts=[bool(one) for one in leads.persists], outcome=[str(one) for one in leads.outcome],
        middle_flop=10**leads.middle, last_flop=10**leads.last,
    )  # fmt: skip


def _few(table: Table, by: str, group: str) -> tuple[Table, str]:
    """At most PLOTS benchmarks, those of most groups, then runs; RUNS runs of each developer, spread over a number."""
    rows = list(table.rows())
    seen = {
        name: {(row[group], row["training_run"]) for row in rows if row["benchmark"] == name}
        for name in table["benchmark"]
    }
    chosen = sorted(seen, key=lambda name: (-len({one for one, _ in seen[name]}), -len(seen[name]), str(name)))[:PLOTS]
    most: dict[Any, dict[Any, float]] = {}
    for row in rows:
        if row["benchmark"] in chosen:
            mine = most.setdefault(row[group] if group == "developer" else "", {})
            mine[row["training_run"]] = max(mine.get(row["training_run"], 0.0), float(row[by] or 0))
    runs = set()
    for size in most.values():
        order = sorted(size, key=lambda run: (size[run], str(run)))
        runs |= {order[i] for i in np.linspace(0, len(order) - 1, min(len(order), RUNS)).round().astype(int)}
    kept = [i for i, row in enumerate(rows) if row["benchmark"] in chosen and row["training_run"] in runs]
    gone = len({row["training_run"] for row in rows}) - len(runs), len(seen) - len(chosen)
    left = " and ".join(f"{n} {what}" for n, what in zip(gone, ("training runs", "benchmarks"), strict=True) if n > 0)
    return table.take(sorted(kept, key=lambda i: str(rows[i]["benchmark"]))), f"Left out: {left}, in the table." * bool(
        left
    )
