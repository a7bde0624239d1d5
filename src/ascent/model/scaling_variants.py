"""The same runs under other defensible choices of objective, form and runs; and laws that others published."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ascent.model.scaling_forms import FORMS, Floats, Form, Runs, tokens_per_parameter
from ascent.model.scaling_law import (
    FEWEST,
    HeldOut,
    LawFit,
    fit_law,
    hold_out,
    objective_of,
    resample,
)
from ascent.model.scaling_reach import division_ends
from ascent.model.scaling_solver import DELTA

ABSOLUTE = 1e-6  # so narrow that Huber's loss is the absolute error
OBJECTIVES = {"huber": DELTA, "absolute": ABSOLUTE, "squares": math.inf}
WORDS = {"huber": "Huber", "absolute": "absolute error", "squares": "squares"}
USUAL = 2.0  # deviance, per parameter more, up to which another form is not rejected (Akaike's)
HIGHEST = 0.08  # of the runs: the share with the highest losses that a variant leaves out


@dataclass(frozen=True, eq=False)
class Variant:
    """One choice and what follows.

    choice    in words; family what it varies: "this answer", "objective", "form" or "runs"
    ratio     (3,) tokens per parameter at the budget: low, mid, high
    allowed   whether the runs do not reject this form beside the main one; None where the two are not comparable
    """

    choice: str
    family: str
    fit: LawFit
    ratio: Floats
    held: HeldOut | None
    allowed: bool | None


def variants(
    main: LawFit, kept: Runs, every: Runs, ratio: Floats, information: float, objective: str, budget: float,
    *, draws: int, count: int, seed: int, out: str = "doubtful runs",
) -> list[Variant]:  # fmt: skip
    """The main fit, then each choice changed by itself.

    kept, every   the runs fitted to, and those with what was left out, which `out` names
    ratio         (3,) of the main fit
    information   of `shape`, to compare forms by their objective
    draws, count  resamples and starts of each: they are side looks, with fewer than the main fit
    """
    form, delta = main.problem.form, main.problem.delta

    def one(choice: str, family: str, runs: Runs, law: Form, width: float) -> Variant | None:
        if len(runs) < FEWEST * law.size:
            return None
        fit = fit_law(runs, law, width, count=count, seed=seed)
        ends = division_ends(resample(fit, draws, seed, check=0).laws, budget)
        ends = np.where((ends > 0) & np.isfinite(ends), ends, np.nan)
        allowed = None
        if family == "form":
            rise = 2.0 * information * (fit.objective - main.objective)
            allowed = bool(rise <= USUAL * max(form.size - law.size, 1))
        return Variant(choice, family, fit, ends, hold_out(fit, count=count, seed=seed), allowed)

    found: list[Variant | None] = [
        Variant("as it stands", "this answer", main, ratio, hold_out(main, count=count, seed=seed), True)
    ]
    for name, width in OBJECTIVES.items():
        if name != objective:
            found.append(one(WORDS[name], "objective", kept, form, width))
    found += [one(other.name, "form", kept, other, delta) for other in FORMS if other is not form]
    if len(every) > len(kept):
        found.append(one(f"with {out}", "runs", every, form, delta))
        if objective != "squares":
            found.append(one(f"squares, with {out}", "runs", every, form, math.inf))
    drop = max(1, round(HIGHEST * len(kept)))
    order = np.lexsort((np.arange(len(kept)), -kept.loss))
    less = kept.take(np.sort(order[drop:]))
    found.append(one(f"without the {drop} highest losses", "runs", less, form, delta))
    return [each for each in found if each is not None]


@dataclass(frozen=True)
class Published:
    """A law that somebody published for the Chinchilla runs.

    spread   standard error of the share beta / (alpha + beta) that their intervals imply; NaN where none was printed
    """

    name: str
    constants: tuple[float, float, float, float, float]  # A, B, E, alpha, beta
    why: str
    spread: float = math.nan

    @property
    def law(self) -> Floats:
        a, b, floor, alpha, beta = self.constants
        return np.array([math.log(a), math.log(b), floor, alpha, beta, 1.0])


PUBLISHED = (
    Published(
        "Hoffmann et al. 2022", (406.4, 410.7, 1.69, 0.34, 0.28),
        "Rounded exponents, and an objective divided by the number of runs, which stopped the optimiser early",
        0.001 / (2 * 1.2816),  # printed as 0.454 to 0.455 at 80 %
    ),
    Published(
        "Besiroglu et al. 2024", (482.01, 2085.43, 1.8172, 0.3478, 0.3658),
        "Lies at the optimum of the absolute error on 240 of the 245 runs; Huber's at 0.001 lies beside it",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """A published law on the runs at hand: what it costs there, and the runs its printed interval would take.

    runs   how many like these would make the share beta / (alpha + beta) as certain as was printed
    """

    published: Published
    objective: float
    ratio: float
    runs: float


def beside(fit: LawFit, laws: Floats, budget: float) -> list[Beside]:
    """Published laws set against a fit of the five-parameter form and its resamples (draw, 6)."""
    share = laws[1:, 4] / (laws[1:, 3] + laws[1:, 4])
    own = float(np.nanstd(share)) if np.isfinite(share).any() else math.nan
    return [
        Beside(one, objective_of(fit, one.law), float(tokens_per_parameter(one.law, budget)),
               len(fit.residual) * (own / one.spread) ** 2)
        for one in PUBLISHED
    ]  # fmt: skip


def hull(found: Sequence[Variant]) -> Floats:
    """Low, mid, high over the main fit and the forms that the runs do not reject, (3,)."""
    ends = np.array([one.ratio for one in found if one.allowed])
    return np.array([np.nanmin(ends[:, 0]), ends[0, 1], np.nanmax(ends[:, 2])])


def curve_groups(compute: Floats, told: Floats) -> Floats:
    """The IsoFLOP budget of each run: as told, else the mean compute of runs that hardly differ; NaN for the rest.

    Runs belong together where the gaps between neighbours are below 2 %, in groups of at least 5.

    >>> groups = curve_groups(np.array([1e20, 1.001e20, 0.999e20, 1e20, 1e20, 5e20]), np.full(6, np.nan))
    >>> [round(float(one) / 1e20, 3) for one in groups]
    [1.0, 1.0, 1.0, 1.0, 1.0, nan]
    """
    if np.isfinite(told).any():
        return told
    order = np.argsort(compute, kind="stable")
    cuts = np.flatnonzero(np.diff(np.log(compute[order])) > 0.02) + 1
    found = np.full(len(compute), np.nan)
    for first, last in pairwise([0, *cuts.tolist(), len(compute)]):
        mine: NDArray[np.intp] = order[first:last]
        if len(mine) >= 5 and np.ptp(np.log(compute[mine])) < 0.05:
            found[mine] = np.exp(np.log(compute[mine]).mean())
    return found


def form_of(name: str) -> Form:
    """The form of this short name: "chinchilla", "one exponent", "no floor" or "kaplan"."""
    return dict(zip(NAMES, FORMS, strict=True))[name]


NAMES = ("chinchilla", "one exponent", "no floor", "kaplan")
