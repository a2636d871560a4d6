"""The text twin of the drill widget: an item as text, and its answer graded."""

from course_lib.drills.families import deck, item
from course_lib.drills.review import record
from course_lib.quiz.engine import mark
from course_lib.quiz.model import Answer
from course_lib.quiz.text import mark_text, question_text


def ask(family: str, seed: int = 1, answer: Answer | None = None, *, edition: str | None = None) -> None:
    """Print one item of a drill, or grade an answer to it and print what it earned.

    Parameters
    ----------
    family : str
        See `families`.
    seed : int
        Which item; take the next number for the next item.
    answer : str or list of int, optional
        ``"B"`` or ``[1]``. It is kept in the review log, as the widget does.
    edition : str, optional
        An ICD-10-CM edition. Default: the newest.

    Examples
    --------
    >>> ask("laterality", seed=7)                # doctest: +SKIP
    >>> ask("laterality", seed=7, answer="C")    # doctest: +SKIP
    """
    asked = item(family, seed, deck(edition))
    if answer is None:
        print(question_text(asked.question))
        print(f'To answer: drills.ask("{family}", seed={seed}, answer="A")')
        return
    graded = mark(asked.question, answer)
    if graded.chosen:
        record(family, graded.verdict == "right")
    print(mark_text(asked.question, graded))
    print(f'The next one: drills.ask("{family}", seed={seed + 1})')
