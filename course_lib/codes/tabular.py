"""Read an official ICD-10-CM Tabular List (the XML of CDC and CMS).

The file is untrusted: a document type or an entity in it is refused, so nothing can
expand, and every complaint names the line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from course_lib.errors import CourseError

# Element of the XML -> the word that coders use for that note.
NOTE_KINDS = {
    "includes": "includes",
    "inclusionTerm": "inclusion term",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code first",
    "useAdditionalCode": "use additional code",
    "codeAlso": "code also",
    "notes": "note",
    "sevenChrNote": "7th character",
}
_NODES = {"chapter", "section", "diag"}
_CHUNK = 1 << 18


@dataclass(slots=True)
class Entry:
    """One chapter, block or code as printed, before 7th characters are added.

    `depth` is 0 for a chapter; `notes` holds (kind, lead line, text); `seventh` maps a
    character to its meaning and is empty where the entry defines none of its own.
    """

    tag: str
    depth: int
    line: int
    name: str = ""
    title: str = ""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    seventh: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Tabular:
    """A whole Tabular List: its version (the fiscal year) and its entries in book order."""

    version: str
    entries: list[Entry]


def clean(text: str) -> str:
    """Return `text` on one line, without the tabs and line ends of the source."""
    return " ".join(text.split())


def read(path: Path, progress: Callable[[int, int], None] | None = None) -> Tabular:
    """Parse the file at `path`.

    Parameters
    ----------
    path : Path
        A tabular XML file in the schema that CDC publishes.
    progress : callable, optional
        Called with (bytes read, bytes in all).

    Raises
    ------
    CourseError
        When it is cut short, is not a Tabular List, or declares entities.
    """
    reader = _Reader(path)
    try:
        with path.open("rb") as source:
            reader.feed(source, path.stat().st_size, progress)
    except OSError as why:
        raise CourseError(
            f"the Tabular List cannot be read ({why.strerror}).", remedy="Check the path.", path=path
        ) from None
    return Tabular(reader.version, reader.entries)


class _Reader:
    """The expat handlers; direct, because ElementTree keeps neither lines nor refusals."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = ""
        self.entries: list[Entry] = []
        self._open: list[Entry] = []
        self._text: list[str] = []
        self._kind = self._lead = self._char = ""
        self._sight: list[str] = []
        self._root = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, source: BinaryIO, total: int, progress: Callable[[int, int], None] | None) -> None:
        done = 0
        try:
            while chunk := source.read(_CHUNK):
                self._parser.Parse(chunk, False)
                done += len(chunk)
                if progress:
                    progress(done, total)
            self._parser.Parse(b"", True)
        except expat.ExpatError as why:
            raise CourseError(
                f"the file is damaged or cut short ({expat.ErrorString(why.code)}).",
                remedy="Fetch it again from its source (for the course's own file: reinstall "
                "simple-icd-10-cm).",
                path=self.path,
                line=why.lineno,
            ) from None
        if not self.entries:
            raise self._error("this Tabular List has no chapter", "Give the tabular XML of a release.")

    def _error(self, what: str, remedy: str) -> CourseError:
        return CourseError(f"{what}.", remedy=remedy, path=self.path, line=self._parser.CurrentLineNumber)

    def _refuse(self, *_: object) -> None:
        raise self._error(
            "the file declares a document type, which no official Tabular List does",
            "Do not use this file; fetch the release from CDC or CMS again.",
        )

    def _start(self, tag: str, attrs: dict[str, str]) -> None:
        if not self._root:
            self._root = True
            if tag != "ICD10CM.tabular":
                raise self._error(
                    f"this is not an ICD-10-CM Tabular List (its root is <{tag}>)",
                    "Give the file whose name holds 'tabular'; index, drug and neoplasm files have no codes.",
                )
        self._text.clear()
        if tag in _NODES:
            entry = Entry(tag, len(self._open), self._parser.CurrentLineNumber, attrs.get("id", ""))
            self.entries.append(entry)
            self._open.append(entry)
        elif tag in NOTE_KINDS:
            self._kind, self._lead = NOTE_KINDS[tag], ""
        elif tag == "extension":
            self._char = attrs.get("char", "")
        elif tag == "visCategory":
            self._sight = []

    def _end(self, tag: str) -> None:
        text = clean("".join(self._text))
        self._text.clear()
        if tag == "version":
            self.version = text
        elif not self._open:
            return
        elif tag in _NODES:
            self._close(self._open.pop())
        elif tag == "name":
            self._open[-1].name = text
        elif tag == "desc":
            self._open[-1].title = text
        elif tag == "note":
            self._note(self._open[-1], text)
        elif tag == "extension":
            self._open[-1].seventh[self._char] = text
        elif tag == "sevenChrDef":
            self._char = ""
        else:
            self._sight_table(tag, text)

    def _note(self, entry: Entry, text: str) -> None:
        if not text:
            return
        if self._char:
            # A note beside a 7th character is an inclusion term of that character.
            entry.notes.append(("inclusion term", f"7th character {self._char}:", text))
            return
        entry.notes.append((self._kind, self._lead, text))
        if text.endswith(":"):
            self._lead = text

    def _sight_table(self, tag: str, text: str) -> None:
        """Turn each row of the visual-impairment table (at H54) into one note."""
        if tag in ("visMin", "visMax", "value", "heading") and text:
            self._sight.append(text)
        elif tag == "visCategory" and self._sight:
            self._open[-1].notes.append(("note", "Visual impairment:", " | ".join(self._sight)))

    def _close(self, entry: Entry) -> None:
        if not entry.name or not entry.title:
            raise CourseError(
                f"a <{entry.tag}> has no {'title' if entry.name else 'name'}.",
                remedy="Fetch the file from its source again.",
                path=self.path,
                line=entry.line,
            )
        if entry.tag == "diag" and not re.fullmatch(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?", entry.name):
            raise CourseError(
                f"{entry.name!r} has not the shape of an ICD-10-CM code.",
                remedy="Fetch the file from its source again.",
                path=self.path,
                line=entry.line,
            )
