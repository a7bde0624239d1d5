"""Losses of training runs, by experiment: which runs a law is fitted to, and which are doubted or repeat another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.evidence.evidence import Evidence

UNNAMED = "(experiment not named)"
USUAL_UNIT = "nats per token"  # where evidence says no other


@dataclass(frozen=True, eq=False)
class Experiment:
    """Runs that share code, data and loss, in a fixed order.

    parameters, tokens, loss   (run,)
    compute   (run,) FLOP as told, else 6 x parameters x tokens
    budget    (run,) FLOP of its IsoFLOP curve, NaN where it belongs to none
    doubted   (run,) whether somebody thinks it an outlier
    unit      of the loss
    twice     rows that repeated another to the last digit and count once
    """

    name: str
    parameters: Floats
    tokens: Floats
    loss: Floats
    compute: Floats
    budget: Floats
    doubted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    doubts: tuple[str, ...]
    unit: str = USUAL_UNIT
    twice: int = 0

    def __len__(self) -> int:
        return len(self.loss)

    def take(self, index: Any) -> "Experiment":
        """Some of the runs."""
        at = np.arange(len(self))[index]
        return Experiment(
            self.name, self.parameters[at], self.tokens[at], self.loss[at], self.compute[at], self.budget[at],
            self.doubted[at], tuple(self.doubts[i] for i in at), self.unit, self.twice,
        )  # fmt: skip

    @property
    def repeats(self) -> tuple[int, float]:
        """Runs that repeat another's size and tokens with another loss, and the spread of log loss among such runs.

        The spread is that within the groups, pooled; NaN where nothing is repeated.
        """
        _, group = np.unique(np.stack([self.parameters, self.tokens]), axis=1, return_inverse=True)
        group, level = group.ravel(), np.log(self.loss)
        count = np.bincount(group)
        more = len(self) - len(count)
        if not more:
            return 0, float("nan")
        away = level - (np.bincount(group, level) / count)[group]
        return more, float(np.sqrt((away**2).sum() / more))

    @property
    def repeated(self) -> int:
        """Runs whose loss repeats that of another before it: read off a scale of colours, or rounded."""
        return len(self) - len(np.unique(self.loss))

    @property
    def resolution(self) -> float:
        """Half the usual step between neighbouring losses that occur, in log loss; 0 where few repeat."""
        values = np.unique(self.loss)
        if self.repeated < 0.2 * len(self) or len(values) < 3:
            return 0.0
        return float(np.median(np.diff(np.log(values)))) / 2


def experiments(evidence: Evidence) -> dict[str, Experiment]:
    """Every experiment of the table `losses`, by name; raises TooLittleEvidence where there is none.

    Runs of no named experiment are one experiment for each file or source that they come from. Raises WrongUse for
    amounts that are not above 0, as laws are fitted to logarithms, and for two units of loss within one experiment.
    """
    rows = [row for row in evidence.table("losses").rows() if row["loss"] is not None]
    if not rows:
        raise TooLittleEvidence(
            need="losses of training runs", have="no rows in losses",
            fix="give a CSV with parameters, tokens and loss (`ascent evidence template losses`)",
        )  # fmt: skip
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if not all(float(row[name] or 0) > 0 for name in ("parameters", "tokens", "loss")):
            raise WrongUse(f"A loss has parameters {row['parameters']}, tokens {row['tokens']}, loss {row['loss']}; "
                           "all three have to be above 0.")  # fmt: skip
        groups.setdefault(str(row["experiment"] or UNNAMED), []).append(row)
    origins: dict[str, list[Mapping[str, Any]]] = {}
    for nameless in groups.get(UNNAMED, []):
        origins.setdefault(_origin(nameless), []).append(nameless)
    if len(origins) > 1:
        del groups[UNNAMED]
        groups |= {f"{UNNAMED} of {origin}": mine for origin, mine in origins.items()}
    return {name: _experiment(name, groups[name]) for name in sorted(groups)}


def _origin(row: Mapping[str, Any]) -> str:
    """The file or source of a row, in a reader's words."""
    return str(row["source"] or "unknown source").removeprefix("file:").split("@")[0]


def chosen(found: Mapping[str, Experiment], name: str) -> Experiment:
    """The experiment asked for, else the one with the most runs nobody doubts; raises UnknownName."""
    if name:
        if name not in found:
            raise UnknownName("experiment", name, found)
        return found[name]
    return min(found.values(), key=lambda one: (-int((~one.doubted).sum()), one.name))


def _experiment(name: str, rows: list[Mapping[str, Any]]) -> Experiment:
    def number(row: Mapping[str, Any], column: str) -> float:
        return float("nan") if row[column] is None else float(row[column])

    keys = ("parameters", "tokens", "loss")
    rows = sorted(
        rows, key=lambda row: (*(float(row[key]) for key in keys), str(row["doubt"] or ""), str(row["budget_flop"]))
    )
    units = sorted({str(row["unit"] or USUAL_UNIT) for row in rows})
    if len(units) > 1:
        raise WrongUse(f"Losses of {name} are in {' and '.join(units)}; give runs of each unit an experiment of their "
                       "own.")  # fmt: skip
    given = len(rows)
    # A row that repeats size, tokens and loss to the last digit is the same run told twice; runs repeated with another
    # seed have another loss. Where only one of the two is doubted, the doubt stays.
    once: dict[tuple[float, ...], Mapping[str, Any]] = {tuple(float(row[key]) for key in keys): row for row in rows}
    rows = list(once.values())
    parameters, tokens, loss = (np.array([float(row[key]) for row in rows]) for key in keys)
    told = np.array([number(row, "compute_flop") for row in rows])
    doubts = tuple(str(row["doubt"] or "") for row in rows)
    return Experiment(
        name, parameters, tokens, loss, np.where(np.isfinite(told), told, 6 * parameters * tokens),
        np.array([number(row, "budget_flop") for row in rows]), np.array([bool(one) for one in doubts]), doubts,
        units[0], given - len(rows),
    )  # fmt: skip
