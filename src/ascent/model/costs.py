"""What an attempt takes on average: tokens, dollars and score; items that were tried repeatedly are allowed for."""

import numpy as np

from ascent.core.draws import Floats
from ascent.model.clustered import clustered_mean


def mean_costs(tokens: Floats, usd: Floats, success: Floats, item: Floats) -> dict[str, tuple[float, float, float]]:
    """Low, mid and high of the mean of each that is known: "tokens", "cost" (USD), "score" (percent).

    tokens, usd, success, item  (attempt,)  NaN where unknown; attempts at one item may depend on each other

    >>> mean_costs(np.array([10.0, 30.0]), np.array([np.nan, np.nan]), np.array([0.0, 1.0]), np.zeros(2))["tokens"][1]
    20.0
    """
    found = {}
    for name, values in (("tokens", tokens), ("cost", usd), ("score", 100 * success)):
        known = np.isfinite(values)
        if known.any():
            found[name] = clustered_mean(values[known], item[known].astype(np.intp))
    return found
