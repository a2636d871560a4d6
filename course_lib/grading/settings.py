"""The settings of grading: ``c.CourseGrading`` in ``nbgrader_config.py``, and orders as plain data."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from traitlets import Bool, Enum, Float, Integer, List, Unicode
from traitlets.config import Configurable

PROFILES = ("strict", "compat")


@dataclass(frozen=True)
class Limits:
    """How much one notebook may take; a kernel that takes more is ended.

    Attributes
    ----------
    notebook_seconds : float
        Wall time of all cells.
    cpu_seconds, memory_mb, file_mb, threads : int
        Set in the kernel's process, by the operating system.
    output_mb, disk_mb : int
        All that it sends, and all that it leaves in its folder; looked at while it works.
    """

    notebook_seconds: float = 600.0
    cpu_seconds: int = 300
    memory_mb: int = 2048
    file_mb: int = 100
    threads: int = 256
    output_mb: int = 100
    disk_mb: int = 300


@dataclass(frozen=True)
class Orders:
    """What a worker has to know, once for all submissions; plain data that travels as JSON.

    Attributes
    ----------
    profile : str
        ``strict`` or ``compat``.
    trusted : bool
        Whether kernels may run without containment.
    limits : Limits
        For each notebook.
    preload, readable, hidden_data, must_fail : list of str
        See `CourseGrading`.
    execute : dict
        Settings of nbgrader's `Execute`: time limit of a cell, patience and the like.
    files : dict of str to str
        Files of the assignment that each kernel finds beside its notebook, in base64.
    """

    profile: str = "strict"
    trusted: bool = False
    limits: Limits = field(default_factory=Limits)
    preload: list[str] = field(default_factory=list)
    readable: list[str] = field(default_factory=list)
    hidden_data: list[str] = field(default_factory=list)
    must_fail: list[str] = field(default_factory=list)
    execute: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def strict(self) -> bool:
        """Whether the holes of stock nbgrader are closed."""
        return self.profile == "strict"

    def to_json(self) -> str:
        """Return the orders as text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Orders":
        """Read what `to_json` wrote."""
        data = json.loads(text)
        return cls(**data | {"limits": Limits(**data["limits"])})


class CourseGrading(Configurable):
    """How `course grade`, and formgrader with `Contained`, run the students' notebooks."""

    profile = Enum(
        PROFILES, "strict", help="strict closes nbgrader's holes; compat keeps its very results"
    ).tag(config=True)
    trust_submissions = Bool(False, help="Run kernels even where nothing contains them").tag(config=True)
    preload = List(
        Unicode(),
        ["numpy", "pandas", "matplotlib.pyplot"],
        help="Modules to import once; module:function is called if the assignment names the module",
    ).tag(config=True)
    readable = List(Unicode(), [], help="More files and folders that a kernel may read").tag(config=True)
    hidden_data = List(
        Unicode(),
        [],
        help="Parts of datasets/ that a kernel must not read, beside those withheld from students",
    ).tag(config=True)
    must_fail = List(
        Unicode(), [], help="Lines of Python that must raise AssertionError in an honest notebook"
    ).tag(config=True)
    notebook_seconds = Float(Limits.notebook_seconds, help="Wall time of a notebook").tag(config=True)
    cpu_seconds = Integer(Limits.cpu_seconds, help="Processor time of a notebook").tag(config=True)
    memory_mb = Integer(Limits.memory_mb, help="Memory of a notebook, libraries not counted").tag(config=True)
    file_mb = Integer(Limits.file_mb, help="Largest file of a notebook").tag(config=True)
    threads = Integer(Limits.threads, help="Threads of a notebook").tag(config=True)
    output_mb = Integer(Limits.output_mb, help="Output of a notebook").tag(config=True)
    disk_mb = Integer(Limits.disk_mb, help="All files of a notebook").tag(config=True)

    def limits(self) -> Limits:
        """Return the limits as plain data."""
        return Limits(**{one.name: getattr(self, one.name) for one in fields(Limits)})

    def hidden(self) -> list[str]:
        """Return the parts of datasets/ that a kernel must not read: those set here, and the graded keys."""
        from course_lib import datasets
        from course_lib.grading.student_tree import withheld

        return sorted({*self.hidden_data, *withheld(datasets.root())})

    def orders(self, execute: dict[str, Any], files: dict[str, str] | None = None) -> Orders:
        """Return everything that a worker has to know."""
        same = ("profile", "preload", "readable", "must_fail")
        values = {name: getattr(self, name) for name in same}
        return Orders(
            **values,
            hidden_data=self.hidden(),
            trusted=self.trust_submissions,
            limits=self.limits(),
            execute=execute,
            files=files or {},
        )
