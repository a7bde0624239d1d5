"""What is said of a placed model: no more than its scores carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from ascent.core.answer import Note
from ascent.core.draws import MASS
from ascent.model.placing import REACH, Placing
from ascent.model.placing_known import Known
from ascent.model.placing_standing import Lag

Z = 1.6448536269514722  # half of a 90 % interval in standard deviations of a normal
NOTHING = 0.99  # share from which on the scores, though they may move the middle, narrow nothing
MOSTLY = 0.5  # share of the weight from which on the prior, not the scores, is what is told


def weight_of_prior(placing: Placing) -> float:
    """Share of what is known that the prior brings, 0 to 1: its precision over that of the posterior."""
    return float(min((placing.deviation / placing.prior.spread) ** 2, 1.0))


def counted(count: int, what: str) -> str:
    """
    >>> counted(1, "result"), counted(3, "result")
    ('1 result', '3 results')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class Said:
    """One model's place, for words.

    index  low, mid, high of the same model in the evidence's index, or None
    day    of reference, ISO
    whose  day that is: "named" by the reader, "own" release of the model, or "newest" of the evidence
    """

    name: str
    placing: Placing
    behind: Lag | None
    day: str
    whose: str
    index: tuple[float, float, float] | None

    def headline(self) -> str:
        low, mid, high = self.placing.interval()
        count = len(self.placing.marks.share)
        prior, weight = self.placing.prior, weight_of_prior(self.placing)
        if weight > MOSTLY:
            ends = f"{prior.centre - Z * prior.spread:.1f} to {prior.centre + Z * prior.spread:.1f}"
            instead = f"and the prior, {ends} by itself, carries {weight:.0%} of the weight"
            if weight >= NOTHING:
                instead = f"no narrower than the prior by itself, {ends}"
            return (
                f"{self.name} has too few scores to place it: {counted(count, 'score')} leave"
                f"{'s' if count == 1 else ''} {low:.1f} to {high:.1f} index points ({MASS:.0%} interval), "
                f"{instead}{self._index()}."
            )
        if self.at_the_end():
            head = f"{self.name} stands at or below {high:.1f} index points (upper end of the {MASS:.0%} interval)"
        else:
            head = f"{self.name} stands at {mid:.1f} index points ({MASS:.0%} interval {low:.1f} to {high:.1f})"
        head += " from a single score" if count == 1 else f" from {count} scores"
        return f"{head}{self._index()}{self._lag()}."

    def at_the_end(self) -> bool:
        """Whether the lower end of the interval is only that of what the prior reaches."""
        prior = self.placing.prior
        return self.placing.interval()[0] <= prior.centre - (REACH - 0.5) * prior.spread

    def _index(self) -> str:
        if self.index is None:
            return ""
        low, mid, high = self.index
        return f" (the index of the evidence has {mid:.1f}, {low:.1f} to {high:.1f})"

    def _lag(self) -> str:
        behind = self.behind
        if behind is None:
            return ""
        of_day = {"own": " (its release)", "newest": ", the newest release of the evidence (its own is not known)"}
        since = self.day + of_day.get(self.whose, "")
        if behind.ahead > 0.95:
            return ", ahead of every model of the evidence"
        if behind.before > 0.5:
            return f"; the frontier was there before every model with a date, over {_months(behind.mid)} before {since}"
        if behind.before > 0.05:
            return (
                f"; the frontier was there {_months(behind.low)} or more before {since}, perhaps before any dated model"
            )
        if behind.ahead > 0.05:
            return f"; at most {_months(behind.high)} behind the frontier on {since}, perhaps ahead of it"
        if behind.high <= 0:
            return f", where the frontier had not been by {since}"
        if behind.step:
            return (
                f"; the frontier was there {behind.low:.0f} to {_months(behind.high)} before {since}, no model of the "
                "evidence lying between"
            )
        ends = f"{behind.low:.0f} to {behind.high:.0f}"
        return f"; the frontier was there {behind.mid:.0f} months ({ends}) before {since}"

    def notes(self) -> list[Note]:
        """Of the prior's weight, and of its reach."""
        found = []
        if self.at_the_end():
            text = f"{self.name}: at or below {self.placing.interval()[2]:.1f}; the lower end of its interval is only "
            found.append(Note("bound", "reach", text + "that of what the prior reaches (--prior-spread)."))
        if (weight := weight_of_prior(self.placing)) > 0.1:
            text = f"{self.name}: the prior still carries about {weight:.0%} of the weight; more scores would take it "
            text += "over."
            if weight >= NOTHING:
                text = (
                    f"{self.name}: the interval is as wide as the prior's; more scores, or more items, would narrow it."
                )
            found.append(Note("warning", "prior", text))
        return found


def at_odds(odd: Sequence[str], scores: int) -> str:
    """A caution where a quarter of a model's scores or more are not what its others expect.

    odd  their benchmarks

    >>> at_odds(["MMLU", "GPQA diamond"], 2)
    ' Its scores contradict each other (MMLU, GPQA diamond): the interval holds only if all were measured alike.'
    """
    if not odd or len(odd) < scores / 4:
        return ""
    some = ", ".join(odd[:3]) + (", ..." if len(odd) > 3 else "")
    return f" Its scores contradict each other ({some}): the interval holds only if all were measured alike."


def of_known(
    name: str, known: Known, scores: int, index: tuple[float, float, float], here: tuple[float, float, float]
) -> Note:
    """The index's own value of a model that was placed by other results, with a warning where the two are apart."""
    low, mid, high = index
    text = f"{known.words(name)}: its index from {counted(scores, 'score')} there is {mid:.1f} ({MASS:.0%} interval "
    text += f"{low:.1f} to {high:.1f})"
    if low <= here[2] and high >= here[0]:
        return Note("info", "index", text + f", which overlaps with {here[0]:.1f} to {here[2]:.1f} from these results.")
    way = "above" if here[0] > high else "below"
    text += f"; {here[0]:.1f} to {here[2]:.1f} from these results lies {way} it. Look for another prompt, scaffold or "
    return Note("warning", "index", text + f"setting, a harness at fault{'' if known.certain else ', another model'}.")


def single(names: Sequence[str]) -> list[Note]:
    """What the interval of models with one score leaves out."""
    if not names:
        return []
    text = f"{_listed(names)}: a single score is checked by no other. Its interval allows for items, the benchmark's "
    text += "scatter and the ruler's error, not for an unlike prompt, scaffold or harness."
    return [Note("bound", "one score", text)]


def several(names: Sequence[str]) -> Note | None:
    """That only the first is told of, where there are several."""
    if len(names) < 2:
        return None
    text = f"The results hold {len(names)} models. The headline and the keys at the top of JSON are of {names[0]}, the "
    return Note("info", "several models", text + f"first by the alphabet; --model takes another: {_listed(names[1:])}.")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


def _months(value: float) -> str:
    return f"{value:.0f} month{'' if round(value) == 1 else 's'}"
