"""How much is solved in N tries, does trying more still help, and who solves what nobody else does?

Theme     single attempts
Evidence  attempts: several at each item, by one model or many; items: families; models: release dates
Needs     attempts at single items
Method    pass@N and pass^N exactly from the runs there are, as means over items with cluster-robust intervals; gain per
          doubling and its change with N as linear functions of the same items; beyond the runs a zero-inflated
          beta-binomial, whose posterior gives pass@N for more tries and the share of items within reach at all
Source    Chen et al. 2021, arXiv:2107.03374 (pass@k); Yao et al. 2024, arXiv:2406.12045 (pass^k); Kazdan et al. 2025,
          arXiv:2510.05197 (beta-binomial); Epoch AI, Less than 70% of FrontierMath is within reach for today's models,
          2025 (union of all solves, shrinking gains)
Differs   intervals count the items as drawn from a larger pool, families together; the article's rule of shrinking
          gains stands beside the beta-binomial in the table `fits`, with an interval by resampling items
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import percent
from ascent.core.draws import MASS, interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.progress import progress
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import LABELS, TEMPLATE, UNSCORED, Attempts, attempts
from ascent.measure.repeats import BUCKETS, apart, families, solves, union
from ascent.model import pass_at_n as exact
from ascent.model.clustered import FEWEST_GROUPS
from ascent.model.proportions import score_intervals
from ascent.model.repeat_curves import FEWEST_ITEMS, Pair, named, pairs_of
from ascent.model.solve_rates import fit_solve_rates

ENDS = ("low", "mid", "high")
FURTHER = 6  # doublings beyond the runs that are extrapolated: 64 times as many
SHARE = "fraction of items"
_BEYOND = "Beyond the runs there are, of items like these: the zero-inflated beta-binomial."
_REACH = "What is within reach rests on the prior where an item has few runs: below 8 it is neither told nor drawn."
FEWEST_RUNS = 8  # of every item, from which what lies beyond them is told in the headline


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "look at one benchmark only")
    model: str = param("", "look at one model only")
    unscored: str = param("leave out", "what attempts without a score (errors, timeouts) count as", choices=UNSCORED)
    solved_at: float = param(
        1.0, "success from which an attempt counts as a solve", unit="fraction", least=1e-9, most=1
    )
    complete: float = param(
        1.0, "share of the items that must have N runs; the others are left out at that N", unit="fraction of items",
        least=0.5, most=1,
    )  # fmt: skip
    by: str = param("model", "whose solves are set beside each other in the table `union`", choices=BUCKETS)
    before: str = param(
        "", "earlier model, to split a gain into reliability and new solves; default the first released"
    )
    after: str = param("", "later model of that split; default the last released")
    steps: int = param(10, "steps of a problem in the multi-step model", unit="steps", least=1, most=100_000)
    wanted: float = param(
        0.5, "chance of a solve that tries are counted for", unit="probability", least=0.001, most=0.999
    )
    fits: int = param(12, "how many models are extrapolated, the best first", unit="models", least=0)
    draws: int = param(1_000, "draws of the extrapolation", unit="draws", least=0, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `pass_at_n`; what else can be said of the same attempts follows."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import percent as in_percent

        shown = _shown(curve := self.prepared["pass_at_n"])
        rest = sorted({str(name) for name in curve["benchmark"]} - {str(name) for name in shown["benchmark"]})
        more = f" Shown: {shown['benchmark'][0]}; also there (--benchmark): {', '.join(rest)}." if rest else ""
        found = {
            "pass_at_n": charts.curves(
                in_percent(shown), x="n", mid="pass_at_n", low="low", high="high",
                colour="model", log_x=True, title=self.sentence, manifest=self.manifest,
                quantity="Solved at least once", note=f"Exact up to the runs there are.{more}",
            )
        }  # fmt: skip
        fits: list[dict[str, Any]] = list(self.prepared["fits"].rows())
        # With fewer runs what could be reached rests on the prior, and is no picture of the evidence.
        if many := [row for row in fits if row["runs"] >= FEWEST_RUNS and row["reach"] is not None]:
            top = max(many, key=lambda row: (row["reach"], row["name"]))
            found["reach"] = charts.ranking(
                in_percent(Table.from_rows(_FITS, many)), label="name", mid="reach", low="reach_low",
                high="reach_high", manifest=self.manifest, quantity="Items that some number of tries solves",
                title=f"Within reach of {top['name']} however often it tries: "
                f"{_told(top, 'reach_low', 'reach', 'reach_high')}",
                note=f"Zero-inflated beta-binomial; of the items as they are. Models with {FEWEST_RUNS} runs of each.",
            )  # fmt: skip
        if len(union := self.prepared["union"]):
            whole, best = list(union.rows())[:2]
            found["union"] = charts.ranking(
                in_percent(union), label="bucket", mid="mid", low="low", high="high", ordered=False,
                title=f"At {whole['benchmark']}, all together solve {_told(whole, *ENDS)} at least once; "
                f"{best['bucket']} alone {_told(best, *ENDS, mass='')}",
                manifest=self.manifest, quantity="Solved at least once",
            )  # fmt: skip
        return found


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Pass@N of every model on every benchmark.

    Raises TooLittleEvidence where there are no attempts, or nowhere five items with a scored one.
    """
    told = attempts(evidence, benchmark=params.benchmark, model=params.model)
    solved, runs = solves(told, solved_at=params.solved_at, unscored=params.unscored)
    pairs = list(pairs_of(told, solved, runs, params.complete))
    if not pairs:
        raise TooLittleEvidence(
            need=f"{FEWEST_ITEMS} items of one benchmark that a model attempted and got a score for",
            have="fewer", fix=f"{TEMPLATE}; `--unscored wrong` counts errors",
        )  # fmt: skip
    pairs.sort(key=lambda pair: (pair.benchmark, -float(pair.once.mean()), pair.model))
    best = sorted(pairs, key=lambda pair: -float(pair.once.mean()))[: params.fits]
    with progress("extrapolating", len(best)) as step:
        fits = [_fit(pair, params, step) for pair in best]
    sheets = {
        "pass_at_n": Table.from_rows(_CURVE, [row for pair in pairs for row in pair.rows(exact.at_least_one)]),
        "all_of_n": Table.from_rows(_ALL, [row for pair in pairs for row in pair.rows(exact.every_one, "all_of_n")]),
        "fits": Table.from_rows(_FITS, [row for row, _ in fits], _REACH),
        "extrapolated": Table.from_rows(_CURVE, [row for _, rows in fits for row in rows], _BEYOND),
        "union": _union(told, params, {row["name"]: row for row, _ in fits}),
        "gain": _gain(told, params, solved, runs),
        "steps": Table.from_rows(_STEPS, [_steps(pair, params) for pair in pairs]),
        "unscored": _unscored(told, params),
    }
    notes = tuple(_notes(told, pairs, params))
    return Answer(
        Manifest.stamp(__name__, params, evidence),
        _sentence(pairs, fits, sheets["unscored"], params.unscored),
        sheets,
        notes,
    )


def _fit(pair: Pair, params: Params, step: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of `fits` and the rows of `extrapolated` of one model on one benchmark."""
    values, cluster = (
        exact.at_least_one(pair.solved[pair.full], pair.runs[pair.full], pair.tries),
        pair.cluster[pair.full],
    )
    row: dict[str, Any] = {"name": pair.name, "model": pair.model, "benchmark": pair.benchmark,
                           "runs": pair.tries[-1], "shape": "too few runs to tell"}  # fmt: skip
    count = len(pair.tries)
    if count >= 2:
        row |= _ends("gain", exact.mean_gain(values @ exact.log_slope(count), cluster))
    if count >= 3 and not np.ptp(values, axis=1).any():
        row["shape"] = "no gain seen"
    elif count >= 3:
        low, mid, high = exact.mean_gain(values @ exact.curvature(count), cluster)
        row |= _ends("change", (low, mid, high))
        row["shape"] = "gains shrink" if high < 0 else "gains grow" if low > 0 else "straight in log N not excluded"
        groups, place = np.unique(cluster, return_inverse=True)
        rng = np.random.default_rng([params.seed, 2])
        drawn = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=params.draws)
        weight = np.vstack([np.ones(len(groups)), drawn])[:, place]
        cap = exact.shrinking_gains(weight @ values / weight.sum(axis=1, keepdims=True))[1]
        told = interval(cap) if len(groups) >= FEWEST_GROUPS else (np.nan, cap[0], np.nan)
        row |= _ends("cap", told)
    rows: list[dict[str, Any]] = []
    if params.draws:
        fit = fit_solve_rates(pair.solved, pair.runs, draws=params.draws, seed=params.seed)
        reach = fit.within_reach(params.seed)
        row |= _ends("reach", interval(np.append(np.median(reach), reach)))
        more = [2**k for k in range(count, count + FURTHER)]
        guesses = fit.at_least_one(np.array(more, dtype=float))
        ends = interval(np.vstack([np.median(guesses, axis=0), guesses]))
        rows = [
            {"model": pair.model, "benchmark": pair.benchmark, "n": n, "pass_at_n": ends[1][at],
             "low": ends[0][at], "high": ends[2][at]} for at, n in enumerate(more)
        ]  # fmt: skip
    step()
    return row, rows


def _union(told: Attempts, params: Params, fits: dict[str, dict[str, Any]]) -> Table:
    """By benchmark, what each bucket and all together solved at least once; the cap if further gains were disjoint."""
    rows: list[dict[str, Any]] = []
    for at, benchmark in enumerate(told.benchmarks):
        found = union(told, at, by=params.by, solved_at=params.solved_at, unscored=params.unscored)
        if not len(found.items):
            continue
        ever = np.vstack([found.ever.any(axis=0), found.ever]).astype(float)
        ends = score_intervals(ever, np.ones_like(ever), families(told, found.items))
        alone = [int(found.alone().sum()), *found.alone().sum(axis=1)]
        counts = [float(found.runs.sum(axis=0).mean()), *(each[each > 0].mean() for each in found.runs)]
        names = ("all together", *found.names)
        for place in sorted(range(len(names)), key=lambda place: (place > 0, -ever[place].sum(), names[place])):
            name = names[place]
            rows.append(
                {"bucket": named(told, name, at), "benchmark": benchmark, "items": len(found.items),
                 "runs": counts[place], "solved": int(ever[place].sum()), "low": float(ends.low[place]),
                 "mid": float(ever[place].mean()), "high": float(ends.high[place]), "only_here": int(alone[place])}
            )  # fmt: skip
        known = [fits.get(named(told, name, at), {}) for name in found.names] if params.by == "model" else []
        if known and all("reach" in one for one in known):
            for end in ("_low", "", "_high"):
                reach = np.array([one[f"reach{end}"] for one in known])
                left = np.maximum(reach - ever[1:].mean(axis=1), 0.0).sum()
                rows[-1 - len(found.names)][f"cap{end}"] = float(min(ever[0].mean() + left, 1.0))
    note = "cap: all together plus what each may still gain, as if disjoint; its ends add those of each: wide."
    return Table.from_rows(_UNION, rows, note)


def _gain(told: Attempts, params: Params, solved: Any, runs: Any) -> Table:
    """A later model's gain over an earlier one, as reliability on items solved before and items never solved before."""
    if (chosen := apart(told, params.before, params.after)) is None:
        return Table.from_rows(_GAIN, [])
    first, last, early = chosen
    rows = []
    for at, benchmark in enumerate(told.benchmarks):
        items = np.flatnonzero((told.item_benchmark == at) & (runs[first] > 0) & (runs[last] > 0))
        if len(items) < FEWEST_ITEMS:
            continue
        before, after = (solved[m, items] / runs[m, items] for m in (first, last))
        seen = (solved[early][:, items] > 0).any(axis=0)
        more, new = exact.split_gain(before, after, seen)
        for part, values in (("whole gain", more + new), ("solved before", more), ("never solved before", new)):
            low, mid, high = exact.mean_gain(values, families(told, items))
            rows.append({"benchmark": benchmark, "before": told.models[first], "after": told.models[last],
                         "part": part, "low": low, "mid": mid, "high": high, "items": int(len(items) if
                         part == "whole gain" else (seen if part == "solved before" else ~seen).sum())})  # fmt: skip
    return Table.from_rows(_GAIN, rows, "The two parts add up to the whole exactly, item by item.")


def _steps(pair: Pair, params: Params) -> dict[str, Any]:
    """What a problem of several equal steps would need, if one run solved it as often as this benchmark's items."""
    row = next(iter(pair.rows(exact.at_least_one)))
    ends = np.array([row["low"], row["pass_at_n"], row["high"]])
    each, tries = ends ** (1 / params.steps), np.maximum(exact.tries_needed(ends[::-1], params.wanted), 1.0)
    tries = np.where(np.isfinite(tries), tries, np.nan)  # never solved: no number of tries is known to do
    return {"model": pair.model, "benchmark": pair.benchmark, "steps": params.steps, "step_success_low": each[0],
            "step_success": each[1], "step_success_high": each[2], "wanted": params.wanted,
            "tries_low": tries[0], "tries": tries[1], "tries_high": tries[2]}  # fmt: skip


def _unscored(told: Attempts, params: Params) -> Table:
    """Scores under both rules for attempts without one, wherever there are any."""
    tried = {}
    for name, rule in zip(("left_out", "as_wrong"), UNSCORED if np.isnan(told.success).any() else (), strict=False):
        for pair in pairs_of(told, *solves(told, solved_at=params.solved_at, unscored=rule), complete=1.0):
            tried[name, pair.model, pair.benchmark] = next(pair.rows(exact.at_least_one))
    rows = []
    for m, b in np.unique(np.column_stack([told.model, told.benchmark])[np.isnan(told.success)], axis=0):
        mine = (told.model == m) & (told.benchmark == b)
        row: dict[str, Any] = {"model": told.models[m], "benchmark": told.benchmarks[b], "attempts": int(mine.sum()),
                               "unscored": int(np.isnan(told.success[mine]).sum())}  # fmt: skip
        for name in ("left_out", "as_wrong"):
            if one := tried.get((name, row["model"], row["benchmark"])):
                row |= _ends(name, (one["low"], one["pass_at_n"], one["high"]))
        rows.append(row)
    return Table.from_rows(_LOST, rows, "One try, with attempts without a score left out and counted as wrong.")


def _sentence(
    pairs: list[Pair], fits: list[tuple[dict[str, Any], list[dict[str, Any]]]], unscored: Table, rule: str
) -> str:
    sizes = {pair.benchmark: 0 for pair in pairs}
    for pair in pairs:
        sizes[pair.benchmark] += int(pair.runs.sum())
    main = max(sorted(sizes), key=lambda name: sizes[name])
    best = max((pair for pair in pairs if pair.benchmark == main), key=lambda pair: (pair.once.mean(), pair.model))
    both = {(row["model"], row["benchmark"]): row["as_wrong"] for row in unscored.rows() if rule == "leave out"}
    wrong = both.get((best.model, main))
    rows = list(best.rows(exact.at_least_one))
    told = [_told(row, "low", "pass_at_n", "high") for row in rows]
    sentence = f"{best.model} solves {told[0]} of {main} in one try"
    if wrong is not None:
        sentence += f", {percent(float(wrong))} if attempts without a score count as wrong"
    if len(rows) > 1:
        sentence += "," * (wrong is not None)
        sentence += f" and {told[-1]} at least once in {rows[-1]['n']}"
    row = next((row for row, _ in fits if row["name"] == best.name), {})
    # With fewer runs what could be solved in many rests on the prior; the table has it, the headline does not.
    if np.isfinite(row.get("reach_low", np.nan)) and best.tries[-1] >= FEWEST_RUNS:
        ends = percent(row["reach_low"]), percent(row["reach_high"])
        told_reach = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
        sentence += f"; {told_reach} of the items seem within its reach however often it tries"
    return sentence + "."


def _notes(told: Attempts, pairs: list[Pair], params: Params) -> Iterator[Note]:
    yield from told.notes
    if lost := int(np.isnan(told.success).sum()):
        text = (
            f"{lost:,} of {len(told):,} attempts have no score; the table `unscored` shows the scores under both rules."
        )
        yield Note("warning", "unscored", text)
    if partly := int(((told.success > 0) & (told.success < 1)).sum()):
        text = f"{partly:,} attempts succeeded in part; they count as solves from {params.solved_at:g} (--solved-at)."
        yield Note("warning", "partial", text)
    short = [pair for pair in pairs if 2 * pair.tries[-1] <= pair.runs.max()]
    if short:
        worst = max(short, key=lambda pair: float(pair.runs.max() / pair.runs.min()))
        text = (
            f"Exact values end at the runs that items have: {len(short)} of {len(pairs)} curves stop early, most so "
            f"{worst.name} (items have {worst.runs.min():.0f} to {worst.runs.max():.0f} runs)."
        )
        mend = " `--complete 0.95` goes on as long as 95 % of the items do." if params.complete == 1 else ""
        yield Note("info", "runs", text + mend)
    mixed = [f"{len(getattr(told, kind).names)} {kind}s" for kind in LABELS[1:4] if len(getattr(told, kind).names) > 1]
    if mixed:
        yield Note("info", "pooled", f"Attempts under {', '.join(mixed)} are pooled as runs of one kind.")
    if any(pair.runs.min() == 1 for pair in pairs):
        yield Note("bound", "one run", "Of an item with one run, what can never be solved and what was missed this "
                   "once look the same: the share within reach rests on the prior.")  # fmt: skip


def _shown(curve: Table) -> Table:
    """Five models from best to worst among those with the longest curves of one benchmark: more hide each other."""
    rows = sorted(curve.rows(), key=lambda row: -float(row["n"] or 0))
    longest = [
        str(row["model"]) for row in rows if (row["benchmark"], row["n"]) == (rows[0]["benchmark"], rows[0]["n"])
    ]
    kept = {longest[round(at)] for at in np.linspace(0, len(longest) - 1, min(5, len(longest)))}
    return Table.from_rows(
        curve.columns, [r for r in curve.rows() if r["benchmark"] == rows[0]["benchmark"] and r["model"] in kept]
    )


def _told(row: Any, low: str, mid: str, high: str, mass: str = f"{MASS:.0%} interval ") -> str:
    return f"{percent(row[mid])} ({mass}{percent(row[low])} to {percent(row[high])})"


def _ends(name: str, ends: Any) -> dict[str, float]:
    low, mid, high = (float(end) for end in ends)
    return {f"{name}_low": low, name: mid, f"{name}_high": high}


def _three(name: str, unit: str, help: str = "") -> tuple[Column, ...]:
    return (
        Column(f"{name}_low", "number", unit),
        Column(name, "number", unit, help),
        Column(f"{name}_high", "number", unit),
    )


_WHO = (Column("model"), Column("benchmark"))
_LOW_HIGH = (Column("low", "number", SHARE), Column("high", "number", SHARE))
_N = (*_WHO, Column("n", "whole", "tries"))
_CURVE = (*_N, Column("pass_at_n", "number", SHARE, "solved at least once"), *_LOW_HIGH)
_ALL = (*_N, Column("all_of_n", "number", SHARE, "solved every time"), *_LOW_HIGH)
_FITS = (
    *_WHO, Column("runs", "whole", "runs", "of every item"), Column("shape"),
    *_three("reach", SHARE, "items of these that some number of tries solves"),
    *_three("gain", f"{SHARE} per doubling", "mean gain per doubling of tries"),
    *_three("change", f"{SHARE} per doubling squared", "how the gain changes with each doubling"),
    *_three("cap", SHARE, "where gains that go on shrinking as they did end"), Column("name"),
)  # fmt: skip
_UNION = (
    Column("bucket"), Column("benchmark"), Column("items", "whole", "items"),
    Column("runs", "number", "runs per item"), Column("solved", "whole", "items"),
    Column("low", "number", SHARE), Column("mid", "number", SHARE), Column("high", "number", SHARE),
    Column("only_here", "whole", "items", "that no other bucket solved"), *_three("cap", SHARE),
)  # fmt: skip
_GAIN = (
    Column("benchmark"), Column("before"), Column("after"), Column("part"), Column("low", "number", SHARE),
    Column("mid", "number", SHARE), Column("high", "number", SHARE), Column("items", "whole", "items"),
)  # fmt: skip
_STEPS = (
    *_WHO, Column("steps", "whole", "steps"), *_three("step_success", "probability", "of each of the steps"),
    Column("wanted", "number", "probability"), *_three("tries", "tries", "until a solve has the wanted chance"),
)  # fmt: skip
_LOST = (
    *_WHO, Column("attempts", "whole", "attempts"), Column("unscored", "whole", "attempts"),
    *_three("left_out", SHARE), *_three("as_wrong", SHARE),
)  # fmt: skip
