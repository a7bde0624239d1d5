"""How long does training across nodes with slow links take, how well are they used, and what sets the limit?

Theme     decentralized training
Inputs    model, tokens, batch; nodes, their peak rate, utilization, memory, bandwidth, latency and slowest member;
          inner steps, bits, share of values sent, overlap, pipeline stages, tensor parts, micro-batches, and the method
Method    a simulator of one update and one exchange: computing at the pace of the slowest node, a pipeline's fill and
          transfers, tensor reductions, the exchange less what streaming hides, and the extra compute of training apart;
          the table `methods` runs every method on the same cluster, the paths tell utilization against bandwidth
Source    Epoch AI, How far can decentralized training over the internet scale?, 2025, and the papers of each technique
          (table `techniques` of decentralized-bandwidth); an INTELLECT-1-like run by default
Leaves out  nodes that come and go, uneven links between pairs of nodes, and the loss that compression of updates costs
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply_many
from ascent.model.distributed import LIMITS, Cluster, Job, Method, Run, simulate

EPOCH = "Epoch AI, How far can decentralized training over the internet scale?, 2025"
REPORT = "Prime Intellect, INTELLECT-1 Technical Report, 2024, arXiv:2412.01152"
H100 = "NVIDIA, H100 Tensor Core GPU datasheet, 2023"
CHARLES = (
    "Charles et al., Communication-Efficient Language Model Training Scales Reliably and Robustly, 2025, "
    "arXiv:2503.09799"
)
CHOSEN = "our choice"

# What each method uses of the techniques; everything else is as in the naive method.
METHODS: Mapping[str, tuple[str, ...]] = {
    "naive": (),
    "local": ("inner_steps", "bits"),
    "sparse": ("inner_steps", "bits", "kept"),
    "streaming": ("inner_steps", "bits", "overlap"),
    "pipeline": ("stages", "microbatches", "activation_kept", "overlap"),
    "tensor": ("tensor", "microbatches", "activation_kept"),
    "all": ("inner_steps", "bits", "kept", "overlap", "stages", "microbatches", "activation_kept"),
}
LOGS = tuple(round(6 + 0.25 * step, 2) for step in range(25))  # log10 of bit/s, a megabit to a terabit
UNUSED = {"inner_steps": 1.0, "bits": 32.0, "kept": 1.0, "overlap": 0.0, "stages": 1.0, "tensor": 1.0}
UNUSED |= {"microbatches": 1.0, "activation_kept": 1.0}


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    draws: int = param(16_384, "draws of the first round", unit="draws", least=1_024, most=10_000_000)
    method: str = param("local", "how training is spread", choices=tuple(METHODS))
    parameters: str = assume("10e9", "parameters stored and exchanged", unit="parameter", source=REPORT, least=0)
    active: str = assume("1", "share of them that a token uses", unit="fraction", source=REPORT, least=0, most=1)
    tokens: str = assume("1e12", "tokens of training", unit="token", source=REPORT, least=0)
    batch: str = assume(
        "14.7e6", "tokens between two updates", unit="token",
        source="our judgement: 128 sequences of 8,192 tokens on each of 14 nodes, which gives the 38 minutes",
        spread="8e6..14.7e6..20e6", spread_source="our judgement: nodes joined and left", least=0,
    )  # fmt: skip
    layers: str = assume("42", "layers of the network", unit="1", source=REPORT, least=1)
    width: str = assume("4096", "values of a token's activations", unit="1", source=REPORT, least=1)
    nodes: str = assume("14", "nodes", unit="node", source=REPORT, least=1)
    speed: str = assume("7.912e15", "peak rate of a node, 8 H100 at 16 bits", unit="FLOP/s", source=H100, least=0)
    utilization: str = assume(
        "0.35", "share of the peak that a node reaches while it computes", unit="fraction", source=EPOCH,
        spread="0.3..0.35..0.41", spread_source="our judgement: 38 minutes for 100 steps", least=0.001, most=1,
    )  # fmt: skip
    memory: str = assume("640", "memory of a node", unit="GB", source=H100, least=0)
    bandwidth: str = assume(
        "380", "bandwidth of a node's link, each way", unit="Mbit/s", source=EPOCH,
        spread="150..380..1000", spread_source="our judgement: around 7 minutes for 10 GB both ways",
        least=0,
    )  # fmt: skip
    latency: str = assume(
        "0.1", "delay of a message", unit="s", source=CHOSEN,
        spread="0.03..0.1..0.25", spread_source="our judgement: within a continent to across the world", least=0,
    )  # fmt: skip
    slowest: str = assume(
        "1", "speed of the slowest node over the mean", unit="fraction", source=CHOSEN,
        spread="beta(20, 1)", spread_source="our judgement: like machines, unlike hosts", least=0.01, most=1,
    )  # fmt: skip
    inner_steps: str = assume("100", "updates between two exchanges", unit="1", source=REPORT, least=1)
    bits: str = assume("8", "bits of a value exchanged", unit="bit", source=REPORT, least=0.1)
    kept: str = assume("0.25", "share of values exchanged", unit="fraction", source=EPOCH, least=0, most=1)
    overlap: str = assume(
        "0.9", "share of computing behind which transfers can hide", unit="fraction", source=CHOSEN,
        spread="beta(12, 1.5)", spread_source="our judgement: a schedule is never perfect", least=0, most=1,
    )  # fmt: skip
    penalty_factor: str = assume(
        "1.5", "times the compute when 8 nodes take many steps apart", unit="x", source=CHARLES,
        spread="1.3..1.5..1.8", spread_source="our judgement: read off two tables of one study", least=1,
    )  # fmt: skip
    stages: str = assume("7", "pipeline stages of one replica", unit="1", source=CHOSEN, least=1)
    tensor: str = assume("2", "tensor parts of one replica", unit="1", source=CHOSEN, least=1)
    microbatches: str = assume("32", "micro-batches of a replica's batch", unit="1", source=CHOSEN, least=1)
    activation_kept: str = assume(
        "0.01", "share of activations sent between stages", unit="fraction", least=0, most=1,
        source="Ramasinghe et al., Protocol Models, 2025, arXiv:2506.01260",
        spread="0.01..0.02..0.1", spread_source="our judgement: one hundredth is the best reported",
    )  # fmt: skip
    bytes: str = assume(
        "16", "memory for weight, gradient and optimizer", unit="byte/parameter", source=CHOSEN, least=0
    )


OUTPUTS = (
    Output("days", "days of training", "day"),
    Output("utilization", "useful FLOP over peak, compared with training in one place", "fraction"),
    Output("busy", "share of time in which nodes compute", "fraction"),
    Output("update_seconds", "time of one update within a replica", "s"),
    Output("window_minutes", "time between two exchanges", "minute", 38, source=EPOCH),
    Output("sync_minutes", "time of one exchange", "minute", 7, source=EPOCH),
    Output("exposed_minutes", "time of one exchange that computing does not hide", "minute"),
    Output("memory", "memory a node needs", "GB"),
    Output("fits", "whether a node can hold its part", "probability", summary="mean"),
    Output("penalty", "times the updates because nodes take steps apart", "x"),
    *(Output(f"{name}_share", f"share of the time spent on {name}", "fraction") for name in LIMITS),
    Output("utilization_at", "utilization against log10 of bandwidth in bit/s", "fraction", axis="log10_bandwidth"),
)
_JOB = {"parameters": "parameter", "active": "1", "tokens": "token", "batch": "token", "layers": "1", "width": "1"}
_CLUSTER = {"nodes": "node", "speed": "FLOP/s", "utilization": "1", "memory": "byte", "bandwidth": "bit/s"}
_CLUSTER |= {"latency": "s", "slowest": "1"}
_METHOD = {"inner_steps": "1", "bits": "bit", "kept": "1", "overlap": "1", "penalty_factor": "1", "stages": "1"}
_METHOD |= {"tensor": "1", "microbatches": "1", "activation_kept": "1", "bytes": "byte/parameter"}
UNITS = _JOB | _CLUSTER | _METHOD


def simulated(method: str, values: Mapping[str, Any]) -> Run:
    """One method on the inputs, arrays (draw,) in the units of `UNITS`; what it does not use is as in the naive one."""
    job = {name: values[name] for name in _JOB} | {"active": values["active"] * values["parameters"]}
    uses = METHODS[method]
    chosen = {name: values[name] if name in uses else plain for name, plain in UNUSED.items()}
    exponent = np.log(values["penalty_factor"]) / np.log(8.0)
    how = Method(**chosen, penalty=exponent, bytes=values["bytes"])
    return simulate(Job(**job), Cluster(**{name: values[name] for name in _CLUSTER}), how)


def model(given: Given) -> dict[str, Quantity]:
    """The simulator over all draws, and again at every bandwidth of the path."""
    method = given.params.method

    def simulator(*arrays: Floats) -> tuple[Floats, ...]:
        values = dict(zip(UNITS, (np.asarray(one, dtype=float) for one in arrays), strict=True))
        run = simulated(method, values)
        wide = simulated(
            method, {name: one[:, None] for name, one in values.items()} | {"bandwidth": 10 ** np.array(LOGS)}
        )
        window = run.update_seconds * (values["inner_steps"] if "inner_steps" in METHODS[method] else 1.0)
        flat = (run.seconds, run.utilization, run.busy, run.update_seconds, window, run.sync_seconds, run.exposed)
        more = (run.memory, run.fits, run.factor, *run.spent)
        draws = np.broadcast_shapes(*(one.shape for one in arrays))
        told = [np.broadcast_to(np.asarray(one, dtype=float), draws) for one in (*flat, *more)]
        return (*told, np.broadcast_to(wide.utilization, (*draws, len(LOGS))))

    returns = ("s", "", "", "s", "s", "s", "s", "byte", "", "", *("" for _ in LIMITS), "")
    found = apply_many(
        simulator,
        *(getattr(given, name) for name in UNITS),
        returns=returns,
        units=list(UNITS.values()),
        name="training",
    )
    return dict(zip((one.name for one in OUTPUTS), found, strict=True))


def compared(points: Mapping[str, float]) -> Table:
    """Every method at the central inputs: days, utilization, memory and what costs most time."""
    rows = []
    for method in METHODS:
        run = simulated(method, points)
        rows.append({
            "method": method, "uses": ", ".join(METHODS[method]).replace("_", " ") or "nothing",
            "days": round(float(run.seconds) / 86_400, 3), "utilization": round(float(run.utilization), 5),
            "memory": round(float(run.memory) / 1e9, 3), "fits": "yes" if bool(run.fits) else "no",
            "limit": str(run.limit()),
        })  # fmt: skip
    columns = (
        Column("method"), Column("uses", help="techniques besides data parallelism"), Column("days", "number", "day"),
        Column("utilization", "number", "fraction"), Column("memory", "number", "GB", "that a node needs"),
        Column("fits", help="whether a node has it"), Column("limit", help="what costs most time besides computing"),
    )  # fmt: skip
    return Table.from_rows(columns, rows, "Every method on the same cluster, at the central inputs.")


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for impossible inputs, such as more stages than nodes."""
    from ascent.core.dimensions import unit
    from ascent.forecast.assumptions import given

    points = {}
    for name, one in given(params, evidence).stated.items():
        centre = one.point if one.point is not None else one.shape.centre * one.factor
        points[name] = centre * unit(one.knob.unit).factor / unit(UNITS[name]).factor
    sentence = "Training takes {days} at a utilization of {utilization}; nodes compute for {busy} of the time."
    return estimate(
        __name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"log10_bandwidth": LOGS},
        tables={"methods": compared(points)}, most=1 << 18,
    )  # fmt: skip
