"""How does a company's spending on compute split into final runs, other research and serving users?

Theme     compute and cost
Inputs    spending on training, research and inference by company and period; the share of final runs; exchange rate
Method    research compute is training plus a yearly charge times the years it is spread over, or what the filings say;
          final runs are a share of it, other research the rest, so the parts add up in every draw
Source    Epoch AI, Why GPT-5 used less training compute, 2025; Final training runs account for a minority of
          R&D compute spending, 2026; Can AI companies become profitable?, 2026
Leaves out  compute bought but not yet used, and what is shared by research and serving
"""

from dataclasses import dataclass
from typing import Any

from ascent.core.errors import WrongUse
from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

GPT5 = "Epoch AI, Why GPT-5 used less training compute than GPT-4.5 (but GPT-6 probably won't), 2025"
RUNS = "Epoch AI, Final training runs account for a minority of R&D compute spending, 2026"
PROFIT = "Epoch AI, Can AI companies become profitable?, 2026"
WORKERS = "Epoch AI, How many digital workers could OpenAI deploy?, 2025"
FILING = "{}, listing documents (Hong Kong), 2026, as tabulated by Wu for Epoch AI"
REPORTED = "our judgement: press reports of internal figures, a tenth either way"
R, S, NINE, HALF = "R&D compute spending", "inference compute spending", ", first nine months", ", first half"
PERIODS = {"openai": ("2024", "2025"), "minimax": ("2024", "window"), "z.ai": ("2024", "window")}


def filed(default: str, company: str, what: str, unit: str, series: str = "", date: str = "") -> Any:
    """A figure of a listing document, and its row of evidence."""
    row = Row.series(series, company, date) if series else None
    return assume(f"about {default}", f"{company}, {what}", unit=unit, source=FILING.format(company), row=row, least=0)


def reported(value: str, spread: str, what: str, source: str, row: Row | None = None) -> Any:
    """A figure that was reported in billions of dollars."""
    return assume(
        value,
        f"OpenAI, {what}",
        unit="billion USD",
        source=source,
        spread=spread,
        spread_source=REPORTED,
        row=row,
        least=0,
    )


def share_of_runs(value: str, spread: str, company: str, source: str) -> Any:
    """Final runs as a share of research compute."""
    return assume(
        value, f"{company}, final runs over research compute", unit="fraction", source=RUNS, spread=spread,
        spread_source=source, least=0, most=1,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    company: str = param("openai", "whose spending", choices=tuple(PERIODS))
    period: str = param("2024", "2024; 2025 for OpenAI, window for the twelve months of the filings of the others",
                        choices=("2024", "2025", "window"))  # fmt: skip
    training: str = reported(
        "3",
        "2.7..3..3.3",
        "compute to train models in 2024",
        GPT5,
        Row.series("compute to train models", "OpenAI", "2024"),
    )
    amortization: str = reported(
        "1",
        "0.9..1..1.1",
        "yearly charge for research compute in 2024",
        GPT5,
        Row.series("research compute amortization", "OpenAI", "2024"),
    )
    years: str = assume(
        "2", "years over which research compute is charged", unit="x", source=GPT5, spread="1.5..2..4", least=1,
        spread_source="two years assumed and four possible in the article; less by our judgement",
    )  # fmt: skip
    research_2025: str = reported("9", "8..9..10", "research compute in 2025", GPT5, Row.series(R, "OpenAI", "2025"))
    inference_2024: str = reported(
        "2.4", "2.2..2.4..2.6", "inference and hosting in 2024", PROFIT, Row.series(S, "OpenAI", "2024")
    )
    inference_2025: str = reported(
        "8", "7.5..8.3..9", "inference in 2025; the article has over 8", PROFIT, Row.series(S, "OpenAI", "2025")
    )
    runs_openai: str = share_of_runs(
        "0.096", "0.045..0.096..0.2", "OpenAI", "our judgement: a factor of two either way"
    )
    before: str = assume("about 6", "OpenAI, yearly compute spending in mid-2024", unit="billion USD", source=WORKERS)
    after: str = assume("about 13", "the same in mid-2025", unit="billion USD", source=WORKERS)
    minimax_2024: str = filed("140.642", "MiniMax", "research compute of 2024", "million USD", R, "2024")
    minimax_before: str = filed(
        "103.114", "MiniMax", "research compute of nine months of 2024", "million USD", R + NINE, "2024-09-30"
    )
    minimax_after: str = filed(
        "142.397", "MiniMax", "research compute of nine months of 2025", "million USD", R + NINE, "2025-09-30"
    )
    serve_2024: str = filed("25.966", "MiniMax", "inference of 2024", "million USD", S, "2024")
    serve_before: str = filed(
        "18.37", "MiniMax", "inference of nine months of 2024", "million USD", S + NINE, "2024-09-30"
    )
    serve_after: str = filed(
        "37.988", "MiniMax", "inference of nine months of 2025", "million USD", S + NINE, "2025-09-30"
    )
    runs_minimax: str = share_of_runs(
        "0.226", "0.105..0.226..0.489", "MiniMax", "our estimate `final-run-share` with the article's ranges"
    )
    zai_2024: str = filed("1552.832", "Z.ai", "research compute of 2024", "million CNY", R, "2024")
    zai_before: str = filed(
        "603.237", "Z.ai", "research compute of half of 2024", "million CNY", R + HALF, "2024-06-30"
    )
    zai_after: str = filed(
        "1145.124", "Z.ai", "research compute of half of 2025", "million CNY", R + HALF, "2025-06-30"
    )
    other_2024: str = filed("43.013", "Z.ai", "compute of operations and marketing in 2024", "million CNY")
    other_before: str = filed("10.738", "Z.ai", "the same of January to June 2024", "million CNY")
    other_after: str = filed("56.409", "Z.ai", "the same of January to June 2025", "million CNY")
    runs_zai: str = share_of_runs(
        "0.123", "0.06..0.123..0.229", "Z.ai", "our estimate `final-run-share` with the article's ranges"
    )
    yuan: str = assume("about 7.2", "yuan for a dollar", unit="CNY/USD", source=RUNS, least=0)


def outputs(params: Params) -> tuple[Output, ...]:
    """What the results mean; the printed figures belong to one company and period."""
    printed: dict[tuple[str, str], tuple[float, str]] = {
        ("openai", "2024"): (5000, GPT5), ("openai", "2025"): (9000, GPT5),
        ("minimax", "2024"): (141, RUNS), ("minimax", "window"): (141, RUNS),
        ("z.ai", "2024"): (216, RUNS), ("z.ai", "window"): (216, RUNS),
    }  # fmt: skip
    research, source = printed[params.company, params.period]
    return (
        Output("final_share", "final runs as a share of all compute spending", "fraction"),
        Output("research_share", "other research as a share", "fraction"),
        Output("inference_share", "serving users as a share", "fraction"),
        Output("total", "all compute spending", "million USD"),
        Output("final_runs", "spending on final runs", "million USD"),
        Output("other_research", "spending on other research", "million USD"),
        Output("inference", "spending on serving users", "million USD"),
        Output("research", "spending on research compute, final runs included", "million USD", research, source=source),
        Output("sum", "the three shares together", "fraction"),
        Output("research_growth", "OpenAI's research compute of 2025 over that of 2024", "x"),
        Output("spending_growth", "OpenAI's compute spending, mid-2025 over mid-2024", "x", 2, source=WORKERS),
    )


def model(given: Given) -> dict[str, Quantity]:
    """Three parts of a whole."""
    openai_2024 = given.training + given.amortization * given.years
    research, inference, share = _parts(given, openai_2024)
    final = research * share
    other = research - final
    total = final + other + inference
    shares = [part / total for part in (final, other, inference)]
    return {
        "final_share": shares[0], "research_share": shares[1], "inference_share": shares[2], "total": total,
        "final_runs": final, "other_research": other, "inference": inference, "research": research,
        "sum": shares[0] + shares[1] + shares[2],
        "research_growth": given.research_2025 / openai_2024, "spending_growth": given.after / given.before,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for a period that the company's figures do not have."""
    if params.period not in PERIODS[params.company]:
        told = " and ".join(PERIODS[params.company])
        raise WrongUse(f"--period {params.period} is not known for {params.company}; its periods are {told}.")
    sentence = (
        "Of {total}, final runs took {final_share}, other research {research_share} and serving {inference_share}."
    )
    return estimate(__name__, evidence, params, model, outputs(params), sentence=sentence)


def _parts(given: Given, openai_2024: Quantity) -> tuple[Quantity, Quantity, Quantity]:
    """Research compute, inference, and the share of final runs, of the company and period asked for."""
    whole_year = given.params.period == "2024"
    if given.params.company == "openai":
        if whole_year:
            return openai_2024, given.inference_2024, given.runs_openai
        return given.research_2025, given.inference_2025, given.runs_openai
    if given.params.company == "minimax":
        if whole_year:
            return given.minimax_2024, given.serve_2024, given.runs_minimax
        research = given.minimax_2024 - given.minimax_before + given.minimax_after
        return research, given.serve_2024 - given.serve_before + given.serve_after, given.runs_minimax
    if whole_year:
        return given.zai_2024 / given.yuan, given.other_2024 / given.yuan, given.runs_zai
    research = given.zai_2024 - given.zai_before + given.zai_after
    other = given.other_2024 - given.other_before + given.other_after
    return research / given.yuan, other / given.yuan, given.runs_zai
