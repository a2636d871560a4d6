"""Rules for every notebook: its form, its headings, its links."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from course_lib.notebooks import markdown
from course_lib.notebooks.model import Notebook, tags
from course_lib.notebooks.normalise import dumps, normalise
from course_lib.notebooks.rules import Fault

NBVAL_TAGS = ("nbval-check-output", "nbval-ignore-output", "raises-exception")
# Where a person may know better than the rule: a cell tagged "allow-" + its name.
ESCAPABLE = ("short-cells", "table-twin", "no-absolute-path", "no-address")

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MACHINE_ID = re.compile(r"(cell-)?[0-9a-f]{8,}|[0-9a-f]{8}(-[0-9a-f]{4,12})+|(cell|id|markdown|code)-?\d+")
_ABSOLUTE = re.compile(
    r"(?<![\w.~/:-])/(?:home|Users|root|tmp|var|opt|usr|mnt|work|private|srv|content)/[\w.]|\b[A-Za-z]:\\\w|file://"
)


def normalised(notebook: Notebook) -> Iterator[Fault]:
    """Demand the one committed form: no widget state, timings, versions or window state."""
    node, form = notebook.node, normalise(notebook.node)
    if dumps(form) == notebook.text:
        return
    remedy = f"Run `course notebooks run {notebook.path}`: it writes the committed form."
    if "widgets" in node.metadata:
        yield Fault("", "widget state is saved in the notebook.", remedy)
    elif node.metadata != form.metadata:
        yield Fault("", "its metadata tells more than kernel and language.", remedy)
    cells = list(zip(node.cells, form.cells, strict=True))
    changed = [new.id for old, new in cells if old != new]
    for name in changed:
        yield Fault(name, "it holds what changes from run to run, or from machine to machine.", remedy)
    if not changed and node.metadata == form.metadata:
        yield Fault("", "the file is not laid out as the course writes it.", remedy)


def kernelspec(notebook: Notebook) -> Iterator[Fault]:
    """Demand the kernel ``python3``."""
    name = notebook.node.metadata.get("kernelspec", {}).get("name")
    if name != "python3":
        yield Fault("", f"its kernel is {name!r}, not 'python3'.", "Choose Python 3 in JupyterLab and save.")


def cell_ids(notebook: Notebook) -> Iterator[Fault]:
    """Demand of each cell its own id, named by hand: ``chapter-sizes``, not ``3f2a91bc``."""
    seen = set()
    for cell in notebook.node.cells:
        name = cell.get("id", "")
        if name in seen:
            yield Fault(name, "two cells have this id.", "Give each cell its own id.")
        seen.add(name)
        if not _ID.fullmatch(name) or _MACHINE_ID.fullmatch(name):
            yield Fault(name, "its id was not named by hand.", "Name it for what it does: lower-case-words.")


def known_tags(notebook: Notebook) -> Iterator[Fault]:
    """Refuse a tag that nothing reads: a slip in one would switch a check off in silence."""
    known = {*NBVAL_TAGS, *(f"allow-{name}" for name in ESCAPABLE)}
    for cell in notebook.node.cells:
        for tag in tags(cell):
            if tag not in known:
                yield Fault(cell.id, f"nothing reads the tag {tag!r}.", f"Known: {', '.join(sorted(known))}.")


def one_h1(notebook: Notebook) -> Iterator[Fault]:
    """Demand one H1: the first line of the first cell."""
    titles = [cell.id for cell in notebook.prose for h in markdown.headings(cell.source) if h.level == 1]
    first = notebook.node.cells[0] if notebook.node.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith("# "):
        yield Fault(
            "" if first is None else first.id, "it does not begin with its title.", "Begin with `# Title`."
        )
    for extra in titles[1:]:
        yield Fault(extra, "there is more than one H1.", "Make it `##` or deeper.")


def heading_levels(notebook: Notebook) -> Iterator[Fault]:
    """Demand headings that go down one level at a time: a reader's outline has no holes."""
    above = 0
    for cell in notebook.prose:
        for heading in markdown.headings(cell.source):
            if heading.level > above + 1:
                yield Fault(
                    cell.id,
                    f"the heading {heading.text!r} jumps from level {above} to {heading.level}.",
                    f"Make it level {above + 1}.",
                )
            above = heading.level


def links(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a link leads to a file or heading that is there, or is well-formed https."""
    # JupyterLab's anchors: a heading's words as they are, with hyphens for blanks.
    own = {h.text.replace(" ", "-") for c in notebook.prose for h in markdown.headings(c.source)}
    for cell in notebook.prose:
        for target in markdown.links(cell.source):
            if why := broken(notebook.path, target, own):
                yield Fault(cell.id, f"the link {target!r} {why}.", "Mend the link.")


def image_alt(notebook: Notebook) -> Iterator[Fault]:
    """Demand an alternative text of each image in the prose."""
    for cell in notebook.prose:
        for alt in markdown.image_alts(cell.source):
            if not alt:
                yield Fault(cell.id, "an image has no alternative text.", "Say in alt what it shows.")


def no_absolute_path(notebook: Notebook) -> Iterator[Fault]:
    """Refuse a path of one machine, in a source or in an output."""
    for cell in notebook.node.cells:
        for text in (cell.source, *output_texts(cell)):
            if match := _ABSOLUTE.search(text):
                part = text[match.start() : match.start() + 40].splitlines()[0]
                yield Fault(
                    cell.id, f"it has a path of one machine: {part!r}.", "Show a path within the course."
                )
                break


def output_texts(cell: dict) -> list[str]:  # type: ignore[type-arg]
    """Return the texts of a cell's outputs (not its pictures)."""
    texts = []
    for output in cell.get("outputs", []):
        texts.append(output.get("text", ""))
        texts += output.get("traceback", [])
        texts += [v for mime, v in output.get("data", {}).items() if mime.startswith("text/")]
    return [re.sub(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+", "", text) for text in texts]


def broken(page: Path, target: str, headings: set[str]) -> str:
    """Return what is wrong with a link's target, or ``""``.

    Parameters
    ----------
    page : Path
        The file that holds the link.
    target : str
        An address, a path beside `page`, or a heading: ``#Recap``.
    headings : set of str
        The anchors of `page` itself.
    """
    parts = urlsplit(target)
    if parts.scheme in ("mailto", "attachment"):
        return ""
    if parts.scheme or parts.netloc:
        return _bad_address(target)
    if not target:
        return "is empty"
    if parts.path.startswith("/"):
        return "begins at the root of a machine"
    if not parts.path:
        return "" if unquote(parts.fragment) in headings else "leads to no heading"
    file = page.parent / unquote(parts.path)
    if not file.exists():
        return "leads to no file"
    if parts.fragment and file.suffix == ".md":
        there = markdown.anchors(file.read_text(encoding="utf-8"))
        return "" if unquote(parts.fragment) in there else f"leads to no heading of {file.name}"
    return ""


def _bad_address(target: str) -> str:
    parts = urlsplit(target)
    if parts.scheme != "https":
        return "is not https"
    proper = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.hostname or "") and " " not in target
    return "" if proper else "has no proper host"
