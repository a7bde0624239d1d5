"""Low, estimate and high of one quantity: turned ends are refused, an estimate outside is flagged."""

from collections.abc import Sequence

from ascent.evidence.sources.convert import Desk


def ordered(
    desk: Desk,
    column: str,
    middle: Sequence[float | None],
    low: Sequence[float | None],
    high: Sequence[float | None],
) -> None:
    """Hold every interval to low <= high, and note where the estimate in `column` lies outside."""
    outside = []
    for index, (left, value, right) in enumerate(zip(low, middle, high, strict=True)):
        if left is not None and right is not None and left > right:
            found = f"an interval from {left:g} down to {right:g}"
            desk.problem(index, column, found, "low at most as large as high", "Exchange or correct the ends.")
        elif value is not None and ((left is not None and value < left) or (right is not None and value > right)):
            outside.append(index)
    if outside:
        desk.note("warning", "interval", f"{column} lies outside its own interval in {desk.rows_text(outside)}.")
