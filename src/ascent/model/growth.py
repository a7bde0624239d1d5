"""How fast the frontier rises, under every choice that a reasonable person could make.

One call answers for one set of capability draws: the trend through the chosen models, its rival forms, every
admissible break, and the same growth again under each alternative of a list declared here, before any data are seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats, interval
from ascent.measure.frontier import Flags, ahead_at_release, record_holders, top_at_release
from ascent.model.breaks import Breaks, fit_breaks
from ascent.model.forms import FormsFit, Scan, fit_forms, scan
from ascent.model.trend import TrendFit, error_covariance, fit_trend, scatter_grid, weigh

Positions = NDArray[np.intp]

BASES = ("records", "top", "all")
STARTS = (2020.0, 2021.0, 2022.0, 2023.0, 2024.0, 2025.0)
ENOUGH = 6  # models in a trend; fewer say nothing about their own scatter
TOP = 5
LEFT_OUT = 40  # models left out in turn; those that pull the line most, where the trend goes through more


@dataclass(frozen=True)
class Choice:
    """What a growth figure rests on.

    basis    records, top (among the best `TOP` of everything out on the day of release) or all
    start    decimal year of the first release that counts; earlier ones still set records to be beaten
    warm_up  a record counts once this many models are out on earlier days: the first models of any collection are
             records only because nothing stands before them (times TOP for the basis top)
    """

    basis: str = "records"
    start: float = 2023.0
    warm_up: int = 3


@dataclass(frozen=True, eq=False)
class Alternative:
    """Growth (draw,) under another choice, None with too few models: `knob` is what was turned, `setting` how."""

    knob: str
    setting: str
    default: bool
    models: int
    growth: Floats | None


@dataclass(frozen=True, eq=False)
class Growth:
    """The answer for one set of draws; arrays over models are in the order given.

    chosen         (model,) which models the trend goes through; years, values of theirs
    found          the candidates of other forms, None with too few models
    trend          the straight line through them
    forms          straight against broken and curved; None with fewer than ENOUGH + 2 models
    breaks         every admissible break; None where there is none
    alternatives   one per declared choice, the default first
    left_out       (position of the model, growth (draw,) without it), one per chosen model, at most LEFT_OUT
    selection      growth of re-chosen records in the draws minus that of the estimates: what choosing records by
                   noisy estimates adds to growth, unit of capability per year
    """

    choice: Choice
    chosen: Flags
    years: Floats
    values: Floats
    trend: TrendFit
    found: Scan | None
    forms: FormsFit | None
    breaks: Breaks | None
    alternatives: tuple[Alternative, ...]
    left_out: tuple[tuple[int, Floats], ...]
    selection: float

    def lines(self, years: Floats, *, draws: int = 400, seed: int = 0) -> dict[str, Floats]:
        """Every form as a line over these dates, (draw, year) each: never one line alone."""
        lines = {"straight": self.trend.line(years)}
        if self.forms is None or self.found is None:
            return lines
        middle = self.years.mean()
        for form, parameter in self.forms.parameter.items():
            if form == "exponential":
                continue  # within the range of the data it cannot be told from the quadratic by eye
            both = [
                np.maximum(0.0, at - parameter) if form == "break" else (at - middle) ** 2 for at in (self.years, years)
            ]
            design, ahead = (
                np.stack([np.ones(len(at)), at - middle, column], axis=1)
                for at, column in zip((self.years, years), both, strict=True)
            )
            fit = weigh(design, self.values, self.found.scatter, draws=draws, seed=seed)
            lines["one break" if form == "break" else form] = fit.coefficients @ ahead.T
        return lines


def choose(released: Floats, capability: Floats, choice: Choice) -> Flags:
    """Which models a trend goes through, (model,), by their estimates.

    released    (model,)       decimal years
    capability  (draw, model)  only draw 0 is read
    """
    estimate = capability[:1]
    if choice.basis == "all":
        chosen = np.isfinite(estimate[0])
    elif choice.basis == "top":
        chosen = top_at_release(released, estimate, TOP)[0]
    else:
        chosen = record_holders(released, estimate)[0]
    before = (released[:, None] < released[None, :]).sum(axis=0)
    needed = {"all": 0, "top": choice.warm_up * TOP, "records": choice.warm_up}[choice.basis]
    flags: Flags = chosen & (released >= choice.start) & (before >= needed)
    return flags


def trend_of(released: Floats, capability: Floats, chosen: Flags, *, draws: int, seed: int) -> TrendFit | None:
    """Straight trend through the chosen models, with the error covariance of their draws; None with too few."""
    if chosen.sum() < ENOUGH or len(np.unique(released[chosen])) < 4:
        return None
    mine = capability[:, chosen]
    return fit_trend(released[chosen], mine[0], error_covariance(mine), draws=draws, seed=seed)


def growth_of(
    released: Floats,
    capability: Floats,
    choice: Choice | None = None,
    *,
    draws: int = 1_000,
    simulations: int = 499,
    seed: int = 0,
) -> Growth | None:
    """Everything about the growth of the frontier; None where the default choice leaves fewer than ENOUGH models.

    released     (model,)       decimal years
    capability   (draw, model)  any unit; draw 0 the estimates
    draws        of each growth figure
    simulations  straight and broken series simulated for p-values and the set of break dates

    >>> released = np.arange(2023, 2026, 0.1)
    >>> capability = (100 + 15 * (released - 2023) + np.sin(40 * released))[None, :]
    >>> answer = growth_of(released, capability, simulations=99)
    >>> f"{answer.trend.growth[0]:.1f} {answer.forms.kind}"
    '15.0 linear'
    """
    choice = choice or Choice()
    chosen = choose(released, capability, choice)
    trend = trend_of(released, capability, chosen, draws=draws, seed=seed)
    if trend is None:
        return None
    years, mine = released[chosen], capability[:, chosen]
    forms = breaks = found = None
    if len(years) >= ENOUGH + 2:
        measured = error_covariance(mine)
        found = scan(years, scatter_grid(years, mine[0], measured))
        forms = fit_forms(years, mine[0], measured, simulations=simulations, seed=seed, scanned=found)
        if found.positions("break"):
            breaks = fit_breaks(mine[0], found, simulations=max(99, simulations * 3 // 5), draws=draws, seed=seed)
    selection = selection_of_growth(released, capability, choice)
    alternatives = tuple(_alternatives(released, capability, choice, chosen, trend, selection, draws, seed))
    left_out = []
    for position in _pulling(years, mine[0], np.flatnonzero(chosen)):
        rest = np.arange(len(released)) != position
        # Without a record holder, others step up: the choice is made anew.
        again = choose(released[rest], capability[:, rest], choice)
        without = trend_of(released[rest], capability[:, rest], again, draws=draws, seed=seed)
        if without is not None:
            left_out.append((int(position), without.growth))
    return Growth(
        choice, chosen, years, mine[0], trend, found, forms, breaks, alternatives, tuple(left_out), selection
    )  # fmt: skip


def _pulling(years: Floats, values: Floats, positions: Positions) -> Positions:
    """The models whose leaving moves a plain line most, in order of release; fewer where each refit is costly."""
    most = LEFT_OUT if len(positions) <= 2 * LEFT_OUT else LEFT_OUT // 4
    t = years - years.mean()
    slope = t @ values / (t @ t)
    pull = np.abs(t * (values - values.mean() - slope * t) / (1 - 1 / len(t) - t**2 / (t @ t)).clip(1e-9))
    kept = np.sort(np.argsort(-pull, kind="stable")[:most])
    return positions[kept[np.argsort(years[kept], kind="stable")]]


def selection_of_growth(released: Floats, capability: Floats, choice: Choice) -> float:
    """Mean growth of records chosen anew in each draw, minus growth of those of the estimates (plain least squares).

    0 for a basis that does not choose by noisy estimates, and without resamples.
    """
    if choice.basis != "records" or len(capability) < 3:
        return 0.0
    before = (released[:, None] < released[None, :]).sum(axis=0)
    counts = record_holders(released, capability) & (released >= choice.start) & (before >= choice.warm_up)
    slopes = plain_growth(released, capability, counts)
    drawn = slopes[1:][np.isfinite(slopes[1:])]
    return float(drawn.mean() - slopes[0]) if len(drawn) and np.isfinite(slopes[0]) else 0.0


def plain_growth(released: Floats, capability: Floats, counts: Flags) -> Floats:
    """Least-squares slope of the models that count in each draw, (draw,); NaN with fewer than 3.

    counts  (draw, model)
    """
    weight = counts & np.isfinite(capability)
    number = weight.sum(axis=1)
    x = np.where(weight, released - released.mean(), 0.0)
    y = np.where(weight, capability, 0.0)
    many = np.maximum(number, 1)
    across = (x * y).sum(axis=1) - x.sum(axis=1) * y.sum(axis=1) / many
    along = (x * x).sum(axis=1) - x.sum(axis=1) ** 2 / many
    slopes: Floats = np.divide(across, along, out=np.full(len(x), np.nan), where=(number >= 3) & (along > 0))
    return slopes


def _alternatives(
    released: Floats,
    capability: Floats,
    choice: Choice,
    chosen: Flags,
    trend: TrendFit,
    selection: float,
    draws: int,
    seed: int,
) -> Iterator[Alternative]:
    """The declared alternatives: each turns one knob and leaves the others at the default."""

    def of(knob: str, setting: str, flags: Flags, default: bool) -> Alternative:
        found = trend if default else trend_of(released, capability, flags, draws=draws, seed=seed)
        return Alternative(knob, setting, default, int(flags.sum()), found.growth if found else None)

    names = {"records": "record holders", "top": f"best {TOP} at release", "all": "all models"}
    for basis in (choice.basis, *(name for name in BASES if name != choice.basis)):
        other = choose(released, capability, replace(choice, basis=basis))
        yield of("models", names[basis], other, basis == choice.basis)
    if choice.basis == "records" and len(capability) > 2:
        supported = chosen & ahead_at_release(released, capability, 0.9)
        yield of("models", "records whose lead is supported", supported, False)
        corrected = Alternative(
            "models", "records, corrected for selection", False, int(chosen.sum()), trend.growth - selection
        )
        yield corrected
    first = float(released.min())
    for start in sorted({*STARTS, choice.start}):
        default = start == choice.start
        # A start before the evidence is the same as its beginning.
        if default or start + 1 > first:
            flags = choose(released, capability, replace(choice, start=start))
            yield of("start", f"from {start:.6g}", flags, default)
    for last in (0.0, 0.5, 1.0):
        until = float(released.max()) - last
        setting = "until today" if not last else f"without the last {12 * last:.0f} months"
        yield of("end", setting, chosen & (released <= until), last == 0.0)
    for warm_up in sorted({0, 3, 5, 10, choice.warm_up}):
        flags = choose(released, capability, replace(choice, warm_up=warm_up))
        yield of("warm-up", f"after {warm_up} models", flags, warm_up == choice.warm_up)
    plain = _plain_trend(released[chosen], capability[:, chosen], draws, seed)
    yield Alternative("scatter", "averaged over sizes and memories", True, int(chosen.sum()), trend.growth)
    yield Alternative("scatter", "plain least squares", False, int(chosen.sum()), plain)


def _plain_trend(years: Floats, values: Floats, draws: int, seed: int) -> Floats:
    """Least squares with its textbook normal error: no memory, no weights, no shared errors. (draw,)"""
    t = years - years.mean()
    slope = float(t @ values[0] / (t @ t))
    rest = values[0] - values[0].mean() - slope * t
    error = float(np.sqrt(rest @ rest / (len(t) - 2) / (t @ t)))
    return np.concatenate([[slope], slope + error * np.random.default_rng(seed).standard_normal(draws)])


def most_moving(growth: Growth) -> Alternative | None:
    """The alternative furthest from the default; None where there is none."""
    usual = growth.trend.growth[0]
    moved = [other for other in growth.alternatives if not other.default and other.growth is not None]
    # The checker cannot see that `moved` holds only alternatives with growth.
    return max(moved, key=lambda other: abs(float(other.growth[0]) - usual), default=None)  # type: ignore[index]


def supported(growth: Floats) -> bool:
    """Whether an interval of growth lies on one side of zero."""
    low, _, high = interval(growth)
    return bool(low > 0 or high < 0)
