"""The code explorer in a real JupyterLab: tree, search and card by keyboard, accessible and offline."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from course_lib import explorer, icd10cm


@pytest.fixture(scope="module")
def window(lab: Any) -> Iterator[Any]:
    from nbformat import write
    from nbformat.v4 import new_code_cell, new_notebook

    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = ["from course_lib import explorer", "explorer.show()", "explorer.show('S52.501A')"]
    write(new_notebook(cells=[new_code_cell(c) for c in cells], metadata=kernel), lab.root / "explorer.ipynb")
    with lab.open("explorer.ipynb") as notebook:
        yield notebook


@pytest.fixture
def notebook(window: Any) -> Any:
    """Both explorers as at first sight."""
    window.page.set_viewport_size({"width": 1280, "height": 1000})
    window.run_all()
    expect(window.page.get_by_role("tree")).to_have_count(2)
    return window


def first(page: Page) -> Locator:
    return page.locator(".cw-explorer").first


def second(page: Page) -> Locator:
    return page.locator(".cw-explorer").nth(1)


def item(holder: Locator, code: str) -> Locator:
    return holder.locator(f'[role="treeitem"][data-code="{code}"]')


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_tree_is_walked_by_keyboard_and_the_cell_stays(notebook: Any) -> None:
    page, holder = notebook.page, first(notebook.page)
    cells = notebook.cell_count()
    notebook.walk_to_cell(holder)
    notebook.tab_to(item(holder, "1"))
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight")
    expect(item(holder, "4")).to_have_attribute("aria-expanded", "true")
    expect(item(holder, "E08-E13")).to_have_attribute("aria-level", "2")
    expect(item(holder, "4")).to_be_focused()
    page.keyboard.type("e08")  # to the first item that begins so
    expect(item(holder, "E08-E13")).to_be_focused()
    press(page, "ArrowRight")
    expect(item(holder, "E11")).to_be_visible()
    page.wait_for_timeout(750)  # what is typed next is another word
    page.keyboard.type("type 2 dia")
    expect(item(holder, "E11")).to_be_focused()
    press(page, "Enter")
    expect(holder.get_by_role("status")).to_have_text(
        "E11 is open. Not billable: this is a category. Choose a code below it."
    )
    expect(item(holder, "E11")).to_be_focused()
    expect(item(holder, "E11")).to_have_attribute("aria-selected", "true")
    press(page, "ArrowLeft")
    expect(item(holder, "E08-E13")).to_be_focused()
    press(page, "ArrowLeft")
    expect(item(holder, "E11")).to_be_hidden()
    press(page, "End")
    expect(item(holder, "22")).to_be_focused()
    press(page, "Home")
    expect(item(holder, "1")).to_be_focused()
    press(page, "d", "d")  # in command mode this deletes the cell
    assert notebook.cell_count() == cells
    assert holder.locator('[role="treeitem"][tabindex="0"]').count() == 1


def test_words_find_a_code_and_a_note_leads_to_another_and_back(notebook: Any) -> None:
    page, holder = notebook.page, first(notebook.page)
    cells = notebook.cell_count()
    notebook.walk_to_cell(holder)
    notebook.tab_to(holder.get_by_label("Search by words or code"))
    page.keyboard.type("t2dm with ckd")
    expect(holder.get_by_role("status")).to_have_text("The first 20 results for 't2dm with ckd'.")
    found = explorer.search(icd10cm.load(), "t2dm with ckd")["rows"]
    expect(holder.locator(".cw-results li")).to_have_count(len(found))
    expect(holder.locator(".cw-results li").first).to_contain_text(found[0]["why"])
    press(page, "ArrowDown", "Enter")
    heading = holder.get_by_role("heading", level=3)
    expect(heading).to_have_text(f"{found[0]['code']} {found[0]['title']}")
    expect(heading).to_be_focused()
    expect(item(holder, found[0]["code"])).to_have_attribute("aria-selected", "true")
    notebook.tab_to(holder.get_by_role("button", name="N18.1-N18.6"))
    press(page, "Enter")
    expect(heading).to_contain_text("N18.1")
    holder.get_by_role("button", name="More results").press("Enter")
    expect(holder.locator(".cw-results li")).to_have_count(40)
    holder.get_by_role("button", name=f"Back to {found[0]['code']}").press("Enter")
    expect(heading).to_contain_text(found[0]["code"])
    assert notebook.cell_count() == cells


def test_only_the_newest_search_is_shown(notebook: Any) -> None:
    holder = first(notebook.page)
    field = holder.get_by_label("Search by words or code")
    field.fill("")
    for words in ("hypertension", "asthma", "&&&"):
        field.fill(words)
        field.press("Enter")  # asks at once: three questions are on their way
    expect(holder.get_by_role("status")).to_contain_text("Nothing found for '&&&'.")
    notebook.page.wait_for_timeout(300)
    expect(holder.locator(".cw-results li")).to_have_count(0)


def test_the_pandas_lines_are_copied_and_run(notebook: Any) -> None:
    page, holder = notebook.page, second(notebook.page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook.walk_to_cell(holder)
    holder.get_by_role("button", name="Copy as pandas").press("Enter")
    expect(holder.get_by_role("status")).to_have_text("Copied the pandas lines for S52.501A.")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == explorer.card(icd10cm.load(), "S52.501A")["snippet"]


def test_a_screen_reader_gets_tree_path_notes_and_table(notebook: Any) -> None:
    holder = second(notebook.page)
    expect(holder).to_match_aria_snapshot(
        """
        - group "Code explorer":
          - searchbox "Search by words or code"
          - status
          - tree "All codes":
            - treeitem /Chapter 19 .*, chapter/ [expanded] [level=1]
          - region "Card of S52.501A":
            - navigation "Path of S52.501A":
              - list:
                - listitem:
                  - button "Chapter 19"
            - heading "S52.501A Unspecified fracture of the lower end of right radius, initial encounter for closed fracture" [level=3]
            - paragraph: /Billable/
            - table "7th characters"
            - heading "Excludes1 (not coded here)" [level=4]
            - button "Copy as pandas"
        """  # noqa: E501 - names as they are read
    )
    expect(item(holder, "S52.501A")).to_match_aria_snapshot(
        "- treeitem /S52.501A .* closed fracture, billable/ [level=7] [selected]"
    )


def test_axe_finds_nothing_light_dark_and_narrow(notebook: Any, lab: Any) -> None:
    page, holder = notebook.page, first(notebook.page)
    notebook.outside.clear()
    holder.get_by_label("Search by words or code").fill("heart attack")
    expect(holder.locator(".cw-results li")).to_have_count(20)
    holder.locator(".cw-results button").first.click()
    expect(holder.get_by_role("heading", level=3)).to_contain_text("I21.9")
    assert notebook.axe(".cw-explorer") == []
    holder.screenshot(path=lab.shots / "explorer-light.png")
    second(page).screenshot(path=lab.shots / "explorer-code.png")
    with notebook.dark():
        assert notebook.axe(".cw-explorer") == []
        holder.screenshot(path=lab.shots / "explorer-dark.png")
    page.set_viewport_size({"width": 420, "height": 1000})
    assert holder.evaluate("node => node.scrollWidth <= node.clientWidth")
    holder.screenshot(path=lab.shots / "explorer-narrow.png")
    assert notebook.outside == []


def test_axe_sees_a_tree_whose_items_have_no_name(notebook: Any) -> None:
    """The negative control: the same tree, spoiled."""
    notebook.page.evaluate(
        """() => { const item = document.querySelector('.cw-explorer [role="treeitem"]');
        item.removeAttribute('aria-label'); item.replaceChildren(); }"""
    )
    assert any("aria-treeitem-name" in found for found in notebook.axe(".cw-explorer"))


def test_without_a_kernel_it_says_so(notebook: Any) -> None:
    holder = first(notebook.page)
    notebook.shut_kernels()
    item(holder, "1").press("ArrowRight")
    expect(holder.get_by_role("status")).to_have_text(
        "No answer from Python yet. If no cell is running, run this cell again."
    )
