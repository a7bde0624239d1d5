"""What does it cost to reach a score, how fast does that price fall, and which models does no cheaper one beat?

Theme     prices and use
Evidence  prices: USD per million input and output tokens by model, provider and day; or prices told blended
          scores: of one benchmark; models: release date; runs, attempts: tokens used, where told
Needs     token prices
Method    cheapest price, day by day, among models whose score is at or above a threshold; its yearly decline is the
          trend of its logarithm, month by month to the last day, whose scatter (size, memory) is averaged over;
          which models reach the threshold is drawn with the errors of their scores; thresholds pooled as draws from
          one distribution; price-capability frontier: models that no other beats at the same or a lower price
Source    Epoch AI, LLM inference prices have fallen rapidly but unequally across tasks, 2025 (thresholds, record lows,
          3 parts input to 1 part output); DerSimonian and Laird 1986 (pooling); docs/method/price-of-capability.md
Differs   the published fit goes through record lows alone and ends with the last of them, so time without a new low
          does not count, and takes records for independent: `--method published` gives it
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, from_decimal_year, span
from ascent.core.draws import Floats, interval
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.raw_scores import RawScores, raw_scores, usual_benchmark
from ascent.measure.score_matrix import score_matrix
from ascent.measure.task_costs import attempt_costs, run_tokens, run_usd
from ascent.measure.token_prices import DATED, TokenPrices, token_prices
from ascent.model.costs import mean_costs
from ascent.model.index_matrix import REFERENCES, place
from ascent.model.pareto import steps, unbeaten
from ascent.model.price_decline import Decline, Prices, cheapest, fit_decline, latest_prices, pool, published_decline
from ascent.model.price_words import decline_words

MOST = 6  # thresholds chosen by themselves
ENOUGH = 3  # models with a price and a score
INDEX = "index"
COSTS = ("price of tokens", "cost of a run")
UNIT = {"price of tokens": "USD per million tokens", "cost of a run": "USD per run"}
ENDS = ("low", "mid", "high")
SIDES = ("_low", "", "_high")


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "benchmark to score on, or the word index; default the one with most priced models")
    thresholds: str = param("", "scores to reach, such as 50,75; default those of models that led when released")
    cost: str = param("price of tokens", "what is paid: per million tokens, or per run of the benchmark", choices=COSTS)
    method: str = param("trend", "how the decline is fitted", choices=("trend", "published"))
    dated: str = param(DATED[0], "the day a price holds from; published studies put it back to release", choices=DATED)
    parts_input: float = param(
        3.0, "input tokens for every output token in the blend", unit="tokens", least=0.0, most=1e3
    )
    since: str = param("", "first day that counts: 2023, 2023-06 or 2023-06-15; default all")
    without: str = param("", "models to leave out, separated by semicolons")
    draws: int = param(300, "draws of scores and of the trend", unit="draws", least=0, most=10_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)
    reference_low: str = param(REFERENCES[0], "model that stands at 130 on the index")
    reference_high: str = param(REFERENCES[1], "model that stands at 150 on the index")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `decline`; `records` has every record low, `frontier` the models no cheaper one beats."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        frontier = self.prepared["frontier"]
        now = frontier.take([i for i, one in enumerate(frontier["unbeaten"]) if one])
        records = self.prepared["records"]
        exact = (Column("low", "number"), Column("high", "number"))  # prices have no interval, the fitted lines have
        made = {
            "prices": charts.timeline(
                Table.from_rows((*records.columns, *exact), records.rows()), date="date", mid="usd", label="model",
                group="threshold", log=True, bands=self.prepared["cheapest"], line="threshold", low="low", high="high",
                title=self.sentence, manifest=self.manifest, quantity="cheapest",
                note="Lines: the lowest price on each day at which a score is reached; dots: its record lows.",
            ),
            "frontier": charts.scatter_fit(
                now, x="price", y="score", low="low", high="high", label="model", group="date",
                fit=_steps(now), line="date", log_x=True, title="Models that no cheaper model beats, a year apart",
                manifest=self.manifest, quantity="score",
            ),
        }  # fmt: skip
        costs = self.prepared["costs"]
        known = costs.take([i for i, row in enumerate(costs.rows()) if row["cost"] and row["score"] is not None])
        if len(known):
            made["costs"] = charts.scatter_fit(
                known, x="cost", y="score", low="score_low", high="score_high", label="model", group="benchmark",
                log_x=True, title="Score against cost of an attempt or run", manifest=self.manifest, quantity="score",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Follow the price of reaching a score.

    Raises TooLittleEvidence where fewer than three models have both a price and a score, or no threshold has been
    reached at three different prices; WrongUse for thresholds or dates that cannot be read.
    """
    dated = DATED[1] if params.method == "published" else params.dated
    prices = token_prices(evidence, parts_input=params.parts_input, dated=dated)
    notes = list(prices.notes)
    prices = prices.where(_kept(prices, params))
    name = params.benchmark or usual_benchmark(evidence, [prices.models[at] for at in prices.model])
    if name == INDEX:
        pair = params.reference_low, params.reference_high
        placed = place(score_matrix(evidence), pair, draws=params.draws, seed=params.seed)
        scores = RawScores(placed.models, placed.fit.draws, "index points", 0)
    else:
        scores = raw_scores(evidence, name, draws=params.draws, seed=params.seed)
    if params.cost == "cost of a run":
        usd = run_usd(prices, run_tokens(evidence, name))
        prices = prices.with_usd(np.where(np.isfinite(usd), usd, 1.0)).where(np.isfinite(usd))
    score = scores.of(prices.models)
    prices = prices.where(np.isfinite(score[0, prices.model]))
    if len(set(prices.model.tolist())) < ENOUGH:
        raise TooLittleEvidence(
            need=f"{ENOUGH} models with a price and a score on {name}",
            have=f"{len(set(prices.model.tolist()))}",
            fix="add prices (model, date, usd_per_million_input, usd_per_million_output) and scores of the same models",
        )
    market = Prices(prices.model, prices.offer, prices.day, prices.usd)
    found = _declines(market, prices, score, scores.unit, params)
    if scores.assumed:
        text = f"The errors of {scores.assumed} scores are not told; those of a test of 100 items stand for them."
        notes.append(Note("warning", "errors", text))
    unit = UNIT[params.cost]
    pooled = _pooled(found, params)
    sheets = {
        "decline": _decline_table(found, prices, unit), "pooled": pooled,
        "records": _records(found, prices, score, unit),
        "cheapest": _cheapest(found, market, score, unit), "fitted": _fitted(found, unit),
        "frontier": _frontier(market, prices, score, scores.unit, unit),
        "costs": _costs(evidence, prices, name, scores),
    }  # fmt: skip
    notes.append(Note("info", "prices", "List prices are no costs, and equal scores on one test no equal capability."))
    sentence = _sentence(name, found, pooled, params, prices)
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


def _kept(prices: TokenPrices, params: Params) -> Any:
    """Prices that are not left out by name or by day, (price,)."""
    kept = np.ones(len(prices.usd), dtype=bool)
    for name in filter(None, (part.strip() for part in params.without.split(";"))):
        if name not in prices.models:
            raise UnknownName("model with a price", name, prices.models)
        kept &= prices.model != prices.models.index(name)
    if params.since:
        try:
            kept &= prices.day >= decimal_year(span(params.since)[0].isoformat()) - 0.5 / 365
        except ValueError as wrong:
            raise WrongUse(f"--since: {wrong}.") from None
    return kept


@dataclass(frozen=True)
class _Threshold:
    """One score to reach, its decline, and the published fit of the same record lows."""

    score: float
    words: str
    decline: Decline
    published: tuple[float, float, float]

    def factor(self, method: str) -> tuple[float, float, float]:
        """Times cheaper after a year."""
        if method == "published":
            return self.published
        low, mid, high = (float(part) for part in interval(self.decline.factor))
        return low, mid, high


def _declines(market: Prices, prices: TokenPrices, score: Floats, unit: str, params: Params) -> list[_Threshold]:
    until = float(market.day.max())
    found = []
    with np.errstate(invalid="ignore"):
        for value in _values(params.thresholds) or _leaders(prices, score):
            fitted = fit_decline(market, score >= value - 1e-9, until, draws=max(params.draws, 20), seed=params.seed)
            published = (np.nan,) * 3
            days = np.array([span(prices.date[i])[0].toordinal() / 365 for i in fitted.records])
            if len(np.unique(days)) >= 3:
                published = published_decline(days, market.usd[fitted.records])
            words = f"{value:.1f}" if unit == "percent" else f"{value:.4g}"
            found.append(_Threshold(value, f"{words} {unit}", fitted, published))
    known = [one for one in found if np.isfinite(one.factor(params.method)[1])]
    if not known:
        told = len(set(prices.date))
        fix = "name lower scores with --thresholds, or add earlier prices"
        raise TooLittleEvidence(
            need="a score that was reached at three different prices, half a year or more apart",
            have=f"{len(found)} scores tried, each reached at fewer, and prices of {told} day{'s' * (told > 1)}",
            fix=fix if params.dated != DATED[0] else f"{fix}; or take prices to hold since each model's release "
            f"(--dated '{DATED[1]}'), which hides what it cost before they were told",
        )  # fmt: skip
    if not params.thresholds and len(known) > MOST:
        picks = np.unique(np.linspace(0, len(known) - 1, MOST).round().astype(int))
        known = [known[i] for i in picks]
    return known


def _values(text: str) -> list[float]:
    try:
        values = sorted({float(part) for part in text.split(",") if part.strip()})
    except ValueError:
        values = [np.nan]
    if not np.isfinite(values).all():
        raise WrongUse(f"--thresholds is '{text}'; it takes scores such as 50,75.")
    return values


def _leaders(prices: TokenPrices, score: Floats) -> list[float]:
    """Scores of models that were the best so far when their first price appeared."""
    best, found = -np.inf, []
    for model in prices.model:  # in order of day
        if score[0, model] > best:
            best = float(score[0, model])
            found.append(best)
    return found


def _pooled(found: list[_Threshold], params: Params) -> Table:
    columns = [
        Column("quantity"), *(Column(name, "number", "x per year", "times cheaper") for name in ENDS),
        Column("thresholds", "whole", "thresholds"), Column("spread", "number", "x", "between thresholds, one sd"),
    ]  # fmt: skip
    count = len(found)
    if params.method == "published":
        factors = np.array([one.published[1] for one in found])
        row = {"low": factors.min(), "mid": float(np.exp(np.log(factors).mean())), "high": factors.max()}
        note = "Geometric mean and range of the thresholds, as published."
        return Table.from_rows(columns, [{"quantity": "yearly decline", "thresholds": count, **row}], note)
    together = pool(np.stack([one.decline.slope for one in found], axis=1))
    low, mid, high = interval(10.0**-together.mean)
    row = {"low": float(low), "mid": float(mid), "high": float(high), "spread": 10**together.spread}
    note = "Thresholds share models, so their errors are taken as shared."
    return Table.from_rows(columns, [{"quantity": "yearly decline", "thresholds": count, **row}], note)


def _decline_table(found: list[_Threshold], prices: TokenPrices, unit: str) -> Table:
    columns = [
        Column("threshold", help="score to reach"),
        *(Column(name, "number", "x per year", "times cheaper after a year" * (name == "mid")) for name in ENDS),
        Column("since", "date"), Column("first", help="model that reached it"),
        Column("usd_first", "number", unit), Column("cheapest", help="model that is cheapest today"),
        Column("usd_now", "number", unit), Column("records", "whole", "record lows"),
        Column("drawn_in", "number", "x per year", "drawn towards the mean of all as far as it is uncertain"),
        *(Column(f"published_{name}", "number", "x per year", "by the published fit") for name in ENDS),
        Column("realized", "number", "x per year", "from the first price to the last, as it was"),
    ]  # fmt: skip
    shared = np.stack([one.decline.slope for one in found], axis=1)
    each = pool(shared).each if np.isfinite(shared).all() else shared
    rows = []
    for at, one in enumerate(found):
        first, last = one.decline.records[0], one.decline.records[-1]
        years = one.decline.months[-1] - prices.day[first]
        own = one.factor("trend")
        rows.append({
            "threshold": one.words, "since": prices.date[first], "first": prices.models[prices.model[first]],
            "usd_first": prices.usd[first], "cheapest": prices.models[prices.model[last]],
            "usd_now": 10 ** one.decline.log10[0, -1], "records": len(one.decline.records),
            **dict(zip(ENDS, own, strict=True)), "drawn_in": float(10.0 ** -each[0, at]),
            **{f"published_{name}": part for name, part in zip(ENDS, one.published, strict=True)},
            "realized": (prices.usd[first] / 10 ** one.decline.log10[0, -1]) ** (1 / years) if years > 0 else None,
        })  # fmt: skip
    return Table.from_rows(
        columns, rows, "Each threshold's decline is drawn towards their mean as far as it is uncertain."
    )


def _records(found: list[_Threshold], prices: TokenPrices, score: Floats, unit: str) -> Table:
    columns = [
        Column("threshold"), Column("date", "date"), Column("model"), Column("offer", help="model and provider"),
        Column("usd", "number", unit), Column("score", "number", "see threshold"),
    ]  # fmt: skip
    rows = [
        {"threshold": one.words, "date": prices.date[i], "model": prices.models[prices.model[i]],
         "offer": prices.offers[prices.offer[i]], "usd": prices.usd[i], "score": score[0, prices.model[i]]}
        for one in found for i in one.decline.records
    ]  # fmt: skip
    return Table.from_rows(columns, rows)


def _cheapest(found: list[_Threshold], market: Prices, score: Floats, unit: str) -> Table:
    """Day by day where it changes; the day before as well, so that lines have upright steps. No two lines cross."""
    ends = ("low", "usd", "high")
    columns = [Column("threshold"), Column("date", "date"), *(Column(name, "number", unit) for name in ends)]
    rows = []
    for one in found:
        days = np.unique(market.day[market.day >= one.decline.months[0] - 1e-6])
        at = cheapest(market, np.nan_to_num(score, nan=-np.inf) >= one.score - 1e-9, days)
        drawn = np.array(interval(np.where(at >= 0, market.usd[at], np.nan)))  # (end, day)
        new = np.r_[True, (drawn[:, 1:-1] != drawn[:, :-2]).any(axis=0), True][-len(days) :]
        for day in np.flatnonzero(new):
            for year, held in [(days[day] - 1 / 365, day - 1)] * int(day > 0) + [(days[day], day)]:
                told = dict(zip(ends, drawn[:, held].tolist(), strict=True))
                rows.append({"threshold": one.words, "date": from_decimal_year(year), **told})
    return Table.from_rows(columns, rows, "Interval: which models reach the threshold is uncertain.")


def _fitted(found: list[_Threshold], unit: str) -> Table:
    ends = (Column(name, "number", unit) for name in ("low", "usd", "high"))
    columns = [Column("threshold"), Column("date", "date"), *ends]
    rows = []
    for one in found:
        years = np.linspace(one.decline.months[0], one.decline.months[-1], 15)
        for year, low, mid, high in zip(years, *interval(one.decline.line(years)), strict=True):
            rows.append({"threshold": one.words, "date": from_decimal_year(year), "low": low, "usd": mid, "high": high})
    return Table.from_rows(columns, rows, "The trend of each threshold by itself: trends may cross, prices cannot.")


def _frontier(market: Prices, prices: TokenPrices, score: Floats, points: str, unit: str) -> Table:
    """Every model with its cheapest price at two dates, and whether no other beats it."""
    columns = [
        Column("date", "date"), Column("model"), Column("price", "number", unit),
        *(Column(name, "number", points, "score" * (name == "score")) for name in ("low", "score", "high")),
        Column("unbeaten", "flag", help="no model scores as well at no higher price, by the estimates"),
        Column("probability", "number", "probability", "that no other beats it, given the errors of scores"),
    ]  # fmt: skip
    last = float(market.day.max())
    rows = []
    for day in (last - 1.0, last):
        held = latest_prices(market, day)
        best: dict[int, int] = {}
        for at in sorted(held, key=lambda at: (market.usd[at], at)):
            best.setdefault(int(market.model[at]), int(at))
        if not best:
            continue
        models = np.array(sorted(best), dtype=np.intp)
        usd = np.array([market.usd[best[model]] for model in models])
        member = unbeaten(score[:, models], usd)
        chance = (member[1:] if len(member) > 1 else member).mean(axis=0)
        ends = interval(score[:, models])
        for at in np.lexsort((models, usd)):
            low, mid, high = (float(part[at]) for part in ends)
            rows.append({
                "date": from_decimal_year(day), "model": prices.models[models[at]], "price": usd[at], "low": low,
                "score": mid, "high": high, "unbeaten": bool(member[0, at]), "probability": chance[at],
            })  # fmt: skip
    return Table.from_rows(columns, rows)


def _steps(frontier: Table) -> Table:
    """The frontier of each date as steps."""
    rows = []
    for date in sorted(set(map(str, frontier["date"]))):
        own = [(float(str(row["price"])), float(str(row["score"]))) for row in frontier.rows() if row["date"] == date]
        rows += [{"date": date, "price": price, "score": score} for price, score in steps(own)]
    numbers = (Column(name, "number") for name in ("price", "score", "low", "high"))
    return Table.from_rows((Column("date"), *numbers), rows)


def _costs(evidence: Evidence, prices: TokenPrices, benchmark: str, scores: RawScores) -> Table:
    """Tokens and dollars for one attempt, or for a run where only totals are told."""
    columns = [
        Column("model"), Column("benchmark"), Column("of", help="attempt, or run of the whole benchmark"),
        *(Column(f"tokens{end}", "number", "tokens") for end in SIDES),
        *(Column(f"cost{end}", "number", "USD") for end in SIDES),
        *(Column(f"score{end}", "number", "percent") for end in SIDES),
        Column("cost_per_success", "number", "USD"), Column("cost_from", help="logged, or tokens times price"),
        Column("count", "whole", "attempts or runs"),
    ]  # fmt: skip
    rows: list[dict[str, object]] = []
    for one in attempt_costs(evidence, prices):
        row: dict[str, object] = {"model": one.model, "benchmark": one.benchmark, "of": "attempt"}
        told = mean_costs(one.tokens, one.usd, one.success, one.item)
        for name, ends in told.items():
            row |= {f"{name}{side}": part for side, part in zip(SIDES, ends, strict=True)}
        if "cost" in told and "score" in told and told["score"][1] > 0:
            row["cost_per_success"] = told["cost"][1] / (told["score"][1] / 100)
        rows.append(row | {"count": len(one.item), "cost_from": "logged" if one.logged else "tokens times price"})
    tokens = run_tokens(evidence, benchmark)
    usd = run_usd(prices, tokens)
    newest = {prices.models[int(model)]: float(one) for model, one in zip(prices.model, usd, strict=True)}
    places = [model for model in tokens if np.isfinite(newest.get(model, np.nan))]
    known = scores.unit == "percent" and len(places)
    percent = interval(scores.of(places)) if known else np.full((3, len(places)), np.nan)
    for at, model in enumerate(places):
        rows.append({
            "model": model, "benchmark": benchmark, "of": "run", "tokens": tokens[model].total, "cost": newest[model],
            **{f"score{side}": float(part[at]) for side, part in zip(SIDES, percent, strict=True)},
            "cost_from": "tokens times price", "count": tokens[model].runs,
        })  # fmt: skip
    return Table.from_rows(columns, rows, "Means over attempts with intervals; a run tells its total only.")


def _sentence(name: str, found: list[_Threshold], pooled: Table, params: Params, prices: TokenPrices) -> str:
    row = next(pooled.rows())
    low, mid, high = (float(str(row[end])) for end in ENDS)
    published = params.method == "published"
    assumed = (published or params.dated == DATED[1]) and any("taken to hold since" in one.text for one in prices.notes)
    said = decline_words(params.cost, name, len(found), (low, mid, high), published=published, assumed=assumed)
    best = prices.models[int(prices.model[(last := found[-1].decline).records[-1]])]
    usd = f"{10 ** float(last.log10[0, -1]):.3g} {UNIT[params.cost]}"
    return f"{said}; the cheapest that scores {found[-1].words} is {best} at {usd}."
