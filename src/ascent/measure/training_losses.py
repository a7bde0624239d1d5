"""Losses of training runs, by experiment: which runs a law is fitted to, and which are doubted or repeat another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.evidence.evidence import Evidence

UNNAMED = "(experiment not named)"


@dataclass(frozen=True, eq=False)
class Experiment:
    """Runs that share code, data and loss, in a fixed order.

    parameters, tokens, loss   (run,)
    compute   (run,) FLOP as told, else 6 x parameters x tokens
    budget    (run,) FLOP of its IsoFLOP curve, NaN where it belongs to none
    doubted   (run,) whether somebody thinks it an outlier
    """

    name: str
    parameters: Floats
    tokens: Floats
    loss: Floats
    compute: Floats
    budget: Floats
    doubted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    doubts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.loss)

    def take(self, index: Any) -> "Experiment":
        """Some of the runs."""
        at = np.arange(len(self))[index]
        return Experiment(
            self.name, self.parameters[at], self.tokens[at], self.loss[at], self.compute[at], self.budget[at],
            self.doubted[at], tuple(self.doubts[i] for i in at),
        )  # fmt: skip

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

    Raises WrongUse for amounts that are not above 0: laws are fitted to logarithms.
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
    return {name: _experiment(name, groups[name]) for name in sorted(groups)}


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
        rows, key=lambda row: (*(float(row[key]) for key in keys), str(row["doubt"]), str(row["budget_flop"]))
    )
    parameters, tokens, loss = (np.array([float(row[key]) for row in rows]) for key in keys)
    told = np.array([number(row, "compute_flop") for row in rows])
    doubts = tuple(str(row["doubt"] or "") for row in rows)
    return Experiment(
        name, parameters, tokens, loss, np.where(np.isfinite(told), told, 6 * parameters * tokens),
        np.array([number(row, "budget_flop") for row in rows]), np.array([bool(one) for one in doubts]), doubts,
    )  # fmt: skip
