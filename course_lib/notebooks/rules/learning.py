"""Rules for what a lesson makes the learner do, and for the pages beside it."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from math import ceil

from course_lib import glossary, quiz
from course_lib.errors import CourseError
from course_lib.notebooks import markdown
from course_lib.notebooks.model import Notebook
from course_lib.notebooks.rules import Fault
from course_lib.notebooks.rules.common import broken
from course_lib.notebooks.rules.lesson import TIME, listed, quiz_calls

PREDICT = "**Predict, then run:**"
PREDICTIONS = 5
FIGURES = 2
SUMMARY_WORDS = 450
CLOSING, KINDS, TOGETHER, EACH = 14, 3, 22, 2  # questions; kinds; questions of a lesson; of an objective
SHORTEST, LONGEST = 25, 50  # minutes
# The model of `stated_time`.
WORDS_A_MINUTE = 180  # a careful reader of a subject that is new to him
MINUTES_A_CELL = 1 / 3  # read the code, run it, read what it shows
MINUTES_A_PREDICTION = 1 / 2
MINUTES_A_QUESTION = 1.0
OFF = 0.25  # by how much the stated time may differ from the model's


def predictions(notebook: Notebook) -> Iterator[Fault]:
    """Demand five or more "**Predict, then run:**", each in the cell above the code that answers it."""
    cells, count = notebook.node.cells, 0
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if cell.cell_type != "markdown" or PREDICT not in cell.source:
            continue
        count += 1
        if after is None or after.cell_type != "code":
            yield Fault(cell.id, "no code cell follows its prediction.", "Let the answer be the next cell.")
    if count < PREDICTIONS:
        yield Fault("", f"{count} cells ask to predict, of {PREDICTIONS} or more.", f"Write `{PREDICT}` ...")


def figures(notebook: Notebook) -> Iterator[Fault]:
    """Demand two or more figures."""
    html = [o.get("data", {}).get("text/html", "") for cell in notebook.code for o in cell.outputs]
    count = sum(markdown.Page(text).figures for text in html)
    if count < FIGURES:
        yield Fault("", f"{count} figures, of {FIGURES} or more.", "Draw with plots.bar or plots.figure.")


def one_page_summary(notebook: Notebook) -> Iterator[Fault]:
    """Demand a link to ``../summaries/NAME.md``: a title, 450 words at most, its sources, sound links."""
    target = f"../summaries/{notebook.path.stem}.md"
    home = next((c.id for c in notebook.prose if target in markdown.links(c.source)), None)
    if home is None:
        remedy = f"Write in the recap: [one-page summary]({target})."
        yield Fault("", "it does not link its one-page summary.", remedy)
        return
    page = notebook.path.parent / target
    if not page.is_file():
        return  # the rule `links` tells of it
    text = page.read_text(encoding="utf-8")
    if not text.startswith("# "):
        yield Fault(home, f"{page.name} does not begin with its title.", "Begin with `# Title`.")
    if (count := markdown.word_count(text)) > SUMMARY_WORDS:
        remedy = f"{SUMMARY_WORDS} words fit on a page."
        yield Fault(home, f"{page.name} has {count} words.", remedy)
    if "source" not in text.lower():
        yield Fault(home, f"{page.name} names no source.", "End it with a line `Sources: ...`.")
    for link in markdown.links(text):
        if why := broken(page, link, markdown.anchors(text)):
            yield Fault(home, f"the link {link!r} of {page.name} {why}.", "Mend the link.")


def glossary_links(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a term which the glossary gives to this lesson is linked in the cell that first uses it.

    Uses count from the objectives on. Headings, tables, code and the texts of links are no uses.
    """
    number, cells = notebook.path.name[:2], notebook.prose
    start = next((n for n, c in enumerate(cells) if "Objectives" in _headings(c.source)), 0) + 1
    texts = [markdown.running_text(cell.source) for cell in cells]
    linked = [{link.rpartition("glossary.md#")[2] for link in markdown.links(c.source)} for c in cells]
    for term in glossary.terms():
        if term.lesson != number:
            continue
        link = f"[{term.word}](../glossary.md#{term.slug})"
        home = next((n for n, slugs in enumerate(linked) if term.slug in slugs), None)
        word = _pattern(term)
        used = next((n for n, text in enumerate(texts) if n >= start and word.search(text)), None)
        if home is None:
            yield Fault(
                "" if used is None else cells[used].id,
                f"the glossary says that this lesson introduces {term.term!r}, but it does not link it.",
                f"Write {link} where you first use it, or change the term's lesson in glossary.csv.",
            )
        elif used is not None and used < home:
            what = f"{term.word!r} is used here first, and linked later."
            yield Fault(cells[used].id, what, f"Write {link} here.")


def quiz_size(notebook: Notebook) -> Iterator[Fault]:
    """Demand a closing quiz of 14 questions of three kinds, 22 in all its quizzes, each check shown."""
    calls, found = quiz_calls(notebook), _quizzes(notebook)
    for call in calls:
        if call.quiz not in found:
            yield Fault(call.cell, f"there is no sound quiz {call.quiz!r}.", "Run `course quiz check`.")
    closing = found.get(calls[-1].quiz) if calls else None
    if closing is None:
        return  # the rule `ends_in_quiz` tells of it
    kinds = {question.kind for question in closing.questions}
    if len(closing.questions) < CLOSING or len(kinds) < KINDS:
        yield Fault(
            calls[-1].cell,
            f"its closing quiz has {len(closing.questions)} questions of {len(kinds)} kinds.",
            f"Ask {CLOSING} or more, of {KINDS} kinds or more.",
        )
    total = sum(len(one.questions) for one in found.values())
    if total < TOGETHER:
        yield Fault(calls[-1].cell, f"its quizzes have {total} questions.", f"Ask {TOGETHER} or more in all.")
    whole = {call.quiz for call in calls if not call.question}
    shown = {(call.quiz, call.question) for call in calls}
    for name in sorted(set(found) - whole):
        for question in found[name].questions:
            if (name, question.id) not in shown:
                remedy = f'Add a cell `quiz.show("{name}", question="{question.id}")`.'
                yield Fault("", f"the question {question.id!r} of {name} is not shown.", remedy)


def objectives_asked(notebook: Notebook) -> Iterator[Fault]:
    """Demand two questions or more for each objective, and no question for anything else."""
    found = _quizzes(notebook)
    if not found:
        return
    asked = Counter(
        bare(part.objective)
        for one in found.values()
        for question in one.questions
        for part in (question, *question.parts)
    )
    goals = [bare(goal) for goal in listed(notebook, "Objectives")]
    for goal in goals:
        if asked[goal] < EACH:
            yield Fault("", f"the objective {goal!r} has {asked[goal]} questions.", f"Ask {EACH} or more.")
    for stray in sorted(set(asked) - set(goals)):
        yield Fault("", f"a question is for {stray!r}, which is no objective.", "Use the objective's words.")


def stated_time(notebook: Notebook) -> Iterator[Fault]:
    """Demand a time of 25 to 50 minutes that is within a quarter of what the work takes.

    The model: the words of the text at 180 a minute; 20 seconds for each code cell; half a
    minute for each prediction; a minute for each question, the closing quiz included.
    """
    first = notebook.node.cells[0]
    match = TIME.search(first.source)
    if match is None:
        return  # the rule `time_line` tells of it
    said, needs = int(match[1]), minutes(notebook)
    if not SHORTEST <= said <= LONGEST:
        yield Fault(
            first.id, f"it states {said} minutes.", f"A lesson takes {SHORTEST} to {LONGEST} minutes."
        )
    if abs(said - needs) > OFF * needs:
        low, high = ceil((1 - OFF) * needs), int((1 + OFF) * needs)
        yield Fault(
            first.id,
            f"it states {said} minutes; reading, running and answering take about {needs:.0f}.",
            f"State {low} to {high}, or make the lesson {'shorter' if needs > said else 'longer'}.",
        )


def minutes(notebook: Notebook) -> float:
    """Return how long a lesson takes, in minutes, by the model of `stated_time`."""
    questions = [q for one in _quizzes(notebook).values() for q in one.questions]
    return (
        sum(markdown.word_count(cell.source) for cell in notebook.prose) / WORDS_A_MINUTE
        + len(notebook.code) * MINUTES_A_CELL
        + sum(PREDICT in cell.source for cell in notebook.prose) * MINUTES_A_PREDICTION
        + sum(max(1, len(question.parts)) for question in questions) * MINUTES_A_QUESTION
    )


def bare(objective: str) -> str:
    """Return an objective as it is compared: without its end mark, in small letters."""
    return objective.strip(" ;.").lower()


def _quizzes(notebook: Notebook) -> dict[str, quiz.Quiz]:
    """Return the sound quizzes that a lesson shows, whole or in part, by id."""
    found = {}
    for name in dict.fromkeys(call.quiz for call in quiz_calls(notebook)):
        with suppress(CourseError):  # the rule `quiz_size` tells of it
            found[name] = quiz.load(name)
    return found


def _headings(source: str) -> list[str]:
    return [heading.text for heading in markdown.headings(source)]


def _pattern(term: glossary.Term) -> re.Pattern[str]:
    """Return what finds a term in a text, in the plural too; capitals count where the term has some."""
    flags = re.IGNORECASE if term.word.islower() else 0
    return re.compile(rf"(?<![\w-]){re.escape(term.word)}(?:s|es)?(?![\w-])", flags)
