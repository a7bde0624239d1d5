"""Which tasks teach a model by reinforcement: worth keeping, out of reach, too easy, or with rewards that look wrong?

Theme     single attempts
Evidence  attempts: repeated attempts of one model at each task, with rewards, tokens and perhaps a second scorer; runs
Needs     repeated attempts at tasks
Method    pass rate of each task given its own attempts and all the others', some being out of reach (zero-inflated
          beta-binomial, posterior on a grid); bands by rule with the chance of each; groups of attempts with both a
          pass and a failure, as seen and as expected at other sizes; passes that a second scorer refutes, and passes on
          far fewer tokens than usual for their task with false alarms bounded by mirroring; hacks planted into these
          very attempts tell how many would be found
Source    Epoch AI, An FAQ on Reinforcement Learning Environments, 2026 (bands: at least one success in 64 or 128
          attempts, some 2 to 3 %, up to 70 %); Shao et al. 2024, arXiv:2402.03300 (a group of equal rewards teaches
          nothing); Barber and Candes 2015 (mirroring)
Differs   the bands of the interviews are a judgement and are knobs here; the article gives no rule for suspect rewards
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import check, param
from ascent.core.tables import Column, Kind, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import TEMPLATE, UNSCORED, Attempts, attempts
from ascent.measure.pass_rates import Rewards, main_model, refuted, rewards
from ascent.model.reward_audit import short_passes
from ascent.model.task_bands import BANDS, TaskRates, band_of, exact_signal, fit_task_rates

FEWEST = 5  # tasks with two attempts
GROUPS = (2, 4, 8, 16, 32, 64, 128)
EDGES = (0.0, 0.02, 0.05, 0.15, 0.3, 0.5, 0.7, 1.0)
PLANTED, TIMES = 0.02, 25  # share of the passes made into hacks, and how often that is tried


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "look at the tasks of one benchmark or environment only")
    model: str = param("", "whose attempts; where not named, the newest of those with many")
    scorer: str = param("", "whose marks are the reward, where there are several scorers")
    unscored: str = param("leave out", "what attempts without a score (errors, timeouts) count as", choices=UNSCORED)
    pass_at: float = param(1.0, "reward from which an attempt is a pass", unit="reward", least=1e-9, most=1)
    rollouts: int = param(128, "one pass in so many attempts is worth keeping", unit="attempts", least=2, most=100_000)
    most: float = param(0.7, "pass rate above which a task is retired", unit="probability", least=0.01, most=0.999)
    group: int = param(
        8, "attempts in a group that are compared with each other", unit="attempts", least=2, most=10_000
    )
    sure: float = param(0.9, "chance of its band from which a task's band counts as sure", unit="probability",
                        least=0.5, most=0.999)  # fmt: skip
    false_alarms: float = param(0.1, "share of false alarms allowed among passes called short", unit="fraction",
                                least=0.001, most=0.5)  # fmt: skip
    hack: float = param(0.1, "tokens that a planted hack takes, as a share of the usual", unit="fraction", least=1e-6,
                        most=1)  # fmt: skip
    draws: int = param(1_000, "draws of pass rates", unit="draws", least=20, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `tasks`; `bands`, `signal`, `spread`, `suspects` and `audit` follow."""

    group: int = 8
    claim: str = ""  # what the sentence says of the tasks, without groups and suspects

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts
        from ascent.core.charts.prepare import percent

        tasks = self.prepared["tasks"]
        sure = sum(bool(one) for one in tasks["sure"])
        here: Any = next(row for row in self.prepared["signal"].rows() if row["group"] == self.group)
        ends = [f"{here[end]:.0%}" for end in ("predicted", "predicted_low", "predicted_high")]
        return {
            "spread": charts.ranking(
                self.prepared["spread"], label="pass_rate", mid="tasks", low="tasks_low", high="tasks_high",
                ordered=False, title=self.claim, manifest=self.manifest, quantity="Number",
                note="By true pass rate; the best set to train on has some in every row.",
            ),
            "signal": charts.curves(
                percent(self.prepared["signal"]), x="group", mid="predicted", low="predicted_low",
                high="predicted_high", log_x=True, manifest=self.manifest,
                quantity="Groups with both a pass and a failure", note="Only such groups teach anything.",
                title=f"Of groups of {self.group} attempts {ends[0]} ({MASS:.0%} interval {ends[1]} to {ends[2]}) hold "
                "both a pass and a failure",
            ),
            "tasks": charts.ranking(
                tasks, label="task", mid="rate", low="rate_low", high="rate_high", group="band", ascending=True,
                top=60, manifest=self.manifest, quantity="Pass rate",
                title=f"The band of {sure:,} of {len(tasks):,} tasks is settled by the attempts made so far",
                note="Colours are the bands by the passes so far; rates are drawn towards those of the other tasks.",
            ),
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Sort the tasks of one model by what they teach it.

    Raises TooLittleEvidence for fewer than five tasks with two attempts, UnknownName for a benchmark, model or scorer
    without attempts.
    """
    told = attempts(evidence, benchmark=params.benchmark, model=params.model, scorer=params.scorer)
    notes = list(told.notes)
    if len(told.models) > 1:
        chosen = main_model(told, fewest=FEWEST)
        basis = "the newest of those with many" if told.released[chosen] else "the most, as no release date is told"
        text = f"taken are those of {told.models[chosen]}, {basis}; --model takes another."
        notes.append(Note("info", "model", f"{len(told.models)} models have attempts; {text}"))
        told = told.where(told.model == chosen)
    name = told.models[int(told.model[0])]
    seen = rewards(told, told.outcome(params.unscored), pass_at=params.pass_at)
    if (seen.tried >= 2).sum() < FEWEST:
        raise TooLittleEvidence(
            need=f"{FEWEST} tasks with at least two attempts of one model",
            have=f"{int((seen.tried >= 2).sum())} of {name}",
            fix=TEMPLATE,
        )
    fit = fit_task_rates(seen.passed, seen.tried, draws=params.draws, seed=params.seed)
    band = band_of(seen.passed, seen.tried, rollouts=params.rollouts, most=params.most)
    by_draw = fit.bands(1 / params.rollouts, params.most)
    suspects, why = _suspects(evidence, told, seen, params)
    sheets = {
        "tasks": _tasks(told, seen, fit, band, by_draw, why, params), "bands": _bands(band, by_draw, why),
        "signal": _signal(seen, fit, params), "spread": _spread(fit), "suspects": suspects,
        "audit": _audit(seen, params),
    }  # fmt: skip
    notes += _mixture(evidence, told)
    few = int((seen.tried < params.rollouts).sum())
    if few:
        text = f"{few:,} of {len(band):,} tasks have fewer than {params.rollouts} attempts: that one was never passed"
        notes.append(Note("info", "few attempts", f"{text} may be luck; the column sure says which bands are settled."))
    notes += _unscored(told, params)
    signal = [float(part) for part in _middle(fit.signal(params.group).mean(axis=1))]
    now = {kind: int((band == at).sum()) for at, kind in enumerate(BANDS)}
    wait, _, retire = (_about(by_draw == at) for at in range(len(BANDS)))
    claim = (
        f"Of {len(band):,} tasks for {name}, {_about(by_draw == 1, told_mass=True)} have a true pass rate worth "
        f"keeping, {wait} are to wait for and {retire} to retire"
    )
    sentence = (
        f"{claim}; by their passes so far keep {now['keep']:,}, wait "
        f"for {now['wait']:,} and retire {now['retire']:,}. Groups of {params.group} attempts hold both a pass and a "
        f"failure in {signal[1]:.0%} of cases ({signal[0]:.0%} to {signal[2]:.0%}), and {len(suspects):,} "
        f"reward{' looks' if len(suspects) == 1 else 's look'} suspect."
    )
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes), params.group, claim)


def _about(here: Any, *, told_mass: bool = False) -> str:
    """How many tasks (draw, task) are so by their true pass rates, with its interval."""
    low, mid, high = (float(part) for part in _whole(here.sum(axis=1)))
    return f"about {mid:,.0f} ({f'{MASS:.0%} interval ' if told_mass else ''}{low:,.0f} to {high:,.0f})"


def _unscored(told: Attempts, params: Params) -> list[Note]:
    """How many attempts have no score, and what is worth keeping under both rules for them."""
    lost = int(np.isnan(told.success).sum())
    if not lost:
        return []
    said = []
    for rule, words in zip(UNSCORED, ("left out", "counted as wrong"), strict=True):
        seen = rewards(told, told.outcome(rule), pass_at=params.pass_at)
        fit = fit_task_rates(seen.passed, seen.tried, draws=params.draws, seed=params.seed)
        said.append(f"{words}, {_about(fit.bands(1 / params.rollouts, params.most) == 1)} tasks are worth keeping")
    text = f"{lost:,} of {len(told):,} attempts have no score: {'; '.join(said)}; --unscored chooses."
    return [Note("warning", "unscored", text)]


def _mixture(evidence: Evidence, told: Attempts) -> list[Note]:
    """Whether the attempts are those of one policy."""
    runs = evidence.table("runs")
    setting = dict(zip(runs["run"], runs["setting"], strict=True))
    used = {setting.get(told.run.names[code]) for code in np.unique(told.run.code) if code >= 0}
    if len(used) < 2:
        return []
    text = (
        f"the attempts come from {len(used)} settings of the model, which may pass at different rates: groups within a"
    )
    return [Note("warning", "settings", f"{text} run then hold less signal than is predicted here.")]


def _tasks(
    told: Attempts, seen: Rewards, fit: TaskRates, band: Any, by_draw: Any, why: list[str], params: Params
) -> Table:  # fmt: skip
    low, rate, high = _middle(fit.rates)
    chance = np.stack([(by_draw == at).mean(axis=0) for at in range(len(BANDS))])
    signal = fit.signal(params.group).mean(axis=0)
    order = np.lexsort((np.arange(len(band)), -signal))
    return Table.of(
        (
            Column("benchmark"), Column("task"), Column("band", help="by the attempts made so far"),
            Column("sure", "flag", help=f"the band has a chance of at least {params.sure:g}"),
            Column("passed", "whole", "attempts"), Column("attempts", "whole", "attempts"),
            *_ends("rate", "probability", "pass rate, 0 at the low end where it may be out of reach"),
            *(Column(f"chance_{name}", "number", "probability") for name in BANDS),
            Column("signal", "number", "probability", f"that a group of {params.group} is not all alike"),
            Column("suspect", help="what is odd about its passes"),
        ),
        f"Most instructive first. Retired are tasks passed more often than {params.most:.0%} of the time, and those "
        f"not passed once in {params.rollouts} attempts wait.",
        benchmark=[told.benchmarks[seen.benchmark[i]] for i in order], task=[told.items[seen.tasks[i]] for i in order],
        band=[BANDS[band[i]] for i in order], sure=[bool(chance[band[i], i] >= params.sure) for i in order],
        passed=seen.passed[order].astype(int), attempts=seen.tried[order].astype(int), rate_low=low[order],
        rate=rate[order], rate_high=high[order], signal=signal[order], suspect=[why[i] for i in order],
        **{f"chance_{name}": chance[at][order] for at, name in enumerate(BANDS)},
    )  # fmt: skip


def _bands(band: Any, by_draw: Any, why: list[str]) -> Table:
    ends = np.array([_whole((by_draw == at).sum(axis=1)) for at in range(len(BANDS))]).T
    return Table.of(
        (
            Column("band"), Column("now", "whole", "tasks", "by the attempts made so far"),
            *_ends("tasks", "tasks", "by their true pass rate", "whole"),
            Column("suspect", "whole", "tasks", "with a pass that looks suspect"),
        ),
        band=list(BANDS), now=[int((band == at).sum()) for at in range(len(BANDS))],
        tasks_low=ends[0], tasks=ends[1], tasks_high=ends[2],
        suspect=[sum(bool(said) for said, own in zip(why, band, strict=True) if own == at) for at in range(len(BANDS))],
    )  # fmt: skip


def _signal(seen: Rewards, fit: TaskRates, params: Params) -> Table:
    rows = []
    for size in sorted({*GROUPS, params.group}):
        low, mid, high = (float(part) for part in _middle(fit.signal(size).mean(axis=1)))
        made = seen.group == size
        exact = exact_signal(seen.passed, seen.tried, size)
        rows.append(
            {"group": size, "predicted_low": low, "predicted": mid, "predicted_high": high,
             "made": int(made.sum()), "seen": float(seen.mixed[made].mean()) if made.any() else None,
             "exact": None if np.isnan(exact).any() else float(exact.mean())}
        )  # fmt: skip
    columns = (
        Column("group", "whole", "attempts"), *_ends("predicted", "fraction", "of groups, over all tasks alike"),
        Column("made", "whole", "groups", "of this size: one task in one run"),
        Column("seen", "number", "fraction", "of those, with both a pass and a failure"),
        Column("exact", "number", "fraction", "over all subsets of the attempts, where every task has as many"),
    )  # fmt: skip
    return Table.from_rows(columns, rows)


def _spread(fit: TaskRates) -> Table:
    names = ["out of reach"] + [f"{low:.0%} to {high:.0%}" for low, high in pairwise(EDGES)]
    counts = [(fit.rates == 0).sum(axis=1)]
    for low, high in pairwise(EDGES):
        counts.append(((fit.rates > low) & (fit.rates <= high)).sum(axis=1))
    ends = np.array([_whole(one) for one in counts]).T
    return Table.of(
        (Column("pass_rate"), *_ends("tasks", "tasks", "by their true pass rate", "whole")),
        pass_rate=names, tasks_low=ends[0], tasks=ends[1], tasks_high=ends[2],
    )  # fmt: skip


def _suspects(evidence: Evidence, told: Attempts, seen: Rewards, params: Params) -> tuple[Table, list[str]]:
    """Attempts whose reward looks wrong, and in words what is odd about each task."""
    passes = np.flatnonzero(seen.passes)
    short = short_passes(seen.task[passes], seen.tokens[passes], false_alarms=params.false_alarms)
    refutes: dict[int, str] = {}
    for other in _others(evidence, told, params):
        _, apart = refuted(told, other, pass_at=params.pass_at)
        for attempt in np.flatnonzero(apart[seen.rows] & seen.passes).tolist():
            refutes.setdefault(attempt, other.scorer.names[int(other.scorer.code[0])])
    rows: list[dict[str, Any]] = []
    for place, at in enumerate(passes.tolist()):
        said = []
        if at in refutes:
            said.append(f"{refutes[at]} says it failed")
        if short.called[place]:
            said.append("far fewer tokens than its other passes")
        if said:
            row = int(seen.rows[at])
            rows.append(
                {"benchmark": told.benchmarks[told.benchmark[row]], "task": told.items[told.item[row]],
                 "run": _label(told.run, row), "epoch": int(told.epoch[row]), "why": "; ".join(said),
                 "tokens": seen.tokens[at], "usual": short.usual[place], "at": int(seen.task[at]),
                 "refuted": at in refutes, "short": bool(short.called[place])}
            )  # fmt: skip
    why = [""] * len(seen.tasks)
    for task in sorted({row["at"] for row in rows}):
        mine = [row for row in rows if row["at"] == task]
        kinds = ("refuted", "refuted by another scorer"), ("short", "on far fewer tokens")
        parts = [(sum(row[kind] for row in mine), words) for kind, words in kinds]
        why[task] = "; ".join(f"{many} of {int(seen.passed[task])} passes {words}" for many, words in parts if many)
    columns = (
        Column("benchmark"), Column("task"), Column("run"), Column("epoch", "whole", ""), Column("why"),
        Column("tokens", "number", "tokens"), Column("usual", "number", "tokens", "median of the task's passes"),
    )  # fmt: skip
    return Table.from_rows(columns, rows, "Rewards to look at; none of this proves that one is wrong."), why


def _others(evidence: Evidence, told: Attempts, params: Params) -> list[Attempts]:
    """The same model's attempts as each scorer of these benchmarks marked them."""
    model = told.models[int(told.model[0])]
    here = {told.benchmarks[code] for code in np.unique(told.benchmark)} | {None}
    table = evidence.table("attempts")
    names = sorted({str(name) for name, bench in zip(table["scorer"], table["benchmark"], strict=True)
                    if name is not None and bench in here})  # fmt: skip
    found = []
    for name in names if len(names) > 1 else []:
        try:
            found.append(attempts(evidence, benchmark=params.benchmark, model=model, scorer=name))
        except (TooLittleEvidence, UnknownName):
            continue
    return found


def _audit(seen: Rewards, params: Params) -> Table:
    """How many hacks of a stated size would be found here: some passes are given few tokens, many times over."""
    passes = np.flatnonzero(seen.passes)
    task, tokens = seen.task[passes], seen.tokens[passes]
    known = np.flatnonzero(np.isfinite(short_passes(task, tokens).shortfall))
    rows = []
    if len(known) >= 20:
        rng = np.random.default_rng([params.seed, 3])
        found, alarms = [], []
        count = max(1, round(PLANTED * len(known)))
        for _ in range(TIMES):
            planted = rng.choice(known, count, replace=False)
            changed = tokens.copy()
            changed[planted] *= params.hack
            called = short_passes(task, changed, false_alarms=params.false_alarms).called
            found.append(called[planted].mean())
            alarms.append(1 - called[planted].sum() / max(called.sum(), 1) if called.any() else 0.0)
        ends = [interval(np.concatenate([[np.mean(one)], one])) for one in (found, alarms)]
        rows.append(
            {"check": f"passes on {params.hack:.0%} of their tokens", "checked": len(known), "planted": count}
            | {name: float(part) for one, three in zip(("found", "false_alarms"), ends, strict=True)
               for name, part in zip((f"{one}_low", one, f"{one}_high"), three, strict=True)}
        )  # fmt: skip
    columns = (
        Column("check"), Column("checked", "whole", "passes", "with tokens, of tasks with at least five such passes"),
        Column("planted", "whole", "passes", "made into hacks, each time"),
        *_ends("found", "fraction", "of the hacks planted, mean over times"),
        *_ends("false_alarms", "fraction", "of the passes called, those not planted (some may be real)"),
    )  # fmt: skip
    return Table.from_rows(columns, rows, f"Ends hold {MASS:.0%} of the {TIMES} times that hacks were planted.")


def _label(labels: Any, row: int) -> str | None:
    return labels.names[labels.code[row]] if labels.code[row] >= 0 else None


def _middle(draws: Any) -> tuple[Floats, Floats, Floats]:
    """Interval over the first axis of posterior draws, its middle their median."""
    values = np.asarray(draws, dtype=float)
    return interval(np.concatenate([np.median(values, axis=0)[None], values]))


def _whole(counts: Any) -> tuple[Any, Any, Any]:
    """The same of counts, which are whole."""
    low, mid, high = _middle(counts)
    return np.floor(low).astype(int), np.round(mid).astype(int), np.ceil(high).astype(int)


def _ends(name: str, unit: str, help: str = "", kind: Kind = "number") -> tuple[Column, Column, Column]:
    low, high = (Column(f"{name}_{end}", kind, unit) for end in ("low", "high"))
    return low, Column(name, kind, unit, help), high
