"""Claims: synthetic ones by the thousand, and the work of the billing desk on them."""

from importlib import import_module
from typing import Any

# Public name -> module and name in it; each loads when it is first used.
_LAZY = {
    "desk": ("course_lib.claims.desk", ""),
    "read_simulated": ("course_lib.claims.simulation", "read_simulated"),
    "sample": ("course_lib.claims.simulation", "sample"),
    "simulate": ("course_lib.claims.simulation", "simulate"),
}


def __getattr__(name: str) -> Any:
    """Load a public name the first time that it is used (PEP 562)."""
    if name in _LAZY:
        module, inside = _LAZY[name]
        loaded = import_module(module)
        return getattr(loaded, inside) if inside else loaded
    raise AttributeError(f"module 'course_lib.claims' has no attribute {name!r}")
