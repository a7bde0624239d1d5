"""Scores and training compute of open language models, gathered to study how scores follow compute.

Files    base and instruct models (Model, Model Family, Model Size (B), Pretraining Data Size (T), FLOPs (1E21), then
         scores); further tasks of the same models, agents' too (Model, then one column per task)
Gives    `models` (family, parameters, tokens, training compute) and `scores`. Sizes are in 1e9 parameters, tokens in
         1e12, compute in 1e21 FLOP; scores are shares, those of agents percent. BLEU, AgentBench's overall score (of
         weights of its own) and AgentBoard's means over its tasks are left out. The column Winograd is Winogrande, as
         in the paper
Source   Ruan, Maddison and Hashimoto 2024, Observational Scaling Laws and the Predictability of Language Model
         Performance, arXiv:2405.10938; github.com/ryoungj/ObsScaling, Apache 2.0
"""

from collections.abc import Sequence
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.known_benchmarks import known_rows
from ascent.evidence.sources.lm_eval_names import benchmark_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "observational scaling table"

MODEL, FAMILY = "Model", "Model Family"
SIZE, TOKENS, FLOP = "Model Size (B)", "Pretraining Data Size (T)", "FLOPs (1E21)"
ABOUT = (MODEL, FAMILY, SIZE, TOKENS, FLOP)
NAMES = {"ARC-C": "ARC AI2", "Winograd": "Winogrande"}
SCALED = {  # ratings that the table rescaled to 0 to 1
    "Arena-Elo": "Arena-Elo, rescaled",
    "MTBench": "MTBench, rescaled",
}
TASKS = ("parsinlu_qa_2_acc", "leaderboard_bbh", "ABench-OA")  # a table of further tasks has one of them
LEFT = ("ipa_transliterate_2_bleu", "ABench-OA", "ABoard-Avg_PR", "ABoard-Avg_SR")  # no share, or means of others
AGENTS = {"ABench-": "AgentBench", "ABoard-": "AgentBoard"}  # in percent
ENDS = {"_PR": ", progress", "_SR": ", success"}  # of AgentBoard's tasks
ADDRESS = "https://github.com/ryoungj/ObsScaling"


def recognises(original: Original) -> bool:
    """True for a header with family and FLOP in 1e21 of models, or for the tables of further tasks."""
    header = header_of(original) or []
    return {MODEL, FAMILY, FLOP} <= set(header) or (header[:1] == [MODEL] and any(task in header for task in TASKS))


def read(original: Original, options: Options) -> Batch:
    """Models with their scores; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require([MODEL])
    names = desk.text(MODEL, required=True)
    tasks = [name for name in desk.table.header if name not in (*ABOUT, *LEFT)]
    shares = {name: desk.share(name, unit="percent" if name[:7] in AGENTS else "fraction") for name in tasks}
    models = _models(desk, names) if FAMILY in desk.table.positions else []
    _once(desk, names)
    desk.finish()
    key = options.source or f"ObsScaling, {epoch.stem(original)}"
    about: dict[str, Any] = {"scale": "raw", "unit": "fraction", "relation": "independent", "source": key}
    scores: list[dict[str, Any]] = []
    lines: list[int] = []
    for task, values in shares.items():
        benchmark = NAMES.get(task) or SCALED.get(task) or _agents(task) or benchmark_of(task)
        for model, value, line in zip(names, values, desk.table.lines, strict=True):
            if value is not None:
                scores.append({"model": model, "benchmark": benchmark, "score": value, **about})
                lines.append(line)
    benchmarks = [{**row, "source": key} for row in known_rows(row["benchmark"] for row in scores)]
    credit: dict[str, Any] = {"source": key, "title": "Observational scaling laws, data", "address": ADDRESS}
    credit |= {"licence": "Apache 2.0", "redistributable": True}
    models = [{**row, "source": key} for row in models]
    tables = epoch.tables(options, models=models, benchmarks=benchmarks, scores=scores, sources=[credit])
    return Batch(NAME, tables, desk.notes, desk.unused([*ABOUT, *tasks]), {"scores": lines})


def _agents(task: str) -> str | None:
    """Name of an agent task: where it is from, what it is, and which of two measures.

    >>> _agents("ABoard-Embodied AI_ALF_SR"), _agents("ABench-Code_OS"), _agents("MMLU")
    ('AgentBoard Embodied AI ALF, success', 'AgentBench Code OS', None)
    """
    suite = AGENTS.get(task[:7])
    if suite is None:
        return None
    name, measure = (task[7:-3], ENDS[task[-3:]]) if task[-3:] in ENDS else (task[7:], "")
    return f"{suite} {name.replace('_', ' ')}{measure}"


def _models(desk: Desk, names: Sequence[str | None]) -> list[dict[str, Any]]:
    family = desk.text(FAMILY)
    sizes, tokens = desk.number(SIZE, low=0.0), desk.number(TOKENS, low=0.0)
    flops = _scaled(desk.number(FLOP, low=0.0), 1e21)
    if {SIZE, TOKENS} <= set(desk.table.positions):
        _against(desk, sizes, tokens, flops)
    rows = zip(names, family, _scaled(sizes, 1e9), _scaled(tokens, 1e12), flops, strict=True)
    return [
        {"model": name, "name": name, "family": kin, "parameters": size, "tokens": seen, "training_compute_flop": flop,
         "compute_method": "6 x parameters x tokens" if flop else None, "domain": "language"}
        for name, kin, size, seen, flop in rows if name
    ]  # fmt: skip


def _scaled(values: Sequence[float | None], factor: float) -> list[float | None]:
    return [None if value is None else value * factor for value in values]


def _against(
    desk: Desk, sizes: Sequence[float | None], tokens: Sequence[float | None], flops: Sequence[float | None]
) -> None:
    """Mark compute that is not 6 x parameters x tokens: a slip of a unit shows here."""
    told = enumerate(zip(sizes, tokens, flops, strict=True))
    odd = [row for row, (n, d, c) in told if n and d and c and not 0.8 < c / (6 * n * 1e9 * d * 1e12) < 1.25]
    if odd:
        text = f"compute is not 6 x parameters x tokens in {desk.rows_text(odd)}; kept as told."
        desk.note("warning", "compute", text)


def _once(desk: Desk, names: Sequence[str | None]) -> None:
    first: dict[str, int] = {}
    for row, name in enumerate(names):
        if name is not None and first.setdefault(name, row) != row:
            place = desk.rows_text([first[name]])
            desk.problem(
                row, MODEL, f"'{name}' again, as in {place}", "one row for each model", "Leave one of them out."
            )
