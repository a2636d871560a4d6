"""Add an edition from an official release, and say what it changes.

Takes what CDC and CMS publish: the zip of a release, its tabular XML, or its order
file. The sources are copied into the user's data folder, so that the cache stays
something that can be thrown away. A zip is untrusted: only members with the names of a
release are read, each into a file that we name, and no more than `LIMIT` bytes of it.
"""

import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from course_lib.codes import editions, listing, outline, tabular
from course_lib.codes.book import CodeBook
from course_lib.codes.build import Progress, build
from course_lib.codes.editions import Edition
from course_lib.errors import CourseError

LIMIT = 100_000_000
"""Most bytes read of one file; the Tabular List of 2026 has 9.7 million."""

_TABULAR = re.compile(r"tabular.*\.xml$", re.I)
_ORDER = re.compile(r"icd10cm[-_]?order.*\.txt$", re.I)
_CODES = re.compile(r"icd10cm[-_]?codes?.*\.txt$", re.I)
_ADDENDA = re.compile(r"addend", re.I)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two editions.

    `kind` is ``added``, ``deleted`` or ``retitled``; `note` says the old title, or what
    became of a code that is no longer billable.
    """

    kind: str
    code: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """What `add` did: the edition, the one that it was compared with, and the changes."""

    edition: Edition
    before: Edition | None
    changes: list[Change]


def add(
    path: Path,
    target: Callable[[Edition], Path],
    load: Callable[[str], CodeBook],
    *,
    start: date | None = None,
    progress: Progress | None = None,
) -> Update:
    """Add the edition in `path`; `icd10cm.update` is the public way in.

    Parameters
    ----------
    path : Path
        A zip, a tabular XML or an order file.
    target : callable
        Where the SQLite file of an edition goes.
    load : callable
        Opens an edition by its id.
    start : date, optional
        First day in force; read from the file names when left out.

    Raises
    ------
    CourseError
        When the file is not a release, is damaged, or contradicts itself. Nothing is
        added then.
    """
    known = editions.installed()
    home = _writable(editions.added_dir())
    with tempfile.TemporaryDirectory(dir=home, prefix=".adding-") as name:
        folder = Path(name)
        origins = _unpack(path, folder)
        try:
            edition = _prepare(folder, start or _start_of([*origins.values(), path.name]), known)
            # Building is the check: it reads every line, and fails before anything is kept.
            build(edition, target(edition), progress)
        except CourseError as why:
            if why.path and folder not in why.path.parents:
                raise
            raise _at_its_origin(why, path, origins) from None
        kept = home / edition.id
        shutil.rmtree(kept, ignore_errors=True)
        folder.rename(kept)
        folder.mkdir()
    earlier = [e for e in known if e.start < edition.start]
    before = earlier[-1] if earlier else None
    changes = compare(load(before.id), load(edition.id)) if before else []
    return Update(editions.read_record(kept / editions.RECORD), before, changes)


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as why:
        raise CourseError(
            f"the edition cannot be kept here ({why.strerror}).",
            remedy="Give yourself write access, or set COURSE_DATA_DIR to another folder.",
            path=folder,
        ) from None


def _prepare(folder: Path, start: date, known: list[Edition]) -> Edition:
    """Return the edition whose files are in `folder`, with its record written."""
    xml, codes = folder / "tabular.xml", folder / "codes.txt"
    has_notes = xml.exists()
    if not has_notes:
        base = next((e.tabular for e in reversed(known) if e.has_notes), None)
        outline.write(listing.read(codes), base, xml)
    edition = Edition(
        start.isoformat(), editions.label(start), start, editions.end_of_fiscal_year(start),
        xml, codes if codes.exists() else None, has_notes,
    )  # fmt: skip
    version, year = tabular.read(xml).version, editions.fiscal_year(start)
    if version and version != str(year):
        raise CourseError(
            f"the Tabular List says that it is of {version}, but its name or --from says FY{year}.",
            remedy="Give the first day in force with --from, for example --from 2026-10-01.",
        )
    editions.write_record(edition, folder / editions.RECORD)
    return edition


def _at_its_origin(why: CourseError, path: Path, origins: dict[str, str]) -> CourseError:
    """Return the complaint with the name of the user's file in place of our copy's."""
    member = origins.get(why.path.name, "") if why.path else ""
    place = path / member if member and member != path.name else path
    return CourseError(why.message, remedy=why.remedy, path=place, line=why.line)


def compare(old: CodeBook, new: CodeBook) -> list[Change]:
    """Return what `new` adds, deletes and retitles among billable codes, in code order.

    Titles are compared without accents, case and punctuation marks, because order files
    are ASCII and the XML is not.
    """
    was, now = _billable(old), _billable(new)
    changes = [Change("added", code, now[code]) for code in now if code not in was]
    for code, title in was.items():
        if code in now:
            if _bare(now[code]) != _bare(title):
                changes.append(Change("retitled", code, now[code], f"was: {title}"))
        else:
            node = new.get(code)
            note = f"now divided into {len(new.leaves(code))} codes" if node else "no longer in the book"
            changes.append(Change("deleted", code, title, note))
    return sorted(changes, key=lambda c: (("added", "deleted", "retitled").index(c.kind), c.code))


def _billable(book: CodeBook) -> dict[str, str]:
    return dict(book.connection.execute("SELECT code, title FROM node WHERE billable ORDER BY row"))


def _bare(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title).casefold()
    return "".join(c for c in letters if c.isalnum())


def _unpack(path: Path, folder: Path) -> dict[str, str]:
    """Copy the tabular XML and the list of codes of a release; return the name of each."""
    if not path.is_file():
        raise CourseError("there is no such file.", remedy="Give the path of a release.", path=path)
    if not zipfile.is_zipfile(path):
        kind = "tabular.xml" if path.suffix.lower() == ".xml" else "codes.txt"
        if path.suffix.lower() not in (".xml", ".txt"):
            raise _not_a_release(path)
        if path.stat().st_size > LIMIT:
            raise _too_big(path)
        shutil.copyfile(path, folder / kind)
        return {kind: path.name}
    try:
        with closing(zipfile.ZipFile(path)) as archive:
            wanted = _pick(archive.namelist(), path)
            for kind, member in wanted.items():
                with archive.open(member) as source, (folder / kind).open("wb") as out:
                    _copy(source.read, out.write, path)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as why:
        raise CourseError(
            f"the zip cannot be read ({why}).", remedy="Fetch it from its source again.", path=path
        ) from None
    return {kind: Path(member).name for kind, member in wanted.items()}


def _pick(members: list[str], path: Path) -> dict[str, str]:
    """Return which member is the Tabular List and which the list of codes."""
    names = [m for m in members if not _ADDENDA.search(m) and not m.startswith("__MACOSX")]
    wanted = {}
    for kind, patterns in (("tabular.xml", [_TABULAR]), ("codes.txt", [_ORDER, _CODES])):
        for pattern in patterns:
            hits = [m for m in names if pattern.search(Path(m).name)]
            if len(hits) > 1:
                raise CourseError(
                    f"the zip has several files of one kind: {', '.join(hits)}.",
                    remedy="Unpack it and give the one that you mean.",
                    path=path,
                )
            if hits and kind not in wanted:
                wanted[kind] = hits[0]
    if not wanted:
        raise _not_a_release(path)
    return wanted


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], int], path: Path) -> None:
    # The size in a zip's directory can lie, so count what comes out.
    total = 0
    while chunk := read(1 << 16):
        total += len(chunk)
        if total > LIMIT:
            raise _too_big(path)
        write(chunk)


def _start_of(names: list[str]) -> date:
    for name in names[:-1]:
        try:
            return editions.release_of(name)[0]
        except CourseError:
            continue
    return editions.release_of(names[-1])[0]


def _not_a_release(path: Path) -> CourseError:
    return CourseError(
        "no Tabular List and no order file was found in it.",
        remedy="Give the zip 'Code Tables, Tabular and Index' or 'Code Descriptions in Tabular Order' of a "
        "release, its tabular XML, or its order file.",
        path=path,
    )


def _too_big(path: Path) -> CourseError:
    return CourseError(
        f"it holds more than {LIMIT // 1_000_000} MB, which no release does.",
        remedy="Do not use this file; fetch the release from CDC or CMS again.",
        path=path,
    )
