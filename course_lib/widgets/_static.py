"""The quiz as it is read without a kernel: on GitHub, in the site, in a notebook not run.

It depends on the quiz alone, never on the learner's progress, so that an executed
notebook is the same on every machine.
"""

import html

from course_lib.labels import english, lang, t
from course_lib.quiz.engine import LETTERS
from course_lib.quiz.kinds import number_text
from course_lib.quiz.markup import to_html, to_plain
from course_lib.quiz.model import Question, Quiz
from course_lib.quiz.text import how


def quiz_line(quiz: Quiz) -> str:
    """Return the quiz in one line, for ``text/plain``."""
    if len(quiz.questions) == 1:
        question = quiz.questions[0].id
        twin = f'quiz.ask("{quiz.id}", question="{question}")'
        return t("quiz.plain-one", title=quiz.title, question=question, twin=twin)
    return t("quiz.plain", title=quiz.title, n=len(quiz.questions), twin=f'quiz.ask("{quiz.id}")')


def quiz_html(quiz: Quiz, *, keys: bool = True) -> str:
    """Return the quiz as plain HTML; answers and reasons are folded away, or left out without `keys`."""
    if len(quiz.questions) == 1:
        one = _question_html(quiz.questions[0], keys)
        return f"<div{lang()}><p><strong>{t('quiz.yourself')}</strong></p>{one}</div>"
    items = "".join(f"<li>{_question_html(question, keys)}</li>" for question in quiz.questions)
    return (
        f"<div{lang()}><p><strong>{english(html.escape(quiz.title))}</strong>"
        f" {t('quiz.static-count', n=len(quiz.questions))}</p><ol>{items}</ol></div>"
    )


def _question_html(question: Question, keys: bool) -> str:
    words = " ".join(filter(None, [_rich(question.stem), how(question.kind)]))
    asked = f"<p>{words}</p>{_body_html(question)}"
    for n, part in enumerate(question.parts, 1):
        asked += f"<p>{t('quiz.part', n=n)} {_rich(part.stem)} {how(part.kind)}</p>{_body_html(part)}"
    if not keys:
        return asked
    whys = "".join(f"<li>{line}</li>" for line in _reasons_html(question))
    explanation = f"<p>{_rich(question.explanation)}</p>" if question.explanation else ""
    return (
        f"{asked}<details><summary>{t('quiz.reasons')}</summary><ul>{whys}</ul>{explanation}"
        f"<p>{t('quiz.source')} {_source_html(question)}</p></details>"
    )


def _rich(text: str) -> str:
    return english(to_html(text))


def _body_html(question: Question) -> str:
    """Return what there is to choose from.

    The letters are text: JupyterLab numbers an ordered list with figures, whatever its type.
    """
    rows = "".join(f"<li>{_rich(pair.text)}</li>" for pair in question.pairs)
    texts = [option.text for option in question.options] + question.choices
    texts += [item.text for item in question.items]
    options = "".join(f"<li><strong>{LETTERS[k]}</strong> {_rich(text)}</li>" for k, text in enumerate(texts))
    return (f"<ol>{rows}</ol>" if rows else "") + (f"<ul>{options}</ul>" if options else "")


def _reasons_html(question: Question) -> list[str]:
    """Return the key and every reason, each in one line."""
    lines = [_reason_html(question, k) for k in range(len(question.options))]
    if question.number:
        lines.append(_verdict(number_text(question.number.value), True, question.number.why))
        lines += [_verdict(number_text(w.value), False, w.why) for w in question.number.wrong]
    if question.code:
        lines.append(_verdict(question.code.code, True, question.code.why))
        lines += [_verdict(w.code, False, w.why) for w in question.code.wrong]
    lines += [_line(f"{to_plain(pair.text)}: {pair.choice}", pair.why) for pair in question.pairs]
    ordered = sorted(question.items, key=lambda item: item.place)
    lines += [_line(f"{item.place}. {to_plain(item.text)}", item.why) for item in ordered]
    for n, part in enumerate(question.parts, 1):
        lines += [f"{t('quiz.part', n=n)} {line}" for line in _reasons_html(part)]
    return lines


def _line(label: str, why: str) -> str:
    return f"<strong>{html.escape(label)}:</strong> {_rich(why)}"


def _verdict(label: str, right: bool, why: str) -> str:
    return _line(f"{label}, {t('quiz.right') if right else t('quiz.wrong')}", why)


def _reason_html(question: Question, k: int) -> str:
    option = question.options[k]
    return _verdict(LETTERS[k], option.correct, option.why)


def _source_html(question: Question) -> str:
    text = english(html.escape(question.source.text))
    return f'<a href="{html.escape(question.source.url)}">{text}</a>' if question.source.url else text
