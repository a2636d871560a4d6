"""Check a list of diagnosis codes against the code book: what a claim scrubber would say, and why.

The rules are families of small functions in `course_lib.codes.checks`; each finding
quotes the note or names the guideline section that it stands on.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from course_lib.codes.book import CodeBook
from course_lib.codes.checks import additional, dates, excludes, injury, order, patient, shape, together
from course_lib.codes.checks.model import Finding, Record, read
from course_lib.codes.validity import day
from course_lib.errors import CourseError

__all__ = ["SETTINGS", "SEVERITIES", "Finding", "check"]

SETTINGS = ("outpatient", "inpatient", "emergency")
SEVERITIES = ("error", "warning", "info")

_CHECKS: tuple[Callable[[Record], Iterator[Finding]], ...] = (
    shape.check,
    dates.check,
    excludes.check,
    order.check,
    injury.check,
    additional.check,
    together.check,
    patient.check,
)


def check(
    book: CodeBook,
    codes: Sequence[str],
    *,
    on: date | str | None = None,
    setting: str = "outpatient",
    age: float | None = None,
    sex: str | None = None,
) -> list[Finding]:
    """Return the findings on a list of codes, errors first.

    Parameters
    ----------
    book : CodeBook
        The loaded edition.
    codes : sequence of str
        The codes in the order in which they are reported; any text is allowed.
    on : date or str, optional
        The date of service (for an inpatient: of discharge); today when left out.
    setting : str
        ``outpatient``, ``inpatient`` or ``emergency``.
    age : float, optional
        In years; a part of a year for an infant.
    sex : str, optional
        ``F``, ``M``, ``female`` or ``male`` in any case; other words check nothing.

    Returns
    -------
    list of Finding
        Empty when nothing is to be said. Notes are those of the loaded edition.

    Raises
    ------
    CourseError
        When `on` is no date, `setting` is not known, or `codes` is one text.
    """
    if isinstance(codes, str):
        raise CourseError("the codes came as one text.", remedy='Give a list: ["E11.22", "N18.4"].')
    if setting not in SETTINGS:
        raise CourseError(f"there is no setting {setting!r}.", remedy=f"Choose {', '.join(SETTINGS)}.")
    record = Record(
        book=book,
        written=tuple(codes),
        entries=read(book, codes),
        on=day(on),
        setting=setting,
        age=age,
        sex={"f": "F", "m": "M"}.get((sex or "").strip().lower()[:1]),
    )
    found = [finding for rule in _CHECKS for finding in rule(record)]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
