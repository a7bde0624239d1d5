"""How often do the intervals of placed models hold the truth? Worlds of known truth, some models kept from the fit.

Run `python tests/calibration/placing_study.py --worlds 500`; the short form is test_placing_coverage.py.

World      capabilities, difficulties and discriminations of a fit to real scores, on their pattern of missing scores;
           scatter, stray scores and shared error as `ascent.model.index_world` makes them
Later      the ruler is fitted without one half of the models released in the last year; each of them is placed by 1, 3,
           5 and all of its simulated scores, in random order
Frontier   the ruler is fitted without the best 15 % of the models, which are then placed
Counted    intervals of capability that hold the truth; ranges of left-out scores that hold the score; p-values of
           surprises below 0.1, where nothing surprising was planted; lags behind the true frontier
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import decimal_year
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.measure.models import model_facts
from ascent.measure.score_matrix import score_matrix
from ascent.model.index import IndexFit, Scores, fit_index
from ascent.model.index_matrix import place
from ascent.model.index_world import simulate_scores, world_like
from ascent.model.placing import Marks, Placing, Prior, Ruler, place_model, predicted
from ascent.model.placing_standing import lag, placed_draws
from ascent.model.placing_surprises import surprises

COUNTS = (1, 3, 5, 100)
VALUES = (130.0, 150.0)
NARROW = 0.8  # the mutant


@dataclass
class Found:
    """What was counted, by number of scores."""

    low: dict[int, list[float]] = field(default_factory=dict)
    mid: dict[int, list[float]] = field(default_factory=dict)
    high: dict[int, list[float]] = field(default_factory=dict)
    truth: dict[int, list[float]] = field(default_factory=dict)
    ranges: dict[int, list[bool]] = field(default_factory=dict)
    p_values: list[float] = field(default_factory=list)
    lags: list[tuple[float, float, float, float]] = field(default_factory=list)  # low, mid, high, truth; months

    def add(self, count: int, placing: Placing, truth: float) -> None:
        for name, value in zip(("low", "mid", "high"), placing.interval(), strict=True):
            getattr(self, name).setdefault(count, []).append(value)
        self.truth.setdefault(count, []).append(truth)

    def covered(self, count: int, narrow: float = 1.0) -> float:
        low, mid, high, truth = (np.array(part[count]) for part in (self.low, self.mid, self.high, self.truth))
        low, high = mid + narrow * (low - mid), mid + narrow * (high - mid)
        return float(((low <= truth) & (truth <= high)).mean())

    def bias(self, count: int) -> float:
        return float((np.array(self.mid[count]) - np.array(self.truth[count])).mean())

    def width(self, count: int) -> float:
        return float((np.array(self.high[count]) - np.array(self.low[count])).mean())


def study(evidence: Evidence, worlds: int, *, split: str = "later", first: int = 0, lags: bool = False) -> Found:
    """Place models kept from the fit in this many worlds.

    split  "later" or "frontier"
    """
    placed = place(score_matrix(evidence))
    fit = placed.fit
    facts = model_facts(evidence, placed.models)
    released = np.array([decimal_year(facts[name]["released"] or "1990") for name in placed.models])
    made = {kind: world_like(fit, kind=kind) for kind in ("logit", "share")}
    anchors = [fit.low_anchor, fit.high_anchor]
    found = Found()
    for number in range(first, first + worlds):
        rng = np.random.default_rng([7, number])
        world = made["logit" if number % 2 else "share"]
        scores = simulate_scores(world, number)
        if split == "later":
            new = np.flatnonzero(released > released.max() - 1)
            new = np.sort(rng.permutation(new)[: len(new) // 2])
        else:
            new = np.flatnonzero(world.truth >= np.quantile(world.truth, 0.85))
        new = np.setdiff1d(new, anchors)
        for model, marks, ruler, prior, index, old in _placed(scores, new, anchors, world.truth, released, lags):
            order = rng.permutation(len(marks.share))
            for count in COUNTS:
                if count > len(order) and count != COUNTS[-1]:
                    continue
                placing = place_model(ruler, marks.keep(order[:count]), prior)
                found.add(count, placing, float(world.truth[model]))
                if count < len(order):
                    low, _, high = predicted(placing, marks.benchmark[order[count:]])
                    share = marks.share[order[count:]]
                    found.ranges.setdefault(count, []).extend(((low <= share) & (share <= high)).tolist())
            if (odd := surprises(placing)) is not None:
                found.p_values.extend(odd.p_value.tolist())
            if lags:
                own = placed_draws(placing, index, len(index.draws) - 1, number)
                day = float(released.max())
                told = lag(own, index.draws, released[old], placing.interval()[1], day)
                assert told is not None
                there = released[old][world.truth[old] >= world.truth[model]]
                true = (day - there.min()) * 12 if len(there) else 0.0
                found.lags.append((told.low, told.mid, told.high, true))
    return found


def _placed(
    scores: Scores, new: NDArray[np.intp], anchors: list[int], truth: NDArray[np.float64],
    released: NDArray[np.float64], lags: bool,
) -> Iterator[tuple[int, Marks, Ruler, Prior, IndexFit, NDArray[np.intp]]]:  # fmt: skip
    """Each new model with its marks, the ruler of the others, and the prior."""
    kept = ~np.isin(scores.model, new)
    known = np.bincount(scores.benchmark[kept], minlength=int(scores.benchmark.max()) + 1) >= 2
    kept &= known[scores.benchmark]
    old, model = np.unique(scores.model[kept], return_inverse=True)
    names, benchmark = np.unique(scores.benchmark[kept], return_inverse=True)
    area = None if scores.area is None else scores.area[names]
    rest = Scores(model, benchmark, scores.share[kept], scores.known[kept], scores.domain[names], area)
    low, high = (int(np.searchsorted(old, anchor)) for anchor in anchors)
    index = fit_index(rest, low, high, values=VALUES, draws=200 if lags else 0, seed=0)
    ruler = Ruler.of(index, VALUES)
    newer = np.argsort(released[old], kind="stable")[len(old) // 2 :]
    prior = Prior(float(index.mid[newer].mean()), VALUES[1] - VALUES[0])
    for one in new:
        own = np.flatnonzero((scores.model == one) & known[scores.benchmark])
        if len(own):
            at = np.searchsorted(names, scores.benchmark[own])
            yield one, Marks(at, scores.share[own], scores.known[own]), ruler, prior, index, old


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--evidence", nargs="*", default=[])
    options = parser.parse_args()
    from pathlib import Path

    evidence = open_evidence([Path(path) for path in options.evidence])
    for split in ("later", "frontier"):
        found = study(evidence, options.worlds, split=split, lags=split == "later")
        print(f"{split}: {options.worlds} worlds, {len(found.truth[1])} placed")
        for count in COUNTS:
            ranges = (
                f"; ranges of scores hold {100 * np.mean(found.ranges[count]):.1f} %" if count in found.ranges else ""
            )
            print(
                f"  {count:3} scores: hold the truth {100 * found.covered(count):.1f} %, at {NARROW} of the width "
                f"{100 * found.covered(count, NARROW):.1f} %; bias {found.bias(count):+.2f}, "
                f"width {found.width(count):.1f}{ranges}"
            )
        p = np.array(found.p_values)
        print(f"  surprises: p below 0.1 in {100 * (p < 0.1).mean():.1f} %, 0.01 in {100 * (p < 0.01).mean():.2f} %")
        if found.lags:
            low, mid, high, true = np.array(found.lags).T
            inside = (low - 1e-9 <= true) & (true <= high + 1e-9)
            off, wide = float((mid - true).mean()), float((high - low).mean())
            print(f"  lags hold {100 * inside.mean():.1f} %, bias {off:+.2f} months, width {wide:.1f}")


if __name__ == "__main__":
    main()
