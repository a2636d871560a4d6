"""A kernel's standard output and error, flushed only when there is something to flush."""

from ipykernel.iostream import OutStream


class Stream(OutStream):
    """IPython's stream; it flushes four times a cell, and each time waits for another thread."""

    _written = True

    def write(self, string: str) -> int | None:  # type: ignore[override]  # as theirs
        """As IPython's."""
        taken = super().write(string)
        self._written = True
        return taken

    def flush(self) -> None:
        """As IPython's, if something was written since the last time."""
        if self._written:
            self._written = False
            super().flush()  # type: ignore[no-untyped-call]
