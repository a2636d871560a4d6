"""The widget without a browser: what it sends, keeps, restores and shows when not run."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course_lib import progress, quiz
from course_lib.widgets.quiz import QuizWidget


def bundle(widget: QuizWidget) -> dict[str, str]:
    return widget._repr_mimebundle_()[0]


def test_a_checked_answer_is_graded_by_the_kernel_and_kept(bank: Path) -> None:
    widget = quiz.show("sample")
    widget.answers = {"billable": [1]}
    widget.answers = {"billable": [1], "same-category": [1, 0]}
    kept = progress.open()
    assert kept.get("sample", "billable").correct is True  # type: ignore[union-attr]
    assert kept.get("sample", "same-category").answer == [0, 1]  # type: ignore[union-attr]
    assert kept.get("sample", "billable").tries == 1  # type: ignore[union-attr]


def test_kept_answers_come_back(bank: Path) -> None:
    quiz.show("sample").answers = {"billable": [0], "dot": [1]}
    assert quiz.show("sample").answers == {"billable": [0], "dot": [1]}
    assert quiz.show("sample", question="dot").answers == {"dot": [1]}


def test_an_answer_to_an_option_that_is_gone_is_asked_again(bank: Path) -> None:
    progress.open().record("sample", "dot", [7], True)
    assert quiz.show("sample").answers == {}


def test_showing_a_quiz_writes_nothing(bank: Path) -> None:
    quiz.show("sample")
    assert list(progress.default_path().parent.glob("progress*")) == []


def test_the_questions_shown_are_those_named(bank: Path) -> None:
    def shown(question: str | list[str] | None) -> list[str]:
        return [q["id"] for q in quiz.show("sample", question).quiz["questions"]]

    assert shown(None) == ["billable", "same-category", "dot"]
    assert shown("dot") == ["dot"]
    assert shown(["dot", "billable"]) == ["dot", "billable"]


def test_one_question_has_no_bar_and_no_result_table(bank: Path) -> None:
    assert quiz.show("sample").quiz["whole"] is True
    assert quiz.show("sample", "dot").quiz["whole"] is False
    text = bank.read_text()
    bank.write_text(text[: text.index("  - id: same-category")])
    assert quiz.show("sample").quiz["whole"] is False


def test_the_static_form_does_not_depend_on_the_learner(bank: Path) -> None:
    before = bundle(quiz.show("sample"))
    quiz.show("sample").answers = {"billable": [0]}
    after = bundle(quiz.show("sample"))
    assert before["text/html"] == after["text/html"]
    assert before["text/plain"] == after["text/plain"]
    assert not re.search(r"[0-9a-f]{16}|\bid=", before["text/html"])


def test_the_static_form_has_every_question_option_and_reason(bank: Path, sample: quiz.Quiz) -> None:
    texts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = texts.append  # type: ignore[method-assign]
    html = bundle(quiz.show("sample"))["text/html"]
    parser.feed(html)
    flat = "".join(texts)
    for question in sample.questions:
        for option in question.options:
            assert option.why.replace("*", "") in flat
            assert option.text.strip("`") in flat
    assert html.count("<details>") == html.count("</details>") == 3


def test_the_plain_form_is_one_short_line_that_names_the_text_twin(bank: Path) -> None:
    plain = bundle(quiz.show("sample"))["text/plain"]
    assert plain == 'A sample quiz: 3 questions. Run this cell to answer, or use quiz.ask("sample").'
    one = bundle(quiz.show("sample", "dot"))["text/plain"]
    assert one == (
        'A sample quiz: question "dot". Run this cell to answer, or use quiz.ask("sample", question="dot").'
    )


def test_text_of_an_author_is_never_markup(bank: Path) -> None:
    bank.write_text(bank.read_text().replace("title: A sample quiz", "title: <script>x</script> & more"))
    assert "<script>" not in bundle(quiz.show("sample"))["text/html"]


def test_a_damaged_progress_file_is_told_in_the_widget(bank: Path) -> None:
    progress.default_path().write_text('{"format": "crossw')
    widget = quiz.show("sample")
    assert re.fullmatch(
        r"progress\.json was damaged: it is kept as progress\.json\.damaged-\S+, and a new one is begun\.",
        widget.notice,
    )
    assert quiz.show("sample").notice == ""


def test_answers_work_where_nothing_can_be_written(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PROGRESS", str(bank / "progress.json"))  # its folder is a file
    widget = quiz.show("sample")
    widget.answers = {"billable": [1]}
    widget.answers = {"billable": [1], "dot": [0]}
    assert widget.notice.count("are not saved") == 1
