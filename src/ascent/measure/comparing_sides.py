"""Where the sides of a comparison come from: files given, or names within one set of results; and what ended how."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.attempts import STATES
from ascent.measure.attempts import attempts
from ascent.measure.comparing import Side, chosen, sides_of, states


def has_attempts(evidence: Evidence) -> bool:
    return bool(len(evidence.table("attempts")))


def given_sides(given: Sequence[Evidence], *, benchmark: str, first: str, second: str) -> list[Side]:
    """One side per file: all attempts of its model, or of the model named for it.

    Raises WrongUse where a file holds several models and none is named, TooLittleEvidence where it holds no attempts.
    """
    found = []
    for evidence, name in zip(given, (first, second), strict=True):
        told = attempts(evidence, benchmark=benchmark, model=name)
        models = [told.models[code] for code in np.unique(told.model)]
        if len(models) > 1:
            some = ", ".join(models[:5]) + (", ..." if len(models) > 5 else "")
            raise WrongUse(
                f"{evidence.label} holds {len(models)} models ({some}); "
                "name one for each file with --first and --second, or give one file and compare within it."
            )
        found.append(Side(models[0], told, np.ones(len(told), dtype=bool)))
    if found[0].name == found[1].name:
        found = [Side(f"{side.name} ({one.label})", side.attempts, side.mask)
                 for side, one in zip(found, given, strict=True)]  # fmt: skip
    if found[0].name == found[1].name:
        found = [Side(f"{side.name}, {word}", side.attempts, side.mask)
                 for side, word in zip(found, ("first", "second"), strict=True)]  # fmt: skip
    return found


def sides_within(
    evidence: Evidence, *, by: str, benchmark: str, model: str, first: str, second: str
) -> tuple[list[Side], tuple[str, ...]]:
    """Sides within one set of attempts, and the models kept apart: one empty name where the sides are models."""
    told = attempts(evidence, benchmark=benchmark, model=model)
    sides = chosen(sides_of(told, by), first, second, by)
    if by == "model":
        return sides, ("",)
    strata = tuple(
        told.models[code]
        for code in range(len(told.models))
        if sum(bool((told.model[side.mask] == code).any()) for side in sides) > 1
    )
    if not strata:
        raise TooLittleEvidence(
            need=f"one model that was run with two {by}s", have="none", fix=f"add attempts of a model with another {by}"
        )
    return sides, strata


def state_rows(sides: Sequence[Side], sources: Sequence[Evidence], by: str, benchmark: str) -> list[dict[str, object]]:
    """How the attempts of every side ended, with those cut off by a limit and those scored after an error.

    sources  one evidence per side, or one for all
    """
    rows: list[dict[str, object]] = []
    told = [_marks(source, by, benchmark, whole=len(sources) > 1) for source in sources]
    for at, side in enumerate(sides):
        limits, errors = told[at] if len(told) > 1 else told[0]
        key = "" if len(told) > 1 else side.name
        counts = states(side)
        rows.append({"side": side.name, "attempts": sum(counts.values()), **counts,
                     "at_limit": limits[key], "scored_after_error": errors[key]})  # fmt: skip
    return rows


STATE_NAMES = STATES


def _marks(evidence: Evidence, by: str, benchmark: str, *, whole: bool) -> tuple[Counter[str], Counter[str]]:
    """By side: attempts that met a limit, and scored ones that name an error, which were tried again."""
    table = evidence.table("attempts")
    limits: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    columns = [table[name] for name in (by, "benchmark", "limit", "error", "success")]
    for name, bench, limit, error, success in zip(*columns, strict=True):
        if benchmark and bench not in (None, benchmark):
            continue
        key = "" if whole else str(name or "")
        limits[key] += bool(limit)
        errors[key] += bool(error) and success is not None
    return limits, errors
