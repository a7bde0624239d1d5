"""Any history of additions, removals, restorations and decisions gives what its living files give when read afresh."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ascent.core.tables import Table
from ascent.evidence.exporting import content
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.evidence.store import Store

FILES = 5


class Histories(RuleBasedStateMachine):
    """A store, and beside it the plain list of what should count."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.store = Store(self.home / "store")
        self.added: dict[int, str] = {}  # record: file or alias
        self.removed: set[int] = set()
        for i in range(FILES):
            rows = [
                {"model": f"M{j}", "benchmark": "B", "score": (i % 3) / 10, "unit": "fraction", "source": "s"}
                for j in range(i, i + 3)
            ]
            self._write(f"{i}.csv", "scores", rows)

    def _write(self, name: str, table: str, rows: list[dict[str, object]]) -> None:
        (self.home / name).write_bytes(content(table, Table.from_rows(TABLES[table], rows), "csv"))

    def _living(self) -> list[str]:
        return [name for record, name in self.added.items() if record not in self.removed]

    @rule(i=st.integers(0, FILES - 1))
    def add(self, i: int) -> None:
        done = self.store.add([self.home / f"{i}.csv"])
        if f"{i}.csv" in self._living():
            assert done.record is None
        else:
            assert done.record is not None
            self.added[done.record] = f"{i}.csv"

    @precondition(lambda self: not any(name == "alias.csv" for name in self._living()))
    @rule()
    def accept(self) -> None:
        record = self.store.accept("M1", "M2", "model", "R")
        row = {"alias": "M1", "refers_to": "M2", "kind": "model", "reviewed_by": "R", "source": "review"}
        self._write("alias.csv", "aliases", [row])
        self.added[record.sequence] = "alias.csv"

    @precondition(lambda self: self._living())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        record = data.draw(st.sampled_from([record for record in self.added if record not in self.removed]))
        self.store.remove(str(record))
        self.removed.add(record)

    @precondition(lambda self: self.removed)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        record = data.draw(st.sampled_from(sorted(self.removed)))
        if self.added[record] in self._living():
            return  # the same file was added again meanwhile
        self.store.restore(str(record))
        self.removed.discard(record)

    @rule()
    def lose_the_derived_tables(self) -> None:
        shutil.rmtree(self.store.derived, ignore_errors=True)

    @invariant()
    def is_what_its_living_files_are(self) -> None:
        living = self._living()
        assert self.store.empty() == (not living)
        if living:
            fresh = open_evidence([self.home / name for name in living])
            assert self.store.evidence().fingerprint == fresh.fingerprint
            assert len(self.store.records()) >= len(self.added)

    def teardown(self) -> None:
        shutil.rmtree(self.home)


Histories.TestCase.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
TestHistories = Histories.TestCase
