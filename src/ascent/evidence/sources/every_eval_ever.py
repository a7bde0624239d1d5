"""Every Eval Ever: one record of one model's results, in the JSON schema that evaluators share (up to 0.3).

Scores     one metric an evaluation (`every_eval_ever_words.ORDER`); the others stay in the original and are named.
           The unit is the record's `metric_unit`; without one, bounds of 0 and 1 say fraction, of 0 and 100 percent
Errors     standard_error, else a confidence interval with its level, else standard_deviation over the root of
           num_samples; an error of 0 is none
Parts      where a record has a result called overall, the others under its name are parts of it: runs, no scores
Names      the evaluation is the benchmark; in records converted from Inspect, where it is the scorer, the data set is
Relation   first_party is first party, third_party independent, collaborative and other unknown
Published  the day the record was made is when it was certainly known; --published says otherwise
Runs       one for each evaluation, which the rows of {uuid}_samples.jsonl join
Not kept   prompt templates, commands, judges' prompts, free details
Own files  what `ascent evidence export --to eee` wrote comes back as the rows it was made of
Source     evaleval/every_eval_ever
"""

import re
from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import SHARES
from ascent.evidence.sources.every_eval_ever_words import (
    DERIVED,
    HARNESSES,
    ORDER,
    OWN,
    RELATIONS,
    UNKNOWN,
    newer,
    run_key,
)
from ascent.evidence.sources.json_desk import JsonDesk, settings
from ascent.evidence.sources.known_benchmarks import known_benchmark, known_rows
from ascent.evidence.sources.strict_json import kind, whole_object

NAME = "Every Eval Ever record"
_UNITS = {"proportion": "fraction", "fraction": "fraction", "percent": "percent", "percentage": "percent",
          "%": "percent", "probability": "fraction"}  # fmt: skip
_SHOTS = ("shots", "num_fewshot", "n_shot", "n-shot", "num_shots")
_EFFORT = ("reasoning_effort", "effort", "reasoning_level", "thinking_budget")
_OVERALL = re.compile(r"(.+?)[\s_/.:(\[-]+overall[)\]]?", re.IGNORECASE)
_WORD = re.compile(r"[\w@./-]{1,40}")
_ENDS = {"Infinity": float("inf"), "-Infinity": float("-inf")}


def recognises(original: Original) -> bool:
    """True for a JSON object with what every record has."""
    data = original.data
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    return all(sign in data for sign in (b'"evaluation_results"', b'"model_info"', b'"source_metadata"'))


def read(original: Original, options: Options) -> Batch:
    """Scores and runs of one record; raises BadInput with every value that does not fit."""
    file = whole_object(original)
    desk = JsonDesk(original, options)
    check_version(desk, file.get("schema_version"), "schema_version")
    about, source, further = _about(desk, file)
    evaluation = desk.text(file.get("evaluation_id"), "evaluation_id", required=True)
    results = desk.listed(file.get("evaluation_results"), "evaluation_results", required=True)
    tables: dict[str, list[dict[str, Any]]] = {"scores": [], "runs": [], "benchmarks": []}
    if source["source"]:
        tables["sources"] = [source]
    chosen, whole = _chosen(desk, results), _wholes(results)
    parts = 0
    for at, result in enumerate(results):
        if at not in chosen:
            continue
        where = f"evaluation_results[{at}]"
        row = _score(desk, result, where, about)
        details = desk.object(desk.object(result.get("score_details"), where).get("details"), f"{where}.details")
        if row is None or evaluation is None:
            continue
        if not further:
            tables["runs"].append(
                {"run": run_key(evaluation, str(result["evaluation_name"]).strip()), "model": row["model"],
                 "benchmark": row["benchmark"], "setting": row["setting"], "started": row["evaluated"],
                 "status": "success", "tool": about["tool"], "scorer": _metric(result), "completed": row["n"],
                 "partial": False}
            )  # fmt: skip
        if not further and _is_part(str(result["evaluation_name"]), whole):
            parts += 1
            continue
        lower = desk.object(result.get("metric_config"), f"{where}.metric_config").get("lower_is_better")
        if lower is True and not further:
            tables["benchmarks"].append(
                {"benchmark": row["benchmark"], "unit": row["unit"], "higher_is_better": False}
            )  # fmt: skip
        if DERIVED not in details:
            tables["scores"].append(row | _own(desk, details, f"{where}.score_details.details"))
    desk.finish()
    if not further:
        told = {row["benchmark"] for row in tables["benchmarks"]}
        tables["benchmarks"] += known_rows(row["benchmark"] for row in tables["runs"] if row["benchmark"] not in told)
    if left := len(results) - len(chosen):
        desk.note("info", "metrics", f"one metric an evaluation was taken; {left} results of others stay in the file.")
    if parts:
        desk.note("info", "groups", f"{parts} results are parts of {', '.join(sorted(whole))} and count in its score.")
    for rows in tables.values():
        for row in rows:
            row["source"], row["published"] = source["source"], about["published"]
    return Batch(NAME, epoch.tables(options, **tables), desk.notes)


def check_version(desk: JsonDesk, version: Any, where: str, line: int | None = None) -> None:
    """Refuse a schema that is newer than what is read here."""
    if (late := newer(version)) is None:
        desk.problem(where, kind(version), "a version such as 0.3.0", "Check that this is such a record.", line)
    elif late:
        mend = "Ask for it in an older version, or use a newer version of Ascent."
        desk.problem(where, f"the schema version {version}", "0.3 or older", mend, line)


def _about(desk: JsonDesk, file: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """What every score of the record shares, its row of `sources`, and whether the record is our own export."""
    meta = desk.object(file.get("source_metadata"), "source_metadata", required=True)
    info = desk.object(file.get("model_info"), "model_info", required=True)
    more = desk.object(meta.get("additional_details"), "source_metadata.additional_details")
    model = desk.text(info.get("name"), "model_info.name") or desk.text(info.get("id"), "model_info.id")
    if model is None and (model := desk.options.model) is None:
        mend = "Say whose results they are with --model."
        desk.problem("model_info.name", "no model", "the model's name", mend)
    evaluator = desk.text(meta.get("source_organization_name"), "source_metadata.source_organization_name")
    evaluator = None if evaluator in (None, UNKNOWN) else evaluator
    relation = meta.get("evaluator_relationship")
    desk.one_of(relation, "source_metadata.evaluator_relationship", list(RELATIONS), required=True)
    own = OWN + "export" in more
    name = desk.text(meta.get("source_name"), "source_metadata.source_name")
    address = desk.text(meta.get("source_organization_url"), "source_metadata.source_organization_url")
    retrieved = desk.day(file.get("retrieved_timestamp"), "retrieved_timestamp")
    # A tool is no origin: where nobody is named beside it, the file itself is.
    said = None if name in HARNESSES and evaluator is None else name or evaluator or "Every Eval Ever"
    source = {"source": desk.options.source or said, "title": name or evaluator}
    source |= {"address": address}
    if own:
        source |= {
            key: desk.text(more.get(OWN + key), f"source_metadata.additional_details.{OWN}{key}")
            for key in ("title", "address", "licence")
        }
        told = more.get(OWN + "redistributable")
        source["redistributable"] = None if told is None else told == "true"
    source["title"] = source["title"] or source["source"]
    published = desk.text(more.get(OWN + "published"), "published") if own else retrieved
    about = {
        "model": model,
        "evaluator": evaluator,
        "relation": RELATIONS.get(relation if isinstance(relation, str) else ""),
        "published": desk.options.published or published,
        "day": desk.day(file.get("evaluation_timestamp"), "evaluation_timestamp"),
        "platform": desk.text(info.get("inference_platform"), "model_info.inference_platform"),
        "tool": _tool(desk, file),
        "origin": name,
        "own": own,
    }
    return about, source, own


def _tool(desk: JsonDesk, file: Mapping[str, Any]) -> str | None:
    library = desk.object(file.get("eval_library"), "eval_library")
    name = desk.text(library.get("name"), "eval_library.name")
    version = desk.text(library.get("version"), "eval_library.version")
    if name in (None, UNKNOWN):
        return None
    return name if version in (None, UNKNOWN) else f"{name} {version}"


def _metric(result: Mapping[str, Any]) -> str | None:
    """The metric of a result, by its family where that is told: an id may name the evaluation as well."""
    config = result.get("metric_config")
    told = config if isinstance(config, dict) else {}
    names = (told.get(key) for key in ("metric_kind", "metric_id", "metric_name"))
    plain = next((name.strip() for name in names if isinstance(name, str) and name.strip()), None)
    said = told.get("evaluation_description")  # older records have the metric there, others whole sentences
    name = said if plain is None and isinstance(said, str) and _WORD.fullmatch(said) else plain
    return name and name.encode("utf-8", "replace").decode()


def _chosen(desk: JsonDesk, results: list[Any]) -> set[int]:
    """Which results count: of each evaluation those in its first metric; those of our export all count."""
    metrics: dict[str, set[str]] = {}
    told: dict[int, tuple[str, str]] = {}
    own: set[int] = set()
    for at, result in enumerate(results):
        if not isinstance(result, dict):
            desk.problem(f"evaluation_results[{at}]", kind(result), "an object", "Correct the record.")
            continue
        name, metric = str(result.get("evaluation_name")), (_metric(result) or "")
        if OWN + "row" in desk.object(
            desk.object(result.get("score_details"), "score_details").get("details"), "details"
        ):
            own.add(at)
        told[at] = name, metric
        metrics.setdefault(name, set()).add(metric)
    first = {name: min(found, key=_rank) for name, found in metrics.items()}
    return {at for at, (name, metric) in told.items() if at in own or metric == first[name]}


def _wholes(results: list[Any]) -> set[str]:
    """What has a result called overall: `MMLU-Pro` of `MMLU-Pro (overall)`."""
    names = (str(result.get("evaluation_name")) for result in results if isinstance(result, dict))
    return {match[1].strip() for name in names if (match := _OVERALL.fullmatch(name.strip()))}


def _is_part(name: str, wholes: set[str]) -> bool:
    """Whether a result is one of several that an overall one of the record is made of."""
    if _OVERALL.fullmatch(name.strip()):
        return False
    lowered = name.strip().casefold()
    return any(lowered.startswith(whole.casefold()) and len(lowered) > len(whole) for whole in wholes)


def _rank(metric: str) -> tuple[int, str]:
    plain = metric.lower()
    return (ORDER.index(plain) if plain in ORDER else len(ORDER)), metric


def _score(desk: JsonDesk, result: dict[str, Any], where: str, about: Mapping[str, Any]) -> dict[str, Any] | None:
    benchmark = desk.text(result.get("evaluation_name"), f"{where}.evaluation_name", required=True)
    config = desk.object(result.get("metric_config"), f"{where}.metric_config", required=True)
    details = desk.object(result.get("score_details"), f"{where}.score_details", required=True)
    low, high = (_end(desk, config.get(end), f"{where}.metric_config.{end}") for end in ("min_score", "max_score"))
    unit = desk.text(config.get("metric_unit"), f"{where}.metric_config.metric_unit")
    unit = _unit(unit, low, high) or _metric(result) or "score"
    score = desk.number(details.get("score"), f"{where}.score_details.score", low, high, required=True)
    data = desk.object(result.get("source_data"), f"{where}.source_data")
    if score is None or benchmark is None:
        return None
    if not about["own"] and (match := _OVERALL.fullmatch(benchmark)):
        benchmark = match[1].strip()
    if (about["tool"] or about["origin"] or "").startswith("inspect"):
        benchmark = desk.text(data.get("dataset_name"), f"{where}.source_data.dataset_name") or benchmark
    whole = SHARES.get(unit, 1.0)
    if unit in SHARES and not (low if low is not None and low < 0 else 0.0) <= score <= whole:
        mend = "Declare the unit and the bounds that the score is in."
        desk.problem(f"{where}.score_details.score", f"{score:g}", f"a share in {unit}, up to {whole:g}", mend)
        return None
    doubt = desk.object(details.get("uncertainty"), f"{where}.score_details.uncertainty")
    se, n = _error(desk, doubt, f"{where}.score_details.uncertainty")
    n = n or desk.whole(data.get("samples_number"), f"{where}.source_data.samples_number", low=1)
    day = desk.day(result.get("evaluation_timestamp"), f"{where}.evaluation_timestamp") or about["day"]
    return {
        "model": about["model"],
        "benchmark": benchmark if about["own"] else known_benchmark(benchmark),
        "setting": _setting(desk, result, where, about),
        "score": score / whole,
        "scale": "raw",
        "unit": "fraction" if unit in SHARES else unit,
        "se": se / whole if se else None,
        "n": n,
        "evaluated": day,
        "evaluator": about["evaluator"],
        "relation": about["relation"],
    }


def _end(desk: JsonDesk, value: Any, where: str) -> float | None:
    return _ENDS[value] if isinstance(value, str) and value in _ENDS else desk.number(value, where)


def _unit(told: str | None, low: float | None, high: float | None) -> str | None:
    """The unit in our words: as told, else by the bounds that the record declares."""
    if told is not None:
        return _UNITS.get(told.casefold(), told)
    if low != 0:
        return None
    return "fraction" if high == 1 else "percent" if high == 100 else None


def _error(desk: JsonDesk, doubt: Mapping[str, Any], where: str) -> tuple[float | None, int | None]:
    """Standard error and number of items."""
    n = desk.whole(doubt.get("num_samples"), f"{where}.num_samples", low=1)
    told = desk.object(doubt.get("standard_error"), f"{where}.standard_error")
    se = desk.number(told.get("value"), f"{where}.standard_error.value", 0.0)
    interval = desk.object(doubt.get("confidence_interval"), f"{where}.confidence_interval")
    if se is None and interval:
        left = desk.number(interval.get("lower"), f"{where}.confidence_interval.lower", required=True)
        right = desk.number(interval.get("upper"), f"{where}.confidence_interval.upper", required=True)
        level = desk.number(interval.get("confidence_level"), f"{where}.confidence_interval.confidence_level", 0.0, 1.0)
        if left is not None and right is not None and left > right:
            found = f"an interval from {left:g} down to {right:g}"
            mend = "Exchange or correct the ends."
            desk.problem(f"{where}.confidence_interval", found, "low at most as large as high", mend)
        elif left is not None and right is not None and level and level < 1:
            se = (right - left) / (2 * NormalDist().inv_cdf(0.5 + level / 2))
    spread = desk.number(doubt.get("standard_deviation"), f"{where}.standard_deviation", 0.0)
    if se is None and spread and n:
        se = spread / sqrt(n)
    return se, n


def _setting(desk: JsonDesk, result: Mapping[str, Any], where: str, about: Mapping[str, Any]) -> str | None:
    config = desk.object(result.get("generation_config"), f"{where}.generation_config")
    told = desk.object(config.get("generation_args"), f"{where}.generation_config.generation_args")
    more = desk.object(config.get("additional_details"), f"{where}.generation_config.additional_details")
    data = desk.object(result.get("source_data"), f"{where}.source_data")
    limits = desk.object(told.get("eval_limits"), f"{where}.generation_args.eval_limits")
    path = f"{where}.generation_config.generation_args"
    return settings(
        metric=_metric(result),
        shots=next((desk.text(more[key], f"{where}.{key}") for key in _SHOTS if key in more), None),
        effort=next((desk.text(more[key], f"{where}.{key}") for key in _EFFORT if key in more), None),
        reasoning=desk.flag(told.get("reasoning"), f"{path}.reasoning"),
        temperature=desk.number(told.get("temperature"), f"{path}.temperature", 0.0),
        max_tokens=desk.whole(told.get("max_tokens"), f"{path}.max_tokens"),
        token_limit=desk.whole(limits.get("token_limit"), f"{path}.eval_limits.token_limit"),
        split=desk.text(data.get("hf_split"), f"{where}.source_data.hf_split"),
        provider=None if about["platform"] == UNKNOWN else about["platform"],
        library=about["tool"],
    )


def _own(desk: JsonDesk, details: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Columns that our own export could not say in the format's words."""
    names = ("version", "setting", "scale", "unit", "flags", "evaluated", "relation")
    if OWN + "row" not in details:
        return {}
    return {name: desk.text(details.get(OWN + name), f"{where}.{OWN}{name}") for name in names}
