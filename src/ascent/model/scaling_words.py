"""Tables and warnings of a fitted scaling law: what each column holds, and when a reader has to be told."""

import math
from typing import Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.display import number, percent
from ascent.core.draws import Floats, failed, interval
from ascent.core.tables import Column, Table
from ascent.model.equal_loss import equal_loss
from ascent.model.isoflop import IsoFlop
from ascent.model.scaling_forms import Runs, division, predict, tokens_per_parameter
from ascent.model.scaling_law import Influence, LawFit, Resampled, Shape
from ascent.model.scaling_reach import Reach
from ascent.model.scaling_variants import Beside, Variant

RATIO = "tokens per parameter"
ENDS = ("low", "mid", "high")
SAME_RUNS = 1.1  # times our objective below which the runs are taken for those of a published law
STEPS = (1.2, 1.5, 2.0, 3.0, 5.0, 10.0)  # times the compute that a smaller model may take
LAW = (
    Column("quantity"), *(Column(end, "number", "see unit") for end in ENDS), Column("unit"),
    Column("profile_low", "number", "see unit", "by the profile of the objective"),
    Column("profile_high", "number", "see unit", "by the profile of the objective"), Column("about"),
)  # fmt: skip


def amount(unit: str) -> str:
    """The unit of loss without what it is per: "nats" of "nats per token"; "loss" where none is stated.

    >>> amount("nats per token"), amount("bits per byte"), amount("unstated units")
    ('nats', 'bits', 'loss')
    """
    return unit.split(" per ")[0] if " per " in unit else "loss"


def short(amount: float) -> str:
    """An amount as people say it of models.

    >>> short(6.32e8), short(1.26e10), short(1.4e12), short(5e4)
    ('632M', '12.6B', '1.4T', '50,000')
    """
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if amount >= size:
            return f"{amount / size:.3g}{letter}"
    return number(float(amount))


def _constants(unit: str) -> list[Column]:
    one = amount(unit)
    return [Column("A", "number", f"{one} x parameters^alpha"), Column("B", "number", f"{one} x tokens^beta"),
            Column("E", "number", unit), Column("alpha", "number", "1"), Column("beta", "number", "1")]  # fmt: skip


def variants_table(rows: list[dict[str, Any]], unit: str) -> Table:
    """Choices, one a row."""
    columns = [
        Column("choice"), Column("family", help="what it changes"), Column("runs", "whole", "runs"),
        *(Column(end, "number", RATIO, "tokens per parameter at the budget") for end in ENDS), *_constants(unit),
        Column("objective", "number", "squared log loss", "sum; comparable within one objective and one set of runs"),
        Column("delta", "number", "log loss", "from which residuals count straight; empty for squares"),
        Column("starts_at_best", "number", "share", "of the starts, to 1e-6 of the objective"),
        Column("settled", "number", "share", "of the starts that came to an end by themselves"),
        Column("error_inside", "number", "log loss", "root mean square below the largest decade, where it was fitted"),
        Column("error_ahead", "number", "log loss", "root mean square on the largest decade of compute, held out"),
        Column("bias_ahead", "number", "log loss", "mean there; above 0 where the law promised too low a loss"),
        Column("held_out", "whole", "runs"),
        Column("allowed", "flag", help="whether the runs leave this form standing beside the main one"),
    ]  # fmt: skip
    note = "Each choice changed by itself. Errors ahead: fitted below a tenth of the largest compute."
    return Table.from_rows(columns, rows, note)


def experiments_table(rows: list[dict[str, Any]]) -> Table:
    """Experiments, one a row; the unit of loss may be another in each."""
    columns = [
        Column("experiment"), Column("runs", "whole", "runs"), Column("unit", help="of the loss"),
        Column("E", "number", "see unit"), Column("alpha", "number", "1"), Column("beta", "number", "1"),
        Column("budget_flop", "number", "FLOP"), *(Column(end, "number", RATIO) for end in ENDS), Column("remark"),
    ]  # fmt: skip
    return Table.from_rows(columns, rows, "One law for each experiment; losses of two need not be comparable.")


def formula(fit: LawFit) -> str:
    """The law in one line, with the digits that tell it apart."""
    log_a, log_b, floor, alpha, beta, power = (float(value) for value in fit.law)
    start = f"{floor:.3f} + " if fit.problem.form.floor else ""
    line = f"{start}{float(np.exp(log_a)):.4g} / N^{alpha:.3f} + {float(np.exp(log_b)):.4g} / D^{beta:.3g}"
    return f"loss = ({line})^{power:.3f}" if fit.problem.form.outer else f"loss = {line}"


def law_table(
    laws: Floats, profiles: dict[str, tuple[float, float]], decision: Floats, runs: Runs, budget: float, unit: str
) -> Table:
    """The decision first, then what the runs determine well, then the constants.

    laws   (draw, 6), draw 0 the fit
    """
    ratio = tokens_per_parameter(laws, budget)
    size, tokens = division(laws, budget)
    with np.errstate(all="ignore"):
        loss = predict(laws, size, tokens)
        growth = np.where(np.isfinite(ratio), laws[:, 4] / (laws[:, 3] + laws[:, 4]), np.nan)
    middle = [np.exp(laws[:, at] - laws[:, 3 + at] * mean) for at, mean in enumerate((runs.mean_n, runs.mean_d))]
    at_n, at_d = number(math.exp(runs.mean_n)), number(math.exp(runs.mean_d))
    rows = [
        _row("tokens per parameter", RATIO, decision, profiles, "log tokens per parameter", "at the budget"),
        _row("parameters", "parameters", interval(size), about="at the budget"),
        _row("tokens", "tokens", interval(tokens), about="at the budget"),
        _row("loss", unit, interval(loss), about="at the budget, divided so; of this form of the law only"),
        _row("growth of parameters", "1", interval(growth), about="exponent of the best size in compute"),
        _row("loss for want of parameters", unit, interval(middle[0]), about=f"A / N^alpha at {at_n} parameters"),
        _row("loss for want of tokens", unit, interval(middle[1]), about=f"B / D^beta at {at_d} tokens"),
        _row("A", f"{amount(unit)} x parameters^alpha", interval(np.exp(laws[:, 0])), profiles, "log A"),
        _row("B", f"{amount(unit)} x tokens^beta", interval(np.exp(laws[:, 1])), profiles, "log B"),
    ]
    rows += [_row(name, measure, interval(laws[:, 2 + at]), profiles, name)
             for at, (name, measure) in enumerate((("E", unit), ("alpha", "1"), ("beta", "1")))]  # fmt: skip
    note = f"At a budget of {number(budget)} FLOP. Read A with alpha and B with beta: alone neither is determined."
    return Table.from_rows(LAW, rows, note)


def _row(
    name: str, unit: str, ends: Any, profiles: dict[str, tuple[float, float]] | None = None, key: str = "",
    about: str = "",
) -> dict[str, Any]:  # fmt: skip
    low, high = (profiles or {}).get(key, (math.nan, math.nan))
    if key.startswith("log "):
        low, high = (float(np.exp(end)) for end in (low, high))
    told = dict(zip(ENDS, (float(end) for end in ends), strict=True))
    return {"quantity": name, "unit": unit, **told, "profile_low": low, "profile_high": high, "about": about}


def overtraining_table(laws: Floats, budget: float) -> Table:
    """Smaller models that reach the loss of the best division of a budget with more compute.

    laws   (draw, 6), draw 0 the fit; those whose exponents are not above 0 are left out
    """
    able = (laws[:, 3] > 0) & (laws[:, 4] > 0)
    law = (np.exp(laws[able, 0]), np.exp(laws[able, 1]), laws[able, 3], laws[able, 4])
    rows = []
    for step in STEPS:
        found = dict(zip(("parameters", "tokens", "ratio"), equal_loss(budget, step, law), strict=True))
        ends = {name: interval(values) for name, values in found.items()}
        rows.append({"compute": step, **{f"{name}_{end}": float(value) for name, three in ends.items()
                                         for end, value in zip(ENDS, three, strict=True)}})  # fmt: skip
    rows = [{key.removesuffix("_mid"): value for key, value in row.items()} for row in rows]
    columns = [Column("compute", "number", "x", "training compute over the budget")]
    units = (("parameters", "x"), ("tokens", "x"), ("ratio", RATIO))
    columns += [Column(f"{name}{end}", "number", unit) for name, unit in units for end in ("_low", "", "_high")]
    note = "Equal loss: parameters and tokens over those of the best division, and tokens per parameter of that model."
    return Table.from_rows(columns, rows, note)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def variant_row(one: Variant) -> dict[str, Any]:
    """One choice as a row."""
    log_a, log_b, floor, alpha, beta, _ = one.fit.law
    held: dict[str, Any] = {}
    if one.held is not None:
        held = {"error_inside": one.held.inside, "error_ahead": one.held.outside, "bias_ahead": one.held.bias}
        held["held_out"] = one.held.ahead
    return {
        "choice": one.choice, "family": one.family, "runs": len(one.fit.residual),
        **dict(zip(ENDS, map(float, one.ratio), strict=True)), "A": float(np.exp(log_a)), "B": float(np.exp(log_b)),
        "E": floor, "alpha": alpha, "beta": beta, "objective": one.fit.objective,
        "delta": _finite(one.fit.problem.delta), "starts_at_best": one.fit.at_best, "settled": one.fit.settled, **held,
        "allowed": one.allowed,
    }  # fmt: skip


def parabola_row(found: IsoFlop, budget: float) -> dict[str, Any]:
    """The line through the minima of IsoFLOP parabolas, at the budget."""
    ends = interval(found.at(budget))
    told = dict(zip(ENDS, map(float, ends), strict=True))
    return {"choice": "parabolas and a line", "family": "method", "runs": int(found.runs.sum()), **told}


def published_table(found: list[Beside], unit: str) -> Table:
    """Published laws, one a row."""
    names = ("A", "B", "E", "alpha", "beta")
    rows = [
        {"law": one.published.name, **dict(zip(names, one.published.constants, strict=True)),
         "objective": one.objective, "tokens_per_parameter": one.ratio, "runs_needed": one.runs,
         "why": one.published.why}
        for one in found
    ]  # fmt: skip
    note = "Laws published for the Chinchilla runs, with the digits printed, on the runs at hand."
    columns = [
        Column("law"), *_constants(unit), Column("objective", "number", "squared log loss", "on the runs at hand"),
        Column("tokens_per_parameter", "number", RATIO),
        Column("runs_needed", "number", "runs", "like these, for an interval as narrow as was printed"), Column("why"),
    ]  # fmt: skip
    return Table.from_rows(columns, rows, note)


def influence_table(fit: LawFit, found: Influence, budget: float, unit: str) -> Table:
    """The runs that move the decision most when left out, the strongest first."""
    runs, residual = fit.problem.runs, fit.residual
    own = float(tokens_per_parameter(fit.law, budget))
    without = tokens_per_parameter(found.laws, budget)
    order = np.lexsort((np.arange(len(without)), -np.abs(np.nan_to_num(np.log(without / own), nan=np.inf))))
    at = found.run[order]
    columns = [
        Column("run", help="in words"),
        Column("parameters", "number", "parameters"), Column("tokens", "number", "tokens"),
        Column("loss", "number", unit),
        Column("residual", "number", "log loss", "log loss less the law's"),
        Column("without", "number", RATIO, "at the budget, fitted without this run"),
        Column("change", "number", "x", "that over the fit of all"), Column("alpha", "number", "1"),
        Column("beta", "number", "1"),
    ]  # fmt: skip
    return Table.of(
        columns, "Refitted without one run each; those are shown that move tokens per parameter most.",
        run=[f"{short(n)} on {short(d)} tokens" for n, d in zip(runs.parameters[at], runs.tokens[at], strict=True)],
        parameters=runs.parameters[at], tokens=runs.tokens[at], loss=runs.loss[at], residual=residual[at],
        without=without[order], change=without[order] / own, alpha=found.laws[order, 3], beta=found.laws[order, 4],
    )  # fmt: skip


def of_fit(fit: LawFit, about: Shape, drawn: Resampled) -> list[Note]:
    """How the optimum was found, and how well it is determined."""
    text = f"{percent(fit.at_best)} of {fit.starts} starts reach the best objective to 1e-6, {number(fit.objective)}; "
    text += f"{percent(fit.settled)} came to an end by themselves."
    found = [Note("info" if fit.at_best >= 0.05 else "warning", "convergence", text)]
    text = f"The constants are nearly exchangeable: log A and alpha correlate {about.correlations[0]:.4f}"
    if math.isfinite(about.correlations[1]):
        text += f", log B and beta {about.correlations[1]:.4f}"
    text += f", condition number {number(about.condition)}. Use the law or its decisions, never one constant alone."
    found.append(Note("info", "identifiability", text))
    lost, draws = failed(drawn.laws), len(drawn.laws) - 1
    if lost:
        text = f"{lost} of {draws} resamples found no end and are left out."
        found.append(Note("warning" if lost > 0.02 * draws else "info", "draws", text))
    if drawn.missed:
        text = f"In {percent(drawn.missed)} of the checked resamples a start from afar found a better optimum than the "
        found.append(Note("info", "draws", text + "fit did; all resamples were therefore fitted from afar as well."))
    odd = np.mean((drawn.laws[1:, 3] <= 0) | (drawn.laws[1:, 4] <= 0))
    if odd > 0.005:
        text = f"In {percent(float(odd))} of resamples an exponent is not above 0, so no division of a budget is best: "
        found.append(
            Note("warning", "bounds", text + "the interval is of the others. More spread in sizes would help.")
        )
    return found


def of_ways(ways: list[Variant], distance: float) -> list[Note]:
    """What other choices change, and how far the budget lies from the runs."""
    main, found = ways[0], []
    apart = [one for one in ways[1:] if one.allowed is not False and math.isfinite(float(one.ratio[1]))
             and not main.ratio[0] <= one.ratio[1] <= main.ratio[2]]  # fmt: skip
    if apart:
        told = ", ".join(f"{number(float(one.ratio[1]))} ({one.choice})" for one in apart[:4])
        text = f"Other defensible choices leave the interval of tokens per parameter: {told}."
        found.append(Note("warning", "choices", text))
    if distance > 1.0 + 1e-9:
        stood = [one.choice for one in ways[1:] if one.allowed]
        text = f"The budget lies {distance:.1f} decades beyond the largest run; the interval spans the forms that the "
        text += f"runs leave standing ({', '.join(stood) or 'no other does'}) and tells nothing of forms not tried."
        found.append(Note("warning", "extrapolation", text))
    else:
        text = f"The budget lies {distance:.1f} decades beyond the largest run."
        found.append(Note("info", "extrapolation", text))
    held = main.held
    if held is not None and held.outside > 1.5 * held.inside:
        way = "too low" if held.bias > 0 else "too high"
        text = f"Fitted below the largest decade of compute, the law errs by {100 * held.outside:.2g} % there against "
        text += f"{100 * held.inside:.2g} % inside, mostly {way}: further out it is less sure than its interval says."
        found.append(Note("warning", "held out", text))
    return found


def of_influence(table: Table, main: Variant) -> list[Note]:
    """Whether single runs carry the decision."""
    if not len(table) or not (main.ratio > 0).all():
        return []
    change = table["change"][0]
    half = math.log(float(main.ratio[2] / main.ratio[0])) / 2
    if change is None or not math.isfinite(half) or abs(math.log(float(change))) < half / 2:
        return []
    row = next(table.rows())
    text = f"One run decides much: without the one of {number(row['parameters'])} parameters, "  # type: ignore[arg-type]  # numbers
    text += f"{number(row['tokens'])} tokens and loss {number(row['loss'])} the best division is "  # type: ignore[arg-type]  # numbers
    text += f"{number(row['without'])} tokens per parameter. Check it."  # type: ignore[arg-type]  # numbers
    return [Note("warning", "influence", text)]


def of_published(fit: LawFit, found: list[Beside], budget: float) -> list[Note]:
    """Published laws beside ours, where the runs are those that they were published for."""
    refit = next(one for one in found if one.published.name.startswith("Besiroglu"))
    if not fit.objective < refit.objective < SAME_RUNS * fit.objective:
        return []
    text = f"Published for these runs, at {number(budget)} FLOP: "
    for one in found:
        _, _, floor, alpha, beta = one.published.constants
        text += f"{one.published.name} has E {floor:g}, alpha {alpha:g}, beta {beta:g} and {number(one.ratio)} tokens "
        text += f"per parameter, with an objective {percent(one.objective / fit.objective - 1)} above the best"
        text += f" and an interval that would take {number(one.runs)} such runs" if one.runs > 0 else ""
        text += f" ({one.published.why[0].lower()}{one.published.why[1:]}). "
    return [Note("info", "published", text + "Table `published`.")]


def of_reach(near: Reach, reason: str) -> list[Note]:
    """That the runs hardly tell parameters from tokens."""
    if near.tells:
        return []
    text = f"Laws that divide the budget very differently fit alike, to runs that {reason}: the constants and the "
    text += "division are no finding; the losses near the runs are. Add runs whose tokens per parameter vary tenfold "
    return [Note("warning", "identifiability", text + "at each of several sizes.")]


def of_repeats(repeats: int, spread: float, twice: int, residual: float) -> list[Note]:
    """Runs told twice, and runs repeated.

    repeats, spread   how many runs repeat another's size and tokens, and the spread of log loss among them
    twice             rows left out since they repeat another to the last digit
    residual          root mean square about the law
    """
    found = []
    if twice:
        text = f"{twice} rows repeat another's size, tokens and loss to the last digit and count once. Where they are "
        found.append(Note("warning", "duplicates", text + "runs of their own, give losses with more digits."))
    if repeats:
        text = f"{repeats} runs repeat another's size and tokens; their losses differ by {100 * spread:.2g} % (one "
        text += (
            f"standard deviation), residuals from the law are {100 * residual:.2g} %. Repeats share their weight in "
        )
        text += "resamples, since what the law misses at one place it misses in all of them."
        found.append(Note("info", "repeats", text))
    return found
