"""Phases of training: what each added to every benchmark, in the table, on the picture and in words.

A phase runs from the last checkpoint of the phase before to its own last. The first begins at the score before any
training (step 0) where that is there, else at its own first checkpoint; where it has no more than that one, what it
gained is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.display import plain
from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.core.tables import Column, Table
from ascent.measure.checkpoints import Curve
from ascent.model.training_curves import Fitted, point_errors

LETTERS = 32  # of a row's name on the picture
ROWS = 40  # on the picture
SAID = 5  # phases named in the sentence


@dataclass(frozen=True)
class Phase:
    """One phase of one curve.

    gain         score at its last checkpoint less that at the last of the phase before; NaN where that is not known
    low, high    interval of the gain, the two scores taken as independent
    compute_flop FLOP between the two
    """

    name: str
    gain: float
    low: float
    high: float
    compute_flop: float


def phases_of(curve: Curve, se: Floats, *, freedom: float = np.inf, start: tuple[float, float] | None = None
) -> list[Phase]:  # fmt: skip
    """Gain and compute of each phase in order; the known gains add up to the gain from where the first begins.

    se       (checkpoint,) errors of single scores;  freedom  degrees of freedom behind them
    start    score before any training and its error (NaN: as the first checkpoint's)

    A name that comes back later is a phase of its own. Without names there is one phase, called training.
    """
    names = [name or "training" for name in curve.phase]
    last = [i for i in range(len(names)) if i == len(names) - 1 or names[i + 1] != names[i]]
    half = (1 + MASS) / 2
    reach = float(student_quantile(half, freedom)) if np.isfinite(freedom) else normal_quantile(half)
    rising, flop, errors = curve.rising, 10.0**curve.x, np.asarray(se, dtype=float)
    if start is not None:
        score, error = start
        rising = np.append(rising, -score if curve.falls else score)
        flop, errors = np.append(flop, 0.0), np.append(errors, error if np.isfinite(error) else errors[0])
    before = 0 if start is None else len(names)
    found = []
    for at in last:
        if at == before:
            found.append(Phase(names[at], *[float("nan")] * 4))
        else:
            gain = float(rising[at] - rising[before])
            wide = reach * float(np.hypot(errors[at], errors[before]))
            found.append(Phase(names[at], gain, gain - wide, gain + wide, float(flop[at] - flop[before])))
        before = at
    return found


def phase_sheet(fits: Sequence[Fitted], starts: Mapping[tuple[str, str], tuple[float, float]], unit: str) -> Table:
    """The table of phases; errors nobody tells are those of the points' scatter about their smooth curve."""
    columns = [
        Column("training_run"), Column("benchmark"), Column("phase"),
        Column("order", "whole", "", "of the phase along training"),
        Column("gain", "number", unit, "not known for a first phase of one checkpoint"),
        Column("gain_low", "number", unit), Column("gain_high", "number", unit),
        Column("compute_flop", "number", "FLOP", "spent in the phase between the checkpoints compared"),
        Column("gain_per_flop", "number", f"{unit} per FLOP"),
        Column("share", "number", "share", "of the gain of all known phases"),
        Column("gain_per_1e21_flop", "number", f"{unit} per 1e21 FLOP"),
    ]  # fmt: skip
    rows = []
    for one in fits:
        curve = one.curve
        freedom = np.inf if curve.known else float(max(len(curve.x) - 3, 1))
        start = starts.get((curve.training_run, curve.benchmark))
        parts = phases_of(curve, curve.se if curve.known else point_errors(curve, one.smooth), freedom=freedom,
                          start=start)  # fmt: skip
        total = float(np.nansum([part.gain for part in parts]))
        for order, part in enumerate(parts, 1):
            per = part.gain / part.compute_flop if part.compute_flop > 0 else float("nan")
            rows.append({
                "training_run": curve.training_run, "benchmark": curve.benchmark, "phase": part.name, "order": order,
                "gain": part.gain, "gain_low": part.low, "gain_high": part.high, "compute_flop": part.compute_flop,
                "gain_per_flop": per, "share": part.gain / total if total else None, "gain_per_1e21_flop": 1e21 * per,
            })  # fmt: skip
    text = "Gains and FLOP of the phases add up to those of the whole training run"
    if any(row["gain"] != row["gain"] for row in rows):
        text += " after its first checkpoint; what a first phase of one checkpoint gained is not known"
    return Table.from_rows(columns, rows, text + ".")


def phase_rows(phases: Table) -> tuple[Table, float, int]:
    """What the picture of phases shows: for each training run and benchmark its known phases in order.

    Returns the rows with `label` and the gain per so many FLOP (`per`), each with low and high; that amount of FLOP, a
    power of ten; and how many training runs on benchmarks are left out, those of the smallest gains.
    """
    unit = next(column.unit for column in phases.columns if column.name == "gain")
    known: list[dict[str, Any]] = [dict(row) for row in phases.rows() if row["gain"] is not None]
    largest: dict[tuple[str, str], float] = {}
    for row in known:
        pair = str(row["training_run"]), str(row["benchmark"])
        largest[pair] = max(largest.get(pair, 0.0), abs(float(row["gain"])))
    names = list(dict.fromkeys(str(row["phase"]) for row in known))
    chosen = sorted(largest, key=lambda pair: (-largest[pair], pair))[: max(1, ROWS // max(len(names), 1))]
    alone = len({run for run, _ in largest}) == 1
    paces = [abs(float(row["gain_per_flop"])) for row in known if row["gain_per_flop"]]
    scale = 10.0 ** np.ceil(-np.log10(max(paces))) if paces else 1.0
    rows = []
    for pair in chosen:
        for row in known:
            if (row["training_run"], row["benchmark"]) != pair:
                continue
            tail = plain(f"{row['order']} {row['phase']}", 20 if len(largest) > 1 else LETTERS)
            head = plain(pair[1] if alone else f"{pair[0]} {pair[1]}", max(2, LETTERS - 2 - len(tail)))
            label = f"{head}: {tail}" if len(largest) > 1 else tail
            told = {name: float(row[name]) for name in ("gain_low", "gain", "gain_high")}
            flop = float(row["compute_flop"] or 0.0) / scale
            per = {key.replace("gain", "per"): value / flop if flop else None for key, value in told.items()}
            rows.append({"phase": row["phase"], "label": label, **told, **per})
    columns = [Column("phase"), Column("label")]
    columns += [Column(name, "number", unit) for name in ("gain_low", "gain", "gain_high")]
    columns += [Column(name, "number", f"{unit} per {scale:.0e} FLOP".replace("e+", "e"))
                for name in ("per_low", "per", "per_high")]  # fmt: skip
    return Table.from_rows(columns, rows), float(scale), len(largest) - len(chosen)


def phase_words(phases: Table, share: bool) -> str:
    """Of each phase the benchmark that it lifts most and, where one surely falls, that which falls most.

    Empty where fewer than two phases are told. Among many benchmarks the largest is partly luck: intervals are of each
    alone.
    """
    names: dict[str, list[dict[str, Any]]] = {}
    for row in phases.rows():
        names.setdefault(str(row["phase"]), []).append(dict(row))
    if len(names) < 2:
        return ""
    alone = {row["training_run"] for rows in names.values() for row in rows}
    single = len({(row["training_run"], row["benchmark"]) for rows in names.values() for row in rows}) == 1

    def said(row: Mapping[str, Any]) -> str:
        times, unit = (100, " points") if share else (1, "")
        low, mid, high = (f"{times * row[key]:.1f}" if share else f"{row[key]:.3g}"
                          for key in ("gain_low", "gain", "gain_high"))  # fmt: skip
        where = "" if single else f" on {row['benchmark']}" + (f" ({row['training_run']})" if len(alone) > 1 else "")
        return f"{mid}{unit}{where} ({low} to {high})"

    told: list[tuple[float, str]] = []
    for name, rows in names.items():
        known = [row for row in rows if row["gain"] is not None]
        if not known:
            told.append((0.0, f"{name} not known (one checkpoint)"))
            continue
        top = max(known, key=lambda row: (row["gain"], str(row["training_run"]), str(row["benchmark"])))
        low = min(known, key=lambda row: (row["gain"], str(row["training_run"]), str(row["benchmark"])))
        text = f"{name} {said(top)}"
        text += f" and {said(low)}" if low["gain_high"] < 0 and low is not top else ""
        told.append((max(abs(float(row["gain"])) for row in known), text))
    kept = sorted(sorted(range(len(told)), key=lambda i: -told[i][0])[:SAID])
    left = len(told) - len(kept)
    rest = f", and {left} more phase{'s' * (left > 1)}" if left else ""
    lost = " or surely lost" if any(" and " in text for _, text in told) else ""
    which = "" if single else f", where each gained{lost} most"
    return f"By phase{which}: {', '.join(told[i][1] for i in kept)}{rest}"
