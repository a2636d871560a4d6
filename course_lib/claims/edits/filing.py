"""Edits on dates: filed in time, and not before the service."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from course_lib.claims.edits.model import Case, Hit, Rule
from course_lib.claims.tables import rows


def last_day(payer: str, service: date) -> date | None:
    """Return the last day on which a service can be filed, or None where no limit is known."""
    for row in rows("timely_filing"):
        if row["payer"] == payer:
            if row["days"]:
                return service + timedelta(days=int(row["days"]))
            months = service.month - 1 + int(row["months"])
            year, month = service.year + months // 12, months % 12 + 1
            return date(year, month, min(service.day, monthrange(year, month)[1]))
    return None


def late(case: Case) -> Iterator[Hit]:
    """Yield each day whose services are filed after the payer's limit."""
    row = next((r for r in rows("timely_filing") if r["payer"] == case.claim.payer), None)
    for day, lines in case.days().items():
        limit = last_day(case.claim.payer, day)
        if row and limit and case.on > limit:
            yield Hit(
                f"Services of {day}: the last day to file was {limit}, and the claim is filed on {case.on}. "
                f"{row['note']}.",
                tuple(line.code for _, line in lines),
                tuple(number for number, _ in lines),
                source=f"{row['source']} ({row['status']})",
            )


def early(case: Case) -> Iterator[Hit]:
    """Yield each line whose service is after the day of filing."""
    for number, line in case.numbered:
        if line.date > case.on:
            yield Hit(
                f"Line {number} ({line.code}) is of {line.date}, after the day of filing, {case.on}.",
                (line.code,),
                (number,),
            )


RULES = (
    Rule(
        "filing-late",
        "error",
        "A claim must reach the payer within its limit. Medicare: one calendar year after the service.",
        "File at once. Afterwards only an exception with proof helps.",
        "datasets/claims/timely_filing.csv",
        late,
    ),
    Rule(
        "filing-early",
        "error",
        "A service is billed after it was given.",
        "Correct the date of service, or wait.",
        "Claim adjustment reason code 110: billed before the service (our words)",
        early,
    ),
)
