"""How much AI compute has been shipped, in chips like the H100, and whose chips are they?

Theme     compute and cost
Inputs    chips of every kind shipped by the end of 2025, with their 90 % ranges; their peak rates in 8 bit; one owner's
          GPUs before and now
Method    a chip counts as its peak rate over that of an H100; kinds and designers add up, so that adding first and
          converting afterwards gives the same
Source    Epoch AI, AI Chip Sales: chip counts, 2026
Leaves out  chips that were scrapped or never switched on, memory and networks, Chinese and other makers, and that kinds
            of one designer may all be over- or undercounted together
"""

from dataclasses import dataclass
from typing import Any

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant

EPOCH = "Epoch AI, AI Chip Sales: chip counts, 2026"
POST = "Mostaque, as told by the author of the newsletter Import AI, posts on measurement and policy, 2025"
CHIPS = {  # input -> designer, peak FLOP/s in 8 bit without sparsity, as the counts take it
    "a100": ("nvidia", 6.24e14), "a800": ("nvidia", 6.24e14), "h100": ("nvidia", 1.979e15),
    "h800": ("nvidia", 1.979e15), "h20": ("nvidia", 2.96e14), "b200": ("nvidia", 5e15), "b300": ("nvidia", 5e15),
    "tpu_v4": ("google", 2.75e14), "tpu_v4i": ("google", 1.38e14), "tpu_v5e": ("google", 3.93e14),
    "tpu_v5p": ("google", 9.18e14), "tpu_v6e": ("google", 1.836e15), "tpu_v7": ("google", 4.614e15),
    "trainium1": ("amazon", 4.2e14), "trainium2": ("amazon", 1.299e15),
    "mi250x": ("amd", 3.83e14), "mi300a": ("amd", 1.9612e15), "mi300x": ("amd", 2.6149e15), "mi308x": ("amd", 6.537e14),
    "mi325x": ("amd", 2.6e15), "mi350x": ("amd", 4.614e15), "mi355x": ("amd", 5.0332e15),
}  # fmt: skip
DESIGNERS = {"nvidia": "NVIDIA", "google": "Google", "amazon": "Amazon", "amd": "AMD"}
H100 = 1.979e15


def shipped(low: float, mid: float, high: float, name: str, entity: str = "") -> Any:
    """Chips of one kind; the text default is the row of evidence."""
    row = Row.series("chips shipped so far", entity, "2025-12-31") if entity else None
    return assume(f"{low}..{mid}..{high}", f"{name} shipped", unit="chip", source=EPOCH, row=row, least=0)


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    a100: str = shipped(741283, 961830, 1253503, "A100", "Nvidia A100")
    a800: str = shipped(92871, 121421, 157504, "A800", "Nvidia A800")
    h100: str = shipped(3616942, 4317291, 5079871, "H100 and H200", "Nvidia H100")
    h800: str = shipped(93121, 115430, 143648, "H800", "Nvidia H800")
    h20: str = shipped(1146319, 1489899, 1938218, "H20", "Nvidia H20")
    b200: str = shipped(1636361, 1918562, 2247221, "B200", "Nvidia B200")
    b300: str = shipped(1271339, 1500692, 1763309, "B300", "Nvidia B300")
    tpu_v4: str = shipped(190719, 261998, 343997, "TPU v4", "TPU v4")
    tpu_v4i: str = shipped(18344, 30031, 45716, "TPU v4i", "TPU v4i")
    tpu_v5e: str = shipped(1745468, 2391837, 3147874, "TPU v5e", "TPU v5e")
    tpu_v5p: str = shipped(495021, 672187, 871267, "TPU v5p", "TPU v5p")
    tpu_v6e: str = shipped(1883810, 2469009, 3052486, "TPU v6e", "TPU v6e")
    tpu_v7: str = shipped(212950, 294531, 387130, "TPU v7", "TPU v7")
    trainium1: str = shipped(200000, 440000, 1000000, "Trainium1 (2024)")
    trainium2: str = shipped(1130000, 1400000, 1700000, "Trainium2")
    mi250x: str = shipped(24605, 44926, 68680, "MI250X (from 2024)")
    mi300a: str = shipped(79539, 114446, 152435, "MI300A")
    mi300x: str = shipped(384892, 514692, 673269, "MI300X")
    mi308x: str = shipped(26053, 31859, 38862, "MI308X")
    mi325x: str = shipped(49668, 91307, 154156, "MI325X")
    mi350x: str = shipped(53388, 75462, 101008, "MI350X")
    mi355x: str = shipped(35455, 49474, 66497, "MI355X")
    kind: str = param("a100", "kind of the owner's GPUs", choices=tuple(CHIPS))
    before: str = assume(
        "4000", "the owner's GPUs before (Stability AI, earlier that year)", unit="chip", source=POST, least=0,
        spread="uniform(3500, 4500)", spread_source="our judgement: a round number",
    )  # fmt: skip
    now: str = assume("about 5408", "the owner's GPUs at the time of the post", unit="chip", source=POST, least=0)


OUTPUTS = (
    Output("total", "compute shipped by the end of 2025", "H100e"),
    *(Output(name, f"compute shipped by {label}", "H100e") for name, label in DESIGNERS.items()),
    *(Output(f"share_{name}", f"share of {label}", "fraction") for name, label in DESIGNERS.items()),
    Output("rate", "their peak rates together", "FLOP/s"),
    Output("total_of_rates", "the same compute, rates added before converting", "H100e"),
    Output("chips", "chips shipped", "chip"),
    Output("owned", "the owner's compute now", "H100e"),
    Output("growth", "the owner's GPUs now over before", "x", words="up", source=POST),
    Output("share_owned", "the owner's share of all compute shipped", "fraction"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Chips times their worth, added by designer."""
    worth = {name: constant(rate / H100, "H100e/chip") for name, (_, rate) in CHIPS.items()}
    nothing = constant(0, "H100e")
    by_designer = {
        one: sum((given.quantities[name] * worth[name] for name in CHIPS if CHIPS[name][0] == one), nothing)
        for one in DESIGNERS
    }
    total = sum(by_designer.values(), nothing)
    rates = [given.quantities[name] * constant(rate, "FLOP/(s*chip)") for name, (_, rate) in reversed(CHIPS.items())]
    rate = sum(rates, constant(0, "FLOP/s"))
    owned = given.now * worth[given.params.kind]
    return {
        "total": total, **by_designer, **{f"share_{one}": part / total for one, part in by_designer.items()},
        "rate": rate, "total_of_rates": rate / constant(H100, "FLOP/(s*H100e)"),
        "chips": sum((given.quantities[name] for name in CHIPS), constant(0, "chip")),
        "owned": owned, "growth": given.now / given.before, "share_owned": owned / total,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Chips worth {total} were shipped by the end of 2025, {share_nvidia} of it by NVIDIA."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
