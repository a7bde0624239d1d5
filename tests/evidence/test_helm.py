"""Runs of HELM: three files joined by their folder, splits and perturbed questions kept apart, errors by formula."""

import json
import statistics
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Batch, Options, Original, helm

SECRET = "PLANTED-TEXT-7f3a"
RUN = "mmlu:subject=law,method=multiple_choice_joint,model=acme_tiny-1b"
RIGHT = [1, 0, 0, 1, 1, 0, 1, 1]  # of the test items


def stat(name: str, values: list[float], split: str = "test", perturbation: str | None = None) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "split": split}
    if perturbation:
        about["perturbation"] = {"name": perturbation, "robustness": True, "computed_on": "worst"}
    if not values:
        return {"name": about, "count": 0, "sum": 0, "sum_squared": 0}
    mean = sum(values) / len(values)
    spread = statistics.pstdev(values)
    return {"name": about, "count": len(values), "sum": sum(values), "sum_squared": sum(v * v for v in values),
            "min": min(values), "max": max(values), "mean": mean, "variance": spread**2, "stddev": spread}  # fmt: skip


def answer(item: str, right: float, split: str = "test", trial: int = 0, perturbation: str | None = None) -> Any:
    stats = [
        stat("num_prompt_tokens", [300.0], split, perturbation), stat("num_output_tokens", [1.0], split, perturbation),
        stat("inference_runtime", [0.5], split, perturbation), stat("training_co2_cost", [], split, perturbation),
        stat("exact_match", [right], split, perturbation), stat("quasi_exact_match", [1.0], split, perturbation),
    ]  # fmt: skip
    row: dict[str, Any] = {"instance_id": item, "train_trial_index": trial, "stats": stats}
    return row | ({"perturbation": {"name": perturbation, "prob": 0.1}} if perturbation else {})


SPEC: dict[str, Any] = {
    "name": RUN,
    "scenario_spec": {"class_name": "helm.MMLUScenario", "args": {"subject": "law"}},
    "adapter_spec": {
        "method": "multiple_choice_joint", "instructions": SECRET, "input_prefix": SECRET, "output_prefix": SECRET,
        "max_train_instances": 5, "max_eval_instances": 8, "num_train_trials": 1, "temperature": 0.0, "max_tokens": 1,
        "model": "acme/tiny-1b", "model_deployment": "together/tiny-1b", "stop_sequences": [SECRET],
    },
    "groups": ["mmlu"],
}  # fmt: skip
STATS = [
    stat("num_instances", [8.0]), stat("num_train_instances", [5.0]), stat("exact_match", [5 / 8]),
    stat("exact_match", [3 / 8], perturbation="robustness"), stat("exact_match", [0.0], split="valid"),
    stat("quasi_exact_match", [7 / 8]), stat("num_instances", [1.0], split="valid"),
]  # fmt: skip
INSTANCES = [answer(f"id{at}", right) for at, right in enumerate(RIGHT)] + [answer("id99", 0.0, "valid")]


def taken(told: Any, file: str, folder: str | None = RUN, **options: Any) -> Batch:
    original = Original(f"{folder}/{file}" if folder else file, json.dumps(told).encode())
    assert helm.recognises(original)
    return helm.read(original, Options(**options))


def rows(batch: Batch, table: str) -> list[dict[str, Any]]:
    return list(batch.tables[table].rows())


def folder(path: Path, name: str = RUN, instances: Any = INSTANCES) -> Path:
    path = path / name
    path.mkdir()
    for file, told in (("run_spec", SPEC), ("stats", STATS), ("per_instance_stats", instances)):
        (path / f"{file}.json").write_text(json.dumps(told))
    (path / "scenario.json").write_text(json.dumps({"name": "mmlu", "description": SECRET}))
    return path


def test_the_mean_of_the_test_split_is_the_score() -> None:
    (row,) = rows(taken(STATS, "stats.json"), "scores")
    assert (row["model"], row["benchmark"], row["score"], row["n"]) == ("acme/tiny-1b", "mmlu:subject=law", 5 / 8, 8)
    assert row["setting"] == "shots=5; metric=exact_match; method=multiple_choice_joint; split=test"
    # As if computed from the items: the sample's standard deviation over the root of their number.
    assert row["se"] == pytest.approx(statistics.stdev(RIGHT) / len(RIGHT) ** 0.5, rel=1e-12)


def test_a_population_deviation_taken_for_a_sample_one_is_caught() -> None:
    lax = statistics.pstdev(RIGHT) / len(RIGHT) ** 0.5
    (row,) = rows(taken(STATS, "stats.json"), "scores")
    assert row["se"] is not None and abs(row["se"] / lax - 1) > 0.05


def test_training_trials_add_their_own_error() -> None:
    trials = [0.5, 0.75, 0.625]
    told = [stat("num_instances", [8.0] * 3), stat("exact_match", trials)]
    (row,) = rows(taken(told, "stats.json"), "scores")
    items = 0.625 * 0.375 / 7
    assert row["score"] == 0.625
    assert row["se"] == pytest.approx((items + statistics.variance(trials) / 3) ** 0.5, rel=1e-12)


def test_the_error_with_trials_is_on_the_safe_side() -> None:
    """Items and trials drawn anew: the true spread of the mean is at most the error told, and at least 0.7 of it."""
    import numpy as np

    rng = np.random.default_rng(0)
    items, trials, worlds = 100, 3, 400
    chance = rng.beta(1.0, 1.0, (worlds, 1, items))
    shift = rng.normal(0, 1.0, (worlds, trials, 1))  # what the examples in the prompt do to every item
    right = rng.random((worlds, trials, items)) < 1 / (1 + np.exp(-(np.log(chance / (1 - chance)) + shift)))
    means = right.mean(axis=2)
    told = []
    for one in means:
        (row,) = rows(
            taken([stat("num_instances", [100.0] * 3), stat("exact_match", list(one))], "stats.json"), "scores"
        )
        told.append(row["se"] ** 2)
    true, formula = means.mean(axis=1).var(ddof=1), float(np.mean(told))
    assert true <= formula * 1.1 and formula <= 2 * true
    only_items = float(np.mean(means.mean(axis=1) * (1 - means.mean(axis=1)) / (items - 1)))
    assert only_items < 0.6 * true  # an error that forgets the trials is caught


def test_items_are_attempts_and_other_splits_are_left_out() -> None:
    batch = taken(INSTANCES, "per_instance_stats.json")
    found = rows(batch, "attempts")
    assert [row["success"] for row in found] == RIGHT
    first = found[0]
    assert (first["input_tokens"], first["output_tokens"], first["seconds"]) == (300.0, 1.0, 0.5)
    assert {(row["run"], row["scorer"], row["epoch"], row["seed"]) for row in found} == {(RUN, "exact_match", 1, None)}
    assert any("1 of 9 answers of another split than test" in note.text for note in batch.notes)


def test_trials_and_perturbed_questions_stay_apart() -> None:
    told = [answer("a", 1), answer("a", 0, trial=1), answer("a", 0, perturbation="misspelling")]
    found = rows(taken(told, "per_instance_stats.json"), "attempts")
    assert [(row["epoch"], row["seed"]) for row in found] == [
        (1, "training trial 0"), (2, "training trial 1"), (1, "training trial 0")
    ]  # fmt: skip
    assert found[2]["benchmark"] == "mmlu:subject=law (perturbed: misspelling)" and found[2]["run"] != RUN
    renamed = taken(told, "per_instance_stats.json", "my-run")
    assert len(rows(renamed, "attempts")) == 2
    assert any("perturbed" in note.text for note in renamed.notes)


def test_a_run_folder_joins_its_files(tmp_path: Path) -> None:
    from ascent.measure.attempts import attempts

    for path in (folder(tmp_path), folder(tmp_path, "renamed")):
        evidence = open_evidence([path])  # the folder of the run itself
        (run,) = evidence.table("runs").rows()
        assert (run["model"], run["benchmark"]) == ("acme/tiny-1b", "mmlu:subject=law")
        assert run["setting"] == (
            "shots=5; method=multiple_choice_joint; temperature=0; max_tokens=1; limit=8; deployment=together/tiny-1b"
        )
        found = attempts(evidence)
        assert (found.models, found.benchmarks) == (("acme/tiny-1b",), ("mmlu:subject=law",))
        assert found.success.mean() == 5 / 8
        # stats.json says nothing of model and benchmark; the run_spec.json beside it does, whatever the folder's name.
        (score,) = evidence.table("scores").rows()
        assert (score["model"], score["benchmark"], score["score"]) == ("acme/tiny-1b", "mmlu:subject=law", 5 / 8)
        assert run["run"] == (RUN if path.name == RUN else f"renamed/{RUN}")


def test_one_file_of_a_run_is_enough_for_its_score(tmp_path: Path) -> None:
    (score,) = open_evidence([folder(tmp_path, "renamed") / "stats.json"]).table("scores").rows()
    assert (score["model"], score["score"]) == ("acme/tiny-1b", 5 / 8)


def test_an_archive_and_the_store_join_them_as_well(tmp_path: Path) -> None:
    import shutil

    from ascent.evidence.store import Store

    folder(tmp_path, "renamed")
    shutil.make_archive(str(tmp_path / "runs"), "zip", tmp_path, "renamed")
    store = Store(tmp_path / "store")
    store.add([tmp_path / "runs.zip"])
    before = store.evidence()
    assert (len(before.table("scores")), len(before.table("attempts"))) == (1, 8)
    assert set(before.table("attempts")["run"]) == set(before.table("runs")["run"])
    assert store.rebuild().fingerprint == before.fingerprint


def test_a_spoilt_run_spec_is_refused_by_its_reader_and_not_by_the_folder(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "run_spec.json").write_text(json.dumps(SPEC)[:-5])
    with pytest.raises(BadInput, match="cut off"):
        open_evidence([path])


def test_runs_of_several_suites_do_not_meet(tmp_path: Path) -> None:
    for suite in ("v1", "v2"):
        (tmp_path / suite).mkdir()
        folder(tmp_path / suite)
    assert {row["run"] for row in open_evidence([tmp_path]).table("runs").rows()} == {f"v1/{RUN}", f"v2/{RUN}"}


def test_no_question_answer_or_prompt_is_kept(tmp_path: Path) -> None:
    planted = [row | {"text": SECRET} for row in INSTANCES]
    evidence = open_evidence([folder(tmp_path, instances=planted)])
    cells = [value for table in evidence.tables.values() for values in table.data.values() for value in values]
    assert SECRET not in repr(cells) + repr(evidence.notes)


@pytest.mark.parametrize(
    ("file", "told", "words"),
    [
        ("stats.json", [stat("exact_match", [1.5]) | {"mean": 1.5}], "[0].mean"),
        ("stats.json", [{"name": 3, "count": 1, "sum_squared": 1}], "[0].name"),
        ("per_instance_stats.json", [answer("a", 2.0)], "a number from 0 to 1"),
        ("per_instance_stats.json", [{"instance_id": None, "train_trial_index": 0, "stats": []}, answer("a", 1)],
         "[0].instance_id"),
        ("per_instance_stats.json", [answer("a", 1) | {"train_trial_index": -1}], "at least 0"),
        ("run_spec.json", SPEC | {"adapter_spec": {"max_train_instances": 5}, "name": "x"}, "--model"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_told_with_their_path(file: str, told: Any, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        taken(told, file)
    assert words in str(refused.value)


@pytest.mark.parametrize(("file", "told"), [("stats.json", STATS), ("per_instance_stats.json", INSTANCES)])
def test_a_file_without_its_folder_is_refused(file: str, told: Any) -> None:
    with pytest.raises(BadInput, match="folder of the run"):
        taken(told, file, folder=None)


@pytest.mark.real
def test_real_runs(shared_data: Path) -> None:
    for path in (shared_data / "formats" / "helm").iterdir():
        if not path.is_dir():
            continue
        spec = json.loads((path / "run_spec.json").read_text())
        told = json.loads((path / "stats.json").read_text())
        split = "test" if any(one["name"].get("split") == "test" for one in told) else "valid"
        wanted = next(
            one["mean"] for one in told
            if one["name"] == {"name": "exact_match", "split": split}
        )  # fmt: skip
        evidence = open_evidence([path])
        (score,) = evidence.table("scores").rows()
        successes: list[Any] = list(evidence.table("attempts")["success"])
        # The mean of the answers is the mean that HELM itself computed.
        assert score["score"] == wanted == pytest.approx(statistics.fmean(successes))
        assert score["model"] == spec["adapter_spec"]["model"]
        assert score["n"] == len(successes)
