"""What can be trained over slow links, and how much does each technique that saves bandwidth help?

Theme     decentralized training
Inputs    model, training tokens and batch; bandwidth of a node's link; inner steps, bits, share of values sent, nodes;
          minutes of computing and exchange of a real run; a ratio of model widths; split of reinforcement learning
Method    time on the link = updates × directions × parameters × bits / bandwidth; inner steps, fewer bits and fewer
          values divide it, a penalty by the number of nodes multiplies it; streaming lets the model grow until exchange
          fills computing time; a pipeline's compute grows with the square of the width, its traffic with the width;
          asynchronous reinforcement learning repeats the forward pass; the table `techniques` names each one's paper
Source    Epoch AI (Sevilla), How far can decentralized training over the internet scale?, 2025
Leaves out  computing time, latency, lost nodes and the quality that compression costs beyond the penalty by nodes
"""

from dataclasses import dataclass

from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log

EPOCH = "Epoch AI, How far can decentralized training over the internet scale?, 2025"
DEEPSEEK = "DeepSeek-AI, DeepSeek-V3 Technical Report, 2024"
DILOCO = "Douillard et al., DiLoCo: Distributed Low-Communication Training of Language Models, 2023, arXiv:2311.08105"
STREAMING = "Douillard et al., Streaming DiLoCo with overlapping communication, 2025, arXiv:2501.18512"
CHARLES = "Charles et al., Communication-Efficient Language Model Training Scales Reliably and Robustly, 2025"
INTELLECT = "Prime Intellect, INTELLECT-1 Technical Report, 2024, arXiv:2412.01152"
INTELLECT2 = "Prime Intellect, INTELLECT-2, 2025, arXiv:2505.07291"
SPARSELOCO = "Sarfi et al., Communication Efficient LLM Pre-training with SparseLoCo, 2025, arXiv:2508.15706"
SWARM = "Ryabinin et al., SWARM Parallelism, 2023, arXiv:2301.11913"
CHOSEN = "a choice, not an estimate"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    parameters: str = assume("671e9", "parameters exchanged", unit="parameter", source=DEEPSEEK, least=0)
    tokens: str = assume("14.8e12", "tokens of training", unit="token", source=DEEPSEEK, least=0)
    batch: str = assume("63e6", "tokens between two updates", unit="token/update", source=EPOCH, least=0)
    bandwidth: str = assume(
        "60", "upload bandwidth of a consumer's link", unit="Mbit/s", source=EPOCH,
        spread="20..60..300", spread_source="our judgement: cable to fibre", least=0,
    )  # fmt: skip
    directions: str = assume("2", "ways an exchange takes: up and down", unit="x", source=EPOCH, least=0)
    full_bits: str = assume(
        "32", "bits of a gradient without quantization", unit="bit/parameter", source=EPOCH, least=0
    )
    medium_bits: str = assume("8", "bits of INTELLECT-1's updates", unit="bit/parameter", source=INTELLECT, least=0)
    few_bits: str = assume("4", "bits of Streaming DiLoCo's updates", unit="bit/parameter", source=STREAMING, least=0)
    kept: str = assume(
        "0.25", "share of values sent under sparsification", unit="fraction", source=EPOCH, least=0, most=1
    )
    minutes: str = assume("10", "longest exchange that is put up with", unit="minute", source=EPOCH, least=0)
    inner_steps: str = assume(
        "500", "updates a node makes between two exchanges", unit="x", source=DILOCO,
        spread="100..500..1000", spread_source="our judgement: INTELLECT-1 took 100", least=1,
    )  # fmt: skip
    nodes: str = assume("10000", "nodes that train apart", unit="node", source=EPOCH, least=1)
    penalty_factor: str = assume(
        "1.5", "times the compute at that many nodes", unit="x", source=CHARLES,
        spread="1.3..1.5..1.8", spread_source="our judgement: read off two tables of one study", least=1,
    )  # fmt: skip
    penalty_nodes: str = assume("8", "nodes at which the penalty was seen", unit="node", source=CHARLES, least=1)
    run_parameters: str = assume("10e9", "parameters of INTELLECT-1", unit="parameter", source=INTELLECT, least=0)
    run_tokens: str = assume("1e12", "tokens of INTELLECT-1", unit="token", source=INTELLECT, least=0)
    compute_minutes: str = assume("about 38", "minutes it computed alone", unit="minute", source=EPOCH, least=0)
    sync_minutes: str = assume("about 7", "minutes of one exchange", unit="minute", source=EPOCH, least=0)
    batch_exponent: str = assume(
        "0.3", "batch size grows as tokens to this power", unit="x",
        source="Bergsma et al., Power Lines, 2025, arXiv:2505.13738",
        spread="0.2..0.3..0.45", spread_source="our judgement: other fits range as far", least=0, most=1,
    )  # fmt: skip
    cluster_exponent: str = assume(
        "2", "the cluster grows as model size to this power", unit="x", source=EPOCH, least=1
    )
    width_ratio: str = assume("2", "width of one model over another's", unit="x", source=CHOSEN, least=0)
    backward: str = assume("2", "FLOP of the backward pass over the forward pass", unit="x", source=EPOCH, least=0)
    traces_used: str = assume(
        "0.08", "share of generated tokens that are trained on", unit="fraction",
        source="our judgement: what the printed ratio of INTELLECT-2 would take",
        spread="0.04..0.08..0.3", spread_source="our judgement: filters differ widely", least=0.001, most=1,
    )  # fmt: skip


OUTPUTS = (
    Output("naive_years", "years on the link when every update is exchanged", "year", 5000, source=EPOCH),
    Output("updates", "updates of the whole training", "update", 235_000, source=EPOCH),
    Output("days_per_update", "days one exchange takes", "day/update", 8, source=EPOCH),
    Output("largest_model", "largest model exchanged in the time allowed", "parameter", 6e8, source=EPOCH),
    Output("inner_step_reduction", "bandwidth saved by inner steps", "x", 500, source=EPOCH),
    Output("node_penalty", "times the compute that many nodes need", "x", 6, source=EPOCH),
    Output("to_medium_bits", "bandwidth saved by 8 bits", "x", 2, source=EPOCH),
    Output("to_few_bits", "bandwidth saved by 4 bits", "x", 4, source=EPOCH),
    Output("sparsity_reduction", "bandwidth saved by sending some values", "x"),
    Output("total_reduction", "bandwidth saved by inner steps, 4 bits and sparsity together", "x"),
    Output("years_saving", "years on the link with them, penalty by nodes included", "year"),
    Output("largest_model_saving", "largest model exchanged in the time allowed with 4 bits and sparsity", "parameter"),
    Output("run_flop", "training compute of INTELLECT-1", "FLOP", 6e22, source=EPOCH),
    Output("headroom_model", "model that the same link allows by 4 bits and sparsity", "x", 8, source=EPOCH),
    Output("headroom_compute", "compute that such a model is trained with", "x", 64, source=EPOCH),
    Output("streaming_bandwidth", "bandwidth that streaming saves while hiding all exchange", "x", 5, source=EPOCH),
    Output("streaming_model", "model that streaming could still hide", "x", 2.7, source=EPOCH),
    Output("streaming_compute", "compute such a model is trained with", "x"),
    Output("pipeline_ratio", "compute for each value sent along a pipeline, wider model over narrower", "x"),
    Output("forward_share", "share of FLOP in the forward pass", "fraction", source=EPOCH),
    Output("rollout_flop", "generating over training in asynchronous reinforcement learning", "x"),
)

TECHNIQUES = Table.from_rows(
    (
        Column("technique"),
        Column("input", help="the input that sets it"),
        Column("output", help="the output that tells what it brings"),
        Column("reported", help="what its authors or Epoch AI report"),
        Column("paper"),
    ),
    [
        dict(zip(("technique", "input", "output", "reported", "paper"), row, strict=True))
        for row in (
            ("inner steps", "inner_steps", "inner_step_reduction", "up to 500 steps with little loss", DILOCO),
            ("inner steps, first analysis", "inner_steps", "inner_step_reduction", "",
             "Stich, Local SGD Converges Fast and Communicates Little, 2018, arXiv:1805.09767"),
            ("penalty by nodes", "nodes", "node_penalty", "1.5 times the compute at 8 nodes",
             CHARLES + ", arXiv:2503.09799"),
            ("8-bit updates", "medium_bits", "to_medium_bits", "used in a run of 10 billion parameters", INTELLECT),
            ("4-bit updates and streaming", "few_bits", "streaming_model", "100 times less bandwidth", STREAMING),
            ("1-bit updates", "few_bits", "to_few_bits", "",
             "Tang et al., 1-bit Adam, 2021, arXiv:2102.02888; Lu et al., 0/1 Adam, 2022, arXiv:2202.06009"),
            ("sparse updates", "kept", "sparsity_reduction", "", SPARSELOCO),
            ("decoupled momentum", "kept", "sparsity_reduction", "",
             "Peng et al., DeMo: Decoupled Momentum Optimization, 2024, arXiv:2411.19870"),
            ("quantization and sparsity together", "kept", "headroom_model", "fine-tuning up to 20 billion parameters",
             "Wang et al., CocktailSGD, 2023, ICML"),
            ("Muon with inner steps", "few_bits", "total_reduction", "", "MuLoCo, 2025, arXiv:2505.23725"),
            ("pipeline over the internet", "width_ratio", "pipeline_ratio", "wider models suffer less", SWARM),
            ("activations in a subspace", "width_ratio", "pipeline_ratio", "activations up to 100 times smaller",
             "Ramasinghe et al., Protocol Models, 2025, arXiv:2506.01260"),
            ("asynchronous reinforcement learning", "traces_used", "rollout_flop",
             "4 times the training compute spent on generation", INTELLECT2),
        )
    ],
    "Techniques that save bandwidth, and who showed what.",
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Time, savings and sizes as expressions of the inputs."""
    updates = given.tokens / given.batch
    exchange = given.directions * given.parameters * given.full_bits / given.bandwidth
    naive = updates * exchange / constant(1, "update")
    quantized = given.full_bits / given.few_bits
    total = given.inner_steps * quantized / given.kept
    one = constant(1, "node")
    # A power law through the one observation: penalty_factor at penalty_nodes.
    penalty = given.penalty_factor ** (log(given.nodes / one) / log(given.penalty_nodes / one))
    largest = given.bandwidth * given.minutes / given.directions / given.full_bits
    headroom = given.medium_bits / given.few_bits / given.kept
    hidden = given.compute_minutes / given.sync_minutes
    # Computing per exchange grows as n^(1 + batch - cluster), the exchange as n.
    streaming = hidden ** (1 / (given.cluster_exponent - given.batch_exponent))
    return {
        "naive_years": naive, "updates": updates, "days_per_update": exchange / constant(1, "update"),
        "largest_model": largest, "inner_step_reduction": given.inner_steps / 1, "node_penalty": penalty,
        "to_medium_bits": given.full_bits / given.medium_bits, "to_few_bits": quantized,
        "sparsity_reduction": 1 / given.kept, "total_reduction": total, "years_saving": naive / total * penalty,
        "largest_model_saving": largest * quantized / given.kept,
        "run_flop": constant(6, "FLOP/(parameter*token)") * given.run_parameters * given.run_tokens,
        "headroom_model": headroom, "headroom_compute": headroom**2,
        "streaming_bandwidth": hidden, "streaming_model": streaming, "streaming_compute": streaming**2,
        "pipeline_ratio": given.width_ratio**2 / given.width_ratio,
        "forward_share": 1 / (1 + given.backward),
        "rollout_flop": 1 / given.traces_used / (1 + given.backward),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Exchanging every update, training would spend {naive_years} on the link; inner steps, 4 bits and sparse "
        "updates make it {years_saving}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, tables={"techniques": TECHNIQUES})
