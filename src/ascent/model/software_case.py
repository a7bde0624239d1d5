"""Software progress read from two models: what the newer one would have cost with the older one's software.

saved = compute of the older × 10^(capability gained / points per decade) / compute of the newer, a factor over years
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import benchmark_facts
from ascent.measure.one_benchmark import one_benchmark
from ascent.measure.training_compute import training_compute
from ascent.model.software_fits import error_of


@dataclass(frozen=True, eq=False)
class Case:
    """saved (draw,) decades of compute; years between; rate (draw,) decades a year; draw 0 the estimate."""

    saved: Floats
    years: float

    @property
    def rate(self) -> Floats:
        return np.asarray(self.saved / self.years)


def from_plane(
    capability: tuple[Floats, Floats], log_flop: tuple[float, float], within: tuple[float, float], per_decade: Floats,
    years: float, *, seed: int = 0,
) -> Case:  # fmt: skip
    """The newer model against the older, on one scale of capability.

    capability  (draw,) of the newer and of the older model, index points
    log_flop, within  of both: decimal logarithm of FLOP, and the factor it lies within with 90 %
    per_decade  (draw,) index points per factor of ten of compute; draws that are not positive tell nothing (NaN)

    >>> one = np.array([100.0])
    >>> case = from_plane((one + 10, one), (24.0, 24.0), (1.0, 1.0), np.array([10.0]), 2.0)
    >>> round(float(case.rate[0]), 3)  # a factor of ten in two years
    0.5
    """
    count = len(per_decade)
    spent = _amounts(np.array(log_flop), np.array(within), count, seed)
    gained = np.resize(capability[0] - capability[1], count)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(per_decade > 0, gained / per_decade, np.nan)
    return Case(spent[:, 1] - spent[:, 0] + worth, years)


def from_line(
    share: float, log_flop: float, within: float, line: tuple[Floats, Floats, Floats], years: float, *, draws: int,
    seed: int = 0,
) -> Case:  # fmt: skip
    """The newer model against a scaling line of older ones on one benchmark, straight in the log-odds of the score.

    share, log_flop, within  of the newer model: score from guessing 0 to perfect 1, decimal logarithm of FLOP, factor
    line    (model,) log_flop, within and share of the older models, at least two
    years   since the software of the line

    Raises ValueError where the line does not rise.
    """
    spent = _amounts(np.append(line[0], log_flop), np.append(line[1], within), draws + 1, seed)
    x, odds = spent[:, :-1], _log_odds(line[2])
    away = x - x.mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (away * (odds - odds.mean())).sum(axis=1) / (away**2).sum(axis=1)
        needed = x.mean(axis=1) + (_log_odds(np.array(share)) - odds.mean()) / np.where(slope > 0, slope, np.nan)
    if not np.isfinite(needed[0]):
        raise ValueError("scores of the older models do not rise with their compute")
    return Case(needed - spent[:, -1], years)


def against_siblings(
    evidence: Evidence, model: str, base: str, *, benchmark: str, score: float | None, siblings: float, draws: int,
    seed: int = 0,
) -> list[tuple[str, Case, int]]:  # fmt: skip
    """The newer model against a line through the older one and its maker's models of the `siblings` years after it.

    score    of the newer model as reported, from 0 to 1, where the evidence has none
    returns  (a model of the line, the case with years counted since that model, models of the line): since the oldest
             and since the latest, as the software of the line has no one date

    Raises UnknownName for a model without training compute or a benchmark without scores, TooLittleEvidence where
    scores are missing, ValueError where they do not rise with compute or the newer model is not newer.
    """
    known = training_compute(evidence)
    names = list(known.model)
    for side, name in (("model", model), ("base", base)):
        if name not in names:
            raise UnknownName(f"model with training compute (--{side})", name, names)
    scored = one_benchmark(evidence, benchmark)
    share = dict(zip(scored.models, (scored.percent[0] / 100).tolist(), strict=True))
    if score is not None:
        facts = benchmark_facts(evidence).get(benchmark)
        chance, ceiling = (facts.chance or 0.0, facts.ceiling or 1.0) if facts else (0.0, 1.0)
        share[model] = (score - chance) / (ceiling - chance)
    new, old = names.index(model), names.index(base)
    last = min(known.year[old] + siblings, known.year[new] - 1 / 12)
    line = [
        k for k, name in enumerate(names)
        if known.maker[k] == known.maker[old] and name in share and k != new
        and known.year[old] <= known.year[k] <= last
    ]  # fmt: skip
    if model not in share or len(line) < 2:
        raise TooLittleEvidence(
            need=f"scores on {benchmark} of {model} and of two models of {base}'s maker",
            have=f"{'a' if model in share else 'no'} score of it and {len(line)} of its line",
            fix="give --score, or more years with --siblings",
        )
    told = known.log_flop[line], known.within[line], np.array([share[names[k]] for k in line])
    return [
        (names[since], from_line(share[model], float(known.log_flop[new]), float(known.within[new]), told,
                                 float(known.year[new] - known.year[since]), draws=draws, seed=seed), len(line))
        for since in (line[0], line[-1])
    ]  # fmt: skip


def _log_odds(share: Floats) -> Floats:
    share = np.clip(share, 0.005, 0.995)
    return np.asarray(np.log(share / (1 - share)))


def _amounts(log_flop: Floats, within: Floats, count: int, seed: int) -> Floats:
    noise = np.random.default_rng([seed, 7]).standard_normal((count, len(log_flop)))
    noise[0] = 0.0
    return np.asarray(log_flop + error_of(within) * noise)
