"""Intervals of observational-scaling hold families not learned from; the long form has 60 worlds of each kind."""

import os

import observational_study as study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 60 if FULL else 12
SLACK = 0.03 if FULL else 0.08  # of shares of models: those of a family move together
KINDS = tuple(study.WORLDS) if FULL else ("as above",)


@pytest.mark.calibration
@pytest.mark.parametrize("name", KINDS)
def test_the_band_holds_weak_middle_and_strong_models_of_new_families(name: str) -> None:
    """The mutant is a line through the first component of raw scores, one width everywhere: strong models escape it."""
    held = study.shares(name, EACH, scores=False)
    for third in ("weak", "middle", "strong"):
        assert held[f"new, {third}"] > 0.88 - SLACK, (third, held)
        assert 0.88 - SLACK < held[f"left out, {third}"] < 0.95 + SLACK, (third, held)
    assert held["raw component, strong"] < 0.88 - SLACK, held
    if FULL:
        assert 0.82 < held["rise"] < 0.97, held


@pytest.mark.calibration
def test_scores_of_new_families_lie_within_their_intervals_by_benchmark() -> None:
    """The mutant takes the scatter about the fit to the same models; a plain regression misses by more."""
    held: dict[str, list[float]] = {}
    for seed in range(EACH if FULL else 3):
        hits, errors = study.score_hits(seed, draws=60)
        for what, one in hits.items():
            held.setdefault(what, []).extend(map(float, one))
        ours, plain = sum(errors["other scores"]), sum(errors["plain regression"])
        assert ours < plain
    share = {what: sum(one) / len(one) for what, one in held.items()}
    assert 0.88 < share["new by other scores"] < 0.93, share
    assert 0.88 < share["left out by other scores"] < 0.93, share
    assert 0.86 < share["new by compute alone"] < 0.94, share
    assert all(share[f"new, benchmark {at}"] > 0.82 for at in range(8)), share
    assert share["fitted scatter only"] < 0.88, share
