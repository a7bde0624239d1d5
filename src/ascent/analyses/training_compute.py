"""How fast does training compute grow, and how many models lie above a threshold, now and later?

Theme     training and compute
Evidence  models: training compute in FLOP with its error or confidence, release date, organization, domain,
          country and access for the gap of two groups;
          scores, where there are any, to tell which models were the best when they came out
Method    least squares of the logarithm of FLOP on the release date, with organizations as groups: for all models,
          and for those that beat earlier ones (state of the art); half-yearly means of the `top` largest of everything
          released until then (frontier), and record holders, by a line whose scatter has a memory. Models above a
          threshold: recorded ones with the doubt of their estimates; later ones come as often and as far behind the
          frontier as in the last two years, some recorded late. Gap of two groups (--by): largest true amounts drawn
          given the recorded ones, lag and factor as in capability-gap
Source    Epoch AI, Training compute of frontier AI models grows by 4-5x per year, 2024; Bell and McCaffrey 2002
          (grouped errors); Kumar and Manning 2025, arXiv:2504.16138 (counts above thresholds);
          Efron 2016, Biometrika 103:1 (true amounts behind noisy ones)
Differs   published growth rates treat models as independent; here models of one organization may share their luck, and
          intervals are wider. Models without a known amount count nowhere: every count is a lower bound
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, from_decimal_year, span
from ascent.core.display import number, percent, plain
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import check, param
from ascent.core.quantiles import normal_quantile
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.frontier import Flags, record_holders, top_at_release
from ascent.measure.training_compute import (
    TrainingCompute,
    beyond_vintage,
    counted,
    revisions,
    sources_of,
    state_of_the_art,
    training_compute,
)  # fmt: skip
from ascent.measure.training_runs import same_table
from ascent.model.clustered_line import Line, clustered_line
from ascent.model.compute_counts import counts_above, why_not_later
from ascent.model.compute_edge import cut_at
from ascent.model.compute_gap import SIDES, SPLITS, gap_sentence, pair, split
from ascent.model.compute_recorded import recorded_above
from ascent.model.compute_sheets import ABOVE, BAND, MODELS, day_of, drawable, known_table, line_table, model_table
from ascent.model.compute_steps import generations, records
from ascent.model.compute_words import (
    ALL,
    FRONTIER,
    alone_notes,
    count_sentence,
    count_title,
    edge_notes,
    far_notes,
    gap_title,
    growth_sentence,
    growth_title,
    once_notes,
)  # fmt: skip
from ascent.model.trend import fit_trend

FEWEST = 6  # models, and 3 organizations, below which no growth is told
SPAN = 1.0  # years from first to last release, below which none is told
FURTHEST = 10.0  # years that models are counted ahead for
WINDOWS = (2018.0, 2022.0)  # starts shown beside the one asked for
GPT = "GPT-1; GPT-2 (1.5B); GPT-3 175B (davinci); GPT-4"
RECORDS, BEST = "record holders", "state of the art"


@dataclass(frozen=True, kw_only=True)
class Params:
    threshold: float = param(1e25, "training compute that models are counted above", unit="FLOP", least=1.0)
    start: str = param("2010", "first release that counts in the growth: 2010, 2018-06 or 2018-06-15")
    until: str = param("2030", "last year that models are counted for")
    top: int = param(10, "how many of the largest models until then are the frontier", unit="models", least=1)
    domain: str = param("", "only models whose domain has this word: language, vision, ...")
    claims: str = param("", "only the claims of one source of evidence; empty: the latest published of each model")
    once: bool = param(
        True, "count rows that tell of one training run once: other spellings, versions of equal compute"
    )
    generations: str = param(GPT, "models whose steps in compute are shown, in order, with semicolons between")
    by: str = param("", "compare the largest models of two groups", choices=("", *SPLITS))
    since: str = param("2023", "first day that counts in that comparison: 2023, 2023-06 or 2023-06-15")
    behind: str = param(
        "", "the group that may lie behind, instead of that of --by: country=France, organization=Meta AI"
    )
    ahead: str = param("", "the group it is compared with: US, country=Germany, closed, all")
    draws: int = param(2000, "draws of counts and of the growth of records", unit="draws", least=20, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `growth`; `above` has counts by date, `records` the steps between largest models,
    `generations` those between named ones, `revisions` what different claims say of one model, `vintages` the growth by
    source, `same` what is counted once, `known` how many models have an amount; with --by (or --behind and --ahead),
    `gap` how far two groups are apart and `sides` their frontiers."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        above = self.prepared["above"]
        names = ("model", "released", "kind", "flop")
        # The dots go without bars, which would hide them; the band of the line has the same columns.
        models = Table.from_rows(
            (*(column for column in MODELS if column.name in names), *BAND), self.prepared["models"].rows()
        )
        largest = sorted(models.rows(), key=lambda row: -float(row["flop"] or 0))[:6]
        level = float(self.manifest.params["threshold"])
        apart = {"gap": self._gap()} if "sides" in self.prepared else {}
        made = apart | {
            "compute": charts.timeline(
                models, date="released", mid="flop", low="low", high="high", label="model", group="kind",
                bands=self.prepared["lines"], line="line", log=True, highlight=[str(row["model"]) for row in largest],
                references={f"{number(level)} FLOP": level}, manifest=self.manifest, quantity="Final training run",
                title=growth_title(self.prepared, int(self.manifest.params["top"])),
                note="Each dot is one model whose amount is known; the band holds the line, not single models.",
            ),
        }  # fmt: skip
        if len(counted := drawable(above)):  # of nothing a log axis shows nothing
            made["above"] = charts.timeline(
                None, date="date", mid="mid", low="low", high="high", bands=counted, line="kind", log=True,
                title=count_title(above, level), manifest=self.manifest, quantity="Models",
                note="At least so many: models whose amount is not known are missing. A lower end of 0 is drawn at 1.",
            )  # fmt: skip
        return made

    def _gap(self) -> Spec:
        from ascent.core import charts

        rows = list(self.prepared["sides"].rows())
        steps = Table.from_rows(SIDES, [row for row in rows if not row["model"]])
        named = [str(row["model"]) for row in rows if row["model"]]
        return charts.timeline(
            Table.from_rows(SIDES, [row for row in rows if row["model"]]), date="date", mid="mid", low="low",
            high="high", label="model", group="group", bands=steps, line="group", log=True, manifest=self.manifest,
            highlight=named[-8:], title=gap_title(self.prepared["gap"], rows), quantity="Final training run",
            note="Frontiers lie lower than their models by what choosing the largest of noisy amounts adds.",
        )  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Growth rates and counts.

    Raises TooLittleEvidence where fewer than 6 models of 3 organizations are dated, known and late enough; WrongUse for
    a start or an end that is no date.
    """
    start, until = decimal_year(_days(params.start, "start")[0]), int(_days(params.until, "until")[1][:4]) + 1.0
    every = training_compute(evidence, domain=params.domain, source=params.claims, once=params.once)
    day = beyond_vintage(evidence)
    later = every.year > decimal_year(day) if day else np.zeros(len(every.year), dtype=bool)
    strange = [every.model[k] for k in np.flatnonzero(later)]
    every = every.only(~later)
    day = day or evidence.as_of
    kinds = dict(_kinds(evidence, every, params.top))
    grown = [
        row for since in (start, *(w for w in WINDOWS if w > start)) for row in _growth(every, kinds, since, params)
    ]
    # A later start that leaves the same models says nothing new.
    grown = list({(row["kind"], row["models"]): row for row in reversed(grown)}.values())[::-1]
    if not grown or grown[0]["kind"] != ALL or grown[0]["since"] != from_decimal_year(start):
        raise TooLittleEvidence(
            need=f"{FEWEST} models of 3 organizations with training compute, released since {params.start} over a year",
            have=_have(every, start), fix="start earlier with --start, or add a table of models",
        )  # fmt: skip
    cut = cut_at(every.log_flop[every.year >= start])
    # A cut leaves the largest as they are: what a frontier of few models before it would be blamed for is the cut's.
    young = cut is None and _young(every, kinds[FRONTIER], start, params.top)
    kind = FRONTIER if any(row["kind"] == FRONTIER for row in grown) and not young else ALL
    late = kinds[kind] & (every.year >= start)
    line = clustered_line(every.year[late], every.log_flop[late], every.maker[late])
    if kind == FRONTIER:  # its line errs as its growth does
        row = next(row for row in grown if row["kind"] == FRONTIER)
        half = float(np.log10(row["high"] / row["low"])) / 2
        line = replace(line, low=line.slope - half, high=line.slope + half,
                       error=half / float(normal_quantile((1 + MASS) / 2)), freedom=1e6)  # fmt: skip
    today = max(decimal_year(day) if day else 0.0, float(every.year.max()))
    if not today - 1 <= until - 1 <= today + FURTHEST:
        raise WrongUse(f"--until is {params.until}; counts are told from {int(today)} to {int(today + FURTHEST)}.")
    above = _above(every, line, params, today, until if cut is None or kind == FRONTIER else today)
    sheets = {
        "growth": Table.from_rows(_GROWTH, grown), "above": above,
        "records": records(every, kinds[RECORDS], start),
        "generations": generations(every, params.generations, silent=params.generations == GPT),
        "known": known_table(every), "revisions": Table.from_rows(_REVISIONS, revisions(evidence)),
        "vintages": _vintages(evidence, params, start),
        "same": same_table(every.same),
        "models": model_table(every, kinds[FRONTIER], start, (FRONTIER, "others")),
        "lines": line_table(line, kind, float(every.year[late].min()), min(until, today + 2.0)),
    }  # fmt: skip
    told = growth_sentence(grown, kind, params.top, cut)
    text, apart = f"{told} {count_sentence(above, params.threshold, _today(day, today))}", list[Note]()
    if params.by or params.behind or params.ahead:
        since = decimal_year(_days(params.since, "since")[0])
        found, tables, apart = split(
            evidence, every, pair(params.by, params.behind, params.ahead), since=since, draws=params.draws,
            seed=params.seed,
        )  # fmt: skip
        sheets, text = sheets | tables, f"{gap_sentence(found)} {text}"
    notes = (
        *apart, *edge_notes(cut, params.threshold, kind == FRONTIER), *once_notes(every.same), *_strange(strange, day),
        *_notes(every, line, sheets, kind, young, today, params), *far_notes(above),
        *alone_notes(len(sources_of(evidence)), bool(params.claims)),
    )  # fmt: skip
    return Answer(Manifest.stamp(__name__, params, evidence), text, sheets, notes)


def _have(every: TrainingCompute, start: float) -> str:
    late = every.year >= start
    years = float(np.ptp(every.year[late])) if late.any() else 0.0
    return f"{int(late.sum())} models of {len(np.unique(every.maker[late]))} organizations over {years:.1f} years"


def _young(every: TrainingCompute, frontier: Flags, start: float, top: int) -> bool:
    """Whether too few models came before the frontier's first one for it to be a frontier of anything.

    While a collection fills up, almost every model is among its largest, and the line through them is too steep.
    """
    late = every.year[frontier & (every.year >= start)]
    return len(late) > 0 and int((every.year < late.min()).sum()) < 3 * top


def _kinds(evidence: Evidence, every: TrainingCompute, top: int) -> Iterator[tuple[str, Flags]]:
    """Which models belong to each kind; the first `top` models ever are no frontier, as nothing was there to beat."""
    yield ALL, np.ones(len(every.year), dtype=bool)
    earlier = np.searchsorted(every.year, every.year, side="left")
    yield FRONTIER, top_at_release(every.year, every.log_flop[None], top)[0] & (earlier >= top)
    yield RECORDS, record_holders(every.year, every.log_flop[None])[0]
    when = dict(zip(every.model, every.year.tolist(), strict=True))
    when |= {name: when[kept] for name, kept in every.versions.items() if kept in when}
    best = state_of_the_art(evidence, when)
    best |= {every.versions[name] for name in best if name in every.versions}
    yield BEST, np.array([name in best for name in every.model], dtype=bool)


def _growth(every: TrainingCompute, kinds: dict[str, Flags], since: float, params: Params) -> Iterator[dict[str, Any]]:
    """Growth of each kind that has enough models."""
    for kind, mine in kinds.items():
        late = mine & (every.year >= since)
        makers = len(np.unique(every.maker[late]))
        if late.sum() < FEWEST or makers < 3 or np.ptp(every.year[late]) < SPAN:
            continue
        if kind in (RECORDS, FRONTIER):
            # What is at the top now is partly what was there before: the scatter has a memory across organizations.
            series = every.year[late], every.log_flop[late]
            years, values = _half_yearly(*series) if kind == FRONTIER else series
            if len(np.unique(years)) < 3:
                continue
            pace = fit_trend(years, values, draws=params.draws, seed=params.seed).growth
            low, mid, high = (float(end) for end in interval(pace))
        else:
            line = clustered_line(every.year[late], every.log_flop[late], every.maker[late])
            low, mid, high = line.low, line.slope, line.high
        yield {
            "kind": kind, "since": from_decimal_year(since), "first": every.released[int(np.argmax(late))],
            "low": 10**low, "mid": 10**mid, "high": 10**high,
            "months_mid": 12 * np.log10(2) / mid if mid > 0 else None,
            "months_low": 12 * np.log10(2) / high if low > 0 else None,
            "months_high": 12 * np.log10(2) / low if low > 0 else None,
            "models": int(late.sum()), "organizations": makers,
        }  # fmt: skip


def _half_yearly(year: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Means of dates and values by half-year: as much memory as before in a series short enough to weigh."""
    _, place = np.unique(np.floor(2 * year), return_inverse=True)
    count = np.bincount(place)
    return np.bincount(place, year) / count, np.bincount(place, value) / count


def _above(every: TrainingCompute, line: Line, params: Params, today: float, until: float) -> Table:
    """Models at or above the threshold: recorded at each year's end, then told for later ones."""
    level = float(np.log10(params.threshold))
    rows: list[dict[str, Any]] = []
    reached = every.year[every.log_flop >= level]
    for year in range(int(reached.min()) if len(reached) else int(today), int(today) + 1):
        end = min(year + 1.0, today)
        some = every.only(every.year <= end)
        now = recorded_above(
            some.year, some.log_flop, some.within, level=level, draws=params.draws, seed=params.seed
        )  # fmt: skip
        count = int((some.log_flop >= level).sum())
        low, _, high = _ends(now)
        rows.append(
            {"date": day_of(end), "kind": "recorded", "low": min(low, count), "mid": count, "high": max(high, count)}
        )
    dates = np.array([end for end in np.arange(int(today) + 1.0, until + 0.01) if end > today + 0.05])
    if len(dates):
        told = counts_above(
            every.year, every.log_flop, every.within, every.maker, line, level=level, today=today, dates=dates,
            draws=params.draws, seed=params.seed,
        ).later  # fmt: skip
        for end, drawn in zip(dates, told.T, strict=True):
            if np.isfinite(drawn).all():
                low, mid, high = _ends(drawn)
                rows.append({"date": day_of(end), "kind": "forecast", "low": low, "mid": mid, "high": high})
    return Table.from_rows(ABOVE, rows)


def _ends(drawn: Floats) -> tuple[int, int, int]:
    """Low, mid and high of counts, whole numbers that hold at least the mass."""
    low, mid, high = np.quantile(drawn, ((1 - MASS) / 2, 0.5, (1 + MASS) / 2))
    return int(np.floor(low)), round(float(mid)), int(np.ceil(high))


def _vintages(evidence: Evidence, params: Params, start: float) -> Table:
    """The same growth from each source alone, where there are several: what later revisions and additions change."""
    rows = []
    sources = sources_of(evidence)
    for source in sources[:8] if len(sources) > 1 and not params.claims else []:
        some = training_compute(evidence, domain=params.domain, source=source, once=params.once)
        kinds = {ALL: np.ones(len(some.year), dtype=bool),
                 FRONTIER: dict(_kinds(evidence, some, params.top))[FRONTIER]}  # fmt: skip
        rows += [{"claims": source, **row} for row in _growth(some, kinds, start, params)]
    return Table.from_rows((Column("claims"), *_GROWTH), rows)


def _today(day: str, today: float) -> str:
    return day or day_of(today)


def _strange(models: list[str], day: str) -> Iterator[Note]:
    if models:
        named = ", ".join(plain(name) for name in models[:5]) + (f" and {len(models) - 5} more" * (len(models) > 5))
        text = (
            f"{named}: released after {day}, up to which the other rows reach; left out as mistyped. Correct the date, "
            "or say when the file was published (--published) and up to when it counts (--as-of)."
        )
        yield Note("warning", "later dates", text)


def _notes(
    every: TrainingCompute, line: Line, sheets: dict[str, Table], kind: str, young: bool, today: float, params: Params
) -> Iterator[Note]:
    share = counted(every.known_by_year, range(int(today) - 1, int(today) + 1))
    text = (
        f"Training compute is known of {percent(share)} of the models released since {int(today) - 1}, and of the "
        "largest it is told least often: counts are lower bounds, and late growth may be underestimated."
    )
    yield Note("bound", "unknown amounts", text)
    if every.undated:
        yield Note(
            "info",
            "undated",
            f"Models with compute but without a release date, left out: {every.undated}.",
        )
    if young:
        text = (
            f"Fewer than {3 * params.top} models came before the first of this frontier: while a collection fills up, "
            "almost every model is among its largest, and the frontier grows too steeply. Add a table of models that "
            "goes further back, such as Epoch AI's notable_ai_models.csv."
        )
        yield Note("warning", "frontier", text)
    elif kind != FRONTIER:
        yield Note("warning", "frontier", f"Too few models for a frontier of {params.top}; --top takes fewer.")
    if len(sheets["revisions"]):
        rows = list(sheets["revisions"].rows())
        twice = sum(float(row["widest"] or 1) >= 2 for row in rows)
        text = f"{len(rows)} models have several claims for their compute, {twice} of them apart by 2x or more. "
        text += (
            "Claims that do not say when they were published count as older, and of these that of the table that "
            "knows the latest releases counts (--table revisions names both)."
        )
        yield Note("info", "revisions", text)
    if not any(row["kind"] == "forecast" for row in sheets["above"].rows()):
        why = why_not_later(every.year, line, today) or "--until is past"
        yield Note("info", "later", f"No later counts: {why}.")


def _days(text: str, name: str) -> tuple[str, str]:
    try:
        first, last = span(text)
    except ValueError as error:
        raise WrongUse(f"--{name}: {error}.") from None
    return first.isoformat(), last.isoformat()


_GROWTH = (
    Column("kind"), Column("since", "date", help="asked for"), Column("low", "number", "x per year"),
    Column("mid", "number", "x per year"), Column("high", "number", "x per year"),
    Column("first", "date", help="release of the first model that counts"),
    Column("months_mid", "number", "months", "until it doubles"), Column("months_low", "number", "months"),
    Column("months_high", "number", "months"), Column("models", "whole", "models"),
    Column("organizations", "whole", "organizations"),
)  # fmt: skip
_REVISIONS = (
    Column("model"), Column("first", "number", "FLOP"), Column("latest", "number", "FLOP"),
    Column("ratio", "number", "x", "latest over first"), Column("widest", "number", "x", "largest over smallest claim"),
    Column("claims", "whole", "claims"), Column("first_source"),
    Column("latest_source", help="whose claim counts"),
)  # fmt: skip
