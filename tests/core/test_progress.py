"""Progress: silent when quick, in pipes and when told to be; one line on a terminal that goes away again."""

import io
from collections.abc import Iterator

import pytest

from ascent.core import progress as module
from ascent.core.progress import progress, show_progress


class Screen(io.StringIO):
    """Standard error that is a terminal, or not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture(autouse=True)
def back_to_auto() -> Iterator[None]:
    yield
    show_progress("auto")


def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, step_seconds: float, total: int | None = 4) -> str:
    """What is written while four steps pass on a clock of ours."""
    clock = {"now": 0.0}
    screen = Screen(terminal)
    monkeypatch.setattr(module.time, "monotonic", lambda: clock["now"])
    monkeypatch.setattr(module.sys, "stderr", screen)
    with progress("resampling", total) as step:
        for _ in range(4):
            clock["now"] += step_seconds
            step()
    return screen.getvalue()


def test_quick_work_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, terminal=True, step_seconds=0.2) == ""


def test_terminal_shows_what_is_left_and_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, terminal=True, step_seconds=2.0)
    assert "\r\x1b[Kresampling: 1 of 4, about 6 s left" in text
    assert text.endswith("resampling: 4 of 4\r\x1b[K")


def test_pipe_is_silent_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, terminal=False, step_seconds=2.0) == ""
    show_progress("always")
    text = shown(monkeypatch, terminal=False, step_seconds=3.0, total=None)
    assert text == "resampling: 1 done, 3 s\nresampling: 3 done, 9 s\n"


def test_never_is_never(monkeypatch: pytest.MonkeyPatch) -> None:
    show_progress("never")
    assert shown(monkeypatch, terminal=True, step_seconds=2.0) == ""


def test_an_error_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    show_progress("always")
    with pytest.raises(KeyError), progress("failing"):
        raise KeyError("it")
