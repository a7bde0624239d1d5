"""The reader of model tables: drifting column names on made-up text, the four real vintages, the cost tables."""

from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, epoch_hub, epoch_models

OLD = """\ufeffModel,Domain,Organization,Publication date,Parameters,Training compute (FLOP),\
Training compute lower bound,Training compute upper bound,Training dataset size (datapoints),\
Hardware utilization,Country (from Organization)
"Larch 2
",Language,"Grove,Meadow,Grove",2025-03-14,70B,2e25,1e25,5e25,1.4T,0.4,"France,Germany,France"
,,Grove,2024,,,,,,,France
Larch 1,"Language,Vision",Grove,2024-05,24000000000.0,9.504e+22,,,,72,France
"""
NEW = """Model,Organization,Publication date,Training compute (FLOP),Country (of organization),\
Training dataset size (gradients),Training compute cost (2023 USD),Frontier model,Hardware utilization (MFU)
Larch 2,Grove,2025-03-14,2e25,France,1400000000000,$6770000.00,True,0.38
Larch 1,Grove,2024-05-01,25,France,"22602,22900",,,
"""


def read(text: str, name: str = "all_ai_models.csv") -> Batch:
    original = Original(name, text.encode())
    assert epoch_models.recognises(original) and not epoch_hub.recognises(original)
    return epoch_models.read(original, Options())


def models(batch: Batch) -> list[dict[str, Any]]:
    return list(batch.tables["models"].rows())


def test_an_old_table_is_read_under_its_old_names() -> None:
    batch = read(OLD)
    first, second = models(batch)
    assert (first["model"], first["organization"], first["country"]) == ("Larch 2", "Grove, Meadow", "France, Germany")
    assert (first["parameters"], first["tokens"], first["utilization"]) == (7e10, 1.4e12, 0.4)
    assert [first[f"training_compute_flop{end}"] for end in ("_low", "", "_high")] == [1e25, 2e25, 5e25]
    assert (second["released"], second["domain"], second["utilization"]) == ("2024-05", "Language, Vision", None)
    assert batch.rows["models"] == [2, 5]  # the first name holds a line end, the second row has no name
    told = " ".join(note.text for note in batch.notes)
    assert "1 of 3 rows have no model name" in told
    assert "row 5: Hardware utilization is 72, which is no share" in told


def test_a_new_table_is_read_under_its_new_names() -> None:
    batch = read(NEW, "notable_ai_models.csv")
    first, second = models(batch)
    assert (first["country"], first["tokens"], first["utilization"]) == ("France", 1.4e12, 0.38)
    assert (first["training_cost_usd"], first["training_cost_year"], first["frontier"]) == (6.77e6, 2023, True)
    assert (second["tokens"], second["training_cost_usd"], second["training_cost_year"]) == (None, None, None)
    told = {note.about: note.text for note in batch.notes}
    assert "22602,22900" in told["left out"]
    assert "every pass" in told["tokens"] and "tokens" not in {note.about for note in read(OLD).notes}
    assert "row 3" in told["magnitude"]  # 25 beside 2e25: perhaps a logarithm


def test_bounds_that_do_not_hold_their_value_and_repeated_names_are_flagged() -> None:
    text = OLD.replace("2e25", "2e26").replace("Larch 1", "Larch 2")
    told = {note.about: note.text for note in read(text).notes}
    assert "row 2" in told["interval"] and "Larch 2" in told["repeated"]


@pytest.mark.parametrize(
    ("text", "old", "new", "row", "column"),
    [
        (OLD, "2e25", "2e25 FLOP/s", 2, "Training compute (FLOP)"),
        (OLD, "2025-03-14", "14/03/2025", 2, "Publication date"),
        (OLD, "70B", "seventy", 2, "Parameters"),
        (NEW, "$6770000.00", "€6770000.00", 2, "Training compute cost (2023 USD)"),
        (NEW, "True", "perhaps", 2, "Frontier model"),
        (NEW, "0.38", "-0.38", 2, "Hardware utilization (MFU)"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(text: str, old: str, new: str, row: int, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text.replace(old, new, 1))
    assert [(problem.file, problem.row, problem.column) for problem in refused.value.problems] == [
        ("all_ai_models.csv", row, column)
    ]


def test_cost_tables_give_a_cost_and_its_alternatives() -> None:
    text = "Model,Cloud_Cost,Hardware_Acquisition_Cost,Hardware_Capex_Energy_Cost\nLarch 2,30,,10\nLarch 1,,5,2\n"
    batch = read(text, "training_costs_2023usd.csv")
    assert [row["training_cost_usd"] for row in models(batch)] == [10, 2]
    series = {(row["series"], row["entity"]): row["value"] for row in batch.tables["series"].rows()}
    assert series["training cost, rented in the cloud", "Larch 2"] == 30
    assert series["training cost, hardware bought outright", "Larch 1"] == 5
    assert not epoch_models.recognises(Original("prices.csv", b"Model,Cost\nA,1\n"))


VINTAGES = {
    "2025-03/all_ai_models": 2228 - 3,  # three rows have no name
    "2025-06/all_systems": 1892,
    "2025-11/large_scale_ai_models": 471,
    "2025-11/notable_ai_models": 942,
    "2026-05/frontier_ai_models": 137,
}


@pytest.mark.real
def test_the_four_vintages(shared_data: Path) -> None:
    found = {}
    for name, rows in VINTAGES.items():
        path = shared_data / "models" / f"{name}.csv"
        found[name] = {row["model"]: row for row in models(read(path.read_text(encoding="utf-8"), path.name))}
        assert len(models(read(path.read_text(encoding="utf-8"), path.name))) == rows
    # Read by eye in the files.
    old = found["2025-03/all_ai_models"]["EXAONE 3.5-R 32B"]
    assert (old["country"], old["training_compute_flop"], old["released"]) == (
        "Korea (Republic of)",
        1.2692e24,
        "2025-03-14",
    )
    boltz = found["2025-06/all_systems"]["Boltz-2"]
    assert boltz["country"] == "United States of America, Switzerland, Canada"
    assert (boltz["hardware"], boltz["hardware_quantity"]) == ("NVIDIA A100, NVIDIA H100 NVL", 188)
    ling = found["2025-11/large_scale_ai_models"]["Ling-1T"]
    assert (ling["training_compute_flop"], ling["tokens"], ling["parameters"]) == (6.000001e24, 2e13, 1e12)
    grok = found["2026-05/frontier_ai_models"]["Grok 4"]
    assert (grok["training_compute_flop"], grok["training_cost_usd"]) == (5.0000000000001e26, 387842678.08636147)
    assert (grok["frontier"], grok["training_cost_year"]) == (True, 2023)


@pytest.mark.real
def test_vintages_agree_on_a_model_that_was_never_revised(shared_data: Path) -> None:
    compute = set()
    for name in VINTAGES:
        path = shared_data / "models" / f"{name}.csv"
        rows = {row["model"]: row for row in models(read(path.read_text(encoding="utf-8"), path.name))}
        compute |= {rows["GPT-3 175B (davinci)"]["training_compute_flop"]} if "GPT-3 175B (davinci)" in rows else set()
    assert compute == {3.14e23}  # Brown et al. 2020, table D.1: 3.14e23 FLOP


@pytest.mark.real
def test_the_real_cost_tables(shared_data: Path) -> None:
    for name, rows in (("training_costs_2023usd", 82), ("training_costs_updated", 61)):
        batch = read((shared_data / "models" / f"{name}.csv").read_text(), f"{name}.csv")
        assert len(models(batch)) == rows
        costs = {row["model"]: row["training_cost_usd"] for row in models(batch)}
    assert costs["Grok-3"] == 507476933.25548834
