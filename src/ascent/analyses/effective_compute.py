"""How much is a model's training compute worth: by efficiency gain, by equal loss, by capability?

Theme     training and compute
Evidence  models: training compute, release date, parameters, tokens; scores, for the capability index
Method    gain: compute times the efficiency gained since `reference`; equal loss: compute of the compute-optimal model
          that has the same loss under a fitted law, so that overtrained models are worth less than they cost; both: one
          after the other; capability: the compute that gives the same index on the reference date, read off a plane of
          capability over compute and date. Every number carries the errors of its inputs
Source    forum thread on the release of Claude 3.5 Sonnet, 2024, where the first two are argued; Hoffmann et al. 2022,
          arXiv:2203.15556 and Besiroglu et al. 2024, arXiv:2404.10102 (loss); Ho et al. 2024, arXiv:2403.05812 (gain:
          compute for equal loss halves in 5 to 14 months)
Differs   labs do not say what they call effective compute; here definitions stand side by side, and where they disagree
          about a factor between two models the answer says so. One gain for all labs is an assumption of the first
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, span
from ascent.core.display import number, percent, plain, with_interval
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.frontier import Flags
from ascent.measure.models import model_facts
from ascent.measure.training_compute import TrainingCompute, training_compute
from ascent.model.capability_compute import capability_and_compute, fit_plane
from ascent.model.optimal_equivalent import optimal_equivalent

PHYSICAL, GAIN, LOSS, BOTH, CAPABILITY = "physical", "gain", "equal loss", "both", "capability"
DEFINITIONS = (PHYSICAL, GAIN, LOSS, BOTH, CAPABILITY)
LAWS = {"Besiroglu 2024": (482.01, 2085.43, 0.3478, 0.3658), "Hoffmann 2022": (406.4, 410.7, 0.34, 0.28)}
# Errors of the exponents, their correlation, and the size and data about which the law turns as they err: resampling
# the 240 public runs of the Chinchilla figure (as `ascent loss-scaling` does) leaves errors below 0.02 beside these.
ERRORS, TOGETHER, PIVOT = (0.0167, 0.0207), -0.25, (1.92e7, 7.71e8)
MONTHS = (5.0, 8.0, 14.0)  # until compute for equal loss halves: 95 % and median, Ho et al. 2024
SHOWN = 20  # models of the chart


@dataclass(frozen=True, kw_only=True)
class Params:
    model: str = param("", "compare this model with --base; empty: the latest that was trained past the optimum")
    base: str = param("", "the model it is compared with; empty: the one with the most compute a year or more before")
    factor: float = param(4.0, "ratio of effective compute that is asked about", unit="x", least=1)
    reference: str = param("2022", "date whose software compute is told in: 2022, 2022-06 or 2022-06-15")
    halving: float = param(MONTHS[1], "months in which compute for equal loss halves", unit="months", least=0.1)
    law: str = param("Besiroglu 2024", "fitted loss law of the equal-loss definition", choices=tuple(LAWS))
    draws: int = param(300, "draws of every error", unit="draws", least=20, most=10_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `ratio`: the two models under each definition; `models` has every model."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        model, base = (str(self.prepared["ratio"][side][0]) for side in ("model", "base"))
        pair = charts.ranking(
            self.prepared["ratio"], label="in_words", mid="mid", low="low", high="high", log=True, ordered=False,
            title=f"Effective compute of {plain(model)} over {plain(base)}", manifest=self.manifest,
            quantity="Ratio", references={f"{number(float(self.manifest.params['factor']))}x":
                                          float(self.manifest.params["factor"])},
            note="One row per definition; where rows lie on both sides of the line the definition decides.",
        )  # fmt: skip
        worth = charts.ranking(
            self.prepared["overtraining"], label="model", mid="mid", low="low", high="high", log=True, ascending=True,
            top=SHOWN, title="What a FLOP was worth: compute of the optimal model of equal loss",
            manifest=self.manifest, quantity="Share of what was spent", references={"compute-optimal": 1.0},
            note="Models whose parameters and tokens are known, the furthest from optimal first. A model at 0.2 has "
            "the loss of an optimal one trained with a fifth of its compute.",
        )  # fmt: skip
        return {"ratio": pair} | ({"overtraining": worth} if len(self.prepared["overtraining"]) else {})


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Effective compute of every model by each definition its facts allow, and of one over another.

    Raises TooLittleEvidence where fewer than two models have training compute, UnknownName for a model that has none.
    """
    known = training_compute(evidence)
    if len(known.model) < 2:
        raise TooLittleEvidence(
            need="two models with training compute", have="one", fix="add a table of models with training_compute_flop"
        )
    try:
        reference = decimal_year(span(params.reference)[0].isoformat())
    except ValueError as error:
        raise WrongUse(f"--reference: {error}.") from None
    facts = model_facts(evidence, known.model, ("parameters", "active_parameters", "tokens"))
    size = np.array([facts[one]["active_parameters"] or facts[one]["parameters"] or np.nan for one in known.model])
    tokens = np.array([facts[one]["tokens"] or np.nan for one in known.model])
    drawn = _definitions(known, size, tokens, reference, params)
    drawn[CAPABILITY], why = _by_capability(evidence, known, reference, params)
    # What a FLOP bought: one amount on both sides, so that only the law counts.
    worth = drawn[LOSS] - np.log10(6 * size * tokens)
    every = np.isfinite(sum(values[0] for values in drawn.values() if np.isfinite(values[0]).any()))
    a, b = _pair(known, worth, every, params)
    sheets = {
        "ratio": _ratios(known, drawn, a, b, params), "models": _models(known, drawn),
        "overtraining": _overtraining(known, worth, size, tokens), "definitions": _told(),
    }  # fmt: skip
    notes = tuple(_notes(known, drawn, sheets["ratio"], why, params))
    return Answer(Manifest.stamp(__name__, params, evidence), _sentence(sheets["ratio"], params), sheets, notes)


def _definitions(
    known: TrainingCompute, size: Floats, tokens: Floats, reference: float, params: Params
) -> dict[str, Floats]:
    """Decimal logarithms of effective compute (draw, model), draw 0 the estimate; NaN where facts are missing."""
    rng = np.random.default_rng(params.seed)
    count = params.draws + 1

    def noise(*shape: int) -> Floats:
        drawn = rng.standard_normal((count, *shape))
        drawn[0] = 0.0
        return drawn

    error = np.log10(known.within) / 1.6449
    spent = known.log_flop + error * noise(len(known.model))
    # The published range is lopsided; its logarithm is nearly not.
    spread = np.log(MONTHS[2] / MONTHS[0]) / (2 * 1.96)
    months = params.halving * np.exp(spread * noise(1))
    gained = np.log10(2) * 12 / months * (known.year - reference)
    first, second = noise(1), noise(1)
    turns = ERRORS[0] * first, ERRORS[1] * (TOGETHER * first + np.sqrt(1 - TOGETHER**2) * second)
    a, b, *exponents = LAWS[params.law]
    scales = [term * pivot**turn for term, pivot, turn in zip((a, b), PIVOT, turns, strict=True)]
    alpha, beta = (power + turn for power, turn in zip(exponents, turns, strict=True))
    with np.errstate(invalid="ignore"):
        worth = np.log10(optimal_equivalent(size, tokens, (*scales, alpha, beta)))
    return {PHYSICAL: spent, GAIN: spent + gained, LOSS: worth, BOTH: worth + gained}


def _by_capability(evidence: Evidence, known: TrainingCompute, reference: float, params: Params) -> tuple[Floats, str]:
    """The same by capability, and why it is missing where it is."""
    blank = np.full((params.draws + 1, len(known.model)), np.nan)
    try:
        joined = capability_and_compute(evidence, draws=params.draws, seed=params.seed)
    except TooLittleEvidence as error:
        return blank, f"No definition by capability: it needs {error.need}, there is {error.have}."
    plane = fit_plane(joined, reference=reference, seed=params.seed)
    if interval(plane.per_decade)[0] <= 0:
        return blank, "No definition by capability: here capability does not clearly rise with compute."
    implied = plane.implied(joined.capability)
    place = {name: k for k, name in enumerate(joined.model)}
    for k, name in enumerate(known.model):
        if name in place:
            blank[:, k] = implied[:, place[name]]
    return blank, ""


def _pair(known: TrainingCompute, worth: Floats, every: Flags, params: Params) -> tuple[int, int]:
    """The two models asked for; else an overtrained one and a larger one before it that every definition knows."""
    names = list(known.model)
    for side, name in (("model", params.model), ("base", params.base)):
        if name and name not in names:
            raise UnknownName(f"model with training compute (--{side})", name, names)
    if params.model and params.model == params.base:
        raise WrongUse(f"--model and --base are both '{params.model}'; name two models.")
    told = np.flatnonzero(every).tolist()
    over = [k for k in told if worth[0, k] < np.log10(0.8)]
    first = names.index(params.model) if params.model else (over or told or [len(names) - 1])[-1]
    others = [k for k in (told if len(told) > 1 else range(len(names))) if k != first]
    before = [k for k in others if known.year[k] <= known.year[first] - 1.0] or others or [1 - first]
    second = names.index(params.base) if params.base else int(max(before, key=lambda k: (known.log_flop[k], -k)))
    return first, second


def _ratios(known: TrainingCompute, drawn: dict[str, Floats], a: int, b: int, params: Params) -> Table:
    rows = []
    for name in DEFINITIONS:
        apart = 10 ** (drawn[name][:, a] - drawn[name][:, b])
        low, mid, high = (float(end) for end in interval(apart))
        told = bool(np.isfinite(mid))
        rows.append({
            "definition": name, "mid": mid if told else None, "low": low if told else None,
            "high": high if told else None, "model": known.model[a], "base": known.model[b],
            "probability": float(np.nanmean(apart[1:] >= params.factor)) if told else None, "in_words": _LABELS[name],
        })  # fmt: skip
    return Table.from_rows(_RATIO, rows)


def _models(known: TrainingCompute, drawn: dict[str, Floats]) -> Table:
    ends = {name: interval(10**values) for name, values in drawn.items()}
    rows = [
        {"model": model, "released": known.released[k], "organization": known.organization[k]}
        | {
            f"{name.replace(' ', '_')}{part}": float(ends[name][side][k]) if np.isfinite(ends[name][1][k]) else None
            for name in DEFINITIONS for side, part in enumerate(("_low", "", "_high"))
        }
        for k, model in enumerate(known.model)
    ]  # fmt: skip
    columns = [Column("model"), Column("released", "date"), Column("organization")]
    for name in DEFINITIONS:
        stem = name.replace(" ", "_")
        columns += [Column(f"{stem}{part}", "number", "FLOP", _WORDS[name] if not part else "")
                    for part in ("_low", "", "_high")]  # fmt: skip
    return Table.from_rows(columns, rows[::-1])


def _overtraining(known: TrainingCompute, worth: Floats, size: Floats, tokens: Floats) -> Table:
    low, mid, high = interval(10**worth)
    some = [k for k in np.argsort(mid, kind="stable") if np.isfinite(mid[k])]
    return Table.from_rows(_OVERTRAINING, [
        {"model": known.model[k], "released": known.released[k], "low": low[k], "mid": mid[k], "high": high[k],
         "tokens_per_parameter": float(tokens[k] / size[k])}
        for k in some
    ])  # fmt: skip


def _told() -> Table:
    return Table.of(
        (Column("definition"), Column("meaning")),
        definition=list(DEFINITIONS), meaning=[_WORDS[name] for name in DEFINITIONS],
    )  # fmt: skip


def _sentence(ratio: Table, params: Params) -> str:
    rows: list[dict[str, Any]] = [row for row in ratio.rows() if row["mid"] is not None]
    words = [f"{with_interval(row['mid'], row['low'], row['high'])} by {_SHORT[row['definition']]}" for row in rows]
    sure = {row["definition"]: row["probability"] for row in rows[1:]}
    yes = [name for name, chance in sure.items() if chance >= 0.5]
    verdict = (
        f"{number(params.factor)}x is reached by every definition" if len(yes) == len(sure)
        else f"{number(params.factor)}x is reached by none" if not yes
        else f"{number(params.factor)}x is reached by {' and '.join(_SHORT[name] for name in yes)} only"
    )  # fmt: skip
    return (
        f"{plain(rows[0]['model'])} has this many times the effective compute of {plain(rows[0]['base'])} "
        f"({MASS:.0%} intervals): {', '.join(words)}; {verdict}."
    )


def _notes(known: TrainingCompute, drawn: dict[str, Floats], ratio: Table, why: str, params: Params) -> Iterator[Note]:
    if why:
        yield Note("warning", "capability", why)
    rows: list[dict[str, Any]] = list(ratio.rows())
    missing = [row["definition"] for row in rows if row["mid"] is None]
    if missing and not (why and missing == [CAPABILITY]):
        text = f"No ratio by {', '.join(missing)}: parameters and tokens, or scores, of one of the two are not known."
        yield Note("warning", "missing", text)
    unsure = [row["definition"] for row in rows if row["probability"] is not None and 0.05 < row["probability"] < 0.95]
    if unsure:
        text = f"Whether {number(params.factor)}x is reached is not certain by: {', '.join(unsure)}."
        yield Note("warning", "near the line", text)
    count = int(np.isfinite(drawn[LOSS][0]).sum())
    text = (
        f"{count} of {len(known.model)} models have parameters and tokens. The law is of dense models on web text: "
        "of experts' models the parameters used for one token count where told, of others all."
    )
    yield Note("info", "law", text)
    far = float(np.max(np.abs(known.year - decimal_year(params.reference))))
    if far > 5:
        text = f"Some models are {number(far)} years from the reference; one rate of gain was not seen for so long."
        yield Note("warning", "reach", text)
    share = percent(float(np.mean(known.within >= 10)))
    yield Note("info", "amounts", f"The compute of {share} of these models is known within a factor of 10 at best.")


_WORDS = {
    PHYSICAL: "FLOP of training, as estimated",
    GAIN: "times the efficiency gained between the reference date and release, one rate for all labs",
    LOSS: "FLOP of the compute-optimal model of equal loss, by parameters and tokens",
    BOTH: "the same, times the efficiency gained",
    CAPABILITY: "FLOP that give its capability index on the reference date",
}
_SHORT = {
    PHYSICAL: "compute alone",
    GAIN: "efficiency gain",
    LOSS: "equal loss",
    BOTH: "equal loss and efficiency gain together",
    CAPABILITY: "capability",
}
_LABELS = {
    PHYSICAL: "compute alone",
    GAIN: "compute x efficiency gain",
    LOSS: "optimal compute of equal loss",
    BOTH: "equal loss x efficiency gain",
    CAPABILITY: "compute that capability implies",
}
_RATIO = (
    Column("definition"), Column("low", "number", "x"), Column("mid", "number", "x", "of the model over the base"),
    Column("high", "number", "x"),
    Column("probability", "number", "probability", "that the ratio is at least --factor"), Column("model"),
    Column("base"), Column("in_words", help="the definition, for reading"),
)  # fmt: skip
_OVERTRAINING = (
    Column("model"), Column("released", "date"), Column("low", "number", "x"),
    Column("mid", "number", "x", "compute of the optimal model of equal loss over 6 x parameters x tokens"),
    Column("high", "number", "x"), Column("tokens_per_parameter", "number", "tokens per parameter"),
)  # fmt: skip
