"""Every Eval Ever: words that its reader and our export share."""

from typing import Any

VERSION = "0.3.0"  # of the schema that is written
NEWEST = (0, 3)  # major and minor of the newest schema that is read
RELATIONS = {"first_party": "first party", "third_party": "independent", "collaborative": "unknown", "other": "unknown"}
UNKNOWN = "unknown"  # what the format asks for where an organisation or tool is not known
OWN = "ascent."  # leads the keys under which an export keeps what the format has no field for
DERIVED = OWN + "derived"  # marks a mean that our export made of attempts, because every file needs a result

# Metrics that may stand for an evaluation, the likeliest first; others in the order of their names.
ORDER = ("accuracy", "exact_match", "exact-match", "pass_at_1", "pass-at-1", "pass@1", "pass_rate", "resolve_rate",
         "correct", "mean", "f1", "score")  # fmt: skip
HARNESSES = ("inspect_ai", "lm_eval", "lm-evaluation-harness", "helm", "crfm-helm", "lighteval")


def run_key(evaluation: str, name: str) -> str:
    """Key of one evaluation in one record: the same from the aggregate and from its samples."""
    return f"{evaluation} {name}"


def newer(version: Any) -> bool | None:
    """Whether a schema version is newer than what is read here; None where it is no version.

    >>> newer("0.2.2"), newer("instance_level_eval_0.3.0"), newer("0.4.0"), newer("soon")
    (False, False, True, None)
    """
    if not isinstance(version, str):
        return None
    parts = version.rsplit("_", 1)[-1].split(".")
    if len(parts) < 2 or not all(part.isdecimal() and len(part) < 6 for part in parts[:2]):
        return None
    return (int(parts[0]), int(parts[1])) > NEWEST
