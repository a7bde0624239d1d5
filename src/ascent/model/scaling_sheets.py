"""Tables that the charts of a fitted law are drawn from: budgets, least losses, IsoFLOP curves, intervals."""

from typing import Any

import numpy as np

from ascent.core.display import number, percent
from ascent.core.draws import Floats, interval
from ascent.core.tables import Column, Table
from ascent.model.isoflop import IsoFlop
from ascent.model.scaling_forms import Runs, predict, tokens_per_parameter
from ascent.model.scaling_law import DECADE, LawFit, Resampled
from ascent.model.scaling_solver import TIGHT
from ascent.model.scaling_words import RATIO

LOST = 0.1  # share of resampled curves without a minimum from which its interval is not told
BEYOND = 1e6  # factor from the estimate at which an interval is said to have no end


def ends(unit: str, about: str = "") -> list[Column]:
    """Columns of an estimate with its interval."""
    return [Column(end, "number", unit, about) for end in ("low", "mid", "high")]


def _budgets(runs: Runs, budget: float) -> Floats:
    low, high = float(runs.compute.min()), float(runs.compute.max())
    return np.geomspace(low, max(budget, high * DECADE), 40)


def allocation(drawn: Resampled, runs: Runs, budget: float) -> Table:
    """Tokens per parameter by budget."""
    grid = _budgets(runs, budget)
    low, mid, high = interval(tokens_per_parameter(drawn.laws[:, None, :], grid))
    columns = [Column("budget_flop", "number", "FLOP", "training budget"), *ends(RATIO, RATIO)]
    return Table.of(columns, budget_flop=grid, low=low, mid=mid, high=high)


def frontier(drawn: Resampled, runs: Runs, budget: float, unit: str) -> Table:
    """Least loss by compute."""
    grid = _budgets(runs, budget)
    ratio = tokens_per_parameter(drawn.laws[:, None, :], grid)
    size = np.sqrt(grid / 6.0 / ratio)
    low, mid, high = interval(predict(drawn.laws[:, None, :], size, size * ratio))
    columns = [Column("compute_flop", "number", "FLOP", "training compute"), *ends(unit)]
    return Table.of(columns, compute_flop=grid, low=low, mid=mid, high=high)


def isoflop(found: IsoFlop, drawn: Resampled) -> Table:
    """Minima of the curves."""
    clear = np.isfinite(found.log_ratio[0])
    low, mid, high = (np.exp(end) for end in interval(np.where(clear, found.log_ratio, np.nan)))
    # Resamples without a minimum have theirs beyond the runs: the interval of the others would leave out one side.
    blind = np.isnan(found.log_ratio[1:]).mean(axis=0) > LOST
    low, high = np.where(blind, np.nan, low), np.where(blind, np.nan, high)
    law = tokens_per_parameter(drawn.laws[:1], found.budget)
    columns = [
        Column("budget_flop", "number", "FLOP"), Column("runs", "whole", "runs"), *ends(RATIO, RATIO),
        Column("law", "number", RATIO, "of the fitted law"),
        Column("bias", "number", "x", "what a parabola makes of the law's own losses at these runs, over the law's"),
    ]  # fmt: skip
    note = "A minimum is told where it lies among the runs of its curve, its interval where most resamples have one."
    return Table.of(columns, note, budget_flop=found.budget, runs=found.runs, low=low, mid=mid, high=high, law=law,
                    bias=np.exp(found.bias))  # fmt: skip


def curves_and_dots(runs: Runs, curves: Floats, fit: LawFit, unit: str) -> dict[str, Table]:
    """Runs on up to six IsoFLOP curves, spread over the budgets, and the law through them."""
    known, count = np.unique(curves[np.isfinite(curves)], return_counts=True)
    known = known[count >= 5]
    shown = known[np.unique(np.linspace(0, len(known) - 1, 6).round().astype(int))]
    names = [f"{number(float(one))} FLOP" for one in shown]
    dots, lines = [], []
    for name, each in zip(names, shown, strict=True):
        mine = curves == each
        dots += [{"curve": name, "parameters": n, "loss": loss}
                 for n, loss in zip(runs.parameters[mine], runs.loss[mine], strict=True)]  # fmt: skip
        sizes = np.geomspace(runs.parameters[mine].min(), runs.parameters[mine].max(), 40)
        product = float(np.exp(np.log(runs.parameters[mine] * runs.tokens[mine]).mean()))
        losses = predict(fit.law, sizes, product / sizes)
        lines += [{"curve": name, "parameters": n, "loss": loss} for n, loss in zip(sizes, losses, strict=True)]
    columns = [Column("curve"), Column("parameters", "number", "parameters"), Column("loss", "number", unit)]
    return {"curves": Table.from_rows(columns, lines), "on_curves": Table.from_rows(columns, dots)}


def interval_table(laws: Floats, profiles: dict[str, tuple[float, float]], budget: float) -> Table:
    """Intervals by refits and by profiles, as multiples of the estimate, so that one axis holds all.

    laws   (draw, 6), draw 0 the fit
    """
    with np.errstate(all="ignore"):
        values = {"tokens per parameter": (np.log(tokens_per_parameter(laws, budget)), "log tokens per parameter"),
                  "A": (laws[:, 0], "log A"), "B": (laws[:, 1], "log B"), "E": (np.log(laws[:, 2]), "E"),
                  "alpha": (np.log(laws[:, 3]), "alpha"), "beta": (np.log(laws[:, 4]), "beta")}  # fmt: skip
        rows: list[dict[str, Any]] = []
        for name, (logs, key) in values.items():
            own = float(logs[0])
            if not np.isfinite(own):
                continue
            low, _, high = (float(end) for end in interval(np.exp(logs - own)))
            below, above = profiles[key]
            if not key.startswith("log "):
                below, above = float(np.log(below)), float(np.log(above))
            rows += [
                {"row": f"{name}, refits", "method": "refits", "low": low, "mid": 1.0, "high": high},
                {"row": f"{name}, profile", "method": "profile", "low": float(np.exp(below - own)), "mid": 1.0,
                 "high": float(np.exp(above - own))},
            ]  # fmt: skip
    for row in rows:  # beyond a factor of a million an end is none, and no axis holds it
        for end in ("low", "high"):
            row[end] = row[end] if 1 / BEYOND < row[end] < BEYOND else np.nan
    columns = [Column("row"), Column("method"), *ends("x", "over the estimate")]
    note = "Refits weigh the runs anew by chance; profiles push one quantity until the fit suffers, the rest refitted."
    return Table.from_rows(columns, rows, note)


def checklist(fit: LawFit, *, draws: int, left: int, unit: str, distance: float) -> Table:
    """What somebody needs to repeat the fit, and what the evidence does not say.

    draws, left, distance   resamples, runs left out, decades from the largest run to the budget
    """
    problem, runs = fit.problem, fit.problem.runs
    cost = "half the squares" if np.isinf(problem.delta) else f"Huber's loss with delta {problem.delta:g}"

    def span(values: Floats) -> str:
        return f"{number(float(values.min()))} to {number(float(values.max()))}"

    rows = {
        "law": f"{problem.form.name}: {problem.form.size} constants",
        "objective": f"{cost} of log residuals, summed over runs of equal weight: {fit.objective!r}",
        "optimiser": "damped Newton steps with exact curvature; ends where a step lowers the objective by less than "
        f"{TIGHT:g} of it",
        "starts": f"{fit.starts}; {percent(fit.at_best)} reach the best to 1e-6, {percent(fit.settled)} end",
        "restarts about the optimum": f"lower the objective by {fit.improved:.1g} of it",
        "runs": f"{len(runs)} fitted, {left} left out",
        "loss": unit,
        "parameters": span(runs.parameters),
        "tokens": span(runs.tokens),
        "tokens per parameter": span(runs.tokens / runs.parameters),
        "compute, 6ND": f"{span(runs.compute)} FLOP; the budget lies {distance:.2f} decades beyond",
        "intervals": f"{draws} refits with random weights, and profiles",
        "not told by the evidence": "whether parameters count embeddings, the tokenizer, schedules of learning rate, "
        "whether losses are of the end of training",
    }
    columns = [Column("item"), Column("told")]
    note = "As a survey of scaling laws asks authors to tell (Li et al. 2025, (Mis)Fitting, arXiv:2502.18969)."
    return Table.of(columns, note, item=list(rows), told=list(rows.values()))
