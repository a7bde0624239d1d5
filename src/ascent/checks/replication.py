"""The replication board: published results set beside what the same question answers here, with a verdict and why.

The results and their recipes stand in `published/*.toml`, in the form of `replication_form`. Our side is computed at
the moment of asking, from the evidence at hand, by the question anybody can ask; a verdict follows rules that are
stated beforehand (docs/method/replication.md).
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from ascent.checks.replication_form import EXPLAINED, Claim, Need, Published, Reading, Recipe, chosen, claims
from ascent.core.answer import Result
from ascent.core.dimensions import unit as unit_of
from ascent.core.errors import AscentError, UnknownName
from ascent.core.tables import Cell, Column, Table
from ascent.evidence.evidence import Evidence

__all__ = [
    "NOTHING",
    "NO_RECIPE",
    "REDUCE",
    "SAME",
    "VERDICTS",
    "Claim",
    "Compared",
    "Line",
    "Need",
    "Published",
    "Reading",
    "Recipe",
]
__all__ += ["chosen", "claims", "compare", "judge", "sheet", "verdict_on"]

Answer = Callable[[str, Mapping[str, Any]], Result]
Ours = tuple[float | None, float, float | None]
Verdict = Literal[
    "agrees", "within rounding", "consistent", "partly", "differs", "computed", "judgement", "cannot be computed"
]
VERDICTS: tuple[Verdict, ...] = (
    "agrees",
    "within rounding",
    "consistent",
    "partly",
    "differs",
    "computed",
    "judgement",
    "cannot be computed",
)
FITS: tuple[Verdict, ...] = ("consistent", "agrees", "within rounding")  # the weakest first
MISSING: Verdict = "cannot be computed"
NO_RECIPE = "No recipe yet."
UNEXPLAINED = "Not explained yet."
SAME = "The same number at the digits that were printed."
NOTHING = "Nothing was published that this could be set beside."
REDUCE: dict[str, Callable[[list[float]], float]] = {
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "sum": math.fsum,
    "count": len,
}


class NotThere(AscentError):
    """The recipe of a published result does not fit the answer it asks for."""


@dataclass(frozen=True)
class Compared:
    """One reading of a published result; `ours` and `difference` are None where nothing could be computed."""

    name: str
    words: str
    unit: str
    published: Mapping[str, Any] | None
    ours: Mapping[str, float | None] | None
    difference: float | None
    verdict: Verdict
    why: str
    alternative: bool
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of the board: the figures of its main reading, then everything that belongs to the result."""

    id: str
    statement: str
    published: Mapping[str, Any]
    ours: Mapping[str, float | None] | None
    difference: float | None
    verdict: Verdict
    why: str
    inputs: Mapping[str, Any]
    exactness: str
    agreement: str
    article: str
    seed: str
    where: str
    author: str
    missing: str
    outputs: tuple[Mapping[str, Any], ...]
    readings: tuple[Compared, ...]

    def record(self) -> dict[str, Any]:
        """The line as plain JSON values; the form is described in docs/method/replication.md."""
        return asdict(self)


def compare(claim: Claim, evidence: Evidence, answer: Answer, needs: Mapping[str, Need]) -> Line:
    """One published result against the same questions asked here and now."""
    readings = tuple(_compared(reading, evidence, answer, needs) for reading in claim.readings)
    verdict, why = verdict_on(claim, readings)
    if claim.why:  # the result says why; its readings need not say that nobody does
        readings = tuple(replace(one, why="") if one.why == UNEXPLAINED else one for one in readings)
    main = _main(readings)
    cited = {"source": claim.source, "year": claim.year, "as_of": claim.as_of}
    said = {**asdict(Published(main.unit if main else "")), **((main and main.published) or {}), **cited}
    return Line(
        id=claim.id,
        statement=claim.statement,
        published=said,
        ours=main.ours if main else None,
        difference=main.difference if main else None,
        verdict=verdict,
        why=why,
        inputs=main.inputs if main else _asked(None, evidence),
        exactness=claim.exactness,
        agreement=claim.agreement,
        article=claim.article,
        seed=claim.seed,
        where=claim.where,
        author=claim.author,
        missing=claim.missing,
        outputs=claim.outputs,
        readings=readings,
    )


def verdict_on(claim: Claim, readings: Iterable[Compared]) -> tuple[Verdict, str]:
    """The verdict on a result from its readings, and the reason for it.

    Only readings that are meant and have a published figure have a say: all fit, some do, or none does. One that could
    not be computed does not fit, but nor does it make a difference by itself.
    """
    meant = [reading for reading in readings if not reading.alternative]
    judged = [reading for reading in meant if reading.published]
    told = [reading for reading in judged or meant if reading.verdict != MISSING]
    fit = [reading for reading in told if reading.verdict in FITS]
    reasons = " ".join(dict.fromkeys(reading.why for reading in judged or meant if reading.why))
    if claim.exactness == "judgement":
        return "judgement", claim.why or f"A judgement by {claim.author}, recorded as theirs."
    if not told:
        if claim.missing and not reasons.replace(NO_RECIPE, "").strip():
            reasons = f"Missing: {claim.missing}"
        return MISSING, f"{reasons} {claim.why}".strip()
    if not judged:
        return "computed", claim.why or NOTHING
    lost = len(judged) - len(told)
    left = f" {lost} of {len(judged)} readings cannot be computed." if lost else ""
    if not fit:
        return "differs", (claim.why or reasons) + left
    if len(fit) < len(judged):
        return "partly", (claim.why or reasons) + left
    weakest = min((reading.verdict for reading in fit), key=FITS.index)
    return weakest, claim.why or reasons


def judge(reading: Reading, low: float | None, mid: float, high: float | None) -> tuple[Verdict, str]:
    """The verdict on our number beside the published one, and the reason for it.

    low, high  ends of our interval at the project's mass; None where we have none
    """
    said = reading.published
    if said is None:
        return "computed", ""
    if said.at_least is not None or said.at_most is not None:
        fits = (said.at_least is None or mid >= said.at_least) and (said.at_most is None or mid <= said.at_most)
        return ("agrees" if fits else "differs"), (said.reading or _bound(said)) if fits else _differs(reading)
    if said.value is None:
        raise ValueError(f"reading '{reading.name}' has neither value nor bound")
    distance = abs(mid - said.value)
    # With an interval of ours a coinciding middle proves no more than overlap does.
    if distance <= said.rounding + 1e-9 * abs(said.value) and not (reading.overlap and low is not None):
        return "within rounding", SAME
    if distance <= reading.tolerance * (1 + 1e-9):
        unit = "" if said.unit == "1" else f" {said.unit}"
        return "agrees", f"Within {reading.tolerance:g}{unit}: {reading.because}"
    if reading.overlap and low is not None and high is not None and low <= said.value <= high:
        return "consistent", "The published value lies in our 90 % interval. " + reading.because
    if reading.overlap and said.low is not None and said.high is not None and said.low <= mid <= said.high:
        return "consistent", "Our value lies in the published interval. " + reading.because
    return "differs", _differs(reading)


def sheet(lines: Iterable[Line]) -> Table:
    """The board as a table: one row per reading, the result's own columns repeated."""
    number = [Column(name, "number") for name in ("published", "low", "mid", "high", "difference")]
    columns = [Column("id"), Column("statement"), Column("source"), *number, Column("unit")]
    columns += [Column("verdict"), Column("why"), Column("question"), Column("reading"), Column("alternative")]
    columns += [Column("result_verdict"), Column("exactness"), Column("agreement"), Column("article")]
    rows: list[dict[str, Any]] = []
    for line in lines:
        source = f"{line.published['source']} ({line.published['year']})"
        own: dict[str, Any] = {"id": line.id, "statement": line.statement, "source": source, "article": line.article}
        own |= {"result_verdict": line.verdict, "exactness": line.exactness, "agreement": line.agreement}
        for one in line.readings:
            row = own | {"published": (one.published or {}).get("value"), "unit": one.unit, "reading": one.name}
            row |= {"difference": one.difference, **(one.ours or {}), "verdict": one.verdict}
            row |= {"alternative": "yes" if one.alternative else "no", "question": one.inputs["question"]}
            rows.append(row | {"why": line.why if len(line.readings) == 1 else one.why})
        if not line.readings:
            rows.append(own | {"verdict": line.verdict, "why": line.why})
    return Table.from_rows(columns, rows)


def _compared(reading: Reading, evidence: Evidence, answer: Answer, needs: Mapping[str, Need]) -> Compared:
    recipe = reading.ours
    published = None if reading.published is None else asdict(reading.published)

    def told(verdict: Verdict, why: str, ours: Ours | None = None) -> Compared:
        ends = dict(zip(("low", "mid", "high"), ours, strict=True)) if ours else None
        value = reading.published.value if reading.published else None
        difference = ours[1] - value if ours and value is not None else None
        inputs = _asked(recipe, evidence)
        alternative = reading.alternative
        return Compared(
            reading.name, reading.words, reading.unit, published, ends, difference, verdict, why, alternative, inputs
        )

    if recipe is None:
        return told(MISSING, NO_RECIPE)
    missing = [needs[name] for name in recipe.needs if not needs[name].met(evidence)]
    if missing:
        return told(MISSING, " ".join(f"Needs {need.words}; found {evidence.label}. {need.fix}" for need in missing))
    try:
        ours = _finite(_ours(recipe, answer(recipe.question, recipe.params), reading.unit), recipe)
    except UnknownName as unknown:
        later = f"Needs the question {unknown.name}, which does not exist yet."
        return told(MISSING, later if unknown.kind == "question" else str(unknown))
    except AscentError as error:
        return told(MISSING, str(error))
    low, mid, high = ours
    return told(*judge(reading, None if recipe.shown else low, mid, None if recipe.shown else high), ours)


def _main(readings: Iterable[Compared]) -> Compared | None:
    """The reading a line shows: meant and published if there is one, and computed before not computed."""
    return min(readings, key=lambda one: (one.alternative, one.published is None, one.verdict == MISSING), default=None)


def _asked(recipe: Recipe | None, evidence: Evidence) -> dict[str, Any]:
    return {
        "question": recipe.question if recipe else "",
        "params": dict(recipe.params) if recipe else {},
        "table": recipe.table if recipe else "",
        "where": dict(recipe.where) if recipe else {},
        "column": recipe.column if recipe else "",
        "reduce": recipe.reduce if recipe else "",
        "evidence": evidence.label,
        "fingerprint": evidence.fingerprint,
        "as_of": evidence.as_of,
    }


def _ours(recipe: Recipe, result: Result, wanted_unit: str) -> Ours:
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
    if isinstance(told := rows[0].get("unit"), str):
        _same_unit(told, wanted_unit, recipe)
    low, mid, high = (rows[0][name] if name else None for name in (recipe.low, recipe.column, recipe.high))
    ends = [None if end is None else _number(end) * recipe.scale for end in (low, high)]
    return ends[0], _number(mid) * recipe.scale, ends[1]


def _finite(ours: Ours, recipe: Recipe) -> Ours:
    low, mid, high = ours
    if not math.isfinite(mid):
        raise NotThere(f"{recipe.question} gives no finite number there.")
    low, high = (end if end is not None and math.isfinite(end) else None for end in (low, high))
    return low, mid, high


def _same_unit(told: str, wanted: str, recipe: Recipe) -> None:
    """Refuses to set USD beside billion USD; units of different things (a count, a share) are the recipe's own call."""
    try:
        ours, theirs = unit_of(told), unit_of(wanted)
    except AscentError:
        return  # a unit of the source that only people read, such as percentage points
    if (
        theirs.powers
        and ours.like(theirs)
        and not math.isclose(recipe.scale, ours.factor / theirs.factor, rel_tol=1e-6)
    ):
        meant = f"{ours.factor / theirs.factor:g}"
        raise NotThere(
            f"{recipe.question} answers in {told} and {wanted} was published: the recipe needs scale = {meant}."
        )


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


def _differs(reading: Reading) -> str:
    return reading.differs or UNEXPLAINED


def _bound(said: Published) -> str:
    ends = [("at least", said.at_least), ("at most", said.at_most)]
    return f"The source says {' and '.join(f'{word} {end:,.6g}' for word, end in ends if end is not None)}."
