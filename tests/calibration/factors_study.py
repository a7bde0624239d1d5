"""Worlds with a known number of factors, the holes of the bundled matrix, and what is found in them.

Run as a script it prints the tables of docs/method/benchmark-factors.md.
"""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.evidence.opening import open_evidence
from ascent.measure.factor_matrix import FactorMatrix, factor_matrix
from ascent.model.factors import eigen, rotated
from ascent.model.parallel_analysis import components, count_factors, null_shares


def pattern() -> FactorMatrix:
    """The bundled matrix, for its holes, domains and order of models."""
    return factor_matrix(open_evidence([Path("snapshot")]))


def developers(holes: FactorMatrix, kind: str = "real") -> Any:
    """Whose each model is: as in the matrix, or in threes."""
    if kind == "threes":
        return np.arange(len(holes.models)) // 3
    return np.unique(holes.developer, return_inverse=True)[1]


def world(
    holes: FactorMatrix, second: float | None, seed: int, siblings: float = 0.0, kind: str = "real",
    uneven: bool = False, tails: float = 0.0,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Scores with holes, without, and the true correlation of columns.

    second    spread of the loadings on a second factor; 0 for one factor only, None for pure noise
    siblings  share of the residual variance that models of one developer have in common
    kind      developers as in the matrix ("real"), or models in "threes"
    uneven    that share differs: from nothing to twice as much, by developer and benchmark
    tails     degrees of freedom of the residuals, normal at 0
    """
    rng = np.random.default_rng([seed, 3])
    rows, columns = holes.logit.shape
    loadings = np.zeros((columns, 2))
    if second is not None:
        loadings[:, 0] = rng.uniform(0.75, 0.95, columns)
        other = rng.normal(0, second, columns)
        loadings[:, 1] = other - loadings[:, 0] * (loadings[:, 0] @ other) / (loadings[:, 0] @ loadings[:, 0])
    noise = np.maximum(1 - (loadings**2).sum(axis=1), 0.05)
    size = np.sqrt((loadings**2).sum(axis=1) + noise)
    truth = (loadings @ loadings.T + np.diag(noise)) / size / size[:, None]
    factor = rng.standard_normal((rows, 2))
    # Weak models lack the hard benchmarks, as in the matrix the holes are from.
    ability = np.nanmean((holes.logit - np.nanmean(holes.logit, axis=0)) / np.nanstd(holes.logit, axis=0), axis=1)
    factor[np.argsort(ability)] = factor[np.argsort(factor[:, 0] + 0.3 * rng.standard_normal(rows))]
    who = developers(holes, kind)
    own, shared = rng.standard_normal((rows, columns)), rng.standard_normal((who.max() + 1, columns))
    alike = np.full((who.max() + 1, columns), siblings)
    if uneven:
        alike = siblings * rng.uniform(0, 2, (who.max() + 1, 1)) * rng.uniform(0, 2, columns)
    alike = np.minimum(alike, 0.95)[who]
    rest = np.sqrt(1 - alike) * own + np.sqrt(alike) * shared[who]
    if tails:
        rest = rest / np.sqrt(rng.chisquare(tails, (rows, columns)) / (tails - 2))
    whole = (factor @ loadings.T + rest * np.sqrt(noise)) / size
    return np.where(np.isfinite(holes.logit), whole, np.nan), whole, truth


def found(
    holes: FactorMatrix, second: float | None, worlds: int, simulations: int = 99, known: bool = True, **other: Any
) -> list[int]:
    """Factors that the chain of tests finds in each world; the mutant does not know developers."""
    who = developers(holes, other.get("kind", "real")) if known else None
    return [
        count_factors(world(holes, second, seed, **other)[0], groups=who, worlds=simulations, most=3, seed=seed).number
        for seed in range(worlds)
    ]


def textbook(holes: FactorMatrix, worlds: int, simulations: int = 99) -> dict[str, int]:
    """In how many worlds of pure noise the first component of the recipe exceeds the 95th percentile of each noise."""
    tally: dict[str, int] = defaultdict(int)
    limits = {
        kind: np.quantile(null_shares(holes.logit, kind, "published", 2, simulations, seed=1)[:, 0], 0.95)
        for kind in ("noise", "complete")
    }
    for seed in range(worlds):
        matrix = world(holes, None, seed)[0]
        size = components(matrix, "published", 2, worlds=0).size[0]
        for kind, limit in limits.items():
            tally[kind] += bool(size > limit)
    return dict(tally)


def coverage(
    holes: FactorMatrix, second: float, worlds: int, method: str, draws: int = 200, first: int = 0, **other: Any
) -> dict[str, float]:
    """Share of intervals that hold the truth: sizes and weights of two components, domains, and mutants of them."""
    tally: dict[str, list[float]] = defaultdict(list)
    ends = (1 - MASS) / 2, (1 + MASS) / 2
    who = developers(holes, other.get("kind", "real"))
    for seed in range(first, first + worlds):
        matrix, whole, truth = world(holes, second, seed, **other)
        made = components(matrix, method, 2, groups=who, worlds=draws, seed=seed)
        share, weights = (part[..., :2] for part in eigen(truth[None]))
        weights = rotated(weights, made.weights[0])[0]
        low, high = np.quantile(made.share[1:], ends, axis=0)
        inside = (low <= share[0]) & (share[0] <= high)
        middle, half = (low + high) / 2, (high - low) / 4
        narrow = (middle - half <= share[0]) & (share[0] <= middle + half)
        weight_low, weight_high = np.quantile(made.weights[1:], ends, axis=0)
        held = ((weight_low <= weights) & (weights <= weight_high)).mean(axis=0)
        filled = made.filled(matrix, method, seed)
        for k, name in enumerate(("first", "second")):
            tally[f"share of the {name}"].append(float(inside[k]))
            tally[f"share of the {name}, half as wide"].append(float(narrow[k]))
            tally[f"weights of the {name}"].append(float(held[k]))
            tally[f"estimate of the {name}"].append(float(made.share[0, k]))
            tally[f"truth of the {name}"].append(float(share[0, k]))
        domains = []
        for domain in sorted(set(holes.domain)):
            mine = np.array([one == domain for one in holes.domain])
            open_ = np.isnan(matrix[:, mine]).any(axis=1)
            if mine.sum() > 1:
                bottom, top = np.quantile(filled[1:, :, mine].mean(axis=2), ends, axis=0)
                true = whole[:, mine].mean(axis=1)
                domains.append(((bottom <= true) & (true <= top))[open_].mean())
        tally["domains with something missing"].append(float(np.nanmean(domains)))
    return {name: float(np.mean(values)) for name, values in tally.items()}


SIBLINGS: dict[str, dict[str, Any]] = {
    "none": {},
    "half, in threes": {"siblings": 0.5, "kind": "threes"},
    "a quarter, developers as in the matrix": {"siblings": 0.25},
    "half, developers as in the matrix": {"siblings": 0.5},
    "three quarters, developers as in the matrix": {"siblings": 0.75},
    "half, uneven": {"siblings": 0.5, "uneven": True},
    "half, heavy tails": {"siblings": 0.5, "tails": 5.0},
}

if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    holes = pattern()
    print("noise: factors found", np.bincount(found(holes, None, many), minlength=4).tolist())
    print("noise, recipe: first component too large", textbook(holes, many), "of", many)
    for name, with_ in SIBLINGS.items():
        for second in (0.0, 0.3):
            tally = [
                np.bincount(found(holes, second, many, known=known, **with_), minlength=4).tolist()
                for known in (True, False)
            ]
            print(
                f"second {second}, in common: {name}: found {tally[0]}; not knowing developers {tally[1]}", flush=True
            )
    for second in (0.1, 0.2, 0.3):
        if second < 0.3:
            print(f"second factor {second}: found", np.bincount(found(holes, second, many), minlength=4).tolist())
        for name in ("none", "half, developers as in the matrix", "half, uneven"):
            for way in ("observed", "published"):
                told = coverage(holes, second, many, way, first=1000, **SIBLINGS[name])
                print(f"  {second}, {name}, {way}:", "; ".join(f"{what} {value:.3f}" for what, value in told.items()))
                sys.stdout.flush()
