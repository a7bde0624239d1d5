"""How fast do chatbots gain users, and do those users come back more?

Theme     business
Inputs    weekly users on two dates; growth of visits and of users over a year; minutes in two apps and their growth;
          growth of monthly users of two services over some months
Method    users gained a month; visits per user as a ratio of growth factors; earlier minutes from later ones; growth
          over some months continued to a year
Source    Epoch AI, The changing drivers of LLM adoption, 2025
Leaves out  people who use several services, and what is not seen from outside: messages, tokens, use inside other apps
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.growing import time_until
from ascent.forecast.quantity import Quantity, constant

EPOCH = "Epoch AI, The changing drivers of LLM adoption, 2025"
ROUNDED = "its rounding"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    users_before: str = assume(
        "400e6", "weekly users of ChatGPT in January 2025, told as under", unit="user", source=EPOCH, least=0,
        spread="360e6..385e6..400e6", spread_source="our judgement: the source says under 400 million",
        row=Row.series("weekly active users", "ChatGPT", "2025-01"),
    )  # fmt: skip
    users_after: str = assume(
        "800e6", "the same in August 2025, told as nearly", unit="user", source=EPOCH, least=0,
        spread="740e6..780e6..800e6", spread_source="our judgement: the source says nearly 800 million",
        row=Row.series("weekly active users", "ChatGPT", "2025-08"),
    )  # fmt: skip
    months: str = assume("7", "months between them", unit="month", source=EPOCH, spread="uniform(6.5, 8)", least=0,
                         spread_source="beginning, middle or end of either month")  # fmt: skip
    traffic_growth: str = assume(
        "1.5", "growth of ChatGPT's web traffic to November 2025", unit="x/year", source=EPOCH, spread="about 1.5",
        spread_source=ROUNDED, least=0, row=Row.series("growth of web traffic in a year", "ChatGPT", "2025-11"),
    )  # fmt: skip
    users_growth: str = assume(
        "3", "growth of its weekly users over a similar year", unit="x/year", source=EPOCH, spread="about 3", least=0,
        spread_source=ROUNDED, row=Row.series("growth of weekly active users in a year", "ChatGPT", "2025-11"),
    )  # fmt: skip
    chatgpt_minutes: str = assume(
        "17", "minutes a day in ChatGPT's app, November 2025", unit="minute/day", source=EPOCH, spread="about 17",
        spread_source=ROUNDED, least=0, row=Row.series("minutes a day in the app", "ChatGPT", "2025-11"),
    )  # fmt: skip
    chatgpt_more: str = assume(
        "0.06", "rise of them since March", unit="fraction", source=EPOCH, spread="about 0.06", spread_source=ROUNDED,
        least=-1, row=Row.series("growth of minutes in the app since March", "ChatGPT", "2025-11"),
    )  # fmt: skip
    gemini_minutes: str = assume(
        "11", "minutes a day in Gemini's app, November 2025", unit="minute/day", source=EPOCH, spread="about 11",
        spread_source=ROUNDED, least=0, row=Row.series("minutes a day in the app", "Gemini", "2025-11"),
    )  # fmt: skip
    gemini_more: str = assume(
        "1.2", "rise of them since March", unit="fraction", source=EPOCH, spread="about 1.2", spread_source=ROUNDED,
        least=-1, row=Row.series("growth of minutes in the app since March", "Gemini", "2025-11"),
    )  # fmt: skip
    gemini_users: str = assume(
        "0.30", "rise of Gemini's monthly users, August to November 2025", unit="fraction", source=EPOCH, least=-1,
        spread="0.25..0.30..0.35", spread_source=ROUNDED,
        row=Row.series("growth of monthly active users, August to November", "Gemini", "2025-11"),
    )  # fmt: skip
    chatgpt_users: str = assume(
        "0.05", "the same for ChatGPT", unit="fraction", source=EPOCH, spread="about 0.05", spread_source=ROUNDED,
        least=-1, row=Row.series("growth of monthly active users, August to November", "ChatGPT", "2025-11"),
    )  # fmt: skip
    quarter: str = assume("3", "months from August to November", unit="month", source=EPOCH, least=0)


OUTPUTS = (
    Output("users_per_month", "weekly users gained in a month", "million user/month", 50.0, source=EPOCH),
    Output("users_factor", "growth of weekly users between both dates", "x"),
    Output("users_yearly", "the same, continued for a year", "x/year"),
    Output("users_doubling", "time in which they doubled", "month"),
    Output("traffic_per_user", "visits per user against a year before", "x", words="moved to apps", source=EPOCH),
    Output("chatgpt_march", "minutes a day in ChatGPT's app in March 2025", "minute/day"),
    Output("gemini_march", "minutes a day in Gemini's app in March 2025", "minute/day"),
    Output("gemini_yearly", "growth of Gemini's monthly users, continued for a year", "x/year"),
    Output("chatgpt_yearly", "growth of ChatGPT's monthly users, continued for a year", "x/year"),
    Output("catch_up_factor", "how much faster Gemini grows in a year", "x", words="faster", source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Rates and ratios."""
    year = constant(1, "year")
    factor = given.users_after / given.users_before
    gemini, chatgpt = ((1 + rise) ** (year / given.quarter) for rise in (given.gemini_users, given.chatgpt_users))
    return {
        "users_per_month": (given.users_after - given.users_before) / given.months, "users_factor": factor,
        "users_yearly": factor ** (year / given.months) / year, "users_doubling": time_until(2, factor, given.months),
        "traffic_per_user": given.traffic_growth / given.users_growth,
        "chatgpt_march": given.chatgpt_minutes / (1 + given.chatgpt_more),
        "gemini_march": given.gemini_minutes / (1 + given.gemini_more),
        "gemini_yearly": gemini / year, "chatgpt_yearly": chatgpt / year, "catch_up_factor": gemini / chatgpt,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "ChatGPT gained {users_per_month}; visits per user stand at {traffic_per_user} of a year before."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
