"""Whether the date of service allows the code."""

from collections.abc import Iterator

from course_lib.codes.book import plain
from course_lib.codes.checks.model import Finding, Record, listed
from course_lib.codes.editions import fiscal_year
from course_lib.codes.validity import changes, validity


def check(record: Record) -> Iterator[Finding]:
    """Yield codes that are not valid on the day, and whether another edition decides."""
    if record.written and record.book.stale_on(record.on):
        yield _edition(record)
    for text in dict.fromkeys(record.written):
        known = changes().get(plain(text))
        if known is None:
            continue
        state = validity(record.book, text, record.on)
        if state.valid is False:
            if known.replaced_by:
                remedy = f"Use {listed(known.replaced_by)}, whichever fits the record."
            elif record.on < known.start:
                remedy = "Use the code that was in force on the date of service."
            else:
                remedy = "No replacement is known; search the code set of the date of service."
            yield Finding("not-valid-on-date", "error", (known.code,), state.reason, known.source, remedy)
        elif (node := record.book.get(text)) is None or not node.billable:
            yield Finding(
                "other-edition",
                "info",
                (known.code,),
                f"{known.code} is reportable on {record.on}, but {record.book.release} does not have it "
                "as a code, so its notes were not checked.",
                known.source,
                "Load the edition of that day to check its notes.",
            )


def _edition(record: Record) -> Finding:
    start, end = record.book.effective
    side = "past the end of" if record.on > end else "before the start of"
    return Finding(
        "edition",
        "info",
        (),
        f"The date of service {record.on} (fiscal year {fiscal_year(record.on)}) is {side} the loaded "
        f"edition, {record.book.release}, which is in force from {start} to {end}.",
        record.tabular("dates of the edition"),
        "The date of service decides: confirm each code in the code set of that day.",
    )
