"""What the test for jumps and plateaus could have seen in the points at hand: sizes found in 80 % of cases.

A jump of size J between two checkpoints adds J times a known number to each contrast of each stretch around it. So for
noise drawn once, the smallest J with which some stretch passes the test has a closed form, and the size found in 80 %
of cases is a quantile over draws of noise and places, without a search. A plateau replaces a rise at the mean pace of
the curve; lengths of LENGTHS are tried, and the share of draws and places in which some stretch passes is counted.

Places are those where the checkpoints allow a test at all; `covered` says how much of the log compute they are.

Source: Cohen 1988, Statistical Power Analysis (80 %); closed form ours, tested by planting.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats

FLATTER = 2.0  # a plateau's pace is estimated at one part in so many of the pace on either side, or less
WANTED = 0.8  # of jumps of the size told are found
PLACES = 24  # tried along the curve
DRAWN = 200  # draws of noise at each
NEAR = 0.15  # decades between a jump and a stretch that finds it
LENGTHS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of plateaus, decades


@dataclass(frozen=True)
class Power:
    """What is found in WANTED of cases.

    jump     smallest jump, in the units of the scores;  plateau  shortest plateau, decades, in a rise at the mean pace
    covered  share of the log compute in which a jump could be tested

    NaN where no such jump or plateau is: nothing can be tested, the curve does not rise, or not even 2 decades suffice.
    """

    jump: float
    plateau: float
    covered: float


BLIND = Power(float("nan"), float("nan"), 0.0)


def power_of(
    x: Floats, window: Floats, scaled: Floats, size: Floats, inner: Floats, noise: Floats, bar: float,
    background: Floats, blur: float = 0.0,
) -> Power:  # fmt: skip
    """The smallest jump and the shortest plateau that would have been found.

    x           (point,) log10 FLOP
    window      (stretch, 3) kind (0 breakthrough, 1 plateau), start and end
    scaled      (stretch, side, point) contrasts in their standard errors;  size  (stretch, side) those errors
    inner       (stretch, point) weights of a stretch's own pace
    noise       (point, draw) of scores;  bar  the z-value above which a stretch counts
    background  (point,) a gradual curve into which jumps are planted
    blur        decades over which each point is a mean: a jump among them is seen in part
    """
    noise = noise[:, :DRAWN]
    places = x[0] + (np.arange(PLACES) + 0.5) / PLACES * (x[-1] - x[0])
    jump, covered = _jump(x, window, scaled, noise, bar, background, places, blur)
    return Power(jump, _plateau(x, window, scaled, size, inner, noise, bar, background), covered)


def _jump(
    x: Floats,
    window: Floats,
    scaled: Floats,
    noise: Floats,
    bar: float,
    background: Floats,
    places: Floats,
    blur: float,
) -> tuple[float, float]:
    sudden = window[:, 0] == 0
    contrasts, start, end = scaled[sudden], window[sudden, 1], window[sudden, 2]
    if not len(start):
        return float("nan"), 0.0
    # What the curve itself adds; a jump that it has is not counted for another one.
    missing = bar - (contrasts @ noise + np.minimum(contrasts @ background, 0.0)[..., None])  # (stretch, side, draw)
    needed, tested = [], 0
    for place in places:
        if not ((start <= place) & (end >= place)).any():
            continue
        tested += 1
        near = (start <= place + NEAR) & (end >= place - NEAR)
        step = contrasts[near] @ np.clip(
            (x - place) / max(blur, 1e-9) + 0.5, 0.0, 1.0
        )  # (stretch, side): what a jump of one adds
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(step > 0, 1 / step, np.inf)[..., None] * missing[near]
        each = np.where(missing[near] <= 0, 0.0, each)
        needed.append(each.max(axis=1).min(axis=0))
    if not needed:
        return float("nan"), 0.0
    found = float(np.quantile(np.concatenate(needed), WANTED, method="higher"))
    return (found if np.isfinite(found) else float("nan")), tested / len(places)


def _plateau(
    x: Floats, window: Floats, scaled: Floats, size: Floats, inner: Floats, noise: Floats, bar: float,
    background: Floats,
) -> float:  # fmt: skip
    flat = window[:, 0] == 1
    pace = float(background[-1] - background[0]) / float(x[-1] - x[0])
    if not flat.any() or pace <= 0:
        return float("nan")
    contrasts, own, errors = scaled[flat][:, :2], inner[flat], size[flat][:, :2]
    start, end = window[flat, 1], window[flat, 2]
    shaken, own_shaken = contrasts @ noise, own @ noise  # (stretch, side, draw), (stretch, draw)
    for length in LENGTHS:
        first = np.linspace(x[0] + 0.5, x[-1] - 0.5 - length, 7)
        if first[0] > first[-1]:
            break
        found = []
        for at in first:
            curve = pace * (x - np.clip(x - at, 0.0, length))
            near = (start <= at + length + NEAR) & (end >= at - NEAR)
            z = (contrasts[near] @ curve)[..., None] + shaken[near]
            here = (own[near] @ curve)[:, None] + own_shaken[near]
            beside = (z * errors[near][..., None]).min(axis=1) + here
            passed = (z.min(axis=1) > bar) & (FLATTER * np.abs(here) <= beside)
            found.append(passed.any(axis=0).mean() if near.any() else 0.0)
        if np.mean(found) >= WANTED:
            return float(length)
    return float("nan")
