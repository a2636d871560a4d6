"""What a key must hold: codes of the book, evidence in the note, reasons, and no error."""

import re
from collections.abc import Iterator

from course_lib.codes import cpt, hcpcs, icd10cm, modifiers
from course_lib.codes.book import CodeBook
from course_lib.codes.check import Finding
from course_lib.encounters.chart_checks import Fault, day_of
from course_lib.encounters.model import Chart, CodedProcedure, Key
from course_lib.errors import CourseError

# Invented procedure codes, where the sample has no number to teach with.
MOCK = re.compile(r"P0\d{3}")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST = {"inpatient": 25}  # diagnoses on an institutional claim; 12 on a professional one
_POINTERS = 4
_REJECTED = 2


def key_faults(name: str, key: Key, chart: Chart) -> Iterator[Fault]:
    """Yield what is wrong with a key."""
    if key.id != name:
        yield "$.id", f"the id {key.id!r} is not the file's name {name!r}.", "Name both as the chart."
    try:
        book = icd10cm.load(key.edition)
    except CourseError as why:
        yield "$.edition", why.message, why.remedy
        return
    yield from _text_faults(key)
    yield from _span_faults(key, chart)
    yield from _code_faults(key, book, _MOST.get(chart.setting, 12))
    yield from _finding_faults(key, chart, book)
    for n, line in enumerate(key.procedures):
        yield from _line_faults(f"$.procedures[{n}]", line, key, chart)
    yield from _rejected_faults(key, book)


def known_procedure(code: str) -> bool:
    """Return whether a code is in the course's samples of CPT and HCPCS, or is a mock code."""
    return code in cpt.load() or code in hcpcs.load() or bool(MOCK.fullmatch(code))


def _text_faults(key: Key) -> Iterator[Fault]:
    for part in ("diagnoses", "procedures", "rejected", "optional", "accepts"):
        for n, entry in enumerate(getattr(key, part)):
            for name, value in vars(entry).items():
                if isinstance(value, str) and not value.strip():
                    yield f"$.{part}[{n}].{name}", f"`{name}` is empty.", "Every decision has a reason."


def _span_faults(key: Key, chart: Chart) -> Iterator[Fault]:
    note = " ".join(chart.note.split())
    for part in ("diagnoses", "procedures"):
        for n, entry in enumerate(getattr(key, part)):
            span = " ".join(entry.span.split())
            if span not in note:
                yield f"$.{part}[{n}].span", f"the note does not say {span!r}.", "Copy the words of the note."


def _code_faults(key: Key, book: CodeBook, most: int) -> Iterator[Fault]:
    if not key.diagnoses:
        yield "$.diagnoses", "there is no diagnosis.", "A claim has one or more."
    if len(key.diagnoses) > most:
        yield "$.diagnoses", f"{len(key.diagnoses)} diagnoses.", f"A claim holds {most}."
    for part in ("diagnoses", "optional"):
        for n, entry in enumerate(getattr(key, part)):
            node = book.get(entry.code)
            if part == "optional" and node is None and known_procedure(entry.code):
                continue
            if node is None or not node.billable or node.code != entry.code:
                what = f"{entry.code!r} is no reportable code of {book.release}, written with its dot."
                yield f"$.{part}[{n}].code", what, "See `course codes show`."


def _finding_faults(key: Key, chart: Chart, book: CodeBook) -> Iterator[Fault]:
    """Yield what the code book says of the list: errors always, warnings unless the key answers them."""
    if day_of(chart.service_date) is None:
        return  # the chart's own fault; no edition decides
    found = _found(key.codes, chart, book)
    accepted = {entry.finding for entry in key.accepts}
    for finding in found:
        if finding.severity == "error" or (finding.severity == "warning" and finding.kind not in accepted):
            yield "$.diagnoses", f"{finding.kind}: {finding.rule}", _answer(finding)
    for n, entry in enumerate(key.accepts):
        if entry.finding not in {f.kind for f in found if f.severity == "warning"}:
            yield f"$.accepts[{n}].finding", f"there is no warning {entry.finding!r} here.", "Take it out."
    told = {(f.kind, f.codes) for f in found}
    for n, extra in enumerate(key.optional):
        for finding in _found([*key.codes, extra.code], chart, book) if extra.code in book else ():
            if finding.severity == "error" and (finding.kind, finding.codes) not in told:
                yield f"$.optional[{n}].code", f"{finding.kind}: {finding.rule}", finding.remedy


def _found(codes: list[str], chart: Chart, book: CodeBook) -> list[Finding]:
    patient = chart.patient
    years = patient.age + (patient.age_days or 0) / 365.25
    return book.check(codes, on=chart.service_date, setting=chart.setting, age=years, sex=patient.sex)


def _answer(finding: Finding) -> str:
    if finding.severity == "error":
        return finding.remedy
    return f"{finding.remedy} If the note answers it: accepts: [{{finding: {finding.kind}, why: ...}}]."


def _line_faults(at: str, line: CodedProcedure, key: Key, chart: Chart) -> Iterator[Fault]:
    if not known_procedure(line.code):
        yield f"{at}.code", f"{line.code!r} is not in the samples.", "Use a code of the samples, or P0001."
    retired = cpt.load()[line.code].effective_to if line.code in cpt.load() else ""
    if retired and retired < chart.service_date:
        yield f"{at}.code", f"{line.code} ended on {retired}.", "Use a code in force on the date of service."
    for modifier in line.modifiers:
        if modifier not in modifiers.load():
            yield f"{at}.modifiers", f"there is no modifier {modifier!r}.", "See `modifiers.load()`."
    if line.units < 1:
        yield f"{at}.units", f"{line.units} units.", "Write 1 or more."
    letters = LETTERS[: len(key.diagnoses)]
    right = [p for p in dict.fromkeys(line.pointers) if len(p) == 1 and p in letters]
    if right != line.pointers or not 1 <= len(right) <= _POINTERS:
        yield (
            f"{at}.pointers",
            f"the pointers {line.pointers} are not one to four letters of {letters[:1]} to {letters[-1:]}.",
            "Point to the diagnoses that the service was for, the most important first.",
        )


def _rejected_faults(key: Key, book: CodeBook) -> Iterator[Fault]:
    if len({entry.code for entry in key.rejected}) < _REJECTED:
        yield "$.rejected", "fewer than two rejected codes.", "Name two tempting codes, and why not."
    right = {*key.codes, *(line.code for line in key.procedures), *(extra.code for extra in key.optional)}
    for n, entry in enumerate(key.rejected):
        if entry.code in right:
            yield f"$.rejected[{n}].code", f"{entry.code} is rejected and in the key.", "Decide."
        if entry.code not in book and not known_procedure(entry.code):
            yield f"$.rejected[{n}].code", f"{entry.code!r} is in no code set here.", "Correct it."
