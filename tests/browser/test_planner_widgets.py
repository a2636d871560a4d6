"""The planner and the careers explorer in a real JupyterLab: by keyboard, by screen reader, offline."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, expect

CELLS = [
    "from course_lib import careers, roadmap",
    "roadmap.planner(roadmap.Profile(start='2027-01-11', budget=500, monthly=20))",
    "careers.explorer()",
]


@pytest.fixture(scope="module")
def notebook(lab):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    book = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(book, lab.root / "planner.ipynb")
    with lab.open("planner.ipynb") as opened:
        opened.run_all()
        yield opened


@pytest.fixture
def planner(notebook) -> Locator:
    return notebook.page.locator(".cw-form").first


@pytest.fixture
def explorer(notebook) -> Locator:
    return notebook.page.locator(".cw-form").nth(1)


def test_a_plan_by_keyboard_alone_and_no_cell_is_lost(notebook, planner) -> None:
    page, cells = notebook.page, notebook.cell_count()
    notebook.walk_to_cell(planner)
    notebook.tab_to(planner.get_by_label("Certification", exact=True))
    page.keyboard.press("ArrowDown")
    expect(planner.get_by_label("Certification", exact=True)).to_have_value("CCS")
    notebook.tab_to(planner.get_by_label("High school diploma or GED"))
    page.keyboard.press("Space")
    for key in ("d", "d"):
        page.keyboard.press(key)
    notebook.tab_to(planner.get_by_role("button", name="Make the plan"))
    page.keyboard.press("Enter")
    expect(planner.get_by_role("status")).to_contain_text("CCS exam on")
    expect(planner.get_by_role("table", name="Steps")).to_contain_text("High school diploma or GED")
    assert notebook.cell_count() == cells
    planner.get_by_label("High school diploma or GED").check()


def test_a_wrong_value_is_said_and_the_old_plan_is_hidden(notebook, planner) -> None:
    planner.get_by_label("Exam month").fill("May")
    planner.get_by_role("button", name="Make the plan").click()
    expect(planner.get_by_role("status")).to_contain_text("exam_month 'May' is no month.")
    expect(planner.get_by_role("table", name="Steps")).to_be_hidden()
    assert notebook.axe(".cw-form") == []
    planner.get_by_label("Exam month").fill("")
    planner.get_by_role("button", name="Make the plan").click()
    expect(planner.get_by_role("table", name="Steps")).to_be_visible()


def test_a_screen_reader_gets_groups_labels_and_the_result(planner) -> None:
    snapshot = planner.aria_snapshot()
    for said in (
        '- group "Plan your road to a certification":',
        '- group "Where you want to go":',
        '- combobox "Certification":',
        '- textbox "First day": 2027-01-11',
        '- spinbutton "Hours a week": "8"',
        '- checkbox "High school diploma or GED" [checked]',
        '- button "Make the plan"',
        "- status:",
        '- table "Bills, in US dollars":',
    ):
        assert said in snapshot
    expect(planner.get_by_role("img")).to_have_attribute("alt", re.compile(r"^A bar for each of \d steps"))


@pytest.mark.parametrize(("label", "ending"), [("Calendar", "ics"), ("Page to print", "html")])
def test_a_plan_is_saved_from_the_page(notebook, planner, label: str, ending: str) -> None:
    with notebook.page.expect_download() as got:
        planner.get_by_role("link", name=label).click()
    assert got.value.suggested_filename.endswith(f".{ending}")
    text = Path(got.value.path()).read_text()
    assert ("BEGIN:VCALENDAR" if ending == "ics" else "<!doctype html>") in text


def test_the_explorer_answers_each_change(notebook, explorer) -> None:
    explorer.get_by_label("Role").select_option("biller")
    expect(explorer.get_by_role("status")).to_contain_text("Shown: Medical billing specialist.")
    explorer.get_by_label("I like to lead people and settle quarrels.").select_option("very much")
    expect(explorer.get_by_role("status")).to_contain_text("Best fit: Medical office manager")
    expect(explorer.get_by_role("table", name="Your fit: each answer times its weight")).to_contain_text(
        "+2 x +3 = +6"
    )


def test_axe_finds_nothing_in_light_and_dark_and_nothing_is_loaded_from_outside(
    notebook, planner, explorer, lab
) -> None:
    fold(planner, False)
    assert notebook.axe(".cw-form") == []
    fold(planner, True)
    shoot(notebook, lab, "light", planner, explorer)
    with notebook.dark():
        assert notebook.axe(".cw-form") == []
        shoot(notebook, lab, "dark", planner, explorer)
    assert notebook.outside == []


def fold(form: Locator, closed: bool) -> None:
    for part in form.locator("details").all():
        part.evaluate("(node, closed) => { node.open = !closed; }", closed)


def shoot(notebook, lab, theme: str, planner: Locator, explorer: Locator) -> None:
    notebook.page.set_viewport_size({"width": 1280, "height": 4500})  # JupyterLab draws what is in view
    for name, form in (("planner", planner), ("careers", explorer)):
        form.screenshot(path=lab.shots / f"{name}-{theme}.png")
