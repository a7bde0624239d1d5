"""Rules for a table of reported scores: one unit per row, nothing impossible, what is odd is flagged and kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from ascent.core.numerals import Unreadable, shown
from ascent.evidence.sources.convert import SHARES, Desk, share
from ascent.evidence.sources.intervals import ordered

EXTRA = ("successes", "low", "high", "level")  # columns of a score file that become score and se
RELATIONS = ("first party", "independent", "unknown")
SCALES = ("raw", "chance_corrected")
NOT_A_MULTIPLE = "not a multiple of 1/n"

_SAME_UNIT = {
    "%": "percent",
    "percentage": "percent",
    "share": "fraction",
    "probability": "fraction",
    "proportion": "fraction",
}
_SAME_UNIT |= {"points_of_10": "points of 10", "points_of_100": "points of 100", "accuracy": "fraction"}


def read_scores(desk: Desk, records: Mapping[str, str]) -> dict[str, list[Any]]:
    """Score, se, n, unit, scale, relation and flags of each row, as lists aligned to the rows.

    records  unit of each benchmark as its record has it, to propose where a file gives none; the bundled ones if empty

    Shares in percent or points come out as fractions. `successes` of `n` may stand for a score, and an interval
    (`low`, `high` and its `level`) for a standard error.
    """
    units = _units(desk)
    scales = _words(desk, "scale", SCALES)
    n = desk.whole("n", low=1)
    cells = desk.table.column("score") if "score" in desk.table.positions else [""] * len(desk)
    scores = [None] * len(desk) if desk.pointed("score") else _shares(desk, "score", cells, units)
    _undeclared(desk, scores, units, records)
    scores = _scaled(scores, units)
    _from_successes(desk, scores, n, cells)
    _possible(desk, scores, units, scales, cells)
    errors = _errors(desk, scores, units, n)
    flags = desk.text("flags")
    if "flags" not in desk.table.positions:  # an export brings the flags it was given
        _odd(desk, scores, units, scales, n, cells, flags)
    unit = ["fraction" if one is None or one in SHARES else one for one in units]
    relation = _words(desk, "relation", RELATIONS)
    return {"score": scores, "se": errors, "n": n, "unit": unit, "scale": scales, "relation": relation, "flags": flags}


def _units(desk: Desk) -> list[str | None]:
    """The unit of each row in words: the file's, else the user's, else None."""
    return [None if unit is None else _unit(unit) for unit in (one or desk.options.unit for one in desk.text("unit"))]


def _unit(said: str) -> str:
    plain = said.casefold()
    return _SAME_UNIT.get(plain, plain if plain in SHARES else said)


def _words(desk: Desk, column: str, known: Sequence[str]) -> list[str | None]:
    values = desk.text(column)
    for index, value in enumerate(values):
        if value is not None and value not in known:
            desk.problem(index, column, shown(value), " or ".join(known), "Write one of these, or leave it empty.")
    return values


def _shares(desk: Desk, column: str, cells: Sequence[str], units: Sequence[str | None]) -> list[float | None]:
    """Numbers in the unit of their row, not yet divided."""
    values: list[float | None] = []
    for index, cell in enumerate(cells):
        value = None
        if bare := cell.strip():
            try:
                value = share(bare, units[index], desk.options.decimal)
            except Unreadable as error:
                desk.problem(index, column, shown(bare), error.expected, error.mend)
        values.append(value)
    return values


def _undeclared(
    desk: Desk, scores: Sequence[float | None], units: Sequence[str | None], records: Mapping[str, str]
) -> None:
    """Ask about rows without a unit that are not fractions."""
    rows = [index for index, unit in enumerate(units) if unit is None]
    if not rows or all((value := scores[index]) is None or value <= 1 for index in rows):
        return
    benchmarks = desk.text("benchmark")
    records = records or _bundled_units()
    known = {name: records[name] for index in rows if (name := benchmarks[index]) is not None and name in records}
    told = ", ".join(f"{name} is recorded in {unit}" for name, unit in list(known.items())[:4])
    hint = "A column `unit` that says `percent` or `points of 10` in each row works with every command"
    hint += f" ({told})." if told else "."
    desk.mixed("score", [scores[index] for index in rows], rows, hint)


def _bundled_units() -> dict[str, str]:
    """Units of the benchmarks that come with the package; read only to word a question."""
    from ascent.evidence.snapshot_reading import bundled

    table = bundled()[0].get("benchmarks")
    pairs = zip(table["benchmark"], table["unit"], strict=True) if table else ()
    return {str(name): str(unit) for name, unit in pairs if unit}


def _scaled(values: Sequence[float | None], units: Sequence[str | None]) -> list[float | None]:
    return [
        value if value is None or unit is None else value / SHARES.get(unit, 1.0)
        for value, unit in zip(values, units, strict=True)
    ]


def _from_successes(desk: Desk, scores: list[float | None], n: Sequence[int | None], cells: Sequence[str]) -> None:
    """Fill in the score from successes and items, or compare the two."""
    for index, passed in enumerate(desk.whole("successes", low=0)):
        of = n[index]
        if passed is None:
            continue
        if of is None:
            desk.problem(index, "n", "no number of items", "n beside successes", "Say of how many items.")
        elif passed > of:
            desk.problem(index, "successes", f"{passed} of {of}", f"at most {of}", "Correct one of the two.")
        elif (score := scores[index]) is None:
            if not cells[index].strip():
                scores[index] = passed / of
        elif abs(score - passed / of) > 0.51 / of:
            expected = f"{passed / of:.4g}, which is {passed} of {of}"
            desk.problem(index, "score", shown(cells[index]), expected, "Correct one of the two.")


def _possible(
    desk: Desk,
    scores: Sequence[float | None],
    units: Sequence[str | None],
    scales: Sequence[str | None],
    cells: Sequence[str],
) -> None:
    if not {"score", "successes"} & set(desk.table.positions):
        return  # the missing column is told once, not again for every row
    told = {problem.row for problem in desk.problems("score")}
    for index, score in enumerate(scores):
        if desk.table.lines[index] in told:
            continue
        if score is None:
            desk.problem(index, "score", "an empty cell", "a score in every row", "Fill it in, or leave the row out.")
            continue
        unit = units[index]
        if unit is not None and unit not in SHARES:
            continue
        most = SHARES[unit or "fraction"]
        # Guessing taken away leaves some scores below 0; nothing lifts one above all items right.
        least = -1.0 if scales[index] == "chance_corrected" else 0.0
        if not least <= score <= 1.0 and not (unit is None and score > 1.5):
            expected = f"a score from {least * most:g} to {most:g}"
            mend = "Correct it; if the scale has no such ends (Elo, minutes), name the unit in a column `unit`."
            desk.problem(index, "score", shown(cells[index].strip()), expected, mend)


def _errors(
    desk: Desk, scores: Sequence[float | None], units: Sequence[str | None], n: Sequence[int | None]
) -> list[float | None]:
    """Standard errors in the unit of the score, from `se` or from an interval."""
    cells = desk.table.column("se") if "se" in desk.table.positions else [""] * len(desk)
    errors = _scaled(_shares(desk, "se", cells, units), units)
    from_interval = _half_widths(desk, scores, units)
    for index, error in enumerate(errors):
        if error is None:
            errors[index] = from_interval[index]
            continue
        bounded = units[index] is None or units[index] in SHARES
        if error <= 0:
            mend = "No doubt at all is not a standard error: leave it empty where it is not known."
            desk.problem(index, "se", shown(cells[index].strip()), "a number above 0", mend)
        elif bounded and error > 0.5:
            expected = "at most 0.5, the most that a score between 0 and 1 can be off"
            desk.problem(index, "se", shown(cells[index].strip()), expected, "Give it in the unit of the score.")
        elif bounded and _hundredfold(error, scores[index], n[index]):
            found = f"{shown(cells[index].strip())}, a hundred times off what {n[index]} items give"
            expected = "the unit of the score"
            desk.problem(index, "se", found, expected, "Write score and se both as fractions or both in percent.")
    return errors


def _hundredfold(error: float, score: float | None, n: int | None) -> bool:
    """Whether an error is about 100 times what independent items give: then it is in percent, or should be."""
    if score is None or n is None or n < 1 or not 0 < score < 1:
        return False
    expected = (score * (1 - score) / n) ** 0.5
    return expected > 0 and any(0.5 < error / expected * factor < 2 for factor in (100.0, 0.01))


def _half_widths(desk: Desk, scores: Sequence[float | None], units: Sequence[str | None]) -> list[float | None]:
    low, high = (
        _scaled(_shares(desk, column, desk.table.column(column), units), units)
        if column in desk.table.positions
        else [None] * len(desk)
        for column in ("low", "high")
    )
    levels = desk.share("level", unit="percent" if _in_percent(desk) else "fraction")
    ordered(desk, "score", scores, low, high)
    errors: list[float | None] = [None] * len(desk)
    for index, (left, right, level) in enumerate(zip(low, high, levels, strict=True)):
        if left is None or right is None:
            if left is not None or right is not None:
                desk.problem(
                    index, "low" if left is None else "high", "one end only", "both ends", "Give both or none."
                )
        elif level is None or not 0 < level < 1:
            desk.problem(index, "level", "an interval without its level", "0.90, 0.95 or 95%", "Say which level it is.")
        elif right > left:
            from statistics import NormalDist

            errors[index] = (right - left) / (2 * NormalDist().inv_cdf(0.5 + level / 2))
    return errors


def _in_percent(desk: Desk) -> bool:
    cells = desk.table.column("level") if "level" in desk.table.positions else []
    return any(cell.strip().endswith("%") for cell in cells)


def _odd(
    desk: Desk,
    scores: Sequence[float | None],
    units: Sequence[str | None],
    scales: Sequence[str | None],
    n: Sequence[int | None],
    cells: Sequence[str],
    flags: list[str | None],
) -> None:
    """Flag scores that no whole number of right answers gives, as far as their digits can tell."""
    found = []
    for index, (score, items) in enumerate(zip(scores, n, strict=True)):
        unit = units[index]
        if score is None or items is None or items < 1 or scales[index] == "chance_corrected":
            continue
        if unit is not None and unit not in SHARES:
            continue
        if off_grid(score, items, _step(cells[index], SHARES[unit or "fraction"])):
            found.append(index)
            flags[index] = NOT_A_MULTIPLE
    if found:
        text = f"scores that are {NOT_A_MULTIPLE} (partial credit, repeats, or another n) in {desk.rows_text(found)}."
        desk.note("info", "multiples", text)


def off_grid(score: float, n: int, step: float) -> bool:
    """Whether a score given to a `step` is farther than its rounding from every multiple of 1/n.

    >>> off_grid(0.71, 198, 0.01), off_grid(0.7123, 10, 0.0001)
    (False, True)
    """
    return abs(score * n - round(score * n)) > n * (0.5 * step + 1e-9) + 1e-9


def _step(cell: str, whole: float) -> float:
    """The last printed digit of a score, as a fraction."""
    digits, _, power = cell.strip().rstrip("% ").lower().replace(",", ".").partition("e")
    _, _, decimals = digits.partition(".")
    return float(10.0 ** (int(power or 0) - len(decimals)) / whole)
