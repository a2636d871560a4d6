"""What an edit reads (a case), what it finds (a hit), and what it is (a rule)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from course_lib.claims.model import Claim, Finding, Line
from course_lib.codes.book import CodeBook

MANUAL = "Medicare Claims Processing Manual (Pub. 100-04), chapter 12"
NUCC = "National Uniform Claim Committee, 1500 instructions, item "


@dataclass(frozen=True)
class Case:
    """A claim with what is needed to judge it.

    Attributes
    ----------
    claim : Claim
        The claim.
    book : CodeBook
        The code book of its diagnoses.
    on : datetime.date
        Day of filing.
    history : tuple of Claim
        Earlier claims; those of other patients do not matter.
    """

    claim: Claim
    book: CodeBook
    on: date
    history: tuple[Claim, ...]

    @property
    def numbered(self) -> Iterator[tuple[int, Line]]:
        """The service lines with their numbers, from 1."""
        return enumerate(self.claim.lines, start=1)

    def days(self) -> dict[date, list[tuple[int, Line]]]:
        """Return the numbered lines by day of service."""
        found: dict[date, list[tuple[int, Line]]] = {}
        for number, line in self.numbered:
            found.setdefault(line.date, []).append((number, line))
        return found

    def earlier(self) -> Iterator[Claim]:
        """Yield the earlier claims of the same patient by the same clinician."""
        mine = (self.claim.patient.control, self.claim.rendering_npi)
        for other in self.history:
            if (other.patient.control, other.rendering_npi) == mine and other is not self.claim:
                yield other


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; what is left empty is taken from the rule."""

    message: str
    codes: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    kind: str = ""  # added to the id of a rule that is a family
    severity: str = ""
    remedy: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One edit.

    Attributes
    ----------
    id, severity : str
        Its name in a finding; ``error``, ``warning`` or ``info``.
    says, remedy, source : str
        The rule in a sentence; what to do about a hit; where it stands.
    find : callable
        From a `Case` to its hits. It never raises.
    """

    id: str
    severity: str
    says: str
    remedy: str
    source: str
    find: Callable[[Case], Iterator[Hit]]

    def findings(self, case: Case) -> Iterator[Finding]:
        """Yield the findings of this rule on a case."""
        for hit in self.find(case):
            yield Finding(
                rule=f"{self.id}-{hit.kind}" if hit.kind else self.id,
                severity=hit.severity or self.severity,
                codes=hit.codes,
                message=hit.message,
                remedy=hit.remedy or self.remedy,
                source=hit.source or self.source,
                lines=hit.lines,
            )
