"""How far off were the median forecasts for AI in 2025?

Theme     research and growth
Inputs    median forecasts and resolutions of the survey's questions, as printed; the maxima of the seven tasks that
          bound one of them; shares of respondents
Method    error = median forecast - resolution; ratios for revenue and concern; the mean of the tasks' maxima bounds the
          normalized score; groups' scores by subtraction; intervals come from the rounding of what was printed
Source    Epoch AI, How well did forecasters predict 2025 AI progress?, 2026
Leaves out  the individual forecasts, and so the spread between people, and Cybench, whose error alone was printed
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, How well did forecasters predict 2025 AI progress?, 2026"
YEARLY = "billion USD/year"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    re_bench: str = assume("about 1.1", "median forecast for RE-Bench", unit="1", source=EPOCH)
    re_bench_result: str = assume("about 1.13", "result on RE-Bench", unit="1", source=EPOCH)
    swe_bench: str = assume(
        "about 0.88", "median forecast for SWE-bench Verified", unit="fraction", source=EPOCH, least=0, most=1
    )
    swe_bench_result: str = assume(
        "about 0.81", "result on SWE-bench Verified", unit="fraction", source=EPOCH, least=0, most=1
    )
    osworld: str = assume("about 0.60", "median forecast for OSWorld", unit="fraction", source=EPOCH, least=0, most=1)
    osworld_result: str = assume(
        "about 0.726", "result on OSWorld as changed later", unit="fraction", source=EPOCH, least=0, most=1
    )
    osworld_first: str = assume(
        "about 0.663", "result on OSWorld as published first", unit="fraction", source=EPOCH, least=0, most=1
    )
    frontiermath: str = assume(
        "about 0.40", "median forecast for FrontierMath", unit="fraction", source=EPOCH, least=0, most=1
    )
    frontiermath_result: str = assume(
        "about 0.407", "result on FrontierMath", unit="fraction", source=EPOCH, least=0, most=1
    )
    before_o3: str = assume("about 0.70", "median before o3 over the result", unit="x", source=EPOCH)
    after_o3: str = assume("about 1.10", "median after o3 over the result", unit="x", source=EPOCH)
    first_tier: str = assume(
        "0.25", "share of problems in the first tier", unit="fraction", source=EPOCH, least=0, most=1
    )
    second_tier: str = assume(
        "0.50", "share of problems in the second tier", unit="fraction", source=EPOCH, least=0, most=1
    )
    revenue: str = assume("about 16", "median forecast of annualized revenue", unit=YEARLY, source=EPOCH, least=0)
    revenue_result: str = assume("about 30.4", "annualized revenue reached", unit=YEARLY, source=EPOCH, least=0)
    openai: str = assume("about 5.5", "OpenAI's part of the updated baseline", unit=YEARLY, source=EPOCH, least=0)
    others: str = assume("about 0.9", "the others' part of it", unit=YEARLY, source=EPOCH, least=0)
    tripling: str = assume("about 3", "growth that many assumed", unit="x", source=EPOCH, least=0)
    concern: str = assume(
        "about 0.02", "median forecast of the share most concerned", unit="fraction", source=EPOCH, least=0, most=1
    )
    concern_result: str = assume("about 0.00625", "share that was", unit="fraction", source=EPOCH, least=0, most=1)
    early_mean: str = assume("about -0.014", "mean score of those expecting early arrival", unit="1", source=EPOCH)
    late_mean: str = assume("about 0.059", "mean score of the others", unit="1", source=EPOCH)
    early_median: str = assume("about 0.023", "median score of the former", unit="1", source=EPOCH)
    late_median: str = assume("about 0.088", "median score of the latter", unit="1", source=EPOCH)
    experienced: str = assume(
        "about 0.73", "share with some experience", unit="fraction", source=EPOCH, least=0, most=1
    )
    recent: str = assume(
        "about 0.80", "of them with five years or less", unit="fraction", source=EPOCH, least=0, most=1
    )
    rationales_low: str = assume("9", "rationales that named annualized revenue", unit="1", source=EPOCH)
    rationales_mid: str = assume("2", "rationales about the revenue of the whole year", unit="1", source=EPOCH)
    rationales_high: str = assume("22", "rationales that left this open", unit="1", source=EPOCH)
    maximum_1: str = assume("about 1.36", "maximum of the first task of RE-Bench", unit="1", source=EPOCH)
    maximum_2: str = assume("about 2.53", "maximum of the second", unit="1", source=EPOCH)
    maximum_3: str = assume("about 1.25", "maximum of the third", unit="1", source=EPOCH)
    maximum_4: str = assume("about 1.81", "maximum of the fourth", unit="1", source=EPOCH)
    maximum_5: str = assume("about 2.51", "maximum of the fifth", unit="1", source=EPOCH)
    maximum_6: str = assume("about 1.8", "maximum of the sixth", unit="1", source=EPOCH)
    maximum_7: str = assume("about 1.48", "maximum of the seventh", unit="1", source=EPOCH)


OUTPUTS = (
    Output("revenue_factor", "annualized revenue reached over its median forecast", "x", 2, source=EPOCH),
    Output("re_bench_error", "error for RE-Bench", "1"),
    Output("swe_bench_error", "error for SWE-bench Verified", "fraction"),
    Output("osworld_error", "error for OSWorld", "fraction"),
    Output("osworld_first_error", "error for OSWorld as published first", "fraction"),
    Output("frontiermath_error", "error for FrontierMath", "fraction"),
    Output("frontiermath_before", "median for FrontierMath before o3", "fraction"),
    Output("frontiermath_after", "median for FrontierMath after o3", "fraction"),
    Output("frontiermath_naive", "naive forecast from the tiers", "fraction", 0.75, source=EPOCH),
    Output("baseline", "updated baseline of revenue", YEARLY, 6.4, source=EPOCH),
    Output("tripled", "forecast at three times that baseline", YEARLY, 19.2, source=EPOCH),
    Output("growth", "growth from that baseline", "x", 4.8, source=EPOCH),
    Output("concern_factor", "median forecast of concern over the share that was", "x"),
    Output("mean_difference", "mean score of late less early expecters", "1"),
    Output("median_difference", "median score of late less early expecters", "1"),
    Output("newcomers", "respondents with five years or less", "fraction"),
    Output("inexperienced", "respondents without experience", "fraction"),
    Output("rationales", "rationales read", "1", 33, source=EPOCH),
    Output("re_bench_maximum", "highest possible score on RE-Bench", "1", 1.82, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Errors, ratios and bounds."""
    baseline = given.openai + given.others
    maxima = [getattr(given, f"maximum_{place}") for place in range(1, 8)]
    total = maxima[0]
    for one in maxima[1:]:
        total = total + one
    return {
        "revenue_factor": given.revenue_result / given.revenue,
        "re_bench_error": given.re_bench - given.re_bench_result,
        "swe_bench_error": given.swe_bench - given.swe_bench_result,
        "osworld_error": given.osworld - given.osworld_result,
        "osworld_first_error": given.osworld - given.osworld_first,
        "frontiermath_error": given.frontiermath - given.frontiermath_result,
        "frontiermath_before": given.frontiermath_result * given.before_o3,
        "frontiermath_after": given.frontiermath_result * given.after_o3,
        "frontiermath_naive": given.first_tier + given.second_tier, "baseline": baseline,
        "tripled": given.tripling * baseline, "growth": given.revenue_result / baseline,
        "concern_factor": given.concern / given.concern_result,
        "mean_difference": given.late_mean - given.early_mean,
        "median_difference": given.late_median - given.early_median,
        "newcomers": given.experienced * given.recent, "inexperienced": 1 - given.experienced,
        "rationales": given.rationales_low + given.rationales_mid + given.rationales_high,
        "re_bench_maximum": total / 7,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Revenue reached {revenue_factor} its median forecast; the median for SWE-bench Verified was off by "
        "{swe_bench_error} and that for FrontierMath by {frontiermath_error}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
