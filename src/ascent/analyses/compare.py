"""Is the difference between two sets of results real, and how small a difference could have been seen?

Theme     single attempts
Evidence  attempts: one try at one item per row, with model, benchmark, success, and where told family, prompt, provider
          and scaffold; or scores: a score with its number of items, where single items are not known
Method    items answered by both: the mean of the items' differences (epochs averaged within an item), with a standard
          error that knows families of items, Student's t with the degrees of freedom that the families leave; single
          right or wrong answers: McNemar's test (mid-p) and the score interval; fewer than 12 families: exchange of
          sides by family; no shared items: the test of two proportions on effective counts; scores: Wilson's interval;
          many sides: p-values corrected for their number, ranks that hold together, groups of ties
Source    Miller 2024, Adding Error Bars to Evals, arXiv:2411.00640; Wilson 1927; McNemar 1947; Fagerland, Lydersen and
          Laake 2013; Tango 1998; Mee 1984; Bell and McCaffrey 2002; Hartigan 1969; Benjamini and Hochberg 1995
Differs   items count as a sample of those that could have been asked, so an interval is wider than for these items
          alone; attempts without a score are left out or wrong, and both are always shown
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import TEMPLATE, UNSCORED
from ascent.measure.comparing import CLUSTERS, KINDS, grids, unscored_attempts
from ascent.measure.comparing_scores import file_names, held, most_told, strongest, told_scores
from ascent.measure.comparing_sides import (
    STATE_NAMES,
    about_families,
    about_items,
    about_unscored,
    against,
    alone,
    given_sides,
    has_attempts,
    same_rows,
    sides_within,
    state_rows,
    unlike,
    without,
)
from ascent.measure.set_ups import Layers
from ascent.model.contrast_places import (
    ALL,
    Method,
    Place,
    Reach,
    Standing,
    detectable,
    first_pair,
    main_place,
    mean_score,
    places,
    reach,
    some_sides,
    standing,
    turned,
)  # fmt: skip
from ascent.model.contrast_words import minus, other_rule, pair_words, ranking_words, where
from ascent.model.contrasts import pooled
from ascent.model.contrasts import told_scores as compare_scores
from ascent.model.false_discovery import CORRECTIONS, IN_WORDS, adjusted
from ascent.model.paired import METHODS, Difference
from ascent.model.power import LEVEL, POWER, exchanges_needed

GIVEN = {
    "first": "results of one side: attempts at items, a log, or rows `benchmark,score,n`",
    "second": "results of the other; with one file only, its own models, prompts, ... are compared",
}
FEW_PAIRS = 60  # up to which every pair is shown under every rule
RULES = {"leave out": "scored attempts only", "wrong": "unscored counted as wrong"}
Indices = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Params:
    first: str = param("", "one side: a model, or what --by says; alone, the one all others are set against")
    second: str = param("", "the other side")
    by: str = param("model", "what the sides are, within one set of results", choices=KINDS)
    benchmark: str = param("", "look at one benchmark only")
    model: str = param("", "look at one model only, where its prompts, providers or scaffolds are compared")
    cluster: str = param("family", "items that may stand or fall together", choices=CLUSTERS)
    unscored: str = param(UNSCORED[0], "what becomes of attempts without a score", choices=UNSCORED)
    method: str = param("auto", "test and interval; auto chooses by the data", choices=(*METHODS, "unpaired"))
    interval: str = param("wilson", "interval of a score", choices=("wilson", "jeffreys"))
    correction: str = param("bh", "how p-values of many pairs are corrected for their number", choices=CORRECTIONS)
    level: float = param(LEVEL, "p-value below which a difference counts", unit="probability", least=1e-6, most=0.1)
    power: float = param(POWER, "chance to see the detectable difference", unit="probability", least=0.5, most=0.99)
    most: int = param(40, "sides compared at most, those with the highest scores", unit="sides", least=2, most=400)
    seed: int = param(0, "seed of exchanges drawn, where there are too many to try", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `differences`; with more than two sides `scores`, with ranks and groups of ties."""

    plain: Mapping[str, Any] = field(default_factory=dict)
    claim: str = ""  # what the sentence says, without what that rests on
    basis: str = ""

    def stable(self) -> dict[str, Any]:
        """The difference that the sentence tells, in fractions, first minus second."""
        return dict(self.plain)

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import labelled, percent

        told, scored = self.prepared["differences"], self.prepared["scores"]
        if many := any(scored["ties"]):  # of many sides, those of the place that the sentence is about
            told, scored = (_at(table, self.plain["benchmark"]) for table in (told, scored))
            told = against(told, str(scored["side"][0]))
        first, second = str(told["first"][0]), str(told["second"][0])  # the first is the same in all rows
        several = len(set(told["second"])) > 1
        names, second = (("second",), "each") if several else (("first", "second"), second)
        basis = f"{self.basis[:1].upper()}{self.basis[1:]}." if self.basis else ""
        side = f"Right of 0 {first} scores higher{f', left of it {second}' * (not several)}. {basis}".strip()
        found = {
            "differences": charts.ranking(
                percent(labelled(told, *names, "benchmark", "model"), "percentage points"), label="label",
                mid="difference", low="low", high="high", title=self.claim, ordered=False, manifest=self.manifest,
                quantity=f"Score of {minus(first, second)}", references={"equal": 0.0}, note=side,
            ),
            "scores": charts.ranking(
                percent(labelled(scored, "side", "ties", "benchmark", "model")), label="label", mid="score", low="low",
                high="high", manifest=self.manifest, ordered=False, title=self.claim, quantity="Score",
                note="Letters after a name: sides that share one are not told apart." if many else basis,
            ),
        }  # fmt: skip
        if len(plan := self.prepared["power"]):
            found["power"] = charts.curves(
                percent(plan, "percentage points"), x="items", mid="detectable_difference", colour="label", log_x=True,
                title="How small a difference more items or more epochs could show", note=plan.note,
                manifest=self.manifest, quantity="Detectable difference",
            )  # fmt: skip
        main = next(iter(self.prepared))
        return {main: found.pop(main), **found}


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Compare two files, two sides within one set of results, or all sides with each other.

    Raises TooLittleEvidence where there are not two sides, UnknownName for a name that is none, WrongUse where one of
    two files holds several models.
    """
    sources = list(evidence.given) or [evidence]
    if all(has_attempts(one) for one in sources):
        return _of_attempts(evidence, sources, params)
    return _of_scores(evidence, sources, params)


def _of_attempts(evidence: Evidence, sources: list[Evidence], params: Params) -> Answer:
    within: Layers | None = None
    if len(sources) == 2:
        sides = given_sides(sources, benchmark=params.benchmark, first=params.first, second=params.second)
    else:
        sides, within = sides_within(
            sources[0], by=params.by, benchmark=params.benchmark, model=params.model, first=params.first,
            second=params.second,
        )  # fmt: skip
    read = dict.fromkeys(note for side in sides for note in side.attempts.notes)
    notes = [*same_rows(sources), *read, *unlike(sides, within)]
    lone = bool(params.first or params.second)
    strata, layer = (within.models, within.code) if within else (("",), None)
    told = {rule: grids(sides, strata=strata, layer=layer, unscored=rule, cluster=params.cluster) for rule in UNSCORED}
    if not told[params.unscored]:
        raise TooLittleEvidence(need="one benchmark that two sides have scored attempts at", **without(sides))
    kept = np.arange(len(sides))
    if len(sides) > params.most:
        means = [[np.nan if not np.isfinite(one).any() else np.nanmean(one) for one in grid.value]
                 for grid in told[params.unscored]]  # fmt: skip
        kept = strongest(np.array(means), params.most, lone)
        notes.append(Note("info", "sides", f"{len(sides) - len(kept)} sides with lower scores are left out (--most)."))
        sides = [sides[k] for k in kept]
        told = {rule: [some_sides(grid, kept) for grid in found] for rule, found in told.items()}
    pairs, how = _pairs(len(sides), lone), Method(params.method, params.interval, seed=params.seed)
    both = {rule: places(told[rule], pairs, how) for rule in UNSCORED}
    if not (found := both[params.unscored]):
        fix = f"raise --most, name one with --benchmark, or {TEMPLATE}"
        raise TooLittleEvidence(need="two sides with scored attempts at the same items or benchmark",
                                have=f"none among the {len(sides)} looked at", fix=fix)  # fmt: skip
    odd = turned(*both.values(), level=params.level)
    few = np.argsort(~odd, kind="stable")[:FEW_PAIRS]  # those on which the rules disagree first
    apart = Method("unpaired", seed=params.seed)
    rules = [(f"shared items, {RULES[rule]}", [place.of_pairs(few) for place in both[rule]]) for rule in UNSCORED]
    rules += [(f"all items, unpaired, {RULES[rule]}", places(told[rule], pairs[few], apart)) for rule in UNSCORED]
    names = [side.name for side in sides]
    ways = [{"way": words, "place": where(place), **_pair(names, pairs[few[k]], place.pair(k))}
            for words, listed in rules for place in listed for k in range(len(few))
            if np.isfinite(place.found.mid[k])]  # fmt: skip
    notes += about_unscored(sides, odd) + about_items(sides, told[params.unscored])
    notes += about_families(told[params.unscored], needed=exchanges_needed(params.level), level=params.level)
    last = {place.benchmark: place for place in found}  # the sides kept may have nothing in common at a benchmark
    grid = max((one for one in told[params.unscored] if one.benchmark in last),
               key=lambda one: (one.value.shape[2], one.benchmark))  # fmt: skip
    here = last[grid.benchmark]
    k = first_pair(here, pairs)
    plan = reach(some_sides(grid, pairs[k]), here.pair(k), level=params.level, power=params.power)
    pair = " and ".join(names[side] for side in pairs[k])
    sheets = {
        "ways": Table.from_rows(_WAYS, ways),
        "power": _power(plan, f"{pair} at {grid.benchmark}; {params.power:.0%} power, two-sided at {params.level:g}."),
        "states": Table.from_rows(_STATES, state_rows(sides, sources, params.benchmark)),
    }
    rule = next(rule for rule in UNSCORED if rule != params.unscored)
    lost = any(unscored_attempts(side) for side in sides)
    return _answer(evidence, params, names, pairs, found, sheets, notes, {rule: both[rule]} if lost else {})


def _of_scores(evidence: Evidence, sources: list[Evidence], params: Params) -> Answer:
    """Scores alone: unpaired, benchmark by benchmark."""
    parts = [(name, one) for name, one in zip(file_names(sources), sources, strict=True)]
    listed = told_scores(parts, benchmark=params.benchmark, by=params.by, model=params.model)
    wanted = [name for name in (params.first, params.second) if name]
    known = sorted({side for one in listed for side in one.sides})
    for name in wanted:
        if name not in known and len(sources) < 2:
            raise UnknownName(f"{params.by} with scores and their number of items", name, known)
    if len(sources) < 2:
        listed = [one for one in listed if all(name in one.sides for name in wanted)]
    if not listed:
        raise TooLittleEvidence(
            need="attempts of two sides, or scores of two sides on one benchmark with their number of items (n)",
            have=held(sources), fix=f"give two files of one kind, `ascent compare a.csv b.csv`, or {TEMPLATE}",
        )  # fmt: skip
    text = (
        "Only scores are known, so the test is unpaired; with attempts at single items (`ascent evidence template "
        "attempts`) the same items can be paired, which sees smaller differences."
    )
    notes = [*same_rows(sources), Note("info", "unpaired", text)]
    if len(wanted) < 2 and len(sources) < 2:  # all sides at the benchmark that most of them have
        listed = most_told(listed)
    names = [*wanted, *sorted({side for one in listed for side in one.sides} - set(wanted))]
    names = [name for name, _ in parts] if len(sources) == 2 else wanted if len(wanted) == 2 else names
    lone = len(wanted) == 1
    if len(names) > params.most:
        score = listed[0].spread(names)[0]
        kept = strongest(score[None], params.most, lone)
        notes.append(Note("info", "sides", f"{len(names) - len(kept)} sides with lower scores are left out (--most)."))
        names = [names[k] for k in kept]
    pairs = _pairs(len(names), lone)
    found = []
    for one in listed:
        score, items, error, _ = one.spread(names)
        found.append(Place(one.benchmark, one.model, *compare_scores(score, items, error, pairs), items, items))
    if len(found) > 1 and not any(place.model for place in found):  # models share the items of a benchmark
        together = pooled([place.found for place in found])
        items = np.sum([place.items for place in found], axis=0)
        found.append(Place(ALL, "", together, mean_score(found), items, items))
    if several := sum(int((one.claims > 1).sum()) for one in listed):
        notes.append(Note("info", "pooled", f"{several} scores were told more than once; their medians are compared."))
    blank = {"ways": _WAYS, "states": _STATES, "power": _POWER}
    sheets = {name: Table.from_rows(columns, []) for name, columns in blank.items()}
    return _answer(evidence, params, names, pairs, found, sheets, notes)


def _answer(
    evidence: Evidence,
    params: Params,
    names: Sequence[str],
    pairs: Indices,
    found: Sequence[Place],
    others: Mapping[str, Table],
    notes: Sequence[Note],
    other: Mapping[str, Sequence[Place]] = MappingProxyType({}),
) -> Answer:
    """other  the same places under the other rule for attempts without a score, where there are such"""
    aim = {"level": params.level, "power": params.power}
    rows = [
        {**_place(place), **_pair(names, pairs[k], one), "detectable_difference": detectable(one, **aim)}
        for place in found for k in range(len(pairs)) if np.isfinite(place.found.mid[k]) for one in [place.pair(k)]
    ]  # fmt: skip
    means = np.array([ALL in (row["benchmark"], row["model"]) for row in rows])
    p = np.array([row["p_value"] for row in rows])
    for group in (means, ~means):  # means are no further discoveries beside what they are means of
        for row, value in zip(np.flatnonzero(group), adjusted(p[group], params.correction), strict=True):
            rows[row] |= {"p_adjusted": float(value), "differs": bool(value < params.level)}
    whole = main_place(found)
    ranked = len(names) > 2 and len(pairs) == len(names) * (len(names) - 1) // 2
    told = {place: standing(place, pairs, correction=params.correction, level=params.level) for place in found}
    note = "The difference is the first minus the second: above 0 the first scores higher."
    if (many := int((~means).sum())) > 1:
        note += f" p-values are corrected for {many} comparisons: {IN_WORDS[params.correction]}."
    sheets = {
        "differences": Table.from_rows(_DIFFERENCES, rows, note),
        "scores": Table.from_rows(
            _SCORES, [row for place in found for row in _scores(place, names, told[place], ranked)]
        ),
    }
    at = first_pair(whole, pairs)
    one = whole.pair(at)
    first, second = (names[k] for k in pairs[at])
    if ranked:
        sheets = {name: sheets[name] for name in ("scores", "differences")}
    top = told[whole].order[:2]
    basis, manifest = "", Manifest.stamp(__name__, params, alone(evidence))
    if ranked and set(top) == set(pairs[at].tolist()):
        claim = ranking_words(whole, names, told[whole], one if pairs[at][0] == top[0] else one.turned())
    else:
        seen = detectable(one, **aim)
        claim, basis = pair_words(whole, first, second, one, level=params.level, seen=seen, power=params.power)
        for rule, listed in other.items():
            for place in listed:
                if (place.benchmark, place.model) == (whole.benchmark, whole.model):
                    basis += "; " + other_rule(first, second, one, place.pair(at), level=params.level, rule=rule)
    plain = {
        "difference": one.mid, "low": one.low, "high": one.high, "p_value": one.p, "method": one.method,
        "items": one.items, "clusters": one.clusters, "detectable_difference": detectable(one, **aim),
        "first": first, "second": second, "benchmark": whole.benchmark, "mass": MASS,
    }  # fmt: skip
    sentence = ", ".join(part for part in (claim, basis) if part) + "."
    return Answer(manifest, sentence, {**sheets, **others}, tuple(notes), plain=plain, claim=claim, basis=basis)


def _scores(place: Place, names: Sequence[str], told: Standing, ranked: bool) -> list[dict[str, Any]]:
    score = place.score
    return [
        {
            **_place(place), "side": names[k], "low": score.low[k], "score": score.mid[k], "high": score.high[k],
            "error": score.error[k], **place.counts(k),
            **({"ties": told.ties[at], "rank_best": told.best[at], "rank_worst": told.worst[at]} if ranked else {}),
        }
        for at, k in enumerate(told.order)
    ]  # fmt: skip


def _power(plan: Reach, note: str) -> Table:
    words = [f"{epochs:.0f} epoch{'s' if epochs > 1 else ''}" if epochs else "epochs as run" for epochs in plan.epochs]
    return Table.of(
        _POWER, note, label=words, items=plan.items.astype(int), error=plan.error,
        epochs=[int(one) or None for one in plan.epochs], detectable_difference=plan.detectable,
    )  # fmt: skip


def _pair(names: Sequence[str], pair: Any, one: Difference) -> dict[str, Any]:
    return {
        "first": names[pair[0]], "second": names[pair[1]], "low": one.low, "difference": one.mid, "high": one.high,
        "p_value": one.p, "items": one.items, "clusters": one.clusters, "method": one.method,
    }  # fmt: skip


def _place(place: Place) -> dict[str, str | None]:
    return {"benchmark": place.benchmark, "model": place.model or None}


def _pairs(sides: int, lone: bool) -> Indices:
    """Every pair, or the first side against each other one."""
    return np.array([(i, j) for i in range(1 if lone else sides) for j in range(i + 1, sides)], dtype=np.intp)


def _at(table: Table, benchmark: str) -> Table:
    """The rows of one benchmark, over all of its models where several are kept apart."""
    return table.take(k for k, row in enumerate(table.rows())
                      if row["benchmark"] == benchmark and row["model"] in (None, ALL))  # fmt: skip


def _fractions(*names: str) -> list[Column]:
    return [Column(name, "number", "fraction") for name in names]


_MODEL = Column("model", help="the one model whose runs are compared")
_PAIR = (
    Column("first"), Column("second"), Column("difference", "number", "fraction", "first minus second"),
    *_fractions("low", "high"),
)  # fmt: skip
_P = Column("p_value", "number", "probability", "of a difference as large without any, two-sided")
_COUNTS = (Column("items", "whole", "items"), Column("clusters", "whole", "families"), Column("method"))
_DIFFERENCES = (
    Column("benchmark"), *_PAIR,
    Column("detectable_difference", "number", "fraction", "would be seen with the power asked for"), _P,
    Column("p_adjusted", "number", "probability", "corrected for the number of comparisons"),
    Column("differs", "flag", help="the corrected p-value is below the level"), *_COUNTS, _MODEL,
)  # fmt: skip
_WAYS = (Column("way", help="which attempts count, and how"), Column("place"), *_PAIR, _P, *_COUNTS)
_SCORES = (
    Column("benchmark"), Column("side"), *_fractions("score", "low", "high", "error"),
    Column("items", "whole", "items"), Column("attempts", "whole", "attempts"), Column("clusters", "whole", "families"),
    Column("ties", help="letters: sides that share one are not told apart"),
    Column("rank_best", "whole", "", f"ranks it may have; all of them hold with {MASS:.0%} together"),
    Column("rank_worst", "whole"), _MODEL,
)  # fmt: skip
_STATES = (
    Column("side"), *(Column(name, "whole", "attempts") for name in ("attempts", *STATE_NAMES)),
    Column("at_limit", "whole", "attempts", "met a limit of tokens, messages or time; may be scored all the same"),
    Column("scored_after_error", "whole", "attempts", "scored, and an error is told: tried again"),
)  # fmt: skip
_POWER = (
    Column("label"), Column("items", "whole"), Column("epochs", "whole"),
    *_fractions("error", "detectable_difference"),
)  # fmt: skip
