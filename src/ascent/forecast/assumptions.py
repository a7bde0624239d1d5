"""The inputs of an estimate: declared once with unit, source and range, set by text, or taken from evidence."""

import dataclasses
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ascent.core.dates import span
from ascent.core.dimensions import Unit, convertible, unit
from ascent.core.display import plain
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import Knob, check, knobs, param
from ascent.evidence.evidence import Evidence
from ascent.forecast.distributions import Distribution, truncated
from ascent.forecast.quantity import Quantity, draw
from ascent.forecast.ranges import SHOWN, Read, read

CUT = 1e-3  # share of a range outside its input's bounds from which on a note says so


@dataclass(frozen=True)
class Row:
    """One row of evidence that holds an input's value.

    table   the evidence table
    column  which column is the value; `COLUMN_low` and `COLUMN_high`, or `low` and `high`, its interval where filled
    where   column -> value that tells the row apart; of several the latest `date` counts, then a reader's own row
    unit    what the column is in; empty where the row's own column `unit` says so
    """

    table: str
    column: str
    where: Mapping[str, str]
    unit: str = ""

    @classmethod
    def series(cls, series: str, entity: str, date: str = "") -> "Row":
        """A value of a named series."""
        where = {"series": series, "entity": entity} | ({"date": date} if date else {})
        return cls("series", "value", where)

    def told(self) -> str:
        return f"{self.table}: " + ", ".join(str(value) for value in self.where.values())


@dataclass(frozen=True)
class Assumed:
    """What is known of an input besides its text.

    source         who published the value
    spread         the range of the draws where the source printed only a point; `spread_source` says whose
    row            evidence that replaces the default where it has the row
    least, most    bounds of anything possible
    """

    source: str
    spread: str = ""
    spread_source: str = ""
    row: Row | None = None
    least: float = -math.inf
    most: float = math.inf


def assume(
    default: str, help: str, *, unit: str, source: str, spread: str = "", spread_source: str = "",
    row: Row | None = None, least: float = -math.inf, most: float = math.inf,
) -> Any:  # fmt: skip
    """A field of an estimate's `Params`: an uncertain input.

    default        text as `forecast.ranges` reads it: "5..20", "about 13", "0.8..1.1..1.4", "uniform(1, 3)"
    unit           what it is in; a unit in a text that sets it is turned into this one
    source         who published the default
    spread         range of the draws where the source printed a point; the point stays the central value
    spread_source  whose range that is, such as "our judgement: vendors' figures differ by a third"
    row            row of evidence whose value replaces the default where the evidence has it
    least, most    bounds, in the unit: a range is cut there, one whose 90 % reach beyond is refused
    """
    known = Assumed(source, spread, spread_source, row, least, most)
    return dataclasses.field(default=default, metadata={"help": help, "unit": unit, "choices": (), "assumed": known})


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What every estimate can be asked: base of its `Params`."""

    draws: int = param(
        65_536, "draws of the first round; doubled until the Monte Carlo error is below 1 %", unit="draws", least=1_024,
        most=100_000_000,
    )  # fmt: skip
    seed: int = param(0, "seed of the draws", unit="seed", least=0)
    correlations: str = param("", "rank correlations of inputs, such as price~mfu=0.4; several separated by commas")
    sobol: bool = param(False, "add Sobol indices to the sensitivity: shares of variance, alone and with interactions")

    def __post_init__(self) -> None:
        check(self)
        parse_correlations(self.correlations, [knob.name for knob in knobs(type(self)) if knob.assumed])
        for knob in knobs(type(self)):
            if knob.assumed:
                stated(knob, getattr(self, knob.name))


@dataclass(frozen=True)
class Given:
    """The inputs as quantities, by attribute: `given.price`; ordinary settings are under `given.params`."""

    params: Any
    evidence: Evidence
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    stated: "Mapping[str, Stated]" = field(default_factory=dict)

    def __getattr__(self, name: str) -> Quantity:
        try:
            return self.quantities[name]
        except KeyError:
            raise AttributeError(f"no input is called '{name}'; there are {', '.join(self.quantities)}") from None


@dataclass(frozen=True)
class Stated:
    """One input as it enters: its shape and point in the declared unit, and where they come from.

    origin  "default", "set" or "evidence"
    cut     share of the range that its bounds cut off
    """

    knob: Knob
    text: str
    shape: Distribution
    factor: float
    point: float | None
    origin: str
    cut: float = 0.0

    @property
    def fixed(self) -> bool:
        return self.shape.shape == "point"

    def quantity(self) -> Quantity:
        measured = unit(self.knob.unit)
        scaled = Unit(measured.powers, measured.factor * self.factor, self.knob.unit)
        point = None if self.point is None else self.point / self.factor
        if self.fixed:
            value = float(self.shape.parameters[0]) * scaled.factor
            return Quantity("constant", (), measured, value, name=self.knob.name)
        made = draw(self.shape, "", name=self.knob.name, source=self.knob.assumed.source, point=point)
        made.unit = scaled
        return made


def stated(knob: Knob, text: str, origin: str = "") -> Stated:
    """Read one input's text; raises WrongUse for an unknown form, a unit of another kind, or an impossible range."""
    known: Assumed = knob.assumed
    _turned(knob, str(text))
    found = read(str(text), knob.option.lstrip("-"))
    factor = _factor(knob, found, text)
    shape, point = found.shape, found.point
    if known.spread and (str(text) == knob.default or (origin == "evidence" and found.fixed)):
        shape, factor, point = _spread(knob, found, factor)
    shape, cut = _within(knob, shape, factor, text)
    if point is not None and not known.least <= point * factor <= known.most:
        raise WrongUse(
            f"{_named(knob, text)} lies outside {_bounds(known)} ({knob.unit}). "
            f"Keep it within that, as in {knob.name}={knob.default}"
        )
    how = origin or ("default" if str(text) == knob.default else "set")
    return Stated(knob, str(text), shape, factor, None if point is None else point * factor, how, cut)


def given(params: Any, evidence: Evidence) -> Given:
    """The inputs of a `Params` as quantities; where evidence holds an input's row, its value is the default."""
    found = {}
    for knob in knobs(type(params)):
        if not knob.assumed:
            continue
        text = getattr(params, knob.name)
        taken = _row(knob.assumed.row, evidence) if knob.assumed.row and text == knob.default else None
        try:
            found[knob.name] = stated(knob, taken, "evidence") if taken else stated(knob, text)
        except WrongUse as wrong:
            if not taken:
                raise
            raise WrongUse(
                f"The evidence has, as {knob.assumed.row.told()}, a value that does not fit. {wrong}"
            ) from None
    return Given(params, evidence, {name: one.quantity() for name, one in found.items()}, found)


def parse_correlations(text: str, names: list[str]) -> dict[tuple[str, str], float]:
    """`a~b=0.4, a~c=-0.2` as pairs; raises UnknownName for an input nobody declared, WrongUse for another form."""
    from ascent.core.errors import UnknownName

    found: dict[tuple[str, str], float] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        pair, _, value = part.partition("=")
        one, tilde, two = (name.strip().replace("-", "_") for name in pair.partition("~"))
        try:
            rank = float(value)
        except ValueError:
            rank = math.nan
        if not tilde or not one or not two or one == two or not -1 < rank < 1:
            raise WrongUse(f"--correlations has '{part}'; write two inputs and a rank correlation: price~mfu=0.4.")
        for name in (one, two):
            if name not in names:
                raise UnknownName("input", name, names, f"The inputs are {', '.join(names)}.")
        if (one, two) in found or (two, one) in found:
            raise WrongUse(f"--correlations names {one} and {two} twice; keep one.")
        found[one, two] = rank
    return found


def _spread(knob: Knob, found: Read, factor: float) -> tuple[Distribution, float, float | None]:
    """The range that stands for a published point; around another point from evidence it is scaled with it."""
    over = read(knob.assumed.spread, f"the spread of {knob.name}")
    if over.unit:
        raise WrongUse(f"The spread of {knob.name} names a unit; it is in the unit of its default.")
    was = read(knob.default).point
    if found.point == 0 and was:  # no range can be scaled to it
        return found.shape, factor, found.point
    if found.point is None or not was:
        return over.shape, factor, found.point if found.point is not None else over.point
    scale = found.point * factor / was
    return over.shape, scale, was


def _turned(knob: Knob, text: str) -> None:
    """Refuse a range written from high to low, with the range that was meant."""
    ends = re.fullmatch(r"\s*([\d.eE+]+)\s*\.\.\s*([\d.eE+]+)(\s*[^\d.\s].*)?", text)
    if not ends:
        return
    try:
        low, high = float(ends[1]), float(ends[2])
    except ValueError:
        return
    if low > high:
        raise WrongUse(
            f"{_named(knob, text)} is impossible: a range runs from low to high. "
            f"Write {knob.name}={ends[2]}..{ends[1]}{ends[3] or ''}"
        )


def _factor(knob: Knob, found: Read, text: str) -> float:
    if found.unit is None:
        return 1.0
    try:
        return convertible(found.unit, unit(knob.unit), f"{knob.option.lstrip('-')} ('{plain(text, SHOWN)}')")
    except WrongUse as wrong:
        bare = text.strip().removesuffix(str(found.unit)).strip()
        told = f"{knob.name}={bare}" if bare and bare != text.strip() else f"{knob.name}={knob.default}"
        raise WrongUse(f"{wrong} If the numbers are in {knob.unit}, leave the unit out: {told}") from None


def _within(knob: Knob, shape: Distribution, factor: float, text: str) -> tuple[Distribution, float]:
    known: Assumed = knob.assumed
    if shape.shape == "point" or (known.least == -math.inf and known.most == math.inf):
        return shape, 0.0
    least, most = known.least / factor, known.most / factor
    below, above = (
        shape.below(least) if math.isfinite(least) else 0.0,
        shape.below(most) if math.isfinite(most) else 1.0,
    )
    if below > 0.05 + 1e-9 or above < 0.95 - 1e-9:
        raise WrongUse(
            f"{_named(knob, text)} is impossible: its 90 % reach beyond {_bounds(known)} ({knob.unit}). "
            f"Keep the range within that, as in {knob.name}={knob.default}"
        )
    cut = below + 1 - above
    return (truncated(shape, least, most), cut) if cut > 1e-12 else (shape, 0.0)


def _bounds(known: Assumed) -> str:
    if math.isfinite(known.least) and math.isfinite(known.most):
        return f"{known.least:g} to {known.most:g}"
    return f"{known.least:g} and more" if math.isfinite(known.least) else f"up to {known.most:g}"


def _named(knob: Knob, text: str) -> str:
    return f"{knob.option.lstrip('-')} = '{plain(text, SHOWN)}'"


def _row(row: Row, evidence: Evidence) -> str | None:
    """The row's value as text that `read` understands, or None where the evidence has no such row."""
    table = evidence.table(row.table)
    if not len(table):
        return None
    missing = [name for name in (row.column, *row.where) if name not in table.names]
    if missing:
        raise TooLittleEvidence(need=f"columns {', '.join(missing)} in {row.table}", have="others", fix="mend the row")
    rows = [one for one in table.rows() if one[row.column] is not None and _matches(one, row.where)]
    if not rows:
        return None
    last = max(rows, key=_rank(rows))
    ends = [last.get(name) for name in (f"{row.column}_low", f"{row.column}_high")]
    if ends == [None, None]:
        ends = [last.get("low"), last.get("high")]
    measured = row.unit or str(last.get("unit") or "")
    value = last[row.column]
    if ends[0] is not None and ends[1] is not None and float(ends[0]) < float(str(value)) < float(ends[1]):
        return f"{ends[0]!r}..{value!r}..{ends[1]!r} {measured}"
    return f"{value!r} {measured}"


def _rank(rows: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What orders rows that tell the same: the latest date, a reader's own before the bundled, the latest told."""
    bundled: set[str] = set()
    if len(rows) > 1:
        from ascent.evidence.snapshot_reading import bundled as snapshot

        bundled = {str(source) for source in snapshot()[0]["sources"]["source"]}

    def key(row: Mapping[str, Any]) -> tuple[Any, ...]:
        days = [span(str(row[name]))[1].isoformat() if row.get(name) else "" for name in ("date", "published")]
        return days[0], row.get("source") not in bundled, days[1], sorted((k, repr(v)) for k, v in row.items())

    return key


def _matches(row: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    return all(
        str(row[name]) == value or (name == "date" and str(row[name]).startswith(value))
        for name, value in where.items()
    )
