"""Cutting an X12 file into segments, joining them again, and checking its envelope."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from course_lib.errors import CourseError

ELEMENT, COMPONENT, TERMINATOR, REPETITION = "*", ":", "~", "^"
_ISA_LENGTH = 106  # the only segment of fixed width; it names the separators of the file


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a file, with the place where it stands.

    Attributes
    ----------
    id : str
        Its name, such as ``CLM``.
    elements : tuple of str
        What follows the name; a missing one at the end is read as ``""``.
    number, line : int
        Counted from 1: the segments of the file, the lines of its text.
    component : str
        The separator inside an element.
    path : Path or None
        The file, for messages.
    """

    id: str
    elements: tuple[str, ...]
    number: int
    line: int
    component: str = COMPONENT
    path: Path | None = None

    def __getitem__(self, place: int) -> str:
        """Return an element by its place in the standard, from 1."""
        return self.elements[place - 1] if place <= len(self.elements) else ""

    def parts(self, place: int) -> list[str]:
        """Return the components of an element."""
        return self[place].split(self.component) if self[place] else []

    def fault(self, what: str, remedy: str = "") -> CourseError:
        """Return an error that names line and segment."""
        where = f"segment {self.number} ({self.id})"
        if self.path is None:
            where = f"line {self.line}, {where}"
        return CourseError(f"{where}: {what}", remedy=remedy, path=self.path, line=self.line)

    def need(self, place: int, what: str) -> str:
        """Return an element that must be there."""
        if not self[place]:
            raise self.fault(f"{self.id}{place:02d}, {what}, is empty.")
        return self[place]

    def day(self, place: int) -> date:
        """Return an element as a date, ``20260512`` or the first of ``20260512-20260513``."""
        text = self.need(place, "a date").partition("-")[0]
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            raise self.fault(
                f"{self.id}{place:02d} is {self[place]!r}, which is no date.",
                "Write year, month, day: 20260512.",
            ) from None

    def money(self, place: int) -> Decimal:
        """Return an element as dollars; an empty one is 0."""
        text = self[place] or "0"
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            raise self.fault(f"{self.id}{place:02d} is {text!r}, which is no amount.", "Write 238 or 95.19.")
        return amount.quantize(Decimal("0.01"))

    def count(self, place: int) -> int:
        """Return an element as a whole number; an empty one is 1."""
        amount = self.money(place) if self[place] else Decimal(1)
        if amount != amount.to_integral_value():
            raise self.fault(f"{self.id}{place:02d} is {self[place]!r}, which is no whole number.")
        return int(amount)


def read(source: str | Path) -> tuple[list[Segment], Path | None]:
    """Return the segments of a file or of a text, and the path if it was a file.

    Raises
    ------
    CourseError
        When it cannot be read or is no X12 file; the message names line and segment.
    """
    text, path = _text(source)
    return list(_cut(text, path)), path


def _text(source: str | Path) -> tuple[str, Path | None]:
    if isinstance(source, str) and (source.lstrip("\ufeff \r\n").startswith("ISA") or "\n" in source):
        return source, None
    path = Path(source).expanduser()
    try:
        return path.read_text(encoding="ascii"), path
    except UnicodeDecodeError:
        raise CourseError(
            "this is not an X12 file: it holds other than ASCII characters.", path=path
        ) from None
    except (OSError, ValueError) as why:
        reason = getattr(why, "strerror", None) or "no such file"
        raise CourseError(
            f"cannot be read ({reason}).",
            remedy="Give a path, or the text itself, which begins with ISA.",
            path=path,
        ) from None


def _cut(text: str, path: Path | None) -> Iterator[Segment]:
    lead = len(text) - len(text.lstrip("\ufeff \r\n"))
    body = text[lead:]
    if not body.startswith("ISA") or len(body) < _ISA_LENGTH:
        raise CourseError(
            "segment 1: the file does not begin with a whole ISA segment of 106 characters.",
            remedy="Is it an X12 file, and is its beginning there?",
            path=path,
            line=text.count("\n", 0, lead) + 1,
        )
    element, component, terminator = body[3], body[104], body[105]
    line, number = text.count("\n", 0, lead) + 1, 0
    for chunk in body.split(terminator):
        bare = chunk.lstrip("\r\n ")
        line += chunk.count("\n", 0, len(chunk) - len(bare))
        if bare.strip():
            number += 1
            name, *elements = bare.strip("\r\n").split(element)
            yield Segment(name, tuple(elements), number, line, component, path)
        line += bare.count("\n")


def envelope(segments: Sequence[Segment], kind: str, version: str) -> list[Segment]:
    """Return the segments between the first ST and the last SE, trailers left out.

    Parameters
    ----------
    segments : sequence of Segment
        The whole file.
    kind, version : str
        What it must be, such as ``837`` and ``005010X222A1``.

    Raises
    ------
    CourseError
        When it is another kind of file, is cut off, or its counts do not fit.
    """
    inside: list[Segment] = []
    start: Segment | None = None
    for segment in segments:
        if segment.id == "GS" and segment[8] and segment[8] != version:
            raise segment.fault(f"GS08 is {segment[8]}; the course reads {version}.")
        if segment.id == "ST":
            if segment[1] != kind:
                raise segment.fault(f"ST01 is {segment[1]!r}, so this is no {kind}.")
            start = segment
        elif segment.id == "SE":
            _check_end(start, segment)
            start = None
        elif start is not None:
            inside.append(segment)
    if not segments or segments[-1].id != "IEA" or start is not None:
        raise segments[-1].fault(
            "the file ends here, without its last segments (SE, GE, IEA).", "It was cut off: fetch it again."
        )
    isa, iea = segments[0], segments[-1]
    if isa[13] != iea[2]:
        raise iea.fault(f"IEA02 is {iea[2]}, but ISA13 is {isa[13]}.", "They are one number.")
    if not inside:
        raise segments[-1].fault(f"there is no {kind} in this file.")
    return inside


def _check_end(start: Segment | None, end: Segment) -> None:
    if start is None:
        raise end.fault("there is no ST before it.")
    count = end.number - start.number + 1
    if end[1] != str(count):
        raise end.fault(
            f"SE01 says {end[1]} segments, but there are {count} from ST to SE.",
            "A segment was lost or added.",
        )
    if end[2] != start[2]:
        raise end.fault(f"SE02 is {end[2]}, but ST02 is {start[2]}.", "They are one number.")


class Writer:
    """Collects segments and returns them as text, one a line, with envelope and counts."""

    def __init__(self, kind: str, group: str, version: str, sender: str, receiver: str, on: date) -> None:
        day = f"{on:%Y%m%d}"
        self._isa = (
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{sender:15}*ZZ*{receiver:15}*{day[2:]}*1200*{REPETITION}*00501"
            f"*000000001*0*T*{COMPONENT}"
        )
        self._gs = ELEMENT.join(["GS", group, sender, receiver, day, "1200", "1", "X", version])
        self._lines: list[str] = []
        self.add("ST", kind, "0001", version if kind == "837" else "")  # the 835 has no ST03

    def add(self, name: str, *elements: str | Iterable[str]) -> None:
        """Add a segment; an iterable is one element of several components.

        Raises
        ------
        CourseError
            When a value holds a separator or other than printable ASCII.
        """
        cells = [self._element(name, element) for element in elements]
        while cells and not cells[-1]:
            cells.pop()
        self._lines.append(ELEMENT.join([name, *cells]))

    def text(self) -> str:
        """Return the file."""
        self.add("SE", str(len(self._lines) + 1), "0001")
        whole = [self._isa, self._gs, *self._lines, "GE*1*1", "IEA*1*000000001"]
        return "".join(f"{line}{TERMINATOR}\n" for line in whole)

    def _element(self, name: str, element: str | Iterable[str]) -> str:
        parts = [element] if isinstance(element, str) else list(element)
        for part in parts:
            if not part.isascii() or (part and not part.isprintable()) or set(part) & set("*:~^"):
                raise CourseError(
                    f"{part!r} cannot stand in an X12 file (segment {name}).",
                    remedy="Use plain letters and digits; * : ~ ^ are its separators.",
                )
        while parts and not parts[-1]:
            parts.pop()
        return COMPONENT.join(parts)


def amount(value: Decimal) -> str:
    """Return dollars as X12 writes them: no zeros at the end, ``238`` or ``95.5``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
