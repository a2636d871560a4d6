"""Run notebooks from top to bottom, each in a fresh kernel in its own folder."""

import asyncio
import atexit
import copy
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.notebooks.model import Notebook
from course_lib.notebooks.normalise import dumps, normalise

SECONDS_A_CELL = 120
KERNEL = [
    "--IPKernelApp.extra_extensions=course_lib.notebooks.offline",
    "--IPKernelApp.log_level=ERROR",  # it warns of its own loopback ports in the middle of our report
]


class CellError(CourseError):
    """A notebook did not run to its end.

    Attributes
    ----------
    cell : str
        The id of the cell at fault, ``""`` when none had begun.
    what : str
        What happened to it, for example ``"fails with KeyError: 'E11.2X'."``
    """

    def __init__(self, what: str, *, remedy: str, path: Path, cell: str) -> None:
        super().__init__(f"cell {cell} {what}" if cell else what, remedy=remedy, path=path)
        self.what, self.cell = what, cell


@dataclass
class _Run:
    """One notebook being run, so that Ctrl-C can end its kernel."""

    notebook: Notebook
    on_cell: Callable[[], None]
    at: str = ""  # id of the cell that runs
    client: NotebookClient | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def execute(self) -> NotebookNode:
        """Return the executed, normalised content."""
        node = copy.deepcopy(self.notebook.node)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        with tempfile.TemporaryDirectory(prefix="course-run-") as private:
            self.client = NotebookClient(
                node,
                kernel_name="python3",
                timeout=SECONDS_A_CELL,
                record_timing=False,
                coalesce_streams=True,
                store_widget_state=False,
                extra_arguments=list(KERNEL),
                on_cell_start=self._start_cell,
            )
            try:
                # Its own thread has its own loop, so nbclient leaves Ctrl-C to us.
                asyncio.run(
                    self.client.async_execute(
                        cwd=str(self.notebook.path.parent), env=environment(Path(private))
                    )
                )
            finally:
                # nbclient forgets this when a kernel does not start, and trips over it at exit.
                atexit.unregister(self.client._cleanup_kernel)
        return normalise(node)

    def stop(self) -> None:
        """End the kernel now; `execute` then raises in its thread."""
        self.stopped.set()
        manager = self.client.km if self.client else None
        process = getattr(getattr(manager, "provisioner", None), "process", None)
        if process is not None:
            process.kill()

    def _start_cell(self, cell: NotebookNode, cell_index: int) -> None:
        if self.stopped.is_set():
            raise DeadKernelError("stopped")
        self.at = cell.get("id", str(cell_index))
        self.on_cell()


def environment(private: Path) -> dict[str, str]:
    """Return a kernel's environment: the user's, less what would colour the outputs.

    Progress goes to a file in `private`, so that no output tells of the answers of
    the person who ran it, and no run touches his own. IPython starts without his
    profile, figures are drawn inline, widgets speak English, and colour or width of a
    terminal plays no part.
    """
    own = {
        key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
    }
    return own | {
        "COURSE_LANGUAGE": "en",
        "COURSE_PROGRESS": str(private / "progress.json"),
        "IPYTHONDIR": str(private / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TZ": "UTC",
    }


def execute(notebook: Notebook, on_cell: Callable[[], None] = lambda: None) -> NotebookNode:
    """Run one notebook and return its content with fresh outputs, normalised.

    Raises
    ------
    CellError
        When a cell fails, is too slow or takes the kernel with it.
    """
    return _told(_Run(notebook, on_cell))


def execute_all(
    notebooks: Iterable[Notebook], *, jobs: int = 2, on_cell: Callable[[], None] = lambda: None
) -> Iterator[tuple[Notebook, NotebookNode | CellError]]:
    """Run notebooks, `jobs` at a time; yield each with its content, or its error, as it ends.

    When the caller stops (Ctrl-C, an error while writing), the kernels that still
    run are ended and nothing more starts.
    """
    runs = [_Run(notebook, on_cell) for notebook in notebooks]
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(_told, run): run for run in runs}
        try:
            for future in as_completed(futures):
                failed = future.exception()
                if failed is not None and not isinstance(failed, CellError):
                    raise failed
                yield futures[future].notebook, failed or future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for run in runs:
                run.stop()


def write(notebook: Notebook, node: NotebookNode) -> bool:
    """Write `node` to the notebook's file, whole or not at all; return whether it changed."""
    text = dumps(node)
    if text == notebook.text:
        return False
    with atomic_write(notebook.path) as out:
        out.write(text)
    return True


def _told(run: _Run) -> NotebookNode:
    """Execute, and turn nbclient's errors into one sentence each."""
    path, again = run.notebook.path, "Run it in JupyterLab up to that cell to see more."
    try:
        return run.execute()
    except CellExecutionError as why:
        last = f"{why.ename}: {why.evalue}".splitlines()[0][:300]
        what = f"fails with {last}."
    except CellTimeoutError:
        what = f"is not done after {SECONDS_A_CELL} seconds."
    except DeadKernelError:
        what = "ended its kernel (out of memory?)."
    except RuntimeError as why:  # the kernel did not come up
        what, again = f"no kernel started ({why}).", "Run `make setup`, then try again."
    raise CellError(what, remedy=again, path=path, cell=run.at)
