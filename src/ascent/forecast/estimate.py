"""An estimate: a model of uncertain inputs turned into an answer with intervals, sensitivity and its published twin."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dimensions import convertible, unit
from ascent.core.draws import MASS
from ascent.core.errors import WrongUse
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast import montecarlo
from ascent.forecast.assumptions import CUT, Assumptions, Given, Row, given, parse_correlations
from ascent.forecast.montecarlo import PRECISION, Summary
from ascent.forecast.quantity import Quantity
from ascent.forecast.sensitivity import Influence, influences
from ascent.forecast.wording import MIXED, against, amount, phrase

Model = Callable[[Given], Mapping[str, Quantity]]
Drawer = Callable[[Manifest, Mapping[str, Table]], Mapping[str, Spec]]


@dataclass(frozen=True)
class Output:
    """One result of an estimate.

    name, help, unit  as in the table; the model's quantity is turned into the unit
    published         what somebody printed for it; low, high their interval; words where they used words
    source            who printed that
    summary           "interval" (5 %, 50 %, 95 % of the draws) or "mean" (a probability: the share of draws)
    axis              name of an axis handed to `estimate`: the model's quantity is a path along it
    at_point          False where the inputs at their centres make no sense of it (a mixture's halves)
    """

    name: str
    help: str
    unit: str = ""
    published: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""
    source: str = ""
    summary: str = "interval"
    axis: str = ""
    at_point: bool = True


@dataclass(frozen=True)
class Estimate(Prepared):
    """Its main table is `results`, the first row the answer; `inputs` and `sensitivity` say what it rests on.

    drawn  output -> its draws (draw, ...) in its unit, in the order of every other output; not kept in saved answers
    """

    built: Mapping[str, Spec] = field(default_factory=dict)
    drawn: Mapping[str, NDArray[np.float64]] = field(default_factory=dict, compare=False, repr=False)

    def charts(self) -> dict[str, Spec]:
        return dict(self.built)


def estimate(
    question: str, evidence: Evidence, params: Assumptions, model: Model, outputs: Sequence[Output], *,
    sentence: str = "", axes: Mapping[str, Sequence[Any]] | None = None, notes: Sequence[Note] = (),
    tables: Mapping[str, Table] | None = None, charts: Drawer | None = None,
    most: int = montecarlo.MOST,
) -> Estimate:  # fmt: skip
    """Answer by Monte Carlo.

    question  the module's __name__
    model     called once with the inputs as quantities; returns one quantity per output
    outputs   what it returns, the main one first
    sentence  with {name} of outputs, replaced by value and interval; without it the main output's help and value
    axes      axis name -> its values, for outputs that are paths
    tables    further tables;  charts  a function of manifest and tables that returns further charts
    most      largest number of draws, for models that are slow

    Raises WrongUse where the model and its outputs differ in names or units.
    """
    known = given(params, evidence)
    built = _checked(model(known), outputs)
    plan_of = montecarlo.Plan(built)
    names = [name for name in known.stated if name in plan_of.inputs]
    flat = [one for one in outputs if not one.axis]
    wanted = parse_correlations(params.correlations, list(known.stated))
    # A point has nothing to be correlated with, whether by default or because somebody fixed it.
    correlations = {pair: rank for pair, rank in wanted.items() if set(pair) <= set(plan_of.inputs)}
    sample, found = montecarlo.settled(
        built, first=params.draws, most=max(params.draws, most), watched=[one.name for one in flat[:1]],
        shares=[one.name for one in outputs if one.summary == "mean"],
        seed=params.seed, correlations=correlations, inputs=names, order=list(known.stated),
    )  # fmt: skip
    centres = montecarlo.points(built)
    main = outputs[0]
    drawn = {name: sample.values[f"input {name}"] for name in names}
    moved = influences(sample.values[main.name], drawn) if not main.axis else []
    made = {"results": _results(flat, found, centres), "inputs": _inputs(known, sample)}
    made["sensitivity"] = _sensitivity(main, moved)
    if params.sobol:
        from ascent.forecast.sobol import indices

        made["sobol"] = indices(built[main.name], names, params.seed, correlations)
    if paths := [one for one in outputs if one.axis]:
        made["paths"] = _paths(paths, found, axes or {})
    made |= tables or {}
    manifest = Manifest.stamp(question, params, evidence)
    told = [*_notes(main, found, sample, known, moved), *notes, *_idle(set(wanted) - set(correlations))]
    from ascent.forecast import pictures

    drawn_of = {one.name: sample.values[one.name] for one in outputs}
    pictured = pictures.charts(main, made, manifest, drawn_of[main.name])
    if charts:
        pictured |= charts(manifest, made)
    return Estimate(manifest, _sentence(sentence, outputs, found, centres), made, tuple(told), pictured, drawn_of)


def _checked(made: Mapping[str, Quantity], outputs: Sequence[Output]) -> dict[str, Quantity]:
    names = [one.name for one in outputs]
    if set(names) != set(made):
        raise WrongUse(f"The model returns {', '.join(made)}; the outputs declared are {', '.join(names)}.")
    for one in outputs:
        convertible(made[one.name].unit, unit(one.unit) if one.unit else unit("1"), f"The output '{one.name}'")
    return {one.name: made[one.name].to(one.unit or "1") for one in outputs}


def _results(outputs: Sequence[Output], found: Mapping[str, Summary], centres: Mapping[str, Any]) -> Table:
    rows = []
    for one in outputs:
        summed = found[one.name]
        # A probability sums the uncertainty up: its ends would be the error of drawing, which has a column of its own.
        ends = (None, None) if one.summary == "mean" else (float(summed.low), float(summed.high))
        rows.append({
            "output": one.name, "meaning": one.help, "low": ends[0], "mid": float(summed.mid),
            "high": ends[1], "unit": one.unit, "mean": float(summed.mean),
            "point": _finite(centres[one.name]) if one.at_point else None, "error": float(summed.error),
            "published": one.published, "published_low": one.low, "published_high": one.high,
            "published_words": one.words or None, "source": one.source or None,
        })  # fmt: skip
        central = _finite(centres[one.name]) if one.at_point else None
        compared = float(summed.mid) if central is None else central
        rows[-1]["difference"] = against(compared, one.published, one.low, one.high, one.unit) or None
    for row in rows:
        row |= {name: _rounded(value) for name, value in row.items() if isinstance(value, int | float)}
    return Table.from_rows(_RESULTS, rows)


def _inputs(known: Given, sample: montecarlo.Sample) -> Table:
    rows = []
    for name, one in known.stated.items():
        drawn = sample.values.get(f"input {name}")
        if one.fixed or drawn is None:
            value = one.point if one.point is not None else one.shape.centre * one.factor
            ends = [value] * 3
        else:
            ends = [float(end) * one.factor for end in np.quantile(drawn, ((1 - MASS) / 2, 0.5, (1 + MASS) / 2))]
        assumed = one.knob.assumed
        rows.append({
            "input": name, "meaning": one.knob.help, "text": one.text, "low": ends[0], "mid": ends[1], "high": ends[2],
            "unit": one.knob.unit, "point": one.point if one.point is not None else ends[1], "from": one.origin,
            "source": {"default": assumed.source, "evidence": assumed.row and assumed.row.told()}.get(one.origin),
            "interval": assumed.spread_source or None if one.origin == "default" and assumed.spread else None,
            "default": one.knob.default, "row": _looked_up(assumed.row, one.origin),
        })  # fmt: skip
    for row in rows:
        row |= {name: _rounded(value) for name, value in row.items() if isinstance(value, int | float)}
    return Table.from_rows(_INPUTS, rows)


def _looked_up(row: Row | None, origin: str) -> str | None:
    if row is None:
        return None
    return row.told() + {"evidence": "", "set": " (set by hand instead)"}.get(origin, " (not in this evidence)")


def _sensitivity(main: Output, moved: Sequence[Influence]) -> Table:
    columns = (
        Column("input"),
        Column("narrower", "number", "fraction", "share of the answer's 90 % width that would go if it were known"),
        Column("correlation", "number", "rank correlation", "with the answer, over the draws"),
        Column("if_low_input", "number", MIXED, "median answer where this input is in its lowest tenth"),
        Column("if_high_input", "number", MIXED, "the same for its highest tenth"),
        Column("unit"),
    )  # fmt: skip
    rows = [
        {"input": one.name, "narrower": round(one.narrower, 4), "correlation": round(one.correlation, 4),
         "if_low_input": _finite(one.if_low), "if_high_input": _finite(one.if_high), "unit": main.unit} for one in moved
    ]  # fmt: skip
    return Table.from_rows(columns, rows, f"How each uncertain input moves {main.help}.")


def _paths(outputs: Sequence[Output], found: Mapping[str, Summary], axes: Mapping[str, Sequence[Any]]) -> Table:
    rows = []
    for one in outputs:
        if one.axis not in axes:
            raise WrongUse(f"The output '{one.name}' runs along '{one.axis}', which has no values.")
        summed = found[one.name]
        for place, at in enumerate(axes[one.axis]):
            ends = {end: _finite(getattr(summed, end)[place]) for end in ("low", "mid", "high")}
            rows.append(
                {"output": one.name, "meaning": one.help, "axis": one.axis, "at": float(at), **ends, "unit": one.unit}
            )
    return Table.from_rows(_PATHS, rows)


def _idle(pairs: set[tuple[str, str]]) -> list[Note]:
    if not pairs:
        return []
    told = ", ".join("~".join(pair) for pair in sorted(pairs))
    return [Note("info", "correlations", f"Without effect, as one of each pair is a point or not used: {told}.")]


def _notes(
    main: Output, found: Mapping[str, Summary], sample: montecarlo.Sample, known: Given, moved: Sequence[Influence]
) -> list[Note]:
    summed = found[main.name]
    total = sample.total
    notes = [
        Note(
            "info" if summed.worst < PRECISION else "warning", "monte-carlo",
            f"{total:,} draws; the Monte Carlo error of the interval's ends is at most {summed.worst:.2%} of its width"
            + ("." if summed.worst < PRECISION else f", above {PRECISION:.0%}: ask for more with --draws."),
        )
    ]  # fmt: skip
    if moved and moved[0].narrower > 0:
        first = moved[0]
        notes.append(
            Note("info", "sensitivity", f"Knowing {first.name} would narrow the answer most, by {first.narrower:.0%}.")
        )
    if not moved and not main.axis:
        notes.append(Note("warning", "certain", "Every input that matters is a point, so the interval has no width."))
    cut = {one.knob.name: one.cut for one in known.stated.values() if one.cut > CUT}
    if cut:
        told = ", ".join(f"{name} ({share:.1%})" for name, share in sorted(cut.items(), key=lambda one: -one[1])[:4])
        more = f" and of {len(cut) - 4} more inputs" if len(cut) > 4 else ""
        notes.append(Note("info", "bounds", f"Ranges are cut at what is possible: {told}{more}."))
    for name, each in found.items():
        if each.failed:
            notes.append(
                Note("warning", "failed", f"{each.failed:,} draws of {name} are not a number and are left out.")
            )
    return notes


def _sentence(
    template: str, outputs: Sequence[Output], found: Mapping[str, Summary], centres: Mapping[str, Any]
) -> str:
    by_name = {one.name: one for one in outputs}
    template = template or f"{outputs[0].help[0].upper()}{outputs[0].help[1:]}: {{{outputs[0].name}}}."
    first = True

    def told(match: re.Match[str]) -> str:
        nonlocal first
        name, _, only = match[1].partition(":")
        one = by_name[name]
        summed = found[one.name]
        if only == "point":
            return amount(float(centres[name]), one.unit)
        if one.summary == "mean":  # its ends are the error of drawing, no interval of the answer: the table has them
            return _chance(float(summed.mid))
        text = phrase(float(summed.low), float(summed.mid), float(summed.high), one.unit, named=first)
        first = first and "interval" not in text
        return text

    return re.sub(r"\{([a-z0-9_]+(?::point)?)\}", told, template)


def _chance(share: float) -> str:
    """A probability in whole percent: more digits would be those of the assumed ranges.

    >>> _chance(0.8892), _chance(0.0007), _chance(1.0)
    ('89 %', 'below 1 %', 'above 99 %')
    """
    whole = round(100 * share)
    return "below 1 %" if whole < 1 else "above 99 %" if whole > 99 else f"{whole} %"


def _finite(value: Any) -> float | None:
    number = float(np.asarray(value).reshape(-1)[0]) if np.ndim(value) else float(value)
    return _rounded(number) if np.isfinite(number) else None


def _rounded(value: float) -> float:
    """To 12 digits: beyond them the same arithmetic may differ between machines."""
    return float(f"{value:.12g}")


_RESULTS = (
    Column("output"), Column("meaning"), Column("low", "number", MIXED, f"{(1 - MASS) / 2:.0%} of the draws lie below"),
    Column("mid", "number", MIXED, "half of the draws lie below; of a probability the share of draws"),
    Column("high", "number", MIXED, f"{(1 + MASS) / 2:.0%} of the draws lie below"), Column("unit"),
    Column("published", "number", MIXED, "what was printed"), Column("published_low", "number", MIXED),
    Column("published_high", "number", MIXED), Column("published_words", help="where it was told in words"),
    Column("difference", help="of point (of mid, where there is no point) from what was published"),
    Column("point", "number", MIXED, "with every input at its central or published value"),
    Column("mean", "number", MIXED, "mean of the draws"),
    Column("error", "number", MIXED, "Monte Carlo standard error of mid"), Column("source", help="who published it"),
)  # fmt: skip
_INPUTS = (
    Column("input"), Column("meaning"), Column("low", "number", MIXED), Column("mid", "number", MIXED),
    Column("high", "number", MIXED), Column("unit"), Column("text", help="as it was set"),
    Column("from", help="default, set or evidence"), Column("source", help="who published it"),
    Column("interval", help="whose range, where the source has a point only"),
    Column("point", "number", MIXED, "central or published value"),
    Column("default", help="the text it has unless it is set"),
    Column("row", help="the row of evidence that replaces the default"),
)  # fmt: skip
_PATHS = (
    Column("output"), Column("meaning"), Column("axis"),
    Column("at", "number", "of the axis"), Column("low", "number", MIXED),
    Column("mid", "number", MIXED), Column("high", "number", MIXED), Column("unit"),
)  # fmt: skip
