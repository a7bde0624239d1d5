"""What an Inspect run was set to: who served which model, with which solver, effort and sampling.

Only names and numbers of a fixed list are taken; arguments, prompts and addresses never are.
"""

from typing import Any

from ascent.evidence.sources.inspect_opening import Log
from ascent.evidence.sources.inspect_samples import plain, whole_text

SETTINGS = {
    "reasoning_effort": "effort",
    "reasoning_tokens": "thinking_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "max_tokens": "max_tokens",
}
LIMITS = {
    "token_limit": "tokens",
    "message_limit": "messages",
    "turn_limit": "turns",
    "time_limit": "seconds",
    "working_limit": "working seconds",
    "cost_limit": "USD",
}
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
LONGEST = 80  # characters of the name of a solver


def model_of(name: str) -> str:
    """The model of `provider/model`, the last part.

    >>> model_of("openai/gpt-4o"), model_of("openrouter/anthropic/claude-3.5-sonnet"), model_of("gpt-4o")
    ('gpt-4o', 'claude-3.5-sonnet', 'gpt-4o')
    """
    return name.rstrip("/").rsplit("/", 1)[-1]


def provider_of(name: str) -> str | None:
    """Everything before the model.

    >>> provider_of("openai/gpt-4o"), provider_of("openrouter/anthropic/claude-3.5-sonnet"), provider_of("gpt-4o")
    ('openai', 'openrouter/anthropic', None)
    """
    return name.rstrip("/").rpartition("/")[0] or None


def config(log: Log) -> dict[str, Any]:
    """How the model was to generate: as the model was made, overruled by the run."""
    of_model, of_run = plain(log.spec.get("model_generate_config")), plain(log.header["plan"].get("config"))
    return {**of_model, **{name: value for name, value in of_run.items() if value is not None}}


def setting(log: Log, epochs: int | None) -> str | None:
    """`key=value; key=value` of what makes two runs of one model differ."""
    told, said = config(log), []
    for name, key in SETTINGS.items():
        value = told.get(name)
        if value in EFFORTS if name == "reasoning_effort" else type(value) in (int, float):
            said.append(f"{key}={value}")
    if solver := scaffold(log):
        said.append(f"solver={solver}")
    if provider := provider_of(log.spec["model"]):
        said.append(f"provider={provider}")
    if epochs and epochs > 1:
        said.append(f"epochs={epochs}")
    return "; ".join(said) or None


def scaffold(log: Log) -> str | None:
    """The names of the solvers, in their order."""
    steps = log.header["plan"].get("steps")
    named = [plain(step).get("solver") for step in steps] if isinstance(steps, list) else []
    names = [name for name in named if isinstance(name, str) and 0 < len(name) <= LONGEST and ";" not in name]
    return whole_text(" + ".join(names)) or None


def seed(log: Log) -> str | None:
    """The seed of sampling."""
    value = config(log).get("seed")
    return str(value) if type(value) is int and abs(value) < 1 << 64 else None


def limits(log: Log) -> str | None:
    """What every attempt was held to."""
    told = log.spec["config"]
    said = [f"{unit}={told[name]}" for name, unit in LIMITS.items() if type(told.get(name)) in (int, float)]
    return "; ".join(said) or None
