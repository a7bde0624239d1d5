"""From the bytes of an Inspect log to its header and its attempts, opening no more than is needed.

The header decides first: version, status, what was planned. Then the summaries give each attempt's scores, tokens,
error and limit. Transcripts are opened only where the summaries lack something: those of older versions have no usage,
and a run that was cut off may have samples that no summary tells of. Files in JSON hold everything in one value.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ascent.core.errors import BadInput, Problem
from ascent.evidence.sources import Original, inspect_api, strict_json
from ascent.evidence.sources.inspect_samples import Row, plain, summary, values, whole_text
from ascent.evidence.sources.inspect_zip import Archive

KNOWN = (1, 2)  # versions of the layout
OURS = "ascent"  # where a stripped log says how it was read when it was whole
WAYS = ("summaries", "samples", "both", "reductions", "header")
STATUSES = ("success", "error", "cancelled", "started")
SUMMARISED = {"scores", "model_usage"}  # what a summary must tell, or its sample is opened
_SAMPLE = re.compile(r"samples/.+_epoch_\d+(?:/sample)?\.json", re.DOTALL).fullmatch  # one file, or one of chunks
_NUMBER = re.compile(r"(\d+)\.json$")

Key = tuple[str, int]  # id and epoch of a sample


@dataclass(frozen=True)
class Log:
    """One log.

    header    version, status, eval, plan, results, stats, error, as Inspect names them
    attempts  one per sample and epoch, with the fields of a summary; None where the log holds none
    way       where they were read, one of WAYS; "header" for none
    opened    how many samples were opened for them
    missing   attempts that the results count and the log does not hold
    reduced   whether only scores reduced over several epochs are left of them
    cut       whether the file ends too early
    """

    header: Row
    attempts: list[Row] | None
    way: str
    opened: int = 0
    missing: int = 0
    reduced: bool = False
    cut: bool = False

    @property
    def spec(self) -> Row:
        """What was to be run."""
        found: Row = self.header["eval"]
        return found


def opened(original: Original, *, partial: bool = False) -> Log:
    """The log in a `.eval` or JSON file.

    partial  whether a file that was cut off is to be read as far as it is whole
    Raises BadInput for damage, for other layouts, and for versions nobody here can read.
    """
    if original.data[:2] != b"PK":
        header = plain(values(original.data, original.name))
        return _inline(original, header) if _known(original, header) else _through_inspect(original, header)
    archive = Archive.opened(original.name, original.data, partial=partial)
    if "header.json" in archive.entries:
        header = plain(_member(archive, "header.json"))
    elif "_journal/start.json" in archive.entries:
        header = {"status": "started", **plain(_member(archive, "_journal/start.json"))}
    else:
        raise _shape(original.name, "a log without its header", "Copy or download it again.")
    if not _known(original, header):
        return _through_inspect(original, header)
    log = _from_members(original, archive, header)
    archive.check()
    return replace(log, cut=archive.cut)


def _through_inspect(original: Original, header: Row) -> Log:
    return _inline(original, inspect_api.read(original, header["version"]))


def _inline(original: Original, log: Row) -> Log:
    """A log with its samples inside, as JSON files and Inspect's own reader give it."""
    samples = log.pop("samples", None)
    header = _sound(original, log)
    before = plain(log.get(OURS))
    if not samples or not isinstance(samples, list):
        return _as_read(_reduced(header, log.get("reductions")), before)
    scores = header["results"]["scores"]
    name = str(scores[0].get("name") or "score") if scores else "score"
    rows = list(_last(summary(sample, name) for sample in samples if isinstance(sample, dict)).values())
    return _as_read(Log(header, rows, "samples", len(rows), _lacking(header, len(rows))), before)


def _as_read(log: Log, before: Row) -> Log:
    """A log that was stripped: it was read from elsewhere before."""
    if not before:
        return log
    told: dict[str, Any] = {name: before[name] for name in ("opened", "missing") if type(before.get(name)) is int}
    told |= {name: before[name] is True for name in ("reduced", "cut") if name in before}
    told |= {"way": before["way"]} if before.get("way") in WAYS else {}
    return replace(log, **told)


def _from_members(original: Original, archive: Archive, header: Row) -> Log:
    header = _sound(original, header)
    rows = _last(row for name in _summaries(archive) for row in _rows(archive, name))
    needed = _needed(archive, rows)
    for name in needed:
        sample = summary(plain(_member(archive, name)))
        rows[_key(sample)] = sample
    if not rows:
        return _reduced(header, _member(archive, "reductions.json") if "reductions.json" in archive.entries else None)
    way = "summaries" if not needed else "samples" if len(needed) == len(rows) else "both"
    return Log(header, list(rows.values()), way, opened=len(needed), missing=_lacking(header, len(rows)))


def _needed(archive: Archive, rows: Mapping[Key, Row]) -> list[str]:
    """The samples that no summary tells of, or whose summary tells too little."""
    told = {f"samples/{item}_epoch_{epoch}" for (item, epoch), row in rows.items() if row.keys() >= SUMMARISED}
    named = {name.removesuffix(".json").removesuffix("/sample"): name for name in archive.entries if _SAMPLE(name)}
    return [name for key, name in named.items() if key not in told]


def _reduced(header: Row, reductions: Any) -> Log:
    """A log without samples. With one epoch the reduced score of an item is its only attempt's."""
    listed = [one for one in reductions or () if isinstance(one, dict)] if isinstance(reductions, list) else []
    if not listed:
        return Log(header, None, "header")
    if header["eval"]["config"].get("epochs") not in (None, 1):
        return Log(header, None, "header", reduced=True)
    rows: dict[str, Row] = {}
    for one in listed:
        for score in one["samples"] if isinstance(one.get("samples"), list) else ():
            if isinstance(score, dict) and score.get("sample_id") is not None:
                row = rows.setdefault(str(score["sample_id"]), {"id": score["sample_id"], "epoch": 1, "scores": {}})
                row["scores"][str(one.get("scorer"))] = score
    return Log(header, list(rows.values()), "reductions", missing=_lacking(header, len(rows)))


def _known(original: Original, header: Row) -> bool:
    """Whether the layout is one of those known here; raises BadInput where it says no version that could be newer."""
    version = header.setdefault("version", 1)
    if type(version) is int and version > max(KNOWN):
        return False
    if type(version) is not int or version not in KNOWN:
        raise _shape(original.name, f"a log of version {strict_json.kind(version)}", "Check where the file comes from.")
    return True


def _sound(original: Original, header: Row) -> Row:
    """A header whose status and subject are there, and whose parts have their shape, empty where they have not."""
    spec = header["eval"] = plain(header.get("eval"))
    if header.get("status") not in STATUSES:
        found = f"the status {strict_json.kind(header.get('status'))}"
        raise _shape(original.name, found, "Check where the file comes from.")
    for name in ("task", "model"):
        if not isinstance(spec.get(name), str) or not spec[name].strip():
            raise _shape(original.name, f"a log that does not say its {name}", "Check where the file comes from.")
        spec[name] = whole_text(spec[name])
    for name in ("plan", "results", "stats"):
        header[name] = plain(header.get(name))
    results = header["results"]
    scorer = results.get("scorer")
    if isinstance(scorer, dict) and "scores" not in results:  # version 1 had one scorer, with its metrics beside it
        metrics = results.get("metrics") or scorer.get("metrics")
        results["scores"] = [{**scorer, "scorer": scorer.get("name"), "metrics": metrics}]
    for inner, name in ((spec, "scorers"), (results, "scores")):
        listed = inner.get(name)
        inner[name] = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    spec["config"] = plain(spec.get("config"))
    return header


def _summaries(archive: Archive) -> list[str]:
    """The members that hold summaries: one for a finished log, one per flush, in their order, for one that is not."""
    if "summaries.json" in archive.entries:
        return ["summaries.json"]
    return sorted(archive.below("_journal/summaries/"), key=_flush)


def _flush(name: str) -> int:
    found = _NUMBER.search(name)
    return int(found[1][:18]) if found else 0


def _rows(archive: Archive, name: str) -> Iterator[Row]:
    value = _member(archive, name)
    if not isinstance(value, list):
        raise _shape(f"{archive.file}/{name}", f"{strict_json.kind(value)} in place of a list", "Copy it again.")
    for row in value:
        if not isinstance(row, dict):
            raise _shape(f"{archive.file}/{name}", f"{strict_json.kind(row)} in place of a summary", "Copy it again.")
        if type(row.get("scores", {})) is not dict:
            row["scores"] = {}
        if type(row.get("model_usage", {})) is not dict:
            row["model_usage"] = {}
        yield row


def _last(rows: Iterable[Row]) -> dict[Key, Row]:
    """Of several rows of one sample and epoch the last: a sample that was run again stands after its first try."""
    return {_key(row): row for row in rows}


def _key(row: Mapping[str, Any]) -> Key:
    epoch = row.get("epoch")
    return str(row.get("id")), epoch if type(epoch) is int else 1


def _lacking(header: Row, found: int) -> int:
    """How many attempts the results count that are nowhere in the log."""
    results = header["results"]
    if results.get("early_stopping"):
        return 0
    planned = results.get("logged_samples") or results.get("total_samples")
    return max(0, planned - found) if type(planned) is int else 0


def _member(archive: Archive, name: str) -> Any:
    return values(archive.read(name), f"{archive.file}/{name}")


def _shape(name: str, found: str, mend: str) -> BadInput:
    return BadInput([Problem(name, found, "a log as Inspect writes it", mend)])
