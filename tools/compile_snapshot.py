"""Compile the bundled snapshot: look the hand-written selection up in the public tables, write the package's CSV files.

    python tools/compile_snapshot.py [DATA] [--out FOLDER]

DATA   folder of the public tables (default: ASCENT_DATA, else ../shared/data beside the repository)
out    where to write (default: src/ascent/evidence/snapshot)

`snapshot_selection.toml` says which models, benchmarks, sources and single facts go in; every other value is read from
a table of DATA, so that each row can be traced. Nothing is estimated here. Same input, same bytes.
"""

import argparse
import csv
import io
import os
import re
import tomllib
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ascent.evidence.schema import TABLES

ROOT = Path(__file__).parents[1]
SELECTION = Path(__file__).with_name("snapshot_selection.toml")
HUB, INDEX, OLD = "benchmark_hub/2026-05", "eci/2026-05/epoch_capabilities_index.csv", "eci/2025-11"
BENCHPRESS = "score_tables/benchpress_2026-05/scores.csv"
MODEL_TABLES = (  # newest first: the first that states a value wins
    "models/2026-05/frontier_ai_models.csv",
    "models/2025-11/notable_ai_models.csv",
    "models/2025-11/large_scale_ai_models.csv",
    "models/2025-06/all_systems.csv",
    "models/2025-03/all_ai_models.csv",
)
FACTS = {  # our column: names it had over the vintages; data points are preferred to gradient steps times batch
    "organization": ("Organization",),
    "country": ("Country (of organization)", "Country (from Organization)"),
    "access": ("Model accessibility",),
    "released": ("Publication date",),
    "domain": ("Domain",),
    "parameters": ("Parameters",),
    "tokens": (
        "Training dataset size (datapoints)",
        "(DEPRECATED) Training dataset size (datapoints)",
        "Training dataset size (total)",
    ),
    "training_compute_flop": ("Training compute (FLOP)",),
    "training_compute_flop_low": ("Training compute lower bound",),
    "training_compute_flop_high": ("Training compute upper bound",),
    "compute_method": ("Training compute estimation method",),
    "confidence": ("Confidence",),
    "base_model": ("Base model",),
    "hardware": ("Training hardware",),
    "hardware_quantity": ("Hardware quantity",),
    "training_cost_usd": ("Training compute cost (2023 USD)",),
    "frontier": ("Frontier model",),
}
COUNTRIES = {
    "United States of America": "United States",
    "United Kingdom of Great Britain and Northern Ireland": "United Kingdom",
    "Korea (Republic of)": "South Korea",
    "Multinational": "",
}
PROVIDER = re.compile(r"^(chutes|openai|moonshotai|fireworks|zai-org|deepseek|[Qq]wen|parasail|deepinfra)/")
EFFORT = re.compile(r"_(low|medium|high|xhigh|max|minimal|none|unknown|thinking|\d+[Kk])$| \((\d+K) thinking\)$")
LISTED = re.compile(r"\((?:[^()]*\W)?(minimal|low|medium|x-?high|high|max|none)\)", re.IGNORECASE)
FAMILIES = (
    {"Google", "DeepMind", "Google DeepMind", "Google Research", "Google Brain"},
    {"Meta AI", "Meta", "Facebook AI"},
)
Row = dict[str, Any]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def split(version: str) -> tuple[str, str]:
    """A version of the hub without provider and effort, and the setting those stood for."""
    bare = PROVIDER.sub("", version)
    match = EFFORT.search(bare)
    if not match:
        return bare, ""
    word = match.group(1) or match.group(2)
    if word[0].isdigit():
        return bare[: match.start()], f"thinking={word.upper()}"
    return bare[: match.start()], "" if word == "unknown" else "thinking=on" if word == "thinking" else f"effort={word}"


def number(text: str) -> float | None:
    text = text.replace("$", "").replace(",", "")
    return float(text) if text and text != "NaN" else None


def tidy(value: float) -> str:
    """Six significant digits: the tables mark speculative values by a tiny excess (5.0000000000001e+26)."""
    return f"{value:.6g}" if value >= 1e-4 or value == 0 else f"{value:.3g}"


class Compiler:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.chosen = tomllib.loads(SELECTION.read_text(encoding="utf-8"))
        self.recorded = self.chosen["recorded"]
        self.models: dict[str, Row] = self.chosen["models"]
        self.of_version = {v.lower(): m for m, spec in self.models.items() for v in spec.get("versions", ())}
        self.of_name = {n: m for m, spec in self.models.items() for n in spec.get("names", ())}
        self.papers = {"": None, **self.chosen["papers"]}
        self.papers |= {other: self.papers[title] for other, title in self.chosen["papers_respelled"].items()}
        self.sources: dict[str, Row] = {key: dict(row) for key, row in self.chosen["sources"].items()}
        self.aliases: dict[str, str] = {}

    # ------------------------------------------------------------ models
    def model_rows(self, used: set[str]) -> Iterator[Row]:
        tables = [{row["Model"]: row for row in rows(self.data / path)} for path in MODEL_TABLES]
        index: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows(self.data / INDEX):
            index[split(row["Model version"])[0].lower()].append(row)
        for model, spec in self.models.items():
            if model not in used:
                continue
            name = spec.get("table", model)
            versions = [row for v in spec.get("versions", ()) for row in index[v.lower()]]
            found = [table[name] for table in tables if name in table]
            facts: Row = {}
            for column, spellings in FACTS.items():
                facts[column] = next((r[s] for r in found for s in spellings if r.get(s)), "")
            hub = versions[0] if versions else {}
            days = sorted(row["Release date"] for row in versions if row["Release date"])
            facts["released"] = days[0] if days else facts["released"]
            for column, theirs in (
                ("organization", "Organization"),
                ("country", "Country"),
                ("access", "Model accessibility"),
            ):
                facts[column] = hub.get(theirs) or facts[column]
            if hub.get("Training compute (FLOP)") and not (found and found[0] is tables[0].get(name)):
                facts["training_compute_flop"], facts["confidence"] = hub["Training compute (FLOP)"], hub["Confidence"]
            facts["active_parameters"] = self.chosen["active_parameters"].get(model, "")
            facts |= {key: value for key, value in spec.items() if key not in ("versions", "names", "table")}
            for end in (
                "training_compute_flop_low",
                "training_compute_flop_high",
            ):  # a bound equal to the value is none
                facts[end] = "" if facts[end] == facts["training_compute_flop"] else facts[end]
            low, high = facts["training_compute_flop_low"], facts["training_compute_flop_high"]
            if not facts["training_compute_flop"] and not (low and high):
                facts["confidence"] = facts["compute_method"] = ""
            facts["country"] = self.listed(facts["country"], COUNTRIES)
            facts["organization"], facts["domain"] = self.listed(facts["organization"]), self.listed(facts["domain"])
            facts["frontier"] = "true" if str(facts["frontier"]).lower() in ("true", "checked") else ""
            for column, value in facts.items():
                kind = next(c.kind for c in TABLES["models"] if c.name == column)
                if kind == "number" and value != "":
                    amount = number(str(value))
                    facts[column] = tidy(amount) if amount else ""
                elif kind == "flag":
                    facts[column] = str(value).lower()
            facts["training_cost_year"] = 2023 if facts["training_cost_usd"] else ""
            source = "epoch-models" if found else "epoch-index" if versions else "compiled"
            yield {"model": model, "name": model, **facts, "source": source, "published": facts["released"]}

    @staticmethod
    def listed(text: str, renamed: dict[str, str] | None = None) -> str:
        parts = [part.strip() for part in text.split(",")]
        return ", ".join(dict.fromkeys((renamed or {}).get(part, part) for part in parts if part))

    # ------------------------------------------------------------ scores
    def hub_rows(self) -> Iterator[Row]:
        for benchmark, spec in self.chosen["benchmarks"].items():
            if "table" not in spec:
                continue
            before = self.earlier(spec)
            for row in rows(self.data / HUB / f"{spec['table']}.csv"):
                score = row[spec.get("column", "mean_score")]
                version, title = row["Model version"], row.get("Source", "")
                model, setting = self.resolve(version, row.get("Name", ""), title)
                wanted = all(row[column] in values for column, values in spec.get("only", {}).items())
                if not score or model is None or not wanted:
                    continue
                value = float(score) / (100 if spec.get("percent") else 1)
                out: Row = {"model": model, "version": version, "benchmark": benchmark, "score": value}
                parts = [setting, spec.get("setting", "")]
                parts += [f"{ours}={row[theirs]}" for theirs, ours in spec.get("parts", {}).items() if row[theirs]]
                paper = self.papers.get(title)
                if spec.get("runs"):
                    day = row["Started at"][:10]
                    out |= {"evaluator": "Epoch AI", "relation": "independent", "source": "epoch-hub"}
                    out |= {"evaluated": day, "published": day, "n": self.items(value, spec)}
                    out["se"] = number(row["stderr"]) if 0 < value < 1 else None
                elif paper:
                    out |= {"evaluator": paper["by"], "relation": self.relation(model, paper)}
                    out |= {"source": paper["key"], "published": paper["published"]}
                    out["n"] = "" if paper.get("subset") else spec.get("items", "")
                    parts.append(self.shots(row.get("Shots", ""), row.get("Name", "")))
                    self.cite(title, paper)
                elif "leaderboard" in spec:
                    out |= self.leaderboard(benchmark, spec, row, model, before, value)
                    if not setting:
                        parts.append(self.listed_effort(row.get("Name", "")))
                else:
                    continue  # the hub names no origin
                out["setting"] = "; ".join(sorted(part for part in parts if part))
                if version:
                    self.aliases[version] = model
                yield out

    def resolve(self, version: str, name: str, title: str) -> tuple[str | None, str]:
        bare, setting = split(version)
        for moved in self.chosen["moved"]:
            elsewhere = title != moved.get("unless_source", title) or name == moved.get("name")
            if version == moved["version"] and elsewhere:
                return moved["to"] or None, setting
        return (self.of_version.get(bare.lower()) if version else self.of_name.get(name)), setting

    @staticmethod
    def listed_effort(name: str) -> str:
        """The reasoning setting a leaderboard writes into a model's name."""
        if listed := LISTED.search(name):
            return f"effort={listed.group(1).lower().replace('-', '')}"
        if "thinking" in name.lower():
            return "effort=none" if "non-thinking" in name.lower() else "thinking=on"
        return ""

    def leaderboard(
        self, benchmark: str, spec: Row, row: dict[str, str], model: str, before: set[tuple[str, str]], value: float
    ) -> Row:
        key = "board-" + re.sub(r"[^a-z0-9]+", "-", spec["leaderboard"].lower()).strip("-")
        title = f"{spec['leaderboard']} leaderboard, as collected in Epoch AI's hub"
        self.sources.setdefault(key, self.origin(title, spec["address"]))
        day = row.get(spec.get("date", ""), "")[:10]
        latest = "hub_before" if (row["Model version"], row[spec["column"]]) in before else "hub_copied"
        out: Row = {"evaluator": spec["leaderboard"], "relation": spec.get("relation", "independent"), "source": key}
        if "by" in spec and (who := row[spec["by"]]) and who not in spec["independent"]:
            out["evaluator"] = who
            out["relation"] = "first party" if self.same_house(model, who) else "unknown"
        out |= {"evaluated": day, "published": day or self.chosen[latest], "n": spec.get("items", "")}
        error = number(row.get(spec.get("se", ""), ""))
        out["se"] = error / spec.get("se_divided_by", 1) if error else None
        return out

    def earlier(self, spec: Row) -> set[tuple[str, str]]:
        """Version and score, as text, of the copy of November 2025 of the same leaderboard."""
        path = self.data / OLD / f"{spec.get('before', '')}.csv"
        if not path.is_file():
            return set()
        cells = [(row.get("Model version", ""), value) for row in rows(path) for value in row.values()]
        return {(version, value) for version, value in cells if version}

    def items(self, value: float, spec: Row) -> int | str:
        """Items behind a full run; nothing where the score shows that some were missing."""
        n = spec.get("run_items", spec["items"])
        exact = any(abs(value * n * epochs - round(value * n * epochs)) < 0.02 for epochs in (1, 2, 4, 8, 16, 32))
        return n if exact or len(str(value)) <= 6 else ""

    @staticmethod
    def shots(text: str, name: str) -> str:
        found = re.search(r"\d+", text) or re.search(r"(\d+)-shot", name)
        words = {"few": "few", "zero-shot": "0", "one-shot": "1"}
        plain = (
            found.group(found.lastindex or 0)
            if found
            else next((n for w, n in words.items() if w in f"{text} {name}".lower()), "")
        )
        return f"shots={plain}" if plain else ""

    def same_house(self, model: str, who: str) -> bool:
        theirs = {part.strip() for part in who.split(",")}
        ours = {part.strip() for part in self.organization[model].split(",")}
        for family in FAMILIES:
            if theirs & family:
                theirs |= family
        return bool(ours & theirs)

    def relation(self, model: str, paper: Row) -> str:
        if paper.get("independent"):
            return "independent"
        return "first party" if self.same_house(model, paper["by"]) else "unknown"

    def cite(self, title: str, paper: Row) -> None:
        full = next((t for t, p in self.chosen["papers"].items() if p["key"] == paper["key"]), title)
        self.sources.setdefault(paper["key"], self.origin(f"{full} (as collected in Epoch AI's hub)", paper["address"]))

    @staticmethod
    def origin(title: str, address: str) -> Row:
        licence = "CC BY 4.0 (Epoch AI's collection)"
        return {
            "title": title,
            "address": address,
            "licence": licence,
            "redistributable": True,
            "retrieved": "2026-04-29",
        }

    def benchpress_rows(self) -> Iterator[Row]:
        chosen = self.chosen["benchpress"]
        for row in rows(self.data / BENCHPRESS):
            model, benchmark = chosen["models"].get(row["model_id"]), chosen["benchmarks"].get(row["benchmark_id"])
            who = self.host(row["source_url"])
            if model is None or benchmark is None or who is None or row["audit_status"] == "dropped":
                continue
            parts = [f"{key}={row['setting_' + key]}" for key in ("mode", "effort", "tools", "sampling", "harness")]
            plain = {"tools=none", "harness=default", "harness=official", "sampling=pass@1", "effort=default"}
            parts = [part.replace(";", ",") for part in parts if not part.endswith("=") and part not in plain]
            spec = self.chosen["benchmarks"][benchmark]
            yield {
                "model": model, "version": "", "benchmark": benchmark, "score": round(float(row["score"]) / 100, 6),
                "setting": "; ".join(sorted(parts)), "n": spec["items"], "evaluator": who, "source": "benchpress",
                "relation": "first party" if self.same_house(model, who) else "unknown", "published": "2026-05",
            }  # fmt: skip

    def observed_rows(self) -> Iterator[Row]:
        chosen = self.chosen["observed"]
        for row in rows(self.data / chosen["table"]):
            model = chosen["models"].get(row["Model"])
            for column, (benchmark, setting) in chosen["columns"].items() if model else ():
                if row[column]:
                    n = self.chosen["benchmarks"][benchmark]["items"]
                    cell = {"model": model, "version": row["Model"], "benchmark": benchmark, "setting": setting, "n": n}
                    yield {**cell, "score": round(float(row[column]), 6), **chosen["row"]}

    def host(self, address: str) -> str | None:
        parts = urllib.parse.urlparse(address)
        path = parts.path.split("/")
        tries = [parts.netloc + "/".join(path[:k]) for k in (3, 2, 1)]
        return next(
            (self.chosen["benchpress"]["hosts"][t] for t in tries if t in self.chosen["benchpress"]["hosts"]), None
        )

    # ------------------------------------------------------------ together
    @staticmethod
    def distinct(found: Iterable[Row]) -> list[Row]:
        """Without repeats of one claim: equal score, settings that do not disagree, same day where both tell."""
        rank = {"first party": 0, "independent": 1, "unknown": 2}
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in sorted(
            found, key=lambda r: (rank[r["relation"]], -len(r["setting"]), str(r["published"]), r["version"])
        ):
            said = dict(part.split("=", 1) for part in row["setting"].split("; ") if part)
            row["said"] = said
            kept = groups[row["model"], row["benchmark"]]
            if not any(
                abs(row["score"] - other["score"]) < 0.0006
                and all(other["said"].get(key, value) == value for key, value in said.items())
                and (row["evaluator"] == other["evaluator"] or row["relation"] == "unknown")
                and (not row.get("evaluated") or not other.get("evaluated") or row["evaluated"] == other["evaluated"])
                for other in kept
            ):
                kept.append(row)
        return [row for group in groups.values() for row in group]

    @staticmethod
    def strongest(found: list[Row]) -> list[Row]:
        """Of a ladder of reasoning efforts that one evaluator tried in one set-up, the highest rung.

        A model here is a system at its best setting, as in Epoch's index: with every rung kept, the median of a cell
        would measure how many low settings somebody tried.
        """
        ladder = {"none": 0.0, "minimal": 1.0, "": 1.5, "low": 2.0, "medium": 3.0, "high": 4.0, "on": 4.0, "xhigh": 5.0}
        best: dict[tuple[str, ...], float] = {}
        for row in found:
            said = dict(row["said"])
            word = said.pop("effort", "") or said.pop("thinking", "")
            row["rung"] = 3 + int(word[:-1]) / 100 if word.endswith("K") else ladder.get(word, 6.0)
            rest = ";".join(f"{key}={value}" for key, value in sorted(said.items()))
            row["ladder"] = (row["model"], row["benchmark"], row["evaluator"], rest)
            best[row["ladder"]] = max(best.get(row["ladder"], 0.0), row["rung"])
        return [row for row in found if row["rung"] == best[row["ladder"]]]

    def thinned(self, found: list[Row]) -> list[Row]:
        """Papers often report one model at many shots, or repeat others' figures: two settings and two repeats suffice.

        Of one paper's claims about a cell, those with the fewest and the most shots stay; of figures that papers give
        for other people's models, the newest stays (the two newest where nobody else measured that cell).
        """
        paper = {spec["key"] for spec in self.papers.values() if spec}
        kept = [row for row in found if row["source"] not in paper]
        cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in found:
            if row["source"] in paper:
                cells[row["model"], row["benchmark"]].append(row)
        measured = {(row["model"], row["benchmark"]) for row in found if row["relation"] != "unknown"}
        for cell, claims in cells.items():
            chosen: list[Row] = []
            for source in dict.fromkeys(row["source"] for row in claims):
                mine = sorted((row for row in claims if row["source"] == source), key=self.shot_count)
                chosen += mine[:1] + mine[1:][-1:]
            others = sorted(
                (row for row in chosen if row["relation"] == "unknown"), key=lambda row: str(row["published"])
            )
            kept += [row for row in chosen if row["relation"] != "unknown"] + others[-1 if cell in measured else -2 :]
        return kept

    @staticmethod
    def shot_count(row: Row) -> tuple[float, str, float]:
        shots = row["said"].get("shots", "")
        return {"": -1.0, "few": 4.0}.get(shots) or float(shots or 0), row["version"], row["score"]

    def tables(self) -> dict[str, list[Row]]:
        models = list(self.model_rows(set(self.models)))
        self.organization = {row["model"]: row["organization"] for row in models}
        by_hand = [{"version": "", "setting": "", **row} for row in self.chosen["scores"]]
        found = [*self.hub_rows(), *self.benchpress_rows(), *self.observed_rows(), *by_hand]
        scores = self.thinned(self.strongest(self.distinct(found)))
        used = {row["model"] for row in scores}
        days = {row["model"]: row["released"] for row in models}
        place = {benchmark: k for k, benchmark in enumerate(self.chosen["benchmarks"])}
        scores.sort(
            key=lambda r: (place[r["benchmark"]], days[r["model"]], r["model"], r["version"], r["setting"], -r["score"])
        )
        for row in scores:
            se = row.get("se")
            row |= {"scale": "raw", "unit": "fraction", "score": f"{row['score']:.6g}", "se": f"{se:.4g}" if se else ""}
        benchmarks = []
        for benchmark, spec in self.chosen["benchmarks"].items():
            key = "about-" + re.sub(r"[^a-z0-9]+", "-", benchmark.lower()).strip("-")
            self.sources[key] = {
                **spec["source"],
                "licence": "facts, cited",
                "redistributable": True,
                "retrieved": self.recorded,
            }
            facts = {k: v for k, v in spec.items() if k in {c.name for c in TABLES["benchmarks"]} and k != "source"}
            unit = {"unit": "fraction", "higher_is_better": "true"}
            benchmarks.append({"benchmark": benchmark, **facts, **unit, "source": key, "published": spec["released"]})
        models = sorted(
            (row for row in models if row["model"] in used), key=lambda row: (row["released"], row["model"])
        )
        names = {row["model"] for row in models}
        aliases = [
            {
                "alias": alias,
                "refers_to": model,
                "kind": "model",
                "reviewed_by": "compiled by hand",
                "source": "epoch-index",
            }
            for alias, model in sorted(self.aliases.items())
            if alias not in names
            and alias not in {moved["version"] for moved in self.chosen["moved"]}
            and model in names
        ]
        tables = {"models": models, "benchmarks": benchmarks, "scores": scores, "aliases": aliases}
        cited = {row["source"] for table in tables.values() for row in table}
        tables["sources"] = [{"source": key, **row} for key, row in self.sources.items() if key in cited]
        return tables


def text(table: str, found: list[Row], recorded: str) -> str:
    out = io.StringIO()
    names = [column.name for column in TABLES[table]]
    writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in found:
        cells = {key: str(value).lower() if isinstance(value, bool) else value for key, value in row.items()}
        writer.writerow({**cells, "recorded": recorded})
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "data", nargs="?", type=Path, default=Path(os.environ.get("ASCENT_DATA", ROOT.parent / "shared/data"))
    )
    parser.add_argument("--out", type=Path, default=ROOT / "src/ascent/evidence/snapshot")
    options = parser.parse_args()
    compiler = Compiler(options.data)
    for table, found in compiler.tables().items():
        (options.out / f"{table}.csv").write_text(text(table, found, compiler.recorded), encoding="utf-8")
        print(f"{table:12}{len(found):6,} rows")
    about = (
        f'label = "bundled snapshot 2026-05"\nas_of = "{compiler.chosen["as_of"]}"\nrecorded = "{compiler.recorded}"\n'
    )
    (options.out / "snapshot.toml").write_text(about, encoding="utf-8")


if __name__ == "__main__":
    main()
