"""The try-out in the browser alone: search, quiz and drill of the real library, and no other server."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

MINUTES = 60_000  # milliseconds


@pytest.fixture(scope="module")
def lite(root: Path) -> Path:
    done = subprocess.run([sys.executable, "tools/lite.py"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "build" / "lite"


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """Every address that the page asked for."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, lite: Path, serve: Callable[[Path], str], asked: list[str]) -> Iterator[Page]:
    """The notebook, all cells run."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{serve(lite)}lab/index.html?path=try_it.ipynb")
    run_all(page)
    yield page
    context.close()


def run_all(page: Page) -> None:
    idle = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    page.wait_for_function(idle, timeout=2 * MINUTES)
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => jupyterapp.shell.currentWidget.content.widgets.every(
             c => c.model.type !== 'code' || c.model.executionCount !== null)""",
        timeout=4 * MINUTES,
    )
    page.wait_for_function(idle, timeout=2 * MINUTES)


def test_every_cell_runs_and_no_other_server_is_asked(page: Page, asked: list[str]) -> None:
    errors = page.evaluate(
        """() => jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code')
             .flatMap(c => c.model.sharedModel.outputs).filter(o => o.output_type === 'error')
             .map(o => `${o.ename}: ${o.evalue}`)"""
    )
    assert errors == []
    home = "/".join(page.url.split("/")[:3])
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []


def test_it_holds_the_whole_code_book_and_finds_a_code(page: Page) -> None:
    text = page.locator(".jp-Notebook").inner_text()
    assert "74,719 billable codes" in text
    assert "E11.22 - Type 2 diabetes mellitus with diabetic chronic kidney disease" in text


def test_an_answer_is_explained_and_kept_by_the_browser(page: Page) -> None:
    card = page.locator(".cw-quiz form").first
    card.get_by_role("radio").first.check()
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_role("status")).to_contain_text("Not right")
    # The kernel takes one message after the other: when this one is done, the answer is written.
    page.evaluate(
        "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code: '1'}).done"
    )
    page.reload()
    run_all(page)
    expect(page.locator(".cw-quiz form").first.get_by_role("status")).to_contain_text("Not right")
