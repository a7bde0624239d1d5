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
from ascent.core.draws import Floats, interval, unwarned
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.training_losses import UNNAMED, Experiment, chosen, experiments
from ascent.model import scaling_sheets as sheet
from ascent.model import scaling_words as say
from ascent.model.isoflop import fit_isoflop
from ascent.model.scaling_forms import Runs
from ascent.model.scaling_law import (
    FEWEST,
    SAME,
    LawFit,
    Resampled,
    Shape,
    fit_law,
    influence,
    places,
    resample,
    shape,
)
from ascent.model.scaling_profile import profile, quantities
from ascent.model.scaling_reach import HARDLY, Reach, division_ends, extended, reach, why
from ascent.model.scaling_together import of_together, together
from ascent.model.scaling_variants import (
    NAMES,
    OBJECTIVES,
    beside,
    curve_groups,
    form_of,
    hull,
    variants,
)

MEND = "add runs whose tokens per parameter vary tenfold at each of several sizes, as on IsoFLOP curves"
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
    furthest: float = math.nan  # compute of the largest run fitted to, FLOP

    def stable(self) -> dict[str, Any]:
        return dict(self.keys)

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        sheets = self.prepared
        ends: dict[str, Any] = {"low": "low", "high": "high"}
        told = [allowed is not False for allowed in sheets["variants"]["allowed"]]
        line = "The line is the least loss that the law gives for a compute, were every budget divided best; "
        made = {
            "compute": charts.scatter_fit(
                sheets["runs"], x="compute_flop", y="mid", **ends, group="standing", fit=sheets.get("frontier"),
                log_x=True, log_y=True, title=self.sentence, manifest=self.manifest, quantity="Loss",
                note=(line + "runs above it were divided otherwise, or are odd.") if "frontier" in sheets else "",
            ),
            "intervals": charts.ranking(
                sheets["intervals"], label="row", mid="mid", **ends, group="method", ordered=False, log=True,
                title="How well the runs determine each part of the law, two ways", manifest=self.manifest,
                quantity="Interval over the estimate", references={"the estimate": 1.0},
                note="Loss = E + A / N^alpha + B / D^beta for N parameters and D tokens. Refits weigh the runs anew by "
                "chance; profiles push one part until the fit suffers, the rest refitted.",
            ),
        }  # fmt: skip
        if "allocation" not in sheets:  # the runs do not tell: no picture of a division
            return made
        own = float(sheets["variants"]["mid"][0] or math.nan)
        made |= {
            "tokens_per_parameter": charts.curves(
                sheets["allocation"], x="budget_flop", mid="mid", **ends, points=sheets.get("isoflop"), log_x=True,
                log_y=True, quantity="Best division", manifest=self.manifest,
                title="Tokens per parameter of least loss, by training budget", references={"20, a common rule": 20.0},
                note="Dots are minima of parabolas through single IsoFLOP curves. " * ("isoflop" in sheets)
                + f"Runs end at {number(self.furthest)} FLOP; the rest is extrapolated.",
            ),
            "variants": charts.ranking(
                sheets["variants"].take([at for at, shown in enumerate(told) if shown]), label="choice", mid="mid",
                **ends, group="family", ordered=False, log=True, manifest=self.manifest, quantity="Best division",
                title="Tokens per parameter under each defensible choice", references={"this answer": own},
                note="The first row is the answer; each other row changes one choice, named by its colour."
                + " Forms that the runs reject are in the table only." * (not all(told)),
            ),
            "influence": charts.ranking(
                sheets["influence"], label="run", mid="without", ordered=False, log=True, manifest=self.manifest,
                title="Tokens per parameter without one run, for the runs that move it most", quantity="Best division",
                references={"all runs": own}, top=20,
                note="Each row leaves one run out, named by its parameters and tokens; dots far off the line decide "
                "much by themselves.",
            ),
        }  # fmt: skip
        if "curves" in sheets:
            made["isoflop"] = charts.curves(
                sheets["curves"], x="parameters", mid="loss", colour="curve", points=sheets["on_curves"], log_x=True,
                quantity="Loss", title="Loss against size at equal training compute, and the law through it",
                manifest=self.manifest, note="Each colour is one training compute. Left, small models on many tokens; "
                "right, large ones on few. Lines are the law fitted to all runs, not parabolas.",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where an experiment has fewer than three runs per parameter, or runs which leave the worth
    of parameters and of tokens open to both sides; UnknownName for an experiment that is not there.
    """
    found = experiments(evidence)
    every = chosen(found, params.experiment)
    kept = every.take(_standing(every, params))
    form = form_of(params.law)
    runs = _runs_of(kept, form.size)
    budget = params.budget or 10.0 * float(runs.compute.max())
    fit = fit_law(runs, form, OBJECTIVES[params.objective], count=params.starts, seed=params.seed)
    about = shape(fit)
    near = reach(fit, about, budget)
    if math.isinf(float(extended(fit.law, budget))) and fit.law[3] > 0 and fit.law[4] > 0:
        near = Reach(
            0.0, math.inf
        )  # an exponent beyond all bounds: the law follows the noise of sizes that hardly differ
    _tells(near, kept, why(runs, budget))
    if not (fit.law[3] > 0 and fit.law[4] > 0):
        what = "parameters" if fit.law[3] <= 0 else "tokens"
        raise TooLittleEvidence(
            need="losses that fall with parameters and with tokens",
            have=f"{len(kept)} runs in '{kept.name}' whose law fits best if losses do not fall with {what}",
            fix=MEND,
        )
    if fit.improved > SAME:
        raise TooLittleEvidence(
            need="an optimum that restarts about it do not improve",
            have=f"restarts of {len(kept)} runs in '{kept.name}' that still lower the objective by {fit.improved:.1g}",
            fix="raise --starts, or add runs",
        )
    with unwarned():
        return _answer(evidence, params, found, every, kept, fit, about, near, budget)


def _tells(near: Reach, kept: Experiment, reason: str) -> None:
    if near.open:
        raise TooLittleEvidence(
            need="runs that tell the worth of parameters from that of tokens",
            have=f"{len(kept)} runs in '{kept.name}' that {reason}: they fit as well however a budget is divided",
            fix=MEND,
        )


def _answer(
    evidence: Evidence, params: Params, found: dict[str, Experiment], every: Experiment, kept: Experiment, fit: LawFit,
    about: Shape, near: Reach, budget: float,
) -> Answer:  # fmt: skip
    """What is told of a fit."""
    runs, unit = fit.problem.runs, kept.unit
    reason = why(runs, budget)
    drawn = resample(fit, params.draws, params.seed)
    whole = Runs.of(every.parameters, every.tokens, every.loss)
    ratio = division_ends(drawn.laws, budget)
    ways = variants(
        fit, runs, whole, ratio, about.information, params.objective, budget,
        draws=max(20, params.draws // LESS), count=max(5, params.starts // (2 * LESS)), seed=params.seed,
        out="all runs left out" if params.highest else "doubtful runs",
    )  # fmt: skip
    distance = math.log10(budget / float(runs.compute.max()))
    decision = hull(ways) if distance > 1.0 + 1e-9 else ratio
    if not near.tells or np.isnan(ratio).any():
        decision = np.array([np.nanmin([decision[0], near.low]), decision[1], np.nanmax([decision[2], near.high])])
    if decision[0] == 0 or math.isinf(decision[2]) or ratio[2] > HARDLY * ratio[0]:  # refits may say so alone
        near = Reach(float(decision[0]), float(decision[2]))
    if near.open_low and near.open_high:
        _tells(near, kept, reason)
    decision = np.where((decision > 0) & np.isfinite(decision), decision, np.nan)
    curves = curve_groups(kept.compute, kept.budget)
    parabolas = fit_isoflop(
        kept.parameters, kept.tokens, kept.loss, curves, fit.law, draws=max(20, params.draws // LESS), seed=params.seed
    )
    profiles, published = profile(fit, about, quantities(budget)), beside(fit, drawn.laws, budget)
    rows = [say.variant_row(one) for one in ways]
    rows += [say.parabola_row(parabolas, budget)] if parabolas is not None else []
    sheets = {
        "law": say.law_table(drawn.laws, profiles, decision, runs, budget, unit),
        "variants": say.variants_table(rows, unit),
        "influence": say.influence_table(fit, influence(fit, about, budget), budget, unit),
        "intervals": sheet.interval_table(drawn.laws, profiles, budget),
        "published": say.published_table(published, unit),
        "runs": _runs(every, _standing(every, params)),
        "checklist": sheet.checklist(fit, draws=params.draws, left=len(every) - len(kept), unit=unit,
                                     distance=distance),
    }  # fmt: skip
    if near.tells:
        sheets |= {
            "overtraining": say.overtraining_table(drawn.laws, budget),
            "frontier": sheet.frontier(drawn, runs, budget, unit), "allocation": sheet.allocation(drawn, runs, budget),
        }  # fmt: skip
    if parabolas is not None:
        sheets |= {"isoflop": sheet.isoflop(parabolas, drawn)} | sheet.curves_and_dots(runs, curves, fit, unit)
    if len(found) > 1:
        sheets["experiments"] = _experiments(found, params)
    notes = say.of_reach(near, reason) + say.of_fit(fit, about, drawn) + say.of_published(fit, published, budget)
    notes += say.of_ways(ways, distance) if near.tells else []
    if near.tells:
        notes += of_together(together(fit, kept.budget, budget, draws=max(20, params.draws // LESS), seed=params.seed))
    notes += say.of_influence(sheets["influence"], ways[0]) if near.tells else []
    notes += _of_runs(evidence, fit, kept, every, found, params)
    keys = _keys(fit, drawn, decision, about, kept, every, budget, distance) | {"division_told": near.tells}
    sentence = _sentence(fit, decision, budget, kept, distance, "" if near.tells else reason)
    stamp, furthest = Manifest.stamp(__name__, params, evidence), float(runs.compute.max())
    return Answer(stamp, sentence, sheets, tuple(notes), tuple(keys.items()), furthest)


def _runs_of(kept: Experiment, size: int) -> Runs:
    """The runs to fit to; raises TooLittleEvidence where they are too few for a law of so many parameters."""
    runs = Runs.of(kept.parameters, kept.tokens, kept.loss) if len(kept) else None
    if runs is not None and float(np.ptp(kept.loss)) == 0.0:
        raise TooLittleEvidence(
            need="losses that differ", have=f"{len(kept)} runs of one loss", fix="add runs of other sizes or tokens"
        )
    pairs = 0 if runs is None else int(places(runs).max()) + 1
    kinds = {
        "different sizes": len(np.unique(kept.parameters)),
        "different amounts of tokens": len(np.unique(kept.tokens)),
    }
    if runs is None or pairs < FEWEST * size or min(kinds.values()) < 3:
        of = f"{len(kept)}" if pairs == len(kept) else f"{len(kept)} of {pairs} pairs of size and tokens"
        of += "".join(f" with {count} {name}" for name, count in kinds.items() if 0 < count < 3)
        raise TooLittleEvidence(
            need=f"{FEWEST * size} training runs of several sizes and amounts of tokens in one experiment",
            have=f"{of} in '{kept.name}'",
            fix="add runs with `ascent evidence add`, or choose another with --experiment",
        )
    return runs


def _standing(every: Experiment, params: Params) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which runs the law is fitted to, (run,)."""
    told = ~every.doubted if params.doubtful == "leave out" else np.ones(len(every), dtype=bool)
    order = np.flatnonzero(told)
    order = order[np.argsort(-every.loss[order], kind="stable")]
    told[order[: params.highest]] = False
    return told


def _runs(every: Experiment, told: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Table:
    """Every run as a dot, with whether the law was fitted to it."""
    return Table.of(
        [Column("parameters", "number", "parameters"), Column("tokens", "number", "tokens"),
         Column("compute_flop", "number", "FLOP", "training compute"), *sheet.ends(every.unit), Column("standing"),
         Column("doubt")],
        parameters=every.parameters, tokens=every.tokens, compute_flop=every.compute, low=[None] * len(every),
        mid=every.loss, high=[None] * len(every), standing=["fitted" if mine else "left out" for mine in told],
        doubt=every.doubts,
    )  # fmt: skip


def _experiments(found: dict[str, Experiment], params: Params) -> Table:
    """The same fit of each experiment, at ten times its own largest run."""
    rows = []
    form, few = form_of(params.law), max(20, params.draws // LESS)
    for one in found.values():
        kept = one.take(_standing(one, params))
        row: dict[str, Any] = {"experiment": one.name, "runs": len(kept), "unit": one.unit}
        rows.append(row)
        try:
            runs = _runs_of(kept, form.size)
        except TooLittleEvidence:
            row["remark"] = "too few runs"
            continue
        fit = fit_law(runs, form, OBJECTIVES[params.objective], count=max(5, params.starts // LESS), seed=params.seed)
        budget = params.budget or 10.0 * float(runs.compute.max())
        if not reach(fit, shape(fit), budget).tells:
            row["remark"] = f"{why(runs, budget)}: the division is open"
            continue
        ends = division_ends(resample(fit, few, params.seed, check=0).laws, budget)
        row |= {"E": fit.law[2], "alpha": fit.law[3], "beta": fit.law[4], "budget_flop": budget}
        row |= dict(zip(("low", "mid", "high"), map(float, ends), strict=True))
    return say.experiments_table(rows)


def _sentence(fit: LawFit, decision: Floats, budget: float, kept: Experiment, distance: float, open_for: str) -> str:
    low, mid, high = (float(end) for end in decision)
    far = f", {distance:.1f} decades beyond the largest run," if distance > 1.0 + 1e-9 else ""
    what, whose = f"a budget of {number(budget)} FLOP{far} is divided best", f"on {len(kept)} runs"
    whose += "" if kept.name == UNNAMED else f" of {kept.name}"
    if open_for:
        span = f"from {number(low)} to {number(high)}" if math.isfinite(low + high) else (
            f"above {number(low)}" if math.isfinite(low) else f"below {number(high)}")  # fmt: skip
        return (
            f"The runs hardly tell how {what}: all divisions {span} tokens per parameter (90 % interval) fit about "
            f"alike, {whose}, which {open_for}."
        )
    told = with_interval(mid, low, high).replace("(", "(90 % interval ", 1)
    return f"A{what[1:]} at {told} tokens per parameter; {say.formula(fit)} {whose}."


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


def _of_runs(
    evidence: Evidence, fit: LawFit, kept: Experiment, every: Experiment, found: dict[str, Experiment], params: Params
) -> list[Note]:
    """Which runs these are, which are not among them and why, and what is odd about them."""
    notes = []
    if len(found) > 1:
        how = "named by --experiment" if params.experiment else "the one with the most undoubted runs"
        text = f"{len(found)} experiments are here, each with a law of its own (table `experiments`), never one for "
        notes.append(Note("info", "experiments", f"{text}all: this answer is of {kept.name}, {how}."))
    residual = float(np.sqrt(np.mean(fit.residual**2)))
    notes += say.of_repeats(*kept.repeats, every.twice, residual)
    if {name for name, one in evidence.tables.items() if len(one)} <= {"losses", "sources", "aliases"}:
        notes += [note for note in evidence.notes if note.about == "duplicates"]  # of losses, then
    doubted = int(every.doubted.sum()) if params.doubtful == "leave out" else 0
    why_out = sorted({one for one, out in zip(every.doubts, every.doubted, strict=True) if out})[:4] if doubted else []
    highest = len(every) - len(kept) - doubted
    parts = [f"{doubted} as doubtful ({'; '.join(why_out)})"] * bool(doubted)
    parts += [f"{highest} for the highest losses (--highest)"] * bool(highest)
    if parts:
        text = f"{len(every) - len(kept)} of {len(every)} runs are left out: {', '.join(parts)}. "
        told = "The table `variants` tells what the doubtful ones change." if doubted else ""
        notes.append(Note("info", "left out", text + told))
        furthest = math.log10(float(every.compute.max() / kept.compute.max()))
        if furthest > 0.1:
            takes = " and ".join(["--doubtful keep"] * bool(doubted) + ["--highest 0"] * bool(highest))
            text = f"All runs of more than {number(float(kept.compute.max()))} FLOP are among those left out, "
            text += f"{furthest:.1f} decades: there no measured loss checks the law. They count with {takes}."
            notes.append(Note("warning", "largest left out", text))
    if kept.resolution > fit.problem.delta and math.isfinite(fit.problem.delta):
        text = f"{kept.repeated} of {len(kept)} losses repeat another's, as of values read off a scale of colours or "
        text += f"rounded to about {percent(kept.resolution)}: residuals below that are no signal. The objective turns "
        text += f"straight at {percent(fit.problem.delta)}; compare the row 'squares' of `variants`."
        notes.append(Note("warning", "resolution", text))
    told_flop = kept.compute / (6 * kept.parameters * kept.tokens)
    if (np.abs(np.log(told_flop)) > 0.1).any():
        text = f"Compute differs from 6 x parameters x tokens by up to {percent(float(np.abs(told_flop - 1).max()))}; "
        notes.append(Note("info", "compute", text + "budgets are divided by that rule all the same."))
    return notes
