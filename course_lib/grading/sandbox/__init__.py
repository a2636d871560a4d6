"""Containment of a kernel, in layers, each by what the host offers.

`landlock`, `syscalls` and `privileges` lock the process that calls them and need no
rights; `namespaces` wraps a program in bubblewrap; `confine` puts them together, and
`layers` tells which of them work here.
"""
