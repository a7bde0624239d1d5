"""Whether a table of models was cut at an amount: straight lower edges, which bend the growth of all models.

A table of the models of at least 1e23 FLOP knows only those of the early years that ran far ahead: its growth is too
small. A cut shows as a round amount below which there is almost nothing while right above it there are many. Models
whose amounts merely thin out do so over a decade or more. The largest models of a time lie above the cut, so they are
the same with and without it.
"""

import numpy as np

from ascent.core.draws import Floats

ROUND = (1.0, 2.0, 3.0, 5.0)  # times powers of ten, where tables are cut
ABOVE = 0.5  # decades right above the cut
FEWEST, SHARE = 10, 0.12  # models there, and their share of all; whole tables of Epoch AI have less than 0.10
CLEAN = 25  # models there, enough at any share where not one lies below
BELOW = 0.02  # of all models, that lie below a cut by revision or mistake
JUST = 0.1  # of the models right above, that lie as near below
MODELS = 30  # below which an edge may be chance


def cut_at(log_flop: Floats) -> float | None:
    """Decimal logarithm of the amount that a table was cut at; None where its lower edge is no cut.

    log_flop  (model,) decimal logarithms

    >>> rng = np.random.default_rng(0)
    >>> whole = 22 + rng.standard_normal(500)
    >>> cut_at(whole), cut_at(whole[whole >= 22])
    (None, 22.0)
    """
    if len(log_flop) < MODELS:
        return None
    small = np.floor(log_flop.min())
    best: tuple[int, float] | None = None
    for power in np.arange(small, small + 4):
        for times in ROUND:
            level = float(power + np.log10(times))
            below = int((log_flop < level - 1e-6).sum())
            just = int(((log_flop < level - 1e-6) & (log_flop >= level - ABOVE)).sum())
            many = int(((log_flop >= level - 1e-6) & (log_flop < level + ABOVE)).sum())
            enough = many >= max(FEWEST, SHARE * len(log_flop)) or (below == 0 and many >= CLEAN)
            if below <= BELOW * len(log_flop) and enough and just <= JUST * many:
                best = max(best or (0, 0.0), (many, level))
    return best[1] if best else None
