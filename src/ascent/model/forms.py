"""Straight, broken or curved: how well each form of growth explains a series, and whether the bend could be luck.

    linear       value = a + b t
    break        value = a + b t + c max(0, t − date), the date unknown
    quadratic    value = a + b t + c t²                the pace itself changes steadily
    exponential  value = a + b t + c exp(r t)          the pace changes by a fixed factor a year, r unknown

Each is fitted by maximum likelihood with the size and memory of the scatter free (`ascent.model.trend`). All three
rivals add one column to the straight line, so every candidate (each break date, each rate) is one projection, done
for the observed series and for all simulated ones at once.

The evidence for a bend is the likelihood ratio against the straight line. Searching over dates and re-estimating the
scatter make its textbook distribution wrong, so it is compared with series simulated from the fitted straight line.

Source: likelihood ratio at an unknown break, Davies 1987, Biometrika 74:33, and Andrews 1993, Econometrica 61:821;
        parametric bootstrap of it, Diebold and Chen 1996, Journal of Econometrics 70:221;
        AICc and its weights, Burnham and Anderson 2002, Model Selection and Multimodel Inference.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.model.trend import Scatter, scatter_grid, weigh

FORMS = ("linear", "break", "quadratic", "exponential")
FREE = {"linear": 4, "break": 6, "quadratic": 5, "exponential": 6}  # parameters, with size and memory of the scatter
LEAST = 4  # different dates on either side of an admissible break
BENDS = np.concatenate([-np.geomspace(8, 0.5, 8), np.geomspace(0.5, 8, 8)])  # exponential rates × length of series
ALPHA = 0.05


def admissible_breaks(years: Floats, step: float = 1 / 12) -> Floats:
    """Break dates with at least `LEAST` different dates on either side: every `step` years, (break,), maybe none.

    >>> admissible_breaks(np.arange(2020, 2030) * 1.0, step=1.0)
    array([2023., 2024., 2025., 2026.])
    """
    days = np.unique(years)
    if len(days) < 2 * LEAST:
        return np.empty(0)
    first, last = days[LEAST - 1], days[-LEAST]
    steps = np.arange(np.ceil(round(first / step, 6)), np.floor(round(last / step, 6)) + 1)
    grid: Floats = np.round(steps * step, 6)
    # A short series may hold no month boundary between its fourth and its fourth last date.
    return grid if len(grid) else np.array([(first + last) / 2])


@dataclass(frozen=True, eq=False)
class Scan:
    """All candidates against one grid of covariances.

    form       (candidate,)           name of the form
    parameter  (candidate,)           break date, or rate per year; NaN for quadratic
    column     (n, candidate)         the column each adds to the straight line
    line       (grid, n, 2)           orthonormal basis of the whitened straight line
    beyond     (grid, n, candidate)   unit vector of what the column adds to it
    length     (grid, candidate)      length of that addition
    """

    years: Floats
    scatter: Scatter
    form: tuple[str, ...]
    parameter: Floats
    column: Floats
    line: Floats
    beyond: Floats
    length: Floats

    def positions(self, form: str) -> list[int]:
        return [position for position, name in enumerate(self.form) if name == form]

    def project(self, series: Floats) -> Iterator[tuple[Floats, Floats]]:
        """At each grid point: what the straight line leaves over, and how far each candidate reaches into it.

        series  (n, series)
        yields  residual square (series,), reach (candidate, series); reach squared is what the candidate explains
        """
        for whitener, line, beyond in zip(self.scatter.whitener, self.line, self.beyond, strict=True):
            white = whitener @ series
            yield (white**2).sum(axis=0) - ((line.T @ white) ** 2).sum(axis=0), beyond.T @ white

    def likelihood(self, series: Floats) -> tuple[Floats, Floats]:
        """Best log likelihood over the grid: straight line (series,), each candidate (candidate, series)."""
        straight = np.full(series.shape[1], -np.inf)
        bent = np.full((len(self.form), series.shape[1]), -np.inf)
        for volume, (rest, reach) in zip(self.scatter.log_volume, self.project(series), strict=True):
            np.maximum(straight, -0.5 * (volume + rest), out=straight)
            np.maximum(bent, -0.5 * (volume + rest - reach**2), out=bent)
        return straight, bent


def scan(years: Floats, scatter: Scatter, breaks: Floats | None = None) -> Scan:
    """Prepare every candidate form for series at these dates.

    years   (n,)      decimal years
    breaks  (break,)  admissible break dates; None for all of them
    """
    middle, span = float(years.mean()), float(np.ptp(years))
    breaks = admissible_breaks(years) if breaks is None else breaks
    rates = BENDS / span
    t = years - middle
    columns = [np.maximum(0.0, years - date) for date in breaks]
    columns += [t**2]
    columns += [np.exp(rate * t) for rate in rates]
    form = ("break",) * len(breaks) + ("quadratic",) + ("exponential",) * len(rates)
    column = np.stack(columns, axis=1)
    line = np.linalg.qr(scatter.whitener @ np.stack([np.ones(len(t)), t], axis=1))[0]
    white = scatter.whitener @ column
    white = white - line @ (np.swapaxes(line, 1, 2) @ white)
    length = np.sqrt((white**2).sum(axis=1))
    parameter = np.concatenate([breaks, [np.nan], rates])
    return Scan(years, scatter, form, parameter, column, line, white / length[:, None, :], length)


def noise(scatter: Scatter, weight: Floats, count: int, seed: int) -> Floats:
    """Series of scatter and measurement error, (n, count); the grid point of each is drawn by its weight."""
    rng = np.random.default_rng(seed)
    pick = rng.choice(len(weight), size=count, p=weight)
    fresh = rng.standard_normal((count, scatter.root.shape[1]))
    series = np.empty((fresh.shape[1], count))
    for point in np.unique(pick):
        mine = pick == point
        series[:, mine] = scatter.root[point] @ fresh[mine].T
    return series


@dataclass(frozen=True, eq=False)
class FormsFit:
    """The forms compared. Dictionaries are keyed by form; a form with no candidate is absent.

    log_likelihood, aicc, weight   of each form, best candidate; weights sum to 1
    ratio      twice the gain in log likelihood over the straight line
    p          share of straight series with at least that gain (never 0: the observed series counts as one)
    p_bend     the same for the best of all rivals together: is the series bent at all?
    parameter  best break date (decimal year), best rate (per year)
    change     coefficient of the added column at the best candidate
    kind       linear, break, accelerating, slowing, exponential or saturating: what the evidence supports
    rivals     kinds whose weight is within a tenth of the best bent form, the best first; empty when linear
    """

    log_likelihood: dict[str, float]
    aicc: dict[str, float]
    weight: dict[str, float]
    ratio: dict[str, float]
    p: dict[str, float]
    p_bend: float
    parameter: dict[str, float]
    change: dict[str, float]
    kind: str
    rivals: tuple[str, ...]


def fit_forms(
    years: Floats,
    values: Floats,
    measured: Floats | None = None,
    *,
    simulations: int = 499,
    seed: int = 0,
    scanned: Scan | None = None,
) -> FormsFit:
    """Compare straight, broken and curved growth.

    years        (n,)    decimal years, at least 5 values
    values       (n,)    any unit
    measured     (n, n)  covariance of the measurement errors
    simulations  straight series simulated for the p-values; 0 leaves them NaN and the kind to the weights

    >>> years = np.linspace(2022, 2026, 25)
    >>> bent = 100 + 8 * (years - 2022) + 9 * np.maximum(0, years - 2024) + 0.3 * np.sin(40 * years)
    >>> fit = fit_forms(years, bent, simulations=99)
    >>> fit.kind, round(fit.parameter["break"], 2), fit.p["break"]
    ('break', 2024.0, 0.01)
    """
    if len(years) < 5:
        raise ValueError(f"comparing forms needs 5 values; got {len(years)}")
    found = scanned or scan(years, scatter_grid(years, values, measured))
    straight, bent = found.likelihood(values[:, None])
    best = {form: max(found.positions(form), key=lambda j: bent[j, 0]) for form in FORMS if found.positions(form)}
    likelihood = {"linear": float(straight[0])} | {form: float(bent[j, 0]) for form, j in best.items()}
    aicc = {form: _aicc(value, FREE[form], len(years)) for form, value in likelihood.items()}
    raw = {form: np.exp(-0.5 * (value - min(aicc.values()))) for form, value in aicc.items()}
    weight = {form: float(value / sum(raw.values())) for form, value in raw.items()}
    ratio = {form: 2 * (likelihood[form] - likelihood["linear"]) for form in best}
    p, p_bend = dict.fromkeys(best, np.nan), np.nan
    if simulations:
        design = np.stack([np.ones(len(years)), years - years.mean()], axis=1)
        null = weigh(design, values, found.scatter, draws=0, seed=seed).weight
        flat, curved = found.likelihood(noise(found.scatter, null, simulations, seed))
        gains = {form: 2 * (curved[found.positions(form)].max(axis=0) - flat) for form in best}
        p = {form: _share(gains[form], ratio[form]) for form in best}
        p_bend = _share(np.stack(list(gains.values())).max(axis=0), max(ratio.values()))
    change = {form: _change(found, j, values) for form, j in best.items()}
    parameter = {form: float(found.parameter[j]) for form, j in best.items()}
    kinds = {form: _kind(form, change[form], parameter[form]) for form in best}
    order = sorted(best, key=lambda form: -weight[form])
    straightish = p_bend >= ALPHA if simulations else weight["linear"] >= max(weight[form] for form in best)
    kind = "linear" if straightish else kinds[order[0]]
    near = [kinds[form] for form in order if weight[form] >= 0.1 * weight[order[0]]]
    rivals = () if straightish else tuple(dict.fromkeys(near))
    return FormsFit(likelihood, aicc, weight, ratio, p, p_bend, parameter, change, kind, rivals)


def _aicc(log_likelihood: float, free: int, n: int) -> float:
    return 2 * free - 2 * log_likelihood + (2 * free * (free + 1) / (n - free - 1) if n > free + 1 else np.inf)


def _share(simulated: Floats, observed: float) -> float:
    return float((1 + (simulated >= observed - 1e-12).sum()) / (1 + len(simulated)))


def _change(found: Scan, candidate: int, values: Floats) -> float:
    t = found.years - found.years.mean()
    design = np.stack([np.ones(len(t)), t, found.column[:, candidate]], axis=1)
    return float(weigh(design, values, found.scatter, draws=0, seed=0).coefficients[0, 2])


def _kind(form: str, change: float, parameter: float) -> str:
    if form == "break":
        return "break"
    if form == "exponential" and parameter > 0 and change > 0:
        return "exponential"
    if form == "exponential" and parameter < 0 and change < 0:
        return "saturating"
    return "accelerating" if change > 0 else "slowing"
