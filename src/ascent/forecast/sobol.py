"""Sobol indices on request: the share of an answer's variance that each input explains, alone and with others."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import numpy as np

from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.quantiles import normal_quantiles
from ascent.core.tables import Column, Table
from ascent.forecast.plan import Plan
from ascent.forecast.quantity import Quantity
from ascent.forecast.sampling import EDGE

POINTS = 1 << 12  # base points; the model runs on this many times the inputs and two
RESAMPLES = 200


def indices(
    output: Quantity, names: Sequence[str], seed: int = 0,
    correlations: Mapping[tuple[str, str], float] | None = None, points: int = POINTS,
) -> Table:  # fmt: skip
    """First-order and total indices of one answer with their 90 % intervals, the largest total first.

    names   the inputs of interest; others that the answer depends on, such as nested ones, are varied too
    points  base points, a power of two

    Raises TooLittleEvidence where SALib is not installed, WrongUse where inputs are correlated (a variance then has no
    unique split), where the answer is a path, or where it does not vary.

    Source: Saltelli et al. 2010, Variance based sensitivity analysis of model output; computed by SALib.
    """
    if correlations:
        pairs = ", ".join(f"{one}~{two}" for one, two in correlations)
        raise WrongUse(
            f"Sobol indices split a variance between independent inputs, but {pairs} are correlated. "
            "Leave --correlations or --sobol out; the rank correlations of the table sensitivity hold either way."
        )
    if find_spec("SALib") is None:
        raise TooLittleEvidence(
            need="SALib, for Sobol indices",
            have="no such package",
            fix="install ascent[sensitivity], or leave --sobol out",
        )
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    plan = Plan({"it": output})
    told = [*(name for name in names if name in plan.inputs), *(name for name in plan.inputs if name not in set(names))]
    if not told:
        raise WrongUse("Sobol indices need uncertain inputs, but every input of this answer is a point.")
    problem = {"num_vars": len(told), "names": told, "bounds": [[0.0, 1.0]] * len(told)}
    places = np.clip(sample.sample(problem, points, calc_second_order=False, seed=seed), EDGE, 1 - EDGE)
    basis = {
        name: normal_quantiles(places[:, k]) if plan.kind(name) == "normal" else places[:, k]
        for k, name in enumerate(told)
    }
    answer = plan.results(plan.at(basis, len(places)), len(places))["it"]
    if answer.ndim > 1:
        raise WrongUse("Sobol indices are of one number; this answer is a path.")
    if not np.isfinite(answer).all():
        raise WrongUse("Some draws of this answer are not finite numbers, so its variance cannot be split.")
    if np.ptp(answer) == 0:
        raise WrongUse("This answer does not vary, so there is no variance to split.")
    # In units of its own spread, so that no square of a large number overflows.
    found = analyze.analyze(
        problem, (answer - answer.mean()) / answer.std(), calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=MASS, seed=seed + 1,  # SALib takes a seed of 0 for none
    )  # fmt: skip
    rows = [
        {"input": name, "first": found["S1"][k], "first_low": found["S1"][k] - found["S1_conf"][k],
         "first_high": found["S1"][k] + found["S1_conf"][k], "total": found["ST"][k],
         "total_low": found["ST"][k] - found["ST_conf"][k], "total_high": found["ST"][k] + found["ST_conf"][k]}
        for k, name in enumerate(told)
    ]  # fmt: skip
    rounded = [{key: value if key == "input" else round(float(value), 4) for key, value in row.items()} for row in rows]
    return Table.from_rows(_COLUMNS, sorted(rounded, key=lambda row: (-float(row["total"]), row["input"])), _TOLD)


_TOLD = "How much of the answer's variance each input explains alone (first) and with its interactions (total)."
_COLUMNS = (
    Column("input"),
    Column("first", "number", "fraction", "share of the variance that this input explains alone"),
    Column("first_low", "number", "fraction"), Column("first_high", "number", "fraction"),
    Column("total", "number", "fraction", "share that would remain if all other inputs were known"),
    Column("total_low", "number", "fraction"), Column("total_high", "number", "fraction"),
)  # fmt: skip
