"""What HELM calls things, in our words: runs by their folder, benchmarks, models and metrics by the name of the run."""

from collections.abc import Iterable
from dataclasses import dataclass

from ascent.evidence.sources import Original
from ascent.evidence.sources.known_benchmarks import known_benchmark

# Which of a run's metrics is its score: the first that it has. Those made for one kind of task come first; then, as in
# HELM's own lists of main metrics, quasi_exact_match or f1_score where the scenario's answers are free text.
ORDER = (
    "final_number_exact_match", "chain_of_thought_correctness", "ifeval_strict_accuracy", "math_equiv_chain_of_thought",
    "math_equiv", "exact_match_indicator", "exact_match", "quasi_exact_match", "prefix_exact_match",
    "quasi_prefix_exact_match", "pass", "code_eval_acc", "f1_score", "RR@10", "rouge_2", "bleu_4",
)  # fmt: skip
FIRST = {
    "f1_score": ("narrative_qa", "natural_qa", "quac"),
    "quasi_exact_match": ("boolq", "imdb", "civil_comments", "raft"),
}
RIGHT_OR_WRONG = frozenset(ORDER[:10])  # what one answer gets is 0 or 1
_ADAPTER = frozenset(
    {"method", "model_deployment", "data_augmentation", "max_train_instances", "num_train_trials", "num_outputs",
     "temperature", "stop", "global_prefix", "instructions", "format_instructions", "output_format_instructions",
     "chatml", "prompt", "eval_split", "groups", "suite", "follow_format_instructions"}
)  # fmt: skip


@dataclass(frozen=True)
class RunName:
    """scenario is the first word; benchmark is None where the folder was given another name than HELM's."""

    scenario: str
    benchmark: str | None
    model: str | None
    setting: dict[str, str]


def folder_of(original: Original) -> str | None:
    """The run's folder as the file's name has it, which is the key of the run; None for a file without its folder."""
    folder, _, _ = original.name.rpartition("/")
    return folder or None


def named(run: str) -> RunName:
    """What the name of a run says; in it the slash of a model's name is written as `_`.

    >>> found = named("mmlu:subject=philosophy,method=multiple_choice_joint,model=openai_gpt2")
    >>> found.benchmark, found.model, found.setting
    ('mmlu:subject=philosophy', 'openai/gpt2', {'method': 'multiple_choice_joint'})
    >>> named("commonsense:dataset=hellaswag,model=a_b").benchmark, named("my-run").model
    ('HellaSwag', None)
    """
    scenario, _, rest = run.rsplit("/", 1)[-1].partition(":")
    told: dict[str, str] = {}
    last = ""
    for part in rest.split(",") if rest else ():
        key, equals, value = part.partition("=")
        if equals:
            last = key
            told[key] = value
        elif last:
            told[last] += f",{part}"  # a comma inside a value
    model = told.pop("model", None)
    if model is None:
        return RunName(scenario, None, None, {})
    setting = {key: told.pop(key) for key in list(told) if key in _ADAPTER}
    if scenario == "commonsense" and set(told) == {"dataset"}:
        benchmark = told["dataset"]
    else:
        benchmark = scenario + (":" + ",".join(f"{key}={value}" for key, value in told.items()) if told else "")
    return RunName(scenario, known_benchmark(benchmark), model if "/" in model else model.replace("_", "/", 1), setting)


def main_metric(scenario: str, metrics: Iterable[str]) -> str | None:
    """Of the metrics of a run the one that counts as its score; None where none of the known ones is there.

    >>> main_metric("mmlu", ["quasi_exact_match", "exact_match"]), main_metric("boolq", ["exact_match", "f1_score"])
    ('exact_match', 'exact_match')
    """
    there = set(metrics)
    preferred = [metric for metric, scenarios in FIRST.items() if scenario in scenarios]
    return next((metric for metric in (*preferred, *ORDER) if metric in there), None)
