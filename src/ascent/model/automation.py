"""A growing economy that invests in compute, trains on it and puts it to work: investment, compute, automation, output.

In every year output Y is divided into consumption, capital, chips, hardware R&D and software R&D, and nothing else.

    output      Y = A composite^(1 − α − μ) K^α, composite of people and AI from `automation_tasks` (the fixed factor
                with exponent μ does not grow); A grows at a constant rate and starts so that Y has its known value
    capital     dK/dt = k − δ K, where spending I_K buys k: I_K = k + a k²/(2 K)
    chips       dQ/dt = q H − δ_Q Q, where spending I_Q buys q: I_Q = Q/(χ a H) ((1 + a q H/Q)^χ − 1); Q in FLOP a year
    progress    dH/dt / H = g (H/H₀)^(−λ/returns) (I_H/I_H₀)^(λ elasticity) × (log limit − log H)/(log limit − log H₀),
                likewise software S
    compute     effective compute C = Q/(1 + Q/limit) × S, a share of it for training: d run/dt = share × C
    investment  AI spending starts at its known share of output and follows a logistic curve towards a ceiling; its
                three parts keep their proportions; capital gets a constant share of output

The equations are those of GATE except for the last: GATE lets a planner choose all investment with perfect foresight;
here people follow rules, and `automation_plan` finds the best of them. Stepped by the classical Runge-Kutta method.

Source: Erdil, Potlogea, Besiroglu and others, GATE: An Integrated Assessment Model for AI Automation, 2025,
        arXiv:2503.04941, equations 1 to 30.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import WrongUse
from ascent.model.automation_tasks import Division, TaskSetting, divide

FASTEST = 40.0  # e-foldings a year that a stock can grow at most: numbers stay finite where growth explodes


@dataclass(frozen=True, kw_only=True, eq=False)
class Progress:
    """Research that makes something more efficient. Every field is a number or an array (draw,).

    level       efficiency at the start
    growth      rate at the start, 1/year (continuous)
    limit       efficiency that physics or mathematics allows
    spending    on research at the start, USD/year
    effort      λ: exponent of research effort in the rate of progress; below 1, twice the effort is not twice as fast
    elasticity  of effort with respect to spending
    returns     r: doublings of efficiency that each doubling of cumulated effort brings
    """

    level: Any
    growth: Any
    limit: Any
    spending: Any
    effort: Any
    elasticity: Any
    returns: Any

    def reach(self) -> Any:
        """Logarithm of the limit over the start."""
        return np.log(self.limit) - np.log(self.level)

    def done(self, way: Any) -> Any:
        """Logarithm of the level over the start from `way` = −log(share of the way to the limit that is left)."""
        return -self.reach() * np.expm1(-way)

    def rate(self, way: Any, spending: Any) -> Any:
        """Change of `way` per year at this spending; the level grows by reach × exp(−way) times that.

        Told in `way` the equation has no factor that vanishes at the limit, so large steps cannot overshoot it.
        """
        speed = (spending / self.spending) ** (np.asarray(self.effort, dtype=float) * self.elasticity)
        return self.growth / self.reach() * np.exp(-self.effort / self.returns * self.done(way)) * speed


@dataclass(frozen=True, kw_only=True, eq=False)
class Economy:
    """All parameters. Every number may be an array (draw,).

    output, capital            USD/year and USD at the start
    labor, population_growth   people at the start; 1/year
    capital_elasticity         α; `fixed_elasticity` is μ, the exponent of what cannot be accumulated
    productivity_growth        of A, 1/year
    capital_depreciation       1/year; `capital_adjustment` is a, years
    saving                     share of output that goes into capital
    chip_spending              USD/year at the start
    ai_ceiling                 share of output that AI spending (chips and research) tends to
    ai_growth                  initial growth of that share, 1/year
    runtime_compute            effective FLOP/year that runs AI workers at the start
    training_share             of effective compute
    training_run               largest run so far, effective FLOP
    chip_depreciation          1/year; `chip_adjustment` is a, years; `chip_exponent` is χ
    chip_limit                 FLOP/year that usable compute tends to
    hardware, software         research; efficiency in FLOP/year per USD and in effective FLOP per FLOP
    tasks                      what tasks ask of AI
    """

    output: Any
    capital: Any
    labor: Any
    population_growth: Any
    capital_elasticity: Any
    fixed_elasticity: Any
    productivity_growth: Any
    capital_depreciation: Any
    capital_adjustment: Any
    saving: Any
    chip_spending: Any
    ai_ceiling: Any
    ai_growth: Any
    runtime_compute: Any
    training_share: Any
    training_run: Any
    chip_depreciation: Any
    chip_adjustment: Any
    chip_exponent: Any
    chip_limit: Any
    hardware: Progress
    software: Progress
    tasks: TaskSetting

    def check(self) -> None:
        """Raises WrongUse where the equations have no meaning."""
        spent = np.asarray(self.saving) + np.maximum(np.asarray(self.ai_ceiling), self.ai_start())
        wrong = {
            "saving and AI spending together must leave something to consume (below 1 of output)": spent >= 1,
            "the substitution parameter must be below 0: every task is needed": np.asarray(self.tasks.substitution)
            >= 0,
            "the FLOP gap must be above 0 orders of magnitude": np.asarray(self.tasks.gap) <= 0,
            "the training share must lie between 0 and 1": (np.asarray(self.training_share) < 0)
            | (np.asarray(self.training_share) >= 1),
            "efficiency cannot start at or above its limit": (np.asarray(self.hardware.level) >= self.hardware.limit)
            | (np.asarray(self.software.level) >= self.software.limit),
            "the elasticities of capital and of the fixed factor must sum to less than 1": np.asarray(
                self.capital_elasticity
            )
            + self.fixed_elasticity
            >= 1,
            "the share of tasks automated at the start must be below 1": np.asarray(self.tasks.start) >= 1,
        }
        for words, where in wrong.items():
            if np.any(where):
                raise WrongUse(f"Growth model: {words}.")

    def ai_start(self) -> Any:
        """AI spending over output at the start."""
        return (self.chip_spending + self.hardware.spending + self.software.spending) / self.output

    def ai_share(self, time: float) -> Any:
        """AI spending over output, `time` years after the start: logistic towards the ceiling."""
        start, grown = self.ai_start(), np.exp(-np.asarray(self.ai_growth, dtype=float) * time)
        return self.ai_ceiling / (1 + (self.ai_ceiling / start - 1) * grown)

    def draws(self) -> int:
        """Length of the draw axis; raises WrongUse where two arrays differ in it."""
        shapes = [
            np.shape(value) for part in (self, self.hardware, self.software, self.tasks) for value in _numbers(part)
        ]
        try:
            return int((np.broadcast_shapes((1,), *shapes))[0])
        except ValueError:
            raise WrongUse("Growth model: every array of parameters must have the same number of draws.") from None


@dataclass(frozen=True, eq=False)
class Paths:
    """One value per draw and year, (draw, year), at the start of each year; growth over the year that then begins.

    years                                          (year,)
    output, consumption, investment, ai_spending   USD/year; output is the sum of the other three
    growth                                         fraction/year
    capital                                        USD
    chips                                          FLOP/year that exist
    compute                                        effective FLOP/year, training and running together
    run                                            largest training run, effective FLOP
    hardware, software                             efficiency
    automated, border                              share of tasks that AI can do, and does
    labor_share                                    of output
    wage                                           USD/year per person
    """

    years: Floats
    output: Floats
    consumption: Floats
    investment: Floats
    ai_spending: Floats
    growth: Floats
    capital: Floats
    chips: Floats
    compute: Floats
    run: Floats
    hardware: Floats
    software: Floats
    automated: Floats
    border: Floats
    labor_share: Floats
    wage: Floats

    def first_year(self, values: Floats, above: float) -> Floats:
        """First year (draw,) in which a path exceeds a level, between years by a straight line; infinity if never.

        >>> nothing = np.zeros((1, 3))
        >>> made = Paths(np.array([2025.0, 2026.0, 2027.0]), *[nothing] * 15)
        >>> made.first_year(np.array([[0.0, 0.1, 0.3], [0.0, 0.1, 0.2]]), above=0.2)
        array([2026.5,    inf])
        """
        over = values > above
        at = over.argmax(axis=1)
        rows = np.arange(len(values))
        before = values[rows, np.maximum(at - 1, 0)]
        step = values[rows, at] - before
        part = np.where(at > 0, (above - before) / np.where(step > 0, step, 1.0), 0.0)
        year = self.years[np.maximum(at - 1, 0)] + part
        return np.where(over.any(axis=1), year, np.inf)


def simulate(economy: Economy, *, start: float = 2025.0, years: int = 25, steps: int = 4) -> Paths:
    """Run the economy.

    start    decimal year of the first state
    years    how many years are told, the first being the start
    steps    Runge-Kutta steps a year
    returns  paths (draw, year); raises WrongUse where the parameters have no meaning
    """
    if years < 1 or steps < 1:
        raise WrongUse(f"Growth model: years and steps must be at least 1, found {years} and {steps}.")
    economy.check()
    draws = economy.draws()
    e = economy
    # Effective compute at the start is what runs AI workers and what trains; software starts at its own level.
    usable = e.runtime_compute / (1 - np.asarray(e.training_share, dtype=float)) / e.software.level
    chips = usable / np.maximum(1 - usable / np.asarray(e.chip_limit, dtype=float), 1e-12)
    rows = (np.log(e.capital), np.log(chips), 0.0, 0.0, e.training_run)
    state = np.stack([np.broadcast_to(np.asarray(row, dtype=float), (draws,)) for row in rows])
    # The residual factor A: output without any growth yet.
    capital_part = np.asarray(e.capital_elasticity) * state[0]
    composite = np.log(_division(e, state, 0.0)[0].composite)
    residual = np.log(e.output) - capital_part - _labor_elasticity(e) * composite

    kept = []
    border: Any = None  # where people and AI meet, handed on as the next guess
    step = 1.0 / steps
    for year in range(years + 1):
        kept.append(_report(e, state, float(year), residual))
        if year == years:
            break
        for part in range(steps):
            time = year + part * step
            k1, border = _change(e, state, time, residual, border)
            k2, border = _change(e, state + 0.5 * step * k1, time + 0.5 * step, residual, border)
            k3, border = _change(e, state + 0.5 * step * k2, time + 0.5 * step, residual, border)
            k4, border = _change(e, state + step * k3, time + step, residual, border)
            state = state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    told = {name: np.stack([row[name] for row in kept], axis=1) for name in kept[0]}
    growth = told["output"][:, 1:] / told["output"][:, :-1] - 1
    return Paths(
        np.asarray(start + np.arange(years), dtype=float),
        growth=growth,
        **{name: value[:, :-1] for name, value in told.items()},
    )


def steady_growth(economy: Economy) -> tuple[Any, Any]:
    """Without automation, in the long run: growth of output (1/year, continuous) and capital over output (years).

    growth = ((1 − α − μ) n + g_A) / (1 − α), the steady growth of Solow's model; capital over output follows from
    saving / (x + a x²/2) with x = growth + depreciation, because every unit of capital costs its adjustment too.
    """
    e = economy
    growth = (_labor_elasticity(e) * e.population_growth + e.productivity_growth) / (1 - e.capital_elasticity)
    bought = growth + e.capital_depreciation
    return growth, e.saving / (bought + e.capital_adjustment * bought**2 / 2)


def _numbers(part: Any) -> list[Any]:
    values = [getattr(part, field.name) for field in fields(part)]
    return [value for value in values if not isinstance(value, Progress | TaskSetting)]


def _labor_elasticity(e: Economy) -> Any:
    return 1 - np.asarray(e.capital_elasticity, dtype=float) - e.fixed_elasticity


def _compute(e: Economy, state: Floats) -> Floats:
    """Effective FLOP a year: usable chips times software."""
    chips = np.exp(state[1])
    return np.asarray(chips / (1 + chips / e.chip_limit) * e.software.level * np.exp(e.software.done(state[3])))


def _division(e: Economy, state: Floats, time: float, guess: Any = None) -> tuple[Division, Floats, Any]:
    compute = _compute(e, state)
    labor = e.labor * np.exp(np.asarray(e.population_growth, dtype=float) * time)
    return divide(labor, (1 - np.asarray(e.training_share)) * compute, state[4], e.tasks, guess), compute, labor


def _output(
    e: Economy, state: Floats, time: float, residual: Any, guess: Any = None
) -> tuple[Floats, Division, Floats, Any]:
    found, compute, labor = _division(e, state, time, guess)
    logs = residual + e.productivity_growth * time + np.asarray(e.capital_elasticity) * state[0]
    return np.exp(logs + _labor_elasticity(e) * np.log(found.composite)), found, compute, labor


def _change(e: Economy, state: Floats, time: float, residual: Any, guess: Any) -> tuple[Floats, Floats]:
    """Change per year of (log capital, log chips, way of hardware, of software, largest run), shape (5, draw).

    And the border between people and AI, a good guess of the next one.
    """
    output, found, compute, _ = _output(e, state, time, residual, guess)
    ai = e.ai_share(time) / e.ai_start() * output / e.output  # AI spending over its value at the start
    capital, chips = np.exp(state[:2])
    hardware = e.hardware.level * np.exp(e.hardware.done(state[2]))
    per_capital = e.saving * output / capital
    a = np.asarray(e.capital_adjustment, dtype=float)
    # What spending buys after the cost of adjusting; the form below is exact and holds for a = 0 as well.
    bought = 2 * per_capital / (1 + np.sqrt(1 + 2 * a * per_capital))
    per_chip = e.chip_spending * ai * hardware / chips
    a, chi = np.asarray(e.chip_adjustment, dtype=float), np.asarray(e.chip_exponent, dtype=float)
    installed = np.expm1(np.log1p(chi * a * per_chip) / chi) / a
    change = np.stack(
        np.broadcast_arrays(
            np.minimum(bought - e.capital_depreciation, FASTEST),
            np.minimum(installed - e.chip_depreciation, FASTEST),
            e.hardware.rate(state[2], e.hardware.spending * ai),
            e.software.rate(state[3], e.software.spending * ai),
            e.training_share * compute,
        )
    )
    return change, found.border


def _report(e: Economy, state: Floats, time: float, residual: Any) -> dict[str, Floats]:
    output, found, compute, labor = _output(e, state, time, residual)
    share = _labor_elasticity(e) * found.by_people
    ai = e.ai_share(time) * output
    investment = e.saving * output
    told = {
        "output": output,
        "consumption": output - investment - ai,
        "investment": investment,
        "ai_spending": ai,
        "capital": np.exp(state[0]),
        "chips": np.exp(state[1]),
        "compute": compute,
        "run": state[4],
        "hardware": e.hardware.level * np.exp(e.hardware.done(state[2])),
        "software": e.software.level * np.exp(e.software.done(state[3])),
        "automated": found.automated,
        "border": found.border,
        "labor_share": share,
        "wage": share * output / labor,
    }
    return {name: np.array(np.broadcast_to(value, output.shape), dtype=float) for name, value in told.items()}
