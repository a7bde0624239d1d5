"""What every test may use: small evidence made up from a known truth, the public data folder, the command itself."""

import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES

ROOT = Path(__file__).parents[1]

MODELS = [  # name, organization, country, access, released, true capability on the index scale, training FLOP
    ("Text-Davinci-002", "OpenAI", "United States of America", "API access", "2022-03-15", 101.0, 2e23),
    ("BLOOM", "BigScience", "France", "Open weights", "2022-07-11", 88.0, 4e23),
    ("LLaMA-65B", "Meta", "United States of America", "Open weights", "2023-02-24", 107.0, 5.5e23),
    ("GPT-4", "OpenAI", "United States of America", "API access", "2023-03-14", 126.0, 2.1e25),
    ("Qwen-14B", "Alibaba", "China", "Open weights", "2023-09-24", 112.0, 2.5e23),
    ("Mixtral 8x7B", "Mistral AI", "France", "Open weights", "2023-12-11", 117.0, 7.7e23),
    ("Claude 3 Opus", "Anthropic", "United States of America", "API access", "2024-03-04", 128.5, 1.6e25),
    ("Claude 3.5 Sonnet", "Anthropic", "United States of America", "API access", "2024-06-20", 130.0, 3.6e25),
    ("DeepSeek-V3", "DeepSeek", "China", "Open weights", "2024-12-26", 134.0, 3.4e24),
    ("o3", "OpenAI", "United States of America", "API access", "2025-04-16", 146.0, None),
    ("GPT-5", "OpenAI", "United States of America", "API access", "2025-08-07", 150.0, None),
    ("Kimi K2", "Moonshot", "China", "Open weights", "2025-07-11", 142.0, 3e24),
    ("Gemini 3 Pro", "Google DeepMind", "United States of America", "API access", "2025-11-18", 153.5, None),
    ("Claude Opus 4.6", "Anthropic", "United States of America", "API access", "2026-02-05", 155.5, None),
]
BENCHMARKS = [  # name, released, domain, items, chance, true difficulty, true discrimination per index point
    ("HellaSwag", "2019-05-19", "language", 10_042, 0.25, 92.0, 0.06),
    ("Winogrande", "2019-07-24", "language", 1_267, 0.5, 108.0, 0.05),
    ("MMLU", "2020-09-07", "knowledge", 14_042, 0.25, 111.0, 0.075),
    ("GSM8K", "2021-10-27", "mathematics", 1_319, 0.0, 109.0, 0.10),
    ("BBH", "2022-10-17", "reasoning", 6_511, 0.25, 115.0, 0.09),
    ("MATH level 5", "2021-03-05", "mathematics", 1_324, 0.0, 129.0, 0.15),
    ("GPQA diamond", "2023-11-20", "science", 198, 0.25, 137.0, 0.12),
    ("SWE-Bench verified", "2024-08-13", "coding", 500, 0.0, 138.0, 0.08),
    ("OTIS Mock AIME 2024-2025", "2024-12-19", "mathematics", 45, 0.0, 140.0, 0.20),
    ("FrontierMath", "2025-02-28", "mathematics", 290, 0.0, 158.0, 0.14),
]
SEED = 20_260_501


def pytest_configure(config: pytest.Config) -> None:
    # Before any test imports NumPy, as the command does.
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[threads] = "1"


def _tiny() -> Evidence:
    chance_of = random.Random(SEED)
    source = {"source": "tests/conftest.py"}
    models = [
        {
            "model": name,
            "name": name,
            "organization": organization,
            "country": country,
            "access": access,
            "released": released,
            "domain": "language",
            "training_compute_flop": compute,
            "published": released,
            **source,
        }
        for name, organization, country, access, released, _, compute in MODELS
    ]
    benchmarks = [
        {
            "benchmark": name,
            "released": released,
            "domain": domain,
            "items": items,
            "chance": chance,
            "ceiling": 1.0,
            "unit": "fraction",
            "higher_is_better": True,
            "published": released,
            **source,
        }
        for name, released, domain, items, chance, _, _ in BENCHMARKS
    ]
    scores = []
    for at, (model, organization, _, _, released, capability, _) in enumerate(MODELS):
        for benchmark, born, _, items, chance, difficulty, discrimination in BENCHMARKS:
            # As in real matrices: old models miss hard benchmarks, new ones miss those that are solved.
            if released < born[:4] or abs(capability - difficulty) > 40 or chance_of.random() < 0.12:
                continue
            logit = discrimination * (capability - difficulty) + chance_of.gauss(0, 0.25)
            truth = chance + (1 - chance) / (1 + math.exp(-logit))
            hits = round(items * min(1.0, max(0.0, chance_of.gauss(truth, math.sqrt(truth * (1 - truth) / items)))))
            row = {
                "model": model,
                "benchmark": benchmark,
                "score": hits / items,
                "scale": "raw",
                "unit": "fraction",
                "n": items,
                "evaluator": "Epoch AI",
                "relation": "independent",
                "evaluated": released,
                "published": released,
                **source,
            }
            scores.append(row)
            if (at + len(scores)) % 3 == 0:  # the developer tells its own figure too, a little higher
                own = min(items, hits + round(0.02 * items)) / items
                scores.append(row | {"score": own, "evaluator": organization, "relation": "first party"})
    rows = {"models": models, "benchmarks": benchmarks, "scores": scores}
    rows["series"] = [
        {"series": "tiny", "date": f"{year}-{month:02d}-15", "value": 3.0 * (year - 2020) + month / 4 + month % 3,
         "unit": "units", **source}
        for year in range(2021, 2026) for month in (2, 5, 8, 11)
    ]  # fmt: skip
    rows["series"] += _figures(source)
    rows["series"] += [
        {"series": "software progress", "entity": f"Paper {name}", "date": year, "value": mid, "low": mid / 1.8,
         "high": mid * 1.8, "unit": "x/year", "note": "fitted model; language models; 95% interval", **source}
        for name, year, mid in (("A", "2022", 2.4), ("B", "2024", 3.0), ("C", "2025", 6.0))
    ]  # fmt: skip
    rows |= _attempts(source)
    rows |= _training(source)
    for name, listed in _efforts(source).items():
        rows[name] = [*rows[name], *listed]
    rows["sources"] = [
        {"source": "tests/conftest.py", "title": "Simulated from a known truth", "redistributable": True}
    ]
    tables = {name: Table.from_rows(TABLES[name], listed) for name, listed in rows.items()}
    return Evidence(tables, "tiny simulated evidence", "2026-05-01")


def _attempts(source: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    """Six models at two benchmarks of thirty tasks, simulated: longer tasks are harder, in families; and their prices.

    Success = sigmoid(0.7 (log2 of the model's horizon - log2 of the task's minutes) + family + task), horizons doubling
    twice a year from 4 minutes in March 2023.
    """
    chance_of = random.Random(SEED + 1)
    found: dict[str, list[dict[str, object]]] = {"runs": [], "attempts": [], "items": [], "prices": []}
    tasks = []
    for benchmark in ("Tiny agents", "GPQA diamond"):
        for at in range(30):
            minutes = round(0.5 * 2 ** (at * 0.35), 2)
            family = f"{benchmark} family {at % 10}"
            shift = 0.5 * math.sin(3.0 * (at % 10)) + chance_of.gauss(0, 0.5)
            found["items"].append(
                {"benchmark": benchmark, "item": f"task {at:02d}", "family": family, "human_minutes": minutes,
                 "length_method": "estimate" if at % 3 else "baseline",
                 "task_source": f"suite {at % 2}", **source}
            )  # fmt: skip
            tasks.append((benchmark, f"task {at:02d}", minutes, shift))
    for name in ("GPT-4", "Claude 3 Opus", "Claude 3.5 Sonnet", "DeepSeek-V3", "o3", "GPT-5"):
        released = next(day for model, _, _, _, day, _, _ in MODELS if model == name)
        years = int(released[:4]) - 2023 + (int(released[5:7]) - 3) / 12
        horizon = 4.0 * 4.0**years
        price = {"GPT-4": 30.0, "Claude 3 Opus": 15.0, "Claude 3.5 Sonnet": 3.0, "DeepSeek-V3": 0.3, "o3": 2.0}
        dollars = price.get(name, 1.25)
        for later, fall in ((0, 1.0), (1, 0.6)):
            found["prices"].append(
                {"model": name, "provider": "its maker", "date": f"{int(released[:4]) + later}{released[4:]}",
                 "usd_per_million_input": dollars * fall, "usd_per_million_output": 4 * dollars * fall,
                 "published": f"{int(released[:4]) + later}{released[4:]}", **source}
            )  # fmt: skip
        for benchmark, item, minutes, shift in tasks:
            for epoch in (1, 2, 3, 4):
                prompt = "short" if epoch % 2 else "long"
                logit = 0.7 * math.log2(horizon / minutes) + shift + (0.2 if prompt == "long" else 0.0)
                state = "scored" if chance_of.random() >= 0.02 else "refusal" if name == "o3" else "error"
                success = float(chance_of.random() < 1 / (1 + math.exp(-logit)))
                tokens = round(200 * minutes**0.5 * chance_of.uniform(0.5, 2))
                found["attempts"].append(
                    {"run": f"{name} {benchmark} {prompt}", "model": name, "benchmark": benchmark, "item": item,
                     "epoch": (epoch + 1) // 2, "success": success if state == "scored" else None, "state": state,
                     "provider": "first" if epoch < 3 else "second", "prompt": prompt,
                     "scaffold": "plain" if epoch in (1, 4) else "agent", "seed": str(epoch), "scorer": "match",
                     "tokens": float(tokens), "seconds": tokens / 50, "cost_usd": tokens * 4e-6 * dollars,
                     "evaluated": released, "published": released, **source}
                )  # fmt: skip
        found["runs"] += [
            {"run": f"{name} {benchmark} {prompt}", "model": name, "benchmark": benchmark, "started": released,
             "status": "success", "tool": "simulated", "scorer": "match", "epochs": 2, "samples": 60,
             "published": released, **source}
            for benchmark in ("Tiny agents", "GPQA diamond") for prompt in ("short", "long")
        ]  # fmt: skip
    return found


def _efforts(source: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    """Five models at three or four efforts: scores of 400 items and tokens of a whole run.

    Success = 0.3 + 0.12 log10(tokens of an item / 1000) + the model's own. Told in percent, so that the index does not
    read them.
    """
    chance_of = random.Random(SEED + 3)
    known = {"benchmark": "Tiny efforts", "unit": "percent", "items": 400, "chance": 0.0, **source}
    found: dict[str, list[dict[str, object]]] = {"runs": [], "scores": [], "benchmarks": [known]}
    for name, own, efforts in (("Claude 3.5 Sonnet", 0.0, 3), ("DeepSeek-V3", 0.1, 4), ("GPT-5", 0.2, 4),
                               ("Kimi K2", 0.12, 3), ("Claude Opus 4.6", 0.25, 3)):  # fmt: skip
        released = next(day for model, _, _, _, day, _, _ in MODELS if model == name)
        for at, effort in enumerate(("low", "medium", "high", "xhigh")[:efforts]):
            tokens = round(800 * 3.5**at * chance_of.uniform(0.8, 1.25))
            true = 0.3 + own + 0.12 * math.log10(tokens / 1000)
            hits = sum(chance_of.random() < true for _ in range(400))
            about = {"model": name, "benchmark": "Tiny efforts", "setting": f"effort={effort}", "published": released}
            found["runs"].append(
                {**about, "run": f"{name} {effort}", "status": "success", "output_tokens": 400.0 * tokens,
                 "input_tokens": 40_000.0, **source}
            )  # fmt: skip
            found["scores"].append({**about, "score": hits / 4, "unit": "percent", "n": 400, **source})
    return found


def _training(source: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    """Checkpoints of three runs on three benchmarks, losses of one law, steps of a lab that watches a threshold.

    Accuracy rises from a chance of 0.25 with log compute, by a logistic curve; one run is trained further after its
    pre-training. Losses are 1.8 + 480 / parameters^0.35 + 2100 / tokens^0.37 with 0.5 % of noise.
    """
    chance_of = random.Random(SEED + 2)
    checkpoints: list[dict[str, object]] = []
    for run, developer, parameters, lead in (("run-a", "Lab A", 1e9, 0.0), ("run-b", "Lab B", 2e9, 0.3),
                                             ("run-c", "Lab A", 4e9, 0.5)):  # fmt: skip
        for step in range(1, 17):
            tokens = 2e9 * 1.5 ** (step - 1)
            spent = 6 * parameters * tokens
            for benchmark, half, width, items in (("HellaSwag", 20.8, 0.6, 1_000), ("MMLU", 21.6, 0.5, 2_000),
                                                  ("GSM8K", 22.4, 0.4, 500)):  # fmt: skip
                true = 0.25 + 0.7 / (1 + math.exp(-(math.log10(spent) + lead - half) / width))
                phase = "post-training" if run == "run-c" and step > 14 else "pre-training"
                score = sum(chance_of.random() < true + 0.05 * (phase == "post-training") for _ in range(items)) / items
                checkpoints.append(
                    {"training_run": run, "model": run, "developer": developer, "benchmark": benchmark,
                     "step": step * 1000, "tokens": tokens, "compute_flop": spent, "parameters": parameters,
                     "phase": phase, "metric": "accuracy", "score": score, "items": items, **source}
                )  # fmt: skip
    losses = [
        {"parameters": size, "tokens": size * ratio, "experiment": "tiny", "compute_flop": 6 * size * size * ratio,
         "loss": (1.8 + 480 / size**0.35 + 2100 / (size * ratio) ** 0.37) * math.exp(chance_of.gauss(0.0, 0.005)),
         **source}
        for size in (5e7, 1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9) for ratio in (3.0, 8.0, 20.0, 50.0, 120.0)
    ]  # fmt: skip
    names = ("date", "model", "effective_compute_flop", "evaluated", "benchmark", "predicted", "observed", "n")
    steps = (
        ("2024-03-01", "Lab A 1", 1e25, True, None, None, None, None),
        ("2024-06-20", "Lab A 1.5", 3e25, False, "coding", 0.38, 0.64, 200),
        ("2024-10-22", "Lab A 1.6", 9e25, False, "coding", 0.66, 0.68, 200),
        ("2025-05-22", "Lab A 2", 2e26, True, None, None, None, None),
        ("2025-09-29", "Lab A 2.5", 4e26, False, None, None, None, None),
    )
    watch: list[dict[str, object]] = [{**dict(zip(names, step, strict=True)), **source} for step in steps]
    return {"checkpoints": checkpoints, "losses": losses, "watch": watch}


def _figures(source: dict[str, str]) -> list[dict[str, object]]:
    """Short series of each kind that a question looks up: companies, sites, papers, prices."""
    told: list[tuple[str, str, str | None, float, str]] = [
        *(("revenue", f"Company {name}", str(2022 + k), 10.0 * grown**k, "million USD")
          for name, grown in (("A", 2.0), ("B", 3.0)) for k in range(4)),
        *((f"data center {part}", f"Site {name}", f"202{4 + k}-06-30", size * (k + 1) * (1 + k * len(name)), unit)
          for part, size, unit in (("power", 100.0, "MW"), ("compute", 8e4, "H100e"))
          for name, k in (("A", 0), ("A", 1), ("BB", 0))),
        *(("decentralized training paper", f"Paper {year}", str(year), year, "date") for year in (2021, 2023, 2025)),
        *(("bandwidth reduction", f"Paper {year}", str(year), less, "x")
          for year, less in ((2021, 4.0), (2023, 500.0))),
        *((name, None, f"2024-{month:02d}" if month < 13 else "2025-01", start * grown**month, unit)
          for name, start, grown, unit in (
              ("APU000072610", 0.17, 1.004, "USD/kWh"), ("CPIAUCSL", 310.0, 1.002, "index"))
          for month in range(7, 14)),
    ]  # fmt: skip
    told += [
        ("tokens on router", name, f"2025-11-{day:02d}", size * (1.0 + 0.05 * ((day + len(name)) % 4)), "tokens")
        for day in (2, 9, 16, 23, 30) for name, size in (("GPT-5", 4e11), ("Kimi K2", 2.5e11), ("DeepSeek-V3", 1e11))
    ]  # fmt: skip
    names = ("series", "entity", "date", "value", "unit")
    return [{**dict(zip(names, row, strict=True)), "note": "confirmed", **source} for row in told]


@pytest.fixture(scope="session")
def tiny_evidence() -> Evidence:
    """14 models of 2022 to 2026 on 10 benchmarks, simulated from MODELS and BENCHMARKS; some scores told twice."""
    return _tiny()


@pytest.fixture(scope="session")
def tiny_truth() -> dict[str, float]:
    """The true index of every model of `tiny_evidence`."""
    return {name: float(capability) for name, *_, capability, _ in MODELS}


@pytest.fixture(scope="session")
def shuffled_evidence(tiny_evidence: Evidence) -> Evidence:
    """The same rows in another order."""
    order = random.Random(1)
    tables = {}
    for name, table in tiny_evidence.tables.items():
        tables[name] = table.take(order.sample(range(len(table)), len(table)))
    return replace(tiny_evidence, tables=tables)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data: ASCENT_DATA, else ../shared/data beside the repository; without it the test is skipped."""
    folder = Path(os.environ.get("ASCENT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the public data folder is not here; ASCENT_DATA names it")
    return folder


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's store nor kept answers are read or written by a test."""
    monkeypatch.setenv("ASCENT_STORE", str(tmp_path / "no-store"))
    monkeypatch.setenv("ASCENT_CACHE", str(tmp_path / "cache"))


@dataclass(frozen=True)
class Said:
    """What a command wrote, and how it ended."""

    out: str
    err: str
    code: int


@pytest.fixture
def run_ascent(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command line in this process: `run_ascent("list", "--format", "json").out`."""
    from ascent.cli.main import main
    from ascent.core.progress import show_progress

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        show_progress("auto")
        told = capsys.readouterr()
        return Said(told.out, told.err, int(ended.value.code or 0))

    return run


@pytest.fixture
def toy_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A question of another installed package, named `mean-score`; gone after the test."""
    import sys

    place = tmp_path / "site"
    about = place / "toy-0.1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 0.1\n")
    (about / "entry_points.txt").write_text("[ascent.analyses]\nmean-score = toy_mean_score\n")
    (place / "toy_mean_score.py").write_text((ROOT / "tests" / "contract" / "toy_mean_score.py").read_text())
    monkeypatch.syspath_prepend(place)
    yield "mean-score"
    sys.modules.pop("toy_mean_score", None)
