"""The compiled optimiser gives what the NumPy one gives, and is taken only where that pays."""

import sys

import numpy as np
import pytest

from ascent.core.errors import TooLittleEvidence
from ascent.model import irt, irt_solver
from ascent.model.irt import Penalty, fit_irt, predict

PENALTIES = {
    "scale-free": Penalty(log_discrimination=0.25),
    "raw": Penalty(raw=0.002, pinned=0),
    "raw, tight bounds": Penalty(raw=0.002, pinned=2, bounds=(0.7, 1.5)),
}


def world(seed):
    rng = np.random.default_rng(seed)
    share = predict(rng.normal(0, 1.5, 25), rng.normal(0, 1.5, 9), np.exp(rng.normal(0, 0.4, 9)))
    there = rng.random(share.shape) < 0.7
    there[0] = there[:, 0] = True
    model, benchmark = np.nonzero(there)
    score = (share[there] + rng.normal(0, 0.05, there.sum())).clip(0.001, 0.999)
    shuffled = rng.permutation(len(score))
    return model[shuffled], benchmark[shuffled], score[shuffled]


def furthest_apart(first, second):
    a, b = first.standardised(), second.standardised()
    return max(
        float(np.abs(getattr(a, name) - getattr(b, name)).max())
        for name in ("capability", "difficulty", "discrimination")
    )


@pytest.mark.parametrize("name", PENALTIES)
def test_both_engines_give_the_same_fit(name):
    pytest.importorskip("numba")
    model, benchmark, score = world(1)
    rng = np.random.default_rng(0)
    weight = rng.multinomial(len(score), np.full(len(score), 1 / len(score)), 40) * rng.uniform(0.5, 2, (40, 1))
    scores = (score + rng.normal(0, 0.02, weight.shape)).clip(0.001, 0.999)
    penalty = PENALTIES[name]
    start = fit_irt(model, benchmark, score, penalty=penalty)
    done = []
    for given in (score, scores):
        fits = [
            fit_irt(
                model,
                benchmark,
                given,
                weight,
                penalty=penalty,
                start=start,
                engine=engine,
                block=16,
                step=lambda: done.append(1),
            )
            for engine in ("numpy", "numba")
        ]
        assert fits[0].converged.all()
        assert fits[1].converged.all()
        assert furthest_apart(*fits) < 1e-9
        assert np.allclose(fits[0].cost, fits[1].cost, rtol=1e-12)
    assert len(done) == 4 * 40
    other = fit_irt(model, benchmark, score, weight * 1.001, penalty=penalty, start=start, engine="numba")
    assert furthest_apart(fits[0], other) > 1e-9, "weights one per mille off are told apart"


def test_large_jobs_are_compiled_and_small_ones_are_not(monkeypatch):
    monkeypatch.setattr(irt, "find_spec", lambda name: object())
    monkeypatch.setitem(sys.modules, "numba", None)
    del sys.modules["numba"]
    assert irt._compiled_pays("auto", irt.MANY + 1)
    assert not irt._compiled_pays("auto", irt.MANY)
    assert irt._compiled_pays("numba", 1)
    assert not irt._compiled_pays("numpy", 10 * irt.MANY)
    monkeypatch.setitem(sys.modules, "numba", object())
    assert irt._compiled_pays("auto", irt.FEW + 1)
    assert not irt._compiled_pays("auto", irt.FEW), "the central fit stays light"


def test_without_numba(monkeypatch):
    monkeypatch.setattr(irt, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "numba", None)
    del sys.modules["numba"]
    assert not irt._compiled_pays("auto", 10 * irt.MANY)
    with pytest.raises(TooLittleEvidence, match="numba"):
        irt._compiled_pays("numba", 1)


def test_a_fit_imports_no_numba_and_no_scipy():
    import subprocess

    code = (
        "import sys, numpy as np; from ascent.model.irt import Penalty, fit_irt; "
        "m, b = np.divmod(np.arange(20), 4); "
        "fit_irt(m, b, np.linspace(.1, .9, 20), penalty=Penalty(log_discrimination=.25)); "
        "print([name for name in ('numba', 'scipy', 'polars') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_settings_reach_the_compiled_code(monkeypatch):
    pytest.importorskip("numba")
    model, benchmark, score = world(2)
    weight = np.ones((3, len(score)))
    penalty = PENALTIES["scale-free"]
    usual = fit_irt(model, benchmark, score, weight, penalty=penalty, engine="numba")
    monkeypatch.setattr(irt_solver, "FURTHEST", 0.05)
    slow = fit_irt(model, benchmark, score, weight, penalty=penalty, engine="numba")
    assert slow.steps.min() > usual.steps.max(), "kept machine code does not freeze the settings of the solver"
