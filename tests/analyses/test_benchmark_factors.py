"""The question on the public matrices, beside what was published, and on made-up benchmarks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ascent.analyses.benchmark_factors import Params, run
from ascent.core.answer import Prepared
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.factor_matrix import factor_matrix
from ascent.model.parallel_analysis import Counted

QUICK = {"simulations": 39, "draws": 60}


@pytest.fixture(scope="module")
def article(shared_data: Path) -> Prepared:
    """The recipe on the score tables of November 2025, the month of the article."""
    evidence = open_evidence([shared_data / "eci" / "2025-11"])
    return run(evidence, Params(method="published", min_models=1, **QUICK))


@pytest.mark.real
def test_first_component_holds_about_half_of_the_variance(article: Prepared) -> None:
    components = article.sheets()["components"]
    assert 0.45 < float(components["mid"][0] or 0) < 0.55, "the article: about half"
    assert min(float(weight or 0) for weight in article.sheets()["weights"]["general"]) > 0, "all weights positive"


@pytest.mark.real
def test_second_component_is_on_the_border_of_plain_noise(article: Prepared) -> None:
    """As published; against noise with the same holes it lies inside."""
    row = list(article.sheets()["components"].rows())[1]
    assert 0.9 < float(row["mid"]) / float(row["complete"]) < 1.1  # type: ignore[arg-type]
    assert float(row["mid"]) < float(row["noise"])  # type: ignore[arg-type]


@pytest.mark.real
def test_second_component_is_claude(article: Prepared) -> None:
    sheets = article.sheets()
    assert list(sheets["models"]["family"][:5]) == ["Claude"] * 5, "the article's five highest"
    weights = dict(zip(sheets["weights"]["domain"], sheets["weights"]["second"], strict=True))
    domain, weight = sheets["weights"]["domain"], np.array(sheets["weights"]["second"], dtype=float)
    mean = {name: weight[[one == name for one in domain]].mean() for name in weights}
    assert mean["agents"] > 0.1 > -0.05 > mean["mathematics"] > mean["vision"]
    claude = sheets["families"].rows().__next__()
    assert claude["family"] == "Claude" and float(claude["p"]) < 0.01  # type: ignore[arg-type]


def test_bundled_matrix_has_a_strong_general_factor_that_is_the_index() -> None:
    answer = run(open_evidence([Path("snapshot")]), Params(**QUICK))
    components = answer.sheets()["components"]
    assert float(components["low"][0] or 0) > 0.5
    words = next(note.text for note in answer.diagnostics() if note.about == "index")
    assert "correlation 0.9" in words
    said, row = answer.headline(), list(components.rows())[1]
    if float(str(row["p_size"])) > 0.05:  # no more is said of what size does not tell from noise
        assert "one factor stands out" in said and " apart" not in said and "models lie" not in said
        assert "factors stand out" not in said
    assert "p = 0.025" not in said, "39 worlds cannot tell a smaller one"


@pytest.mark.parametrize(
    ("chain", "larger", "words"),
    [
        (Counted(1, (9.0, 1.0), (0.005, 0.4)), 1, "one factor stands out, by size against noise and in a chain"),
        (Counted(0, (1.0,), (0.4,)), 0, "no factor stands out, by size"),
        (
            Counted(2, (9.0, 8.0, 1.0), (0.005, 0.02, 0.4)),
            3,
            "2 factors stand out in both tests, which disagree on more",
        ),
        (Counted(0, (1.0,), (0.4,)), 1, "no factor stands out in both tests, which disagree on more: size"),
        (Counted(4, (9.0,) * 4, (0.005,) * 4), 1, "at least 4 (p ≤ 0.005 for each)"),
    ],
)
def test_only_what_both_tests_find_leads(chain: Counted, larger: int, words: str) -> None:
    assert words in chain.beside(larger, 199)


def noisy(evidence: Evidence, share: float, seed: int = 0) -> Evidence:
    """The evidence, and a file with scores of a new benchmark: this much of them the first benchmark's."""
    rng = np.random.default_rng(seed)
    scores = evidence.table("scores")
    own = {row["model"]: float(row["score"]) for row in scores.rows() if row["benchmark"] == "BBH"}  # type: ignore[arg-type]
    rows = [
        {"model": model, "benchmark": "New", "score": share * score + (1 - share) * rng.random(), "scale": "raw",
         "unit": "fraction", "source": "made up"}
        for model, score in own.items()
    ]  # fmt: skip
    file = Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "new.csv", "2026-05-01")
    return replace(evidence, given=(file,))


def test_a_new_benchmark_is_judged(tiny_evidence: Evidence) -> None:
    like = run(noisy(tiny_evidence, 0.9), Params(**QUICK))
    assert "New goes with the factor of the other benchmarks as a benchmark" in like.headline()
    assert like.sheets()["benchmarks"]["given"][0] is True
    apart = run(noisy(tiny_evidence, 0.0, seed=2), Params(**QUICK))
    assert "New" in apart.headline() and "as a benchmark of the general factor would" not in apart.headline()


def test_a_named_benchmark_is_told_first_and_an_unknown_one_refused(tiny_evidence: Evidence) -> None:
    named = run(tiny_evidence, Params(benchmark="MMLU", **QUICK))
    assert named.headline().startswith("MMLU goes with")
    with pytest.raises(UnknownName, match="MMLU"):
        run(tiny_evidence, Params(benchmark="MMLUU", **QUICK))


def test_too_few_models_of_a_new_benchmark_are_refused(tiny_evidence: Evidence) -> None:
    asked = noisy(tiny_evidence, 0.5)
    few = replace(asked.given[0], tables={"scores": asked.given[0].table("scores").take(range(3))})
    with pytest.raises(TooLittleEvidence, match="five models"):
        run(replace(asked, given=(few,)), Params(**QUICK))


def test_filters_that_leave_too_little_are_widened_and_told(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(**QUICK))
    assert any(note.about == "filters" and "all years" in note.text for note in answer.diagnostics())


def test_settings_of_one_model_become_its_best(tiny_evidence: Evidence) -> None:
    """Reasoning settings of a model are one row, its highest scores."""
    scores = tiny_evidence.table("scores")
    rows = list(scores.rows())
    better = [
        {**row, "model": "GPT-5 (high)", "score": min(1.0, float(row["score"]) + 0.05)}  # type: ignore[arg-type]
        for row in rows
        if row["model"] == "GPT-5"
    ]
    both = replace(
        tiny_evidence, tables={**tiny_evidence.tables, "scores": Table.from_rows(TABLES["scores"], rows + better)}
    )
    one, two = factor_matrix(tiny_evidence), factor_matrix(both)
    assert one.models == two.models
    place = one.models.index("GPT-5")
    known = np.isfinite(one.logit[place])
    assert (two.logit[place, known] >= one.logit[place, known]).all()
    assert (two.logit[place, known] > one.logit[place, known]).any()


def test_domains_hold_no_doubt_where_nothing_is_missing(tiny_evidence: Evidence) -> None:
    for row in run(tiny_evidence, Params(**QUICK)).sheets()["domains"].rows():
        width = float(row["high"]) - float(row["low"])  # type: ignore[arg-type]
        if row["scored"] != row["benchmarks"]:
            assert width > 0.02, row
