"""The picture the snapshot gives is the published one: its index against the values Epoch published in April 2026."""

import csv
import statistics
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from ascent.evidence.snapshot_reading import bundled
from ascent.model.irt_published import fit_published, to_index


def index_of(claims: dict[tuple[str, str], list[float]]) -> dict[str, float]:
    """Claude 3.5 Sonnet = 130, GPT-5 = 150; the median where a cell has several claims."""
    models = list(dict.fromkeys(model for model, _ in claims))
    benchmarks = list(dict.fromkeys(benchmark for _, benchmark in claims))
    model = np.array([models.index(name) for name, _ in claims])
    benchmark = np.array([benchmarks.index(name) for _, name in claims])
    score = np.clip([statistics.median(values) for values in claims.values()], 0.001, 0.999)
    fit = fit_published(model, benchmark, score, pinned=benchmarks.index("Winogrande"), draws=0)
    offset, step = to_index(fit.capability, models.index("Claude 3.5 Sonnet"), models.index("GPT-5"))
    return dict(zip(models, (offset[0] + step[0] * fit.capability[0]).tolist(), strict=True))


def published(data: Path) -> dict[str, float]:
    with (data / "eci/2026-05/epoch_capabilities_index.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {row["Model version"].strip(): row["ECI Score"] for row in csv.DictReader(file)}
    with (data / "eci/2026-05/eci_benchmarks.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["model"]: row["model_version"].strip() for row in csv.DictReader(file)}
    return {model: float(values[version]) for model, version in names.items() if values.get(version)}


@pytest.mark.real
def test_the_index_of_the_snapshot_agrees_with_the_published_one(shared_data: Path) -> None:
    tables, _, _ = bundled()
    chance = dict(zip(tables["benchmarks"]["benchmark"], tables["benchmarks"]["chance"], strict=True))
    claims: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in tables["scores"].rows():
        guess = float(chance[row["benchmark"]] or 0)
        claims[str(row["model"]), str(row["benchmark"])].append((float(row["score"] or 0) - guess) / (1 - guess))
    ours, theirs = index_of(claims), published(shared_data)
    both = sorted(set(ours) & set(theirs))
    mine, said = np.array([ours[name] for name in both]), np.array([theirs[name] for name in both])
    assert len(both) >= 150
    assert np.corrcoef(mine, said)[0, 1] > 0.99
    assert abs(np.mean(mine - said)) < 0.5 and np.std(mine - said) < 2.0  # the numbers on the method page, rounded up
    # mutant: every tenth model's scores read in the wrong unit
    slipped = set(both[::10])
    wrong = {cell: [v / 100 for v in values] if cell[0] in slipped else values for cell, values in claims.items()}
    bad = index_of(wrong)
    assert np.std(np.array([bad[name] for name in both]) - said) > 2.0
