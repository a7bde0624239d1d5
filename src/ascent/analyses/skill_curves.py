"""How do skills grow along training: gradually, with plateaus, or in breakthroughs?

Theme     training and compute
Evidence  checkpoints: scores of one training run on one benchmark at several amounts of compute, with their errors or
          numbers of items, and the phase of training where told
Needs     checkpoints of a training run
Method    per training run and benchmark a smooth curve over log compute (Gaussian process, lengths averaged over) with
          a pointwise 90 % band, free and rising; stretches called plateau or breakthrough by contrasts of neighbouring
          stretches, against the largest contrast of noise in the whole curve; the same test on log odds; gains of
          phases from their last checkpoints; the final score predicted by curves averaged over shapes
Source    Rasmussen and Williams 2006 (Gaussian processes); Chernozhukov, Fernandez-Val and Galichon 2009 (rising
          curves); Berger 1982 and Westfall and Young 1993 (the test); Schaeffer et al. 2023, arXiv:2304.15004 (jumps
          made by the metric); docs/method/skill-curves.md
Differs   sudden means: more gained within a quarter of a decade of compute than in the half decades before and after
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS
from ascent.core.errors import WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoint_knobs import CheckpointKnobs
from ascent.measure.checkpoint_starts import starts_of
from ascent.measure.checkpoint_suites import pooled_suites
from ascent.measure.checkpoints import Curve, Curves
from ascent.model.curve_drawn import scale_panels
from ascent.model.curve_phases import phase_rows, phase_sheet, phase_words
from ascent.model.curve_segments import RATE, SUDDEN, Segments
from ascent.model.curve_words import remarks, title_of, told_of
from ascent.model.training_curves import LEAST, Fitted, fit_curves, predicted_final

ENDS = ("low", "mid", "high")
DRAWN = 9, 6  # plots, and training runs in each
LOOKS = {"breakthrough": "#d55e00", "plateau": "#7a7f87"}


@dataclass(frozen=True, kw_only=True)
class Params(CheckpointKnobs):
    sudden: float = param(SUDDEN, "most that a breakthrough takes", unit="decades of compute", least=0.01, most=2.0)
    predict_from: float = param(
        0.0, "first part of log compute to predict the final score from", unit="share", least=0.0, most=0.99
    )
    curves: int = param(
        400, "most curves; of more, runs spread over compute are taken", unit="curves", least=1, most=100_000
    )
    subjects: bool = param(False, "each of MMLU's subjects, not one curve of all of them")
    draws: int = param(999, "draws of noise for the p-values, at least 199", unit="draws", least=0, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `skills`; `curve` has the smooth curves, `segments` their stretches, `phases` gains."""

    plain: dict[str, Any] = field(default_factory=dict)
    title: str = ""

    def stable(self) -> dict[str, Any]:
        """Per training run and benchmark its curve, segments and, where asked for, final score."""
        return dict(self.plain)

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.panels import renamed
        from ascent.core.charts.prepare import percent

        chosen = _drawn(self.prepared["skills"])

        def only(name: str) -> Table:
            sheet = self.prepared[name]
            pairs = zip(sheet["training_run"], sheet["benchmark"], strict=True)
            return percent(sheet.take([i for i, pair in enumerate(pairs) if pair in chosen]))

        segments, points = only("segments"), only("checkpoints")
        marks = segments.take([i for i, kind in enumerate(segments["kind"]) if kind != "gradual"])
        found = sorted({str(kind) for kind in marks["kind"]})
        wide = float(self.manifest.params.get("sudden", SUDDEN))
        kinds = {
            "breakthrough": f"breakthroughs (solid: more gained within a factor of {10**wide:.1f} of compute than in "
            f"the factors of {100**wide:.1f} before and after)", "plateau": "plateaus (dashed)",
        }  # fmt: skip
        told = (
            f"Bars at the foot, in the colour of their curve, mark {' and '.join(kinds[kind] for kind in found)}. "
            if found
            else ""
        )
        sheet = self.prepared["phases"]
        phases = list(dict.fromkeys(str(one) for one in sheet["phase"]))
        told += f"Dashes mark where a phase begins ({', then '.join(phases)}). " if len(phases) > 1 else ""
        left = len(self.prepared["skills"]) - len(chosen)
        if left > 0:
            told += (
                f"Shown are those found, the largest gains and runs spread over compute; {left} more are in the tables."
            )
        made = {
            "curves": charts.panels(
                only("curve"), panel="benchmark", x="compute_flop", mid="mid", low="low", high="high",
                colour="training_run", points=renamed(points, score="mid"), edges=_edges(points),
                marks=renamed(marks, from_flop="start", to_flop="end"), looks=LOOKS,
                title=self.title, manifest=self.manifest, quantity="Score", note=told, owned=True,
            )
        }  # fmt: skip
        gains, flop, few = phase_rows(sheet)
        if len(phases) > 1 and len(gains):
            say = f"{few} more curves, of smaller gains, are in the table. " * (few > 0)
            bare = sorted({str(row["phase"]) for row in sheet.rows() if row["gain"] is None})
            say += f"Not known for want of an earlier checkpoint: {', '.join(bare)}. " * bool(bare)
            per = f"Gain per {flop:.0e} FLOP".replace("e+", "e")
            for name, mid, what in (("phases", "gain", "Gain"), ("phases_per_flop", "per", per)):
                made[name] = charts.ranking(
                    percent(gains, "points"), label="label", mid=mid, low=f"{mid}_low", high=f"{mid}_high",
                    title=f"{what} of each phase of training", manifest=self.manifest, quantity="Gain", ordered=False,
                    group="phase", note=f"Of each benchmark its phases in order of training. {say}",
                )  # fmt: skip
        lines, dots, shades = scale_panels(self.prepared)
        if len(lines):
            made["scales"] = charts.panels(
                lines, panel="panel", x="compute_flop", mid="mid", low="low", high="high", colour="training_run",
                points=dots, marks=shades, looks=LOOKS, free=True, columns=2, quantity="Score",
                title="The same checkpoints as scored and in log odds", manifest=self.manifest,
                note="Left as scored, in percent; right log(score / (1 - score)). A shaded stretch is sudden (orange) "
                "or a plateau (grey) on that scale; on one scale alone it may be made by the scale.",
            )  # fmt: skip
        if "final" in self.prepared and len(self.prepared["final"]):
            final = percent(self.prepared["final"])
            made["final"] = charts.scatter_fit(
                final, x="measured", y="mid", low="low", high="high", label="training_run", group="benchmark",
                title="Predicted final scores against those measured", manifest=self.manifest, quantity="predicted",
                fit=_equal(final), line="line", note="On the line both agree.",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Follow scores along training.

    Raises TooLittleEvidence where no training run has five checkpoints with compute on one benchmark; UnknownName for a
    training run, benchmark, metric or setting that is not there; WrongUse for a share that leaves nothing to predict.
    """
    if 0 < params.predict_from < 0.1:
        raise WrongUse("--predict-from takes a share from 0.1 to 0.99: less of a curve tells nothing of its end.")
    whole = params.curves_of(evidence, least=LEAST)
    if not params.subjects:
        whole = pooled_suites(whole)
    curves, notes = _picked(whole, params.curves)
    fits = fit_curves(curves, sudden=params.sudden, rate=RATE, draws=max(params.draws, 199), seed=params.seed)
    unit = "fraction" if all(one.curve.share for one in fits) else "score"
    sheets = {
        "skills": _skills(fits, unit), "segments": _segments(fits, unit), "curve": _curve(fits, unit),
        "phases": phase_sheet(fits, starts_of(evidence, curves), unit), "scales": _scales(fits),
        "checkpoints": _checkpoints(fits, unit),
    }  # fmt: skip
    finals: dict[int, dict[str, Any]] = {}
    if params.predict_from:
        finals = _finals(fits, params)
        sheets["final"] = Table.from_rows(
            [Column("training_run"), Column("benchmark"), *(Column(end, "number", unit) for end in ENDS),
             Column("measured", "number", unit, "score of the last checkpoint"), Column("inside", "flag"),
             Column("compute_flop", "number", "FLOP", "of the last checkpoint")],
            list(finals.values()), f"Predicted from the first {params.predict_from:.0%} of log compute.",
        )  # fmt: skip
    notes += remarks(fits, sheets, params.predict_from)
    by_phase = phase_words(sheets["phases"], unit == "fraction")
    sentence = told_of(fits, list(finals.values()), params.predict_from, by_phase)
    plain = {"curves": [_stable(one, finals.get(at)) for at, one in enumerate(fits)]}
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes), plain, title_of(fits))


def _picked(whole: Curves, most: int) -> tuple[list[Curve], list[Note]]:
    """At most this many curves: benchmarks as they are, training runs spread over final compute."""
    curves, notes = list(whole.curves), list(whole.notes)
    if len(curves) <= most:
        return curves, notes
    reach = {run: max(c.x[-1] for c in curves if c.training_run == run) for run in whole.runs}
    runs = sorted(whole.runs, key=lambda run: (reach[run], run))
    gains = {
        name: max(abs(c.score[-1] - c.score[0]) for c in curves if c.benchmark == name) for name in whole.benchmarks
    }
    names = sorted(gains, key=lambda name: (-gains[name], name))[: max(1, most // min(len(runs), 6))]
    spread = np.linspace(0, len(runs) - 1, max(1, min(len(runs), most // len(names)))).round().astype(int)
    kept = {runs[i] for i in spread}
    chosen = [c for c in curves if c.training_run in kept and c.benchmark in names][:most]
    text = f"{len(chosen)} of {len(curves)} curves were fitted: {len(kept)} training runs spread over compute, "
    text += f"{len(names)} benchmarks of the largest gains. --curves takes more, --training-run and --benchmark choose."
    return chosen, [*notes, Note("info", "curves", text)]


def _skills(fits: Sequence[Fitted], unit: str) -> Table:
    columns = [
        Column("training_run"), Column("benchmark"), Column("metric"), Column("setting"), Column("developer"),
        Column("shape", help="gradual, or what else its stretches are"), Column("trend", help="rising, flat, falling"),
        Column("p", "number", "probability", "that a curve without jumps and plateaus looks as uneven anywhere"),
        Column("gain", "number", unit, "of the smooth curve from first to last checkpoint; positive is more skill"),
        Column("gain_low", "number", unit), Column("gain_high", "number", unit),
        *(Column(f"end_{end}", "number", unit, "score at the last checkpoint" * (end == "mid")) for end in ENDS),
        Column("compute_flop", "number", "FLOP", "of the last checkpoint"),
        Column("checkpoints", "whole", "checkpoints"),
        Column("smallest_jump", "number", unit, "found in 80 % of cases, where one can be told"),
        Column("shortest_plateau", "number", "decades", "found in 80 % of cases, at its mean pace"),
        Column("jumps_tested", "number", "share", "of the log compute where checkpoints are dense enough for a jump"),
        Column("scatter", "number", "x", "variance about the curve over what the errors say"),
        Column("shared", "number", "share", "of the errors' variance that all checkpoints share, for certain"),
    ]  # fmt: skip
    rows = []
    for one in fits:
        low, gain, high = one.change
        rows.append({
            **_who(one), "metric": one.curve.metric, "setting": one.curve.setting or None,
            "developer": one.curve.developer or None, "shape": " and ".join(one.kinds) or "gradual", "trend": one.trend,
            "p": float(one.segments.p.min()), "gain": gain, "gain_low": low, "gain_high": high,
            "end_low": one.smooth.low[-1], "end_mid": one.smooth.mid[-1], "end_high": one.smooth.high[-1],
            "compute_flop": 10 ** one.curve.x[-1], "checkpoints": len(one.curve.x),
            "smallest_jump": one.segments.power.jump, "shortest_plateau": one.segments.power.plateau,
            "jumps_tested": one.segments.power.covered,
            "scatter": one.smooth.scatter, "shared": one.smooth.shared,
        })  # fmt: skip
    rows.sort(key=lambda row: (-row["gain"], row["training_run"], row["benchmark"]))
    return Table.from_rows(columns, rows)


def _segments(fits: Sequence[Fitted], unit: str) -> Table:
    columns = [
        Column("training_run"), Column("benchmark"), Column("from_flop", "number", "FLOP"),
        Column("to_flop", "number", "FLOP"), Column("kind", help="gradual, plateau or breakthrough"),
        Column("p_value", "number", "probability", "of a contrast as large as its own anywhere in a curve without any"),
        Column("tested", "whole", "stretches", "in it that could be a plateau or breakthrough; with none p is 1"),
        Column("gain", "number", unit), Column("gain_low", "number", unit), Column("gain_high", "number", unit),
    ]  # fmt: skip
    rows = [{**_who(one), **row} for one in fits for row in _stretches(one)]
    return Table.from_rows(columns, rows, f"False alarms: {RATE:.0%} of curves without plateaus and breakthroughs.")


def _stretches(one: Fitted) -> list[dict[str, Any]]:
    found = one.segments
    wide = 1.645 * found.gain_error
    if len(wide) == 1:  # the whole curve: its gain is that of the table skills
        wide = np.array([(one.change[2] - one.change[0]) / 2])
    return [
        {"from_flop": 10.0 ** found.start[i], "to_flop": 10.0 ** found.end[i], "kind": kind, "p_value": found.p[i],
         "tested": int(found.within[i]), "gain": found.gain[i],
         "gain_low": found.gain[i] - wide[i], "gain_high": found.gain[i] + wide[i]}
        for i, kind in enumerate(found.kind)
    ]  # fmt: skip


def _curve(fits: Sequence[Fitted], unit: str) -> Table:
    names = (*ENDS, *(f"rising_{end}" for end in ENDS))
    columns = [Column("training_run"), Column("benchmark"), Column("compute_flop", "number", "FLOP")]
    columns += [Column(name, "number", unit, "score" * (name == "mid")) for name in names]
    rows = []
    for one in fits:
        s = one.smooth
        rising = [part[::-1] if one.curve.falls else part for part in (s.rising_low, s.rising, s.rising_high)]
        parts = [s.low, s.mid, s.high, *rising]
        for at, x in enumerate(s.x):
            told = {name: part[at] for name, part in zip(names, parts, strict=True)}
            rows.append({**_who(one), "compute_flop": 10.0**x, **told})
    return Table.from_rows(columns, rows, f"Pointwise {MASS:.0%} bands; the rising ones never fall with compute.")


def _scales(fits: Sequence[Fitted]) -> Table:
    """The same checkpoints judged on two scales: what only one of them shows may be made by the scale."""
    columns = [
        Column("training_run"), Column("benchmark"), Column("as_scored", help="shape on the metric's own scale"),
        Column("p_as_scored", "number", "probability"), Column("in_log_odds", help="shape of log(score / (1 - score))"),
        Column("p_in_log_odds", "number", "probability"), Column("agree", "flag"),
        Column("segments_in_log_odds", help="those not gradual: kind, start and end in FLOP"),
    ]  # fmt: skip
    rows = []
    for one in fits:
        if one.odds is None:
            continue
        here, there = one.kinds, sorted(set(one.odds.kind) - {"gradual"})
        rows.append({
            **_who(one), "as_scored": " and ".join(here) or "gradual", "p_as_scored": float(one.segments.p.min()),
            "in_log_odds": " and ".join(there) or "gradual", "p_in_log_odds": float(one.odds.p.min()),
            "agree": here == there, "segments_in_log_odds": _spans(one.odds),
        })  # fmt: skip
    return Table.from_rows(columns, rows)


def _spans(found: Segments) -> str | None:
    parts = zip(found.kind, found.start, found.end, strict=True)
    told = [f"{kind} {10.0**start:.4g} {10.0**end:.4g}" for kind, start, end in parts if kind != "gradual"]
    return "; ".join(told) or None


def _checkpoints(fits: Sequence[Fitted], unit: str) -> Table:
    columns = [
        Column("training_run"), Column("benchmark"), Column("compute_flop", "number", "FLOP"),
        Column("score", "number", unit), Column("se", "number", unit), Column("phase"),
    ]  # fmt: skip
    rows = [
        {**_who(one), "compute_flop": 10.0**x, "score": score, "se": se, "phase": phase or None}
        for one in fits
        for x, score, se, phase in zip(one.curve.x, one.curve.score, one.curve.se, one.curve.phase, strict=True)
    ]
    return Table.from_rows(columns, rows)


def _finals(fits: Sequence[Fitted], params: Params) -> dict[int, dict[str, Any]]:
    found = {}
    for at, one in enumerate(fits):
        told = predicted_final(one.curve, params.predict_from, params.seed)
        if np.isfinite(told.mid):
            measured = float(one.curve.score[-1])
            found[at] = {
                **_who(one), "low": told.low, "mid": told.mid, "high": told.high, "measured": measured,
                "inside": told.low <= measured <= told.high, "compute_flop": 10 ** float(one.curve.x[-1]),
            }  # fmt: skip
    return found


def _stable(one: Fitted, final: dict[str, Any] | None) -> dict[str, Any]:
    s = one.smooth
    told: dict[str, Any] = {
        **_who(one), "metric": one.curve.metric,
        "curve": [{"compute_flop": 10.0**float(x), "mid": float(m), "low": float(a), "high": float(b)}
                  for x, m, a, b in zip(s.x, s.mid, s.low, s.high, strict=True)],
        "segments": [{name: row[name] if name == "kind" else float(row[name])
                      for name in ("from_flop", "to_flop", "kind", "p_value")} for row in _stretches(one)],
    }  # fmt: skip
    if final:
        told["final"] = {name: final[name] for name in (*ENDS, "measured")}
    return told


def _who(one: Fitted) -> dict[str, Any]:
    return {"training_run": one.curve.training_run, "benchmark": one.curve.benchmark}


def _drawn(skills: Table) -> set[tuple[Any, Any]]:
    """The curves on the chart: benchmarks of most alarms, then of the largest gains; runs with an alarm and runs spread
    over compute."""
    found = [row for row in skills.rows() if row["shape"] != "gradual"]
    alarms = Counter(row["benchmark"] for row in found)
    names = sorted(alarms, key=lambda name: (-alarms[name], str(name)))[: DRAWN[0] // 3]
    names = list(dict.fromkeys([*names, *skills["benchmark"]]))[: DRAWN[0]]
    reach: dict[Any, float] = {}
    for row in skills.rows():
        reach[row["training_run"]] = max(reach.get(row["training_run"], 0.0), float(row["compute_flop"] or 0.0))
    with_alarm = Counter(row["training_run"] for row in found if row["benchmark"] in names)
    # A run with both kinds shows more than one with either.
    both = {row["training_run"]: len(str(row["shape"])) for row in found}
    first = sorted(with_alarm, key=lambda run: (-both[run], -with_alarm[run], str(run)))[: DRAWN[1] // 2]
    rest = sorted(set(reach) - set(first), key=lambda run: (reach[run], str(run)))
    spread = np.linspace(0, len(rest) - 1, max(0, min(len(rest), DRAWN[1] - len(first)))).round().astype(int)
    kept = {*first, *(rest[i] for i in spread)}
    pairs = zip(skills["training_run"], skills["benchmark"], strict=True)
    return {pair for pair in pairs if pair[0] in kept and pair[1] in names}


def _edges(points: Table) -> Table:
    """The checkpoints with which a further phase begins."""
    rows = list(points.rows())
    who = [(row["training_run"], row["benchmark"]) for row in rows]
    new = [i for i in range(1, len(rows)) if who[i] == who[i - 1] and rows[i]["phase"] != rows[i - 1]["phase"]]
    return points.take(new)


def _equal(final: Table) -> Table:
    ends = [float(value) for name in ("mid", "measured") for value in final[name] if value is not None]
    unit = next(column.unit for column in final.columns if column.name == "mid")
    columns = [Column("line"), *(Column(name, "number", unit) for name in ("measured", *ENDS))]
    rows = [{"line": "equal", "measured": at, "mid": at} for at in (min(ends), max(ends))]
    return Table.from_rows(columns, rows)
