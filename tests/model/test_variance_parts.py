"""Parts of a score's variance: closed forms on balanced tables, statsmodels' REML, and worlds of known parts."""

import warnings
from collections import Counter

import numpy as np
import pytest

from ascent.model.variance_parts import FAMILIES, ITEMS, REACTIONS, REPEATS, RUNS, TOGETHER, VarianceParts, fit_parts

Attempts = tuple[np.ndarray, ...]  # success, model, item, set-up, prompt


def world(
    seed: int, *, models: int, items: int, prompts: int, runs: int, epochs: int, item: float = 0.3, prompt: float = 0.0,
    run: float = 0.0, reaction: float = 0.0, repeat: float = 0.4, single: bool = False,
) -> Attempts:  # fmt: skip
    """Attempts of a crossed design; normal scores, or right and wrong ones whose chances have these parts."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[np.ndarray, ...]] = []
    number = 0
    for model in range(models):
        ease = rng.normal(0, item, items)
        for wording in range(prompts):
            shift = rng.normal(0, prompt)
            for _ in range(runs):
                mean = 0.6 + ease + shift + rng.normal(0, run) + rng.normal(0, reaction, items)
                for _ in range(epochs):
                    value = (
                        (rng.random(items) < np.clip(mean, 0, 1)) * 1.0
                        if single
                        else mean + rng.normal(0, repeat, items)
                    )
                    rows.append((value, *(np.full(items, code) for code in (model, number, wording)), np.arange(items)))
                number += 1
    success, model_, setup, wording_, item_ = (np.concatenate(column) for column in zip(*rows, strict=True))
    return success, model_, item_, setup, wording_


def fitted(attempts: Attempts, *, draws: int = 1_000, family: np.ndarray | None = None) -> VarianceParts:
    success, model, item, setup, prompt = attempts
    own = np.arange(int(item.max()) + 1) if family is None else family
    return fit_parts(success, model, item, setup, {"prompt": prompt}, own, draws=draws)


def test_a_balanced_table_gives_the_textbook_mean_squares() -> None:
    told = world(1, models=1, items=40, prompts=1, runs=3, epochs=2, run=0.05, reaction=0.1)
    fit = fitted(told)
    table = told[0].reshape(3, 2, 40)  # run, epoch, item
    cell = table.mean(axis=1)
    repeats = ((table - cell[:, None]) ** 2).sum() / (3 * 40)
    off = cell - cell.mean(axis=1, keepdims=True) - cell.mean(axis=0) + cell.mean()
    both = (off**2).sum() / (2 * 39)
    by_item = 3 * ((cell.mean(axis=0) - cell.mean()) ** 2).sum() / 39
    by_run = 40 * ((cell.mean(axis=1) - cell.mean()) ** 2).sum() / 2
    assert float(fit.draws[REPEATS][0]) == pytest.approx(repeats)
    assert float(fit.draws[REACTIONS][0]) == pytest.approx(both - repeats / 2)
    assert float(fit.draws[ITEMS][0]) == pytest.approx((by_item - both) / 3)
    assert float(fit.draws[RUNS][0]) == pytest.approx((by_run - both) / 40)


def test_parts_of_items_and_runs_are_near_the_restricted_likelihood_of_statsmodels() -> None:
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    told = world(2, models=1, items=50, prompts=1, runs=6, epochs=2, run=0.08, reaction=0.0)
    fit = fitted(told)
    groups = np.zeros(len(told[0]))
    exog_vc = {"item": {0.0: np.eye(50)[told[2]]}, "run": {0.0: np.eye(6)[told[3]]}}
    from statsmodels.regression.mixed_linear_model import VCSpec

    spec = VCSpec(
        list(exog_vc), [[[f"{k}" for k in range(m[0.0].shape[1])]] for m in exog_vc.values()],
        [[m[0.0]] for m in exog_vc.values()],
    )  # fmt: skip
    model = mixed.MixedLM(told[0], np.ones((len(groups), 1)), groups, exog_re=None, exog_vc=spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that one mean per run leaves it near the edge
        theirs = model.fit(reml=True)
    items, runs = (float(part) for part in theirs.vcomp)
    assert float(fit.draws[ITEMS][0]) == pytest.approx(items, rel=0.02)
    assert float(fit.draws[RUNS][0]) == pytest.approx(runs, rel=0.05, abs=5e-5)
    assert float(fit.draws[REPEATS][0]) == pytest.approx(float(theirs.scale), rel=0.03)


def test_items_of_a_family_that_stand_and_fall_together_widen_the_error_of_a_score() -> None:
    """Means over 20 families of 10 items scatter over many worlds as far as one world says, on average."""
    family = np.repeat(np.arange(20), 10)
    errors, means, held = [], [], 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        score = 0.5 + rng.normal(0, 0.2, 20)[family] + rng.normal(0, 0.2, 200)
        success = np.concatenate([score + rng.normal(0, 0.3, 200) for _ in range(2)])
        codes = np.zeros(400, dtype=int)
        fit = fit_parts(success, codes, np.tile(np.arange(200), 2), codes, {}, family, runs=False, draws=300)
        errors.append(float(fit.of_score((FAMILIES, ITEMS, REPEATS), 200, 2)[0]))
        means.append(success.mean())
        low, _, high = fit.interval(FAMILIES)
        held += low <= 0.04 <= high
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.12)
    assert 0.85 * 150 <= held <= 0.96 * 150
    alone = fit_parts(success, codes, np.tile(np.arange(200), 2), codes, {}, np.arange(200), runs=False, draws=300)
    assert alone.of_score((ITEMS, REPEATS), 200, 2)[0] < 0.6 * np.std(means), "the mutant that knows no families"


def test_single_attempts_leave_items_and_repeats_together() -> None:
    told = world(3, models=2, items=30, prompts=1, runs=1, epochs=1)
    fit = fitted(told)
    assert set(fit.draws) == {TOGETHER}
    values = [told[0][told[1] == model].var(ddof=1) for model in (0, 1)]
    assert float(fit.draws[TOGETHER][0]) == pytest.approx(float(np.mean(values)))
    error = fit.of_score((TOGETHER,), 30, 1)[0]
    assert float(error) == pytest.approx(np.sqrt(np.mean(values) / 30))


def test_standard_error_of_a_score_adds_up() -> None:
    fit = fitted(world(4, models=3, items=60, prompts=2, runs=2, epochs=2, prompt=0.05, run=0.02, reaction=0.1))
    parts = (ITEMS, REACTIONS, REPEATS, RUNS, "prompt")
    one = fit.of_score(parts, 60, 2)[0] ** 2
    by_hand = (
        fit.draws[ITEMS][0] / 60 + max(0, fit.draws[REACTIONS][0]) / 60 + fit.draws[REPEATS][0] / 120
        + max(0, fit.draws[RUNS][0]) + max(0, fit.draws["prompt"][0])
    )  # fmt: skip
    assert float(one) == pytest.approx(float(by_hand))


def test_factors_that_only_change_together_are_named() -> None:
    told = world(5, models=3, items=30, prompts=2, runs=2, epochs=1, prompt=0.1)
    success, model, item, setup, prompt = told
    family = np.arange(30)
    fit = fit_parts(
        success, model, item, setup, {"prompt": prompt, "provider": prompt, "seed": setup}, family, draws=50
    )
    assert set(fit.merged) == {"prompt", "provider"} and "prompt" not in fit.draws
    assert fit.run_part == RUNS and RUNS in fit.draws, "another seed makes another run"
    every = fit_parts(success, model, item, setup, {"setting": setup}, family, draws=50)
    assert every.run_part == "runs and setting" and RUNS not in every.draws


def test_row_order_and_missing_attempts_do_not_matter() -> None:
    told = world(6, models=2, items=30, prompts=2, runs=1, epochs=2, prompt=0.05)
    order = np.random.default_rng(0).permutation(len(told[0]))
    shuffled = tuple(column[order] for column in told)
    one, two = fitted(told), fitted(shuffled)
    for part, draws in one.draws.items():
        assert two.draws[part] == pytest.approx(draws, rel=1e-9, abs=1e-12)
    gap = np.append(told[0], np.nan)
    more = (gap, *(np.append(column, column[0]) for column in told[1:]))
    assert fitted(more).draws[ITEMS][0] == pytest.approx(one.draws[ITEMS][0])
    with pytest.raises(ValueError, match="outcome"):
        fitted((np.full(3, np.nan), *(np.zeros(3, dtype=int) for _ in range(4))))


KINDS = {
    "normal": {"models": 6, "items": 60, "prompts": 3, "runs": 2, "epochs": 2, "prompt": 0.03, "run": 0.02,
               "reaction": 0.1},
    "right or wrong": {"models": 6, "items": 100, "prompts": 3, "runs": 2, "epochs": 3, "item": 0.15, "prompt": 0.03,
                       "run": 0.01, "reaction": 0.05, "single": True},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_hold_the_known_parts_and_narrower_ones_do_not(kind: str) -> None:
    about = KINDS[kind]
    true = {ITEMS: about.get("item", 0.3), REACTIONS: about["reaction"], RUNS: about["run"], "prompt": about["prompt"]}
    held, near = Counter[str](), Counter[str]()
    mids: dict[str, list[float]] = {part: [] for part in true}
    worlds = 200
    for seed in range(worlds):
        fit = fitted(world(seed, **about), draws=400)  # type: ignore[arg-type]
        for part, sd in true.items():
            low, _, high = fit.interval(part)
            mid = (low + high) / 2
            held[part] += low <= sd**2 <= high
            near[part] += abs(sd**2 - mid) <= 0.4 * (high - low)
            mids[part].append(float(fit.draws[part][0]))
    for part, sd in true.items():
        assert 0.83 * worlds <= held[part] <= 0.98 * worlds, (part, held[part])
        error = np.std(mids[part]) / np.sqrt(worlds)
        assert np.mean(mids[part]) == pytest.approx(sd**2, abs=4 * error), f"{part} is biased"
    assert sum(near.values()) < 0.86 * worlds * len(true) and sum(held.values()) > 0.86 * worlds * len(true)


def test_where_there_is_nothing_the_interval_starts_at_nothing() -> None:
    zeros = 0
    for seed in range(60):
        fit = fitted(world(seed, models=5, items=40, prompts=2, runs=2, epochs=2), draws=400)
        for part in ("prompt", RUNS, REACTIONS):
            low, _, high = fit.interval(part)
            zeros += bool(low == 0)
            assert high > 0, "luck leaves something open"
    assert zeros >= 0.9 * 180


def test_attempts_that_all_came_out_alike_leave_some_scatter_open() -> None:
    """All right at 30 items: the true score may be 97 %, whose standard error is 3 points; 0 to 0 is no answer."""
    code = np.arange(30)
    zero = np.zeros(30, dtype=np.intp)
    fit = fit_parts(np.ones(30), zero, code, zero, {}, code, draws=2_000)
    (part,) = fit.draws
    low, mid, high = fit.interval(part)
    assert low < 1e-4 and mid == 0.0 and 0.03 < np.sqrt(high / 30) < 0.06
    # by families of three a tenth of the information: wider
    few = fit_parts(np.ones(30), zero, code, zero, {}, code // 3, draws=2_000)
    assert sum(few.interval(name)[2] for name in few.draws) > 2 * high
    two = np.concatenate([np.ones(30), np.zeros(30)])  # one model always right, another always wrong
    models, items = np.repeat([0, 1], 30), np.tile(code, 2)
    apart = fit_parts(two, models, items, models, {}, code, draws=2_000)
    assert max(apart.interval(name)[2] for name in apart.draws) > 0.02


def test_one_family_of_items_is_no_part_of_its_own() -> None:
    rng = np.random.default_rng(3)
    code, zero = np.arange(20), np.zeros(20, dtype=np.intp)
    with np.errstate(all="raise"):
        fit = fit_parts((rng.random(20) < 0.5) * 1.0, zero, code, zero, {}, zero, draws=500)
    assert FAMILIES not in fit.draws and all(np.isfinite(draws).all() for draws in fit.draws.values())
