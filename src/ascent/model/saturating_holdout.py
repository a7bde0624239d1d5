"""How good forecasts of best scores were: rolling origins, each with only what was known then, against two rivals.

A cell is one benchmark at one origin and lead. It counts only where a model released within the lead's last part was
scored, so that "no new record" is seen and not merely not looked for.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.progress import counted
from ascent.measure.records import Records
from ascent.model.saturating import fit_climb

LEADS = (0.25, 0.5, 1.0)  # years
TAIL = 0.4  # share of the lead in whose last part a model has to have been scored


@dataclass(frozen=True, eq=False)
class Holdout:
    """Cells of all origins.

    origin, lead  (cell,)  decimal years; years
    benchmark     (cell,)  position in the records
    truth         (cell,)  best score at origin + lead
    mid, low, high, crps   (cell,)  of the forecast
    persistence, slope     (cell,)  the rivals: no change; as much as over the last year
    """

    origin: Floats
    lead: Floats
    benchmark: Floats
    truth: Floats
    low: Floats
    mid: Floats
    high: Floats
    crps: Floats
    persistence: Floats
    slope: Floats

    def scores(self, lead: float, *, resamples: int = 500, seed: int = 0) -> dict[str, float]:
        """Coverage, errors and skill at one lead; the interval of skill resamples benchmarks.

        independent  windows that do not overlap, as many as fit between the first origin and the last target
        """
        mine = self.lead == lead
        error = {
            "crps": self.crps[mine], "error": np.abs(self.mid - self.truth)[mine],
            "persistence": np.abs(self.persistence - self.truth)[mine], "slope": np.abs(self.slope - self.truth)[mine],
        }  # fmt: skip
        means = {name: float(values.mean()) for name, values in error.items()}
        best = min(means["persistence"], means["slope"])
        names, group = np.unique(self.benchmark[mine], return_inverse=True)
        rng = np.random.default_rng([seed, 71])
        weight = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
        summed = {name: weight @ np.bincount(group, values) for name, values in error.items()}
        skill = 1 - summed["crps"] / np.minimum(summed["persistence"], summed["slope"])
        inside = (self.low <= self.truth) & (self.truth <= self.high)
        ends = np.quantile(skill, [(1 - MASS) / 2, (1 + MASS) / 2])
        span = self.origin[mine].max() - self.origin[mine].min() + lead
        return {
            "lead": 12 * lead, "cells": int(mine.sum()), "benchmarks": len(names),
            "origins": len(np.unique(self.origin[mine])), "independent": int(np.floor(span / lead + 1e-9)),
            "covered": float(inside[mine].mean()), "above": float((self.truth > self.high)[mine].mean()), **means,
            "skill_low": float(ends[0]), "skill": 1 - means["crps"] / best, "skill_high": float(ends[1]),
        }  # fmt: skip


def hold_out(
    records: Records, *, leads: tuple[float, ...] = LEADS, first: float = 2023.5, step: float = 0.25, draws: int = 400,
    seed: int = 0,
) -> Holdout | None:  # fmt: skip
    """Forecast from every origin; None where no cell can be judged."""
    cells: list[tuple[float, ...]] = []
    end = float(records.date.max())
    place = {name: b for b, name in enumerate(records.benchmarks)}
    for origin in counted(np.arange(first, end - min(leads) + 1e-9, step), "forecasting from past days"):
        known = records.until(float(origin))
        if len(known.benchmarks) < 3:
            continue
        climb = fit_climb(known, draws=draws, seed=seed)
        for lead in leads:
            target = float(origin) + lead
            drawn = climb.best_by(np.full(len(climb.last), target), seed)
            low, mid, high = np.quantile(drawn, [(1 - MASS) / 2, 0.5, (1 + MASS) / 2], axis=0)
            for b, name in enumerate(known.benchmarks):
                full = place[name]
                dates = records.date[records.benchmark == full]
                if not ((dates > target - TAIL * lead) & (dates <= target)).any():
                    continue
                truth = float(records.best_at(full, np.array([target]))[0])
                now = float(climb.best[b])
                before = float(known.best_at(b, np.array([origin - 1.0]))[0])
                pace = 0.0 if np.isnan(before) else now - before
                slope = min(now + pace * lead, 1.0)
                crps = _crps(drawn[:, b], truth)
                cells.append((origin, lead, full, truth, low[b], mid[b], high[b], crps, now, slope))
    if not cells:
        return None
    return Holdout(*np.array(cells).T)


def _crps(drawn: Floats, truth: float) -> float:
    """Continuous ranked probability score of draws.

    Source: Gneiting and Raftery 2007, JASA 102:359, equation 20.
    """
    ordered = np.sort(drawn)
    count = len(ordered)
    spread = float((ordered * (2 * np.arange(1, count + 1) - count - 1)).sum()) / count**2
    return float(np.abs(drawn - truth).mean()) - spread
