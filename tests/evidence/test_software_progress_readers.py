"""The readers of ImageNet models, training-speed records and perplexities of language models."""

from pathlib import Path
from typing import Any

import pytest
from reader_checks import read, refused, rows

from ascent.evidence.sources import (
    Batch,
    imagenet_models,
    perplexities,
    post_training,
    speed_records,
)

IMAGENET = """url,publication_date,fractional_year,model_name,extra_data,top_1_error,top_5_error,\
final_compute_estimate,nr_training_images,parameter_count,input_size_test
https://arxiv.org/abs/1801.00001v2,01/05/2018,118.0,Larch,0,25.0,8,1e18,1.28E+06,2e7,224
https://arxiv.org/abs/1801.00001,01/05/2018,118.0,Larch,1,20.0,NA,4e18,1.4E+07,2e7,384
https://arxiv.org/abs/2105.00002,7/5/2021,121.5,Fir,0,15.5,,NA,1.28E+06,,
"""
RECORDS = """track,record,date,minutes,kind,asterisk,has_log
small,1,2024-05-28,45.0,record,False,True
small,2,2024-06-06,31.4,software_version,False,True
small,2,,32,retiming,True,False
"""
TEXTS = """level,dataset,metric,model,year,first_seen_month,arxiv_id,params,validation,test,dynamic_eval
Word,Penn,perplexity,Larch,2019,2019-03,1903.00001,24000000,51,50,False
Word,Penn,perplexity,Larch + more,2019,,,24000000,45,44,True
Char,Text8,bits_per_character,Fir,2018,2018-01,1801.00002,,,1.1,False
Char,Text8,bits_per_character,Elm,2018,2018-01,1801.00003,,,,False
"""


def test_image_models_have_compute_and_shares_that_are_right() -> None:
    batch = read(imagenet_models, IMAGENET)
    models = rows(batch, "models")
    assert [row["model"] for row in models] == ["Larch (224 px)", "Larch (384 px)", "Fir"]
    assert (models[0]["training_compute_flop"], models[0]["released"]) == (1e18, "2018-01-05")
    assert models[2]["training_compute_flop"] is None
    assert models[0]["source"] == models[1]["source"], "versions of one paper are one paper"
    scores = {(row["model"], row["benchmark"]): row for row in rows(batch, "scores")}
    assert scores["Larch (224 px)", "ImageNet top-1"]["score"] == pytest.approx(0.75)
    assert scores["Larch (224 px)", "ImageNet top-5"]["score"] == pytest.approx(0.92)
    assert ("Larch (384 px)", "ImageNet top-5") not in scores
    assert scores["Larch (384 px)", "ImageNet top-1"]["setting"] == "extra data=yes"
    assert [(note.about, "row 4" in note.text) for note in batch.notes] == [("dates", True)]


def test_speed_records_keep_their_kind() -> None:
    batch = read(speed_records, RECORDS)
    first, second, third = rows(batch, "series")
    assert (first["series"], first["entity"], first["value"], first["unit"], first["note"]) == (
        "training speed record: small", "record 1", 45.0, "minutes", "record",
    )  # fmt: skip
    assert (second["note"], third["note"], third["date"]) == ("newer library", "measured anew; doubted", None)


def test_perplexities_keep_their_unit_and_dynamic_evaluation() -> None:
    batch = read(perplexities, TEXTS)
    first, second, third = rows(batch, "series")
    assert (first["series"], first["unit"], first["date"], first["note"]) == (
        "language model perplexity: Penn", "perplexity per word", "2019-03", None,
    )  # fmt: skip
    assert (second["date"], second["note"]) == ("2019", "dynamic evaluation")
    assert (third["unit"], third["source"]) == ("bit per character", "arXiv:1801.00002")
    assert [note.about for note in batch.notes] == ["no test result"]


def test_every_bad_cell_is_told_with_its_place() -> None:
    text = IMAGENET.replace("25.0", "125").replace("4e18", "much").replace("Fir", "")
    assert sorted(refused(imagenet_models, text), key=str) == [
        (2, "top_1_error"), (3, "final_compute_estimate"), (4, "model_name"),
    ]  # fmt: skip
    assert refused(imagenet_models, IMAGENET.replace("1/05/2018", "13/45/2018"))[0][1] == "publication_date"
    assert refused(speed_records, RECORDS.replace("retiming", "guess").replace("45.0", "0")) == [
        (2, "minutes"), (4, "kind"),
    ]  # fmt: skip
    assert refused(speed_records, RECORDS.replace("small,1,", "small,one,")) == [(2, "record")]
    assert refused(perplexities, TEXTS.replace(",50,", ",0.9,").replace("Char,Text8,bits_", "Char,Text8,nats_")) == [
        (2, "test"), (4, "metric"), (5, "metric"),
    ]  # fmt: skip


@pytest.mark.real
def test_public_files_are_read_whole(shared_data: Path) -> None:
    def batch(reader: Any, name: str) -> Batch:
        return read(reader, (shared_data / "software_progress" / name).read_text("utf-8"))

    images = batch(imagenet_models, "imagenet_models.csv")
    assert len({row["model"] for row in rows(images, "models")}) == len(rows(images, "models")) == 113
    assert sum(row["benchmark"] == "ImageNet top-1" for row in rows(images, "scores")) == 113
    records = rows(batch(speed_records, "nanogpt_speedrun_to_2025.csv"), "series")
    assert len(records) == 76
    assert sum(row["note"] == "measured anew" for row in records) == 2
    assert len(rows(batch(perplexities, "lm_perplexity_by_paper.csv"), "series")) == 114


VOTES = """Model,"gsm8k_cot_self_consistency_8_exact_match,score-first",\
"gsm8k_cot_self_consistency_8_exact_match,maj@5","gsm8k_cot_zeroshot_0_exact_match,flexible-extract",\
"gsm8k_cot_8_exact_match,flexible-extract","bbh_x,strict-match,norm"
a/Larch-7b,0.2,0.25,0.1,,-0.3
"""


def test_votes_and_worked_examples_are_techniques_beside_the_same_setting_without() -> None:
    batch = read(post_training, VOTES)
    told = {row["setting"]: row["score"] for row in rows(batch, "scores")}
    assert told == {
        "line=sampled": 0.2, "line=sampled; technique=vote of five answers": 0.25, "line=worked out": 0.1,
    }  # fmt: skip
    assert {row["n"] for row in rows(batch, "scores")} == {500}
    assert batch.unused == ("bbh_x,strict-match,norm",)
    assert refused(post_training, VOTES.replace("0.25", "25").replace("a/Larch-7b", "")) == [
        (2, "Model"), (2, "gsm8k_cot_self_consistency_8_exact_match,maj@5"),
    ]  # fmt: skip
