"""Write a Tabular List without notes from an order file.

An order file has no chapters and no blocks. They are taken from a Tabular List that is
already here: a category keeps its place, and a new one goes to the block whose range
holds it.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from course_lib.codes import tabular
from course_lib.codes.listing import Listed
from course_lib.codes.tabular import Entry
from course_lib.errors import CourseError


def write(codes: list[Listed], base: Path | None, out: Path) -> None:
    """Write the codes of an order file to `out` as a tabular XML.

    Parameters
    ----------
    codes : list of Listed
        An order file's lines: headers and codes.
    base : Path
        The tabular XML that lends its chapters and blocks.
    out : Path
        The file to write.

    Raises
    ------
    CourseError
        When the list has no headers or a new category has no block.
    """
    if base is None or not any(c.billable is False for c in codes):
        raise CourseError(
            "a list of codes alone has no categories.",
            remedy="Give the order file (icd10cm-order-...txt) or the tabular XML of the release.",
        )
    tree: dict[str, list[Listed]] = {}
    for code in codes:
        tree.setdefault(code.plain[:3], []).append(code)
    frame = [e for e in tabular.read(base).entries if e.depth < 3]
    places = _places(frame, list(tree))
    with out.open("w", encoding="utf-8") as file:
        file.write("<ICD10CM.tabular>\n")
        for number, entry in enumerate(frame):
            if entry.tag == "diag":
                continue
            if entry.tag == "chapter":
                file.write("</chapter>\n" if number else "")
                file.write(f"<chapter><name>{entry.name}</name><desc>{escape(entry.title)}</desc>\n")
            else:
                file.write(f"<section id={quoteattr(entry.name)}><desc>{escape(entry.title)}</desc>\n")
                for category in places.get(entry.name, []):
                    file.writelines(_nested(tree[category]))
                file.write("</section>\n")
        file.write("</chapter>\n</ICD10CM.tabular>\n")


def _places(frame: list[Entry], categories: list[str]) -> dict[str, list[str]]:
    """Return the categories of each block, in the order of the list."""
    block_of: dict[str, str] = {}
    block = ""
    for entry in frame:
        if entry.tag == "section":
            block = entry.name
        elif entry.tag == "diag":
            block_of[entry.name] = block
    # The narrowest range is the block itself; wider ones only introduce others.
    ranges = sorted(
        {(b, b.split("-")[0], b.split("-")[-1]) for b in block_of.values()},
        key=lambda r: _width(r[1], r[2]),
    )
    places: dict[str, list[str]] = {}
    for category in categories:
        home = block_of.get(category) or next((b for b, a, z in ranges if a <= category <= z), None)
        if home is None:
            raise CourseError(
                f"no block of the edition before takes the new category {category}.",
                remedy="Add this release from its tabular XML instead.",
            )
        places.setdefault(home, []).append(category)
    return places


def _width(first: str, last: str) -> int:
    return int(last, 36) - int(first, 36)


def _nested(codes: list[Listed]) -> Iterator[str]:
    """Yield the XML of one category, each code inside the longest beginning of it."""
    path: list[str] = []
    for code in codes:
        while path and not code.plain.startswith(path[-1]):
            path.pop()
            yield "</diag>"
        dotted = code.plain if len(code.plain) == 3 else f"{code.plain[:3]}.{code.plain[3:]}"
        yield f"<diag><name>{dotted}</name><desc>{escape(code.title)}</desc>"
        path.append(code.plain)
    yield "</diag>" * len(path) + "\n"
