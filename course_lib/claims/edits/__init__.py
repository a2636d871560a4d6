"""The scrubber: edits that run on a claim before it is sent.

Each edit is one small function in a module by theme. It names its rule, where the rule
stands, and what to do. None of them changes the claim.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from course_lib.claims.edits import (
    diagnoses,
    duplicates,
    filing,
    modifiers,
    pairs,
    patient,
    pointers,
    policy,
    services,
    units,
)
from course_lib.claims.edits.model import Case, Rule
from course_lib.claims.model import Claim, Finding

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.codes.book import CodeBook

__all__ = ["RULES", "Rule", "rules", "scrub"]

_ORDER = ("error", "warning", "info")
RULES: tuple[Rule, ...] = (
    *diagnoses.RULES,
    *pointers.RULES,
    *services.RULES,
    *policy.RULES,
    *pairs.RULES,
    *units.RULES,
    *modifiers.RULES,
    *patient.RULES,
    *filing.RULES,
    *duplicates.RULES,
)


def scrub(
    claim: Claim, on: date | None = None, history: Iterable[Claim] = (), *, book: "CodeBook | None" = None
) -> list[Finding]:
    """Return what a scrubber would say of a claim, errors first.

    Parameters
    ----------
    claim : Claim
        The claim; it is not changed.
    on : datetime.date, optional
        Day on which it is filed; its own `filed_on` when left out.
    history : iterable of Claim
        Earlier claims, for duplicates and for services of the same day.
    book : CodeBook, optional
        The newest edition when left out. Give one when you scrub many claims.

    Returns
    -------
    list of Finding
        Empty when nothing is to be said. Diagnoses are judged by the day of service, so a
        code that ended before it is an error even if it was valid when the claim was filed.

    Examples
    --------
    >>> from course_lib import claims, encounters  # doctest: +SKIP
    >>> [f.rule for f in claims.scrub(claims.build(encounters.load("ankle-sprain-clinic")))]  # doctest: +SKIP
    """
    if book is None:
        from course_lib.codes import icd10cm

        book = icd10cm.load()
    case = Case(claim, book, on or claim.filed_on, tuple(history))
    found = [finding for rule in RULES for finding in rule.findings(case)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def rules() -> "pd.DataFrame":
    """Return all edits, one row each: rule, severity, says, remedy, source."""
    import pandas as pd

    columns = ["rule", "severity", "says", "remedy", "source"]
    return pd.DataFrame([(r.id, r.severity, r.says, r.remedy, r.source) for r in RULES], columns=columns)
