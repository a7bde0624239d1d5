"""How much does more inference compute buy, and how much training compute would buy the same?

Theme     training and compute
Evidence  attempts, or runs with scores: one model at several efforts, with tokens; prices, for dollars
          checkpoints: scores against compute of reinforcement learning, where there are any (`--phase`); alone too
Needs     scores of one model at several efforts, with tokens
Method    one curve per model and benchmark, one point per effort: score against log tokens, in points and in log-odds;
          slopes with the errors of scores on shared items and the scatter about a line; mean over models with
          Hartung and Knapp's interval, beside the slope between models, whose abler ones may spend more; whether slopes
          fall, and which form tells the highest effort from the others; dollars as logged, else tokens times price;
          exchange: ratio of the slopes of training and of use, with Fieller's interval
Source    Epoch AI, How persistent is the inference cost burden?, 2026, and the comparison by Toby Ord of two panels of
          OpenAI's that it discusses (20 to 80 % and 33 to 66 % per hundredfold); Paule and Mandel 1982; Hartung and
          Knapp 2001; Fieller 1954; docs/method/inference-scaling.md
Differs   attempts are never sorted by the tokens they happened to take: hard items take more and fail more, so that
          line would be confounded. Only efforts asked for make a curve
"""

from dataclasses import dataclass, replace

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number, plain, with_interval
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import UNSCORED
from ascent.measure.effort_curves import EffortCurves, effort_curves
from ascent.measure.effort_prices import dollar_notes
from ascent.measure.training_phase import phase_curves
from ascent.model.effort_levels import confounded
from ascent.model.effort_sheets import (
    DOLLARS,
    ENDS,
    SCALES,
    Summed,
    benchmark_sheet,
    cheapest_sheet,
    effort_sheet,
    form_sheet,
    level_sheet,
    model_sheet,
    priced,
    summed,
)
from ascent.model.exchange_sheet import MIXED, OWN, READ, TRAINED, exchange_sheet, training_sheet
from ascent.model.exchange_words import digits, exchange_words, gain_told, models_told, training_words

EFFORTS = ("all", "thinking only")
SHOWN = 6  # lines of one chart, each with a colour of its own
SPENT = {SCALES[0]: "tokens", DOLLARS: "dollars"}
FEW_ITEMS = 20
FAR = 0.5  # powers of ten past the training, or the efforts, measured
WORDS = {READ: "both as published", MIXED: "inference measured", OWN: "both measured", TRAINED: "training measured"}

PAIRED = " Efforts share items, so two of one model differ more surely than their bars tell."
PAID = {"tokens times price": " Dollars are tokens times a list price.", "logged": " Dollars are as logged."}
NO_EFFORTS = "Nothing here says what more inference gives."


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "benchmark to tell about; empty: one with efforts and training, or with most models")
    efforts: str = param("all", "whether going from no thinking to thinking counts as more tokens", choices=EFFORTS)
    unscored: str = param("leave out", "what becomes of attempts without a score", choices=UNSCORED)
    times: float = param(100.0, "more inference whose gain training is to match", unit="x", least=1.1, most=1e6)
    inference: str = param("0.20..0.80", "published scores before and after more inference; empty: none")
    training: str = param("0.33..0.66", "published scores before and after more training; empty: none")
    span: float = param(100.0, "more compute between those published scores, on either side", unit="x", least=1.1)
    reading: float = param(
        0.02, "error of the published scores, half of a 90 % range", unit="fraction", least=0, most=0.2
    )
    read_on: str = param("AIME", "word in the names of benchmarks that the published scores may be set beside")
    phase: str = param("reinforcement learning; rl; post-training", "names of phases of checkpoints that are training")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `benchmarks`; `models` has each slope, `efforts` every point, `exchange` training for use."""

    def charts(self) -> dict[str, Spec]:
        return (self._used() if len(self.prepared["benchmarks"]) else {}) | self._exchanged()

    def _used(self) -> dict[str, Spec]:
        """What more tokens and dollars give."""
        from ascent.core import charts

        name = str(self.prepared["benchmarks"]["benchmark"][0])
        mine = _where(self.prepared["efforts"], benchmark=name)
        lines = _longest(mine)
        made = {}
        of = "an attempt" if all(row["items"] for row in lines.rows()) else "a pass through the benchmark"
        many = len(set(mine["model"]))
        for field, what in (("tokens", "tokens"), ("cost", "dollars")):
            table = lines.take([i for i, row in enumerate(lines.rows()) if row[field]])
            if len(table) < 2:
                continue
            place = f"{'length' if field == 'tokens' else 'cost'}_of_{of}".replace(" ", "_")
            table = Table(
                tuple(replace(column, name=place) if column.name == field else column for column in table.columns),
                {place if key == field else key: values for key, values in table.data.items()},
            )  # fmt: skip
            made[field] = charts.curves(
                _flat(table, place), x=place, mid="score", low="low", high="high", colour="model", points=table,
                label="effort", log_x=True, title=self._title(name, field), manifest=self.manifest, quantity="Score",
                note=f"Each line is one model, each dot an effort it was asked to make, placed by the {what} of {of}"
                + (f"; {SHOWN} of {many} models, those with most efforts." if many > SHOWN else ".")
                + PAIRED * ("attempts" in _where(self.prepared["models"], benchmark=name)["errors"])
                + PAID.get(str(table["cost_from"][0]), "") * (field == "cost"),
            )  # fmt: skip
        mean = next(self.prepared["benchmarks"].rows())
        whole = {"model": f"mean of {mean['models']} models"} | {
            f"decade{side}": mean[end] for side, end in zip(("_low", "", "_high"), ENDS, strict=True)
        }
        slopes = self.prepared["models"]
        rows = [whole, *sorted(_where(slopes, benchmark=name).rows(), key=lambda row: -float(str(row["decade"])))]
        made["slopes"] = charts.ranking(
            Table.from_rows(slopes.columns, rows), label="model", mid="decade", low="decade_low",
            high="decade_high", top=60, ordered=False,
            title=f"What ten times the tokens add on {plain(name, 40)}, by model", manifest=self.manifest,
            quantity="Gain", references={"none": 0.0},
            note="One row per model; where its bar holds the line at 0, its efforts may not differ.",
        )  # fmt: skip
        return made

    def _title(self, name: str, field: str) -> str:
        """What the slope is, over what the chart is over."""
        if field == "tokens":
            return self.sentence.partition(";")[0].rstrip(".") + "."
        for row in _where(self.prepared["benchmarks"], benchmark=name, scale=DOLLARS).rows():
            low, mid, high = (float(str(np.nan if row[end] is None else row[end])) / 100 for end in ENDS)
            return (
                f"On {plain(name, 60)}, each tenfold in dollars "
                + gain_told(low, mid, high, models_told(row["models"]))
                + "."
            )
        return f"Score on {plain(name, 40)} against dollars"

    def _exchanged(self) -> dict[str, Spec]:
        """What training gives, and how much of it gives what inference does."""
        from ascent.core import charts

        made = {}
        runs = self.prepared["training"]
        if len(runs):
            made["training"] = charts.ranking(
                Table.from_rows((*runs.columns, Column("label")), [
                    {**row, "label": f"{row['training_run']}, {row['benchmark']}"} for row in runs.rows()
                ]), label="label", mid="mid", low="low", high="high", top=60,
                title="What ten times the training compute of the phase adds, by training run", quantity="Gain",
                manifest=self.manifest, references={"none": 0.0},
            )  # fmt: skip
        mine = next((str(row["benchmark"]) for sheet in ("benchmarks", "training") for row in
                     self.prepared[sheet].rows()), "")  # fmt: skip
        mine = str(self.manifest.params["benchmark"]) or mine
        table = self.prepared["exchange"]
        rows = [
            {**row, **{end: digits(row[end]) for end in ENDS},
             "label": f"{WORDS[str(row['basis'])]}, {row['scale']}"}
            for row in table.rows() if row["mid"] is not None and (row["basis"] == READ or row["benchmark"] == mine)
        ]  # fmt: skip
        if rows:
            measured = any(row["basis"] != READ for row in rows)
            made["exchange"] = charts.ranking(
                Table.from_rows((*table.columns, Column("label")), rows), label="label", mid="mid", low="low",
                high="high", log=True, ordered=False, manifest=self.manifest, quantity="Training compute",
                title=f"Training compute that gains what {number(float(self.manifest.params['times']))} times the "
                "inference compute gains",
                note="Score over the logarithm of compute in straight lines, continued: in points, and in log-odds. "
                "Published: two panels of another model on AIME, read by eye."
                + f" Measured: on {plain(mine, 40)}." * measured,
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """What more tokens buy, and what training would.

    Raises TooLittleEvidence where no model was tried at two efforts with tokens; UnknownName for a benchmark without
    such models; WrongUse for published scores that cannot be read.
    """
    read = [_pair(text, option) for text, option in ((params.inference, "inference"), (params.training, "training"))]
    trained, more = phase_curves(evidence, params.phase)
    try:
        curves = _chosen(effort_curves(evidence, unscored=params.unscored), params)
    except TooLittleEvidence as lack:
        if not trained:
            raise
        curves = EffortCurves((), (Note("warning", "efforts", f"{NO_EFFORTS} {lack}"),))
    trained_on = sorted({curve.benchmark for curve in trained})
    names = curves.benchmarks
    both = [one for one in names if one in trained_on]  # where the exchange is of this evidence alone
    name = params.benchmark or (both or names or trained_on)[0]
    if name not in (names or trained_on):
        raise UnknownName("benchmark with models at several efforts", name, names or trained_on)
    names = sorted(names, key=lambda one: one != name)  # the one that is told about first
    sums = {name: summed(curves.on(name)) for name in names}
    notes = [*curves.notes, *(_notes(curves, name, sums[name]) if sums else [])]
    rates = exchange_sheet(
        sums, trained, *read, times=params.times, span=params.span, reading=params.reading, read_on=params.read_on
    )
    sheets = {
        "benchmarks": benchmark_sheet(sums), "models": model_sheet(curves, sums), "efforts": effort_sheet(curves),
        "levels": level_sheet(sums), "forms": form_sheet(curves), "exchange": rates,
        "training": training_sheet(trained), "cheapest": cheapest_sheet(curves.on(name)),
    }  # fmt: skip
    far = [row for row in rates.rows() if row["basis"] in (OWN, TRAINED) and row["benchmark"] == name]
    if far and (most := max(float(str(row["beyond_training"] or 0.0)) for row in far)) > FAR:
        text = f"The exchange reaches {most:.1f} powers of ten past the training measured. Published curves of such "
        text += "training level off, and then no amount of it suffices."
        more.append(Note("warning", "straight training", text))
    if not sums:  # what the evidence has comes first
        sheets = {key: sheets[key] for key in ("training", *(key for key in sheets if key != "training"))}
    lead = _use_words(name, sums[name][0]) if sums else training_words(name, trained)
    sentence = lead + exchange_words(name, rates, params.times, trained)
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, (*notes, *more))


def _chosen(found: EffortCurves, params: Params) -> EffortCurves:
    curves = found.curves
    if params.efforts == EFFORTS[1]:
        curves = tuple(kept for curve in curves if (kept := curve.thinking()) is not None)
        if not curves:
            raise TooLittleEvidence(
                need="a model tried at two efforts that both think",
                have=f"{len(found.curves)} that think at one or none",
                fix="ask with --efforts all, or add runs at more efforts",
            )
    return EffortCurves(curves, found.notes, found.sources)


def _pair(text: str, option: str) -> tuple[float, float] | None:
    if not text.strip():
        return None
    try:
        start, end = (float(part) for part in text.split(".."))
    except ValueError:
        start = end = np.nan
    if not (0 < start < 1 and 0 < end < 1):
        raise WrongUse(f"--{option} is '{text}'; it takes two scores between 0 and 1, such as 0.20..0.80.")
    return start, end


def _notes(curves: EffortCurves, name: str, sums: list[Summed]) -> list[Note]:
    mine, points = curves.on(name), sums[0]
    notes = []
    text = "Only efforts asked for make a curve. Within one effort, attempts that took more tokens are those at harder "
    text += "items, so score against the tokens they happened to take would say nothing of what more tokens buy."
    notes.append(Note("info", "confounding", text))
    cross = sum(bool(curve.thinks.any() and not curve.thinks.all()) for curve in mine)
    if cross:
        text = f"{cross} of {len(mine)} curves go from no thinking to thinking, which may be other training as well as "
        notes.append(Note("warning", "thinking", text + f"more tokens; --efforts '{EFFORTS[1]}' leaves that step out."))
    blind = sum(not np.isfinite(curve.se).all() for curve in mine)
    if blind:
        text = (
            f"Errors of scores are unknown for {blind} of {len(mine)} curves: nobody says how many items {name} has; "
        )
        notes.append(Note("warning", "errors", text + "intervals of single models know scatter only. Add se or n."))
    if points.mean.models < 5:
        many = f"{points.mean.models} models have" if points.mean.models > 1 else "1 model has"
        text = f"{many} several efforts on {name}: the interval is of so few."
        notes.append(Note("warning", "few models", text))
    least = min((float(np.nanmin(curve.items)) for curve in mine if np.isfinite(curve.items).any()), default=np.inf)
    if least < FEW_ITEMS:
        text = f"Some scores on {name} are of {least:.0f} item{'s' * (least > 1)}; their intervals are rough."
        notes.append(Note("warning", "few items", text))
    for one in sums:
        if one.scale != SCALES[1] and one.levels is not None and (text := confounded(one.levels, SPENT[one.scale])):
            notes.append(Note("warning", "between models", text))
    notes += dollar_notes(mine, curves.sources)
    if short := sum(priced(curve) is False for curve in mine):
        text = f"{short} of {len(mine)} curves have no slope over dollars: efforts hardly differ in them, mostly since "
        notes.append(Note("info", "dollars", text + "what is read costs most, and a line would promise too much."))
    span = float(np.median([curve.decades for curve in mine]))
    if 1 - span > FAR:
        text = (
            f"Efforts differ by a factor of {10**span:.1f} in tokens (median), so a tenfold is {1 - span:.1f} powers "
        )
        notes.append(Note("warning", "beyond the efforts", text + "of ten past them, on a straight line."))
    if np.isnan(points.slopes.misfit):
        text = "No curve has three efforts, so whether scores rise in a straight line is unknown; add runs between."
        notes.append(Note("warning", "straight", text))
    if points.bend is not None and points.bend.high < 0:
        mid, low, high = (-100 * one for one in (points.bend.mid, points.bend.high, points.bend.low))
        less = with_interval(mid, low, high)
        text = f"Returns fall: the slope on {name} is {less} points less for each tenfold further, so a straight line "
        notes.append(
            Note("warning", "falling returns", text + "continued past the efforts measured promises too much.")
        )
    return notes


def _use_words(name: str, points: Summed) -> str:
    mean, many = points.mean, models_told(points.mean.models)
    return f"On {plain(name, 60)}, each tenfold in tokens of an attempt " + gain_told(
        mean.low, mean.mid, mean.high, many
    )


def _where(table: Table, **equal: str) -> Table:
    return table.take(
        [i for i, row in enumerate(table.rows()) if all(row[key] == value for key, value in equal.items())]
    )


def _longest(table: Table) -> Table:
    """The models with most efforts, then most tokens between them, as many as one chart holds."""

    rows: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in table.rows():
        rows.setdefault((str(row["model"]), str(row["setup"])), []).append(dict(row))

    def first(key: tuple[str, str]) -> tuple[float, float, tuple[str, str]]:
        ends = [float(str(rows[key][at]["tokens"])) for at in (0, -1)]
        return -len(rows[key]), -ends[1] / ends[0], key

    order = sorted(rows, key=first)
    seen: set[str] = set()
    kept = []
    for key in order:
        if key[0] not in seen and len(seen) < SHOWN:
            seen.add(key[0])
            kept += rows[key]
    return Table.from_rows(table.columns, kept)


def _flat(table: Table, field: str) -> Table:
    """The same points as lines: no band, which dots have bars for."""
    bare = [
        {**row, "low": None, "high": None}
        for row in sorted(table.rows(), key=lambda r: (str(r["model"]), float(str(r[field]))))
    ]
    return Table.from_rows(table.columns, bare)
