"""The remittance (835): what a payer paid, what it took off, and why."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

VERSION = "005010X221A1"  # of the 835
# CAS01 in version 5010: who has to bear the amount.
GROUPS = {
    "CO": "contract: the provider writes it off",
    "PR": "the patient pays it",
    "OA": "other",
    "PI": "the payer began it",
}
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount taken off a charge: group (`GROUPS`), reason code (CARC) and dollars."""

    group: str
    reason: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One service of a remittance.

    Attributes
    ----------
    code, modifiers : str, tuple of str
        As billed.
    charge, paid : Decimal
        Dollars.
    units : int
        Units paid.
    service_date : datetime.date or None
        Day of service.
    adjustments : tuple of Adjustment
        What stands between charge and payment.
    remarks : tuple of str
        Remark codes (RARC).
    """

    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    units: int = 1
    service_date: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """One claim of a remittance.

    Attributes
    ----------
    id : str
        The claim's number at the practice.
    status : str
        ``1`` processed as primary, ``4`` denied, ``22`` reversed, and others.
    charge, paid, patient_owes : Decimal
        Dollars.
    payer_number : str
        The payer's own number of the claim.
    lines : tuple of PaidLine
        Its services.
    adjustments : tuple of Adjustment
        What concerns the claim as a whole.
    """

    id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient_owes: Decimal
    payer_number: str
    lines: tuple[PaidLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Remittance:
    """One 835: one payment, and the claims that it covers.

    Attributes
    ----------
    payer, payee_npi : str
        Name of the payer; number of the one who is paid.
    check : str
        Number of the check or transfer.
    paid_on : datetime.date
        Day of payment.
    amount : Decimal
        Dollars of the payment.
    claims : tuple of PaidClaim
        In the order of the file.
    provider_adjustments : Decimal
        Dollars taken off the whole payment (PLB); below zero when added to it.
    """

    payer: str
    payee_npi: str
    check: str
    paid_on: date
    amount: Decimal
    claims: tuple[PaidClaim, ...]
    provider_adjustments: Decimal = _ZERO

    def problems(self) -> list[str]:
        """Return what does not add up, one sentence each; empty when all does.

        A line: charge less adjustments is what was paid. A claim: the same, with those of its
        lines. The payment: the sum of the claims, less what was taken off the whole.
        """
        found = []
        for claim in self.claims:
            for line in claim.lines:
                off = sum((a.amount for a in line.adjustments), _ZERO)
                if line.charge - off != line.paid:
                    what = f"{line.charge} less {off} is not the {line.paid} paid."
                    found.append(f"Claim {claim.id}, {line.code}: {what}")
            off = sum((a.amount for line in claim.lines for a in line.adjustments), _ZERO)
            off += sum((a.amount for a in claim.adjustments), _ZERO)
            if claim.charge - off != claim.paid:
                found.append(f"Claim {claim.id}: {claim.charge} less {off} is not the {claim.paid} paid.")
        total = sum((claim.paid for claim in self.claims), _ZERO) - self.provider_adjustments
        if total != self.amount:
            found.append(f"The payment is {self.amount}, but the claims come to {total}.")
        return found

    def to_frame(self) -> "pd.DataFrame":
        """Return one row an adjustment, and one for a service without any.

        Columns: claim, status, code (``""`` for the claim as a whole), modifiers, charge, paid,
        group, reason, amount (float, dollars; NaN without an adjustment), remarks.
        """
        import pandas as pd

        rows = []
        for claim in self.claims:
            for line in claim.lines:
                for one in line.adjustments or (None,):
                    rows.append(
                        (claim.id, claim.status, *_cells(line), *_reason(one), " ".join(line.remarks))
                    )
            for one in claim.adjustments or (() if claim.lines else (None,)):
                whole = ("", "", float(claim.charge), float(claim.paid))
                rows.append((claim.id, claim.status, *whole, *_reason(one), ""))
        columns = [
            "claim", "status", "code", "modifiers", "charge", "paid", "group", "reason", "amount", "remarks",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns).astype({"amount": float})

    def __repr__(self) -> str:
        what = f"{len(self.claims)} claims, {self.amount:,.2f} dollars"
        return f"<Remittance of {self.payer}, {self.paid_on}: {what}>"


def _cells(line: PaidLine) -> tuple[str, str, float, float]:
    return line.code, " ".join(line.modifiers), float(line.charge), float(line.paid)


def _reason(one: Adjustment | None) -> tuple[str, str, float | None]:
    return (one.group, one.reason, float(one.amount)) if one else ("", "", None)
