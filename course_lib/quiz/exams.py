"""Mock exams: a blueprint (``datasets/exams/*.yaml``) filled by seed from the bank and the drills.

A section that has no source of questions gets none. Its share goes to the sections that have one,
and the paper says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Literal

from course_lib import datasets
from course_lib.errors import CourseError
from course_lib.quiz.engine import load
from course_lib.quiz.model import Question, Quiz, Source
from course_lib.quiz.session import Report, Rules

if TYPE_CHECKING:
    from course_lib.widgets.session import SessionWidget

# Makes one question of a drill family from a number; `course_lib.drills` has the real one.
Draw = Callable[[str, int], Question]

_STATUS = {
    "official": "official page",
    "secondary": "secondary source",
    "assumed": "our own assumption",
}


@dataclass(frozen=True)
class Section:
    """One section of a blueprint.

    Attributes
    ----------
    title : str
        Our name for it.
    questions : int
        How many it has in the shape that we took.
    status : {"official", "secondary", "assumed"}
        Where that number comes from; "assumed" is our own split, not the body's.
    quizzes, drills : list of str
        Quizzes of the bank and families of drills that have questions for it. Both empty: none yet.
    objectives : list of str
        Only the quizzes' questions for these objectives; all of them when empty.
    """

    title: str
    questions: int
    status: Literal["official", "secondary", "assumed"]
    quizzes: list[str] = field(default_factory=list)
    drills: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Blueprint:
    """The shape of an exam; `notice` says whose questions these are not."""

    id: str
    title: str
    questions: int
    minutes: float
    pass_percent: float
    pass_note: str
    notice: str
    source: Source
    sections: list[Section]


@dataclass(frozen=True)
class Paper:
    """An exam as assembled: its blueprint and seed, the questions, and how many each section got."""

    blueprint: Blueprint
    seed: int
    quiz: Quiz
    given: dict[str, int]

    def about(self) -> list[str]:
        """Return what to know before you start: whose it is not, length, mark, and what was re-weighted."""
        plan = self.blueprint
        lines = [
            plan.notice,
            f"{plan.questions} questions in {plan.minutes:g} minutes; mark to reach: {plan.pass_percent:g} "
            f"percent. {plan.pass_note}",
            f"Source of the shape: {plan.source.text}.",
        ]
        empty = [section.title for section in plan.sections if not self.given[section.title]]
        if empty:
            lines.append(
                f"The course has no questions yet for: {'; '.join(empty)}. Their share goes to the sections "
                "below, so this exam says nothing of how you would do in the missing ones."
            )
        for section in plan.sections:
            if count := self.given[section.title]:
                lines.append(
                    f"{section.title}: {count} questions here, {section.questions} in the shape that we took "
                    f"({_STATUS[section.status]})."
                )
        return lines

    def passed(self, report: Report) -> bool:
        """Return whether a sitting reached the mark."""
        return 100 * report.points >= self.blueprint.pass_percent * report.out_of


def exam_ids() -> list[str]:
    """Return the ids of all blueprints, sorted."""
    return sorted(file.stem for file in (datasets.root() / "exams").glob("*.yaml"))


def blueprint(exam_id: str) -> Blueprint:
    """Return one blueprint.

    Raises
    ------
    CourseError
        When there is none of that name, or its numbers do not add up.
    """
    if exam_id not in exam_ids():
        raise CourseError(f"there is no exam {exam_id!r}.", remedy=f"There is: {', '.join(exam_ids())}.")
    plan = datasets.load_yaml(f"exams/{exam_id}.yaml", Blueprint)
    total = sum(section.questions for section in plan.sections)
    if total != plan.questions:
        raise CourseError(
            f"the sections have {total} questions and the exam has {plan.questions}.",
            remedy="Mend the numbers.",
            path=datasets.path(f"exams/{exam_id}.yaml"),
        )
    if not any(section.quizzes or section.drills for section in plan.sections):
        raise CourseError(
            "no section has a source of questions.", path=datasets.path(f"exams/{exam_id}.yaml")
        )
    return plan


def shares(plan: Blueprint) -> dict[str, int]:
    """Return how many questions each section gets: its share among those that have questions.

    The shares add up to the exam's number; what rounding leaves goes to the largest remainders.
    A section without drills gets no more than its quizzes have, and its rest goes to the others.

    Raises
    ------
    CourseError
        When no section is left for the rest.
    """
    able = [section for section in plan.sections if section.quizzes or section.drills]
    room = {section.title: len(_bank(section)) for section in able if not section.drills}
    full: dict[str, int] = {}
    while True:
        rest = [section for section in able if section.title not in full]
        if not rest:
            raise CourseError(
                f"the exam {plan.id!r} has too few questions.", remedy="Give a section a drill."
            )
        given = _split(plan.questions - sum(full.values()), rest)
        over = {title: room[title] for title, count in given.items() if count > room.get(title, count)}
        if not over:
            return {section.title: (full | given).get(section.title, 0) for section in plan.sections}
        full |= over


def _split(total: int, sections: list[Section]) -> dict[str, int]:
    weight = sum(section.questions for section in sections)
    exact = {section.title: total * section.questions / weight for section in sections}
    given = {title: int(share) for title, share in exact.items()}
    left = total - sum(given.values())
    for title in sorted(exact, key=lambda name: given[name] - exact[name])[:left]:
        given[title] += 1
    return given


def paper(exam_id: str, seed: int, draw: Draw | None = None) -> Paper:
    """Assemble an exam; the same seed and edition give the same questions in the same order.

    Parameters
    ----------
    exam_id : str
        ``"cpc"`` or ``"cca"``; see `exam_ids`.
    seed : int
        Any number.
    draw : callable, optional
        Makes a drill's question. Default: `course_lib.drills.item` on the newest edition.

    Returns
    -------
    Paper
        Its quiz has one objective a section, so a result by objective is the section report.
    """
    plan = blueprint(exam_id)
    rng = Random(f"{exam_id}:{seed}")  # noqa: S311 - a choice of questions, not a secret
    make, given, chosen = draw or _drills(), shares(plan), list[Question]()
    stems: set[tuple[str, ...]] = set()
    for section in plan.sections:
        if not given[section.title]:
            continue
        fresh = (q for q in _questions(section, rng, make) if _new(q, stems))
        for n in range(given[section.title]):
            question = next(fresh, None)
            if question is None:
                raise CourseError(
                    f"{section.title!r} has only {n} different questions.", remedy="Give it a drill."
                )
            chosen.append(replace(question, objective=section.title))
    edition = max(question.edition for question in chosen)
    numbered = [replace(q, id=f"q{n:03d}") for n, q in enumerate(chosen, 1)]
    quiz = Quiz(f"exam-{exam_id}-{seed}", plan.title, "", edition, numbered)
    return Paper(plan, seed, quiz, given)


def _new(question: Question, seen: set[tuple[str, ...]]) -> bool:
    """Return whether the question is another one than all before, and remember it."""
    same = (question.stem, *sorted(option.text for option in question.options))
    if same in seen:
        return False
    seen.add(same)
    return True


def _bank(section: Section) -> list[Question]:
    """Return the single choices of a section's quizzes, without their hints."""
    found: list[Question] = []
    for quiz_id in section.quizzes:
        quiz = load(quiz_id)
        found += [
            replace(q, edition=quiz.edition_of(q), hint="")
            for q in quiz.questions
            if q.kind == "single" and (not section.objectives or q.objective in section.objectives)
        ]
    return found


# Tries a section makes before it is told to have too few questions.
_LIMIT = 5000


def _questions(section: Section, rng: Random, draw: Draw) -> Iterator[Question]:
    """Yield the bank's single choices in random order, then drills, their families by turns."""
    bank = _bank(section)
    yield from rng.sample(bank, len(bank))
    for n in range(_LIMIT if section.drills else 0):
        yield replace(draw(section.drills[n % len(section.drills)], rng.randrange(10**9)), hint="")


def _drills() -> Draw:
    from course_lib import drills

    cards = drills.deck()
    return lambda family, seed: drills.item(family, seed, cards).question


def exam(exam_id: str, seed: int = 1) -> "SessionWidget":
    """Return a mock exam as a widget: no feedback until the end, a timer that you may stop.

    Parameters
    ----------
    exam_id : str
        ``"cpc"`` or ``"cca"``.
    seed : int
        Which exam; another number makes another one.

    Examples
    --------
    >>> quiz.exam("cpc", seed=1)        # doctest: +SKIP

    Notes
    -----
    The text twin is ``sheet = quiz.paper("cpc", seed=1)``, ``sheet.about()``, ``quiz.ask(sheet.quiz)``.
    """
    from course_lib.quiz.show import sit

    sheet = paper(exam_id, seed)
    widget = sit(sheet.quiz, sheet.quiz.id, Rules(mode="exam", minutes=sheet.blueprint.minutes))
    widget.introduce(sheet.about(), sheet.blueprint.pass_percent)
    return widget
