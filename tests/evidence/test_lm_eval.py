"""The lm-evaluation-harness: both layouts of its results, its samples, and what is never kept of them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.reading import read, taker
from ascent.evidence.sources import Batch, Options, Original, lm_eval, lm_eval_mmlu, lm_eval_names, lm_eval_samples
from ascent.evidence.sources.epoch_tables import register

SECRET = "PLANTED-TEXT-7f3a"  # stands for questions, answers and replies
TIME = "2026-02-03T04-05-06.123456"
OLD: dict[str, Any] = {
    "results": {
        "hellaswag": {"acc": 0.40, "acc_stderr": 0.01, "acc_norm": 0.52, "acc_norm_stderr": 0.011},
        "winogrande": {"acc": 0.61, "acc_stderr": 0.0},
        "wikitext": {"word_perplexity": 12.5, "byte_perplexity": 1.6},
        "squad2": {"exact": 40.0, "f1": 45.0, "HasAns_exact": 50.0},
    },
    "versions": {"hellaswag": 0, "winogrande": 0, "wikitext": 1, "squad2": 1},
    "config": {
        "model": "hf-causal",
        "model_args": "pretrained=acme/tiny-1b,revision=step3000,dtype=float16",
        "num_fewshot": 0,
        "limit": None,
    },
}
NEW: dict[str, Any] = {
    "results": {
        "mmlu": {"acc,none": 0.5, "acc_stderr,none": 0.02, "alias": "mmlu"},
        "mmlu_stem": {"acc,none": 0.4, "acc_stderr,none": 0.03, "alias": " - stem"},
        "mmlu_anatomy": {"acc,none": 0.3, "acc_stderr,none": 0.04, "alias": "  - anatomy"},
        "mmlu_algebra": {"acc,none": 0.5, "acc_stderr,none": float("nan"), "alias": "  - algebra"},
        "mmlu_law": {"acc,none": 0.6, "acc_stderr,none": "N/A", "alias": "  - law"},
        "leaderboard": {" ,none": " ", "alias": "leaderboard"},
        "ifeval": {"prompt_level_strict_acc,none": 0.7, "inst_level_strict_acc,none": 0.8, "alias": "ifeval"},
        "gsm8k": {
            "exact_match,strict-match": 0.71, "exact_match_stderr,strict-match": 0.012,
            "exact_match,flexible-extract": 0.75, "exact_match_stderr,flexible-extract": 0.011,
        },
    },
    "groups": {"mmlu": {"acc,none": 0.5}},
    "group_subtasks": {
        "mmlu": ["mmlu_stem", "mmlu_law"], "mmlu_stem": ["mmlu_anatomy", "mmlu_algebra"], "leaderboard": ["ifeval"],
        "gsm8k": [],
    },
    "configs": {"gsm8k": {"task": "gsm8k", "doc_to_text": SECRET, "description": SECRET}},
    "versions": {"gsm8k": 3.0, "mmlu": 2},
    "n-shot": {"gsm8k": 5, "mmlu": 0},
    "higher_is_better": {"gsm8k": {"exact_match": True}},
    "n-samples": {
        "mmlu_anatomy": {"original": 135, "effective": 100}, "mmlu_algebra": {"original": 100, "effective": 100},
        "mmlu_law": {"original": 121, "effective": 50}, "gsm8k": {"original": 1319, "effective": 1319},
    },
    "config": {
        "model": "vllm", "model_args": {"pretrained": "acme/tiny-8b", "dtype": "bfloat16"}, "limit": 100.0,
        "gen_kwargs": SECRET,
    },
    "date": 1769997906.1,
    "lm_eval_version": "0.4.11", "git_hash": "abc1234", "model_source": "vllm", "model_name": "acme/tiny-8b",
    "chat_template": SECRET, "chat_template_sha": "c0ffee" * 10, "system_instruction": SECRET,
    "fewshot_as_multiturn": True, "pretty_env_info": SECRET, "total_evaluation_time_seconds": "99",
}  # fmt: skip


def sample(item: int, filtered: str | None = "strict-match", **metrics: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "doc_id": item, "doc": {"question": SECRET, "nested": {"answer": [SECRET]}}, "target": SECRET,
        "arguments": {"gen_args_0": {"arg_0": SECRET}}, "resps": [[SECRET]], "filtered_resps": [SECRET],
    }  # fmt: skip
    if filtered is not None:
        row |= {"filter": filtered, "metrics": list(metrics), "doc_hash": "d" * 64, "target_hash": "t" * 64}
    return row | metrics


SAMPLES = [
    sample(item, filtered, exact_match=float(item % 2 == 0 or filtered == "flexible-extract"))
    for filtered in ("strict-match", "flexible-extract")
    for item in range(3)
]


def taken(module: Any, told: Any, name: str, **options: Any) -> Batch:
    data = "\n".join(json.dumps(row) for row in told) if isinstance(told, list) else json.dumps(told)
    original = Original(name, data.encode())
    assert taker(original) is module
    batch: Batch = module.read(original, Options(**options))
    return batch


def scores(batch: Batch) -> dict[str, Mapping[str, Any]]:
    return {str(row["benchmark"]): row for row in batch.tables["scores"].rows()}


def everything(batch: Batch) -> str:
    """All that a batch would keep or show."""
    cells = [value for table in batch.tables.values() for values in table.data.values() for value in values]
    return repr(cells) + repr(batch.notes) + repr(batch.unused)


def test_old_layout_gives_one_score_a_task_with_its_metric() -> None:
    batch = taken(lm_eval, OLD, "old.json")
    found = scores(batch)
    assert {task: (row["score"], row["se"], row["unit"]) for task, row in found.items()} == {
        "HellaSwag": (0.52, 0.011, "fraction"),  # acc_norm, as leaderboards report it
        "Winogrande": (0.61, None, "fraction"),  # a standard error of 0 is none
        "wikitext": (1.6, None, "byte_perplexity"),
        "squad2": (0.45, None, "fraction"),  # SQuAD's own script counts in percent
    }
    row = found["HellaSwag"]
    assert (row["model"], row["version"]) == ("acme/tiny-1b@step3000", "step3000")
    assert row["setting"] == (
        "shots=0; metric=acc_norm; task_version=0; backend=hf-causal; revision=step3000; dtype=float16"
    )
    assert next(iter(batch.tables["benchmarks"].rows()))["higher_is_better"] is False


def test_a_revision_that_is_a_step_gives_checkpoints() -> None:
    rows = list(taken(lm_eval, OLD, "old.json").tables["checkpoints"].rows())
    assert {(row["training_run"], row["step"]) for row in rows} == {("acme/tiny-1b", 3000)}
    final = OLD | {"config": OLD["config"] | {"model_args": "pretrained=acme/tiny-1b,revision=main"}}
    batch = taken(lm_eval, final, "old.json")
    assert "checkpoints" not in batch.tables and scores(batch)["Winogrande"]["model"] == "acme/tiny-1b"


def test_checkpoints_of_the_present_layout_are_accuracy_with_items_and_their_filter_is_a_setting() -> None:
    file = NEW | {"config": NEW["config"] | {"model_args": "pretrained=acme/tiny-8b,revision=step2000"}}
    file["results"] = NEW["results"] | {"arc_challenge": {"acc,none": 0.3, "acc_norm,none": 0.34, "alias": "arc"}}
    rows = list(taken(lm_eval, file, f"results_{TIME}.json").tables["checkpoints"].rows())
    found = {(row["benchmark"], row["metric"]): row for row in rows}
    assert found["MMLU", "acc"]["score"] == 0.5 and found["MMLU", "acc"]["setting"] == "shots=0"
    assert found["GSM8K", "exact_match"]["setting"] == "shots=5; filter=flexible-extract"
    assert found["GSM8K", "exact_match"]["items"] == 1319
    assert found["ARC AI2", "acc"]["score"] == 0.3 and found["ARC AI2", "acc_norm"]["score"] == 0.34
    assert not [row for row in rows if "," in str(row["metric"])]


def test_what_every_file_tells_of_its_benchmarks_is_no_lost_checkpoint(tmp_path: Path) -> None:
    for step in (1000, 2000, 3000):
        args = f"pretrained=acme/tiny-1b,revision=step{step}"
        file = OLD | {"config": OLD["config"] | {"model_args": args}}
        (tmp_path / f"step{step}.json").write_text(json.dumps(file))
    opened = open_evidence([tmp_path])
    assert len({row["step"] for row in opened.table("checkpoints").rows()}) == 3
    assert not [note for note in opened.notes if note.about == "duplicates"]


def test_groups_are_not_counted_beside_their_tasks() -> None:
    batch = taken(lm_eval, NEW, f"results_{TIME}.json")
    found = scores(batch)
    # The group without a number of its own (leaderboard) stands for nothing.
    assert set(found) == {"MMLU", "IFEval", "GSM8K"}
    assert (found["MMLU"]["score"], found["MMLU"]["se"], found["MMLU"]["n"]) == (0.5, 0.02, 250)
    runs = {row["benchmark"] for row in batch.tables["runs"].rows()}
    assert runs == {"mmlu_anatomy", "mmlu_algebra", "mmlu_law", "IFEval", "GSM8K"}
    assert any(note.text.endswith("4 tasks are counted in the score of their group: mmlu.") for note in batch.notes)


def test_a_reader_that_forgets_groups_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lm_eval, "_groups", lambda *_: {})
    assert len(scores(taken(lm_eval, NEW, f"results_{TIME}.json"))) > 3


def test_new_layout_keeps_how_it_was_run() -> None:
    batch = taken(lm_eval, NEW, f"acme__tiny-8b/results_{TIME}.json")
    row = scores(batch)["GSM8K"]
    assert (row["model"], row["score"], row["n"], row["evaluated"]) == ("acme/tiny-8b", 0.75, 1319, "2026-02-02")
    assert row["setting"] == (
        "shots=5; metric=exact_match,flexible-extract; task_version=3.0; backend=vllm; dtype=bfloat16; limit=100; "
        "chat_template=c0ffeec0ffee; multiturn=yes"
    )
    run = next(row for row in batch.tables["runs"].rows() if row["benchmark"] == "GSM8K")
    assert (run["tool"], run["scorer"]) == ("lm-eval 0.4.11", "exact_match,flexible-extract")


def test_samples_join_their_results_and_keep_filters_apart(tmp_path: Path) -> None:
    folder = tmp_path / "acme__tiny-8b"
    folder.mkdir()
    (folder / f"results_{TIME}.json").write_text(json.dumps(NEW))
    (folder / f"samples_gsm8k_{TIME}.jsonl").write_text("\n".join(json.dumps(row) for row in SAMPLES) + "\n")
    evidence = open_evidence([tmp_path])
    rows = list(evidence.table("attempts").rows())
    by = {(row["item"], row["scorer"]): row["success"] for row in rows}
    assert by == {
        (str(item), f"exact_match,{name}"): float(item % 2 == 0 or name == "flexible-extract")
        for item in range(3) for name in ("strict-match", "flexible-extract")
    }  # fmt: skip
    runs = {row["run"]: row for row in evidence.table("runs").rows()}
    assert {runs[row["run"]]["model"] for row in rows} == {"acme/tiny-8b"}

    from ascent.measure.attempts import attempts

    found = attempts(evidence, scorer="exact_match,strict-match")
    assert (found.models, found.benchmarks, len(found.success)) == (("acme/tiny-8b",), ("GSM8K",), 3)
    assert found.success.mean() == pytest.approx(2 / 3)


def test_declared_tasks_are_known_benchmarks_and_say_how_they_asked() -> None:
    assert set(lm_eval_names.TASKS.values()) <= set(register().benchmarks)
    told = OLD | {"results": {"arc_challenge": {"acc": 0.3, "acc_norm": 0.4}, "arc_easy": {"acc": 0.6}}}
    found = scores(taken(lm_eval, told, "old.json"))
    assert {name: row["score"] for name, row in found.items()} == {"ARC AI2": 0.4, "ARC AI2 Easy": 0.6}
    assert str(found["ARC AI2"]["setting"]).startswith("task=arc_challenge; shots=0; metric=acc_norm")


def test_from_a_folder_of_logs_to_the_next_benchmark_in_three_commands(
    tmp_path: Path, run_ascent: Callable[..., Any]
) -> None:
    folder = tmp_path / "logs" / "acme__tiny-8b"
    folder.mkdir(parents=True)
    (folder / f"results_{TIME}.json").write_text(json.dumps(NEW))
    (folder / f"samples_gsm8k_{TIME}.jsonl").write_text("\n".join(json.dumps(row) for row in SAMPLES))
    logs = str(tmp_path / "logs")
    assert "Nothing was written" in run_ascent("evidence", "check", logs).err
    placed = run_ascent("place", logs, "--evidence", "snapshot", "--format", "json")
    assert placed.code == 0, placed.err
    found = json.loads(placed.out)
    assert found["low"] < found["capability"] < found["high"]
    following = run_ascent("next-benchmark", logs, "--evidence", "snapshot")
    assert following.code == 0 and "acme/tiny-8b" in following.out + following.err


def test_runs_join_wherever_the_files_lie_and_never_across_folders() -> None:
    def key(name: str) -> str:
        return lm_eval_names.run_of(Original(name, b""), "t")

    assert key(f"a/results_{TIME}.json") == key(f"samples_t_{TIME}.jsonl")
    coarse = TIME.split(".")[0]
    assert key(f"a/results_{coarse}.json") == key(f"x/a/samples_t_{coarse}.jsonl")
    assert key(f"a/results_{coarse}.json") != key(f"b/samples_t_{coarse}.jsonl")


def test_older_samples_are_one_list_without_filters() -> None:
    rows = [sample(item, None, acc=bool(item), acc_norm=1.0) for item in range(2)]
    rows += [sample(0, None, acc=True, acc_norm=0.0), sample(5, None, word_perplexity=[1.0, 2.0])]
    original = Original("samples_piqa.jsonl", json.dumps(rows, indent=2).encode())
    batch = lm_eval_samples.read(original, Options(model="mine"))
    found = [(row["item"], row["epoch"], row["success"], row["model"]) for row in batch.tables["attempts"].rows()]
    assert found == [("0", 1, 0.0, "mine"), ("1", 1, 1.0, "mine"), ("0", 2, 1.0, "mine")]
    assert any("1 rows have no metric" in note.text for note in batch.notes)
    with pytest.raises(BadInput, match="--model"):
        lm_eval_samples.read(original, Options())


def test_no_question_answer_or_reply_is_kept() -> None:
    assert SECRET not in everything(taken(lm_eval, NEW, f"results_{TIME}.json"))
    assert SECRET not in everything(taken(lm_eval_samples, SAMPLES, f"samples_gsm8k_{TIME}.jsonl"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda file: file["results"]["gsm8k"].update({"exact_match,flexible-extract": 1.5}), "a share from 0 to 1"),
        (lambda file: file["results"]["gsm8k"].update({"exact_match,flexible-extract": "0.5"}), "a number"),
        (lambda file: file["results"].update({"gsm8k": [1]}), "an object"),
        (lambda file: file["n-samples"].update({"gsm8k": {"effective": 0}}), "at least 1"),
        (lambda file: file["n-shot"].update({"gsm8k": 2.5}), "a whole number"),
        (lambda file: file.update({"date": "yesterday"}), "a date"),
        (lambda file: file.update({"results": {}}), "at least one"),
    ],
)
def test_values_that_do_not_fit_are_told_with_their_path(change: Callable[[Any], Any], told: str) -> None:
    file = json.loads(json.dumps(NEW))
    change(file)
    with pytest.raises(BadInput) as refused:
        taken(lm_eval, file, "results.json")
    assert told in str(refused.value) and all(problem.column and problem.mend for problem in refused.value.problems)


@pytest.mark.real
def test_real_results_as_the_files_have_them(shared_data: Path) -> None:
    for path in sorted((shared_data / "formats" / "lm_eval").glob("*.json")):
        told = json.loads(path.read_text())
        ((_, batch),) = [(one.original, one.batch) for one in read([path])[0]]
        found = scores(batch)
        subjects = [task for task in told["results"] if task.startswith("hendrycksTest-")]
        assert len(found) == len(told["results"]) - len(subjects) + bool(subjects)
        if (whole := found.pop("MMLU", None)) is not None:
            # The harness's errors tell how many items each subject has: p (1 - p) / (n - 1) is their square.
            rows = [told["results"][task] for task in subjects]
            sizes = [row["acc"] * (1 - row["acc"]) / row["acc_stderr"] ** 2 + 1 for row in rows]
            assert sizes == pytest.approx([lm_eval_mmlu.SIZES[task.split("-")[1]] for task in subjects])
            mean = sum(size * row["acc"] for size, row in zip(sizes, rows, strict=True)) / sum(sizes)
            assert whole["score"] == pytest.approx(mean) and whole["n"] == round(sum(sizes)) == 14_042
            assert whole["se"] == pytest.approx((0.25 * 0.75 / 14_042) ** 0.5, rel=0.1)
        known = {lm_eval_names.benchmark_of(task): task for task in told["results"]}
        for task, row in ((known[name], row) for name, row in found.items()):
            metric = str(row["setting"]).split("metric=")[1].split(";")[0]
            numbers = told["results"][task]
            wanted = numbers.get(metric, numbers.get(f"{metric},none"))
            error = numbers.get(f"{metric}_stderr", numbers.get(f"{metric}_stderr,none")) or None
            assert (row["score"], row["se"]) == (wanted, error)
        model = told["config"]["model_args"].split("pretrained=")[1].split(",")[0]
        assert all(str(row["model"]).startswith(model) for row in found.values())
        # One file's name says 5 shots where its config says 0; another's says 5 and so does its config.
        doubted = any(note.about == "shots" for note in batch.notes)
        assert doubted == (path.name == "1b-bf16-5shot_step256.json")


def test_a_task_whose_score_is_not_a_number_is_left_out_aloud(tmp_path: Path) -> None:
    row = {"acc,none": float("nan"), "acc_stderr,none": float("nan"), "alias": "arc"}
    path = tmp_path / "results_2026-01-01.json"
    path.write_text(json.dumps(NEW | {"results": NEW["results"] | {"arc_challenge": row}}))
    told = [note.text for note in open_evidence([path]).notes if note.about == "no number"]
    assert told == ["results_2026-01-01.json: 1 task has NaN for a score and is left out: arc_challenge."]
    path.write_text(json.dumps(NEW))
    assert not [note for note in open_evidence([path]).notes if note.about == "no number"]


def of_subjects(prefix: str, key: str, lacking: int = 0) -> dict[str, Any]:
    """A file with MMLU's subjects, of which the two largest are solved and nothing else."""
    names = list(lm_eval_mmlu.SIZES)[lacking:]
    rows = {f"{prefix}{name}": {key: float(name in ("professional_law", "moral_scenarios"))} for name in names}
    return OLD | {"results": OLD["results"] | rows}


@pytest.mark.parametrize(("prefix", "key"), [("hendrycksTest-", "acc"), ("mmlu_", "acc,none")])
def test_all_subjects_of_mmlu_make_its_score_over_items(prefix: str, key: str) -> None:
    batch = taken(lm_eval, of_subjects(prefix, key), "old.json")
    found = scores(batch)
    assert set(found) == {"HellaSwag", "Winogrande", "wikitext", "squad2", "MMLU"}
    assert found["MMLU"]["score"] == pytest.approx((1534 + 895) / 14_042) and found["MMLU"]["n"] == 14_042
    assert any("over subjects it would be 3.5 %" in note.text for note in batch.notes)  # 2 of 57
    assert len(batch.tables["runs"]) == 4 + 57
    limited = of_subjects(prefix, key)
    limited["config"] = limited["config"] | {"limit": 100}
    row = scores(taken(lm_eval, limited, "old.json"))["MMLU"]
    assert (row["score"], row["n"]) == (pytest.approx(2 / 57), 5_700)


def test_mmlu_without_a_subject_is_not_mmlu() -> None:
    batch = taken(lm_eval, of_subjects("hendrycksTest-", "acc", lacking=1), "old.json")
    assert "MMLU" not in scores(batch) and len(scores(batch)) == 4 + 56
    assert any("lacking: abstract_algebra." in note.text for note in batch.notes)
