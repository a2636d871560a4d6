"""Prove an item: its key is right by the code book, and the only right one."""

from collections.abc import Iterator

from course_lib.codes.book import CodeBook
from course_lib.codes.icd10cm import load
from course_lib.drills.model import Item
from course_lib.drills.relations import RELATIONS
from course_lib.quiz.markup import to_plain

# What each family may ask; an item cannot prove its key by an easier relation.
ASKS = {
    "code-parts": {"part", "title"},
    "chapter": {"chapter"},
    "header": {"billable", "header"},
    "seventh-character": {"completes"},
    "placeholder": {"fills"},
    "laterality": {"twin"},
    "excludes": {"excludes1", "excludes2"},
    "order": {"order"},
    "specific": {"includes"},
    "valid-on": {"valid on"},
    "drug-event": {"drug event"},
    "modifier": {"modifier"},
    "payment-place": {"rvus"},
    "pointer": {"pointer"},
}


def verify(item: Item, book: CodeBook | None = None) -> list[str]:
    """Return every fault of an item; an empty list says that its key is proved.

    Parameters
    ----------
    item : Item
        From `course_lib.drills.item`.
    book : CodeBook, optional
        Default: the book of the item's edition.

    Each option's statement is told anew from the book, in another way than the family
    chose it, and must agree with the key.
    """
    return [*_form(item), *_truth(item, book or load(item.question.edition))]


def _form(item: Item) -> Iterator[str]:
    question = item.question
    if len(question.key) != 1:
        yield f"{len(question.key)} right options"
    if len(question.options) < 3:
        yield f"only {len(question.options)} options"
    texts = [to_plain(option.text).casefold() for option in question.options]
    if len(set(texts)) < len(texts):
        yield "an option is there twice"
    if not all(option.why.strip() for option in question.options) or not question.source.text.strip():
        yield "a reason or the source is missing"
    if len(item.proof) != len(question.options):
        yield "the proof has not one statement for each option"


def _truth(item: Item, book: CodeBook) -> Iterator[str]:
    stem = to_plain(item.question.stem)
    if len({(s.relation, s.subject) for s in item.proof}) != 1:
        yield "the options are not about one thing"
    for option, statement in zip(item.question.options, item.proof, strict=False):
        if statement.relation not in ASKS.get(item.family, set()):
            yield f"a {item.family} drill does not ask for {statement.relation!r}"
            continue
        if absent := [part for part in statement.subject if part not in stem]:
            yield f"the question does not say {absent[0]!r}"
        if statement.value.casefold() not in to_plain(option.text).casefold():
            yield f"the option {option.text!r} does not say {statement.value!r}"
        truth = RELATIONS[statement.relation](book, statement.subject, statement.value)
        if truth is None:
            yield f"the book does not decide: {statement}"
        elif truth != statement.holds or truth != option.correct:
            yield f"the book says otherwise: {statement}"
