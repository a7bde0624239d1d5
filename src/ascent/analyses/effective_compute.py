"""How much is a model's training compute worth: by efficiency gain, by equal loss, by capability?

Theme     training and compute
Evidence  models: training compute, release date, parameters, tokens; scores, for the capability index
Method    gain: compute times the efficiency gained since `reference`; equal loss: compute of the compute-optimal model
          that has the same loss under a fitted law, so that overtrained models are worth less than they cost; both: one
          after the other; capability: the compute that gives the same index on the reference date, read off a plane of
          capability over compute and date. Every number carries the errors of its inputs; parameters and tokens of
          models without open weights are taken to be as unsure as their compute; compute that is 6 x parameters x
          tokens, of models with open weights, is as sure as these
Source    forum thread on the release of Claude 3.5 Sonnet, 2024, where the first two are argued; Hoffmann et al. 2022,
          arXiv:2203.15556 and Besiroglu et al. 2024, arXiv:2404.10102 (loss); Ho et al. 2024, arXiv:2403.05812 (gain:
          compute for equal loss halves in 5 to 14 months)
Differs   labs do not say what they call effective compute; here definitions stand side by side, and where they disagree
          about a factor between two models the answer says so. One gain for all labs is an assumption of the first
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

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
from ascent.measure.vintage import later_dates, within_vintage
from ascent.model.capability_compute import capability_and_compute, fit_plane
from ascent.model.optimal_equivalent import optimal_equivalent, past_optimum

PHYSICAL, GAIN, LOSS, BOTH, CAPABILITY = "physical", "gain", "equal loss", "both", "capability"
DEFINITIONS = (PHYSICAL, GAIN, LOSS, BOTH, CAPABILITY)
MORE, FEWER, NEAR = "more tokens than optimal", "fewer tokens than optimal", "either side"
LAWS = {"Besiroglu 2024": (482.01, 2085.43, 0.3478, 0.3658), "Hoffmann 2022": (406.4, 410.7, 0.34, 0.28)}
# Errors of the exponents, their correlation, and the size and data about which the law turns as they err: resampling
# the 240 public runs of the Chinchilla figure (as `ascent loss-scaling` does) leaves errors below 0.02 beside these.
ERRORS, TOGETHER, PIVOT = (0.0167, 0.0207), -0.25, (1.92e7, 7.71e8)
MONTHS = (5.0, 8.0, 14.0)  # until compute for equal loss halves: 95 % and median, Ho et al. 2024
FACTS = "parameters", "active_parameters", "tokens"
SHOWN = 20  # models of the chart
ROUNDED = 1.05  # compute this near to 6 x parameters x tokens is taken to be just that
COUNTED = 1.1  # factor within which it then is known at 90 %: both are told in round numbers; our judgement
FEW = 200  # draws, below which the ends of intervals are too rough to be read
SURE = 0.95  # probability from which something is called so


@dataclass(frozen=True, kw_only=True)
class Params:
    model: str = param("", "compare this model with --base; empty: the latest that was trained past the optimum")
    base: str = param("", "the model it is compared with; empty: the one with the most compute a year or more before")
    factor: float = param(4.0, "ratio of effective compute that is asked about", unit="x", least=1)
    reference: str = param("2022", "date whose software compute is told in: 2022, 2022-06 or 2022-06-15")
    halving: float = param(MONTHS[1], "months in which compute for equal loss halves", unit="months", least=1)
    law: str = param("Besiroglu 2024", "fitted loss law of the equal-loss definition", choices=tuple(LAWS))
    draws: int = param(1_000, "draws of every error", unit="draws", least=20, most=10_000)
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
        every = list(self.prepared["overtraining"].rows())  # of a group without a dot shown the legend has none
        more = f" {len(every) - SHOWN} more are in the table." if len(every) > SHOWN else ""
        worth = charts.ranking(
            Table.from_rows(_OVERTRAINING, every[:SHOWN]), label="model", mid="mid", low="low", high="high", log=True,
            ascending=True, title="What a FLOP was worth: compute of the optimal model of equal loss",
            manifest=self.manifest, quantity="Share of what was spent", references={"compute-optimal": 1.0},
            note="Models whose parameters and tokens are known, the furthest from optimal first. A model at 0.2 has "
            f"the loss of an optimal one trained with a fifth of its compute.{more}", group="side",
        )  # fmt: skip
        return {"ratio": pair} | ({"overtraining": worth} if len(self.prepared["overtraining"]) else {})


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Effective compute of every model by each definition its facts allow, and of one over another.

    Raises TooLittleEvidence where fewer than two models have training compute, UnknownName for a model that has none.
    """
    known, strange = within_vintage(evidence, training_compute(evidence))
    if len(known.model) < 2:
        raise TooLittleEvidence(
            need="two models with training compute", have="one", fix="add a table of models with training_compute_flop"
        )
    try:
        reference = decimal_year(span(params.reference)[0].isoformat())
    except ValueError as error:
        raise WrongUse(f"--reference: {error}.") from None
    if np.abs(known.year - reference).min() > 30:
        raise WrongUse(f"--reference {params.reference} lies more than 30 years from every model.")
    facts = model_facts(evidence, known.model, (*FACTS, "access", "training_compute_flop_low"))
    size = np.array([facts[one]["active_parameters"] or facts[one]["parameters"] or np.nan for one in known.model])
    tokens = np.array([facts[one]["tokens"] or np.nan for one in known.model])
    open_ = np.array([str(facts[one]["access"] or "").casefold().startswith("open") for one in known.model], dtype=bool)
    silent = np.array([facts[one]["training_compute_flop_low"] is None for one in known.model], dtype=bool)
    known = _counted(known, size, tokens, open_ & silent)
    drawn, worth, past = _definitions(known, size, tokens, open_, reference, params)
    drawn[CAPABILITY], why = _by_capability(evidence, known, reference, params)
    every = np.isfinite(sum(values[0] for values in drawn.values() if np.isfinite(values[0]).any()))
    a, b = _pair(known, worth, past, every, params)
    sheets = {
        "ratio": _ratios(known, drawn, a, b, params), "models": _models(known, drawn),
        "overtraining": _overtraining(known, worth, past, size, tokens), "definitions": _told(),
    }  # fmt: skip
    notes = (*later_dates(evidence, strange), *_notes(known, drawn, sheets["ratio"], why, (a, b), params))
    return Answer(Manifest.stamp(__name__, params, evidence), _sentence(sheets["ratio"], params), sheets, notes)


def _counted(known: TrainingCompute, size: Floats, tokens: Floats, exact: Flags) -> TrainingCompute:
    """Compute that is 6 x parameters x tokens, of models that tell both, errs by what these two do.

    exact  (model,) whether both are told by those who know, and no range of the compute is
    """
    with np.errstate(invalid="ignore"):
        same = exact & (np.abs(known.log_flop - np.log10(6 * size * tokens)) < np.log10(ROUNDED))
    return replace(known, within=np.where(same, np.minimum(known.within, COUNTED), known.within))


def _definitions(
    known: TrainingCompute, size: Floats, tokens: Floats, exact: Flags, reference: float, params: Params
) -> tuple[dict[str, Floats], Floats, Floats]:
    """Decimal logarithms of effective compute (draw, model), draw 0 the estimate; NaN where facts are missing.

    exact  (model,) whether parameters and tokens are told by those who know; else they err as the compute does

    returns beside them the logarithm of what a FLOP was worth (draw, model), and the share of draws in which a model is
    past the optimum (model,)
    """
    rng = np.random.default_rng(params.seed)

    def shared() -> Floats:
        return _spread(rng, params.draws)[:, None]

    # Each model has draws by its name, so that another model in the evidence moves none of them.
    each = [np.random.default_rng((params.seed, crc32(name.encode()))) for name in known.model]
    total, split = (np.stack([_spread(one, params.draws) for one in each], axis=1) for _ in range(2))
    error = np.log10(known.within) / 1.6449
    spent = known.log_flop + error * total
    # The published range is lopsided; its logarithm is nearly not.
    spread = np.log(MONTHS[2] / MONTHS[0]) / (2 * 1.96)
    months = params.halving * np.exp(spread * shared())
    gained = np.log10(2) * 12 / months * (known.year - reference)
    first, second = shared(), shared()
    turns = ERRORS[0] * first, ERRORS[1] * (TOGETHER * first + np.sqrt(1 - TOGETHER**2) * second)
    a, b, *exponents = LAWS[params.law]
    scales = [term * pivot**turn for term, pivot, turn in zip((a, b), PIVOT, turns, strict=True)]
    alpha, beta = (power + turn for power, turn in zip(exponents, turns, strict=True))
    # Two independent errors of equal size, whose product errs by what the compute does.
    half = np.where(exact, 0.0, error) / 2
    sizes, data = size * 10 ** (half * (total + split)), tokens * 10 ** (half * (total - split))
    law = (*scales, alpha, beta)
    with np.errstate(invalid="ignore"):
        loss = np.log10(optimal_equivalent(sizes, data, law))
        # What a FLOP bought: one amount on both sides, so that only the law and the split count.
        worth = loss - np.log10(6 * sizes * data)
    past = past_optimum(sizes, data, law)[1:].mean(axis=0)
    return {PHYSICAL: spent, GAIN: spent + gained, LOSS: loss, BOTH: loss + gained}, worth, past


def _spread(rng: np.random.Generator, draws: int) -> Floats:
    """Standard normal numbers in even steps of probability and random order, 0 first: few draws, exact quantiles."""
    from scipy.special import ndtri

    return np.concatenate([[0.0], ndtri((rng.permutation(draws) + 0.5) / draws)])


def _by_capability(evidence: Evidence, known: TrainingCompute, reference: float, params: Params) -> tuple[Floats, str]:
    """The same by capability, and what is to be said of it: why it is missing, or of whom it is."""
    blank = np.full((params.draws + 1, len(known.model)), np.nan)
    try:
        joined = capability_and_compute(evidence, draws=params.draws, seed=params.seed)
    except TooLittleEvidence as error:
        return blank, f"No definition by capability: it needs {error.need}, there is {error.have}."
    try:
        plane = fit_plane(joined, reference=reference, seed=params.seed)
    except ValueError as error:
        return blank, f"No definition by capability: {error}, so a model cannot be placed by its compute."
    if interval(plane.per_decade)[0] <= 0:
        return blank, "No definition by capability: here capability does not clearly rise with compute."
    implied = plane.implied(joined.capability)
    place = {name: k for k, name in enumerate(joined.model)}
    for k, name in enumerate(known.model):
        if name in place:
            blank[:, k] = implied[:, place[name]]
    if plane.single:
        text = (
            "By capability: all models are of one organization, or none is told; errors are then by model, and luck "
            "that models of a lab share, or other labs, are not in them. Tell organizations in the table of models."
        )
        return blank, text
    return blank, ""


def _pair(known: TrainingCompute, worth: Floats, past: Floats, every: Flags, params: Params) -> tuple[int, int]:
    """The two models asked for; else an overtrained one and a larger one before it that every definition knows."""
    names = list(known.model)
    for side, name in (("model", params.model), ("base", params.base)):
        if name and name not in names:
            raise UnknownName(f"model with training compute (--{side})", name, names)
    if params.model and params.model == params.base:
        raise WrongUse(f"--model and --base are both '{params.model}'; name two models.")
    told = np.flatnonzero(every).tolist()
    over = [k for k in told if worth[0, k] < np.log10(0.8) and past[k] >= SURE]
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


def _overtraining(known: TrainingCompute, worth: Floats, past: Floats, size: Floats, tokens: Floats) -> Table:
    low, mid, high = interval(10**worth)
    some = [k for k in np.argsort(mid, kind="stable") if np.isfinite(mid[k])]
    return Table.from_rows(_OVERTRAINING, [
        {"model": known.model[k], "released": known.released[k], "low": min(low[k], mid[k]), "mid": mid[k],
         "high": max(high[k], mid[k]), "tokens_per_parameter": float(tokens[k] / size[k]),
         "side": MORE if past[k] >= SURE else FEWER if past[k] <= 1 - SURE else NEAR}
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
    kinds = {
        words: [_SHORT[row["definition"]] for row in rows if low <= row["probability"] <= high]
        for words, low, high in (
            ("reached by {}", SURE, 1.0), ("not reached by {}", 0.0, 1 - SURE),
            ("open by {}", 1 - SURE + 1e-9, SURE - 1e-9),
        )
    }  # fmt: skip
    every = len(rows) == len(DEFINITIONS)
    count = "definition" if every else f"of the {len(rows)} definitions that have a number"
    whole = {words: ("any " if words.startswith("not") else "every " if every else "each ") + count for words in kinds}
    told = [words.format(whole[words] if len(some) == len(rows) else ", ".join(some))
            for words, some in kinds.items() if some]  # fmt: skip
    verdict = f"{number(params.factor)}x is {'; '.join(told)}"
    return (
        f"{plain(rows[0]['model'])} has this many times the effective compute of {plain(rows[0]['base'])} "
        f"({MASS:.0%} intervals): {', '.join(words)}; {verdict}."
    )


def _notes(
    known: TrainingCompute, drawn: dict[str, Floats], ratio: Table, why: str, pair: tuple[int, int], params: Params
) -> Iterator[Note]:
    if why:
        yield Note("warning", "capability", why)
    rows: list[dict[str, Any]] = list(ratio.rows())
    for what, name in (("parameters or tokens", LOSS), ("a place on the index", CAPABILITY)):
        lacking = [plain(known.model[k]) for k in pair if not np.isfinite(drawn[name][0, k])]
        if lacking and not (why and np.isnan(drawn[name][0]).all() and name == CAPABILITY):
            text = f"No ratio by {_SHORT[name]}: {what} of {' and of '.join(lacking)} not known."
            yield Note("warning", "missing", text)
    unsure = [row["definition"] for row in rows if row["mid"] is not None and 1 - SURE < row["probability"] < SURE]
    if unsure:
        names = ", ".join(_SHORT[one] for one in unsure)
        yield Note(
            "warning", "near the line", f"Whether {number(params.factor)}x is reached is not certain by: {names}."
        )
    within = " and ".join(f"{number(known.within[k])} for {plain(known.model[k])}" for k in pair)
    text = (
        f"Compute is taken to be known within a factor of {within} ({number(COUNTED)} where weights are open and it is "
        "6 x parameters x tokens), and parameters and tokens as well as it where weights are not open; "
        "training_compute_flop_low and _high in a model's row tell how well it is known."
    )
    yield Note("info", "errors", text)
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
    if params.draws < FEW:
        text = f"Ends of intervals are rough with {params.draws} draws; --draws {FEW} or more make them steady."
        yield Note("warning", "draws", text)
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
    Column("side", help=f"of the optimum, where {SURE:.0%} of the draws agree"),
)  # fmt: skip
