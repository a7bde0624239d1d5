"""Draws until they suffice: the error that is promised, odd quantities, samples too large to hold."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ascent.core.answer import Note
from ascent.core.errors import WrongUse
from ascent.estimates import digital_workers
from ascent.evidence.evidence import Evidence
from ascent.forecast import montecarlo as mc
from ascent.forecast import summaries
from ascent.forecast.estimate import estimate
from ascent.forecast.quantity import Quantity, apply, constant, exp, log, where
from ascent.forecast.ranges import quantity
from ascent.forecast.summaries import ENDS, summary


def named(text: str, name: str) -> Quantity:
    return quantity(text, name=name)


def test_more_draws_are_taken_until_the_error_is_below_one_percent() -> None:
    heavy = exp(named("normal(mean=0, sd=1)", "a") * 3) + exp(named("normal(mean=0, sd=1)", "b") * 3)
    few, _ = mc.settled({"it": heavy}, first=1024, most=1024)
    sample, found = mc.settled({"it": heavy}, first=1024)
    assert sample.total > few.total and found["it"].worst < mc.PRECISION
    truth = summary(mc.draws({"it": heavy}, 1 << 21, seed=99).blocks("it"))
    width = float(truth.high - truth.low)
    assert abs(float(found["it"].high - truth.high)) < 4 * mc.PRECISION * width


def test_only_watched_outputs_decide() -> None:
    tame, wild = named("1..2", "a"), exp(5 * named("normal(mean=0, sd=1)", "b"))
    watched, _ = mc.settled({"tame": tame, "wild": wild}, first=1024, most=1 << 18, watched=["tame"])
    all_of_them, _ = mc.settled({"tame": tame, "wild": wild}, first=1024, most=1 << 18)
    assert watched.total < all_of_them.total


def test_the_largest_number_of_draws_ends_it_and_the_error_says_so() -> None:
    wild = exp(5 * named("normal(mean=0, sd=1)", "b"))
    sample, found = mc.settled({"it": wild}, first=1024, most=2048)
    assert sample.total == 2048 and found["it"].worst > mc.PRECISION


def test_an_estimate_tells_draws_and_error_and_warns(
    tiny_evidence: Evidence,
) -> None:
    def noted(spread: float, most: int) -> Note:
        manifest = digital_workers.Params(draws=1024, utilization=f"lognormal(median=1e-6, sigma={spread})")
        found = estimate(
            digital_workers.__name__, tiny_evidence, manifest, digital_workers.model, digital_workers.OUTPUTS, most=most
        )
        return next(one for one in found.notes if one.about == "monte-carlo")

    calm, wild = noted(0.3, 1 << 20), noted(3.0, 1024)
    assert calm.level == "info" and wild.level == "warning"
    assert re.match(r"[\d,]+ draws; .* at most 0\.\d+% of its width", calm.text)
    assert "ask for more with --draws" in wild.text and wild.text.startswith("1,024 draws")


def test_a_share_has_its_binomial_error() -> None:
    event = named("uniform(0, 1)", "u") < 0.2
    sample, found = mc.settled({"it": event}, first=1 << 14, shares=["it"], sampler="random")
    one = found["it"]
    assert float(one.error) == pytest.approx(np.sqrt(0.16 / sample.total), rel=0.6)
    assert abs(float(one.mid) - 0.2) < 4 * float(one.error)
    assert one.low < one.mid < one.high and one.worst < mc.PRECISION
    # An event as an interval would say 0 or 1 and never settle.
    assert mc.settled({"it": event}, first=1 << 14, most=1 << 14)[1]["it"].mid == 0.0


def test_a_known_number_has_no_width_and_no_error() -> None:
    one = mc.settled({"it": constant(3, "USD") * 2})[1]["it"]
    assert (one.low, one.mid, one.high, one.error, one.worst) == (6, 6, 6, 0, 0)


def test_draws_that_are_no_finite_number_are_counted_and_left_out() -> None:
    u = named("uniform(-1, 3)", "u")
    sample, found = mc.settled({"it": log(u), "over": 1 / (u * (u > 0))}, first=1 << 14, most=1 << 14)
    for name in ("it", "over"):
        assert found[name].failed == pytest.approx(sample.total / 4, rel=0.05)
        assert np.isfinite([found[name].low, found[name].high, found[name].mean]).all()
    assert float(np.exp(found["it"].mid)) == pytest.approx(1.5, rel=0.01)
    none = mc.settled({"it": log(-named("1..2", "v"))}, first=1024)[1]["it"]
    assert none.failed == 1024 and np.isnan(none.mid)


def test_many_equal_draws() -> None:
    u = named("uniform(0, 1)", "u")
    zeros = where(u < 0.7, 0.0, named("5..20", "x"))
    one = mc.settled({"it": zeros}, first=1 << 14)[1]["it"]
    assert one.low == one.mid == 0.0 and one.error == 0.0 and 10 < one.high < 20 and 0 < one.worst < mc.PRECISION
    # 95 % lie at zero, give or take: the upper end moves, so the width of nothing is no excuse.
    brink = mc.settled({"it": where(u < 0.95, 0.0, 1.0)}, first=1 << 14, most=1 << 14, sampler="random")[1]["it"]
    assert brink.worst > mc.PRECISION


# --- too large to hold ---------------------------------------------------------------------------------------------


def streamed(quantity: Quantity, size: int, **manner: object) -> tuple[mc.Sample, summaries.Summary, np.ndarray]:
    """Summarised block by block, and all the draws themselves."""
    run = mc._Run(mc.Plan({"it": quantity}), size, **manner)  # type: ignore[arg-type]
    sample, found = run.streamed([], [])
    return sample, found["it"], run.held([]).blocks("it")


@pytest.mark.parametrize("sampler", ["net", "random"])
def test_blocks_give_the_exact_quantiles_of_every_replicate(sampler: str) -> None:
    mixed = where(named("uniform(0, 1)", "u") < 0.3, 0.0, named("5..20", "x") * named("1..9", "y"))
    u = named("uniform(-0.1, 3)", "w")
    for made in (mixed, named("5..20", "x") / named("-1..9", "y"), log(u), exp(4 * named("normal(0, 1)", "z"))):
        sample, one, blocks = streamed(made, 1 << 19, sampler=sampler)
        assert sample.total == blocks.size
        kept = [block[np.isfinite(block)] for block in blocks]
        exact = np.mean([np.quantile(block, ENDS) for block in kept], axis=0)
        assert [one.low, one.mid, one.high] == pytest.approx(exact.tolist(), rel=1e-12, abs=1e-15)
        assert one.mean == pytest.approx(np.mean([block.mean() for block in kept]), rel=1e-9)
        assert one.failed == sum(block.size for block in blocks) - sum(block.size for block in kept)
        held = summary(blocks)
        assert abs(float(one.high - held.high)) < held.worst * float(held.high - held.low), "less than its error"


def test_a_bracket_that_misses_is_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    made = named("5..20", "x") * named("1..9", "y")
    _, one, _ = streamed(made, 1 << 18)
    monkeypatch.setattr(summaries, "SAFE", 0.01)
    assert streamed(made, 1 << 18)[1].mid == one.mid


def test_paths_are_summarised_place_by_place() -> None:
    path = apply(lambda x: x[:, None] * np.arange(3.0), named("5..20", "x") * named("1..2", "y"), name="path")
    _, one, blocks = streamed(path, 1 << 17)
    exact = np.quantile(blocks, ENDS, axis=1).mean(axis=1)
    assert np.array([one.low, one.mid, one.high]) == pytest.approx(exact, rel=1e-12)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of one process is read from Linux")
def test_ten_million_draws_of_an_estimate_stay_below_300_mib() -> None:
    script = (
        "import sys; from ascent.cli.main import main\n"
        "sys.argv = ['ascent', 'digital-workers', '--draws', '10000000', '--no-cache', '--evidence', 'snapshot']\n"
        "try: main()\n"
        "finally: print('\\n', open('/proc/self/status').read(), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", done.stderr)[1]) / 1024  # type: ignore[index]
    assert re.search(r"1\d,\d{3},\d{3} draws", done.stdout + done.stderr), done.stdout + done.stderr
    assert 20 < peak < 300, peak


def test_no_draws_is_refused() -> None:
    with pytest.raises(WrongUse, match="at least one"):
        mc.draws({"it": named("5..20", "x")}, 0)
