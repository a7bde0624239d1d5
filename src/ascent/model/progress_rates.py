"""Yearly rates of progress side by side: of the evidence at hand, and published ones."""

from typing import Any

from ascent.core.tables import Column, Table
from ascent.measure.software_estimates import Study
from ascent.model.progress_pool import EQUAL, POOLED, ends, estimate_row, pooled_row
from ascent.model.random_effects import Pooled

WILD = 1e4  # x per year from which an estimate is in the table and not in the chart
COMPUTE = "training compute"
OURS, RECORDS, TEXTS = "this evidence, compute", "this evidence, time", "this evidence, perplexity"


def rate_table(
    found: list[Study], pools: dict[str, tuple[Pooled, int]], fits: dict[str, dict[str, Any]],
    paced: list[dict[str, Any]], texts: list[dict[str, Any]], benchmark: str,
) -> Table:  # fmt: skip
    """What this evidence says, each with its interval; then published estimates, all together and each by date.

    found, pools  published estimates and what they say together
    fits          rows of the fits to `benchmark`, of which the first is told
    paced, texts  rows of speed records and of perplexities
    """
    rows: list[dict[str, Any]] = []
    for name, fit in list(fits.items())[:1]:
        row = {**fit, "count": fit["models"]}
        rows.append(
            {"estimate": f"{benchmark}, {name.removesuffix(', all models')}", "kind": OURS, "falls": COMPUTE, **row}
        )
    for row in paced:
        period = str(row["period"]).replace("all records", "all").replace("last 1 year", "last year")
        words = {"estimate": f"{row['track']}, {period}", "count": row["records"]}
        rows.append({**row, **words, "kind": RECORDS, "falls": "training time"})
    for row in texts:
        if row["mid"] is not None:
            factors = {end: 2 ** row[end] for end in ("low", "mid", "high")}
            words = {"estimate": f"{row['text']}, by {row['per']}", "count": row["records"]}
            rows.append({**factors, **words, "kind": TEXTS, "falls": "perplexity"})
    for name, (one, count) in pools.items():
        told = pooled_row(name, (one, count)) | {"kind": "pool", "falls": COMPUTE, "count": count}
        if name in (POOLED, EQUAL):
            rows.append({**told, "estimate": f"pool: {name}"})
        if name == POOLED and told["next_low"]:
            farther = {"low": told["next_low"], "high": told["next_high"]}
            rows.append({**told, **farther, "estimate": "where the next would lie"})
    for kind, some in (("published", [one for one in found if not one.apart]),
                       ("not pooled", [one for one in found if one.apart])):  # fmt: skip
        rows += [{**estimate_row(one), "kind": kind, "falls": COMPUTE} for one in some]
    return Table.from_rows(RATES, [{column.name: row.get(column.name) for column in RATES} for row in rows])


def drawable(rates: Table) -> Table:
    """What can be drawn on one axis."""
    return Table.from_rows(RATES, [row for row in rates.rows() if row["mid"] is not None and float(row["mid"]) < WILD])


RATES = (
    Column("estimate"), Column("kind"), *ends("x per year"),
    Column("falls", help="what gets less for the same result; perplexity says nothing of compute"),
    Column("count", "whole", "records", "models, records or estimates behind it"),
)  # fmt: skip
