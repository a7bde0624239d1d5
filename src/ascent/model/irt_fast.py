"""The optimiser of `irt_solver` draw by draw, compiled by numba (extra `fast`): same steps, a fraction of the time.

Per draw only the scores with weight are visited, and a model adds to the benchmarks' system no more than the few
benchmarks it has. Parameters of one benchmark (difficulty, slope) lie together in that system, which is solved by an
LDL' factorisation without pivoting: a step that an indefinite system spoils is rejected like any other that does not
lower the objective.

Importing numba costs more than a hundred refits, so `irt.fit_irt` imports this module only for large jobs. Compiled
code is kept beside this file, or in numba's own folder where that cannot be written. Without numba the functions are
plain Python: right, and very slow.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from ascent.model import irt_solver as plain
from ascent.model.irt_solver import Floats, Indices, Layout, Penalty, Solution

F = TypeVar("F", bound=Callable[..., Any])
# Rows of each model's scores, benchmark, score and weight of each, settings, the pinned benchmark (-1: none).
Draw = tuple[Indices, Indices, Floats, Floats, Floats, int]


def _compiled(function: F) -> F:
    try:
        import numba
    except ModuleNotFoundError:
        return function
    # "contract" lets a product and a sum be one instruction; sums keep their order.
    settings = {"error_model": "numpy", "nogil": True, "fastmath": {"contract"}}
    try:
        return cast(F, numba.njit(function, cache=True, **settings))
    except RuntimeError:  # no folder to keep compiled code in
        return cast(F, numba.njit(function, **settings))


def solve(
    layout: Layout,
    score: Floats,
    weight: Floats,
    penalty: Penalty,
    start: Floats,
    iterations: int,
    block: int,
    step: Callable[[], None] = lambda: None,
) -> Solution:
    """What `irt_solver.Solver.solve` gives, to rounding.

    score, weight  (1 or draw, score), (draw, score), in the order of `layout`
    start          (parameter,)
    block          draws between two reports of progress; `step` is called once per draw
    """
    order = np.argsort(layout.model, kind="stable")
    starts = np.searchsorted(layout.model[order], np.arange(layout.models + 1))
    benchmark = np.ascontiguousarray(layout.benchmark[order])
    draws = len(weight)
    solution = Solution.empty(draws, len(start))
    pinned = -1 if penalty.pinned is None else penalty.pinned
    # The settings are arguments and not globals: numba keeps compiled code by the text of this file alone.
    settings = np.array(
        [
            *(penalty.raw, penalty.log_discrimination, *penalty.bounds),
            *(plain.NEWTON_BELOW, plain.LAST_STEP, plain.SMALLEST_DROP),
            *(plain.FIRST_DAMPING, plain.LEAST_DAMPING, plain.MOST_DAMPING, plain.AFTER_REJECTION),
            *(plain.FLOOR, plain.HELD, plain.FURTHEST, plain.STEEPEST),
        ]
    )
    for first in range(0, draws, block):
        own = slice(first, min(first + block, draws))
        shared = len(score) == 1
        _solve_all(
            starts,
            benchmark,
            layout.benchmarks,
            np.ascontiguousarray(score[:, order] if shared else score[own][:, order]),
            np.ascontiguousarray(weight[own][:, order]),
            settings,
            pinned,
            np.ascontiguousarray(start),
            iterations,
            solution.x[own],
            solution.cost[own],
            solution.gradient[own],
            solution.steps[own],
            solution.converged[own],
        )
        for _ in range(own.stop - own.start):
            step()
    return solution


@_compiled
def _solve_all(
    starts: Indices,
    benchmark: Indices,
    benchmarks: int,
    score: Floats,
    weight: Floats,
    settings: Floats,
    pinned: int,
    start: Floats,
    iterations: int,
    x: Floats,
    cost: Floats,
    gradient: Floats,
    steps: NDArray[np.int64],
    converged: NDArray[np.bool_],
) -> None:
    models, most = len(starts) - 1, weight.shape[1]
    rows, at = np.empty(models + 1, np.int64), np.empty(most, np.int64)
    y, w = np.empty(most), np.empty(most)
    # Per score: share, weight * residual, and the two entries of its model's row in the benchmarks' system.
    of_score = np.empty((6, most))
    of_parameter = np.empty((8, len(start)))
    system = np.empty((2 * benchmarks, 2 * benchmarks))
    for draw in range(len(weight)):
        kept = 0
        scores = score[draw if len(score) > 1 else 0]
        for i in range(models):
            rows[i] = kept
            for k in range(starts[i], starts[i + 1]):
                if weight[draw, k] != 0.0:
                    at[kept], y[kept], w[kept] = benchmark[k], scores[k], weight[draw, k]
                    kept += 1
        rows[models] = kept
        for k in range(len(start)):
            x[draw, k] = start[k]
        cost[draw], gradient[draw], steps[draw], converged[draw] = _solve_one(
            (rows, at, y, w, settings, pinned), iterations, x[draw], of_score, of_parameter, system
        )


@_compiled
def _solve_one(
    draw: Draw, iterations: int, x: Floats, of_score: Floats, of_parameter: Floats, system: Floats
) -> tuple[float, float, int, bool]:
    """Minimise from `x`, which becomes the solution; see `irt_solver.Solver.solve` for every rule."""
    rows, settings = draw[0], draw[4]
    newton_below, last_step, smallest_drop = settings[4], settings[5], settings[6]
    damping, least_damping, most_damping, after_rejection = settings[7], settings[8], settings[9], settings[10]
    models, benchmarks = len(rows) - 1, system.shape[0] // 2
    slope, there, new_slope = of_parameter[0], of_parameter[1], of_parameter[2]
    gradient, move, held = of_parameter[3], of_parameter[4], of_parameter[5]
    share, push, new_share, new_push = of_score[0], of_score[1], of_score[2], of_score[3]
    cost = _state(draw, x, slope, share, push)
    newton, done, steps = damping < 0, damping < 0, 0  # no literals, which would be types of their own
    for _ in range(iterations):
        promised = _step(draw, damping, newton, x, slope, share, push, of_score, of_parameter, system)
        _moved(models, benchmarks, settings, x, move, there)
        new_cost = _state(draw, there, new_slope, new_share, new_push)
        drop, scale = cost - new_cost, max(cost, 1e-300)
        last = newton and abs(promised) < last_step * scale
        better = drop >= -(last_step if last else smallest_drop) * scale
        done = last or abs(drop) < smallest_drop * scale
        if better:
            for k in range(len(x)):
                x[k] = there[k]
            steps += 1
            cost = new_cost
            slope, new_slope = new_slope, slope
            share, new_share = new_share, share
            push, new_push = new_push, push
            gain = drop / (promised if promised != 0 else 1.0)
            newton = drop < newton_below * scale
            calmer = 30.0 if 0.75 < gain < 1.33 else (1.0 if gain < 0.25 or gain > 2 else 5.0)
            damping = max(damping / calmer, least_damping)
        else:
            newton = newton and damping < 1
            damping = max(damping * 10, after_rejection)
        if done or damping > most_damping:
            break
    _gradient(draw, x, slope, share, push, gradient, held)
    largest = 0.0
    for k in range(len(x)):
        if held[k] == 0.0:
            largest = max(largest, abs(gradient[k]))
    return cost, largest, steps, done


@_compiled
def _state(draw: Draw, x: Floats, slope: Floats, share: Floats, push: Floats) -> float:
    """Discriminations, predictions and weighted residuals at `x`; returns the objective."""
    rows, at, y, w, settings, pinned = draw
    raw, strength = settings[0], settings[1]
    models = len(rows) - 1
    benchmarks = (len(x) - models) // 2
    last = models + benchmarks
    for j in range(benchmarks):
        slope[j] = x[last + j] if raw > 0 else np.exp(min(max(x[last + j], -50.0), 50.0))
    total = 0.0
    for i in range(models):
        for k in range(rows[i], rows[i + 1]):
            j = at[k]
            z = slope[j] * (x[i] - x[models + j])
            share[k] = 1.0 / (1.0 + np.exp(-min(max(z, -500.0), 500.0)))
            residual = share[k] - y[k]
            push[k] = w[k] * residual
            total += push[k] * residual
    if raw > 0:
        squares = 0.0
        for k in range(len(x)):
            if k != last + pinned or pinned < 0:
                squares += x[k] * x[k]
        return float(0.5 * (total + raw * squares))
    mean = x[last:].sum() / benchmarks
    squares = 0.0
    for j in range(benchmarks):
        squares += (x[last + j] - mean) ** 2
    return float(0.5 * (total + strength * squares))


@_compiled
def _moved(models: int, benchmarks: int, settings: Floats, x: Floats, move: Floats, there: Floats) -> None:
    raw, low, high = settings[0], settings[2], settings[3]
    for k in range(len(x)):
        there[k] = x[k] + move[k]
    last = models + benchmarks
    for j in range(benchmarks):
        if raw > 0:
            there[last + j] = min(max(there[last + j], low), high)
            flatter = x[last + j] / there[last + j]
        else:
            flatter = np.exp(x[last + j] - there[last + j])
        there[models + j] = x[models + j] + move[models + j] * flatter


@_compiled
def _gradient(
    draw: Draw, x: Floats, slope: Floats, share: Floats, push: Floats, gradient: Floats, held: Floats
) -> None:
    """Gradient at `x`, and 1 for every parameter that may not move: pinned, or pushed against a bound."""
    rows, at, _, _, settings, pinned = draw
    raw, strength, low, high = settings[0], settings[1], settings[2], settings[3]
    models = len(rows) - 1
    benchmarks = (len(x) - models) // 2
    last = models + benchmarks
    for k in range(len(x)):
        gradient[k] = raw * x[k]
        held[k] = 0.0
    if raw <= 0:
        mean = x[last:].sum() / benchmarks
        for j in range(benchmarks):
            gradient[last + j] = strength * (x[last + j] - mean)
    for i in range(models):
        for k in range(rows[i], rows[i + 1]):
            j = at[k]
            first = push[k] * share[k] * (1 - share[k])
            distance = x[i] - x[models + j]
            steep = first * slope[j]
            gradient[i] += steep
            gradient[models + j] -= steep
            gradient[last + j] += first * (distance if raw > 0 else slope[j] * distance)
    if raw > 0:
        for j in range(benchmarks):
            at_low, at_high = x[last + j] <= low, x[last + j] >= high
            if j == pinned or (at_low and gradient[last + j] > 0) or (at_high and gradient[last + j] < 0):
                held[last + j] = 1.0


@_compiled
def _step(
    draw: Draw,
    damping: float,
    newton: bool,
    x: Floats,
    slope: Floats,
    share: Floats,
    push: Floats,
    of_score: Floats,
    of_parameter: Floats,
    system: Floats,
) -> float:
    """Put the move into its place; returns the drop of the objective that it promises."""
    rows, at, _, w, settings, _ = draw
    raw, strength, floor = settings[0], settings[1], settings[11]
    models = len(rows) - 1
    benchmarks = system.shape[0] // 2
    last = models + benchmarks
    gradient, move, held = of_parameter[3], of_parameter[4], of_parameter[5]
    right, curvature = of_parameter[6], of_parameter[7]
    down, across = of_score[4], of_score[5]
    _gradient(draw, x, slope, share, push, gradient, held)
    for k in range(len(x)):
        curvature[k] = raw if raw > 0 or k < last else strength
    system.fill(0.0)
    # A first round over the scores for the diagonal, whose size the floor needs; the second eliminates the models.
    for i in range(models):
        gauss = raw
        for k in range(rows[i], rows[i + 1]):
            j = at[k]
            spread = share[k] * (1 - share[k])
            distance = x[i] - x[models + j]
            pull = distance if raw > 0 else slope[j] * distance
            curve = w[k] * spread * spread
            gauss += curve * slope[j] * slope[j]
            bent = 0.0
            if newton:
                bent = push[k] * spread
                curve += bent * (1 - 2 * share[k])
            down[k] = curve * slope[j] * slope[j]
            across[k] = curve * slope[j] * pull + (bent if raw > 0 else bent * slope[j])
            curvature[i] += down[k]
            curvature[models + j] += down[k]
            curvature[last + j] += curve * pull * pull + (0.0 if raw > 0 else bent * pull)
            system[2 * j + 1, 2 * j] -= across[k]
        if curvature[i] <= 0:
            curvature[i] = gauss
    typical = 0.0
    for k in range(models, len(x)):
        typical += abs(curvature[k]) / (2 * benchmarks)
    for j in range(benchmarks):
        h, g = curvature[models + j], curvature[last + j]
        right[2 * j], right[2 * j + 1] = -gradient[models + j], -gradient[last + j]
        system[2 * j, 2 * j] += h + damping * abs(h) + floor * typical
        system[2 * j + 1, 2 * j + 1] += g + damping * abs(g) + floor * typical
        if held[last + j] != 0.0:
            system[2 * j + 1, 2 * j + 1] += settings[12]
            right[2 * j + 1] = 0.0
    if raw <= 0:
        for i in range(benchmarks):
            for j in range(i + 1):
                system[2 * i, 2 * j] += typical / benchmarks
                system[2 * i + 1, 2 * j + 1] += (typical - strength) / benchmarks
    for i in range(models):
        root = 1.0 / np.sqrt(curvature[i] * (1 + damping) + floor * typical)
        curvature[i] = root
        aim = gradient[i] * root
        for k in range(rows[i], rows[i + 1]):
            a, c = 2 * at[k], 2 * at[k] + 1
            u, v = -down[k] * root, across[k] * root
            down[k], across[k] = u, v
            right[a] += u * aim
            if held[last + at[k]] == 0.0:
                right[c] += v * aim
            for other in range(rows[i], k + 1):
                b = 2 * at[other]
                system[a, b] -= u * down[other]
                system[a, b + 1] -= u * across[other]
                system[c, b] -= v * down[other]
                system[c, b + 1] -= v * across[other]
    _solve_symmetric(system, right)
    promised = 0.0
    furthest, steepest = settings[13], settings[14]
    reach = furthest * benchmarks / slope[:benchmarks].sum()
    for j in range(benchmarks):
        move[models + j] = right[2 * j]
        move[last + j] = right[2 * j + 1] if held[last + j] == 0.0 else 0.0
        promised += gradient[models + j] * move[models + j] + gradient[last + j] * move[last + j]
    for i in range(models):
        along = gradient[i] * curvature[i]
        for k in range(rows[i], rows[i + 1]):
            along += down[k] * move[models + at[k]] + across[k] * move[last + at[k]]
        move[i] = -along * curvature[i]
        promised += gradient[i] * move[i]
        move[i] = min(max(move[i], -reach), reach)
    for j in range(benchmarks):
        move[models + j] = min(max(move[models + j], -furthest / slope[j]), furthest / slope[j])
        if raw <= 0:
            move[last + j] = min(max(move[last + j], -steepest), steepest)
    return -0.5 * promised


@_compiled
def _solve_symmetric(a: Floats, right: Floats) -> None:
    """Solve in place from the lower triangle: LDL', four columns of the factor updating the rest together."""
    n = len(a)
    column = np.zeros((4, n))
    for k in range(0, n, 4):
        wide = min(4, n - k)
        for r in range(wide):
            p = k + r
            pivot = a[p, p]
            for i in range(p + 1, n):
                column[r, i] = a[i, p]
                a[i, p] /= pivot
            for q in range(p + 1, k + wide):
                for i in range(q, n):
                    a[i, q] -= a[i, p] * column[r, q]
        if wide == 4:
            one, two, three, four = column[0], column[1], column[2], column[3]
            for i in range(k + 4, n):
                row, p, q, r, s = a[i], a[i, k], a[i, k + 1], a[i, k + 2], a[i, k + 3]
                for j in range(k + 4, i + 1):
                    row[j] -= p * one[j] + q * two[j] + r * three[j] + s * four[j]
    for i in range(n):
        total = right[i]
        for j in range(i):
            total -= a[i, j] * right[j]
        right[i] = total
    for i in range(n):
        right[i] /= a[i, i]
    for i in range(n - 1, -1, -1):
        for j in range(i):
            right[j] -= a[i, j] * right[i]
