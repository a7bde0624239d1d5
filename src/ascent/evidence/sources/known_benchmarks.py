"""The benchmarks that come with the package, by their letters: what a harness calls hellaswag is HellaSwag."""

from functools import cache

from ascent.evidence.names import normalise
from ascent.evidence.sources.epoch_tables import register


def known_benchmark(name: str) -> str:
    """The known benchmark of the same letters, whatever its case, spaces and hyphens; else the name itself.

    Nothing else is taken for the same: subsets, versions and other names wait for a person (`ascent evidence names`).

    >>> known_benchmark("hellaswag"), known_benchmark("gpqa_diamond"), known_benchmark("hellaswag_da")
    ('HellaSwag', 'GPQA diamond', 'hellaswag_da')
    """
    return _known().get(normalise(name), name)


@cache
def _known() -> dict[str, str]:
    return {normalise(name): name for name in register().benchmarks}
