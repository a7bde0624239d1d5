"""The readers of losses of training runs, and of scores gathered beside training compute."""

import csv
from pathlib import Path
from typing import Any

import pytest
from reader_checks import read, refused, rows

from ascent.evidence.sources import Batch, Original, observational, training_losses

FIGURE = """x,y,color,Model Size,Training FLOP,hex_color,loss
1,2,#faebdd,1e9,6e19,#faebdd,3.0
1,2,#f8d1b8,2e9,1.2e20,#f8d1b8,2.8
"""
TABLE = """source,dataset,model,condition,experiment,tokens,params,budget,loss,outlier,reason
a,b,c,,one,1e10,1e8,6e18,3.2,False,none
a,b,c,,one,5e9,2e8,6.1e18,3.1,True,off_center
a,b,c,raw_loss,one__raw_loss,5e9,2e8,6e18,0.8,False,none
"""
BASE = """Model,Model Family,Model Size (B),Pretraining Data Size (T),FLOPs (1E21),MMLU,ARC-C,Winograd
a/Larch-7b,Larch,7.0,2.0,84.0,0.45,,0.7
a/Larch-70b,Larch,70.0,2.0,8.4,0.70,0.67,0.8
b/Fir-1b,Fir,1.0,,,0.3,0.3,0.5
"""
MORE = "Model,leaderboard_bbh,leaderboard_mmlu_pro,ipa_transliterate_2_bleu\na/Larch-7b,0.4,0.2,27.2\n"


def test_tokens_of_the_figures_points_follow_from_their_compute_and_are_told_so() -> None:
    batch = read(training_losses, FIGURE)
    first, second = rows(batch, "losses")
    assert (first["parameters"], first["tokens"], first["loss"]) == (1e9, 1e10, 3.0)
    assert second["tokens"] == pytest.approx(1.2e20 / 6 / 2e9, rel=1e-15)
    assert first["doubt"] is None, "only the whole figure has five points that its readers leave out"
    assert "FLOP / (6 x parameters)" in batch.notes[0].text
    assert batch.unused == ()


def test_experiments_keep_their_budget_and_flags_become_doubt() -> None:
    batch = read(training_losses, TABLE)
    first, second, third = rows(batch, "losses")
    assert (first["experiment"], first["compute_flop"], first["budget_flop"], first["doubt"]) == (
        "one",
        6e18,
        6e18,
        None,
    )
    assert (second["compute_flop"], second["budget_flop"], second["doubt"]) == (6e18, 6.1e18, "off_center")
    assert third["experiment"] == "one__raw_loss"
    assert any(note.level == "warning" and "nats" in note.text for note in batch.notes)


def test_every_bad_loss_is_told_with_its_place() -> None:
    text = FIGURE.replace("1e9", "several").replace("2.8", "0").replace("1.2e20", "-1")
    assert refused(training_losses, text) == [(2, "Model Size"), (3, "Training FLOP"), (3, "loss")]
    assert refused(training_losses, TABLE.replace("True", "perhaps")) == [(3, "outlier")]
    assert refused(training_losses, "Model Size,Training FLOP,loss\n1e9,,3\n") == [(2, "Training FLOP")]
    assert refused(training_losses, TABLE.replace(",tokens", ",token")) == [(None, "tokens")]


def test_models_have_family_and_compute_and_scores_their_known_names() -> None:
    batch = read(observational, BASE)
    seven, _, fir = rows(batch, "models")
    assert (seven["family"], seven["parameters"], seven["training_compute_flop"]) == ("Larch", 7e9, 84e21)
    assert (fir["tokens"], fir["training_compute_flop"]) == (None, None)
    scores = {(row["model"], row["benchmark"]): row["score"] for row in rows(batch, "scores")}
    assert scores["a/Larch-70b", "ARC AI2"] == 0.67
    assert ("a/Larch-7b", "ARC AI2") not in scores
    assert scores["b/Fir-1b", "Winogrande"] == 0.5
    assert [note.about for note in batch.notes] == ["compute"], "70e9 parameters and 2e12 tokens are no 8.4e21 FLOP"
    assert "row 3" in batch.notes[0].text
    further = read(observational, MORE)
    assert {row["benchmark"] for row in rows(further, "scores")} == {"leaderboard_bbh", "MMLU-Pro"}
    assert further.unused == ("ipa_transliterate_2_bleu",)


def test_bad_scores_and_repeated_models_are_refused() -> None:
    text = BASE.replace("0.45", "45").replace("b/Fir-1b", "a/Larch-7b").replace("2.0,8.4", "2.0,much")
    assert sorted(refused(observational, text), key=str) == [(2, "MMLU"), (3, "FLOPs (1E21)"), (4, "Model")]
    assert refused(observational, BASE.replace("a/Larch-70b", "")) == [(3, "Model")]


@pytest.mark.real
def test_public_files_are_read_whole(shared_data: Path) -> None:
    def batch(reader: Any, path: str) -> Batch:
        file = shared_data / path
        return read(reader, file.read_text("utf-8"), file.name)

    figure = rows(batch(training_losses, "chinchilla/svg_extracted_data.csv"), "losses")
    assert len(figure) == 245
    doubtful = [row["loss"] for row in figure if row["doubt"]]
    assert sorted(doubtful) == sorted(row["loss"] for row in figure)[-5:]
    table = rows(batch(training_losses, "chinchilla/isoflops.csv"), "losses")
    assert (len(table), len({row["experiment"] for row in table}), sum(row["doubt"] is not None for row in table)) == (
        862,
        7,
        191,
    )
    base = batch(observational, "observational/base_llm_benchmark_eval.csv")
    with (shared_data / "observational/base_llm_benchmark_eval.csv").open(newline="") as file:
        cells = sum(bool(cell) for line in list(csv.reader(file))[1:] for cell in line[5:])
    assert (len(base.tables["models"]), len(base.tables["scores"])) == (148, cells)
    data = (shared_data / "observational/base_llm_post_training_eval.csv").read_bytes()
    assert not observational.recognises(Original("base_llm_post_training_eval.csv", data)), "it has a reader of its own"
    agents = batch(observational, "observational/instruct_llm_agent_eval.csv")
    with (shared_data / "observational/instruct_llm_agent_eval.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    left = ("Model", "ABench-OA", "ABoard-Avg_PR", "ABoard-Avg_SR")
    scores = {(row["model"], row["benchmark"]): row["score"] for row in rows(agents, "scores")}
    assert len(scores) == sum(bool(line[name]) for line in lines for name in line if name not in left)
    assert scores["gpt-4-0613", "AgentBench Code OS"] == pytest.approx(0.424)
    assert scores["claude-2.0", "AgentBoard Embodied AI ALF, success"] == pytest.approx(0.246)
