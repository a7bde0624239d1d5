"""The knobs of the ruler, which every question that places a model has: what enters the fit, and the scale."""

from dataclasses import dataclass

from ascent.core.params import check, param, rising
from ascent.measure.attempts import UNSCORED
from ascent.measure.score_matrix import RULES
from ascent.model.index import RIDGE
from ascent.model.index_matrix import REFERENCES
from ascent.model.placing_shapes import POINTS


@dataclass(frozen=True, kw_only=True)
class RulerKnobs:
    """Inherited by `Params`; `placing_own.settle` takes it."""

    model: str = param("", "which model: one of the results (default: see the question), or of the evidence")
    reference_low: str = param(REFERENCES[0], "model that defines the lower point of the scale")
    reference_high: str = param(REFERENCES[1], "model that defines the upper point of the scale")
    low_value: float = param(130.0, "index of the lower reference model", unit=POINTS, least=-1e6, most=1e6)
    high_value: float = param(150.0, "index of the upper reference model", unit=POINTS, least=-1e6, most=1e6)
    prior_spread: float | None = param(
        None, "standard deviation of the prior about the newer half of the models; default the references' distance",
        unit=POINTS, least=0.001, most=1e6,
    )  # fmt: skip
    rule: str = param("median", "how several claims for one model and benchmark become one", choices=RULES)
    unscored: str = param(UNSCORED[0], "what becomes of attempts without a score", choices=UNSCORED)
    independent_only: bool = param(False, "fit with scores that somebody other than the developer measured")
    without: str = param("", "benchmarks to leave out of the fit, separated by ';'")
    min_scores: int = param(4, "models of the evidence with fewer scores are left out", unit="scores", least=1)
    ridge: float = param(
        RIDGE, "pull of log discriminations towards their mean", unit="units of half a squared residual", least=0.0,
        most=1e6,
    )  # fmt: skip
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)
        rising(self, "low_value", "high_value", by=0.001)  # index points

    @property
    def references(self) -> tuple[str, str]:
        return self.reference_low, self.reference_high

    @property
    def values(self) -> tuple[float, float]:
        return self.low_value, self.high_value

    def scale(self) -> str:
        """
        >>> RulerKnobs().scale()
        'index points, Claude 3.5 Sonnet = 130, GPT-5 = 150'
        """
        low, high = f"{self.reference_low} = {self.low_value:g}", f"{self.reference_high} = {self.high_value:g}"
        return f"{POINTS}, {low}, {high}"


def listed(text: str) -> list[str]:
    """Names separated by ';'.

    >>> listed("GPQA diamond; HLE;")
    ['GPQA diamond', 'HLE']
    """
    return [name.strip() for name in text.split(";") if name.strip()]
