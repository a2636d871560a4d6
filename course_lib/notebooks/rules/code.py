"""Rules for code cells and what they show."""

import ast
import re
from collections.abc import Iterator

from course_lib.notebooks import markdown
from course_lib.notebooks.model import Notebook, tags
from course_lib.notebooks.rules import Fault
from course_lib.notebooks.rules.common import output_texts

LONGEST = 15
NETWORK = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "urllib",
    "urllib3",
    "webbrowser",
}
SHELL = {"os.system", "os.popen", "subprocess", "pip", "get_ipython", "sys.path"}
_MAGIC = re.compile(r"^\s*(%{1,2}\w+|!.*|\?\w.*|\w[\w.]*\?{1,2}\s*$)", re.MULTILINE)
_ADDRESSES = ("http:", "https:", "ftp:")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}|\b0x[0-9a-f]{9,}\b")


def plain_python(notebook: Notebook) -> Iterator[Fault]:
    """Demand plain Python: no magics, no shell, no pip, no change of ``sys.path``."""
    for cell in notebook.code:
        if cell.id not in notebook.trees:
            magic = _MAGIC.search(cell.source)
            what = f"{magic[0].strip()!r} is not Python" if magic else "it does not parse as Python"
            yield Fault(cell.id, f"{what}.", "Use a function of course_lib, or plain Python.")
            continue
        for name in sorted(_names(notebook.trees[cell.id]) & SHELL):
            yield Fault(cell.id, f"it uses {name}.", "A lesson imports course_lib and shows a thing.")


def no_network(notebook: Notebook) -> Iterator[Fault]:
    """Refuse the import of a module that goes to the network, and the reading of an address."""
    for name, tree in notebook.trees.items():
        for module in sorted({used.split(".")[0] for used in _imports(tree)} & NETWORK):
            yield Fault(name, f"it imports {module}.", "Load data with course_lib.datasets.")
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            reads = ast.unparse(call.func).rsplit(".")[-1].startswith(("read_", "open", "urlopen", "load"))
            for value in call.args:
                if reads and isinstance(value, ast.Constant) and str(value.value).startswith(_ADDRESSES):
                    yield Fault(name, f"it reads {value.value!r}.", "Load data with course_lib.datasets.")


def short_cells(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a code cell is one idea: 15 lines at most."""
    for cell in notebook.code:
        lines = len(cell.source.splitlines())
        if lines > LONGEST:
            yield Fault(cell.id, f"it has {lines} lines of code.", f"Split it: {LONGEST} lines at most.")


def executed(notebook: Notebook) -> Iterator[Fault]:
    """Demand the execution counts 1, 2, 3 ... from top to bottom: one run, in order."""
    ran = [cell for cell in notebook.code if cell.source.strip()]
    for number, cell in enumerate(ran, 1):
        if cell.execution_count != number:
            yield Fault(
                cell.id,
                f"its execution count is {cell.execution_count}, not {number}.",
                f"Run `course notebooks run {notebook.path}`.",
            )
            return


def clean_outputs(notebook: Notebook) -> Iterator[Fault]:
    """Refuse a warning or an error in an output, but for an error that the tag announces."""
    for cell in notebook.code:
        kinds = {(o.output_type, o.get("name")) for o in cell.outputs}
        fails, announced = ("error", None) in kinds, "raises-exception" in tags(cell)
        if ("stream", "stderr") in kinds:
            yield Fault(cell.id, "it writes to stderr (a warning?).", "Mend the cause; do not hide it.")
        if fails and not announced:
            yield Fault(cell.id, "it shows an error.", "Mend it, or tag the cell raises-exception.")
        if announced and cell.execution_count and not fails:
            yield Fault(cell.id, "it is tagged raises-exception and raises none.", "Remove the tag.")


def no_address(notebook: Notebook) -> Iterator[Fault]:
    """Refuse a memory address in an output: it changes with each run and teaches nothing."""
    for cell in notebook.code:
        for text in output_texts(cell):
            if match := _ADDRESS.search(text):
                yield Fault(
                    cell.id, f"an output shows the address {match[0]!r}.", "Show a value, not an object."
                )
                break


def alt_text(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a figure goes through ``plots.figure`` and says in words what it shows."""
    for cell in notebook.code:
        for output in cell.outputs:
            data = output.get("data", {})
            if any(mime.startswith("image/") for mime in data):
                yield Fault(
                    cell.id, "a picture is shown without alternative text.", "Show it with plots.figure(...)."
                )
            if "" in markdown.Page(data.get("text/html", "")).alts:
                yield Fault(cell.id, "an image in an output has no alternative text.", "Fill alt.")


def table_twin(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a figure has its numbers in a table beside it."""
    for cell in notebook.code:
        for output in cell.outputs:
            page = markdown.Page(output.get("data", {}).get("text/html", ""))
            if page.alts and not page.tables:
                yield Fault(cell.id, "a figure has no table twin.", "Give plots.figure its table=.")


def _imports(tree: ast.AST) -> set[str]:
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules


def _names(tree: ast.AST) -> set[str]:
    """Return the names, dotted names and modules that the code uses."""
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}
    return dotted | _imports(tree)
