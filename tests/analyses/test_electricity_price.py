"""Deflating: the base month stays as it was, a price that only follows inflation is flat, planted trends are found."""

import numpy as np
import pytest

from ascent.analyses.electricity_price import Params, run
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES

MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2026) for month in range(1, 13)]
NAMES = ("APU000072610", "CPIAUCSL")


def evidence(growth: float, inflation: float = 0.03, noise: float = 0.01, months: list[str] = MONTHS) -> Evidence:
    """Prices whose real value grows by `growth` a year (in logs) under steady inflation."""
    rng = np.random.default_rng(1)
    years = np.arange(len(months)) / 12
    index = 250 * np.exp(inflation * years)
    price = 0.13 * np.exp((growth + inflation) * years + noise * rng.standard_normal(len(months)))
    rows = [
        {"series": name, "date": month, "value": float(value), "unit": unit, "source": "s"}
        for name, values, unit in zip(NAMES, (price, index), ("USD/kWh", "index"), strict=True)
        for month, value in zip(months, values, strict=True)
    ]
    return Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "planted", "2026-01-01")


def test_the_base_month_equals_the_nominal_price_and_others_do_not() -> None:
    rows = {row["date"]: row for row in run(evidence(0.0)).sheets()["real_price"].rows()}
    assert rows["2025-01"]["mid"] == rows["2025-01"]["nominal"]
    assert sum(row["mid"] == row["nominal"] for row in rows.values()) == 1
    early = rows["2019-01"]
    assert early["mid"] == pytest.approx(early["nominal"] * rows["2025-01"]["index"] / early["index"])
    assert early["low"] <= early["mid"] <= early["high"]


def test_another_base_moves_the_level_and_not_the_trend() -> None:
    one, two = (run(evidence(0.01), Params(base=base)) for base in ("2025-01", "2020-06"))
    factor = np.array(one.sheets()["real_price"]["mid"]) / np.array(two.sheets()["real_price"]["mid"])
    assert factor.max() == pytest.approx(factor.min()) and factor[0] > 1.1
    assert one.sheets()["trend"]["mid"][0] == pytest.approx(two.sheets()["trend"]["mid"][0])


@pytest.mark.parametrize(("growth", "verb"), [(0.05, "rises"), (-0.05, "falls"), (0.0, "neither clearly")])
def test_planted_trends_are_found_and_said(growth: float, verb: str) -> None:
    answer = run(evidence(growth))
    (row,) = answer.sheets()["trend"].rows()
    assert row["low"] < 100 * np.expm1(growth) < row["high"] and row["high"] - row["low"] < 2
    assert verb in answer.headline() and "interval" in answer.headline()


def test_inflation_forgotten_would_be_caught() -> None:
    """Mutant: the nominal price. It rises although the real one does not."""
    flat = evidence(0.0)
    index = {**next(row for row in flat.table("series").rows() if row["series"] == NAMES[1]), "value": 250.0}
    rows = [{**row, "value": 250.0} if row["series"] == index["series"] else row for row in flat.table("series").rows()]
    wrong = Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "mutant", "2026-01-01")
    assert run(wrong).sheets()["trend"]["low"][0] > 2 > run(flat).sheets()["trend"]["high"][0]  # type: ignore[operator]


def test_a_long_series_is_averaged_for_the_trend_only() -> None:
    months = [f"{year}-{month:02d}" for year in range(1995, 2026) for month in range(1, 13)]
    answer = run(evidence(0.01, months=months))
    assert len(answer.sheets()["real_price"]) == len(months)
    (row,) = answer.sheets()["trend"].rows()
    assert row["low"] < 100 * np.expm1(0.01) < row["high"]


def test_what_is_missing_is_told_with_the_two_public_series() -> None:
    for given in (open_evidence(), Evidence({}, "none", "2026-01-01")):
        with pytest.raises(TooLittleEvidence, match=r"APU000072610.*CPIAUCSL.*fred"):
            run(given)
    with pytest.raises(TooLittleEvidence, match="2030-01 not among them"):
        run(evidence(0.0), Params(base="2030-01"))
    with pytest.raises(TooLittleEvidence, match="6 months"):
        run(evidence(0.0, months=["2024-11", "2024-12", "2025-01"]))
    with pytest.raises(WrongUse, match="--base is 'January'"):
        run(evidence(0.0), Params(base="January"))
