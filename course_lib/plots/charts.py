"""Charts: bars, lines, and a plan as bars through time."""

import textwrap
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError
from course_lib.plots.output import Figure, figure, text_of

if TYPE_CHECKING:
    import pandas as pd

# Okabe and Ito, "Color Universal Design" (2008): eight colours that stay apart with
# every common kind of colour blindness. Yellow is left out: it is too pale on white.
PALETTE = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "orange": "#E69F00",
    "black": "#000000",
}

_DASHES: tuple[Any, ...] = ("-", "--", ":", "-.")
_LABEL = 48  # characters of a bar's name that are drawn; the table has it whole
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # matplotlib ships it, so it is the same on every machine
    "font.size": 11,
    "axes.titlesize": 13,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
}


def bar(
    values: "pd.Series[Any]",
    *,
    title: str,
    unit: str,
    alt: str,
    caption: str = "",
    highlight: Collection[str] = (),
    log: bool = False,
) -> Figure:
    """Draw horizontal bars, the first value on top, each with its number.

    Parameters
    ----------
    values : Series
        One number a bar; the index holds the names of the bars, and its name is the
        heading of the first column of the table.
    title, unit, alt, caption : str
        As in `figure`; `unit` labels the axis ("billable codes").
    highlight : collection of str
        Names of bars to draw in a second colour, with a hatch as well, so that the
        difference does not rest on colour alone.
    log : bool
        Draw a logarithmic axis and say so in its label.

    Examples
    --------
    >>> import pandas as pd
    >>> bar(pd.Series({"A": 2, "B": 1}), title="Visits", unit="visits", alt="A has 2 visits, B has 1.")
    Figure: Visits. A has 2 visits, B has 1.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as MplFigure

    if values.empty:
        raise CourseError("there is nothing to draw.", remedy="No value is left: check the filter.")
    names = [str(name) for name in values.index]
    with mpl.rc_context():
        mpl.rcdefaults()  # a learner's own matplotlibrc must not change the picture
        mpl.rcParams.update(_STYLE)
        labels = [textwrap.shorten(name, _LABEL, placeholder=" ...") for name in names]
        fig = MplFigure(figsize=(8, 0.9 + 0.32 * len(names)), layout="constrained")
        ax = fig.add_subplot()
        marked = [name in highlight for name in names]
        bars = ax.barh(
            range(len(names)),
            values.to_list(),
            tick_label=labels,
            color=[PALETTE["vermillion"] if mark else PALETTE["blue"] for mark in marked],
            hatch=["//" if mark else "" for mark in marked],
            edgecolor="white",
        )
        ax.bar_label(bars, labels=[text_of(value) for value in values], padding=3)
        ax.invert_yaxis()
        ax.set_title(title, loc="left")
        ax.set_xlabel(f"{unit} (logarithmic scale)" if log else unit)
        if log:
            ax.set_xscale("log")
        ax.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))
        ax.margins(x=0.12, y=0.01)
        named = values.rename(unit).rename_axis(str(values.index.name or "bar"))
        return figure(fig, alt=alt, title=title, table=named, caption=caption)


def line(
    frame: "pd.DataFrame",
    *,
    title: str,
    unit: str,
    alt: str,
    x: str = "",
    caption: str = "",
    marks: Mapping[Any, str] | None = None,
) -> Figure:
    """Draw one line a column against the first column, told apart by dash as well as by colour.

    Parameters
    ----------
    frame : DataFrame
        First column: dates or numbers, in order. Every other column is a line of at most
        four; a missing value breaks it.
    title, unit, alt, caption : str
        As in `figure`; `unit` labels the upright axis.
    x : str
        Label of the other axis; the name of the first column when left out.
    marks : mapping, optional
        Upright lines: where, and what they say ("ICD-10-CM begins").

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"year": [2024, 2025], "visits": [2, 3]})
    >>> line(rows, title="Visits", unit="visits a year", alt="From 2 to 3.")
    Figure: Visits. From 2 to 3.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as MplFigure

    first, *names = frame.columns
    if frame.empty or not 1 <= len(names) <= len(_DASHES):
        raise CourseError(
            "there is nothing to draw.", remedy="Give rows, and one to four columns of numbers."
        )
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        fig = MplFigure(figsize=(9, 4), layout="constrained")
        ax = fig.add_subplot()
        for name, dash, colour in zip(names, _DASHES, PALETTE.values(), strict=False):
            ax.plot(frame[first].array, frame[name].array, linestyle=dash, color=colour, label=str(name))
        for at, says in (marks or {}).items():
            ax.axvline(at, color=PALETTE["black"], linewidth=0.8)
            ax.annotate(f" {says}", (at, 1), xycoords=("data", "axes fraction"), va="top", fontsize=9)
        if len(names) > 1:
            ax.legend(frameon=False)
        ax.set_ylim(bottom=0)
        ax.margins(x=0.01)
        ax.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))
        ax.set_title(title, loc="left")
        ax.set_xlabel(x or str(first))
        ax.set_ylabel(unit)
        return figure(fig, alt=alt, title=title, table=frame, caption=caption)


def gantt(frame: "pd.DataFrame", *, title: str, alt: str, caption: str = "") -> Figure:
    """Draw one bar a row from its first to its last day, the first row on top.

    Parameters
    ----------
    frame : DataFrame
        Three columns: a name, a first day and a last day (``datetime.date``). A row of
        one day is drawn as a diamond.
    title, alt, caption : str
        As in `figure`.

    Examples
    --------
    >>> import pandas as pd
    >>> from datetime import date
    >>> rows = pd.DataFrame({"step": ["Read"], "from": [date(2027, 1, 4)], "to": [date(2027, 2, 1)]})
    >>> gantt(rows, title="Plan", alt="One step, in January 2027.")
    Figure: Plan. One step, in January 2027.
    """
    import matplotlib as mpl
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.figure import Figure as MplFigure

    if frame.empty:
        raise CourseError("there is nothing to draw.", remedy="Give a frame with at least one row.")
    rows = list(frame.itertuples(index=False, name=None))
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        fig = MplFigure(figsize=(9, 1.3 + 0.42 * len(rows)), layout="constrained")
        ax = fig.add_subplot()
        for n, (_, first, last) in enumerate(rows):
            length = (last - first).days + 1
            if length == 1:
                ax.plot(first, n, marker="D", markersize=9, color=PALETTE["vermillion"])
            else:
                bar = (first, timedelta(days=length))
                ax.broken_barh([bar], (n - 0.32, 0.64), facecolor=PALETTE["blue"])  # type: ignore[list-item]
        ax.set_yticks(
            range(len(rows)), [textwrap.shorten(str(r[0]), _LABEL, placeholder=" ...") for r in rows]
        )
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.xaxis.set_major_locator(locator := AutoDateLocator(minticks=4, maxticks=9))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]
        ax.grid(axis="x", color="#d4d7db", linewidth=0.8)
        ax.set_axisbelow(True)
        ax.set_title(title, loc="left")
        ax.set_xlabel("date")
        return figure(fig, alt=alt, title=title, table=frame, caption=caption)
