"""Scores along training made comparable: one curve per training run and benchmark over log compute, with errors.

Compute   as told; else worked out from tokens or steps, as `checkpoint_compute` says
Error     as told; else binomial from the number of items (of the row, else of the benchmark); else unknown
Metric    the one asked for; else of each benchmark the one of ORDER that most training runs have, then the first. Of
          "metric,filter", the lm-evaluation-harness's form, the metric: `acc,none` is accuracy, a filter a setting
Setting   of several (shots, splits) the one with most checkpoints, then most items: a curve never mixes two. All curves
          of a benchmark have the same, unless asked otherwise: then each training run has its own
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.lm_eval_names import is_share
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts
from ascent.measure.checkpoint_compute import with_compute

if TYPE_CHECKING:
    import polars as pl

ORDER = ("accuracy", "exact_match", "acc_norm", "pass@1", "score")
SAME = {"acc": "accuracy", "len_norm": "acc_norm", "exact match": "exact_match", "": "accuracy"}
FALLING = ("loss", "perplexity", "ppl", "bpb", "bits_per_byte", "cross_entropy", "error")  # less is better
SHARES = ("soft", "score")  # metrics from 0 to 1 besides those the harness knows


@dataclass(frozen=True, eq=False)
class Curve:
    """One benchmark along one training run, in order of compute; arrays are (checkpoint,).

    x        log10 FLOP
    score    in the metric's unit;  se  its standard error, NaN where unknown
    phase    name of each checkpoint's phase
    share    whether the score is a share from 0 to 1;  falls  whether less is better
    """

    training_run: str
    benchmark: str
    metric: str
    setting: str
    developer: str
    x: Floats
    score: Floats
    se: Floats
    phase: tuple[str, ...]
    share: bool
    falls: bool
    chance: float
    items: float

    @property
    def known(self) -> bool:
        """Whether the error of every score is known."""
        return bool(np.isfinite(self.se).all())

    @property
    def rising(self) -> Floats:
        """The score with its sign turned where less is better."""
        return -self.score if self.falls else self.score

    def until(self, end: float) -> "Curve":
        """The checkpoints up to a log10 FLOP."""
        kept = self.x <= end + 1e-12
        phase = tuple(name for name, keep in zip(self.phase, kept, strict=True) if keep)
        return Curve(
            self.training_run, self.benchmark, self.metric, self.setting, self.developer,
            self.x[kept], self.score[kept], self.se[kept], phase, self.share, self.falls, self.chance, self.items,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Curves:
    """Every curve, by training run and benchmark, and what a reader should know of how they were made."""

    curves: tuple[Curve, ...]
    notes: tuple[Note, ...]

    @property
    def runs(self) -> list[str]:
        return sorted({curve.training_run for curve in self.curves})

    @property
    def benchmarks(self) -> list[str]:
        return sorted({curve.benchmark for curve in self.curves})


def checkpoint_curves(
    evidence: Evidence,
    *,
    metric: str = "",
    setting: str = "",
    training_run: str = "",
    benchmark: str = "",
    flop_per_step: float = 0.0,
    tokens_per_step: float = 0.0,
    least: int = 1,
    mixed: bool = False,
) -> Curves:
    """The curves of the table `checkpoints`.

    metric         one metric for all; by default each benchmark's of ORDER that most runs have, else its most frequent
    setting        words that the setting must have, such as `shots=5`
    training_run, benchmark  names separated by semicolons; all by default
    flop_per_step, tokens_per_step  of one step, for rows that tell only their step (`checkpoint_compute`)
    least          curves with fewer checkpoints are left out, and counted in the notes
    mixed          whether training runs may differ in their settings; a note tells them

    Raises TooLittleEvidence without checkpoints, or where none has compute; UnknownName for a name that is not there;
    WrongUse for one cost of a step of runs that differ in their parameters.
    """
    import polars as pl

    table = evidence.table("checkpoints")
    if not len(table):
        raise TooLittleEvidence(
            need="scores of training checkpoints",
            have="no row in the table checkpoints",
            fix="give them with --evidence (`ascent evidence template checkpoints` shows the form); results of "
            "lm-evaluation-harness with a step as revision, the Pythia suite and the OLMo ladder are read as they are",
        )
    notes: list[Note] = []
    frame = _named(table.frame(), training_run, benchmark)
    frame = _metric(_plain(frame), metric, notes)
    frame = with_compute(frame, flop_per_step, tokens_per_step, notes)
    frame = _setting(frame, setting, mixed, notes)
    facts = benchmark_facts(evidence)
    curves, short = [], 0
    keys = ["training_run", "benchmark"]
    notes += _repeats(frame.group_by([*keys, "flop"]).agg(
        pl.len(), pl.col("score").min().alias("low"), pl.col("score").max().alias("high")
    ).filter(pl.col("len") > 1))  # fmt: skip
    for (run, name), rows in sorted(frame.partition_by(keys, as_dict=True).items()):
        curve = _curve(str(run), str(name), rows, facts.get(str(name), BenchmarkFacts(str(name))))
        if len(curve.x) >= least:
            curves.append(curve)
        else:
            short += 1
    if short:
        text = f"{short} curves have fewer than {least} checkpoints with compute and are left out."
        notes.append(Note("info", "short", text))
    if not curves:
        raise TooLittleEvidence(
            need=f"{least} checkpoints of one training run on one benchmark",
            have=f"{short} {'curve' if short == 1 else 'curves, each'} with fewer",
            fix="add more checkpoints, or name another --metric",
        )
    blind = [curve for curve in curves if not curve.known]
    if blind:
        some = ", ".join(sorted({curve.benchmark for curve in blind})[:4])
        text = f"Errors of {len(blind)} curves are not told, nor their items ({some}): the scatter of the points "
        notes.append(Note("warning", "errors", text + "stands for them. A column se or items would say it."))
    return Curves(tuple(curves), tuple(notes))


def listed(text: str) -> list[str]:
    """Names separated by semicolons.

    >>> listed("a; b;")
    ['a', 'b']
    """
    return [part.strip() for part in text.split(";") if part.strip()]


def _repeats(several: "pl.DataFrame") -> list[Note]:
    """What to tell of checkpoints with several scores on a benchmark: rows of run, benchmark, flop, len, low, high."""
    if not len(several):
        return []
    differ = several.filter(several["high"] > several["low"])
    told = f"{len(several):,} checkpoints have several scores on one benchmark; the mean of each counts."
    if not len(differ):
        return [Note("info", "several scores", f"{told} The scores of each are the same.")]
    widths = differ["high"] - differ["low"]
    worst = (
        differ.with_columns(widths.alias("apart"))
        .sort("apart", "training_run", "benchmark", "flop")[-1]
        .row(0, named=True)
    )
    told += f" Of {len(differ):,} they differ, most on {worst['benchmark']} along {worst['training_run']}, "
    told += (
        f"{worst['low']:.3g} and {worst['high']:.3g}; that is part of their errors. Keep the right one, or tell what "
    )
    return [Note("warning", "several scores", told + "sets them apart in the column setting.")]


def _named(frame: "pl.DataFrame", training_run: str, benchmark: str) -> "pl.DataFrame":
    import polars as pl

    for column, said in (("training_run", training_run), ("benchmark", benchmark)):
        wanted = listed(said)
        there = set(frame[column].unique().to_list())
        for name in wanted:
            if name not in there:
                raise UnknownName(column.replace("_", " "), name, sorted(there))
        if wanted:
            frame = frame.filter(pl.col(column).is_in(wanted))
    return frame


def _plain(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Metrics by one name each: of "metric,filter" the metric, with a filter that does something in the setting."""
    import polars as pl

    parts = pl.col("metric").fill_null("").str.splitn(",", 2)
    frame = frame.with_columns(parts.struct[0].fill_null("").alias("metric"), parts.struct[1].alias("filter"))
    bare = pl.col("filter").is_null() | (pl.col("filter") == "none")
    told = pl.when(~bare).then(pl.lit("filter=") + pl.col("filter"))
    # A reader may have told the filter in the setting already.
    there = pl.col("setting").fill_null("").str.contains("filter=", literal=True)
    setting = pl.concat_str(
        pl.col("setting").replace("", None),
        pl.when(there).then(None).otherwise(told),
        separator="; ",
        ignore_nulls=True,
    ).fill_null("")
    return frame.with_columns(pl.col("metric").replace(SAME), setting.alias("setting")).drop("filter")


def _metric(frame: "pl.DataFrame", metric: str, notes: list[Note]) -> "pl.DataFrame":
    import polars as pl

    counts = frame.group_by("benchmark", "metric").agg(pl.len(), pl.col("training_run").n_unique().alias("runs"))
    there = sorted(counts["metric"].unique().to_list())
    plain = metric.partition(",")[0]
    wanted = SAME.get(plain, plain) if metric else ""
    if wanted:
        if wanted not in there:
            raise UnknownName("metric", metric, there)
        return frame.filter(pl.col("metric") == wanted)
    chosen: dict[str, str] = {}
    for name, rows in counts.partition_by("benchmark", as_dict=True).items():
        sizes = dict(zip(rows["metric"], rows["len"], strict=True))
        runs = dict(zip(rows["metric"], rows["runs"], strict=True))
        usual = [one for one in ORDER if one in sizes]
        first = max(usual, key=lambda one: runs[one], default="")  # of several alike the first
        chosen[str(name[0])] = first or min(sizes, key=lambda one: (-sizes[one], one))
    shares = {name for name, one in chosen.items() if _is_share(one)}
    if shares and len(shares) < len(chosen):  # losses and the like have curves of their own on request
        left = sorted({one for name, one in chosen.items() if name not in shares})
        text = f"{len(chosen) - len(shares)} benchmarks without accuracy are left out; --metric shows them: "
        notes.append(Note("info", "metric", text + ", ".join(left) + "."))
        chosen = {name: chosen[name] for name in shares}
    used = sorted(set(chosen.values()))
    if len(used) > 1 or used[0] != "accuracy":
        told = ", ".join(f"{one} ({sum(value == one for value in chosen.values())})" for one in used)
        notes.append(Note("info", "metric", f"Metrics by number of benchmarks: {told}; --metric chooses one for all."))
    picked = pl.DataFrame({"benchmark": list(chosen), "metric": list(chosen.values())})
    kept = frame.join(picked, on=["benchmark", "metric"], how="inner", maintain_order="left")
    keys = ["training_run", "benchmark"]
    gone = frame.join(picked.select("benchmark"), on="benchmark").select(keys).unique()
    gone = gone.join(kept.select(keys).unique(), on=keys, how="anti").sort(keys)
    if len(gone):
        run, name = gone.row(0)
        text = f"{len(gone)} curves have another metric than most on their benchmark and are left out, such as {run} "
        notes.append(Note("warning", "metric", text + f"on {name}, where {chosen[name]} counts; --metric chooses."))
    return kept


def _setting(frame: "pl.DataFrame", setting: str, mixed: bool, notes: list[Note]) -> "pl.DataFrame":
    """Of each benchmark (or of each training run on it) the setting with most checkpoints, then most items, then the
    first by name."""
    import polars as pl

    for word in listed(setting):
        there = sorted(frame["setting"].unique().to_list())
        frame = frame.filter(pl.col("setting").str.split("; ").list.contains(word) | (pl.col("setting") == word))
        if not len(frame):
            raise UnknownName("setting", word, [part for one in there for part in one.split("; ")])
    keys = ["training_run", "benchmark"] if mixed else ["benchmark"]
    counts = frame.group_by(*keys, "setting").agg(pl.len().alias("n"), pl.col("items").max())
    counts = counts.sort("n", "items", "setting", descending=[True, True, False], nulls_last=True)
    first = counts.unique(subset=keys, keep="first", maintain_order=True).select(*keys, "setting")
    kept = frame.join(first, on=[*keys, "setting"], how="inner", maintain_order="left")
    if len(first) < len(counts):
        used = sorted({one for one in first["setting"].to_list() if one})
        text = f"Of several settings the one with most checkpoints was taken: {', '.join(used[:3]) or 'none told'}"
        text += f" and {len(used) - 3} more" if len(used) > 3 else ""
        notes.append(Note("info", "setting", f"{text}; --setting chooses."))
    notes += _settings_apart(frame, kept, mixed)
    return kept


def _settings_apart(frame: "pl.DataFrame", kept: "pl.DataFrame", mixed: bool) -> list[Note]:
    """What a reader should know where training runs were scored in different settings."""
    keys = ["training_run", "benchmark"]
    gone = frame.select(keys).unique().join(kept.select(keys).unique(), on=keys, how="anti")
    if len(gone):
        runs, names = sorted(set(gone["training_run"])), sorted(set(gone["benchmark"]))
        text = f"{len(gone)} curves were scored in another setting (shots, split) than most on their benchmark and are "
        text += f"left out: {', '.join(runs[:3])}{' and others' if len(runs) > 3 else ''} on {', '.join(names[:3])}"
        text += f"{' and others' if len(names) > 3 else ''}."
        return [Note("warning", "settings", text)]
    if not mixed:
        return []
    told = []
    for (name,), rows in sorted(kept.partition_by("benchmark", as_dict=True).items()):
        ways = sorted({one or "none told" for one in rows["setting"].to_list()})
        if len(ways) > 1:
            told.append(f"{name} ({' against '.join(ways)})")
    if not told:
        return []
    text = f"Training runs were scored in different settings on {len(told)} benchmarks, so part of any margin between "
    text += f"them may be the setting's: {'; '.join(told[:3])}{' and others' if len(told) > 3 else ''}."
    return [Note("warning", "settings", text)]


def _curve(run: str, name: str, rows: "pl.DataFrame", facts: BenchmarkFacts) -> Curve:
    import polars as pl

    order = ["flop", "step", "score", "phase"]
    rows = rows.sort(order, nulls_last=True)
    metric = str(rows["metric"][0])
    share = _is_share(metric)
    flop, score = rows["flop"].to_numpy().astype(float), rows["score"].to_numpy().astype(float)
    if share and not (score.min() >= 0 and score.max() <= 1):
        raise WrongUse(
            f"{name} along {run} has scores outside 0 to 1 though {metric} is a share. Divide percentages by 100, or "
            "name the metric that it is."
        )
    items = rows["items"].cast(pl.Float64).fill_null(float(facts.items or np.nan)).to_numpy()
    told = rows["se"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    se = np.where(told > 0, told, np.nan)
    if share:
        se = np.where(np.isfinite(se), se, binomial_error(score, items))
    if np.isfinite(se).any():
        se = np.where(np.isfinite(se), se, np.nanmedian(se))
    # Several scores of one checkpoint are one point, their mean. They are of the same questions, so a repeat makes the
    # error no smaller; where they differ, the standard error of their mean is part of it.
    at, place, count = np.unique(flop, return_inverse=True, return_counts=True)
    mean = np.bincount(place, score) / count
    apart = np.bincount(place, (score - mean[place]) ** 2) / np.maximum(count - 1, 1) / count
    score, se = mean, np.sqrt(np.bincount(place, se**2) / count + apart)
    last = np.cumsum(count) - 1
    phase = [str(one or "") for one in rows["phase"].to_list()]
    developers = sorted({str(one) for one in rows["developer"].to_list() if one})
    return Curve(
        run, name, metric, str(rows["setting"][0]), ", ".join(developers), np.log10(at), score, se,
        tuple(phase[i] for i in last), share, _falls(metric),
        np.nan if facts.chance is None or not share else facts.chance,
        float(np.nanmax(items)) if np.isfinite(items).any() else np.nan,
    )  # fmt: skip


def binomial_error(score: Any, items: Any) -> Floats:
    """Standard errors of shares of items, from a local mean of the curve, so that no point is thought exact.

    score, items  (checkpoint,) in order of compute; returns (checkpoint,), NaN where items are unknown

    >>> binomial_error([0.0, 0.0, 0.3], [100.0, 100.0, 100.0]).round(3).tolist()
    [0.007, 0.031, 0.04]
    """
    score, items = np.asarray(score, dtype=float), np.asarray(items, dtype=float)
    if len(score) > 2:
        padded = np.concatenate([score[:1], score, score[-1:]])
        local = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    else:
        local = score
    local = np.clip((local * items + 0.5) / (items + 1.0), 0.0, 1.0)
    return np.asarray(np.sqrt(local * (1 - local) / items))


def by_run(curves: Iterable[Curve]) -> dict[str, list[Curve]]:
    """Curves by training run."""
    found: dict[str, list[Curve]] = {}
    for curve in curves:
        found.setdefault(curve.training_run, []).append(curve)
    return found


def _is_share(metric: str) -> bool:
    return metric in SHARES or metric == "accuracy" or is_share(metric)


def _falls(metric: str) -> bool:
    return any(part in metric.lower() for part in FALLING) and not _is_share(metric)
