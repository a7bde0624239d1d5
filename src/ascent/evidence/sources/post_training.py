"""Scores of base models on grade-school mathematics under several ways of asking: what prompts and votes add.

Files    one model per row; columns of GSM8K by harness task, shots and the rule that reads the answer: zero-shot,
         eight worked examples, and the vote of five answers beside the first of them
Gives    `scores` on GSM8K, 500 questions. A vote and worked examples are techniques (`technique=...`); the same setting
         without one is what they are compared with. Columns of BBH are left out: they mix raw and rescaled scores
Source   Ruan, Maddison and Hashimoto 2024, Observational Scaling Laws, arXiv:2405.10938; github.com/ryoungj/ObsScaling,
         Apache 2.0. Training compute stands in the tables beside it
"""

from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "post-training evaluation of base models"
MODEL, BENCHMARK, ITEMS = "Model", "GSM8K", 500
VOTE = "gsm8k_cot_self_consistency_8_exact_match"
SETTINGS = {  # column -> setting; `line` names what belongs together
    f"{VOTE},score-first": "line=sampled",
    f"{VOTE},maj@5": "line=sampled; technique=vote of five answers",
    "gsm8k_cot_zeroshot_0_exact_match,flexible-extract": "line=worked out",
    "gsm8k_cot_8_exact_match,flexible-extract": "line=worked out; technique=eight worked examples",
}
ADDRESS = "https://github.com/ryoungj/ObsScaling"


def recognises(original: Original) -> bool:
    """True for a header with the vote of five answers."""
    return {MODEL, f"{VOTE},maj@5"} <= set(header_of(original) or ())


def read(original: Original, options: Options) -> Batch:
    """The scores; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require([MODEL, *SETTINGS])
    names = desk.text(MODEL, required=True)
    shares = {column: desk.share(column, unit="fraction") for column in SETTINGS}
    desk.finish()
    key = options.source or f"ObsScaling, {epoch.stem(original)}"
    scores: list[dict[str, Any]] = []
    lines: list[int] = []
    for column, setting in SETTINGS.items():
        for name, share, row in zip(names, shares[column], desk.table.lines, strict=True):
            if share is not None:
                scores.append(
                    {"model": name, "benchmark": BENCHMARK, "setting": setting, "score": share, "scale": "raw",
                     "unit": "fraction", "n": ITEMS, "relation": "independent", "source": key}
                )  # fmt: skip
                lines.append(row)
    credit: dict[str, Any] = {"source": key, "title": "Observational scaling laws, data", "address": ADDRESS}
    credit |= {"licence": "Apache 2.0", "redistributable": True}
    tables = epoch.tables(options, scores=scores, sources=[credit])
    return Batch(NAME, tables, desk.notes, desk.unused([MODEL, *SETTINGS]), {"scores": lines})
