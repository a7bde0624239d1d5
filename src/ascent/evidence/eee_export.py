"""Scores and attempts as Every Eval Ever records: data/{benchmark}/{developer}/{model}/{uuid}.json and its samples.

Each record is valid by the shared schema (0.3.0). What the schema has no field for (settings, flags, half-known dates,
how an attempt was made) stands in its free details under keys that begin with `ascent.`, so that reading the export
gives the rows it was made of. A record that exists because of attempts alone has their mean as its result, marked as
such. Questions, answers and prompts are not in the evidence, so those fields are empty. Names of files are made of
their content: equal evidence, equal files.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ascent.core.dates import span
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.files import atomic_write, sha256
from ascent.core.tables import Cell
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.every_eval_ever_samples import NUMBERS, TEXTS
from ascent.evidence.sources.every_eval_ever_words import DERIVED, OWN, UNKNOWN, VERSION

Row = Mapping[str, Any]
_RELATION = {"first party": "first_party", "independent": "third_party"}
_OPEN = {"open": "open_weights", "api": "closed_weights", "clos": "closed_weights", "host": "closed_weights"}
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?|data", re.IGNORECASE)
_SCORE_TEXTS = ("version", "setting", "scale", "unit", "flags", "evaluated", "relation")
_LONGEST = 120  # characters of one part of a path
_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # of every member: equal evidence, equal archive


def export_eee(evidence: Evidence, target: Path) -> dict[str, int]:
    """Write scores and attempts as records below the folder `target`, or to one archive where it ends in `.zip`.

    returns  rows by file

    Raises TooLittleEvidence where there is neither, WrongUse where the folder already holds something.
    """
    files, rows = records(evidence)
    if not files:
        raise TooLittleEvidence(
            need="scores or attempts", have="neither", fix="add results with `ascent evidence add PATH`"
        )
    if target.suffix.lower() == ".zip":
        atomic_write(target, _packed(files))
        return rows
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise WrongUse(f"{target} already holds something; give a new folder or a name ending in .zip.")
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, data)
    return rows


def closed(evidence: Evidence) -> list[str]:
    """Sources of the exported rows whose terms do not allow passing them on, as far as the evidence says."""
    shut = {row["source"] for row in evidence.table("sources").rows() if row["redistributable"] is False}
    used = {source for name in ("scores", "attempts") for source in evidence.table(name)["source"]}
    return sorted(str(source) for source in shut & used)


def records(evidence: Evidence) -> tuple[dict[str, bytes], dict[str, int]]:
    """Content and number of rows by path, in the order of the paths."""
    known = _Known(evidence)
    files: dict[str, bytes] = {}
    rows: dict[str, int] = {}
    for shared, listed in _grouped(
        evidence.table("scores").rows(), ("model", "benchmark", "evaluator", "relation", "source", "published")
    ):
        _put(files, rows, known, shared, [_result(known, row, at) for at, row in enumerate(listed)], listed, [])
    for shared, listed in _grouped(_placed(evidence), ("_model", "_benchmark", "run", "source", "published")):
        about = {**shared, "model": shared["_model"], "benchmark": shared["_benchmark"]}
        _put(files, rows, known, about, [_mean(about, listed)], [], listed)
    order = sorted(files)
    return {name: files[name] for name in order}, {name: rows[name] for name in order if name in rows}


class _Known:
    """What the evidence says of models, benchmarks, runs and sources, by name."""

    def __init__(self, evidence: Evidence) -> None:
        self.models = {str(row["model"]): row for row in evidence.table("models").rows()}
        self.runs = {row["run"]: row for row in evidence.table("runs").rows()}
        self.sources = {row["source"]: row for row in evidence.table("sources").rows()}
        self.lower = {
            row["benchmark"] for row in evidence.table("benchmarks").rows() if row["higher_is_better"] is False
        }
        self.day = evidence.as_of


def _placed(evidence: Evidence) -> Iterable[Row]:
    """Attempts with the model and benchmark of their run where they have none; those without either stay out."""
    runs = {row["run"]: row for row in evidence.table("runs").rows()}
    for row in evidence.table("attempts").rows():
        run: Row = runs.get(row["run"], {})
        model, benchmark = row["model"] or run.get("model"), row["benchmark"] or run.get("benchmark")
        if model and benchmark:
            yield {**row, "_model": model, "_benchmark": benchmark}


def _grouped(rows: Iterable[Row], by: tuple[str, ...]) -> list[tuple[dict[str, Any], list[Row]]]:
    """Rows that share the columns `by`; groups and rows in an order that does not depend on that of the evidence."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        kept = {name: value for name, value in row.items() if name != "recorded"}
        groups.setdefault(tuple(kept.get(name) for name in by), []).append(kept)
    return [
        (dict(zip(by, key, strict=True)), sorted(listed, key=_written))
        for key, listed in sorted(groups.items(), key=lambda group: repr(group[0]))
    ]


def _written(row: Row) -> str:
    """A row as text to sort by and to tell rows apart by; all rows have the same columns in the same order."""
    return repr(list(row.values()))


def _put(
    files: dict[str, bytes], rows: dict[str, int], known: _Known, shared: Row, results: list[dict[str, Any]],
    scores: list[Row], attempts: list[Row],
) -> None:  # fmt: skip
    """Add one record, and its samples where there are attempts."""
    model = str(shared["model"])
    told: Row = known.models.get(model, {})
    maker, _, short = model.partition("/")  # names such as EleutherAI/pythia-70m begin with whose model it is
    developer = _part(str(told.get("organization") or (maker if short else UNKNOWN)).split(", ")[0])
    benchmark, name = _part(str(shared["benchmark"])), _part(short or model)
    record = {
        "schema_version": VERSION,
        "evaluation_id": "",
        "retrieved_timestamp": _moment(shared["published"], known.day),
        "source_metadata": _source(known, shared, "evaluation_run" if attempts else "documentation"),
        "eval_library": _library(known.runs.get(shared.get("run"), {}).get("tool")),
        "model_info": {
            "name": model,
            "id": f"{developer}/{name}",
            "developer": developer,
            "inference_platform": UNKNOWN,
            "additional_details": {
                "deployment_type": UNKNOWN,
                "model_availability": _OPEN.get(str(told.get("access") or "")[:4].lower(), UNKNOWN),
            },
        },
        "evaluation_results": results,
    }
    digest = sha256(_json(record) + "\n".join(map(_written, attempts)).encode("utf-8", "surrogatepass"))
    identity = UUID(bytes=bytes.fromhex(digest)[:16], version=4)
    record["evaluation_id"] = f"{benchmark}/{developer}/{name}/{digest[:16]}"
    path = f"data/{benchmark}/{developer}/{name}/{identity}"
    if attempts:
        lines = [_json(_sample(record, str(shared["benchmark"]), row)) for row in attempts]
        samples = b"".join(line + b"\n" for line in lines)
        files[f"{path}_samples.jsonl"], rows[f"{path}_samples.jsonl"] = samples, len(attempts)
        record["detailed_evaluation_results"] = {
            "format": "jsonl",
            "file_path": f"{path}_samples.jsonl",
            "hash_algorithm": "sha256",
            "checksum": sha256(samples),
            "total_rows": len(attempts),
        }
    files[f"{path}.json"] = _json(record, indent=2) + b"\n"
    if scores:
        rows[f"{path}.json"] = len(scores)


def _source(known: _Known, shared: Row, kind: str) -> dict[str, Any]:
    origin: Row = known.sources.get(shared["source"], {})
    details = {OWN + "export": "1", OWN + "published": shared["published"]}
    details |= {OWN + key: origin.get(key) for key in ("title", "address", "licence")}
    if origin.get("redistributable") is not None:
        details[OWN + "redistributable"] = "true" if origin["redistributable"] else "false"
    meta = {
        "source_type": kind,
        "source_organization_name": shared.get("evaluator") or UNKNOWN,
        "evaluator_relationship": _RELATION.get(str(shared.get("relation")), "other"),
        "additional_details": _texts(details),
    }
    return meta | ({"source_name": shared["source"]} if shared["source"] else {})


def _library(tool: Cell) -> dict[str, str]:
    name, _, version = str(tool or UNKNOWN).rpartition(" ")
    return {"name": name or version, "version": version if name else UNKNOWN}


def _result(known: _Known, row: Row, at: int) -> dict[str, Any]:
    """One score as a result; what only our columns can say stands in its details."""
    share = row["unit"] in (None, "fraction")
    setting = dict(part.split("=", 1) for part in str(row["setting"] or "").split("; ") if "=" in part)
    result = _outline(str(row["benchmark"]), float(row["score"]), share, row["unit"], row["benchmark"] in known.lower)
    result["evaluation_result_id"] = f"result-{at}"
    if "metric" in setting:
        result["metric_config"]["metric_name"] = setting["metric"]
    if row["evaluated"]:
        result["evaluation_timestamp"] = row["evaluated"]
    doubt: dict[str, Any] = {}
    if row["se"] is not None:
        doubt["standard_error"] = {"value": row["se"]}
    if row["n"] is not None:
        doubt["num_samples"] = row["n"]
    details = {OWN + "row": "1", **{OWN + name: row[name] for name in _SCORE_TEXTS}}
    result["score_details"] |= {"details": _texts(details)} | ({"uncertainty": doubt} if doubt else {})
    if setting:
        result["generation_config"] = {"generation_args": _arguments(setting), "additional_details": setting}
    return result


def _outline(name: str, score: float, share: bool, unit: Cell, lower: bool) -> dict[str, Any]:
    ends = [min(0.0, -1.0 if score < 0 else 0.0), max(1.0, score)] if share else ["-Infinity", "Infinity"]
    return {
        "evaluation_name": name,
        "source_data": {"dataset_name": name, "source_type": "other"},
        "metric_config": {
            "lower_is_better": lower, "metric_unit": "proportion" if share else str(unit), "score_type": "continuous",
            "min_score": ends[0], "max_score": ends[1],
        },
        "score_details": {"score": score},
    }  # fmt: skip


def _mean(about: Row, attempts: list[Row]) -> dict[str, Any]:
    """The mean of the attempts that have a score: the schema wants a result in every record."""
    scored = [float(row["success"]) for row in attempts if row["success"] is not None]
    result = _outline(str(about["benchmark"]), sum(scored) / len(scored) if scored else 0.0, True, None, False)
    result["evaluation_result_id"] = "result-0"
    result["score_details"]["details"] = {DERIVED: "mean of attempts with a score"}
    if scored:
        result["score_details"]["uncertainty"] = {"num_samples": len(scored)}
    return result


def _sample(record: Row, benchmark: str, row: Row) -> dict[str, Any]:
    success = row["success"]
    sample = {
        "schema_version": VERSION,
        "evaluation_id": record["evaluation_id"],
        "model_id": record["model_info"]["id"],
        "evaluation_name": benchmark,
        "evaluation_result_id": "result-0",
        "sample_id": str(row["item"]),
        "interaction_type": "single_turn",
        "input": {"raw": "", "reference": []},
        "output": {"raw": []},
        "answer_attribution": [],
        "evaluation": {"score": success if success is not None else 0.0, "is_correct": success == 1.0},
        "metadata": _texts(
            {OWN + "row": "1", **{OWN + name: row[name] for name in (*TEXTS, *NUMBERS, "epoch")}}
        ),
    }  # fmt: skip
    counts = {name: row[name] for name in ("input_tokens", "output_tokens")}
    if all(value is not None and float(value).is_integer() for value in counts.values()):
        total = row["tokens"] if row["tokens"] is not None else sum(counts.values())
        usage = {**counts, "total_tokens": total}
        sample["token_usage"] = {name: int(value) for name, value in usage.items()}
    if row["seconds"] is not None:
        sample["performance"] = {"latency_ms": row["seconds"] * 1000}
    if success is None:
        sample["error"] = row["error"] or row["state"] or "no score"
    return sample


def _arguments(setting: Mapping[str, str]) -> dict[str, Any]:
    """The part of a setting that the schema has typed fields for."""
    found: dict[str, Any] = {}
    for name, kind in (("temperature", float), ("top_p", float), ("max_tokens", int)):
        try:
            found[name] = kind(setting[name])
        except (KeyError, ValueError):
            continue
    return {name: value for name, value in found.items() if 0 <= value < 1e9 and (name != "max_tokens" or value)}


def _texts(told: Mapping[str, Cell]) -> dict[str, str]:
    """Values as the text that free details must be; numbers keep every digit."""
    return {key: value if isinstance(value, str) else repr(value) for key, value in told.items() if value is not None}


def _moment(published: Cell, otherwise: str) -> str:
    """Seconds since 1970 of the day a row was known, as text."""
    for day in (published, otherwise):
        if day:
            last = span(str(day))[1]
            return str(int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp()))
    return "0"


def _part(name: str) -> str:
    """A name as one part of a path on any system.

    >>> _part("MMLU: law"), _part(".."), _part("con"), _part("data")
    ('MMLU_ law', '_', 'con_', 'data_')
    """
    safe = _UNSAFE.sub("_", name).strip()[:_LONGEST].strip(" .") or "_"
    return safe + "_" if _RESERVED.fullmatch(safe) else safe


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent).encode()


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _SAME_DAY), data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
