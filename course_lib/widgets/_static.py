"""The quiz as it is read without a kernel: on GitHub, in the site, in a notebook not run.

It depends on the quiz alone, never on the learner's progress, so that an executed
notebook is the same on every machine.
"""

import html

from course_lib.quiz.engine import LETTERS
from course_lib.quiz.kinds import number_text
from course_lib.quiz.markup import to_html, to_plain
from course_lib.quiz.model import Question, Quiz
from course_lib.quiz.text import HOW


def quiz_line(quiz: Quiz) -> str:
    """Return the quiz in one line, for ``text/plain``."""
    if len(quiz.questions) == 1:
        asked = f'question "{quiz.questions[0].id}"'
        twin = f'quiz.ask("{quiz.id}", question="{quiz.questions[0].id}")'
    else:
        asked, twin = f"{len(quiz.questions)} questions", f'quiz.ask("{quiz.id}")'
    return f"{quiz.title}: {asked}. Run this cell to answer, or use {twin}."


def quiz_html(quiz: Quiz, *, keys: bool = True) -> str:
    """Return the quiz as plain HTML; answers and reasons are folded away, or left out without `keys`."""
    if len(quiz.questions) == 1:
        return f"<div><p><strong>Check yourself</strong></p>{_question_html(quiz.questions[0], keys)}</div>"
    items = "".join(f"<li>{_question_html(question, keys)}</li>" for question in quiz.questions)
    return (
        f"<div><p><strong>{html.escape(quiz.title)}</strong> ({len(quiz.questions)} questions;"
        f" run this cell to answer them here)</p><ol>{items}</ol></div>"
    )


def _question_html(question: Question, keys: bool) -> str:
    how = f" {HOW[question.kind]}" if HOW[question.kind] else ""
    asked = f"<p>{to_html(question.stem)}{how}</p>{_body_html(question)}"
    for n, part in enumerate(question.parts, 1):
        asked += f"<p>Part {n}. {to_html(part.stem)} {HOW[part.kind]}</p>{_body_html(part)}"
    if not keys:
        return asked
    whys = "".join(f"<li>{line}</li>" for line in _reasons_html(question))
    explanation = f"<p>{to_html(question.explanation)}</p>" if question.explanation else ""
    return (
        f"{asked}<details><summary>Answer and reasons</summary><ul>{whys}</ul>{explanation}"
        f"<p>Source: {_source_html(question)}</p></details>"
    )


def _body_html(question: Question) -> str:
    """Return what there is to choose from.

    The letters are text: JupyterLab numbers an ordered list with figures, whatever its type.
    """
    rows = "".join(f"<li>{to_html(pair.text)}</li>" for pair in question.pairs)
    texts = [option.text for option in question.options] + question.choices
    texts += [item.text for item in question.items]
    options = "".join(
        f"<li><strong>{LETTERS[k]}</strong> {to_html(text)}</li>" for k, text in enumerate(texts)
    )
    return (f"<ol>{rows}</ol>" if rows else "") + (f"<ul>{options}</ul>" if options else "")


def _reasons_html(question: Question) -> list[str]:
    """Return the key and every reason, each in one line."""
    lines = [_reason_html(question, k) for k in range(len(question.options))]
    if question.number:
        lines.append(_line(f"{number_text(question.number.value)}, right", question.number.why))
        lines += [_line(f"{number_text(w.value)}, not right", w.why) for w in question.number.wrong]
    if question.code:
        lines.append(_line(f"{question.code.code}, right", question.code.why))
        lines += [_line(f"{w.code}, not right", w.why) for w in question.code.wrong]
    lines += [_line(f"{to_plain(pair.text)}: {pair.choice}", pair.why) for pair in question.pairs]
    ordered = sorted(question.items, key=lambda item: item.place)
    lines += [_line(f"{item.place}. {to_plain(item.text)}", item.why) for item in ordered]
    for n, part in enumerate(question.parts, 1):
        lines += [f"Part {n}. {line}" for line in _reasons_html(part)]
    return lines


def _line(label: str, why: str) -> str:
    return f"<strong>{html.escape(label)}:</strong> {to_html(why)}"


def _reason_html(question: Question, k: int) -> str:
    option = question.options[k]
    verdict = "right" if option.correct else "not right"
    return _line(f"{LETTERS[k]}, {verdict}", option.why)


def _source_html(question: Question) -> str:
    text = html.escape(question.source.text)
    return f'<a href="{html.escape(question.source.url)}">{text}</a>' if question.source.url else text
