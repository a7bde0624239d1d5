"""The knobs that every question about checkpoints has: which curves it looks at.

A question's `Params` inherits them and adds its own.
"""

from dataclasses import dataclass

from ascent.core.params import check, param
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoints import Curves, checkpoint_curves


@dataclass(frozen=True, kw_only=True)
class CheckpointKnobs:
    """Which checkpoints count; raises WrongUse for a value that a knob, also one of an heir, cannot take."""

    training_run: str = param("", "training runs, separated by semicolons; default all")
    benchmark: str = param("", "benchmarks, separated by semicolons; default all")
    metric: str = param("", "metric of all curves; default accuracy, else acc_norm of a benchmark without it")
    setting: str = param("", "words that the setting must have, such as shots=5; default the most frequent")
    flop_per_step: float = param(0.0, "cost of a step, where checkpoints tell only steps", unit="FLOP", least=0.0)
    tokens_per_step: float = param(
        0.0, "tokens of a step, where checkpoints tell steps and parameters", unit="tokens", least=0.0
    )

    def __post_init__(self) -> None:
        check(self)

    def curves_of(self, evidence: Evidence, least: int = 1, mixed: bool = False) -> Curves:
        """The curves these knobs choose; raises what `checkpoint_curves`, which tells `least` and `mixed`, raises."""
        return checkpoint_curves(
            evidence, metric=self.metric, setting=self.setting, training_run=self.training_run,
            benchmark=self.benchmark, flop_per_step=self.flop_per_step,
            tokens_per_step=self.tokens_per_step, least=least, mixed=mixed,
        )  # fmt: skip
