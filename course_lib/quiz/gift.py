"""Quizzes as GIFT, the question text format of Moodle, and back.

The same limits hold as for Moodle XML: a code entry is a short answer without credit for shared
characters, an ordering is a matching of items and places, and a row of a matching has no reason.
"""

import re
from typing import Any

from course_lib.errors import CourseError
from course_lib.quiz.exchange import (
    code_key,
    feedback,
    flat,
    from_feedback,
    from_html,
    imported,
    spellings,
)
from course_lib.quiz.kinds import number_text
from course_lib.quiz.markup import to_html
from course_lib.quiz.model import CodeKey, Number, Option, Pair, Question, Quiz, WrongNumber

_ESCAPES = str.maketrans({**{sign: f"\\{sign}" for sign in "\\~=#{}:"}, "\n": "\\n", "\r": None})
# While a file is read, an escaped sign is a lone surrogate, which no UTF-8 text can hold.
_SAFE = 0xD800
_FORMATS = ("html", "moodle", "plain", "markdown")


def to_gift(quiz: Quiz) -> str:
    """Return a quiz as GIFT, which Moodle reads under "Import", "GIFT format"."""
    return "\n".join(_written(question) for question in flat(quiz))


def _written(question: Question) -> str:
    head = f"::{_escaped(question.id)}::{_html(question.stem)}{{{'#' if question.number else ''}\n"
    lines = [f"\t{line}\n" for line in (*_answers(question), f"####{_html(feedback(question))}")]
    return head + "".join(lines) + "}\n"


def _answers(question: Question) -> list[str]:
    if question.options:
        return _options(question)
    if question.number:
        return _numbers(question.number)
    if question.code:
        return _codes(question.code)
    rows = [(pair.text, pair.choice) for pair in question.pairs]
    rows += [(item.text, str(item.place)) for item in question.items]
    used = {choice for _, choice in rows}
    rows += [("", choice) for choice in question.choices if choice not in used]
    return [f"={_html(text) if text else ''} -> {_escaped(choice)}" for text, choice in rows]


def _options(question: Question) -> list[str]:
    right = len(question.key)
    shares = {True: f"%{_share(100 / right)}%", False: f"%{_share(-100 / (len(question.options) - right))}%"}
    signs = {True: "=", False: "~"}
    if question.kind == "multiple":
        signs = {right: f"~{share}" for right, share in shares.items()}
    return [f"{signs[o.correct]}{_html(o.text)}{_why(o.why)}" for o in question.options]


def _numbers(key: Number) -> list[str]:
    rows = [(100, key.value, key.tolerance, key.why), *((0, w.value, 0.0, w.why) for w in key.wrong)]
    return [
        f"=%{share}%{number_text(value)}:{number_text(off)}{_why(why)}" for share, value, off, why in rows
    ]


def _codes(key: CodeKey) -> list[str]:
    rows = [(100, key.code, key.why), *((0, w.code, w.why) for w in key.wrong)]
    return [
        f"=%{share}%{_escaped(spelled)}{_why(why)}"
        for share, code, why in rows
        for spelled in spellings(code)
    ]


def _share(share: float) -> str:
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _why(why: str) -> str:
    return f"#{_html(why)}" if why else ""


def _html(markup: str) -> str:
    return "[html]" + _escaped(to_html(markup))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def from_gift(data: bytes, name: str = "imported") -> Quiz:
    """Return the questions of a GIFT file as a quiz.

    Choices, true or false, numbers, short answers (as a code) and matchings are read; comments and
    categories are passed over. Space around a text is not kept, as in Moodle. Objective, lesson and
    edition are not in such a file, so an author adds them.

    Raises
    ------
    CourseError
        When it is not UTF-8 or has a question that cannot be read; with the question's line.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as why:
        line = data[: why.start].count(b"\n") + 1
        raise CourseError("the file is not UTF-8 text.", remedy="Save it as UTF-8.", line=line) from None
    questions: list[Question] = []
    for line, block in _blocks(text):
        try:
            questions.append(_read(block, f"question-{len(questions) + 1}"))
        except ValueError as why:
            raise CourseError(f"this question cannot be read: {why}.", line=line) from None
    if not questions:
        raise CourseError("the file has no question.", remedy="Export it as GIFT.")
    return Quiz(name, name, "", "", questions)


def _blocks(text: str) -> list[tuple[int, str]]:
    """Return (line, text) of each question: empty lines part them, comments and categories go."""
    found: list[tuple[int, str]] = []
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip(" \t"):
            if not line.strip(" \t").startswith(("//", "$CATEGORY:")):
                lines.append((number, line))
        elif lines:
            found.append((lines[0][0], "\n".join(each for _, each in lines)))
            lines = []
    return found


def _read(block: str, name: str) -> Question:
    text = re.sub(r"\\([~=#{}:\\n])", _hidden, block).strip(" \t\n")
    if named := re.match(r"::(.*?)::", text, re.DOTALL):
        name, text = _plain(named[1]), text[named.end() :]
    stem, opened, rest = text.partition("{")
    body, closed, after = rest.partition("}")
    if not opened or not closed:
        raise ValueError("it has no answers in { }")
    form, stem = _format(f"{stem}_____{after}" if after.strip(" \t\n") else stem, "moodle")
    body, _, general = body.rpartition("####") if "####" in body else (body, "", "")
    common = {"id": name, "stem": stem, **from_feedback(_format(general, form)[1])}
    body = body.strip(" \t\n")
    if body.startswith("#"):
        return _number(body[1:], form, common)
    if "~" in body:
        return _choice(body, form, common)
    if "=" in body and "->" in body:
        return _matching(body, form, common)
    if re.fullmatch(r"(T|TRUE|F|FALSE)\s*(#.*)?", body, re.DOTALL):
        return _true_or_false(body, form, common)
    if not body:
        raise ValueError("it has no answers (an essay is not read)")
    rows = [(text, share == 100, why) for _, share, text, why in _rows(body, form)]
    return imported("code", common, code=code_key(rows))


def _hidden(match: re.Match[str]) -> str:
    return chr(_SAFE + (10 if match[1] == "n" else ord(match[1])))


def _plain(text: str) -> str:
    """Return a part of the file without space around it, its escaped signs back in their place."""
    return re.sub("[\ud800-\ud8ff]", lambda sign: chr(ord(sign[0]) - _SAFE), text.strip(" \t\n"))


def _format(text: str, form: str) -> tuple[str, str]:
    """Return the format of a text and the text as our markup; `form` holds when it names none."""
    text = text.strip(" \t\n")
    if marked := re.match(rf"\[({'|'.join(_FORMATS)})\]", text):
        form, text = marked[1], text[marked.end() :]
    return form, from_html(_plain(text)) if form in ("html", "moodle") else _plain(text)


def _rows(body: str, form: str) -> list[tuple[str, float, str, str]]:
    """Return (sign, share, text, why) of each answer; without a share, ``=`` is 100 and ``~`` is 0."""
    rows = []
    if not body.strip(" \t\n").startswith(("=", "~")):
        body = f"={body}"
    for sign, answer in re.findall(r"([=~])([^=~]*)", body):
        text, _, why = answer.strip(" \t\n").partition("#")
        share = 100.0 if sign == "=" else 0.0
        if weight := re.match(r"%(-?[\d.]+)%", text):
            share, text = float(weight[1]), text[weight.end() :]
        rows.append((sign, share, _format(text, form)[1], _format(why, form)[1]))
    return rows


def _choice(body: str, form: str, common: dict[str, Any]) -> Question:
    options = [Option(text, share > 0, why) for _, share, text, why in _rows(body, form)]
    return imported("single" if "=" in body else "multiple", common, options=options)


def _true_or_false(body: str, form: str, common: dict[str, Any]) -> Question:
    word, *whys = body.split("#")
    wrong, right = [_format(why, form)[1] for why in [*whys, "", ""][:2]]
    key = word.strip().startswith("T")
    options = [Option(text, is_true == key, right if is_true == key else wrong)
               for text, is_true in (("True", True), ("False", False))]  # fmt: skip
    return imported("single", common, options=options)


def _number(body: str, form: str, common: dict[str, Any]) -> Question:
    rows = _rows(body, form)
    right = [(text, why) for sign, share, text, why in rows if sign == "=" and share == 100]
    if len(right) != 1:
        raise ValueError(f"it has {len(right)} right numbers, and a question takes one")
    value, tolerance = _range(right[0][0])
    wrong = [
        WrongNumber(_range(text)[0], why) for sign, share, text, why in rows if sign == "=" and share < 100
    ]
    rest = [why for sign, _, _, why in rows if sign == "~" and why]  # for any other number
    common["explanation"] = "\n".join(filter(None, [common["explanation"], *rest]))
    return imported("numeric", common, number=Number(value, right[0][1], tolerance, "", wrong))


def _range(text: str) -> tuple[float, float]:
    """Return the value and the tolerance of ``3``, ``3:0.5`` or ``2.5..3.5``."""
    if ".." in text:
        low, high = (float(end) for end in text.split("..", 1))
        return (low + high) / 2, (high - low) / 2
    value, _, tolerance = text.partition(":")
    return float(value), float(tolerance or 0)


def _matching(body: str, form: str, common: dict[str, Any]) -> Question:
    rows = []
    for row in re.findall(r"=([^=]*)", body):
        text, arrow, choice = row.partition("->")
        if not arrow:
            raise ValueError("a row of the matching has no ->")
        rows.append((_format(text, form)[1], _plain(choice)))
    pairs = [Pair(text, choice, "") for text, choice in rows if text]
    return imported("matching", common, pairs=pairs, choices=list(dict.fromkeys(c for _, c in rows)))
