"""What the lm-evaluation-harness calls things, in our words: metrics, models, runs."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ascent.evidence.sources import Original, epoch
from ascent.evidence.sources.known_benchmarks import known_benchmark

# Which of a task's metrics is its score: the first of these that it has. Public leaderboards run on the harness report
# acc_norm for the tasks in NORMALISED and mc2 for TruthfulQA, acc or exact_match elsewhere.
ORDER = ("acc", "exact_match", "em", "mc2", "pass@1", "pass_at_1", "prompt_level_strict_acc", "acc_norm", "f1", "mc1",
         "pct_stereotype")  # fmt: skip
NORMALISED = ("arc_challenge", "hellaswag", "leaderboard_bbh", "leaderboard_gpqa", "leaderboard_musr")
LOWER = ("ppl", "perplexity", "bits_per_byte", "word_perplexity", "byte_perplexity", "ter", "wer", "likelihood_diff",
         "brier_score")  # fmt: skip
# Tasks that are a known benchmark under another name: the same items, only asked in another way. Subsets, mixtures and
# translations are none of them (leaderboard_bbh has 24 of BBH's 27 tasks, leaderboard_gpqa is not the diamond set).
TASKS = {
    "arc_challenge": "ARC AI2",
    "arc_challenge_chat": "ARC AI2",
    "arc_easy": "ARC AI2 Easy",
    "lambada_openai": "LAMBADA",
    "gpqa_diamond_zeroshot": "GPQA diamond",
    "gpqa_diamond_n_shot": "GPQA diamond",
    "gpqa_diamond_cot_zeroshot": "GPQA diamond",
    "gpqa_diamond_cot_n_shot": "GPQA diamond",
    "gpqa_diamond_generative_n_shot": "GPQA diamond",
    "gsm8k_cot": "GSM8K",
    "gsm8k_cot_zeroshot": "GSM8K",
    "gsm8k_cot_llama": "GSM8K",
    "bbh_fewshot": "BBH",
    "bbh_zeroshot": "BBH",
    "bbh_cot_fewshot": "BBH",
    "bbh_cot_zeroshot": "BBH",
    "humaneval_instruct": "HumanEval",
    "minerva_math500": "MATH-500",
    "hendrycks_math500": "MATH-500",
    "aime24": "AIME 2024",
    "aime25": "AIME 2025",
    "leaderboard_math_hard": "MATH level 5",
    "leaderboard_mmlu_pro": "MMLU-Pro",
    "leaderboard_ifeval": "IFEval",
}
_SHARE = re.compile(
    r"acc(_.*)?|.*_acc|accuracy.*|exact(_match.*)?|em|f1(_.*)?|mc[12]|pass(@|_at_)\d+.*|HasAns_\w+|NoAns_\w+|best_\w+"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?", re.ASCII)
_NAMED = ("peft", "delta", "pretrained", "model", "path", "engine")  # arguments that name what is evaluated
_STEP = re.compile(r"step(\d{1,12})", re.ASCII)


def benchmark_of(task: str) -> str:
    """The benchmark a task asks: declared above, else known by its letters, else the task itself.

    >>> benchmark_of("arc_challenge"), benchmark_of("hellaswag"), benchmark_of("leaderboard_bbh")
    ('ARC AI2', 'HellaSwag', 'leaderboard_bbh')
    """
    return TASKS.get(task) or known_benchmark(task)


def main_metric(task: str, keys: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Of the (metric, filter) pairs of a task the one that counts as its score; `keys` must not be empty.

    >>> main_metric("hellaswag", [("acc", "none"), ("acc_norm", "none")])
    ('acc_norm', 'none')
    >>> main_metric("gsm8k", [("exact_match", "strict-match"), ("exact_match", "flexible-extract")])
    ('exact_match', 'flexible-extract')
    """
    order = ("acc_norm", *ORDER) if task.startswith(NORMALISED) else ORDER

    def rank(key: tuple[str, str]) -> tuple[int, bool, str, bool, str]:
        metric, filtered = key
        place = order.index(metric) if metric in order else len(order)
        return place, not is_share(metric), metric, filtered != "none", filtered

    return min(keys, key=rank)


def is_share(metric: str) -> bool:
    """Whether a metric of the harness is a share of items or of credit, from 0 to 1, by its name."""
    return _SHARE.fullmatch(metric) is not None


def lower_is_better(metric: str) -> bool:
    """What the name tells where the file does not."""
    return metric.startswith(LOWER)


def arguments(told: Any) -> dict[str, str]:
    """The `model_args` of a run, which older versions give as one text and newer ones as an object.

    >>> arguments("pretrained=EleutherAI/pythia-70m,revision=step1000,dtype=float16")["revision"]
    'step1000'
    """
    if isinstance(told, Mapping):
        return {str(key): str(value) for key, value in told.items() if isinstance(value, str | int | float | bool)}
    if not isinstance(told, str):
        return {}
    parts = [part.partition("=") for part in told.split(",")]
    return {key.strip(): value.strip() for key, _, value in parts if value}


def model_of(told: Mapping[str, str], named: str | None) -> tuple[str | None, str | None]:
    """Name of the evaluated model, and the revision of its weights where that is part of the name.

    The harness's `model` (hf, vllm, openai-completions) is what runs the model, not the model.

    >>> model_of({"pretrained": "EleutherAI/pythia-70m", "revision": "step1000"}, None)
    ('EleutherAI/pythia-70m@step1000', 'step1000')
    """
    name = named or next((told[key] for key in _NAMED if told.get(key)), None)
    revision = told.get("revision")
    if name is None or revision in (None, "", "None", "main"):
        return name, None
    return f"{name}@{revision}", revision


def step_of(revision: str | None) -> int | None:
    """The training step that a revision such as `step53000` names."""
    match = _STEP.fullmatch(revision or "")
    return int(match[1]) if match else None


def time_of(original: Original) -> str | None:
    """The time in the name of a results or samples file, which both files of a run share."""
    match = _TIME.search(original.name.rsplit("/", 1)[-1])
    return match[0] if match else None


def run_of(original: Original, task: str) -> str:
    """Key of the run of one task: the same from the results and from the samples of that run.

    A time to the microsecond tells runs apart wherever the files lie; a coarser one only inside its folder.
    """
    time = time_of(original)
    if time is None:
        return f"lm-eval {epoch.stem(original)}/{task}"
    folder = "" if "." in time or "/" not in original.name else original.name.rsplit("/", 2)[-2] + "/"
    return f"lm-eval {folder}{time}/{task}"
