"""`ascent evidence`: what goes to standard output, what to standard error, and how each command ends."""

import csv
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ascent.cli.evidence import evidence as group
from ascent.cli.main import main
from ascent.core.tables import Table
from ascent.evidence.exporting import content
from ascent.evidence.schema import TABLES


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ASCENT_STORE", str(tmp_path / "store"))
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    return tmp_path


@pytest.fixture
def ascent(home, capsys):
    """Run `ascent evidence ...`; returns exit code, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["evidence", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return ended.value.code or 0, out, err

    return run


def file(home: Path, name: str, *models: str, table: str = "scores", **more) -> Path:
    rows = [
        {"model": model, "benchmark": "B", "score": 0.5, "unit": "fraction", "source": "a paper",
         "published": "2025-03", **more}
        for model in models
    ]  # fmt: skip
    known = {column.name for column in TABLES[table]}
    rows = [{name: value for name, value in row.items() if name in known} for row in rows]
    path = home / name
    path.write_bytes(content(table, Table.from_rows(TABLES[table], rows), "csv"))
    return path


def test_add_tells_what_is_new_and_how_to_undo_it(ascent, home):
    code, out, err = ascent("add", file(home, "a.csv", "A", "B"), "--format", "csv")
    assert (code, out) == (0, "file,reader,scores\na.csv,Ascent export,2\n")
    assert "Added 2 rows as record 1" in err and "ascent evidence remove 1" in err


def test_adding_again_adds_nothing_and_says_so(ascent, home):
    path = file(home, "a.csv", "A")
    ascent("add", path)
    code, out, err = ascent("add", path)
    assert (code, out) == (0, "")
    assert "a.csv is already in the store (record 1): nothing added." in err
    assert "Nothing new" in err


def test_check_writes_nothing_and_tells_problems_with_exit_1(ascent, home):
    good = file(home, "a.csv", "A")
    code, _, err = ascent("check", good)
    assert code == 0 and "Nothing was written" in err
    assert not (home / "store").exists()
    bad = home / "bad.csv"
    bad.write_text(good.read_text().replace(",0.5,", ",half,"))
    code, out, err = ascent("check", good, bad, home / "none.csv")
    assert code == 1 and out == ""
    assert "bad.csv · row 2 · column score: found 'half'" in err and "none.csv" in err
    assert ascent("add", good, bad)[0] == 1
    assert not (home / "store").exists()


def test_list_show_and_remarks(ascent, home):
    assert "The store is empty" in ascent("list")[2]
    ascent("add", file(home, "a.csv", "GPT-4", "Claude"))
    code, out, _ = ascent("list", "--format", "json")
    (row,) = json.loads(out)
    assert code == 0 and (row["record"], row["name"], row["rows"], row["state"]) == (1, "a.csv", 2, "counts")
    assert ascent("list", "--remarks", "--format", "csv")[1] == "record,file,level,about,remark\n"
    code, out, err = ascent("show")
    assert code == 0 and out.split("\n")[0].split() == ["table", "rows", "models", "benchmarks", "sources"]
    assert "fingerprint" in err
    code, out, _ = ascent("show", "scores", "--model", "gpt 4")
    assert "record 1, a.csv row 3" in out and "a paper" in out and "Claude" not in out
    code, out, _ = ascent("show", "scores", "--format", "csv")
    assert [row["model"] for row in csv.DictReader(io.StringIO(out))] == ["Claude", "GPT-4"]
    assert "No row fits" in ascent("show", "scores", "--model", "zzz")[2]


def test_wrong_use_ends_with_2(ascent, home):
    assert ascent("show", "scoress")[0] == 2
    assert "Did you mean scores" in ascent("show", "scoress")[2]
    assert ascent("remove", "9")[0] == 2
    assert ascent("diff", "now", "then")[0] == 2
    assert ascent("add")[0] == 2
    assert ascent("template", "score")[0] == 2
    assert ascent("show", "--as-of", "soon")[0] == 2
    assert ascent("add", file(home, "a.csv", "A"), "--published", "soon")[0] == 2
    assert ascent("add", file(home, "a.csv", "A"), "--reader", "Ascent exprt")[0] == 2


def test_as_of_reads_the_past(ascent, home):
    ascent("add", file(home, "a.csv", "Old", published="2024-01"))
    ascent("add", file(home, "b.csv", "New", published="2025-01"))
    out = ascent("show", "scores", "--as-of", "2024-06", "--format", "csv")[1]
    assert [row["model"] for row in csv.DictReader(io.StringIO(out))] == ["Old"]
    code, out, _ = ascent("vintages", "--format", "csv")
    assert [row["scores_so_far"] for row in csv.DictReader(io.StringIO(out))] == ["1", "2"]
    code, out, _ = ascent("diff", "2024-06", "store", "--format", "json")
    (counts,) = json.loads(out)["counts"]
    assert code == 0 and (counts["before"], counts["after"], counts["added"]) == (1, 2, 1)
    assert "added" in ascent("diff", "#1", "#2")[1]
    assert "No difference" in ascent("diff", "#2", "store")[2]
    rows = ascent("diff", "#1", "#2", "--format", "csv", "--table", "rows")[1]
    assert rows.startswith("table,change,row,column,before,after\nscores,added,New")


def test_remove_restore_rebuild(ascent, home):
    ascent("add", file(home, "a.csv", "A"))
    before = ascent("rebuild")[1]
    assert ascent("remove", "1")[0] == 0
    assert json.loads(ascent("list", "--format", "json")[1])[0]["state"] == "removed"
    assert ascent("restore", "1")[0] == 0
    assert ascent("rebuild")[1] == before
    assert len(before.strip()) == 64


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_export_prints_the_fingerprint_that_an_empty_store_then_has(ascent, home, form):
    ascent("add", file(home, "a.csv", "=1+1", "'=1+1", "-5"))
    code, printed, _ = ascent("export", home / "out.zip", "--format", form)
    assert code == 0
    ascent("add", home / "out.zip", "--store", home / "other")
    assert ascent("rebuild", "--store", home / "other")[1] == printed


def test_names_are_listed_accepted_and_refused(ascent, home):
    ascent("add", file(home, "m.csv", "Marvel-9", table="models"))
    ascent("add", file(home, "a.csv", "marvel 9"))
    (row,) = [row for row in json.loads(ascent("names", "--format", "json")[1]) if row["kind"] == "model"]
    assert (row["name"], row["suggestion"]) == ("marvel 9", "Marvel-9")
    assert ascent("names", "accept", "marvel 9", "Marvel-9")[0] == 2  # nobody signed
    assert ascent("names", "accept", "marvel 9", "Marvell-9", "--by", "R")[0] == 2
    code, _, err = ascent("names", "accept", "marvel 9", "Marvel-9", "--by", "R. Viewer")
    assert code == 0 and "decided by R. Viewer" in err
    out = ascent("show", "scores", "--format", "csv")[1]
    assert [(row["model"], row["version"]) for row in csv.DictReader(io.StringIO(out))] == [("Marvel-9", "marvel 9")]
    assert ascent("names", "accept", "Marvel-9", "marvel 9", "--by", "R", "--new")[0] == 1  # a circle


def test_sql_over_store_files_and_snapshot(ascent, home):
    path = file(home, "a.csv", "A", "B")
    query = "SELECT count(*) AS n FROM scores"
    assert ascent("sql", query, "--format", "csv", "--evidence", path)[1] == "n\n2\n"
    ascent("add", path)
    assert ascent("sql", query, "--format", "csv")[1] == "n\n2\n"
    assert ascent("sql", query, "--format", "csv", "--as-of", "2024")[1] == "n\n0\n"
    code, out, err = ascent("sql", "SELECT * FROM read_text('/etc/passwd')")
    assert (code, out) == (2, "") and "refused" in err


@pytest.mark.parametrize("table", list(TABLES))
def test_every_table_has_a_template_that_names_its_columns(ascent, table):
    code, out, _ = ascent("template", table)
    assert code == 0
    header = next(csv.reader(io.StringIO(out)))
    required = {column.name for column in TABLES[table] if column.required}
    assert required <= {name.partition(" (")[0] for name in header}


def test_a_full_disk_is_told_and_nothing_is_half_there(ascent, home, monkeypatch):
    ascent("add", file(home, "a.csv", "A"))
    from ascent.core import files

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as context:
        context.setattr(files.os, "fsync", full)
        code, _, err = ascent("add", file(home, "b.csv", "B"))
    assert code == 1 and "No space left" in err and "about 1 MB" in err and "whole or not at all" in err
    assert len(json.loads(ascent("list", "--format", "json")[1])) == 1
    assert ascent("add", file(home, "b.csv", "B"))[0] == 0


def test_every_command_has_help_and_every_option_too():
    for name, command in group.commands.items():
        assert command.help, name
        for option in command.params:
            if option.param_type_name == "option":
                assert option.help, f"{name} {option.name}"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from ascent.cli.main import main\n"
        "try: main(['evidence', '--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy','polars','duckdb','pyarrow','pydantic','platformdirs') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def typed(home: Path, benchmark: str) -> Path:
    """Scores of a new model as a person types them: three on benchmarks everyone knows, one on `benchmark`."""
    names = ["GPQA diamond", "MMLU-Pro", "MATH level 5", benchmark]
    rows = [
        f"Own Model,{name},0.{score},fraction,own test,2026-05-10"
        for name, score in zip(names, (7, 8, 9, 3), strict=True)
    ]
    path = home / "own.csv"
    path.write_text("\n".join(["model,benchmark,score,unit,source,published", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_misspelt_benchmark_is_told_when_checked_and_added_and_can_be_accepted(ascent, home):
    own = typed(home, "SimpleQA Verfied")
    said = "No benchmark is called 'SimpleQA Verfied'. Did you mean SimpleQA Verified?"
    assert said in ascent("check", own)[2]
    _, _, err = ascent("add", own)
    accept = "ascent evidence names accept 'SimpleQA Verfied' 'SimpleQA Verified' --by WHO"
    assert f"{said} If so: {accept}" in err
    assert "No model" not in err  # a new model that resembles nothing is no slip
    code, _, err = ascent("names", "accept", "SimpleQA Verfied", "SimpleQA Verified", "--by", "me")
    assert code == 0 and "now stands for" in err
    found = ascent("show", "scores", "--format", "csv")[1]
    assert "SimpleQA Verified" in found and "Verfied" not in found


def test_well_spelt_files_are_told_nothing_about_names(ascent, home):
    assert "Did you mean" not in ascent("check", typed(home, "SimpleQA Verified"))[2]


def test_the_first_own_scores_say_that_the_snapshot_is_left_and_how_to_have_both(ascent, home):
    own = typed(home, "SimpleQA Verified")
    assert "`ascent evidence add snapshot`" in ascent("add", own)[2]
    assert "add snapshot" not in ascent("add", file(home, "more.csv", "A"))[2]
    code, _, err = ascent("add", "snapshot")
    assert code == 0 and "Added" in err
    assert "Own Model" in ascent("sql", "select distinct model from scores where model in ('Own Model', 'GPT-5')")[1]


def test_own_scores_stand_beside_the_bundled_ones(ascent, home, monkeypatch):
    monkeypatch.chdir(home)
    code, out, err = ascent("show", "scores", "--evidence", "snapshot", "--evidence", typed(home, "SimpleQA Verified"),
                            "--format", "csv", "--limit", "0")  # fmt: skip
    assert code == 0 and "GPT-5," in out and "Own Model," in out
    assert "bundled snapshot" in err and "own.csv" in err


def test_a_question_on_own_scores_alone_tells_how_to_set_them_beside_the_bundled_ones(home, capsys):
    own = typed(home, "SimpleQA Verified")
    with pytest.raises(SystemExit) as ended:
        main(["capability-index", "--draws", "0", "--evidence", str(own)])
    assert ended.value.code == 1 and f"--evidence snapshot --evidence {own}" in capsys.readouterr().err
    for arguments in (["evidence", "add", str(own)], ["capability-index", "--draws", "0"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert capsys.readouterr().err.strip().endswith("ascent evidence add snapshot")


def test_a_question_on_a_file_in_percent_tells_where_the_unit_can_be_said(home, ascent, capsys):
    own = typed(home, "SimpleQA Verified")
    own.write_text(own.read_text(encoding="utf-8").replace(",0.7,fraction", ",70,"), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["capability-index", "--draws", "0", "--evidence", str(own)])
    told = capsys.readouterr().err
    assert "--unit percent" in told and "`ascent evidence add`" in told.splitlines()[-1]
    assert "go with" not in ascent("add", own)[2]  # there it can be said at once


def test_an_unknown_canonical_name_is_not_taken_for_a_model(ascent):
    code, _, err = ascent("names", "accept", "x", "SimpleQA Verifid", "--by", "me")
    assert code == 2 and "Did you mean SimpleQA Verified" in err


def test_a_file_of_one_models_results_is_fine_though_it_does_not_say_whose(ascent, home):
    """As `ascent place` takes it: benchmark, score. Checked, it is no mistake; added, it has to say whose."""
    own = home / "my results.csv"
    own.write_text("benchmark,score,n\nGPQA diamond,0.6,198\nMATH level 5,0.5,\n")
    code, out, _ = ascent("check", own)
    assert code == 0 and "fine as the results of one model: 2 scores" in out and f"`ascent place '{own}'`" in out
    code, _, err = ascent("add", own)
    assert code == 1 and "column model" in err and "--model NAME" in err
    assert ascent("add", own, "--model", "Mine")[0] == 0
    own.write_text("benchmark,score\nGPQA diamon,0.6\n")
    assert "Did you mean GPQA diamond?" in ascent("check", own)[2]
    own.write_text("benchmark,score\nGPQA diamond,six\n")
    code, out, err = ascent("check", own)
    assert code == 1 and "fine" not in out + err and "'six'" in err


def test_accepting_a_spelling_hides_no_bundled_facts(ascent, home):
    scores = json.loads(ascent("show", "--format", "json")[1])
    code, _, err = ascent("names", "accept", "gpt5 (mine)", "GPT-5", "--by", "me")
    assert code == 0 and "answered from the bundled facts" in err
    assert {row["table"]: row["rows"] for row in json.loads(ascent("show", "--format", "json")[1])} == {
        row["table"]: row["rows"] + (row["table"] == "aliases") for row in scores
    }
    assert "2" in ascent("sql", "select count(*) as n from scores", "--format", "csv")[1].splitlines()[1]
    code, _, err = ascent("names", "accept", "gpt5 (mine)", "o3", "--by", "me")
    assert code == 1 and "one name" in err
    assert ascent("names", "accept", "o three", "o3", "--by", "me")[0] == 0, "the bundled names are still known"
    assert "`ascent evidence add snapshot`" in ascent("add", typed(home, "SimpleQA Verified"))[2]
    assert "the store" in ascent("show")[2] and "bundled" not in ascent("show")[2]
