"""Every kind of question in a real JupyterLab, and an exam: by keyboard, by screen reader, kept."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from course_lib import quiz

CHECK = "quiz.show('gallery', question='match-the-level')"
EXAM = "quiz.show('gallery', ['one-right', 'order-the-codes'], mode='exam', minutes=5)"


@pytest.fixture(scope="module")
def window(lab) -> Iterator:
    lab.progress.unlink(missing_ok=True)
    cells = ["from course_lib import quiz", "quiz.show('gallery')", EXAM, CHECK]
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": [{**empty, "id": f"cell-{n}", "source": source} for n, source in enumerate(cells)],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (lab.root / "sitting.ipynb").write_text(json.dumps(notebook))
    with lab.open("sitting.ipynb") as opened:
        opened.page.set_viewport_size({"width": 1280, "height": 2600})
        opened.run_all()
        yield opened


def card(page: Page, n: int, sitting: int = 0) -> Locator:
    return page.locator(".cw-session").nth(sitting).locator("form").nth(n)


def check(box: Locator) -> None:
    box.get_by_role("button", name="Check").click()


def feedback(box: Locator) -> Locator:
    return box.locator(".cw-feedback")


def test_axe_finds_nothing_in_a_fresh_sitting(window, lab) -> None:
    expect(window.page.locator(".cw-session")).to_have_count(3)
    assert window.axe(".cw-session") == []
    window.page.locator(".cw-session").first.screenshot(path=str(lab.shots / "session-fresh-light.png"))


def test_a_code_is_advised_while_it_is_typed_and_graded_by_its_shared_characters(window) -> None:
    box = card(window.page, 0)
    field = box.get_by_label("Your code")
    field.press_sequentially("s93.401")
    expect(box.locator(".cw-advice")).to_have_text(
        "S93.401 is not complete; it needs a 7th character: A, D, S."
    )
    expect(field).to_have_accessible_description(
        "S93.401 is not complete; it needs a 7th character: A, D, S."
    )
    field.press("Enter")
    expect(feedback(box)).to_contain_text("The 7th character is missing")
    field.fill("S93.401A")
    expect(feedback(box)).to_be_empty()
    field.press("Enter")
    expect(feedback(box)).to_contain_text("Right.")
    box.get_by_role("button", name="Hint (costs 25% of the points)").click()
    expect(box.get_by_text("Side first, then")).to_be_visible()


def test_a_number(window) -> None:
    box = card(window.page, 1)
    field = box.get_by_label("Your number")
    field.fill("lots")
    field.press("Enter")
    expect(feedback(box)).to_contain_text("is no number")
    field.fill("1")
    for _ in range(2):  # the same answer again is told again
        field.press("Enter")
        expect(feedback(box)).to_contain_text("S93.401 is not billable itself.")
    field.fill("3")
    check(box)
    expect(feedback(box)).to_contain_text("Right.")


def test_matching_by_its_named_lists(window) -> None:
    box = card(window.page, 2)
    check(box)
    expect(feedback(box)).to_have_text("Choose for every row first.")
    for row, choice in {"E08-E13": "A a block", "E11": "B a category", "E11.2": "C a subcategory"}.items():
        box.get_by_label(row, exact=True).select_option(choice)
    box.get_by_label("E11.22", exact=True).select_option("A a block")
    check(box)
    expect(feedback(box)).to_contain_text("Partly right: 3 of the 4 rows matched.")


def test_a_check_of_one_question_has_nothing_to_count_and_nothing_to_finish(window) -> None:
    alone, whole = (window.page.locator(".cw-session").nth(n) for n in (2, 0))
    expect(alone.locator(".cw-kicker")).to_have_text("Check yourself")
    for part in (".cw-progress", ".cw-title"):
        expect(whole.locator(part)).to_be_visible()
        expect(alone.locator(part)).to_have_count(0)
    expect(whole.get_by_role("button", name="Finish")).to_be_visible()
    expect(alone.get_by_role("button", name="Finish")).to_have_count(0)


def test_no_two_sittings_of_a_page_share_an_id(window) -> None:
    ids = window.page.locator(".cw-session [id]").evaluate_all("nodes => nodes.map(n => n.id)")
    assert len(ids) > 8
    assert len(set(ids)) == len(ids)


def test_ordering_by_keyboard_alone(window) -> None:
    page, box = window.page, card(window.page, 3)
    cells = window.cell_count()
    expect(box.get_by_role("listitem")).to_have_count(3)
    up = box.get_by_role("button", name="Move up: E11.22")
    up.focus()
    page.keyboard.press("Enter")
    expect(box.locator(".cw-moved")).to_contain_text("is now number 2 of 3.")
    expect(up).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # it is at the top: nothing happens
    expect(box.get_by_role("listitem").first).to_contain_text("E11.22")
    box.get_by_role("button", name="Move down: Z94.0").press("Enter")
    assert window.cell_count() == cells
    check(box)
    expect(feedback(box)).to_contain_text("Right.")


def test_a_scenario_is_told_by_part(window) -> None:
    box = card(window.page, 4)
    part = box.get_by_role("group", name="Part 1.")
    part.get_by_label("Your code").press_sequentially("E11")
    expect(part.get_by_role("status")).to_have_text("E11 is a header; it needs a 4th character.")
    part.get_by_label("Your code").fill("E11.22")
    box.get_by_label("N18.4").check()
    check(box)
    expect(feedback(box)).to_contain_text("Partly right: 1.5 of the 2 parts.")


def test_a_screen_reader_gets_every_kind(window) -> None:
    page = window.page
    assert 'textbox "Your code"' in card(page, 0).aria_snapshot()
    assert 'textbox "Your number"' in card(page, 1).aria_snapshot()
    assert 'combobox "E11.22"' in card(page, 2).aria_snapshot()
    order = card(page, 3).aria_snapshot()
    assert 'button "Move up: E11.22 type 2 diabetes with diabetic chronic kidney disease" [disabled]' in order
    visit = card(page, 4).aria_snapshot()
    assert 'checkbox "A N18.4" [checked]' in visit
    assert 'group "Part 2. Which codes do the notes ask for beside it? Choose every right answer."' in visit
    for n, question in enumerate(quiz.load("gallery").questions):
        expect(card(page, n).get_by_role("group").first).to_have_accessible_name(
            f"Question {n + 1} of 6 {card(page, n).locator('.cw-stem').first.text_content()}"
        )
        assert "status" in card(page, n).aria_snapshot(), question.id


def test_the_end_of_a_sitting_says_what_to_read_again(window, lab) -> None:
    page, box = window.page, window.page.locator(".cw-session").first
    box.get_by_role("button", name="Finish").click()
    expect(box.locator(".cw-total")).to_have_text("4.25 of 6 points, 5 answered.")
    table = box.get_by_role("table", name="Points by objective")
    expect(table.get_by_role("columnheader")).to_have_text(["Objective", "Points", "Read again"])
    expect(table).to_contain_text("category M17")
    assert window.axe(".cw-session") == []
    box.screenshot(path=str(lab.shots / "session-answered-light.png"))
    with window.dark():
        assert window.axe(".cw-session") == []
        box.screenshot(path=str(lab.shots / "session-answered-dark.png"))
    expect(card(page, 5).get_by_role("button", name="Check")).to_be_disabled()


def test_an_exam_tells_nothing_until_its_end(window, lab) -> None:
    page, box = window.page, window.page.locator(".cw-session").nth(1)
    expect(box.get_by_role("timer")).to_contain_text("Time left 4:")
    box.get_by_role("button", name="Pause the timer").click()
    paused = box.get_by_role("timer").text_content()
    card(page, 0, 1).get_by_label("M17.11").check()
    card(page, 0, 1).get_by_role("button", name="Save answer").click()
    expect(feedback(card(page, 0, 1))).to_have_text("Answer saved. You can change it until you finish.")
    expect(box.get_by_role("progressbar")).to_have_accessible_name("1 of 2 answered")
    assert "Right" not in (box.text_content() or "")
    expect(box.get_by_role("button", name="Go on with the timer")).to_be_visible()
    assert box.get_by_role("timer").text_content() == paused
    box.get_by_role("button", name="Turn the timer off").click()
    expect(box.get_by_role("timer")).to_be_hidden()

    window.reload_and_run()  # a resumed exam has its answer, and still no mark
    expect(card(page, 0, 1).get_by_label("M17.11")).to_be_checked()
    expect(feedback(card(page, 0, 1))).to_contain_text("Answer saved.")
    box.get_by_role("button", name="Finish the exam").click()
    expect(box.locator(".cw-total")).to_contain_text("1 of 2 points, 1 answered")
    expect(feedback(card(page, 0, 1))).to_contain_text("Nothing stands below it")
    box.screenshot(path=str(lab.shots / "exam-finished-light.png"))
    assert window.outside == []
