"""Students of one teacher beside plain models of known compute, from figures printed in model cards and reports.

Rows of `series`, as the bundled facts have them:

    distillation study: BENCHMARK   score of the entity, a model, as a fraction
    distillation study, guessing    score of guessing at the entity, a benchmark; its note is the subject
    student of TEACHER              the entity is a student; its note: `from BASE; beside MODEL`, the plain model that
                                    was trained from the same base
    model parameters, training tokens                   of each plain model: compute is 6 FLOP per parameter and token
    training tokens after pre-training                  of a base that was trained further before it was a student
    distillation examples, tokens per distillation example      of the teacher
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ascent.core.dates import decimal_year
from ascent.evidence.evidence import Evidence
from ascent.measure.technique_points import ITEMS, Point, Study

STUDY, TECHNIQUE = "distillation study: ", "distillation from "
GUESSING, STUDENT = "distillation study, guessing", "student of "
PARAMETERS, TOKENS, AFTER = "model parameters", "training tokens", "training tokens after pre-training"
EXAMPLES, PER_EXAMPLE = "distillation examples", "tokens per distillation example"
FLOP_PER = 6.0  # operations per parameter and token: Kaplan et al. 2020, arXiv:2001.08361


@dataclass(frozen=True)
class Student:
    teacher: str
    base: str
    beside: str


def distilled(evidence: Evidence) -> Iterator[Study]:
    """One study per teacher and benchmark, of what students there are beside a plain model of known compute."""
    facts: dict[str, dict[str, float]] = {name: {} for name in (PARAMETERS, TOKENS, AFTER, EXAMPLES, PER_EXAMPLE)}
    scores: dict[str, dict[str, tuple[float, str]]] = {}
    guessing: dict[str, tuple[float, str]] = {}
    students: dict[str, Student] = {}
    for row in evidence.table("series").rows():
        series, entity, value = str(row["series"]), str(row["entity"]), row["value"]
        if value is None:
            continue
        if series == GUESSING:
            guessing[entity] = float(value), str(row["note"] or "")
        elif series.startswith(STUDY) and row["unit"] == "fraction":
            scores.setdefault(series.removeprefix(STUDY), {})[entity] = float(value), str(row["date"] or "")
        elif series.startswith(STUDENT):
            base, _, beside = str(row["note"] or "").removeprefix("from ").partition("; beside ")
            students[entity] = Student(series.removeprefix(STUDENT), base, beside)
        elif series in facts:
            facts[series][entity] = float(value)
    size, tokens = facts[PARAMETERS], facts[TOKENS]
    flop = {name: FLOP_PER * size[name] * tokens[name] for name in size.keys() & tokens.keys()}
    for benchmark, told in sorted(scores.items()):
        chance, subject = guessing.get(benchmark, (0.0, ""))
        plain = {
            name: _point(name, told[name], chance, flop[name])
            for name in sorted(told)
            if name in flop and name not in students
        }
        for teacher in sorted({students[name].teacher for name in told if name in students}):
            study = Study(f"{TECHNIQUE}{teacher}", benchmark, list(plain.values()), subject=subject, one_recipe=True)
            for name in sorted(told):
                if name in students and students[name].teacher == teacher and students[name].beside in plain:
                    known = students[name]
                    before = plain[known.beside]
                    spent = distillation_tokens(facts, teacher) + facts[AFTER].get(known.base, 0.0)
                    after = _point(name, told[name], chance, flop[known.beside])
                    study.pairs.append((before, after, spent / tokens[known.beside]))
            yield study


def distillation_tokens(facts: dict[str, dict[str, float]], teacher: str) -> float:
    """Tokens that a student of this teacher was trained on, NaN where they are not told."""
    return facts[EXAMPLES].get(teacher, float("nan")) * facts[PER_EXAMPLE].get(teacher, float("nan"))


def _point(name: str, told: tuple[float, str], chance: float, flop: float) -> Point:
    """Each size of one recipe is a training run of its own, so it is a group of its own."""
    score, date = told
    year = decimal_year(date) if date else float("nan")
    return Point(name, (score - chance) / (1 - chance), ITEMS, float(np.log10(flop)), year, name)
