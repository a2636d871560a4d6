"""Read the official lists of codes: the order file, the code file, or bare names.

The order file of CMS is fixed width: order number in columns 1-5, code in 7-13, 1 in
column 15 when it is valid for HIPAA transactions, short title in 17-76, long title
from 78. The code file has valid codes only: code in 1-7, long title from 9.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from course_lib.errors import CourseError

_ORDER = re.compile(r"(\d{5}) ([A-Z0-9]{3,7}) +([01]) ")
_NAME = r"[A-Z][0-9A-Z]{2,6}"
_CODE = re.compile(rf"({_NAME}) +(\S.*)")
# The list that simple-icd-10-cm carries names chapters and blocks too.
_BARE = re.compile(rf"{_NAME}|\d{{1,2}}|[A-Z0-9]{{3}}-[A-Z0-9]{{3}}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line: dotless code, whether it is billable (None: the list does not say), long title."""

    plain: str
    billable: bool | None
    title: str = ""


def read(path: Path) -> list[Listed]:
    """Return the lines of a list, in order.

    Raises
    ------
    CourseError
        With the line that has none of the three layouts.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise CourseError(
            f"the list of codes cannot be read ({why}).", remedy="Fetch it from its source again.", path=path
        ) from None
    parse = next((p for p in (_order, _code, _bare) if lines and p(lines[0])), None)
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entry = parse(line) if parse else None
        if entry is None:
            raise CourseError(
                f"this is no line of a list of ICD-10-CM codes: {line[:40]!r}.",
                remedy="Give the order file (icd10cm-order-...txt) of a release, unchanged.",
                path=path,
                line=number,
            )
        found.append(entry)
    if not found:
        raise CourseError("the list of codes is empty.", remedy="Fetch it from its source again.", path=path)
    return found


def _order(line: str) -> Listed | None:
    if not (found := _ORDER.match(line)) or len(line) < 78:
        return None
    return Listed(found[2], found[3] == "1", line[77:].strip())


def _code(line: str) -> Listed | None:
    found = _CODE.fullmatch(line.rstrip())
    return Listed(found[1], True, found[2]) if found else None


def _bare(line: str) -> Listed | None:
    return Listed(line.rstrip(), None) if _BARE.fullmatch(line.rstrip()) else None
