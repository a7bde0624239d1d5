"""The shape of an answer: a sentence, tables, charts, warnings and a manifest; saved to a folder, loaded back equal."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from ascent import __version__
from ascent.core.errors import UnknownName, WrongUse
from ascent.core.files import atomic_write
from ascent.core.tables import Column, Table

if TYPE_CHECKING:
    import polars as pl

FORMAT = 1  # of saved answers
Spec = dict[str, Any]  # a Vega-Lite chart as data


class Evidenced(Protocol):
    """What a manifest needs to know of evidence."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def as_of(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Note:
    """A warning or a diagnosis in words a reader can act on.

    level  "info" (worth knowing), "warning" (changes how far to trust it), "bound" (an estimate is only a bound)
    about  short key, the same in every run: "convergence", "connectivity", "duplicates"
    """

    level: Literal["info", "warning", "bound"]
    about: str
    text: str


@dataclass(frozen=True)
class Manifest:
    """What an answer was made from; `seconds` is told but never compared or printed into results."""

    question: str
    params: Mapping[str, Any]
    fingerprint: str  # of the evidence
    as_of: str  # ISO date up to which evidence was admitted
    evidence: str  # in words: where it came from
    version: str = __version__
    seed: int = 0
    seconds: float = field(default=0.0, compare=False)

    @classmethod
    def stamp(cls, question: str, params: Any, evidence: Evidenced) -> Self:
        """The manifest of answering `question` (a module's __name__ or a name) with `params` on `evidence`."""
        values = asdict(params)
        name = question.rsplit(".", 1)[-1].replace("_", "-")
        seed = int(values.get("seed", 0))
        return cls(name, values, evidence.fingerprint, evidence.as_of, evidence.label, seed=seed)


class Result(ABC):
    """What every question returns. Subclasses are frozen dataclasses with a `manifest` field."""

    manifest: Manifest

    @abstractmethod
    def headline(self) -> str:
        """A sentence with the number and its interval, true as stated."""

    @abstractmethod
    def sheets(self) -> dict[str, Table]:
        """Every table of the answer by name, the main one first, columns with units and `low, mid, high`."""

    @abstractmethod
    def charts(self) -> dict[str, Spec]:
        """Every chart by name, as Vega-Lite built from `sheets()`."""

    @abstractmethod
    def diagnostics(self) -> list[Note]:
        """Convergence, identifiability and warnings."""

    def stable(self) -> dict[str, Any]:
        """What scripts may rely on under names of its own at the top of the JSON, beside the generic parts."""
        return {}

    def tables(self) -> "dict[str, pl.DataFrame]":
        """The sheets as polars frames."""
        return {name: sheet.frame() for name, sheet in self.sheets().items()}

    def timed(self, seconds: float) -> Self:
        """The same answer, with the time it took in its manifest."""
        return replace(self, manifest=replace(self.manifest, seconds=seconds))  # type: ignore[type-var]  # all are dataclasses

    def record(self) -> dict[str, Any]:
        """The answer without tables' rows and charts as plain JSON data (what `result.json` holds)."""
        return {
            **finite(self.stable()),
            "format": FORMAT,
            "stable": list(self.stable()),
            "headline": self.headline(),
            "diagnostics": [asdict(note) for note in self.diagnostics()],
            "manifest": {**asdict(self.manifest), "params": dict(self.manifest.params)},
            "tables": {
                name: {"columns": [asdict(column) for column in sheet.columns], "note": sheet.note}
                for name, sheet in self.sheets().items()
            },
            "charts": list(self.charts()),
        }

    def json(self) -> str:
        """The whole answer with its rows, for scripts; the same bytes for the same evidence and seed."""
        record = self.record()
        del record["manifest"]["seconds"], record["charts"], record["stable"]
        for name, sheet in self.sheets().items():
            record["tables"][name]["rows"] = list(sheet.rows())
        return json.dumps(finite(record), indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def save(self, folder: Path) -> None:
        """Write `result.json`, one Parquet file per table and one `.vl.json` per chart into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.tables().items():
            import io

            buffer = io.BytesIO()
            frame.write_parquet(buffer)
            atomic_write(folder / f"{name}.parquet", buffer.getvalue())
        for name, spec in self.charts().items():
            atomic_write(folder / f"{name}.vl.json", json.dumps(finite(spec), indent=1, ensure_ascii=False) + "\n")
        # Last, so that a folder with a result.json is a whole answer.
        atomic_write(folder / "result.json", json.dumps(self.record(), indent=1, ensure_ascii=False) + "\n")

    def same(self, other: "Result") -> bool:
        """Whether two answers say the same: sentence, tables, charts, warnings and manifest."""
        return (
            self.headline() == other.headline()
            and self.sheets() == other.sheets()
            and self.charts() == other.charts()
            and self.diagnostics() == other.diagnostics()
            and self.manifest == other.manifest
        )


def finite(value: Any) -> Any:
    """The same plain data with nothing where a number is infinite or none: JSON knows neither.

    >>> finite({"a": [1.0, float("inf")], "b": float("nan")})
    {'a': [1.0, None], 'b': None}
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(one) for key, one in value.items()}
    return [finite(one) for one in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class Prepared(Result):
    """An answer whose sentence, tables and warnings `run` worked out; a question adds its `charts`.

    prepared  every table by name, the main one first
    """

    manifest: Manifest
    sentence: str
    prepared: Mapping[str, Table]
    notes: tuple[Note, ...] = ()

    def headline(self) -> str:
        return self.sentence

    def sheets(self) -> dict[str, Table]:
        return dict(self.prepared)

    def diagnostics(self) -> list[Note]:
        return list(self.notes)

    def value(self, output: str, column: str = "mid") -> float:
        """One number of an estimate's table `results`; raises UnknownName for an output or column it has not."""
        table = self.prepared.get("results")
        outputs = [str(name) for name in table["output"]] if table else []
        if table is None or output not in outputs:
            raise UnknownName("result", output, outputs)
        if column not in table.names:
            raise UnknownName("column", column, table.names)
        found = table[column][outputs.index(output)]
        return float("nan") if found is None else float(found)


@dataclass(frozen=True)
class SavedResult(Prepared):
    """An answer read back from a folder."""

    saved_charts: Mapping[str, Spec] = field(default_factory=dict)
    saved_stable: Mapping[str, Any] = field(default_factory=dict)

    def charts(self) -> dict[str, Spec]:
        return dict(self.saved_charts)

    def stable(self) -> dict[str, Any]:
        return dict(self.saved_stable)


def load(folder: Path) -> SavedResult:
    """Read an answer saved with `Result.save`; raises WrongUse where the folder holds none, or not the whole of it."""
    path = folder / "result.json"
    if not path.exists():
        raise WrongUse(f"{folder} holds no saved answer: result.json is missing.")
    try:
        record = json.loads(path.read_text("utf-8"))
        if record["format"] != FORMAT:
            raise WrongUse(f"{path} has the format {record['format']}, this version reads {FORMAT}: ask again.")
        return _loaded(folder, record)
    except WrongUse:
        raise
    except Exception as error:  # whatever kind of damage: files missing, torn, or of another answer
        raise WrongUse(f"{folder} holds no whole answer ({error}): ask again and save it anew.") from error


def _loaded(folder: Path, record: dict[str, Any]) -> SavedResult:
    import polars as pl

    sheets = {}
    for name, described in record["tables"].items():
        columns = tuple(Column(**column) for column in described["columns"])
        frame = pl.read_parquet(folder / f"{name}.parquet")
        data = {column.name: frame[column.name].to_list() for column in columns}
        sheets[name] = Table(columns, data, described["note"])
    charts = {name: json.loads((folder / f"{name}.vl.json").read_text("utf-8")) for name in record["charts"]}
    notes = tuple(Note(**note) for note in record["diagnostics"])
    stable = {name: record[name] for name in record.get("stable", ())}
    return SavedResult(Manifest(**record["manifest"]), record["headline"], sheets, notes, charts, stable)
