"""Tables behind the pictures of skill curves: one curve on two scales."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ascent.core.tables import Column, Table

SHOWN = 3  # curves on two scales


def scale_panels(sheets: Mapping[str, Table]) -> tuple[Table, Table, Table]:
    """Lines, dots and stretches of a few curves, each as scored and in log odds: those whose shape differs between the
    two come first, then those with a jump or plateau, then the largest gains; of each benchmark one, where they do."""
    kinds = {(row["training_run"], row["benchmark"]): row for row in sheets["scales"].rows()}
    gains = {(row["training_run"], row["benchmark"]): float(row["gain"] or 0) for row in sheets["skills"].rows()}

    def rank(pair: tuple[Any, Any]) -> tuple[Any, ...]:
        row = kinds[pair]
        plain = row["as_scored"] == row["in_log_odds"] == "gradual"
        return bool(row["agree"]), plain, -gains[pair], str(pair)

    lines, dots, marks = [], [], []
    order = sorted(kinds, key=rank)
    firsts = [pair for i, pair in enumerate(order) if pair[1] not in {other[1] for other in order[:i]}]
    for pair in [*firsts, *(pair for pair in order if pair not in firsts)][:SHOWN]:
        names = {scale: f"{pair[1]}, {scale}" for scale in ("percent", "log odds")}
        own = {"training_run": pair[0]}
        for scale, panel in names.items():
            for row in _of(sheets["curve"], pair):
                ends = {end: _turned(row[end], scale) for end in ("low", "mid", "high")}
                lines.append(own | {"panel": panel, "compute_flop": row["compute_flop"], **ends})
            for row in _of(sheets["checkpoints"], pair):
                at = {"panel": panel, "compute_flop": row["compute_flop"], "mid": _turned(row["score"], scale)}
                dots.append(own | at)
        for row in _of(sheets["segments"], pair):
            if row["kind"] != "gradual":
                span = {"start": row["from_flop"], "end": row["to_flop"], "kind": row["kind"]}
                marks.append(own | {"panel": names["percent"], **span})
        for part in str(kinds[pair]["segments_in_log_odds"] or "").split("; "):
            if part:
                kind, start, end = part.split(" ")
                span = {"start": float(start), "end": float(end), "kind": kind}
                marks.append(own | {"panel": names["log odds"], **span})
    who = [Column("training_run"), Column("panel"), Column("compute_flop", "number", "FLOP")]
    values = [Column(end, "number", "percent or log odds") for end in ("low", "mid", "high")]
    spans = [Column("start", "number", "FLOP"), Column("end", "number", "FLOP"), Column("kind")]
    return (
        Table.from_rows([*who, *values], lines), Table.from_rows([*who, values[1]], dots),
        Table.from_rows([*who[:2], *spans], marks),
    )  # fmt: skip


def _of(sheet: Table, pair: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in sheet.rows() if (row["training_run"], row["benchmark"]) == pair]


def _turned(share: Any, scale: str) -> float | None:
    if share is None:
        return None
    value = float(np.clip(float(share), 0.002, 0.998))
    return 100 * float(share) if scale == "percent" else float(np.log(value / (1 - value)))
