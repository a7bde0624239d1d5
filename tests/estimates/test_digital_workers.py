"""Digital workers: every printed step by hand, the mixture against an independent simulation, and what moves it."""

from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.estimates import digital_workers
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import given
from ascent.forecast.montecarlo import points

NONE = Evidence({}, "nothing", "")
Z = 1.6448536269514722
SURE = {"printed_workers": "7e6", "printed_tokens": "1.9e13", "utilization": "0.1", "active_parameters": "1e11"}


def ask(**settings: Any) -> Any:
    return answer("digital-workers", NONE, cache=False, **{"draws": 1024, **settings})


def point(output: str, **settings: Any) -> float:
    """An output at the central values of all inputs, without drawing."""
    made = digital_workers.model(given(digital_workers.Params(**settings), NONE))
    units = {one.name: one.unit for one in digital_workers.OUTPUTS}
    return float(points({output: made[output].to(units[output])})[output])


# Epoch AI, How many digital workers could OpenAI deploy?, 2025, sections and footnotes 1 to 14.
@pytest.mark.parametrize(("output", "known", "settings"), [
    ("inference_chips", 1.1e6 * 0.44, {}),
    ("flop_per_day", 480e3 * 1.979e15 * 0.12 * 86_400, {
        "chips": "480e3", "inference_share": "1", "utilization": "0.12",
    }),
    ("flop_per_token", 2 * 50e9, {"active_parameters": "50e9"}),
    ("tokens_compute", 1e25 / 600e9, {"compute": "printed", "active_parameters": "300e9"}),
    ("tokens_compute", 1e25 / 100e9, {"compute": "printed", "active_parameters": "50e9"}),
    ("message_growth", 2627 / 451, {}),
    ("messages_september", 2.627e9 * (2627 / 451) ** (3 / 12), {}),
    ("tokens_usage", 2.627e9 * (2627 / 451) ** (3 / 12) * 4000 * 1.25, {}),
    ("google", 980e12 / 31, {}),
    ("google", 35e12, {"google_days": "28"}),
    ("human_words", 380 * 60 * 8, {}),
    ("human_tokens", 380 * 60 * 8 * 4 / 3, {}),
    ("printed_ratio", 240_000 / (380 * 60 * 8), {}),
    ("workers", 19e12 / 240e3, {"route": "printed", "conversion": "thinking", "human": "printed"}),
    ("workers", 19e12 / 8e6, {"route": "printed", "conversion": "tasks", "tokens_per_hour": "1e6"}),
    ("workers_brain", 1e25 / (1e15 * 86_400), {"compute": "printed"}),
    ("over_brain", 7e6 / (1e25 / (1e15 * 86_400)), {"compute": "printed", "conversion": "printed"}),
    ("over_staff", 7e6 / 1e4, {"conversion": "printed"}),
    ("over_google", 19e12 / (980e12 / 31), {"route": "printed"}),
])  # fmt: skip
def test_steps_by_hand(output: str, known: float, settings: dict[str, str]) -> None:
    assert point(output, **settings) == pytest.approx(known, rel=1e-9)


def test_brain_is_sixty_times_and_not_five_hundred() -> None:
    # The section What do these numbers tell us? prints 500; neither of its own two totals gives that.
    ratios = [
        point("over_brain", compute="printed", conversion="printed", printed_workers=total) for total in ("7e6", "8e7")
    ]
    assert ratios == pytest.approx([60.48, 691.2])


def simulated(compute: float, thinking: float) -> np.ndarray:
    """The same question in plain NumPy, written from the article and not from the module: log-normals and coins."""
    random, size = np.random.default_rng(4), 400_000

    def between(low: float, high: float) -> np.ndarray:
        middle, sigma = np.log(low * high) / 2, np.log(high / low) / 2 / Z
        return np.asarray(np.exp(random.normal(middle, sigma, size)))

    chips, share = between(0.9e6, 1.3e6), 0.44
    flop = chips * share * 1.979e15 * between(0.05, 0.30) * 86_400
    tokens = np.where(
        random.random(size) < compute,
        flop / (2 * between(50e9, 300e9)),
        2.627e9 * (2627 / 451) ** 0.25 * between(2000, 8000) * 1.25,
    )
    person = np.where(random.random(size) < thinking, between(200, 700) * 60 * 8 * 4 / 3, between(1e5, 1e6) * 8)
    return np.asarray(np.log10(tokens / person))


@pytest.mark.parametrize(("compute", "thinking"), [(0.5, 0.5), (0.2, 0.9), (1.0, 0.0)])
def test_mixture_agrees_with_an_independent_simulation(compute: float, thinking: float) -> None:
    result = ask(
        chips="0.9e6..1.3e6", inference_share="exactly 0.44", words_per_minute="200..700",
        tokens_per_message="2000..8000",
        tokens_per_word="exactly 1.3333333333333333", api_tokens="exactly 0.25", messages="2627e6",
        messages_before="451e6", compute_weight=f"exactly {compute}", thinking_weight=f"exactly {thinking}",
        draws=131_072,
    )  # fmt: skip
    ours = np.log10([result.value("workers", column) for column in ("low", "mid", "high")])
    assert ours == pytest.approx(np.quantile(simulated(compute, thinking), [0.05, 0.5, 0.95]), abs=0.02)
    turned = np.quantile(simulated(1 - compute, 1 - thinking), [0.05, 0.5, 0.95])
    assert compute == 0.5 or ours != pytest.approx(turned, abs=0.02)  # weights the wrong way round


def test_median_of_a_mixture_lies_between_its_parts() -> None:
    result = ask(draws=65_536)
    parts = sorted(result.value(name) for name in ("tokens_compute", "tokens_usage"))
    assert parts[0] < result.value("tokens") < parts[1]
    parts = sorted(result.value(name) for name in ("workers_thinking", "workers_tasks"))
    assert parts[0] < result.value("workers") < parts[1]


def test_one_route_and_conversion_are_the_mixture_at_full_weight() -> None:
    chosen = ask(route="usage", conversion="thinking", draws=16_384)
    weighted = ask(compute_weight="0", thinking_weight="1", draws=16_384)
    for column in ("low", "mid", "high"):
        assert chosen.value("workers", column) == pytest.approx(weighted.value("workers", column), rel=0.03)


def test_a_point_is_told_only_where_nothing_is_mixed() -> None:
    def told(**settings: str) -> set[str]:
        sure = {name: f"exactly {text}" for name, text in SURE.items()}  # narrow, so that few draws will do
        rows = ask(**sure, **settings).sheets()["results"].rows()
        return {str(row["output"]) for row in rows if row["point"] is not None}

    assert not {"workers", "tokens", "over_brain"} & told()
    assert {"tokens", "workers_tasks"} <= told(route="usage")
    assert "workers" not in told(route="usage")
    assert {"workers", "over_staff"} <= told(conversion="printed")
    assert "tokens" not in told(conversion="printed")
    assert "workers" in told(route="usage", conversion="tasks")


def test_more_utilization_is_more_workers_and_a_wrong_unit_is_refused() -> None:
    few, many = (ask(route="compute", utilization=text).value("workers") for text in ("0.05..0.1", "0.5..0.6"))
    assert many > 4 * few
    for wrong in ({"chips": "5 FLOP"}, {"brain": "1e15 FLOP"}, {"utilization": "0.5..3"}, {"peak": "2e15 FLOP"}):
        with pytest.raises(WrongUse):
            ask(**wrong)
