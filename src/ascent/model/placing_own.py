"""What placing needs, from evidence: the ruler that its models make, the prior, the results of the models to place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts
from ascent.measure.models import model_facts
from ascent.measure.placing import Unused, own_results
from ascent.measure.score_matrix import ScoreMatrix, score_matrix
from ascent.model.index_matrix import Placed, ordered, place
from ascent.model.placing import Marks, Prior, Ruler
from ascent.model.placing_knobs import RulerKnobs, listed
from ascent.model.placing_known import Known, known_as

FEW = 10  # scores of a benchmark, below which its difficulty and discrimination are hardly fixed


@dataclass(frozen=True)
class Subject:
    """One model to place.

    raw        (score,)  as reported
    clamped    (score,)  whether a score lies at the floor or ceiling
    released   ISO date, or None; of the results, else as the evidence has it
    known      the same model in the evidence, or None
    """

    name: str
    marks: Marks
    raw: tuple[float, ...]
    clamped: tuple[bool, ...]
    released: str | None
    known: Known | None = None


@dataclass(frozen=True)
class Settled:
    """Everything but the answer.

    placed     the index of the evidence's models
    released   (model,) of those, or None
    facts      (benchmark,) of the ruler
    subjects   in alphabetical order; one without scores where none were asked for
    unused     results that could not be used
    """

    placed: Placed
    ruler: Ruler
    prior: Prior
    released: tuple[str | None, ...]
    facts: tuple[BenchmarkFacts, ...]
    subjects: tuple[Subject, ...]
    unused: tuple[Unused, ...]
    notes: tuple[Note, ...]

    @property
    def benchmarks(self) -> tuple[str, ...]:
        return self.placed.matrix.benchmarks

    def index_of(self, subject: Subject) -> int | None:
        """Position of the same model in the index of the evidence, or None."""
        name = subject.known.name if subject.known else None
        return self.placed.models.index(name) if name in self.placed.models else None

    @property
    def names(self) -> list[str]:
        """Of the models to place; where one was asked for, that one alone."""
        return [one.name for one in self.subjects]

    @property
    def scores_of(self) -> list[int]:
        """Scores behind each benchmark."""
        counts = np.bincount(self.placed.matrix.benchmark, minlength=len(self.benchmarks))
        return [int(count) for count in counts]


def settle(evidence: Evidence, knobs: RulerKnobs, *, draws: int = 0, nobody: bool = False) -> Settled:
    """Fit the ruler and read the results.

    knobs   `model` of the results is the one to place, all by default; without results it is one of the evidence, by
            default the newest, whose own scores then stay out of the fit
    draws   joint draws of the index's error
    nobody  take no scores of anyone where there are no results and no model is named

    Raises TooLittleEvidence where no score can be used, UnknownName for a model nobody knows.
    """
    model, rule, references, values = knobs.model, knobs.rule, knobs.references, knobs.values
    given = evidence.given
    whole = score_matrix(
        evidence, rule=rule, min_scores=knobs.min_scores, without=listed(knobs.without),
        independent_only=knobs.independent_only,
    )  # fmt: skip
    notes: list[Note] = []
    if given:
        results = given[0]
    elif nobody and not model:
        results = Evidence({}, evidence.label, evidence.as_of)
    else:
        model = model or _newest(evidence, whole)
        results = _of_evidence(evidence, model)
        if model in references:
            text = f"{model} defines the scale, so its own scores stay in the fit of the benchmarks."
            notes.append(Note("warning", "own scores", text))
        elif model in whole.models:
            whole = _without(whole, model)
            text = f"{model} is of the evidence; its own scores were left out of the fit of the benchmarks."
            notes.append(Note("info", "own scores", text))
    placed = place(whole, references, values=values, ridge=knobs.ridge, draws=draws, seed=knobs.seed)
    ruler = Ruler.of(placed.fit, values)
    released = tuple(facts["released"] for facts in model_facts(evidence, placed.models).values())
    prior = usual_prior(placed, released, knobs.prior_spread or values[1] - values[0])
    told = benchmark_facts(evidence)
    facts = tuple(told.get(name) or BenchmarkFacts(name) for name in placed.matrix.benchmarks)
    if nobody and not model and not given:
        nothing = Marks(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
        subject = Subject("a model without scores", nothing, (), (), None)
        return Settled(placed, ruler, prior, released, facts, (subject,), (), tuple(notes))
    own = own_results(results, evidence, placed.matrix.benchmarks, rule=rule, unscored=knobs.unscored)
    unused = own.unused if given else ()
    if own.matrix is None:
        raise _nothing_usable(own.unused)
    matrix = ordered(own.matrix)
    if model and model not in matrix.models:
        raise UnknownName("model with results on benchmarks of the evidence", model, matrix.models)
    subjects = _subjects(matrix, own.matrix, own.raw, placed, results, [model] if model else matrix.models, evidence)
    known = [one.known.name for one in subjects if given and one.known and one.known.name in placed.models]
    if known:
        more = f" and {len(known) - 3} more" if len(known) > 3 else ""
        text = f"The evidence has scores of {', '.join(known[:3])}{more} too; they stay in the fit of the benchmarks."
        notes.append(Note("info", "own scores", text))
    return Settled(placed, ruler, prior, released, facts, subjects, unused, (*own.notes, *notes))


def usual_prior(placed: Placed, released: Sequence[str | None], spread: float) -> Prior:
    """Centred on the newer half of the models, by release; on all where fewer than four have a date."""
    dated = sorted((day, at) for at, day in enumerate(released) if day)
    newer = [at for _, at in dated[len(dated) // 2 :]] if len(dated) >= 4 else list(range(len(placed.models)))
    return Prior(float(placed.fit.mid[newer].mean()), spread)


def _newest(evidence: Evidence, matrix: ScoreMatrix) -> str:
    """The model released last, of those the first in the alphabet; where no date is known, the first of all."""
    facts = model_facts(evidence, matrix.models)
    last = max((str(fact["released"] or "") for fact in facts.values()), default="")
    return min(name for name in matrix.models if str(facts[name]["released"] or "") == last)


def _of_evidence(evidence: Evidence, model: str) -> Evidence:
    rows = [row for row in evidence.table("scores").rows() if row["model"] == model]
    if not rows:
        raise UnknownName("model with scores", model, {str(name) for name in evidence.table("scores")["model"]})
    models = [row for row in evidence.table("models").rows() if row["model"] == model]
    tables = {
        "scores": Table.from_rows(TABLES["scores"], rows),
        "models": Table.from_rows(TABLES["models"], models),
        "benchmarks": evidence.table("benchmarks"),
    }
    return Evidence(tables, evidence.label, evidence.as_of)


def _without(matrix: ScoreMatrix, model: str) -> ScoreMatrix:
    """The matrix without one model, and without benchmarks that then have a single score."""
    rest = matrix.keep(matrix.model != matrix.models.index(model))
    return rest.keep(np.bincount(rest.benchmark)[rest.benchmark] >= 2)


def _subjects(
    matrix: ScoreMatrix,
    own: ScoreMatrix,
    raw: Sequence[float],
    placed: Placed,
    results: Evidence,
    names: Sequence[str],
    evidence: Evidence,
) -> tuple[Subject, ...]:
    at = {name: position for position, name in enumerate(placed.matrix.benchmarks)}
    told = {
        (own.models[m], own.benchmarks[b]): score for m, b, score in zip(own.model, own.benchmark, raw, strict=True)
    }
    facts = model_facts(results, names)
    found = []
    for name in names:
        mine = np.flatnonzero(matrix.model == matrix.models.index(name))
        where = [matrix.benchmarks[matrix.benchmark[i]] for i in mine]
        marks = Marks(np.array([at[b] for b in where], dtype=np.intp), matrix.share[mine], matrix.known[mine])
        scores = tuple(told[name, b] for b in where)
        clamped = tuple(bool(flag) for flag in matrix.clamped[mine])
        known = known_as(name, evidence)
        released = facts[name]["released"] or (known.released if known else None)
        found.append(Subject(name, marks, scores, clamped, released, known))
    return tuple(found)


def _nothing_usable(unused: Sequence[Unused]) -> TooLittleEvidence:
    one = unused[0]
    near = f"; did you mean {' or '.join(one.suggestions)}" if one.suggestions else ""
    fix = "rename the benchmark in the results, or accept its spelling with `ascent evidence names accept`"
    if not any(each.suggestions for each in unused):
        fix = "add a score on a benchmark of the evidence, which `ascent next-benchmark` names; a new benchmark places "
        fix += "nobody. If it is known by another name, rename it in the results"
    count = len({each.benchmark for each in unused}) - 1
    more = f" and {count} other benchmark{'s' * (count > 1)}" if count else ""
    return TooLittleEvidence(
        need="a score on at least one benchmark that the evidence knows",
        have=f"'{one.benchmark}'{more}, none usable ({one.reason}){near}",
        fix=fix,
    )
