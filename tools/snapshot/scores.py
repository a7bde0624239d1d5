"""Scores: Epoch's hub tables, a second table of claims, one group's evaluations of open models."""

import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from snapshot.reading import Row, number, rows, split

HUB, OLD = "benchmark_hub/2026-05", "eci/2025-11"
BENCHPRESS = "score_tables/benchpress_2026-05/scores.csv"
LISTED = re.compile(r"\((?:[^()]*\W)?(minimal|low|medium|x-?high|high|max|none)\)", re.IGNORECASE)
FAMILIES = (
    {"Google", "DeepMind", "Google DeepMind", "Google Research", "Google Brain"},
    {"Meta AI", "Meta", "Facebook AI"},
)


class Found:
    """Every claim about a chosen model and benchmark, and the sources and spellings met on the way."""

    def __init__(self, data: Path, chosen: Row, organization: dict[str, str]) -> None:
        self.data, self.chosen, self.organization = data, chosen, organization
        models: dict[str, Row] = chosen["models"]
        self.of_version = {v.lower(): m for m, spec in models.items() for v in spec.get("versions", ())}
        self.of_name = {n: m for m, spec in models.items() for n in spec.get("names", ())}
        self.papers = {"": None, **chosen["papers"]}
        self.papers |= {other: self.papers[title] for other, title in chosen["papers_respelled"].items()}
        self.sources: dict[str, Row] = {key: dict(row) for key, row in chosen["sources"].items()}
        self.aliases: dict[str, str] = {}

    def hub_rows(self) -> Iterator[Row]:
        mistaken = {(wrong["table"], wrong["version"], wrong["score"]) for wrong in self.chosen["mistaken"]}
        for benchmark, spec in self.chosen["benchmarks"].items():
            if "table" not in spec:
                continue
            before = self.earlier(spec)
            for row in rows(self.data / HUB / f"{spec['table']}.csv"):
                score = row[spec.get("column", "mean_score")]
                version, title = row["Model version"], row.get("Source", "")
                model, setting = self.resolve(version, row.get("Name", ""), title)
                wanted = all(row[column] in values for column, values in spec.get("only", {}).items())
                if not score or model is None or not wanted or (spec["table"], version, score) in mistaken:
                    continue
                value = float(score) / (100 if spec.get("percent") else 1)
                out: Row = {"model": model, "version": version, "benchmark": benchmark, "score": value}
                parts = [setting, spec.get("setting", "")]
                parts += [f"{ours}={row[theirs]}" for theirs, ours in spec.get("parts", {}).items() if row[theirs]]
                paper = self.papers.get(title)
                if spec.get("runs"):
                    day = row["Started at"][:10]  # Epoch publishes a run when it is done
                    out |= {"evaluator": "Epoch AI", "relation": "independent", "source": "epoch-hub"}
                    out |= {
                        "evaluated": day,
                        "published": day or self.chosen["hub_copied"],
                        "n": items(value, spec, number(row["stderr"])),
                    }
                    out["se"] = number(row["stderr"]) if 0 < value < 1 else None
                elif paper:
                    out |= {"evaluator": paper["by"], "relation": self.relation(model, paper)}
                    out |= {"source": paper["key"], "published": paper["published"]}
                    out["n"] = "" if paper.get("subset") else spec.get("items", "")
                    parts.append(shots(row.get("Shots", ""), row.get("Name", "")))
                    self.cite(title, paper)
                elif "leaderboard" in spec:
                    out |= self.leaderboard(spec, row, model, before)
                    if not setting:
                        parts.append(listed_effort(row.get("Name", "")))
                else:
                    continue  # the hub names no origin
                out["setting"] = "; ".join(sorted(part for part in parts if part))
                if named := self.of_version.get(split(version)[0].lower()):
                    self.aliases[version] = named
                yield out

    def resolve(self, version: str, name: str, title: str) -> tuple[str | None, str]:
        bare, setting = split(version)
        for moved in self.chosen["moved"]:
            elsewhere = title != moved.get("unless_source", title) or name == moved.get("name")
            if version == moved["version"] and elsewhere:
                return moved["to"] or None, setting
        return (self.of_version.get(bare.lower()) if version else self.of_name.get(name)), setting

    def leaderboard(self, spec: Row, row: dict[str, str], model: str, before: set[tuple[str, str]]) -> Row:
        key = "board-" + re.sub(r"[^a-z0-9]+", "-", spec["leaderboard"].lower()).strip("-")
        title = f"{spec['leaderboard']} leaderboard, as collected in Epoch AI's hub"
        self.sources.setdefault(key, origin(title, spec["address"]))
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
        self.sources.setdefault(paper["key"], origin(f"{full} (as collected in Epoch AI's hub)", paper["address"]))

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


def listed_effort(name: str) -> str:
    """The reasoning setting a leaderboard writes into a model's name."""
    if listed := LISTED.search(name):
        return f"effort={listed.group(1).lower().replace('-', '')}"
    if "thinking" in name.lower():
        return "effort=none" if "non-thinking" in name.lower() else "thinking=on"
    return ""


def items(value: float, spec: Row, error: float | None) -> int | str:
    """Items behind a full run; nothing where score or standard error shows that some were missing."""
    n: int = spec.get("run_items") or spec["items"]
    exact = any(abs(value * n * epochs - round(value * n * epochs)) < 0.02 for epochs in (1, 2, 4, 8, 16, 32))
    fewer = error is not None and error > 1.2 * (value * (1 - value) / n) ** 0.5 and 0 < value < 1
    return n if (exact or len(str(value)) <= 6) and not fewer else ""


def shots(text: str, name: str) -> str:
    found = re.search(r"\d+", text) or re.search(r"(\d+)-shot", name)
    words = {"few": "few", "zero-shot": "0", "one-shot": "1"}
    if found:
        return f"shots={found.group(found.lastindex or 0)}"
    plain = next((n for word, n in words.items() if word in f"{text} {name}".lower()), "")
    return f"shots={plain}" if plain else ""


def origin(title: str, address: str) -> Row:
    licence = "CC BY 4.0 (Epoch AI's collection)"
    return {
        "title": title,
        "address": address,
        "licence": licence,
        "redistributable": True,
        "retrieved": "2026-04-29",
    }
