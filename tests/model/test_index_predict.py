"""Predictions of scores held out of the real matrix: how near, and how often the range holds them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ascent.evidence.opening import open_evidence
from ascent.measure.score_matrix import score_matrix
from ascent.model.index import Scores, fit_index
from ascent.model.index_matrix import ordered, scores_of
from ascent.model.index_predict import predict_cells
from ascent.model.irt import Penalty, fit_irt, predict
from ascent.model.irt_published import PENALTY, PINNED

HELD = 0.15
REPEATS = 4


def held_out(scores: Scores, rng: np.random.Generator) -> np.ndarray:
    """15 % of the cells, with at least 3 scores left for each model and benchmark."""
    of_model, of_benchmark = np.bincount(scores.model), np.bincount(scores.benchmark)
    held = np.zeros(len(scores.share), dtype=bool)
    for at in rng.permutation(len(held)):
        model, benchmark = scores.model[at], scores.benchmark[at]
        if held.sum() < HELD * len(held) and of_model[model] > 3 and of_benchmark[benchmark] > 3:
            held[at] = True
            of_model[model] -= 1
            of_benchmark[benchmark] -= 1
    return held


@pytest.mark.real
def test_scores_held_out_are_predicted_better_than_by_the_published_estimator_and_held_by_their_ranges(
    shared_data: Path,
) -> None:
    matrix = ordered(score_matrix(open_evidence([shared_data / "eci" / "2026-05"])))
    scores = scores_of(matrix)
    low_anchor, high_anchor = (matrix.models.index(name) for name in ("Claude 3.5 Sonnet", "GPT-5"))
    raw = PENALTY / (len(matrix.models) + 2 * len(matrix.benchmarks) - 1)
    penalty = Penalty(raw=raw, pinned=matrix.benchmarks.index(PINNED))
    ours, theirs, held, narrow, blind = [], [], [], [], []
    for seed in range(REPEATS):
        out = held_out(scores, np.random.default_rng(seed))
        columns = {name: getattr(scores, name)[~out] for name in ("model", "benchmark", "share", "known")}
        train, cells, truth = replace(scores, **columns), (scores.model[out], scores.benchmark[out]), scores.share[out]
        fit = fit_index(train, low_anchor, high_anchor)
        low, mid, high = predict_cells(train, fit.geometry, fit.noise, fit.sharing, *cells)
        published = fit_irt(train.model, train.benchmark, train.share, penalty=penalty)
        at = published.capability[0], published.difficulty[0], published.discrimination[0]
        ours.append(np.abs(mid - truth).mean())
        theirs.append(np.abs(predict(*at)[cells] - truth).mean())
        held.append(((low <= truth) & (truth <= high)).mean())
        narrow.append(((mid + 0.8 * (low - mid) <= truth) & (truth <= mid + 0.8 * (high - mid))).mean())
        unsampled = replace(train, known=np.zeros(len(train.known)))  # the sampling of items forgotten
        low, mid, high = predict_cells(unsampled, fit.geometry, fit.noise, fit.sharing, *cells)
        blind.append(((low <= truth) & (truth <= high)).mean())
    assert np.mean(ours) < np.mean(theirs)
    # About 900 cells in all: 0.90 within twice its standard error of 0.01 for each.
    assert 0.88 <= np.mean(held) <= 0.93
    assert np.mean(narrow) < 0.88
    assert np.mean(blind) < np.mean(held) - 0.02
