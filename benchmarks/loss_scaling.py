"""Fits of a scaling law: all at once against SciPy's L-BFGS-B one by one, and against a published tool on request.

    python benchmarks/loss_scaling.py [RESAMPLES] [--peer PYTHON]

Runs       the 240 of the Chinchilla figure where the public data are at hand (ASCENT_DATA, else ../shared/data), else
           as many made up of that law
Bootstrap  the same weights for both; SciPy starts at the optimum with an analytic gradient, an objective scaled to 1
           and tight tolerances: its best case. It fits a share of the resamples, of which its whole time is made up
Starts     100 starts for both; how many end within 1e-6 of the best objective. `plain`: on logs that are not centred,
           without a gradient, as is usual; `mean`: divided by the number of runs, as in the published mistake
Peer       kyo-takano's `chinchilla` (its grid of starts and L-BFGS), run by an interpreter that has it
CPU, one thread.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np  # noqa: E402  # after the number of threads
from scipy.optimize import minimize  # noqa: E402

from ascent.core.draws import Floats  # noqa: E402
from ascent.model.scaling_forms import CHINCHILLA, Runs, predict, tokens_per_parameter  # noqa: E402
from ascent.model.scaling_law import fit_law, objective_of  # noqa: E402
from ascent.model.scaling_solver import DELTA, Problem, cost, solve, starts  # noqa: E402

DATA = Path(os.environ.get("ASCENT_DATA", Path(__file__).parents[2] / "shared" / "data"))
THEIRS = 40  # resamples, or starts, that SciPy fits
PEER = """
import sys, time, numpy as np
from functools import partial
from chinchilla import Chinchilla
from chinchilla._metrics import log_huber
grid = dict(e=np.linspace(0.3, 0.9, 2), a=np.linspace(4, 10, 4), b=np.linspace(4, 10, 4),
            alpha=np.linspace(0.3, 0.6, 2), beta=np.linspace(0.3, 0.6, 2))
cc = Chinchilla(sys.argv[1], param_grid=grid, seed_ranges=dict(C=(1e18, 1e19), N_to_D=(5, 50)),
                loss_fn=partial(log_huber, delta=1e-3), log_level=40)
for n, d, loss in np.loadtxt(sys.argv[2], delimiter=","):
    cc.database.append(C=6 * n * d, N=n, D=d, loss=loss)
cc.visualizer.optim = lambda *told, **named: None
start = time.process_time()
cc.fit(parallel=False)
print("found", time.process_time() - start, *(getattr(cc, name) for name in ("A", "B", "E", "alpha", "beta")))
"""
PEER_STARTS = 128


def chinchilla() -> tuple[str, Runs]:
    """The runs of the figure, or made-up ones."""
    file = DATA / "chinchilla" / "svg_extracted_data.csv"
    if file.exists():
        from ascent.evidence.opening import open_evidence
        from ascent.measure.training_losses import experiments

        (found,) = experiments(open_evidence([file])).values()
        kept = found.take(~found.doubted)
        return f"{len(kept)} runs of the Chinchilla figure", Runs.of(kept.parameters, kept.tokens, kept.loss)
    rng = np.random.default_rng(0)
    n, d = np.exp(rng.uniform(18, 23.5, 240)), np.exp(rng.uniform(20, 25, 240))
    law = np.array([6.17, 7.67, 1.817, 0.347, 0.367, 1.0])
    return "240 made-up runs", Runs.of(n, d, predict(law, n, d) * np.exp(rng.laplace(0, 0.004, 240)))


def by_scipy(
    runs: Runs, theta: Floats, weight: Floats, *, scale: float, tight: bool, plain: bool = False
) -> tuple[Floats, float]:
    """One fit and its CPU seconds, on centred logs as ours; `plain` as is usual: uncentred, without a gradient."""
    move = np.array([runs.mean_n, runs.mean_d]) if plain else np.zeros(2)
    n, d, y = runs.log_n + move[0], runs.log_d + move[1], runs.log_loss
    theta = theta + np.r_[theta[3:] * move, 0.0, 0.0, 0.0]

    def both(x: Floats) -> tuple[float, Floats]:
        lines = np.stack([x[0] - x[3] * n, x[1] - x[4] * d, np.full_like(n, x[2])])
        top = lines.max(axis=0)
        shares = np.exp(lines - top)
        total = shares.sum(axis=0)
        shares /= total
        left = y - top - np.log(total)
        push = np.clip(left, -DELTA, DELTA) * weight
        size = np.abs(left)
        value = (weight * np.where(size <= DELTA, 0.5 * left**2, DELTA * (size - 0.5 * DELTA))).sum()
        slope = np.array([push @ shares[0], push @ shares[1], push @ shares[2], -(push @ (shares[0] * n)),
                          -(push @ (shares[1] * d))])  # fmt: skip
        return float(value * scale), -slope * scale

    options = {"maxiter": 10_000, "maxfun": 100_000, "ftol": 1e-14, "gtol": 1e-9} if tight else {}
    start = time.process_time()
    found = minimize(
        (lambda x: both(x)[0]) if plain else both, theta, jac=not plain, method="L-BFGS-B", options=options
    )
    seconds = time.process_time() - start
    return found.x - np.r_[found.x[3:] * move, 0.0, 0.0, 0.0], seconds


def bootstrap(runs: Runs, count: int) -> None:
    fit = fit_law(runs)
    weight = np.random.default_rng(1).exponential(1.0, (count, len(runs)))
    start = time.process_time()
    ours = solve(fit.problem, np.tile(fit.theta, (count, 1)), weight, wide=False)
    seconds = (time.process_time() - start) / count
    some = min(THEIRS, count)
    scale = 1.0 / fit.objective
    theirs = [by_scipy(runs, fit.theta, weight[at], scale=scale, tight=True) for at in range(some)]
    theta = np.array([one[0] for one in theirs])
    value = cost(fit.problem, theta, weight[:some])
    excess = value / ours.objective[:some] - 1
    each = float(np.mean([one[1] for one in theirs]))
    print(f"bootstrap: ours {1e3 * seconds:.2f} ms a refit ({count}), SciPy {1e3 * each:.1f} ms ({some}): "
          f"{each / seconds:.0f} times")  # fmt: skip
    print(f"  SciPy's objective over ours: median +{np.median(excess):.1e}, most +{excess.max():.1e}, "
          f"least {excess.min():+.1e}; ours above 1e-9: {(excess < -1e-9).sum()} of {some}")  # fmt: skip


def many_starts(runs: Runs) -> None:
    problem = Problem(CHINCHILLA, runs)
    from_here = starts(problem, 100, np.random.default_rng(2))
    start = time.process_time()
    ours = solve(problem, from_here)
    seconds = time.process_time() - start
    best = ours.objective.min()
    print(f"starts: ours {seconds:.2f} s for 100, {(ours.objective <= best * (1 + 1e-6)).mean():.0%} at the best")
    ways: dict[str, dict[str, Any]] = {
        "scaled, tight": {"scale": 1 / best, "tight": True},
        "scaled, defaults": {"scale": 1 / best, "tight": False},
        "sum, defaults, plain": {"scale": 1.0, "tight": False, "plain": True},
        "mean, defaults, plain": {"scale": 1 / len(runs), "tight": False, "plain": True},
    }
    for name, how in ways.items():
        found = [by_scipy(runs, theta, np.ones(len(runs)), **how) for theta in from_here[:THEIRS]]
        value = cost(problem, np.array([one[0] for one in found]))
        total = 100 * float(np.mean([one[1] for one in found]))
        there, off = (value <= best * (1 + 1e-6)).mean(), (value > 1.01 * best).mean()
        print(f"  SciPy, {name}: {total:.1f} s for 100 ({total / seconds:.0f} times), {there:.0%} at the best, "
              f"{off:.0%} more than 1 % above it")  # fmt: skip


def peer(runs: Runs, python: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "runs.csv"
        np.savetxt(table, np.c_[runs.parameters, runs.tokens, runs.loss], delimiter=",")
        done = subprocess.run([python, "-c", PEER, folder, str(table)], capture_output=True, text=True)
    line = next((one for one in reversed(done.stdout.splitlines()) if one.startswith("found ")), "")
    if not line:
        print("peer: did not run:", done.stderr.strip().splitlines()[-1:] or done.stdout[-200:])
        return
    seconds, a, b, floor, alpha, beta = map(float, line.split()[1:])
    law = np.array([np.log(a), np.log(b), floor, alpha, beta, 1.0])
    fit = fit_law(runs)
    start = time.process_time()
    fit_law(runs)
    ours = time.process_time() - start
    above = objective_of(fit, law) / fit.objective - 1
    print(
        f"peer: {seconds:.1f} s for its {PEER_STARTS} starts, ours {ours:.2f} s for 100 and 12 restarts: "
        f"{seconds / ours:.0f} times; its objective lies {above:.1%} above ours, tokens per parameter at 5.76e23 FLOP "
        f"{float(tokens_per_parameter(law, 5.76e23)):.1f} against {float(tokens_per_parameter(fit.law, 5.76e23)):.1f}"
    )


def main() -> None:
    name, runs = chinchilla()
    print(name)
    told = sys.argv[1:]
    python = told[told.index("--peer") + 1] if "--peer" in told else None
    bootstrap(runs, int(told[0]) if told and told[0].isdigit() else 500)
    many_starts(runs)
    if python:
        peer(runs, python)


if __name__ == "__main__":
    main()
