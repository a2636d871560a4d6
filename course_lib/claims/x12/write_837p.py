"""A claim as an 837P file (005010X222A1)."""

from collections.abc import Sequence

from course_lib.claims.model import PAYERS, Claim, Line
from course_lib.claims.x12.segments import Writer, amount
from course_lib.codes.book import plain
from course_lib.errors import CourseError

VERSION = "005010X222A1"
# SBR09, claim filing indicator: Medicare Part B, Medicaid, commercial insurance.
FILING = {"medicare": "MB", "medicaid": "MC", "commercial": "CI"}
_SENDER, _RECEIVER = "TESTSENDER", "TESTRECEIVER"
_TAX_ID = "000000000"  # nobody has it


def to_837p(claim: Claim | Sequence[Claim]) -> str:
    """Return one claim, or several of one day, as an 837P file.

    Parameters
    ----------
    claim : Claim or sequence of Claim
        Several must have the same `filed_on`: it is the day of the file.

    Returns
    -------
    str
        The file, one segment a line. It is marked as a test (ISA15 is T); names, addresses
        and numbers are made up.

    Raises
    ------
    CourseError
        When it is billed to the patient, a line points to no diagnosis, or a value holds a
        separator.

    Notes
    -----
    ASC X12 005010X222A1. The first diagnosis goes out as ABK, the others as ABF, without dots;
    pointers are numbers from 1.
    """
    batch = [claim] if isinstance(claim, Claim) else list(claim)
    if not batch:
        raise CourseError("there is no claim to write.", remedy="Give one or more.")
    if len({one.filed_on for one in batch}) > 1:
        raise CourseError("the claims are filed on different days.", remedy="Write a file for each day.")
    file = Writer("837", "HC", VERSION, _SENDER, _RECEIVER, batch[0].filed_on)
    file.add("BHT", "0019", "00", "0001", f"{batch[0].filed_on:%Y%m%d}", "1200", "CH")
    file.add("NM1", "41", "2", "TEST CLINIC", "", "", "", "", "46", _SENDER)
    file.add("PER", "IC", "BILLING", "TE", "5555550100")
    file.add("NM1", "40", "2", "TEST RECEIVER", "", "", "", "", "46", _RECEIVER)
    for number, one in enumerate(batch):
        _claim(file, one, 2 * number + 1)
    return file.text()


def _claim(file: Writer, claim: Claim, level: int) -> None:
    if claim.payer not in FILING:
        raise CourseError(
            f"claim {claim.id} is billed to the patient, so there is no payer to send it to.",
            remedy="Show it with claim.form().",
        )
    file.add("HL", str(level), "", "20", "1")
    file.add("NM1", "85", "2", "TEST CLINIC", "", "", "", "", "XX", claim.billing_npi)
    file.add("N3", "1 TEST STREET")
    file.add("N4", "TESTVILLE", "KS", "666010001")
    file.add("REF", "EI", _TAX_ID)
    file.add("HL", str(level + 1), str(level), "22", "0")
    file.add("SBR", "P", "18", "", "", "", "", "", "", FILING[claim.payer])
    file.add("NM1", "IL", "1", "TEST", "PATIENT", "", "", "", "MI", claim.patient.control)
    file.add("N3", "2 TEST STREET")
    file.add("N4", "TESTVILLE", "KS", "66601")
    born = claim.patient.born(claim.service_date)
    file.add("DMG", "D8", f"{born:%Y%m%d}", claim.patient.sex)
    file.add("NM1", "PR", "2", f"TEST {PAYERS[claim.payer].upper()}", "", "", "", "", "PI", "00000")
    place = claim.lines[0].place_of_service
    file.add("CLM", claim.id, amount(claim.total), "", "", (place, "B", "1"), "Y", "A", "Y", "Y")
    if claim.admitted_on:
        file.add("DTP", "435", "D8", f"{claim.admitted_on:%Y%m%d}")
    kinds = ["ABK"] + ["ABF"] * (len(claim.diagnoses) - 1)
    file.add("HI", *((kind, plain(code)) for kind, code in zip(kinds, claim.diagnoses, strict=True)))
    file.add("NM1", "82", "1", "TEST", "CLINICIAN", "", "", "", "XX", claim.rendering_npi)
    for number, line in enumerate(claim.lines, start=1):
        _line(file, claim, number, line)


def _line(file: Writer, claim: Claim, number: int, line: Line) -> None:
    places = [claim.place(letter) for letter in line.pointers]
    if not places or None in places:
        raise CourseError(
            f"line {number} ({line.code}) points to {''.join(line.pointers) or 'no diagnosis'}; "
            "each line of an 837P must point to a diagnosis of the claim.",
            remedy="claims.scrub(claim) names such lines.",
        )
    first = claim.lines[0].place_of_service
    place = "" if line.place_of_service == first else line.place_of_service
    pointers = [str(place + 1) for place in places if place is not None]
    service = ("HC", line.code, *line.modifiers)
    file.add("LX", str(number))
    file.add("SV1", service, amount(line.charge), "UN", str(line.units), place, "", pointers)
    file.add("DTP", "472", "D8", f"{line.date:%Y%m%d}")
