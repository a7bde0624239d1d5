"""From evidence to what a time horizon is made of: attempts at tasks of known length, horizons that others published,
or shares of tasks solved by split of a benchmark whose lengths are known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.quantiles import normal_quantile
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import UNSCORED, Attempts, attempts
from ascent.measure.benchmarks import benchmark_facts
from ascent.measure.horizon_counts import Counts
from ascent.measure.models import model_facts

FAR_APART = 3.0  # ratio of two lengths told of one task from which a reader must know
UNITS = {"minute": 1.0, "minutes": 1.0, "hour": 60.0, "hours": 60.0}
P50, P80 = "time horizon p50", "time horizon p80"
FIX = (
    "add attempts with human_minutes (`ascent evidence template attempts`), METR's runs or result files, or task "
    "lengths and scores by split"
)
FEWEST_LENGTHS = 4
PEOPLE = frozenset({"human", "humans", "human baseline"})


@dataclass(frozen=True, eq=False)
class Suite:
    """Attempts at tasks of known length, counted.

    models, released  (model,)  names and ISO dates (None where unknown)
    tasks             (item,)   names of the tasks
    sources           (item,)   the suite each task comes from: its task source, else its benchmark
    estimated         (item,)   whether the length is somebody's estimate rather than timed
    length_error      (item,)   standard deviation of the length in doublings where low and high are told, else NaN
    notes             what was left out, and why
    """

    models: tuple[str, ...]
    released: tuple[str | None, ...]
    tasks: tuple[str, ...]
    sources: tuple[str, ...]
    estimated: NDArray[np.bool_]
    length_error: Floats
    counts: Counts
    notes: tuple[Note, ...]

    @property
    def attempts(self) -> Floats:
        """Attempts that count, (model,)."""
        total: Floats = self.counts.trials.sum(axis=1)
        return total


@dataclass(frozen=True, eq=False)
class Published:
    """Horizons as somebody published them.

    version           which publication: the source of the rows
    suite             whose versions it is one of: the note's name without its version
    p50, p80          (3, model)  low, estimate, high in log2 minutes; NaN where not told
    """

    version: str
    suite: str
    models: tuple[str, ...]
    released: tuple[str | None, ...]
    p50: Floats
    p80: Floats


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of tasks solved by split of one benchmark.

    log2_minutes  per split, the lengths of its tasks
    share         (model, split)  NaN where not told
    questions     (split,)        how many questions stand behind a share
    chance        share of right answers by guessing
    """

    benchmark: str
    models: tuple[str, ...]
    released: tuple[str | None, ...]
    log2_minutes: tuple[Floats, ...]
    share: Floats
    questions: Floats
    chance: float


def chosen(evidence: Evidence, names: Sequence[str], benchmark: str, domain: str) -> list[str]:
    """Which of these benchmarks are meant; raises UnknownName where none is."""
    if benchmark and benchmark not in names:
        raise UnknownName("benchmark with task lengths", benchmark, names)
    wanted = [benchmark] if benchmark else list(names)
    if domain:
        facts = benchmark_facts(evidence)
        known = {name: facts[name].domain if name in facts else None for name in names}
        if domain not in known.values():
            raise UnknownName(
                "domain of a benchmark with task lengths", domain, sorted({d for d in known.values() if d})
            )
        wanted = [name for name in wanted if known[name] == domain]
    return wanted


def suite(evidence: Evidence, *, benchmark: str = "", domain: str = "", unscored: str = UNSCORED[0]) -> Suite | None:
    """Attempts at tasks of known length, of the file of runs where one was given; None where there are none.

    unscored  what attempts without a score count as: "leave out" or "wrong"
    Raises TooLittleEvidence where tasks have fewer than 4 different lengths, UnknownName for a benchmark or domain
    without any.
    """
    whole, evidence = evidence, evidence.given[0] if evidence.given else evidence
    if not len(evidence.table("attempts")):
        return None
    every = attempts(evidence)
    timed = np.isfinite(every.minutes) & (every.minutes > 0)
    if not timed.any():
        return None
    named = [every.benchmarks[code] for code in np.unique(every.item_benchmark[timed])]
    wanted = chosen(evidence, named, benchmark, domain)
    meant = timed & np.isin([every.benchmarks[code] for code in every.item_benchmark], wanted)
    successes, trials = every.counts(every.outcome(unscored))
    people = np.array([name.casefold() in PEOPLE for name in every.models])
    lone: list[str] = []
    if len(wanted) > 1:
        own = _together(trials[~people] * meant, every.item_benchmark)
        lone = [name for name in wanted if every.benchmarks.index(name) not in own]
        meant &= np.isin(every.item_benchmark, own)
    models = np.flatnonzero((trials[:, meant].sum(axis=1) > 0) & ~people)
    items = np.flatnonzero(meant & (trials[models].sum(axis=0) > 0))
    lengths = len(np.unique(every.minutes[items]))
    if lengths < FEWEST_LENGTHS or not len(models):
        raise TooLittleEvidence(
            need=f"attempts of a model at tasks of {FEWEST_LENGTHS} different known lengths",
            have=f"{len(items)} tasks, of {lengths} different length{'s' * (lengths != 1)}", fix=FIX,
        )  # fmt: skip
    notes = list(every.notes)
    if lone:
        text = f"Left out, as no model tried them and these tasks: {', '.join(lone)}; --benchmark chooses."
        notes.append(Note("warning", "apart", text))
    if people.any():
        notes.append(Note("info", "people", "Attempts of people are left out: horizons are of models."))
    if len(untimed := np.flatnonzero(~timed & (trials.sum(axis=0) > 0))):
        text = f"{len(untimed):,} tasks without human minutes are left out."
        notes.append(Note("warning", "no length", text))
    notes += _contradicting(every, items)
    lost = int((np.isnan(every.success) & meant[every.item]).sum())
    if lost:
        how = "count as wrong" if unscored == "wrong" else "are left out"
        notes.append(Note("warning", "unscored", f"{lost:,} attempts without a score {how}."))
    wide = np.log2(every.minutes_high / every.minutes_low) / (2 * normal_quantile(0.95))
    counts = Counts(
        np.log2(every.minutes[items]), every.item_family[items], successes[np.ix_(models, items)],
        trials[np.ix_(models, items)],
    )  # fmt: skip
    names = [every.models[m] for m in models]
    facts = model_facts(whole, names) if whole is not evidence else {}
    return Suite(
        tuple(names), tuple(every.released[m] or facts.get(every.models[m], {}).get("released") for m in models),
        tuple(every.items[i] for i in items),
        _sources(evidence, every.benchmarks, every.items, every.item_benchmark, items),
        every.estimated[items], np.where(wide > 0, wide, np.nan)[items], counts, tuple(notes),
    )  # fmt: skip


def _contradicting(every: Attempts, items: NDArray[np.intp]) -> list[Note]:
    """Where lengths of one task are told that are further apart than people are who time the same task."""
    ratio = every.minutes_apart[items]
    odd = items[ratio > FAR_APART]
    if not len(odd):
        return []
    worst = odd[np.argmax(every.minutes_apart[odd])]
    text = (
        f"{len(odd):,} of {len(items):,} tasks have human minutes that are told more than {FAR_APART:g} times apart, "
        f"{every.items[worst]} {every.minutes_apart[worst]:.3g} times. Their geometric mean is used "
        f"({every.minutes[worst]:.3g} minutes there), for all models alike, so every model's horizon moves. Lengths in "
        "another unit (seconds, hours) look like this: correct them, or leave one out."
    )
    return [Note("warning", "contradictory", text)]


def _together(trials: Floats, of: NDArray[np.intp]) -> list[int]:
    """Benchmarks that models link to each other, of the linked group with most attempts.

    trials  (model, item)    of  (item,) benchmark
    """
    kinds = np.unique(of)
    many = np.stack([trials[:, of == kind].sum(axis=1) for kind in kinds], axis=1)  # (model, benchmark)
    group = np.arange(len(kinds))
    for row in many > 0:
        if row.any():
            linked = np.isin(group, group[row])
            group[linked] = group[row].min()
    size = np.bincount(group, many.sum(axis=0), len(kinds))
    return [int(kind) for kind in kinds[group == int(size.argmax())]]


def _sources(
    evidence: Evidence, benchmarks: Sequence[str], names: Sequence[str], of: NDArray[np.intp], items: NDArray[np.intp]
) -> tuple[str, ...]:
    table = evidence.table("items")
    told = {
        (b, i): str(source)
        for b, i, source in zip(table["benchmark"], table["item"], table["task_source"], strict=True)
        if source is not None
    }
    pairs = [(benchmarks[of[item]], names[item]) for item in items]
    return tuple(told.get(pair, pair[0]) for pair in pairs)


def published(evidence: Evidence) -> list[Published]:
    """Every publication of horizons in the evidence, the newest last.

    Newest by day of publication, then by the name of the suite in the note, then by the latest model.
    """
    table = evidence.table("series")
    rows: dict[str, dict[str, dict[str, tuple[float, float, float]]]] = {}
    dates: dict[str, str] = {}
    columns = [
        table[name]
        for name in ("series", "entity", "value", "low", "high", "unit", "date", "source", "published", "note")
    ]
    lines = sorted(zip(*columns, strict=True), key=lambda row: tuple(str(cell) for cell in row))
    newest: dict[str, tuple[str, str]] = {}
    for series, entity, value, low, high, unit, date, source, day, note in lines:
        if series not in (P50, P80) or entity is None or not value or unit not in UNITS:
            continue
        newest[str(source)] = max(newest.get(str(source), ("", "")), (str(day or ""), str(note or "").split(";")[0]))
        scale = UNITS[str(unit)]
        ends = tuple(np.log2(float(str(v)) * scale) if v else np.nan for v in (low, value, high))
        rows.setdefault(str(source), {}).setdefault(str(entity), {})[str(series)] = (ends[0], ends[1], ends[2])
        if date:
            dates.setdefault(str(entity), str(date))
    facts = model_facts(evidence, sorted({model for entries in rows.values() for model in entries}))
    found = []
    for version, entries in rows.items():
        models = tuple(sorted(entries))
        released = tuple(dates.get(model) or facts[model]["released"] for model in models)  # as published
        nothing = (np.nan, np.nan, np.nan)
        p50, p80 = (np.array([entries[m].get(series, nothing) for m in models]).T for series in (P50, P80))
        kind = re.sub(r"-v[\d.]+$", "", newest[version][1])
        found.append(Published(version, kind, models, released, p50, p80))

    def age(one: Published) -> tuple[str, list[int], float, int, str]:
        day, name = newest[one.version]
        number = re.search(r"-v([\d.]+)$", name)
        version = [int(part) for part in number[1].split(".") if part] if number else []
        return day, version, _last(one.released), len(one.models), one.version

    return sorted(found, key=age)


def publication(every: Sequence[Published], name: str) -> Published:
    """The publication of this name, or the last where none is named. Raises UnknownName for another."""
    names = [one.version for one in every]
    if name and name not in names:
        raise UnknownName("publication of horizons", name, names)
    return every[names.index(name)] if name else every[-1]


def _last(released: Sequence[str | None]) -> float:
    return max((decimal_year(day) for day in released if day), default=0.0)


def shares(evidence: Evidence, *, benchmark: str = "", domain: str = "") -> list[Shares]:
    """Every benchmark with task lengths by split and scores by split, the one with most models first.

    Raises UnknownName for a benchmark or domain without any.
    """
    items = evidence.table("items")
    lengths: dict[str, dict[str, list[float]]] = {}
    for name, family, minutes in zip(items["benchmark"], items["family"], items["human_minutes"], strict=True):
        if family is not None and minutes:
            lengths.setdefault(str(name), {}).setdefault(str(family), []).append(float(minutes))
    scores = evidence.table("scores")
    told: dict[str, dict[str, dict[str, list[float]]]] = {}
    for name, setting, model, score, unit in zip(
        *(scores[column] for column in ("benchmark", "setting", "model", "score", "unit")), strict=True
    ):
        split = str(setting or "").removeprefix("split=")
        is_share = str(setting or "").startswith("split=") and unit in (None, "fraction") and score is not None
        if is_share and split in lengths.get(str(name), {}):
            told.setdefault(str(name), {}).setdefault(str(model), {}).setdefault(split, []).append(float(str(score)))
    if not told:
        return []
    facts = benchmark_facts(evidence)
    found = []
    for name in chosen(evidence, sorted(told), benchmark, domain):
        splits, models = sorted(lengths[name]), tuple(sorted(told[name]))
        share = np.array(
            [[np.mean(told[name][m][s]) if s in told[name][m] else np.nan for s in splits] for m in models]
        )
        known = facts.get(name)
        sizes = np.array([float(len(lengths[name][s])) for s in splits])
        total = float(known.items) if known and known.items else float(sizes.sum())
        of = model_facts(evidence, models)
        found.append(
            Shares(
                name, models, tuple(of[m]["released"] for m in models),
                tuple(np.log2(np.sort(lengths[name][s])) for s in splits), share,
                sizes * max(1.0, total / sizes.sum()), float(known.chance or 0.0) if known else 0.0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-len(one.models), one.benchmark))
