"""The drill widget in a real JupyterLab: item after item by keyboard, kept, and accessible."""

import json
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

from course_lib import drills
from course_lib.quiz.engine import LETTERS
from course_lib.quiz.markup import to_plain

SEED = 2


@pytest.fixture
def drill(lab: Any) -> Iterator[Any]:
    """A notebook with one drill, no answer kept."""
    (lab.root / "drill-reviews.json").unlink(missing_ok=True)
    cells = ["from course_lib import drills", f"drills.practice('laterality', seed={SEED})"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells], metadata=kernel)
    nbformat.write(notebook, lab.root / "drill.ipynb")
    with lab.open("drill.ipynb") as notebook:
        notebook.run_all()
        yield notebook


def key(seed: int) -> int:
    return min(drills.item("laterality", seed).question.key)


def text(seed: int, option: int) -> str:
    return to_plain(drills.item("laterality", seed).question.options[option].text)


def answer(notebook: Any, holder: Locator, seed: int, option: int) -> None:
    """Choose an option and check it, by keyboard alone."""
    radio = holder.get_by_label(f"{LETTERS[option]} {text(seed, option)}")
    first = holder.get_by_label(f"A {text(seed, 0)}")
    if not first.evaluate("node => node === document.activeElement"):
        notebook.tab_to(first)
    for _ in range(option):
        notebook.page.keyboard.press("ArrowDown")
    if option == 0:
        notebook.page.keyboard.press("Space")
    expect(radio).to_be_checked()
    notebook.page.keyboard.press("Enter")


def test_a_drill_goes_on_by_keyboard_and_the_first_answers_are_kept(drill: Any, lab: Any) -> None:
    holder = drill.page.get_by_role("group", name="Drill: Laterality")
    cells = drill.cell_count()
    drill.walk_to_cell(holder)
    answer(drill, holder, SEED, key(SEED))
    expect(holder.locator(".cw-feedback")).to_contain_text("Right.")
    expect(holder.locator(".cw-total")).to_have_text("1 of 1 right at the first answer")
    drill.tab_to(holder.get_by_role("button", name="Next item"))
    drill.page.keyboard.press("Enter")
    expect(holder.locator("legend")).to_contain_text("Laterality, item 2")
    expect(holder.get_by_label(f"A {text(SEED + 1, 0)}")).to_be_focused()
    answer(drill, holder, SEED + 1, (key(SEED + 1) + 1) % 3)
    expect(holder.locator(".cw-feedback")).to_contain_text("Not right.")
    expect(holder.locator(".cw-total")).to_have_text("1 of 2 right at the first answer")
    assert drill.cell_count() == cells
    kept = json.loads((lab.root / "drill-reviews.json").read_text())["reviews"]
    assert [(review["family"], review["correct"]) for review in kept] == [
        ("laterality", True),
        ("laterality", False),
    ]


def test_a_screen_reader_gets_the_question_and_axe_finds_nothing(drill: Any) -> None:
    holder = drill.page.get_by_role("group", name="Drill: Laterality")
    seen = holder.aria_snapshot()
    assert 'group "Laterality, item 1' in seen and 'button "Next item"' in seen and "radio" in seen
    assert drill.axe(".cw-quiz") == []
    with drill.dark():
        assert drill.axe(".cw-quiz") == []
    assert drill.outside == []
