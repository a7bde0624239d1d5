"""Evidence that a published result needs: named values have to be there, among any others."""

from ascent.checks.replication_form import Need
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def evidence(*runs: str) -> Evidence:
    rows = [{"training_run": run, "benchmark": "B", "score": 0.5} for run in runs]
    return Evidence({"checkpoints": Table.from_rows(TABLES["checkpoints"], rows)}, "made up", "")


def test_all_named_values_are_needed_and_others_do_not_disturb() -> None:
    need = Need("two runs", "", table="checkpoints", holds={"training_run": ["a", "b"]})
    assert need.met(evidence("a", "b")) and need.met(evidence("c", "b", "a"))
    assert not need.met(evidence("a", "c")) and not need.met(evidence())
