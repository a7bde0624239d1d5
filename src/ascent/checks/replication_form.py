"""The form of a published result: what was said, what it may be compared with, and the recipe that recomputes it.

`published/*.toml` holds statements of others, one file per article and one `[[result]]` each. A result has either one
`published` value with its recipe `ours`, or any number of `[[result.reading]]`: the ways in which its figures can be
read, each with its own recipe. Nothing of ours is stored: a reading says which question to ask, never what it answers.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.resources import files
from typing import Any, Literal

from ascent.core.dates import span
from ascent.core.errors import UnknownName
from ascent.evidence.evidence import Evidence

Exactness = Literal["exact arithmetic", "Monte Carlo", "statistical fit", "judgement"]
EXACTNESS: tuple[Exactness, ...] = ("exact arithmetic", "Monte Carlo", "statistical fit", "judgement")
Agreement = Literal["agrees", "partly", "disagrees", "not compared"]
AGREEMENT: tuple[Agreement, ...] = ("agrees", "partly", "disagrees", "not compared")
REDUCE = ("mean", "median", "min", "max", "sum", "count")
EXPLAINED = "explained"


@dataclass(frozen=True)
class Published:
    """What was said: a value in a unit, perhaps with an interval, or words that are read as a bound.

    value, low, high    as printed; value is None where the source has words only
    level               what the interval from low to high is said to hold, 0.9 for 90 %; None where it is not said
    rounding            half of the last digit printed, in the unit
    at_least, at_most   the bound that was printed ("over 200 GW") or that words are taken to mean; `reading` says why
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
    level: float | None = None


@dataclass(frozen=True)
class Recipe:
    """How our side is computed: a question with options, then one cell, or a column reduced to one number.

    where   column -> value: the rows meant; without `reduce` it must be exactly one
    low, high   columns with the ends of our interval, where there are any
    shown   the interval is shown, but plays no part in the verdict
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
    shown: bool = False
    reduce: str = ""
    against: str = ""
    scale: float = 1.0
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """Evidence that a recipe cannot do without: counts that tell it apart, and where to get it.

    table, rows, distinct   of the evidence table: its rows and its distinct values by column; 0 means any number
    holds                   values that a column must have, among any others
    scored_by               a model released by this day has a score
    """

    words: str
    fix: str
    table: str = "scores"
    rows: int = 0
    distinct: Mapping[str, int] = field(default_factory=dict)
    holds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    scored_by: str = ""

    def met(self, evidence: Evidence) -> bool:
        held = evidence.table(self.table)
        if not len(held) or (self.rows and len(held) != self.rows):
            return False
        if self.scored_by and not _scored_by(evidence, self.scored_by):
            return False
        if not all(set(values) <= set(held[column]) for column, values in self.holds.items()):
            return False
        return all(len(set(held[column])) == count for column, count in self.distinct.items())


@dataclass(frozen=True)
class Reading:
    """One way to read a published result.

    published     the figure it is compared with; None where nothing was published for it, and ours is only computed
    ours          None as long as nobody has written the recipe
    alternative   not the reading that is meant: shown, but without a say in the verdict on the result
    tolerance     how far our number may lie from the published one and still agree, and `because` why so far
    overlap       agree also where the published value lies in our interval, or ours in theirs: for statistical results
                  on evidence that is not exactly theirs
    differs       why ours is known to differ, in words; shown only where it does
    """

    name: str
    unit: str
    words: str = ""
    published: Published | None = None
    ours: Recipe | None = None
    alternative: bool = False
    tolerance: float = 0.0
    because: str = ""
    overlap: bool = False
    differs: str = ""


@dataclass(frozen=True)
class Claim:
    """One published result.

    exactness   how it was reached: exact arithmetic, Monte Carlo, a statistical fit, or a judgement (then `author`)
    agreement   of the published figures with their own inputs, as found when the result was catalogued
    outputs     every figure it prints: name, value or words, low, high, level, unit
    missing     the evidence or the question without which it cannot be recomputed
    why         what does not agree, and why where that is known; or what to keep in mind where all agrees
    """

    id: str
    statement: str
    source: str
    year: int
    readings: tuple[Reading, ...] = ()
    exactness: Exactness = "statistical fit"
    agreement: Agreement = "not compared"
    outputs: tuple[Mapping[str, Any], ...] = ()
    article: str = ""
    seed: str = ""
    as_of: str = ""
    where: str = ""
    author: str = ""
    missing: str = ""
    why: str = ""


def claims() -> tuple[dict[str, Claim], dict[str, Need]]:
    """Every packaged published result by id, and the evidence their recipes need by name.

    Raises ValueError, naming file and entry, for an entry that is not in the form.
    """
    found: dict[str, Claim] = {}
    needs: dict[str, Need] = {}
    for file in sorted((files("ascent.checks") / "published").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        more, described = read_claims(file.read_text(encoding="utf-8"), file.name)
        if twice := set(more) & set(found):
            raise ValueError(f"{file.name}: '{min(twice)}' is there twice")
        found |= more
        needs |= described
    asked = {need for one in found.values() for reading in one.readings for need in _needs(reading)}
    if unknown := asked - set(needs):
        raise ValueError(f"published results need evidence nobody describes: {', '.join(sorted(unknown))}")
    return found, needs


def read_claims(text: str, file: str) -> tuple[dict[str, Claim], dict[str, Need]]:
    """The results and needs of one file's text; raises ValueError as `claims` does."""
    read = tomllib.loads(text)
    about = {"article": file.removesuffix(".toml"), **read.get("article", {})}
    needs = {name: Need(**described) for name, described in read.get("needs", {}).items()}
    found: dict[str, Claim] = {}
    for entry in read.get("result", []):
        try:
            one = _claim({**about, **entry})
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(f"{file}: result '{entry.get('id', '?')}': {error}") from None
        if one.id in found:
            raise ValueError(f"{file}: '{one.id}' is there twice")
        found[one.id] = one
    return found, needs


def chosen(
    ids: Iterable[str], found: Mapping[str, Claim], *, seed: Iterable[str] = (), exactness: Iterable[str] = ()
) -> list[Claim]:
    """The claims with these ids, or all, narrowed to articles or seeds and to kinds.

    Raises UnknownName with the nearest ids or articles.
    """
    ids, seed, exactness = list(ids), list(seed), list(exactness)
    for one in ids:
        if one not in found:
            raise UnknownName("published result", one, found, "ascent replicate shows all.")
    known = {name for one in found.values() for name in (one.article, one.seed) if name}
    for one in seed:
        if one not in known:
            raise UnknownName("article", one, known, "ascent replicate lists the articles.")
    wanted = [found[one] for one in ids] or list(found.values())
    wanted = [one for one in wanted if not seed or one.article in seed or one.seed in seed]
    return [one for one in wanted if not exactness or one.exactness in exactness]


def _claim(entry: dict[str, Any]) -> Claim:
    parts = dict(entry)
    listed = parts.pop("reading", [])
    if "published" in parts or "ours" in parts:
        if listed:
            raise ValueError("either one `published` with `ours`, or readings; not both")
        inside = {field.name for field in fields(Reading)} & set(parts)
        only = {name: parts.pop(name) for name in inside}
        unit = only["published"]["unit"]
        listed = [{"name": "as stated", "unit": unit, **only}]
    names = [reading["name"] for reading in listed]
    if len(set(names)) != len(names):
        raise ValueError("two readings have the same name")
    parts["outputs"] = tuple(parts.pop("outputs", ()))
    one = Claim(readings=tuple(_reading(reading) for reading in listed), **parts)
    if one.exactness not in EXACTNESS:
        raise ValueError(f"exactness is one of {', '.join(EXACTNESS)}")
    if one.agreement not in AGREEMENT:
        raise ValueError(f"agreement is one of {', '.join(AGREEMENT)}")
    if one.exactness == "judgement" and not one.author:
        raise ValueError("a judgement names its author")
    if not one.readings and not one.missing and one.exactness != "judgement":
        raise ValueError("it has neither a reading nor `missing`, which says what it waits for")
    if one.readings and all(reading.alternative for reading in one.readings):
        raise ValueError("every reading is an alternative; one must be meant")
    return one


_FIGURES = ("low", "high", "level", "rounding", "at_least", "at_most", "reading")


def _reading(entry: dict[str, Any]) -> Reading:
    parts = dict(entry)
    said, unit = parts.pop("published", None), parts["unit"]
    figures = {name: parts.pop(name) for name in _FIGURES if name in parts}
    if isinstance(said, Mapping):
        if figures:
            raise ValueError(f"{', '.join(figures)} stand inside `published` where that is a table")
    elif said is not None or figures:
        said = {"unit": unit, **({} if said is None else {"value": said}), **figures}
    recipe = parts.pop("ours", None)
    one = Reading(
        published=None if said is None else Published(**said),
        ours=None if recipe is None else _recipe(recipe),
        **parts,
    )
    shown = one.published
    if shown and shown.value is None and shown.at_least is None and shown.at_most is None:
        raise ValueError(f"reading '{one.name}' has no value, nor a bound that its words are read as")
    if shown and shown.unit != one.unit:
        raise ValueError(f"reading '{one.name}' has two units, {shown.unit} and {one.unit}")
    if (one.tolerance or one.overlap) and not one.because:
        raise ValueError(f"reading '{one.name}' allows a distance without saying why (because)")
    if one.tolerance < 0 or (shown and shown.rounding < 0):
        raise ValueError(f"reading '{one.name}' has a negative distance")
    return one


def _recipe(entry: Mapping[str, Any]) -> Recipe:
    parts = dict(entry)
    if "estimate" in parts:
        parts = _short(parts)
    parts["needs"] = tuple(parts.pop("needs", ()))
    reduce = parts.get("reduce", "")
    if reduce and reduce not in (*REDUCE, EXPLAINED):
        raise ValueError(f"reduce is one of {', '.join(REDUCE)}, {EXPLAINED}")
    if (reduce == EXPLAINED) != bool(parts.get("against")):
        raise ValueError(f"reduce = '{EXPLAINED}' and `against` go together")
    return Recipe(**parts)


def _short(parts: dict[str, Any]) -> dict[str, Any]:
    """The short form for estimates written out: one output's point, or another column of its row."""
    if both := {"question", "table", "params", "where", "low", "high"} & set(parts):
        raise ValueError(f"the short form with `estimate` has no {', '.join(sorted(both))}")
    column = parts.pop("column", "point")
    full = {
        "question": parts.pop("estimate"),
        "params": parts.pop("set", {}),
        "table": "results",
        "where": {"output": parts.pop("output")},
        "column": column,
    }
    if column in ("point", "mid"):
        full |= {"low": "low", "high": "high", "shown": column == "point"}
    return full | parts


def _needs(reading: Reading) -> tuple[str, ...]:
    return reading.ours.needs if reading.ours else ()


def _scored_by(evidence: Evidence, day: str) -> bool:
    models, scored = evidence.table("models"), set(evidence.table("scores")["model"])
    dates = zip(models["model"], models["released"], strict=True)
    return any(model in scored and released and span(str(released))[1] <= span(day)[1] for model, released in dates)
