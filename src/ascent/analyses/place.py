"""Where does my model stand on the index, from the few scores it has?

Theme     models
Evidence  scores: of many models, which tell how hard each benchmark is and how well it separates
          results (a file of its own): scores `benchmark,score` with `n` or `se` where known, attempts or logs of the
          model to place; without it a model of the evidence is placed by its own scores
Method    difficulties, discriminations and scatter from the calibrated index of the evidence, their error carried over;
          posterior of one capability on a grid under a wide normal prior; each score's surprise is judged against what
          the others expect; differences and lags from draws that share the ruler's error
Source    Ho et al. 2025, arXiv:2512.00193 (the index); Owen 1975 (placing by known items); Benjamini and Hochberg 1995
Differs   the interval comes from the number of items, each benchmark's own scatter and the error of the difficulties,
          and shrinks with every score (in simulated worlds 90 % intervals from one score held the truth in 89 %); a
          model that the evidence knows is told with its index there; nothing is placed on unknown benchmarks
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import decimal_year, span
from ascent.core.errors import WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.model import placing_shapes as shapes
from ascent.model.false_discovery import adjusted
from ascent.model.placing import Placing, narrowest, place_model, predicted
from ascent.model.placing_knobs import RulerKnobs
from ascent.model.placing_own import FEW, Settled, Subject, settle
from ascent.model.placing_standing import Lag, Standing, lag, placed_draws, standing
from ascent.model.placing_surprises import surprises
from ascent.model.placing_words import Said, at_odds, counted, of_known, several, single

GIVEN = {"results": "scores or logs of the model to place; rows `benchmark,score` with `n` or `se` where known"}
NEAR = 12  # models shown beside the placed one
WORTH_TELLING = 0.1  # false discovery rate up to which a surprise is named
Z90 = 2 * 1.6448536269514722  # width of a 90 % interval in standard deviations of a normal


@dataclass(frozen=True, kw_only=True)
class Params(RulerKnobs):
    model: str = param("", "the model to place: one of the results (default: each), or of the evidence")
    released: str = param(
        "",
        "day from which the lag is counted; default the model's release where known, else the newest",
    )
    draws: int = param(400, "joint draws behind differences and lag", unit="draws", least=20, most=10_000)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.released:
            _day(self.released)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `capability`, one row per placed model; the stable keys tell the first of them."""

    keys: Mapping[str, Any] = field(default_factory=dict)

    def stable(self) -> dict[str, Any]:
        """model, capability, low, high, scale, lag, predicted, surprises, unused; models has all that were placed."""
        return dict(self.keys)

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        sheets = self.prepared
        first = str(sheets["capability"]["model"][0])
        around = _around(sheets["capability"], sheets["nearest"], first)
        made: dict[str, Spec] = {}
        made["place"] = charts.ranking(
            around, label="label", mid="capability", low="low", high="high", title=self.sentence, group="whose", top=60,
            manifest=self.manifest, quantity="Capability", note=around.note,
        )  # fmt: skip
        if len(mine := _of(sheets["predicted"], first)):
            made["predicted"] = charts.ranking(
                mine, label="benchmark", mid="mid", low="low", high="high", manifest=self.manifest, top=60,
                title=f"Scores expected of {first} on benchmarks that the results lack", quantity="Score",
            )  # fmt: skip
        made["narrowing"] = charts.ranking(
            _of(sheets["narrowing"], first), label="added", mid="capability", low="low", high="high", ordered=False,
            title=f"What each score adds to the place of {first}", manifest=self.manifest, quantity="Capability",
            note="From top to bottom, one more score each; the most telling come first.",
        )  # fmt: skip
        if len(odd := _of(sheets["surprises"], first)):
            made["surprises"] = charts.ranking(
                odd, label="benchmark", mid="surprise", manifest=self.manifest, quantity="Surprise",
                title=f"Scores of {first} against what its others expect", references={"as expected": 0.0},
                note="High may mean contamination or a special skill, low a harness at fault: evidence, not proof.",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Place each model of the results.

    Raises TooLittleEvidence where no result can be used or the evidence makes no index; UnknownName for a model or a
    reference nobody knows.
    """
    manifest = Manifest.stamp(__name__, params, evidence)
    settled = settle(evidence, params, draws=params.draws)
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("capability", "predicted", "surprises", "nearest", "narrowing")
    }
    sentence, notes = "", list(_of_ruler(settled))
    for subject in settled.subjects:
        one = _One.placed(settled, subject, params, bool(evidence.given))
        rows["capability"].append(one.row())
        rows["predicted"] += one.predictions()
        rows["surprises"] += (odd := one.surprises())
        strange = [row["benchmark"] for row in odd if row["false_discovery"] <= WORTH_TELLING]
        sentence = sentence or one.said().headline() + at_odds(strange, len(subject.marks.share))
        rows["nearest"] += one.nearest()
        rows["narrowing"] += one.narrowing()
        notes += one.notes(rows["surprises"])
    names = [one.name for one in settled.subjects]
    if (told := several(names)) is not None:
        middles = [row["capability"] for row in rows["capability"][1:]]
        ends = f"{min(middles):.1f} to {max(middles):.1f}" if len(middles) > 1 else f"{middles[0]:.1f}"
        sentence += f" And {counted(len(middles), 'other model')}, at {ends}."
        notes.insert(0, told)
    notes += single([one.name for one in settled.subjects if len(one.marks.share) == 1])
    prior = f"prior: normal about {settled.prior.centre:.1f}, standard deviation {settled.prior.spread:g}"
    said = f"{params.scale()[0].upper()}{params.scale()[1:]}; {prior}."
    sheets = {
        "capability": Table.from_rows(shapes.CAPABILITY, rows["capability"], said),
        "predicted": Table.from_rows(shapes.PREDICTED, rows["predicted"], "As they would be reported."),
        "surprises": Table.from_rows(shapes.SURPRISES, rows["surprises"], "Against the model's other scores only."),
        "nearest": Table.from_rows(shapes.NEAREST, rows["nearest"]),
        "narrowing": Table.from_rows(shapes.NARROWING, rows["narrowing"]),
        "unused": Table.from_rows(shapes.UNUSED, [
            {"model": one.model, "benchmark": one.benchmark, "reason": one.reason,
             "suggestions": "; ".join(one.suggestions)} for one in settled.unused
        ]),
    }  # fmt: skip
    return Answer(manifest, sentence, sheets, (*settled.notes, *notes), _keys(sheets, params))


@dataclass(frozen=True)
class _One:
    """One placed model, and what is said of it."""

    settled: Settled
    subject: Subject
    placing: Placing
    against: Standing
    behind: Lag | None
    day: str  # of reference
    whose: str  # day that is: "named" by the reader, "own" release of the model, or "newest" of the evidence
    given: bool  # placed by results, not by its own scores of the evidence

    @classmethod
    def placed(cls, settled: Settled, subject: Subject, params: Params, given: bool) -> "_One":
        placing = place_model(settled.ruler, subject.marks, settled.prior)
        fit = settled.placed.fit
        own = placed_draws(placing, fit, params.draws, params.seed)
        day = params.released or subject.released or max((d for d in settled.released if d), default="")
        dates = np.array([decimal_year(d) if d else np.nan for d in settled.released])
        behind = lag(own, fit.draws, dates, placing.interval()[1], decimal_year(day)) if day else None
        whose = "named" if params.released else "own" if subject.released else "newest"
        return cls(settled, subject, placing, standing(placing, own, fit), behind, day, whose, given)

    def said(self) -> Said:
        return Said(self.subject.name, self.placing, self.behind, self.day, self.whose, self.index())

    def index(self) -> tuple[float, float, float] | None:
        """The same model in the index of the evidence, beside results of its own."""
        at, fit = self.settled.index_of(self.subject), self.settled.placed.fit
        return None if at is None or not self.given else (float(fit.low[at]), float(fit.mid[at]), float(fit.high[at]))

    def row(self) -> dict[str, Any]:
        low, mid, high = self.placing.interval()
        closest = int(self.order()[0])
        index = self.index() or (None, None, None)
        told: dict[str, float | None] = {}
        if self.behind is not None:
            ends = dict(zip(("lag_low", "lag", "lag_high"), self.behind.told(), strict=True))
            told = {**ends, "ahead": self.behind.ahead}
        return {
            "model": self.subject.name, "capability": mid, "low": low, "high": high,
            "scores": len(self.subject.marks.share), "tied": int(self.against.tied.sum()),
            "nearest": self.settled.placed.models[closest], **told, "width": high - low,
            "width_if_all": min(high - low, Z90 * narrowest(self.placing)),
            **dict(zip(("index_low", "index", "index_high"), index, strict=True)),
        }  # fmt: skip

    def predictions(self) -> list[dict[str, Any]]:
        missing = np.setdiff1d(np.arange(len(self.settled.benchmarks)), self.subject.marks.benchmark)
        if not len(missing):
            return []
        behind = self.settled.scores_of
        rows = []
        for at, *shares in zip(missing, *predicted(self.placing, missing), strict=True):
            low, mid, high = (self._raw(int(at), share) for share in shares)
            rows.append(
                {"model": self.subject.name, "benchmark": self.settled.benchmarks[at], "low": low, "mid": mid,
                 "high": high, "scores": behind[at]}
            )  # fmt: skip
        return rows

    def surprises(self) -> list[dict[str, Any]]:
        found = surprises(self.placing)
        if found is None:
            return []
        rate = adjusted(found.p_value)
        rows = []
        for k in np.lexsort((np.arange(len(rate)), -np.abs(found.standard))):
            at = int(self.subject.marks.benchmark[k])
            told = rate[k] <= WORTH_TELLING
            reading = "contamination or special skill" if found.standard[k] > 0 else "weakness or a harness at fault"
            rows.append(
                {"model": self.subject.name, "benchmark": self.settled.benchmarks[at], "score": self.subject.raw[k],
                 "expected_low": self._raw(at, found.low[k]), "expected": self._raw(at, found.mid[k]),
                 "expected_high": self._raw(at, found.high[k]), "surprise": found.standard[k],
                 "p_value": found.p_value[k], "false_discovery": rate[k],
                 "reading": f"{reading}?" if told else "within what chance allows"}
            )  # fmt: skip
        return rows

    def order(self) -> list[int]:
        """Models of the evidence, the nearest first, without the model itself."""
        gap = np.abs(self.against.gap)
        return [int(at) for at in np.lexsort((np.arange(len(gap)), gap)) if at != self.settled.index_of(self.subject)]

    def nearest(self) -> list[dict[str, Any]]:
        fit, models = self.settled.placed.fit, self.settled.placed.models
        return [
            {"model": self.subject.name, "other": models[i], "released": self.settled.released[i],
             "capability": fit.mid[i], "low": fit.low[i], "high": fit.high[i],
             "difference_low": self.against.gap_low[i], "difference": self.against.gap[i],
             "difference_high": self.against.gap_high[i], "tied": bool(self.against.tied[i])}
            for i in self.order()[:NEAR]
        ]  # fmt: skip

    def narrowing(self) -> list[dict[str, Any]]:
        marks = self.subject.marks
        at = int(np.searchsorted(self.placing.grid, self.placing.interval()[1]).clip(0, len(self.placing.grid) - 1))
        telling = (self.placing.sheet.hard[at] / self.placing.sheet.root[at]) ** 2
        order = np.lexsort((np.arange(len(telling)), -telling))
        rows = []
        for count in range(1, len(order) + 1):
            if count > 8 and count % 4 and count < len(order):
                continue
            low, mid, high = place_model(self.settled.ruler, marks.keep(order[:count]), self.settled.prior).interval()
            name = self.settled.benchmarks[marks.benchmark[order[count - 1]]]
            rows.append(
                {"model": self.subject.name, "scores": count, "added": f"{count}: {name}", "capability": mid,
                 "low": low, "high": high, "width": high - low}
            )  # fmt: skip
        return rows

    def notes(self, surprises: list[dict[str, Any]]) -> list[Note]:
        found = []
        name = self.subject.name
        bounds = [self.settled.benchmarks[b] for b, at_end in
                  zip(self.subject.marks.benchmark, self.subject.clamped, strict=True) if at_end]  # fmt: skip
        if bounds:
            text = f"{name}: scores at the floor or ceiling are only bounds ({', '.join(bounds)})."
            found.append(Note("bound", "clamped", text))
        odd = [row for row in surprises if row["model"] == name and row["false_discovery"] <= WORTH_TELLING]
        for row in odd:
            way = "above" if row["surprise"] > 0 else "below"
            text = f"{name} on {row['benchmark']}: {row['score']:.3f}, {way} the {row['expected_low']:.3f} to "
            text += f"{row['expected_high']:.3f} that its other scores expect; {row['reading']} Evidence, not proof."
            found.append(Note("warning", "surprise", text))
        if self.behind is not None and self.behind.before > 0.05:
            text = f"{name}: the frontier may have been there before the first dated model, so the lag is at least so."
            found.append(Note("bound", "lag", text))
        if self.placing.interval()[1] > self.settled.placed.fit.mid.max():
            text = (
                f"{name}: above every model of the evidence the benchmarks are extrapolated; in simulated worlds 90% "
            )
            text += "intervals there held the truth about as often, from many scores in 88%."
            found.append(Note("warning", "extrapolation", text))
        found += self.said().notes()
        if self.subject.known and (index := self.index()):
            behind = self.settled.placed.matrix.model == self.settled.index_of(self.subject)
            found.append(of_known(name, self.subject.known, int(behind.sum()), index, self.placing.interval()))
        return found

    def _raw(self, benchmark: int, share: float) -> float:
        """A share above chance as it would be reported."""
        fact = self.settled.facts[benchmark]
        chance = fact.chance or 0.0
        return float(chance + share * ((fact.ceiling or 1.0) - chance))


def _of_ruler(settled: Settled) -> list[Note]:
    found = []
    if settled.unused:
        named = []
        for one in settled.unused[:4]:
            named.append(f"{one.benchmark} ({' or '.join(one.suggestions)}?)" if one.suggestions else one.benchmark)
        more = " and others" if len(settled.unused) > 4 else ""
        text = f"{counted(len(settled.unused), 'result')} not used: {', '.join(named)}{more}. See the table unused."
        used = sorted({settled.benchmarks[b] for one in settled.subjects for b in one.marks.benchmark})
        text += f" Used: {', '.join(used[:6])}{f' and {len(used) - 6} more' if len(used) > 6 else ''}."
        found.append(Note("warning", "unused", text))
    behind = settled.scores_of
    rare = sorted({settled.benchmarks[b] for one in settled.subjects for b in one.marks.benchmark if behind[b] < FEW})
    if rare:
        text = f"Fewer than {FEW} scores of the evidence fix the difficulty of {', '.join(rare)}; allowed for."
        found.append(Note("bound", "sparse benchmarks", text))
    if settled.placed.apart:
        text = f"{len(settled.placed.apart)} models of the evidence share no benchmark with the rest and are left out."
        found.append(Note("info", "connectivity", text))
    return found


def _keys(sheets: Mapping[str, Table], params: Params) -> dict[str, Any]:
    first = next(iter(sheets["capability"].rows()))
    named = {key: first[key] for key in ("model", "capability", "low", "high", "scores")}
    lags = {"months": first["lag"], "low": first["lag_low"], "high": first["lag_high"], "ahead": first["ahead"]}

    def own(name: str) -> list[dict[str, Any]]:
        rows = [row for row in sheets[name].rows() if row["model"] == first["model"]]
        return [{key: value for key, value in row.items() if key != "model"} for row in rows]

    lists = {name: own(name) for name in ("predicted", "surprises", "nearest", "unused")}
    every = list(sheets["capability"].rows())
    return {**named, "scale": params.scale(), "lag": lags, **lists, "models": every}


def _of(table: Table, model: str) -> Table:
    return table.take(at for at, name in enumerate(table["model"]) if name == model)


def _around(placed: Table, nearest: Table, first: str) -> Table:
    """The placed models and those near the first one, in one table for the picture."""
    columns = (
        Column("label"), Column("capability", "number", shapes.POINTS), Column("low", "number", shapes.POINTS),
        Column("high", "number", shapes.POINTS), Column("whose"),
    )  # fmt: skip
    ends = ("capability", "low", "high")
    rows = [{"label": row["model"], "whose": "placed", **{k: row[k] for k in ends}} for row in placed.rows()]
    for row in placed.rows():
        if row["index"] is not None:
            same = {"capability": row["index"], "low": row["index_low"], "high": row["index_high"]}
            rows.append({"label": f"index: {row['model']}", "whose": "the same in the index", **same})
    shown = {row["label"] for row in rows}
    for row in _of(nearest, first).rows():
        if row["other"] in shown:
            continue
        whose = "level with it" if row["tied"] else "apart from it"
        rows.append({"label": row["other"], "whose": whose, **{k: row[k] for k in ends}})
    return Table.from_rows(columns, rows, placed.note)


def _day(text: str) -> date:
    try:
        return span(text)[1]
    except ValueError as problem:
        raise WrongUse(f"--released: {problem}.") from None
