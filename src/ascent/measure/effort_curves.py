"""Score against tokens and dollars: one curve per model and benchmark, one point per effort it was asked to make.

Curve     one model (names without their effort) on one benchmark, with everything else told alike: solver, prompt,
          tools, who ran it. Efforts that are told alike are one point
Attempts  where single attempts are known: scores on the items that every effort has in common, so that errors of the
          differences come from the same items answered at both; tokens and dollars are means over scored attempts
Totals    where a run tells only its tokens: the score of the same source beside it, binomial errors as if every effort
          had its own items, which is cautious. Tokens are of one item where their number is known, else of one pass
Tokens    those generated, thinking included (it counts as part of the output unless it exceeds it); else all
Dollars   as logged; else tokens read and generated times the price of the model when it was run (`effort_prices`)
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from ascent.core.answer import Note
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import Attempts, attempts
from ascent.measure.effort_names import UNTOLD, key_of, split_name, split_setting, thinks
from ascent.measure.effort_prices import Offer, PriceBook
from ascent.measure.effort_totals import totals
from ascent.measure.effort_types import EffortCurve, Point, arranged

SHOWN = 4  # names of models without a curve
FEWEST_ITEMS = 5  # that all efforts share, for errors of differences
FIX = (
    "give logs of one model run at several efforts (a run's setting effort=low, effort=high, thinking_tokens=16000), "
    "or attempts of models named like `Own 1 (low)` and `Own 1 (high)` with tokens; `ascent evidence template attempts`"
    " and `template runs` show the columns, and tables of Artificial Analysis are read too"
)


@dataclass(frozen=True, eq=False)
class EffortCurves:
    """Every curve, by benchmark and model, and what a reader should know."""

    curves: tuple[EffortCurve, ...]
    notes: tuple[Note, ...]
    sources: tuple[str, ...] = ()  # of prices

    def on(self, benchmark: str) -> list[EffortCurve]:
        return [curve for curve in self.curves if curve.benchmark == benchmark]

    @property
    def benchmarks(self) -> list[str]:
        """Those with most models first."""
        models = defaultdict(set)
        for curve in self.curves:
            models[curve.benchmark].add(curve.key)
        return sorted(models, key=lambda name: (-len(models[name]), name))


def effort_curves(evidence: Evidence, *, unscored: str = "leave out") -> EffortCurves:
    """The curves of the evidence, from attempts and from totals.

    unscored  what becomes of attempts without a score: "leave out" or "wrong"

    Raises TooLittleEvidence where no model was tried at two efforts whose tokens are known.
    """
    prices = PriceBook(evidence)
    notes: list[Note] = []
    found: list[EffortCurve] = []
    single: list[str] = []
    try:
        every: Attempts | None = attempts(evidence)
    except TooLittleEvidence:
        every = None
    if every is not None:
        notes += every.notes
        curves, single = _from_attempts(evidence, every, prices, unscored)
        found += curves
        lost = int(np.isnan(every.success).sum())
        if lost:
            done = "count as wrong" if unscored == "wrong" else "are left out"
            text = f"{lost:,} of {len(every):,} attempts have no score and {done}; --unscored changes it."
            notes.append(Note("info", "unscored", text))
    logged = {str(run) for run in every.run.names} if every is not None else set()
    curves, alone, contradictions = totals(evidence, prices, logged)
    notes += contradictions
    known = {(curve.key, curve.benchmark, curve.setup) for curve in found}
    found += [curve for curve in curves if (curve.key, curve.benchmark, curve.setup) not in known]
    single += alone
    if not found:
        names = sorted(set(single))
        more = f" and {len(names) - SHOWN} more" * (len(names) > SHOWN)
        have = (
            f"{len(names)} ({', '.join(names[:SHOWN])}{more}), each at a single effort, or at efforts whose tokens are "
            "0 or about as many"
            if single
            else f"no scores with tokens{_untold(evidence)}"
        )
        raise TooLittleEvidence(need="a model tried at two efforts, with scores and tokens", have=have, fix=FIX)
    if single:
        text = (
            f"{len(single)} models on a benchmark have no curve: a single effort, or efforts whose tokens are 0 or "
            "about as many."
        )
        notes.append(Note("info", "single efforts", text))
    found.sort(key=lambda curve: (curve.benchmark, curve.key, curve.setup, curve.basis))
    return EffortCurves(tuple(found), tuple(notes), prices.sources)


def _untold(evidence: Evidence) -> str:
    """Which models were tried at several efforts without anybody telling what these took."""
    table = evidence.table("scores")
    tried: dict[tuple[str, str], set[str]] = defaultdict(set)
    for model, benchmark, setting in zip(*(table[name] for name in ("model", "benchmark", "setting")), strict=True):
        own = split_name(str(model))[1]
        tried[key_of(str(model)), str(benchmark)].add(
            ", ".join(filter(None, (own, split_setting(str(setting or ""))[0])))
        )
    several = {key for (key, _), efforts in tried.items() if len(efforts) > 1}
    if not several:
        return ""
    many = f"{len(several)} models have" if len(several) > 1 else "1 model has"
    return f", though {many} scores at several efforts: what lacks is the tokens these took"


def _from_attempts(
    evidence: Evidence, every: Attempts, prices: PriceBook, unscored: str
) -> tuple[list[EffortCurve], list[str]]:
    """Curves of attempts, and the models on a benchmark that have none."""
    table = evidence.table("runs")
    told = {str(run): str(setting or "") for run, setting in zip(table["run"], table["setting"], strict=True)}
    days = dict(zip(table["run"], table["started"], strict=True))
    words = [split_setting(told.get(run, "")) for run in every.run.names] + [("", "")]  # -1: no run named
    generated = _generated(evidence)
    cells: dict[tuple[str, str, str], dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    pairs = np.unique(np.column_stack([every.model, every.benchmark, every.run.code]), axis=0)
    for model, benchmark, run in pairs.tolist():
        name = every.models[model]
        plain, own = split_name(name)
        effort, rest = words[run]
        effort = ", ".join(filter(None, (own, effort)))
        cells[key_of(plain), every.benchmarks[benchmark], rest][effort].append((model, run))
    outcome = every.outcome(unscored)
    curves: list[EffortCurve] = []
    single: list[str] = []
    for (key, benchmark, rest), efforts in sorted(cells.items()):
        at = every.benchmarks.index(benchmark)
        mine = np.flatnonzero(every.benchmark == at)
        points, columns = [], []
        for effort, members in sorted(efforts.items()):
            keep = mine[np.isin(every.model[mine] * (len(every.run.names) + 2) + every.run.code[mine],
                                [model * (len(every.run.names) + 2) + run for model, run in members])]  # fmt: skip
            keep = keep[np.isfinite(outcome[keep])]
            if not len(keep):
                continue
            names = [(every.models[model], every.run.names[run] if run >= 0 else "") for model, run in members]
            point = _spent(every, keep, names, benchmark, generated)
            if point is None:
                continue
            sums = np.bincount(every.item[keep], outcome[keep], len(every.items))
            tries = np.bincount(every.item[keep], minlength=len(every.items))
            with np.errstate(invalid="ignore"):
                columns.append(np.where(tries > 0, sums / tries, np.nan))
            points.append(replace(point, effort=effort or UNTOLD, thinks=point.thinks or thinks(effort)))
        name = min((split_name(every.models[model])[0] for members in efforts.values() for model, _ in members))
        if len(points) > 1:
            ran = [days.get(every.run.names[run]) for members in efforts.values() for _, run in members if run >= 0]
            offer = prices.offer(name, [str(day) if day else None for day in ran])
            curve = _paired(name, key, benchmark, rest, points, np.stack(columns, axis=1), offer)
            if curve is not None:
                curves.append(curve)
                continue
        single += [name] * bool(points)
    return curves, single


def _spent(
    every: Attempts, keep: np.ndarray, names: list[tuple[str, str]], benchmark: str,
    generated: dict[tuple[str, str, str], tuple[float, float, float, float]],
) -> Point | None:  # fmt: skip
    """Tokens and dollars of the attempts of one point; None where no tokens are told."""
    told = [generated[name, benchmark, run] for name, run in names if (name, benchmark, run) in generated]
    output = sum(one[1] for one in told)
    count = sum(one[0] for one in told)
    thought = sum(one[3] for one in told)
    total = every.tokens[keep]
    all_tokens = float(np.nanmean(total)) if np.isfinite(total).any() else np.nan
    tokens = output / count if count else np.nan
    if not np.isfinite(tokens) and not np.isfinite(all_tokens):
        return None
    usd = every.cost[keep]
    told_usd = np.isfinite(usd)
    dollars = float(usd[told_usd].mean()) if told_usd.any() else np.nan
    read = sum(one[2] for one in told) / count if count else np.nan
    return Point("", tokens, read, all_tokens, dollars, thought > 0, 1 - float(told_usd.mean()))


def _generated(evidence: Evidence) -> dict[tuple[str, str, str], tuple[float, float, float, float]]:
    """By model, benchmark and run: attempts that tell their output, and their output with thinking, input, thinking."""
    table, runs = evidence.table("attempts"), evidence.table("runs")
    of_run = {
        run: (model, name) for run, model, name in zip(runs["run"], runs["model"], runs["benchmark"], strict=True)
    }
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0] * 4)
    columns = (
        table[name] for name in ("model", "benchmark", "run", "output_tokens", "input_tokens", "reasoning_tokens")
    )
    for model, name, run, out, read, thought in zip(*columns, strict=True):
        if out is None:
            continue
        if model is None or name is None:
            told = of_run.get(run, (None, None))
            model, name = model or told[0], name or told[1]
        cell = sums[str(model), str(name), str(run or "")]
        cell[0] += 1
        cell[1] += out
        cell[2] += read or 0.0
        cell[3] += thought or 0.0
    return {key: (n, out + thought * (thought > out), read, thought) for key, (n, out, read, thought) in sums.items()}


def _paired(
    name: str, key: str, benchmark: str, setup: str, points: list[Point], rate: Floats, offer: Offer | None
) -> EffortCurve | None:  # fmt: skip
    """The curve of success rates (item, effort), on the items that all efforts share where they are enough."""
    shared = np.isfinite(rate).all(axis=1)
    if shared.sum() >= FEWEST_ITEMS and shared.sum() >= 0.5 * np.isfinite(rate).any(axis=1).sum():
        kept = rate[shared]
        n = np.full(rate.shape[1], len(kept))
        score, covariance = kept.mean(axis=0), np.atleast_2d(np.cov(kept.T)) / len(kept)
    else:
        n = np.isfinite(rate).sum(axis=0)
        score = np.nanmean(rate, axis=0)
        spread = np.nansum((rate - score) ** 2, axis=0) / np.maximum(n - 1, 1)
        covariance = np.diag(np.where(n > 1, spread / n, np.nan))
    return arranged(name, key, benchmark, setup, "attempts", points, score, covariance, n.astype(float), offer)
