"""Writes the logs of tests/evidence/inspect_logs with the Inspect of the Python that runs it: mock model, no network.

    PYTHON_WITH_INSPECT tools/inspect_logs.py

Each version writes `graded-VERSION.eval`, `graded-VERSION.json` and `failed-VERSION.eval`. The texts that must not get
into any table begin with PLANTED. Events and tracebacks are taken out again: they name folders of the machine.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import inspect_ai
from inspect_ai import Epochs, Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import read_eval_log, write_eval_log
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import Score, accuracy, includes, mean, scorer, stderr
from inspect_ai.solver import solver

HERE = Path(__file__).parents[1] / "tests" / "evidence" / "inspect_logs"
LETTERS = {"q1": "CI", "q2": "PN", "q3": "CC"}  # by item, one for each epoch


def outputs() -> Iterator[ModelOutput]:
    while True:
        output = ModelOutput.from_content("mockllm/model", "yes, PLANTED-OUTPUT")
        output.usage = ModelUsage(input_tokens=11, output_tokens=7, total_tokens=20, input_tokens_cache_read=2)
        yield output


@scorer(metrics=[accuracy(), stderr()])
def letters() -> Any:
    async def score(state: Any, _target: Any) -> Score:
        return Score(value=LETTERS[str(state.sample_id)][state.epoch - 1], answer="PLANTED-ANSWER")

    return score


@scorer(metrics={"clear": [mean(), stderr()], "short": [mean()]})
def rubric() -> Any:
    async def score(state: Any, _target: Any) -> Score:
        value = {"clear": 0.25 * state.epoch, "short": 1}
        return Score(value=value, explanation="PLANTED-EXPLANATION", metadata={"note": "PLANTED-NOTE"})

    return score


@solver
def answering() -> Any:
    async def solve(state: Any, generate: Any) -> Any:
        if state.sample_id == "q3" and state.epoch == 2:
            raise ValueError("PLANTED-ERROR")
        return await generate(state)

    return solve


def task(fail_on_error: bool | float) -> Task:
    samples = [
        Sample(id=item, input=f"PLANTED-QUESTION of {item}", target="yes", metadata={"hint": "PLANTED-HINT"})
        for item in LETTERS
    ]
    return Task(
        dataset=MemoryDataset(samples, name="planted"),
        solver=answering(),
        scorer=[letters(), rubric(), includes()],
        epochs=Epochs(2, ["mean", "at_least_1"]),
        name="Planted task",
        message_limit=20,
        fail_on_error=fail_on_error,
        metadata={"note": "PLANTED-METADATA"},
    )


def run(name: str, kind: str, fail_on_error: bool | float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {"temperature": 0.5, "seed": 3, "system_message": "PLANTED-SYSTEM", "max_samples": 1}
        model = get_model("mockllm/model", custom_outputs=outputs())
        (log,) = eval(task(fail_on_error), model=model, log_dir=folder, log_format=kind, display="none", **settings)
        log = read_eval_log(log.location)
        for sample in log.samples or []:
            sample.events = []
            if sample.error:
                sample.error.traceback = sample.error.traceback_ansi = "PLANTED-TRACEBACK"
        if log.error:
            log.error.traceback = log.error.traceback_ansi = "PLANTED-TRACEBACK"
        log.eval.task_file = log.eval.revision = None
        write_eval_log(log, str(HERE / f"{name}-{inspect_ai.__version__}.{kind}"))
    print(name, kind, log.status, len(log.samples or []), file=sys.stderr)


if __name__ == "__main__":
    run("graded", "eval", 0.5)
    run("graded", "json", 0.5)
    run("failed", "eval", True)
