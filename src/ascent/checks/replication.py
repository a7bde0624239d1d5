"""The replication board: published results set beside what the same question answers here, with a verdict and why.

`published/*.toml` holds statements of others, one `[[result]]` each: what was said, by whom, when, the value with its
interval, and which question, options, table, row and column recompute it. Nothing of ours is stored there: our side is
computed at the moment of asking, from the evidence at hand, by the question anybody can ask.
"""

import math
import statistics
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any, Literal

from ascent.core.answer import Result
from ascent.core.dates import span
from ascent.core.errors import AscentError, UnknownName
from ascent.core.tables import Cell, Column, Table
from ascent.evidence.evidence import Evidence

Answer = Callable[[str, Mapping[str, Any]], Result]
Verdict = Literal["agrees", "within rounding", "consistent", "differs", "cannot be computed"]
VERDICTS: tuple[Verdict, ...] = ("agrees", "within rounding", "consistent", "differs", "cannot be computed")
REDUCE: dict[str, Callable[[list[float]], float]] = {
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "sum": math.fsum,
    "count": len,
}
EXPLAINED = "explained"


class NotThere(AscentError):
    """The recipe of a published result does not fit the answer it asks for."""


@dataclass(frozen=True)
class Published:
    """What was said: a value in a unit, perhaps with an interval, or words that we read as a bound.

    value, low, high    as printed; value is None where the source has words only
    rounding            half of the last digit printed, in the unit
    at_least, at_most   the bound that we take words to mean; `reading` says why
    """

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    rounding: float = 0.0
    words: str = ""
    at_least: float | None = None
    at_most: float | None = None
    reading: str = ""


@dataclass(frozen=True)
class Recipe:
    """How our side is computed: a question with options, then one cell, or a column reduced to one number.

    where   column -> value: the rows meant; without `reduce` it must be exactly one
    low, high   columns with the ends of our interval, where there are any
    reduce  mean, median, min, max, sum or count of the column over the rows, or `explained`: the share of the column's
            variance that the column `against` explains
    scale   our number times this is in the published unit
    needs   names of evidence described under `[needs.NAME]`
    """

    question: str
    table: str
    column: str
    params: Mapping[str, Any] = field(default_factory=dict)
    where: Mapping[str, Any] = field(default_factory=dict)
    low: str = ""
    high: str = ""
    reduce: str = ""
    against: str = ""
    scale: float = 1.0
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """Evidence that a recipe cannot do without: counts that tell it apart, and where to get it.

    table, rows, distinct   of the evidence table: its rows and its distinct values by column; 0 means any number
    scored_by               a model released by this day has a score
    """

    words: str
    fix: str
    table: str = "scores"
    rows: int = 0
    distinct: Mapping[str, int] = field(default_factory=dict)
    scored_by: str = ""

    def met(self, evidence: Evidence) -> bool:
        held = evidence.table(self.table)
        if not len(held) or (self.rows and len(held) != self.rows):
            return False
        if self.scored_by and not _scored_by(evidence, self.scored_by):
            return False
        return all(len(set(held[column])) == count for column, count in self.distinct.items())


@dataclass(frozen=True)
class Claim:
    """One published result.

    tolerance   how far our number may lie from the published one and still agree, and `because` why so far
    overlap     agree also where the published value lies in our interval, or ours in theirs: for statistical results
                on evidence that is not exactly theirs
    differs     why ours is known to differ, in words; shown only where it does
    """

    id: str
    statement: str
    source: str
    year: int
    published: Published
    ours: Recipe
    tolerance: float = 0.0
    because: str = ""
    overlap: bool = False
    differs: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the board; `ours` and `difference` are None where nothing could be computed."""

    id: str
    statement: str
    published: Mapping[str, Any]
    ours: Mapping[str, float | None] | None
    difference: float | None
    verdict: Verdict
    why: str
    inputs: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        return asdict(self)


def claims() -> tuple[dict[str, Claim], dict[str, Need]]:
    """Every packaged published result by id, and the evidence their recipes need by name.

    Raises ValueError, naming file and entry, for an entry that is not in the form.
    """
    found: dict[str, Claim] = {}
    needs: dict[str, Need] = {}
    for file in sorted((files("ascent.checks") / "published").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        for name, described in read.get("needs", {}).items():
            needs[name] = Need(**described)
        for entry in read.get("result", []):
            claim = _claim(entry, file.name)
            if claim.id in found:
                raise ValueError(f"{file.name}: '{claim.id}' is there twice")
            found[claim.id] = claim
    unknown = {need for claim in found.values() for need in claim.ours.needs} - set(needs)
    if unknown:
        raise ValueError(f"published results need evidence nobody describes: {', '.join(sorted(unknown))}")
    return found, needs


def chosen(ids: Iterable[str], found: Mapping[str, Claim]) -> list[Claim]:
    """The claims with these ids, or all; raises UnknownName with the nearest ids."""
    ids = list(ids)
    for one in ids:
        if one not in found:
            raise UnknownName("published result", one, found, "ascent replicate shows all.")
    return [found[one] for one in ids] or list(found.values())


def compare(claim: Claim, evidence: Evidence, answer: Answer, needs: Mapping[str, Need]) -> Line:
    """One published result against the same question asked here and now."""
    recipe = claim.ours
    published = {**asdict(claim.published), "source": claim.source, "year": claim.year}
    inputs: dict[str, Any] = {
        "question": recipe.question,
        "params": dict(recipe.params),
        "table": recipe.table,
        "where": dict(recipe.where),
        "column": recipe.column,
        "reduce": recipe.reduce,
        "evidence": evidence.label,
        "fingerprint": evidence.fingerprint,
        "as_of": evidence.as_of,
    }

    def line(verdict: Verdict, why: str, ours: tuple[float | None, float, float | None] | None = None) -> Line:
        told = dict(zip(("low", "mid", "high"), ours, strict=True)) if ours else None
        value = claim.published.value
        difference = ours[1] - value if ours and value is not None else None
        return Line(claim.id, claim.statement, published, told, difference, verdict, why, inputs)

    missing = [needs[name] for name in recipe.needs if not needs[name].met(evidence)]
    if missing:
        why = " ".join(f"Needs {need.words}; found {evidence.label}. {need.fix}" for need in missing)
        return line("cannot be computed", why)
    try:
        ours = _ours(recipe, answer(recipe.question, recipe.params))
    except UnknownName as unknown:
        later = f"Needs the question {unknown.name}, which does not exist yet."
        return line("cannot be computed", later if unknown.kind == "question" else str(unknown))
    except AscentError as error:
        return line("cannot be computed", str(error))
    return line(*judge(claim, *ours), ours)


def judge(claim: Claim, low: float | None, mid: float, high: float | None) -> tuple[Verdict, str]:
    """The verdict on our number beside the published one, and the reason for it.

    low, high  ends of our interval at the project's mass; None where we have none
    """
    said = claim.published
    if said.value is None:
        fits = (said.at_least is None or mid >= said.at_least) and (said.at_most is None or mid <= said.at_most)
        return ("agrees" if fits else "differs"), said.reading if fits else _differs(claim)
    distance = abs(mid - said.value)
    # With an interval of ours a coinciding middle proves no more than overlap does.
    if distance <= said.rounding * (1 + 1e-9) and not (claim.overlap and low is not None):
        return "within rounding", "The same number at the digits that were printed."
    if distance <= claim.tolerance:
        return "agrees", f"Within {claim.tolerance:g} {said.unit}: {claim.because}"
    if claim.overlap and low is not None and high is not None and low <= said.value <= high:
        return "consistent", "The published value lies in our 90 % interval. " + claim.because
    if claim.overlap and said.low is not None and said.high is not None and said.low <= mid <= said.high:
        return "consistent", "Our value lies in the published interval. " + claim.because
    return "differs", _differs(claim)


def sheet(lines: Iterable[Line]) -> Table:
    """The board as a table."""
    number = [Column(name, "number") for name in ("published", "low", "mid", "high", "difference")]
    columns = [Column("id"), Column("statement"), Column("source"), *number, Column("unit")]
    columns += [Column("verdict"), Column("why"), Column("question")]
    rows = []
    for line in lines:
        said = line.published
        row = {"published": said["value"], "unit": said["unit"], "source": f"{said['source']} ({said['year']})"}
        row |= {"id": line.id, "statement": line.statement, "difference": line.difference, **(line.ours or {})}
        rows.append(row | {"verdict": line.verdict, "why": line.why, "question": line.inputs["question"]})
    return Table.from_rows(columns, rows)


def _ours(recipe: Recipe, result: Result) -> tuple[float | None, float, float | None]:
    sheets = result.sheets()
    if recipe.table not in sheets:
        raise NotThere(f"{recipe.question} has no table '{recipe.table}'; it has {', '.join(sheets)}.")
    table = sheets[recipe.table]
    wanted = [name for name in (recipe.column, recipe.low, recipe.high, recipe.against, *recipe.where) if name]
    if absent := [name for name in wanted if name not in table.names]:
        raise NotThere(f"Table '{recipe.table}' of {recipe.question} has no column {', '.join(absent)}.")
    rows = [row for row in table.rows() if all(row[name] == value for name, value in recipe.where.items())]
    if recipe.reduce == EXPLAINED:
        pairs = [(row[recipe.column], row[recipe.against]) for row in rows]
        known = [(_number(seen), _number(said)) for seen, said in pairs if seen is not None and said is not None]
        return None, _explained(known) * recipe.scale, None
    if recipe.reduce:
        values = [_number(row[recipe.column]) for row in rows if row[recipe.column] is not None]
        if not values:
            raise NotThere(f"Table '{recipe.table}' of {recipe.question} has no value in {recipe.column}.")
        return None, REDUCE[recipe.reduce](values) * recipe.scale, None
    if len(rows) != 1 or rows[0][recipe.column] is None:
        meant = ", ".join(f"{name} = {value}" for name, value in recipe.where.items()) or "no condition"
        raise NotThere(f"Table '{recipe.table}' of {recipe.question} has {len(rows)} rows with {meant}, not one value.")
    low, mid, high = (rows[0][name] if name else None for name in (recipe.low, recipe.column, recipe.high))
    ends = [None if end is None else _number(end) * recipe.scale for end in (low, high)]
    return ends[0], _number(mid) * recipe.scale, ends[1]


def _scored_by(evidence: Evidence, day: str) -> bool:
    models, scored = evidence.table("models"), set(evidence.table("scores")["model"])
    dates = zip(models["model"], models["released"], strict=True)
    return any(model in scored and released and span(str(released))[1] <= span(day)[1] for model, released in dates)


def _explained(pairs: list[tuple[float, float]]) -> float:
    if len(pairs) < 2 or len({seen for seen, _ in pairs}) < 2:
        raise NotThere("There is no variance that could be explained.")
    centre = statistics.fmean(seen for seen, _ in pairs)
    left = math.fsum((seen - said) ** 2 for seen, said in pairs)
    return 1 - left / math.fsum((seen - centre) ** 2 for seen, _ in pairs)


def _number(value: Cell) -> float:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value)
    raise NotThere(f"The recipe asks for a number and finds '{value}'.")


def _differs(claim: Claim) -> str:
    return claim.differs or "Not explained yet."


def _claim(entry: dict[str, Any], file: str) -> Claim:
    try:
        parts = dict(entry)
        recipe = dict(parts.pop("ours"))
        recipe["needs"] = tuple(recipe.pop("needs", ()))
        if recipe.get("reduce", EXPLAINED) not in (*REDUCE, EXPLAINED):
            raise ValueError(f"reduce is one of {', '.join(REDUCE)}, {EXPLAINED}")
        if (recipe.get("reduce") == EXPLAINED) != bool(recipe.get("against")):
            raise ValueError(f"reduce = '{EXPLAINED}' and `against` go together")
        claim = Claim(published=Published(**parts.pop("published")), ours=Recipe(**recipe), **parts)
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(f"{file}: result '{entry.get('id', '?')}': {error}") from None
    said = claim.published
    if said.value is None and said.at_least is None and said.at_most is None:
        raise ValueError(f"{file}: result '{claim.id}' has no value, nor a bound that its words are read as")
    if (claim.tolerance or claim.overlap) and not claim.because:
        raise ValueError(f"{file}: result '{claim.id}' allows a distance without saying why (because)")
    return claim
