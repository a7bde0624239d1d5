"""Capability over compute and date: planted slopes found, intervals cover, groups matter, reading it sideways."""

import numpy as np
import pytest

from ascent.core.draws import MASS, interval
from ascent.evidence.evidence import Evidence
from ascent.model.capability_compute import CapabilityCompute, capability_and_compute, fit_plane

LEVEL, DECADE, YEAR = 120.0, 10.0, 9.0


def world(seed: int, *, models: int = 80, labs: int = 20, luck: float = 4.0, draws: int = 200) -> CapabilityCompute:
    """Models of a known plane; labs differ for good by `luck` points and keep to a few years and amounts."""
    rng = np.random.default_rng(seed)
    maker = np.sort(rng.integers(0, labs, models))
    year = rng.uniform(2021, 2026, labs)[maker] + rng.uniform(-1, 1, models)
    log_flop = 24 + 0.5 * (year - 2024) + rng.normal(0, 0.7, models)
    true = LEVEL + DECADE * (log_flop - 24) + YEAR * (year - 2024) + luck * rng.standard_normal(labs)[maker]
    true += rng.normal(0, 2, models)
    seen = true + rng.normal(0, 1.5, (draws + 1, models))
    names = tuple(f"m{k}" for k in range(models))
    return CapabilityCompute(
        names, names, names, year, log_flop, np.full(models, 3.0), maker.astype(np.intp), seen - seen[0] + true
    )


def covered(grouped: bool, worlds: int = 150) -> dict[str, float]:
    hits = []
    for seed in range(worlds):
        known = world(seed)
        if not grouped:
            known.maker[:] = np.arange(len(known.maker))
        plane = fit_plane(known, reference=2024.0, seed=seed)
        ends = [interval(part) for part in (plane.per_decade, plane.per_year, plane.yearly())]
        hits.append([low <= true <= high for (low, _, high), true in zip(ends, (DECADE, YEAR, 0.9), strict=True)])
    return dict(zip(("decade", "year", "software"), np.mean(hits, axis=0), strict=True))


def test_intervals_cover_and_the_mutant_without_groups_does_not() -> None:
    ours, mutant = covered(True), covered(False)
    assert all(MASS - 0.08 <= share <= MASS + 0.06 for share in ours.values()), ours
    assert mutant["year"] < ours["year"] - 0.05, (ours, mutant)


def test_reading_sideways_inverts_the_plane() -> None:
    plane = fit_plane(world(3), reference=2024.0)
    compute = np.array([22.0, 25.5])
    capability = plane.level[:, None] + plane.per_decade[:, None] * (compute - plane.centre)
    assert np.allclose(plane.implied(capability), compute)


def test_slopes_equal_plain_least_squares() -> None:
    known = world(5)
    plane = fit_plane(known, reference=2024.0)
    design = np.stack([np.ones(80), known.log_flop - plane.centre, known.year - 2024.0], axis=1)
    direct = np.linalg.lstsq(design, known.capability[0], rcond=None)[0]
    assert [plane.level[0], plane.per_decade[0], plane.per_year[0]] == pytest.approx(direct.tolist())


def test_it_joins_scores_and_compute_by_name(tiny_evidence: Evidence) -> None:
    with pytest.raises(Exception, match="12 models with both"):
        capability_and_compute(tiny_evidence, draws=5)
