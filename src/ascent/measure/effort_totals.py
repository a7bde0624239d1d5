"""Efforts whose runs tell only totals: tokens of a whole pass, the score of the same source, and prices."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import TypeAlias

import numpy as np

from ascent.core.answer import Note
from ascent.core.display import plain
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts
from ascent.measure.effort_names import UNTOLD, key_of, split_name, split_setting, thinks
from ascent.measure.effort_prices import PriceBook
from ascent.measure.effort_types import EffortCurve, Point, arranged

Told: TypeAlias = tuple[str, str | None, list[float]]  # model, day, and what the run tells
SHARE = {"fraction": 1.0, "percent": 0.01}  # units of scores, as a share


def totals(
    evidence: Evidence, prices: PriceBook, logged: Iterable[str]
) -> tuple[list[EffortCurve], list[str], list[Note]]:
    """Curves of runs without attempts, the models on a benchmark that have none, and what scores contradict.

    logged  runs whose attempts are known, which are not read again
    """
    known, facts = set(logged), benchmark_facts(evidence)
    scores = _scores(evidence)
    runs = evidence.table("runs")
    names = ("run", "model", "benchmark", "setting", "status", "partial", "epochs", "input_tokens", "output_tokens",
             "reasoning_tokens", "tokens", "cost_usd", "source", "started")  # fmt: skip
    differ: dict[tuple[str, str, str], tuple[float, float, str]] = {}
    cells: dict[tuple[str, str, str], dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for row in zip(*(runs[name] for name in names), strict=True):
        run, model, benchmark, setting, status, partial, epochs, *spent, source, day = row
        if run in known or partial or status not in (None, "success"):
            continue
        passes = float(epochs) if isinstance(epochs, (int, float)) and epochs > 0 else 1.0
        read, out, thought, total, usd = (float(v) / passes if isinstance(v, (int, float)) else np.nan for v in spent)
        if not out > 0 and not total > 0:
            continue
        found = _score(scores, str(model), str(benchmark), str(setting or ""), str(source or ""))
        if found is None:
            continue
        low, high, *known_score = found
        effort, rest = split_setting(str(setting or ""))
        own = split_name(str(model))[1]
        name = ", ".join(filter(None, (own, effort))) or f"{UNTOLD}: {model}"
        cells[key_of(str(model)), str(benchmark), rest or str(source or "")][name].append(
            (str(model), str(day) if day else None, [read, out, thought, total, usd, *known_score])
        )
        if high > low:
            differ[key_of(str(model)), str(benchmark), name] = (low, high, str(model))
    curves: list[EffortCurve] = []
    single = []
    used = set()
    for (key, benchmark, rest), efforts in sorted(cells.items()):
        about = facts.get(benchmark, BenchmarkFacts(benchmark))
        curve = _curve(key, benchmark, rest, efforts, about, prices) if len(efforts) > 1 else None
        if curve is None:
            single.append(min(model for rows in efforts.values() for model, *_ in rows))
        else:
            curves.append(curve)
            used |= {(key, benchmark, name) for name in efforts}
    return curves, single, _contradictions({key: differ[key] for key in sorted(differ.keys() & used)})


def _contradictions(differ: dict[tuple[str, str, str], tuple[float, float, str]]) -> list[Note]:
    """What to tell of efforts with several scores: lowest, highest and model, by key, benchmark and effort."""
    if not differ:
        return []
    key = max(differ, key=lambda one: differ[one][1] - differ[one][0])
    low, high, model = differ[key]
    many = f"{len(differ)} efforts of a model have" if len(differ) > 1 else "1 effort of a model has"
    text = (
        f"{many} several scores on one benchmark, which differ, most {plain(model, 40)} ({plain(key[2], 30)}) on "
        f"{plain(key[1], 40)}, {low:.3g} and {high:.3g}; their median counts. Keep the right one, or tell what sets "
        "them apart in the column source."
    )
    return [Note("warning", "several scores", text)]


def _curve(
    key: str, benchmark: str, rest: str, efforts: dict[str, list[Told]], facts: BenchmarkFacts, prices: PriceBook,
) -> EffortCurve | None:  # fmt: skip
    points, told, models = [], [], []
    for name, rows in sorted(efforts.items()):
        columns = list(zip(*(values for *_, values in rows), strict=True))
        read, out, thought, total, usd, score, se, n = (
            median([v for v in one if np.isfinite(v)] or [np.nan]) for one in columns
        )
        n = n if np.isfinite(n) else float(facts.items or np.nan)
        share = 1 / n if np.isfinite(n) else 1.0
        out += thought if thought > out else 0.0
        spoken = thought > 0 if np.isfinite(thought) else thinks(name.partition(UNTOLD)[0])
        effort = name if not name.startswith(UNTOLD) else "thinking" if spoken else "not thinking"
        points.append(Point(effort, out * share, read * share, total * share, usd * share, spoken))
        held = (score * n + 0.5) / (n + 1) if np.isfinite(n) else score  # never an error of exactly 0
        told.append((score, se**2 if np.isfinite(se) else held * (1 - held) / n, n))
        models.append(split_name(rows[0][0])[0])
    score, variance, n = (np.array(one) for one in zip(*told, strict=True))
    name = max(models, key=lambda one: (one.count(" "), one))  # the spelling with its blanks
    offer = prices.offer(name, [day for rows in efforts.values() for _, day, _ in rows])
    return arranged(name, key, benchmark, rest, "totals", points, score, np.diag(variance), n, offer)


def _scores(evidence: Evidence) -> dict[tuple[str, str], list[tuple[str, str, float, float, float]]]:
    """Shares of right answers by model and benchmark: source, effort, score, se, n."""
    found: dict[tuple[str, str], list[tuple[str, str, float, float, float]]] = defaultdict(list)
    table = evidence.table("scores")
    names = ("model", "benchmark", "source", "setting", "score", "se", "n", "unit", "scale")
    for model, benchmark, source, setting, score, se, n, unit, scale in zip(*(table[k] for k in names), strict=True):
        part = SHARE.get(str(unit or "fraction"))
        if part is None or scale not in (None, "raw") or not isinstance(score, (int, float)):
            continue
        told = [float(v) if isinstance(v, (int, float)) and v > 0 else np.nan for v in (se, n)]
        if 0 <= score * part <= 1:
            effort = split_setting(str(setting or ""))[0]
            found[str(model), str(benchmark)].append((str(source or ""), effort, score * part, told[0] * part, told[1]))
    return found


def _score(
    scores: dict[tuple[str, str], list[tuple[str, str, float, float, float]]], model: str, benchmark: str,
    setting: str, source: str,
) -> tuple[float, float, float, float, float] | None:  # fmt: skip
    """Lowest and highest score, then score, error and items of the run: of the same source where it has one, and of the
    same effort in any case."""
    effort = split_setting(setting)[0]
    there = [row for row in scores.get((model, benchmark), ()) if row[1] == effort]
    there = [row for row in there if row[0] == source] or there
    if not there:
        return None
    numbers = list(zip(*(row[2:] for row in there), strict=True))
    score, se, n = (median([v for v in one if np.isfinite(v)] or [np.nan]) for one in numbers)
    return min(numbers[0]), max(numbers[0]), float(score), float(se), float(n)
