"""The quiz widget in a real JupyterLab: by keyboard, by screen reader, kept, and offline."""

import base64
import json
import random

import pytest
from playwright.sync_api import Locator, Page, expect

from course_lib.quiz.engine import mark
from course_lib.quiz.model import Option, Question, Source
from course_lib.widgets._assets import script

RADIOS = """
from IPython.display import HTML
HTML('<label><input type="radio" name="r" class="bare"> one</label>'
     '<label><input type="radio" name="r"> two</label>')
"""


def check_yourself(page: Page) -> Locator:
    return page.locator(".cw-quiz").first


def whole_quiz(page: Page) -> Locator:
    return page.locator(".cw-quiz").nth(1)


def question(page: Page, n: int) -> Locator:
    return whole_quiz(page).locator("form").nth(n)


def check(card: Locator) -> None:
    card.get_by_role("button", name="Check").click()


def test_a_single_choice_by_keyboard_alone_is_answered_and_kept(sample, lab) -> None:
    page, card = sample.page, check_yourself(sample.page)
    cells = sample.cell_count()
    sample.walk_to_cell(card)
    sample.tab_to(card.get_by_role("radio", name="A E11", exact=True))
    page.keyboard.press("ArrowDown")
    expect(card.get_by_label("E11.22")).to_be_checked()
    sample.tab_to(card.get_by_role("button", name="Check"), limit=3)
    page.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_have_text(
        "✓Right.B Right: Nothing stands below it, so it is billable."
    )
    assert sample.cell_count() == cells

    sample.reload_and_run()
    expect(card.get_by_label("E11.22")).to_be_checked()
    expect(card.get_by_role("status")).to_contain_text("Right.")
    expect(whole_quiz(page).get_by_role("progressbar")).to_have_accessible_name("1 of 3 answered")
    kept = json.loads(lab.progress.read_text())["quizzes"]["sample"]["billable"]
    assert (kept["answer"], kept["correct"], kept["tries"]) == ([1], True, 1)


def test_a_multiple_choice_by_keyboard_then_try_again(sample) -> None:
    page, card = sample.page, question(sample.page, 1)
    sample.walk_to_cell(card)
    sample.tab_to(card.get_by_label("E11.22"))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_contain_text(
        "Not right: 1 of the 2 right options chosen, and 1 wrong one."
    )
    sample.tab_to(card.get_by_role("button", name="Try again"), limit=6)
    page.keyboard.press("Space")
    expect(card.get_by_role("status")).to_be_empty()
    expect(card.get_by_label("E11.22")).to_be_focused()
    expect(card.get_by_label("E11.22")).not_to_be_checked()


def test_command_keys_stay_in_the_quiz(sample) -> None:
    page, radio = sample.page, check_yourself(sample.page).get_by_role("radio", name="A E11", exact=True)
    cells = sample.cell_count()
    radio.focus()
    for key in ("d", "d", "a", "b", "x", "m", "0", "0", "j", "Enter"):
        page.keyboard.press(key)
    expect(radio).to_be_focused()
    assert sample.cell_count() == cells
    assert page.locator(".jp-MarkdownCell").count() == 0


def test_the_same_keys_outside_a_quiz_do_delete_a_cell(sample) -> None:
    """The control: without the widget's guard the test above would fail."""
    page = sample.page
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(RADIOS)
    page.keyboard.press("Shift+Enter")
    bare = page.locator("input.bare")
    expect(bare).to_be_visible()
    cells = sample.cell_count()
    bare.focus()
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.wait_for_function("n => jupyterapp.shell.currentWidget.content.widgets.length === n", arg=cells - 1)


def test_shift_enter_still_runs_the_cell(sample) -> None:
    page = sample.page
    before = sample.execution_counts()
    check_yourself(page).get_by_role("radio", name="A E11", exact=True).click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "n => jupyterapp.shell.currentWidget.content.widgets[1].model.executionCount > n", arg=max(before)
    )
    assert not sample.errors()


def test_a_screen_reader_gets_groups_options_and_states(sample) -> None:
    card = check_yourself(sample.page)
    assert (
        card.aria_snapshot()
        == """\
- 'group "Quiz: A sample quiz"':
  - group "Check yourself Which of these can stand on a claim?":
    - text: Check yourself Which of these can stand on a claim?
    - radio "A E11"
    - text: A
    - code: E11
    - radio "B E11.22"
    - text: B
    - code: E11.22
    - radio "C E11.2"
    - text: C
    - code: E11.2
  - button "Check"
  - button "Hint"
  - status"""
    )
    card.get_by_role("radio", name="C E11.2", exact=True).check()
    check(card)
    assert (
        card.aria_snapshot()
        == """\
- 'group "Quiz: A sample quiz"':
  - group "Check yourself Which of these can stand on a claim?":
    - text: Check yourself Which of these can stand on a claim?
    - radio "A E11"
    - text: A
    - code: E11
    - radio "B E11.22"
    - text: B
    - code: E11.22
    - radio "C E11.2" [checked]
    - text: C
    - code: E11.2
    - text: not right
  - button "Check"
  - button "Hint"
  - button "Try again"
  - button "Show the answer"
  - status:
    - paragraph: Not right.
    - list:
      - listitem:
        - text: C
        - strong: "Not right:"
        - text: It is a subcategory. A further character says which kidney complication."""
    )


def test_feedback_hint_and_answer(sample) -> None:
    card = check_yourself(sample.page)
    status = card.get_by_role("status")
    check(card)
    expect(status).to_have_text("Choose an answer first.")
    hint = card.get_by_role("button", name="Hint")
    expect(hint).to_have_attribute("aria-expanded", "false")
    hint.click()
    expect(hint).to_have_attribute("aria-expanded", "true")
    expect(card.get_by_text("Look for a code with nothing below it.")).to_be_visible()
    card.get_by_role("radio", name="A E11", exact=True).check()
    expect(status).to_be_empty()
    check(card)
    expect(card.get_by_text("A code is billable when")).to_have_count(0)
    card.get_by_role("button", name="Show the answer").click()
    expect(status).to_contain_text("The right answer is B.")
    expect(card.get_by_text("A code is billable when")).to_be_visible()
    expect(card.get_by_role("link", name="ICD-10-CM Tabular List")).to_be_visible()
    expect(card.get_by_role("button", name="Try again")).to_be_focused()


def test_the_whole_quiz_counts_adds_up_and_keeps_a_choice_not_yet_checked(sample, lab) -> None:
    page, box = sample.page, whole_quiz(sample.page)
    bar = box.get_by_role("progressbar")
    expect(bar).to_have_accessible_name("0 of 3 answered")
    question(page, 2).get_by_label("After the third").check()  # chosen, not checked yet
    question(page, 0).get_by_label("E11.22").check()
    check(question(page, 0))
    expect(question(page, 2).get_by_label("After the third")).to_be_checked()
    expect(question(page, 2).get_by_role("status")).to_be_empty()
    for label in ("E11.22", "E10.22", "E11.9"):
        question(page, 1).get_by_label(label).check()
    check(question(page, 1))
    expect(bar).to_have_accessible_name("2 of 3 answered")
    check(question(page, 2))
    expect(box.get_by_text("All answered: 2.5 of 3 points.")).to_be_visible()
    table = box.get_by_role("table", name="Points by objective")
    expect(table.get_by_role("row")).to_have_text(
        [
            "ObjectivePoints",
            "Tell a header from a billable code1 of 1",
            "Read a code from left to right1.5 of 2",
        ]
    )
    kept = json.loads(lab.progress.read_text())["quizzes"]["sample"]
    assert {name: item["correct"] for name, item in kept.items()} == {
        "billable": True,
        "same-category": False,
        "dot": True,
    }


def test_axe_finds_nothing_in_light_and_dark(sample, lab) -> None:
    page = sample.page
    page.set_viewport_size({"width": 1280, "height": 1700})
    assert sample.axe(".cw-quiz") == []
    take_picture(lab, whole_quiz(page), "quiz-fresh-light")
    check_yourself(page).get_by_role("button", name="Hint").click()
    question(page, 0).get_by_label("E11.22").check()
    for label in ("E11.22", "E10.22", "E11.9"):
        question(page, 1).get_by_label(label).check()
    question(page, 2).get_by_label("After the second").check()
    for n in range(3):
        check(question(page, n))
    expect(whole_quiz(page).get_by_role("table")).to_be_visible()
    assert sample.axe(".cw-quiz") == []
    take_picture(lab, whole_quiz(page), "quiz-answered-light")
    with sample.dark():
        assert sample.axe(".cw-quiz") == []
        take_picture(lab, whole_quiz(page), "quiz-answered-dark")


def take_picture(lab, box: Locator, name: str) -> None:
    box.screenshot(path=str(lab.shots / f"{name}.png"))


BAD_OUTPUT = """
from IPython.display import HTML
HTML('<div class="bad"><input type="text"><p style="color:#bbb;background:#fff">pale</p>'
     '<ul><p>no item</p></ul></div>')
"""

CALLS_HOME = 'from IPython.display import HTML\nHTML(\'<img alt="" src="http://127.0.0.2:9/x.png">\')'


def run_in_first_cell(page: Page, source: str) -> None:
    page.evaluate(
        """source => { const cell = jupyterapp.shell.currentWidget.content.widgets[0];
          cell.model.sharedModel.setSource(source);
          jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
          return jupyterapp.commands.execute('notebook:run-cell'); }""",
        source,
    )


def test_axe_would_find_a_bad_output(sample) -> None:
    run_in_first_cell(sample.page, BAD_OUTPUT)
    expect(sample.page.locator(".bad")).to_be_visible()
    found = {line.partition(":")[0] for line in sample.axe(".bad")}
    assert {"list", "label", "color-contrast"} <= found


def test_a_cell_that_fails_is_seen(sample, lab) -> None:
    write = lab.root / "sample.ipynb"
    write.write_text(write.read_text().replace("from course_lib import quiz", "1/0"))
    sample.page.evaluate("() => jupyterapp.shell.currentWidget.context.revert()")
    with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
        sample.run_all()


def test_no_request_leaves_the_machine_and_one_that_does_is_seen(sample) -> None:
    page = sample.page
    check_yourself(page).get_by_label("E11.22").check()
    check(check_yourself(page))
    expect(check_yourself(page).get_by_role("status")).to_contain_text("Right.")
    assert sample.outside == []
    with page.expect_request("http://127.0.0.2:9/x.png"):
        run_in_first_cell(page, CALLS_HOME)
    assert sample.outside == ["http://127.0.0.2:9/x.png"]


def test_a_damaged_progress_file_is_told_and_answers_go_on(sample, lab) -> None:
    lab.progress.write_text("{ not ours")
    sample.reload_and_run()
    card = check_yourself(sample.page)
    expect(card.locator(".cw-notice")).to_contain_text("progress.json was damaged: it is kept as")
    card.get_by_label("E11.22").check()
    check(card)
    expect(card.locator(".cw-feedback")).to_contain_text("Right.")
    (aside,) = lab.root.glob("progress.json.damaged-*")
    assert aside.read_text() == "{ not ours"
    aside.unlink()


def test_the_saved_notebook_reads_well_before_it_is_run(sample, lab) -> None:
    """Reopened with no kernel behind it, the cell shows the static form, folded answers included."""
    page = sample.page
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    file = lab.root / "sample.ipynb"
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        for output in cell["outputs"]:
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    (lab.root / "static.ipynb").write_text(json.dumps(notebook))
    with lab.open("static.ipynb") as static:
        outputs = static.page.locator(".jp-OutputArea-output")
        expect(outputs.first).to_contain_text("Check yourself")
        expect(outputs.first.get_by_text("Nothing stands below it")).to_be_hidden()
        outputs.first.get_by_text("Answer and reasons").click()
        expect(outputs.first.get_by_text("Nothing stands below it")).to_be_visible()
        assert static.axe(".jp-OutputArea-output") == []
        take_picture(lab, outputs.first, "quiz-static")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_browser_grades_as_the_kernel_does(browser, monkeypatch, language: str) -> None:
    """Both sides mark the same random answers; points, verdict and message are equal."""
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    rng = random.Random(20261123)
    cases = []
    for _ in range(500):
        kind = rng.choice(["single", "multiple"])
        count = rng.randint(3, 7)
        key = rng.sample(range(count), 1 if kind == "single" else rng.randint(1, count - 1))
        chosen = rng.sample(range(count), rng.randint(0, 1 if kind == "single" else count))
        options = [Option(str(n), n in key, "") for n in range(count)]
        asked = Question("q", kind, "", 1, "", options, Source(""))  # type: ignore[arg-type]
        cases.append((asked, sorted(chosen)))
    sent = [
        {"kind": q.kind, "options": [{"correct": o.correct} for o in q.options], "chosen": chosen}
        for q, chosen in cases
    ]
    module = "data:text/javascript;base64," + base64.b64encode(script("quiz.js").encode()).decode()
    page = browser.new_page()
    try:
        found = page.evaluate(
            """async ([module, cases]) => { const { grade } = await import(module);
              return cases.map(c => grade(c, c.chosen)); }""",
            [module, sent],
        )
    finally:
        page.close()
    for (asked, chosen), theirs in zip(cases, found, strict=True):
        ours = mark(asked, chosen)
        assert theirs == {"points": ours.points, "verdict": ours.verdict, "message": ours.message}
