"""Which settings are efforts: how long a model may think, told apart from everything else about an evaluation.

Effort is told in a setting (`effort=high; thinking_tokens=32000; solver=agent`), in the model's name (`GPT-5 (high)`),
or by blanks alone: Artificial Analysis writes `Claude 4.5 Haiku` and, thinking, `Claude 4.5Haiku`.
"""

import re

from ascent.measure.factor_matrix import plain_model

KEYS = ("effort", "reasoning_effort", "thinking", "thinking_tokens", "thinking_budget", "reasoning", "mode", "budget")
UNTOLD = "as it comes"
NOT_THINKING = {"none", "no thinking", "non-thinking", "nonthinking", "non-reasoning", "off", "n/a", "no", "0"}
_TAIL = re.compile(
    r"\s*\((?:(?:non-)?reasoning|thinking|adaptive|minimal|low|medium|high|xhigh|max|none|effort|[,\s])+\)$",
    re.IGNORECASE,
)


def split_setting(setting: str) -> tuple[str, str]:
    """What a setting tells of effort, and all else it tells.

    >>> split_setting("effort=high; solver=agent"), split_setting("thinking_tokens=32000"), split_setting("")
    (('high', 'solver=agent'), ('32000 thinking tokens', ''), ('', ''))
    """
    effort, rest = [], []
    for part in filter(None, (piece.strip() for piece in setting.split(";"))):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key.lower() in KEYS:
            effort.append(f"{value} thinking tokens" if key.lower() == "thinking_tokens" else value)
        else:
            rest.append(part)
    return ", ".join(sorted(effort)), "; ".join(sorted(rest))


def split_name(name: str) -> tuple[str, str]:
    """A model's name without its effort, and the effort.

    >>> split_name("GPT-5(medium)"), split_name("Claude Sonnet 4.6(Non-reasoning,Low Effort)"), split_name("GPT-4o")
    (('GPT-5', 'medium'), ('Claude Sonnet 4.6', 'Non-reasoning,Low Effort'), ('GPT-4o', ''))
    """
    plain = _TAIL.sub("", name) or name
    plain = plain if plain != name else plain_model(name)
    return plain, name[len(plain) :].strip(" ()_[]") if plain != name else ""


def key_of(name: str) -> str:
    """Letters and digits of a name without its effort: names that differ in blanks or hyphens alone are one model's.

    >>> key_of("Claude 4.5Haiku") == key_of("Claude 4.5 Haiku"), key_of("GPT-5 (high)")
    (True, 'gpt5')
    """
    plain = split_name(name)[0].casefold()
    return "".join(c for c in plain if c.isalnum()) or plain


def thinks(effort: str) -> bool:
    """Whether an effort asks for thinking at all.

    >>> thinks("high"), thinks("Non-reasoning"), thinks("")
    (True, False, False)
    """
    words = [part.strip() for part in effort.casefold().split(",") if part.strip()]
    return bool(words) and not any(word in NOT_THINKING or word.startswith("non-") for word in words)
