"""Results of the lm-evaluation-harness: one file for all tasks of one model, in its old and its present layout.

Old       results.{task}.{acc, acc_stderr, ...}, config.{model, model_args, num_fewshot}, versions
Present   results.{task}.{"acc,none", "acc_stderr,none", ...} ("metric,filter"), groups, group_subtasks, configs,
          n-shot, n-samples, higher_is_better, date, versions of everything
Score     one metric a task, chosen by `lm_eval_names.main_metric`; the setting names it, the others stay in the
          original. A standard error of 0 is what the harness writes where all items came out alike: it is left empty
Groups    a group with a score of its own stands for its tasks: these give `runs` (which samples join), no second score;
          where all subjects of MMLU are there without their group, its mean over items is made (`lm_eval_mmlu`)
Model     what `pretrained=` names, with `@revision` where one is given. What ran the model (hf, vllm,
          openai-completions) is a setting
Steps     a revision that is a training step also gives `checkpoints`, which keep acc and acc_norm both, and a filter in
          their setting
Not kept  templates, prompts, system instructions: only the hashes of the last two
Source    EleutherAI/lm-evaluation-harness
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.json_desk import JsonDesk, settings
from ascent.evidence.sources.known_benchmarks import known_rows
from ascent.evidence.sources.lm_eval_mmlu import with_mmlu
from ascent.evidence.sources.lm_eval_names import (
    TASKS,
    arguments,
    benchmark_of,
    is_share,
    lower_is_better,
    main_metric,
    model_of,
    run_of,
    step_of,
)
from ascent.evidence.sources.strict_json import whole_object

NAME = "lm-evaluation-harness results"
_SIGNS = (b'"versions"', b'"group_subtasks"', b'"lm_eval_version"', b'"n-shot"')
_STDERR = "_stderr"
_SHOTS = re.compile(r"(\d{1,3})[-_]?shots?(?![a-z])", re.IGNORECASE | re.ASCII)
BESIDE = ("acc", "acc_norm")  # checkpoints keep both, so that they can stand beside runs scored either way
_NOTHING = ("N/A", "NaN", "", " ")  # what the harness writes where it has no number


@dataclass(frozen=True)
class Run:
    """What one file says of all its tasks."""

    model: str
    revision: str | None
    day: str | None
    tool: str
    about: Mapping[str, Any]  # settings that all tasks share
    parameters: float | None = None  # of the model, where the file counts them


def recognises(original: Original) -> bool:
    """True for a JSON object with results and what the harness writes beside them."""
    data = original.data
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"{") or b'"results"' not in data or b'"config"' not in data:
        return False
    return any(sign in data for sign in _SIGNS) and b'"evaluation_results"' not in data


def read(original: Original, options: Options) -> Batch:
    """Scores, runs and checkpoints of one results file; raises BadInput with every value that does not fit."""
    file, of_mmlu = with_mmlu(whole_object(original, nan="none"))
    desk = JsonDesk(original, options)
    if of_mmlu:
        desk.note("info", "MMLU", of_mmlu)
    results = desk.object(file.get("results"), "results", required=True)
    run = _run(desk, file)
    if not results:
        desk.problem("results", "no task", "at least one", "Check that the run ended.")
    desk.finish()
    assert run is not None
    tables: dict[str, list[dict[str, Any]]] = {"scores": [], "runs": [], "checkpoints": [], "benchmarks": []}
    within, n = _groups(desk, file, results), _samples(desk, file, results)
    others: set[str] = set()
    taken: set[str] = set()
    lost: list[str] = []  # tasks whose metrics are no number
    for task in sorted(results):
        metrics = _metrics(desk, task, results[task])
        # A NaN is read as nothing; the harness writes blanks, not null, where it has no number to give.
        empty = [
            name for name, value in desk.object(results[task], f"results.{task}").items() if value in (None, "NaN")
        ]
        lost += [task] * (not metrics and any(_STDERR not in name for name in empty))
        if not metrics or desk.text(task, "results", required=True) is None:
            continue
        key = main_metric(task, metrics)
        metric = key[0]
        score, se = metrics[key]
        others |= {other for other, _ in metrics} - {metric}
        taken.add(metric)
        about = {
            "model": run.model,
            "benchmark": benchmark_of(task),
            "setting": _setting(desk, file, task, key, run),
        }
        share = is_share(metric)
        if share and not 0 <= score <= 1:
            desk.problem(f"results.{task}.{metric}", f"{score:g}", "a share from 0 to 1", "Correct the value.")
        if not _is_group(file, task):
            tables["runs"].append(
                {**about, "run": run_of(original, task), "started": run.day, "status": "success", "tool": run.tool,
                 "scorer": ",".join(key), "completed": n.get(task), "samples": n.get(task), "partial": False,
                 "epochs": _repeats(desk, file, task)}
            )  # fmt: skip
        if task in within:
            continue
        tables["scores"].append(
            {**about, "version": run.revision, "score": score, "scale": "raw", "unit": "fraction" if share else metric,
             "se": se, "n": n.get(task), "evaluated": run.day, "relation": "unknown"}
        )  # fmt: skip
        higher = _higher(desk, file, task, metric)
        if not higher or not share:
            unit = "fraction" if share else metric
            tables["benchmarks"].append({"benchmark": about["benchmark"], "unit": unit, "higher_is_better": higher})
        if (step := step_of(run.revision)) is not None:
            counted = [key, *((other, key[1]) for other in BESIDE if other != metric and (other, key[1]) in metrics)]
            shots = _shots(desk, file, task)
            tables["checkpoints"] += [
                {"training_run": run.model.split("@")[0], "step": step, "metric": one, "benchmark": about["benchmark"],
                 "score": metrics[one, way][0], "se": metrics[one, way][1], "items": n.get(task), "model": run.model,
                 "setting": settings(shots=shots, filter=None if way == "none" else way),
                 "parameters": run.parameters, "evaluated": run.day}
                for one, way in counted if not is_share(one) or 0 <= metrics[one, way][0] <= 1
            ]  # fmt: skip
    told = {row["benchmark"] for row in tables["benchmarks"]}
    tables["benchmarks"] += known_rows({row["benchmark"] for row in [*tables["scores"], *tables["runs"]]} - told)
    if lost:
        some = ", ".join(lost[:6]) + (", ..." if len(lost) > 6 else "")
        many = "tasks have" if len(lost) > 1 else "task has"
        kept = "are" if len(lost) > 1 else "is"
        desk.note("warning", "no number", f"{len(lost)} {many} NaN for a score and {kept} left out: {some}.")
    _remark(desk, original, file, within, taken, others)
    desk.finish()
    return Batch(NAME, epoch.tables(options, **tables), desk.notes)


def _run(desk: JsonDesk, file: Mapping[str, Any]) -> Run | None:
    config = desk.object(file.get("config"), "config", required=True)
    told = {
        key: text
        for key, value in arguments(config.get("model_args")).items()
        if (text := desk.text(value, f"config.model_args.{key}")) is not None
    }
    named = desk.text(file.get("model_name"), "model_name")
    model, revision = model_of(told, named)
    model = model or desk.options.model or desk.text(config.get("model"), "config.model")
    if model is None:
        mend = "Say whose results they are with --model."
        desk.problem("config.model_args", "no model", "pretrained=NAME or another name of the model", mend)
        return None
    version = desk.text(file.get("lm_eval_version"), "lm_eval_version")
    commit = desk.text(file.get("git_hash"), "git_hash")
    tool = f"lm-eval {version}" if version else f"lm-eval git {commit}" if commit else "lm-eval"
    dtype = told.get("dtype") or desk.text(config.get("model_dtype"), "config.model_dtype")
    shared = {
        "backend": desk.text(config.get("model"), "config.model"),
        "revision": revision,
        "dtype": dtype.removeprefix("torch.") if dtype else None,
        "limit": desk.number(config.get("limit"), "config.limit", 0),
        "chat_template": _short(desk.text(file.get("chat_template_sha"), "chat_template_sha")),
        "system": _short(desk.text(file.get("system_instruction_sha"), "system_instruction_sha")),
        "multiturn": desk.flag(file.get("fewshot_as_multiturn"), "fewshot_as_multiturn"),
        "quantized": next((key for key in ("load_in_4bit", "load_in_8bit", "gptq") if told.get(key) == "True"), None),
    }
    size = desk.number(config.get("model_num_parameters"), "config.model_num_parameters", 1)
    return Run(model, revision, desk.day(file.get("date"), "date"), tool, shared, size)


def _short(digest: str | None) -> str | None:
    return digest[:12] if digest else None


def _metrics(desk: JsonDesk, task: str, told: Any) -> dict[tuple[str, str], tuple[float, float | None]]:
    """Score and standard error by (metric, filter); what SQuAD's own script gives in percent becomes a fraction."""
    row = desk.object(told, f"results.{task}")
    found = {}
    for name, value in row.items():
        metric, _, filtered = name.partition(",")
        if metric.endswith(_STDERR) or metric in ("alias", "bypass", "sample_len", "samples") or not metric.strip():
            continue
        if value is None or value in _NOTHING or desk.text(metric, f"results.{task}") is None:
            continue
        score = desk.number(value, f"results.{task}.{name}")
        beside = f"{metric}{_STDERR}" + (f",{filtered}" if filtered else "")
        error = row.get(beside)
        where = f"results.{task}.{beside}"
        se = None if isinstance(error, str) and error in _NOTHING else desk.number(error, where, 0.0)
        whole = 100.0 if "HasAns_exact" in {one.split(",")[0] for one in row} and is_share(metric) else 1.0
        if score is not None:
            found[metric, filtered or "none"] = score / whole, se / whole if se else None
    return found


def _groups(desk: JsonDesk, file: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, str]:
    """The group that stands for each task: the largest one above it that has a score of its own."""
    members = {
        group: [one for one in desk.listed(tasks, f"group_subtasks.{group}") if isinstance(one, str)]
        for group, tasks in desk.object(file.get("group_subtasks"), "group_subtasks").items()
    }
    scored = {task for task, row in results.items() if isinstance(row, dict) and _has_number(row)}
    within: dict[str, str] = {}
    for group in sorted(members):
        if group not in scored:
            continue
        waiting, seen = list(members[group]), {group}
        while waiting:
            task = waiting.pop()
            if task not in seen:
                seen.add(task)
                waiting += members.get(task, [])
        within |= {task: group for task in seen - {group} if task in scored}
    return within


def _is_group(file: Mapping[str, Any], task: str) -> bool:
    told = file.get("group_subtasks")
    return isinstance(told, dict) and bool(told.get(task))


def _repeats(desk: JsonDesk, file: Mapping[str, Any], task: str) -> int | None:
    config = desk.object(desk.object(file.get("configs"), "configs").get(task), f"configs.{task}")
    return desk.whole(config.get("repeats"), f"configs.{task}.repeats", low=1)


def _has_number(row: Mapping[str, Any]) -> bool:
    return any(isinstance(value, int | float) and _STDERR not in name for name, value in row.items())


def _samples(desk: JsonDesk, file: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, int]:
    """Items evaluated by task; a group has those of its tasks, where all of them are told."""
    told = desk.object(file.get("n-samples"), "n-samples")
    members = desk.object(file.get("group_subtasks"), "group_subtasks")
    found: dict[str, int] = {}
    for task, counts in told.items():
        where = f"n-samples.{task}.effective"
        n = desk.whole(desk.object(counts, f"n-samples.{task}").get("effective"), where, low=1)
        if n is not None:
            found[task] = n

    def total(task: str, above: frozenset[str]) -> int | None:
        parts = members.get(task)
        if not isinstance(parts, list) or not parts or task in above:
            return found.get(task)
        each = [total(part, above | {task}) for part in parts if isinstance(part, str)]
        return None if None in each else sum(one for one in each if one is not None)

    for task in results:
        n = total(task, frozenset())
        if n is not None:
            found[task] = n
    return found


def _setting(desk: JsonDesk, file: Mapping[str, Any], task: str, key: tuple[str, str], run: Run) -> str | None:
    version = desk.object(file.get("versions"), "versions").get(task)
    metric = key[0] if key[1] == "none" else ",".join(key)
    return settings(
        task=task if task in TASKS else None,
        shots=_shots(desk, file, task),
        metric=metric,
        task_version=None if version in (None, "N/A", "Yaml") else desk.text(str(version), f"versions.{task}"),
        **run.about,
    )


def _shots(desk: JsonDesk, file: Mapping[str, Any], task: str) -> int | None:
    config = desk.object(file.get("config"), "config")
    return desk.whole(desk.object(file.get("n-shot"), "n-shot").get(task, config.get("num_fewshot")), f"n-shot.{task}")


def _higher(desk: JsonDesk, file: Mapping[str, Any], task: str, metric: str) -> bool:
    told = desk.object(desk.object(file.get("higher_is_better"), "higher_is_better").get(task), "higher_is_better")
    said = desk.flag(told.get(metric), f"higher_is_better.{task}.{metric}")
    return not lower_is_better(metric) if said is None else said


def _remark(
    desk: JsonDesk,
    original: Original,
    file: Mapping[str, Any],
    within: Mapping[str, str],
    taken: set[str],
    others: set[str],
) -> None:
    """Say what was left out, and where the file's name and its content differ."""
    if within:
        groups = ", ".join(sorted(set(within.values()) - set(within)))
        desk.note("info", "groups", f"{len(within)} tasks are counted in the score of their group: {groups}.")
    if others:
        which, more = (", ".join(sorted(names)) for names in (taken, others))
        desk.note("info", "metrics", f"one metric a task was taken ({which}); also in the file: {more}.")
    said = _SHOTS.search(epoch.stem(original))
    config = file.get("config")
    told = config.get("num_fewshot") if isinstance(config, dict) else None
    if said and told is not None and int(said[1]) != told:
        text = f"the file's name says {said[1]} shots, its config {told}: the config was believed."
        desk.note("warning", "shots", text)
