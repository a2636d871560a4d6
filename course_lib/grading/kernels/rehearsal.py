"""Do once, in the warm process, what costs a notebook most when it does it for the first time.

A first traceback, table and figure load modules, fonts and styles. Nothing of it is left
but what is loaded: no open figure, no option, no name.
"""

import io
import sys
from typing import Any


def rehearse() -> None:
    """Show an error, and a table and a figure if their libraries are loaded."""
    _error()
    if "pandas" in sys.modules:
        _table()
    if "matplotlib" in sys.modules:
        _figure()


def _error() -> None:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.ultratb import AutoFormattedTB

    theme = InteractiveShell.colors.default_value
    shown: Any = AutoFormattedTB(mode="Context", theme_name=theme, tb_offset=1)  # type: ignore[no-untyped-call]
    try:
        raise AssertionError("rehearsal")
    except AssertionError as why:
        shown.structured_traceback(type(why), why, why.__traceback__)


def _table() -> None:
    import pandas as pd

    frame = pd.DataFrame({"code": ["I10", "E11.22"], "count": [1, 2]})
    repr(frame)
    frame._repr_html_()  # type: ignore[operator]  # what a notebook asks for
    repr(frame.groupby("code")["count"].sum())
    frame.merge(frame, on="code").sort_values("count_x")
    pd.read_csv(io.StringIO(frame.to_csv(index=False)))


def _figure() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([1, 2], label="rehearsal")
    axes.set_title("0123456789")
    axes.legend()
    FigureCanvasAgg(figure)
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
