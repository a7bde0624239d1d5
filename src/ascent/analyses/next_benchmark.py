"""Which benchmark should I run next to know where my model stands?

Theme     benchmarks
Evidence  scores: of many models, which tell how hard each benchmark is and how well it separates
          results (a file of its own): what the model has scored so far; without it, and without --model, a model of
          which nothing is known
          runs, attempts: dollars and hours that benchmarks took, where somebody told them
Method    the model is placed as `ascent place` does; worlds are drawn from its posterior, each with the scores that the
          benchmarks would bring; the mean over worlds of what is then left of the interval ranks the benchmarks, and
          a plan of several is grown one at a time, allowing for what the earlier ones would have told
Source    Lindley 1956 (information of an experiment); Owen 1975, van der Linden 1998 (adaptive choice of items)
Differs   the ranking depends on what is known already and on the error of the difficulties; no fixed list;
          nothing is asked for that the evidence has of the same model already, or that only its makers can run
Leaves out  what a benchmark tells beyond the index, such as a skill that no other benchmark shows
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import param
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.measure.placing_access import private
from ascent.measure.placing_cost import Cost, costs
from ascent.model import placing_shapes as shapes
from ascent.model.information import Promise, promises
from ascent.model.placing import Placing, place_model
from ascent.model.placing_knobs import RulerKnobs, listed
from ascent.model.placing_own import FEW, Settled, Subject, settle
from ascent.model.placing_words import counted, several

GIVEN = {"results": "what the model has scored so far: rows `benchmark,score` with `n` or `se`, or a log"}
TOP = 25  # benchmarks drawn
LITTLE = 0.85  # share of the width; where one benchmark leaves more, none helps much
BY = ("variance", "entropy", "per dollar", "per hour")


@dataclass(frozen=True, kw_only=True)
class Params(RulerKnobs):
    model: str = param("", "which model: one of the results (default: the first), or of the evidence")
    by: str = param("variance", "what makes a benchmark the next: what is left, or what is told per cost", choices=BY)
    steps: int = param(3, "benchmarks of the plan", unit="benchmarks", least=1, most=20)
    dollars: float | None = param(None, "most that the plan may cost", unit="USD", least=0.0, most=1e9)
    hours: float | None = param(None, "most that the plan may take", unit="hours", least=0.0, most=1e6)
    among: str = param("", "benchmarks to choose from, separated by ';'; default all of the evidence")
    private: bool = param(False, "rank benchmarks as well that only their makers can run")
    usd_per_item: float | None = param(None, "what an item costs with your model", unit="USD", least=1e-9, most=1e6)
    minutes_per_item: float | None = param(None, "what an item takes", unit="minutes", least=1e-6, most=1e6)
    at_once: int = param(16, "items run side by side", unit="items", least=1, most=100_000)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `ranking`, the next benchmark first; `plan` has several in order."""

    keys: Mapping[str, Any] = field(default_factory=dict)

    def stable(self) -> dict[str, Any]:
        """model, capability, low, high, width, scale, ranking (a list, the best first) and plan."""
        return dict(self.keys)

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        ranking, plan = self.prepared["ranking"], self.prepared["plan"]
        first = ranking.take(range(min(TOP, len(ranking))))
        widths = first["width"]
        drawn = first.take(sorted(range(len(first)), key=lambda at: float(widths[at] or 0)))
        return {
            "ranking": charts.ranking(
                drawn, label="benchmark", mid="width", low="width_low", high="width_high", title=self.sentence,
                manifest=self.manifest, quantity="Expected width of the interval", ordered=False, top=TOP,
                references={"now": float(self.keys["width"])},
                note="Bars: 90% of simulated outcomes of running it. Less is better.",
            ),
            "plan": charts.ranking(
                plan, label="after", mid="width", low="width_low", high="width_high", ordered=False,
                title=f"The interval of {self.keys['model']}, benchmark by benchmark", manifest=self.manifest,
                quantity="Expected width of the interval", note="From top to bottom, one more benchmark each.",
            ),
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Rank the benchmarks that the model has not taken.

    Raises TooLittleEvidence where no benchmark is left, or none within the budget; UnknownName for a model or benchmark
    nobody knows.
    """
    manifest = Manifest.stamp(__name__, params, evidence)
    settled = settle(evidence, params, nobody=True)
    subject = settled.subjects[0]
    placing = place_model(settled.ruler, subject.marks, settled.prior)
    candidates, closed = _candidates(settled, subject, listed(params.among), params.private)
    of_each = costs(
        evidence, settled.facts, usd_per_item=params.usd_per_item, minutes_per_item=params.minutes_per_item,
        at_once=params.at_once,
    )  # fmt: skip
    affordable = [b for b in candidates if _fits(of_each[b], params, 0.0, 0.0)]
    if not affordable:
        cheapest = min(candidates, key=lambda b: of_each[b].usd[1])
        raise TooLittleEvidence(
            need="a benchmark within the budget",
            have=f"none of {len(candidates)}; {settled.benchmarks[cheapest]} costs about "
            f"{of_each[cheapest].usd[1]:.2g} USD and {of_each[cheapest].hours[1]:.2g} hours",
            fix="raise --dollars or --hours, or say what an item costs with --usd-per-item",
        )
    chooser = _Chooser(of_each, params)
    found = promises(placing, np.array(affordable), steps=params.steps, choose=chooser, seed=params.seed)
    ranking = _ranking(settled, found[0][0], of_each, params)
    plan = _plan(settled, placing, found, of_each)
    sheets = {"ranking": ranking, "plan": plan}
    low, mid, high = placing.interval()
    best = next(iter(ranking.rows()))
    sentence = _sentence(subject.name, len(settled.subjects) - 1, high - low, ranking, plan)
    if subject.known and (at := settled.index_of(subject)) is not None and evidence.given:
        fit, scores = settled.placed.fit, int((settled.placed.matrix.model == at).sum())
        sentence += f" The {counted(scores, 'score')} that the evidence has of {subject.known.name} already leave "
        sentence += f"{fit.high[at] - fit.low[at]:.1f} index points."
    keys = {
        "model": subject.name, "capability": mid, "low": low, "high": high, "width": high - low,
        "scale": params.scale(),
        "ranking": list(ranking.rows()), "plan": list(plan.rows())[1:],
    }  # fmt: skip
    notes = [*settled.notes, *_notes(settled, subject, best, of_each, len(candidates) - len(affordable))]
    notes += _of_private(closed, plan)
    return Answer(manifest, sentence, sheets, tuple(notes), keys)


def _candidates(
    settled: Settled, subject: Subject, among: Sequence[str], private_too: bool
) -> tuple[list[int], list[str]]:
    """Positions of benchmarks to rank, and names of those left out because only their makers can run them."""
    for name in among:
        if name not in settled.benchmarks:
            raise UnknownName("benchmark of the evidence", name, settled.benchmarks)
    wanted = [b for b, name in enumerate(settled.benchmarks) if not among or name in among]
    taken = set() if among else set(_taken(settled, subject))  # whoever names a benchmark wants to know of it
    taken |= {settled.benchmarks[b] for b in subject.marks.benchmark}
    left = [b for b in wanted if settled.benchmarks[b] not in taken]
    closed = [] if among or private_too else [b for b in left if private(settled.benchmarks[b])]
    left = [b for b in left if b not in closed]
    if not left:
        others = f" but {len(closed)} that only their makers can run" if closed else ""
        raise TooLittleEvidence(
            need="a benchmark that the model has not taken",
            have=f"none among {len(wanted)}{others}, by the results and what the evidence has of it",
            fix="add evidence with further benchmarks, or name others with --among"
            + (", or take the private ones too with --private" if closed else ""),
        )  # fmt: skip
    return left, [settled.benchmarks[b] for b in closed]


def _of_private(closed: Sequence[str], plan: Table) -> list[Note]:
    """What was left out, or planned, although only its makers can run it."""
    if closed:
        named = ", ".join(closed[:4]) + (f" and {len(closed) - 4} more" if len(closed) > 4 else "")
        text = f"{counted(len(closed), 'benchmark')} that only their makers can run not ranked ({named}); --private "
        return [Note("info", "private", text + "ranks them too, if you can have yours run there.")]
    planned = [str(name) for name in plan["benchmark"] if name and private(str(name))]
    reasons = "; ".join(f"{name}: {why.reason}" for name in planned if (why := private(name)))
    return [Note("warning", "private", f"Not for everyone to run: {reasons}.")] if planned else []


def _taken(settled: Settled, subject: Subject) -> list[str]:
    """Benchmarks of the ruler that the evidence has scores of the same model for, beyond those of the results."""
    mine = {settled.benchmarks[b] for b in subject.marks.benchmark}
    there = subject.known.benchmarks if subject.known else frozenset()
    return [name for name in settled.benchmarks if name in there and name not in mine]


def _fits(cost: Cost, params: Params, dollars: float, hours: float) -> bool:
    """Whether a benchmark can be run with what the plan has spent already."""
    return (params.dollars is None or dollars + cost.usd[1] <= params.dollars) and (
        params.hours is None or hours + cost.hours[1] <= params.hours
    )


class _Chooser:
    """Picks the next benchmark of the plan, within what is left of the budget."""

    def __init__(self, of_each: Sequence[Cost], params: Params) -> None:
        self.of_each, self.params = of_each, params
        self.dollars = self.hours = 0.0

    def __call__(self, promise: Promise) -> int | None:
        fits = [_fits(self.of_each[b], self.params, self.dollars, self.hours) for b in promise.benchmark]
        if not any(fits):
            return None
        pick = int(np.argmin(np.where(fits, _merit(promise, self.of_each, self.params.by), np.inf)))
        cost = self.of_each[promise.benchmark[pick]]
        self.dollars, self.hours = self.dollars + cost.usd[1], self.hours + cost.hours[1]
        return pick


def _merit(promise: Promise, of_each: Sequence[Cost], by: str) -> Any:
    """What is to be small."""
    if by == "variance":
        return promise.deviation
    if by == "entropy":
        return -promise.bits
    spent = [of_each[b].usd[1] if by == "per dollar" else of_each[b].hours[1] for b in promise.benchmark]
    return -promise.bits / np.maximum(spent, 1e-12)


def _ranking(settled: Settled, promise: Promise, of_each: Sequence[Cost], params: Params) -> Table:
    order = np.lexsort((promise.benchmark, _merit(promise, of_each, params.by)))
    behind = settled.scores_of
    rows = []
    for place, k in enumerate(order, start=1):
        at = int(promise.benchmark[k])
        cost = of_each[at]
        rows.append(
            {
                "rank": place, "benchmark": settled.benchmarks[at], "bits": promise.bits[k],
                "deviation": promise.deviation[k], "width_low": promise.width_low[k], "width": promise.width[k],
                "width_high": promise.width_high[k], "usd_low": cost.usd[0], "usd": cost.usd[1],
                "usd_high": cost.usd[2], "hours_low": cost.hours[0], "hours": cost.hours[1],
                "hours_high": cost.hours[2], "bits_per_usd": promise.bits[k] / cost.usd[1],
                "bits_per_hour": promise.bits[k] / cost.hours[1], "items": cost.items, "scores": behind[at],
                "cost_from": cost.source, "private": why.reason if (why := private(settled.benchmarks[at])) else None,
            }
        )  # fmt: skip
    note = (
        f"Widths of the {MASS:.0%} interval after one more benchmark: mean over simulated outcomes, and where 90% lie."
    )
    return Table.from_rows(shapes.RANKING, rows, note)


def _plan(
    settled: Settled, placing: Placing, found: Sequence[tuple[Promise, int | None]], of_each: Sequence[Cost]
) -> Table:
    low, _, high = placing.interval()
    rows: list[dict[str, Any]] = [{"step": 0, "after": "now", "width": high - low, "usd": 0.0, "hours": 0.0}]
    for step, (promise, pick) in enumerate(found, start=1):
        if pick is None:
            break
        at = int(promise.benchmark[pick])
        cost = of_each[at]
        rows.append(
            {
                "step": step, "benchmark": settled.benchmarks[at], "after": f"{step}: {settled.benchmarks[at]}",
                "bits": promise.bits[pick], "width_low": promise.width_low[pick], "width": promise.width[pick],
                "width_high": promise.width_high[pick], "usd": rows[-1]["usd"] + cost.usd[1],
                "hours": rows[-1]["hours"] + cost.hours[1],
            }
        )  # fmt: skip
    return Table.from_rows(shapes.PLAN, rows, "Dollars and hours are those of the whole plan so far.")


def _sentence(name: str, others: int, width: float, ranking: Table, plan: Table) -> str:
    """Which next, by the chosen rule and by costs, and how much that helps."""
    names, left, low, high = (ranking[key] for key in ("benchmark", "width", "width_low", "width_high"))
    widths = [float(one or 0) for one in left]
    head = f"Run {names[0]} next: the {MASS:.0%} interval of {name}, now {width:.1f} index points wide, is "
    head += f"expected to be {widths[0]:.1f} wide then (range {float(low[0] or 0):.1f} to {float(high[0] or 0):.1f})"
    steps = [row for row in plan.rows() if row["step"]]
    if len(steps) > 1:
        head += f", and {float(steps[-1]['width'] or 0):.1f} after {len(steps)} benchmarks"
    if min(widths) > LITTLE * width:
        head += "; no single one narrows it much"
    dollar, hour = (
        str(names[max(range(len(names)), key=lambda at: float(ranking[by][at] or 0))])
        for by in ("bits_per_usd", "bits_per_hour")
    )
    costs = f"per dollar and per hour by {dollar}" if dollar == hour else f"per dollar by {dollar}, per hour by {hour}"
    assumed = any("assumed" in str(ranking["cost_from"][names.index(one)]) for one in (dollar, hour))
    costs += " (costs assumed)" if assumed else ""
    more = f" The results hold {counted(others, 'other model')} too; --model takes another." if others else ""
    return f"{head}. Most is told {costs}.{more}"


def _notes(
    settled: Settled, subject: Subject, best: Mapping[str, Any], of_each: Sequence[Cost], dear: int
) -> list[Note]:
    found = []
    if (told := several(settled.names)) is not None:
        found.append(told)
    if subject.known and (taken := _taken(settled, subject)):
        named = ", ".join(taken[:4]) + (f" and {len(taken) - 4} more" if len(taken) > 4 else "")
        text = f"{subject.known.words(subject.name)}, which has its scores on {named}; those are ranked only if "
        text += "named with --among. "
        found.append(Note("info", "taken", text + f"`ascent place --model '{subject.known.name}'` places it by them."))
    if settled.unused:
        named = ", ".join(one.benchmark for one in settled.unused[:4])
        text = f"{counted(len(settled.unused), 'result')} not used ({named}); `ascent place` lists what they resemble."
        found.append(Note("warning", "unused", text))
    assumed = sum("assumed" in cost.source for cost in of_each)
    if assumed:
        text = f"Costs of {assumed} of {len(of_each)} benchmarks are assumed by domain, to a factor of ten each way;"
        text += " --usd-per-item, --minutes-per-item or runs with cost_usd and seconds put yours in their place."
        found.append(Note("info", "costs", text))
    if dear:
        found.append(Note("info", "budget", f"{dear} benchmarks lie beyond --dollars or --hours and are not ranked."))
    if int(best["scores"]) < FEW:
        text = f"Only {best['scores']} scores of the evidence fix the difficulty of {best['benchmark']}; allowed for."
        found.append(Note("bound", "sparse benchmarks", text))
    return found
