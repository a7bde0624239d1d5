"""Logs of Inspect, the evaluation framework of the UK AI Security Institute: `.eval` files and logs in JSON.

Reads    the header (task, model, plan, results, usage), and each attempt from the summaries; transcripts are opened
         only where the summaries lack something. A newer layout goes through Inspect's own reader, where installed
Gives    `runs`, `attempts` (one per sample, epoch and scorer), `scores` (one a run), `items`, `benchmarks`. Epochs are
         kept one by one. The score is that of the scorer the task declares, else of the first; the run names all its
         scorers in that order, and what else the log measures on the same answers is named at import
Names    `openai/gpt-4o` is the model gpt-4o served by openai; the whole stays in the scores' `version`. The benchmark
         is the task, in the spelling of the known one of the same letters; a score that is no mean of single tries
         (another metric, another reducer) says so: `task [pass_at_16]`
Leaves   questions, answers, targets, explanations, prompts, metadata, addresses, arguments and texts of errors
Refuses  runs that did not end well (status error, cancelled, started) and invalidated logs, unless asked for with
         --partial; their rows of `runs` are then marked, and they give no scores
Layout   inspect_ai, log versions 1 and 2; not a frozen public format, so versions seen are listed in the method page
"""

from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.inspect_zip import is_log

NAME = "Inspect log"
STORED = True
KEYS = (b'"status"', b'"eval"', b'"task"', b'"dataset"', b'"model"')
HEAD = 1 << 16  # bytes of a JSON file that are looked at before it is called a log
FIRST = 200  # bytes that hold the version and the status of a log


def recognises(original: Original) -> bool:
    """True for a ZIP file with the members of a log, and for JSON that begins as a log does."""
    if original.data[:2] == b"PK":
        with original.opened() as data:
            return is_log(data)
    head = original.data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] != b"{":
        return False
    # What begins as Inspect writes it is searched whole: a damaged log should be told what is wrong with it.
    begins = all(key in head[:FIRST] for key in (b'"version"', b'"status"'))
    return all(key in (original.data if begins else head) for key in KEYS)


def read(original: Original, options: Options) -> Batch:
    """Runs, attempts and scores of one log; raises BadInput for what is damaged, unfinished or not understood."""
    from ascent.evidence.sources.inspect_batch import batch  # with msgspec, which other files do without

    return batch(NAME, original, options)


def stripped(original: Original, options: Options) -> Original:
    """The log with only what is read of it, for a store to keep; raises BadInput as `read` does for damage."""
    from ascent.evidence.sources import inspect_kept

    return inspect_kept.stripped(original, partial=options.partial)
