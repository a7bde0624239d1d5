"""Developers' scores beside independent ones: the two published claims about o3, a planted difference, none planted."""

import numpy as np
import pytest

from ascent.analyses.score_provenance import Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES


def planted(extra: float, models: int = 40, seed: int = 0) -> Evidence:
    rng = np.random.default_rng(seed)
    rows = []
    for model in range(models):
        lean = rng.normal(0, 0.02)
        for benchmark in ("A", "B", "C"):
            base = rng.uniform(0.2, 0.8)
            for relation, value in (("independent", base), ("first party", base + extra + lean)):
                score = float(value + rng.normal(0, 0.02))
                rows.append(
                    {"model": f"M{model}", "benchmark": benchmark, "score": score, "unit": "fraction",
                     "relation": relation, "source": "here"}
                )  # fmt: skip
    return Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "planted", "2026-01-01")


def test_both_claims_about_o3_on_frontiermath_stand_as_two_records() -> None:
    """About 25 % by the developer, 18.7 % by Epoch (seed 03-12 and its sources)."""
    pairs = run(open_evidence([])).sheets()["pairs"]
    (pair,) = [
        row for row in pairs.rows() if row["model"] == "o3" and str(row["benchmark"]).startswith("FrontierMath-2025")
    ]
    assert pair["first_party"] == pytest.approx(25, abs=0.5)
    assert pair["independent"] == pytest.approx(18.7, abs=0.1)


def test_a_planted_difference_is_found_and_said() -> None:
    answer = run(planted(0.03))
    low, mid, high = (answer.sheets()["by_benchmark"][name] for name in ("low", "mid", "high"))
    assert all(a < 3.0 < b for a, b in zip(low, high, strict=True)) and abs(np.mean(mid) - 3.0) < 1
    assert answer.headline().startswith("Developers' own scores are higher than")
    assert run(planted(-0.03)).headline().startswith("Developers' own scores are lower than")


def test_no_difference_is_claimed_where_there_is_none() -> None:
    said = [run(planted(0.0, seed=seed)).headline() for seed in range(100)]
    wrong = sum("not clearly apart" not in sentence for sentence in said)
    assert wrong <= 20  # nominal 10 of 100; more than 20 has a chance below 0.002
    assert wrong >= 2  # an interval that never errs would be too wide: chance below 0.001


def test_too_few_models_are_refused() -> None:
    with pytest.raises(TooLittleEvidence, match="5 models with both"):
        run(planted(0.0, models=4))
    with pytest.raises(TooLittleEvidence):
        run(planted(0.0), Params(benchmark="Nothing"))
