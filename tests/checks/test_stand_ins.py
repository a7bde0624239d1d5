"""Published results whose own data nobody has, computed on public stand-ins that say so."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses import skill_curves
from ascent.catalogue import answer
from ascent.checks.replication import claims, compare
from ascent.core.answer import Result
from ascent.evidence.opening import open_evidence

PHASES = Path(__file__).parents[2] / "docs" / "examples" / "olmo2_phases.csv"


def test_gains_of_phases_add_up_exactly_to_the_published_scores() -> None:
    phases = list(skill_curves.run(open_evidence([PHASES])).sheets()["phases"].rows())
    gains = {str(row["phase"]): round(100 * float(row["gain"] or 0), 1) for row in phases}
    assert list(gains.values()) == [0.0, 43.4, 7.1, 8.0, 2.5]
    assert sum(float(row["gain"] or 0) for row in phases) == pytest.approx(0.851 - 0.241, abs=1e-12)
    assert sum(float(row["compute_flop"] or 0) for row in phases) == pytest.approx(1.82281e23 - 1.733e23)
    per = {str(row["phase"]): row["gain_per_1e21_flop"] for row in phases}
    assert float(per["supervised fine-tuning"] or 0) > 3 * float(per["mid-training"] or 0) > 30 * 0.241 / 173.3


@pytest.mark.real
def test_results_of_the_first_article_are_computed_on_what_stands_in(shared_data: Path) -> None:
    folder = shared_data / "trajectories"
    files = [folder / "pythia_v1_headline.csv", folder / "opt_bloom_final.csv", PHASES]
    evidence = open_evidence(files)
    found, needs = claims()

    def ask(name: str, params: Mapping[str, Any]) -> Result:
        return answer(name, evidence, cache=False, **params)

    for name in ("training-competitor-overlay", "midpoint-lag-never-caught", "training-phase-breakdown"):
        line = compare(found[name], evidence, ask, needs)
        assert all(one.verdict == "computed" for one in line.readings), (name, [one.why for one in line.readings])
    overlay = compare(found["training-competitor-overlay"], evidence, ask, needs)
    assert "say nothing of Claude 3" in overlay.why or "says nothing of Claude 3" in overlay.why
