"""LMArena: single votes of people between two answers, counted.

Files    JSON, JSON Lines or CSV with model_a, model_b, winner (model_a, model_b, tie, tie (bothbad))
Counts   for each pair of models the votes won by either, a tie being half a vote to each (`series`, so that a rating
         can be fitted), and for each model the share of its votes it won (`scores`, in a unit of its own: a share
         against whoever it met is no score on a benchmark and cannot enter an index)
Not kept conversations, languages, who voted; votes that a dataset marks as repeats (dedup_tag) are passed over
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ascent.core.numerals import shown
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.json_desk import JsonDesk
from ascent.evidence.sources.strict_json import document, kind, lines
from ascent.evidence.sources.text import header_of, read_csv

NAME = "LMArena votes"
WHO = "LMArena"
SERIES = "arena votes won"
UNIT = "share of votes"
NEEDED = ("model_a", "model_b", "winner")
WON = {"model_a": 1.0, "model_b": 0.0, "tie": 0.5, "tie (bothbad)": 0.5, "both_bad": 0.5}


def recognises(original: Original) -> bool:
    """True for rows with two models and a winner."""
    if set(NEEDED) <= set(header_of(original) or ()):
        return True
    start = original.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"[", b"{") and all(f'"{name}"'.encode() in original.data for name in NEEDED)


def read(original: Original, options: Options) -> Batch:
    """Votes by pair and shares by model; raises BadInput with every row that does not fit."""
    won: dict[tuple[str, str], float] = defaultdict(float)
    fought: Counter[tuple[str, str]] = Counter()
    days: list[str] = []
    skipped = 0
    desk = JsonDesk(original, options)
    csv = header_of(original) is not None
    for line, vote in _csv(original, options) if csv else _json(original, desk):
        if _repeat(vote):
            skipped += 1
            continue
        one, other = (desk.text(vote.get(name), name, required=True, line=line) for name in NEEDED[:2])
        winner = vote.get("winner")
        if not isinstance(winner, str) or winner not in WON:
            desk.problem("winner", shown(str(winner)), ", ".join(WON), "Correct the winner.", line)
        elif one == other and one is not None:
            desk.problem("model_b", f"the model {shown(one)} against itself", "two models", "Leave it out.", line)
        elif one and other:
            pair = (one, other) if one < other else (other, one)
            fought[pair] += 1
            won[pair] += WON[winner] if pair[0] == one else 1 - WON[winner]
        if day := desk.day(vote.get("tstamp"), "tstamp", line):
            days.append(day)
    desk.finish()
    if skipped:
        desk.note("info", "repeats", f"{skipped:,} votes marked as repeats were passed over.")
    own = options.source or f"{WHO}, {epoch.stem(original)}"
    day = max(days, default=None)
    pairs = sorted(fought)
    series = [
        {"series": SERIES, "entity": f"{a} over {b}", "date": day, "value": value, "unit": "votes",
         "note": f"of {fought[pair]:,} votes between the two, ties half", "source": own}
        for pair in pairs
        for a, b, value in ((*pair, won[pair]), (*pair[::-1], fought[pair] - won[pair]))
    ]  # fmt: skip
    shares: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for pair in pairs:
        for at, model in enumerate(pair):
            shares[model][0] += won[pair] if at == 0 else fought[pair] - won[pair]
            shares[model][1] += fought[pair]
    scores = [
        {"model": model, "benchmark": "Chatbot Arena votes", "score": wins / n, "scale": "raw", "unit": UNIT,
         "se": (wins / n * (1 - wins / n) / n) ** 0.5 or None, "n": int(n), "evaluated": day, "evaluator": WHO,
         "relation": "independent", "source": own}
        for model, (wins, n) in sorted(shares.items())
    ]  # fmt: skip
    sources = [{"source": own, "title": "LMArena votes", "address": "https://lmarena.ai"}]
    return Batch(NAME, epoch.tables(options, scores=scores, series=series, sources=sources), desk.notes)


def _repeat(vote: Mapping[str, Any]) -> bool:
    tag = vote.get("dedup_tag")
    return isinstance(tag, dict) and tag.get("sampled") is False


def _json(original: Original, desk: JsonDesk) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not original.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from lines(original)
        return
    for at, vote in enumerate(desk.listed(document(original), "the file"), 1):
        if isinstance(vote, dict):
            yield at, vote
        else:
            desk.problem(None, kind(vote), "an object", "Each entry of the list is one vote.", at)


def _csv(original: Original, options: Options) -> Iterator[tuple[int, Mapping[str, Any]]]:
    desk = Desk(read_csv(original, options), options)
    desk.require(NEEDED)
    desk.finish()
    columns = [desk.table.column(name) for name in NEEDED]
    stamps = desk.table.column("tstamp") if "tstamp" in desk.table.positions else [""] * len(desk)
    for line, *cells, stamp in zip(desk.table.lines, *columns, stamps, strict=True):
        yield line, {**dict(zip(NEEDED, (cell.strip() for cell in cells), strict=True)), "tstamp": stamp.strip()}
