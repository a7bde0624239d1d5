"""Whether the evidence knows a model that is to be placed: by its name, an accepted alias, or a name much like it."""

import re
from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.evidence.names import normalise, rank, resolve
from ascent.measure.models import model_facts

STRONG = 85.0  # likeness, of 100, from which on a name is told as probably the same model
DATE = re.compile(r"20\d\d-\d\d-\d\d")  # in a normal form; interfaces add the day of a version to a name
APART = 5.0  # by how much it has to be likelier than the next, so that one of three versions is not picked


@dataclass(frozen=True)
class Known:
    """A model of the evidence that a placed one is, or probably is.

    likeness    0 to 100; 100 where the name is the same, up to spelling, or an accepted alias
    released    ISO date, or None
    benchmarks  that it has scores for in the evidence
    """

    name: str
    likeness: float
    released: str | None
    benchmarks: frozenset[str]

    @property
    def certain(self) -> bool:
        return self.likeness >= 100

    def words(self, name: str) -> str:
        """Which model of the evidence the placed one is, as the start of a sentence."""
        if self.certain:
            return f"{name} is in the evidence" + (f" as {self.name}" if self.name != name else "")
        return f"{name} resembles {self.name} of the evidence (likeness {self.likeness:.0f} of 100)"


def known_as(name: str, evidence: Evidence) -> Known | None:
    """The model of the evidence that goes by this name; None where there is none, or several are as likely."""
    scores = evidence.table("scores")
    names = {str(m) for column in (scores["model"], evidence.table("models")["model"]) for m in column if m is not None}
    aliases = {
        str(row["alias"]): str(row["refers_to"]) for row in evidence.table("aliases").rows() if row["kind"] == "model"
    }
    found, likeness = resolve(name, aliases, names), 100.0
    if found is None:
        spelled = sorted(one for one in names if normalise(one) == normalise(name))
        near = rank(name, sorted(names), limit=2)
        if near and near[0][1] < STRONG and normalise(DATE.sub("", normalise(name))) == normalise(near[0][0]):
            near = [(near[0][0], STRONG), *near[1:]]  # a short name loses much by a date
        if len(spelled) == 1:
            found = spelled[0]
        elif near and near[0][1] >= STRONG and (len(near) == 1 or near[0][1] - near[1][1] >= APART):
            found, likeness = near[0]
    if found is None:
        return None
    taken = {str(b) for m, b in zip(scores["model"], scores["benchmark"], strict=True) if m == found}
    return Known(found, likeness, model_facts(evidence, [found])[found]["released"], frozenset(taken))
