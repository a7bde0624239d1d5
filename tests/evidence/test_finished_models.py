"""Finished models beside training checkpoints: compute from name and family, items from errors, MMLU as one mean."""

from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, readers
from ascent.evidence.sources.finished_models import SUBJECTS, parameters_of, read, recognises

HEAD = "family,model,benchmark,task_version,shots,metric,value,stderr\n"


def batch(lines: str, options: Options | None = None) -> Batch:
    return read(Original("finished.csv", (HEAD + lines).encode()), options or Options())


def rows(lines: str) -> list[dict[str, object]]:
    return [dict(row) for row in batch(lines).tables["checkpoints"].rows()]


def test_one_point_per_model_with_its_developer_tokens_and_items() -> None:
    told = rows(
        "opt,facebook/opt-6.7b,arc_challenge,0,0,acc,0.25,0.0126537\n"
        "bloom,bigscience/bloom-7b1,lambada_openai,0,0,ppl,6.6,0.2\n"
        "own,mine/model-2b,piqa,0,5,acc_norm,0.7,\n"
    )
    one, two, three = told
    assert (one["training_run"], one["developer"], one["benchmark"], one["metric"]) == (
        "opt-6.7b", "Meta", "ARC AI2", "accuracy")  # fmt: skip
    assert (one["parameters"], one["tokens"], one["items"], one["setting"]) == (6.7e9, 3e11, 1172, "shots=0")
    assert (two["developer"], two["parameters"], two["tokens"], two["items"]) == ("BigScience", 7.1e9, 3.41e11, None)
    assert (three["developer"], three["parameters"], three["tokens"], three["se"]) == ("mine", 2e9, None, None)


@pytest.mark.parametrize(
    ("name", "size"), [("opt-125m", 1.25e8), ("bloom-1b7", 1.7e9), ("opt-66b", 6.6e10), ("x", None)]
)
def test_sizes_are_read_from_names(name: str, size: float | None) -> None:
    assert parameters_of(name) == size


def test_all_subjects_of_mmlu_are_told_as_their_mean_and_fewer_as_they_are() -> None:
    lines = [f"opt,facebook/opt-13b,hendrycksTest-s{n},0,0,acc,{0.2 + 0.1 * (n % 2)},0.04" for n in range(SUBJECTS)]
    (mean,) = rows("\n".join(lines) + "\n")
    assert mean["benchmark"] == "mmlu_mean57" and mean["se"] == pytest.approx(0.04 / SUBJECTS**0.5)
    assert mean["score"] == pytest.approx((29 * 0.2 + 28 * 0.3) / 57)
    assert len(rows("\n".join(lines[:-1]) + "\n")) == SUBJECTS - 1


def test_what_does_not_fit_is_told_by_row_and_column() -> None:
    with pytest.raises(BadInput) as caught:
        batch("opt,facebook/opt-6.7b,piqa,0,0,acc,63,0.01\nopt,facebook/opt-6.7b,sciq,0,0,acc,,0.01\n")
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [(2, "value"), (3, "value")]


def test_only_files_without_a_step_are_taken() -> None:
    assert recognises(Original("a.csv", HEAD.encode()))
    assert not recognises(Original("a.csv", HEAD.replace("family", "suite").encode()))
    assert not recognises(Original("a.csv", HEAD.replace("family", "family,step").encode()))


def test_the_public_file_has_one_reader_and_13_models_of_two_developers(shared_data: Path) -> None:
    original = Original("opt_bloom_final.csv", (shared_data / "trajectories/opt_bloom_final.csv").read_bytes())
    takers = [reader for reader in readers() if reader.recognises(original)]
    assert max(takers, key=lambda reader: getattr(reader, "RANK", 0)).NAME.startswith("finished models")
    table = read(original, Options()).tables["checkpoints"]
    assert set(table["developer"]) == {"Meta", "BigScience"} and len(set(table["model"])) == 13
    items = {str(row["benchmark"]): row["items"] for row in table.rows() if row["items"]}
    assert (items["ARC AI2"], items["sciq"], items["wsc"]) == (1172, 1000, 104)
