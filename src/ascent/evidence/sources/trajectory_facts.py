"""What is known of the benchmarks that training trajectories are scored on: items, chance, and who says so."""

from collections.abc import Iterable
from typing import Any

from ascent.evidence.sources.known_benchmarks import known_rows

OLMO_TASKS = {
    "arc_challenge": "ARC AI2",
    "arc_easy": "ARC AI2 Easy",
    "csqa": "CommonsenseQA",
    "socialiqa": "Social IQa",
    "mmlu_humanities": "MMLU humanities",
    "mmlu_other": "MMLU other",
    "mmlu_social_sciences": "MMLU social sciences",
    "mmlu_stem": "MMLU STEM",
}
# Items by task; each is also the smallest number of which every score in the published file is a multiple.
OLMO_ITEMS = {
    "arc_challenge_test_rc_5shot": 1172,
    "arc_challenge_val_rc_5shot": 299,
    "arc_easy_test_rc_5shot": 2376,
    "arc_easy_val_rc_5shot": 570,
    "boolq_val_rc_5shot": 3270,
    "csqa_val_rc_5shot": 1221,
    "hellaswag_val_rc_5shot": 10042,
    "mmlu_humanities_test_rc_5shot": 4705,
    "mmlu_humanities_val_rc_5shot": 518,
    "mmlu_other_test_rc_5shot": 3242,
    "mmlu_other_val_rc_5shot": 355,
    "mmlu_social_sciences_test_rc_5shot": 3077,
    "mmlu_social_sciences_val_rc_5shot": 337,
    "mmlu_stem_test_rc_5shot": 3018,
    "mmlu_stem_val_rc_5shot": 321,
    "openbookqa_test_rc_5shot": 500,
    "openbookqa_val_rc_5shot": 500,
    "piqa_val_rc_5shot": 1838,
    "socialiqa_val_rc_5shot": 1954,
    "winogrande_val_rc_5shot": 1267,
}
# benchmark: domain, items of the set commonly scored, chance, first published, paper
FACTS: dict[str, tuple[str, int | None, float, str, str]] = {
    "sciq": ("science", 1000, 0.25, "2017-07-19", "https://arxiv.org/abs/1707.06209"),
    "logiqa": ("reasoning", 651, 0.25, "2020-07-16", "https://arxiv.org/abs/2007.08124"),
    "wsc": ("language", 104, 0.5, "2019-05-02", "https://arxiv.org/abs/1905.00537"),
    "CommonsenseQA": ("knowledge", 1221, 0.2, "2018-11-02", "https://arxiv.org/abs/1811.00937"),
    "Social IQa": ("reasoning", 1954, 1 / 3, "2019-04-22", "https://arxiv.org/abs/1904.09728"),
    "MMLU humanities": ("knowledge", 4705, 0.25, "2020-09-07", "https://arxiv.org/abs/2009.03300"),
    "MMLU other": ("knowledge", 3242, 0.25, "2020-09-07", "https://arxiv.org/abs/2009.03300"),
    "MMLU social sciences": ("knowledge", 3077, 0.25, "2020-09-07", "https://arxiv.org/abs/2009.03300"),
    "MMLU STEM": ("science", 3018, 0.25, "2020-09-07", "https://arxiv.org/abs/2009.03300"),
}
FAMILIES = {  # tasks of one collection by how their names begin
    "hendrycksTest": ("knowledge", None, 0.25, "2020-09-07", "https://arxiv.org/abs/2009.03300"),
    "mmlu_mean57": ("knowledge", 14042, 0.25, "2020-09-07", "https://arxiv.org/abs/2009.03300"),
    "blimp_": ("language", 1000, 0.5, "2019-12-02", "https://arxiv.org/abs/1912.00582"),
}
ADDRESSES = {
    "EleutherAI, Pythia": "https://github.com/EleutherAI/pythia",
    "Allen Institute for AI, OLMo ladder": "https://github.com/allenai/OLMo-ladder",
}


def fact_rows(names: Iterable[str]) -> list[dict[str, Any]]:
    """Rows of `benchmarks` for those of these names that something is known of.

    >>> [(row["benchmark"], row["chance"]) for row in fact_rows(["sciq", "blimp_island", "HellaSwag", "my own"])]
    [('HellaSwag', 0.25), ('blimp_island', 0.5), ('sciq', 0.25)]
    """
    listed = sorted(set(names))
    rows = known_rows(listed)
    told = {row["benchmark"] for row in rows}
    for name in listed:
        family = next((facts for start, facts in FAMILIES.items() if name.startswith(start)), None)
        facts = FACTS.get(name) or family
        if facts is None or name in told:
            continue
        domain, items, chance, released, paper = facts
        rows.append(
            {"benchmark": name, "released": released, "domain": domain, "items": items, "chance": chance,
             "ceiling": 1.0, "unit": "fraction", "higher_is_better": True, "source": paper}
        )  # fmt: skip
    return rows


def origin_rows(where: str, source: str, papers: Iterable[str]) -> list[dict[str, Any]]:
    """Rows of `sources` for the file itself and for the papers its facts are from."""
    origin = {"source": source, "title": f"{where}: scores of training checkpoints", "address": ADDRESSES[where]}
    rows: list[dict[str, Any]] = [{**origin, "licence": "Apache 2.0", "redistributable": True}]
    return rows + [{"source": one, "title": one, "address": one} for one in sorted(papers) if one.startswith("http")]
