"""Reading an 835 file into a remittance."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from course_lib.claims.x12.remittance import GROUPS, VERSION, Adjustment, PaidClaim, PaidLine, Remittance
from course_lib.claims.x12.segments import Segment, envelope, read


def read_835(source: str | Path) -> Remittance:
    """Return the remittance of an 835 file.

    Parameters
    ----------
    source : str or Path
        The text of the file, or its path.

    Raises
    ------
    CourseError
        When it is no whole 835 (005010X221A1), with line and segment. Amounts that do not
        add up are no error here: ask `Remittance.problems`.
    """
    segments, _ = read(source)
    return _put_together(envelope(segments, "835", VERSION))


def _put_together(segments: list[Segment]) -> Remittance:
    head: dict[str, Segment] = {}
    claims: list[PaidClaim] = []
    taken_off = Decimal("0.00")
    for segment in segments:
        match segment.id:
            case "BPR" | "TRN":
                head[segment.id] = segment
            case "N1":
                head[f"N1*{segment[1]}"] = segment
            case "CLP":
                claims.append(_claim(segment))
            case "SVC":
                claims[-1] = _with_line(_last(claims, segment), _line(segment))
            case "CAS":
                claims[-1] = _adjusted(_last(claims, segment), _adjustments(segment))
            case "DTM" if segment[1] == "472" and claims and claims[-1].lines:
                claims[-1] = _changed(claims[-1], service_date=segment.day(2))
            case "LQ" if segment[1] == "HE":
                last = _last(claims, segment)
                if not last.lines:
                    raise segment.fault("a remark stands before the first service (SVC).")
                claims[-1] = _changed(
                    last, remarks=(*last.lines[-1].remarks, segment.need(2, "a remark code"))
                )
            case "PLB":
                taken_off += sum(
                    (segment.money(n) for n in range(4, len(segment.elements) + 1, 2)), Decimal(0)
                )
            case _:
                pass
    return _remittance(segments[0], head, claims, taken_off)


def _remittance(
    first: Segment, head: dict[str, Segment], claims: list[PaidClaim], taken_off: Decimal
) -> Remittance:
    for name in ("BPR", "TRN", "N1*PR", "N1*PE"):
        if name not in head:
            raise first.fault(f"the remittance has no {name} segment.")
    return Remittance(
        payer=head["N1*PR"].need(2, "the payer's name"),
        payee_npi=head["N1*PE"].need(4, "the payee's number"),
        check=head["TRN"].need(2, "the number of the payment"),
        paid_on=head["BPR"].day(16),
        amount=head["BPR"].money(2),
        claims=tuple(claims),
        provider_adjustments=taken_off,
    )


def _last(claims: list[PaidClaim], segment: Segment) -> PaidClaim:
    if not claims:
        raise segment.fault("it stands before the first claim (CLP).")
    return claims[-1]


def _claim(segment: Segment) -> PaidClaim:
    return PaidClaim(
        id=segment.need(1, "the claim's number"),
        status=segment.need(2, "the claim's status"),
        charge=segment.money(3),
        paid=segment.money(4),
        patient_owes=segment.money(5),
        payer_number=segment.need(7, "the payer's number of the claim"),
    )


def _line(segment: Segment) -> PaidLine:
    qualifier, code, *modifiers = (*segment.parts(1), "", "")[: max(2, len(segment.parts(1)))]
    if qualifier != "HC" or not code:
        raise segment.fault(f"SVC01 is {segment[1]!r}; the course reads HC and a code.")
    return PaidLine(code, tuple(modifiers), segment.money(2), segment.money(3), segment.count(5))


def _adjustments(segment: Segment) -> tuple[Adjustment, ...]:
    group = segment.need(1, "the group")
    if group not in GROUPS:
        raise segment.fault(f"CAS01 is {group!r}.", f"In version 5010 it is one of {', '.join(GROUPS)}.")
    if not segment[2]:
        raise segment.fault("CAS02, a reason, is empty.")
    # Six reasons at most, each with amount and quantity.
    places = range(2, len(segment.elements) + 1, 3)
    return tuple(Adjustment(group, segment[n], segment.money(n + 1)) for n in places if segment[n])


def _with_line(claim: PaidClaim, line: PaidLine) -> PaidClaim:
    return replace(claim, lines=(*claim.lines, line))


def _adjusted(claim: PaidClaim, found: tuple[Adjustment, ...]) -> PaidClaim:
    if not claim.lines:
        return replace(claim, adjustments=claim.adjustments + found)
    return _changed(claim, adjustments=claim.lines[-1].adjustments + found)


def _changed(claim: PaidClaim, **changes: object) -> PaidClaim:
    """Return the claim with its last line changed."""
    return replace(claim, lines=(*claim.lines[:-1], replace(claim.lines[-1], **changes)))  # type: ignore[arg-type]
