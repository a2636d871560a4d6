"""Whether an option is right: told anew, from the book's rows, titles and printed notes.

The families choose with the code book's own ways (levels, references, flags). Here each
relation is read in another way: the beginning of a code, the words of a title, the
printed text of a note. A slip in one is caught by the other. None means that the text
does not decide; such an item is no drill.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from course_lib.codes.book import Code, CodeBook
from course_lib.codes.tables import rows

Subject = tuple[str, ...]
Relation = Callable[[CodeBook, Subject, str], bool | None]

_CODE = r"(?<![A-Za-z0-9.])[A-Z](?:\d[0-9A-Z]|[A-Z]\d)(?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9])"
_NAMED = re.compile(rf"({_CODE})(?:\.?-?(?:-|\s+-\s*|\s+to\s+)({_CODE}))?")
_UNSURE = re.compile(
    r"\bwith (fifth|sixth|fourth|final|seventh|\dth|\.\d)|except|other than|for codes?\b", re.I
)
# The sentence of a drug drill, by the words that decide it.
_EVENTS = (
    (r"^(The right dose|It was given correctly)", "Adverse effect of {}, "),
    (r"^By mistake", "Poisoning by {}, accidental (unintentional), "),
    (r"to harm himself", "Poisoning by {}, intentional self-harm, "),
    (r"^Somebody else", "Poisoning by {}, assault, "),
    (r"intent cannot be determined", "Poisoning by {}, undetermined, "),
    (r"less (of it |was taken )?than prescribed|less was taken", "Underdosing of {}, "),
)


def _bare(code: str) -> str:
    return code.replace(".", "")


def _part(book: CodeBook, subject: Subject, value: str) -> bool | None:
    code, part = subject
    if part == "category":
        return value == code.partition(".")[0]
    # The title of a code with a 7th character is that of the code before it, and the meaning.
    node = book[code]
    if len(_bare(code)) != 7 or not node.parent or not node.title.startswith(book[node.parent].title + ", "):
        return None
    return value == code[-1]


def _title(book: CodeBook, subject: Subject, value: str) -> bool | None:
    code, beginning = subject
    return _bare(code).startswith(_bare(beginning)) and book[beginning].title == value


def _chapter(book: CodeBook, subject: Subject, value: str) -> bool | None:
    first, last = re.findall(r"[A-Z][0-9A-Z]{2}", book[value].title.rpartition("(")[2])
    return bool(first <= subject[0][:3] <= last)


def _continued(book: CodeBook, code: str) -> bool:
    found = book.connection.execute(
        "SELECT 1 FROM node WHERE plain > ? AND plain < ? AND level > 1 LIMIT 1",
        (_bare(code), _bare(code) + "~"),
    )
    return found.fetchone() is not None


def _billable(book: CodeBook, subject: Subject, value: str) -> bool | None:
    return value in book and not _continued(book, value)


def _header(book: CodeBook, subject: Subject, value: str) -> bool | None:
    return value in book and _continued(book, value)


def _completes(book: CodeBook, subject: Subject, value: str) -> bool | None:
    base, meaning = subject
    return book[value].title == f"{book[base].title}, {meaning}" and not _continued(book, value)


def _fills(book: CodeBook, subject: Subject, value: str) -> bool | None:
    base, char = subject
    written = _bare(base).ljust(6, "X") + char
    known = book.get(value)
    return known is not None and known.code == value and _bare(value) == written


def _words(title: str) -> tuple[list[str], set[str]]:
    words = [w for w in re.split(r"[^a-z0-9%-]+", title.lower()) if w]
    sides = {"right", "left", "bilateral"}
    rest = [w for w in words if w not in sides | {"eye", "ear", "side", "unilateral"}]
    return sorted(rest), {w for w in words if w in sides}


def _twin(book: CodeBook, subject: Subject, value: str) -> bool | None:
    code, wanted = subject
    rest, _ = _words(book[code].title)
    other, sides = _words(book[value].title)
    return rest == other and sides == {wanted} and not _continued(book, value)


def _naming(text: str, code: str) -> bool | None:
    """Return whether a printed note names a code; None when it does so under a condition."""
    bare = _bare(code)
    # The codes meant stand in parentheses; a code in the running text counts only without those.
    inside = " ; ".join(re.findall(r"\(([^()]*)\)?", text))
    for first, last in _NAMED.findall(inside) or _NAMED.findall(text):
        low, high = _bare(first), _bare(last or first)
        if bare[: len(low)] >= low and bare[: len(high)] <= high:
            return None if _UNSURE.search(text) else True
    return False


def _named_by(one: Code, other: Code, kind: str) -> bool | None:
    answers = {_naming(n.text, other.code) for n in one.notes if n.kind == kind}
    return True if True in answers else None if None in answers else False


def _either(one: Code, other: Code, kind: str) -> bool | None:
    both = {_named_by(one, other, kind), _named_by(other, one, kind)}
    return True if True in both else None if None in both else False


def _excluded(kind: str, opposite: str) -> Relation:
    def holds(book: CodeBook, subject: Subject, value: str) -> bool | None:
        one, other = book[subject[0]], book[value]
        named, otherwise = _either(one, other, kind), _either(one, other, opposite)
        # A pair that both kinds name, or that a condition decides, is no drill.
        return None if named is None or (named and otherwise is not False) else named

    return holds


def _order(book: CodeBook, subject: Subject, value: str) -> bool | None:
    one, other = (book[code] for code in subject)
    says: set[str] = set()
    for code, named in ((one, other), (other, one)):
        first, additional = (
            _named_by(code, named, "code first"),
            _named_by(code, named, "use additional code"),
        )
        if first is None or additional is None:
            return None
        says |= {f"{named.code}, then {code.code}"} if first else set()
        says |= {f"{code.code}, then {named.code}"} if additional else set()
    if not says and _either(one, other, "code also"):
        says = {"either order"}
    if len(says) != 1 or _either(one, other, "excludes1") is not False:
        return None
    return value in says


def _content(text: str) -> set[str]:
    words = {w.strip("()[],;.'") for w in re.split(r"[\s/-]+", text.lower())}
    return words - {"", "nos", "of", "the", "in", "with", "and", "due", "to"}


def _includes(book: CodeBook, subject: Subject, value: str) -> bool | None:
    own = book[value].notes
    if not any(n.origin == value and n.text.casefold() == subject[0].casefold() for n in own):
        # A title that has every word of the phrase could be taken for it with some right.
        same = not _continued(book, value) and _content(subject[0]) <= _content(book[value].title)
        return None if same else False
    places = book.connection.execute(
        "SELECT node.code FROM note JOIN node ON node.row = note.row WHERE text = ? COLLATE NOCASE "
        "UNION ALL SELECT code FROM node WHERE title = ? COLLATE NOCASE",
        (subject[0], subject[0]),
    ).fetchall()
    if len(places) != 1:
        return None
    return bool(places[0][0] == value) and not _continued(book, value)


def _valid_on(book: CodeBook, subject: Subject, value: str) -> bool | None:
    on = date.fromisoformat(subject[0])
    for row in rows("icd10cm_changes_fy2027.csv"):
        if row["code"] == value:
            last = date.fromisoformat(row["effective_to"]) if row["effective_to"] else date.max
            return date.fromisoformat(row["effective_from"]) <= on <= last
    return None


def _drug_event(book: CodeBook, subject: Subject, value: str) -> bool | None:
    drug, scenario = subject
    fits = [pattern for words, pattern in _EVENTS if re.search(words, scenario)]
    return book[value].title == fits[0].format(drug) + "initial encounter" if len(fits) == 1 else None


def _modifier(book: CodeBook, subject: Subject, value: str) -> bool | None:
    table = {row["code"]: row["meaning"] for row in rows("modifiers.csv")}
    right = [code for code, meaning in table.items() if meaning == subject[0]]
    if len(right) != 1 or value not in table:
        return None
    # An X modifier is a case of 59, so the two are never told apart by a drill.
    if {value, right[0]} > {"59"} and (value + right[0]).replace("59", "")[0] == "X":
        return None
    return value == right[0]


def _rvus(book: CodeBook, subject: Subject, value: str) -> bool | None:
    number, where = subject
    row = next(r for r in rows("cpt_sample.csv") if (r["code"], r["modifier"]) == (number, ""))
    rate = next(r for r in rows("place_of_service.csv") if r["code"] == where)["medicare_rate"]
    expense = {"facility": "pe_facility_rvu", "nonfacility": "pe_nonfacility_rvu"}[rate]
    cells = [row[name] for name in ("work_rvu", expense, "mp_rvu")]
    if not all(cells) or "yes" in (row["facility_na"], row["nonfacility_na"]):
        return None
    return Decimal(value) == sum(Decimal(cell) for cell in cells)


def _pointer(book: CodeBook, subject: Subject, value: str) -> bool | None:
    listing, *reasons = subject
    letters = {}
    for entry in listing.split(", "):
        letter, code = entry.split(" ")
        letters[book[code].title] = letter
    return value == "".join(letters[reason] for reason in reasons if reason)


RELATIONS: dict[str, Relation] = {
    "part": _part,
    "title": _title,
    "chapter": _chapter,
    "billable": _billable,
    "header": _header,
    "completes": _completes,
    "fills": _fills,
    "twin": _twin,
    "excludes1": _excluded("excludes1", "excludes2"),
    "excludes2": _excluded("excludes2", "excludes1"),
    "order": _order,
    "includes": _includes,
    "valid on": _valid_on,
    "drug event": _drug_event,
    "modifier": _modifier,
    "rvus": _rvus,
    "pointer": _pointer,
}
"""Whether an option's value has the relation to the subject; None where the text does not decide."""
