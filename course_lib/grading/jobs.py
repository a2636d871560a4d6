"""What travels between the driver and its workers: plain data, as JSON text.

A job is one submission; no object of a student's is ever pickled.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from typing import Any

from course_lib.grading.incidents import Incident


@dataclass(frozen=True)
class Job:
    """One submission, ready to run.

    Attributes
    ----------
    student : str
    notebooks : dict of str to str
        File name -> notebook, as JSON.
    files : dict of str to str
        Path -> content in base64, of what else was handed in.
    """

    student: str
    notebooks: dict[str, str]
    files: dict[str, str]

    def to_json(self) -> str:
        """Return the job as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Result:
    """What became of a job.

    Attributes
    ----------
    student : str
    fault : str
        Why there is no grade, or ``""``.
    notebooks : dict of str to str
        File name -> executed notebook, as JSON.
    incidents : dict of str to list of Incident
        By file name.
    seconds : dict of str to dict of str to float
        File name -> wall time by cell.
    cpu, wall : float
        Seconds of the kernels, and of everything.
    peak_mb : int
        Largest memory of a kernel.
    notes : list of str
        What is not as wished at this worker, for the user.
    """

    student: str
    fault: str = ""
    notebooks: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, list[Incident]] = field(default_factory=dict)
    seconds: dict[str, dict[str, float]] = field(default_factory=dict)
    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: int = 0
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """Return the result as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """Read what `to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        told = {name: [Incident(**one) for one in found] for name, found in data["incidents"].items()}
        return cls(**data | {"incidents": told})


def pack(files: dict[str, bytes]) -> dict[str, str]:
    """Return files as text."""
    return {name: b64encode(content).decode() for name, content in files.items()}


def unpack(files: dict[str, str]) -> dict[str, bytes]:
    """Return what `pack` packed."""
    return {name: b64decode(content) for name, content in files.items()}
