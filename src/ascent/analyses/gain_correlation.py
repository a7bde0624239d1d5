"""Do gains on one benchmark during training come with gains on others?

Theme     training and compute
Evidence  checkpoints: scores of training runs on several benchmarks at several amounts of compute
Needs     checkpoints on two benchmarks
Method    scores averaged over equal spans of log compute, gains from span to span pooled over training runs, their
          correlations between benchmarks as they are and beyond their running means; 90 % intervals that leave out one
          training run (or stretch of one) at a time; corrected for the errors of scores
Source    Spearman 1904 (correction for attenuation); Fisher 1921; Kuensch 1989 (the block jackknife);
          docs/method/skill-curves.md
Differs   raw correlations are large wherever skills rise with compute at the same time; what is beyond the trend tells
          whether they also rise in the same spurts
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoint_knobs import CheckpointKnobs
from ascent.measure.checkpoints import Curve
from ascent.model.gain_correlation import (
    ENOUGH,
    REACH,
    SPAN,
    Correlations,
    Gains,
    beyond_trend,
    correlate,
    gains_of,
)

ENDS = ("low", "mid", "high")


@dataclass(frozen=True, kw_only=True)
class Params(CheckpointKnobs):
    span: float = param(SPAN, "log compute over which scores are averaged", unit="decades", least=0.02, most=2.0)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `correlations`; `summary` has the means over pairs, `gains` what was correlated."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        table = self.prepared["correlations"]
        matrix = _square(table)
        return {
            "correlations": charts.heatmap(
                matrix, row="first", column="second", value="correlation", most=1.0, title=self.sentence,
                manifest=self.manifest, quantity="correlation of gains",
                note="Below the diagonal gains as they are, above it beyond the trend that each benchmark has.",
            )
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Correlate gains between benchmarks.

    Raises TooLittleEvidence where no two benchmarks have eight gains in common; UnknownName for names not there.
    """
    whole = params.curves_of(evidence, least=3)
    names, runs = whole.benchmarks, whole.runs
    gains = gains_of([_plain(one, runs, names) for one in whole.curves], len(names), params.span)
    raw, beyond = correlate(gains), correlate(beyond_trend(gains))
    if not len(raw.mid):
        raise TooLittleEvidence(
            need=f"two benchmarks with {ENOUGH} gains over {params.span:g} decades of compute in common",
            have=f"{len(names)} benchmarks and {len(gains.run)} gains on any of them",
            fix="add checkpoints of both on the same training runs, or shorten --span",
        )
    sheets = {
        "correlations": _table({"raw": raw, "beyond the trend": beyond}, names),
        "summary": _summary({"raw": raw, "beyond the trend": beyond}),
        "gains": _gains(gains, names, runs),
    }
    notes = list(whole.notes)
    away = sum(1 for one in beyond.low if one > 0), sum(1 for one in beyond.high if one < 0)
    if len(beyond.mid):
        text = f"Of {len(beyond.mid)} pairs {away[0]} have an interval above 0 and {away[1]} below, beyond the trend; "
        notes.append(Note("info", "pairs", f"{text}of independent ones one in twenty would lie on either side."))
    else:
        text = (
            f"No pair has {ENOUGH} gains beyond a running mean over {2 * REACH + 1} spans; more checkpoints would do."
        )
        notes.append(Note("warning", "trend", text))
    if raw.blocks < 6:
        text = f"Intervals rest on {raw.blocks} stretches of training only; more training runs would make them surer."
        notes.append(Note("warning", "blocks", text))
    return Answer(Manifest.stamp(__name__, params, evidence), _sentence(raw, beyond, names), sheets, tuple(notes))


def _plain(curve: Curve, runs: list[str], names: list[str]) -> tuple[int, int, Any, Any, Any]:
    return runs.index(curve.training_run), names.index(curve.benchmark), curve.x, curve.rising, curve.se


def _table(told: dict[str, Correlations], names: list[str]) -> Table:
    columns = [
        Column("first"), Column("second"), Column("gains", help="as they are, or beyond the trend"),
        *(Column(end, "number", "correlation", "of gains" * (end == "mid")) for end in ENDS),
        Column("corrected", "number", "correlation", "for the errors of scores; empty where those are most of it"),
        Column("count", "whole", "gains", "that both have"),
    ]  # fmt: skip
    rows = []
    for words, one in told.items():
        for at in range(len(one.mid)):
            rows.append({
                "first": names[one.first[at]], "second": names[one.second[at]], "gains": words, "low": one.low[at],
                "mid": one.mid[at], "high": one.high[at], "corrected": one.corrected[at], "count": one.count[at],
            })  # fmt: skip
    return Table.from_rows(columns, rows, "Errors of scores draw correlations towards 0; `corrected` undoes that.")


def _summary(told: dict[str, Correlations]) -> Table:
    columns = [
        Column("gains"), *(Column(end, "number", "correlation", "mean over pairs" * (end == "mid")) for end in ENDS),
        Column("corrected", "number", "correlation"), Column("pairs", "whole", "pairs"),
        Column("blocks", "whole", "blocks", "training runs or stretches left out one at a time"),
    ]  # fmt: skip
    rows = []
    for words, one in told.items():
        if len(one.mid):
            low, mid, high = one.mean
            known = one.corrected[np.isfinite(one.corrected)]
            rows.append({
                "gains": words, "low": low, "mid": mid, "high": high, "pairs": len(one.mid), "blocks": one.blocks,
                "corrected": float(known.mean()) if len(known) else None,
            })  # fmt: skip
    return Table.from_rows(columns, rows)


def _gains(gains: Gains, names: list[str], runs: list[str]) -> Table:
    columns = [
        Column("training_run"), Column("benchmark"), Column("span", "whole", "spans of log compute"),
        Column("gain", "number", "score"), Column("error", "number", "score"),
    ]  # fmt: skip
    rows = [
        {"training_run": runs[gains.run[g]], "benchmark": names[b], "span": int(gains.span[g]),
         "gain": gains.gain[g, b], "error": gains.error[g, b]}
        for g in range(len(gains.run)) for b in np.flatnonzero(np.isfinite(gains.gain[g]))
    ]  # fmt: skip
    return Table.from_rows(columns, rows)


def _sentence(raw: Correlations, beyond: Correlations, names: list[str]) -> str:
    low, mid, high = raw.mean
    many = f"{len(raw.mid)} pair{'s' if len(raw.mid) != 1 else ''} of benchmarks"
    told = f"Gains along training correlate at {mid:+.2f} on average over {many}"
    if np.isfinite(low):
        told += f" ({MASS:.0%} interval {low:+.2f} to {high:+.2f})"
    if not len(beyond.mid):
        return told + "; whether they do so beyond the common trend cannot be told."
    low, mid, high = beyond.mean
    told += f"; beyond the trend that each has, at {mid:+.2f}"
    if np.isfinite(low):
        told += f" ({low:+.2f} to {high:+.2f})"
        told += (
            ", so they also come in the same spurts"
            if low > 0
            else ", which does not differ from none"
            if high > 0
            else ""
        )
    # The largest of thousands of estimates is mostly luck; the highest lower end is less so.
    best = int(np.argmax(np.nan_to_num(beyond.low, nan=-2.0)))
    pair = f"{names[beyond.first[best]]} with {names[beyond.second[best]]}"
    ends = f"{beyond.mid[best]:+.2f}, {MASS:.0%} interval {beyond.low[best]:+.2f} to {beyond.high[best]:+.2f}"
    if len(beyond.mid) > 1 and beyond.low[best] > 0:
        told += f". Of {len(beyond.mid):,} pairs the surest is {pair} ({ends})"
    return told + "."


def _square(table: Table) -> Table:
    """Every pair twice: below the diagonal raw, above it beyond the trend."""
    names = sorted({str(one) for side in ("first", "second") for one in table[side]})
    place = {name: i for i, name in enumerate(names)}
    cells: dict[tuple[str, str], Any] = {(name, name): 1.0 for name in names}
    for row in table.rows():
        a, b = sorted((str(row["first"]), str(row["second"])), key=lambda name: place[name])
        cells[(b, a) if row["gains"] == "raw" else (a, b)] = row["mid"]
    columns = [Column("first"), Column("second"), Column("correlation", "number", "correlation")]
    rows = [
        {"first": a, "second": b, "correlation": cells.get((a, b))} for a in names for b in names if (a, b) in cells
    ]
    return Table.from_rows(columns, rows)
