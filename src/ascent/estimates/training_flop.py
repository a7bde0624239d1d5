"""How much compute did a training run take, from its size and from its hardware?

Theme     compute and cost
Inputs    parameters and tokens; GPUs, time, peak rate and the share of it reached; the developer's own figure
Method    6 FLOP for every parameter and token, beside GPUs times time times peak times utilization; a draw takes one
          of the two routes, each as often, and their ratio says how well they agree; the peak comes from the evidence
          where --chip names a chip
Source    Kaplan et al., Scaling Laws for Neural Language Models, 2020 (6ND); Epoch AI, Estimating Training Compute of
          Deep Learning Models, 2022 (hardware)
Leaves out  attention over long contexts, repeated passes, failed and abandoned runs, and post-training
"""

from dataclasses import dataclass, replace

from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, where

LLAMA = "Llama Team, The Llama 3 Herd of Models, 2024"
MODELS = "Epoch AI, Data on AI models, 2025"
DRAWN = "by construction"
COLUMNS = {"16 bit": "peak_fp16_flop_per_s", "8 bit": "peak_fp8_flop_per_s", "32 bit": "peak_fp32_flop_per_s"}


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    parameters: str = assume(
        "about 405e9", "parameters used for one token (of Llama 3.1 405B)", unit="parameter", source=LLAMA, least=0
    )
    tokens: str = assume("about 15.6e12", "tokens trained on", unit="token", source=LLAMA, least=0)
    per_token: str = assume(
        "6", "FLOP for a parameter and a token", unit="FLOP/(parameter*token)", least=0,
        source="Kaplan et al., Scaling Laws for Neural Language Models, 2020", spread="5.7..6..6.9",
        spread_source="our judgement: attention and recomputation add, frozen or shared parameters save",
    )  # fmt: skip
    chips: str = assume("exactly 16384", "GPUs", unit="GPU", source=MODELS, least=0)
    time: str = assume(
        "1882", "time they trained: 30.84 million GPU-hours over their number", unit="hour", least=0,
        source="Meta, Llama 3.1 model card, 2024", spread="1700..1882..2142",
        spread_source=f"our judgement up to the 2142 hours of {MODELS}",
    )  # fmt: skip
    peak: str = assume(
        "exactly 9.894e14", "peak rate of one GPU (H100, 16 bit)", unit="FLOP/(s*GPU)", least=0,
        source="Epoch AI, Data on Machine Learning Hardware, 2026",
    )  # fmt: skip
    utilization: str = assume(
        "0.41", "share of the peak that training reached", unit="fraction", source=LLAMA, least=0, most=1,
        spread="0.33..0.38..0.43",
        spread_source="our judgement: 0.38 to 0.43 while it ran, as the source has it, less with restarts",
    )  # fmt: skip
    route_draw: str = assume(
        "uniform(0, 1)", "decides the route of a draw", unit="probability", source=DRAWN, least=0, most=1
    )
    told: str = assume("about 3.8e25", "what the developer or others say", unit="FLOP", source=LLAMA, least=0)
    other: str = assume(
        "2.1e25", "compute of a run to compare with (GPT-4)", unit="FLOP", source=MODELS, least=0,
        spread="0.8e25..2.1e25..5e25", spread_source="our judgement: a factor of 2.5, as nothing is disclosed",
    )  # fmt: skip
    route: str = param("mixture", "what counts as the answer", choices=("mixture", "tokens", "hardware"))
    chip: str = param("", "chip of the evidence table hardware whose peak counts instead of --peak")
    precision: str = param("16 bit", "precision whose peak counts, with --chip", choices=tuple(COLUMNS))


OUTPUTS = (
    Output("flop", "training compute by the route asked for", "FLOP", 3.8e25, source=LLAMA, at_point=False),
    Output("from_tokens", "training compute by parameters and tokens", "FLOP"),
    Output("from_hardware", "training compute by hardware", "FLOP"),
    Output("agreement", "by parameters and tokens over by hardware", "x"),
    Output("gpu_time", "GPU-hours", "GPU-hour"),
    Output("utilization_implied", "utilization that makes both routes agree", "fraction"),
    Output("peak_implied", "peak rate that the figure told implies", "FLOP/(s*GPU)"),
    Output("told_over_tokens", "figure told over the one by parameters and tokens", "x"),
    Output("told_over_hardware", "figure told over the one by hardware", "x"),
    Output("other_over_told", "compute of the run compared with, over the figure told", "x"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Two routes to the same number."""
    from_tokens = given.per_token * given.parameters * given.tokens
    gpu_time = given.chips * given.time
    at_peak = gpu_time * given.peak
    from_hardware = at_peak * given.utilization
    answers = {
        "mixture": where(given.route_draw < 0.5, from_tokens, from_hardware),
        "tokens": from_tokens,
        "hardware": from_hardware,
    }
    return {
        "flop": answers[given.params.route],
        "from_tokens": from_tokens, "from_hardware": from_hardware, "agreement": from_tokens / from_hardware,
        "gpu_time": gpu_time, "utilization_implied": from_tokens / at_peak,
        "peak_implied": given.told / (gpu_time * given.utilization),
        "told_over_tokens": given.told / from_tokens, "told_over_hardware": given.told / from_hardware,
        "other_over_told": given.other / given.told,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises UnknownName for a chip the evidence does not have."""
    known = replace(params, peak=_peak(evidence, params.chip, params.precision)) if params.chip else params
    sentence = "Training took {flop}: {from_tokens} by parameters and tokens, {from_hardware} by hardware."
    return estimate(__name__, evidence, known, model, OUTPUTS, sentence=sentence)


def _peak(evidence: Evidence, chip: str, precision: str) -> str:
    """The peak rate of a chip as the text of an input."""
    column = COLUMNS[precision]
    table = evidence.table("hardware")
    peaks = {str(row["chip"]): row[column] for row in table.rows() if row[column] is not None} if len(table) else {}
    if not peaks:
        raise TooLittleEvidence(
            need=f"a chip with {column} in hardware", have="none", fix="set --peak, or add the chip's row"
        )
    if chip not in peaks:
        raise UnknownName("chip", chip, peaks, "ascent evidence show hardware lists them; --peak sets a rate itself.")
    return f"exactly {peaks[chip]!r}"
