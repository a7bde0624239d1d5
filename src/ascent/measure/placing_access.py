"""Which benchmarks only their makers can run, because the questions are kept from the public.

Facts of our own, each with its source; a benchmark that is not here is taken for one that anybody can run. A name that
says so itself ("... private") counts as well.
"""

from dataclasses import dataclass

from ascent.evidence.names import normalise


@dataclass(frozen=True)
class Private:
    """Why a benchmark cannot be run by others.

    reason  in words
    source  address of what says so
    """

    reason: str
    source: str


# By the start of the benchmark's normal form, so that versions and tiers are found too.
PRIVATE = {
    "frontiermath": Private(
        "its problems are unpublished; Epoch AI runs it, and may not pass them on",
        "https://epoch.ai/blog/openai-and-frontiermath",
    ),
    "simplebench": Private(
        "all but ten of its questions are kept private; its makers run it", "https://epoch.ai/benchmarks/simplebench"
    ),
    "arc-agi": Private(
        "its scores are of a semi-private set that ARC Prize runs; results on the public set are not the same",
        "https://arcprize.org/policy",
    ),
    "deepresearch bench": Private(
        "all but a few of its tasks are held out; FutureSearch runs it", "https://epoch.ai/benchmarks/deepresearchbench"
    ),
    "weirdml": Private("13 of its 19 tasks are hidden; its maker runs it", "https://aiwiki.ai/wiki/weirdml"),
}
SAYS_SO = Private("its name says that it is private", "")


def private(benchmark: str) -> Private | None:
    """Why only its makers can run a benchmark; None where anybody can, as far as known.

    >>> private("ARC-AGI-2").source, private("ARC AI2"), private("Our private exam").reason
    ('https://arcprize.org/policy', None, 'its name says that it is private')
    """
    spelled = normalise(benchmark)
    for start, why in PRIVATE.items():
        if spelled.startswith(normalise(start)):
            return why
    return SAYS_SO if "private" in spelled.replace("-", " ").split() else None
