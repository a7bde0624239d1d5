"""MMLU made of its subjects says which checkpoints it could not use."""

from dataclasses import replace

import numpy as np

from ascent.evidence.sources.lm_eval_mmlu import SIZES
from ascent.measure.checkpoint_suites import pooled_suites
from ascent.measure.checkpoints import Curve, Curves


def subjects() -> list[Curve]:
    x = np.linspace(20.0, 22.0, 30)
    one = Curve("r", "", "accuracy", "", "", x, x * 0.02, x * 0.001, ("",) * 30, True, False, 0.25, np.nan)
    return [replace(one, benchmark=f"mmlu_{name}") for name in sorted(SIZES)]


def test_checkpoints_at_which_one_subject_is_missing_are_counted_and_named() -> None:
    parts = subjects()
    late = parts[5]
    parts[5] = replace(late, x=late.x[15:], score=late.score[15:], se=late.se[15:], phase=late.phase[15:])
    made = pooled_suites(Curves(tuple(parts), ()))
    assert len(made.curves) == 1 and len(made.curves[0].x) == 15
    (said,) = [note.text for note in made.notes if note.level == "warning"]
    assert "30 amounts of compute, 15 of them" in said and late.benchmark.removeprefix("mmlu_") in said


def test_a_subject_of_other_compute_leaves_single_curves_and_says_so() -> None:
    parts = subjects()
    parts[5] = replace(parts[5], x=parts[5].x + np.log10(1.001))
    made = pooled_suites(Curves(tuple(parts), ()))
    assert len(made.curves) == len(SIZES)
    (said,) = [note.text for note in made.notes if note.level == "warning"]
    assert "told singly" in said and parts[5].benchmark.removeprefix("mmlu_") in said


def test_subjects_that_agree_raise_no_warning() -> None:
    made = pooled_suites(Curves(tuple(subjects()), ()))
    assert not [note for note in made.notes if note.level == "warning"]
