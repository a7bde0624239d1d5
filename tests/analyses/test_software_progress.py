"""Software progress on real facts: what is told, with which scale and range, and what is refused."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from ascent.analyses.software_progress import Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence

MMLU = {"benchmark": "MMLU", "model": "gpt-oss-20b", "base": "GPT-3 175B (davinci)", "score": 0.853}


@pytest.fixture(scope="module")
def snapshot() -> Evidence:
    return open_evidence()


def test_no_factor_is_told_without_its_scale_and_range(snapshot: Evidence, tiny_evidence: Evidence) -> None:
    for evidence in (snapshot, tiny_evidence):
        said = run(evidence, Params(draws=60)).headline()
        assert "FLOP" in said and "90% interval" in said
        bounded = "selection of the models moves it to between" in said
        assert bounded == (evidence is snapshot) and bounded != ("not bounded by these data" in said)
    assert "other fits range from" in run(snapshot, Params(draws=60)).headline()


def test_the_case_of_the_article_reads_as_two_to_five_a_year(snapshot: Evidence) -> None:
    """gpt-oss-20b with its reported MMLU against the GPT models of 2020 to 2023: published as 2 to 5 times a year."""
    rows = list(run(snapshot, Params(draws=60, **MMLU)).sheets()["case_study"].rows())  # type: ignore[arg-type]
    assert [row["base"] for row in rows] == ["GPT-3 175B (davinci)", "GPT-4 (Mar 2023)"]
    assert [round(float(row["mid"] or 0)) for row in rows] == [2, 4]
    assert all(row["low"] <= row["mid"] <= row["high"] for row in rows)  # type: ignore[operator]


def test_errors_in_compute_are_told_to_matter(snapshot: Evidence) -> None:
    answer = run(snapshot, Params(draws=60))
    rate = {
        (row["levels"], row["amounts"], row["errors"]): float(row["mid"] or 0) for row in answer.sheets()["fits"].rows()
    }
    assert rate["one for all", "all", "not allowed for"] > 2 * rate["one for all", "all", "allowed for"]
    assert "errors" in {note.about for note in answer.diagnostics()}


def test_bands_without_enough_behind_them_have_no_interval(snapshot: Evidence) -> None:
    for row in run(snapshot, Params(draws=60)).sheets()["bands"].rows():
        assert (row["low"] is None) == ("too" in str(row["flag"]))
        if row["believed"] and row["band"] != "all believed bands":
            assert row["models"] >= 5 and row["labs"] >= 3 and row["years"] >= 1  # type: ignore[operator]


def test_published_estimates_stand_beside_ours_and_absurd_ones_are_not_drawn(snapshot: Evidence) -> None:
    sheets = run(snapshot, Params(draws=60)).sheets()
    published = {str(row["estimate"]): row for row in sheets["published"].rows()}
    assert "Ho et al. 2024" in published and not any(name.startswith("range") for name in published)
    drawn = [row["estimate"] for row in sheets["forest"].rows() if row["whose"] == "published"]
    assert "Ho et al. 2024" in drawn and "Scher 2025, one threshold" not in drawn
    case = published["gpt-oss-20b against GPT-3 on MMLU"]
    assert case["mid"] == pytest.approx(10**0.5) and (case["low"], case["high"]) == (2, 5)


def test_compute_and_software_share_the_whole_gain_exactly(snapshot: Evidence) -> None:
    answer = run(snapshot, Params(draws=60))
    rows = [row for row in answer.sheets()["decomposition"].rows() if row["mid"] is not None]
    assert str(rows[0]["reading"]).startswith("MAIN")
    for row in rows:
        for end, other in (("low", "high"), ("mid", ""), ("high", "low")):
            rest = row[f"software_{other}" if other else "software"]
            assert float(row[end] or 0) + float(rest or 0) == pytest.approx(100, abs=1e-9)
        parts = float(row["compute_points"] or 0) + float(row["software_points"] or 0)
        assert parts == pytest.approx(float(row["whole_points"] or 0))
        assert float(row["mid"] or 0) == pytest.approx(100 * float(row["compute_points"] or 0) / parts)
    # The whole is the yearly gain of the models themselves: a plain line through their capability.
    main = next(row for row in answer.sheets()["fits"].rows() if row["levels"] == "each its own" and
                row["amounts"] != "all" and row["errors"] == "allowed for")  # fmt: skip
    direct = float(main["points_per_decade"] or 0) * math.log10(float(rows[0]["growth"] or 1))
    assert float(rows[0]["compute_points"] or 0) == pytest.approx(direct)
    assert "better software gave" in answer.headline() and "decomposition" in answer.charts()


def test_what_cannot_be_read_is_refused(snapshot: Evidence, run_ascent: Callable[..., Any]) -> None:
    with pytest.raises(UnknownName, match="GPT-3 175B"):
        run(snapshot, Params(draws=20, base="GPT-3 175B (davinc)"))
    with pytest.raises(WrongUse, match="--benchmark"):
        run(snapshot, Params(draws=20, score=0.5))
    with pytest.raises(WrongUse, match="after --base"):
        run(snapshot, Params(draws=20, model="GPT-3 175B (davinci)", base="DeepSeek-V3"))
    with pytest.raises(TooLittleEvidence, match="give --score"):
        run(snapshot, Params(draws=20, **{**MMLU, "score": None}))  # type: ignore[arg-type]
    assert run_ascent("software-progress", "--kept", "2").code == 2
