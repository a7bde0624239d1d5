"""Scenarios: inputs of an estimate set together, each with its reason, in a small TOML file; and two side by side.

estimate = "digital-workers"
title = "Serving as in 2023"
reason = "What the same chips did before batching improved."

[set]
utilization = "0.02..0.1"
active_parameters = { value = "100e9..300e9", reason = "larger dense models" }
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from ascent.core.answer import Note, Prepared, Result, Spec
from ascent.core.draws import MASS
from ascent.core.errors import UnknownName, WrongUse
from ascent.core.params import Knob
from ascent.core.tables import Column, Table
from ascent.forecast.assumptions import stated
from ascent.forecast.estimate import Estimate
from ascent.forecast.wording import MIXED, amount, brief, counted, phrase, span

KEYS = {"estimate", "title", "reason", "set"}
ENDS = ((1 - MASS) / 2, 0.5, (1 + MASS) / 2)
DEFAULT = "default"
SAME = "the same"


@dataclass(frozen=True)
class Change:
    """One input set, and why."""

    text: str
    reason: str


@dataclass(frozen=True)
class Scenario:
    """Inputs that belong together.

    name     of the file, without its suffix
    changes  input -> what it is set to
    """

    name: str
    estimate: str
    title: str
    reason: str
    changes: Mapping[str, Change]

    def values(self, knobs: Iterable[Knob]) -> dict[str, Any]:
        """The changes as values of the estimate's knobs; raises as `read` does."""
        by_name = {knob.name: knob for knob in knobs}
        return {name: by_name[name].parse(change.text) for name, change in self.changes.items()}


def usual(estimate: str) -> Scenario:
    """The scenario that changes nothing."""
    return Scenario(DEFAULT, estimate, "Published inputs", "", {})


def packaged(estimate: str = "") -> dict[str, Path]:
    """Scenarios that come with the package, by name; of one estimate, or of all."""
    folder = Path(str(files("ascent"))) / "estimates" / "scenarios"
    found = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if not estimate:
        return found
    return {name: path for name, path in found.items() if _load(path).get("estimate") == estimate}


def locate(name: str, estimate: str = "") -> Path:
    """The file a user means by a path or by the name of a packaged scenario; raises UnknownName."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    known = packaged()
    if name in known:
        return known[name]
    if path.suffix == ".toml" or len(path.parts) > 1:
        raise WrongUse(f"There is no file {path}. Packaged scenarios: {', '.join(packaged(estimate)) or 'none'}.")
    some = packaged(estimate) if estimate else known
    there = f"{estimate or 'The package'} has {', '.join(some) or 'none of its own'}"
    raise UnknownName(
        "scenario", name, some, f"{there}; a file of yours is named by its path (its form: ascent estimate --help)."
    )


def about(path: Path) -> str:
    """The estimate that a scenario belongs to, read from its file alone; raises WrongUse where it names none."""
    told = _load(path).get("estimate")
    if not isinstance(told, str) or not told:
        raise _wrong(
            path, "estimate", "nothing", "the name of an estimate", 'Add a line: estimate = "digital-workers".'
        )
    return told.replace("_", "-")


def read(path: Path, estimate: str, knobs: Sequence[Knob]) -> Scenario:
    """Read a scenario of one estimate and check every key of it.

    knobs  what the estimate can be asked

    Raises WrongUse, which names the file, the key, what was found, what was expected and how to mend it.
    """
    told = _load(path)
    if extra := sorted(set(told) - KEYS):
        raise _wrong(path, extra[0], "a key nobody reads", ", ".join(sorted(KEYS)), "Inputs stand under [set].")
    if (whose := about(path)) != estimate:
        raise _wrong(path, "estimate", f"'{whose}'", f"'{estimate}'", f"Ask: ascent estimate {whose} --scenario {path}")
    for key in ("title", "reason"):
        if not isinstance(told.get(key), str) or not told[key].strip():
            raise _wrong(path, key, "nothing" if key not in told else repr(told[key]), "some words in quotes",
                         f'Add a line: {key} = "..."')  # fmt: skip
    setting = told.get("set")
    if not isinstance(setting, dict) or not setting:
        raise _wrong(path, "set", "nothing", "at least one input", 'Add lines: [set] and, say, price = "2..4".')
    by_name = {knob.name: knob for knob in knobs}
    changes = {}
    for name, value in setting.items():
        key = name.replace("-", "_")
        if key not in by_name:
            unknown = UnknownName("input", name, by_name, f"ascent describe {estimate} shows all.")
            raise _wrong(path, f"set.{name}", f"'{name}'", "an input of the estimate", str(unknown))
        changes[key] = _change(path, by_name[key], name, value, told["reason"])
    return Scenario(path.stem, estimate, told["title"].strip(), told["reason"].strip(), changes)


def _change(path: Path, knob: Knob, name: str, value: Any, common: str) -> Change:
    key, reason = f"set.{name}", ""
    if isinstance(value, dict):
        if extra := sorted(set(value) - {"value", "reason"}):
            raise _wrong(path, f"{key}.{extra[0]}", "a key nobody reads", "value and reason", "Remove it.")
        if "value" not in value:
            raise _wrong(
                path, key, "no value", "value and reason", f'Write {name} = {{ value = "...", reason = "..." }}.'
            )
        reason, value = str(value.get("reason", "")).strip(), value["value"]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if not isinstance(value, str | int | float):
        raise _wrong(path, key, f"a {type(value).__name__}", "text or a number", f'Write {name} = "5..20".')
    text = str(value).strip()
    try:
        stated(knob, text) if knob.assumed else knob.parse(text)
    except WrongUse as wrong:
        raise _wrong(path, key, f"'{text}'", f"a value of {name}", str(wrong)) from None
    return Change(text, reason or common.strip())


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, "the whole file", str(error), "TOML", "Text stands in quotes, inputs under [set].") from None
    except RecursionError:
        raise _wrong(
            path, "the whole file", "brackets nested without end", "TOML", "Inputs stand under [set]."
        ) from None
    except UnicodeDecodeError:
        raise _wrong(path, "the whole file", "bytes that are no UTF-8", "UTF-8 text", "Save it as UTF-8.") from None


def _wrong(path: Path, key: str, found: str, expected: str, mend: str) -> WrongUse:
    return WrongUse(f"{path} · {key}: found {found}; expected {expected}. {mend}")


def explained(answer: Result, scenario: Scenario) -> Result:
    """The same answer, with the scenario's reasons where its inputs' sources stand."""
    assert isinstance(answer, Prepared)  # estimates are, and answers read back
    table = answer.prepared["inputs"]
    rows = []
    for row in table.rows():
        change = scenario.changes.get(str(row["input"]))
        told = change is not None and change.text == row["text"]
        rows.append(row | {"source": f"scenario {scenario.name}: {change.reason}"} if told and change else row)
    note = Note("info", "scenario", f"{scenario.title} ({scenario.name}): {scenario.reason}")
    prepared = {**answer.prepared, "inputs": Table.from_rows(table.columns, rows, table.note)}
    return replace(answer, prepared=prepared, notes=(note, *answer.notes))


@dataclass(frozen=True)
class Comparison(Prepared):
    """Scenarios side by side: the main table `comparison` has a row per output and scenario."""

    built: Mapping[str, Spec] | None = None

    def charts(self) -> dict[str, Spec]:
        return dict(self.built or {})


def compare(answers: Sequence[tuple[Scenario, Estimate]]) -> Comparison:
    """Scenarios of one estimate side by side, each against the first.

    answers  with the same seed and number of draws: an input that both leave alone then has the same draws in both,
             so that the ratio and the difference vary by what was changed alone

    Raises WrongUse for fewer than two, or for answers with different draws.
    """
    if len(answers) < 2:
        raise WrongUse("A comparison takes two scenarios; name another with --scenario, or add --compare.")
    first, base = answers[0]
    main = str(base.prepared["results"]["output"][0]) if len(base.prepared["results"]) else ""
    rows = []
    for scenario, answer in answers:
        for row, before in zip(answer.prepared["results"].rows(), base.prepared["results"].rows(), strict=True):
            name = str(row["output"])
            one = {key: row[key] for key in ("output", "meaning", "low", "mid", "high", "unit", "point")}
            rows.append({**one, "scenario": scenario.name, "title": scenario.title})
            if scenario is not first:
                ours, theirs = answer.drawn[name], base.drawn[name]
                if ours.shape != theirs.shape:
                    raise WrongUse(
                        f"The scenarios have {len(ours):,} and {len(theirs):,} draws; ask both for the same."
                    )
                rows[-1] |= _against(np.asarray(ours), np.asarray(theirs))
                rows[-1] |= {f"{key}_ratio": _ratio(row[key], before[key]) for key in ("mid", "point")}
    made = {"comparison": Table.from_rows(_COMPARISON, rows), "inputs": _inputs(answers)}
    params = {**base.manifest.params, "scenarios": {
        scenario.name: {name: change.text for name, change in scenario.changes.items()} for scenario, _ in answers
    }}  # fmt: skip
    manifest = replace(base.manifest, params=params)
    notes = [note for _, answer in answers for note in answer.notes if note.about == "monte-carlo"][:1]
    picture = {"comparison": _picture(rows, main, manifest)} if main else {}
    return Comparison(manifest, _sentence(rows, main, answers), made, tuple(notes), picture)


def _against(ours: Any, theirs: Any) -> dict[str, float]:
    """Difference and ratio draw by draw, each with its interval; the ratio only where both keep one sign.

    Of events (draws of 0 and 1) the difference of their shares, which sums the draws up and so has no interval.
    """
    if np.isin(ours, (0, 1)).all() and np.isin(theirs, (0, 1)).all():
        return {"difference": float((ours - theirs).mean())}
    with np.errstate(all="ignore"):
        found = dict(zip(("difference_low", "difference", "difference_high"), _ends(ours - theirs), strict=True))
        if (np.nanmin(theirs) > 0 and np.nanmin(ours) >= 0) or (np.nanmax(theirs) < 0 and np.nanmax(ours) <= 0):
            found |= dict(zip(("ratio_low", "ratio", "ratio_high"), _ends(ours / theirs), strict=True))
    return found


def _ends(draws: Any) -> list[float]:
    seen = draws[np.isfinite(draws)]
    return [float(f"{end:.12g}") for end in np.quantile(seen, ENDS)] if len(seen) else [float("nan")] * 3


def _ratio(one: Any, two: Any) -> float | None:
    return None if one is None or not two else float(f"{float(one) / float(two):.12g}")


def _inputs(answers: Sequence[tuple[Scenario, Estimate]]) -> Table:
    """The inputs that differ between any two, a row for each scenario."""
    tables = [{str(row["input"]): row for row in answer.prepared["inputs"].rows()} for _, answer in answers]
    rows = []
    for name in tables[0]:
        if len({table[name]["text"] for table in tables}) == 1:
            continue
        for (scenario, _), table in zip(answers, tables, strict=True):
            row, change = table[name], scenario.changes.get(name)
            reason = change.reason if change else row["source"]
            keys = ("input", "meaning", "text", "low", "mid", "high", "unit")
            rows.append(
                {key: row[key] for key in keys}
                | {"scenario": scenario.name, "reason": reason, "set": change is not None}
            )
    settings = {name for scenario, _ in answers for name in scenario.changes} - set(tables[0])
    for name in sorted(settings):  # ordinary knobs, such as a route
        for scenario, answer in answers:
            change = scenario.changes.get(name)
            rows.append({"input": name, "scenario": scenario.name, "text": str(answer.manifest.params[name]),
                         "reason": change.reason if change else None, "set": change is not None})  # fmt: skip
    return Table.from_rows(_INPUTS, rows)


def _sentence(rows: Sequence[Mapping[str, Any]], main: str, answers: Sequence[tuple[Scenario, Estimate]]) -> str:
    if not main:
        return f"{len(answers)} scenarios side by side; the answer runs along an axis, see the tables."
    told = [row for row in rows if row["output"] == main]
    meaning, unit = str(told[0]["meaning"]), str(told[0]["unit"] or "")
    parts = [f"{row['title']}: {phrase(row['low'], row['mid'], row['high'], unit, named=place == 0)}"
             for place, row in enumerate(told)]  # fmt: skip
    return f"{meaning[0].upper()}{meaning[1:]}. {'; '.join(parts)}. {told[-1]['title']} is {against_first(told[-1])}."


def against_first(row: Mapping[str, Any]) -> str:
    """How a row of `comparison` stands to the first scenario, in words; empty for the first itself."""
    unit = str(row.get("unit") or "")
    if row.get("ratio") is not None and np.isfinite(row["ratio"]) and row.get("mid_ratio") and unit != "date":
        low, high = row["ratio_low"], row["ratio_high"]
        if low == high == 1.0:
            return SAME
        return f"{amount(row['mid_ratio'], 'x')} the first (draw by draw {span(low, high, 'x', row['ratio'])})"
    if row.get("difference") is None:
        return ""
    low, mid, high = row["difference_low"], row["difference"], row["difference_high"]
    if low == mid == high == 0.0:
        return SAME
    gap, ends = amount(abs(mid), unit), span(low, high, unit, mid)
    if counted(unit).startswith("%"):  # 7 % against 18 % is not 11 % more
        gap, ends = gap.replace(" %", " percentage points", 1), ends.removesuffix(" %")
    return f"{gap} {'more' if mid >= 0 else 'less'} (draw by draw {ends})"


def _picture(rows: Sequence[Mapping[str, Any]], main: str, manifest: Any) -> Spec:
    from ascent.core import charts
    from ascent.forecast.pictures import form, wide

    told = [row for row in rows if row["output"] == main]
    unit = str(told[0]["unit"] or "")
    shown = [
        {"scenario": row["title"], **{end: row[end] for end in ("low", "mid", "high")},
         "told": f"{brief(row['mid'], unit)} ({span(row['low'], row['high'], unit, row['mid'])})"} for row in told
    ]  # fmt: skip
    columns = (Column("scenario"), *(Column(end, "number") for end in ("low", "mid", "high")), Column("told"))
    return charts.outcomes(
        Table.from_rows(columns, shown), label="scenario", mid="mid", low="low", high="high", value="told",
        title=f"{told[0]['meaning'][0].upper()}{told[0]['meaning'][1:]}", manifest=manifest, axis=counted(unit),
        note=f"Dots are medians, bars {MASS:.0%} intervals.", form=form(unit),
        log=wide([row[end] for row in told for end in ("low", "mid", "high")]),
    )  # fmt: skip


def _triple(stem: str, unit: str, help: str) -> tuple[Column, ...]:
    return (Column(f"{stem}_low", "number", unit), Column(stem, "number", unit, help),
            Column(f"{stem}_high", "number", unit))  # fmt: skip


_COMPARISON = (
    Column("output"), Column("meaning"), Column("scenario"), Column("title"), Column("low", "number", MIXED),
    Column("mid", "number", MIXED), Column("high", "number", MIXED), Column("unit"), Column("point", "number", MIXED),
    *_triple("ratio", "x", "over the first scenario, draw by draw"),
    Column("mid_ratio", "number", "x", "of the medians"), Column("point_ratio", "number", "x", "of the central values"),
    *_triple("difference", MIXED, "from the first scenario, draw by draw"),
)  # fmt: skip
_INPUTS = (
    Column("input"), Column("meaning"), Column("scenario"), Column("text"), Column("low", "number", MIXED),
    Column("mid", "number", MIXED), Column("high", "number", MIXED), Column("unit"),
    Column("set", "flag", help="whether the scenario sets it"),
    Column("reason", help="why it is set, or where its default comes from"),
)  # fmt: skip
