"""Which part of the supply of AI compute would a long war in the Gulf hurt most?

Theme     power and supply
Inputs    five parts of the chain, each with a judged chance of serious disruption and a judged importance; a shock that
          can be escalated or left out, one at a time
Method    words become ranges of a number (low 2 to 10 %, medium 10 to 35 %, high 40 to 80 % chance; importance likewise
          as a share of compute's growth at stake); loss = chance x share, by part and in sum
Source    Epoch AI, What does the war in Iran mean for AI?, 2026 (the words); the numbers for the words are ours
Leaves out  that the parts depend on each other, and shocks the article does not name
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, maximum, minimum

WAR = "Epoch AI, What does the war in Iran mean for AI?, 2026"
NUMBERS = f"words of {WAR}; the numbers for them are our judgement"
PARTS = (  # key, name, risk and importance as rated, what threatens it
    ("fabs", "chip fabs in Asia", "low", "critically high", ("energy", "helium")),
    ("us_centers", "data centers in the United States", "low", "high", ("energy",)),
    ("other_centers", "data centers in Europe and Asia outside the Gulf", "medium", "medium", ("energy",)),
    ("gulf_centers", "data centers in the Gulf", "medium to high", "medium", ("attacks",)),
    ("gulf_capital", "capital from the Gulf", "high", "medium to high", ("oil",)),
)
SHOCKS = ("energy", "helium", "attacks", "oil")
LOW, MEDIUM, MEDIUM_HIGH, HIGH = "0.02..0.10", "0.10..0.35", "0.25..0.60", "0.40..0.80"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    shock: str = param("as rated", "a shock to escalate or to leave out", choices=("as rated", *SHOCKS))
    strength: float = param(
        2.0, "what the odds of the parts it threatens are multiplied with; 0 leaves the shock out", unit="x", least=0
    )
    fabs_risk: str = assume(LOW, "chance that fabs are disrupted", unit="probability", source=NUMBERS, least=0, most=1)
    us_centers_risk: str = assume(
        LOW, "the same of American sites", unit="probability", source=NUMBERS, least=0, most=1
    )
    other_centers_risk: str = assume(
        MEDIUM, "the same of sites in Europe and Asia", unit="probability", source=NUMBERS, least=0, most=1
    )
    gulf_centers_risk: str = assume(
        MEDIUM_HIGH, "the same of sites in the Gulf", unit="probability", source=NUMBERS, least=0, most=1
    )
    gulf_capital_risk: str = assume(
        HIGH, "chance that capital from the Gulf dries up", unit="probability", source=NUMBERS, least=0, most=1
    )
    fabs_weight: str = assume(
        "0.5..0.9", "share of growth that rests on fabs", unit="fraction", source=NUMBERS, least=0, most=1
    )
    us_centers_weight: str = assume(
        "0.3..0.6", "the same on American sites", unit="fraction", source=NUMBERS, least=0, most=1
    )
    other_centers_weight: str = assume(
        "0.1..0.3", "the same on sites in Europe and Asia", unit="fraction", source=NUMBERS, least=0, most=1
    )
    gulf_centers_weight: str = assume(
        "0.02..0.10",
        "the same on sites in the Gulf",
        unit="fraction",
        source=f"at most a tenth: {WAR}",
        least=0,
        most=1,
    )
    gulf_capital_weight: str = assume(
        "0.05..0.20", "the same on capital from the Gulf", unit="fraction", source=NUMBERS, least=0, most=1
    )


OUTPUTS = (
    Output("expected_loss", "growth of compute lost, expected over the parts", "fraction"),
    *(Output(f"{key}_loss", f"of it through {name}", "fraction") for key, name, *_ in PARTS),
    *(
        Output(f"{key}_first", f"probability that {name} weigh most", "probability", summary="mean")
        for key, name, *_ in PARTS
    ),
)


def model(given: Given) -> dict[str, Quantity]:
    """Chance times importance, by part."""
    losses: dict[str, Quantity] = {}
    for key, _, _, _, threats in PARTS:
        chance: Quantity = getattr(given, f"{key}_risk")
        if given.params.shock in threats:
            odds = given.params.strength * chance / (1 - minimum(chance, 0.999))
            chance = odds / (1 + odds)
        losses[key] = chance * getattr(given, f"{key}_weight")
    total = losses["fabs"]
    for key, *_ in PARTS[1:]:
        total = total + losses[key]
    found = {"expected_loss": total} | {f"{key}_loss": loss for key, loss in losses.items()}
    for key in losses:
        others = [loss for other, loss in losses.items() if other != key]
        best = others[0]
        for loss in others[1:]:
            best = maximum(best, loss)
        found[f"{key}_first"] = losses[key] > best
    return found


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    columns = (Column("part"), Column("risk"), Column("importance"), Column("threatened_by"), Column("author"))
    rows = [
        {"part": name, "risk": risk, "importance": weight, "threatened_by": ", ".join(threats), "author": WAR}
        for _, name, risk, weight, threats in PARTS
    ]
    tables = {"ratings": Table.from_rows(columns, rows, "As the article rates them, in words.")}
    found = estimate(__name__, evidence, params, model, OUTPUTS, tables=tables)
    worst, name = max(((key, name) for key, name, *_ in PARTS), key=lambda part: found.value(f"{part[0]}_first"))
    sentence = (
        f"What weighs most is, with a probability of {{{worst}_first}}, {name}: {{{worst}_loss}} of the growth of "
        "compute is at stake there, {expected_loss} over all parts."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, tables=tables)
