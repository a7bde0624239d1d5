"""Words for a yearly factor by which something gets less: falls, rises or neither, as its interval bears out."""

from ascent.core.display import number
from ascent.core.draws import MASS


def times(low: float | None, mid: float | None, high: float | None) -> str:
    """A yearly factor with its interval, open where there is no end.

    >>> times(1.97, 2.51, None)
    '2.51 a year (90% interval 1.97 to no end)'
    """
    ends = f"{number(low) if low is not None else '0'} to {number(high) if high is not None else 'no end'}"
    return f"{number(mid)} a year ({MASS:.0%} interval {ends})"


def change(low: float | None, mid: float | None, high: float | None) -> str:
    """What happens to an amount that gets less by this factor each year; None is an end that the data do not bound.

    >>> change(1.97, 2.51, 3.35)
    'falls by a factor of 2.51 a year (90% interval 1.97 to 3.35)'
    >>> change(0.4, 0.5, 0.8)
    'rises by a factor of 2 a year (90% interval 1.25 to 2.5)'
    >>> change(0.8, 1.2, None)
    'may fall or rise: less by a factor of 1.2 a year (90% interval 0.8 to no end), below 1 is more'
    >>> change(None, None, None)
    'may fall or rise, which the data do not bound (interval without end)'
    """
    if mid is None:
        return "may fall or rise, which the data do not bound (interval without end)"
    if low is not None and low > 1:
        return f"falls by a factor of {times(low, mid, high)}"
    if high is not None and high < 1:
        return f"rises by a factor of {times(1 / high, 1 / mid, 1 / low if low else None)}"
    return f"may fall or rise: less by a factor of {times(low, mid, high)}, below 1 is more"
