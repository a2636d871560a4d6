"""The scripts and styles of the widgets: a widget is one module, so its files are put together."""

from pathlib import Path

_HERE = Path(__file__).parent
_EXPORT = "export default { render };"


def script(*names: str) -> str:
    """Return JavaScript files as one module; only the last one's view is exported."""
    *helpers, last = ((_HERE / name).read_text(encoding="utf-8") for name in ("base.js", *names))
    return "".join(text.replace(_EXPORT, "") for text in helpers) + last


def style(*names: str) -> str:
    """Return style sheets as one, the shared one first."""
    return "".join((_HERE / name).read_text(encoding="utf-8") for name in ("base.css", *names))
