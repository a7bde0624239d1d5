"""What it takes to put a model through a benchmark: tokens and dollars, per attempt or per run.

Attempts   tokens and cost as logged, means over attempts with attempts at one item allowed to depend on each other. A
           cost that was not logged is tokens times the blended price, and is told as such
Runs       totals of a run of the whole benchmark: input and output tokens times their prices; no interval, since a run
           tells only its total
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import Attempts, attempts
from ascent.measure.token_prices import TokenPrices

MILLION = 1e6


@dataclass(frozen=True)
class AttemptCost:
    """Attempts of one model at one benchmark.

    tokens, usd  (attempt,)  NaN where unknown
    success      (attempt,)  NaN unless scored
    item         (attempt,)  which item
    logged       whether costs were logged, rather than reckoned from the price
    """

    model: str
    benchmark: str
    tokens: Floats
    usd: Floats
    success: Floats
    item: Floats
    logged: bool


def attempt_costs(evidence: Evidence, prices: TokenPrices, benchmark: str = "") -> list[AttemptCost]:
    """Attempts whose tokens or cost are known, by model and benchmark; empty where there are none."""
    try:
        every: Attempts = attempts(evidence)
    except TooLittleEvidence:
        return []
    usd = dict(latest_usd(prices))
    found = []
    for at, name in enumerate(every.benchmarks):
        if benchmark not in ("", name):
            continue
        for place, model in enumerate(every.models):
            mine = (every.benchmark == at) & (every.model == place)
            tokens, cost = every.tokens[mine], every.cost[mine]
            logged = bool(np.isfinite(cost).any())
            if not logged and model in usd:
                cost = tokens * usd[model] / MILLION
            if np.isfinite(tokens).any() or np.isfinite(cost).any():
                item = every.item[mine].astype(float)
                found.append(AttemptCost(model, name, tokens, cost, every.success[mine], item, logged))
    return found


def latest_usd(prices: TokenPrices) -> list[tuple[str, float]]:
    """The cheapest of each model's latest prices by provider, USD per million tokens blended."""
    last: dict[int, int] = {}
    for place, offer in enumerate(prices.offer):
        last[int(offer)] = place  # prices are in order of day
    best: dict[str, float] = {}
    for place in last.values():
        model = prices.models[int(prices.model[place])]
        best[model] = min(best.get(model, np.inf), float(prices.usd[place]))
    return sorted(best.items())


@dataclass(frozen=True)
class RunTokens:
    """Tokens of one run of a benchmark, the median of several runs; 0 where not told apart."""

    input: float
    output: float
    total: float
    runs: int


def run_tokens(evidence: Evidence, benchmark: str) -> dict[str, RunTokens]:
    """Tokens of a whole run by model. Runs that were cut short or failed do not count.

    Where repeats of every item are told (`epochs`), the total is of one pass.
    """
    found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    table = evidence.table("runs")
    names = ("model", "benchmark", "status", "partial", "epochs", "input_tokens", "output_tokens", "tokens")
    for model, name, status, partial, epochs, put, out, total in zip(*(table[k] for k in names), strict=True):
        if name != benchmark or partial or status not in (None, "success"):
            continue
        passes = float(epochs) if isinstance(epochs, (int, float)) and epochs > 0 else 1.0
        parts = [float(part) / passes if isinstance(part, (int, float)) else 0.0 for part in (put, out, total)]
        parts[2] = parts[2] or parts[0] + parts[1]
        if parts[2] > 0:
            found[str(model)].append((parts[0], parts[1], parts[2]))
    middle = {model: [median(part) for part in zip(*rows, strict=True)] for model, rows in sorted(found.items())}
    return {model: RunTokens(put, out, total, len(found[model])) for model, (put, out, total) in middle.items()}


def run_usd(prices: TokenPrices, tokens: dict[str, RunTokens]) -> Floats:
    """Cost of a run at every price (price,), USD; NaN where the model's tokens are not told."""
    out = np.full(len(prices.usd), np.nan)
    for place, at in enumerate(prices.model):
        used = tokens.get(prices.models[int(at)])
        if used is None:
            continue
        apart = used.input + used.output > 0 and np.isfinite(prices.input[place] + prices.output[place])
        if apart:
            out[place] = (used.input * prices.input[place] + used.output * prices.output[place]) / MILLION
        else:
            out[place] = used.total * prices.usd[place] / MILLION
    return out
