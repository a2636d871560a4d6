"""Figures and tables that everybody can read: seen, heard, printed or in a terminal.

A figure is a real ``<figure>`` with alt text and the same numbers as a real
``<table>``. Its bytes depend on the numbers alone, so a committed output can be compared.
"""

import base64
import io
import sys
import textwrap
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as MplFigure

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

_DPI = 110
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


@dataclass(frozen=True)
class Table:
    """A small table with a caption and row and column headers; see `table`."""

    frame: "pd.DataFrame"
    caption: str

    @classmethod
    def of(cls, data: "pd.DataFrame | pd.Series[Any]", caption: str) -> "Table":
        """Return `data` with a caption; a named index becomes the first column."""
        import pandas as pd

        if not caption.strip():
            raise CourseError(
                "the table has no caption.", remedy="Say what it holds: caption='Codes by chapter'"
            )
        frame = data if isinstance(data, pd.DataFrame) else data.to_frame()
        named = any(name is not None for name in frame.index.names)
        frame = frame.reset_index() if named else frame.reset_index(drop=True)
        if not len(frame.columns):
            raise CourseError("the table has no column.", remedy="Give a frame with at least one column.")
        return cls(frame, caption)

    def __repr__(self) -> str:
        return f"{self.caption}\n{_text_frame(self.frame).to_string(index=False)}"

    def _repr_html_(self) -> str:
        import pandas as pd

        kinds = [self.frame.iloc[:, n].dtype for n in range(self.frame.shape[1])]
        is_number, is_bool = pd.api.types.is_numeric_dtype, pd.api.types.is_bool_dtype
        numeric = [is_number(kind) and not is_bool(kind) for kind in kinds]
        align = ["right" if number else "left" for number in numeric]
        # The style sheet of JupyterLab puts every cell to the right: text is put back here.
        head = "".join(
            f'<th scope="col" style="text-align:{side}">{escape(str(name))}</th>'
            for name, side in zip(self.frame.columns, align, strict=True)
        )
        rows = []
        for row in _text_frame(self.frame).itertuples(index=False, name=None):
            cells = [f'<th scope="row" style="text-align:{align[0]}">{escape(row[0])}</th>']
            cells += [
                f'<td style="text-align:{side}">{escape(cell)}</td>'
                for cell, side in zip(row[1:], align[1:], strict=True)
            ]
            rows.append(f"<tr>{''.join(cells)}</tr>")
        return (
            # As wide as its caption: over a small table that would be a column of single words.
            f'<table class="cw-table" style="min-width:min({min(len(self.caption), 60)}ch,100%)">'
            f'<caption style="text-align:left">{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )


@dataclass(frozen=True)
class Figure:
    """A picture, what it shows in words, and its numbers as a table; see `figure`."""

    png: bytes
    title: str
    alt: str
    table: Table
    caption: str = ""

    def __repr__(self) -> str:
        return f"Figure: {self.title}. {self.alt}"

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.png).decode("ascii")
        caption = f" {escape(self.caption)}" if self.caption else ""
        return (
            '<figure class="cw-figure" style="margin:0">'
            f'<img alt="{escape(self.alt)}" src="data:image/png;base64,{picture}" '
            'style="max-width:100%;background:#fff;padding:8px">'
            f"<figcaption><strong>{escape(self.title)}.</strong>{caption}</figcaption>"
            f"<details><summary>The same numbers as a table</summary>{self.table._repr_html_()}</details>"
            "</figure>"
        )


def table(data: "pd.DataFrame | pd.Series[Any]", *, caption: str) -> Table:
    """Return `data` as a table that a screen reader can walk through.

    Parameters
    ----------
    data : DataFrame or Series
        A named index becomes the first column; an unnamed one is left out.
    caption : str
        What the table holds, with the unit; read first by a screen reader.

    Raises
    ------
    CourseError
        Without a caption, or when `data` has no column.

    Examples
    --------
    >>> import pandas as pd
    >>> table(pd.Series({"A": 2}, name="visits").rename_axis("clinic"), caption="Visits by clinic")
    Visits by clinic
    clinic visits
         A      2
    """
    return Table.of(data, caption)


def figure(
    fig: "MplFigure",
    *,
    alt: str,
    title: str,
    table: "pd.DataFrame | pd.Series[Any] | Table",
    caption: str = "",
) -> Figure:
    """Return a matplotlib figure with its words and its numbers.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Every axes needs a label that names its unit.
    alt : str
        What a reader should see: the shape and the two or three numbers that matter.
    title : str
        Printed under the picture.
    table : DataFrame, Series or Table
        The numbers that are drawn.
    caption : str, optional
        Source and edition of the numbers.

    Raises
    ------
    CourseError
        When the alt text, the title or an axis label is missing.
    """
    for name, text in {"alt": alt, "title": title}.items():
        if not text.strip():
            raise CourseError(f"the figure has no {name} text.", remedy=f"Give it: {name}='...'.")
    if not all(ax.get_xlabel() or ax.get_ylabel() for ax in fig.axes):
        raise CourseError(
            "an axes of the figure has no label.", remedy="Name the unit: ax.set_xlabel('billable codes')."
        )
    twin = table if isinstance(table, Table) else Table.of(table, title)
    return Figure(_png(fig), title, alt, twin, caption)


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
        ax.bar_label(bars, labels=[_text(value) for value in values], padding=3)
        ax.invert_yaxis()
        ax.set_title(title, loc="left")
        ax.set_xlabel(f"{unit} (logarithmic scale)" if log else unit)
        if log:
            ax.set_xscale("log")
        ax.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))
        ax.margins(x=0.12, y=0.01)
        named = values.rename(unit).rename_axis(str(values.index.name or "bar"))
        return figure(fig, alt=alt, title=title, table=named, caption=caption)


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


def _png(fig: "MplFigure") -> bytes:
    """Return the picture as PNG bytes that depend on the drawing alone (no date, no version)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    FigureCanvasAgg(fig)
    drawn, out = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", dpi=_DPI)
    # 64 colours are plenty for bars and letters, and make a third of the bytes. Saving
    # afresh also drops what matplotlib writes into the file: its version.
    picture = Image.open(drawn).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    picture.save(out, format="PNG", optimize=True)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(fig)  # or the notebook shows the bare picture a second time
    return out.getvalue()


def _text_frame(frame: "pd.DataFrame") -> "pd.DataFrame":
    return frame.map(_text).astype(str)


def _text(value: Any) -> str:
    """Return a cell as people write it: 74,719 and 68.9, yes and no, nothing for missing."""
    import pandas as pd

    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    if pd.api.types.is_float(value):
        return f"{value:,.1f}"
    return str(value)
