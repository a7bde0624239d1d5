"""Growth of any series: each planted kind is named, a straight one is not bent, and what is missing is told."""

import numpy as np
import pytest

from ascent.analyses.growth_regime import Params, run
from ascent.core.dates import from_decimal_year
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES

YEARS = np.linspace(2018, 2026, 60)
T = YEARS - 2018
PLANTED = {
    "straight": 10 + 3 * T,
    "straight with a change of pace": 10 + 1 * T + 6 * np.maximum(0, T - 4.5),
    "accelerating": 10 + 0.3 * T + 0.9 * T**2,
}


def evidence(values: np.ndarray, **more: object) -> Evidence:
    rows = [
        {
            "series": "chips",
            "date": from_decimal_year(year),
            "value": float(value),
            "unit": "units",
            "source": "x",
            **more,
        }
        for year, value in zip(YEARS, values, strict=True)
    ]
    return Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "planted", "2026-01-01")


@pytest.mark.parametrize("kind", PLANTED)
def test_planted_kinds_are_named(kind: str) -> None:
    said = []
    for seed in range(5):
        noisy = PLANTED[kind] + 0.4 * np.random.default_rng(seed).standard_normal(60)
        said.append(f"its growth is {kind}" in run(evidence(noisy), Params(simulations=99, draws=200)).headline())
    assert sum(said) >= 4


def test_exponential_growth_is_straight_on_the_log_scale() -> None:
    values = 10 ** (0.5 * T + 0.05 * np.random.default_rng(0).standard_normal(60))
    answer = run(evidence(values), Params(log=True, simulations=99))
    assert "its growth is exponential (any bend" in answer.headline()
    row = next(iter(answer.sheets()["growth"].rows()))
    assert row["low"] < 0.5 < row["high"] and row["high"] - row["low"] < 0.1


def test_what_is_missing_or_ambiguous_is_told() -> None:
    with pytest.raises(TooLittleEvidence, match="no row in the table series"):
        run(Evidence({}, "none", "2026-01-01"))
    two = [*evidence(PLANTED["straight"]).table("series").rows()]
    two += [{**row, "series": "power"} for row in two]
    both = Evidence({"series": Table.from_rows(TABLES["series"], two)}, "two", "2026-01-01")
    with pytest.raises(TooLittleEvidence, match=r"'chips', 'power'.*--series"):
        run(both)
    with pytest.raises(UnknownName, match="Did you mean chips"):
        run(both, Params(series="chip"))
    with pytest.raises(TooLittleEvidence, match="8 different dates"):
        few = Table.from_rows(TABLES["series"], two[:5])
        run(Evidence({"series": few}, "few", "2026-01-01"))
    with pytest.raises(TooLittleEvidence, match="positive values"):
        run(evidence(PLANTED["straight"] - 100), Params(log=True))


def test_a_long_series_is_averaged_and_told() -> None:
    years = np.linspace(2018, 2026, 600)
    rng = np.random.default_rng(0)
    rows = [
        {"series": "a", "date": from_decimal_year(y), "value": 5 + 2 * (y - 2018) + rng.normal(0, 1), "unit": "u"}
        for y in years
    ]
    long = Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "long", "2026-01-01")
    answer = run(long, Params(simulations=49))
    row = next(iter(answer.sheets()["growth"].rows()))
    assert row["low"] < 2 < row["high"]
    assert "averaged over 120 spans" in answer.diagnostics()[0].text
