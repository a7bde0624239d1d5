"""How long a task can a model complete half the time, and how fast does that length grow?

Theme     single attempts
Evidence  attempts at tasks (items) of known human minutes, in families; or horizons that somebody published (series
          time horizon p50 and p80); or shares of tasks solved by split of a benchmark whose task lengths are known
          models: release date
          runs (a file of its own): attempts of one's own models, beside which published horizons are drawn
Method    P(success) = sigmoid(discrimination × (log2 horizon − log2 minutes)) per model, by maximum likelihood, each
          task counting alike; horizons at other rates than 50 % allow for tasks of one length that differ; intervals
          from resamples of whole task families, the same for all models, widened as few families decide a horizon;
          growth is a straight line of log2 horizon on release date whose scatter of models about it (size, memory) is
          averaged over; the doubling time is its reciprocal; every choice turned alone and all crossed
Source    Kwa et al. 2025, Measuring AI Ability to Complete Long Tasks, arXiv:2503.14499; Davison and Hinkley 1997
          (levels of resampling); Bell and McCaffrey 2002 (few families); Zeger, Liang and Albert 1988 (tasks that
          differ); Cook and Stefanski 1994 (errors in lengths); docs/method/time-horizon.md
Differs   METR pulls curves towards flat by a penalty that more data do not lessen, weighs tasks by the root of their
          family's size, resamples attempts too, and draws the trend through record holders by least squares: that is
          `--method published`. Here beyond the longest task a horizon is "at least" and no number
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, span
from ascent.core.draws import MASS, Floats
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.params import param
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.measure import horizon as measured
from ascent.measure.attempts import UNSCORED
from ascent.model import horizon_beside as beside
from ascent.model import horizon_sheets as say
from ascent.model import horizon_variants as variants
from ascent.model.horizon import LEVELS, WEIGHTINGS, HorizonFits, fit_horizons, weights
from ascent.model.horizon_alternatives import (
    LEFT,
    MEMORY,
    Alternative,
    Choice,
    Variant,
    ends_of,
    fit_growth,
    multiverse,
    turned,
    useful_starts,
)
from ascent.model.horizon_length import length_shift
from ascent.model.horizon_mixture import mixture_gap, task_scatter
from ascent.model.horizon_notes import on_trend, remarks, sentence
from ascent.model.horizon_set import HorizonSet, of_attempts, of_published, of_shares, tamed
from ascent.model.horizon_shares import ASSUMED, fit_shares
from ascent.model.horizon_trend import FEWEST, picked, published_growth

GIVEN = {"runs": "attempts of your models at tasks of known length; published horizons are drawn beside them"}
KINDS = ("attempts", "published", "shares")
PENALTY = 0.1  # METR's of 2025
METHODS = ("ours", "published")


@dataclass(frozen=True, kw_only=True)
class Params:
    kind: str = param("any", "which evidence to use; any: the first of these that is there", choices=("any", *KINDS))
    benchmark: str = param("", "use the tasks of one benchmark only")
    domain: str = param("", "use the benchmarks of one domain only")
    publication: str = param("", "which publication of horizons; the newest where left out; beside runs given, too")
    model: str = param("", "whose success is drawn against task length; the longest horizon's where left out")
    method: str = param("ours", "published: METR's weights, penalty, resampling and trend of 2025", choices=METHODS)
    weighting: str = param(
        "usual", "equal: tasks alike; inverse-root: over the root of tasks in the family; attempt: attempts alike; "
        "usual: equal, or inverse-root with the method published", choices=("usual", *WEIGHTINGS),
    )  # fmt: skip
    penalty: float | None = param(
        None, "pull of curves towards flat, in attempts' worth; none, or 0.1 of the whole with the method published",
        unit="attempts", least=0,
    )  # fmt: skip
    resample: str = param(
        "usual", "levels that are drawn again; usual: family (family-task below 10), or all with the method published",
        choices=("usual", *LEVELS),
    )  # fmt: skip
    success: float = param(
        0.5, "success rate whose horizon the trend follows", unit="probability", least=0.02, most=0.98
    )
    start: str = param("2023", "first release that counts in the trend: 2023, 2023-06 or 2023-06-15")
    basis: str = param(
        "usual", "which models the trend goes through; usual: all, or records with the method published",
        choices=("usual", "all", "records"),
    )  # fmt: skip
    length_error: float = param(0.0, "error of human times, standard deviation", unit="doublings", least=0, most=4)
    estimate_error: float | None = param(
        None, "the same for lengths that are estimated rather than timed; as --length-error where left out",
        unit="doublings", least=0, most=4,
    )  # fmt: skip
    slope: float = param(
        ASSUMED, "assumed where shares of one split only are told", unit="nats per doubling", least=0.02
    )
    unscored: str = param(UNSCORED[0], "what attempts without a score count as", choices=UNSCORED)
    draws: int = param(1_000, "resamples of the suite", unit="draws", least=0, most=100_000)
    seed: int = param(0, "seed of the resampling", unit="seed", least=0)

    @property
    def published(self) -> bool:
        return self.method == "published"

    @property
    def levels(self) -> str | None:
        """Levels to resample; None where the number of families decides."""
        if self.resample != "usual":
            return self.resample
        return "family-task-run" if self.published else None

    def usual(self, name: str) -> str:
        """A choice, or what its method usually takes."""
        said: str = getattr(self, name)
        of = {"weighting": ("equal", "inverse-root"), "basis": ("all", "records")}
        return of[name][self.published] if said == "usual" else said


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `horizons`; `growth` has the doubling time, `standing` what each horizon rests on."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        sheets = self.prepared
        ends: dict[str, Any] = {end: end for end in ("low", "mid", "high")}
        shown = sheets["dated"]
        records = [str(row["model"]) for row in shown.rows() if row["record"]]
        made = {}
        if "both" in sheets:
            made["horizons"] = charts.timeline(
                sheets["both"], date="date", **ends, label="model", log=True, quantity="Task length", group="whose",
                highlight=beside.named(sheets["both"]), title=f"Own runs: {self.sentence}", manifest=self.manifest,
                bands=sheets.get("both_trends"), line="whose" if "both_trends" in sheets else None,
                note=sheets["both"].note,
            )  # fmt: skip
        elif len(shown):
            made["horizons"] = charts.timeline(
                shown, date="date", **ends, label="model", log=True, quantity="Task length", highlight=records,
                title=self.sentence, manifest=self.manifest, bands=sheets.get("trend"),
                note=shown.note + " The line is the trend through the models that count for it." * ("trend" in sheets),
            )  # fmt: skip
        if "curve" in sheets:
            made["success"] = charts.curves(
                sheets["curve"], x="task_length", **ends, points=sheets["success"], log_x=True, quantity="Success",
                title=f"{sheets['success'].note.split(':')[0]}: success against task length", manifest=self.manifest,
                note="Dots are groups of tasks of like length.", references={"even odds": 0.5},
            )  # fmt: skip
        if "strip" in sheets:
            known = [at for at, mid in enumerate(sheets["strip"]["mid"]) if mid is not None]
            made["strip"] = charts.strip(
                sheets["strip"].take(known), choice="setting", **ends, default="default", family="knob",
                quantity="Growth", title="Growth of time horizons under each defensible choice", manifest=self.manifest,
            )  # fmt: skip
        if not made:
            made["ranking"] = charts.ranking(
                sheets["horizons"], label="model", mid="p50_minutes", low="p50_low", high="p50_high", log=True,
                title=self.sentence, manifest=self.manifest, quantity="Task length",
            )  # fmt: skip
        return made


@dataclass(frozen=True, eq=False)
class Found:
    """Horizons from one kind of evidence, other ways to get them, and what else that evidence can say."""

    horizons: HorizonSet
    crossed: list[Variant]
    alone: list[tuple[str, str, Variant]]
    sheets: dict[str, Table]
    notes: list[Note]
    fits: HorizonFits | None = None
    other: HorizonSet | None = None  # with the other rule for attempts without a score


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where there is no evidence of any of the three kinds, UnknownName for a benchmark, domain,
    publication or model that has none, WrongUse for a start that is no date or a success rate nobody published.
    """
    try:
        start = decimal_year(span(params.start)[0].isoformat()) - 0.5 / 365  # the beginning of that day
    except ValueError as wrong:
        raise WrongUse(f"--start: {wrong}.") from None
    found = _found(evidence, params)
    known, notes = found.horizons, list(found.notes)
    if params.success not in known.log2:
        raise WrongUse(f"--success is {params.success}; published horizons are told for 0.5 and 0.8 only.")
    mine, every = (_counting(known, params, since) for since in (start, 0.0))
    if len(np.unique(known.years[mine])) < FEWEST <= len(np.unique(known.years[every])):
        notes.append(Note("warning", "start", f"Fewer than {FEWEST} dates since {params.start}: all dates are used."))
        start, mine = 0.0, every
    sheets = {"horizons": say.horizons(known), "standing": say.standing(known, found.fits)}
    growth = _growth(known, params, mine, sheets)
    if growth is not None:
        starts = useful_starts(known.years[np.isfinite(known.years)])
        main = Alternative("as it stands", "this answer", True, int(mine.sum()), *ends_of(growth))
        choice = Choice(params.success, start, params.usual("basis"), "least squares" if params.published else MEMORY)
        sheets["strip"] = say.strip(turned(found.crossed, found.alone, choice, starts, main, known.models))
        told = [success for success in variants.SUCCESSES if success in known.log2]
        # Weights and curves cross to many; there the latest dates are left out in the strip only.
        every_way = multiverse(found.crossed, told, starts, LEFT if len(found.crossed) < 6 else LEFT[:1])
        sheets |= {"choices": say.choices(every_way), "multiverse": say.crossed(every_way)}
        sheets |= say.forms(known, params.success, mine, seed=params.seed)
    sheets |= found.sheets
    sheets["dated"] = say.dots(known, params.success, mine)
    notes += [*remarks(known, found.fits, mine), *on_trend(sheets)]
    if (theirs := _published_beside(evidence, known, params)) is not None:
        counting, apart = _counting(theirs, params, start), dict[str, Table]()
        pace = beside.paces(growth, _growth(theirs, params, counting, apart), seed=params.seed)
        sheets["both"] = beside.together(sheets["dated"], say.dots(theirs, params.success, counting), theirs.label)
        if "trend" in apart:
            own = sheets.get("trend", apart["trend"].take([]))
            sheets["both_trends"] = beside.together(own, apart["trend"], theirs.label)
        sheets["both_growth"] = pace
        notes.append(beside.told(theirs, pace, len(np.unique(known.years[mine]))))
    answer = sentence(known, params.success, growth, mine)
    if (other := found.other) is not None:
        counting = _counting(other, params, start)
        said = sentence(other, params.success, _growth(other, params, counting, {}), counting)
        said = f" With --unscored {UNSCORED[params.unscored == UNSCORED[0]]!r} instead: {said}"
        notes = [replace(note, text=note.text + said) if note.about == "unscored" else note for note in notes]
    return Answer(Manifest.stamp(__name__, params, evidence), answer, sheets, tuple(notes))


def _counting(found: HorizonSet, params: Params, start: float) -> NDArray[np.bool_]:
    """Which models the trend goes through, (model,)."""
    some: NDArray[np.bool_] = np.isfinite(found.log2[params.success][0])
    return picked(found.years, found.log2[0.5][0], start, params.usual("basis")) & some


def _published_beside(evidence: Evidence, found: HorizonSet, params: Params) -> HorizonSet | None:
    """Horizons that others published, where the question is about one's own runs and does not ask for these alone."""
    if found.kind == "published" or (params.kind != "any" and not evidence.given) or params.success not in (0.5, 0.8):
        return None
    every = measured.published(evidence)
    return (
        None
        if not every
        else of_published(measured.publication(every, params.publication), draws=params.draws, seed=params.seed)
    )


def _found(evidence: Evidence, params: Params) -> Found:
    """Horizons from the first kind of evidence that is there, or the one asked for; of runs given, where they are."""
    kinds = KINDS if params.kind == "any" else (params.kind,)
    kinds = ("published",) if params.publication and not evidence.given else kinds
    if evidence.given:
        if params.kind not in ("any", "attempts"):
            raise WrongUse(f"--kind {params.kind} leaves no use for the runs given: leave out one of the two.")
        kinds = ("attempts",)
    ways = {"attempts": _from_attempts, "published": _from_published, "shares": _from_shares}
    for kind in kinds:
        if (found := ways[kind](evidence, params)) is not None:
            return found
    what = {"attempts": "attempts at tasks of known length", "published": "published horizons",
            "shares": "shares of tasks solved, by split, with task lengths"}  # fmt: skip
    raise TooLittleEvidence(need=", or ".join(what[kind] for kind in kinds), have="none", fix=measured.FIX)


def _from_attempts(evidence: Evidence, params: Params) -> Found | None:
    suite = measured.suite(evidence, benchmark=params.benchmark, domain=params.domain, unscored=params.unscored)
    if suite is None:
        return None
    weighting = params.usual("weighting")
    how: dict[str, Any] = {
        "weighting": weighting, "levels": params.levels, "normalised": params.published,
        "penalty": params.penalty if params.penalty is not None else PENALTY * params.published,
    }  # fmt: skip
    found, fits, corrected = _fitted(suite, how, params, params.draws)
    notes = list(suite.notes)
    if corrected:
        notes.append(Note("info", "lengths", "Horizons are corrected for the stated errors of task lengths (SIMEX)."))
    model = _drawn_model(found, params)
    sheets = {
        "sources": say.sources(suite, how, draws=min(params.draws, 200), seed=params.seed),
        "curves": say.curves(suite, weighting), "definitions": say.definitions(suite),
        "success": say.success(suite, model, weighting), "curve": say.curve(suite, fits, model),
    }  # fmt: skip
    if len(set(suite.sources)) > 1:
        text = "Tasks of several sources are taken together; `sources` has each alone, --benchmark chooses."
        notes.append(Note("info", "sources", text))
    crossed = variants.of_attempts(suite, found, weighting)
    alone = variants.alone(suite, found, weighting, seed=params.seed)
    other = _other_rule(evidence, how, params) if any(note.about == "unscored" for note in notes) else None
    return Found(found, crossed, alone, sheets, notes, fits, other)


def _fitted(suite: measured.Suite, how: Any, params: Params, draws: int) -> tuple[HorizonSet, HorizonFits, bool]:
    """Horizons of a suite, their fits, and whether they are corrected for errors of lengths."""
    fits = fit_horizons(suite.counts, draws=draws, seed=params.seed, **how)
    found = of_attempts(suite, fits, _successes(params))
    if not params.published:
        scatter = task_scatter(suite.counts, fits.intercept[0], fits.slope[0])
        for success, log2 in found.log2.items():
            log2 += mixture_gap(suite.counts, weights(suite.counts, how["weighting"]), scatter, success)
    guessed = params.length_error if params.estimate_error is None else params.estimate_error
    error = np.where(suite.estimated, guessed, params.length_error)
    if not error.any():
        return found, fits, False
    # Lengths that the evidence gives with their own ends keep these.
    error = np.where(np.isfinite(suite.length_error), suite.length_error, error)
    for success, log2 in found.log2.items():
        shift = length_shift(suite.counts, error, success, weighting=how["weighting"], seed=params.seed)
        log2 += np.nan_to_num(shift)
    return found, fits, True


def _other_rule(evidence: Evidence, how: dict[str, Any], params: Params) -> HorizonSet | None:
    """Horizons with the other rule for attempts without a score; None where too little is left."""
    rule = UNSCORED[params.unscored == UNSCORED[0]]
    try:
        suite = measured.suite(evidence, benchmark=params.benchmark, domain=params.domain, unscored=rule)
    except TooLittleEvidence:
        return None
    return _fitted(suite, how, params, min(params.draws, 200))[0] if suite else None


def _from_published(evidence: Evidence, params: Params) -> Found | None:
    every = measured.published(evidence)
    if not every:
        return None
    used = measured.publication(every, params.publication)
    others = [one for one in every if one is not used]
    notes = [Note("info", "intervals", f"Published intervals hold 95 %; they are restated here at {MASS:.0%}.")]
    if others:
        more = ", ".join(repr(one.version) for one in others[:6]) + (", ..." if len(others) > 6 else "")
        text = f"Used is '{used.version}'; --publication takes {more} too."
        notes.append(Note("info", "publications", text))
    found = of_published(used, draws=params.draws, seed=params.seed)
    # Versions of one suite are one choice among others; other suites are other questions.
    versions = variants.of_published(found, [one for one in others if one.suite == used.suite])
    sets = [of_published(one, draws=0, seed=0) for one in every if one.suite != used.suite]
    sheets = {"sources": say.benchmarks([found, *sets])} if sets else {}
    return Found(found, versions, [], sheets, notes)


def _from_shares(evidence: Evidence, params: Params) -> Found | None:
    every = measured.shares(evidence, benchmark=params.benchmark, domain=params.domain)
    if not every:
        return None
    draws = min(params.draws, 200)  # each is a fit of its own; chance in a share needs no more
    fits = [fit_shares(one.log2_minutes, one.share, one.questions, one.chance, assumed=params.slope, draws=draws,
                       seed=params.seed) for one in every]  # fmt: skip
    sets = [of_shares(one, fit, _successes(params)) for one, fit in zip(every, fits, strict=True)]
    notes = [
        Note("warning", "shares", "Only means over tasks are told: intervals hold chance, not which tasks there are.")
    ]
    if not fits[0].fitted.all():
        text = (
            f"One split only: the slope is assumed, {params.slope:g} nats per doubling, give or take a factor of two."
        )
        notes.append(Note("warning", "slope", text))
    if len(sets) > 1:
        text = (
            f"Shown is '{every[0].benchmark}'; `sources` has {len(sets) - 1} further benchmarks, --benchmark chooses."
        )
        notes.append(Note("info", "benchmarks", text))
    return Found(sets[0], [variants.usual(sets[0], {})], [], {"sources": say.benchmarks(sets)}, notes)


def _successes(params: Params) -> list[float]:
    return sorted({*variants.SUCCESSES, params.success})


def _drawn_model(found: HorizonSet, params: Params) -> int:
    """Whose success is drawn against task length."""
    if params.model:
        if params.model not in found.models:
            raise UnknownName("model with attempts", params.model, found.models)
        return found.models.index(params.model)
    value = found.log2[params.success][0]
    return int(np.where(np.isfinite(value), value, -np.inf).argmax())


def _growth(found: HorizonSet, params: Params, mine: NDArray[np.bool_], sheets: dict[str, Table]) -> Floats | None:
    """Draws of growth in doublings a year, with its sheets; None where there are fewer than three dates."""
    chosen = np.flatnonzero(mine)
    years, log2 = found.years, found.log2[params.success]
    if len(np.unique(years[chosen])) < FEWEST:
        return None
    grid = np.linspace(years[chosen].min(), years[chosen].max(), 25)
    if params.published:
        days = np.array([float(span(str(found.released[at]))[0].toordinal()) for at in chosen])
        held = tamed(log2[:, chosen], *found.ends)
        growth = published_growth(days, held, seed=params.seed)
        lines = held.mean(axis=1)[:, None] + growth[:, None] * (grid - years[chosen].mean())
    else:
        fit = fit_growth(years, log2, mine, found.ends, size=max(params.draws, 200), seed=params.seed)
        growth, lines = fit.growth, fit.line(grid)
    sheets["growth"] = say.growth(growth, years[chosen], params.usual("basis"))
    sheets["trend"] = say.line(grid, lines)
    return growth
