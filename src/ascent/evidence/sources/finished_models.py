"""Scores of finished models on the tasks of a suite of training checkpoints: OPT and BLOOM beside Pythia.

Files    one result per row: family, model (`owner/name`), benchmark, task_version, shots, metric, value, stderr, as the
         lm-evaluation-harness wrote them; no step, because each model is told at its end only
Gives    `checkpoints` of one point per model and benchmark, facts of the benchmarks, the origin. Parameters are those
         in the model's name, tokens those of its family below, and compute follows from both; a model of another family
         has neither. A standard error of a share tells its number of items. Where a model has all 57 subjects of MMLU,
         their plain mean stands for them, as in the headline table of Pythia
Tokens   OPT 300e9: the length of the learning-rate schedule of every size (the corpus is 180e9 tokens, which other
         tables take; compute is 0.6 times as much then). BLOOM 341e9: once through its corpus, for all but the largest
Source   EleutherAI/pythia; Zhang et al. 2022, OPT, arXiv:2205.01068; BigScience 2022, BLOOM, arXiv:2211.05100
"""

import re
from typing import Any

from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.lm_eval_names import benchmark_of
from ascent.evidence.sources.text import header_of, read_csv
from ascent.evidence.sources.trajectories import METRICS, SHARES
from ascent.evidence.sources.trajectory_facts import fact_rows, origin_rows

NAME = "finished models on the tasks of training checkpoints"
RANK = 2  # its columns are near those of scores
COLUMNS = ("family", "model", "benchmark", "task_version", "shots", "metric", "value", "stderr")
DEVELOPERS = {"facebook": "Meta", "bigscience": "BigScience", "EleutherAI": "EleutherAI"}
TOKENS = {"opt": (300e9, "https://arxiv.org/abs/2205.01068"), "bloom": (341e9, "https://arxiv.org/abs/2211.05100")}
LARGEST = ("bloom", "bloom-176b")  # saw part of its corpus twice
PREFIX, SUBJECTS, MEAN = "hendrycksTest-", 57, "mmlu_mean57"
_SIZE = re.compile(r"-(\d+)(?:\.(\d+))?([mb])(\d*)$", re.IGNORECASE)


def recognises(original: Original) -> bool:
    """True for exactly these columns, none of which is a step."""
    header = set(header_of(original) or ())
    return header >= set(COLUMNS) and "step" not in header


def read(original: Original, options: Options) -> Batch:
    """Checkpoints of one point each; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require(COLUMNS)
    family, name, task, metric = (desk.text(one, required=True) for one in ("family", "model", "benchmark", "metric"))
    shots, value, error = desk.whole("shots", low=0), desk.number("value"), desk.number("stderr", low=0.0)
    for at, (what, score) in enumerate(zip(metric, value, strict=True)):
        if score is None:
            desk.problem(at, "value", "an empty cell", "a value in every row", "Correct it, or leave the row out.")
        elif METRICS.get(str(what), what) in SHARES[:3] and not 0 <= score <= 1:
            desk.problem(at, "value", f"{score:g}", "a share from 0 to 1", "Divide percentages by 100.")
    desk.finish()
    where = "EleutherAI, Pythia"
    source = options.source or where
    rows: list[dict[str, Any]] = []
    papers = set()
    for at, (kin, model) in enumerate(zip(family, name, strict=True)):
        owner, _, short = str(model).rpartition("/")
        tokens, paper = TOKENS.get(str(kin), (None, "")) if short not in LARGEST else (None, "")
        papers.add(paper)
        said, score, se = METRICS.get(str(metric[at]), str(metric[at])), float(value[at] or 0.0), error[at] or None
        rows.append({
            "training_run": short, "benchmark": benchmark_of(str(task[at])), "tokens": tokens,
            "parameters": parameters_of(short), "score": score, "se": se, "metric": said,
            "items": round(score * (1 - score) / se**2 + 1) if se and said in SHARES else None,
            "setting": f"shots={shots[at]}" if shots[at] is not None else None, "phase": "pre-training",
            "model": short, "developer": DEVELOPERS.get(owner, owner or None), "source": source,
            "published": options.published,
        })  # fmt: skip
    rows, lines = _with_mean(rows, list(desk.table.lines))
    if len(rows) < len(family):
        desk.note("info", "MMLU", f"The {SUBJECTS} subjects of MMLU are told as their mean, {MEAN}.")
    if "opt" in family:
        text = "OPT models count with the 300e9 tokens of their learning-rate schedule; with the 180e9 of their corpus "
        desk.note("info", "tokens", text + "they would have 0.6 times the compute.")
    facts = fact_rows({row["benchmark"] for row in rows})
    cited = {str(row["source"]) for row in facts} | papers
    tables = {
        "checkpoints": Table.from_rows(TABLES["checkpoints"], rows),
        "benchmarks": Table.from_rows(TABLES["benchmarks"], facts),
        "sources": Table.from_rows(TABLES["sources"], origin_rows(where, source, cited)),
    }
    return Batch(NAME, tables, desk.notes, desk.unused(COLUMNS), {"checkpoints": lines})


def _with_mean(rows: list[dict[str, Any]], lines: list[int]) -> tuple[list[dict[str, Any]], list[int]]:
    """The rows with the subjects of MMLU as one mean for each model, metric and setting that has them all."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(rows):
        if row["benchmark"].startswith(PREFIX):
            groups.setdefault((row["model"], row["metric"], row["setting"]), []).append(at)
    gone: set[int] = set()
    means: dict[int, dict[str, Any]] = {}
    for places in groups.values():
        if len({rows[at]["benchmark"] for at in places}) == len(places) == SUBJECTS:
            gone |= set(places)
            errors = [rows[at]["se"] for at in places]
            known = [one for one in errors if one is not None]
            means[places[0]] = {
                **rows[places[0]], "benchmark": MEAN, "items": None,
                "score": sum(rows[at]["score"] for at in places) / SUBJECTS,
                "se": sum(one**2 for one in known) ** 0.5 / SUBJECTS if len(known) == SUBJECTS else None,
            }  # fmt: skip
    kept = [at for at in range(len(rows)) if at not in gone or at in means]
    return [means.get(at, rows[at]) for at in kept], [lines[at] for at in kept]


def parameters_of(name: str) -> float | None:
    """The number of parameters that a model's name ends in; None where it has none.

    >>> parameters_of("opt-6.7b"), parameters_of("bloom-7b1"), parameters_of("bloom-560m"), parameters_of("bloom")
    (6700000000.0, 7100000000.0, 560000000.0, None)
    """
    found = _SIZE.search(name)
    if not found:
        return None
    whole, part, unit, rest = found.groups()
    return float(f"{whole}.{part or rest or 0}") * (1e6 if unit.lower() == "m" else 1e9)
