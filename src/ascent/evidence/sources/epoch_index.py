"""The score matrix of the Epoch Capabilities Index: one row per model and benchmark.

Columns  performance (guessing already removed, then clamped to 0.001 to 0.999), benchmark, benchmark_release_date,
         optimized, model (the entity that gets an index value), model_version (the version behind the score), date
         (release of the model), source (citation label); older copies add is_math and is_coding
Dates    M/D/YYYY. That a model or a benchmark exists is public from its release on. When a score became public the
         file does not say: `published` of scores stays empty unless --published gives the day of the whole file, and
         `--as-of` can admit them only then
Who      the citation label tells who reports a score (without one, who runs the benchmark's leaderboard), and a
         model's name who made it (`epoch_hub.toml`): first party where the two are one
Source   Epoch AI, CC BY 4.0
"""

from collections.abc import Sequence
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch index matrix"
NEEDED = ("performance", "benchmark", "model", "model_version", "date")
ALSO_READ = ("source", "optimized", "benchmark_release_date", "is_math", "is_coding")
US_DATE = "month/day/year"


def recognises(original: Original) -> bool:
    """True for a table with the matrix's keys and scores."""
    header = header_of(original)
    return header is not None and {"performance", "benchmark", "model", "model_version"} <= set(header)


def read(original: Original, options: Options) -> Batch:
    """Scores, models, benchmarks and sources of one matrix; raises BadInput with every cell that does not fit."""
    table = read_csv(original, options)
    desk = Desk(table, options)
    desk.require(NEEDED)
    model = desk.text("model", required=True)
    benchmark = desk.text("benchmark", required=True)
    # Once guessing is removed a score can lie below 0, where a copy was not clamped.
    score = desk.number("performance", required=True, low=-1.0, high=1.0)
    version, label = desk.text("model_version"), desk.text("source")
    released, optimized = desk.date("date", style=US_DATE), desk.flag("optimized")
    opened = desk.date("benchmark_release_date", style=US_DATE)
    is_math, is_coding = desk.flag("is_math"), desk.flag("is_coding")
    _one_value_each(desk, "date", model, released)
    _one_value_each(desk, "benchmark_release_date", benchmark, opened)
    desk.finish()
    own, known = epoch.speaker(original, options), register()
    rows: list[dict[str, Any]] = []
    models: dict[str, dict[str, Any]] = {}
    benchmarks: dict[str, dict[str, Any]] = {}
    for i, (name, task) in enumerate(zip(model, benchmark, strict=True)):
        assert name is not None and task is not None  # required above
        evaluator = known.author(label[i]) if label[i] else known.evaluator(task)
        rows.append(
            {
                "model": name,
                "version": version[i],
                "benchmark": task,
                "score": score[i],
                "scale": "chance_corrected",
                "unit": "fraction",
                "evaluator": evaluator,
                "relation": known.relation(evaluator, name),
                "source": label[i] or own,
            }
        )
        if name not in models:
            public = {"released": released[i], "published": options.published or released[i]}
            models[name] = {"model": name, "name": name, "source": own, **public}
        if task not in benchmarks:
            domain = "mathematics" if is_math[i] else "coding" if is_coding[i] else None
            benchmarks[task] = {"benchmark": task, "released": opened[i], "domain": domain, "unit": "fraction"}
            benchmarks[task] |= {"higher_is_better": True, "optimized": optimized[i], "source": own}
            benchmarks[task] |= {"published": options.published or opened[i]}
    desk.note("info", "scale", "guessing is already removed from these scores, and they are clamped to 0.001 to 0.999.")
    if options.published is None:
        desk.note("info", "published", "the day of publication is not in the file; --published gives it, for --as-of.")
    sources = [epoch.credit(original, options, "Epoch Capabilities Index: scores", epoch.INDEX)]
    sources += epoch.cited((text, None) for text in label)
    return Batch(
        reader=NAME,
        tables=epoch.tables(
            options, scores=rows, models=list(models.values()), benchmarks=list(benchmarks.values()), sources=sources
        ),
        notes=desk.notes,
        unused=desk.unused((*NEEDED, *ALSO_READ)),
        rows={"scores": table.lines},
    )


def _one_value_each(desk: Desk, column: str, keys: Sequence[str | None], values: Sequence[str | None]) -> None:
    """Flag keys with two values: the first one is read."""
    first: dict[str | None, str] = {}
    other = [i for i, value in enumerate(values) if value is not None and first.setdefault(keys[i], value) != value]
    if other:
        names = ", ".join(f"'{name}'" for name in list(dict.fromkeys(keys[i] for i in other))[:5])
        text = f"{names} have more than one {column} ({desk.rows_text(other)}); the first one is read."
        desk.note("warning", "contradictory", text)
