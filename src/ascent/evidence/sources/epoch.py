"""What the readers of Epoch AI's files share: how their facts are credited, and which label a row speaks under."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Options, Original

LICENCE = "CC BY 4.0"
HUB_KEY = "Epoch AI, Benchmarking Hub"  # one origin for all its tables: what they repeat is said once
HUB = "https://epoch.ai/benchmarks"
INDEX = "https://epoch.ai/benchmarks/eci"
MODELS = "https://epoch.ai/data/ai-models"
HARDWARE = "https://epoch.ai/data/machine-learning-hardware"


def stem(original: Original) -> str:
    """The file's name without folder, archive and suffix: what tells one table from another of the same shape.

    >>> stem(Original("benchmark_data.zip/gpqa_diamond.csv", b""))
    'gpqa_diamond'
    """
    return original.name.replace("\\", "/").rsplit("/", 1)[-1].split(".", 1)[0]


def speaker(original: Original, options: Options) -> str:
    """The key of a file in `sources`, for rows that name no other origin."""
    return options.source or f"Epoch AI, {stem(original)}"


def credit(original: Original, options: Options, title: str, address: str, key: str | None = None) -> dict[str, Any]:
    """The `sources` row of an Epoch file itself, under `key` where several files are one origin."""
    return {
        "source": key or speaker(original, options),
        "title": f"Epoch AI, {title}",
        "address": address,
        "licence": LICENCE,
        "redistributable": True,
    }


def cited(labels: Iterable[tuple[str | None, str | None]]) -> list[dict[str, Any]]:
    """One `sources` row for each citation label, with the first address given beside it; their terms are not known."""
    first: dict[str, str | None] = {}
    for label, address in labels:
        if label is not None and first.get(label) is None:
            first[label] = address or (label if label.startswith("http") else None)
    return [{"source": label, "title": label, "address": address} for label, address in first.items()]


def tables(options: Options, **rows: Sequence[Mapping[str, Any]]) -> dict[str, Table]:
    """Rows by table in the schema's columns, with the declared day of publication where a row has none of its own."""
    return {
        name: Table.from_rows(TABLES[name], [{"published": options.published, **row} for row in listed])
        for name, listed in rows.items()
        if listed
    }
