"""Models whose capability and training compute are both known, and capability as a plane over compute and date.

    capability = level + per_decade × log10(FLOP) + per_year × (release − reference) + scatter, grouped by organization

Reading it sideways gives effective compute: what a model would need at the reference date for the capability it has.
Source: Ho et al. 2024, Algorithmic progress in language models, arXiv:2403.05812, for capability as a function of
compute and date; errors by organization as in `clustered_fit`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.score_matrix import score_matrix
from ascent.measure.training_compute import training_compute
from ascent.measure.vintage import within_vintage
from ascent.model.clustered_fit import clustered_fit
from ascent.model.index_matrix import REFERENCES, place

FEWEST = 12  # models, below which no plane is fitted
SAME = 1e-9  # decades, years or share of a variance that are no difference


@dataclass(frozen=True, eq=False)
class CapabilityCompute:
    """Models in order of release.

    model, released, organization  (model,)
    year, log_flop, within         (model,) release, decimal logarithm of FLOP, factor of its error at 90 %
    maker                          (model,) index of the organization
    capability                     (draw, model) index points, draw 0 the estimate
    strange                        names left out, as their dates lie beyond all others (`within_vintage`)
    """

    model: tuple[str, ...]
    released: tuple[str, ...]
    organization: tuple[str, ...]
    year: Floats
    log_flop: Floats
    within: Floats
    maker: NDArray[np.intp]
    capability: Floats
    strange: tuple[str, ...] = ()

    def only(self, chosen: NDArray[np.bool_]) -> "CapabilityCompute":
        """The chosen models alone."""
        pick = np.flatnonzero(chosen)
        names = [tuple(field[k] for k in pick) for field in (self.model, self.released, self.organization)]
        return CapabilityCompute(
            names[0], names[1], names[2], self.year[pick], self.log_flop[pick], self.within[pick], self.maker[pick],
            self.capability[:, pick], self.strange,
        )  # fmt: skip


def capability_and_compute(
    evidence: Evidence, *, draws: int, seed: int = 0, references: tuple[str, str] = REFERENCES, domain: str = "",
    fewest: int = FEWEST,
) -> CapabilityCompute:  # fmt: skip
    """The default capability index joined to training compute.

    draws   resamples of the index beside its estimate
    fewest  models that have both, below which nothing is told

    Raises TooLittleEvidence where fewer than `fewest` models have both.
    """
    placed = place(score_matrix(evidence), references, draws=draws, seed=seed)
    known, strange = within_vintage(evidence, training_compute(evidence, domain=domain))
    column = {name: k for k, name in enumerate(placed.models)}
    both = np.array([name in column for name in known.model], dtype=bool)
    if both.sum() < fewest:
        raise TooLittleEvidence(
            need=f"{fewest} models with both scores and training compute",
            have=f"{int(both.sum())} of {len(placed.models)} models on the index and {len(known.model)} with compute",
            fix="add a table of models with training_compute_flop; names have to match those of the scores "
            "(`ascent evidence names` proposes aliases)",
        )
    some = known.only(both)
    place_of = np.array([column[name] for name in some.model])
    return CapabilityCompute(
        some.model, some.released, some.organization, some.year, some.log_flop, some.within, some.maker,
        np.asarray(placed.fit.draws, dtype=float)[:, place_of], strange,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Plane:
    """Draws of the plane; draw 0 the estimate.

    level       (draw,) capability at 10^centre FLOP on the reference date
    per_decade  (draw,) index points per factor of ten of compute
    per_year    (draw,) index points per year at equal compute
    centre      decimal logarithm of FLOP; reference: decimal year
    scatter     standard deviation of models around the estimate, index points
    single      all models are of one organization, or none is told: errors are by model, of that organization alone
    """

    level: Floats
    per_decade: Floats
    per_year: Floats
    centre: float
    reference: float
    scatter: float
    single: bool = False

    def implied(self, capability: Floats) -> Floats:
        """Decimal logarithm of the compute that gives `capability` (draw, ...) on the reference date."""
        away = capability - self.level.reshape(-1, *[1] * (capability.ndim - 1))
        return np.asarray(self.centre + away / self.per_decade.reshape(-1, *[1] * (capability.ndim - 1)))

    def yearly(self) -> Floats:
        """Software progress in decades of compute per year: what a year is worth, told in compute, (draw,)."""
        return self.per_year / self.per_decade


def fit_plane(known: CapabilityCompute, *, reference: float, seed: int = 0) -> Plane:
    """Least squares over models, errors by organization; every draw of the index has its own plane.

    reference  decimal year at which compute is called effective

    Raises ValueError where compute and date do not vary apart from each other, saying which does not.
    """
    if reason := not_apart(known.log_flop, known.year):
        raise ValueError(reason)
    draws, count = known.capability.shape
    centre = float(known.log_flop.mean())
    design = np.stack([np.ones(count), known.log_flop - centre, known.year - reference], axis=1)
    fit = clustered_fit(design, known.capability[0], known.maker)
    # Errors of the index that models share move no residual, so they are added: what the draws do to the coefficients.
    capability = np.where(np.isfinite(known.capability), known.capability, known.capability[0])
    moved = capability @ np.linalg.pinv(design).T
    drawn = fit.drawn(draws, seed) + moved - moved[0]
    drawn[0] = fit.coefficient
    spread = float(np.sqrt((fit.residual**2).sum() / max(count - 3, 1)))
    return Plane(drawn[:, 0], drawn[:, 1], drawn[:, 2], centre, reference, spread, fit.single)


def not_apart(log_flop: Floats, year: Floats) -> str:
    """Why what compute does and what the date does cannot be told apart; empty where they can.

    >>> not_apart(np.array([24.0, 24.0, 24.0]), np.array([2021.0, 2022.0, 2023.0]))
    'all models have the same training compute'
    """
    if np.ptp(log_flop) < SAME:
        return "all models have the same training compute"
    if np.ptp(year) < SAME:
        return "all models were released on the same day"
    if 1 - np.corrcoef(log_flop, year)[0, 1] ** 2 < SAME:
        return "training compute follows the date without exception"
    return ""
