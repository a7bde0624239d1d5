"""The run, its scores and its benchmark, from the header of an Inspect log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ascent.core.answer import Note
from ascent.core.numerals import shown
from ascent.evidence.sources import Original
from ascent.evidence.sources import inspect_grades as grades
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.inspect_attempts import Attempts, day_of, number
from ascent.evidence.sources.inspect_opening import Log
from ascent.evidence.sources.inspect_plan import limits, model_of, setting
from ascent.evidence.sources.inspect_samples import plain
from ascent.evidence.sources.known_benchmarks import known_benchmark

CENTRES = ("accuracy", "mean")  # metrics that are a mean of successes
ERRORS = ("stderr", "bootstrap_stderr")
SPREADS = (*ERRORS, "std", "var", "ci")  # metrics that say how sure, not how good
MOST_NAMED = 8  # measures besides the score
NEAR = 1e-6  # difference between a published mean and ours that rounding explains


def run_row(original: Original, log: Log, scorers: Sequence[str], *, partial: bool) -> dict[str, Any]:
    """The row of `runs`."""
    spec, header = log.spec, log.header
    results, stats = header["results"], header["stats"]
    usage = plain(stats.get("model_usage"))
    own = plain(usage.get(spec["model"]))
    total, output = number(own.get("total_tokens")), number(own.get("output_tokens"))  # of the model under test alone
    packages = plain(spec.get("packages"))
    version = packages.get("inspect_ai")
    error = header.get("error")
    return {
        "run": _key(original, spec),
        "model": model_of(spec["model"]),
        "benchmark": benchmark_of(spec["task"]),
        "setting": setting(log, _epochs(log)),
        "started": day_of(stats.get("started_at")) or day_of(spec.get("created")),
        "status": header["status"],
        "partial": partial,
        "tool": f"inspect_ai {version}" if isinstance(version, str) and len(version) <= 60 else "inspect_ai",
        "scorer": ", ".join(in_order(scorers, results)) or None,
        "reducer": ", ".join(_reducers(log)) or None,
        "epochs": _epochs(log),
        "samples": _count(results.get("total_samples")),
        "completed": _completed(log, results),
        "error": grades.error_class(plain(error).get("message")) if error else None,
        "limit": limits(log),
        "tokens": total,
        "input_tokens": total - output if total and output is not None else number(own.get("input_tokens")),
        "output_tokens": output,
        "reasoning_tokens": number(own.get("reasoning_tokens")),
        "seconds": _seconds(stats),
        "cost_usd": number(own.get("total_cost")),
    }


def score_rows(
    log: Log, run: Mapping[str, Any], found: Attempts, whole: float
) -> tuple[list[dict[str, Any]], list[Note]]:
    """The row of `scores` of the run, none where it is no share; notes on what else was measured on the same answers.

    One score a run: that of its first scorer, by its main metric, reduced by the mean where there is a choice.
    """
    results = log.header["results"]
    main = headline(results)
    metrics = plain(main.get("metrics"))
    name = _metric(metrics, plain(results.get("headline")).get("metric"))
    value = number(plain(metrics.get(name)).get("value")) if name else None
    notes = _others(log, main, name)
    if name is None or value is None:
        return [], notes
    scorer = label(main)
    if not 0 <= value / whole <= 1:
        text = f"the {shown(name)} of {shown(scorer)} is {value:g}, no share from 0 to 1; its unit is for --unit."
        return [], [*notes, Note("warning", "scorers", text)]
    error = next((e for m in ERRORS if (e := number(plain(metrics.get(m)).get("value"))) is not None), None)
    reducer = _reducer(main) if _epochs(log) != 1 else None
    plain_mean = name in CENTRES and reducer in (None, "mean")
    # What is no mean of single tries is another measure than the benchmark's, and says so by its name.
    own = [*([name] if name not in CENTRES else []), *([reducer] if reducer not in (None, "mean") else [])]
    row = {
        "model": run["model"], "version": log.spec["model"], "setting": run["setting"],
        "benchmark": f"{run['benchmark']} [{', '.join(own)}]" if own else run["benchmark"],
        "score": value / whole, "scale": "raw", "unit": "fraction", "se": error / whole if error else None,
        "n": _count(main.get("scored_samples")) or _items(log, found), "evaluated": run["started"],
        "relation": "unknown",
    }  # fmt: skip
    return [row], [*notes, *(_compared(found, scorer, value / whole) if plain_mean else [])]


def _others(log: Log, main: Mapping[str, Any], metric: str | None) -> list[Note]:
    """What the log measures besides its score, named: two measures of the same answers are not two benchmarks."""
    single = _epochs(log) == 1
    told: dict[str, None] = {}
    for one in log.header["results"]["scores"]:
        by = f" by {reducer}" if (reducer := _reducer(one)) not in (None, "mean") and not single else ""
        for name in plain(one.get("metrics")):
            if _is_good(name) and not (one is main and name == metric):
                told[shown(f"{label(one)} {name}{by}", 60)] = None
    if not told:
        return []
    more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    text = f"one score a run was taken; also in the log, of the same answers: {', '.join([*told][:MOST_NAMED])}{more}."
    return [Note("info", "metrics", text)]


def benchmark_of(task: str) -> str:
    """The benchmark a task is: the known one of the same letters, whatever its case and hyphens; else the task itself.

    >>> benchmark_of("inspect_evals/gpqa_diamond"), benchmark_of("OTIS Mock AIME 2024-2025"), benchmark_of("my/own")
    ('GPQA diamond', 'OTIS Mock AIME 2024-2025', 'own')
    """
    own = task.rstrip("/").rsplit("/", 1)[-1]  # without the package that the task comes from
    return known_benchmark(own)


def benchmark_rows(log: Log, run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The row of `benchmarks` of a known one. Of others nothing is said: so they are found in the queue of names."""
    if run["benchmark"] not in register().benchmarks:
        return []
    return [
        {"benchmark": run["benchmark"], "items": _dataset(log), "unit": "fraction", "higher_is_better": True},
    ]


def _compared(found: Attempts, scorer: str, value: float) -> list[Note]:
    """A warning where the attempts' mean is not the score the log gives: its metric reads the grades otherwise."""
    index = [i for i, name in enumerate(found.columns["scorer"]) if name == scorer]
    mean = grades.mean_of_items(
        [found.columns["item"][i] for i in index], [found.columns["success"][i] for i in index]
    )  # fmt: skip
    if mean is None or abs(mean - value) <= NEAR:
        return []
    text = (
        f"the log gives {value:.4g} for {shown(scorer)}, its attempts make {mean:.4g}: its metric counts grades "
        "or errors in a way of its own. Both are kept as they are."
    )
    return [Note("warning", "scores", text)]


def headline(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """The score that stands for the run: the one the task declares, else that of its first scorer, as a mean if so."""
    told, listed = plain(results.get("headline")), results["scores"]
    for one in listed:
        names = ((told.get("score"), one.get("name")), (told.get("scorer"), one.get("scorer")),
                 (told.get("reducer"), _reducer(one)))  # fmt: skip
        if told and all(wanted in (None, name) for wanted, name in names):
            found: Mapping[str, Any] = one
            return found
    first = [one for one in listed if label(one) == label(listed[0])]
    return next((one for one in first if _reducer(one) in (None, "mean")), first[0] if first else {})


def in_order(scorers: Sequence[str], results: Mapping[str, Any]) -> list[str]:
    """The scorers of a run, the one that stands for it first, then as the log lists them."""
    listed = [label(one) for one in (headline(results), *results["scores"]) if one]
    known = [name for name in dict.fromkeys(listed) if not scorers or name in scorers]
    return list(dict.fromkeys([*known, *scorers]))


def _metric(metrics: Mapping[str, Any], declared: Any) -> str | None:
    """The metric that says how good: the declared one, accuracy, mean, or the first that is no spread."""
    if isinstance(declared, str) and declared in metrics:
        return declared
    good = [name for name in metrics if _is_good(name)]
    return next((name for name in CENTRES if name in metrics), good[0] if good else None)


def _reducer(one: Mapping[str, Any]) -> str | None:
    told = one.get("reducer")
    return told if isinstance(told, str) else None


def _is_good(metric: str) -> bool:
    return metric not in SPREADS and not metric.startswith(("ci", "std", "var"))


def label(one: Mapping[str, Any]) -> str:
    """A scorer's name as its attempts have it: with the key, where it gave several values."""
    name, scorer = (told if isinstance(told, str) else "" for told in (one.get("name"), one.get("scorer")))
    return name if not scorer or name.startswith(scorer) else f"{scorer}/{name}"


def _reducers(log: Log) -> list[str]:
    told = log.spec["config"].get("epochs_reducer")
    named = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
    used = [one.get("reducer") for one in log.header["results"]["scores"]]
    return list(dict.fromkeys([*named, *(name for name in used if isinstance(name, str))]))


def _epochs(log: Log) -> int:
    return _count(log.spec["config"].get("epochs")) or 1


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 53 else None


def _completed(log: Log, results: Mapping[str, Any]) -> int | None:
    """Attempts that ended without an error, as the results count them; else those in the log."""
    told = _count(results.get("completed_samples"))
    if told is not None or log.attempts is None:
        return told
    return sum(not row.error for row in log.attempts)


def _items(log: Log, found: Attempts) -> int | None:
    return len(dict.fromkeys(found.columns["item"])) or _dataset(log)


def _dataset(log: Log) -> int | None:
    """Items of the whole benchmark; unknown where the run was limited to some."""
    told = log.spec["config"]
    if told.get("limit") is not None or told.get("sample_id") is not None:
        return None
    return _count(plain(log.spec.get("dataset")).get("samples"))


def _seconds(stats: Mapping[str, Any]) -> float | None:
    try:
        start, end = (datetime.fromisoformat(str(stats[name])) for name in ("started_at", "completed_at"))
        return max(0.0, (end - start).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None


def _key(original: Original, spec: Mapping[str, Any]) -> str:
    """What tells one run from every other: Inspect's own id, in older logs the run's with the task's."""
    ids = [spec.get(name) for name in ("eval_id", "run_id", "task_id")]
    own, *others = [one if isinstance(one, str) and len(one) <= 60 else None for one in ids]
    return own or "/".join(one for one in others if one) or original.name
