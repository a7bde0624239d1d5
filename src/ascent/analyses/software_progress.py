"""How fast does better software cut the training compute that a capability needs?

Theme     training and compute
Evidence  scores, for the capability index; models: training compute with its confidence, release date, organization;
          series: published estimates (`software progress`, x/year), to stand beside
Method    fits: least squares of capability on log compute and date, with one level of software for all labs or each
          its own, with and without allowance for errors of compute; the rate is what a year is worth in compute, with
          the interval of a ratio. Bands: lines of compute on date among models of nearly equal capability. Case: two
          models. Selection: worlds with a known rate in which models come to be known because they stand out
Source    Ho et al. 2024, arXiv:2403.05812 (fitted model); Ho et al. 2025, arXiv:2512.00193 (bands); Whitfill 2025,
          arXiv:2508.11033 (one level for all labs); Epoch AI, The least understood driver of AI progress, 2026
Differs   published fits take amounts of compute as exact, which tells compute as software; here known errors are
          allowed for, amounts that are mere guesses are left out, and no rate is told without its scale and range.
          Better data and post-training count as software
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number, plain
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.frontier import Flags
from ascent.measure.vintage import later_dates
from ascent.model.capability_compute import CapabilityCompute, capability_and_compute
from ascent.model.software_case import against_siblings, from_plane
from ascent.model.software_fits import BOUNDED, SoftwareFit, software_fit
from ascent.model.software_lines import ALL, Band, bands
from ascent.model.software_selection import WAYS, band_rate, seen, truth_behind
from ascent.model.software_shares import Growth, compute_growth, moved, shares
from ascent.model.software_sheets import (
    BANDS,
    CASE,
    ERRORS,
    FITS,
    FOREST,
    MODELS,
    ONE,
    OWN,
    SELECTION,
    SHARES,
    TOGETHER,
    Key,
    amounts,
    at_hand,
    band_row,
    case_row,
    common_rows,
    factor,
    fit_row,
    forest,
    line_table,
    mids,
    model_table,
    published,
    rate_words,
    share_row,
    share_words,
    short_reading,
)  # fmt: skip

# Models: three coefficients leave five residuals; degrees of freedom widen the interval for the rest.
FEWEST = 8
STEADY = 4000  # least draws of a fit, as the far end of a ratio moves with few
FOLLOWS = 0.2  # share of the variance of compute beside the date, below which the two are hard to tell apart
FORMER = 1.0  # years between two models that are compared by default


@dataclass(frozen=True, kw_only=True)
class Params:
    within: float = param(5.0, "the main fit takes models whose compute is known within this factor", unit="x", least=1)
    width: float = param(5.0, "width of a band of capability", unit="index points", least=0.5)
    span: float = param(1.0, "years from first to last model that the line of a band needs", unit="years", least=0.1)
    model: str = param("", "the newer of two models to compare; empty: the latest whose compute is well known")
    base: str = param("", "the older; empty: a year or more older and nearest in capability")
    benchmark: str = param("", "compare the two on this benchmark, against a line through the older one's siblings")
    score: float | None = param(
        None, "the newer one's score on it, where the evidence has none", unit="fraction", least=0, most=1
    )
    siblings: float = param(3.0, "years after the older model in which siblings make the line", unit="years", least=0)
    kept: float = param(
        0.25, "share of all models that is in the evidence, for the range under selection", unit="fraction", least=0.01,
        most=0.99,
    )  # fmt: skip
    tilt: float = param(
        0.8, "how strongly known models were selected: 0 not at all, 1 the top and no other", unit="correlation",
        least=0, most=1,
    )  # fmt: skip
    draws: int = param(500, "draws of every error", unit="draws", least=20, most=10_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `fits`; `bands` has lines on a graph, `case_study` two models, `selection` what the rate was if
    models came to be known in a way, `decomposition` how much of the gain more compute and better software gave,
    `published` others' estimates, `models` what was looked at."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        drawn = {str(row["band"]) for row in self.prepared["lines"].rows()}
        rows = [{**row, "band": row["band"] if row["band"] in drawn else "other"}
                for row in self.prepared["models"].rows()]  # fmt: skip
        dots = Table.from_rows(MODELS, rows)
        lines = charts.timeline(
            dots, date="released", mid="flop", label="model", group="band",
            bands=self.prepared["lines"] if drawn else None, line="band" if drawn else None, log=True,
            title="Training compute of models of nearly equal capability", manifest=self.manifest,
            quantity="Training compute",
            note="A line that falls is software progress: later models reach the same capability with less compute. "
            "Drawn are bands whose lines are believed; grey dots belong to none of them.",
        )  # fmt: skip
        told = [row for row in self.prepared["forest"].rows() if row["mid"] is not None]
        forest = charts.ranking(
            Table.from_rows(FOREST, told), label="estimate", mid="mid", low="low", high="high", group="whose", log=True,
            ordered=False, title="Software progress: compute saved a year at equal capability", manifest=self.manifest,
            quantity="Yearly factor", references={"no progress": 1.0},
            note="Published ends are as printed: 80 % or 95 % intervals, or mere ranges. No end: it is not bounded, or "
            "none was given.",
        )  # fmt: skip
        return {"lines": lines, "forest": forest} | self._decomposition()

    def _decomposition(self) -> dict[str, Spec]:
        from ascent.core import charts

        rows = [
            {**row, "whose": "leaders' growth of compute" if str(row["reading"]).startswith("leaders") else
                             "selection" if ", if " in str(row["reading"]) else "all models' growth of compute"}
            for row in self.prepared["decomposition"].rows() if row["mid"] is not None
        ]  # fmt: skip
        if not rows:
            return {}
        within = number(float(self.manifest.params["within"]))
        return {"decomposition": charts.ranking(
            Table.from_rows((*SHARES, Column("whose")), rows), label="reading", group="whose",
            mid="software", low="software_low", high="software_high", ordered=False,
            title="Share of the gain of capability that better software gave", manifest=self.manifest,
            quantity="Share of software; the rest is more compute", references={"half": 50.0},
            note="Each row splits a gain in two parts that add up to 100 %. By lab: labs have software of their own; "
            f"alike: all have one. {within}x: models whose compute is known so well. Corrected: errors in compute are "
            "allowed for. Selection: if only large, capable ... models came to be known. MAIN is the answer's.",
        )}  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Rates by every method.

    Raises TooLittleEvidence where fewer than 8 models of 4 labs have both index and compute, UnknownName for a model
    that has not, WrongUse for a score without a benchmark.
    """
    known = capability_and_compute(evidence, draws=params.draws, seed=params.seed, fewest=FEWEST)
    well = known.within <= params.within
    fits = dict(_fits(known, well, params))
    if not fits:
        raise TooLittleEvidence(
            need="models of 4 labs whose compute and date vary apart", have=at_hand(known),
            fix="add models with training_compute_flop, organization and release date",
        )  # fmt: skip
    main = _main(fits)
    some = known.only(well) if main[1] else known
    found = bands(known, width=params.width, span=params.span)
    sheets = {
        "fits": Table.from_rows(FITS, [fit_row(key, fit, params.within) for key, fit in fits.items()]),
        "bands": Table.from_rows(BANDS, [*common_rows(known, found), *map(band_row, found)]),
        "case_study": Table.from_rows(CASE, list(_cases(evidence, known, well, fits, params))),
        "selection": Table.from_rows(SELECTION, list(_selection(some, fits[main], params))),
        "published": published(evidence),
    }  # fmt: skip
    parts = list(_parts(known, well, fits, main, sheets["selection"], params))
    sheets["decomposition"] = Table.from_rows(SHARES, parts)
    sheets |= {
        "forest": forest(sheets, main), "models": model_table(known, found, params.within),
        "lines": line_table(known, found),
    }  # fmt: skip
    notes = (*later_dates(evidence, known.strange), *_notes(some, found, fits, main, sheets, params))
    return Answer(
        Manifest.stamp(__name__, params, evidence), _sentence(sheets, fits[main], main, params), sheets, notes
    )


def _fits(known: CapabilityCompute, well: Flags, params: Params) -> Iterator[tuple[Key, SoftwareFit]]:
    for only in (True, False):
        some = known.only(well) if only else known
        for level in (OWN, ONE):
            for allow in (True, False):
                try:
                    fit = software_fit(
                        some, own_level=level == OWN, allow=allow, draws=max(params.draws, STEADY), seed=params.seed
                    )  # fmt: skip
                except (ValueError, np.linalg.LinAlgError):
                    continue
                yield (level, only, allow), fit


def _main(fits: dict[Key, SoftwareFit]) -> Key:
    """The fit that assumes least: well known amounts, errors allowed for, labs apart; else the next that there is."""
    order = [(level, only, allow) for only in (True, False) for allow in (True, False) for level in (OWN, ONE)]
    told = [key for key in order if key in fits]
    return next((key for key in told if fits[key].per_decade[0] > 0), told[0])


def _cases(
    evidence: Evidence, known: CapabilityCompute, well: Flags, fits: dict[Key, SoftwareFit], params: Params
) -> Iterator[dict[str, Any]]:
    if params.score is not None and not params.benchmark:
        raise WrongUse("--score needs --benchmark: the benchmark it is a score on.")
    if params.benchmark:
        if not (params.model and params.base):
            raise WrongUse("--benchmark needs --model and --base: the two models to compare on it.")
        try:
            told = against_siblings(
                evidence, params.model, params.base, benchmark=params.benchmark, score=params.score,
                siblings=params.siblings, draws=params.draws, seed=params.seed,
            )  # fmt: skip
        except ValueError as error:
            raise WrongUse(f"--benchmark {params.benchmark}: {error}.") from None
        for since, case, models in told:
            yield case_row(case, params.model, since, f"{params.benchmark}; years since {since}", models)
        return
    new, old = _pair(known, well, params)
    years = float(known.year[new] - known.year[old])
    if years <= 0:
        raise WrongUse(f"--model {known.model[new]} has to be released after --base {known.model[old]}.")
    for key, fit in fits.items():
        case = from_plane(
            (known.capability[:, new], known.capability[:, old]),
            (float(known.log_flop[new]), float(known.log_flop[old])),
            (float(known.within[new]), float(known.within[old])), fit.per_decade, years, seed=params.seed,
        )  # fmt: skip
        line = f"index; levels: {key[0]}; amounts: {amounts(key[1], params.within)}; errors {ERRORS[key[2]]}"
        yield case_row(case, known.model[new], known.model[old], line, fit.models)


def _pair(known: CapabilityCompute, well: Flags, params: Params) -> tuple[int, int]:
    """The two models asked for; else the most capable with an equal a year before it, both of well known compute."""
    names, level = list(known.model), known.capability[0]
    for side, name in (("model", params.model), ("base", params.base)):
        if name and name not in names:
            raise UnknownName(f"model with index and training compute (--{side})", name, names)
    sure = [k for k in range(len(names)) if well[k]] or list(range(len(names)))
    pairs = []
    for new in [names.index(params.model)] if params.model else sorted(sure, key=lambda k: (-level[k], k)):
        olds = (
            [names.index(params.base)]
            if params.base
            else [k for k in sure if known.year[k] <= known.year[new] - FORMER]
        )
        if olds:
            pairs.append((new, min(olds, key=lambda k: (abs(level[k] - level[new]), k))))
    alike = [(new, old) for new, old in pairs if abs(level[new] - level[old]) <= params.width]
    return (alike or pairs or [(len(names) - 1, 0)])[0]


def _selection(known: CapabilityCompute, fit: SoftwareFit, params: Params) -> Iterator[dict[str, Any]]:
    """What the rate was, were models known in each way: the fit, moved by what the way does in worlds like these."""
    told = seen(known.log_flop, known.year, known.capability[0])
    first = None
    if not fit.bounded:  # there is nothing to move
        return
    for way, meaning in WAYS.items():
        try:
            world = truth_behind(way, told, known.year, share=params.kept, tilt=params.tilt, seed=params.seed)
        except ValueError:
            continue
        first = world.rate if first is None else first  # as they come: what is left of it is chance of the simulation
        if not abs(world.rate - first) <= BOUNDED:  # compute buys nothing there
            continue
        low, mid, high = (factor(end + world.rate - first) for end in fit.rate())
        moved = 10 ** (world.rate - first)
        yield {"way": way, "low": low, "mid": mid, "high": high, "moved": moved, "meaning": meaning}


def _parts(
    known: CapabilityCompute, well: Flags, fits: dict[Key, SoftwareFit], main: Key, selection: Table, params: Params
) -> Iterator[dict[str, Any]]:
    """The gain of capability split into compute and software: by every fit, among leaders, and under selection."""
    grown: dict[tuple[bool, bool], Growth] = {}
    for only in (True, False):
        for leaders in (False, True):
            try:
                some = known.only(well) if only else known
                grown[only, leaders] = compute_growth(some, leaders=leaders, draws=STEADY, seed=params.seed)
            except ValueError:
                continue
    for key in sorted(fits, key=lambda key: key != main):
        name = ("MAIN " if key == main else "") + short_reading(key, params.within)
        for leaders in (False, True):
            if growth := grown.get((key[1], leaders)):
                reading = f"leaders: {name}".replace("MAIN ", "") if leaders else name
                yield share_row(reading, shares(fits[key], growth), growth, fits[key].models)
    if growth := grown.get((main[1], False)):
        for row in map(dict[str, Any], selection.rows()):
            if row["moved"] != 1.0:
                found = moved(fits[main], growth, float(np.log10(row["moved"])))
                yield share_row(f"MAIN, if {row['way']}", found, growth, fits[main].models)


def _sentence(sheets: dict[str, Table], fit: SoftwareFit, main: Key, params: Params) -> str:
    who = "whose labs each have their own level of software" if main[0] == OWN else "as if labs shared one software"
    scale = f"{number(10 ** fit.reach[0])} to {number(10 ** fit.reach[1])} FLOP"
    text = f"{rate_words(fit.rate(), fit.bounded)}, by {fit.models} models of {scale} {who}"
    others, moved = mids(sheets["fits"]), mids(sheets["selection"])
    lines = [float(row["mid"] or 0) for row in sheets["bands"].rows() if row["band"] == TOGETHER]
    parts = [f"other fits range from {number(min(others))} to {number(max(others))}"] if len(others) > 1 else []
    if len(moved) > 1:
        parts.append(f"selection of the models moves it to between {number(min(moved))} and {number(max(moved))}")
    if lines:
        parts.append(f"lines on a graph, which lean low, say {number(lines[0])}")
    if params.model or params.base or params.benchmark:
        cases, read = list(sheets["case_study"].rows()), mids(sheets["case_study"])
        if read:
            pair = f"{plain(cases[0]['model'])} against {plain(params.base or cases[0]['base'])}"
            parts.insert(0, f"{pair} reads as {number(min(read))} to {number(max(read))}")
    return text + (f"; {', '.join(parts)}" if parts else "") + "." + share_words(sheets["decomposition"])


def _notes(
    some: CapabilityCompute, found: tuple[Band, ...], fits: dict[Key, SoftwareFit], main: Key,
    sheets: dict[str, Table], params: Params,
) -> Iterator[Note]:  # fmt: skip
    text = (
        "Holds between the amounts of compute told, for the capability that the index measures; gains may differ with "
        "scale. Better data, distillation and post-training count as software, and compute of teachers does not count."
    )
    yield Note("info", "scale", text)
    if not fits[main].bounded:
        text = (
            "No end, or one beyond sense: that compute buys capability is not certain here, and a rate divides by it."
        )
        if (apart := 1 - np.corrcoef(some.log_flop, some.year)[0, 1] ** 2) < FOLLOWS:
            text += f" Compute follows the date: only {apart:.1%} of its differences are among models of one date."
        yield Note("bound", "no end", text)
    if not main[1] or main[0] == ONE or not main[2]:
        text = (
            "Too few models of well known compute, or labs with several, for the fit that assumes least "
            f"(labs apart, compute within {number(params.within)}x, errors allowed for)."
        )
        yield Note("warning", "fallback", text)
    yield from _doubts(fits)
    straight = band_rate(some.log_flop, some.year, some.capability[0])
    world = seen(some.log_flop, some.year, some.capability[0])
    if max(abs(world.rate), abs(straight)) <= BOUNDED:
        text = (
            f"In a world where {number(10**world.rate)}x a year is true and models scatter as these do, lines through "
            f"all models of narrow bands tell {number(10**straight)}x: models of a band were lucky early and unlucky "
            "late. Errors in compute push the fit the other way, so the truth likely lies between the two."
        )
        yield Note("warning", "lines", text)
    doubted = [band for band in found if band.kind == ALL and band.why]
    fast = sum("outlier" in band.why for band in found)
    text = f"{len(doubted)} of {sum(band.kind == ALL for band in found)} bands have too few models, labs or months for "
    yield Note("info", "bands", text + f"a line, and {fast} lines are outliers; the column `flag` says which.")
    text = (
        f"Selection: {number(100 * params.kept)}% of models are taken to be known, chosen by a trait with correlation "
        f"{number(params.tilt)}. Nobody knows either; --kept and --tilt try others."
    )
    yield Note("info", "selection", text)
    if len(sheets["published"]):
        yield Note("info", "published", "Published estimates stand beside ours; `algorithmic-progress` pools them.")
    if not len(sheets["selection"]):
        yield Note(
            "warning", "selection", "No range under selection: the rate is not bounded, or no world looks like this."
        )


def _doubts(fits: dict[Key, SoftwareFit]) -> Iterator[Note]:
    for only in (True, False):
        told, allowed = fits.get((ONE, only, False)), fits.get((ONE, only, True))
        if told and allowed and told.bounded and allowed.bounded and told.rate()[1] - allowed.rate()[1] > 0.15:
            who = "of models of well known compute" if only else "of all models"
            text = (
                f"Errors in the amounts matter: {who} the rate falls from {number(10 ** told.rate()[1])}x to "
                f"{number(10 ** allowed.rate()[1])}x once they are allowed for. Amounts that were guessed from "
                "capability err in another way, for which the allowance is too large."
            )
            yield Note("warning", "errors", text)
