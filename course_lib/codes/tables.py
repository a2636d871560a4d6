"""What the small code tables share: rows from a file, lookup that names near misses, a frame."""

import csv
import dataclasses
import difflib
import html
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from course_lib import datasets
from course_lib.codes.book import UnknownCodeError
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd


class Entry(Protocol):
    """A row of a code table: a frozen dataclass that has a code."""

    @property
    def code(self) -> str:
        """The code, in capitals."""


T_co = TypeVar("T_co", bound=Entry, covariant=True)

_SHOWN = 20  # rows that a notebook cell shows; `to_frame()` has them all


class CodeTable(Mapping[str, T_co]):
    """A read-only table of codes, looked up like a dict; case and blanks do not matter.

    Parameters
    ----------
    entries : iterable
        Dataclass rows with a ``code``.
    name, release : str
        What the table is and which release it holds; shown wherever it is.
    notice : str
        A notice of ownership, shown by `repr`, in a notebook, and as ``attrs["notice"]``
        of the frame.
    hint : str
        What to add to the error when a code is not there.
    """

    def __init__(
        self, entries: Iterable[T_co], *, name: str, release: str, notice: str = "", hint: str = ""
    ) -> None:
        self._entries = {entry.code: entry for entry in entries}
        self.name, self.release, self.notice, self._hint = name, release, notice, hint

    def __getitem__(self, code: str) -> T_co:
        if (found := self._entries.get(plain(code))) is not None:
            return found
        near = [known for known in self._entries if known[:-1] == plain(code)[:-1]][:5]
        near = near or difflib.get_close_matches(plain(code), self._entries, n=3)
        remedy = f"Near it: {', '.join(near)}." if near else ""
        raise UnknownCodeError(
            f"{code!r} is not in {self.name} ({self.release}).", remedy=f"{remedy} {self._hint}".strip()
        )

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and plain(code) in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} rows, {self.release}.{' ' + self.notice if self.notice else ''}>"

    def _repr_html_(self) -> str:
        rows = [dataclasses.asdict(entry) for entry in list(self.values())[:_SHOWN]]  # type: ignore[call-overload]
        columns = [c for c in ("code", "name", "description", "meaning") if rows and c in rows[0]]
        head = "".join(f'<th scope="col">{c}</th>' for c in columns)
        cells = ("".join(f"<td>{html.escape(str(row[c]))}</td>" for c in columns) for row in rows)
        body = "".join(f"<tr>{line}</tr>" for line in cells)
        more = f" The first {_SHOWN} are shown." if len(self) > _SHOWN else ""
        caption = f"{self.name}, {self.release}: {len(self)} rows.{more}"
        notice = f"<p><small>{html.escape(self.notice)}</small></p>" if self.notice else ""
        return (
            f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>{notice}"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return the table as a frame, one row a code; ``attrs`` has ``release`` and ``notice``."""
        import pandas as pd

        frame = pd.DataFrame([dataclasses.asdict(entry) for entry in self.values()])  # type: ignore[call-overload]
        frame.attrs |= {"name": self.name, "release": self.release, "notice": self.notice}
        return frame


def plain(code: str) -> str:
    """Return a code in capitals without blanks around it."""
    return code.strip().upper()


def rows(name: str, folder: str = "codes") -> list[dict[str, str]]:
    """Return the rows of a table under ``datasets/``, by default its ``codes/``; every cell is text."""
    with datasets.path(f"{folder}/{name}").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_text(path: Path | str) -> tuple[Path, str]:
    """Return the path and the text of a user's own file; it is read, never copied.

    Raises
    ------
    CourseError
        When the file is absent, is a spreadsheet, or is not UTF-8 or Windows-1252 text.
    """
    file = Path(path).expanduser()
    if file.suffix.lower() in {".xlsx", ".xls", ".zip"}:
        raise CourseError(
            f"a {file.suffix.lower()} file cannot be read here.",
            remedy="Unpack it or open it in a spreadsheet program, and save the sheet as CSV (UTF-8).",
            path=file,
        )
    try:
        raw = file.read_bytes()
    except OSError as why:
        raise CourseError(f"cannot be read ({why.strerror}).", remedy="Check the path.", path=file) from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return file, raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CourseError("this is not a text file.", remedy="Save it as UTF-8 text.", path=file)
