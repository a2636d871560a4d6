"""The families of drills, and one item of one."""

from random import Random

from course_lib.codes.icd10cm import load
from course_lib.drills import dates, drugs, procedures, shape, tabular
from course_lib.drills.deck import Deck
from course_lib.drills.model import Choice, Draft, Family, Item, Statement
from course_lib.errors import CourseError
from course_lib.quiz.model import Option, Question, Source

_NOTES = "ICD-10-CM Tabular List: notes"
_TITLES = "ICD-10-CM Tabular List: codes and titles"

_FAMILIES = (
    Family("code-parts", "Parts of a code", "Read the parts of a code", _TITLES, 1, shape.parts),
    Family("chapter", "Chapter of a code", "Name the chapter of a code", _TITLES, 1, shape.chapter),
    Family("header", "Billable or header", "Tell a billable code from a header", _TITLES, 1, shape.header),
    Family("seventh-character", "Complete the 7th character", "Choose the 7th character that the record "
           "supports", "ICD-10-CM Tabular List: 7th characters", 2, shape.seventh),
    Family("placeholder", "Placeholder X", "Write a short code with its 7th character",
           "ICD-10-CM Tabular List: 7th characters; Official Guidelines I.A.4", 2, shape.placeholder),
    Family("laterality", "Laterality", "Find the same condition on another side", _TITLES, 2,
           shape.laterality),
    Family("excludes", "Excludes1 or Excludes2", "Apply Excludes1 and Excludes2 notes", _NOTES, 3,
           tabular.excludes),
    Family("order", "Code first and use additional code", "Put two codes in the order of the notes", _NOTES,
           3, tabular.order),
    Family("specific", "Most specific code for a phrase", "Find the code of an inclusion term",
           "ICD-10-CM Tabular List: inclusion terms", 2, tabular.phrase),
    Family("valid-on", "Valid on this date", "Choose the code set by the date of service",
           "ICD-10-CM code list of CMS, changes of FY2027", 2, dates.valid_on),
    Family("drug-event", "Adverse effect, poisoning or underdosing", "Tell the three drug events apart",
           "ICD-10-CM Tabular List: T36-T50", 2, drugs.event),
    Family("modifier", "Pick the modifier", "Choose the modifier that says it",
           "CMS documents named in codes/modifiers.csv; our own words", 2, procedures.modifier),
    Family("payment-place", "Facility or office payment", "Choose the rate by the place of service",
           "CMS relative value files and place of service codes", 2, procedures.payment),
    Family("pointer", "Pointer links", "Link a claim line to its diagnoses", "CMS-1500 item 24E", 2,
           procedures.pointers),
)  # fmt: skip


def families() -> list[Family]:
    """Return every family: ``.id .title .trains .source .difficulty``."""
    return list(_FAMILIES)


def named(family: str) -> Family:
    """Return one family; a wrong id is a `CourseError` that lists the right ones."""
    for one in _FAMILIES:
        if one.id == family:
            return one
    raise CourseError(
        f"there is no drill family {family!r}.", remedy=f"There is: {', '.join(f.id for f in _FAMILIES)}."
    )


def deck(edition: str | None = None) -> Deck:
    """Return a deck: the code book with the lists that drills draw from.

    Make one and hand it to `item` when you want many items: it reads its lists once.
    """
    return Deck(load(edition))


def item(family: str | Family, seed: int, cards: Deck | None = None) -> Item:
    """Return one item; the same family, seed and edition give the same item everywhere.

    Parameters
    ----------
    family : str
        See `families`.
    seed : int
        Any number.
    cards : Deck, optional
        From `deck`. Default: the newest edition, opened for this call.

    Raises
    ------
    CourseError
        When there is no such family.
    """
    chosen = named(family) if isinstance(family, str) else family
    source = cards or deck()
    rng = Random(f"{chosen.id}:{seed}")  # noqa: S311 - a drill, not a secret
    draft = chosen.make(source, rng)
    choices = list(draft.choices)
    rng.shuffle(choices)
    return Item(chosen.id, seed, _question(chosen, seed, draft, choices, source), _proof(draft, choices))


def _question(family: Family, seed: int, draft: Draft, choices: list[Choice], cards: Deck) -> Question:
    return Question(
        id=f"{family.id}-{seed}",
        kind="single",
        objective=family.trains,
        difficulty=3 if family.difficulty > 2 else 2 if family.difficulty > 1 else 1,
        stem=draft.stem,
        options=[Option(c.text, c.right, c.why) for c in choices],
        source=Source(draft.source),
        edition=cards.book.edition,
        codes=list(draft.codes),
        explanation=draft.explanation,
        hint=draft.hint,
    )


def _proof(draft: Draft, choices: list[Choice]) -> tuple[Statement, ...]:
    return tuple(Statement(draft.relation, draft.subject, c.value, c.right) for c in choices)
