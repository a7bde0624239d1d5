"""The growth of horizons under every defensible choice: all crossed, each turned alone, each model left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats, interval
from ascent.model.horizon_set import tamed
from ascent.model.horizon_trend import ESTIMATORS, FEWEST, Multiverse, Slope, cross, picked, slope
from ascent.model.trend import TrendFit, error_covariance, fit_trend

STARTS = ("2019", "2022", "2023", "2024")
BASES = ("all", "records")
LEFT = ("0", "1", "2")
MEMORY = "scatter with memory"  # the usual one: model.trend, with errors that models share
STRIP_DRAWS = 300  # of growth under one alternative


@dataclass(frozen=True, eq=False)
class Variant:
    """Horizons under one way to get them.

    settings    choice to setting: publication, weighting, curve, ...
    log2        by rate of success: (model,) log2 minutes
    covariance  by rate of success: (model, model) of their errors, in doublings squared; 0 where unknown
    """

    settings: Mapping[str, str]
    years: Floats
    log2: Mapping[float, Floats]
    covariance: Mapping[float, Floats]


@dataclass(frozen=True)
class Choice:
    """How a trend is drawn."""

    success: float = 0.5
    start: float = 0.0
    basis: str = "all"
    estimator: str = MEMORY
    left: int = 0  # latest dates left out


def growth(variant: Variant, choice: Choice) -> tuple[Slope, int]:
    """Growth of a variant under a choice, and the number of models it goes through."""
    log2 = variant.log2[choice.success]
    # A record holder is one at even odds, whichever rate the trend follows.
    mine = picked(variant.years, variant.log2[0.5], choice.start, choice.basis, choice.left) & np.isfinite(log2)
    years, errors = variant.years[mine], variant.covariance[choice.success][np.ix_(mine, mine)]
    if choice.estimator == MEMORY:
        if len(np.unique(years)) < FEWEST:
            return Slope(np.nan, np.nan, np.nan), int(mine.sum())
        fit = fit_trend(years, log2[mine], errors, draws=STRIP_DRAWS)
        low, mid, high = (float(part) for part in interval(fit.growth))
        return Slope(low, mid, high), int(mine.sum())
    found = slope(years, log2[mine], np.sqrt(np.diag(errors)), choice.estimator)
    return found, int(mine.sum())


def multiverse(
    variants: Sequence[Variant], successes: Sequence[float], starts: Sequence[str], left: Sequence[str] = LEFT
) -> Multiverse:
    """All variants crossed with rate of success, start, basis, estimator and latest dates left out."""
    choices: dict[str, tuple[str, ...]] = {
        name: tuple(dict.fromkeys(variant.settings[name] for variant in variants)) for name in variants[0].settings
    }
    own = len(choices)
    by_settings = {tuple(variant.settings.values()): variant for variant in variants}
    choices |= {
        "success": tuple(f"{one:.0%}" for one in successes), "start": tuple(starts), "models": BASES,
        "estimator": ESTIMATORS, "latest dates left out": tuple(left),
    }  # fmt: skip
    rate = {f"{one:.0%}": one for one in successes}

    def one(*settings: str) -> float:
        variant = by_settings.get(settings[:own])
        if variant is None:
            return float("nan")
        success, start, basis, estimator, last = settings[own:]
        choice = Choice(rate[success], float(start), basis, estimator, int(last))
        return growth(variant, choice)[0].mid

    return cross(choices, one)


def useful_starts(years: Floats) -> tuple[str, ...]:
    """Of the usual starts those that leave three dates, each leaving others than the one before."""
    found: dict[int, str] = {}
    for start in STARTS:
        left = int((years >= float(start)).sum())
        if len(np.unique(years[years >= float(start)])) >= FEWEST:
            found.setdefault(left, start)
    return tuple(found.values())


def fit_growth(
    years: Floats, draws: Floats, mine: NDArray[np.bool_], ends: tuple[float, float], *, size: int, seed: int
) -> TrendFit:
    """The straight trend through the chosen models, scatter about it and shared errors included.

    years   (model,)
    draws   (draw, model)  log2 minutes
    mine    (model,)       which models count: of at least 3 dates
    ends    log2 minutes of the shortest and longest task
    """
    chosen = np.flatnonzero(mine)
    held = tamed(draws[:, chosen], *ends)
    return fit_trend(years[chosen], held[0], error_covariance(held), draws=size, seed=seed)


@dataclass(frozen=True)
class Alternative:
    """Growth with one choice turned, in doublings per year; None where too few models are left."""

    knob: str
    setting: str
    default: bool
    models: int
    low: float | None
    mid: float | None
    high: float | None


def turned(
    variants: Sequence[Variant], alone: Sequence[tuple[str, str, Variant]], choice: Choice, starts: Sequence[str],
    main: Alternative, names: Sequence[str],
) -> list[Alternative]:  # fmt: skip
    """Each choice turned alone, then each model left out; the first entry is the answer as it stands.

    variants  the usual one first
    alone     knob, setting and variant of what is not crossed with the rest
    names     (model,) of the usual variant
    """
    found, usual = [main], variants[0]

    def told(knob: str, setting: str, variant: Variant, other: Choice) -> None:
        one, count = growth(variant, other)
        ends = [float(v) if np.isfinite(v) else None for v in (one.low, one.mid, one.high)]
        found.append(Alternative(knob, setting, False, count, *ends))

    for variant in variants:
        apart = [name for name in variant.settings if variant.settings[name] != usual.settings[name]]
        if len(apart) == 1:
            told(apart[0], variant.settings[apart[0]], variant, choice)
    for success in usual.log2:
        if success != choice.success and success in (0.5, 0.8):
            told("success", f"{success:.0%}", usual, _with(choice, success=success))
    for start in starts:
        if float(start) != choice.start:
            told("start", start, usual, _with(choice, start=float(start)))
    for basis in BASES:
        if basis != choice.basis:
            told("models", basis, usual, _with(choice, basis=basis))
    for estimator in (estimator for estimator in (MEMORY, *ESTIMATORS) if estimator != choice.estimator):
        told("estimator", estimator, usual, _with(choice, estimator=estimator))
    for left in LEFT[1:]:
        told("latest dates left out", left, usual, _with(choice, left=int(left)))
    for knob, setting, variant in alone:
        told(knob, setting, variant, choice)
    mine = picked(usual.years, usual.log2[0.5], choice.start, choice.basis)
    for model in np.flatnonzero(mine):
        log2 = {rate: np.where(np.arange(len(mine)) == model, np.nan, each) for rate, each in usual.log2.items()}
        told("without", names[int(model)], Variant(usual.settings, usual.years, log2, usual.covariance), choice)
    return found


def _with(choice: Choice, **changed: object) -> Choice:
    from dataclasses import replace

    return replace(choice, **changed)  # type: ignore[arg-type]  # its own fields


def ends_of(draws: Floats) -> tuple[float | None, float | None, float | None]:
    """Low, mid and high of draws of growth, None where there is none."""
    low, mid, high = (float(part) for part in interval(draws))
    return (
        (low if np.isfinite(low) else None),
        (mid if np.isfinite(mid) else None),
        (high if np.isfinite(high) else None),
    )
