"""Epoch AI's tables of open and closed models of 2024: who can have the weights, and what each model scored.

Files    benchmarks_with_model_accessibility (BBH, GPQA, MMLU, HELM's MMLU, SEAL, arena rating with a 95 % interval such
         as +3/-4), gsm1k_with_model_accessibility (GSM8K beside GSM1k, its fresh replica)
Gives    `models` with access, release, parameters, tokens and compute; `scores`; `benchmarks`, whose level of guessing
         is that of the row "Random chance", which is no model
Reads    GPQA as GPQA diamond, whose hub values it repeats (Llama 3.1 405B 0.509, Hermes 2 Theta 0.37); "Speculative
         Compute" where the compute itself is empty, marked as such. Two rows of one model are kept as two claims
Source   Epoch AI, github.com/epoch-research/open-model-trends, no licence stated
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ascent.core.numerals import shown
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.fields import field, names_of, read_fields, rows_of
from ascent.evidence.sources.lmarena import ARENA, LEVEL
from ascent.evidence.sources.text import TextTable, header_of, read_csv

NAME = "Epoch open and closed models"
SYSTEM, ACCESS, CHANCE = "System", "Open/Closed", "Random chance"
MODEL = (
    field("model", SYSTEM, required=True),
    field("access", ACCESS),
    field("released", "Date", kind="date"),
    field("parameters", "Model size (parameters)", kind="count"),
    field("active_parameters", "Active Parameters", kind="count"),
    field("tokens", "Dataset size", kind="count"),
    field("training_compute_flop", "Training compute (FLOP)", kind="flop"),
    field("speculative", "Speculative Compute", kind="flop"),
)
SHARES = {
    "BBH": "BBH", "GPQA": "GPQA diamond", "MMLU": "MMLU", "HELM MMLU": "HELM MMLU", "GSM8k": "GSM8K", "GSM1k": "GSM1k",
    "SEAL Instruction Following": "SEAL instruction following", "SEAL Math": "SEAL math",
}  # fmt: skip
RATINGS = {"SEAL Coding": "SEAL coding", "LMSys Elo": ARENA}
SPAN = "LMSys Elo 95% CI"
_SPAN = re.compile(r'"?\+(\d+(?:\.\d+)?)/-(\d+(?:\.\d+)?)"?')
_MARKED = re.compile(r"\d{1,3}(?:,\d{3})+")


def recognises(original: Original) -> bool:
    """True for a table that says of systems whether they are open, beside scores that only these tables have."""
    header = set(header_of(original) or ())
    return {SYSTEM, ACCESS} <= header and bool({"HELM MMLU", "GSM1k"} & header)


def read(original: Original, options: Options) -> Batch:
    """Models, scores and benchmarks of one table; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require([SYSTEM, ACCESS])
    desk.table = _without_marks(desk.table)
    told = read_fields(desk, MODEL)
    _known_access(desk, told["access"])
    shares = {name: desk.share(column, unit="fraction") for column, name in SHARES.items()}
    ratings = {name: desk.number(column, low=0.0) for column, name in RATINGS.items()}
    errors = _errors(desk)
    desk.finish()
    models = [one for one in (_model(row) for row in rows_of(told)) if one["model"] != CHANCE]
    about = {"scale": "raw", "relation": "unknown"}
    scores: list[dict[str, Any]] = []
    benchmarks: list[dict[str, Any]] = []
    lines: list[int] = []
    for name, values in (shares | ratings).items():
        unit = "fraction" if name in shares else "elo"
        rows = zip(told["model"], values, errors, desk.table.lines, strict=True)
        found = [row for row in rows if row[1] is not None]
        for model, value, se, line in found:
            if model != CHANCE:
                error = {"se": se} if name == ARENA else {}
                scores.append({**about, "model": model, "benchmark": name, "score": value, "unit": unit, **error})
                lines.append(line)
        if found:
            guessed = next((value for model, value, _, _ in found if model == CHANCE and unit == "fraction"), None)
            chance = {} if guessed is None else {"chance": guessed}
            benchmarks.append({**register().benchmark_row(name, unit, ""), **chance})
    own = epoch.speaker(original, options)
    tables: Mapping[str, list[dict[str, Any]]] = {
        name: [{**row, "source": own} for row in rows]
        for name, rows in (("models", models), ("scores", scores), ("benchmarks", benchmarks))
    }
    credit = epoch.credit(original, options, "open and closed models", "https://epoch.ai/blog/open-models-report")
    credit |= {"licence": "none stated", "redistributable": False}
    used = [*names_of(MODEL), *SHARES, *RATINGS, SPAN]
    filled = epoch.tables(options, **tables, sources=[credit])
    return Batch(NAME, filled, desk.notes, desk.unused(used), {"scores": lines})


def _without_marks(table: TextTable) -> TextTable:
    """Counts as they stand in this table, 70,000,000,000: whole numbers, whose marks can mean nothing else."""
    rows = [[cell.replace(",", "") if _MARKED.fullmatch(cell.strip()) else cell for cell in row] for row in table.rows]
    return replace(table, rows=rows)


def _known_access(desk: Desk, access: Sequence[Any]) -> None:
    for index, value in enumerate(access):
        if value is not None and value not in ("Open", "Closed"):
            desk.problem(index, ACCESS, shown(str(value)), "Open or Closed", "Correct it, or leave it empty.")


def _model(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `models`; compute that Epoch calls speculative stands in where there is no other."""
    guess = row.pop("speculative")
    if row["training_compute_flop"] is None and guess is not None:
        return {**row, "training_compute_flop": guess, "confidence": "Speculative"}
    return row


def _errors(desk: Desk) -> list[float | None]:
    """Standard errors of arena ratings, from intervals such as +4/-3."""
    found: list[float | None] = [None] * len(desk)
    for index, cell in enumerate(desk.table.column(SPAN) if SPAN in desk.table.positions else ()):
        if not (bare := cell.strip()):
            continue
        if match := _SPAN.fullmatch(bare):
            found[index] = (float(match[1]) + float(match[2])) / (2 * LEVEL)
        else:
            desk.problem(index, SPAN, shown(bare), "two ends such as +5/-4", "Correct it, or leave it empty.")
    return found
