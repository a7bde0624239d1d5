"""The benchmarks that come with the package, by their letters: what a harness calls hellaswag is HellaSwag."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from ascent.evidence.names import normalise
from ascent.evidence.sources.epoch_tables import register


def known_benchmark(name: str) -> str:
    """The known benchmark of the same letters, whatever its case, spaces and hyphens; else the name itself.

    Nothing else is taken for the same: subsets, versions and other names wait for a person (`ascent evidence names`).

    >>> known_benchmark("hellaswag"), known_benchmark("gpqa_diamond"), known_benchmark("hellaswag_da")
    ('HellaSwag', 'GPQA diamond', 'hellaswag_da')
    """
    return _known().get(normalise(name), name)


def known_rows(names: Iterable[str]) -> list[dict[str, Any]]:
    """Rows of `benchmarks` for those of these names that are known: chance, items, ceiling; of others nothing is said.

    >>> [row["benchmark"] for row in known_rows(["HellaSwag", "my own"])]
    ['HellaSwag']
    """
    found = sorted(set(names) & set(register().benchmarks))
    units = ("fraction" if (entry := register().benchmarks[name]).is_share else entry.unit for name in found)
    rows = [register().benchmark_row(name, unit, "") for name, unit in zip(found, units, strict=True)]
    return [{**row, "source": None} for row in rows]


@cache
def _known() -> dict[str, str]:
    return {normalise(name): name for name in register().benchmarks}
