"""The packaged results against the catalogue they were compiled from, where that lies beside the public data."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ascent.checks.replication import FITS, MISSING, NO_RECIPE, Claim, Line, Reading, Recipe, claims, compare
from ascent.core.answer import Manifest, Note, Result, Spec
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence

pytestmark = pytest.mark.real
EMPTY = Evidence({}, "nothing", "")
RUN = 8  # words in a row that would be a sentence of somebody else's
CLOSE = 2e-5  # five digits; the catalogue puts shares of a year, rounded to five digits, into some expressions
SETTLED = {"agrees": FITS, "partly": ("partly",), "disagrees": ("differs",)}
# The catalogue compares this one in words; read as a bound, its single figure cannot agree in part.
IN_WORDS = {"returns-to-rnd-with-faster-software"}
# Judgements keep their verdict whatever their arithmetic gives.
UNITS = {"B USD": "billion USD", "M USD": "million USD", "T USD": "trillion USD"}


@pytest.fixture(scope="session")
def catalogue(shared_data: Path) -> dict[str, dict[str, Any]]:
    file = shared_data.parent / "reference" / "targets.toml"
    if not file.is_file():
        pytest.skip("the catalogue of targets is not here")
    return {target["id"]: target for target in tomllib.loads(file.read_text(encoding="utf-8"))["target"]}


@cache
def packaged() -> dict[str, Claim]:
    return claims()[0]


def test_every_target_is_on_the_board_as_the_kind_it_is(catalogue: dict[str, dict[str, Any]]) -> None:
    found = packaged()
    assert len(catalogue) == 238
    assert not set(catalogue) - set(found)
    for name, target in catalogue.items():
        kind = target["exactness"].partition(",")[0]
        assert found[name].exactness == kind, name
        assert found[name].agreement == target["agreement"], name
        if found[name].article not in ("capability-index", "frontier-growth"):
            assert found[name].article == Path(target["article"]).stem.removeprefix("03-")[3:].removeprefix("-"), name


def test_every_printed_figure_is_the_catalogued_one(catalogue: dict[str, dict[str, Any]]) -> None:
    wrong, seen = [], 0
    for name, target in catalogue.items():
        readings = {one.name: one for one in packaged()[name].readings}
        for listed in target.get("recomputed", []):
            one = readings.get(listed["name"])
            said = one.published.value if one and one.published else None
            if one is None or ("published" in listed and said != pytest.approx(listed["published"], rel=1e-12)):
                wrong.append((name, listed["name"], said))
            seen += 1
        printed = {one["name"]: one for one in target["outputs"]}
        for output in packaged()[name].outputs:
            theirs = printed[output["name"]]
            for end in ("value", "low", "high", "level"):
                if end in output and theirs.get(end) not in (None, ""):
                    meant = theirs[end]
                    assert output[end] == (meant if not isinstance(meant, list) else output[end]), (name, end)
    assert seen == 349
    assert not wrong


class Told(Result):
    """An answer of one number."""

    def __init__(self, value: float) -> None:
        self.manifest = Manifest("catalogue", {}, "", "", "")
        self.value = value

    def headline(self) -> str:
        return ""

    def sheets(self) -> dict[str, Table]:
        return {"t": Table.from_rows([Column("v", "number")], [{"v": self.value}])}

    def charts(self) -> dict[str, Spec]:
        return {}

    def diagnostics(self) -> list[Note]:
        return []


def verdicts_at(catalogue: dict[str, dict[str, Any]], change: Callable[[Reading], Reading]) -> dict[str, str]:
    """Verdicts where our side is the catalogue's own recomputation, for results whose readings are all in it."""
    values = {
        (name, one["name"]): float(one["value"]) for name, t in catalogue.items() for one in t.get("recomputed", [])
    }

    def answer(question: str, params: Mapping[str, Any]) -> Result:
        return Told(values[params["of"], params["reading"]])

    found = {}
    for name, one in packaged().items():
        judged = [reading for reading in one.readings if reading.published and not reading.alternative]
        if name not in catalogue or not judged or any((name, reading.name) not in values for reading in judged):
            continue
        readings = tuple(
            replace(change(reading), ours=Recipe("c", "t", "v", {"of": name, "reading": reading.name}))
            for reading in one.readings
            if (name, reading.name) in values
        )
        found[name] = compare(replace(one, readings=readings), EMPTY, answer, {}).verdict
    return found


def disagreements(catalogue: dict[str, dict[str, Any]], verdicts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    known = [(name, catalogue[name]["agreement"], verdict) for name, verdict in verdicts.items()]
    return [
        (name, agreement, verdict)
        for name, agreement, verdict in known
        if agreement in SETTLED and verdict not in (*SETTLED[agreement], "judgement") and name not in IN_WORDS
    ]


def test_the_rule_reproduces_the_catalogued_agreement(catalogue: dict[str, dict[str, Any]]) -> None:
    verdicts = verdicts_at(catalogue, lambda reading: reading)
    assert len(verdicts) > 100
    assert not disagreements(catalogue, verdicts)
    assert Counter(verdicts.values())["differs"] >= 8


def wider(reading: Reading) -> Reading:
    said = reading.published
    return reading if said is None else replace(reading, tolerance=abs(said.value or 0.0), because="mutant")


def narrower(reading: Reading) -> Reading:
    said = reading.published
    return reading if said is None else replace(reading, tolerance=0.0, published=replace(said, rounding=0.0))


def meant(reading: Reading) -> Reading:
    return replace(reading, alternative=False)


@pytest.mark.parametrize(("mutant", "least"), [(wider, 5), (narrower, 20), (meant, 4)])
def test_a_wrong_tolerance_or_reading_is_caught(
    catalogue: dict[str, dict[str, Any]], mutant: Callable[[Reading], Reading], least: int
) -> None:
    assert len(disagreements(catalogue, verdicts_at(catalogue, mutant))) >= least


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    listed = words(text)
    return {tuple(listed[at : at + RUN]) for at in range(len(listed) - RUN + 1)}


def test_no_sentence_is_shared_with_the_catalogue_or_the_articles(
    catalogue: dict[str, dict[str, Any]], shared_data: Path
) -> None:
    theirs: set[tuple[str, ...]] = set()
    for target in catalogue.values():
        for key in ("analysis", "method", "discrepancy", "needs", "note"):
            theirs |= runs(target.get(key, ""))
    for article in (shared_data.parent / "reference" / "seeds").glob("*.md"):
        theirs |= runs(article.read_text(encoding="utf-8"))
    shared = []
    for one in packaged().values():
        texts = [one.statement, one.why, one.missing]
        texts += [text for reading in one.readings for text in (reading.words, reading.because, reading.differs)]
        shared += [(one.id, " ".join(run)) for text in texts for run in runs(text) & theirs]
    assert not shared
    assert runs("one two three four five six seven eight nine") & runs("two three four five six seven eight nine")


@pytest.fixture(scope="module")
def board(catalogue: dict[str, dict[str, Any]]) -> dict[str, Line]:
    """What the catalogue can recompute, answered from the bundled snapshot."""
    from ascent.catalogue import answer, find
    from ascent.evidence.opening import open_evidence
    from ascent.forecast.estimate import estimate

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setitem(estimate.__kwdefaults__, "most", DRAWS)  # a point needs none, and an end here few
    evidence = open_evidence([], store=None, as_of=None)
    kept: dict[tuple[str, str], Result] = {}

    def ask(question: str, params: Mapping[str, Any]) -> Result:
        key = (question, repr(sorted(params.items())))
        if key not in kept:
            few = {"draws": DRAWS} if "draws" in {knob.name for knob in find(question).knobs()} else {}
            kept[key] = answer(question, evidence, cache=False, **{**few, **params})
        return kept[key]

    found, needs = claims()
    lines = {name: compare(found[name], evidence, ask, needs) for name in catalogue if name not in OWN_DATA}
    monkeypatch.undo()
    return lines


COMPUTED = ("exact arithmetic", "Monte Carlo")
DRAWS = 4096
OWN_DATA = {"eci-one-dimension-fit", "intellect-1-eci"}  # answered from scores, in test_replication.py


def test_ours_is_the_catalogued_recomputation_to_five_digits(
    board: dict[str, Line], catalogue: dict[str, dict[str, Any]]
) -> None:
    apart = []
    for name, line in board.items():
        listed = {one["name"]: one["value"] for one in catalogue.get(name, {}).get("recomputed", [])}
        for one in line.readings:
            if one.ours is None or one.name not in listed:
                continue
            wanted, ours = listed[one.name], one.ours["mid"]
            if ours != pytest.approx(wanted, rel=CLOSE, abs=1e-9):
                apart.append(f"{name}/{one.name}: ours {ours:.6g}, catalogue {wanted:.6g}")
    assert not apart, "\n".join(apart)


def test_verdicts_on_the_board_are_the_catalogued_agreement(
    board: dict[str, Line], catalogue: dict[str, dict[str, Any]]
) -> None:
    whole = {
        name: line.verdict
        for name, line in board.items()
        if name in catalogue
        and not any(one.verdict == MISSING for one in line.readings if one.published and not one.alternative)
        and any(one.published for one in line.readings)
    }
    assert not disagreements(catalogue, whole)


def test_recipes_fit_the_answers_they_ask_for(board: dict[str, Line]) -> None:
    # A recipe may wait for its question or its evidence, never name what the answer does not have.
    wrong = (
        "has no table",
        "has no column",
        "rows with",
        "needs scale",
        "No option is called",
        "is expected at",
        "asks for a number",
    )
    bad = [(name, one.name, one.why) for name, line in board.items() for one in line.readings if one.why]
    assert not [told for told in bad if any(words in told[2] for words in wrong)]


def test_every_arithmetic_and_monte_carlo_reading_has_a_recipe(board: dict[str, Line]) -> None:
    computed = [line for line in board.values() if line.exactness in COMPUTED]
    without = [f"{line.id}/{one.name}" for line in computed for one in line.readings if one.why == NO_RECIPE]
    assert not without, f"{len(without)} readings have no recipe:\n" + "\n".join(without)
