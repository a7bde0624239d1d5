"""Digital workers at ten million draws: ours with NumPy, ours with numba, squigglepy, and NumPy written by hand.

    python benchmarks/estimates.py                   every contender three times, in turn, each in a process of its own
    python benchmarks/estimates.py --draws 1000000   a smaller sample
    python benchmarks/estimates.py --full            squigglepy's own mixture as well: a loop in Python, a minute or so

Same       inputs (log-normals, uniforms), the two routes and two conversions with their weights, the answer: 5 %, 50 %
           and 95 % of the workers
Peer       squigglepy draws every input as an array, NumPy does the arithmetic and picks the route: its fastest way
Compared   CPU of all threads from the inputs to the answer, without imports; peak memory of the whole process. Ours
           gives besides the answer its Monte Carlo error, from 16 replicates
Wanted     6 times less CPU than squigglepy with NumPy alone, 15 times with numba; 300 MiB at most
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import Any

from _matrix import show  # first: it sets one thread

NUMPY_WANTED, NUMBA_WANTED, MEMORY_WANTED = 6, 15, 300
INPUTS = {  # 90 % between, log-normal; `about` is uniform
    "chips": (0.8e6, 1.4e6), "inference_share": (0.35, 0.53), "utilization": (0.05, 0.3),
    "active_parameters": (50e9, 300e9), "tokens_per_message": (2000, 8000), "api_tokens": (0.15, 0.4),
    "words_per_minute": (200, 700), "tokens_per_word": (1.2, 1.5), "tokens_per_hour": (1e5, 1e6),
}  # fmt: skip
UNIFORM = {"messages_before": (450.5e6, 451.5e6), "messages": (2626.5e6, 2627.5e6)}
PEAK, HOURS, DAY = 1.979e15, 8.0, 86_400.0


def ours(draws: int, engine: str) -> tuple[Any, Any]:
    """The package's own estimate, its inputs as above; the engine once warmed up."""
    from types import SimpleNamespace

    from ascent.estimates import digital_workers
    from ascent.forecast import montecarlo
    from ascent.forecast.assumptions import given

    params = digital_workers.Params(**{name: f"{low!r}..{high!r}" for name, (low, high) in INPUTS.items()})
    known = given(params, SimpleNamespace())  # type: ignore[arg-type]
    answer = {"workers": digital_workers.model(known)["workers"].to("worker")}

    def job(size: int) -> tuple[list[float], float, int]:
        sample, found = montecarlo.settled(
            answer, first=size, most=size, engine=engine, order=list(known.stated)
        )  # fmt: skip
        one = found["workers"]
        return [float(one.low), float(one.mid), float(one.high)], float(one.error), sample.total

    job(1 << 16)
    return job, draws


def by_hand(inputs: Any, uniform: Any) -> Any:
    """The arithmetic on arrays, as anybody would write it; uniform(low, high) and inputs[name] are arrays."""
    import numpy as np

    compute = inputs["chips"] * inputs["inference_share"] * PEAK * inputs["utilization"] * DAY
    compute = compute / (2 * inputs["active_parameters"])
    growth = inputs["messages"] / inputs["messages_before"]
    usage = inputs["messages"] * growth**0.25 * inputs["tokens_per_message"] * (1 + inputs["api_tokens"])
    tokens = np.where(uniform() < 0.5, compute, usage)
    human = inputs["words_per_minute"] * 60 * inputs["tokens_per_word"] * HOURS
    task = inputs["tokens_per_hour"] * HOURS
    return np.where(uniform() < 0.5, tokens / human, tokens / task)


def numpy_alone(draws: int) -> tuple[Any, Any]:
    """A script without any library but NumPy."""
    import numpy as np

    def job(size: int) -> tuple[list[float], float, int]:
        chance, z = np.random.default_rng(0), 1.6448536269514722
        drawn = {}
        for name, (low, high) in INPUTS.items():
            mid, spread = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * z)
            drawn[name] = chance.lognormal(mid, spread, size)
        drawn |= {name: chance.uniform(low, high, size) for name, (low, high) in UNIFORM.items()}
        workers = by_hand(drawn, lambda: chance.random(size))
        return np.quantile(workers, (0.05, 0.5, 0.95)).tolist(), float("nan"), size

    job(1 << 16)
    return job, draws


def squigglepy(draws: int, mixture: bool = False) -> tuple[Any, Any]:
    """squigglepy's distributions; with `mixture` its own mixture instead of NumPy's choice."""
    import numpy as np
    import squigglepy as sq

    def job(size: int) -> tuple[list[float], float, int]:
        sq.set_seed(0)
        drawn = {name: sq.sample(sq.lognorm(low, high), size, verbose=False) for name, (low, high) in INPUTS.items()}
        drawn |= {name: sq.sample(sq.uniform(low, high), size, verbose=False) for name, (low, high) in UNIFORM.items()}
        if mixture:
            half = [[0.5, 0], [0.5, 1]]
            workers = by_hand(drawn, lambda: np.asarray(sq.sample(sq.discrete(half), size, verbose=False), dtype=float))
        else:
            workers = by_hand(drawn, lambda: sq.sample(sq.uniform(0, 1), size, verbose=False))
        return np.quantile(workers, (0.05, 0.5, 0.95)).tolist(), float("nan"), size

    job(1 << 16)
    return job, draws


CONTENDERS = {
    "ours, NumPy alone": lambda draws: ours(draws, "numpy"),
    "ours, numba": lambda draws: ours(draws, "numba"),
    "squigglepy": squigglepy,
    "NumPy by hand": numpy_alone,
    "squigglepy, its mixture": lambda draws: squigglepy(draws, mixture=True),
}


def measure(name: str, draws: int) -> None:
    """In a process of its own: print CPU, memory and the answer."""
    job, size = CONTENDERS[name](draws)
    began = time.process_time()
    ends, error, made = job(size)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    print(json.dumps({"seconds": seconds, "peak": peak, "ends": ends, "error": error, "draws": made}))


def main(draws: int = 10_000_000, repeats: int = 3, full: bool = False) -> dict[str, Any]:
    """Run, print, and give the medians by name."""
    names = ["ours, NumPy alone", "NumPy by hand"]
    names += ["ours, numba"] * (find_spec("numba") is not None) + ["squigglepy"] * (find_spec("squigglepy") is not None)
    names += ["squigglepy, its mixture"] * (full and find_spec("squigglepy") is not None)
    found: dict[str, list[Any]] = {name: [] for name in names}
    for _ in range(repeats):  # in turn, so that a busy minute strikes all alike
        for name in names:
            if name == "squigglepy, its mixture" and found[name]:
                continue
            command = [sys.executable, __file__, "--contender", name, "--draws", str(draws)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
    median = {name: statistics.median(one["seconds"] for one in each) for name, each in found.items()}
    peer = median.get("squigglepy")
    rows = []
    for name, each in found.items():
        low, mid, high = each[0]["ends"]
        ratio = f"{peer / median[name]:.1f}" if peer else "-"
        peak = f"{max(one['peak'] for one in each):.0f}"
        ends = f"{low / 1e6:.3f}, {mid / 1e6:.3f}, {high / 1e6:.2f}"
        rows.append((name, f"{each[0]['draws']:,}", f"{median[name]:.2f}", ratio, peak, ends))
    show(
        "Digital workers: wanted 6 and 15 times less CPU than squigglepy, 300 MiB",
        ("", "draws", "CPU, s", "times less", "MiB", "million workers: 5 %, 50 %, 95 %"),
        rows,
    )
    return {"median": median, "found": found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--contender", choices=tuple(CONTENDERS))
    asked = parser.parse_args()
    if asked.contender:
        measure(asked.contender, asked.draws)
    else:
        main(asked.draws, asked.repeats, asked.full)
