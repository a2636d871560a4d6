"""Opening the code book from the command line, with a progress bar when it must be built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from course_lib.codes.book import CodeBook


@contextmanager
def build_bar(console: "Console") -> Iterator[Callable[[str, int, int], None]]:
    """Give a progress callback that shows a bar on `console` from the first time it is told."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)

    def tell(stage: str, done: int, total: int) -> None:
        # No bar at all when the file is there: nothing is ever told then.
        if not bar.task_ids:
            bar.start()
            bar.add_task("", total=total)
        bar.update(bar.task_ids[0], description=f"Code book: {stage}", completed=done, total=total)

    try:
        yield tell
    finally:
        if bar.task_ids:
            bar.stop()


def open_book(console: "Console", edition: str | None = None) -> "CodeBook":
    """Return the code book; the first time, build it with a progress bar on `console`."""
    from course_lib.codes import icd10cm

    told = False
    with build_bar(console) as bar:

        def tell(stage: str, done: int, total: int) -> None:
            nonlocal told
            told = True
            bar(stage, done, total)

        book = icd10cm.load(edition, progress=tell)
    if told:
        console.print(f"Built the code book: {book!r}", highlight=False)
    return book
