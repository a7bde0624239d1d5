"""Image classifiers by error on ImageNet and training compute.

Files    one model per row: publication_date (month/day/year), model_name, top_1_error and top_5_error in percent,
         final_compute_estimate in FLOP, nr_training_images, parameter_count, extra_data, url of the paper
Gives    `models` (training compute, parameters, images as `tokens`) and `scores` on ImageNet top-1 and top-5, as shares
         that are right: 1 - error. Names that stand for several rows get their image size or training images added.
         Rows are credited to the paper, so that models of one paper can be taken as a group
Source   Erdil and Besiroglu 2022, Algorithmic progress in computer vision, arXiv:2212.05153, data
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "ImageNet models"
DATE, MODEL, TOP1, TOP5 = "publication_date", "model_name", "top_1_error", "top_5_error"
FLOP, IMAGES, SIZE, PAPER = "final_compute_estimate", "nr_training_images", "parameter_count", "url"
EXTRA, INPUT = "extra_data", "input_size_test"
AGAIN = ("year", "Month", "Day", "fractional_year")  # what the date says already
NONE = ("", "NA")
BENCHMARKS = {"ImageNet top-1": (TOP1, 0.001), "ImageNet top-5": (TOP5, 0.005)}
RELEASED = "2012-01-01"  # of the 1,000 classes as they are tested here
CREDIT = "Erdil and Besiroglu, Algorithmic progress in computer vision, data"
ADDRESS = "https://github.com/Besiroglu/computer_vision_data"
ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d\d)(\d\d)\.\d{4,5}")


def recognises(original: Original) -> bool:
    """True for a header with name, error and compute of classifiers."""
    return {MODEL, TOP1, FLOP, DATE} <= set(header_of(original) or ())


def read(original: Original, options: Options) -> Batch:
    """Models and scores; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require([DATE, MODEL, TOP1, FLOP])
    names, day = desk.text(MODEL, required=True), desk.date(DATE, "month/day/year", required=True)
    flop = desk.flop(FLOP, missing=NONE, outliers="note")
    images, size = desk.number(IMAGES, low=0.0, missing=NONE), desk.number(SIZE, low=0.0, missing=NONE)
    extra, width = desk.flag(EXTRA, missing=NONE), desk.text(INPUT, missing=NONE)
    shares = {name: desk.share(column, unit="percent", missing=NONE) for name, (column, _) in BENCHMARKS.items()}
    papers = desk.text(PAPER)
    _swapped(desk, papers, day)
    desk.finish()
    called = _apart(names, width, images)
    own = options.source or CREDIT
    key = [_paper(paper) or own for paper in papers]
    models = [
        {"model": name, "name": told, "released": when, "domain": "vision", "parameters": parameters, "tokens": seen,
         "training_compute_flop": spent, "source": source}
        for name, told, when, parameters, seen, spent, source
        in zip(called, names, day, size, images, flop, key, strict=True)
    ]  # fmt: skip
    scores: list[dict[str, Any]] = []
    lines: list[int] = []
    for benchmark, errors in shares.items():
        for at, (name, error) in enumerate(zip(called, errors, strict=True)):
            if error is not None:
                more = "extra data=yes" if extra[at] else None
                scores.append(
                    {"model": name, "benchmark": benchmark, "score": 1 - error, "scale": "raw", "unit": "fraction",
                     "setting": more, "relation": "first party", "source": key[at], "published": day[at]}
                )  # fmt: skip
                lines.append(desk.table.lines[at])
    known = [
        {"benchmark": name, "released": RELEASED, "domain": "vision", "items": 50_000, "chance": chance,
         "unit": "fraction", "higher_is_better": True, "source": own}
        for name, (_, chance) in BENCHMARKS.items()
    ]  # fmt: skip
    sources = [{"source": own, "title": CREDIT, "address": ADDRESS, "licence": "none stated", "redistributable": False}]
    sources += epoch.cited((_paper(paper), paper) for paper in papers if paper)
    tables = epoch.tables(options, models=models, benchmarks=known, scores=scores, sources=sources)
    used = (DATE, MODEL, TOP1, TOP5, FLOP, IMAGES, SIZE, PAPER, EXTRA, INPUT, *AGAIN)
    return Batch(NAME, tables, desk.notes, desk.unused(used), {"models": desk.table.lines, "scores": lines})


def _paper(address: str | None) -> str | None:
    """The address without its version, so that one paper is one group."""
    return re.sub(r"v\d+(\.pdf)?$", "", address) if address else None


def _apart(
    names: Sequence[str | None], width: Sequence[str | None], images: Sequence[float | None]
) -> list[str | None]:
    """Names that are each one model: repeated ones with image size, else with training images, else numbered."""
    called = list(names)
    for more in (
        [f"{one} px" if one else None for one in width],
        [f"{one:.3g} images" if one else None for one in images],
    ):
        often = Counter(called)
        called = [
            f"{name} ({what})" if name and often[name] > 1 and what else name
            for name, what in zip(called, more, strict=True)
        ]
    met: Counter[str | None] = Counter()
    for at, name in enumerate(called):
        met[name] += 1
        called[at] = f"{name} ({met[name]})" if name and met[name] > 1 else name
    return called


def _swapped(desk: Desk, papers: Sequence[str | None], days: Sequence[str | None]) -> None:
    """Mark dates whose month is not that of the paper while day and month exchanged would fit it."""
    odd = []
    for row, (paper, day) in enumerate(zip(papers, days, strict=True)):
        met = ARXIV.search(paper or "")
        if met and day and len(day) == 10 and (day[2:4], day[5:7]) != met.groups():
            odd += [row] if (day[2:4], day[8:10]) == met.groups() else []
    if odd:
        desk.note("warning", "dates", f"day and month look exchanged in {desk.rows_text(odd)}; kept as told.")
