"""Coverage as somebody outside would count it: worlds written as files, read and answered through the public door.

Truth is what Epoch published (index, difficulty, slope); scatter is on the logit, sized by the published fit's own
residuals; benchmarks are grouped into five domains by hand here, which are not the domains that the evidence knows.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from ascent.analyses import capability_index
from ascent.evidence.opening import open_evidence

WORLDS = 60
BAND = (0.86, 0.94)  # 0.90, and three times the scatter of 60 worlds whose errors share two references
FEWEST = 0.84  # in each group, by the same scatter
MATHEMATICS = ("MATH level 5", "GSM8K", "OTIS Mock", "FrontierMath")
SOFTWARE = (
    "WeirdML", "Aider", "SWE-Bench", "Terminal", "Cybench", "GSO", "CadEval", "PostTrain", "APEX", "The Agent",
    "OSWorld", "DeepResearch", "Balrog",
)  # fmt: skip
KNOWLEDGE = ("GPQA", "MMLU", "HLE", "SimpleQA", "TriviaQA", "ScienceQA", "ARC AI2", "OpenBookQA", "BBH")
LANGUAGE = ("Winogrande", "HellaSwag", "PIQA", "LAMBADA", "ANLI", "CSQA2", "Lech Mazur", "Fiction")
ITEMS = {"OTIS": 45, "Frontier": 200, "Cybench": 40, "Terminal": 80, "GSO": 102, "MMLU": 14_042, "BBH": 6_511}
SHARED = 0.3


class Matrix:
    """The published matrix and parameters, read without any of our readers."""

    def __init__(self, folder: Path) -> None:
        def table(name: str) -> list[dict[str, str]]:
            with (folder / name).open(newline="") as stream:
                return list(csv.DictReader(stream))

        self.rows = table("eci_benchmarks.csv")
        self.models = sorted({row["model"] for row in self.rows})
        benchmarks = sorted({row["benchmark"] for row in self.rows})
        self.model = np.array([self.models.index(row["model"]) for row in self.rows])
        self.benchmark = np.array([benchmarks.index(row["benchmark"]) for row in self.rows])
        values = {row["Model version"]: row["ECI Score"] for row in table("epoch_capabilities_index.csv")}
        of_model = {row["model"]: float(values[row["model_version"]]) for row in self.rows}
        parameters = {row["benchmark_name"]: row for row in table("eci_benchmark_difficulties_and_slopes.csv")}
        self.truth = np.array([of_model[name] for name in self.models])
        difficulty = np.array([float(parameters[name]["edi"]) for name in benchmarks])
        slope = np.array([float(parameters[name]["estimated_slope_scaled"]) for name in benchmarks])
        groups = (MATHEMATICS, SOFTWARE, KNOWLEDGE, LANGUAGE)
        domain = [next((i for i, group in enumerate(groups) if name.startswith(group)), 4) for name in benchmarks]
        self.cluster = np.unique(self.model * 5 + np.array(domain)[self.benchmark], return_inverse=True)[1]
        counts = [next((n for key, n in ITEMS.items() if name.startswith(key)), 200) for name in benchmarks]
        self.items = np.array(counts)[self.benchmark]
        self.z = slope[self.benchmark] * (self.truth[self.model] - difficulty[self.benchmark])
        share = 1 / (1 + np.exp(-self.z))
        spread = share * (1 - share)
        score = np.array([float(row["performance"]) for row in self.rows])
        # Two parameters of each benchmark and one of each model are fitted: residuals are smaller than scatter.
        grown = len(score) / (len(score) - len(self.models) - 2 * len(benchmarks))
        count = np.bincount(self.benchmark)
        squares = np.bincount(self.benchmark, (score - share) ** 2 * grown - spread / self.items) / count
        steepness = np.bincount(self.benchmark, spread**2) / count
        self.size = np.sqrt(squares.clip(0.02**2, 0.16**2) / steepness).clip(0.05, 2.5)[self.benchmark]

    def world(self, folder: Path, seed: int) -> Path:
        """A file of scores drawn with these parameters as the truth."""
        rng = np.random.default_rng(seed)
        common = rng.standard_normal(self.cluster.max() + 1)[self.cluster]
        stray = np.sqrt(1 - SHARED) * rng.standard_normal(len(self.z)) + np.sqrt(SHARED) * common
        share = 1 / (1 + np.exp(-(self.z + self.size * stray)))
        scores = (rng.binomial(self.items, share) / self.items).clip(0.001, 0.999)
        folder.mkdir()
        with (folder / "eci_benchmarks.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(self.rows[0]))
            writer.writeheader()
            for row, score in zip(self.rows, scores.tolist(), strict=True):
                writer.writerow({**row, "performance": repr(score)})
        return folder


@pytest.fixture(scope="module")
def counted(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Matrix, np.ndarray]:
    """The matrix, and (low, mid, high) of each model in each world (end, world, model)."""
    matrix, folder = Matrix(shared_data / "eci" / "2026-05"), tmp_path_factory.mktemp("worlds")
    params, found = capability_index.Params(draws=0), []
    for seed in range(WORLDS):
        evidence = open_evidence([matrix.world(folder / str(seed), seed)])
        table = capability_index.run(evidence, params).sheets()["capability"]
        rows = {str(row["model"]): (row["low"], row["capability"], row["high"]) for row in table.rows()}
        found.append([rows[name] for name in matrix.models])
    return matrix, np.moveaxis(np.array(found, dtype=float), -1, 0)


def misses(matrix: Matrix, ends: np.ndarray, narrow: float = 1.0) -> list[str]:
    """Groups of models whose intervals hold the truth too rarely or too often."""
    low, mid, high = ends
    held = (mid + narrow * (low - mid) <= matrix.truth) & (matrix.truth <= mid + narrow * (high - mid))
    counts, truth = np.bincount(matrix.model), matrix.truth
    rest = ~np.isin(matrix.models, ("Claude 3.5 Sonnet", "GPT-5"))
    groups = {
        "6 scores or fewer": counts <= 6, "more than 15": counts > 15, "below 110": truth < 110,
        "110 to 130": (truth >= 110) & (truth < 130), "130 to 150": (truth >= 130) & (truth < 150),
        "above 150": truth > 150,
    }  # fmt: skip
    shares = {name: float(held[:, rest & group].mean()) for name, group in groups.items()}
    whole = float(held[:, rest].mean())
    bad = [] if BAND[0] <= whole <= BAND[1] else [f"overall {whole:.3f}"]
    return bad + [f"{name} {share:.3f}" for name, share in shares.items() if share < FEWEST]


@pytest.mark.real
@pytest.mark.calibration
def test_intervals_hold_in_worlds_that_know_nothing_of_our_domains(counted: tuple[Matrix, np.ndarray]) -> None:
    assert misses(*counted) == []


@pytest.mark.real
@pytest.mark.calibration
def test_narrower_intervals_are_caught_there_too(counted: tuple[Matrix, np.ndarray]) -> None:
    assert any(text.startswith("overall") for text in misses(*counted, narrow=0.8))
