"""The feedback loop of research: thresholds and times against closed forms, an independent solver, and mutants."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.model import jones, jones_paths
from ascent.model.jones import World

Floats = NDArray[np.float64]
YEARS = np.array([0.0, 0.25, 1.0, 3.0, 10.0])


def drawn(size: int, seed: int = 0, **more: object) -> World:
    """Worlds on both sides of the threshold, slow and fast."""
    chance = np.random.default_rng(seed)
    lam = chance.lognormal(-0.4, 0.6, size)
    return World(lam / chance.lognormal(0.0, 0.5, size), lam, chance.lognormal(0.0, 1.5, size), **more)  # type: ignore[arg-type]


def test_the_published_example_blows_up_after_five_years() -> None:
    world = World(beta=1.0, lam=1.2, start=1.0)
    assert jones.blow_up_time(world)[0] == pytest.approx(5.0, rel=1e-12)
    assert jones_paths.blow_up_time(world)[0] == pytest.approx(5.0, rel=1e-6)


def test_blow_up_happens_exactly_where_returns_exceed_one() -> None:
    edge = 1 + np.array([-0.05, -1e-6, 0.0, 1e-6, 0.05])
    world = World(beta=0.7, lam=0.7 * edge, start=1.0)
    assert jones.blows_up(world).tolist() == [False, False, False, True, True]
    assert np.isfinite(jones.blow_up_time(world)).tolist() == [False, False, False, True, True]


def test_cobb_douglas_raises_the_threshold_by_the_share_of_compute() -> None:
    share, edge = 0.67, np.array([0.95, 0.999999, 1.000001, 1.05])
    world = World(beta=0.5, lam=0.5 * edge / (1 - share), start=1.0, form="cobb-douglas", elasticity=share)
    assert jones.blows_up(world).tolist() == [False, False, True, True]
    assert jones.deciding(edge / (1 - share), share) == pytest.approx(edge)


def off_by_five_percent(world: World) -> NDArray[np.bool_]:
    return np.asarray(world.lam) / np.asarray(world.beta) > 1.05


def test_a_threshold_five_percent_off_is_told_from_the_integrated_worlds() -> None:
    """Just above the threshold quality passes every level in finite time; a threshold at 1.05 denies that."""
    world = World(beta=np.ones(3), lam=np.array([0.97, 1.03, 1.07]), start=1.0)
    # Growth in the far tail falls or rises: the integrated world decides without the formula.
    far = np.diff(jones_paths.time_to(world, np.array([40.0, 80.0, 120.0]), most=1e9), axis=1)
    exploding = far[:, 1] < far[:, 0]
    assert exploding.tolist() == [False, True, True]
    assert np.array_equal(exploding, jones.blows_up(world))
    assert not np.array_equal(exploding, off_by_five_percent(world))


@pytest.mark.parametrize("form", ["none", "cobb-douglas"])
def test_integrated_blow_up_time_is_the_closed_form(form: str) -> None:
    chance = np.random.default_rng(5)
    more = {} if form == "none" else {"elasticity": chance.uniform(0, 0.6, 2000), "compute_growth": 0.7}
    world = drawn(2000, form=form, **more)
    exact, found = jones.blow_up_time(world), jones_paths.blow_up_time(world)
    ends = np.isfinite(exact)
    assert 0.1 < ends.mean() < 0.9
    assert np.array_equal(ends, np.isfinite(found))
    np.testing.assert_allclose(found[ends], exact[ends], rtol=1e-6)


def test_blow_up_time_does_not_depend_on_the_step() -> None:
    world = drawn(500, seed=1)
    times = [jones_paths.blow_up_time(world, step=step) for step in (0.2, 0.1, 0.05)]
    ends = np.isfinite(times[0])
    for other in times[1:]:
        assert np.array_equal(ends, np.isfinite(other))
        np.testing.assert_allclose(other[ends], times[0][ends], rtol=2e-6)


def euler_blow_up(world: World, step: float, most: float = 20.0) -> float:
    """The usual way: fixed steps in years until the number is too large for the machine."""
    nats, time = 0.0, 0.0
    while time < most:
        nats += step * float(np.exp(np.minimum(jones.log_growth(world, nats, time), 700.0)))
        time += step
        if nats > 700:
            return time
    return float("inf")


def test_fixed_steps_in_time_would_be_caught() -> None:
    world = World(beta=1.0, lam=1.2, start=1.0)
    coarse, fine = euler_blow_up(world, 0.5), euler_blow_up(world, 0.25)
    assert abs(coarse - fine) > 0.1  # what they call the date depends on the step
    assert abs(coarse - 5.0) > 0.5


def test_gain_and_time_are_inverse_and_match_the_integration() -> None:
    chance = np.random.default_rng(2)
    size = 1000
    share, growth = chance.uniform(size=(2, size))
    for world in (
        drawn(size),
        drawn(size, form="cobb-douglas", elasticity=share, compute_growth=growth),
        drawn(size, limit=chance.lognormal(1, 1, size)),
        drawn(size, form="cobb-douglas", elasticity=0.3, limit=3.0),
    ):  # fmt: skip
        exact = np.minimum(jones.gain(world, YEARS), 50.0)
        np.testing.assert_allclose(jones_paths.gain(world, YEARS, ceiling=50.0), exact, atol=3e-4)
        levels = np.log([10.0, 1000.0])
        reached, integrated = jones.time_to(world, levels), jones_paths.time_to(world, levels)
        soon = reached < 900
        assert soon.mean() > 0.5
        np.testing.assert_allclose(integrated[soon], reached[soon], rtol=1e-4)
        back = np.array(
            [jones.gain(world, time)[place] for place, time in enumerate(reached[:50, 0]) if soon[place, 0]]
        )
        np.testing.assert_allclose(back, np.log(10.0), rtol=1e-6)


def test_a_fizzle_grows_as_a_power_of_time() -> None:
    """Without compute growth A rises as t^(1 / (beta - lambda)) in the end."""
    world = World(beta=1.0, lam=0.5, start=1.0)
    x = jones.gain(world, np.array([1e6, 1e7]))[0]
    assert (x[1] - x[0]) / np.log(10) == pytest.approx(2.0, rel=1e-4)


def test_growing_compute_leads_a_fizzle_to_steady_growth() -> None:
    """With Cobb-Douglas growth ends at lambda e k / (beta - lambda (1 - e))."""
    world = World(1.0, 0.9, 1.0, "cobb-douglas", 0.6, compute_growth=1.3)
    x = jones_paths.gain(world, np.array([99.0, 100.0]), ceiling=1e4)[0]
    assert x[1] - x[0] == pytest.approx(0.9 * 0.6 * 1.3 / (1.0 - 0.9 * 0.4), rel=1e-6)


def test_ces_paths_match_an_independent_solver() -> None:
    from scipy.integrate import solve_ivp

    world = World(0.8, 0.9, 1.1, "ces", 0.67, rho=-0.5, compute_growth=0.4, limit=4.0)

    def slope(time: float, x: Floats) -> Floats:
        share, rho = 0.67, -0.5
        research = ((1 - share) * np.exp(rho * x) + share * np.exp(rho * 0.4 * time)) ** (1 / rho)
        free = 1.1 * np.exp(-0.8 * x) * research**0.9
        return np.asarray(1 / (1 / free + 1 / 4.0))

    solved = solve_ivp(slope, (0, 10), [0.0], t_eval=YEARS, rtol=1e-10, atol=1e-12, method="LSODA")
    np.testing.assert_allclose(jones_paths.gain(world, YEARS)[0], solved.y[0], rtol=1e-5, atol=1e-7)


def test_ces_decides_by_the_sign_of_its_exponent() -> None:
    rho = np.array([-0.5, -0.05, 0.05, 0.5])
    world = World(1.0, 1.5, 1.0, "ces", 0.67, rho=rho)
    assert jones.blows_up(world).tolist() == [False, False, True, True]
    assert not jones.blows_up(World(1.0, 0.95, 1.0, "ces", 0.67, rho=0.5)).any()
    found = jones_paths.blow_up_time(world)
    assert np.isinf(found[:2]).all() and np.isfinite(found[2:]).all()
    # Integration over A to infinity by an independent rule.
    from scipy.integrate import quad

    for place in (2, 3):

        def pace(x: float, place: int = place) -> float:
            return float(np.exp(-jones.log_growth(World(1.0, 1.5, 1.0, "ces", 0.67, rho=rho[place]), x, 0.0)))

        whole = sum(quad(pace, low, high, epsrel=1e-10)[0] for low, high in [(0, 5), (5, 20), (20, 80), (80, 400)])
        assert found[place] == pytest.approx(whole, rel=1e-5)


def test_ces_near_zero_is_cobb_douglas() -> None:
    share = 0.4
    ces = World(0.8, 0.9, 1.0, "ces", share, rho=1e-6)
    same = World(0.8, 0.9, 1.0, "cobb-douglas", share)
    np.testing.assert_allclose(jones_paths.gain(ces, YEARS), jones.gain(same, YEARS), rtol=1e-4, atol=1e-9)


def test_a_limit_to_parallel_work_forbids_infinity_and_bounds_growth() -> None:
    world = World(beta=1.0, lam=2.0, start=5.0, limit=3.0)
    assert not jones.blows_up(world).any()
    assert np.isinf(jones.blow_up_time(world))
    path = jones.gain(world, np.array([1.0, 2.0, 11.0, 12.0]))[0]
    assert np.diff(path)[[0, 2]].max() <= 3.0
    assert np.diff(path)[2] == pytest.approx(3.0, rel=1e-6)


def test_a_jump_of_labour_is_the_model_at_more_labour() -> None:
    for form in jones.FORMS:
        before = World(0.8, 0.9, 1.0, form, 0.67, rho=-0.5)
        after = jones.automate(before, 30.0)
        # Labour of A = 30 without the harder ideas that would come with it.
        ideas = np.exp(0.8 * np.log(30.0))
        assert np.exp(jones.log_growth(before, np.log(30.0), 0.0)) * ideas == pytest.approx(float(after.start))
        further = np.exp(jones.log_growth(before, np.log(90.0), 0.0)) * ideas
        assert np.exp(jones.log_growth(after, np.log(3.0), 0.0)) == pytest.approx(further)


def test_the_start_matters() -> None:
    """A date of infinity that ignores the start would be an artefact: ten times the pace takes a tenth of the time."""
    slow, fast = (jones_paths.blow_up_time(World(1.0, 1.3, start))[0] for start in (0.1, 1.0))
    assert slow / fast == pytest.approx(10.0, rel=1e-6)


def test_impossible_worlds_are_refused() -> None:
    for bad in (
        {"form": "leontief"}, {"elasticity": 1.2, "form": "ces"}, {"limit": 0.0}, {"compute_growth": -0.1},
        {"form": "ces", "elasticity": 0.5, "rho": 0.0}, {"beta": np.inf}, {"lam": np.nan}, {"start": 0.0},
    ):  # fmt: skip
        with pytest.raises(WrongUse):
            World(**({"beta": 1.0, "lam": 1.0, "start": 1.0} | bad))  # type: ignore[arg-type]
    with pytest.raises(WrongUse):
        jones.gain(World(1.0, 1.0, 1.0, "ces", 0.5, rho=-1.0), 1.0)
