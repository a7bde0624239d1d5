"""How fast do better methods cut the training compute that a result needs, on ImageNet, in speed records, in papers?

Theme     training and compute
Evidence  series: published estimates (`software progress`, x/year), training-speed records, language-model perplexity;
          models and scores: training compute, release and score on one benchmark
Method    published: random effects over the logarithms of estimates that have an interval, by field and all together,
          with the range of the next one; beside it all estimates with equal weight. Benchmark: logarithm of the error
          on compute and date, in groups of one paper; progress is the ratio of both slopes, by Fieller. Records: a line
          whose scatter has a memory through minutes chained over changed rules and newer libraries, crowded records at
          even dates. Perplexity: rate of fall of the record, which says nothing of compute
Source    Erdil and Besiroglu 2022, arXiv:2212.05153; Hernandez and Brown 2020, arXiv:2005.04305; Ho et al. 2024,
          arXiv:2403.05812; Epoch AI, The least understood driver of AI progress, 2026; Paule and Mandel 1982 and Knapp
          and Hartung 2003 (pool)
Differs   papers give one rate; here other forms of the fit stand beside it, and the pool has the range of what a
          further study would find. Errors of training compute are not taken out: they make progress look faster.
          Compute at a fixed capability index is `ascent software-progress`; gains that grow with scale are `ascent
          estimate scale-dependent-gain`
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import from_decimal_year
from ascent.core.display import number, with_interval
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.fixed_score import ScoredModels, askable, scored_models
from ascent.measure.software_estimates import Study, bundled_studies, studies
from ascent.measure.speed_records import Track, tracks
from ascent.model.compute_needed import SCALES, Needed, compute_needed
from ascent.model.progress_pool import (
    EQUAL,
    ESTIMATE_COLUMNS,
    POOLED,
    POOLED_COLUMNS,
    ends,
    estimate_row,
    pooled_row,
    pools,
)
from ascent.model.progress_rates import WILD, drawable, rate_table
from ascent.model.progress_words import change, times
from ascent.model.random_effects import Pooled
from ascent.model.record_pace import (
    PACE_COLUMNS,
    RECORD_COLUMNS,
    SPEED_COLUMNS,
    TEXT_COLUMNS,
    pace_line,
    paced,
    speed,
    texts,
)

FEWEST = 8  # models below which no plane is fitted


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("ImageNet top-1", "benchmark whose score is held fixed")
    scale: str = param(
        SCALES[0], "how the error falls with compute: as a power law, or along a logistic", choices=SCALES
    )
    scores: str = param("0.7,0.78,0.85", "scores at which the compute needed is drawn, between 0 and 1")
    window: float = param(1.0, "last years of a speed record told beside the whole", unit="years", least=0.1)
    draws: int = param(2000, "draws of trends and of the compute needed", unit="draws", least=20, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Main table `rates`, ours beside what was published; `pooled` and `estimates` of the latter, then our own in full:
    `benchmark` fits, `records`, `perplexity`."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        drawn, sheets = {}, self.prepared
        drawn["rates"] = charts.ranking(
            sheets["forest"], label="estimate", mid="mid", low="low", high="high", group="kind", ordered=False,
            title="How fast methods get better: " + "this evidence beside " * _ours(sheets["forest"])
            + "published estimates", log=True,
            manifest=self.manifest, quantity="Less for the same result each year",
            note="Less compute; less time where records are timed; lower perplexity where compute is not known; "
            "below 1 is more. Published intervals restated at 90%, without a bar none was published; where only a "
            "range was, its dot is the middle. A range over other estimates is in the table.",
        )  # fmt: skip
        seen = [at for at, kept in enumerate(sheets["needed"]["seen"]) if kept]
        if seen:
            drawn["needed"] = charts.timeline(
                _without_ends(sheets["models"], "FLOP"), date="released", mid="flop", group="score", label="model",
                bands=sheets["needed"].take(seen),
                low="low", high="high", line="line", log=True, manifest=self.manifest, quantity="Training compute",
                title=f"Training compute needed for a score on {self.manifest.params['benchmark']}",
                note="Each dot is one model, each line the compute that our fit says a score needs, from the first "
                "model that has that score.",
            )  # fmt: skip
        if len(sheets["speed"]):
            drawn["records"] = charts.timeline(
                _without_ends(sheets["speed"], "minutes"), date="date", mid="minutes", group="track",
                bands=sheets["pace"], line="track",
                low="low", high="high", log=True, title="Time that training takes to reach a fixed loss",
                manifest=self.manifest, quantity="Time",
                note="Under the first rules and library of each track; lines run through its last years.",
            )  # fmt: skip
        return drawn


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Every rate that the evidence allows, beside published ones: its own, else the bundled ones known on its day.

    Raises TooLittleEvidence where there is none: fewer than 2 published estimates, 8 models with compute at the
    benchmark, or 8 records of a track or text; WrongUse for scores that are no shares.
    """
    levels = _levels(params.scores)
    found, odd = studies(evidence)
    models = scored_models(evidence, params.benchmark)
    fits = dict(_fits(models, params.scale))
    run_by = tracks(evidence)
    pace = [row for track in run_by for row in paced(track, params.window, params.draws, params.seed)]
    lines = [row for track in run_by for row in pace_line(track, params.window, params.draws, params.seed)]
    read = list(texts(evidence, params.draws, params.seed))
    ours = bool(fits or pace or any(row["mid"] is not None for row in read))
    beside = ours and not found
    if beside:
        found, odd = bundled_studies(evidence)
    pooled = dict(pools(found))
    others = [] if fits else askable(evidence, FEWEST)[:3]
    if not pooled and not ours:
        ways = f'say --benchmark "{others[0][1]}", or ' if others else ""
        raise TooLittleEvidence(
            need="2 published estimates with an interval (series 'software progress', x/year), or 8 models with "
            f"training compute and a score on {params.benchmark}, or 8 speed records, or 4 records of perplexity",
            have=f"{len(found)} estimates and {len(models.model)} models there"
            + f", but {_elsewhere(others)}" * bool(others),
            fix=f"{ways}leave --evidence out for the bundled estimates, or add such tables with `ascent evidence add`",
        )
    named = next(iter(fits), "")
    rates = rate_table(
        found, pooled, {name: _fitted(name, fit) for name, fit in fits.items()}, pace, read, params.benchmark
    )
    sheets = {
        "rates": rates,
        "pooled": Table.from_rows(POOLED_COLUMNS, [pooled_row(name, one) for name, one in pooled.items()]),
        "estimates": Table.from_rows(ESTIMATE_COLUMNS, [estimate_row(one) for one in found]),
        "forest": drawable(rates),
        "benchmark": Table.from_rows(_BENCHMARK, [_fitted(name, one) for name, one in fits.items()]),
        "needed": _needed(fits[named], models, levels, params) if named else Table.from_rows(_NEEDED, []),
        "models": _models(models, levels) if named else Table.from_rows(_MODELS, []),
        "records": Table.from_rows(RECORD_COLUMNS, pace),
        "speed": Table.from_rows(SPEED_COLUMNS, [row for track in run_by for row in speed(track)]),
        "pace": Table.from_rows(PACE_COLUMNS, lines),
        "perplexity": Table.from_rows(TEXT_COLUMNS, read),
    }  # fmt: skip
    notes = tuple(_notes(found, odd, pooled, models, fits, run_by, bool(read), beside))
    if others:
        text = f"Compute at a fixed score can be asked of {_elsewhere(others)}: say --benchmark NAME."
        notes = (Note("info", "benchmark", text), *notes)
    manifest = Manifest.stamp(__name__, params, evidence)
    return Answer(manifest, _sentence(pooled, fits, pace, read, params, beside), sheets, notes)


def _ours(rates: Table) -> bool:
    return any(str(kind).startswith("this evidence") for kind in rates["kind"])


def _elsewhere(others: list[tuple[int, str]]) -> str:
    """Models on other benchmarks that could be asked about."""
    return ", ".join(f"{count} {'models ' * (at == 0)}on {name}" for at, (count, name) in enumerate(others))


def _levels(text: str) -> list[float]:
    try:
        levels = sorted(float(part) for part in text.split(","))
    except ValueError:
        levels = [-1.0]
    if not all(0 < level < 1 for level in levels) or len(levels) > 6:
        raise WrongUse(f"--scores is '{text}'; it takes up to six shares between 0 and 1, apart by commas.")
    return levels


# One benchmark.


def _fits(models: ScoredModels, scale: str) -> Iterator[tuple[str, Needed]]:
    """The fit asked for first, then the same in other defensible forms."""
    every = np.ones(len(models.model), dtype=bool)
    other = next(one for one in SCALES if one != scale)
    known = np.isfinite(models.log_data)
    own: dict[str, tuple[NDArray[np.bool_], str, Floats | None]] = {
        f"{scale}, all models": (every, scale, None),
        f"{other}, all models": (every, other, None),
    }
    if models.extra.any():
        own[f"{scale}, without extra data"] = (~models.extra, scale, None)
    if known.sum() > 0.9 * len(known) and len(np.unique(models.log_data[known])) > 2:
        own[f"{scale}, at equal training data"] = (known, scale, models.log_data[:, None])
    for name, (some, kind, beside) in own.items():
        if some.sum() >= FEWEST:
            try:
                yield name, compute_needed(
                    models.error[some], models.log_flop[some], models.year[some], models.origin[some], scale=kind,
                    beside=None if beside is None else beside[some],
                )  # fmt: skip
            except ValueError:  # compute and date say the same, or too few groups: this form cannot be told
                if name.endswith("all models") and kind == scale:
                    return


def _fitted(name: str, one: Needed) -> dict[str, Any]:
    low, mid, high = (_factor(end) for end in (one.low, one.mid, one.high))
    months = [12 * np.log10(2) / end if 0 < end < np.inf else None for end in (one.high, one.mid, one.low)]
    return {
        "form": name, "low": low, "mid": mid, "high": high, "months_low": months[0], "months_mid": months[1],
        "months_high": months[2], "models": one.models, "groups": one.groups,
        "per_decade": 100 * float(np.expm1(one.fit.coefficient[1])) if one.scale == SCALES[0] else None,
    }  # fmt: skip


def _factor(decades: float) -> float | None:
    return float(10**decades) if abs(decades) < 12 else None


def _needed(one: Needed, models: ScoredModels, levels: list[float], params: Params) -> Table:
    """The compute needed for each score, as far as models of that compute are there."""
    years = np.linspace(models.year.min(), models.year.max(), 60)
    least, most = models.log_flop.min(), models.log_flop.max()
    rows: list[dict[str, Any]] = []
    for level in levels:
        ends = interval(one.log_flop(1 - level, years, params.draws, params.seed))
        for year, low, mid, high in zip(years, *ends, strict=True):
            if not least <= mid <= most:
                continue
            told = dict(zip(("low", "flop", "high"), 10 ** np.clip((low, mid, high), 0, 40), strict=True))
            seen = bool((models.error[models.year <= year] <= 1 - level).any())
            rows.append({"released": _iso(year), "line": f"{level:.0%}", "seen": seen, **told})
    return Table.from_rows(_NEEDED, rows)


def _models(models: ScoredModels, levels: list[float]) -> Table:
    bands = [f"below {levels[0]:.0%}", *(f"{a:.0%} to {b:.0%}" for a, b in pairwise(levels)),
             f"{levels[-1]:.0%} and above"]  # fmt: skip
    place = np.searchsorted(levels, 1 - models.error, side="right")
    return Table.of(
        _MODELS, model=list(models.model), released=list(models.released), score=[bands[at] for at in place],
        share=(100 * (1 - models.error)).tolist(), flop=(10**models.log_flop).tolist(),
    )  # fmt: skip


def _without_ends(dots: Table, unit: str) -> Table:
    """Dots that have no interval of their own, beside lines that have one."""
    return Table.from_rows((*dots.columns, Column("low", "number", unit), Column("high", "number", unit)), dots.rows())


# Words.


def _sentence(
    pools: dict[str, tuple[Pooled, int]], fits: dict[str, Needed], paced: list[dict[str, Any]],
    texts: list[dict[str, Any]], params: Params, beside: bool,
) -> str:  # fmt: skip
    parts = []
    published = ""
    less = []  # whether each amount of compute told is certain to fall
    name = POOLED if POOLED in pools else EQUAL
    if name in pools:
        one, count = pools[name]
        told = pooled_row(name, (one, count))
        less.append((told["low"] or 0.0) > 1)
        text = f"{count} published estimates centre on a factor of {times(told['low'], told['mid'], told['high'])}"
        text += "" if less[0] else ", where below 1 is more compute"
        if told["next_low"]:
            text += f", and the next would lie between {number(told['next_low'])} and {number(told['next_high'])}"
        published = text
    for name, fit in list(fits.items())[:1]:
        row = _fitted(name, fit)
        less.append((row["low"] or 0.0) > 1)
        parts.append(f"compute for a fixed score on {params.benchmark} " + change(row["low"], row["mid"], row["high"]))
    whole = sorted((row for row in paced if row["period"] == "all records"), key=lambda row: -row["records"])
    for row in whole[:1]:
        last = next((one for one in paced if one["track"] == row["track"] and one is not row), None)
        text = f"training time in speed records {change(row['low'], row['mid'], row['high'])}"
        text += f", and lately {change(last['low'], last['mid'], last['high'])}" if last else ""
        parts.append(text)
    if not parts and any(row["mid"] is not None for row in texts):
        row = max(texts, key=lambda one: (one["mid"] is not None, one["records"]))
        parts.append(
            f"The record on {row['text']} falls {with_interval(row['mid'], row['low'], row['high'])} bits a year by "
            f"{row['per']} ({MASS:.0%} interval), which says nothing of compute"
        )
    if published:
        parts = [*parts, f"beside it, {published}"] if beside else [published, *parts]
    lead = "Less compute" if all(less) else "Compute"
    text = (f"{lead} for the same result each year: " if fits or not beside else "") + "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _notes(
    found: list[Study], odd: int, pools: dict[str, tuple[Pooled, int]], models: ScoredModels, fits: dict[str, Needed],
    run_by: list[Track], read: bool, beside: bool,
) -> Iterator[Note]:  # fmt: skip
    if beside:
        text = "Published estimates are the bundled ones: what was given holds none."
        yield Note("info", "published", text)
    if POOLED in pools:
        one = pools[POOLED][0]
        yield Note(
            "warning", "heterogeneity",
            "The estimates measure different things (fields, years, with and without post-training): "
            f"{one.share:.0%} of their variance is between them, a factor of {number(float(np.exp(one.tau)))} from one "
            "to the next, so no single rate stands for all. Studies share data and authors, which a pool of published "
            "figures cannot see.",
        )  # fmt: skip
    wild = [one.name for one in found if one.mid >= WILD]
    if wild:
        yield Note("info", "outliers", f"Too large for the chart, in the table: {'; '.join(wild)}.")
    if odd:
        yield Note("info", "units", f"{odd} rows of software progress are not in x/year above 0; left out.")
    guesses = [one for one in found if one.bounded and "judgement" in one.apart]
    for guess in guesses:
        centre = float(np.sqrt(guess.low * guess.high))
        text = (
            f"{guess.name}: a log-normal with {guess.level:.0%} between {number(guess.low)} and {number(guess.high)} "
            f"has its centre at {number(centre)} (told: {number(guess.mid)})."
        )
        yield Note("info", "best guess", text)
    if fits:
        kinds = [kind for one in fits.values() if (kind := _factor(one.mid)) is not None]
        text = "Training compute is known only roughly, which flattens its slope and makes progress look faster."
        if kinds:
            apart = f"between {number(min(kinds))} and {number(max(kinds))} times a year"
            text = f"Other forms of the fit put the factor by which compute falls {apart} (below 1: rises). {text}"
        yield Note("warning", "forms", text)
    if models.left_out:
        yield Note("info", "left out", f"{models.left_out} models have a score but no known compute or date.")
    for track in (one for one in run_by if one.steps):
        text = (
            f"{track.name}: {track.steps} rows only moved the clock and are no record here; newer libraries "
            f"multiplied the time by {number(track.library)}, changed rules by {number(track.rules)}, and both are "
            "taken out. Faster kernels and better use of chips still count as progress: time is not FLOP."
        )
        yield Note("info", "rules", text)
    if read:
        text = (
            "Perplexity comes without training compute: how much of its fall is better methods and how much larger "
            "models, data and budgets cannot be told. Results that learn from the test text are left out."
        )
        yield Note("bound", "perplexity", text)


def _iso(year: float) -> str:
    return from_decimal_year(float(year))


_BENCHMARK = (
    Column("form", help="how the fit was made; the first is the answer's"), *ends("x per year"),
    *ends("months", "months_"),
    Column("per_decade", "number", "percent", "change of the error with ten times the compute"),
    Column("models", "whole", "models"), Column("groups", "whole", "papers or organizations"),
)  # fmt: skip
_NEEDED = (
    Column("released", "date"), Column("line", help="score that is held fixed"), Column("low", "number", "FLOP"),
    Column("flop", "number", "FLOP"), Column("high", "number", "FLOP"),
    Column("seen", "flag", help="whether a model of that day or before has the score; else the fit goes on beyond any"),
)  # fmt: skip
_MODELS = (
    Column("model"), Column("released", "date"), Column("score", help="band of the score"),
    Column("share", "number", "percent", "score"), Column("flop", "number", "FLOP"),
)  # fmt: skip
