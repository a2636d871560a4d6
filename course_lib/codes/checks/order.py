"""Which code stands first, and what must stand before or after it."""

import re
from collections.abc import Iterator

from course_lib.codes.checks.model import GUIDELINES, Entry, Finding, NoteGroup, Record, listed, place, quote
from course_lib.codes.checks.refs import matches, means

# Words that leave a note to the case at hand, so that nothing is missing by rule.
CONDITIONAL = re.compile(
    r"applicable|if known|if necessary|if present|\bany\b|if desired|when specified|adverse effect"
    r"|if drug-induced|if radiation-induced|complicating|associated AIDS|, as needed",
    re.I,
)
# A note that names the cause by its nature, or a title that has the cause in it: never alone.
_NEEDS_CAUSE = re.compile(
    r"^(the )?(specific )?(underlying|associated)|^condition resulting|^the type of|neoplasm|malignan"
    r"|^\(T51-T65\)|COVID-19 \(U07\.1\)|infarction|obstetric condition"
    r"|toxic effects of lead|the infection\b|underdosing",
    re.I,
)
_CAUSE_IN_TITLE = re.compile(
    r"\bin\b|\bdue to\b|secondary|sequela|septic|classified elsewhere|severe sepsis", re.I
)
_DISEASE = re.compile(r"underlying (disease|disorder)\b", re.I)
_ADDITIONAL_ONLY = re.compile(
    r"(provided|intended) for use as (an |supplementary or )?additional code|never.{0,20}principal", re.I
)
_PRINCIPAL = re.compile(r"for use as the principal code", re.I)
_ADVERSE = "for adverse effects"
_BMI = "Z68.-"


def check(record: Record) -> Iterator[Finding]:
    """Yield what is in the wrong place, and underlying conditions that are missing."""
    for entry in record.entries:
        first = entry.place == 0
        if first:
            yield from _may_not_be_first(record, entry)
        elif note := _note(entry, _PRINCIPAL):
            yield Finding(
                "principal-code-later",
                "warning",
                (entry.code.code,),
                f'{entry.code.code} is not first. The note at {note[0]} says: "{note[1]}"',
                record.tabular(f"note at {note[0]}"),
                f"List {entry.code.code} first.",
            )
        yield from _code_first(record, entry)


def _note(entry: Entry, wanted: re.Pattern[str]) -> tuple[str, str] | None:
    """Return origin and text of the first plain note or inclusion term that has the words."""
    for note in entry.notes:
        if note.kind in ("note", "inclusion term") and wanted.search(note.text):
            return place(note.origin), note.text
    return None


def _may_not_be_first(record: Record, entry: Entry) -> Iterator[Finding]:
    code = entry.code.code
    if entry.code.chapter == "20":
        yield Finding(
            "external-cause-first",
            "error",
            (code,),
            f"{code} says how it happened, not what is wrong: chapter 20 codes are "
            '"used secondary to a code from another chapter", never the ' + record.first_word + ".",
            record.tabular("note at chapter 20 (V00-Y99)"),
            "List the injury or condition first.",
        )
    elif note := _note(entry, _ADDITIONAL_ONLY):
        yield Finding(
            "supplementary-first",
            "error",
            (code,),
            f'{code} is only an additional code. The note at {note[0]} says: "{note[1]}"',
            record.tabular(f"note at {note[0]}"),
            "List the condition that it belongs to first.",
        )
    elif matches(_BMI, code):
        yield Finding(
            "supplementary-first",
            "error",
            (code,),
            f"{code} gives a body mass index: a secondary code, for a weight diagnosis of the provider.",
            GUIDELINES + "I.B.14",
            "List the provider's diagnosis (overweight, obesity, malnutrition) first.",
        )


def _code_first(record: Record, entry: Entry) -> Iterator[Finding]:
    groups = [g for g in entry.groups("code first") if _applies(g, entry)]
    partners = [other for other in record.entries if other is not entry and _named(groups, other)]
    before = [p for p in partners if p.place < entry.place]
    if entry.manifestation and entry.place == 0 and groups:
        yield _manifestation(record, entry, groups[0], partners)
    elif partners and not before:
        after = [p for p in partners if not _named(_all(p), entry)]
        if after:
            yield _wrong_order(record, entry, groups, after[0])
    elif not before:
        yield from _missing(record, entry, groups)


def _all(entry: Entry) -> list[NoteGroup]:
    return list(entry.groups("code first"))


def _applies(group: NoteGroup, entry: Entry) -> bool:
    """Return whether the note is for this code: the one at T36-T50 is for adverse effects only."""
    return _ADVERSE not in group.text or "adverse effect" in entry.code.title.lower()


def _named(groups: list[NoteGroup], other: Entry) -> bool:
    return any(means(note, other.code) for group in groups for note in group.notes)


def _manifestation(record: Record, entry: Entry, group: NoteGroup, partners: list[Entry]) -> Finding:
    code = entry.code.code
    cause = listed([p.code.code for p in partners]) or "the underlying condition"
    return Finding(
        "manifestation-first",
        "error",
        (code, *(p.code.code for p in partners)),
        f'{code} "{entry.code.title}" is a manifestation and is never the {record.first_word}. '
        f'Code first at {group.place} says: "{group.text}".',
        record.tabular(f"code first at {group.place}; ") + GUIDELINES + "I.A.13",
        f"List {cause} before {code}.",
    )


def _wrong_order(record: Record, entry: Entry, groups: list[NoteGroup], partner: Entry) -> Finding:
    note = next(n for g in groups for n in g.notes if means(n, partner.code))
    code, cause = entry.code.code, partner.code.code
    where = f"Code first at {place(note.origin)}"
    return Finding(
        "code-first-order",
        "error",
        (cause, code),
        f"{cause} stands after {code}. {where} says: {quote(note)}.",
        record.tabular(f"{where}; ") + GUIDELINES + "I.A.13 and I.B.7",
        f"List {cause} before {code}.",
    )


def _missing(record: Record, entry: Entry, groups: list[NoteGroup]) -> Iterator[Finding]:
    """Yield a finding when nothing that the note means can stand before the entry."""
    for group in groups:
        severity = _how_bad(entry, group)
        if not severity:
            continue
        code = entry.code.code
        yield Finding(
            "code-first-missing",
            severity,
            (code,),
            f'{code} follows another condition. Code first at {group.place} says: "{group.text}".',
            record.tabular(f"code first at {group.place}; ") + GUIDELINES + "I.A.13 and I.B.7",
            f"List that condition before {code}" + (", if it is known." if severity == "info" else "."),
        )
        return


def _how_bad(entry: Entry, group: NoteGroup) -> str:
    text, first = group.text, entry.place == 0
    if _ADVERSE in text:
        return "error" if first else ""
    if CONDITIONAL.search(text):
        return "info" if first and "if known" in text else ""
    bound = entry.manifestation or (_NEEDS_CAUSE.search(text) and _named_or_titled(entry, group))
    if not bound:
        return ""
    # An open list at a title that names no cause leaves room for a cause nobody knows.
    named = any(n.refs for n in group.notes) and "such as" not in text
    if first:
        sure = named or _CAUSE_IN_TITLE.search(entry.code.title) or _DISEASE.search(text)
        return "error" if sure else "warning"
    # In second place, a cause without a list, or with an open one, may be any code before it.
    return "warning" if named else ""


def _named_or_titled(entry: Entry, group: NoteGroup) -> bool:
    """Return whether the note names codes, or else the title says that there is a cause."""
    return any(n.refs for n in group.notes) or bool(_CAUSE_IN_TITLE.search(entry.code.title))
