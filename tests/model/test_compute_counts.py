"""How the number of releases changes: half of it goes on, and the range runs from none to all of it."""

import numpy as np

from ascent.model.compute_counts import Z, _change

TODAY = 2026.0


def test_a_steady_rise_of_releases_may_stop_or_go_on_as_it_was() -> None:
    rate = 0.25  # a year, of the logarithm
    counts = np.rint(400 * np.exp(rate * np.arange(-4, 1))).astype(int)
    year = np.concatenate([
        TODAY - ago + (np.arange(count) + 0.5) / count for ago, count in zip(range(5, 0, -1), counts, strict=True)
    ])  # fmt: skip
    mid, doubt, _ = _change(year, TODAY)
    assert abs(mid - rate / 2) < 0.005
    assert mid - Z * doubt <= 0.0 and mid + Z * doubt >= rate - 1e-3
    steps = np.diff(np.log(counts + 0.5))
    mutant = steps.std(ddof=1) / np.sqrt(len(steps)) / 2  # the error of the mean alone: the rise cannot go on
    assert mid + Z * mutant < rate


def test_releases_that_do_not_change_are_told_to_stay() -> None:
    year = TODAY - (np.arange(2000) + 0.5) / 400
    mid, doubt, wander = _change(year, TODAY)
    assert abs(mid) < 1e-9 and doubt < 1e-6 and wander == 0.0
