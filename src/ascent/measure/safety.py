"""Which benchmarks measure safety, refusal or truthfulness, and which way is good.

A benchmark whose domain is "safety" is one. Others are known by name; the list is stated here and is short on purpose.
"""

import re
from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import benchmark_facts

# Part of the name, letters and digits only: kind, and whether a higher score is better.
KNOWN: dict[str, tuple[str, bool | None]] = {
    "strongreject": ("jailbreak resistance", False),  # share of harmful answers that help
    "harmbench": ("jailbreak resistance", None),  # attack success rate in some reports, share withstood in others
    "advbench": ("jailbreak resistance", False),
    "jailbreakbench": ("jailbreak resistance", False),
    "agentharm": ("jailbreak resistance", False),
    "xstest": ("refusal", True),  # right reaction to safe and unsafe requests
    "orbench": ("refusal", False),  # refusals of harmless requests
    "wildguard": ("refusal", True),
    "airbench": ("refusal", True),
    "truthfulqa": ("truthfulness", True),
    "simpleqahallucination": ("truthfulness", False),
    "simpleqanotattempted": ("refusal", True),
    "hallucination": ("truthfulness", False),
    "mask": ("honesty", True),
    "bbq": ("bias", True),
    "safety": ("safety", True),
}
WHOLE = ("mask", "bbq")  # names so short that they count only as a whole
REFUSALS = "refusals among attempts"


@dataclass(frozen=True)
class SafetyMetric:
    """One benchmark that measures safety.

    higher_is_better  None where nobody says
    stated            whether the evidence calls it safety, rather than our list
    """

    benchmark: str
    kind: str
    higher_is_better: bool | None
    stated: bool


def safety_metrics(evidence: Evidence) -> dict[str, SafetyMetric]:
    """Safety metrics among the benchmarks that have scores, by benchmark; see the list `KNOWN`."""
    facts = benchmark_facts(evidence)
    table = evidence.table("benchmarks")
    ways: dict[str, bool] = {}
    for name, higher in zip(table["benchmark"], table["higher_is_better"], strict=True):
        if higher is not None:
            ways.setdefault(str(name), bool(higher))
    found = {}
    for name in sorted({str(name) for name in evidence.table("scores")["benchmark"]}):
        stated = (facts[name].domain or "").casefold() == "safety" if name in facts else False
        known = _known(name)
        if stated or known:
            kind, higher = known or ("safety", None)
            found[name] = SafetyMetric(name, kind, ways.get(name, higher), stated)
    return found


def _known(name: str) -> tuple[str, bool | None] | None:
    """Kind and direction of a name on the list.

    >>> _known("StrongREJECT (no jailbreak)"), _known("MMLU"), _known("BBQ")
    (('jailbreak resistance', False), None, ('bias', True))
    """
    plain = re.sub(r"[^a-z0-9]", "", name.casefold())
    for key, about in KNOWN.items():
        if plain == key or (key not in WHOLE and key in plain):
            return about
    return None
