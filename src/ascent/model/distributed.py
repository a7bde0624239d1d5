"""Training spread over nodes with slow links: how long, how well used, and what sets the limit.

The nodes form replicas of the model; each replica is cut into pipeline stages, each stage into tensor parts.

    update      a batch; its compute is 6 FLOP per active parameter and token, spread over all nodes, at the pace of the
                slowest. Pipeline: forward a third, backward two thirds, each P c + (P − 1)(x + latency) + (M − 1) slot
                for M micro-batches of compute c and transfer x; slot = c + max(0, x − overlap c)
    tensor      four reductions a layer and micro-batch, which nothing hides
    sync        every H updates the replicas exchange their share of the parameters, both ways:
                directions × parameters × bits × kept / bandwidth + directions × latency
    exposed     max(0, sync − overlap × H × update): what streaming cannot hide behind computing
    nodes       replicas that take H > 1 steps alone need (replicas)^penalty times the updates for the same result
    total       updates × penalty / H × (H × update + exposed)

Sources: Douillard et al., DiLoCo, 2023, arXiv:2311.08105 (inner steps); Douillard et al., Streaming DiLoCo, 2025,
arXiv:2501.18512 (overlap); Charles et al., 2025, arXiv:2503.09799 (penalty); Huang et al., GPipe, 2019,
arXiv:1811.06965 (pipeline); Shoeybi et al., Megatron-LM, 2019, arXiv:1909.08053 (tensor); Ryabinin et al., SWARM
Parallelism, 2023, arXiv:2301.11913 (square-cube law). The article whose arithmetic it contains as the naive case: Epoch
AI (Sevilla), How far can decentralized training over the internet scale?, 2025.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import WrongUse

FORWARD, BACKWARD = 2.0, 4.0  # FLOP per active parameter and token
REDUCTIONS = 4  # of a layer's activations under tensor parallelism: two forward, two backward
LIMITS = ("computing", "pipeline", "tensor", "synchronization", "penalty")


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """What is trained. Numbers or arrays (draw,).

    parameters  all of them, as exchanged and stored; active: those that a token uses
    tokens      of training; batch: tokens between two updates
    layers, width   of the network: a token's activations are `width` values
    """

    parameters: Any
    active: Any
    tokens: Any
    batch: Any
    layers: Any = 1.0
    width: Any = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Cluster:
    """What it is trained on. Numbers or arrays (draw,).

    nodes        count
    speed        peak of one node, FLOP/s
    utilization  share of the peak a node reaches while it computes: the compute bound
    memory       of one node, bytes
    bandwidth    of one node's link, bit/s, in each direction
    latency      of a message, s
    slowest      speed of the slowest node over the mean, 0..1: everyone waits for it
    """

    nodes: Any
    speed: Any
    utilization: Any = 1.0
    memory: Any = np.inf
    bandwidth: Any = np.inf
    latency: Any = 0.0
    slowest: Any = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Method:
    """How it is spread. Numbers or arrays (draw,); the naive method is the default.

    stages, tensor    pipeline stages and tensor parts of one replica; replicas = nodes / (stages × tensor)
    microbatches      of a replica's share of a batch
    inner_steps       updates between two exchanges
    bits, kept        of a parameter's update when exchanged, and the share of them sent
    activation_bits, activation_kept   likewise of an activation
    overlap           share of computing time behind which transfers can hide
    directions        of the exchange: 2, up and down
    penalty           exponent of the replicas in the extra compute that inner steps cost
    bytes             kept in memory per parameter: weights, gradients, optimizer state
    """

    stages: Any = 1.0
    tensor: Any = 1.0
    microbatches: Any = 1.0
    inner_steps: Any = 1.0
    bits: Any = 32.0
    kept: Any = 1.0
    activation_bits: Any = 16.0
    activation_kept: Any = 1.0
    overlap: Any = 0.0
    directions: Any = 2.0
    penalty: Any = 0.0
    bytes: Any = 16.0


@dataclass(frozen=True, eq=False)
class Run:
    """Arrays (draw,), or numbers where all inputs were numbers.

    seconds         of the whole training
    utilization     useful FLOP (of a centralized run) over peak × time, at most the cluster's own utilization
    busy            share of time in which nodes compute
    updates         that the job needs without penalty; factor: how many times that because of inner steps
    update_seconds  of one update within a replica; sync_seconds of one exchange; exposed: of it not hidden
    memory          bytes a node must hold; fits: whether it can
    spent           (5,) + draws: shares of the time by cause, in the order of LIMITS, which sum to 1
    """

    seconds: Floats
    utilization: Floats
    busy: Floats
    updates: Floats
    factor: Floats
    update_seconds: Floats
    sync_seconds: Floats
    exposed: Floats
    memory: Floats
    fits: Any
    spent: Floats

    def limit(self) -> Any:
        """What takes most time besides useful computing, a name of LIMITS."""
        return np.asarray(LIMITS)[1:][self.spent[1:].argmax(axis=0)]


def node_penalty(nodes: Any, factor: Any = 1.5, at: Any = 8.0) -> Any:
    """Extra compute of training on many nodes apart, by a power law through one observation.

    nodes    how many; factor: times the compute at `at` nodes
    Source: Charles et al., Communication-Efficient Language Model Training Scales Reliably and Robustly, 2025,
            arXiv:2503.09799, by way of Epoch AI, 2025

    >>> round(float(node_penalty(10_000)), 4)
    6.0249
    """
    return np.asarray(factor) ** (np.log(nodes) / np.log(at))


def sync_seconds(
    parameters: Any, bandwidth: Any, *, bits: Any = 32.0, kept: Any = 1.0, directions: Any = 2.0, latency: Any = 0.0
) -> Any:
    """Time of one exchange of all parameters over a node's link.

    >>> round(float(sync_seconds(671e9, 60e6)) / 86_400, 3)
    8.284
    """
    return directions * (np.asarray(parameters, dtype=float) * bits * kept / bandwidth + latency)


def streaming_gain(compute: Any, sync: Any, batch: Any = 0.3, cluster: Any = 2.0) -> Any:
    """How many times larger a model could be before its exchange no longer hides behind computing.

    Solves compute × n^(1 + batch − cluster) = sync × n: computing per exchange grows with model and batch size and
    shrinks with the cluster, which grows as n^cluster; the exchange grows with the model.

    >>> round(float(streaming_gain(38, 7)), 3)
    2.705
    """
    return (np.asarray(compute, dtype=float) / sync) ** (1 / (cluster - np.asarray(batch)))


def compute_per_communication(dimension: Any) -> Any:
    """Square-cube law of pipelines: compute grows with the square of the dimension, activations with the dimension.

    >>> float(compute_per_communication(2.0))
    2.0
    """
    return np.asarray(dimension, dtype=float) ** 2 / dimension


def simulate(job: Job, cluster: Cluster, method: Method | None = None) -> Run:
    """Time, utilization and limits of one job on one cluster by one method.

    Raises WrongUse where a replica needs more nodes than there are, or a share is outside 0..1.
    """
    m = method or Method()
    _check(job, cluster, m)
    replicas = np.asarray(cluster.nodes, dtype=float) / (np.asarray(m.stages) * m.tensor)
    updates = np.asarray(job.tokens, dtype=float) / job.batch
    pace = np.asarray(cluster.speed, dtype=float) * cluster.utilization * cluster.slowest
    micro = np.asarray(job.batch, dtype=float) / replicas / m.microbatches  # tokens of a micro-batch
    per_node = job.active / (np.asarray(m.stages, dtype=float) * m.tensor)
    forward, backward = (flop * per_node * micro / pace for flop in (FORWARD, BACKWARD))
    computing = (forward + backward) * m.microbatches

    # Tensor parts wait for each reduction; a ring over T parts moves 2 (T - 1)/T of the activations over each link.
    activations = micro * job.width * m.activation_bits * m.activation_kept
    layers = np.asarray(job.layers, dtype=float) / m.stages
    ring = 2 * (np.asarray(m.tensor, dtype=float) - 1) / m.tensor
    steps = 2 * (np.asarray(m.tensor, dtype=float) - 1)
    reduction = ring * activations / cluster.bandwidth + steps * cluster.latency
    reducing = REDUCTIONS * layers * reduction

    stages = np.asarray(m.stages, dtype=float)
    transfer = np.where(stages > 1, activations / cluster.bandwidth, 0.0)
    update = np.asarray(0.0)
    for share in (forward + reducing / 2, backward + reducing / 2):
        slot = share + np.maximum(0.0, transfer - m.overlap * share)
        update = update + stages * share + (stages - 1) * (transfer + cluster.latency) + (m.microbatches - 1) * slot

    part = np.asarray(job.parameters, dtype=float) / (stages * m.tensor)
    exchange = sync_seconds(
        part, cluster.bandwidth, bits=m.bits, kept=m.kept, directions=m.directions, latency=cluster.latency
    )
    sync = np.where(replicas > 1, exchange, 0.0)
    window = m.inner_steps * update
    exposed = np.maximum(0.0, sync - m.overlap * window)
    # Replicas that exchange after every update compute what one node would: no penalty.
    factor = np.where(np.asarray(m.inner_steps) > 1, np.maximum(replicas, 1.0) ** m.penalty, 1.0)
    alone = updates * (update + exposed / m.inner_steps)
    seconds = alone * factor
    tensor_time = reducing * m.microbatches
    pieces = (
        updates * computing,
        updates * (update - computing - tensor_time),
        updates * tensor_time,
        updates * exposed / m.inner_steps,
        seconds - alone,
    )
    useful = (FORWARD + BACKWARD) * np.asarray(job.active, dtype=float) * job.tokens
    with np.errstate(invalid="ignore"):  # a node of endless speed is never busy
        utilization = useful / (np.asarray(cluster.nodes, dtype=float) * cluster.speed * seconds)
    memory = part * m.bytes
    return Run(
        seconds=np.asarray(seconds),
        utilization=np.asarray(utilization),
        busy=np.asarray(updates * computing * factor / seconds),
        updates=updates,
        factor=factor,
        update_seconds=np.asarray(update),
        sync_seconds=sync,
        exposed=exposed,
        memory=memory,
        fits=memory <= cluster.memory,
        spent=np.stack(np.broadcast_arrays(*pieces)) / seconds,
    )


@dataclass(frozen=True, eq=False)
class Rollouts:
    """Reinforcement learning with generation and training on different nodes; arrays (draw,).

    forward_share       of the FLOP of one token that is generated and trained on once: forward over forward + backward
    inference_flop      FLOP of generation over FLOP of training
    inference_nodes     node-hours of generation over those of training: what a balanced network needs
    broadcast_seconds   to send the weights to the generating nodes
    steps_behind        training steps that pass meanwhile: how old the weights are that generate
    """

    forward_share: Floats
    inference_flop: Floats
    inference_nodes: Floats
    broadcast_seconds: Floats
    steps_behind: Floats


def rollouts(
    *, parameters: Any, bandwidth: Any, step_seconds: Any, used: Any = 1.0, generating: Any = 1.0, training: Any = 1.0,
    backward: Any = 2.0, asynchronous: Any = True, bits: Any = 16.0,
) -> Rollouts:  # fmt: skip
    """Split of asynchronous reinforcement learning: forward-only rollouts against training.

    parameters    sent to every generating node over `bandwidth`, bit/s, with `bits` each
    step_seconds  between two sets of weights
    used          share of generated tokens that are trained on; the rest carries no advantage and is dropped
    generating, training   utilization of nodes at the two jobs; generation is bound by memory
    backward      FLOP of the backward pass over the forward pass
    asynchronous  the forward pass is done again with current weights, so training costs 1 + backward, else backward

    Source: Prime Intellect, INTELLECT-2, 2025, arXiv:2505.07291; Epoch AI, How far can decentralized training over the
            internet scale?, 2025
    """
    one = 1.0
    training_flop = np.where(asynchronous, one + np.asarray(backward, dtype=float), backward)
    inference = one / np.asarray(used, dtype=float) / training_flop
    sent = np.asarray(parameters, dtype=float) * bits / bandwidth
    return Rollouts(
        forward_share=np.asarray(one / (one + np.asarray(backward, dtype=float))),
        inference_flop=np.asarray(inference),
        inference_nodes=np.asarray(inference * training / generating),
        broadcast_seconds=np.asarray(sent),
        steps_behind=np.asarray(sent / step_seconds),
    )


def _check(job: Job, cluster: Cluster, m: Method) -> None:
    wrong = {
        "one replica needs stages × tensor nodes, more than there are": np.asarray(m.stages) * m.tensor
        > np.asarray(cluster.nodes),
        "inner steps, stages, tensor parts and micro-batches must be at least 1": np.any(
            [np.any(np.asarray(v) < 1) for v in (m.inner_steps, m.stages, m.tensor, m.microbatches)]
        ),
        "overlap, kept shares, utilization and the slowest node's speed must lie between 0 and 1": np.any(
            [
                np.any((np.asarray(v) < 0) | (np.asarray(v) > 1))
                for v in (m.overlap, m.kept, m.activation_kept, cluster.utilization, cluster.slowest)
            ]
        ),
        "parameters, tokens, batch, speed and bandwidth must be above 0": np.any(
            [
                np.any(np.asarray(v) <= 0)
                for v in (job.parameters, job.tokens, job.batch, cluster.speed, cluster.bandwidth)
            ]
        ),
    }
    for words, where in wrong.items():
        if np.any(where):
            raise WrongUse(f"Distributed training: {words}.")
