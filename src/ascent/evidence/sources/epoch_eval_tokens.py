"""Epoch AI's table of what its own benchmark runs of 2025 took: tokens by model and task.

Columns  Model, Task, epochs, total_samples, input_tokens, output_tokens, total_tokens
Gives    `runs`, from which cost follows with a price for each token
Source   Epoch AI, github.com/epoch-research/llm-benchmark-efficiency, no licence stated
"""

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch table of tokens by run"
COLUMNS = ("Model", "Task", "epochs", "total_samples", "input_tokens", "output_tokens", "total_tokens")
TASKS = {"GPQA Diamond": "GPQA diamond"}


def recognises(original: Original) -> bool:
    """True for a table with models, tasks, samples and tokens."""
    return set(COLUMNS) <= set(header_of(original) or ())


def read(original: Original, options: Options) -> Batch:
    """Runs of one table; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    model, task = desk.text("Model", required=True), desk.text("Task", required=True)
    epochs, samples = desk.whole("epochs", low=1), desk.whole("total_samples", low=1)
    tokens = {
        fills: desk.count(column, "tokens", least=0.0)
        for fills, column in zip(("input_tokens", "output_tokens", "tokens"), COLUMNS[4:], strict=True)
    }
    for at, (read_, written, total) in enumerate(zip(*tokens.values(), strict=True)):
        if None not in (read_, written, total) and read_ + written > total:
            expected = "at least input and output together"
            desk.problem(at, "total_tokens", f"{total:g}", expected, "Correct one of the three.")
    desk.finish()
    own = epoch.speaker(original, options)
    rows = [
        {"run": f"{own} {m} {t}", "model": m, "benchmark": TASKS.get(t or "", t), "status": "success", "source": own,
         "epochs": epochs[at], "samples": samples[at], "completed": samples[at],
         **{name: values[at] for name, values in tokens.items()}}
        for at, (m, t) in enumerate(zip(model, task, strict=True))
    ]  # fmt: skip
    address = "https://github.com/epoch-research/llm-benchmark-efficiency"
    credit = epoch.credit(original, options, "tokens by benchmark run", address)
    sources = [credit | {"licence": "none stated", "redistributable": False}]
    tables = epoch.tables(options, runs=rows, sources=sources)
    return Batch(NAME, tables, desk.notes, desk.unused(COLUMNS), {"runs": desk.table.lines})
