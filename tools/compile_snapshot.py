"""Compile the bundled snapshot: look the hand-written selection up in the public tables, write the package's CSV files.

    python tools/compile_snapshot.py [DATA] [--out FOLDER]

DATA   folder of the public tables (default: ASCENT_DATA, else ../shared/data beside the repository)
out    where to write (default: src/ascent/evidence/snapshot)

`snapshot/selection.toml` says which models, benchmarks, sources and single facts go in; every other value is read from
a table of DATA, so that each row can be traced. Nothing is estimated here. Same input, same bytes.
"""

import argparse
import csv
import io
import os
import re
from pathlib import Path

from snapshot.claims import distinct, strongest, thinned
from snapshot.models import model_rows
from snapshot.reading import Row, selection
from snapshot.reference import reference
from snapshot.scores import Found

from ascent.core.dates import span
from ascent.evidence.schema import TABLES

ROOT = Path(__file__).parents[1]


def tables(data: Path) -> dict[str, list[Row]]:
    """Every table of the snapshot as rows."""
    chosen = selection()
    models = list(model_rows(data, chosen))
    met = Found(data, chosen, {row["model"]: row["organization"] for row in models})
    by_hand = [{"version": "", "setting": "", **row} for row in chosen["scores"]]
    found = [*met.hub_rows(), *met.benchpress_rows(), *met.observed_rows(), *by_hand]
    scores = thinned(strongest(distinct(found)), {paper["key"] for paper in chosen["papers"].values()})
    used = {row["model"] for row in scores}
    days = {row["model"]: row["released"] for row in models}
    place = {benchmark: k for k, benchmark in enumerate(chosen["benchmarks"])}
    scores.sort(
        key=lambda r: (place[r["benchmark"]], days[r["model"]], r["model"], r["version"], r["setting"], -r["score"])
    )
    for row in scores:
        se = row.get("se")
        row |= {"scale": "raw", "unit": "fraction", "score": f"{row['score']:.6g}", "se": f"{se:.4g}" if se else ""}
    benchmarks = []
    for benchmark, spec in chosen["benchmarks"].items():
        key = "about-" + re.sub(r"[^a-z0-9]+", "-", benchmark.lower()).strip("-")
        met.sources[key] = {
            **spec["source"],
            "licence": "facts, cited",
            "redistributable": True,
            "retrieved": chosen["recorded"],
        }
        facts = {k: v for k, v in spec.items() if k in {c.name for c in TABLES["benchmarks"]} and k != "source"}
        unit = {"unit": "fraction", "higher_is_better": "true"}
        benchmarks.append({"benchmark": benchmark, **facts, **unit, "source": key})
    models = sorted((row for row in models if row["model"] in used), key=lambda row: (row["released"], row["model"]))
    names = {row["model"] for row in models}
    aliases = [
        {
            "alias": alias,
            "refers_to": model,
            "kind": "model",
            "reviewed_by": "compiled by hand",
            "source": "epoch-index",
        }
        for alias, model in sorted(met.aliases.items())
        if alias not in names and model in names
    ]
    known = first_heard(scores)
    for row in models:
        row["published"] = earlier(row["released"], known[row["model"]])
    for row in benchmarks:
        row["published"] = earlier(row["released"] or known[row["benchmark"]], known[row["benchmark"]])
    made = {"models": models, "benchmarks": benchmarks, "scores": scores, "aliases": aliases}
    made["hardware"], made["series"], others = reference(data)
    cited = {row["source"] for table in made.values() for row in table}
    made["sources"] = [{"source": key, **row} for key, row in {**met.sources, **others}.items() if key in cited]
    return made


def first_heard(scores: list[Row]) -> dict[str, str]:
    """The day by which each model and benchmark was in print: some are scored before they are released."""
    days: dict[str, str] = {}
    for row in scores:
        for name in (row["model"], row["benchmark"]):
            days[name] = earlier(days.get(name) or row["published"], row["published"])
    return days


def earlier(one: str, other: str) -> str:
    return min(one, other, key=lambda day: span(day)[1])


def text(table: str, found: list[Row], recorded: str) -> str:
    out = io.StringIO()
    names = [column.name for column in TABLES[table]]
    writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in found:
        cells = {key: str(value).lower() if isinstance(value, bool) else value for key, value in row.items()}
        writer.writerow({"recorded": recorded, **cells})
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "data", nargs="?", type=Path, default=Path(os.environ.get("ASCENT_DATA", ROOT.parent / "shared/data"))
    )
    parser.add_argument("--out", type=Path, default=ROOT / "src/ascent/evidence/snapshot")
    options = parser.parse_args()
    chosen = selection()
    for table, found in tables(options.data).items():
        (options.out / f"{table}.csv").write_text(text(table, found, chosen["recorded"]), encoding="utf-8")
        print(f"{table:12}{len(found):6,} rows")
    about = f'label = "bundled snapshot 2026-05"\nas_of = "{chosen["as_of"]}"\nrecorded = "{chosen["recorded"]}"\n'
    (options.out / "snapshot.toml").write_text(about, encoding="utf-8")


if __name__ == "__main__":
    main()
