"""Do gains on one benchmark during training come with gains on others?

Theme     training and compute
Evidence  checkpoints: scores of training runs on several benchmarks at several amounts of compute
Needs     checkpoints on two benchmarks
Method    scores averaged over equal spans of log compute, gains from span to span pooled over training runs, their
          correlations between benchmarks as they are and beyond the smooth trend of each curve (a line, a bend of any
          pace, slow wandering); 90 % intervals that leave out one training run (or stretch of one) at a time; corrected
          for the errors of scores
Source    Spearman 1904 (correction for attenuation); Fisher 1921; Kuensch 1989 (the block jackknife);
          docs/method/skill-curves.md
Differs   raw correlations are large wherever skills rise with compute at the same time; what is beyond the trend tells
          whether they also rise in the same spurts
"""

from collections.abc import Sequence
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
from ascent.model.gain_correlation import ENOUGH, SPAN, Correlations, Gains, beyond_trend, correlate, gains_of
from ascent.model.gain_trend import LEAST

ENDS = ("low", "mid", "high")
SIDES = {"above": "lies above 0", "below": "lies below 0", "unclear": "holds 0, or is not known"}
CHANCE = (
    0.085  # at most this share of independent pairs has an interval above 0, and below: docs/method/skill-curves.md
)
SHOWN, LETTERS = 30, 26  # benchmarks on the chart, letters of their names


@dataclass(frozen=True, kw_only=True)
class Params(CheckpointKnobs):
    span: float = param(SPAN, "log compute over which scores are averaged", unit="decades", least=0.02, most=2.0)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `correlations`; `summary` has the means over pairs, `gains` what was correlated."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        table = self.prepared["correlations"]
        matrix, left = _square(table)
        raw, *more = self.prepared["summary"].rows()
        title = f"Gains along training correlate at {raw['mid']:+.2f} on average"
        if more:
            title += f", beyond the trend at {more[0]['mid']:+.2f}: {_verdict_of(more[0])}"
        return {
            "correlations": charts.heatmap(
                matrix, row="first", column="second", value="correlation", most=1.0, title=f"{title}.",
                manifest=self.manifest, quantity="correlation of gains", mark="clear", widest=48.0,
                note="Below the diagonal gains as they are, above it beyond each curve's trend. A dot: the pair's "
                f"{MASS:.0%} interval is clear of 0. {left}",
            )
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Correlate gains between benchmarks.

    Raises TooLittleEvidence where no two benchmarks have eight gains in common; UnknownName for names not there.
    """
    whole = params.curves_of(evidence, least=3)
    names, runs = whole.benchmarks, whole.runs
    curves = [_plain(one, runs, names) for one in whole.curves]
    gains = gains_of(curves, len(names), params.span)
    raw, beyond = correlate(gains), correlate(beyond_trend(curves, len(names), params.span))
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
    if not len(beyond.mid):
        text = f"No pair has {ENOUGH} gains beyond a trend, which takes {LEAST} spans; more checkpoints would do."
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
        Column("side", help="of 0 that the interval lies on: above, below or unclear"),
    ]  # fmt: skip
    rows = []
    for words, one in told.items():
        for at in range(len(one.mid)):
            rows.append({
                "first": names[one.first[at]], "second": names[one.second[at]], "gains": words, "low": one.low[at],
                "mid": one.mid[at], "high": one.high[at], "corrected": one.corrected[at], "count": one.count[at],
                "side": str(one.side[at]),
            })  # fmt: skip
    return Table.from_rows(columns, rows, "Errors of scores draw correlations towards 0; `corrected` undoes that.")


def _summary(told: dict[str, Correlations]) -> Table:
    columns = [
        Column("gains"), *(Column(end, "number", "correlation", "mean over pairs" * (end == "mid")) for end in ENDS),
        *(Column(side, "whole", "pairs", f"whose interval {words}") for side, words in SIDES.items()),
        Column("by_chance", "number", "pairs", "at most above 0, and as many below, if none went together"),
        Column("corrected", "number", "correlation", "mean over reliability; empty where errors are most"),
        Column("pairs", "whole", "pairs"),
        Column("blocks", "whole", "blocks", "training runs or stretches left out one at a time"),
    ]  # fmt: skip
    rows = []
    for words, one in told.items():
        if len(one.mid):
            low, mid, high = one.mean
            rows.append({
                "gains": words, "low": low, "mid": mid, "high": high, "pairs": len(one.mid), "blocks": one.blocks,
                "corrected": one.corrected_mean if np.isfinite(one.corrected_mean) else None,
                "by_chance": CHANCE * len(one.mid),
                **{side: int((one.side == side).sum()) for side in SIDES},
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
    many = f"{len(raw.mid):,} pair{'s' if len(raw.mid) != 1 else ''} of benchmarks"
    told = f"Gains along training correlate at {mid:+.2f} on average over {many}"
    if np.isfinite(low):
        told += f" ({MASS:.0%} interval {low:+.2f} to {high:+.2f})"
    if not len(beyond.mid):
        return told + "; whether they do so beyond the common trend cannot be told."
    low, mid, high = beyond.mean
    told += f"; beyond the trend of each curve at {mid:+.2f}"
    if np.isfinite(low):
        told += f" ({low:+.2f} to {high:+.2f})"
    if np.isfinite(beyond.corrected_mean) and abs(beyond.corrected_mean - mid) >= 0.01:
        told += f", {beyond.corrected_mean:+.2f} without the errors of scores"
    count = len(beyond.mid)
    above, below = (int((beyond.side == side).sum()) for side in ("above", "below"))
    verdict = _verdict(above, below, count)
    none = above + below == 0
    told += f": {'none' if none else above} of {count:,} pair{'s' * (count > 1)} clearly above 0"
    told += "" if none else f" and {below} below"
    told += f", where chance alone brings up to {_much(count):.0f} on each side, so {verdict}"
    best = _surest(beyond)
    if count > 1 and best is not None and (above > _much(count) or beyond.sure[best]):
        pair = f"{names[beyond.first[best]]} with {names[beyond.second[best]]}"
        told += "; surest" if above > _much(count) else "; yet"
        told += f" {pair} ({beyond.mid[best]:+.2f}, {beyond.low[best]:+.2f} to {beyond.high[best]:+.2f})"
        if above <= _much(count):
            told += f" go together, even allowing for all {count:,} pairs"
    return told + "."


def _much(count: int) -> int:
    """So many pairs on one side are chance still: its rate and two standard errors of as many independent pairs."""
    return int(CHANCE * count + 2 * float(np.sqrt(CHANCE * (1 - CHANCE) * count)))


def _verdict(above: int, below: int, count: int) -> str:
    """In words, whether more pairs lie on either side than chance would bring."""
    much = _much(count)
    if above > much:
        return "some spurts are shared, some come in turn" if below > much else "some spurts are shared"
    return "some spurts come in turn" if below > much else "no shared spurts can be told"


def _verdict_of(row: dict[str, Any]) -> str:
    return _verdict(int(row["above"]), int(row["below"]), int(row["pairs"]))


def _surest(told: Correlations) -> int | None:
    """The pair with the highest lower end, None where none lies above 0: the largest of many estimates is luck."""
    lower = np.nan_to_num(told.low, nan=-2.0)
    return int(np.argmax(lower)) if len(lower) and lower.max() > 0 else None


def _square(table: Table) -> tuple[Table, str]:
    """Every pair twice, below the diagonal raw, above it beyond the trend; and what is left out: of many benchmarks
    those of the surest pairs are shown, the pair that the headline names first."""
    rows = list(table.rows())
    names = sorted({str(one) for side in ("first", "second") for one in table[side]})

    def sure(row: dict[str, Any]) -> float:
        """How far from 0 the interval ends, the pairs above 0 before those below."""
        low, high = (float(row[end]) if row[end] is not None else np.nan for end in ("low", "high"))
        return 2 + low if low > 0 else -high if high < 0 else -2.0

    shown: dict[str, None] = {}
    for row in sorted(rows, key=lambda one: (one["gains"] == "raw", -sure(one), str(one["first"]), str(one["second"]))):
        for name in (str(row["first"]), str(row["second"])):
            if len(shown) < SHOWN:
                shown.setdefault(name)
    left = len(names) - len(shown)
    names = sorted(shown)
    label = dict(zip(names, _told_apart(names), strict=True))
    place = {name: i for i, name in enumerate(names)}
    cells: dict[tuple[str, str], Any] = {(name, name): (1.0, "") for name in names}
    for row in rows:
        if str(row["first"]) in place and str(row["second"]) in place:
            a, b = sorted((str(row["first"]), str(row["second"])), key=lambda name: place[name])
            cells[(b, a) if row["gains"] == "raw" else (a, b)] = row["mid"], "" if row["side"] == "unclear" else "●"
    columns = [Column("first"), Column("second"), Column("correlation", "number", "correlation"), Column("clear")]
    told = [
        {"first": label[a], "second": label[b], "correlation": cells[a, b][0], "clear": cells[a, b][1]}
        for a in names for b in names if (a, b) in cells
    ]  # fmt: skip
    words = f"Shown: {len(names)} of {len(names) + left} benchmarks, those of the surest pairs." if left else ""
    return Table.from_rows(columns, told), words


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names short enough for the chart, cut in the middle, numbered where that makes two alike.

    >>> _told_apart(["hendrycksTest-high_school_macroeconomics", "PIQA"])
    ['hendry…hool_macroeconomics', 'PIQA']
    """
    half = 6  # names that are alike often begin alike
    short = [name if len(name) <= LETTERS else f"{name[:half]}…{name[half - LETTERS + 1 :]}" for name in names]
    seen: dict[str, int] = {}
    told = []
    for one in short:
        seen[one] = seen.get(one, 0) + 1
        told.append(one if seen[one] == 1 else f"{one[: LETTERS - 4]}… {seen[one]}")
    return told
