"""Stock of compute: the published H100-equivalents, order of converting and adding, shares, Stability's GPUs."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.estimates import compute_stock
from ascent.evidence.evidence import Evidence
from ascent.evidence.snapshot_reading import bundled
from ascent.forecast import montecarlo
from ascent.forecast.assumptions import given

KINDS = {  # input -> name in the published counts
    "a100": "A100", "a800": "A800", "h100": "H100", "h800": "H800", "h20": "H20", "b200": "B200", "b300": "B300",
    "tpu_v4": "TPU v4", "tpu_v4i": "TPU v4i", "tpu_v5e": "TPU v5e", "tpu_v5p": "TPU v5p", "tpu_v6e": "TPU v6e",
    "tpu_v7": "TPU v7", "trainium1": "Trainium1", "trainium2": "Trainium2", "mi250x": "Instinct MI250X",
    "mi300a": "Instinct MI300A", "mi300x": "Instinct MI300X", "mi308x": "Instinct MI308X", "mi325x": "Instinct MI325X",
    "mi350x": "Instinct MI350X", "mi355x": "Instinct MI355X",
}  # fmt: skip


def published(folder: Path) -> dict[str, tuple[float, float]]:
    """Units and H100-equivalents by kind at the end of 2025, medians."""
    counts = folder / "models" / "hardware" / "chip_counts_2026-04"
    found: dict[str, tuple[float, float]] = {}
    for name in ("nvidia_cumulative_by_chip", "tpu_cumulative_by_chip"):
        with (counts / f"{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["End date"] == "12/31/2025":
                    found[row["Chip type"]] = (
                        float(row["Number of units (median)"]), float(row["Compute estimate in H100e (median)"])
                    )  # fmt: skip
    for name in ("amd_chip_timelines", "trainium_chip_timelines"):
        with (counts / f"{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                units, worth = found.get(row["Chip type"], (0.0, 0.0))
                found[row["Chip type"]] = (
                    units + float(row["Number of Units"]), worth + float(row["Compute estimate in H100e (median)"])
                )  # fmt: skip
    return found


def test_every_kind_is_worth_what_the_counts_say(shared_data: Path, tiny_evidence: Evidence) -> None:
    theirs = published(shared_data)
    assert set(KINDS) == set(compute_stock.CHIPS) and set(KINDS.values()) == set(theirs)
    known = given(compute_stock.Params(), tiny_evidence).stated
    for name, kind in KINDS.items():
        units, worth = theirs[kind]
        assert known[name].point == pytest.approx(units)
        assert units * compute_stock.CHIPS[name][1] / compute_stock.H100 == pytest.approx(worth, rel=0.01), kind
    total = answer("compute-stock", tiny_evidence, draws=1024).value("total", "point")
    assert total == pytest.approx(sum(worth for _, worth in theirs.values()), rel=0.002)
    # The mutant: counting an H20 as an H100 is off by two thirds of a million.
    assert theirs["H20"][0] > 5 * theirs["H20"][1]


def test_converting_and_adding_is_independent_of_order(tiny_evidence: Evidence) -> None:
    built = compute_stock.model(given(compute_stock.Params(), tiny_evidence))
    sample = montecarlo.draws(built, 4096).values
    assert np.allclose(sample["total"], sample["total_of_rates"], rtol=1e-12, atol=0)
    assert np.allclose(sum(sample[name] for name in compute_stock.DESIGNERS), sample["total"], rtol=1e-12, atol=0)
    assert np.allclose(sum(sample[f"share_{name}"] for name in compute_stock.DESIGNERS), 1, rtol=1e-12, atol=0)
    assert np.allclose(sample["rate"], sample["total"] * 1.979e15, rtol=1e-12, atol=0)


def test_stability_as_told(tiny_evidence: Evidence) -> None:
    # Post on Stability AI, 2023: 5408 GPUs, up from 4000
    result = answer("compute-stock", tiny_evidence, draws=1024)
    assert result.value("growth", "point") == pytest.approx(1.352)
    assert result.value("owned", "point") == pytest.approx(5408 * 624 / 1979)
    newer = answer("compute-stock", tiny_evidence, draws=1024, kind="b200").value("owned", "point")
    assert newer == pytest.approx(5408 * 5000 / 1979)


def test_defaults_are_the_rows_of_the_bundled_evidence(tiny_evidence: Evidence) -> None:
    tables, label, day = bundled()
    held = given(compute_stock.Params(), Evidence(tables, label, day)).stated
    plain = given(compute_stock.Params(), tiny_evidence).stated
    assert sum(one.origin == "evidence" for one in held.values()) == 13
    for name, one in held.items():
        assert one.point == pytest.approx(plain[name].point), name
        assert one.shape.quantile(0.05) == pytest.approx(plain[name].shape.quantile(0.05)), name


def test_more_chips_more_compute_and_wrong_units_refused(tiny_evidence: Evidence) -> None:
    more = answer("compute-stock", tiny_evidence, draws=1024, b300="3e6..4e6").value("share_nvidia")
    assert more > answer("compute-stock", tiny_evidence, draws=1024).value("share_nvidia")
    with pytest.raises(WrongUse):
        answer("compute-stock", tiny_evidence, draws=1024, h100="4e6 H100e")
    with pytest.raises(WrongUse):
        answer("compute-stock", tiny_evidence, draws=1024, h100="-4e6")
