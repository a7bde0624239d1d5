"""How much does software progress rise with the research put into it, and do the returns pass the threshold of 1?

Theme     research and growth
Inputs    growth of software, research compute and staff; elasticity of research to compute; a research budget; or, in
          place of the input growth, papers per year from evidence (rows of series)
Method    steady state of the Jones model: returns = software growth / (e compute growth + (1 - e) staff growth); with
          papers the model's path is fitted by importance sampling to the growth of software over the papers' years
Source    Epoch AI, The software intelligence explosion debate needs experiments, 2025; Jones, R&D-based models of
          economic growth, 1995
Differs   papers of all AI from evidence, where the article counts concepts of OpenAlex by field; priors are our own
Leaves out  research that spills in from outside what is counted, training compute as a source of software progress, and
          that software quality is known as an average rate only
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Stated, assume, given
from ascent.forecast.distributions import uniform
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant, exp, log
from ascent.model import jones
from ascent.model.jones_returns import Inputs, Outputs, Posterior, Prior, posterior

EPOCH = "Epoch AI, The software intelligence explosion debate needs experiments, 2025"
DRIVER = "Epoch AI, The least understood driver of AI progress, 2026"
FINEST = 0.02  # least relative error that a growth rate given as a point is taken to have, when fitted


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    software: str = assume(
        "1.1", "growth of software efficiency, base e", unit="1/year", source=EPOCH, spread="0.65..1.1..1.6", least=0,
        spread_source="Ho and others, Algorithmic progress in language models, 2024: halved in 5 to 14 months (95 %)",
    )  # fmt: skip
    compute: str = assume(
        "1.3", "growth of research compute, base e", unit="1/year", source=EPOCH, spread="0.7..1.3..1.6", least=0,
        spread_source="our judgement: from the doubling that the article's footnote names",
    )  # fmt: skip
    staff: str = assume(
        "0.85", "growth of research staff, base e", unit="1/year", source=EPOCH, spread="0.6..0.85..1.1", least=0,
        spread_source="our judgement: from the near doubling that the article's footnote names",
    )  # fmt: skip
    elasticity: str = assume(
        "0.59..0.67..0.75", "elasticity of research to compute", unit="fraction", source=EPOCH, least=0, most=1
    )
    salaries: str = assume("about 700", "a lab's salaries in 2024", unit="million USD", source=EPOCH, least=0)
    research_compute: str = assume(
        "about 1.0e3", "its research compute in 2024", unit="million USD", source=EPOCH, least=0
    )
    adjusted_share: str = assume(
        "about 0.75", "compute's share with equity and research staff only", unit="fraction", source=EPOCH, least=0,
        most=1,
    )  # fmt: skip
    slow_rate: str = assume("about 3", "yearly gain of software that older work took", unit="x", source=DRIVER, least=1)
    fast_rate: str = assume(
        "10", "yearly gain of software that a later article finds likelier", unit="x", source=DRIVER, least=0,
        spread="lognormal(p10=2, p90=50)", spread_source=f"80 % interval in {DRIVER}",
    )  # fmt: skip
    papers: str = param("", "series of papers per year in evidence that stands for research; empty: compute and staff")
    entity: str = param("World", "whose papers")


OUTPUTS = (
    Output("returns", "returns to software R&D (lambda/beta)", "1", words="estimates straddle 1", source=EPOCH),
    Output("deciding", "returns left under a Cobb-Douglas bottleneck", "1", words="below 1", source=EPOCH),
    Output("above", "probability that the returns exceed 1", "probability", summary="mean", at_point=False),
    Output(
        "deciding_above", "probability that they do under the bottleneck", "probability", summary="mean", at_point=False
    ),
    Output("factor", "share of the returns left under the bottleneck", "fraction", 1 / 3, source=EPOCH),
    Output("needed", "returns needed to explode under the bottleneck", "1"),
    Output("returns_fast", "returns if software gains as the later article guesses", "1"),
    Output("deciding_fast", "the same under the bottleneck", "1"),
    Output("fast_factor", "factor of the faster over the slower gain", "x", words="several-fold", source=DRIVER),
    Output("software_factor", "yearly factor of software", "x", 3.0, source=EPOCH),
    Output("compute_factor", "yearly factor of research compute", "x"),
    Output("staff_factor", "yearly factor of staff", "x"),
    Output("plain_share", "compute's share of the research budget as it stands", "fraction", 0.59, source=EPOCH),
    Output("mean_share", "mean of plain and adjusted share", "fraction", 0.67, source=EPOCH),
)
FROM_PAPERS = (
    Output("prior", "returns before any data", "1"),
    Output("parallel", "lambda: what more parallel research yields", "1"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Returns from growth rates, and what they mean for an explosion."""
    left = 1 - given.elasticity
    fast, year = log(given.fast_rate) / constant(1, "year"), constant(1, "year")
    returns, more = jones.returns(given.software, given.compute, given.staff, given.elasticity), {}
    if given.params.papers:
        years, counted = _papers(given.evidence, given.params)
        found, before = _fits(given.stated["software"], years, counted)
        place = uniform(0, 1, source="by construction: a place within the posterior")
        returns = apply(lambda at: found.quantiles(at)[0], place)
        # Near a steady state the returns are in proportion to the growth of software that they were fitted to.
        returns_fast = returns * (fast / constant(_growth(given.stated["software"])[0], "1/year"))
        more = {
            "prior": apply(lambda at: before.quantiles(at)[0], place),
            "parallel": apply(lambda at: found.quantiles(at, 1)[0], place),
        }
    else:
        returns_fast = jones.returns(fast, given.compute, given.staff, given.elasticity)
    plain = given.research_compute / (given.research_compute + given.salaries)
    return {
        "returns": returns, "deciding": jones.deciding(returns, given.elasticity), "above": returns > 1,
        "deciding_above": left * returns > 1,
        "factor": left, "needed": 1 / left, "returns_fast": returns_fast, "deciding_fast": left * returns_fast,
        "fast_factor": log(given.fast_rate) / log(given.slow_rate),
        "software_factor": exp(given.software * year), "compute_factor": exp(given.compute * year),
        "staff_factor": exp(given.staff * year), "plain_share": plain,
        "mean_share": (plain + given.adjusted_share) / 2, **more,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises TooLittleEvidence where papers are asked for and evidence has too few years of them."""
    sentence = "The returns to software R&D are {returns}, and {deciding} where compute holds research back."
    if not params.papers:
        return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
    years, counted = _papers(evidence, params)
    stated = given(params, evidence).stated["software"]
    table = _priors(stated, years, counted)
    notes = (
        Note("warning", "papers", f"{params.papers} of {params.entity} counts every paper on AI, {years[0]:.0f} to "
             f"{years[-1]:.0f}; it is no count of one field, and papers are not researchers."),
        Note("info", "prior", "One growth rate against three unknowns: the table `priors` shows what the prior does."),
    )  # fmt: skip
    return estimate(__name__, evidence, params, model, (*OUTPUTS, *FROM_PAPERS), sentence=sentence, notes=notes,
                    tables={"priors": table})  # fmt: skip


def _papers(evidence: Evidence, params: Params) -> tuple[np.ndarray, np.ndarray]:
    """Years and papers per year, one of each year, rising."""
    rows = [row for row in evidence.table("series").rows() if row["series"] == params.papers and row["date"]]
    mine = {int(str(row["date"])[:4]): float(str(row["value"])) for row in rows if row["entity"] == params.entity}
    kept = sorted((year, count) for year, count in mine.items() if count > 0)
    if len(kept) < 4:
        raise TooLittleEvidence(
            need=f"papers of at least 4 years as series '{params.papers}' of '{params.entity}'",
            have=f"{len(kept)} years",
            fix="add a CSV with the columns series, entity, date, value, unit: `ascent evidence template series`",
        )
    years, counts = zip(*kept, strict=True)
    return np.array(years, dtype=float), np.array(counts)


def _fits(software: Stated, years: np.ndarray, papers: np.ndarray) -> tuple[Posterior, Posterior]:
    """Posterior from papers and the growth of software, and the prior."""
    inputs, outputs = _told(software, years, papers)
    return posterior(inputs, outputs), posterior(inputs, None)


def _told(software: Stated, years: Sequence[float] | np.ndarray, papers: np.ndarray) -> tuple[Inputs, Outputs]:
    inputs = Inputs(np.asarray(years, dtype=float), np.log(papers))
    return inputs, Outputs.average(inputs, *_growth(software))


def _growth(software: Stated) -> tuple[float, float]:
    """Growth of software in nats per year and its standard error, from the input's range."""
    low, high = (float(software.shape.quantile(end)) * software.factor for end in (0.05, 0.95))
    mid = software.point if software.point is not None else software.shape.centre * software.factor
    return mid, max((high - low) / (2 * 1.645), FINEST * mid)


def _priors(software: Stated, years: np.ndarray, papers: np.ndarray) -> Table:
    """Returns under wider and narrower priors, with and without the data."""
    inputs, outputs = _told(software, years, papers)
    rows = []
    for factor, called in ((0.5, "half as wide"), (1.0, "as stated"), (2.0, "twice as wide")):
        for data, name in ((None, "no"), (outputs, "yes")):
            found = posterior(inputs, data, Prior().widened(factor))
            low, mid, high = found.quantiles([0.05, 0.5, 0.95])[0]
            rows.append({
                "prior": called, "data": name, "low": round(float(low), 4), "mid": round(float(mid), 4),
                "high": round(float(high), 4), "above": round(1 - float(found.below([1.0])[0]), 4),
                "draws": round(float(found.effective[0])),
            })  # fmt: skip
    columns = (
        Column("prior", help="on the returns, against the one stated"), Column("data", help="whether papers count"),
        *(Column(end, "number", "1", "returns to software R&D") for end in ("low", "mid", "high")),
        Column("above", "number", "probability", "that they exceed 1"),
        Column("draws", "number", "draws", "equal draws that the weighted ones are worth"),
    )  # fmt: skip
    return Table.from_rows(columns, rows, "What the prior on the returns does to the answer from papers.")
