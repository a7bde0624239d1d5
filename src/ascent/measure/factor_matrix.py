"""A matrix of logits, models by benchmarks, for looking past the first dimension of scores."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts
from ascent.measure.models import model_facts
from ascent.measure.score_matrix import CLAMP, ScoreMatrix, score_matrix

EFFORTS = "none|minimal|low|medium|high|xhigh|max|unknown|thinking|no thinking|[0-9]+k"
_EFFORT = re.compile(rf"\s*[_(\[]\s*({EFFORTS})( reasoning| effort| thinking)?\s*[)\]]?$", re.IGNORECASE)
_VARIANT = re.compile(r" (\(.*\)|[0-9]+k)$", re.IGNORECASE)
FEWEST_MODELS, FEWEST_BENCHMARKS = 10, 5


@dataclass(frozen=True, eq=False)
class FactorMatrix:
    """Logits of chance-corrected scores; models and benchmarks in alphabetical order.

    logit     (model, benchmark)  NaN where there is no score
    domain    (benchmark,)  in words, "" where unknown
    developer (model,)      organization, the first where several are named; the family where nobody says
    released  (model,)      ISO date or None
    left_out  why scores did not enter, with counts
    relaxed   in words, where the filters asked for left too little and were widened; "" otherwise
    """

    models: tuple[str, ...]
    benchmarks: tuple[str, ...]
    logit: Floats
    domain: tuple[str, ...]
    developer: tuple[str, ...]
    released: tuple[str | None, ...]
    left_out: tuple[tuple[str, int], ...]
    relaxed: str = ""

    @property
    def filled(self) -> float:
        """Share of cells that have a score."""
        return float(np.isfinite(self.logit).mean())


def plain_model(name: str) -> str:
    """A model's name without its reasoning setting.

    >>> plain_model("GPT-5 (high)"), plain_model("claude-opus-4-5-20251101_32K"), plain_model("GPT-4o (Nov 2024)")
    ('GPT-5', 'claude-opus-4-5-20251101', 'GPT-4o (Nov 2024)')
    """
    return _EFFORT.sub("", name) or name


def family(name: str) -> str:
    """The first word of a model's name: whose line it belongs to.

    >>> [family(name) for name in ("Claude 3.5 Sonnet", "gpt-4o-2024-08-06", "o3-mini", "GLM-5")]
    ['Claude', 'GPT', 'OpenAI o', 'GLM']
    """
    word = re.match(r"[^\W\d_]+", name)
    first = word[0] if word else name
    return {"o": "OpenAI o", "gpt": "GPT", "claude": "Claude", "gemini": "Gemini"}.get(first.casefold(), first)


def variants(benchmarks: Sequence[str]) -> set[str]:
    """Benchmarks that are another reading of one that is there too: 'Name (partial credit)', 'Name 60k'.

    >>> sorted(variants(["VideoMME", "VideoMME (with subtitles)", "Fiction.LiveBench 60k", "GPQA (diamond)"]))
    ['VideoMME (with subtitles)']
    """
    there = {name.casefold() for name in benchmarks}
    return {name for name in benchmarks if _VARIANT.search(name) and _VARIANT.sub("", name).casefold() in there}


@dataclass(frozen=True, eq=False)
class Claims:
    """Scores as they are told, with facts of benchmarks and models; read once for several matrices."""

    raw: ScoreMatrix
    benchmarks: dict[str, BenchmarkFacts]
    models: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, evidence: Evidence) -> "Claims":
        raw = score_matrix(evidence, rule="max", min_scores=1, min_models=1)
        return cls(raw, benchmark_facts(evidence), model_facts(evidence, raw.models))


def factor_matrix(
    evidence: Evidence | Claims, *, since: str = "2023", min_scores: int = 8, min_models: int = 8,
    half_item: bool = True,
) -> FactorMatrix:  # fmt: skip
    """The matrix of the scores in evidence.

    since       benchmarks released earlier, or on an unknown day, are left out; "" keeps all
    min_scores  models with fewer scores are left out
    min_models  benchmarks with fewer models are left out
    half_item   a score of nothing (all) counts as half an item right (wrong) where the number of items is known; else
                shares are kept 0.001 from 0 and 1

    Scores of one model under several reasoning settings, and several claims, count once: the highest. Readings of one
    benchmark under other rules (partial credit, other lengths) are left out where the benchmark itself is there. Where
    fewer than 10 models or 5 benchmarks are left, benchmarks of all years count, and then those with 5 models, and
    models with fewer scores; `relaxed` tells.

    Raises TooLittleEvidence where even that leaves too little.
    """
    claims = evidence if isinstance(evidence, Claims) else Claims.of(evidence)
    asked = since, min_scores, min_models
    tries = [asked, ("", min_scores, min_models)]
    tries += [("", fewer, min(min_models, 5)) for fewer in range(min(min_scores, 8), 4, -1)]
    for tried in tries:
        found = _filtered(claims, *tried, half_item)
        if len(found.models) >= FEWEST_MODELS and len(found.benchmarks) >= FEWEST_BENCHMARKS:
            return replace(found, relaxed=_relaxed(asked, tried))
    raise TooLittleEvidence(
        need=f"{FEWEST_MODELS} models with at least 5 scores on {FEWEST_BENCHMARKS} benchmarks that they share",
        have=f"{len(found.models)} models and {len(found.benchmarks)} benchmarks",
        fix="add scores with `ascent evidence add`, or lower --min-scores and --min-models",
    )


def _relaxed(asked: tuple[str, int, int], tried: tuple[str, int, int]) -> str:
    if asked == tried:
        return ""
    changes = [
        "benchmarks of all years count" if tried[0] != asked[0] else "",
        f"models need {tried[1]} scores only" if tried[1] != asked[1] else "",
        f"benchmarks need {tried[2]} models only" if tried[2] != asked[2] else "",
    ]
    return (
        f"Too few models have {asked[1]} scores on benchmarks since {asked[0] or 'ever'} with {asked[2]} models each: "
        f"{'; '.join(change for change in changes if change)}."
    )


def _filtered(claims: Claims, since: str, min_scores: int, min_models: int, half_item: bool) -> FactorMatrix:
    """Cells by plain model and benchmark, pruned until every model and benchmark has enough."""
    raw, facts = claims.raw, claims.benchmarks
    known = [facts.get(name, BenchmarkFacts(name)) for name in raw.benchmarks]
    twice = variants(raw.benchmarks)
    wanted = np.array([(not since or (fact.released or "") >= since) for fact in known])
    single = np.array([name not in twice for name in raw.benchmarks])
    lost = {
        f"on benchmarks released before {since} or on an unknown day": int((~wanted[raw.benchmark]).sum()),
        "on other readings of a benchmark": int((wanted & ~single)[raw.benchmark].sum()),
    }
    cells: dict[tuple[str, str], float] = defaultdict(lambda: -np.inf)
    plain = [plain_model(str(claims.models[name]["name"] or name)) for name in raw.models]
    entering = np.flatnonzero((wanted & single)[raw.benchmark])
    for i in entering:
        fact = known[raw.benchmark[i]]
        edge = 0.5 / fact.items if half_item and fact.items else CLAMP
        share = min(max(float(raw.share[i]), edge), 1 - edge)
        key = plain[raw.model[i]], raw.benchmarks[raw.benchmark[i]]
        cells[key] = max(cells[key], float(np.log(share / (1 - share))))
    lost["of a model under another setting, lower than its best"] = len(entering) - len(cells)
    models = sorted({model for model, _ in cells})
    benchmarks = sorted({benchmark for _, benchmark in cells})
    whole = np.full((len(models), len(benchmarks)), np.nan)
    rows, columns = ({name: i for i, name in enumerate(listed)} for listed in (models, benchmarks))
    for (model, benchmark), value in cells.items():
        whole[rows[model], columns[benchmark]] = value
    there = np.isfinite(whole)
    down, over = np.ones(len(models), dtype=bool), np.ones(len(benchmarks), dtype=bool)
    while True:
        left = there & down[:, None] & over
        kept_over = over & (left.sum(axis=0) >= min_models) & _varied(np.where(left, whole, np.nan))
        kept_down = down & (left[:, kept_over].sum(axis=1) >= min_scores)
        if (kept_down == down).all() and (kept_over == over).all():
            break
        down, over = kept_down, kept_over
    lost[f"of models with fewer than {min_scores} scores or benchmarks with fewer than {min_models} models"] = int(
        there.sum() - (there & down[:, None] & over).sum()
    )
    days: dict[str, str | None] = {}
    developers: dict[str, str] = {}
    for model, name in sorted(zip(plain, raw.models, strict=True)):
        fact = claims.models[name]
        days[model] = min(filter(None, (fact["released"], days.get(model))), default=None)
        developers[model] = developers.get(model) or str(fact["organization"] or "").split(",")[0].strip()
    return FactorMatrix(
        tuple(name for name, kept in zip(models, down, strict=True) if kept),
        tuple(name for name, kept in zip(benchmarks, over, strict=True) if kept),
        whole[down][:, over],
        tuple(facts[name].domain or "" if name in facts else "" for name, kept in zip(benchmarks, over, strict=True)
              if kept),
        tuple(developers[name] or family(name) for name, kept in zip(models, down, strict=True) if kept),
        tuple(days[name] for name, kept in zip(models, down, strict=True) if kept),
        tuple((reason, count) for reason, count in lost.items() if count),
    )  # fmt: skip


def _varied(whole: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Columns with two different values at least."""
    high = np.where(np.isnan(whole), -np.inf, whole).max(axis=0, initial=-np.inf)
    low = np.where(np.isnan(whole), np.inf, whole).min(axis=0, initial=np.inf)
    return np.asarray(high > low)


def given_scores(given: Evidence, evidence: Evidence, matrix: FactorMatrix) -> dict[str, tuple[Floats, list[str]]]:
    """Logits of benchmarks that a file handed over tells, (model of the matrix,), and its models that are unknown here.

    Models are found by name, reasoning settings put aside; the highest score of each counts. Raises TooLittleEvidence
    where the file has no score.
    """
    known = {name.casefold(): place for place, name in enumerate(matrix.models)}
    raw = score_matrix(given, rule="max", min_scores=1, min_models=1)
    facts = {**benchmark_facts(evidence), **{name: f for name, f in benchmark_facts(given).items() if f.chance}}
    names = {name: str(fact["name"] or name) for name, fact in model_facts(evidence, raw.models).items()}
    found = {}
    for b, benchmark in enumerate(raw.benchmarks):
        items = facts[benchmark].items if benchmark in facts else None
        edge = 0.5 / items if items else CLAMP
        logits, unknown = np.full(len(matrix.models), np.nan), []
        for i in np.flatnonzero(raw.benchmark == b):
            name = raw.models[raw.model[i]]
            places = (known.get(plain_model(spelling).casefold()) for spelling in (name, names[name]))
            place = next((place for place in places if place is not None), None)
            if place is None:
                unknown.append(name)
                continue
            share = min(max(float(raw.share[i]), edge), 1 - edge)
            logits[place] = np.fmax(logits[place], np.log(share / (1 - share)))
        found[benchmark] = logits, sorted(unknown)
    return found
