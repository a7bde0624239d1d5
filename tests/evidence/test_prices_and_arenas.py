"""Prices and ratings as their sites give them: Artificial Analysis, OpenRouter, LMArena, Epoch's tokens by run."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.reading import taker
from ascent.evidence.sources import (
    Batch,
    Options,
    Original,
    artificial_analysis,
    artificial_analysis_api,
    epoch_eval_tokens,
    lmarena,
    lmarena_votes,
    openrouter,
)

SECRET = "PLANTED-TEXT-7f3a"
STATS = """name,slug,company,artificial_analysis_index,release_date,price_1m_input_tokens,price_1m_output_tokens,\
cost_to_run_artificial_analysis_index
Larch 2,larch-2,Grove,57.2,2026-03-17,0.2,1.25,431.5
Larch 1,larch-1,Grove,,2024-05,0,0,
"""
EVALUATIONS = """benchmark,model,model_slug,input_tokens,reasoning_tokens,answer_tokens,score,score_raw,\
total_output_tokens
gpqa-diamond,Larch 2,larch-2,100,900,50,90.1,0.901,950
critpt,Larch 2,larch-2,,,,0.9,0.9,
"""
API: dict[str, Any] = {
    "status": 200,
    "data": [
        {"id": "1", "name": "Larch 2", "slug": "larch-2", "release_date": "2026-03-17",
         "model_creator": {"id": "g", "name": "Grove", "slug": "grove"},
         "evaluations": {"artificial_analysis_intelligence_index": 57.2, "gpqa": 0.9, "hle": None, "new_test": 3},
         "pricing": {"price_1m_blended_3_to_1": 0.5, "price_1m_input_tokens": 0.2, "price_1m_output_tokens": 1.25},
         "artificial_analysis_intelligence_index_cost": {"total_cost": 431.5},
         "median_output_tokens_per_second": 100},
        {"id": "2", "name": "Larch 1", "model_creator": {"name": "Grove"}, "evaluations": {},
         "pricing": {"price_1m_input_tokens": 0, "price_1m_output_tokens": 0}},
    ],
}  # fmt: skip
ROUTER: dict[str, Any] = {
    "data": [
        {"id": "grove/larch-2", "name": "Grove: Larch 2", "created": 1779193800, "context_length": 1048576,
         "description": SECRET,
         "pricing": {"prompt": "0.0000015", "completion": "0.000009", "input_cache_read": "0.00000015",
                     "image": "0.1", "request": "0"}},
        {"id": "grove/larch-2:free", "name": "Grove: Larch 2 (free)", "context_length": 1,
         "pricing": {"prompt": "0", "completion": "0"}},
        {"id": "openrouter/auto", "name": "Auto Router", "context_length": 1,
         "pricing": {"prompt": "-1", "completion": "-1"}},
    ]
}  # fmt: skip
BOARD = """model_name,organization,license,rating,rating_lower,rating_upper,variance,vote_count,rank,category,\
leaderboard_publish_date
larch-2,Grove,Open,1401.5,1395.5,1407.5,9.0,12345,1,overall,2026-05-01
larch-2,Grove,Open,1380,1370,1390,,400,1,coding,2026-05-01
"""
COPIED = 'Model,Arena Score,95% CI,Votes,Organization,License\nLarch 2,1401,+6/-6,"12,345",Grove,Open\n'
VOTES: list[dict[str, Any]] = [
    {"question_id": "1", "model_a": "a", "model_b": "b", "winner": "model_a", "conversation_a": [SECRET],
     "tstamp": 1700000000.5, "language": "English"},
    {"model_a": "b", "model_b": "a", "winner": "model_a"},
    {"model_a": "b", "model_b": "a", "winner": "tie (bothbad)"},
    {"model_a": "a", "model_b": "c", "winner": "model_b"},
    {"model_a": "a", "model_b": "c", "winner": "model_b", "dedup_tag": {"high_freq": True, "sampled": False}},
]  # fmt: skip
TOKENS = """Model,Task,epochs,total_samples,input_tokens,output_tokens,total_tokens
Larch 2,GPQA Diamond,4,792,1000,3000,4100
"""


def taken(reader: Any, told: Any, name: str, **options: str) -> Batch:
    original = Original(name, (told if isinstance(told, str) else json.dumps(told)).encode())
    assert taker(original) is reader
    batch: Batch = reader.read(original, Options(**options))
    return batch


def rows(batch: Batch, table: str) -> list[dict[str, Any]]:
    return list(batch.tables[table].rows()) if table in batch.tables else []


def some(row: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_tokens_of_evaluations_and_the_cost_of_the_index_are_runs() -> None:
    (run,) = rows(taken(artificial_analysis, EVALUATIONS, "aa_evaluations_combined.csv"), "runs")
    assert some(run, "model", "benchmark", "input_tokens", "output_tokens", "reasoning_tokens", "tokens") == (
        "Larch 2", "GPQA diamond", 100, 950, 900, 1050
    )  # fmt: skip
    (run,) = rows(taken(artificial_analysis, STATS, "stats.csv"), "runs")
    assert some(run, "model", "benchmark", "cost_usd") == ("Larch 2", "Artificial Analysis Intelligence Index", 431.5)


def test_two_tables_that_repeat_each_other_come_in_once(tmp_path: Path) -> None:
    from ascent.evidence.opening import open_evidence

    (tmp_path / "aa_evaluations_combined.csv").write_text(EVALUATIONS)
    (tmp_path / "aa_evaluation_families_combined.csv").write_text(EVALUATIONS)
    evidence = open_evidence([tmp_path])
    assert (len(evidence.table("scores")), len(evidence.table("runs"))) == (2, 1)


def test_the_interface_says_what_the_tables_say() -> None:
    batch = taken(artificial_analysis_api, API, "models.json", published="2026-05-14")
    assert {some(row, "benchmark", "score", "unit") for row in rows(batch, "scores")} == {
        ("Artificial Analysis Intelligence Index", 57.2, "points"), ("GPQA diamond", 0.9, "fraction")
    }  # fmt: skip
    (price,) = rows(batch, "prices")
    assert some(price, "usd_per_million_input", "usd_per_million_output", "date") == (0.2, 1.25, "2026-05-14")
    assert [some(row, "model", "released", "organization") for row in rows(batch, "models")] == [
        ("Larch 2", "2026-03-17", "Grove"), ("Larch 1", None, "Grove")
    ]  # fmt: skip
    assert rows(batch, "runs")[0]["cost_usd"] == 431.5
    assert rows(batch, "sources")[0]["redistributable"] is False
    assert any("new_test" in note.text for note in batch.notes)


def test_prices_for_one_token_become_prices_for_a_million() -> None:
    batch = taken(openrouter, ROUTER, "models.json", published="2026-05-01")
    (price,) = rows(batch, "prices")  # free ones and routers have none
    assert some(price, "model", "provider", "date") == ("Larch 2", "OpenRouter", "2026-05-01")
    # Exactly, as decimals: 0.0000015 * 1e6 in floats is 1.4999999999999998.
    assert some(price, "usd_per_million_input", "usd_per_million_output", "usd_per_million_cache") == (1.5, 9.0, 0.15)
    assert [some(row, "model", "organization", "released") for row in rows(batch, "models")] == [
        ("Larch 2", "Grove", None), ("Larch 2 (free)", "Grove", None), ("Auto Router", None, None)
    ]  # fmt: skip
    assert any("2 of 3 offers" in note.text for note in batch.notes)
    assert SECRET not in repr([table.data for table in batch.tables.values()])
    undated = taken(openrouter, ROUTER, "models.json")
    assert any("--published" in note.text for note in undated.notes)


def test_each_provider_of_a_model_has_its_price() -> None:
    offers = [
        {"provider_name": name, "context_length": 1, "pricing": {"prompt": price, "completion": "0.000002"}}
        for name, price in (("A", "0.000001"), ("B", "0.0000008"))
    ]
    told = {"data": {"id": "grove/larch-2", "name": "Grove: Larch 2", "endpoints": offers}}
    found = rows(taken(openrouter, told, "endpoints.json"), "prices")
    assert [some(row, "provider", "usd_per_million_input") for row in found] == [("A", 1.0), ("B", 0.8)]


@pytest.mark.parametrize("price", ["abc", "NaN", "Infinity", "3", True, [1], "1e400"])
def test_prices_that_are_none_are_refused(price: Any) -> None:
    told = json.loads(json.dumps(ROUTER))
    told["data"][0]["pricing"]["prompt"] = price
    with pytest.raises(BadInput, match=r"data\[0\].pricing.prompt"):
        taken(openrouter, told, "models.json")


def test_ratings_have_the_error_that_the_board_gives() -> None:
    overall, coding = rows(taken(lmarena, BOARD, "board.csv"), "scores")
    assert some(overall, "benchmark", "score", "unit", "se", "n") == ("Chatbot Arena", 1401.5, "elo", 3.0, 12345)
    assert some(overall, "evaluated", "published", "relation") == ("2026-05-01", "2026-05-01", "independent")
    assert coding["benchmark"] == "Chatbot Arena: coding"
    assert coding["se"] == pytest.approx(20 / (2 * 1.96), rel=1e-4)
    (copied,) = rows(taken(lmarena, COPIED, "copied.csv"), "scores")
    assert some(copied, "score", "n") == (1401.0, 12345)
    assert copied["se"] == pytest.approx(12 / (2 * 1.96), rel=1e-4)


@pytest.mark.parametrize("old, new", [("+6/-6", "6"), ("1401,", "high,"), ('"12,345"', '"12,34"')])
def test_bad_cells_of_a_board_are_refused(old: str, new: str) -> None:
    with pytest.raises(BadInput, match="row 2"):
        taken(lmarena, COPIED.replace(old, new), "copied.csv")
    with pytest.raises(BadInput, match="down to"):
        taken(lmarena, BOARD.replace("1395.5,1407.5", "1407.5,1395.5"), "board.csv")


@pytest.mark.parametrize("form", ["list", "lines", "csv"])
def test_votes_are_counted_and_conversations_are_not_kept(form: str) -> None:
    told: Any = VOTES
    if form == "lines":
        told = "\n".join(json.dumps(vote) for vote in VOTES)
    elif form == "csv":
        told = "model_a,model_b,winner,conversation_a\n" + "".join(
            f"{vote['model_a']},{vote['model_b']},{vote['winner']},{SECRET}\n" for vote in VOTES[:4]
        )
    batch = taken(lmarena_votes, told, "votes.json")
    series = {row["entity"]: row["value"] for row in rows(batch, "series")}
    assert series == {"a over b": 1.5, "b over a": 1.5, "a over c": 0.0, "c over a": 1.0}
    shares = {row["model"]: some(row, "score", "n", "unit") for row in rows(batch, "scores")}
    assert shares == {
        "a": (1.5 / 4, 4, "share of votes"), "b": (0.5, 3, "share of votes"), "c": (1.0, 1, "share of votes")
    }  # fmt: skip
    assert SECRET not in repr([table.data for table in batch.tables.values()]) + repr(batch.notes)


@pytest.mark.parametrize("change", [{"winner": "both"}, {"winner": None}, {"model_b": "a"}, {"model_a": ""}])
def test_votes_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        taken(lmarena_votes, [VOTES[0], VOTES[0] | change], "votes.json")


def test_votes_turned_round_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lmarena_votes.WON, "model_b", 1.0)
    batch = taken(lmarena_votes, VOTES, "votes.json")
    assert {row["entity"]: row["value"] for row in rows(batch, "series")}["c over a"] != 1.0
    assert {row["model"]: row["score"] for row in rows(batch, "scores")}["a"] != 1.5 / 4


def test_tokens_by_run() -> None:
    (run,) = rows(taken(epoch_eval_tokens, TOKENS, "eval_data.csv"), "runs")
    assert some(run, "benchmark", "epochs", "samples", "input_tokens", "output_tokens", "tokens") == (
        "GPQA diamond", 4, 792, 1000, 3000, 4100
    )  # fmt: skip
    with pytest.raises(BadInput, match="row 2"):
        taken(epoch_eval_tokens, TOKENS.replace("4100", "3900"), "eval_data.csv")


@pytest.mark.real
def test_real_tables(shared_data: Path) -> None:
    folder = shared_data / "prices"

    def told(path: Path) -> tuple[Batch, list[dict[str, str]]]:
        original = Original(path.name, path.read_bytes())
        reader = taker(original)
        assert reader is not None
        with path.open(encoding="utf-8-sig") as lines:
            return reader.read(original, Options()), list(csv.DictReader(lines))

    batch, cells = told(folder / "llm_prices_2025-03" / "epoch_ai_eval_data.csv")
    runs = rows(batch, "runs")
    assert len(runs) == len(cells)
    assert sum(row["tokens"] for row in runs) == sum(int(float(row["total_tokens"])) for row in cells)
    batch, cells = told(folder / "artificial_analysis_2026-05" / "aa_evaluations_combined.csv")
    wanted = sum(float(row["total_output_tokens"]) for row in cells if row["total_output_tokens"])
    assert sum(row["output_tokens"] for row in rows(batch, "runs")) == pytest.approx(wanted, rel=1e-12)
    batch, cells = told(folder / "artificial_analysis_2026-05" / "artificial_analysis_llm_stats.csv")
    costs = [float(row["cost_to_run_artificial_analysis_index"] or 0) for row in cells]
    assert sum(row["cost_usd"] for row in rows(batch, "runs")) == pytest.approx(sum(costs))
