"""Scores without their items: what two sides scored, each with the items or the standard error that were told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ascent.evidence.evidence import Evidence
from ascent.measure.set_ups import level

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ToldScores:
    """Scores of sides on one benchmark, of one model where its prompts, providers, ... are the sides.

    score, items, error  (side,)  0 to 1; NaN where not told, never both items and error
    claims               (side,)  how many were told; of several the median counts
    """

    benchmark: str
    model: str
    sides: tuple[str, ...]
    score: Floats
    items: Floats
    error: Floats
    claims: NDArray[np.intp]

    def spread(self, names: Sequence[str]) -> tuple[Floats, Floats, Floats, NDArray[np.intp]]:
        """Score, items, error and claims in the order of these sides; NaN and 0 for a side that has none."""
        at = [self.sides.index(name) if name in self.sides else -1 for name in names]
        blank = np.append(np.nan, [])
        return (*(np.append(part, blank)[at] for part in (self.score, self.items, self.error)),
                np.append(self.claims, 0)[at])  # type: ignore[return-value]  # fmt: skip


def told_scores(
    parts: Sequence[tuple[str, Evidence]], *, benchmark: str = "", by: str = "model", model: str = ""
) -> list[ToldScores]:
    """Scores by benchmark (and model), in the order of names, where at least two sides have one.

    parts             one evidence per side, or one of an empty name within which sides are compared
    benchmark, model  these only
    by                what the sides are within one evidence: models, or what the column setting says: `scaffold=...`

    Fractions only, raw ones; where a score tells neither items nor error, the benchmark's number of items stands in.
    """
    found: dict[tuple[str, str], dict[str, list[tuple[float, float, float]]]] = defaultdict(lambda: defaultdict(list))
    for name, evidence in parts:
        facts = (evidence.table("benchmarks")[c] for c in ("benchmark", "items"))
        whole = {str(b): n for b, n in zip(*facts, strict=True) if n}
        table = evidence.table("scores")
        columns = [table[c] for c in ("model", "benchmark", "score", "unit", "scale", "n", "se", "setting")]
        for who, bench, score, unit, scale, n, error, setting in zip(*columns, strict=True):
            if unit not in (None, "fraction") or scale not in (None, "raw"):
                continue
            if benchmark not in ("", bench) or model not in ("", who):
                continue
            n = n or whole.get(str(bench))
            side = name or (str(who) if by == "model" else level(str(setting or ""), by))
            if score is None or not 0 <= float(score) <= 1 or not (n or error) or side is None:
                continue
            key = str(bench), "" if name or by == "model" else str(who)
            found[key][side].append((float(score), float(n or "nan"), float(error or "nan")))
    tables = []
    for bench, who in sorted(found):
        own = found[bench, who]
        sides = tuple(sorted(own)) if len(parts) == 1 else tuple(n for n, _ in parts if n in own)
        if len(sides) < 2:
            continue
        middle = [[_median([claim[k] for claim in own[side]]) for side in sides] for k in range(3)]
        score, items, error = (np.array(values) for values in middle)
        claims = np.array([len(own[side]) for side in sides], dtype=np.intp)
        tables.append(ToldScores(bench, who, sides, score, items, error, claims))
    return tables


def _median(values: list[float]) -> float:
    told = [value for value in values if value == value]  # NaN is not equal to itself
    return median(told) if told else float("nan")


def file_names(sources: Sequence[Evidence]) -> list[str]:
    """A name for the side of every file: its one model, else the file; none where there is one set of results only."""
    if len(sources) < 2:
        return [""]
    models = [sorted({str(model) for model in one.table("scores")["model"]}) for one in sources]
    names = [told[0] if len(told) == 1 else one.label for told, one in zip(models, sources, strict=True)]
    return names if len(set(names)) == len(names) else [f"{name}, {word}" for name, word in
                                                         zip(names, ("first", "second"), strict=False)]  # fmt: skip


def held(sources: Sequence[Evidence]) -> str:
    """What each of the sources has, for a refusal that helps: its benchmarks, as attempts or as scores."""
    told = []
    for one in sources:
        of = {
            kind: sorted({str(name) for name in one.table(kind)["benchmark"] if name})
            for kind in ("attempts", "scores")
        }
        parts = [f"{kind} at {', '.join(names[:3])}" for kind, names in of.items() if names]
        told.append(f"{' and '.join(parts) or 'neither'} in {one.label}")
    return "; ".join(told)


def strongest(score: Floats, most: int, keep_first: bool) -> NDArray[np.intp]:
    """Places of the sides with the highest mean score over benchmarks, in their own order.

    score       (benchmark, side)  NaN where a side has none
    keep_first  whether the first side stays whatever its score
    """
    there = np.isfinite(score)
    with np.errstate(all="ignore"):
        mean = np.where(there, score, 0.0).sum(axis=0) / there.sum(axis=0)
    mean = np.where(np.isfinite(mean), mean, -1.0)
    if keep_first:
        mean[0] = np.inf
    return np.sort(np.argsort(-mean, kind="stable")[:most])


def most_told(listed: Sequence[ToldScores]) -> list[ToldScores]:
    """Those of the one benchmark that has most scores."""
    sizes = {one.benchmark: 0 for one in listed}
    for one in listed:
        sizes[one.benchmark] += len(one.sides)
    most = max(sizes, key=lambda name: (sizes[name], name))
    return [one for one in listed if one.benchmark == most]
