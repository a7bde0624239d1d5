"""From the bytes of an Inspect log to its header and its attempts, opening no more than is needed.

The header decides first: version, status, what was planned. Then the summaries give each attempt's scores, tokens,
error and limit. Transcripts are opened only where the summaries lack something: those of older versions have no usage,
and a run that was cut off may have samples that no summary tells of. Files in JSON hold everything in one value.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ascent.core.errors import BadInput, Problem
from ascent.evidence.sources import Original, inspect_api, strict_json
from ascent.evidence.sources.inspect_rows import (
    Row,
    Sample,
    condensed,
    listed,
    of_row,
    parts,
    rejoined,
    samples,
    together,
)
from ascent.evidence.sources.inspect_samples import plain, summary, values, whole_text
from ascent.evidence.sources.inspect_zip import Archive

KNOWN = (1, 2)  # versions of the layout
OURS = "ascent"  # where a stripped log says how it was read when it was whole
WAYS = ("summaries", "samples", "both", "reductions", "header")
STATUSES = ("success", "error", "cancelled", "started")
TOGETHER = 10_000  # samples that are opened and decoded in one go
_SAMPLE = re.compile(r"samples/.+_epoch_\d+(?:/sample)?\.json", re.DOTALL).fullmatch  # one file, or one of chunks
_NUMBER = re.compile(r"(\d+)\.json$")


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
    twice     members of the archive that have the name of a later one, which counts
    """

    header: Row
    attempts: list[Sample] | None
    way: str
    opened: int = 0
    missing: int = 0
    reduced: bool = False
    cut: bool = False
    twice: int = 0

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
        return _of_json(original)
    with original.opened() as data:
        archive = Archive.opened(original.name, data, partial=partial)
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
        return replace(log, cut=archive.cut, twice=archive.twice)


def _through_inspect(original: Original, header: Row) -> Log:
    log = inspect_api.read(original, header["version"])
    return _inline(original, log, _slowly(log))


def _of_json(original: Original) -> Log:
    """A log in JSON: its samples quickly where that is possible, all of it by the slower reader where it is not."""
    if (found := parts(original.data)) is not None:
        inner = listed(found.pop("samples", b"[]"))
        texts = [condensed(part) if (part := parts(bytes(one))) else None for one in inner or ()]
        whole = [text for text in texts if text is not None]
        rows = samples(together(whole)) if len(whole) == len(texts) else None
        if inner is not None and rows is not None:
            header = plain(values(rejoined(found), original.name))
            return _inline(original, header, rows) if _known(original, header) else _through_inspect(original, header)
    header = plain(values(original.data, original.name))
    if not _known(original, header):
        return _through_inspect(original, header)
    return _inline(original, header, _slowly(header))


def _slowly(log: Row) -> list[Sample]:
    """The samples inside a log that was read as plain values."""
    told = log.pop("samples", None)
    listed_ = told if isinstance(told, list) else []
    scores = plain(log.get("results")).get("scores")
    first = plain(scores[0]) if isinstance(scores, list) and scores else plain(plain(log.get("results")).get("scorer"))
    name = str(first.get("name") or "score")
    return [summary(sample, name) for sample in listed_ if isinstance(sample, dict)]


def _inline(original: Original, log: Row, found: list[Sample]) -> Log:
    """A log with its samples inside, as JSON files and Inspect's own reader give it."""
    header = _sound(original, log)
    before = plain(log.get(OURS))
    if not found:
        return _as_read(_reduced(header, log.get("reductions")), before)
    rows = list(_last(found).values())
    return _as_read(Log(header, rows, "samples", len(rows), _lacking(header, len(rows))), before)


def _as_read(log: Log, before: Row) -> Log:
    """A log that was stripped: it was read from elsewhere before."""
    if not before:
        return log
    told: dict[str, Any] = {
        name: before[name] for name in ("opened", "missing", "twice") if type(before.get(name)) is int
    }
    told |= {name: before[name] is True for name in ("reduced", "cut") if name in before}
    told |= {"way": before["way"]} if before.get("way") in WAYS else {}
    return replace(log, **told)


def _from_members(original: Original, archive: Archive, header: Row) -> Log:
    header = _sound(original, header)
    rows: dict[str, Sample] = {}
    for name in _summaries(archive):
        rows |= _last(_rows(archive, name))
    # A summary that tells too little is as none.
    little = [name for name, row in rows.items() if row.scores is None or row.model_usage is None]
    told = rows.keys() - little if little else rows.keys()
    named = {name.removesuffix(".json").removesuffix("/sample"): name for name in archive.entries.keys() - told}
    places = {name: place for place, name in enumerate(archive.entries)} if len(named) > 1 else {}
    lacking = [name for key, name in named.items() if key + ".json" not in told and _SAMPLE(name)]
    needed = sorted(lacking, key=places.__getitem__) if places else lacking
    for start in range(0, len(needed), TOGETHER):
        rows |= _last(_whole(archive, needed[start : start + TOGETHER]))
    if not rows:
        return _reduced(header, _member(archive, "reductions.json") if "reductions.json" in archive.entries else None)
    way = "summaries" if not needed else "samples" if len(needed) == len(rows) else "both"
    return Log(header, list(rows.values()), way, opened=len(needed), missing=_lacking(header, len(rows)))


def _whole(archive: Archive, names: Sequence[str]) -> list[Sample]:
    """The attempts in samples that have to be opened."""
    found: list[Sample] = []
    texts: list[bytes] = []
    for name in names:
        data = archive.read(name)
        if (part := parts(data)) is not None and (text := condensed(part)) is not None:
            texts.append(text)
        else:
            found.append(summary(plain(values(data, f"{archive.file}/{name}"))))
    quick = samples(together(texts))
    if quick is None:  # what is common to all of them, such as an unknown field, is rather read one by one
        return [summary(plain(_member(archive, name))) for name in names]
    return [*quick, *found]


def _reduced(header: Row, reductions: Any) -> Log:
    """A log without samples. With one epoch the reduced score of an item is its only attempt's."""
    listed_ = [one for one in reductions or () if isinstance(one, dict)] if isinstance(reductions, list) else []
    if not listed_:
        return Log(header, None, "header")
    if header["eval"]["config"].get("epochs") not in (None, 1):
        return Log(header, None, "header", reduced=True)
    rows: dict[str, Sample] = {}
    for one in listed_:
        for score in one["samples"] if isinstance(one.get("samples"), list) else ():
            if isinstance(score, dict) and score.get("sample_id") is not None:
                scores = {str(one.get("scorer")): score}
                judged = of_row({"id": score["sample_id"], "epoch": 1, "scores": scores})
                row = rows.setdefault(str(score["sample_id"]), judged)
                (row.scores or {}).update(judged.scores or {})
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


def _rows(archive: Archive, name: str) -> list[Sample]:
    data = archive.read(name)
    if (quick := samples(data)) is not None:
        return quick
    value = values(data, f"{archive.file}/{name}")
    if not isinstance(value, list):
        raise _shape(f"{archive.file}/{name}", f"{strict_json.kind(value)} in place of a list", "Copy it again.")
    for row in value:
        if not isinstance(row, dict):
            raise _shape(f"{archive.file}/{name}", f"{strict_json.kind(row)} in place of a summary", "Copy it again.")
    return [of_row(row) for row in value]


def _last(rows: Iterable[Sample]) -> dict[str, Sample]:
    """By the name of its sample's file; of several rows of one the last: a sample run again stands after its first."""
    return {f"samples/{row.id}_epoch_{row.epoch}.json": row for row in rows}


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
