"""One reader per file format; each turns bytes into rows of the schema and corrects nothing.

A reader is a module of this folder with

    NAME = "epoch index matrix"            # what people call the format
    def recognises(original: Original) -> bool      # by content, cheap, never by suffix alone
    def read(original: Original, options: Options) -> Batch   # raises BadInput with every problem at once
    RANK = 1                                # only where formats overlap: of the takers the highest reads (default 0)
    STORED = True                           # only where `read` opens files on the disk itself: `Original.opened`
    def stripped(original: Original, options: Options) -> Original   # only where files hold what nobody should keep:
                                            # the same file without it, which `read` reads alike and a store keeps

Adding the file adds the format: `readers()` lists the folder.
"""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import ModuleType

from ascent.core.answer import Note
from ascent.core.files import sha256
from ascent.core.tables import Table
from ascent.evidence.stored import Pages, Stored


@dataclass(frozen=True)
class Original:
    """The bytes of one file as they came, with the name people know it by (a label only, never a path to open)."""

    name: str  # "eci_benchmarks.csv", or "benchmark_data.zip/gpqa_diamond.csv" for an archive's member
    data: bytes
    stored: Stored | None = None  # a log on the disk, of which `data` is only the beginning

    def opened(self) -> AbstractContextManager[bytes | Pages]:
        """All bytes, by `[start:end]`; raises BadInput where a file on the disk cannot be read or changes meanwhile."""
        return self.stored.opened() if self.stored else nullcontext(self.data)

    def sha256(self) -> str:
        """Hexadecimal SHA-256 of all bytes."""
        return self.stored.sha256() if self.stored else sha256(self.data)


@dataclass(frozen=True)
class Options:
    """What a user said explicitly where a file alone does not decide; None means: ask by refusing."""

    decimal: str | None = None  # "," or "."
    delimiter: str | None = None
    encoding: str | None = None
    date_format: str | None = None  # "day/month/year", "month/day/year", "year-month-day"
    unit: str | None = None  # of scores: "fraction", "percent", "points of 10"
    source: str | None = None  # who says so, where the file does not tell
    published: str | None = None
    model: str | None = None  # whose results they are, where a file has no column for it
    partial: bool = False  # take also logs of runs that did not end well


@dataclass(frozen=True)
class Batch:
    """What one file says, in the schema's columns; `notes` are flags to show, `unused` columns kept but not read.

    rows  by table: the file's row (header = 1) behind each row of the table, for those readers that know
    """

    reader: str
    tables: Mapping[str, Table]
    notes: tuple[Note, ...] = ()
    unused: tuple[str, ...] = field(default=())
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


def readers() -> list[ModuleType]:
    """Every reader of this folder, imported; modules without NAME are shared tools of the readers."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return [module for module in modules if hasattr(module, "NAME")]
