"""Test perplexity of language models by paper, on texts that were used for many years.

Files    one result per row: dataset, metric (perplexity per word, or bits_per_character), model, year,
         first_seen_month, arxiv_id, test, dynamic_eval (the model went on learning from the test text)
Gives    `series`: one per dataset and unit, `language model perplexity: DATASET`; the entity is the model, the note
         tells dynamic evaluation. No compute is given, so none is read
Source   sebastianruder/NLP-progress, MIT
"""

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "language model perplexities"
COLUMNS = ("dataset", "metric", "model", "year", "test")
MORE = ("first_seen_month", "arxiv_id", "dynamic_eval")
UNITS = {"perplexity": "perplexity per word", "bits_per_character": "bit per character"}
SERIES = "language model perplexity: "
DYNAMIC = "dynamic evaluation"
CREDIT, ADDRESS = "NLP-progress, language modeling", "https://github.com/sebastianruder/NLP-progress"


def recognises(original: Original) -> bool:
    """True for a header with dataset, metric, model, year and test result."""
    return {*COLUMNS, "dynamic_eval"} <= set(header_of(original) or ())


def read(original: Original, options: Options) -> Batch:
    """The results as series; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    desk.require(COLUMNS)
    dataset, metric, model = (desk.text(name, required=True) for name in COLUMNS[:3])
    year, month = desk.whole("year", low=1980, high=2100), desk.date("first_seen_month")
    test, dynamic, paper = desk.number("test", low=0.0), desk.flag("dynamic_eval"), desk.text("arxiv_id")
    for row, (told, value) in enumerate(zip(metric, test, strict=True)):
        if told and told not in UNITS:
            desk.problem(row, "metric", f"'{told}'", "one of " + ", ".join(UNITS), "Correct the value.")
        elif value is not None and value <= (1.0 if told == "perplexity" else 0.0):
            desk.problem(row, "test", f"{value:g}", "a perplexity above 1, or bits above 0", "Correct the value.")
    desk.finish()
    own = options.source or CREDIT
    rows, lines = [], []
    for at, value in enumerate(test):
        if value is not None:
            rows.append(
                {"series": f"{SERIES}{dataset[at]}", "entity": model[at], "value": value,
                 "date": month[at] or (str(year[at]) if year[at] else None), "unit": UNITS[str(metric[at])],
                 "note": DYNAMIC if dynamic[at] else None, "source": f"arXiv:{paper[at]}" if paper[at] else own}
            )  # fmt: skip
            lines.append(desk.table.lines[at])
    absent = [at for at, value in enumerate(test) if value is None]
    if absent:
        desk.note("info", "no test result", f"{desk.rows_text(absent)} have no test result and were left out.")
    credit = [{"source": own, "title": CREDIT, "address": ADDRESS, "licence": "MIT", "redistributable": True}]
    credit += epoch.cited((f"arXiv:{one}", f"https://arxiv.org/abs/{one}") for one in paper if one)
    tables = epoch.tables(options, series=rows, sources=credit)
    return Batch(NAME, tables, desk.notes, desk.unused((*COLUMNS, *MORE, "level")), {"series": lines})
