"""From a chart to the money, in one script without a notebook.

Run it from the folder of the course::

    python docs/from_chart_to_payment.py            # prints every step
    python docs/from_chart_to_payment.py out        # and keeps the two X12 files and the figure in out/

Patient, practice, payer and charges are made up. Codes, edits and Medicare amounts are real;
each step names its source.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd

from course_lib import claims, coding, encounters, plots
from course_lib.claims.x12.remittance import Adjustment, PaidClaim, PaidLine

CHART = "knee-injection-clinic"
CENT = Decimal("0.01")
PATIENT_PART = Decimal("0.20")  # this payer leaves a fifth of the allowed amount to the patient
DRUG_PART = Decimal("0.50")  # and allows half of the charge where the fee schedule has no price


def main(folder: Path | None = None) -> None:
    """Print the nine steps; keep the files in `folder` when one is given."""
    heading("1. The chart")
    chart = encounters.load(CHART)
    print(chart)

    heading("2. The codes")
    mine = coding.Submission(
        ["M17.11", "I10"],
        [
            coding.Line("99213", pointers=["B"]),
            coding.Line("20610", ["RT"], pointers=["A"]),
            coding.Line("J1010", units=40, pointers=["A"]),
        ],
    )
    print("Why:", ", ".join(mine.diagnoses))
    for line in mine.procedures:
        print("What:", line.code, *line.modifiers, f"x {line.units}, for diagnosis {line.pointers[0]}")

    heading("3. The claim: why (box 21) joined to what (box 24)")
    draft = claims.build(chart, mine)
    print(draft.form())

    heading("4. The edits, before it is sent")
    show_findings(draft)

    heading("5. Corrected: the note shows a visit for another problem, so modifier 25 goes on it")
    visit = draft.lines[0]
    claim = replace(draft, lines=(replace(visit, modifiers=("25",)), *draft.lines[1:]))
    show_findings(claim)

    heading("6. The price in the Medicare fee schedule")
    price = claims.price(claim)
    print(price.explain().to_string(index=False))
    print(price)
    print(f"The same in Los Angeles (CA-18): {claims.price(claim, locality='CA-18').total} dollars")

    heading("7. The claim as an 837P file")
    sent = claims.to_837p(claim)
    print(sent)
    print("Read back, it is the same claim:", claims.read_837p(sent) == [claim])

    heading("8. The answer: a remittance (835) for the corrected claim, and for the draft had it gone out")
    answer = claims.to_835(decide([claim, replace(draft, id="draft")]))
    remittance = claims.read_835(answer)
    print(remittance.to_frame().to_string(index=False, float_format="{:.2f}".format))
    print("Does it add up?", remittance.problems() or "Yes: charge less adjustments is what was paid.")

    heading("9. Denials, on 5,000 synthetic claims")
    table = claims.sample().claims
    print(claims.desk.first_pass(table))
    denials = claims.desk.denials(table)
    print(denials[["group", "carc", "meaning", "claims", "denied"]].to_string(index=False))
    figure = denial_chart(denials)
    print(figure)

    if folder:
        keep(folder, {"claim.837": sent.encode(), "answer.835": answer.encode(), "denials.png": figure.png})


def heading(text: str) -> None:
    """Print the title of a step."""
    print(f"\n{text}\n{'-' * len(text)}")


def show_findings(claim: "claims.Claim") -> None:
    """Print what an edit says, with its source and what to do."""
    for finding in claims.scrub(claim):
        print(f"{finding.severity}: {finding.message}")
        print(f"  Source: {finding.source}")
        print(f"  To do: {finding.remedy}")


def decide(several: Sequence["claims.Claim"]) -> "claims.Remittance":
    """Play the payer, with made-up rules: pay at the Medicare amount, deny what an edit pair includes."""
    paid = tuple(decide_one(claim) for claim in several)
    return claims.Remittance(
        payer="TEST PLAN",
        payee_npi=several[0].billing_npi,
        check="EFT0001",
        paid_on=several[0].filed_on + timedelta(days=14),
        amount=sum((one.paid for one in paid), Decimal("0.00")),
        claims=paid,
    )


def decide_one(claim: "claims.Claim") -> PaidClaim:
    """Decide every line of a claim."""
    included = {
        f.codes[-1] for f in claims.scrub(claim) if f.rule.startswith("ncci") and f.severity == "error"
    }
    prices = claims.price(claim).lines
    lines = tuple(
        decide_line(line, price.allowed, line.code in included)
        for line, price in zip(claim.lines, prices, strict=True)
    )
    taken = [off for line in lines for off in line.adjustments]
    return PaidClaim(
        id=claim.id,
        status="1",  # processed as primary; a claim with one denied line is still this
        charge=claim.total,
        paid=sum((line.paid for line in lines), Decimal("0.00")),
        patient_owes=sum((off.amount for off in taken if off.group == "PR"), Decimal("0.00")),
        payer_number=f"P{claim.id}",
        lines=lines,
    )


def decide_line(line: "claims.Line", price: Decimal | None, included: bool) -> PaidLine:
    """Decide one line: CO-97 included in another service, CO-45 above the fee, PR-2 the patient's part."""
    if included:
        off, paid = [Adjustment("CO", "97", line.charge)], Decimal("0.00")
    else:
        allowed = min(line.charge, line.charge * DRUG_PART if price is None else price).quantize(CENT)
        patient = (allowed * PATIENT_PART).quantize(CENT, ROUND_HALF_UP)
        off = [Adjustment("CO", "45", line.charge - allowed), Adjustment("PR", "2", patient)]
        paid = allowed - patient
    off = [one for one in off if one.amount]
    return PaidLine(line.code, line.modifiers, line.charge, paid, line.units, line.date, tuple(off))


def denial_chart(denials: pd.DataFrame) -> plots.Figure:
    """Draw how much each reason of the synthetic payers costs."""
    names = denials["group"] + "-" + denials["carc"]
    dollars = pd.Series(denials["denied"].to_numpy(), index=names.rename("reason")).round()
    return plots.bar(
        dollars,
        title="What each reason for a denial costs",
        unit="dollars charged on denied lines",
        alt=f"{len(dollars)} bars, the costliest first: {names[0]} with {dollars.iloc[0]:,.0f} dollars, "
        f"then {names[1]} with {dollars.iloc[1]:,.0f}.",
        caption="Synthetic claims of the course, datasets/claims; the shares are assumptions.",
    )


def keep(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files and say where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    print(f"\nKept in {folder}: {', '.join(files)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
