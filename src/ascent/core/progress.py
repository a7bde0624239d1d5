"""Progress on standard error for whatever takes over a second; silent in pipes unless asked for."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import Literal, TypeVar

T = TypeVar("T")
Mode = Literal["auto", "always", "never"]

SILENT_SECONDS = 1.0  # what is done sooner needs no telling
_mode: Mode = "auto"


def show_progress(mode: Mode) -> None:
    """Set for this process when progress is shown: `auto` means only where standard error is a terminal."""
    global _mode
    _mode = mode


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Tell how far a piece of work is.

    what    what is being done: "resampling"
    total   how many steps there will be; None where nobody knows

    Yields `step(done=1)`, to be called after each step or each several.

    >>> with progress("counting", total=3) as step:
    ...     for _ in range(3):
    ...         step()
    """
    terminal = sys.stderr.isatty()
    if _mode == "never" or (_mode == "auto" and not terminal):
        yield _nothing
        return
    start = told = time.monotonic()
    every = 0.2 if terminal else 5.0
    done_so_far, shown = 0, False

    def step(done: int = 1) -> None:
        nonlocal done_so_far, shown, told
        done_so_far += done
        now = time.monotonic()
        if now - start < SILENT_SECONDS or (shown and now - told < every):
            return
        told, shown = now, True
        text = _line(what, done_so_far, total, now - start)
        sys.stderr.write(f"\r\x1b[K{text}" if terminal else f"{text}\n")
        sys.stderr.flush()

    try:
        yield step
    finally:
        if shown and terminal:
            sys.stderr.write("\r\x1b[K")  # leave nothing behind
            sys.stderr.flush()


def counted(steps: Iterable[T], what: str) -> Iterator[T]:
    """The same steps, with progress where they take over a second.

    >>> list(counted([1, 2], "counting"))
    [1, 2]
    """
    with progress(what, len(steps) if isinstance(steps, Sized) else None) as step:
        for one in steps:
            yield one
            step()


def _nothing(done: int = 1) -> None:
    """The step of a progress that is not shown."""


def _line(what: str, done: int, total: int | None, seconds: float) -> str:
    if not total:
        return f"{what}: {done} done, {seconds:.0f} s"
    left = seconds * (total - done) / done if done else 0.0
    return f"{what}: {done} of {total}" + (f", about {left:.0f} s left" if done and left >= 1 else "")
