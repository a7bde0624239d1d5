"""Which training run is ahead at equal compute and at the end, and does the order at the midpoint last?

Theme     training and compute
Evidence  checkpoints: scores of several training runs on the same benchmarks at several amounts of compute; finished
          models with their compute stand beside them
Needs     checkpoints of two training runs
Method    smooth curves over log compute, compared only where both runs have checkpoints; a pair whose difference at the
          midpoint (of log compute, or of compute) is within its error is tied there; of the others the share whose
          leader is ahead at the end, with an interval that leaves out one training run at a time; at the end and at
          equal compute margins to the leader with 90 % intervals, for all runs and for one run of each developer
Source    Efron and Stein 1981 (the jackknife); smooth curves as in docs/method/skill-curves.md
Differs   two errors are taken as independent, though runs answer the same questions: intervals of margins are wide
          rather than narrow
"""

from collections import Counter
from collections.abc import Mapping, Sequence
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
from ascent.model.leads import (
    MIDPOINTS,
    OUTCOMES,
    Leads,
    Line,
    compare_lines,
    share_with_interval,
    shared_window,
)
from ascent.model.standing_sheets import ENDS, HALF, developers, met_table, overlaid, ranked
from ascent.model.standings import NEAR, at_compute, at_end, common_compute, flagships, meetings
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
        rows, left = _fates(self.prepared["persistence"])
        if len(rows):
            half = str(rows["midpoint"][0])
            made["kept"] = charts.outcomes(
                rows, label="benchmark", mid="mid", low="low", high="high", value="told", form="percent",
                axis="share of clear leaders at the midpoint that are ahead at the end", manifest=self.manifest,
                title=_order(self.prepared["persistence"]), references={"even odds": 0.5},
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
                title=_order(self.prepared["persistence"]) if few else
                "Where training runs stand at the midpoint and at the end of the compute they share",
                manifest=self.manifest, quantity="Score", note=f"{told}Lines that cross changed places; runs that "
                f"share less compute are in no plot. Each plot has its own scale. {left}",
            )  # fmt: skip
            made = {"places": drawn} | made if few else made | {"places": drawn}
        end = percent(self.prepared["end"])
        top = end.take([i for i, row in enumerate(end.rows()) if row["benchmark"] == end["benchmark"][0]][:20])
        made["end"] = charts.ranking(
            top, label="training_run", mid="mid", low="low", high="high", manifest=self.manifest,
            title=f"Scores at the end of training, {end['benchmark'][0]}", quantity="score",
        )  # fmt: skip
        if "overlay" in self.prepared:
            mixed = any(note.about == "settings" and "different settings" in note.text for note in self.notes)
            shown, left = _few(self.prepared["overlay"], "compute_flop", "developer")
            over = charts.overlay(
                percent(shown), panel="benchmark", x="compute_flop", mid="mid", low="low", high="high",
                colour="developer", line="training_run", lone="lone", title=_ahead(self.prepared),
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
    own = params.along != PLACES[0]
    leads = {half: compare_lines(lines, own=own, midpoint=half) for half in MIDPOINTS}
    developer = {curve.training_run: curve.developer for curve in curves}
    if params.rivals:
        makers = np.array([developer[run] for run in runs])
        leads = {half: _kept(one, makers[one.first] != makers[one.second]) for half, one in leads.items()}
    at = np.log10(params.at_flop) if params.at_flop else common_compute(lines, long, short, params.near)
    unit = "fraction" if all(curve.share for curve in curves) else "score"
    ends, equal = at_end(curves), at_compute(lines, long, short, at, params.near)
    chosen = leads[params.midpoint]
    sheets = {
        "persistence": _persistence(leads, names, params.midpoint),
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
    sentence = f"{_order(sheets['persistence'])} {_ahead(sheets)}"
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


def _persistence(leads: dict[str, Leads], names: list[str], first: str) -> Table:
    columns = [
        Column("benchmark"), Column("midpoint", help="half of what"),
        Column("leads", help="every one, or those beyond their error at the midpoint"),
        *(Column(end, "number", "probability", "that the order lasts" * (end == "mid")) for end in ENDS),
        Column("lasting", "whole", "pairs"), Column("pairs", "whole", "pairs"),
        Column("kept", "whole", "pairs", "leader at the midpoint clearly ahead at the end"),
        Column("level", "whole", "pairs", "a clear leader at the midpoint, none at the end"),
        Column("lost", "whole", "pairs", "leader at the midpoint clearly behind at the end"),
        Column("tied", "whole", "pairs", "within their error at the midpoint"),
    ]  # fmt: skip
    rows = []
    for half in sorted(leads, key=lambda one: one != first):
        here = leads[half]
        outcome = here.outcome
        for at, name in enumerate(["all", *names]):
            mine = np.ones(len(here.benchmark), dtype=bool) if at == 0 else here.benchmark == at - 1
            for words, chosen in (("every", mine), ("clear", mine & here.clear)):
                if chosen.any():
                    holds = here.persists[chosen]
                    low, mid, high = share_with_interval(holds, here.first[chosen], here.second[chosen])
                    counts = {one: int((outcome[chosen] == one).sum()) for one in OUTCOMES}
                    rows.append({
                        "benchmark": name, "midpoint": half, "leads": words, "low": low, "mid": mid, "high": high,
                        "lasting": int(holds.sum()), "pairs": int(chosen.sum()), **counts,
                    })  # fmt: skip
    return Table.from_rows(columns, rows, "Order at the midpoint against order at the end, of each pair of runs.")


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


def _order(persistence: Table) -> str:
    """Whether the order at the midpoint is the final one, in words that the interval bears out."""
    told = []
    for half in dict.fromkeys(persistence["midpoint"]):
        rows = {row["leads"]: row for row in persistence.rows() if (row["benchmark"], row["midpoint"]) == ("all", half)}
        clear, pairs = rows.get("clear"), rows["every"]["pairs"]
        noun = "pair" if pairs == 1 else "pairs"
        if clear is None:
            told.append(f"halfway through {half} none of {pairs} {noun} of runs has a clear leader")
            continue
        share = f"{float(clear['mid'] or 0):.0%}"
        if clear["low"] is not None:
            low, high = float(clear["low"]), float(clear["high"] or 0)
            share += f" ({MASS:.0%} interval {low:.0%} to {high:.0%})"
            share += "" if low > 0.5 or high < 0.5 else ", not told from even odds"
        some = f"halfway through {half} ({clear['pairs']} of {pairs} {noun})"
        told.append(
            f"one so {some} in {share}" if told else f"a run clearly ahead {some} is ahead at the end in {share}"
        )
    text = "; ".join(told) or "no two runs have enough compute in common to tell whether leads last"
    return f"{text[0].upper()}{text[1:]}."


def _ahead(sheets: Mapping[str, Table]) -> str:
    """Who leads on the first benchmark and by how much; of several developers at equal compute, where they meet."""
    rows, where, told = list(sheets["end"].rows()), "at the end", ""
    names = [str(row["training_run"]) for row in rows]
    met = [row for row in sheets["developers"].rows() if row["at"] != "the end"] if "developers" in sheets else []
    if met:
        rows, where = met, f"at {met[0]['at']}"
        names = [f"{row['training_run']} ({row['developer'] or 'not stated'})" for row in rows]
        second = [row for row, before in zip(rows[1:], rows, strict=False) if str(before["place"]) == "1"]
        first = [row for row in rows if str(row["place"]) == "1"]
        wins = Counter(
            str(one["developer"]) for one, two in zip(first, second, strict=True) if float(two["behind_low"] or 0) > 0
        )
        led = ", ".join(
            f"{maker} on {count}" for maker, count in sorted(wins.items(), key=lambda one: (-one[1], one[0]))
        )
        if len(first) > 1:
            told = f"{where[0].upper()}{where[1:]} {len({row['developer'] for row in rows})} developers meet on "
            told += (
                f"{len(first)} benchmarks, two or more on each; clearly ahead is {led or 'none'} (of equals one would "
            )
            told += f"be on about {(1 - MASS) * len(first):.0f}). "
    low, mid, high = (100 * float(rows[1][name] or 0) for name in ("behind_low", "behind", "behind_high"))
    ahead = "is ahead of" if low >= 0.05 else "cannot be told from"  # as far as the printed digits show it
    told += f"On {rows[0]['benchmark']} {names[0]} {ahead} {names[1]} {where}"
    apart = f"{mid:.1f} points{' ahead' if low < 0.05 else ''} ({MASS:.0%} interval {low:.1f} to {high:.1f})"
    return f"{told}, by {apart}." if low >= 0.05 else f"{told}: {apart}."


def _fates(persistence: Table) -> tuple[Table, str]:
    """What became of clear leads, by benchmark, for the chart; and what it leaves out."""
    half = next(iter(persistence["midpoint"]), None)
    rows = [row for row in persistence.rows() if row["midpoint"] == half]
    every = {row["benchmark"]: row for row in rows if row["leads"] == "every"}
    clear = [row for row in rows if row["leads"] == "clear"]
    kept = sorted(clear, key=lambda row: (row["benchmark"] != "all", -float(row["mid"] or 0), str(row["benchmark"])))
    told = [
        {**row, "told": f"{row['kept']} ahead, {row['level']} level, {row['lost']} behind; "
                        f"{every[row['benchmark']]['tied']} tied"}
        for row in kept[:ROWS]
    ]  # fmt: skip
    none = [str(name) for name in every if name not in {row["benchmark"] for row in clear}]
    left = f"No clear lead at the midpoint: {', '.join(none[:6])}{' and others' if len(none) > 6 else ''}. " * bool(
        none
    )
    left += f"{len(kept) - ROWS} benchmarks more are in the table." * (len(kept) > ROWS)
    return Table.from_rows([*persistence.columns, Column("told")], told), left


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
