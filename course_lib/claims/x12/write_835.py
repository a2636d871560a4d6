"""A remittance as an 835 file (005010X221A1)."""

from course_lib.claims.x12.remittance import VERSION, Adjustment, PaidClaim, Remittance
from course_lib.claims.x12.segments import Writer, amount


def to_835(remittance: Remittance) -> str:
    """Return a remittance as an 835 file, marked as a test, with made-up addresses.

    Raises
    ------
    CourseError
        When a value holds a separator of the format.
    """
    file = Writer("835", "HP", VERSION, "TESTPAYER", "TESTSENDER", remittance.paid_on)
    day = f"{remittance.paid_on:%Y%m%d}"
    file.add("BPR", "I", amount(remittance.amount), "C", "CHK", *[""] * 11, day)
    file.add("TRN", "1", remittance.check, "1000000000")
    file.add("DTM", "405", day)
    file.add("N1", "PR", remittance.payer)
    file.add("N3", "3 TEST STREET")
    file.add("N4", "TESTVILLE", "KS", "66601")
    file.add("PER", "BL", "EDI HELP DESK", "TE", "5555550101")
    file.add("N1", "PE", "TEST CLINIC", "XX", remittance.payee_npi)
    file.add("LX", "1")
    for claim in remittance.claims:
        _write_claim(file, claim)
    if remittance.provider_adjustments:
        # WO is an overpayment that the payer takes back; the reference is made up.
        end = f"{remittance.paid_on.year}1231"
        file.add("PLB", remittance.payee_npi, end, ("WO", "TEST"), amount(remittance.provider_adjustments))
    return file.text()


def _write_claim(file: Writer, claim: PaidClaim) -> None:
    money = [amount(value) for value in (claim.charge, claim.paid)]
    owes = amount(claim.patient_owes) if claim.patient_owes else ""
    file.add("CLP", claim.id, claim.status, *money, owes, "ZZ", claim.payer_number)
    _write_adjustments(file, claim.adjustments)
    file.add("NM1", "QC", "1", "TEST", "PATIENT")
    for line in claim.lines:
        service = ("HC", line.code, *line.modifiers)
        file.add("SVC", service, amount(line.charge), amount(line.paid), "", str(line.units))
        if line.service_date:
            file.add("DTM", "472", f"{line.service_date:%Y%m%d}")
        _write_adjustments(file, line.adjustments)
        for remark in line.remarks:
            file.add("LQ", "HE", remark)


def _write_adjustments(file: Writer, adjustments: tuple[Adjustment, ...]) -> None:
    for one in adjustments:
        file.add("CAS", one.group, one.reason, amount(one.amount))
