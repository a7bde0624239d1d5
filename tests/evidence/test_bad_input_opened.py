"""The bad-input catalogue where evidence as a whole decides: rows 26, 39 to 46, 57 and 58 to 60.

58 (all right or all wrong), 59 (too little) and 60 (groups that share nothing) come in; what the capability index
makes of them is shown too.
"""

from pathlib import Path

import pytest

from ascent.analyses.capability_index import Params, run
from ascent.core.errors import BadInput, TooLittleEvidence
from ascent.evidence import contradictions
from ascent.evidence.evidence import Evidence
from ascent.evidence.names import rank, resolve
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Options, Original
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import read_csv
from ascent.evidence.store import Store

HEAD = "model,benchmark,score,evaluated\n"


def opened(folder: Path, **files: str) -> Evidence:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return open_evidence([folder / f"{name}.csv" for name in files])


def told(evidence: Evidence, about: str) -> str:
    return " ".join(note.text for note in evidence.notes if note.about == about)


def test_26_a_score_from_before_its_model_is_flagged(tmp_path: Path) -> None:
    scores = HEAD + "A,MMLU,0.5,2024-12\nB,MMLU,0.6,2025-03\nC,MMLU,0.6,2024\n"
    models = "model,organization,released\nA,X,2025-01-31\nB,X,2025-01-31\nC,X,\n"
    evidence = opened(tmp_path, scores=scores, models=models)
    assert list(evidence.table("scores")["flags"]) == ["evaluated before release", None, None]
    assert "1 score" in told(evidence, contradictions.EARLY)


def test_26_a_month_that_may_lie_after_the_release_is_not_flagged(tmp_path: Path) -> None:
    scores, models = HEAD + "A,MMLU,0.5,2025-01\n", "model,organization,released\nA,X,2025-01-31\n"
    assert list(opened(tmp_path, scores=scores, models=models).table("scores")["flags"]) == [None]


def test_39_exact_duplicates_come_in_once_and_are_counted(tmp_path: Path) -> None:
    evidence = opened(tmp_path, scores=HEAD + "A,MMLU,0.5,\nB,MMLU,0.6,\nA,MMLU,0.5,\nA,MMLU,0.5,\n")
    assert len(evidence.table("scores")) == 2
    assert "2 rows" in told(evidence, "duplicates")


def test_40_another_score_for_the_same_thing_is_kept_and_flagged(tmp_path: Path) -> None:
    evidence = opened(tmp_path, scores=HEAD + "A,MMLU,0.5,2025\nA,MMLU,0.6,2025\nA,MMLU,0.7,2026\n")
    assert list(evidence.table("scores")["score"]) == [0.5, 0.6, 0.7]
    assert list(evidence.table("scores")["flags"]) == ["contradictory", "contradictory", None]
    assert "2 scores" in told(evidence, "contradictory")


def test_41_and_42_bytes_or_rows_known_already_add_nothing(tmp_path: Path) -> None:
    first, second, third = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    first.write_text(HEAD + "A,MMLU,0.5,\nB,MMLU,0.6,\n")
    second.write_bytes(first.read_bytes())
    third.write_text(HEAD + "B,MMLU,0.60,\nA,MMLU,0.5,\n")
    store = Store(tmp_path / "store")
    for path in (first, first, second, third):
        store.add([path])
        assert len(store.evidence().table("scores")) == 2


def test_43_an_unknown_name_is_ranked_for_review_and_never_merged(tmp_path: Path) -> None:
    evidence = opened(tmp_path, scores=HEAD + "GPT-4o,M,0.5,\nGPT-4o mini,M,0.3,\nGPT-4o-Mini-2024,M,0.4,\n")
    assert len(set(evidence.table("scores")["model"])) == 3
    assert resolve("gpt-4o-2024", {}, ["GPT-4o", "GPT-4o mini"]) is None
    assert {name for name, _ in rank("gpt-4o-2024", ["GPT-4o", "GPT-4o mini"])} == {"GPT-4o", "GPT-4o mini"}


def test_44_names_that_differ_in_typography_only_are_told(tmp_path: Path) -> None:
    evidence = opened(tmp_path, scores=HEAD + "GPT-4 ,M,0.5,\nGPT\u20114,M,0.6,\n\u0410lpha,M,0.4,\n")
    assert set(evidence.table("scores")["model"]) == {"GPT-4", "GPT\u20114", "\u0410lpha"}
    assert "'GPT-4' and 'GPT\u20114'" in told(evidence, "spelling")
    assert "row 4" in told(evidence, "confusable") and "Cyrillic" in told(evidence, "confusable")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("A,B,model,me\nB,A,model,me\n", "circle"),
        ("A,B,model,me\nB,C,model,me\nC,A,model,me\n", "A → B → C → A"),
        ("A,B,model,me\nA,C,model,me\n", "one name per alias"),
    ],
)
def test_45_aliases_in_a_circle_or_to_two_names_are_refused(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        opened(tmp_path, aliases="alias,refers_to,kind,reviewed_by\n" + rows)


def test_46_other_versions_and_settings_stay_apart(tmp_path: Path) -> None:
    rows = "A,MMLU,shots=5,0.5\nA,MMLU,shots=0,0.4\nA,MMLU-Pro,shots=5,0.3\n"
    evidence = opened(tmp_path, scores="model,benchmark,setting,score\n" + rows)
    assert len(evidence.table("scores")) == 3
    assert set(evidence.table("scores")["benchmark"]) == {"MMLU", "MMLU-Pro"}
    assert list(evidence.table("scores")["flags"]) == [None] * 3


@pytest.mark.parametrize("cells", [("-1", "2"), ("0", "0"), ("nan", "1")])
def test_57_impossible_weights_are_refused(cells: tuple[str, ...]) -> None:
    text = "item,weight\n" + "".join(f"i{n},{cell}\n" for n, cell in enumerate(cells))
    desk = Desk(read_csv(Original("weights.csv", text.encode()), Options()), Options())
    desk.weight("weight")
    with pytest.raises(BadInput, match="column weight"):
        desk.finish()


def world(groups: str, floor: bool = False) -> str:
    """Scores of eight models on six benchmarks in each group, capability and easiness rising by a tenth per step."""
    rows = []
    for group in groups:
        for model in range(8):
            for task in range(6):
                score = min(0.98, max(0.02, 0.1 * model + 0.1 * task + 0.01 * ((3 * model + 5 * task) % 7 - 3)))
                extreme = {0: 0.0, 7: 1.0}.get(model, score) if floor else score
                rows.append(f"{group}{model},{group} task {task},{extreme:.3f}")
    return "model,benchmark,score\n" + "\n".join(rows) + "\n"


SCALE = Params(draws=0, reference_low="X2", reference_high="X5")


def test_58_all_right_and_all_wrong_come_in_and_are_bounds(tmp_path: Path) -> None:
    answer = run(opened(tmp_path, scores=world("X", floor=True)), SCALE)
    assert any(note.level == "bound" and "12 scores" in note.text for note in answer.diagnostics())
    assert {"X0", "X7"} <= set(answer.sheets()["capability"]["model"])


def test_59_too_little_is_refused_by_the_fit_and_not_by_the_import(tmp_path: Path) -> None:
    evidence = opened(tmp_path, scores=HEAD + "A,M1,0.5,\n")
    assert len(evidence.table("scores")) == 1
    with pytest.raises(TooLittleEvidence):
        run(evidence, SCALE)


def test_60_groups_that_share_nothing_get_no_common_scale(tmp_path: Path) -> None:
    answer = run(opened(tmp_path, scores=world("XY")), SCALE)
    assert set(answer.sheets()["capability"]["model"]) == {f"X{number}" for number in range(8)}
    assert any(note.level == "warning" and "8 models" in note.text for note in answer.diagnostics())
