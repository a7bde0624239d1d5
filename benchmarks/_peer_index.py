"""The index as a plain script would fit it: read the matrix, one SciPy `least_squares`, print a table."""

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares
from scipy.sparse import csr_matrix

path, reader = sys.argv[1], sys.argv[2]
if reader == "pandas":
    import pandas

    frame = pandas.read_csv(path)
    names = [frame["model"].tolist(), frame["benchmark"].tolist()]
    score = frame["performance"].to_numpy()
else:
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [[row["model"] for row in rows], [row["benchmark"] for row in rows]]
    score = np.array([float(row["performance"]) for row in rows])
places = [{name: at for at, name in enumerate(dict.fromkeys(column))} for column in names]
model, benchmark = (np.array([place[name] for name in column]) for place, column in zip(places, names, strict=True))
score = score.clip(1e-3, 1 - 1e-3)
m, b, n, pinned = len(places[0]), len(places[1]), len(score), places[1]["Winogrande"]
size = m + 2 * b - 1
free = np.delete(np.arange(b), pinned)
steep = benchmark != pinned
each = np.arange(n)
row = np.concatenate([each, each, each[steep], np.full(size, n)])
column = np.concatenate([model, m + benchmark, (m + b + benchmark - (benchmark > pinned))[steep], np.arange(size)])


def parts(x):
    slope = np.ones(b)
    slope[free] = x[m + b :]
    distance = x[model] - x[m + benchmark]
    return 1 / (1 + np.exp(-slope[benchmark] * distance)), distance, slope[benchmark]


def residuals(x):
    return np.append(parts(x)[0] - score, np.sqrt(0.1 * np.mean(x**2)))


def derivatives(x):
    share, distance, slope = parts(x)
    spread = share * (1 - share)
    ridge = 0.1 / size * x / np.sqrt(0.1 * np.mean(x**2))
    return csr_matrix((np.r_[spread * slope, -spread * slope, (spread * distance)[steep], ridge], (row, column)))


rng = np.random.default_rng(42)
start = np.concatenate([rng.normal(0, 0.1, m), rng.normal(0, 0.1, b), np.ones(b - 1)])
low, high = np.full(size, -10.0), np.full(size, 10.0)
low[m + b :] = 0.1
x = least_squares(residuals, start, jac=derivatives, bounds=(low, high)).x
low_at, high_at = places[0]["Claude 3.5 Sonnet"], places[0]["GPT-5"]
index = 130 + 20 * (x[:m] - x[low_at]) / (x[high_at] - x[low_at])
print("model,capability")
for name, at in sorted(places[0].items(), key=lambda item: -index[item[1]]):
    print(f"{name},{index[at]:.3f}")
