"""Item response on real attempts beside girth and py-irt, and on 20 million synthetic responses.

    python benchmarks/item_response.py [--girth PYTHON] [--py-irt PYTHON] [--quick]

girth     GPQA Diamond: every single repeat of every run is a subject, 15 % of the responses held out; both fit the same
          matrix, both are judged on the same held-out responses
py-irt    four tasks: all attempts of every model, 15 % of the pairs of model and item held out with all their repeats;
          its hierarchical 2PL with its default 2,000 epochs (--quick: 200, and its CPU for 2,000 extrapolated)
scale     models x items of one response each, simulated; CPU, and the greatest memory of the process

PYTHON is an interpreter that has the peer; without one its part is left out. One thread; CPU, not the clock.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from _matrix import DATA, cpu, show  # first: it sets one thread

# isort: split

import numpy as np

from ascent.model.item_response import fit_items
from ascent.model.item_response_grid import curve

SEED, HELD = 20_260_501, 0.15
SCALES = ((2_000, 1_250), (2_000, 2_500), (2_000, 5_000), (2_000, 10_000))
WANTED = {"girth": 300, "py-irt": 50}


def attempts() -> Any:
    """The scored samples of the public logs with the model of their run, one row each, first scorer only."""
    import polars as pl

    folder = DATA / "items"
    runs = pl.read_parquet(folder / "runs.parquet").select("run_id", "model")
    samples = pl.read_parquet(folder / "samples.parquet").filter(pl.col("value").is_not_null())
    keys = ["run_id", "sample_id", "epoch"]
    samples = samples.sort([*keys, "scorer"]).unique(keys, keep="first", maintain_order=True)
    return samples.join(runs, on="run_id").with_columns((pl.col("value") == "C").cast(pl.Float64).alias("success"))


def counted(frame: Any, subject: list[str]) -> tuple[Any, Any, Any]:
    """Successes and trials (subject, item), and the task of each item."""
    import polars as pl

    frame = frame.with_columns(
        pl.struct(subject).rank("dense").alias("row"), pl.struct("task", "sample_id").rank("dense").alias("column")
    )
    row, column = (frame[name].to_numpy().astype(int) - 1 for name in ("row", "column"))
    shape = row.max() + 1, column.max() + 1
    place = row * shape[1] + column
    solved = np.bincount(place, frame["success"].to_numpy(), shape[0] * shape[1]).reshape(shape)
    tried = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    task = np.zeros(shape[1], dtype=int)
    task[column] = frame["task"].rank("dense").to_numpy().astype(int) - 1
    return solved, tried, task


def log_loss(solved: Any, tried: Any, chance: Any) -> float:
    """Mean negative log likelihood of one response."""
    chance = np.clip(chance, 1e-9, 1 - 1e-9)
    return float(-(solved * np.log(chance) + (tried - solved) * np.log(1 - chance)).sum() / tried.sum())


def compare(peer: str, python: str, solved: Any, tried: Any, task: Any, scale: float = 1.0) -> None:
    """Fit both on the same training part and print cost and held-out loss."""
    rng = np.random.default_rng(SEED)
    held = (rng.random(solved.shape) < HELD) & (tried > 0)
    train, trials = np.where(held, 0.0, solved), np.where(held, 0.0, tried)
    fit_items(train[:10], trials[:10])  # imports done before the clock starts
    runs = [cpu(lambda: fit_items(train, trials, group=task)) for _ in range(7)]
    spent, fit = float(np.median([one for one, _ in runs])), runs[0][1]  # short ones: the middle of seven
    ours = log_loss(np.where(held, solved, 0), np.where(held, tried, 0), fit.probability())
    base = np.broadcast_to((train.sum(axis=0) + 0.5) / (trials.sum(axis=0) + 1.0), solved.shape)
    rows = [("ours", f"{spent:.3f} s", f"{ours:.4f}", f"{fit.steps} steps")]
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder, "in.npz"), Path(folder, "out.npz")
        np.savez(given, successes=train, trials=trials)
        helper = Path(__file__).with_name("_peer_items.py")
        done = subprocess.run([python, str(helper), peer, str(given), str(taken)], capture_output=True, text=True)
        if done.returncode:
            print(f"\n{peer} did not run: {done.stderr.strip().splitlines()[-1] if done.stderr else 'no message'}")
            return
        told = {name: np.array(value) for name, value in np.load(taken).items()}
    theirs = log_loss(
        np.where(held, solved, 0), np.where(held, tried, 0),
        curve(told["ability"][:, None] * told["slope"] + told["intercept"], 0.0),
    )  # fmt: skip
    rows.append((peer, f"{told['spent'] * scale:.1f} s", f"{theirs:.4f}", ""))
    rows.append(
        ("each item's own rate", "", f"{log_loss(np.where(held, solved, 0), np.where(held, tried, 0), base):.4f}", "")
    )
    title = f"{solved.shape[0]:,} subjects, {solved.shape[1]:,} items, {int(tried.sum()):,} responses"
    title += f", {int(tried[held].sum()):,} held out"
    show(title, ("", "CPU", "held-out log-loss", ""), rows)
    print(f"  {peer} takes {told['spent'] * scale / spent:.0f} times our CPU (wanted: {WANTED[peer]})")


def synthetic(models: int, items: int) -> Any:
    """One response of every model at every item, in bytes, made in blocks."""
    rng = np.random.default_rng(SEED)
    ability = rng.normal(size=models).astype(np.float32)
    slope = np.exp(0.35 * rng.normal(size=items)).astype(np.float32)
    intercept = (1.5 * rng.normal(size=items)).astype(np.float32)
    solved = np.empty((models, items), np.int8)
    for start in range(0, items, 500):
        part = slice(start, start + 500)
        chance = 1 / (1 + np.exp(-(ability[:, None] * slope[part] + intercept[part])))
        solved[:, part] = rng.random(chance.shape, dtype=np.float32) < chance
    return solved, slope


def one_scale(models: int, items: int) -> None:
    """Fit one synthetic table in this process; prints CPU, memory, steps and how well slopes are recovered."""
    solved, slope = synthetic(models, items)
    spent, fit = cpu(lambda: fit_items(solved, np.broadcast_to(np.int8(1), solved.shape)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(f"{spent:.2f} {peak:.0f} {fit.steps} {np.corrcoef(slope, fit.slope)[0, 1]:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--girth", default="")
    parser.add_argument("--py-irt", default="")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=2, type=int)
    args = parser.parse_args()
    if args.one:
        return one_scale(*args.one)
    rows = []
    for models, items in SCALES:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(models), str(items)], capture_output=True, text=True, check=True
        )
        spent, peak, steps, found = done.stdout.split()
        each = float(spent) / (models * items) * 1e6
        rows.append(
            (f"{models * items / 1e6:.1f} million", f"{spent} s", f"{each:.3f} µs", steps, f"{peak} MiB", found)
        )
    header = ("responses", "CPU", "per response", "steps", "memory", "correlation of slopes")
    show("Synthetic responses (wanted for 20 million: 15 s, 250 MiB, time linear)", header, rows)
    if not (DATA / "items").is_dir():
        print("skipped: no items in the public data folder; ASCENT_DATA names that folder")
        return None
    frame = attempts()
    for peer, python in (("girth", args.girth), ("py-irt", args.py_irt)):
        if not python:
            print(f"\nskipped: {peer}; --{peer} PYTHON names an interpreter that has it")
        elif peer == "girth":
            gpqa = frame.filter(frame["task"] == "GPQA Diamond")
            compare(peer, python, *counted(gpqa, ["run_id", "epoch"]))
        else:
            os.environ["PYIRT_EPOCHS"] = "200" if args.quick else "2000"
            compare(peer, python, *counted(frame, ["model"]), scale=10.0 if args.quick else 1.0)
    return None


if __name__ == "__main__":
    main()
