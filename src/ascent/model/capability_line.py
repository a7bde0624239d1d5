"""Capability on log10 training compute: a line, families about it, and the band that holds a family not seen yet."""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats, interval
from ascent.measure.capability_compute import ScoresAndCompute
from ascent.model.clustered_fit import ClusteredFit, clustered_fit
from ascent.model.families_out import Width, Z, left_out, width, width_over
from ascent.model.observational import Rise, rise
from ascent.model.sigmoid_factor import Factor, sigmoid_factor


@dataclass(frozen=True, eq=False)
class CapabilityLine:
    """A line on log10 compute less `centre`; models are those of known compute, in the order of the evidence.

    factor  capability of all models;  line  the line with families about it, one per draw
    x       (model,) log10 compute less the centre
    miss    (model,) capability less what the line of all other families says, their own benchmarks' sigmoids too
    band    half width of an interval for a model of a family not seen yet, along x
    over    (model,) size of the miss in half widths of the band that the other families set, which holds up to 1
    bend    low, mid, high of the coefficient of x squared, families as clusters
    wider   by how much draws have to lie farther apart: families of a few unequal sizes, drawn with replacement, vary
            the slope less than leaving each out says (the jackknife), and a t distribution is wider than a normal
    """

    centre: float
    factor: Factor
    line: Rise
    x: Floats
    miss: Floats
    band: Width
    over: Floats
    bend: tuple[float, float, float]
    wider: float

    def ends(self, drawn: Floats, least: float = -np.inf) -> tuple[Floats, Floats, Floats]:
        """Low, mid, high of something drawn with the line (draw, ...), with its draws as far apart as needed."""
        return interval(np.r_[drawn[:1], np.maximum(drawn[:1] + self.wider * (drawn[1:] - drawn[:1]), least)])

    def at(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Ends and middle of the band at x: low, mid, high."""
        middle, half = self.line.level[0] + self.line.slope[0] * x, self.band.at(x)
        return middle - half, middle, middle + half


def t_edge(freedom: float) -> float:
    """Upper end of the middle MASS of a t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + MASS) / 2))


def half_width(fit: ClusteredFit, at: int) -> float:
    """Half of the interval of a coefficient."""
    return t_edge(float(fit.freedom[at])) * float(fit.error[at])


def capability_line(found: ScoresAndCompute, weight: Floats) -> CapabilityLine:
    """The line through models of known compute; weight (draw, model) of resampled families, the first row all ones."""
    known, family = found.known, found.family[found.known]
    centre = float(np.log10(found.compute[known]).mean())
    x = np.log10(found.compute[known]) - centre
    out, row = left_out(known.astype(float), found.family)
    # Models of unknown compute shape the sigmoids as well, unless their family is the one left out.
    apart = np.where(known, out, 1.0 * (found.family[None] != np.unique(family)[:, None]))
    factor = sigmoid_factor(found.share, np.vstack([weight, apart]))
    place, seen = factor.place[:, known], np.vstack([weight[:, known], out[:, known]])
    line = rise(x, place, family, len(found.families), seen)
    draws, which = len(weight), len(weight) + row[known]
    miss = place[which, np.arange(len(x))] - line.level[which] - line.slope[which] * x
    bent = clustered_fit(np.stack([np.ones(len(x)), x, x**2], axis=1), place[0], family)
    half = half_width(bent, 2)
    bend = (float(bent.coefficient[2]) - half, float(bent.coefficient[2]), float(bent.coefficient[2]) + half)
    fits, count = line.slope[draws:], len(out)
    jackknife = float(np.sqrt((count - 1) / count * ((fits - fits.mean()) ** 2).sum()))
    wider = max(jackknife / max(float(line.slope[1:draws].std()), 1e-12), 1.0) * t_edge(count - 1) / Z
    kept = Factor(*(getattr(factor, name)[:draws] for name in Factor.__annotations__))
    line = Rise(*(getattr(line, name)[:draws] for name in Rise.__annotations__))
    return CapabilityLine(centre, kept, line, x, miss, width(x, miss, family), width_over(x, miss, family), bend,
                          wider)  # fmt: skip
