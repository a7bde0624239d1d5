"""Who does which task: people and AI shared out over a continuum of tasks so that output is largest.

Tasks i in 0..1 are ordered by how hard they are for AI. Output needs all of them (a CES composite with ρ < 0):

    composite = ( ∫ amount_i^ρ di )^(1/ρ),     amount_i = people_i + AI_i,     ∫ people_i di = labor

Which tasks AI can do depends on the largest training run, stretched by thinking longer (a multiplier ι of run-time
compute counts as a run ι^(1/m) times larger); between the requirement / 10^gap and the requirement the share rises
linearly in the logarithm of the run. An AI worker at task i needs R_i = 10^(base + slope × i) FLOP a year, times the
inference multiplier that this task needs, and all AI workers together have the run-time compute.

The best division has one border: AI below it, people above it. With σ = 1/(1 − ρ) and J = ∫ R_i^(1 − σ) di up to the
border, the composite is (runtime^ρ J^(1 − ρ) + labor^ρ (1 − border)^(1 − ρ))^(1/ρ) exactly; the border is where both
are equally dear, or all that AI can do.

Source: equations 2, 13 to 16 and 26 to 28 of Erdil, Potlogea, Besiroglu and others, GATE: An Integrated Assessment
        Model for AI Automation, 2025, arXiv:2503.04941. The closed form of the division of labour is our derivation.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats

ROUNDS = 10  # of the search for the border; the composite is flat there, so its own error is the border's squared
CLOSE = 1e-7  # of the logarithm of relative costs at the border: nearer changes the composite by less than 1e-12
LN10 = float(np.log(10.0))


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskSetting:
    """What tasks ask of AI. Every field is a number or an array (draw,).

    requirement         effective FLOP of the training run that can do every task
    gap                 orders of magnitude between the first newly automated task and the last
    start               share of tasks automated however small the run, 0..1
    limit               share of tasks that can ever be automated, 0..1
    inference_limit     largest multiplier of run-time compute that still helps
    inference_slope     m: a multiplier ι counts as a run ι^(1/m) times larger
    runtime             log10 of the FLOP a year of an AI worker at the easiest task
    runtime_slope       orders of magnitude from the easiest task to the hardest
    substitution        ρ of the composite, below 0
    """

    requirement: Any
    gap: Any
    start: Any
    limit: Any
    inference_limit: Any
    inference_slope: Any
    runtime: Any
    runtime_slope: Any
    substitution: Any


@dataclass(frozen=True, eq=False)
class Division:
    """Arrays (draw,).

    composite    what people and AI achieve together, in people who would do it alone without any AI
    automated    share of tasks that AI can do
    border       share of tasks that AI does
    by_people    share of the composite's value that goes to people (the rest to AI), 0..1
    """

    composite: Floats
    automated: Floats
    border: Floats
    by_people: Floats


def automated_share(run: Any, setting: TaskSetting) -> Floats:
    """Share of tasks that a training run can do, thinking as long as helps; `run` in effective FLOP.

    >>> easy = TaskSetting(requirement=1e36, gap=6.0, start=0.1, limit=1.0, inference_limit=1.0, inference_slope=2.0,
    ...                    runtime=15.0, runtime_slope=9.0, substitution=-0.65)
    >>> [round(float(automated_share(size, easy)), 6) for size in (1e25, 1e33, 1e36, 1e40)]
    [0.1, 0.55, 1.0, 1.0]
    """
    stretched = np.log(run) + np.log(setting.inference_limit) / setting.inference_slope
    return np.asarray(np.minimum(_share(stretched, setting), np.maximum(setting.limit, setting.start)), dtype=float)


def divide(labor: Any, runtime: Any, run: Any, setting: TaskSetting, guess: Any = None) -> Division:
    """The best division of people and AI over the tasks.

    labor    (draw,)  people, above 0
    runtime  (draw,)  effective FLOP a year for running AI workers, above 0
    run      (draw,)  largest training run, effective FLOP
    guess    (draw,)  where the border may lie, such as where it lay a moment before; the answer does not depend on it
    """
    labor, runtime, run = (np.atleast_1d(np.asarray(value, dtype=float)) for value in (labor, runtime, run))
    draws = np.broadcast_shapes(labor.shape, runtime.shape, run.shape, *(np.shape(v) for v in vars(setting).values()))
    labor, runtime, run = (np.broadcast_to(value, draws) for value in (labor, runtime, run))
    rho = np.broadcast_to(np.asarray(setting.substitution, dtype=float), draws)
    able = np.broadcast_to(automated_share(run, setting), draws)
    costs = _Costs.of(np.log(run), setting, rho, draws)
    scarcity = np.log(labor) - np.log(runtime)
    top = np.minimum(able, 1 - 2.0**-30)  # the very hardest task is never worth a finite amount of compute
    border = top.copy()
    # Where even the hardest task AI can do is cheaper by AI, the border is what AI can do; elsewhere it lies lower.
    below = costs.dearer_by_ai(top, scarcity)[0] > 0
    if below.any():
        part, scarce = costs.take(below), scarcity[below]
        high = top[below]
        # The cost of AI bends, or jumps, at the task from which on it must think longer: search on one side of it.
        turn = np.minimum(part.turn, high)
        before, after = (part.dearer_by_ai(turn, scarce, hard)[0] > 0 for hard in (False, True))
        easy, done = before, ~before & after & (turn < high)
        low, high = np.where(easy, 0.0, turn), np.where(easy, turn, high)
        at = np.where(easy, 0.5, 0.02) * (high - low) + low
        if guess is not None:
            near = np.broadcast_to(guess, draws)[below]
            at = np.where((near > low) & (near < high), near, at)
        # Those still looking for their border; the few slow ones must not keep all the others waiting.
        live = np.flatnonzero(~done)
        one, rare, side = part.take(live), scarce[live], ~easy[live]
        for _ in range(ROUNDS):
            here, least, most = at[live], low[live], high[live]
            # Newton's method in log(border / (1 - border)), in which both sides are almost straight.
            dear, slope = one.dearer_by_ai(here, rare, side)
            far = np.abs(dear) >= CLOSE
            if not far.any():
                break
            least, most = np.where(dear > 0, least, here), np.where(dear > 0, here, most)
            odds = here / (1 - here) * np.exp(-np.clip(dear / (slope * here * (1 - here)), -50.0, 50.0))
            step = odds / (1 + odds)
            inside = (step > least - 1e-9) & (step < most + 1e-9)
            at[live] = np.where(inside, np.clip(step, least, most), 0.5 * (least + most))
            low[live], high[live] = least, most
            if far.mean() < 0.5:
                live, one, rare, side = live[far], one.take(far), rare[far], side[far]
        border[below] = np.where(done, turn, at)
    with np.errstate(divide="ignore"):
        log_ai = rho * np.log(runtime) + (1 - rho) * np.log(costs.integral(border))
    log_people = rho * np.log(labor) + (1 - rho) * np.log1p(-border)
    total = np.logaddexp(log_ai, log_people)
    return Division(np.exp(total / rho), able.astype(float), border, np.exp(log_people - total))


def _share(log_run: Any, setting: TaskSetting) -> Floats:
    """Equation 13: linear in the logarithm of the run between the two ends, level outside."""
    over = np.log(setting.requirement) - log_run
    part = 1 - over / (LN10 * np.asarray(setting.gap, dtype=float))
    return np.asarray(setting.start + (1 - np.asarray(setting.start)) * np.clip(part, 0.0, 1.0), dtype=float)


@dataclass(frozen=True, eq=False)
class _Costs:
    """Run-time FLOP of AI at task i: exp(base + slope i) up to `turn`, exp(base2 + slope2 i) beyond; arrays (draw,)."""

    base: Floats
    slope: Floats
    turn: Floats
    base2: Floats
    slope2: Floats
    power: Floats  # 1 - σ
    sigma: Floats

    @classmethod
    def of(cls, log_run: Floats, setting: TaskSetting, rho: Floats, draws: tuple[int, ...]) -> "_Costs":
        start = np.asarray(setting.start, dtype=float)
        base, slope = LN10 * np.asarray(setting.runtime, dtype=float), LN10 * np.asarray(setting.runtime_slope)
        ramp = LN10 * np.asarray(setting.gap, dtype=float) / np.maximum(1 - start, 1e-12)  # of log run, per task
        first = np.log(setting.requirement) - LN10 * np.asarray(setting.gap, dtype=float)
        m = np.asarray(setting.inference_slope, dtype=float)
        # Beyond what the run does unaided, a task asks for (needed run / run)^m times the compute.
        base2, slope2 = base + m * (first - ramp * start - log_run), slope + m * ramp
        sigma = 1 / (1 - rho)
        parts = (base, slope, _share(log_run, setting), base2, slope2, 1 - sigma, sigma)
        return cls(*(np.broadcast_to(np.asarray(part, dtype=float), draws) for part in parts))

    def take(self, chosen: Any) -> "_Costs":
        return _Costs(*(value[chosen] for value in vars(self).values()))

    def integral(self, border: Floats) -> Floats:
        """J, the integral of R^(1 - σ) from the easiest task to the border."""
        easy = _area(self.power * self.base, self.power * self.slope, 0.0, np.minimum(border, self.turn))
        hard = _area(self.power * self.base2, self.power * self.slope2, self.turn, np.maximum(border, self.turn))
        return easy + hard

    def dearer_by_ai(self, border: Floats, scarcity: Floats, hard: Any = None) -> tuple[Floats, Floats]:
        """Above 0 where the task at the border costs less by people; rises with the border. And how steeply.

        hard  whether the border lies among the tasks that need longer thinking; None: as it does
        """
        beyond = border > self.turn if hard is None else hard
        rise = np.where(beyond, self.slope2, self.slope)
        cost = np.where(beyond, self.base2, self.base) + rise * border
        area, left = self.integral(border), 1 - border
        with np.errstate(divide="ignore", invalid="ignore"):  # no tasks at all: people are infinitely dear
            steep = rise + (np.exp(self.power * cost) / area + 1 / left) / self.sigma
            return np.asarray(cost + (np.log(area) - np.log(left) + scarcity) / self.sigma), np.asarray(steep)


def _area(base: Floats, slope: Floats, low: Any, high: Floats) -> Floats:
    """Integral of exp(base + slope x) from low to high, also where the slope is 0."""
    width = high - low
    reach = slope * width
    flat = np.abs(reach) < 1e-9
    mean = np.where(flat, 1 + 0.5 * reach, np.expm1(reach) / np.where(flat, 1.0, reach))
    return np.asarray(np.exp(base + slope * low) * width * mean)
