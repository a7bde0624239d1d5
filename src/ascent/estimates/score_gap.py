"""Is a difference between two scores on a few hundred questions real?

Theme     research and growth
Inputs    questions, two scores on them, how far one question's two outcomes agree, runs per provider, parts left out
Method    unpaired: pooled standard error and z of two proportions; paired: the variance of a difference shrinks by
          the correlation of the two outcomes; a score on part of a benchmark differs from the whole's by at most the
          part left out; every draw also draws the two true scores from their beta posteriors (Jeffreys prior)
Source    Epoch AI, Why benchmarking is hard, 2025; Miller 2024, Adding Error Bars to Evals, arXiv:2411.00640
Leaves out  that questions come in groups, and that one prompt is not all prompts
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.quantiles import normal_probabilities
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant, sqrt

EPOCH = "Epoch AI, Why benchmarking is hard, 2025"
DRAWN = "by construction"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    questions: str = assume("198", "questions both scores rest on", unit="question", source=EPOCH, least=1)
    low_score: str = assume("0.74", "score with the worse prompt", unit="fraction", source=EPOCH, least=0, most=1)
    high_score: str = assume("0.80", "score with the better prompt", unit="fraction", source=EPOCH, least=0, most=1)
    agreement: str = assume(
        "0", "correlation of the two outcomes of one question", unit="1", source="none, as unpaired tests assume",
        spread="uniform(0, 0.8)", spread_source="our judgement: hard questions are hard under any prompt", least=-0.99,
        most=0.99,
    )  # fmt: skip
    runs: str = assume("4", "runs averaged for one provider", unit="run", source=EPOCH, least=1)
    run_part: str = assume("477", "questions of a benchmark that were run", unit="question", source=EPOCH, least=0)
    whole: str = assume("500", "questions it has", unit="question", source=EPOCH, least=1)
    low_draw: str = assume(
        "uniform(0, 1)", "draws the worse prompt's true score", unit="1", source=DRAWN, least=0, most=1
    )
    high_draw: str = assume(
        "uniform(0, 1)", "draws the better prompt's true score", unit="1", source=DRAWN, least=0, most=1
    )


OUTPUTS = (
    Output("true_gap", "difference of true scores, as on different questions, in percentage points", "percent",
           words="not significant", source=EPOCH),
    Output("better", "probability that the better prompt is truly better", "probability", summary="mean"),
    Output("z", "difference over its standard error, unpaired", "1"),
    Output("p_two_sided", "chance of so large a difference without any", "probability"),
    Output("p_paired", "the same where outcomes on one question agree as assumed", "probability"),
    Output("error", "standard error of one score", "fraction"),
    Output("smallest", "smallest difference that would be significant", "fraction"),
    Output("run_error", "standard error of the mean of a provider's runs", "fraction"),
    Output("part", "share of the benchmark that was run", "fraction"),
    Output("largest_bias", "most that leaving questions out can change", "percent"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Standard errors, tests, and the posterior of the difference."""
    one = constant(1, "question")
    pooled = (given.low_score + given.high_score) / 2
    variance = pooled * (1 - pooled) * one / given.questions
    gap = given.high_score - given.low_score
    z = gap / sqrt(2 * variance)
    paired = gap / sqrt(2 * variance * (1 - given.agreement))
    rows = (given.questions / one, given.low_score, given.high_score, given.low_draw, given.high_draw)
    true_gap = apply(_posterior_gap, *rows, unit="1")
    return {
        "true_gap": true_gap, "better": true_gap > 0, "z": z, "p_two_sided": apply(_two_sided, z, unit="1"),
        "p_paired": apply(_two_sided, paired, unit="1"), "error": sqrt(variance), "smallest": 1.96 * sqrt(2 * variance),
        "run_error": sqrt(variance / (given.runs / constant(1, "run"))), "part": given.run_part / given.whole,
        "largest_bias": 1 - given.run_part / given.whole,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "In percentage points the true scores differ by {true_gap}; without any true difference a gap as large as "
        "that seen has a chance of {p_two_sided}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)


def _two_sided(z: np.ndarray) -> np.ndarray:
    return 2 * normal_probabilities(-np.abs(z))


def _posterior_gap(questions: np.ndarray, low: np.ndarray, high: np.ndarray, *draws: np.ndarray) -> np.ndarray:
    from scipy.special import betaincinv

    scores = [
        betaincinv(questions * score + 0.5, questions * (1 - score) + 0.5, np.clip(draw, 1e-12, 1 - 1e-12))
        for score, draw in zip((low, high), draws, strict=True)
    ]
    return np.asarray(scores[1] - scores[0])
