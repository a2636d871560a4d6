"""A figure and a table as HTML, as text and as bytes that depend on the drawing alone."""

import base64
import io
import sys
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as MplFigure

_DPI = 110


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


def in_words(values: "pd.Series[Any]") -> str:
    """Return each name with its value, as an alt text says it.

    In a lesson the cell that draws stands below the question what it will show. An alt text
    that is typed there gives the answer away; this one is made when the cell runs.

    Parameters
    ----------
    values : Series
        As for `bar`.

    Examples
    --------
    >>> import pandas as pd
    >>> in_words(pd.Series({"A": 12499, "D": 12456}))
    'A: 12,499; D: 12,456.'
    """
    return "; ".join(f"{name}: {text_of(value)}" for name, value in values.items()) + "."


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
    return frame.map(text_of).astype(str)


def text_of(value: Any) -> str:
    """Return a cell as people write it: 74,719 and 68.9, 2026-09-30, yes and no, nothing for missing."""
    import pandas as pd

    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return value.date().isoformat()
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    if pd.api.types.is_float(value):
        return f"{value:,.1f}"
    return str(value)
