"""A real JupyterLab on a copy of the notebooks, driven in Debian's Chromium.

One server and one browser serve the whole session. The server runs on loopback, with
settings of its own, and is ended by its own process group.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from course_lib import doctor

REPO = Path(__file__).resolve().parents[2]
SAMPLE = REPO / "tests" / "quiz" / "sample"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What a learner's JupyterLab does and a test must not have: a question about news, and
# outputs that are in the page only while they are scrolled to.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}

VIEWPORT = {"width": 1280, "height": 1000}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))  # one server, also with `-n 2`


@dataclass
class Notebook:
    """One notebook open in the browser."""

    page: Page
    url: str
    outside: list[str] = field(default_factory=list)

    def run_all(self) -> None:
        """Run every cell and wait until the kernel is idle; a cell's error is this test's error."""
        self.page.wait_for_function(
            "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=120_000,
        )
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        assert self.errors() == []
        self.page.wait_for_function(
            """() => { const w = jupyterapp.shell.currentWidget;
            return w.sessionContext.session.kernel.status === 'idle'
              && w.content.widgets.every(c => c.model.type !== 'code' || !c.model.sharedModel.source.trim()
                                              || c.model.executionCount !== null); }""",
            timeout=120_000,
        )

    def errors(self) -> list[str]:
        """Return what went wrong, and not what a lesson shows going wrong."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets
              .filter(c => c.model.type === 'code')
              .filter(c => !(c.model.getMetadata('tags') ?? []).includes('raises-exception'))
              .flatMap(c => c.model.sharedModel.outputs)
              .filter(o => o.output_type === 'error').map(o => `${o.ename}: ${o.evalue}`)"""
        )

    def cell_count(self) -> int:
        return self.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.length")

    def execution_counts(self) -> list[int | None]:
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets
              .filter(c => c.model.type === 'code').map(c => c.model.executionCount)"""
        )

    def reload_and_run(self) -> None:
        """Begin again as a learner does the next day: a new page, a new kernel, all cells run."""
        self.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        self.shut_kernels()
        show(self.page, self.url)
        self.run_all()

    def shut_kernels(self) -> None:
        self.page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")

    @contextlib.contextmanager
    def dark(self) -> Iterator[None]:
        """Use JupyterLab's dark theme; the server keeps the setting, so it is put back."""
        self._theme("JupyterLab Dark", "false")
        try:
            yield
        finally:
            self._theme("JupyterLab Light", "true")

    def _theme(self, theme: str, light: str) -> None:
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    def axe(self, selector: str) -> list[str]:
        """Return what axe-core finds inside the elements of `selector`."""
        return axe_in(self.page, selector)

    def walk_to_cell(self, holder: Locator) -> None:
        """Go cell by cell, in command mode, up and then down, to the cell that shows `holder`."""
        self.page.locator(".jp-Notebook").focus()
        self.page.keyboard.press("Escape")
        for key in ["ArrowUp"] * self.cell_count() + ["ArrowDown"] * self.cell_count():
            if holder.evaluate("node => node.closest('.jp-Cell').classList.contains('jp-mod-active')"):
                return
            self.page.keyboard.press(key)
        pytest.fail("the arrow keys did not reach the cell")

    def tab_to(self, target: Locator, limit: int = 60) -> None:
        """Press Tab until `target` has the focus."""
        for _ in range(limit):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{limit} Tabs did not reach {target}")


@dataclass
class Lab:
    """The running server and browser."""

    url: str
    root: Path
    browser: Browser
    shots: Path

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Notebook]:
        """Open one notebook (a path under the course folder) in a browser window of its own."""
        context = self.browser.new_context(viewport=VIEWPORT)
        context.set_default_timeout(30_000)
        page = context.new_page()
        notebook = Notebook(page, f"{self.url}/doc/tree/{name}?reset")
        own = (self.url, self.url.replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(own) else notebook.outside.append(r.url))
        show(page, notebook.url)
        try:
            yield notebook
        finally:
            notebook.shut_kernels()
            context.close()

    @property
    def progress(self) -> Path:
        return self.root / "progress.json"


def show(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=60_000)
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook", timeout=60_000)


def axe_in(page: Page, selector: str) -> list[str]:
    """Return what axe-core finds inside the elements of `selector`."""
    if not page.evaluate("() => Boolean(window.axe)"):
        # JupyterLab may hold an AMD loader, which would take the script for itself.
        page.evaluate(
            "s => { const d = window.define; delete window.define; (0, eval)(s); window.define = d; }",
            axe_source(),
        )
    # JupyterLab's body has no height and hides its overflow, so axe takes all text for hidden
    # and skips the contrast rules; with the overflow shown it looks at everything.
    return page.evaluate(
        """async ([selector, tags]) => {
          document.body.style.overflow = 'visible';
          const found = await axe.run({include: [[selector]]}, {resultTypes: ['violations'],
            runOnly: {type: 'tag', values: tags}, rules: {region: {enabled: false}}});
          document.body.style.overflow = '';
          return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)} `
            + n.any.concat(n.all).map(x => x.message).join('; ')));
        }""",
        [selector, AXE_TAGS],
    )


def axe_source() -> str:
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec and spec.origin, "axe-playwright-python is missing: run `make setup`"
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def find_chromium() -> str:
    found = doctor.chromium()
    if not found:
        pytest.fail(
            "Chromium is missing. Install it with `apt-get install chromium` (Debian, Ubuntu), as root.",
            pytrace=False,
        )
    return found


def write_notebook(file: Path, *sources: str) -> None:
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "outputs": [], "execution_count": None}
        | {"source": source}
        for n, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file.write_text(
        json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
    )


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course: JupyterLab saves by itself, and the learner's progress goes there too."""
    root = tmp_path_factory.mktemp("lab") / "course"
    shutil.copytree(
        REPO / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    (root / "datasets").symlink_to(REPO / "datasets")
    return root


@pytest.fixture(scope="session")
def server(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    for plugin, value in SETTINGS.items():
        package, name = plugin.split(":")
        file = home / "settings" / package / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = ("COURSE_ROOT", "COURSE_PROGRESS", "COURSE_DATASETS", "COURSE_LANGUAGE")
    env = {k: v for k, v in os.environ.items() if k not in own}
    env |= {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "IdentityProvider.token": "",
        "ServerApp.password": "",
        "ServerApp.disable_check_xsrf": True,
        "ServerApp.root_dir": course,
        "ServerApp.open_browser": False,
        "LabApp.expose_app_in_browser": True,
        "LabApp.user_settings_dir": home / "settings",
        "LabApp.workspaces_dir": home / "workspaces",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyterlab", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    log = home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{url}/api/status") or process.poll() is not None, 90)
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # the server and its kernels, nothing else
        process.wait(timeout=20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def wait_for(ready: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"nothing after {seconds} s"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        expect.set_options(timeout=20_000)
        yield running
        running.close()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map: ClassVar = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder of pages on loopback; returns its address."""
    running = []

    def start(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page, str], list[str]]:
    """What axe-core finds on a page inside the elements of a selector."""
    return axe_in


@pytest.fixture(scope="session")
def lab(browser: Browser, server: str, course: Path, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    named = os.environ.get("COURSE_SCREENSHOTS")
    shots = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    shots.mkdir(parents=True, exist_ok=True)
    return Lab(server, course, browser, shots)


@pytest.fixture(scope="session")
def sample_window(lab: Lab) -> Iterator[Notebook]:
    write_sample(lab.root)
    with lab.open("sample.ipynb") as notebook:
        yield notebook


@pytest.fixture
def sample(sample_window: Notebook, lab: Lab) -> Notebook:
    """The sample quiz as at first sight, no answer kept: one question, then the whole quiz."""
    lab.progress.unlink(missing_ok=True)
    write_sample(lab.root)
    sample_window.page.set_viewport_size(VIEWPORT)
    sample_window.page.evaluate("() => jupyterapp.shell.currentWidget.context.revert()")
    sample_window.run_all()
    sample_window.outside.clear()
    return sample_window


def write_sample(root: Path) -> None:
    write_notebook(
        root / "sample.ipynb",
        f"import os\nos.environ['COURSE_DATASETS'] = {str(SAMPLE)!r}\nfrom course_lib import quiz",
        "quiz.show('sample', question='billable')",
        "quiz.show('sample')",
    )


@pytest.fixture
def spanish(lab: Lab) -> Iterator[Notebook]:
    """A knowledge check, a sitting, the planner and the explorer with Spanish labels."""
    lab.progress.unlink(missing_ok=True)
    write_notebook(
        lab.root / "spanish.ipynb",
        "import os\nos.environ['COURSE_LANGUAGE'] = 'es'\nfrom course_lib import explorer, quiz, roadmap",
        "quiz.show('icd-structure', question='header-or-code')",
        "quiz.show('icd-structure')",
        "roadmap.planner()",
        "explorer.show('E11.22')",
    )
    with lab.open("spanish.ipynb") as notebook:
        notebook.run_all()
        yield notebook
