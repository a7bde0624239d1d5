"""The form of published results: short recipes written out, entries not in form refused."""

import pytest

from ascent.checks.replication_form import Recipe, chosen, claims, read_claims
from ascent.core.errors import UnknownName

HEAD = '[article]\nseed = "003"\nsource = "Somebody, Somewhere"\nyear = 2025\nas_of = "2025-03-01"\n'
ENTRY = '[[result]]\nid = "a"\nstatement = "It is so."\nexactness = "exact arithmetic"\n'
READING = '[[result.reading]]\nname = "r"\npublished = 4.0\nrounding = 0.5\nunit = "x"\n'


def test_an_entry_takes_what_its_article_says() -> None:
    found, _ = read_claims(HEAD + ENTRY + READING, "somewhere.toml")
    one = found["a"]
    assert (one.article, one.seed, one.source, one.year, one.as_of) == (
        "somewhere",
        "003",
        "Somebody, Somewhere",
        2025,
        "2025-03-01",
    )
    (reading,) = one.readings
    assert reading.published is not None
    assert (reading.published.value, reading.published.rounding, reading.published.unit) == (4.0, 0.5, "x")
    assert reading.ours is None and not reading.alternative


@pytest.mark.parametrize(
    ("short", "full"),
    [
        (
            '{ estimate = "e", output = "o" }',
            Recipe("e", "results", "point", {}, {"output": "o"}, low="low", high="high", shown=True),
        ),
        (
            '{ estimate = "e", output = "o", column = "mid", set = { a = "0.1" }, scale = 2.0 }',
            Recipe("e", "results", "mid", {"a": "0.1"}, {"output": "o"}, low="low", high="high", scale=2.0),
        ),
        (
            '{ estimate = "e", output = "o", set = { draws = 9999 } }',
            Recipe("e", "results", "point", {"draws": 9999}, {"output": "o"}, low="low", high="high", shown=True),
        ),
        ('{ estimate = "e", output = "o", column = "high" }', Recipe("e", "results", "high", {}, {"output": "o"})),
        (
            '{ question = "q", table = "t", column = "c", reduce = "max" }',
            Recipe("q", "t", "c", reduce="max"),
        ),
    ],
)
def test_the_short_recipe_is_written_out(short: str, full: Recipe) -> None:
    found, _ = read_claims(HEAD + ENTRY + READING + f"ours = {short}\n", "f.toml")
    assert found["a"].readings[0].ours == full


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ENTRY, "missing"),
        (ENTRY.replace("exact arithmetic", "guess") + READING, "exactness is one of"),
        (ENTRY.replace("exact arithmetic", "judgement"), "names its author"),
        (ENTRY + 'agreement = "maybe"\n' + READING, "agreement is one of"),
        (ENTRY + READING + READING, "same name"),
        (ENTRY + READING + "alternative = true\n", "one must be meant"),
        (ENTRY + READING + "tolerance = 1.0\n", "without saying why"),
        (ENTRY + READING + "overlap = true\n", "without saying why"),
        (ENTRY + READING + 'tolerance = -1.0\nbecause = "so"\n', "negative"),
        (ENTRY + READING.replace("published = 4.0\n", ""), "no value, nor a bound"),
        (ENTRY + READING + 'ours = { estimate = "e" }\n', "output"),
        (ENTRY + READING + 'ours = { estimate = "e", output = "o", where = { a = 1 } }\n', "has no where"),
        (ENTRY + READING + 'ours = { question = "q", table = "t" }\n', "column"),
        (ENTRY + READING + 'ours = { question = "q", table = "t", column = "c", reduce = "mode" }\n', "reduce is one"),
        (ENTRY + READING + "digits = 3\n", "digits"),
        (ENTRY + 'published = { value = 1.0, unit = "x" }\n' + READING, "not both"),
        (ENTRY + READING + "[[result]]\n" + (ENTRY + READING).removeprefix("[[result]]\n"), "there twice"),
    ],
)
def test_what_is_not_in_form_is_refused_with_file_and_entry(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        read_claims(HEAD + text, "wrong.toml")
    assert "wrong.toml" in str(refused.value) and "'a'" in str(refused.value)


def test_results_are_chosen_by_name_article_and_kind() -> None:
    found, _ = claims()
    assert [one.id for one in chosen(["intellect-1-eci"], found)] == ["intellect-1-eci"]
    runs = chosen([], found, seed=["final-training-runs"])
    assert {one.article for one in runs} == {"final-training-runs"} and len(runs) == 9
    judged = chosen([], found, exactness=["judgement"])
    assert judged and all(one.author for one in judged)
    assert chosen([], found, seed=["000"], exactness=["judgement"]) == []
    with pytest.raises(UnknownName, match="final-training-runs"):
        chosen([], found, seed=["final-training-run"])
