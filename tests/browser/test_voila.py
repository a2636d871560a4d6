"""The widgets under Voila: a page with a kernel and without JupyterLab around it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Page, expect

from course_lib import drills, quiz
from course_lib.quiz.markup import to_plain

CELLS = [
    "from course_lib import drills, explorer, quiz, roadmap",
    "quiz.show('icd-structure', question='header-or-code')",
    "drills.practice('laterality', seed=2)",
    "explorer.show()",
    "roadmap.planner(roadmap.Profile(start='2027-01-11', budget=500, monthly=20))",
]
# Voila's own page asks for the icons of its theme; none of our widgets uses them.
ICONS = "https://cdn.jsdelivr.net/npm/@fortawesome/fontawesome-free@"


@pytest.fixture(scope="module")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("voila")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in CELLS], metadata=kernel)
    nbformat.write(notebook, home / "page.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if k not in ("COURSE_ROOT", "COURSE_DATASETS")}
    env |= {"COURSE_PROGRESS": str(home / "progress.json"), "IPYTHONDIR": str(home / "ipython")}
    for folder in ("CONFIG", "DATA", "RUNTIME"):
        env[f"JUPYTER_{folder}_DIR"] = str(home / folder.lower())
    command = [sys.executable, "-m", "voila", str(home / "page.ipynb"), "--no-browser", f"--port={port}"]
    command += ["--Voila.ip=127.0.0.1", "--token="]
    log = home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=env, cwd=home, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}/"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # the server and its kernels, nothing else
        process.wait(timeout=20)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")[-3000:]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.2)


def test_every_widget_appears_and_answers_a_click_and_asks_no_other_host(
    voila: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page, outside, wrong = context.new_page(), [], []
    own = (voila, voila.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(voila)
    answer_the_quiz(page)
    answer_the_drill(page)
    open_a_chapter(page)
    make_a_plan(page)
    assert [url for url in outside if not url.startswith(ICONS)] == []
    assert wrong == []
    page.evaluate("() => fetch('https://example.invalid/seen').catch(() => null)")
    assert outside[-1] == "https://example.invalid/seen", "the control: a request elsewhere is noticed"
    context.close()


def answer_the_quiz(page: Page) -> None:
    question = quiz.load("icd-structure")["header-or-code"]
    card = page.locator(".cw-quiz").first
    card.locator("input").nth(min(question.key)).click()
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_role("status").first).to_contain_text("Right.")


def answer_the_drill(page: Page) -> None:
    question = drills.item("laterality", 2).question
    holder = page.get_by_role("group", name="Drill: Laterality")
    expect(holder).to_contain_text(to_plain(question.stem))
    holder.locator("input").nth(min(question.key)).click()
    holder.get_by_role("button", name="Check").click()
    expect(holder.locator(".cw-feedback")).to_contain_text("Right.")
    expect(holder.locator(".cw-total")).to_have_text("1 of 1 right at the first answer")


def open_a_chapter(page: Page) -> None:
    holder = page.locator(".cw-explorer")
    holder.get_by_label("Search by words or code").fill("heart attack")
    holder.locator(".cw-results button").first.click()
    expect(holder.get_by_role("heading", level=3)).to_contain_text("I21.9")


def make_a_plan(page: Page) -> None:
    form = page.locator(".cw-form")
    form.get_by_label("Certification", exact=True).select_option("CCS")
    form.get_by_role("button", name="Make the plan").click()
    expect(form.get_by_role("status")).to_contain_text("CCS exam on")
