"""Two example rows for each table of the schema: public facts where a table is about the world, made-up keys elsewhere.

They are published figures, so a template that is imported with its examples left in says nothing untrue.
"""

LLAMA, GPT3 = "The Llama 3 Herd of Models, arXiv:2407.21783", "Language Models are Few-Shot Learners, arXiv:2005.14165"
GPT4, CLAUDE3 = "GPT-4 Technical Report, arXiv:2303.08774", "The Claude 3 Model Family, model card of 2024-03-04"
MMLU = "Measuring Massive Multitask Language Understanding, arXiv:2009.03300"
GPQA = "GPQA: A Graduate-Level Google-Proof Q&A Benchmark, arXiv:2311.12022"

Row = dict[str, str]

EXAMPLES: dict[str, tuple[Row, Row]] = {
    "models": (
        {
            "model": "Llama 3.1 405B",
            "name": "Llama 3.1 405B",
            "organization": "Meta AI",
            "country": "United States of America",
            "access": "open weights",
            "released": "2024-07-23",
            "domain": "language",
            "parameters": "405B",
            "tokens": "15.6T",
            "training_compute_flop": "3.8e25",
            "compute_method": "disclosed",
            "source": LLAMA,
            "published": "2024-07-31",
        },
        {
            "model": "GPT-3 175B",
            "name": "GPT-3 175B",
            "organization": "OpenAI",
            "country": "United States of America",
            "access": "API access",
            "released": "2020-05-28",
            "domain": "language",
            "parameters": "175B",
            "tokens": "300B",
            "training_compute_flop": "3.14e23",
            "compute_method": "disclosed",
            "source": GPT3,
            "published": "2020-05-28",
        },
    ),
    "aliases": (
        {"alias": "gpt-4-0314", "refers_to": "GPT-4 (Mar 2023)", "kind": "model", "reviewed_by": "your name"},
        {"alias": "MATH Level 5", "refers_to": "MATH level 5", "kind": "benchmark", "reviewed_by": "your name"},
    ),
    "benchmarks": (
        {
            "benchmark": "MMLU",
            "released": "2020-09-07",
            "domain": "knowledge",
            "items": "14042",
            "chance": "0.25",
            "ceiling": "1",
            "unit": "fraction",
            "higher_is_better": "true",
            "source": MMLU,
            "published": "2020-09-07",
        },
        {
            "benchmark": "GPQA diamond",
            "released": "2023-11-20",
            "domain": "science",
            "items": "198",
            "chance": "0.25",
            "ceiling": "1",
            "unit": "fraction",
            "higher_is_better": "true",
            "source": GPQA,
            "published": "2023-11-20",
        },
    ),
    "scores": (
        {
            "model": "GPT-4 (Mar 2023)",
            "benchmark": "MMLU",
            "score": "86.4",
            "unit": "percent",
            "n": "14042",
            "setting": "shots=5",
            "evaluator": "OpenAI",
            "relation": "first party",
            "source": GPT4,
            "published": "2023-03-15",
        },
        {
            "model": "Claude 3 Opus",
            "benchmark": "MMLU",
            "score": "0.868",
            "unit": "fraction",
            "n": "14042",
            "setting": "shots=5",
            "evaluator": "Anthropic",
            "relation": "first party",
            "source": CLAUDE3,
            "published": "2024-03-04",
        },
    ),
    "runs": (
        {
            "run": "run-1",
            "model": "my-model",
            "benchmark": "my-benchmark",
            "started": "2026-01-31",
            "status": "success",
        },
        {"run": "run-2", "model": "my-model", "benchmark": "my-benchmark", "started": "2026-02-01", "status": "error"},
    ),
    "attempts": (
        {
            "model": "my-model",
            "benchmark": "my-benchmark",
            "item": "item-1",
            "epoch": "1",
            "success": "1",
            "family": "reading",
            "human_minutes": "1.5",
            "released": "2026-01-31",
            "tokens": "850",
        },
        {
            "model": "my-model",
            "benchmark": "my-benchmark",
            "item": "item-2",
            "epoch": "1",
            "success": "",
            "family": "coding",
            "human_minutes": "90",
            "released": "2026-01-31",
            "tokens": "1200",
            "state": "timeout",
        },
    ),
    "checkpoints": (
        {
            "training_run": "my-run",
            "benchmark": "my-benchmark",
            "step": "1000",
            "tokens": "2B",
            "compute_flop": "1.2e19",
            "score": "0.26",
            "items": "500",
            "phase": "pre-training",
        },
        {
            "training_run": "my-run",
            "benchmark": "my-benchmark",
            "step": "2000",
            "tokens": "4B",
            "compute_flop": "2.4e19",
            "score": "0.31",
            "items": "500",
            "phase": "pre-training",
        },
    ),
    "losses": (
        {"parameters": "70M", "tokens": "1.4B", "loss": "3.52", "experiment": "my-experiment"},
        {"parameters": "400M", "tokens": "8B", "loss": "2.87", "experiment": "my-experiment"},
    ),
    "watch": (
        {"date": "2026-01-31", "model": "my-model-1", "effective_compute_flop": "1e25", "evaluated": "true"},
        {"date": "2026-05-31", "model": "my-model-2", "effective_compute_flop": "3e25", "evaluated": "false"},
    ),
    "items": (
        {"benchmark": "my-benchmark", "item": "item-1", "family": "reading", "human_minutes": "90 s"},
        {"benchmark": "my-benchmark", "item": "item-2", "family": "coding", "human_minutes": "1h30"},
    ),
    "prices": (
        {
            "model": "GPT-4o (Aug 2024)",
            "provider": "OpenAI",
            "date": "2024-10-02",
            "usd_per_million_input": "2.5",
            "usd_per_million_output": "10",
            "source": "OpenAI API price list",
        },
        {
            "model": "Claude 3.5 Sonnet",
            "provider": "Anthropic",
            "date": "2024-06-20",
            "usd_per_million_input": "3",
            "usd_per_million_output": "15",
            "source": "Claude 3.5 Sonnet announcement, 2024-06-20",
        },
    ),
    "series": (
        {"series": "my-series", "entity": "my-company", "date": "2024-Q4", "value": "12.5", "unit": "billion USD/year"},
        {"series": "my-series", "entity": "my-company", "date": "2025-Q1", "value": "13.1", "unit": "billion USD/year"},
    ),
    "hardware": (
        {
            "chip": "NVIDIA A100 SXM4 80 GB",
            "manufacturer": "NVIDIA",
            "released": "2020-11-16",
            "peak_fp16_flop_per_s": "3.12e14",
            "memory_bytes": "8e10",
            "tdp_w": "400",
            "source": "NVIDIA A100 datasheet",
        },
        {
            "chip": "NVIDIA H100 SXM5 80 GB",
            "manufacturer": "NVIDIA",
            "released": "2022-09-21",
            "peak_fp16_flop_per_s": "9.89e14",
            "memory_bytes": "8e10",
            "tdp_w": "700",
            "source": "NVIDIA H100 datasheet",
        },
    ),
    "forecasts": (
        {
            "forecast": "forecast-1",
            "question": "my-question",
            "made": "2026-01-31",
            "by": "your name",
            "distribution": "normal(mean=150, sd=4)",
            "rule": "how it will be settled",
        },
        {
            "forecast": "forecast-2",
            "question": "my-question",
            "made": "2026-02-28",
            "by": "your name",
            "distribution": "normal(mean=151, sd=3)",
            "rule": "how it will be settled",
        },
    ),
    "resolutions": (
        {"question": "my-question", "resolved": "2026-12-31", "value": "152"},
        {"question": "my-other-question", "resolved": "2026-12-31", "value": "1"},
    ),
    "sources": (
        {"source": GPT4, "title": "GPT-4 Technical Report", "retrieved": "2026-01-31"},
        {"source": MMLU, "title": "Measuring Massive Multitask Language Understanding", "retrieved": "2026-01-31"},
    ),
}
