"""Training compute of checkpoints: as told, else worked out from tokens or steps.

Order     compute as told; 6 x parameters x tokens; 6 x parameters x steps x tokens of a step, where the user says
          these; steps x FLOP of a step, where the user says it
Refused   one FLOP amount of a step for training runs that differ in their parameters: at equal compute it would set a
          large run beside a small one that has spent less
Source    Kaplan et al. 2020, arXiv:2001.08361 (6 FLOP per parameter and token)
"""

from typing import TYPE_CHECKING

from ascent.core.answer import Note
from ascent.core.display import number
from ascent.core.errors import TooLittleEvidence, WrongUse

if TYPE_CHECKING:
    import polars as pl

ALIKE = 1.02  # times the parameters: as near as two ways of counting one size come


def with_compute(
    frame: "pl.DataFrame", flop_per_step: float, tokens_per_step: float, notes: list[Note]
) -> "pl.DataFrame":
    """Rows with their compute as `flop`; those at 0 FLOP or without any are left out, and counted in the notes.

    Raises TooLittleEvidence where no row has compute, WrongUse for a cost of a step that cannot hold for all.
    """
    import polars as pl

    nothing = pl.lit(None, dtype=pl.Float64)
    counted = 6.0 * pl.col("parameters") * pl.col("tokens")
    fed = 6.0 * pl.col("parameters") * pl.col("step") * tokens_per_step if tokens_per_step else nothing
    stepped = pl.col("step") * flop_per_step if flop_per_step else nothing
    before = frame.with_columns(pl.coalesce("compute_flop", counted, fed).alias("flop"))
    frame = before.with_columns(pl.coalesce("flop", stepped).alias("flop"))
    if flop_per_step:
        _one_cost(frame.filter(before["flop"].is_null() & (frame["flop"] > 0)), notes)
    start, bare = int((frame["flop"] == 0).sum()), int(frame["flop"].null_count())
    if start:
        text = f"{start} checkpoints stand before any training, at 0 FLOP, and have no place on a logarithmic axis."
        notes.append(Note("info", "step 0", text))
    ways = {
        "6 x parameters x tokens": counted.is_not_null(),
        f"6 x parameters x steps x {number(tokens_per_step)} tokens": fed.is_not_null(),
        f"steps x {number(flop_per_step)} FLOP": stepped.is_not_null(),
    }
    left = pl.col("compute_flop").is_null()
    for way, has in ways.items():
        count = frame.filter(left & has).height
        left = left & ~has
        if count:
            notes.append(Note("info", "compute", f"Compute of {count} checkpoints was worked out as {way}."))
    kept = frame.filter(pl.col("flop") > 0)
    if not len(kept):
        raise TooLittleEvidence(
            need="the training compute of checkpoints",
            have=f"{bare} checkpoints without compute, or without parameters and tokens",
            fix="add a column compute_flop, or parameters and tokens; where steps are told, --tokens-per-step with the "
            "tokens of a batch (times 6 x parameters), or --flop-per-step with the FLOP of one step",
        )
    if bare:
        notes.append(Note("warning", "compute", f"{bare} checkpoints without compute are left out."))
    return kept


def _one_cost(rows: "pl.DataFrame", notes: list[Note]) -> None:
    """Refuse, or warn of, one FLOP amount of a step for several training runs."""
    import polars as pl

    sizes = rows.group_by("training_run").agg(pl.col("parameters").cast(pl.Float64).max()).sort("training_run")
    if len(sizes) < 2:
        return
    told = sizes.drop_nulls().sort("parameters", "training_run")
    if len(told) > 1 and told["parameters"][-1] > ALIKE * told["parameters"][0]:
        (small, least), (large, most) = told.row(0), told.row(-1)
        raise WrongUse(
            f"--flop-per-step is one cost for {len(sizes)} training runs, but a step of {large} ({number(most)} "
            f"parameters) costs more than one of {small} ({number(least)}). Say --tokens-per-step with the tokens of a "
            "batch: a step then costs 6 x parameters x tokens of each. Or give a column compute_flop, or one "
            "--training-run."
        )
    if len(told) < len(sizes):
        text = f"One cost of a step is taken for {len(sizes)} training runs; where they differ in parameters or batch, "
        notes.append(Note("warning", "compute", text + "comparisons at equal compute are wrong: add compute_flop."))
