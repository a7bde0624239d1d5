"""MMLU from its subjects, where a file of the lm-evaluation-harness has all of these and no group above them.

Older versions write one task a subject (`hendrycksTest-anatomy`) and leave the mean to the reader; newer ones name the
subjects `mmlu_anatomy` and write a group `mmlu` only where it was asked for. The score is the mean over items: that is
how the authors' own evaluation code averages and how the harness weights its group, by size. Some leaderboards average
over subjects instead, each with the same weight; the note says what that would be.
Source    Hendrycks et al., Measuring Massive Multitask Language Understanding (2021): items of the test set by subject
"""

import math
from collections.abc import Mapping
from typing import Any

GROUP = "mmlu"
PREFIXES = ("hendrycksTest-", "mmlu_")
SIZES = {
    "abstract_algebra": 100, "anatomy": 135, "astronomy": 152, "business_ethics": 100, "clinical_knowledge": 265,
    "college_biology": 144, "college_chemistry": 100, "college_computer_science": 100, "college_mathematics": 100,
    "college_medicine": 173, "college_physics": 102, "computer_security": 100, "conceptual_physics": 235,
    "econometrics": 114, "electrical_engineering": 145, "elementary_mathematics": 378, "formal_logic": 126,
    "global_facts": 100, "high_school_biology": 310, "high_school_chemistry": 203, "high_school_computer_science": 100,
    "high_school_european_history": 165, "high_school_geography": 198, "high_school_government_and_politics": 193,
    "high_school_macroeconomics": 390, "high_school_mathematics": 270, "high_school_microeconomics": 238,
    "high_school_physics": 151, "high_school_psychology": 545, "high_school_statistics": 216,
    "high_school_us_history": 204, "high_school_world_history": 237, "human_aging": 223, "human_sexuality": 131,
    "international_law": 121, "jurisprudence": 108, "logical_fallacies": 163, "machine_learning": 112,
    "management": 103, "marketing": 234, "medical_genetics": 100, "miscellaneous": 783, "moral_disputes": 346,
    "moral_scenarios": 895, "nutrition": 306, "philosophy": 311, "prehistory": 324, "professional_accounting": 282,
    "professional_law": 1534, "professional_medicine": 272, "professional_psychology": 612, "public_relations": 110,
    "security_studies": 245, "sociology": 201, "us_foreign_policy": 100, "virology": 166, "world_religions": 171,
}  # fmt: skip
FEW = 10  # subjects from which on it is worth saying that others lack


def with_mmlu(file: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The file with the group `mmlu` where all subjects are there without one, and what to tell of it; else as it is.

    >>> rows = {f"hendrycksTest-{name}": {"acc": 0.25, "acc_stderr": 0.04} for name in SIZES}
    >>> with_mmlu({"results": rows})[0]["results"]["mmlu"]["acc"]
    0.25
    """
    results = file.get("results")
    if not isinstance(results, dict) or GROUP in results:
        return file, ""
    for prefix in PREFIXES:
        for key in ("acc", "acc,none"):
            there = {name: row for name in SIZES if (row := _row(results, prefix + name, key)) is not None}
            lacking = sorted(SIZES.keys() - there)
            if not lacking:
                return _grouped(file, results, prefix, key, there)
            if len(there) >= FEW:
                text = f"{len(there)} of MMLU's {len(SIZES)} subjects are there, so no score on MMLU is made of them; "
                return file, text + f"lacking: {', '.join(lacking[:5])}{', ...' if len(lacking) > 5 else ''}."
    return file, ""


def _row(results: Mapping[str, Any], task: str, key: str) -> tuple[float, float | None] | None:
    row = results.get(task)
    if not isinstance(row, dict) or not _share(row.get(key)):
        return None
    metric, *filtered = key.split(",")
    error = row.get(",".join([f"{metric}_stderr", *filtered]))
    return row[key], error if _share(error) else None


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _grouped(
    file: Mapping[str, Any], results: Mapping[str, Any], prefix: str, key: str,
    there: Mapping[str, tuple[float, float | None]],
) -> tuple[Mapping[str, Any], str]:  # fmt: skip
    items = {name: _items(file, prefix + name, size) for name, size in SIZES.items()}
    shots, versions = _same(file, "n-shot", prefix), _same(file, "versions", prefix)
    if shots is Ellipsis or None in items.values():
        return file, "MMLU's subjects were asked in several ways, so no score on MMLU is made of them."
    sizes = {name: size for name, size in items.items() if size}
    total = sum(sizes.values())
    mean = sum(size * there[name][0] for name, size in sizes.items()) / total
    row: dict[str, Any] = {key: mean}
    errors = {name: error for name, (_, error) in there.items() if error is not None}
    if len(errors) == len(there):  # subjects are fixed, so only the items within each were drawn
        beside = ",".join(["acc_stderr", *key.split(",")[1:]])
        row[beside] = math.sqrt(sum((size * errors[name]) ** 2 for name, size in sizes.items())) / total
    subtasks = file.get("group_subtasks")
    added: dict[str, Any] = {
        "results": {**results, GROUP: row},
        "group_subtasks": {**(subtasks if isinstance(subtasks, dict) else {}), GROUP: [prefix + n for n in SIZES]},
    }
    for name, value in (("n-samples", {"effective": total}), ("n-shot", shots), ("versions", versions)):
        if value is not None and value is not Ellipsis:
            before = file.get(name)
            added[name] = {**(before if isinstance(before, dict) else {}), GROUP: value}
    flat = sum(score for score, _ in there.values()) / len(there)
    text = (
        f"all {len(SIZES)} subjects of MMLU are there: its score is the mean over {total:,} items, {100 * mean:.1f} % "
        f"(over subjects it would be {100 * flat:.1f} %)."
    )
    return {**file, **added}, text


def _items(file: Mapping[str, Any], task: str, size: int) -> int | None:
    """Items asked: as the file says, else all of them up to its limit; None where that cannot be told."""
    told = file.get("n-samples")
    row = told.get(task) if isinstance(told, dict) else None
    if isinstance(row, dict) and isinstance(row.get("effective"), int):
        return row["effective"] if row["effective"] > 0 else None
    config = file.get("config")
    limit = config.get("limit") if isinstance(config, dict) else None
    if not isinstance(limit, int | float) or isinstance(limit, bool):
        return size
    return min(size, math.ceil(limit * size) if limit < 1 else int(limit)) if limit > 0 else None


def _same(file: Mapping[str, Any], name: str, prefix: str) -> Any:
    """What the file says under `name` of all subjects: None where nothing, Ellipsis where not the same of all."""
    told = file.get(name)
    values = [told.get(prefix + subject) for subject in SIZES] if isinstance(told, dict) else [None]
    return values[0] if all(value == values[0] for value in values) else Ellipsis
