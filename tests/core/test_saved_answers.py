"""A saved answer is read back whole, or refused in one sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ascent.analyses.capability_index import Params, run
from ascent.core.answer import load
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence


def edited(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "models.parquet").unlink(),
        lambda folder: (folder / "capability.vl.json").unlink(),
        lambda folder: shutil.copy(folder / "benchmarks.parquet", folder / "models.parquet"),
        edited("models.parquet", lambda content: content[:50]),
        edited("result.json", lambda content: content[:500]),
        edited("result.json", lambda _: b"{}"),
        edited("result.json", lambda _: b"[]"),
        edited("result.json", lambda content: content.replace(b'"format": 1', b'"format": 99')),
        lambda folder: (folder / "result.json").unlink(),
    ],
)
def test_damage_is_told_in_one_sentence(
    damage: Callable[[Path], object], tiny_evidence: Evidence, tmp_path: Path
) -> None:
    answer = run(tiny_evidence, Params(draws=0))
    answer.save(tmp_path)
    assert load(tmp_path).same(answer)
    damage(tmp_path)
    with pytest.raises(WrongUse, match=r"holds no|has the format 99"):
        load(tmp_path)
