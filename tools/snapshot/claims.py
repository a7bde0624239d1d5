"""Which of the claims found go in: no repeats, each model at its best setting, at most two settings of one paper."""

from collections import defaultdict
from collections.abc import Iterable

from snapshot.reading import Row

LADDER = {"none": 0.0, "minimal": 1.0, "": 1.5, "low": 2.0, "medium": 3.0, "high": 4.0, "on": 4.0, "xhigh": 5.0}


def distinct(found: Iterable[Row]) -> list[Row]:
    """Without repeats of one claim: equal score, settings that do not disagree, same day where both tell."""
    rank = {"first party": 0, "independent": 1, "unknown": 2}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(
        found, key=lambda r: (rank[r["relation"]], -len(r["setting"]), str(r["published"]), r["version"])
    ):
        said = dict(part.split("=", 1) for part in row["setting"].split("; ") if part)
        row["said"] = said
        kept = groups[row["model"], row["benchmark"]]
        if not any(
            abs(row["score"] - other["score"]) < 0.0006
            and all(other["said"].get(key, value) == value for key, value in said.items())
            and (row["evaluator"] == other["evaluator"] or row["relation"] == "unknown")
            and (not row.get("evaluated") or not other.get("evaluated") or row["evaluated"] == other["evaluated"])
            for other in kept
        ):
            kept.append(row)
    return [row for group in groups.values() for row in group]


def strongest(found: list[Row]) -> list[Row]:
    """Of a ladder of reasoning efforts that one evaluator tried in one set-up, the highest rung.

    A model here is a system at its best setting, as in Epoch's index: with every rung kept, the median of a cell
    would measure how many low settings somebody tried. A model that reasons elsewhere is not judged by a test where
    nobody let it (effort none or minimal).
    """
    best: dict[tuple[str, ...], float] = {}
    reasons: set[str] = set()
    for row in found:
        said = dict(row["said"])
        word = said.pop("effort", "") or said.pop("thinking", "")
        row["rung"] = 3 + int(word[:-1]) / 100 if word.endswith("K") else LADDER.get(word, 6.0)
        rest = ";".join(f"{key}={value}" for key, value in sorted(said.items()))
        if row["rung"] >= LADDER["low"]:
            reasons.add(row["model"])
        row["ladder"] = (row["model"], row["benchmark"], row["evaluator"], rest)
        best[row["ladder"]] = max(best.get(row["ladder"], 0.0), row["rung"])
    return [
        row
        for row in found
        if row["rung"] == best[row["ladder"]] and (row["rung"] > LADDER["minimal"] or row["model"] not in reasons)
    ]


def thinned(found: list[Row], papers: set[str]) -> list[Row]:
    """Papers often report one model at many shots, or repeat others' figures: two settings and two repeats suffice.

    Of one paper's claims about a cell, those with the fewest and the most shots stay; of figures that papers give
    for other people's models, the newest stays (the two newest where nobody else measured that cell).
    """
    kept = [row for row in found if row["source"] not in papers]
    cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        if row["source"] in papers:
            cells[row["model"], row["benchmark"]].append(row)
    measured = {(row["model"], row["benchmark"]) for row in found if row["relation"] != "unknown"}
    for cell, claims in cells.items():
        chosen: list[Row] = []
        for source in dict.fromkeys(row["source"] for row in claims):
            mine = sorted((row for row in claims if row["source"] == source), key=shot_count)
            chosen += mine[:1] + mine[1:][-1:]
        others = sorted((row for row in chosen if row["relation"] == "unknown"), key=lambda row: str(row["published"]))
        kept += [row for row in chosen if row["relation"] != "unknown"] + others[-1 if cell in measured else -2 :]
    return kept


def shot_count(row: Row) -> tuple[float, str, float]:
    shots = row["said"].get("shots", "")
    return {"": -1.0, "few": 4.0}.get(shots) or float(shots or 0), row["version"], row["score"]
