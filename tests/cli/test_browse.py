"""`ascent list` and `ascent describe`."""

import json
from collections.abc import Callable
from typing import Any

from ascent.catalogue import entries

Run = Callable[..., Any]


def test_list_names_ours_and_those_of_other_packages(toy_question: str, run_ascent: Run) -> None:
    said = run_ascent("list")
    for name in [*entries(), toy_question]:
        assert name in said.out
    rows = json.loads(run_ascent("list", "--format", "json").out)
    assert {row["name"] for row in rows} == {*entries(), toy_question}
    assert all(row["question"] for row in rows)


def test_listing_imports_no_question(toy_question: str, run_ascent: Run) -> None:
    import sys

    run_ascent("list")
    assert "toy_mean_score" not in sys.modules


def test_describe_tells_method_and_options(toy_question: str, run_ascent: Run) -> None:
    text = run_ascent("describe", toy_question).out
    assert "Method    plain mean of a model's scores" in text
    assert "          with replacement" in text
    assert "(mean, median)" in text
    record = json.loads(run_ascent("describe", toy_question, "--format", "json").out)
    assert record["options"][0] == {
        "option": "--minimum",
        "default": 2,
        "unit": "scores",
        "choices": [],
        "help": "fewest scores a model needs",
    }


def test_describe_suggests_near_names(toy_question: str, run_ascent: Run) -> None:
    said = run_ascent("describe", "mean_scor")
    assert said.code == 2
    assert "Did you mean mean-score?" in said.err


def test_help_lists_only_commands_that_load(run_ascent: Run) -> None:
    import click

    from ascent.cli.main import BUILTINS, ascent

    text = run_ascent("--help").out
    for builtin in BUILTINS:
        assert builtin.name in text
        command = ascent.get_command(click.Context(ascent), builtin.name)
        assert command is not None
        assert command.help or command.short_help


def test_describe_says_yes_and_no_as_the_options_do(run_ascent: Run) -> None:
    line = next(x for x in run_ascent("describe", "score-provenance").out.splitlines() if "--same-setting" in x)
    assert " no " in line and "False" not in line
