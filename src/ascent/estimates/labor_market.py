"""How large is an occupation beside software work, in jobs and in pay?

Theme     people and data
Inputs    jobs of four writing occupations and of software work in the United States, and their median pay
Method    sums and ratios; an occupation's wage bill is jobs x pay
Source    U.S. Bureau of Labor Statistics, Occupational Outlook Handbook, as cited by Epoch AI, How close is AI to
          taking my job?, 2026
Leaves out  the self-employed that the statistics miss, and how much of each job is writing
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, How close is AI to taking my job?, 2026"
BLS = f"U.S. Bureau of Labor Statistics, Occupational Outlook Handbook, as cited by {EPOCH}"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    writers: str = assume("about 135400", "writers and authors", unit="job", source=BLS, least=0)
    technical_writers: str = assume("about 56400", "technical writers", unit="job", source=BLS, least=0)
    editors: str = assume("about 115800", "editors", unit="job", source=BLS, least=0)
    journalists: str = assume(
        "about 49300", "news analysts, reporters and journalists", unit="job", source=BLS, least=0
    )
    software: str = assume("about 1.7e6", "software jobs", unit="job", source=BLS, least=0)
    software_pay: str = assume(
        "about 133000", "median pay of software jobs", unit="USD/(job*year)", source=BLS, least=0
    )
    writing_pay: str = assume(
        "70000", "median pay of writing jobs", unit="USD/(job*year)", source=EPOCH, least=0,
        spread="60000..70000..80000",
        spread_source="our judgement: the article took it by eye from four occupations",
    )  # fmt: skip


OUTPUTS = (
    Output("pay_ratio", "pay of software over writing", "x", words="several times higher", source=EPOCH),
    Output("writing_jobs", "writing jobs", "job", 350_000, source=EPOCH),
    Output("jobs_ratio", "software jobs over writing jobs", "x", words="several times higher", source=EPOCH),
    Output("wage_ratio", "wage bill of software over writing", "x"),
    Output("writing_wages", "wage bill of writing", "billion USD/year"),
    Output("software_wages", "wage bill of software", "billion USD/year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Jobs, pay, wage bills."""
    writing = given.writers + given.technical_writers + given.editors + given.journalists
    bills = writing * given.writing_pay, given.software * given.software_pay
    return {
        "pay_ratio": given.software_pay / given.writing_pay, "writing_jobs": writing,
        "jobs_ratio": given.software / writing, "wage_ratio": bills[1] / bills[0], "writing_wages": bills[0],
        "software_wages": bills[1],
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Software pays {pay_ratio} what writing pays and has {jobs_ratio} its jobs."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
