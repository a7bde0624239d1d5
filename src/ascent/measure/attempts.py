"""Attempts as arrays: one entry per try at one item, in an order that does not depend on how the rows came.

Every question about attempts starts here, so that all of them mean the same by an attempt, an item and a score.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.attempts import STATES

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

UNSCORED = ("leave out", "wrong")  # what becomes of attempts without a score
SCORED = STATES.index("scored")
LABELS = ("run", "provider", "prompt", "scaffold", "seed", "scorer")
TEMPLATE = (
    "add attempts: `ascent evidence template attempts` shows the columns, and logs of evaluation tools are read too"
)


@dataclass(frozen=True, eq=False)
class Labels:
    """One text per attempt.

    names  the different texts, sorted
    code   (attempt,)  index into names, -1 where nothing was told
    """

    names: tuple[str, ...]
    code: Indices


@dataclass(frozen=True, eq=False)
class Attempts:
    """Attempts and what is known of their models and items.

    models, benchmarks, families  names, sorted
    items                         (item,) ids; two benchmarks may use one id, so an item is the pair
    released                      (model,) ISO date or None
    item_benchmark, item_family   (item,) index; -1 for no family
    minutes                       (item,) that a skilled human needs, NaN where unknown; with low and high
    minutes_apart                 (item,) the longest over the shortest of the minutes that were told, 1 where one was
    estimated                     (item,) True where the minutes are somebody's estimate rather than timed
    model, benchmark, item, state (attempt,) index; `state` into STATES
    epoch                         (attempt,) which repeat
    success                       (attempt,) 0 to 1, NaN unless scored
    tokens, seconds, cost         (attempt,) NaN where unknown; cost in USD
    """

    models: tuple[str, ...]
    benchmarks: tuple[str, ...]
    families: tuple[str, ...]
    items: tuple[str, ...]
    released: tuple[str | None, ...]
    item_benchmark: Indices
    item_family: Indices
    minutes: Floats
    minutes_low: Floats
    minutes_high: Floats
    minutes_apart: Floats
    estimated: Flags
    model: Indices
    benchmark: Indices
    item: Indices
    epoch: Indices
    state: Indices
    success: Floats
    tokens: Floats
    seconds: Floats
    cost: Floats
    run: Labels
    provider: Labels
    prompt: Labels
    scaffold: Labels
    seed: Labels
    scorer: Labels
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.model)

    def outcome(self, unscored: str = "leave out") -> Floats:
        """Success of each attempt, (attempt,); those without a score are NaN, or 0 under the rule "wrong"."""
        return np.where(np.isnan(self.success), 0.0, self.success) if unscored == "wrong" else self.success

    def counts(self, outcome: Floats | None = None) -> tuple[Floats, Floats]:
        """Successes and trials, (model, item) each; attempts whose outcome is NaN are no trials."""
        told = self.success if outcome is None else outcome
        some = np.isfinite(told)
        shape = len(self.models), len(self.items)
        place = np.ravel_multi_index((self.model[some], self.item[some]), shape) if some.any() else np.zeros(0, np.intp)
        size = shape[0] * shape[1]
        successes = np.bincount(place, told[some], size).reshape(shape)
        trials: Floats = np.bincount(place, minlength=size).reshape(shape).astype(float)
        return successes.astype(float), trials

    def where(self, mask: Flags) -> "Attempts":
        """The attempts of a mask (attempt,); models, items and names stay as they are."""
        kept: dict[str, Any] = {name: getattr(self, name)[mask] for name in _PER_ATTEMPT}
        for name in LABELS:
            told: Labels = getattr(self, name)
            kept[name] = Labels(told.names, told.code[mask])
        return replace(self, **kept)


_PER_ATTEMPT = ("model", "benchmark", "item", "epoch", "state", "success", "tokens", "seconds", "cost")


def attempts(evidence: Evidence, *, benchmark: str = "", model: str = "", scorer: str = "") -> Attempts:
    """Every attempt of the evidence, or those of one benchmark, model or scorer.

    Attempts that name only their run take model and benchmark from it. Where an attempt was judged by several scorers
    and none is asked for, the one that its run names first counts (in the alphabet where no run names it), and a note
    says so. Human minutes told several times for
    an item are averaged on the log scale.

    Raises TooLittleEvidence where there are none, UnknownName for a benchmark, model or scorer that has none.
    """
    table = evidence.table("attempts")
    columns: dict[str, Sequence[Any]] = {name: table[name] for name in table.names}
    names = _named(evidence, columns)
    keep = np.array([m is not None and b is not None for m, b in zip(*names, strict=True)], dtype=bool)
    notes = []
    if (lost := int((~keep).sum())) > 0:
        notes.append(
            Note("warning", "left out", f"{lost:,} attempts belong to no known run, model or benchmark; left out.")
        )
    chosen = {"benchmark": (benchmark, names[1]), "model": (model, names[0]), "scorer": (scorer, columns["scorer"])}
    if keep.any():
        for kind, (wanted, values) in chosen.items():
            if wanted:
                if wanted not in values:
                    raise UnknownName(f"{kind} with attempts", wanted, sorted({str(v) for v in values if v}))
                keep &= np.array([value == wanted for value in values], dtype=bool)
    index = np.flatnonzero(keep)
    if not len(index):
        have = f"{lost:,} of no known run, model or benchmark" if lost else "none"
        fix = f"add the table of their runs beside them, or {TEMPLATE}" if lost else TEMPLATE
        raise TooLittleEvidence(need="attempts at single items", have=have, fix=fix)
    return _arrays(evidence, columns, names, index, notes, one_scorer=not scorer)


def _named(evidence: Evidence, columns: Mapping[str, Sequence[Any]]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Model and benchmark of every attempt, from its own row or its run's."""
    if None not in columns["model"] and None not in columns["benchmark"]:
        return columns["model"], columns["benchmark"]
    runs = evidence.table("runs")
    of_run = {run: (m, b) for run, m, b in zip(runs["run"], runs["model"], runs["benchmark"], strict=True)}
    nothing = (None, None)
    told = [of_run.get(run, nothing) for run in columns["run"]]
    models = [own or said[0] for own, said in zip(columns["model"], told, strict=True)]
    return models, [own or said[1] for own, said in zip(columns["benchmark"], told, strict=True)]


def _arrays(
    evidence: Evidence,
    columns: Mapping[str, Sequence[Any]],
    names: tuple[Sequence[Any], Sequence[Any]],
    index: Indices,
    notes: list[Note],
    *,
    one_scorer: bool,
) -> Attempts:
    every = len(index) == len(names[0])

    def kept(values: Sequence[Any]) -> Sequence[Any]:
        return values if every else [values[i] for i in index]

    def texts(values: Sequence[Any]) -> Labels:
        return labels(kept(values))

    def numbers(name: str) -> Floats:
        return np.array(kept(columns[name]), dtype=float)  # None becomes NaN

    model, benchmark = texts(names[0]), texts(names[1])
    item_id = texts(columns["item"])
    told = {name: texts(columns[name]) for name in LABELS}
    epoch = np.nan_to_num(numbers("epoch"), nan=1.0).astype(np.intp)
    place = {name: number for number, name in enumerate(STATES)}
    state = np.array([place.get(columns["state"][i] or "scored", SCORED) for i in index], dtype=np.intp)
    success = np.where(state == SCORED, numbers("success"), np.nan)
    state = np.where((state == SCORED) & np.isnan(success), STATES.index("error"), state)
    # An item is a pair of benchmark and id; pairs are numbered in the order of their names.
    pairs, item = np.unique(benchmark.code * (len(item_id.names) + 1) + item_id.code, return_inverse=True)
    cost = numbers("cost_usd")
    amount, seconds = _tokens(numbers), numbers("seconds")
    keys = (model.code, item, *(told[name].code for name in LABELS), epoch, state, np.nan_to_num(success, nan=-1.0),
            *(np.nan_to_num(one, nan=-1.0) for one in (amount, seconds, cost)))  # fmt: skip
    order = np.lexsort(keys[::-1])
    if one_scorer:
        order = _first_scorer(order, model.code, item, epoch, told, _ranks(evidence, told), notes)
    _repeated(order, model.code, item, epoch, told, success, notes)
    item_benchmark = pairs // (len(item_id.names) + 1)
    items = tuple(item_id.names[code] for code in pairs % (len(item_id.names) + 1))
    facts = _facts(evidence, benchmark.names, items, item_benchmark)
    facts |= {name: Labels(one.names, one.code[order]) for name, one in told.items()}
    return Attempts(
        models=model.names, benchmarks=benchmark.names, items=items, item_benchmark=item_benchmark,
        released=_released(evidence, model.names), **facts,
        model=model.code[order], benchmark=benchmark.code[order], item=item[order], epoch=epoch[order],
        state=state[order], success=success[order], tokens=amount[order], seconds=seconds[order], cost=cost[order],
        notes=tuple(notes),
    )  # fmt: skip


def labels(values: Sequence[Any]) -> Labels:
    """Texts as codes into their sorted names; None becomes -1.

    >>> labels(["b", None, "a", "b"])
    Labels(names=('a', 'b'), code=array([ 1, -1,  0,  1]))
    """
    names = tuple(sorted(set(values) - {None}))
    place: dict[Any, int] = {None: -1, **{name: number for number, name in enumerate(names)}}
    return Labels(names, np.fromiter(map(place.__getitem__, values), dtype=np.intp, count=len(values)))


def _tokens(numbers: Callable[[str], Floats]) -> Floats:
    """Tokens of each attempt: as told, else input plus output."""
    total, parts = numbers("tokens"), (numbers("input_tokens"), numbers("output_tokens"))
    summed = np.where(
        np.isnan(parts[0]) & np.isnan(parts[1]), np.nan, np.nan_to_num(parts[0]) + np.nan_to_num(parts[1])
    )
    return np.where(np.isnan(total), summed, total)


def _ranks(evidence: Evidence, told: Mapping[str, Labels]) -> Indices:
    """Which scorer of its run each attempt has, (attempt,): in the order of `runs.scorer`, others after it by name."""
    runs = evidence.table("runs")
    named = {run: str(who).split(", ") for run, who in zip(runs["run"], runs["scorer"], strict=True) if who}
    run, scorer = told["run"], told["scorer"]
    several = len(scorer.names) + 1
    pairs, place = np.unique((run.code + 1) * several + scorer.code + 1, return_inverse=True)
    ranks = []
    for pair in pairs:
        of_run, own = divmod(int(pair), several)
        listed = named.get(run.names[of_run - 1], []) if of_run else []
        who = scorer.names[own - 1] if own else None
        ranks.append(listed.index(who) if who in listed else len(listed) + own)
    return np.array(ranks, dtype=np.intp)[place]


def _first_scorer(
    order: Indices, model: Indices, item: Indices, epoch: Indices, told: Mapping[str, Labels], ranks: Indices,
    notes: list[Note],
) -> Indices:  # fmt: skip
    """Of an attempt judged by several scorers, the row of the one that ranks first."""
    scorer = told["scorer"]
    if len(np.unique(scorer.code)) < 2:  # one that is not named is another than those that are
        return order
    same = np.column_stack([model, item, epoch, *(told[name].code for name in LABELS if name != "scorer")])[order]
    sorted_ = np.lexsort((ranks[order], *same.T[::-1]))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (same[sorted_][1:] != same[sorted_][:-1]).any(axis=1)
    # Rows of the first scorer itself may repeat; they stay.
    group = np.cumsum(fresh) - 1
    code = scorer.code[order][sorted_]
    kept = code == code[np.flatnonzero(fresh)][group]
    if kept.all():
        return order
    used = ", ".join(f"'{scorer.names[c]}'" if c >= 0 else "one without a name" for c in np.unique(code[kept]))
    notes.append(
        Note("warning", "scorers", f"Attempts were judged by several scorers; counted are those of {used}, the first "
             "that the runs name. Choose another by leaving the others out of the evidence.")
    )  # fmt: skip
    chosen: Indices = order[np.sort(sorted_[kept])]
    return chosen


def _repeated(
    order: Indices, model: Indices, item: Indices, epoch: Indices, told: Mapping[str, Labels], success: Floats,
    notes: list[Note],
) -> None:  # fmt: skip
    same = np.column_stack([model, item, epoch, *(one.code for one in told.values())])[order]
    sorted_ = np.lexsort(same.T[::-1])
    twice = (same[sorted_][1:] == same[sorted_][:-1]).all(axis=1)
    values = np.nan_to_num(success[order][sorted_], nan=-1.0)
    apart = int((twice & (values[1:] != values[:-1])).sum())
    if apart:
        text = (
            f"{apart:,} attempts have the model, item and epoch of another but another outcome; all are counted. Where "
            "they are repeats, number them in the column epoch or name their run, so that equal ones are counted too."
        )
        notes.append(Note("warning", "contradictory", text))


def _facts(
    evidence: Evidence, benchmarks: tuple[str, ...], items: tuple[str, ...], item_benchmark: Indices
) -> dict[str, Any]:
    """Family and human minutes of every item; of several claims the geometric mean, and the first family by name."""
    place = {(benchmarks[b], name): number for number, (b, name) in enumerate(zip(item_benchmark, items, strict=True))}
    table: Table = evidence.table("items")
    family: list[str | None] = [None] * len(items)
    sums = np.zeros((3, len(items)))
    counts = np.zeros((3, len(items)))
    apart = np.ones(len(items))
    guessed = np.zeros(len(items), dtype=bool)
    ends = ("human_minutes", "human_minutes_low", "human_minutes_high")
    columns = [table[name] for name in ("benchmark", "item", "family", "length_method", *ends)]
    claims: dict[int, dict[tuple[Any, ...], None]] = {}
    for bench, name, kin, method, *minutes in zip(*columns, strict=True):
        if (at := place.get((str(bench), str(name)))) is None:
            continue
        if kin is not None:
            family[at] = kin if family[at] is None else min(str(family[at]), str(kin))
        guessed[at] |= method == "estimate"
        claims.setdefault(at, {})[tuple(minutes)] = None
    for at, several in claims.items():
        for claim in sorted(several, key=lambda one: [-1.0 if v is None else float(v) for v in one]):
            for end, value in enumerate(claim):
                if value:
                    sums[end, at] += np.log(float(value))
                    counts[end, at] += 1
        if len(told := [float(claim[0]) for claim in several if claim[0]]) > 1:
            apart[at] = max(told) / min(told)
    with np.errstate(invalid="ignore", divide="ignore"):
        minutes_, low, high = np.where(counts > 0, np.exp(sums / counts), np.nan)
    kinds = labels(family)
    return {"families": kinds.names, "item_family": kinds.code, "minutes": minutes_, "minutes_low": low,
            "minutes_high": high, "minutes_apart": apart, "estimated": guessed}  # fmt: skip


def _released(evidence: Evidence, models: tuple[str, ...]) -> tuple[str | None, ...]:
    from ascent.measure.models import model_facts

    facts = model_facts(evidence, models)
    return tuple(facts[model]["released"] for model in models)
