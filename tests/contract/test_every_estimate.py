"""The promises every estimate keeps beside those of every question; mutants must break them."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from ascent.catalogue import THEMES, Entry, answer, entries, find
from ascent.core.answer import Result
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import Knob, knobs, param
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.forecast import estimate as engine
from ascent.forecast.assumptions import Assumptions, Given, assume, given, stated
from ascent.forecast.estimate import Output
from ascent.forecast.montecarlo import Plan, points
from ascent.forecast.quantity import Quantity

ESTIMATES = sorted(name for name, entry in entries().items() if entry.kind == "estimate")
each_estimate = pytest.mark.parametrize("name", ESTIMATES)


def lacks_sections(entry: Entry) -> Iterator[str]:
    yield from (f"{title} is not told" for title in ("Inputs", "Method", "Source") if not entry.sections.get(title))
    if entry.theme not in THEMES:
        yield f"Theme is none of {', '.join(THEMES)}"
    if not entry.leaves_out:
        yield "Leaves out is not told"
    elif any(one.endswith((".", "?")) and two[:1].isupper() for one, two in pairwise(entry.leaves_out.split())):
        yield "Leaves out is more than one sentence"


def lacks_origin(knob: Knob) -> Iterator[str]:
    """What an input does not say of itself."""
    known = knob.assumed
    told = {"help": knob.help, "unit": knob.unit, "source": known.source}
    yield from (f"{knob.name} has no {what}" for what, text in told.items() if not text.strip())
    if known.spread and not known.spread_source.strip():
        yield f"{knob.name} has a spread of nobody's"


def lacks_answer(results: Table) -> Iterator[str]:
    """What the table of results owes: units, a source of what was published, an interval with width on the answer."""
    for place, row in enumerate(results.rows()):
        low, mid, high = (number(row[end]) for end in ("low", "mid", "high"))
        if not row["unit"]:
            yield f"{row['output']} has no unit"
        published = [row[name] for name in ("published", "published_low", "published_high", "published_words")]
        if any(value is not None for value in published) and not row["source"]:
            yield f"{row['output']} was published by nobody"
        if place == 0 and not (math.isfinite(low) and math.isfinite(high) and low < high):
            yield f"{row['output']} has no interval"
        if row["low"] is None and row["high"] is None and row["unit"] in ("probability", "fraction"):
            if row["error"] is None or not 0 <= mid <= 1:  # a probability sums the uncertainty up
                yield f"{row['output']} has neither an interval nor the error of its draws"
        elif not low <= mid <= high:
            yield f"{row['output']}: {mid} lies outside {low} to {high}"


def number(value: Any) -> float:
    return float(value) if value is not None else math.nan


class Built(Exception):
    """The model was built: the inputs as quantities, and what it made of them."""

    def __init__(self, quantities: dict[str, Quantity], made: dict[str, Quantity]) -> None:
        self.quantities, self.made = quantities, made


def built(module: Any, evidence: Evidence, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Built | None:
    """The model under these settings, without a draw; None where they do not go together."""
    caught: list[Given] = []
    checked = engine._checked

    def noted(params: Any, evidence: Evidence) -> Given:
        caught.append(given(params, evidence))
        return caught[-1]

    def stop(made: Any, outputs: Any) -> Any:
        raise Built(dict(caught[-1].quantities), checked(made, outputs))

    with monkeypatch.context() as patched:
        patched.setattr(engine, "given", noted)
        patched.setattr(engine, "_checked", stop)
        try:
            module.run(evidence, module.Params(**settings))
        except Built as found:
            return found
        except (WrongUse, TooLittleEvidence):
            return None
    raise AssertionError("the estimate never asked for an answer")


def unused(module: Any, evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Inputs that no output depends on, whatever the ordinary settings are."""
    left = {knob.name: knob for knob in knobs(module.Params) if knob.assumed}
    for settings in alternatives(module.Params):
        found = built(module, evidence, monkeypatch, **settings)
        if found is None:
            continue
        reached = {id(node) for node in Plan(found.made).order}
        for name in [name for name in left if id(found.quantities[name]) in reached]:
            del left[name]
        if not left:
            break
        # A known number in an exponent is no node of its own: there it has to change what comes out.
        before = points(found.made)
        for name in list(left):
            if any(
                moves(module, evidence, monkeypatch, settings | {name: text}, before) for text in others(left[name])
            ):
                del left[name]
    return set(left)


def moves(module: Any, evidence: Evidence, monkeypatch: pytest.MonkeyPatch, settings: Any, before: Any) -> bool:
    try:
        found = built(module, evidence, monkeypatch, **settings)
    except WrongUse:
        return False
    return found is not None and any(
        not np.array_equal(value, before[name], equal_nan=True) for name, value in points(found.made).items()
    )


def others(knob: Knob) -> list[str]:
    """Other values of an input that is a known number."""
    one = stated(knob, knob.default)
    return [f"{one.point * factor!r}" for factor in (1.25, 0.8)] if one.fixed and one.point else []


def alternatives(params: type) -> Iterator[dict[str, Any]]:
    """Every combination of the ordinary settings, the defaults first; single changes where there are too many."""
    common = {knob.name for knob in knobs(Assumptions)}
    choices: dict[str, list[Any]] = {}
    for knob in knobs(params):
        if not knob.assumed and knob.name not in common and (knob.type is bool or knob.choices):
            every = [False, True] if knob.type is bool else list(knob.choices)
            choices[knob.name] = sorted(every, key=lambda one, usual=knob.default: one != usual)  # type: ignore[misc]
    if math.prod(map(len, choices.values())) <= 200:
        yield from (dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values()))
        return
    yield {}
    yield from ({name: one} for name, every in choices.items() for one in every[1:])


@pytest.fixture(scope="module")
def bundled() -> Evidence:
    from pathlib import Path

    return open_evidence([Path("snapshot")])


@pytest.fixture(scope="module")
def told(tiny_evidence: Evidence) -> Any:
    """Each estimate's answer, computed once."""
    kept: dict[str, Result] = {}

    def of(name: str) -> Result:
        if name not in kept:
            kept[name] = answer(name, tiny_evidence, cache=False)
        return kept[name]

    return of


@each_estimate
def test_estimate_says_what_it_is_about_and_what_it_leaves_out(name: str) -> None:
    assert not list(lacks_sections(find(name)))


@each_estimate
def test_every_input_has_help_unit_and_source(name: str) -> None:
    assert not [fault for knob in find(name).knobs() if knob.assumed for fault in lacks_origin(knob)]


@each_estimate
def test_answer_has_an_interval_units_and_sources(name: str, told: Any) -> None:
    result = told(name)
    if not len(result.sheets()["results"]):  # every output runs along an axis
        assert any(row["low"] < row["high"] for row in result.sheets()["paths"].rows())
        return
    assert not list(lacks_answer(result.sheets()["results"]))


@each_estimate
def test_every_spread_told_is_drawn_at_the_default(name: str) -> None:
    """Also where the default is 0, to which no range can be scaled."""
    spread = [knob for knob in find(name).knobs() if knob.assumed and knob.assumed.spread]
    assert not [knob.name for knob in spread if stated(knob, knob.default).fixed]


@each_estimate
def test_every_input_is_used(name: str, bundled: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not unused(find(name).load(), bundled, monkeypatch)


@each_estimate
def test_tables_name_every_input_and_the_answer_is_json(name: str, told: Any) -> None:
    result = told(name)
    inputs = list(result.sheets()["inputs"].rows())
    declared = [knob for knob in find(name).knobs() if knob.assumed]
    assert [row["input"] for row in inputs] == [knob.name for knob in declared]
    assert all(row["source"] for row in inputs if row["from"] == "default")
    record = json.loads(result.json())
    assert record["tables"]["results"]["rows"] == list(result.sheets()["results"].rows())
    assert {"estimate", "sensitivity"} & set(result.charts()) or any(one.startswith("paths") for one in result.charts())


@each_estimate
def test_defaults_equal_the_bundled_rows_they_stand_for(name: str, bundled: Evidence) -> None:
    entry = find(name)
    known = given(entry.load().Params(), bundled)
    for knob in entry.knobs():
        if knob.assumed and knob.assumed.row:
            row, text = known.stated[knob.name], stated(knob, knob.default)
            assert row.origin == "evidence", f"{knob.name}: the snapshot has no {knob.assumed.row.told()}"
            assert row.point == pytest.approx(text.point), knob.name


# The same checks must be able to fail.


def test_mutant_docstrings_are_found() -> None:
    sections = {"Theme": "business", "Inputs": "a", "Method": "b", "Source": "c", "Leaves out": "taxes, and luck"}
    good = Entry("toy", "estimate", "toy", "How much?", sections, None)
    assert not list(lacks_sections(good))
    for title in sections:
        assert len(list(lacks_sections(good._replace(sections=sections | {title: ""})))) == 1
    many = sections | {"Leaves out": "taxes. It also leaves out luck"}
    assert list(lacks_sections(good._replace(sections=many))) == ["Leaves out is more than one sentence"]
    assert list(lacks_sections(good._replace(sections=sections | {"Theme": "weather"})))


@dataclass(frozen=True, kw_only=True)
class Toy(Assumptions):
    price: str = assume("2..4", "price of an hour", unit="USD/hour", source="A shop, 2025")
    hours: str = assume(
        "10", "hours", unit="hour", source="A shop, 2025", spread="8..12", spread_source="our judgement"
    )
    idle: str = assume("1..2", "nothing depends on it", unit="hour", source="A shop, 2025")
    late: str = assume("1..2", "used on the other route", unit="hour", source="A shop, 2025")
    route: str = param("early", "which hours", choices=("early", "late"))


class ToyModule:
    Params = Toy

    @staticmethod
    def run(evidence: Evidence, params: Toy) -> Any:
        def model(given: Given) -> dict[str, Quantity]:
            _ = given.idle * 2  # read, and dropped
            return {"cost": given.price * (given.hours if given.params.route == "early" else given.late)}

        outputs = (Output("cost", "what it costs", "USD", 30.0, source="A shop, 2025"),)
        return engine.estimate("toy", evidence, params, model, outputs)


def test_mutant_inputs_without_words_are_found() -> None:
    price, hours = knobs(Toy)[4:6]
    assert (price.name, hours.name) == ("price", "hours")
    assert not [*lacks_origin(price), *lacks_origin(hours)]
    for part in ("help", "unit"):
        assert list(lacks_origin(replace(price, **{part: ""}))) == [f"price has no {part}"]
    assert list(lacks_origin(replace(price, assumed=replace(price.assumed, source=" ")))) == ["price has no source"]
    bad = replace(hours, assumed=replace(hours.assumed, spread_source=""))
    assert list(lacks_origin(bad)) == ["hours has a spread of nobody's"]


def test_mutant_inputs_that_nothing_depends_on_are_found(
    tiny_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unused(ToyModule, tiny_evidence, monkeypatch) == {"idle"}


def test_mutant_results_are_found(tiny_evidence: Evidence) -> None:
    good = ToyModule.run(tiny_evidence, Toy(draws=1024)).sheets()["results"]
    row = next(good.rows())
    assert not list(lacks_answer(good))
    spoilt: dict[str, dict[str, Any]] = {
        "cost has no unit": {"unit": None},
        "cost was published by nobody": {"source": None},
        "cost has no interval": {"low": row["mid"], "high": row["mid"]},
    }
    for fault, change in spoilt.items():
        assert list(lacks_answer(Table.from_rows(good.columns, [row | change]))) == [fault]
    first, late = dict(row), row | {"output": "late", "low": None, "high": None, "mid": 0.2}
    assert not list(lacks_answer(Table.from_rows(good.columns, [first, late | {"unit": "probability"}])))
    bare = late | {"unit": "probability", "error": None}
    assert "neither" in next(lacks_answer(Table.from_rows(good.columns, [first, bare])))
    assert "lies outside" in next(lacks_answer(Table.from_rows(good.columns, [first, late])))
    outside = Table.from_rows(good.columns, [row | {"mid": 1e9}])
    assert "lies outside" in next(lacks_answer(outside))
    words = {"published": None, "published_words": "a lot", "source": None}
    assert list(lacks_answer(Table.from_rows(good.columns, [row | words]))) == ["cost was published by nobody"]
