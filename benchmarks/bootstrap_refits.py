"""Refits of the index on resampled scores: ours against SciPy `least_squares`, on the same resamples in one run.

    python benchmarks/bootstrap_refits.py            500 refits of ours, the peer on the first 60
    python benchmarks/bootstrap_refits.py --full     the peer on all 500 (some minutes)

Peer       trf, analytic sparse Jacobian, one refit at a time; once with the published single square-root penalty,
           once with one ridge residual per parameter, on which the optimiser does not stall
Same       objective (half the squares plus half of 0.1 / P times the squared free parameters), resamples, bounds, and
           start: the optimum of the matrix as it is
Compared   CPU per refit, one thread; cost of each refit; ends of the 90 % intervals, each resample on its own anchors
Wanted     30 times less CPU with NumPy alone, 100 times with numba; no cost above the peer's; median difference of
           the ends below 0.005 index points
"""

import argparse
from importlib.util import find_spec

from _matrix import cpu, need_matrix, published_matrix, show  # first: it sets one thread

# isort: split

import numpy as np
from scipy.optimize import least_squares
from scipy.sparse import csr_matrix

from ascent.model.irt import Penalty, fit_irt
from ascent.model.irt_published import CLIP, PENALTY, PINNED, resamples, to_index

ANCHORS = ("Claude 3.5 Sonnet", "GPT-5")
BOUNDS = (0.1, 10.0)
NUMPY_WANTED, NUMBA_WANTED, ENDS_WANTED = 30, 100, 0.005


class Peer:
    """The published problem for SciPy; free parameters are all but the pinned discrimination."""

    def __init__(self, model, benchmark, score, pinned, single):
        self.model, self.benchmark, self.score, self.single = model, benchmark, score, single
        self.m, self.b = int(model.max()) + 1, int(benchmark.max()) + 1
        self.pinned, self.free = pinned, np.delete(np.arange(self.b), pinned)
        self.size = self.m + 2 * self.b - 1

    def slopes(self, x):
        slope = np.ones(self.b)
        slope[self.free] = x[self.m + self.b :]
        return slope

    def refit(self, start, rows):
        model, benchmark, score = self.model[rows], self.benchmark[rows], self.score[rows]
        n, located = len(rows), np.arange(len(rows))
        steep = benchmark != self.pinned
        slope_at = self.m + self.b + benchmark - (benchmark > self.pinned)
        own = np.arange(self.size)
        last_row = np.full(self.size, n) if self.single else n + own
        row = np.concatenate([located, located, located[steep], last_row])
        column = np.concatenate([model, self.m + benchmark, slope_at[steep], own])
        shape = (n + 1 if self.single else n + self.size, self.size)
        root = np.sqrt(PENALTY / self.size)

        def predicted(x):
            distance, slope = x[model] - x[self.m + benchmark], self.slopes(x)[benchmark]
            return 1 / (1 + np.exp(-np.clip(slope * distance, -500, 500))), distance, slope

        def residuals(x):
            ridge = np.sqrt(PENALTY * np.mean(x**2)) if self.single else root * x
            return np.append(predicted(x)[0] - score, ridge)

        def derivatives(x):
            share, distance, slope = predicted(x)
            spread = share * (1 - share)
            size = np.sqrt(PENALTY * np.mean(x**2))
            ridge = PENALTY / (self.size * size) * x if self.single else np.full(self.size, root)
            value = np.concatenate([spread * slope, -spread * slope, (spread * distance)[steep], ridge])
            return csr_matrix((value, (row, column)), shape=shape)

        # Capabilities and difficulties within 10 are a published setting too; the objective has no such bound.
        reach, free = np.full(self.m + self.b, 10.0 if self.single else np.inf), np.ones(self.b - 1)
        bounds = np.concatenate([-reach, BOUNDS[0] * free]), np.concatenate([reach, BOUNDS[1] * free])
        inside = np.clip(start, bounds[0] + 1e-9, bounds[1] - 1e-9)
        return least_squares(residuals, inside, jac=derivatives, bounds=bounds, method="trf").x


def costs(peer, found, rows):
    """The common objective of each refit, worked out apart from both optimisers."""
    total = []
    for x, chosen in zip(found, rows, strict=True):
        model, benchmark = peer.model[chosen], peer.benchmark[chosen]
        z = peer.slopes(x)[benchmark] * (x[model] - x[peer.m + benchmark])
        misfit = 1 / (1 + np.exp(-z)) - peer.score[chosen]
        total.append(0.5 * (misfit @ misfit) + 0.5 * PENALTY * np.mean(x**2))
    return np.array(total)


def ends(capability, anchors):
    """Ends of the 90 % intervals (end, model) in index points."""
    offset, step = to_index(capability, *anchors)
    return np.quantile(offset[:, None] + step[:, None] * capability, [0.05, 0.95], axis=0)


def main(draws=500, compared=60):
    """Run, print, and give the figures by name."""
    models, benchmarks, model, benchmark, score = published_matrix()
    score = score.clip(CLIP, 1 - CLIP)
    anchors = tuple(models.index(name) for name in ANCHORS)
    pinned = benchmarks.index(PINNED)
    peers = {name: Peer(model, benchmark, score, pinned, name == "single") for name in ("single", "ridge")}
    size = peers["ridge"].size
    penalty = Penalty(raw=PENALTY / size, pinned=pinned, bounds=BOUNDS)
    rows = resamples(model, draws)
    weight = np.stack([np.bincount(chosen, minlength=len(model)) for chosen in rows]).astype(float)
    centre = fit_irt(model, benchmark, score, penalty=penalty)

    def packed(fit, draw):
        free = np.delete(fit.discrimination[draw], pinned)
        return np.concatenate([fit.capability[draw], fit.difficulty[draw], free])

    def ours(engine, some=draws):
        return fit_irt(model, benchmark, score, weight[:some], penalty=penalty, start=centre, engine=engine)

    figures, table, fits, engines = {}, [], {}, ["numpy"]
    if find_spec("numba") is not None:
        figures["numba ready"] = cpu(lambda: ours("numba", 1))[0]  # import, and compiling or reading what was compiled
        engines.append("numba")
    for engine in engines:
        seconds, fits[engine] = cpu(lambda engine=engine: ours(engine))
        figures[engine] = seconds / draws
    start = packed(centre, 0)
    found = {}
    for name, peer in peers.items():
        seconds, found[name] = cpu(lambda peer=peer: np.array([peer.refit(start, one) for one in rows[:compared]]))
        figures[name] = seconds / compared
    for name, what in (("single", "SciPy, single square-root penalty"), ("ridge", "SciPy, ridge residuals")):
        table.append((what, f"{1e3 * figures[name]:.2f}", str(compared), "", ""))
    for engine in engines:
        figures[f"{engine} times"] = min(figures["single"], figures["ridge"]) / figures[engine]
        wanted = NUMPY_WANTED if engine == "numpy" else NUMBA_WANTED
        times = [f"{figures[name] / figures[engine]:.0f}" for name in ("single", "ridge")]
        table.append((f"ours, {engine} (wanted: {wanted} times)", f"{1e3 * figures[engine]:.2f}", str(draws), *times))
    header = ("one refit", "CPU ms", "refits", "times (single)", "times (ridge)")
    show(f"{len(score)} scores of {len(models)} models on {len(benchmarks)} benchmarks; one thread", header, table)
    if "numba ready" in figures:
        print(f"  numba: {figures['numba ready']:.1f} s of CPU once per process for its import and the compiled code")

    table = []
    for engine in engines:
        fit = fits[engine]
        own = costs(peers["ridge"], [packed(fit, draw) for draw in range(compared)], rows[:compared])
        for name, peer in peers.items():
            above = (own - costs(peer, found[name], rows[:compared])) / own
            apart = np.abs(ends(fit.capability[:compared], anchors) - ends(found[name][:, : len(models)], anchors))
            figures[f"{engine} above {name}"] = float(above.max())
            figures[f"{engine} ends {name}"] = float(np.median(apart))
            least = f"{(above < -1e-9).sum()} of {compared}"
            table.append(
                (
                    f"{engine} against {name}",
                    f"{above.max():+.1e}",
                    least,
                    f"{np.median(apart):.5f}",
                    f"{apart.max():.3f}",
                )
            )
        print(f"  {engine}: {fit.converged.sum()} of {draws} converged, largest gradient {fit.gradient.max():.0e}")
    header = ("same resamples", "cost above peer, most", "clearly below", "interval ends, median", "most")
    show(f"Cost (relative) and interval ends (index points, wanted: median {ENDS_WANTED})", header, table)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--compared", type=int, default=60, help="resamples that the peer refits too")
    parser.add_argument("--full", action="store_true", help="the peer refits all")
    given = parser.parse_args()
    need_matrix()
    main(given.draws, given.draws if given.full else min(given.compared, given.draws))
