"""How far does one group of models lie behind another, in months and in points, and is the lag changing?

Theme     models
Evidence  scores: shares of right answers, of which the capability index is fitted, or those of one benchmark
          models: release date, and the facts that tell the groups: access, country, organization, parameters, ...
Method    frontier of each group: best capability released so far, less what choosing the best of noisy estimates adds;
          months: per level of capability from the day one group reached it to the day the other did, averaged over all
          levels first reached since a date, levels that only one has reached counted as at least that long
          (Kaplan-Meier); points: frontier less frontier, averaged over days; change: trend of the age of what the group
          behind has, whose scatter (size, memory) is averaged over; intervals from joint draws of the index
Source    Ho et al. 2025, A Rosetta Stone for AI Benchmarks, arXiv:2512.00193 (the index); Kaplan and Meier 1958
          (censored lags); Epoch AI's data insights on open and on Chinese models (lag at equal index);
          docs/method/capability-gap.md
Differs   published lags leave levels out that are not matched yet, which shortens them, and compare maxima of noisy
          estimates as they are, which favours the group with more models
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, from_decimal_year, span
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.frontier import Flags, record_holders
from ascent.measure.groups import Group, facts_of, group
from ascent.measure.one_benchmark import one_benchmark
from ascent.measure.score_matrix import RULES, score_matrix
from ascent.model.gap import Quantity, gap_quantities
from ascent.model.gap_words import gap_words
from ascent.model.index_matrix import REFERENCES, place
from ascent.model.lag import Frontiers, Matches, ages, frontiers, gaps, levels, matches, tied_lag

ENOUGH = 2  # models of each group
SETTLING = 0.5  # years in which the first records of a group may catch up with what it had before the evidence begins
TIED = "mean lag as published: ties are matches"
ENDS = ("low", "mid", "high")


@dataclass(frozen=True, kw_only=True)
class Params:
    behind: str = param("open", "group that may lie behind: open, closed, US, China, all, or facts: country=China, ...")
    ahead: str = param("closed", "group it is compared with, told the same way")
    benchmark: str = param("", "compare scores on this benchmark; without it the capability index")
    since: str = param("2023", "first day that counts: 2023, 2023-06 or 2023-06-15")
    draws: int = param(500, "joint draws of the errors of capability", unit="draws", least=0, most=10_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)
    rule: str = param("median", "how several claims for one model and benchmark become one", choices=RULES)
    error: float = param(
        2.0, "standard error of a benchmark's score where none is told", unit="percentage points", least=0.0, most=50.0
    )
    reference_low: str = param(REFERENCES[0], "model that stands at 130 on the index")
    reference_high: str = param(REFERENCES[1], "model that stands at 150 on the index")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `summary`; `lags` has every record of the group ahead and when it was matched."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        unit = self.prepared["gap"].columns[1].unit
        about: dict[str, Any] = {"date": "date", "low": "low", "mid": "mid", "high": "high", "manifest": self.manifest}
        start = str(self.prepared["gap"]["date"][0])
        records, lines = self.prepared["records"], self.prepared["frontiers"]
        groups = set(records["group"])
        behind, ahead = (group(str(self.manifest.params[name]), name).words for name in ("behind", "ahead"))
        rows = [row for row in records.rows() if str(row["date"]) >= start]
        rows += [{**row, "model": ""} for row in lines.rows() if row["group"] not in groups]  # the ends of the lag
        kept = Table.from_rows(records.columns, rows)
        return {
            "frontiers": charts.timeline(
                kept, **about, label="model", group="group", bands=lines, line="group",
                title=self.sentence.split(";")[0] + ".", quantity="capability" if unit != "percent" else "score",
                note="Those shown led their group when released; frontiers lie lower by what choosing "
                "the best of noisy estimates adds. The level line: how long the latest level that both reached took; "
                "the lag today: how old by now what the group behind has is.",
            ),
            "lag": charts.timeline(
                None, **about, bands=self.prepared["age"], quantity="months behind", references={"no lag": 0.0},
                title=f"How many months ago {ahead} could do what {behind} can, by date",
                note=f"It falls when {behind} set a record and grows with time until the next. Below the line, "
                f"{behind} lead.",
            ),
            "gap": charts.timeline(
                None, **about, bands=self.prepared["gap"], quantity="gap", references={"no gap": 0.0},
                title=f"How far the best of {ahead} stands above the best of {behind}, by date",
                note=f"Below the line, {behind} lead.",
            ),
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Compare two groups.

    Raises TooLittleEvidence where a group has fewer than two dated models with a score or the two never both exist,
    WrongUse for groups or dates that cannot be read.
    """
    since = _start(params.since)
    groups = group(params.behind, "--behind"), group(params.ahead, "--ahead")
    names, capability, unit, notes = _capability(evidence, params)
    facts = facts_of(evidence, names, groups)
    dated = [i for i, known in enumerate(facts) if known["released"]]
    dated.sort(key=lambda i: (decimal_year(str(facts[i]["released"])), names[i]))
    if undated := len(names) - len(dated):
        notes.append(Note("warning", "dates", f"{undated} models have no release date and are left out."))
    names, facts, capability = tuple(names[i] for i in dated), [facts[i] for i in dated], capability[:, dated]
    released = np.array([decimal_year(str(known["released"])) for known in facts])
    members = []
    for one, option in zip(groups, ("--behind", "--ahead"), strict=True):
        mine, unknown = one.members(facts)
        members.append(mine)
        if unknown:
            text = f"Of {unknown} models it is not known whether they are {one.words}; they are in no group."
            notes.append(Note("warning", "groups", text))
        if mine.sum() < ENOUGH:
            raise TooLittleEvidence(
                need=f"{ENOUGH} dated models with scores in the group '{one.text}' ({option})",
                have=f"{int(mine.sum())} among {len(names)}",
                fix="add models, scores and facts with `ascent evidence add`, or widen the group",
            )
    behind, ahead = members
    if both := int((behind & ahead).sum()):
        notes.append(Note("info", "groups", f"{both} models are in both groups; where one leads, the lag is 0."))
    known = frontiers(released, capability, behind, ahead)
    both_since = max(since, released[behind].min(), released[ahead].min())
    if not known.until - both_since > 1 / 12:
        raise TooLittleEvidence(
            need=f"a month or more since {params.since} in which both groups have models",
            have=f"the last release in {from_decimal_year(known.until)[:7]}",
            fix="choose an earlier --since, or add later models",
        )
    found = _Found(groups, names, facts, released, capability, behind, ahead, known, since, both_since, unit)
    quantities = gap_quantities(
        known, found.matched(), found.grid, since, unit, draws=max(params.draws, 200), seed=params.seed
    )
    tied = tied_lag(released, capability, behind, ahead, since, MASS)
    quantities["mean lag, ties as matched"] = Quantity(np.array([tied]), "months", TIED)
    notes += _notes(found, quantities)
    sheets = {
        "summary": _summary(quantities), "lags": found.lags(), "age": found.series("age"), "gap": found.series("gap"),
        "frontiers": found.frontiers(), "records": found.records(),
    }  # fmt: skip
    return Answer(
        Manifest.stamp(__name__, params, evidence), gap_words(groups, quantities, since, unit), sheets, tuple(notes)
    )


def _start(text: str) -> float:
    try:
        return round(decimal_year(span(text)[0].isoformat()) - 0.5 / 365, 4)  # the beginning of that day
    except ValueError as wrong:
        raise WrongUse(f"--since: {wrong}.") from None


def _capability(evidence: Evidence, params: Params) -> tuple[tuple[str, ...], Floats, str, list[Note]]:
    """Models, draws of their capability, its unit, and what is to be said about it."""
    notes = []
    if params.draws < 20:
        notes.append(Note("warning", "draws", "Without draws there are no intervals and no correction for selection."))
    if params.benchmark:
        scored = one_benchmark(
            evidence, params.benchmark, rule=params.rule, error=params.error, draws=params.draws, seed=params.seed
        )
        if scored.assumed:
            told = f"{scored.assumed} scores come without an error or a number of items"
            text = f"{told}; {params.error:g} percentage points stand for it."
            notes.append(Note("warning", "errors", text))
        return scored.models, scored.percent, "percent", notes
    references = params.reference_low, params.reference_high
    placed = place(score_matrix(evidence, rule=params.rule), references, draws=params.draws, seed=params.seed)
    if placed.apart:
        notes.append(Note("info", "connectivity", f"{len(placed.apart)} models share no benchmark with the rest."))
    return placed.models, placed.fit.draws, "index points", notes


@dataclass(frozen=True)
class _Found:
    """Two groups with their frontiers; models in order of release."""

    groups: tuple[Group, Group]
    names: tuple[str, ...]
    facts: list[dict[str, Any]]
    released: Floats
    capability: Floats
    behind: Flags
    ahead: Flags
    known: Frontiers
    since: float
    both_since: float  # from when on both have models
    unit: str

    @property
    def grid(self) -> Floats:
        """The first of each month since both groups have models, and the last day."""
        first, last = np.ceil(self.both_since * 12 - 1e-6), np.floor(self.known.until * 12)
        months = np.maximum(np.arange(first, last + 1) / 12, self.both_since)
        return np.unique(np.append(months, self.known.until))

    def matched(self) -> Matches:
        return matches(self.known, self.released, self.capability, self.ahead, self.since)

    def lags(self) -> Table:
        """Every record of the group ahead: who matched it, and after how many months."""
        matched = self.matched()
        columns = [
            Column("date", "date", help="when the record was set"), Column("ahead", help="model that set it"),
            Column("level", "number", self.unit, "its capability, selection taken off"),
            Column("matched", "date", help="when the group behind was as good; empty if not yet"),
            Column("behind", help="model that matched it"),
            Column("low", "number", "months"), Column("mid", "number", "months", "lag; empty while it is not matched"),
            Column("high", "number", "months", "empty where it may not be matched yet"),
            Column("at_least", "number", "months", "of a record that is not matched, the time since"),
        ]  # fmt: skip
        rows = []
        for position, model in enumerate(matched.record):
            low, high = _open_ended(matched.months[1:, position])
            mid, match = matched.months[0, position], matched.match[position]
            who = self._first(self.behind, match)
            rows.append({
                "date": self.facts[model]["released"], "ahead": self.names[model], "level": matched.level[position],
                "matched": self.facts[who]["released"] if who is not None else None,
                "behind": self.names[who] if who is not None else None,
                "low": low, "mid": mid if np.isfinite(mid) else None, "high": high,
                "at_least": None if np.isfinite(mid) else matched.at_least[position],
            })  # fmt: skip
        return Table.from_rows(columns, rows, "Records by their estimates; a negative lag: the other group was first.")

    def _first(self, mine: Flags, day: float) -> int | None:
        """The best model that a group released on a day."""
        if not np.isfinite(day):
            return None
        there = np.flatnonzero(mine & (np.abs(self.released - day) < 1e-9))
        return int(max(there, key=lambda i: (self.capability[0, i], self.names[i]))) if len(there) else None

    def series(self, kind: str) -> Table:
        # Where an estimated frontier rises also the day before, so that a line through the rows has upright steps.
        best = (self.known.ahead[0], self.known.behind[0])
        rises = [self.known.days[1:][curve[1:] > curve[:-1]] for curve in best]
        days = np.concatenate([self.grid, *rises, *(one - 1 / 365 for one in rises)])
        days = np.unique(days[days >= self.grid[0]])
        drawn = ages(self.known, days) if kind == "age" else gaps(self.known, days)
        unit = "months" if kind == "age" else self.unit
        ends = dict(zip(ENDS, interval(drawn), strict=True))
        columns = [Column("date", "date"), *(Column(name, "number", unit) for name in ENDS)]
        note = "The first of each month, and the days on which a frontier rises with the day before."
        return Table.of(columns, note, date=[from_decimal_year(year) for year in days], **ends)

    def frontiers(self) -> Table:
        """Both frontiers as steps, and the lag at the latest level that both have reached, as a line of its own."""
        columns = [Column("date", "date"), Column("group"), *(Column(name, "number", self.unit) for name in ENDS)]
        rows: list[dict[str, object]] = []
        days = self.known.days[self.known.days >= self.both_since]
        # The day before each step as well, so that a line through the rows has upright steps.
        days = np.unique(np.concatenate([[self.both_since], days, days - 1 / 365, [self.known.until]]))
        days = days[days >= self.both_since]
        for one, curve in zip(self.groups, (self.known.behind, self.known.ahead), strict=True):
            at = np.searchsorted(self.known.days, days + 1e-6, side="right") - 1
            drawn = np.where(np.isfinite(curve), curve, np.nan)[:, at]
            for year, *ends in zip(days, *interval(drawn), strict=True):
                rows.append({"date": from_decimal_year(year), "group": one.words, **dict(zip(ENDS, ends, strict=True))})
        matched = self.matched()
        done = np.flatnonzero(np.isfinite(matched.match) & (matched.match > matched.first))
        if len(done):
            last = int(done[-1])
            words = f"latest level both reached: {matched.months[0, last]:.1f} months"
            for day in (matched.first[last], matched.match[last]):
                rows.append({"date": from_decimal_year(day), "group": words, "mid": matched.level[last]})
        return Table.from_rows(columns, rows)

    def records(self) -> Table:
        """Models that led their group when released, by their estimates."""
        columns = [
            Column("date", "date", help="release"), Column("model"), Column("group"), Column("organization"),
            *(Column(name, "number", self.unit) for name in ENDS),
        ]  # fmt: skip
        rows: list[dict[str, object]] = []
        ends = interval(self.capability)
        for one, mine in zip(self.groups, (self.behind, self.ahead), strict=True):
            here = np.flatnonzero(mine)
            for i in here[record_holders(self.released[here], self.capability[:1, here])[0]]:
                rows.append({
                    "date": self.facts[i]["released"], "model": self.names[i], "group": one.words,
                    "organization": self.facts[i]["organization"],
                    **{name: part[i] for name, part in zip(ENDS, ends, strict=True)},
                })  # fmt: skip
        return Table.from_rows(columns, rows, "As estimated: the frontiers lie lower by what selection adds.")


def _open_ended(draws: Floats) -> tuple[float | None, float | None]:
    """Ends of an interval of values that may be infinite; None for an infinite or unknown end."""
    known = np.sort(draws[~np.isnan(draws)])
    if len(known) < 2:
        return None, None
    picks = [known[round(share * (len(known) - 1))] for share in ((1 - MASS) / 2, (1 + MASS) / 2)]
    low, high = (float(value) if np.isfinite(value) else None for value in picks)
    return low, high


ORDER = (
    "age today", "mean lag", "mean lag, ties as matched", "shortest lag", "longest lag", "range of lags",
    "change of age", "gap today", "mean gap", "change of gap",
)  # fmt: skip


def _summary(quantities: Mapping[str, Quantity]) -> Table:
    columns = [
        Column("quantity"), *(Column(name, "number", "see unit") for name in ENDS), Column("unit"), Column("about"),
    ]  # fmt: skip
    rows = [
        {"quantity": name, **dict(zip(ENDS, one.ends, strict=True)), "unit": one.unit,
         "about": "a lower bound: many are not matched yet" if one.at_least else one.help}
        for name, one in sorted(quantities.items(), key=lambda pair: ORDER.index(pair[0]))
    ]  # fmt: skip
    note = (
        "Positive: the first group lies behind. The mean lag counts levels not yet matched as taking as long as others."
    )
    return Table.from_rows(columns, rows, note)


def _notes(found: _Found, quantities: Mapping[str, Quantity]) -> list[Note]:
    excess = found.known.excess[:, -1]
    text = (
        f"Each frontier is the best of noisy estimates: {excess[0]:.1f} {found.unit} were taken off that of "
        f"{found.groups[1].words} today, {excess[1]:.1f} off that of {found.groups[0].words}."
    )
    notes = [Note("info", "selection", text)]
    if quantities["mean lag"].at_least:
        text = "More than one level in twenty has waited longer than any lag seen, so the mean lag is a lower bound."
        notes.append(Note("bound", "censored", text))
    start = max(found.known.days[np.isfinite(curve[0])][0] for curve in (found.known.ahead, found.known.behind))
    if (share := float(levels(found.known, found.since).before[0])) > 0 and start > found.since - SETTLING:
        text = (
            f"The evidence of one group begins in {from_decimal_year(start)[:7]}: {share:.0%} of the levels were there "
            "with the first model of the group that leads and are left out. Records soon after may be late as well, "
            f"which shortens the mean lag; --since {from_decimal_year(start + SETTLING)[:7]} is safer."
        )
        notes.append(Note("warning", "start", text))
    for one, mine in zip(found.groups, (found.behind, found.ahead), strict=True):
        if (count := int((mine & (found.released >= found.since)).sum())) < 5:
            words = f"Only {count} of the {one.words} were released in the window; a missing model would move the lag."
            notes.append(Note("warning", "few models", words))
    words = (
        "Days are release dates of models with scores: a model that nobody scored yet makes its group look later. "
        "Intervals hold the error of the scores, not what other models might have been released."
    )
    return [*notes, Note("info", "coverage", words)]
