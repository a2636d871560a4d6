"""Drills on the procedure side of a claim: modifier, place and payment, pointers."""

from random import Random

from course_lib.codes import modifiers, places
from course_lib.codes.cpt import CptCode, Rvu
from course_lib.drills.deck import Deck
from course_lib.drills.model import Choice, Draft

# Only modifiers whose meaning stands in a document of CMS: those known to us from the CPT
# book alone are left out.
CMS_MODIFIERS = (
    "24", "25", "26", "53", "57", "58", "59", "78", "79", "LT", "RT", "TC", "XE", "XP", "XS", "XU",
)  # fmt: skip
# 59 is right as well where one of the X modifiers is, only less exact.
BROADER = {("59", x) for x in ("XE", "XP", "XS", "XU")}

# Places whose rate is beyond doubt for a clinician's service (42 CFR 414.22).
_PLACES = {
    "Evaluation and Management": ("11", "19", "20", "22", "49", "71"),
    "Surgery": ("11", "19", "22", "24"),
}
_OTHER_PLACES = ("11", "19", "22")
_COMMON = (
    "D64.9", "E03.9", "E11.9", "E78.5", "F32.A", "G47.33", "H10.9", "I10", "J06.9", "J44.1", "K21.9", "L30.9",
    "M54.50", "N39.0", "R07.9", "R42", "S93.401A", "Z23",
)  # fmt: skip
POINTER_SOURCES = (
    "CMS-1500 claim form, item 24E: letters of the diagnoses in item 21, the main reason first "
    "(Blue Cross and Blue Shield of Texas, provider notice of 2012-12-21)"
)


def modifier(deck: Deck, rng: Random) -> Draft:
    """Ask for the modifier that says something."""
    table = deck.kept("modifiers", modifiers.load)
    key = table[rng.choice(CMS_MODIFIERS)]
    others = [c for c in CMS_MODIFIERS if c != key.code and not {(c, key.code), (key.code, c)} & BROADER]
    near = [c for c in others if table[c].used_on == key.used_on] or others
    chosen = rng.sample(near, min(2, len(near)))
    chosen += rng.sample([c for c in others if c not in chosen], 3 - len(chosen))
    choices = [Choice(f"`{key.code}`", key.code, True, f"{key.name}: {key.meaning}")]
    choices += [Choice(f"`{c}`", c, False, f"{table[c].name}: {table[c].meaning}") for c in chosen]
    return Draft(
        "modifier", (key.meaning,), f"Which modifier says this? *{key.meaning}*", tuple(choices),
        f"Table codes/modifiers.csv, row {key.code}: {key.source}",
    )  # fmt: skip


def payment(deck: Deck, rng: Random) -> Draft:
    """Ask for the relative value units of a service at a place."""
    row, rvu = rng.choice(
        deck.kept("priced", lambda: [(c, c.rvu) for c in deck.cpt.values() if c.rvu and _both(c)])
    )
    where = deck.kept("places", places.load)[rng.choice(_PLACES.get(row.section, _OTHER_PLACES))]
    amounts = _amounts(rvu, facility=where.facility)
    right = f"{rvu.total(facility=where.facility):.2f}"
    rate = "the facility rate" if where.facility else "the office (nonfacility) rate"
    choices = [
        Choice(
            f"{amount} RVUs", amount, amount == right,
            f"{why} Place {where.code} ({where.name}) has {rate}.",
        )
        for amount, why in amounts.items()
    ]  # fmt: skip
    parts = (
        f"work {rvu.work:.2f}; practice expense {rvu.pe_nonfacility:.2f} in an office and "
        f"{rvu.pe_facility:.2f} in a facility; malpractice {rvu.mp:.2f}"
    )
    return Draft(
        "rvus", (row.code, where.code),
        f"A clinician bills `{row.code}` ({row.description}) with place of service `{where.code}` "
        f"({where.name}). Medicare's relative value units of {rvu.year} are: {parts}. How many are counted, "
        "before any geographic adjustment?",
        tuple(choices), f"{row.source}; place of service {where.code}: {where.source}",
        hint="Work and malpractice are the same everywhere; practice expense depends on who keeps the room.",
    )  # fmt: skip


def _both(code: CptCode) -> bool:
    """Return whether the table has both rates, of which no two sums are the same."""
    rvu = code.rvu
    if rvu is None or code.splits or code.office_na is not False or code.facility_na is not False:
        return False
    if None in (rvu.work, rvu.pe_nonfacility, rvu.pe_facility, rvu.mp):
        return False
    return len(_amounts(rvu, facility=True)) == 4 == len(_amounts(rvu, facility=False))


def _amounts(rvu: Rvu, *, facility: bool) -> dict[str, str]:
    """Return the amounts that a learner may take for the right one, and what each leaves out."""
    work = rvu.work or 0.0
    expense = (rvu.pe_facility if facility else rvu.pe_nonfacility) or 0.0
    return {
        f"{rvu.total(facility=False):.2f}": "Work, practice expense of an office and malpractice.",
        f"{rvu.total(facility=True):.2f}": "Work, practice expense of a facility and malpractice.",
        f"{work:.2f}": "This is the work alone.",
        f"{work + expense:.2f}": "This leaves the malpractice out.",
    }


def pointers(deck: Deck, rng: Random) -> Draft:
    """Ask what stands in item 24E of a claim line when the record tells its reason."""
    pool = deck.kept("common", lambda: _common(deck))
    while True:
        codes = [deck.book[c] for c in rng.sample(pool, rng.choice((4, 5, 6)))]
        apart = any(deck.naming(a, b, "excludes1") for a in codes for b in codes if a is not b)
        if not apart and len({c.title for c in codes}) == len(codes):
            break
    letters = "ABCDEF"[: len(codes)]
    main, second = rng.sample(range(len(codes)), 2)
    two = rng.random() < 0.5
    right = letters[main] + (letters[second] if two else "")
    others = [n for n in range(len(codes)) if n not in (main, second)]
    wrong = {right[::-1] if two else letters[second]: "The order or the letter is not that of the record."}
    for n in others[:1]:
        wrong[letters[n] + (letters[main] if two else "")] = f"{letters[n]} is not what the record names."
    wrong[codes[main].code] = "Item 24E holds letters, not codes."
    choices = [Choice(f"`{right}`", right, True, "These are the letters of the reasons, main reason first.")]
    choices += [Choice(f"`{text}`", text, False, why) for text, why in wrong.items()]
    listing = ", ".join(f"{letter} {c.code}" for letter, c in zip(letters, codes, strict=True))
    reasons = f"mainly because of *{codes[main].title}*" if two else f"because of *{codes[main].title}*"
    if two:
        reasons += f", and also because of *{codes[second].title}*"
    subject = (listing, codes[main].title, codes[second].title if two else "")
    return Draft(
        "pointer", subject,
        f"Item 21 of an invented claim lists: {listing}. By the record, the service of line 1 was done "
        f"{reasons}. What stands in item 24E of that line?", tuple(choices),
        f"{POINTER_SOURCES}; titles: {deck.tabular('these codes')}", tuple(c.code for c in codes),
        explanation="A payer may take fewer pointers a line: Medicare's paper form takes one." if two else "",
    )  # fmt: skip


def _common(deck: Deck) -> list[str]:
    """Return the common diagnoses that are billable in this edition."""
    return [c for c in _COMMON if (node := deck.book.get(c)) is not None and node.billable]
