"""The report: every answer of one evidence in one HTML file that opens anywhere, offline.

`build_report(sections, evidence)` takes `Section`s (an answer, or why there is none) and returns the page. It knows no
question by name: what it shows comes from each result's headline, sheets, charts, diagnostics and manifest.
"""

from ascent.report.page import ESTIMATES, TITLE, build_report, counted
from ascent.report.section import Assumption, Section

__all__ = ["ESTIMATES", "TITLE", "Assumption", "Section", "build_report", "counted"]
