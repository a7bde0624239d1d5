"""Reading a large log of Inspect: ours against Inspect's own reader, on the same file in one run.

    python benchmarks/inspect_logs.py                       2,000 samples in 4 epochs
    python benchmarks/inspect_logs.py --inspect PYTHON      where Inspect is installed beside another Python
    python benchmarks/inspect_logs.py --full                also the reader that gives one sample at a time (minutes)

Needs      Inspect, which also writes the log: `pip install inspect-ai pandas`, or the extra `evals`
Log        header, sample and summary of a run of Inspect's mock model, repeated with other ids, texts, grades and
           usage; written once with summaries and once without, so that ours has to open every sample
Peer       `read_eval_log_sample_summaries`, `samples_df` of the summaries; `read_eval_log`, `read_eval_log_samples`
Compared   CPU from the path to rows, each in a process of its own, without imports, in turns; the middle of the repeats
Same       ids, epochs, grades and tokens of every attempt, by a digest
Wanted     15 times less CPU for summaries, 7 times less for samples
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

SUMMARIES_WANTED, SAMPLES_WANTED = 15, 7
WORTH = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
MODEL = "mockllm/model"


def digest(rows):
    """One text for the id, epoch, grade and tokens of every attempt, whatever their order and types."""
    lines = sorted(f"{item} {int(epoch)} {float(success):g} {int(tokens)}" for item, epoch, success, tokens in rows)
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"


def ours(path):
    import pyarrow  # noqa: F401  imports are not counted, on either side

    from ascent.evidence.originals import gather
    from ascent.evidence.sources import Options, inspect_batch  # noqa: F401
    from ascent.evidence.sources.inspect_logs import read
    from ascent.evidence.sources.known_benchmarks import known_benchmark

    known_benchmark("")  # the package's own list of names, which like an import is read once
    start = time.process_time()
    ((original, _),) = gather([path])
    table = read(original, Options()).tables["attempts"]
    spent = time.process_time() - start
    return spent, zip(*(table[name] for name in ("item", "epoch", "success", "tokens")), strict=True)


def summaries(path):
    from inspect_ai.log import read_eval_log_sample_summaries

    start = time.process_time()
    found = read_eval_log_sample_summaries(str(path))
    return time.process_time() - start, _rows(found)


def frame(path):
    from inspect_ai.analysis import SampleSummary, samples_df

    start = time.process_time()
    found = samples_df(str(path), columns=SampleSummary, quiet=True)
    spent = time.process_time() - start
    grades = [WORTH[letter] for letter in found["score_letters"]]
    return spent, zip(found["id"], found["epoch"], grades, found["total_tokens"], strict=True)


def samples(path):
    from inspect_ai.log import read_eval_log

    start = time.process_time()
    found = read_eval_log(str(path)).samples
    return time.process_time() - start, _rows(found)


def one_by_one(path):
    from inspect_ai.log import read_eval_log_samples

    start = time.process_time()
    found = list(_rows(read_eval_log_samples(str(path), all_samples_required=False)))
    return time.process_time() - start, found


def _rows(found):
    for one in found:
        yield one.id, one.epoch, WORTH[one.scores["letters"].value], one.model_usage[MODEL].total_tokens


READERS = {"ours": ours, "summaries": summaries, "frame": frame, "samples": samples, "one by one": one_by_one}


def write(folder, items, epochs):
    """A log of Inspect's own making, grown: the members are its own, with other ids, texts, grades and usage."""
    import zipfile

    from inspect_ai._util.json import to_json_safe
    from inspect_ai._util.zipfile import zipfile_compress_kwargs
    from inspect_ai.log import read_eval_log

    log, sample = _seed_log(folder)
    dice = random.Random(0)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 10))) for _ in range(5_000)]
    with_summaries, without = folder / "log.eval", folder / "bare.eval"
    listed = []
    with zipfile.ZipFile(without, "w", **zipfile_compress_kwargs) as bare:
        for number in range(items):
            for epoch in range(1, epochs + 1):
                grown = _grown(sample, f"item-{number:05d}", epoch, dice, words)
                whole = type(log.samples[0]).model_validate(grown)
                listed.append(whole.summary())
                bare.writestr(f"samples/{whole.id}_epoch_{epoch}.json", to_json_safe(whole, indent=None))
        header = log.model_dump(mode="json", exclude_none=True, exclude={"samples", "reductions", "location", "etag"})
        header["eval"]["dataset"] |= {"samples": items, "sample_ids": [f"item-{n:05d}" for n in range(items)]}
        header["eval"]["config"]["epochs"] = epochs
        header["results"] |= {"total_samples": items * epochs, "completed_samples": items * epochs, "scores": []}
        bare.writestr("header.json", to_json_safe(header, indent=None))
    with_summaries.write_bytes(without.read_bytes())
    with zipfile.ZipFile(with_summaries, "a", **zipfile_compress_kwargs) as target:
        target.writestr("summaries.json", to_json_safe(listed, indent=None))
    size = sum(entry.file_size for entry in zipfile.ZipFile(without).infolist())
    checked = read_eval_log(str(with_summaries), header_only=True)
    packed = without.stat().st_size
    print(f"{checked.results.total_samples:,} samples, {packed / 1e6:.0f} MB packed, {size / 1e6:.0f} MB unpacked")


def _seed_log(folder):
    from inspect_ai import Task, eval
    from inspect_ai.dataset import Sample
    from inspect_ai.log import read_eval_log
    from inspect_ai.model import ModelOutput, ModelUsage, get_model
    from inspect_ai.scorer import Score, accuracy, scorer, stderr
    from inspect_ai.solver import generate

    @scorer(metrics=[accuracy(), stderr()])
    def letters():
        async def score(_state, _target):
            return Score(value="C", answer="yes", explanation="because")

        return score

    def answer(*_):
        output = ModelOutput.from_content(MODEL, "yes")
        output.usage = ModelUsage(input_tokens=11, output_tokens=7, total_tokens=18)
        return output

    model = get_model(MODEL, custom_outputs=answer)
    task = Task(dataset=[Sample(id="a", input="?", target="yes")], solver=generate(), scorer=letters())
    (log,) = eval(task, model=model, log_dir=str(folder), log_format="eval", display="none")
    log = read_eval_log(log.location)
    (sample,) = log.samples
    return log, sample.model_dump(mode="json", exclude_none=True)


def _grown(sample, item, epoch, dice, words):
    """A sample with six turns of a conversation, and an event for each call of the model."""

    def text(count):
        return " ".join(dice.choices(words, k=count))

    messages = [{**sample["messages"][0], "content": text(120)}]
    call = next(event for event in sample["events"] if event["event"] == "model")
    events = [event for event in sample["events"] if event["event"] != "model"]
    for _ in range(6):
        messages.append({**sample["messages"][-1], "content": text(250)})
        messages.append({**sample["messages"][0], "content": text(60)})
        events.append({**call, "input": messages[-3:]})
    given, written = dice.randint(100, 5_000), dice.randint(10, 900)
    usage = {"input_tokens": given, "output_tokens": written, "total_tokens": given + written}
    score = {"value": dice.choice("CCIPN"), "answer": text(3), "explanation": text(80), "history": []}
    return {
        **sample,
        "id": item,
        "epoch": epoch,
        "uuid": f"{item}-{epoch}",
        "input": messages[0]["content"],
        "target": text(1),
        "messages": messages,
        "events": events,
        "scores": {"letters": score},
        "model_usage": {MODEL: usage},
    }


def measured(python, reader, path):
    """CPU seconds and digest of one reader in a process of its own."""
    command = [python, __file__, "--reader", reader, "--log", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["cpu"], told["digest"]


def compare(python, folder, repeats, full):
    """Every reader in turns, the digests compared, the ratios printed."""
    log, bare = folder / "log.eval", folder / "bare.eval"
    jobs = [("ours", log), ("summaries", log), ("frame", log), ("ours", bare), ("samples", bare)]
    jobs += [("one by one", bare)] * full
    spent, digests = {job: [] for job in jobs}, set()
    for turn in range(repeats):
        for reader, path in jobs:
            if turn and reader == "one by one":
                continue
            cpu, found = measured(sys.executable if reader == "ours" else python, reader, path)
            spent[reader, path].append(cpu)
            digests.add(found)
    if len(digests) > 1:
        raise SystemExit(f"the readers do not agree: {sorted(digests)}")
    middle = {job: statistics.median(times) for job, times in spent.items()}
    print(f"the same ids, epochs, grades and tokens by every reader: {digests.pop()}")
    for reader, path in jobs:
        if reader == "ours":
            print(f"ours, {'summaries' if path == log else 'samples opened':<31}{middle[reader, path]:8.3f} s")
            continue
        ratio = middle[reader, path] / middle["ours", path]
        wanted = SUMMARIES_WANTED if path == log else SAMPLES_WANTED
        print(f"Inspect, {reader:<28}{middle[reader, path]:8.3f} s {ratio:7.1f} times ours (wanted {wanted})")
    ratio = middle["samples", bare] / middle["ours", log]
    print(f"where the summaries suffice, ours opens no sample: {ratio:.0f} times less than reading them")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--inspect", default=sys.executable, help="a Python with inspect_ai and pandas")
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.reader:
        cpu, rows = READERS[told.reader](told.log)
        print(json.dumps({"cpu": cpu, "digest": digest(rows)}))
    elif told.write:
        write(told.write, told.items, told.epochs)
    elif told.inspect == sys.executable and find_spec("inspect_ai") is None:
        print("Inspect is not here: `pip install inspect-ai pandas`, or name a Python that has it with --inspect.")
    else:
        with tempfile.TemporaryDirectory() as folder:
            size = ["--items", str(told.items), "--epochs", str(told.epochs)]
            quiet = {**os.environ, "INSPECT_DISPLAY": "none"}
            subprocess.run([told.inspect, __file__, "--write", folder, *size], check=True, env=quiet)
            compare(told.inspect, Path(folder), told.repeats, told.full)


if __name__ == "__main__":
    main()
