"""The growth model against Solow, Ramsey, brute force over tasks and an independent scalar solver."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import WrongUse
from ascent.model import automation
from ascent.model.automation import Economy, Progress, simulate, steady_growth
from ascent.model.automation_plan import best, welfare
from ascent.model.automation_tasks import TaskSetting, automated_share, divide

# Defaults of Erdil et al. 2025 (GATE, arXiv:2503.04941, appendix D); rules of investment are ours.
TASKS = TaskSetting(
    requirement=10**36.5,
    gap=0.55 * (36.5 - np.log10(5e25)),
    start=0.1,
    limit=1.0,
    inference_limit=1e5,
    inference_slope=2.0,
    runtime=15.0,
    runtime_slope=9.0,
    substitution=-0.65,
)
HARDWARE = Progress(level=1e18, growth=0.275, limit=1e23, spending=1e11, effort=0.4, elasticity=0.35, returns=5.2)
SOFTWARE = Progress(level=1.0, growth=0.7, limit=1e4, spending=5e9, effort=0.4, elasticity=0.35, returns=1.25)
GATE = Economy(
    output=110e12,
    capital=450e12,
    labor=3.6e9,
    population_growth=0.0025,
    capital_elasticity=0.35,
    fixed_elasticity=0.0,
    productivity_growth=0.0,
    capital_depreciation=0.065,
    capital_adjustment=1.0,
    saving=0.25,
    chip_spending=2e11,
    ai_ceiling=0.05,
    ai_growth=0.4,
    runtime_compute=1e28,
    training_share=0.3,
    training_run=5e25,
    chip_depreciation=0.3,
    chip_adjustment=2.0,
    chip_exponent=4.0,
    chip_limit=2e38,
    hardware=HARDWARE,
    software=SOFTWARE,
    tasks=TASKS,
)
# No task can be automated and AI spending is a thousandth of a dollar: what is left is Solow's economy.
SOLOW = replace(
    GATE,
    tasks=replace(TASKS, start=0.0, limit=0.0),
    productivity_growth=0.01,
    chip_spending=1e-3,
    ai_ceiling=1e-16,
    hardware=replace(HARDWARE, spending=1e-4),
    software=replace(SOFTWARE, spending=1e-4),
)


def brute_composite(labor: float, runtime: float, run: float, s: TaskSetting, cells: int = 4000) -> float:
    """The composite by convex optimisation over many tasks: bisection on the relative price of people in FLOP."""
    tasks = (np.arange(cells) + 0.5) / cells
    unaided = np.interp(np.log(run), _ramp(s)[0], _ramp(s)[1])
    able = automated_share(run, s)
    needed = np.interp(tasks, _ramp(s)[1], _ramp(s)[0])
    more = np.where(tasks <= max(unaided, s.start), 0.0, np.maximum(needed - np.log(run), 0.0))
    cost = np.exp(s.inference_slope * more + np.log(10.0) * (s.runtime + s.runtime_slope * tasks))
    sigma = 1 / (1 - s.substitution)

    def spend(price: float) -> tuple[Any, float]:
        by_ai = (tasks <= able) & (cost < price)
        each = np.where(by_ai, cost, price) ** -sigma  # amounts, up to a common factor
        return by_ai, float((each * cost * by_ai).mean() / runtime - (each * ~by_ai).mean() / labor)

    low, high = np.log(cost.min()) - 60, np.log(cost.max()) + 60
    for _ in range(200):
        middle = 0.5 * (low + high)
        if spend(np.exp(middle))[1] > 0:  # AI is asked for too much: people must be cheaper
            high = middle
        else:
            low = middle
    by_ai, _ = spend(np.exp(low))
    # With the border found, each side's amounts follow from its own budget.
    ai = cost**-sigma * by_ai
    amount = ai * runtime / (ai * cost).mean() + np.where(by_ai, 0.0, labor / (~by_ai).mean())
    return float((amount**s.substitution).mean() ** (1 / s.substitution))


def _ramp(s: TaskSetting) -> tuple[Any, Any]:
    """Log of the run and share of tasks at both ends of the ramp."""
    top = np.log(s.requirement)
    return np.array([top - np.log(10.0) * s.gap, top]), np.array([s.start, 1.0])


@pytest.mark.parametrize(
    ("runtime", "run"), [(1e28, 1e27), (1e28, 1e30), (1e30, 1e33), (1e33, 1e34), (1e31, 1e36), (1e36, 1e37)]
)
@pytest.mark.parametrize("rho", [-0.2, -0.65, -3.0])
def test_the_closed_form_of_the_division_is_the_optimum_found_by_brute_force(
    runtime: float, run: float, rho: float
) -> None:
    setting = replace(TASKS, substitution=rho)
    ours = divide(3.6e9, runtime, run, setting)
    assert ours.composite[0] == pytest.approx(brute_composite(3.6e9, runtime, run, setting), rel=4e-3)
    # No other border does better: the optimum is an optimum.
    for limit in np.linspace(0.01, 0.999, 60) * float(ours.automated[0]):
        other = divide(3.6e9, runtime, run, replace(setting, limit=max(limit, 0.0), start=min(0.1, limit)))
        if limit > 0.1:
            assert other.composite[0] <= ours.composite[0] * (1 + 1e-9)


def test_a_tenth_of_the_tasks_by_abundant_ai_adds_what_the_published_run_shows() -> None:
    """GATE's published default run starts 1.19 times above the output without AI: 0.9^((1 - ρ)/ρ × 0.65)."""
    gain = (divide(3.6e9, 1e40, 1e20, TASKS).composite[0] / 3.6e9) ** 0.65
    assert gain == pytest.approx(1.19, abs=0.005)


def test_labour_receives_its_marginal_product() -> None:
    more, less = (divide(3.6e9 * f, 1e31, 1e34, TASKS).composite[0] for f in (1.0001, 0.9999))
    slope = np.log(more / less) / np.log(1.0001 / 0.9999)
    assert divide(3.6e9, 1e31, 1e34, TASKS).by_people[0] == pytest.approx(slope, rel=1e-5)


def test_without_automation_it_grows_like_solow() -> None:
    paths = simulate(SOLOW, years=400, steps=1)
    growth, capital = steady_growth(SOLOW)
    # Solow's closed form, written out: (0.65 × 0.25 % + 1 %) / 0.65.
    assert growth == pytest.approx((0.65 * 0.0025 + 0.01) / 0.65)
    assert np.log1p(paths.growth[0, -1]) == pytest.approx(growth, rel=1e-6)
    assert (paths.capital / paths.output)[0, -1] == pytest.approx(capital, rel=1e-6)
    assert paths.growth[0, 0] != pytest.approx(
        np.expm1(growth), rel=1e-2
    )  # it starts off the path: convergence, not chance
    assert np.allclose(paths.labor_share, 0.65)


def test_without_automation_or_adjustment_the_path_is_the_closed_form_of_solow() -> None:
    """With Cobb-Douglas output and constant saving, z = K/Y obeys dz/dt = (1 - α)(s - (δ + g) z), which is linear."""
    economy = replace(SOLOW, capital_adjustment=0.0)
    paths = simulate(economy, years=60, steps=4)
    growth = steady_growth(economy)[0]
    rest = 0.25 / (0.065 + growth)
    time = paths.years - paths.years[0]
    exact = rest + (450 / 110 - rest) * np.exp(-0.65 * (0.065 + growth) * time)
    assert np.allclose((paths.capital / paths.output)[0], exact, rtol=1e-7)


def test_the_best_constant_saving_rate_is_ramseys() -> None:
    """On Ramsey's steady path the planner stays on it: saving α(δ + g)/(discount + δ + aversion × gain)."""
    growth = (0.65 * 0.0025 + 0.01) / 0.65
    saving = 0.35 * (growth + 0.065) / (0.05 + 0.065 + 1.45 * (growth - 0.0025))
    economy = replace(SOLOW, capital_adjustment=0.0, capital=110e12 * saving / (growth + 0.065))
    found = best(
        economy,
        "saving",
        low=0.1,
        high=0.4,
        discount=0.05,
        aversion=1.45,
        rounds=14,
        run=lambda e: simulate(e, years=150, steps=1),
    )
    assert found[0] == pytest.approx(saving, abs=1e-3)
    doubled = 0.35 * (growth + 0.065) / (0.10 + 0.065 + 1.45 * (growth - 0.0025))
    assert abs(found[0] - doubled) > 0.02  # another discount rate would be told apart


def test_the_best_ai_share_is_near_the_published_planners() -> None:
    """GATE's planner puts about 24 % of output into AI at first; the best constant share should be of that size."""
    found = best(
        replace(GATE, ai_growth=2.0),
        "ai_ceiling",
        low=0.01,
        high=0.6,
        discount=0.05,
        aversion=1.45,
        rounds=8,
        run=lambda e: simulate(e, years=50, steps=2),
    )
    assert 0.12 < found[0] < 0.40


def test_growth_exceeds_twenty_percent_with_about_thirty_percent_of_tasks_automated() -> None:
    """Epoch's reading of its own default run: above 20 % a year once about 30 % of tasks are automated."""
    paths = simulate(replace(GATE, ai_ceiling=0.24, ai_growth=8.0, saving=0.1), years=10)
    year = paths.first_year(paths.growth, 0.20)[0]
    automated = np.interp(year, paths.years, paths.automated[0])
    assert 0.1 < automated < 0.4


def independent(e: Economy, years: int) -> tuple[Any, Any]:
    """Output and consumption, one state after the other, by an adaptive solver, from the equations written out anew."""
    from scipy.integrate import solve_ivp

    t = e.tasks
    first = e.chip_spending + e.hardware.spending + e.software.spending
    q0 = e.runtime_compute / (1 - e.training_share)
    q0 = q0 / (1 - q0 / e.chip_limit)

    def output(time: float, y: Any) -> tuple[float, float]:
        usable = np.exp(y[1]) * e.chip_limit / (np.exp(y[1]) + e.chip_limit) * np.exp(y[3])
        people = e.labor * np.exp(e.population_growth * time)
        task = divide(people, (1 - e.training_share) * usable, y[4], t).composite[0]
        return float(np.exp(y[0] * 0.35 + np.log(task) * 0.65)), usable

    begin = np.array([np.log(e.capital), np.log(q0), np.log(1e18), 0.0, e.training_run])
    scale = e.output / output(0.0, begin)[0]

    def slope(time: float, y: Any) -> Any:
        raw, usable = output(time, y)
        made = scale * raw * np.exp(e.productivity_growth * time)
        share = e.ai_ceiling / (1 + (e.ai_ceiling * e.output / first - 1) * np.exp(-e.ai_growth * time))
        parts = {n: share * made * v / first for n, v in (("Q", e.chip_spending), ("H", 1e11), ("S", 5e9))}
        capital = np.exp(y[0])
        spent = e.saving * made
        k = capital * (np.sqrt(1 + 2 * spent / capital) - 1)  # of I = k + k²/(2K)
        chips = np.exp(y[1])
        x = np.exp(y[2]) * parts["Q"] / chips
        q = ((1 + 4 * 2 * x) ** (1 / 4) - 1) / 2  # of I H/Q = ((1 + 2 q)^4 - 1)/(4 × 2)
        h = 0.275 * (np.exp(y[2]) / 1e18) ** -(0.4 / 5.2) * (parts["H"] / 1e11) ** 0.14
        h *= (np.log(1e23) - y[2]) / np.log(1e5)
        s = 0.7 * np.exp(y[3]) ** -(0.4 / 1.25) * (parts["S"] / 5e9) ** 0.14 * (1 - y[3] / np.log(1e4))
        return [k / capital - 0.065, q - 0.3, h, s, e.training_share * usable]

    told = np.arange(years, dtype=float)
    found = solve_ivp(slope, (0, years - 1), begin, t_eval=told, rtol=1e-8, atol=1e-8, method="LSODA")
    made = np.array([scale * output(time, y)[0] for time, y in zip(told, found.y.T, strict=True)])
    share = e.ai_ceiling / (1 + (e.ai_ceiling * e.output / first - 1) * np.exp(-e.ai_growth * told))
    return made, made * (1 - e.saving - share)


def test_an_independent_solver_of_the_same_equations_agrees() -> None:
    paths = simulate(GATE, years=13, steps=8)
    made, eaten = independent(GATE, 13)
    assert np.allclose(paths.output[0], made, rtol=1e-3)
    assert np.allclose(paths.consumption[0], eaten, rtol=1e-3)


def balance(paths: automation.Paths) -> float:
    """Largest share of output that is neither consumed nor invested."""
    used = paths.consumption + paths.investment + paths.ai_spending
    return float(np.abs(used / paths.output - 1).max())


def capital_from_spending(paths: automation.Paths) -> float:
    """Largest error of the capital path when it is rebuilt from what is told to have been invested.

    With every year told in small steps, dK = (k - δK) dt with I = k + k²/(2K) must give the capital that is told.
    """
    k = paths.capital * (np.sqrt(1 + 2 * paths.investment / paths.capital) - 1)
    change = (k - 0.065 * paths.capital)[0]
    made = paths.capital[0, 0] + np.concatenate([[0], np.cumsum((change[1:] + change[:-1]) / 2)])
    return float(np.abs(made / paths.capital[0] - 1).max())


def test_everything_made_is_used_once_and_a_leak_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = replace(GATE, ai_ceiling=0.02, ai_growth=0.05)  # slow enough to rebuild from yearly values
    paths = simulate(economy, years=8)
    assert balance(paths) < 1e-12
    assert capital_from_spending(paths) < 3e-3
    change = automation._change

    def leak(e: Economy, *rest: Any) -> Any:  # a tenth more capital is put up than was paid for
        return change(replace(e, saving=1.1 * np.asarray(e.saving)), *rest)

    monkeypatch.setattr(automation, "_change", leak)
    assert capital_from_spending(simulate(economy, years=8)) > 1e-2


def numbers(part: Any) -> list[str]:
    return [name for name, value in vars(part).items() if isinstance(value, int | float)]


EVERY = [("", name) for name in numbers(GATE)]
EVERY += [(part, name) for part in ("hardware", "software", "tasks") for name in numbers(getattr(GATE, part))]
UNUSED = 1e-5  # change of output, at a thousandth of the parameter, below which a parameter does not bind yet


def changes(part: str, name: str) -> Any:
    """Largest change of log output over 13 years when a parameter is moved by 1, 1/2 and 1/4 of a thousandth of it."""
    base = getattr(getattr(GATE, part) if part else GATE, name)
    steps = np.array([0.0, 1e-3, 5e-4, 2.5e-4]) * (abs(base) if base else 1.0)
    # Shares of all tasks cannot exceed 1, so that one steps down.
    values = base - steps if name == "limit" else base + steps
    economy = replace(GATE, **({part: replace(getattr(GATE, part), **{name: values})} if part else {name: values}))
    made = np.log(simulate(economy, years=13, steps=2).output)
    return np.abs(made[1:] - made[0]).max(axis=1)


def smooth(found: Any) -> bool:
    return bool(found[0] < UNUSED or np.allclose(found[:2] / found[1:], 2, rtol=0.05))


@pytest.mark.parametrize(("part", "name"), EVERY)
def test_output_is_continuous_in_every_parameter(part: str, name: str) -> None:
    """Halving the step in a parameter halves the change of output: no jump."""
    found = changes(part, name)
    assert smooth(found)
    assert found[0] < 0.2
    if (part, name) not in [("tasks", n) for n in ("limit", "inference_limit")] + [
        ("", "training_run"),
        ("", "chip_limit"),
    ]:
        assert found[0] > 1e-9  # it is used at all


def test_a_jump_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rate = Progress.rate

    def stepwise(self: Progress, way: Any, spending: Any) -> Any:  # progress that comes in steps
        return rate(self, np.round(way, 2), spending)

    monkeypatch.setattr(Progress, "rate", stepwise)
    assert not all(smooth(changes(part, name)) for part, name in (("software", "growth"), ("hardware", "growth")))


def test_finer_steps_change_nothing_that_matters() -> None:
    coarse, finest = (np.log(simulate(GATE, years=16, steps=n).output) for n in (4, 32))
    assert np.abs(coarse - finest).max() < 1e-5
    # Away from the kinks of the automated share halving the step cuts the error about 16 times: the order is 4.
    slow = replace(GATE, tasks=replace(TASKS, requirement=1e45, gap=2.0))
    exact, *rough = (np.log(simulate(slow, years=16, steps=n).chips) for n in (32, 1, 2))
    errors = [np.abs(made - exact).max() for made in rough]
    assert 10 < errors[0] / errors[1] < 25


def test_draws_do_not_touch_each_other_and_scenarios_are_ordered() -> None:
    requirement = np.array([1e33, 10**36.5, 1e38])
    together = simulate(replace(GATE, tasks=replace(TASKS, requirement=requirement, gap=5.9)), years=12)
    for draw, value in enumerate(requirement):
        alone = simulate(replace(GATE, tasks=replace(TASKS, requirement=value, gap=5.9)), years=12)
        assert np.allclose(together.output[draw], alone.output[0], rtol=1e-12)
    assert (np.diff(together.output[:, -1]) < 0).all()  # the more AI must train, the later it pays
    limited = simulate(replace(GATE, tasks=replace(TASKS, limit=0.34)), years=25)
    assert limited.growth[0, -1] < 0.1 < limited.growth[0].max()  # growth passes when no more tasks can be automated


def test_more_spending_on_ai_costs_consumption_first_and_repays_later() -> None:
    paths = simulate(replace(GATE, ai_growth=2.0, ai_ceiling=np.array([0.02, 0.2])), years=15)
    assert paths.consumption[1, 1] < paths.consumption[0, 1]
    assert paths.consumption[1, -1] > paths.consumption[0, -1]
    assert np.all(welfare(paths, GATE, discount=0.05, aversion=1.45) > 0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"saving": 0.99}, "leave something to consume"),
        ({"tasks": replace(TASKS, substitution=0.5)}, "below 0"),
        ({"tasks": replace(TASKS, gap=0.0)}, "above 0"),
        ({"training_share": 1.0}, "between 0 and 1"),
        ({"hardware": replace(HARDWARE, limit=1e18)}, "limit"),
        ({"saving": np.zeros(3), "output": np.full(2, 1e14)}, "same number of draws"),
    ],
)
def test_senseless_parameters_are_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        economy = replace(GATE, **wrong)
        economy.draws()
        simulate(economy)
