"""How does loss fall with parameters and training tokens, and how many tokens per parameter does a budget buy best?

Theme     training and compute
Evidence  losses: parameters, tokens and loss of training runs, by experiment; IsoFLOP budget and doubt where told
Needs     parameters, tokens and losses of training runs
Method    L = E + A / N^alpha + B / D^beta fitted to log losses by Huber's loss, summed and never averaged, from many
          starts at once with exact curvature; intervals from refits with runs weighted at random (Bayesian bootstrap),
          profile intervals beside; other objectives, forms and runs side by side; single runs left out; the largest
          decade of compute held out; optima of IsoFLOP parabolas beside the law's, with the bias that a parabola has
Source    Hoffmann et al. 2022, arXiv:2203.15556; Besiroglu et al. 2024, arXiv:2404.10102; docs/method/loss-scaling.md
Differs   the decision, tokens per parameter, has the interval, since A and alpha, or B and beta, cannot be told apart;
          beyond a decade from the runs it spans every form that they do not reject
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number, percent, with_interval
from ascent.core.draws import Floats, interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.training_losses import UNNAMED, Experiment, chosen, experiments
from ascent.model import scaling_words as say
from ascent.model.isoflop import IsoFlop, fit_isoflop
from ascent.model.scaling_forms import Runs, predict, tokens_per_parameter
from ascent.model.scaling_law import (
    DECADE,
    FEWEST,
    LawFit,
    Resampled,
    Shape,
    fit_law,
    influence,
    resample,
    shape,
)
from ascent.model.scaling_profile import profile, quantities
from ascent.model.scaling_variants import (
    NAMES,
    OBJECTIVES,
    Variant,
    beside,
    curve_groups,
    form_of,
    hull,
    variants,
)

RATIO, LOSS = "tokens per parameter", "nats per token"
LESS = 5  # starts and resamples of side fits are so many times fewer than of the main one


@dataclass(frozen=True, kw_only=True)
class Params:
    experiment: str = param("", "which experiment; the one with the most undoubted runs unless named")
    budget: float | None = param(
        None, "training compute to divide; ten times the largest run unless said", unit="FLOP", least=1.0, most=1e40
    )
    law: str = param(NAMES[0], "form of the law", choices=NAMES)
    objective: str = param("huber", "what residuals of log loss cost", choices=tuple(OBJECTIVES))
    doubtful: str = param("leave out", "runs that somebody thinks outliers", choices=("leave out", "keep"))
    highest: int = param(0, "runs with the highest losses to leave out", unit="runs", least=0, most=10_000)
    starts: int = param(100, "starts of the fit", unit="starts", least=5, most=10_000)
    draws: int = param(500, "resamples of the runs", unit="draws", least=20, most=20_000)
    seed: int = param(0, "seed of starts and resamples", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `law`; `variants`, `influence` and `published` say how far to trust it."""

    keys: tuple[tuple[str, Any], ...] = ()

    def stable(self) -> dict[str, Any]:
        return dict(self.keys)

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        sheets = self.prepared
        ends: dict[str, Any] = {"low": "low", "high": "high"}
        told = [allowed is not False for allowed in sheets["variants"]["allowed"]]
        standing = [at for at, shown in enumerate(told) if shown]
        made = {
            "compute": charts.scatter_fit(
                sheets["runs"], x="compute_flop", y="mid", **ends, group="standing", fit=sheets["frontier"], log_x=True,
                log_y=True, title=self.sentence, manifest=self.manifest, quantity="Loss",
                note="The line is the least loss that the law gives for a compute, were every budget divided best.",
            ),
            "tokens_per_parameter": charts.curves(
                sheets["allocation"], x="budget_flop", mid="mid", **ends, points=sheets.get("isoflop"), log_x=True,
                log_y=True, quantity="Best division", manifest=self.manifest,
                title="Tokens per parameter of least loss, by training budget", references={"20, a common rule": 20.0},
                note="Dots are minima of parabolas through single IsoFLOP curves." if "isoflop" in sheets else "",
            ),
            "variants": charts.ranking(
                sheets["variants"].take(standing), label="choice", mid="mid", **ends, group="family", ordered=False,
                log=True, title="Tokens per parameter under each defensible choice", manifest=self.manifest,
                quantity="Best division", note="Forms that the runs reject are in the table only." * (not all(told)),
            ),
        }  # fmt: skip
        if "curves" in sheets:
            made["isoflop"] = charts.curves(
                sheets["curves"], x="parameters", mid="loss", colour="curve", points=sheets["on_curves"], log_x=True,
                quantity="Loss", title="Loss against size at equal training compute, and the law through it",
                manifest=self.manifest, note="Lines are the law fitted to all runs, not parabolas.",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where an experiment has fewer than three runs per parameter, UnknownName for an experiment
    that is not there.
    """
    found = experiments(evidence)
    every = chosen(found, params.experiment)
    kept = _kept(every, params)
    if float(np.ptp(kept.loss)) == 0.0:
        raise TooLittleEvidence(
            need="losses that differ", have=f"{len(kept)} runs of one loss", fix="add runs of other sizes or tokens"
        )
    form = form_of(params.law)
    if len(kept) < FEWEST * form.size or len(np.unique(kept.parameters)) < 3 or len(np.unique(kept.tokens)) < 3:
        raise TooLittleEvidence(
            need=f"{FEWEST * form.size} training runs of several sizes and amounts of tokens in one experiment",
            have=f"{len(kept)} in '{every.name}'",
            fix="add runs with `ascent evidence add`, or choose another with --experiment",
        )
    runs = Runs.of(kept.parameters, kept.tokens, kept.loss)
    budget = params.budget or 10.0 * float(runs.compute.max())
    fit = fit_law(runs, form, OBJECTIVES[params.objective], count=params.starts, seed=params.seed)
    about, drawn = shape(fit), resample(fit, params.draws, params.seed)
    whole = Runs.of(every.parameters, every.tokens, every.loss)
    ratio = np.array(interval(tokens_per_parameter(drawn.laws, budget)))
    ways = variants(
        fit, runs, whole, ratio, about.information, params.objective, budget,
        draws=max(20, params.draws // LESS), count=max(5, params.starts // (2 * LESS)), seed=params.seed,
    )  # fmt: skip
    distance = math.log10(budget / float(runs.compute.max()))
    decision = hull(ways) if distance > 1.0 + 1e-9 else ratio
    curves = curve_groups(kept.compute, kept.budget)
    parabolas = fit_isoflop(
        kept.parameters, kept.tokens, kept.loss, curves, fit.law, draws=max(20, params.draws // LESS), seed=params.seed
    )
    profiles = profile(fit, about, quantities(budget))
    rows = [say.variant_row(one) for one in ways]
    rows += [say.parabola_row(parabolas, budget)] if parabolas is not None else []
    sheets = {
        "law": say.law_table(drawn.laws, profiles, decision, runs, budget),
        "variants": Table.from_rows(say.VARIANTS, rows, say.VARIANTS_NOTE),
        "influence": say.influence_table(fit, influence(fit, about, budget), budget),
        "overtraining": say.overtraining_table(drawn.laws, budget),
        "published": say.published_table(beside(fit, drawn.laws, budget)),
        "runs": _runs(every, kept), "frontier": _frontier(drawn, runs, budget),
        "allocation": _allocation(drawn, runs, budget),
    }  # fmt: skip
    if parabolas is not None:
        sheets |= {"isoflop": _isoflop(parabolas, drawn)}
        sheets |= _curves(kept, curves, fit)
    if len(found) > 1:
        sheets["experiments"] = _experiments(found, params)
    notes = _notes(fit, about, drawn, ways, kept, every, distance, sheets)
    keys = _keys(fit, drawn, decision, about, kept, every, budget, distance)
    sentence = _sentence(fit, decision, budget, kept, distance)
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes), tuple(keys.items()))


def _kept(every: Experiment, params: Params) -> Experiment:
    """The runs that the law is fitted to, in their order."""
    kept = every.take(~every.doubted) if params.doubtful == "leave out" else every
    order = np.lexsort((np.arange(len(kept)), -kept.loss))
    return kept.take(np.sort(order[params.highest :]))


def _runs(every: Experiment, kept: Experiment) -> Table:
    """Every run as a dot, with whether the law was fitted to it."""
    mine = set(zip(kept.parameters, kept.tokens, kept.loss, strict=True))
    keys = list(zip(every.parameters, every.tokens, every.loss, strict=True))
    return Table.of(
        [Column("parameters", "number", "parameters"), Column("tokens", "number", "tokens"),
         Column("compute_flop", "number", "FLOP", "training compute"), *_ends(LOSS), Column("standing"),
         Column("doubt")],
        parameters=every.parameters, tokens=every.tokens, compute_flop=every.compute, low=[None] * len(every),
        mid=every.loss, high=[None] * len(every), standing=["fitted" if key in mine else "left out" for key in keys],
        doubt=every.doubts,
    )  # fmt: skip


def _ends(unit: str, about: str = "") -> list[Column]:
    return [Column(end, "number", unit, about) for end in ("low", "mid", "high")]


def _budgets(runs: Runs, budget: float) -> Floats:
    low, high = float(runs.compute.min()), float(runs.compute.max())
    return np.geomspace(low, max(budget, high * DECADE), 40)


def _allocation(drawn: Resampled, runs: Runs, budget: float) -> Table:
    grid = _budgets(runs, budget)
    low, mid, high = interval(tokens_per_parameter(drawn.laws[:, None, :], grid))
    columns = [Column("budget_flop", "number", "FLOP", "training budget"), *_ends(RATIO, RATIO)]
    return Table.of(columns, budget_flop=grid, low=low, mid=mid, high=high)


def _frontier(drawn: Resampled, runs: Runs, budget: float) -> Table:
    """Least loss by compute."""
    grid = _budgets(runs, budget)
    ratio = tokens_per_parameter(drawn.laws[:, None, :], grid)
    size = np.sqrt(grid / 6.0 / ratio)
    low, mid, high = interval(predict(drawn.laws[:, None, :], size, size * ratio))
    columns = [Column("compute_flop", "number", "FLOP", "training compute"), *_ends(LOSS)]
    return Table.of(columns, compute_flop=grid, low=low, mid=mid, high=high)


def _isoflop(found: IsoFlop, drawn: Resampled) -> Table:
    low, mid, high = (
        np.exp(end) for end in interval(np.where(np.isfinite(found.log_ratio[0]), found.log_ratio, np.nan))
    )
    law = tokens_per_parameter(drawn.laws[:1], found.budget)
    columns = [
        Column("budget_flop", "number", "FLOP"), Column("runs", "whole", "runs"), *_ends(RATIO, RATIO),
        Column("law", "number", RATIO, "of the fitted law"),
        Column("bias", "number", "x", "what a parabola makes of the law's own losses at these runs, over the law's"),
    ]  # fmt: skip
    note = "A minimum is told where it lies among the runs of its curve."
    return Table.of(columns, note, budget_flop=found.budget, runs=found.runs, low=low, mid=mid, high=high, law=law,
                    bias=np.exp(found.bias))  # fmt: skip


def _curves(kept: Experiment, curves: Floats, fit: LawFit) -> dict[str, Table]:
    """Runs on up to six IsoFLOP curves, spread over the budgets, and the law through them."""
    known, count = np.unique(curves[np.isfinite(curves)], return_counts=True)
    known = known[count >= 5]
    shown = known[np.unique(np.linspace(0, len(known) - 1, 6).round().astype(int))]
    names = [f"{number(float(one))} FLOP" for one in shown]
    dots, lines = [], []
    for name, each in zip(names, shown, strict=True):
        mine = curves == each
        dots += [{"curve": name, "parameters": n, "loss": loss}
                 for n, loss in zip(kept.parameters[mine], kept.loss[mine], strict=True)]  # fmt: skip
        sizes = np.geomspace(kept.parameters[mine].min(), kept.parameters[mine].max(), 40)
        product = float(np.exp(np.log(kept.parameters[mine] * kept.tokens[mine]).mean()))
        losses = predict(fit.law, sizes, product / sizes)
        lines += [{"curve": name, "parameters": n, "loss": loss} for n, loss in zip(sizes, losses, strict=True)]
    columns = [Column("curve"), Column("parameters", "number", "parameters"), Column("loss", "number", LOSS)]
    return {"curves": Table.from_rows(columns, lines), "on_curves": Table.from_rows(columns, dots)}


def _experiments(found: dict[str, Experiment], params: Params) -> Table:
    """The same fit of each experiment, at ten times its own largest run."""
    rows = []
    form, few = form_of(params.law), max(20, params.draws // LESS)
    for one in found.values():
        kept = _kept(one, params)
        row: dict[str, Any] = {"experiment": one.name, "runs": len(kept)}
        if len(kept) >= FEWEST * form.size:
            runs = Runs.of(kept.parameters, kept.tokens, kept.loss)
            fit = fit_law(
                runs, form, OBJECTIVES[params.objective], count=max(5, params.starts // LESS), seed=params.seed
            )
            budget = params.budget or 10.0 * float(runs.compute.max())
            ends = interval(tokens_per_parameter(resample(fit, few, params.seed, check=0).laws, budget))
            row |= {"E": fit.law[2], "alpha": fit.law[3], "beta": fit.law[4], "budget_flop": budget}
            row |= dict(zip(("low", "mid", "high"), map(float, ends), strict=True))
        rows.append(row)
    return Table.from_rows(say.EXPERIMENTS, rows, "One law for each experiment; losses of two need not be comparable.")


def _sentence(fit: LawFit, decision: Floats, budget: float, kept: Experiment, distance: float) -> str:
    low, mid, high = (float(end) for end in decision)
    far = f", {distance:.1f} decades beyond the largest run," if distance > 1.0 + 1e-9 else ""
    told = with_interval(mid, low, high).replace("(", "(90 % interval ", 1)
    if not (math.isfinite(low) and math.isfinite(high)):
        told = f"{number(mid)} (no 90 % interval: the runs do not tell the exponents apart)"
    law = say.formula(fit)
    return (
        f"A budget of {number(budget)} FLOP{far} is divided best at {told} tokens per parameter; "
        f"{law} on {len(kept)} runs{'' if kept.name == UNNAMED else f' of {kept.name}'}."
    )


def _keys(
    fit: LawFit, drawn: Resampled, decision: Floats, about: Shape, kept: Experiment, every: Experiment, budget: float,
    distance: float,
) -> dict[str, Any]:  # fmt: skip
    """What scripts may rely on."""
    laws = drawn.laws.copy()
    laws[:, :2] = np.exp(laws[:, :2])
    told = np.stack(interval(laws[:, :5]), axis=1)

    def three(ends: Floats) -> dict[str, float]:
        return dict(zip(("low", "mid", "high"), map(float, ends), strict=True))

    return {
        "objective": fit.objective,
        **{name: three(told[at]) for at, name in enumerate(("A", "B", "E", "alpha", "beta"))},
        "tokens_per_parameter": three(decision), "budget_flop": budget, "decades_beyond_runs": distance,
        "starts": fit.starts, "starts_at_best": fit.at_best, "experiment": kept.name, "runs": len(kept),
        "left_out": len(every) - len(kept), "condition": about.condition,
    }  # fmt: skip


def _notes(
    fit: LawFit, about: Shape, drawn: Resampled, ways: list[Variant], kept: Experiment, every: Experiment,
    distance: float, sheets: dict[str, Table],
) -> list[Note]:  # fmt: skip
    found = say.of_fit(fit, about, drawn)
    found += say.of_ways(ways, distance)
    found += say.of_influence(sheets["influence"], ways[0])
    left = len(every) - len(kept)
    if left:
        why = sorted({one for one, out in zip(every.doubts, every.doubted, strict=True) if out})
        text = f"{left} of {len(every)} runs are left out{': ' + '; '.join(why[:4]) if why else ''}. "
        found.append(Note("info", "left out", text + "The table `variants` tells what they change."))
        furthest = math.log10(float(every.compute.max() / kept.compute.max()))
        if furthest > 0.1:
            text = (
                f"All runs of more than {number(float(kept.compute.max()))} FLOP are among those left out, "
                f"{furthest:.1f} decades: there no measured loss checks the law. --doubtful keep takes them."
            )
            found.append(Note("warning", "largest left out", text))
    if kept.resolution > fit.problem.delta and math.isfinite(fit.problem.delta):
        text = f"{kept.repeated} of {len(kept)} losses repeat another's, as of values read off a scale of colours or "
        text += f"rounded to about {percent(kept.resolution)}: residuals below that are no signal. The objective turns "
        text += f"straight at {percent(fit.problem.delta)}; compare the row 'squares' of `variants`."
        found.append(Note("warning", "resolution", text))
    told = kept.compute / (6 * kept.parameters * kept.tokens)
    if (np.abs(np.log(told)) > 0.1).any():
        text = f"Compute differs from 6 x parameters x tokens by up to {percent(float(np.abs(told - 1).max()))}; "
        found.append(Note("info", "compute", text + "budgets are divided by that rule all the same."))
    return found
