"""The readers of token prices, of Artificial Analysis and of BenchPress."""

from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, artificial_analysis, benchpress, epoch_token_prices

STATS = """model_id,name,slug,company,artificial_analysis_index,release_date,country,price_1m_blended_3_to_1,\
price_1m_input_tokens,price_1m_output_tokens,mmlu_pro,gpqa
x,Larch 2 (high),larch-2,Grove,57.2,2026-03-17,,1.6,0.2,1.25,0.85,0.9
y,Larch 1,larch-1,Grove,,2024-05,,0,0,0,,0.5
"""
EVALUATIONS = """benchmark,model,model_slug,input_tokens,score,score_raw
gpqa-diamond,Larch 2,larch-2,100,90.1,0.901
critpt,Larch 2,larch-2,100,0.9,0.9
"""
PRICES = """Model Name,Release Date,USD per 1M Tokens,MMLU,GPQA Diamond,LMSys Chatbot Arena ELO
Larch 1,2024-03-04,30,86.4,,1250
Larch 1,2024-09-01,10,86.4,,1250
"""
SCORES = """model_id,benchmark_id,score,source_type,source_url,matches_canonical,audit_status,setting_mode,\
setting_effort,setting_tools
gpt-5,gpqa_diamond,85.7,official_blog,https://openai.com/index/gpt-5/,True,verified,thinking,high,none
claude-opus-4.1,chatbot_arena_elo,1450,leaderboard,https://lmarena.ai/,False,dropped,,default,agentic; bash
qwen3-8b,gsm8k,0.5,tech_report,https://arxiv.org/abs/1,True,verified,,,
gpt-5,omnidocbench_1.5,91,official_blog,,True,verified,,,
"""


def read(reader: Any, text: str, name: str = "scores.csv", **options: str) -> Batch:
    original = Original(name, text.encode())
    assert [one.recognises(original) for one in (artificial_analysis, benchpress, epoch_token_prices)].count(True) == 1
    assert reader.recognises(original)
    batch: Batch = reader.read(original, Options(**options))
    return batch


def rows(batch: Batch, table: str) -> list[dict[str, Any]]:
    return list(batch.tables[table].rows())


def test_prices_without_a_day_get_the_files_and_prices_of_nothing_are_left_out() -> None:
    batch = read(artificial_analysis, STATS, published="2026-05-14")
    (price,) = rows(batch, "prices")
    assert (price["model"], price["usd_per_million_input"], price["usd_per_million_output"]) == (
        "Larch 2 (high)",
        0.2,
        1.25,
    )
    assert price["date"] == "2026-05-14"
    assert rows(read(artificial_analysis, STATS), "prices")[0]["date"] is None
    scores = {(row["model"], row["benchmark"]): row for row in rows(batch, "scores")}
    assert scores["Larch 2 (high)", "GPQA diamond"]["score"] == 0.9
    assert scores["Larch 2 (high)", "Artificial Analysis Intelligence Index"]["unit"] == "points"
    assert len(scores) == 4
    assert [row["chance"] for row in rows(batch, "benchmarks") if row["benchmark"] == "MMLU-Pro"] == [0.1]
    assert rows(batch, "sources")[0]["redistributable"] is False


def test_small_scores_are_read_from_the_column_that_is_always_in_percent() -> None:
    # score_raw repeats a score below one per cent undivided: 0.9 % would become 90 %.
    assert [row["score"] for row in rows(read(artificial_analysis, EVALUATIONS), "scores")] == pytest.approx(
        [0.901, 0.009]
    )


def test_tokens_of_the_index_are_series() -> None:
    series = rows(read(artificial_analysis, "model,reasoning_tokens,answer_tokens\nA,10,2\n"), "series")
    assert [(row["entity"], row["value"]) for row in series] == [("A", 10), ("A", 2)]


def test_blended_prices_are_series_and_repeated_scores_count_once() -> None:
    batch = read(epoch_token_prices, PRICES)
    assert [(row["entity"], row["date"], row["value"]) for row in rows(batch, "series")] == [
        ("Larch 1", "2024-03-04", 30),
        ("Larch 1", "2024-09-01", 10),
    ]
    assert [(row["benchmark"], row["score"]) for row in rows(batch, "scores")] == [
        ("MMLU", pytest.approx(0.864)),
        ("Chatbot Arena", 1250),
    ]


def test_reported_scores_know_their_unit_their_speaker_and_their_doubts() -> None:
    batch = read(benchpress, SCORES)
    first, second, third = rows(batch, "scores")
    assert (first["benchmark"], first["score"], first["relation"]) == (
        "GPQA diamond",
        pytest.approx(0.857),
        "first party",
    )
    assert first["setting"] == "mode=thinking; effort=high"
    assert (second["score"], second["unit"], second["relation"]) == (1450, "elo", "independent")
    assert (second["setting"], second["evaluator"]) == ("tools=agentic, bash", "LMArena")
    assert second["flags"] == "dropped by its auditors; not the wanted setting"
    assert (third["score"], third["relation"]) == (pytest.approx(0.005), "unknown")
    assert batch.rows["scores"] == [2, 3, 4]
    assert "1 scores of omnidocbench_1.5" in " ".join(note.text for note in batch.notes)


def test_a_benchmark_nobody_declared_needs_its_unit() -> None:
    text = SCORES.replace("gsm8k", "brand_new")
    with pytest.raises(BadInput, match="brand_new"):
        read(benchpress, text)
    assert rows(read(benchpress, text, unit="percent"), "scores")[2]["benchmark"] == "brand_new"


@pytest.mark.parametrize(
    ("reader", "text", "old", "new", "row", "column"),
    [
        (artificial_analysis, STATS, "0.85", "85", 2, "mmlu_pro"),
        (artificial_analysis, STATS, "2026-03-17", "17 March 2026", 2, "release_date"),
        (artificial_analysis, EVALUATIONS, "90.1", "901", 2, "score"),
        (epoch_token_prices, PRICES, "30", "$30", 2, "USD per 1M Tokens"),
        (epoch_token_prices, PRICES, "Larch 1", "", 2, "Model Name"),
        (benchpress, SCORES, "85.7", "857", 2, "score"),
        (benchpress, SCORES, "True", "maybe", 2, "matches_canonical"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(
    reader: Any, text: str, old: str, new: str, row: int, column: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(reader, text.replace(old, new, 1))
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(row, column)]


@pytest.mark.real
def test_the_real_tables_of_artificial_analysis(shared_data: Path) -> None:
    folder = shared_data / "prices" / "artificial_analysis_2026-05"
    names = ("artificial_analysis_llm_stats", "aa_evaluations_combined", "aa_evaluation_families_combined")
    stats, single, families = (
        read(artificial_analysis, (folder / f"{name}.csv").read_text(), f"{name}.csv") for name in names
    )
    # 166 of 475 models have prices of 0 only, counted in the file.
    assert (len(rows(stats, "models")), len(rows(stats, "prices"))) == (475, 475 - 166)
    assert (len(rows(single, "scores")), len(rows(families, "scores"))) == (4228, 1363)
    price = next(row for row in rows(stats, "prices") if row["model"] == "GPT-5.4 nano (Non-Reasoning)")
    assert (price["usd_per_million_input"], price["usd_per_million_output"]) == (0.2, 1.25)
    # No model solves more than 30 % of CritPt; read from the raw column, some would solve 90 %.
    critpt = [row["score"] for row in rows(single, "scores") if row["benchmark"] == "CritPt"]
    assert max(critpt) == pytest.approx(0.30)


@pytest.mark.real
def test_the_real_tables_of_benchpress_and_of_token_prices(shared_data: Path) -> None:
    folder = shared_data / "score_tables" / "benchpress_2026-05"
    scores = read(benchpress, (folder / "scores.csv").read_text(), "scores.csv")
    assert len(rows(scores, "scores")) == 2604 - 11  # the benchmark with two measures under one name
    assert len(rows(read(benchpress, (folder / "models.csv").read_text(), "models.csv"), "models")) == 84
    assert len(rows(read(benchpress, (folder / "benchmarks.csv").read_text(), "benchmarks.csv"), "benchmarks")) == 133
    first = rows(scores, "scores")[0]
    assert (first["model"], first["benchmark"], first["score"]) == (
        "o3-mini-high",
        "Aider polyglot",
        pytest.approx(0.604),
    )
    flags = [row["flags"] or "" for row in rows(scores, "scores")]
    assert sum("dropped" in flag for flag in flags) == 4
    folder = shared_data / "prices" / "llm_prices_2025-03"
    for name, count in (("aa_data_with_math5", 38), ("epoch_ai_price_data_not_in_aa_with_benchmarks", 35)):
        batch = read(epoch_token_prices, (folder / f"{name}.csv").read_text(), f"{name}.csv")
        assert len(rows(batch, "series")) == count
