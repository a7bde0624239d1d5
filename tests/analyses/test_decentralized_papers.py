"""Papers on decentralized training: every technique the survey names is there, searching finds it, figures go along."""

import pytest

from ascent.analyses.decentralized_papers import Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence

TECHNIQUES = {  # words of the calculator of decentralized training: a paper that each must lead to
    "inner steps": "DiLoCo (Douillard et al. 2023)",
    "quantization": "1-bit Adam (Tang et al. 2021)",
    "sparsification": "DeMo (Nous Research 2024)",
    "error feedback": "SparseLoCo (2025)",
    "hides sending": "Streaming DiLoCo (Douillard et al. 2025)",
    "pipeline": "SWARM (Ryabinin et al. 2023)",
    "square-cube": "SWARM (Ryabinin et al. 2023)",
    "subspace": "Protocol Models (Pluralis 2025)",
    "nodes are added": "Scaling laws for DiLoCo (Charles et al. 2025)",
    "asynchronous": "INTELLECT-2 (Prime Intellect 2025)",
    "advantage filtering": "INTELLECT-2 (Prime Intellect 2025)",
    "mixture-of-experts": "Learning@home (Ryabinin and Gusev 2020)",
    "context": "Context parallelism (Ramasinghe et al. 2025)",
    "batch size": "Power Lines (Bergsma et al. 2025)",
}


@pytest.mark.parametrize("word", TECHNIQUES)
def test_each_technique_names_its_paper_with_source_and_address(word: str) -> None:
    found = {row["paper"]: row for row in run(open_evidence(), Params(search=word)).sheets()["papers"].rows()}
    row = found[TECHNIQUES[word]]
    assert row["shows"] and row["source"] and str(row["address"]).startswith("https://")


def test_figures_stand_beside_their_paper() -> None:
    papers = {row["paper"]: row for row in run(open_evidence()).sheets()["papers"].rows()}
    assert len(papers) >= 24
    said = str(papers["INTELLECT-1 (Prime Intellect 2024)"]["figures"])
    assert "inner steps 100 step" in said and "gradient bits 8 bit" in said
    assert "bandwidth reduction 500 x" in str(papers["DiLoCo (Douillard et al. 2023)"]["figures"])


def test_search_needs_all_words_and_also_finds_figures_without_a_paper() -> None:
    answer = run(open_evidence(), Params(search="FOLDING@home"))
    assert len(answer.sheets()["papers"]) == 0
    assert list(answer.sheets()["figures"]["mid"]) == [2.43e18]
    with pytest.raises(TooLittleEvidence, match="none among"):
        run(open_evidence(), Params(search="diloco bitcoin"))


def test_the_span_of_reductions_is_the_published_one() -> None:
    assert "between 2 and 500 times less" in run(open_evidence()).headline()


def test_no_paper_is_refused_with_advice() -> None:
    with pytest.raises(TooLittleEvidence, match="decentralized training paper"):
        run(Evidence({}, "none", "2026-01-01"))
