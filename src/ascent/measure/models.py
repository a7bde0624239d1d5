"""One line of facts per model, from all that is claimed about it and its versions."""

from collections.abc import Iterable, Sequence
from typing import Any

from ascent.evidence.evidence import Evidence

FACTS = ("name", "organization", "country", "access", "released", "training_compute_flop")


def model_facts(evidence: Evidence, models: Iterable[str], names: Sequence[str] = FACTS) -> dict[str, dict[str, Any]]:
    """Facts of each model by name: released, organization, country, access, training_compute_flop, or `names`.

    A model's own rows come first; where they are silent, rows of the versions that its scores name. Of several claims
    for one fact the latest published wins, and among equals the first.
    """
    table = evidence.table("models")
    claims: dict[str, list[tuple[str, tuple[Any, ...]]]] = {}
    columns = [table[name] for name in ("model", "published", *names)]
    for model, published, *values in zip(*columns, strict=True):
        claims.setdefault(str(model), []).append((str(published or ""), tuple(values)))
    scores = evidence.table("scores")
    versions: dict[str, dict[str, None]] = {}
    for model, version in zip(scores["model"], scores["version"], strict=True):
        if version is not None and version != model:
            versions.setdefault(str(model), {})[str(version)] = None
    found = {}
    for model in models:
        facts: dict[str, Any] = dict.fromkeys(names)
        for spelling in (model, *versions.get(model, ())):
            for _, claimed in sorted(claims.get(spelling, ()), key=lambda claim: claim[0], reverse=True):
                for fact, value in zip(names, claimed, strict=True):
                    if facts[fact] is None:
                        facts[fact] = value
        found[model] = facts
    return found
