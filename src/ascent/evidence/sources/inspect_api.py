"""Logs in a layout newer than the one known here, through Inspect's own reader where it is installed."""

import io
import json
from typing import Any

from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import Original


def read(original: Original, version: int) -> dict[str, Any]:
    """The whole log as Inspect's `read_eval_log` gives it, as plain values.

    Raises BadInput, with the version, where Inspect is not installed or cannot read it either.
    """
    try:
        from inspect_ai.log import read_eval_log
    except ImportError:
        mend = (
            "Install Inspect beside Ascent (`pip install inspect-ai`), whose own reader is then used, or update Ascent."
        )
        raise _newer(original, version, "versions 1 and 2", mend) from None
    try:
        with original.opened() as data:
            log = read_eval_log(io.BytesIO(data[:]), format="eval" if data[:2] == b"PK" else "json")
        value: dict[str, Any] = json.loads(log.model_dump_json(exclude_none=True))
    except Exception as error:  # whatever the other package makes of it
        found = f"what the installed Inspect can read (it says {type(error).__name__})"
        raise _newer(original, version, found, "Update the package inspect-ai.") from None
    return {**value, "version": version}


def _newer(original: Original, version: int, expected: str, mend: str) -> BadInput:
    found = f"a log of Inspect in version {shown(str(version), 20)} of its layout"
    return BadInput([Problem(original.name, found, expected, mend)])
