"""Companies' figures: the published ones with their growth, and what an option keeps."""

import pytest

from ascent.analyses.company_figures import Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence


def test_every_figure_has_source_date_of_publication_and_ends_around_it() -> None:
    table = run(open_evidence()).sheets()["figures"]
    assert len(table) > 120
    for row in table.rows():
        assert row["source"] and row["published"] and row["unit"]
        assert float(row["low"]) <= float(row["mid"]) <= float(row["high"])  # type: ignore[arg-type]


def test_growth_of_published_figures() -> None:
    """5.5 to 20 billion in a year; 30.4 against 4.7 billion in 16 months; 141 against 47 million."""
    growth = {
        (row["company"], row["series"], row["begin"], row["end"]): row
        for row in run(open_evidence()).sheets()["growth"].rows()
    }
    openai = growth["OpenAI", "annualized revenue", "2024-12-31", "2025-12-31"]
    assert openai["mid"] == pytest.approx(20 / 5.5, rel=0.01) and openai["whole"]
    assert openai["low"] == pytest.approx(19.1 / 5.545, rel=0.01)
    together = growth["OpenAI, Anthropic and xAI", "annualized revenue", "2024-08", "2025-12-31"]
    assert together["mid"] == pytest.approx((30.4 / 4.7) ** (1 / 1.375), rel=0.02)
    assert growth["MiniMax", "R&D compute spending", "2023", "2024"]["mid"] == pytest.approx(140.642 / 47.229, rel=0.01)


def test_options_keep_one_company_or_series_and_unknown_ones_are_refused() -> None:
    evidence = open_evidence()
    only = run(evidence, Params(company="Z.ai", series="R&D compute spending")).sheets()["figures"]
    assert set(only["entity"]) == {"Z.ai"} and set(only["series"]) == {"R&D compute spending"} and len(only) == 3
    with pytest.raises(UnknownName, match="Did you mean OpenAI"):
        run(evidence, Params(company="OpenAl"))
    with pytest.raises(UnknownName, match="Known: R&D compute spending"):
        run(evidence, Params(series="profit"))


def test_figures_too_close_in_time_are_not_compared() -> None:
    far = run(open_evidence(), Params(company="OpenAI")).sheets()["growth"]
    near = run(open_evidence(), Params(company="OpenAI", apart=0.02)).sheets()["growth"]
    close = ("2025-12-15", "2025-12-31")
    assert close in set(zip(near["begin"], near["end"], strict=True))
    assert close not in set(zip(far["begin"], far["end"], strict=True))
    assert all(float(years) >= 0.25 for years in far["years"])  # type: ignore[arg-type]


def test_a_single_figure_is_told_with_its_ends() -> None:
    said = run(open_evidence(), Params(company="Surge AI")).headline()
    assert "told as 1" in said and "between" in said


def test_no_figure_is_refused_with_advice() -> None:
    with pytest.raises(TooLittleEvidence, match="template series"):
        run(Evidence({}, "none", "2026-01-01"))
