"""How the fall of a price is said in a sentence."""

from ascent.core.draws import MASS


def decline_words(
    what: str, benchmark: str, scores: int, factor: tuple[float, float, float], *, published: bool, assumed: bool
) -> str:
    """The yearly fall of what it costs to reach a score, without a full stop; "fell" only where the interval says so.

    what       "price of tokens" or "cost of a run";  scores  how many were followed
    factor     times cheaper after a year: low, mid, high
    published  the range is that of the scores, not an interval
    assumed    prices are taken to have held since release, which hides earlier, higher ones

    >>> said = decline_words("price of tokens", "MMLU", 6, (3.5, 11.2, 28.0), published=False, assumed=False)
    >>> said.removeprefix("The lowest price of tokens that reaches a given score on ")
    'MMLU fell 11-fold a year (90% interval 3.5 to 28), over 6 scores'
    """
    low, mid, high = factor
    ends = "range" if published else f"{MASS:.0%} interval"
    count = f"over {scores} scores" if scores > 1 else "for one score"
    told = f"{_number(mid)}-fold a year ({ends} {_number(low)} to {_number(high)}), {count}"
    lowest = f"lowest {what} that reaches a given score on {benchmark}"
    if low > 1 or published:
        said = f"The {lowest} fell {told}"
    elif high < 1:
        said = f"The {lowest} rose: it was {told} as cheap"
    else:
        said = f"No fall of the {lowest} is supported: {told}"
    if assumed:
        said = f"If prices told later held since release, {said[0].lower()}{said[1:]}"
    return said


def _number(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 20 else f"{factor:.2g}" if factor >= 10 else f"{factor:.1f}"
