"""What a check reads (a record) and what it says (findings)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from course_lib.codes.book import Code, CodeBook, plain
from course_lib.codes.notes import Note

GUIDELINES = "Official Guidelines, Section "


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to look at.

    Attributes
    ----------
    kind : str
        Short name of the rule, for example ``excludes1``.
    severity : str
        ``error``: it may not be reported so. ``warning``: likely wrong, the record decides.
        ``info``: nothing is wrong; something to know.
    codes : tuple of str
        The codes that it is about.
    rule : str
        What the rule says, in a sentence; a note that decides is quoted.
    source : str
        Where the rule stands: a note and the code it stands at, or a guideline section.
    remedy : str
        What to do.
    """

    kind: str
    severity: str
    codes: tuple[str, ...]
    rule: str
    source: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """The lines of one kind of note at one place, read as one instruction."""

    kind: str
    origin: str
    notes: tuple[Note, ...]

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return place(self.origin)

    @property
    def text(self) -> str:
        """All lines, joined."""
        return " ".join(note.text for note in self.notes)


@dataclass(frozen=True)
class Entry:
    """One code of the list that the book has: its place (from 0), its node and its notes."""

    place: int
    code: Code
    notes: tuple[Note, ...]

    def groups(self, kind: str) -> Iterator[NoteGroup]:
        """Yield its notes of a kind, grouped by where they stand, nearest first."""
        origins = dict.fromkeys(n.origin for n in self.notes if n.kind == kind)
        for origin in origins:
            found = tuple(n for n in self.notes if n.kind == kind and n.origin == origin)
            yield NoteGroup(kind, origin, found)

    @cached_property
    def manifestation(self) -> bool:
        """Whether its title says "in diseases classified elsewhere".

        An agent "as the cause of diseases classified elsewhere" is no manifestation.
        """
        title = self.code.title.lower()
        return "classified elsewhere" in title and "as the cause of" not in title


@dataclass(frozen=True)
class Record:
    """One list of codes in its order, with what is known of the encounter.

    ``entries`` leaves out repeats and what the book does not have; `written` has all.
    """

    book: CodeBook
    written: tuple[str, ...]
    entries: tuple[Entry, ...]
    on: date
    setting: str
    age: float | None
    sex: str | None

    def tabular(self, where: str) -> str:
        """Return a source in the Tabular List, for example ``Excludes1 at J44``."""
        return f"ICD-10-CM Tabular List, {self.book.release}, {where}"

    @property
    def first_word(self) -> str:
        """What the setting calls the first code of a list."""
        return "principal diagnosis" if self.setting == "inpatient" else "first-listed diagnosis"

    def pairs(self) -> Iterator[tuple[Entry, Entry]]:
        """Yield each two entries once, in the order of the list."""
        for n, one in enumerate(self.entries):
            for other in self.entries[n + 1 :]:
                yield one, other


def read(book: CodeBook, written: Iterable[str]) -> tuple[Entry, ...]:
    """Return the entries of a list: each code of the book once, at its first place."""
    found: dict[str, Entry] = {}
    for place, text in enumerate(written):
        node = book.get(text)
        if node is not None and node.level > 1 and plain(text) not in found:
            found[plain(text)] = Entry(place, node, tuple(book.notes(node.code)))
    return tuple(found.values())


def place(origin: str) -> str:
    """Return the origin of a note in words: a chapter's code is only its number."""
    return f"chapter {origin}" if origin.isdigit() else origin


def quote(note: Note) -> str:
    """Return a note with the line that leads its list, in quotation marks."""
    return f'"{f"{note.lead} {note.text}".strip()}"'


def listed(codes: Iterable[str], last: str = "or") -> str:
    """Return codes as words: ``A, B or C``."""
    names = list(codes)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else ""
