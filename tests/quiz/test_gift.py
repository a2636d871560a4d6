"""GIFT: every sign goes out escaped and comes back, and a fault names its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import quiz
from course_lib.errors import CourseError
from course_lib.quiz.engine import mark
from course_lib.quiz.exchange import flat
from course_lib.quiz.gift import from_gift, to_gift
from course_lib.quiz.model import (
    CodeKey,
    Number,
    Option,
    Pair,
    Question,
    Quiz,
    Source,
    WrongNumber,
)

GALLERY = quiz.load("gallery")

signs = st.sampled_from("~=#{}:\\\n[]%->/$<&`*")
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")) | signs, min_size=1, max_size=40
).filter(lambda text: text == text.strip(" "))


def back(question: Question) -> Question:
    (read,) = from_gift(to_gift(Quiz("x", "x", "", "", [question])).encode()).questions
    return read


def one(data: str) -> Question:
    (read,) = from_gift(data.encode()).questions
    return read


@given(st.lists(texts, min_size=7, max_size=7), st.booleans(), st.integers(0, 2))
def test_any_choice_comes_back_as_it_went(said: list[str], many: bool, right: int) -> None:
    options = [Option(said[n], n == right or (many and n == 0), said[n + 3]) for n in range(3)]
    if all(option.correct for option in options[:2]):
        options.append(Option(said[0], False, ""))
    kind = "multiple" if many else "single"
    question = Question("q", kind, "", 1, said[6], options, Source("s"))
    read = back(question)
    assert (read.kind, read.stem, read.options) == (kind, question.stem, options)


@given(st.lists(texts, min_size=5, max_size=5))
def test_any_matching_comes_back_with_the_choice_that_fits_nothing(said: list[str]) -> None:
    rows = [Pair(f"a{said[0]}", f"1{said[1]}", ""), Pair(f"b{said[2]}", f"2{said[3]}", "")]
    choices = [rows[0].choice, rows[1].choice, f"3{said[4]}"]
    read = back(Question("q", "matching", "", 1, "?", source=Source("s"), pairs=rows, choices=choices))
    assert (read.pairs, read.choices) == (rows, choices)


@given(st.floats(-1e9, 1e9), st.floats(0, 1e3), st.floats(-1e9, 1e9).map(lambda n: WrongNumber(n, "no: 1=2")))
def test_any_number_comes_back(value: float, tolerance: float, wrong: WrongNumber) -> None:
    number = Number(value, "so", tolerance, "", [wrong])
    assert back(Question("q", "numeric", "", 1, "?", source=Source("s"), number=number)).number == number


def test_every_kind_of_the_gallery_comes_back_with_its_key() -> None:
    read = from_gift(to_gift(GALLERY).encode())
    assert [q.id for q in read.questions] == [q.id for q in flat(GALLERY)]
    for before, after in zip(flat(GALLERY), read.questions, strict=True):
        assert (after.stem, after.explanation) == (before.stem, before.explanation)
        assert after.source.text == before.source.text
        assert (after.options, after.code) == (before.options, before.code)
        rows = [(p.text, p.choice) for p in before.pairs] + [(i.text, str(i.place)) for i in before.items]
        assert [(p.text, p.choice) for p in after.pairs] == rows
    assert mark(read["enter-the-code"], "s93401a").points == 1
    assert mark(read["count-the-codes"], 3).points == 1
    assert mark(read["count-the-codes"], 16).points == 0


def test_what_a_teacher_writes_by_hand_is_read() -> None:
    question = one("// mine\n$CATEGORY: a/b\n\n::one:: Codes stand {~below =above#yes ~in} chapters.")
    assert (question.id, question.stem) == ("one", "Codes stand _____ chapters.")
    assert [(o.text, o.correct) for o in question.options] == [
        ("below", False),
        ("above", True),
        ("in", False),
    ]
    assert [o.correct for o in one("A header is billable.{F#no#yes}").options] == [False, True]
    assert one("How many?{#3:0.5}").number == Number(3, "", 0.5)
    assert one("How many?{#2..4 ~#count them}").number == Number(3, "", 1)
    assert one("How many?{#=3 ~#count them}").explanation == "count them"
    assert one("Which?{=E11.22 =e1122}").code == CodeKey("E11.22", "")


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        ("\n\nNo answers here", "no answers in", 3),
        ("Open {", "no answers in", 1),
        ("Which?{=A ~B}\n\nWrite about it.{}", "essay", 3),
        ("How many?{#three}", "three", 1),
        ("How many?{#=1 =2}", "2 right numbers", 1),
        ("Which?{=E11 =E12}", "2 right answers", 1),
        ("Which?{%0%E11}", "0 right answers", 1),
        ("Match {=a -> b =c}", "no ->", 1),
        ("// nothing", "no question", None),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_with_its_line(
    data: str, said: str, line: int | None
) -> None:
    with pytest.raises(CourseError, match=said) as caught:
        from_gift(data.encode())
    assert caught.value.line == line


def test_a_file_that_is_not_text_is_refused_with_its_line() -> None:
    with pytest.raises(CourseError, match="UTF-8") as caught:
        from_gift(b"a\nb\xff")
    assert caught.value.line == 2


def test_an_unescaped_sign_would_change_the_question() -> None:
    gift = to_gift(
        Quiz("x", "x", "", "", [Question("q", "code", "", 1, "a=b", code=CodeKey("E11", "x = {y}"))])
    )
    assert "x \\= \\{y\\}" in gift
    assert one(gift).code == CodeKey("E11", "x = {y}")
    with pytest.raises(CourseError):
        one(gift.replace("\\", ""))
