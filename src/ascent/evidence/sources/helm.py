"""Runs of HELM: a folder each, of which three files are read, one at a time, joined by the folder's name.

run_spec.json            `runs`: model, benchmark, how it was asked
stats.json               `scores`: the main metric (`helm_names.main_metric`), on the test split where there is one.
                         The file names neither model nor benchmark, so they come from the run's name in its label
                         (`mmlu:subject=law,method=...,model=openai_gpt2`; see `evidence.runfolders`)
per_instance_stats.json  `attempts`: one an item; training trials (other examples in the prompt) are epochs with the
                         trial as seed; perturbed questions are a benchmark and a run of their own
Errors    HELM's stddev is that of the whole population, over training trials and not over items. For metrics that are
          right or wrong the standard error is sqrt(m(1-m)/(n-1) + stddev^2/(trials-1)); for others none is told there
Not kept  instructions, prefixes, prompts, texts; scenario_state.json is not read. Perturbed and worst-case statistics
          stay in the original: they are of the same items
Source    stanford-crfm/helm
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.helm_names import ORDER, RIGHT_OR_WRONG, RunName, folder_of, main_metric, named
from ascent.evidence.sources.json_desk import MOST_WHOLE, JsonDesk, settings
from ascent.evidence.sources.known_benchmarks import known_benchmark, known_rows
from ascent.evidence.sources.strict_json import document, kind, whole_object

NAME = "HELM run"
_SPLITS = ("test", "valid", "")  # the first that there is holds the score
_AMOUNTS = {
    "input_tokens": ("num_prompt_tokens",),
    "output_tokens": ("num_output_tokens", "num_completion_tokens"),
    "seconds": ("inference_runtime",),
}


def recognises(original: Original) -> bool:
    """True for one of the three files, by what stands in them."""
    return _shape(original.data) is not None


def _shape(data: bytes) -> str | None:
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        spec = b'"adapter_spec"' in data and b'"scenario_spec"' in data and b'"request_states"' not in data
        return "run_spec" if spec else None
    if not start.startswith(b"["):
        return None
    if b'"train_trial_index"' in data and b'"stats"' in data:
        return "instances"
    return "stats" if b'"sum_squared"' in data and b'"name"' in data and b'"count"' in data else None


def read(original: Original, options: Options) -> Batch:
    """What one of the three files says; raises BadInput with every value that does not fit."""
    desk = JsonDesk(original, options)
    run = folder_of(original)
    shape = _shape(original.data)
    file = whole_object(original) if shape == "run_spec" else document(original)
    tables: dict[str, list[dict[str, Any]]]
    if shape == "run_spec":
        runs = _run(desk, file, run)
        tables = {"runs": runs, "benchmarks": known_rows(row["benchmark"] for row in runs)}
    elif run is None:
        mend = "Add the folder of the run, not its files one by one."
        desk.problem(None, "a file without its folder", "the folder whose name says which run it is", mend)
        tables = {}
    elif shape == "stats":
        tables = {"scores": _scores(desk, desk.listed(file, "the file", required=True), named(run))}
    else:
        tables = {"attempts": _attempts(desk, desk.listed(file, "the file", required=True), run)}
    desk.finish()
    return Batch(NAME, epoch.tables(options, **tables), desk.notes)


def _run(desk: JsonDesk, file: Mapping[str, Any], run: str | None) -> list[dict[str, Any]]:
    name = desk.text(file.get("name"), "name", required=True)
    how = desk.object(file.get("adapter_spec"), "adapter_spec", required=True)
    said = named(name or "")
    model = desk.text(how.get("model"), "adapter_spec.model") or said.model or desk.options.model
    if model is None:
        desk.problem("adapter_spec.model", "no model", "the model's name", "Say whose run it is with --model.")
    groups = desk.listed(file.get("groups"), "groups")
    group = desk.text(groups[0], "groups") if groups else None
    benchmark = said.benchmark or known_benchmark(group or said.scenario)
    trials = desk.whole(how.get("num_train_trials"), "adapter_spec.num_train_trials", low=1)
    setting = settings(
        shots=desk.whole(how.get("max_train_instances"), "adapter_spec.max_train_instances"),
        **{key: value for key, value in said.setting.items() if key != "max_train_instances"},
        temperature=desk.number(how.get("temperature"), "adapter_spec.temperature", 0.0),
        max_tokens=desk.whole(how.get("max_tokens"), "adapter_spec.max_tokens"),
        limit=desk.whole(how.get("max_eval_instances"), "adapter_spec.max_eval_instances"),
        deployment=_other(desk.text(how.get("model_deployment"), "adapter_spec.model_deployment"), model),
    )
    row = {"run": run or name, "model": model, "benchmark": benchmark, "setting": setting, "status": "success"}
    return [{**row, "tool": "helm", "epochs": trials, "reducer": "mean" if trials and trials > 1 else None,
             "partial": False}]  # fmt: skip


def _other(deployment: str | None, model: str | None) -> str | None:
    return None if deployment == model else deployment


def _scores(desk: JsonDesk, listed: list[Any], said: RunName) -> list[dict[str, Any]]:
    plain = [(where, name, stat) for where, name, stat in _stats(desk, listed, "") if _plain(name)]
    split = next((split for split in _SPLITS if any(_split(name) == split for _, name, _ in plain)), "")
    here = {name["name"]: (where, stat) for where, name, stat in plain if _split(name) == split}
    perturbed = sum(bool(name.get("perturbation")) for _, name, _ in _stats(desk, listed, ""))
    metric = main_metric(said.scenario, (name for name, (_, stat) in here.items() if stat.get("count")))
    if perturbed:
        desk.note("info", "perturbed", f"{perturbed} statistics of perturbed questions stay in the original.")
    if metric is None:
        desk.note("warning", "left out", "none of the metrics is known as the score of a run.")
        return []
    model = said.model or desk.options.model
    if model is None or said.benchmark is None:
        text = "the folder's name does not say model and benchmark, so its mean is no score; its attempts count."
        desk.note("warning", "left out", text)
        return []
    if others := [name for name in ORDER if name != metric and name in here and here[name][1].get("count")]:
        desk.note("info", "metrics", f"one metric a run was taken; also in the file: {', '.join(others)}.")
    where, stat = here[metric]
    score = desk.number(stat.get("mean"), f"{where}.mean", 0.0, 1.0 if metric in RIGHT_OR_WRONG else None, True)
    n = _mean(desk, here, "num_instances")
    shots = _mean(desk, here, "num_train_instances")
    if score is None:
        return []
    items = round(n) if n and n >= 1 else None
    setting = settings(shots=round(shots) if shots is not None else None, metric=metric, **said.setting, split=split)
    row = {"model": model, "benchmark": said.benchmark, "setting": setting, "score": score, "scale": "raw"}
    share = metric in RIGHT_OR_WRONG or metric == "f1_score"
    row |= {"unit": "fraction" if share else metric, "n": items, "relation": "unknown"}
    return [{**row, "se": _se(desk, where, stat, score, items) if metric in RIGHT_OR_WRONG else None}]


def _se(desk: JsonDesk, where: str, stat: Mapping[str, Any], score: float, items: int | None) -> float | None:
    """Standard error of a mean over items of means over training trials, both taken as sampled."""
    trials = desk.whole(stat.get("count"), f"{where}.count", low=1) or 1
    spread = desk.number(stat.get("stddev"), f"{where}.stddev", 0.0) or 0.0
    if items is None or items < 2 or not 0 < score < 1:
        return None
    over_trials = spread**2 / (trials - 1) if trials > 1 else 0.0
    return float((score * (1 - score) / (items - 1) + over_trials) ** 0.5)


def _attempts(desk: JsonDesk, listed: list[Any], run: str) -> list[dict[str, Any]]:
    said = named(run)
    entries = [(at, entry) for at, entry in enumerate(listed) if _is_object(desk, entry, f"[{at}]")]
    told = [
        (at, entry, list(_stats(desk, desk.listed(entry.get("stats"), f"[{at}].stats", True), f"[{at}].stats")))
        for at, entry in entries
    ]
    there = {name["name"] for _, _, stats in told for _, name, stat in stats if stat.get("count")}
    metric = main_metric(said.scenario, there)
    if metric is None:
        desk.note("warning", "left out", "none of the metrics is known as the score of an answer.")
        return []
    splits = {_split(name) for _, _, stats in told for _, name, _ in stats}
    split = next((one for one in _SPLITS if one in splits), "")
    rows: list[dict[str, Any]] = []
    left: Counter[str] = Counter()
    several = len({repr(entry.get("train_trial_index")) for _, entry in entries}) > 1
    for at, entry, stats in told:
        item = desk.text(entry.get("instance_id"), f"[{at}].instance_id", required=True)
        trial = desk.whole(entry.get("train_trial_index"), f"[{at}].train_trial_index", required=True)
        found = {name["name"]: (where, stat) for where, name, stat in stats if stat.get("count")}
        if metric not in found or item is None or trial is None:
            left["without the metric"] += 1
            continue
        if any(_split(name) != split for _, name, _ in stats):
            left[f"of another split than {split}"] += 1
            continue
        where, stat = found[metric]
        success = desk.number(stat.get("mean"), f"{where}.mean", 0.0, 1.0, required=True)
        perturbation = _perturbation(desk, entry, stats, at)
        if perturbation and said.benchmark is None:
            left["of perturbed questions whose run is not named as HELM names it"] += 1
            continue
        changed = f" (perturbed: {perturbation})" if perturbation else ""
        amounts = {column: _first(desk, found, names) for column, names in _AMOUNTS.items()}
        rows.append(
            {"run": run + changed, "model": said.model or desk.options.model, "item": item, "epoch": trial + 1,
             "benchmark": said.benchmark and said.benchmark + changed, "success": success, "scorer": metric,
             "state": "scored", "seed": f"training trial {trial}" if several else None, **amounts}
        )  # fmt: skip
    for why, count in left.items():
        desk.note("info", "left out", f"{count} of {len(told)} answers {why}.")
    return rows


def _is_object(desk: JsonDesk, value: Any, where: str) -> bool:
    if isinstance(value, dict):
        return True
    desk.problem(where, kind(value), "an object", "Check that this is HELM's own file.")
    return False


def _stats(desk: JsonDesk, listed: list[Any], path: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Path, name and content of each statistic that has a name."""
    for at, stat in enumerate(listed):
        where = f"{path}[{at}]"
        if not _is_object(desk, stat, where):
            continue
        name = desk.object(stat.get("name"), f"{where}.name", required=True)
        if desk.text(name.get("name"), f"{where}.name.name", required=True):
            yield where, name, stat


def _plain(name: Mapping[str, Any]) -> bool:
    return not name.get("perturbation") and not name.get("sub_split")


def _split(name: Mapping[str, Any]) -> str:
    return str(name.get("split") or "")


def _perturbation(desk: JsonDesk, entry: Mapping[str, Any], stats: list[Any], at: int) -> str | None:
    told = entry.get("perturbation") or next((name.get("perturbation") for _, name, _ in stats), None)
    named = desk.object(told, f"[{at}].perturbation").get("name")
    return desk.text(named, f"[{at}].perturbation.name")


def _mean(desk: JsonDesk, here: Mapping[str, tuple[str, dict[str, Any]]], name: str) -> float | None:
    if name not in here:
        return None
    where, stat = here[name]
    return desk.number(stat.get("mean"), f"{where}.mean", 0.0, MOST_WHOLE)


def _first(desk: JsonDesk, found: Mapping[str, tuple[str, dict[str, Any]]], names: tuple[str, ...]) -> float | None:
    return next((_mean(desk, found, name) for name in names if name in found), None)
