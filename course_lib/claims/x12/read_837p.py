"""Reading an 837P file back into claims."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from course_lib.claims.model import LETTERS, Claim, Line, Patient
from course_lib.claims.x12.segments import Segment, envelope, read
from course_lib.claims.x12.write_837p import FILING, VERSION
from course_lib.codes.shapes import tidy_code
from course_lib.errors import CourseError

# SBR09: what else counts as a commercial plan, for example HMO, PPO, Blue Cross Blue Shield.
_PAYERS = {code: payer for payer, code in FILING.items()} | dict.fromkeys(
    ("12", "13", "14", "15", "BL", "HM"), "commercial"
)


def read_837p(source: str | Path) -> list[Claim]:
    """Return the claims of an 837P file.

    Parameters
    ----------
    source : str or Path
        The text of the file, or its path.

    Returns
    -------
    list of Claim
        In the order of the file. Of each: payer, patient, providers, diagnoses, lines and
        dates. Names and what else the file holds are not kept.

    Raises
    ------
    CourseError
        When it is no whole 837P (005010X222A1), with line and segment.
    """
    segments, _ = read(source)
    state = _State()
    for segment in envelope(segments, "837", VERSION):
        state.take(segment)
    state.close()
    return state.claims


@dataclass
class _Line:
    """A service line that is being read."""

    service: Segment
    day: date | None = None


@dataclass
class _State:
    """What has been read so far; loops of the file follow from the order of its segments."""

    claims: list[Claim] = field(default_factory=list)
    filed_on: date | None = None
    billing: str = ""
    subscriber: Segment | None = None
    member: str = ""
    person: Segment | None = None
    head: Segment | None = None
    admitted_on: date | None = None
    diagnoses: tuple[str, ...] = ()
    rendering: str = ""
    lines: list[_Line] = field(default_factory=list)

    def take(self, segment: Segment) -> None:
        """Take the next segment; one that is not used is passed over."""
        reader = getattr(self, f"_{segment.id.lower()}", None)
        if reader is not None:
            reader(segment)

    def close(self) -> None:
        """Finish the claim that is being read, if there is one."""
        if self.head is not None:
            self.claims.append(self._made(self.head))
        self.head, self.lines, self.diagnoses, self.admitted_on, self.rendering = None, [], (), None, ""

    def _bht(self, segment: Segment) -> None:
        self.filed_on = segment.day(4)

    def _hl(self, segment: Segment) -> None:
        self.close()
        if segment[3] == "23":
            raise segment.fault(
                "the patient is not the insured; the course reads claims of the insured only."
            )

    def _sbr(self, segment: Segment) -> None:
        self.subscriber = segment

    def _nm1(self, segment: Segment) -> None:
        if segment[1] == "85":
            self.billing = segment.need(9, "the billing provider's number")
        elif segment[1] == "IL":
            self.member = segment.need(9, "the member's number")
        elif segment[1] == "82" and not self.lines:
            self.rendering = segment.need(9, "the rendering provider's number")

    def _dmg(self, segment: Segment) -> None:
        self.person = segment

    def _clm(self, segment: Segment) -> None:
        self.close()
        segment.need(1, "the claim's number")
        self.head = segment

    def _dtp(self, segment: Segment) -> None:
        if segment[1] == "435":
            self.admitted_on = segment.day(3)
        elif segment[1] == "472":
            if not self.lines:
                raise segment.fault("a date of service stands before the first line (LX, SV1).")
            self.lines[-1].day = segment.day(3)

    def _hi(self, segment: Segment) -> None:
        found = []
        for place in range(1, len(segment.elements) + 1):
            kind, code = (*segment.parts(place), "", "")[:2]
            if kind in ("BK", "BF"):
                raise segment.fault(
                    f"HI{place:02d} has the qualifier {kind}, which means ICD-9-CM.",
                    "ICD-10-CM is ABK for the first diagnosis and ABF for the others.",
                )
            if kind != ("ABK" if place == 1 else "ABF"):
                return  # another list, such as condition codes
            if not code:
                raise segment.fault(f"HI{place:02d} has no diagnosis.")
            found.append(tidy_code(code))
        self.diagnoses = tuple(found)

    def _sv1(self, segment: Segment) -> None:
        self.lines.append(_Line(segment))

    def _made(self, head: Segment) -> Claim:
        if not self.diagnoses:
            raise head.fault(f"claim {head[1]} has no diagnosis (HI).")
        if not self.lines:
            raise head.fault(f"claim {head[1]} has no service line (SV1).")
        lines = tuple(self._service(line, head) for line in self.lines)
        total = sum((line.charge for line in lines), Decimal("0.00"))
        if head.money(2) != total:
            raise head.fault(f"CLM02 is {head.money(2)}, but the lines add up to {total}.")
        try:
            return Claim(
                id=head[1],
                patient=self._patient(head, min(line.date for line in lines)),
                payer=self._payer(head),
                diagnoses=self.diagnoses,
                lines=lines,
                filed_on=self.filed_on or lines[0].date,
                admitted_on=self.admitted_on,
                billing_npi=self.billing,
                rendering_npi=self.rendering or self.billing,
            )
        except CourseError as why:
            raise why if why.line else head.fault(why.message, why.remedy) from None

    def _payer(self, head: Segment) -> str:
        segment = self.subscriber or head
        if segment[9] not in _PAYERS or segment is head:
            raise segment.fault(f"SBR09 is {segment[9]!r}, a payer that the course does not know.")
        return _PAYERS[segment[9]]

    def _patient(self, head: Segment, on: date) -> Patient:
        if self.person is None:
            raise head.fault("there is no date of birth and sex (DMG) before the claim.")
        born = self.person.day(2)
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        days = (on - born).days if age == 0 else None
        try:
            return Patient(self.member, age, self.person[3], days)
        except CourseError as why:
            raise self.person.fault(why.message, why.remedy) from None

    def _service(self, line: _Line, head: Segment) -> Line:
        segment = line.service
        qualifier, code, *modifiers = (*segment.parts(1), "", "")[: max(2, len(segment.parts(1)))]
        if qualifier != "HC" or not code:
            raise segment.fault(f"SV101 is {segment[1]!r}; it must be HC and a code.")
        if line.day is None:
            raise segment.fault("the line has no date of service (DTP*472).")
        try:
            return Line(
                date=line.day,
                place_of_service=segment[5] or (*head.parts(5), "")[0],
                code=code,
                modifiers=tuple(modifiers),
                charge=segment.money(2),
                units=segment.count(4),
                pointers=tuple(self._letter(segment, number) for number in segment.parts(7)),
            )
        except CourseError as why:
            raise why if why.line else segment.fault(why.message, why.remedy) from None

    def _letter(self, segment: Segment, number: str) -> str:
        if not number.isdigit() or not 1 <= int(number) <= len(LETTERS):
            raise segment.fault(f"SV107 points to {number!r}.", "A pointer is a number from 1 to 12.")
        return LETTERS[int(number) - 1]
