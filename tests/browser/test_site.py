"""The reading site: built with warnings as errors, then read in the browser, page by page."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

VIEWPORT = {"width": 1280, "height": 1000}
ARTICLE = "article.bd-article"
Axe = Callable[[Page, str], list[str]]
LESSON = "notebooks/lessons/02_icd10cm_shape_of_a_code.html"
# Pages that are made by Sphinx from the whole, without a text of ours.
MADE = {"genindex.html", "py-modindex.html", "search.html", "index.html"}


@pytest.fixture(scope="session")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    command += ["-d", str(tmp_path_factory.mktemp("doctrees")), "-c", "docs", ".", str(out)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return out


@pytest.fixture(scope="session")
def address(site: Path, serve: Callable[[Path], str]) -> str:
    return serve(site)


@pytest.fixture(scope="session")
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=VIEWPORT)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def outside(page: Page, address: str) -> Iterator[list[str]]:
    """Requests that left the site."""
    seen: list[str] = []

    def note(request: object) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            seen.append(request.url)

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)


def texts(site: Path) -> list[str]:
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    return [p for p in pages if p not in MADE and not p.startswith(("_static", "_modules"))]


def test_it_has_every_lesson_and_no_solution(site: Path, root: Path) -> None:
    lessons = {p.with_suffix(".html").name for p in (root / "notebooks/lessons").glob("*.ipynb")}
    assert lessons == {p.name for p in (site / "notebooks/lessons").glob("*.html")}
    assert not list(site.rglob("*assignments*"))
    assert not [p for p in site.rglob("*") if p.is_file() and b"BEGIN SOLUTION" in p.read_bytes()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_or_asks_another_server(
    page: Page, address: str, site: Path, outside: list[str], axe: Axe, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    faults = []
    for name in texts(site):
        page.goto(address + name, wait_until="load")
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        faults += [f"{name}: {fault}" for fault in axe(page, ARTICLE)]
    assert faults == []
    assert outside == []


def test_a_page_with_a_fault_is_noticed(page: Page, address: str, axe: Axe) -> None:
    page.goto(address + LESSON)
    page.evaluate("() => document.querySelector('article').append(document.createElement('button'))")
    assert [f for f in axe(page, ARTICLE) if f.startswith("button-name")]


def test_a_quiz_is_answered_by_keyboard_and_kept(page: Page, address: str, outside: list[str]) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address + LESSON)
    card = page.locator(".cw-live form").first
    card.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_contain_text("ight")
    verdict = card.get_by_role("status").inner_text()
    page.reload()
    again = page.locator(".cw-live form").first.get_by_role("status")
    expect(again).to_have_text(verdict, use_inner_text=True)
    assert outside == []


def test_answers_that_do_not_fit_are_left_out(page: Page, address: str) -> None:
    page.goto(address + LESSON)
    page.evaluate("() => localStorage.setItem('crosswalk-quiz:checks-02', '{\"how-many-chapters\": [99]}')")
    page.reload()
    expect(page.locator(".cw-live form").first.get_by_role("status")).to_have_text("")
    page.evaluate("() => localStorage.setItem('crosswalk-quiz:checks-02', 'no JSON')")
    page.reload()
    expect(page.locator(".cw-live form").first.get_by_role("status")).to_have_text("")


def test_the_search_finds_a_lesson(page: Page, address: str, outside: list[str]) -> None:
    page.goto(address + "search.html?q=placeholder")
    expect(page.locator("#search-results a", has_text="shape of a code").first).to_be_visible()
    assert outside == []


def test_a_narrow_page_does_not_scroll_sideways(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + LESSON)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size(VIEWPORT)
    assert wide <= 0
