"""Floor 3: widgets. Each is a thin view over a pure function of the floor below.

A widget keeps its JavaScript and its style sheet in files of its own, loads nothing
from outside, and has a static ``text/html`` form for a page without a kernel.
"""
