"""How difficult is each item, which items tell the best models apart, and which deserve suspicion?

Theme     single attempts
Evidence  attempts: four models or more at single items; runs: setting of each run; benchmarks: chance of guessing
Needs     attempts of four models at single items
Method    item response: P(success) = floor + (1 - floor) sigmoid(discrimination (ability - difficulty)), all items at
          once by marginal maximum likelihood with items' spread per benchmark as prior; repeats of an item count for no
          more than their likeness allows; intervals from joint draws of abilities and items; misfit by strata of
          ability with false discoveries controlled; short forms judged on models that had no part in choosing them;
          `--method posterior` samples the posterior instead (needs ascent[bayes])
Source    Birnbaum 1968; Bock and Aitkin 1981, Psychometrika 46:443; Louis 1982, JRSS B 44:226; Orlando and Thissen 2000
          (misfit); van der Linden 1998 (choice by information); Hoffman and Gelman 2014 (NUTS)
Differs   the prior of items is estimated from the attempts, not fixed; abilities are scaled to the models at hand (mean
          0, mean square 1), so numbers move when models are added
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS, Floats, interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import check, param
from ascent.core.progress import progress
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import TEMPLATE, UNSCORED, attempts
from ascent.measure.item_subjects import SUBJECTS, Subjects, subjects
from ascent.model.item_response import ItemResponse
from ascent.model.item_response_benchmarks import BenchmarkAbilities, benchmark_abilities
from ascent.model.item_response_draws import ItemDraws, draw_items
from ascent.model.item_response_floor import GUESSING, fit_with_floor
from ascent.model.item_response_information import frontier_information, half_held, harder, pass_error
from ascent.model.item_response_misfit import Misfit, item_misfit, suspicion
from ascent.model.item_response_posterior import FEW, METHODS, needs_sampler, sample_items
from ascent.model.short_form import FEWEST_MODELS, choose_items, short_form_loss

FEWEST = 4, 5  # models and items
SD, PER_SD = "model SDs", "logits per model SD"
LOSS_SIZES = (5, 10, 20, 40, 80, 160)
MAPPED = 5.0  # difficulties farther out are not on the map


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "look at one benchmark only; several share one scale")
    scorer: str = param("", "take the marks of this scorer, where there are several")
    unscored: str = param("leave out", "what attempts without a score (errors, timeouts) count as", choices=UNSCORED)
    apart: str = param("model", "what has an ability of its own: the model, or each setting or run", choices=SUBJECTS)
    method: str = param(
        "map", "map: the likeliest items, intervals from the curvature there; posterior: sampled, minutes to hours",
        choices=METHODS,
    )  # fmt: skip
    slopes: str = param("2PL", "2PL: every item its own discrimination; 1PL: one per benchmark", choices=("2PL", "1PL"))
    guessing: str = param(
        "likelier", "floor of each curve: none, the benchmark's chance of guessing, or whichever is likelier",
        choices=GUESSING,
    )  # fmt: skip
    frontier: int = param(5, "how many of the best models are the frontier", unit="models", least=1)
    short: int = param(20, "items of the short form that is listed", unit="items", least=2)
    folds: int = param(5, "parts of the models that short forms are judged on; 0 leaves it out", unit="folds", least=0,
                       most=100)  # fmt: skip
    draws: int = param(400, "draws of abilities and items, of each chain", unit="draws", least=20, most=100_000)
    chains: int = param(4, "chains of --method posterior", unit="chains", least=2, most=64)
    warm_up: int = param(500, "draws of each chain that are thrown away first", unit="draws", least=25, most=100_000)
    seed: int = param(0, "seed of the draws", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `items`; `models`, `benchmarks`, `information` and the short forms follow."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        lost = len(items := self.prepared["items"]) - len(mapped := _mapped(items))
        found = {
            "items": charts.scatter_fit(
                mapped, x="difficulty", y="discrimination", group="benchmark", label="item",
                title=self.sentence, manifest=self.manifest,
                note="Difficulty 0 is solved half the time by the average model."
                + f" Left out: {lost} beyond ±{MAPPED:g} or unknown." * (lost > 0),
            ),
            "frontier": charts.ranking(
                self.prepared["items"], label="item", mid="frontier_information", low="frontier_information_low",
                high="frontier_information_high", group="benchmark", top=25, manifest=self.manifest,
                title="The items that most separate the best models", quantity="Information of one attempt",
            ),
            "information": charts.curves(
                self.prepared["information"], x="ability", mid="error", low="error_low", high="error_high",
                colour="benchmark", log_y=True, manifest=self.manifest,
                title="How well one pass of each benchmark places a model, by its ability",
                quantity="Standard error of ability", note="A benchmark says most where its curve is lowest.",
            ),
            "models": charts.ranking(
                self.prepared["models"], label="model", mid="ability", low="ability_low", high="ability_high",
                hollow="bound", manifest=self.manifest, title="Abilities on the scale of the items",
            ),
        }  # fmt: skip
        if len(self.prepared["short_forms"]):
            found["short_forms"] = charts.curves(
                _lines(self.prepared["short_forms"]), x="items", mid="score_error", low="score_error_low",
                high="score_error_high", colour="form", log_x=True, manifest=self.manifest,
                title="What short forms lose: error of the predicted score of models that had no part in choosing them",
                quantity="Root mean square error",
            )  # fmt: skip
        return found


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Fit all items, and say which matter and which to look at.

    Raises TooLittleEvidence for fewer than four models or five items, UnknownName for a benchmark without attempts.
    """
    if params.method == "posterior":
        needs_sampler()
    told = attempts(evidence, benchmark=params.benchmark, scorer=params.scorer)
    who = subjects(evidence, told, told.outcome(params.unscored), apart=params.apart)
    if len(who.names) < FEWEST[0] or len(who.items) < FEWEST[1]:
        raise TooLittleEvidence(
            need=f"attempts of {FEWEST[0]} models at {FEWEST[1]} items",
            have=f"{len(who.names)} models at {len(who.items)} items",
            fix=f"ask `ascent rl-tasks` for one model's pass rate of each item, or {TEMPLATE}",
        )
    with progress("fitting items", 4) as step:
        fit, notes = _fitted(who, params)
        step()
        fit, drawn, more = _drawn(who, fit, params)
        notes += more
        step()
        misfit = item_misfit(fit, who.successes, who.trials)
        step()
        at = benchmark_abilities(fit, who.successes, who.trials)
        best = np.argsort(-fit.ability, kind="stable")[: params.frontier]
        frontier = at.at(drawn, best, params.seed)  # (draw, model, benchmark)
        information = frontier_information(drawn, fit.floor, who.group, frontier)
        hard = harder(drawn, fit.floor, who.group, frontier[:, 0])
        items = _items(who, fit, drawn, misfit, information)
        abilities = at.widened(drawn, params.seed)
        notes += _scale(who, at, abilities, int(best[0]))
        short = _short_forms(who, fit, params)
        step()
    if lost := int(np.isnan(told.success).sum()):
        left, wrong = (f"{np.nanmean(told.outcome(rule)):.1%}" for rule in UNSCORED)
        text = f"{lost:,} of {len(told):,} attempts have no score: over all, {left} succeed with them left out and"
        notes.append(Note("info", "unscored", f"{text} {wrong} with them as wrong; --unscored chooses."))
    low, mid, high = (round(float(part)) for part in _counted(hard.sum(axis=1)))
    half = [round(float(part)) for part in _counted(half_held(information))]
    suspect = dict.fromkeys(who.benchmarks, 0)
    for name, why in zip(items["benchmark"], items["suspect"], strict=True):
        suspect[str(name)] += bool(why)
    suspects = sum(suspect.values())
    many = f"{len(who.items):,} items" + (f" of {who.benchmarks[0]}" if len(who.benchmarks) == 1 else "")
    sentence = (
        f"Of {many}, the top model ({who.names[best[0]]}) would solve {mid:,} less than half the time "
        f"({MASS:.0%} interval {low:,} to {high:,}); {half[1]:,} items ({half[0]:,} to {half[2]:,}) hold half of what "
        f"tells the best {len(best)} models apart, and {suspects:,} deserve a look (table suspects)."
    )
    sheets = {
        "items": items, "suspects": _suspects(items), "models": _models(who, fit, abilities),
        "benchmarks": _benchmarks(who, fit, hard, information, suspect),
        "information": _information(who, fit, drawn), **short,
    }  # fmt: skip
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, (*told.notes, *who.notes, *notes))


def _fitted(who: Subjects, params: Params) -> tuple[ItemResponse, list[Note]]:
    """The fit with the floor asked for, and what to know of it."""
    chance = np.where(who.chance > 0, who.chance, 0.0)[who.group]
    fit, gain = fit_with_floor(
        who.successes, who.trials, chance, group=who.group, slopes=params.slopes, guessing=params.guessing
    )
    notes = []
    if gain:
        text = f"a floor at the chance of guessing makes the log likelihood {abs(gain):,.0f} "
        text += "higher" if gain > 0 else "lower"
        unused = "not used (models fall below chance where they are sure of a wrong answer)"
        notes.append(Note("info", "guessing", f"{text}; it is {'used' if fit.floor.any() else unused}."))
    if not fit.converged:
        text = f"not settled after {fit.steps} steps; look at one benchmark alone."
        notes.append(Note("warning", "convergence", text))
    if few := int(((who.trials > 0).sum(axis=0) < 10).sum()):
        text = f"{few:,} items were tried by fewer than 10 models; what is said of them leans on the other items of"
        notes.append(Note("warning", "few models", f"{text} their benchmark."))
    return fit, notes


def _drawn(who: Subjects, fit: ItemResponse, params: Params) -> tuple[ItemResponse, ItemDraws, list[Note]]:
    """Draws of abilities and items; sampled ones take the place of the fit too, by their means."""
    if params.method != "posterior":
        return fit, draw_items(fit, who.successes, who.trials, draws=params.draws, seed=params.seed), []
    found = sample_items(
        fit, who.successes, who.trials, draws=params.draws, chains=params.chains, warm_up=params.warm_up,
        seed=params.seed,
    )  # fmt: skip
    poor = found.poor
    advice = f"; poor: fewer than {FEW} independent draws or R-hat above 1.01, raise --draws" if poor else ""
    return found.centred(fit), found.drawn, [Note("warning" if poor else "info", "chains", f"{found.words}{advice}.")]


def _scale(who: Subjects, at: BenchmarkAbilities, abilities: Floats, top: int) -> list[Note]:
    """What one scale over several benchmarks leaves out, and whether the top model is alone there."""
    notes = []
    if len(who.benchmarks) > 1:
        text = f"{len(who.benchmarks)} benchmarks share one scale; a model's ability at one strays from that over all"
        more = f"by {at.spread:.2g} model SDs, which the intervals of models contain; --benchmark looks at one alone."
        notes.append(Note("info", "one scale", f"{text} {more}"))
    ahead = float((abilities[1:].argmax(axis=1) == top).mean())
    if ahead < MASS:
        text = f"{who.names[top]} is at the top in {ahead:.0%} of draws: it is not clearly ahead of the others."
        notes.append(Note("info", "top model", text))
    return notes


def _counted(draws: Floats) -> tuple[Floats, Floats, Floats]:
    """Interval of a count over items, its middle the median draw: counted from the fit, which draws all items
    together, it would lie to one side."""
    low, mid, high = interval(np.concatenate([[np.median(draws[1:])], draws[1:]]))
    return np.floor(low), np.round(mid), np.ceil(high)


def _items(
    who: Subjects, fit: ItemResponse, drawn: ItemDraws, misfit: Misfit, information: Floats
) -> Table:  # fmt: skip
    """The main table, the most informative for the frontier first."""
    difficulty, slope, told = (interval(one) for one in (_difficulty(fit, drawn), drawn.slope, information))
    tried = who.trials.sum(axis=0)
    order = np.lexsort((np.arange(len(who.items)), -told[1]))
    suspect = suspicion(fit, drawn, misfit)
    return Table.of(
        (
            Column("benchmark"), Column("item"),
            *_ends("difficulty", SD, "ability that solves it half the time (half of what guessing leaves)"),
            *_ends("discrimination", PER_SD, "how sharply it separates models at its difficulty"),
            *_ends("frontier_information", "per model SD squared", "information of one attempt by the best models"),
            Column("success_rate", "number", "probability", "of all its attempts"),
            Column("models", "whole", "models"), Column("attempts", "number", "attempts"),
            Column("outfit", "number", "ratio", "mean squared residual, 1 as expected; all models alike"),
            Column("infit", "number", "ratio", "the same, weighed by what each model tells"),
            Column("misfit_p", "number", "probability", "of so much misfit by chance, corrected for many items"),
            Column("suspect", help="why it deserves a look"),
        ),
        "Most telling of the frontier first. Difficulty is empty where an item may not rise with ability at all.",
        benchmark=[who.benchmarks[who.group[i]] for i in order], item=[who.items[i] for i in order],
        **_columns("difficulty", difficulty, order), **_columns("discrimination", slope, order),
        **_columns("frontier_information", told, order), success_rate=(who.successes.sum(axis=0) / tried)[order],
        models=(who.trials > 0).sum(axis=0)[order], attempts=tried[order], outfit=misfit.outfit[order],
        infit=misfit.infit[order], misfit_p=misfit.p[order], suspect=[suspect[i] for i in order],
    )  # fmt: skip


def _suspects(items: Table) -> Table:
    """The items that deserve a look, those that fit worst first."""
    rows = [row for row in items.rows() if row["suspect"]]
    shown = ("benchmark", "item", "suspect", "success_rate", "models", "attempts", "misfit_p")
    columns = [column for column in items.columns if column.name in shown]
    columns = sorted(columns, key=lambda column: shown.index(column.name))
    rows.sort(key=lambda row: (float(row["misfit_p"] or 0.0), row["benchmark"], row["item"]))
    return Table.from_rows(columns, [{name: row[name] for name in shown} for row in rows])


def _difficulty(fit: ItemResponse, drawn: ItemDraws) -> Floats:
    """(draw, item); NaN in all draws where more than one draw in twenty does not rise with ability."""
    draws = drawn.difficulty()
    lost = np.isnan(draws).mean(axis=0) > (1 - MASS) / 2
    return np.where(lost | np.isnan(fit.difficulty), np.nan, draws)


def _models(who: Subjects, fit: ItemResponse, abilities: Floats) -> Table:
    order = np.lexsort((np.arange(len(who.names)), -fit.ability))
    tried = who.trials.sum(axis=1)
    share = who.successes.sum(axis=1) / tried
    taken = np.stack([(who.trials[:, who.group == g] > 0).any(axis=1) for g in range(len(who.benchmarks))])
    return Table.of(
        (
            Column("model"), *_ends("ability", SD, "0 is the average model here"),
            Column("success_rate", "number", "probability", "of all its attempts"),
            Column("attempts", "number", "attempts"), Column("benchmarks", "whole", "benchmarks"),
            Column("bound", "flag", help="solved all or nothing: only a bound"),
        ),
        model=[who.names[i] for i in order], **_columns("ability", interval(abilities), order),
        success_rate=share[order], attempts=tried[order], benchmarks=taken.sum(axis=0)[order],
        bound=[bool(share[i] in (0.0, 1.0)) for i in order],
    )  # fmt: skip


def _benchmarks(
    who: Subjects, fit: ItemResponse, hard: Any, information: Floats, suspect: dict[str, int]
) -> Table:  # fmt: skip
    members = [who.group == group for group in range(len(who.benchmarks))]
    ends = {
        "harder": np.array([_counted(hard[:, mine].sum(axis=1)) for mine in members]).T,
        "half": np.array([_counted(half_held(information[:, mine])) for mine in members]).T,
    }
    return Table.of(
        (
            Column("benchmark"), Column("items", "whole", "items"), Column("models", "whole", "models"),
            Column("attempts", "number", "attempts"), Column("suspects", "whole", "items"),
            *_ends("harder", "items", "that the top model would solve less than half the time"),
            *_ends("half", "items", "the fewest that hold half of the information on the frontier"),
            Column("repeats_alike", "number", "correlation", "of repeats of one item by one model, beyond ability"),
            Column("floor", "number", "probability", "success at the lowest ability"),
        ),
        benchmark=list(who.benchmarks), items=np.bincount(who.group),
        models=[int((who.trials[:, who.group == g] > 0).any(axis=1).sum()) for g in range(len(who.benchmarks))],
        attempts=np.bincount(who.group, who.trials.sum(axis=0)), suspects=[suspect[name] for name in who.benchmarks],
        **{k: v for name, (low, mid, high) in ends.items()
           for k, v in ((f"{name}_low", low), (name, mid), (f"{name}_high", high))},
        repeats_alike=fit.repeat_correlation,
        floor=[float(fit.floor[who.group == g].mean()) for g in range(len(who.benchmarks))],
    )  # fmt: skip


def _information(who: Subjects, fit: ItemResponse, drawn: ItemDraws) -> Table:
    least, most = round(float(fit.ability.min()) - 0.3, 1), round(float(fit.ability.max()) + 0.3, 1)
    grid = np.round(np.linspace(least, most, 25), 3)
    low, mid, high = interval(pass_error(drawn, fit.floor, who.group, grid))  # (benchmark, point)
    count = len(who.benchmarks)
    return Table.of(
        (Column("benchmark"), Column("ability", "number", SD), *_ends("error", SD, "after one attempt at every item")),
        benchmark=[name for name in who.benchmarks for _ in grid], ability=np.tile(grid, count), error_low=low.ravel(),
        error=mid.ravel(), error_high=high.ravel(),
    )  # fmt: skip


def _short_forms(who: Subjects, fit: ItemResponse, params: Params) -> dict[str, Table]:
    """Chosen items of each benchmark, and what is lost with each number of them."""
    listed: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for group, name in enumerate(who.benchmarks):
        mine = np.flatnonzero(who.group == group)
        tried = (who.trials[:, mine] > 0).mean(axis=1) > 0.5
        alone = replace(fit, slope=fit.slope[mine], intercept=fit.intercept[mine], floor=fit.floor[mine])
        if tried.any():
            for place, item in enumerate(choose_items(alone, fit.ability[tried], params.short)):
                listed.append({"benchmark": name, "place": place + 1, "item": who.items[mine[item]]})
        sizes = [size for size in sorted({*LOSS_SIZES, params.short}) if size <= len(mine) // 2]
        if not sizes or params.folds < 2 or tried.sum() < max(FEWEST_MODELS, params.folds):
            continue
        loss = short_form_loss(
            who.successes[:, mine], who.trials[:, mine], sizes=sizes, floor=fit.floor[mine], slopes=params.slopes,
            folds=params.folds, draws=params.draws, seed=params.seed,
        )  # fmt: skip
        for prefix in ("", "random_"):
            ends = {one: interval(getattr(loss, prefix + one)) for one in _LOSSES}
            for at, size in enumerate(sizes):
                row = {"benchmark": name, "items": size, "chosen": not prefix, "models": loss.models}
                for one, (low, mid, high) in ends.items():
                    row |= {f"{one}_low": low[at], one: mid[at], f"{one}_high": high[at]}
                rows.append(row)
    columns = (
        Column("benchmark"), Column("items", "whole", "items"),
        Column("chosen", "flag", help="by information; else at random, the mean of several choices"),
        *(part for one, (unit, help) in _LOSSES.items() for part in _ends(one, unit, help)),
        Column("models", "whole", "models", "held out, each judged once"),
    )  # fmt: skip
    return {
        "short_forms": Table.from_rows(columns, rows, "Models judged had no part in fitting or choosing the items."),
        "short_form_items": Table.from_rows(
            (Column("benchmark"), Column("place", "whole", "place"), Column("item")), listed
        ),
    }


_LOSSES = {
    "rank_correlation": ("correlation", "of the predicted and the real score of the whole benchmark, over models"),
    "score_error": ("fraction", "root mean square of predicted less real score"),
    "ability_error": (SD, "root mean square of the ability by these items less that by all"),
}


def _mapped(items: Table) -> Table:
    kept = [i for i, value in enumerate(items["difficulty"]) if value is not None and abs(float(value)) <= MAPPED]
    return items.take(kept)


def _lines(losses: Table) -> Table:
    """Of one benchmark both ways of choosing items; of several the chosen ones, the first six."""
    names = list(dict.fromkeys(losses["benchmark"]))
    one = len(names) == 1
    kept = [i for i, (name, chosen) in enumerate(zip(losses["benchmark"], losses["chosen"], strict=True))
            if one or (chosen and name in names[:6])]  # fmt: skip
    some = losses.take(kept)
    form = [("by information" if chosen else "at random") if one else str(name)
            for name, chosen in zip(some["benchmark"], some["chosen"], strict=True)]  # fmt: skip
    return Table((*some.columns, Column("form")), {**some.data, "form": form})


def _ends(name: str, unit: str, help: str = "") -> tuple[Column, Column, Column]:
    low, high = (Column(f"{name}_{end}", "number", unit) for end in ("low", "high"))
    return low, Column(name, "number", unit, help), high


def _columns(name: str, ends: tuple[Floats, Floats, Floats], order: Any) -> dict[str, Floats]:
    return {f"{name}_low": ends[0][order], name: ends[1][order], f"{name}_high": ends[2][order]}
