"""Charts as data: a table in, a Vega-Lite specification out, with title, interval, source and date on the picture.

One row per thing: `ranking`, `strip`, `calibration`, `outcomes`. Two axes: `timeline`, `curves`, `scatter_fit`. A grid:
`heatmap`. Many small plots: `panels`, `overlay`, `slopes`.
Every builder takes `title` (a sentence) and `manifest` (its source and date stand under the chart); `rows(spec)` is the
data drawn. Plain dictionaries, so that an answer costs no import of a chart library; a notebook makes an Altair chart
of one with `altair.Chart.from_dict(spec)`.
"""

from ascent.core.charts.amounts import outcomes, worded
from ascent.core.charts.heatmap import heatmap
from ascent.core.charts.lines import curves, scatter_fit, timeline
from ascent.core.charts.panels import panels
from ascent.core.charts.rows import calibration, ranking, strip
from ascent.core.charts.runs import overlay, slopes
from ascent.core.charts.theme import caption
from ascent.core.charts.variants import bare, follows_page, narrow, rows, words

__all__ = [
    "bare",
    "calibration",
    "caption",
    "curves",
    "follows_page",
    "heatmap",
    "narrow",
    "outcomes",
    "overlay",
    "panels",
    "ranking",
    "rows",
    "scatter_fit",
    "slopes",
    "strip",
    "timeline",
    "worded",
    "words",
]
