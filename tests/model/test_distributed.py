"""The simulator of distributed training against closed formulas, an event by event pipeline, and its own limits."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import WrongUse
from ascent.model import distributed
from ascent.model.distributed import Cluster, Job, Method, node_penalty, rollouts, simulate, streaming_gain

YEAR = 365.25 * 86_400
DEEPSEEK = Job(parameters=671e9, active=37e9, tokens=14.8e12, batch=63e6, layers=61, width=7168)
HOME = Cluster(nodes=1000.0, speed=1e15, utilization=0.4, bandwidth=60e6, latency=0.05)
LOCAL = Method(inner_steps=100.0, bits=8.0, penalty=np.log(1.5) / np.log(8))
SPREAD = (
    Method(),
    LOCAL,
    replace(LOCAL, overlap=0.9, kept=0.25, bits=4.0),
    Method(stages=8.0, microbatches=32.0, activation_kept=0.01, overlap=1.0),
    Method(stages=4.0, tensor=2.0, microbatches=16.0, inner_steps=20.0, penalty=0.2, overlap=0.5),
)


def test_the_naive_method_is_the_closed_formula() -> None:
    """Epoch AI 2025, footnote 2: 14.8e12 / 63e6 updates of 2 × 671e9 × 32 bits over 60 Mbit/s are 5,328 years."""
    endless = replace(HOME, speed=np.inf, latency=0.0)
    run = simulate(DEEPSEEK, endless)
    formula = 14.8e12 / 63e6 * 2 * 671e9 * 32 / 60e6
    assert run.seconds == pytest.approx(formula, rel=1e-14)
    assert run.seconds / YEAR == pytest.approx(5328.05, rel=1e-5)
    assert run.sync_seconds / 86_400 == pytest.approx(8.28395, rel=1e-5)
    # With nodes of a finite speed computing adds exactly 6 N D over what the nodes do.
    finite = simulate(DEEPSEEK, replace(HOME, latency=0.0))
    assert finite.seconds == pytest.approx(formula + 6 * 37e9 * 14.8e12 / (1000 * 1e15 * 0.4), rel=1e-14)


@pytest.mark.parametrize(
    "mutant",
    [
        {"directions": 1.0},  # there, but not back
        {"bits": 4.0},  # bytes for bits
    ],
)
def test_the_closed_formula_tells_a_forgotten_factor(mutant: dict[str, float]) -> None:
    run = simulate(DEEPSEEK, replace(HOME, speed=np.inf, latency=0.0), Method(**mutant))
    assert run.seconds / YEAR != pytest.approx(5328.05, rel=0.2)


@pytest.mark.parametrize("method", SPREAD)
def test_with_endless_bandwidth_utilization_tends_to_the_compute_bound(method: Method) -> None:
    quick = replace(method, penalty=0.0)
    bound = 0.4 * method.microbatches / (method.microbatches + method.stages - 1)  # the bubble is no link's fault
    found = [
        float(simulate(DEEPSEEK, replace(HOME, bandwidth=b, latency=0.0), quick).utilization)
        for b in (1e7, 1e9, 1e11, 1e13, 1e15, 1e17)
    ]
    assert found[-1] == pytest.approx(bound, rel=1e-3)
    assert all(b <= bound * (1 + 1e-12) for b in found)
    assert bound - found[0] > 0.01  # at 10 Mbit/s the link is felt, so the limit is not there from the start


@pytest.mark.parametrize("method", SPREAD)
def test_time_never_rises_with_bandwidth_speed_or_overlap(method: Method) -> None:
    bandwidth = np.geomspace(1e6, 1e14, 60)
    for values, name in ((bandwidth, "bandwidth"), (np.geomspace(1e12, 1e18, 60), "speed")):
        seconds = simulate(DEEPSEEK, replace(HOME, **{name: values}), method).seconds
        assert (np.diff(seconds) <= 1e-9 * seconds[1:]).all()
        # Where streaming hides all computing behind the exchange, speed no longer matters; bandwidth always does.
        assert seconds[0] > seconds[-1] or (name == "speed" and method.overlap == 1)
    over = simulate(DEEPSEEK, HOME, replace(method, overlap=np.linspace(0, 1, 20))).seconds
    assert (np.diff(over) <= 1e-9 * over[1:]).all()
    thrifty = simulate(DEEPSEEK, HOME, replace(method, bits=np.array([32.0, 16.0, 8.0, 4.0, 1.0]))).seconds
    assert (np.diff(thrifty) <= 0).all()


@pytest.mark.parametrize("method", SPREAD)
def test_the_causes_of_time_sum_to_all_of_it(method: Method) -> None:
    run = simulate(DEEPSEEK, replace(HOME, bandwidth=np.geomspace(1e6, 1e12, 9)), method)
    assert np.allclose(run.spent.sum(axis=0), 1)
    assert (run.spent >= -1e-12).all()
    assert np.allclose(run.busy, run.spent[0] * run.factor)
    assert np.allclose(run.utilization, 0.4 * run.spent[0])


def pipeline_by_events(stages: int, micro: int, compute: float, transfer: float) -> float:
    """Forward pass of a pipeline: a stage works on one micro-batch at a time, a link sends one at a time, in order."""
    arrived = np.zeros(micro)
    for stage in range(stages):
        free = link = 0.0
        for batch in range(micro):
            free = max(free, arrived[batch]) + compute
            if stage < stages - 1:
                link = max(link, free) + transfer
                arrived[batch] = link
            else:
                arrived[batch] = free
    return float(arrived[-1])


@pytest.mark.parametrize("transfer", [0.0, 0.3, 1.0, 4.0])
@pytest.mark.parametrize(("stages", "micro"), [(1, 5), (4, 1), (4, 16), (9, 40)])
def test_the_pipeline_takes_as_long_as_its_events(stages: int, micro: int, transfer: float) -> None:
    """A micro-batch takes 1 s and `transfer` forward, 2 s and as much transfer backward."""
    width, bandwidth = 1000.0, 1e6
    tokens = micro * 10.0
    job = Job(parameters=1e9, active=1e9, tokens=tokens, batch=tokens, width=width)
    speed = 2 * 1e9 / stages * 10  # of one stage: a micro-batch forward in a second
    bits = transfer * bandwidth / (10 * width)
    run = simulate(
        job,
        Cluster(nodes=float(stages), speed=speed, bandwidth=bandwidth),
        Method(stages=float(stages), microbatches=float(micro), overlap=1.0, activation_bits=bits),
    )
    both = sum(pipeline_by_events(stages, micro, compute, transfer) for compute in (1.0, 2.0))
    assert run.seconds == pytest.approx(both)


def test_tensor_parts_wait_for_a_ring_reduction() -> None:
    """Megatron: 4 reductions a layer, each 2 (T - 1)/T of the activations over a link."""
    job = Job(parameters=1e9, active=1e9, tokens=100.0, batch=100.0, layers=10, width=500)
    run = simulate(job, Cluster(nodes=4.0, speed=np.inf, bandwidth=1e9), Method(tensor=4.0))
    assert run.seconds == pytest.approx(4 * 10 * 1.5 * 100 * 500 * 16 / 1e9)


def test_inner_steps_divide_traffic_and_cost_a_penalty() -> None:
    free = Method(inner_steps=500.0)
    endless = replace(HOME, speed=np.inf, latency=0.0)
    naive, local = (simulate(DEEPSEEK, endless, m).seconds for m in (Method(), free))
    assert naive / local == pytest.approx(500)
    dear = simulate(DEEPSEEK, endless, replace(free, penalty=np.log(1.5) / np.log(8)))
    assert dear.seconds / local == pytest.approx(1000 ** (np.log(1.5) / np.log(8)))
    assert node_penalty(8.0) == pytest.approx(1.5)
    assert node_penalty(10_000.0) == pytest.approx(6.0249, rel=1e-4)


def test_streaming_hides_what_fits_behind_computing() -> None:
    job = Job(parameters=10e9, active=10e9, tokens=1e12, batch=1e6)
    window = 38 * 60.0
    # INTELLECT-1: 100 inner steps in 38 minutes, 7 minutes of exchange.
    cluster = Cluster(nodes=10.0, speed=6 * 10e9 * 1e6 / 10 / (window / 100), bandwidth=2 * 10e9 * 8 / (7 * 60.0))
    plain = simulate(job, cluster, Method(inner_steps=100.0, bits=8.0))
    streamed = simulate(job, cluster, Method(inner_steps=100.0, bits=8.0, overlap=1.0))
    assert plain.sync_seconds == pytest.approx(7 * 60)
    assert plain.busy == pytest.approx(38 / 45)
    assert streamed.exposed == 0
    assert streamed.busy == pytest.approx(1)
    # n times larger, with batch n^0.3 and a cluster n^2, at n = (38/7)^(1/1.7) the exchange is as long as computing.
    n = float(streaming_gain(38.0, 7.0))
    grown = simulate(
        replace(job, parameters=10e9 * n, active=10e9 * n, batch=1e6 * n**0.3),
        replace(cluster, speed=cluster.speed * n**2),
        Method(inner_steps=100.0, bits=8.0, overlap=1.0),
    )
    assert grown.sync_seconds == pytest.approx(100 * grown.update_seconds)


def test_the_square_cube_law_holds_in_the_simulator() -> None:
    """Twice the width and four times the parameters: computing a transfer doubles."""

    def ratio(width: float) -> float:
        job = Job(parameters=12 * width**2, active=12 * width**2, tokens=1e6, batch=1e6, width=width)
        run = simulate(job, Cluster(nodes=2.0, speed=1e12, bandwidth=1e9), Method(stages=2.0))
        return float(run.spent[0] / (run.spent[1] - run.spent[0]))  # pipeline: an idle half, and the transfer

    assert ratio(2000.0) / ratio(1000.0) == pytest.approx(2)
    assert distributed.compute_per_communication(3.0) == 3.0


def test_memory_decides_what_fits() -> None:
    runs = simulate(DEEPSEEK, replace(HOME, memory=80e9), Method(stages=np.array([1.0, 100.0, 200.0])))
    assert list(runs.fits) == [False, False, True]
    assert runs.memory[0] == pytest.approx(671e9 * 16)


def test_the_slowest_node_sets_the_pace_and_the_limit_is_named() -> None:
    fast = replace(HOME, bandwidth=1e18, latency=0.0)
    slow = simulate(DEEPSEEK, replace(fast, slowest=0.5)).seconds / simulate(DEEPSEEK, fast).seconds
    assert slow == pytest.approx(2, rel=1e-6)
    assert simulate(DEEPSEEK, HOME).limit() == "synchronization"
    assert simulate(DEEPSEEK, replace(HOME, bandwidth=1e16), LOCAL).limit() == "penalty"


def test_rollouts_split_forward_and_backward() -> None:
    # Backward costs twice forward: a third of the FLOP is forward (Epoch AI 2025).
    sync = rollouts(parameters=32e9, bandwidth=1e9, step_seconds=1800.0, asynchronous=False)
    assert sync.forward_share == pytest.approx(1 / 3)
    assert sync.inference_flop == pytest.approx(1 / 2)
    # With the forward pass done again training takes all three thirds; using 1 trace in 12 gives INTELLECT-2's 4 : 1.
    late = rollouts(parameters=32e9, bandwidth=1e9, step_seconds=1800.0, used=1 / 12, generating=0.1, training=0.4)
    assert late.inference_flop == pytest.approx(4)
    assert late.inference_nodes == pytest.approx(16)
    assert late.broadcast_seconds == pytest.approx(512)
    assert late.steps_behind == pytest.approx(512 / 1800)


@pytest.mark.parametrize(
    ("job", "cluster", "method", "words"),
    [
        ({}, {"nodes": 4.0}, {"stages": 8.0}, "more than there are"),
        ({}, {}, {"inner_steps": 0.5}, "at least 1"),
        ({}, {}, {"overlap": 1.5}, "between 0 and 1"),
        ({"batch": 0.0}, {}, {}, "above 0"),
    ],
)
def test_impossible_settings_are_refused(job: Any, cluster: Any, method: Any, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        simulate(replace(DEEPSEEK, **job), replace(HOME, **cluster), Method(**method))
