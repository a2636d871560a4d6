"""Figures and tables that everybody can read: seen, heard, printed or in a terminal.

A figure is a real ``<figure>`` with alt text and the same numbers as a real
``<table>``. Its bytes depend on the numbers alone, so a committed output can be compared.
"""

from course_lib.plots.charts import PALETTE, bar, gantt, line
from course_lib.plots.output import Figure, Table, figure, in_words, table

__all__ = ["PALETTE", "Figure", "Table", "bar", "figure", "gantt", "in_words", "line", "table"]
