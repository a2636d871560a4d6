"""The code book, and small releases in the official formats."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from course_lib import icd10cm

# name, title, what stands in it (XML of notes), children
Node = tuple[str, str, str, list]

WOUND: Node = (
    "S01",
    "Open wound of head",
    "<sevenChrNote><note>The appropriate 7th character is to be added to each code from category S01</note>"
    "</sevenChrNote><sevenChrDef><extension char='A'>initial encounter</extension>"
    "<extension char='D'>subsequent encounter</extension>"
    "<extension char='S'>sequela</extension></sevenChrDef>",
    [("S01.0", "Open wound of scalp", "", [])],
)
DIABETES: Node = (
    "E11",
    "Type 2 diabetes mellitus",
    "<excludes1><note>type 1 diabetes mellitus (E10.-)</note></excludes1>",
    [("E11.2", "with kidney complications", "", [("E11.22", "with chronic kidney disease", "", [])]),
     ("E11.9", "without complications", "", [])],
)  # fmt: skip
TYPE_1: Node = ("E10", "Type 1 diabetes mellitus", "", [("E10.9", "without complications", "", [])])


@pytest.fixture(autouse=True, scope="session")
def own_editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the editions that the person who runs it has added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def book(own_editions: None) -> icd10cm.CodeBook:
    """The April 2026 edition."""
    return icd10cm.load("2026-04-01")


def _diag(node: Node) -> str:
    name, title, notes, children = node
    inner = "".join(_diag(c) for c in children)
    return f"<diag>\n<name>{name}</name>\n<desc>{escape(title)}</desc>\n{notes}{inner}</diag>\n"


@pytest.fixture(scope="session")
def tabular_xml() -> Callable[..., str]:
    """Write a small Tabular List: the diabetes and the head-wound chapters."""

    def write(
        diabetes: list[Node] | None = None, wounds: list[Node] | None = None, version: str = "2026"
    ) -> str:
        first = "".join(map(_diag, [TYPE_1, DIABETES] if diabetes is None else diabetes))
        second = "".join(map(_diag, [WOUND] if wounds is None else wounds))
        return (
            f"<?xml version='1.0' encoding='utf-8'?>\n<ICD10CM.tabular>\n<version>{version}</version>\n"
            "<chapter><name>4</name><desc>Endocrine (E00-E89)</desc>\n"
            f"<section id='E08-E13'><desc>Diabetes mellitus (E08-E13)</desc>\n{first}</section></chapter>\n"
            "<chapter><name>19</name><desc>Injury (S00-T88)</desc>\n"
            f"<section id='S00-S09'><desc>Injuries to the head (S00-S09)</desc>\n{second}"
            "</section></chapter>\n"
            "</ICD10CM.tabular>\n"
        )

    return write


@pytest.fixture(scope="session")
def order_file() -> Callable[[icd10cm.CodeBook], str]:
    """Write the order file of a book, in the fixed columns of CMS."""

    def write(book: icd10cm.CodeBook) -> str:
        nodes = [n for n in (book[c] for c in book) if n.level > 1]
        return "".join(
            f"{i:05d} {n.code.replace('.', ''):<7} {n.billable:d} {n.title[:60]:<60} {n.title}\n"
            for i, n in enumerate(nodes, 1)
        )

    return write


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Begin with an empty cache and no added editions."""
    # A folder name that a careless URI would trip over.
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache #1 & 100%"))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "cache #1 & 100%" / "codes" / "icd10cm-2026-04-01.sqlite"


@pytest.fixture
def small_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_cache: Path, tabular_xml: Callable[..., str]
) -> Path:
    """A source package with the small Tabular List in front of the real one; returns the XML."""
    data = tmp_path / "site" / "simple_icd_10_cm" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("raise RuntimeError('the package must not be imported')\n")
    source = data / "icd10c-tabular-April-1-2026.xml"
    source.write_text(tabular_xml(), encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    return source
