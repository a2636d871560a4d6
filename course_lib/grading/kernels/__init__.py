"""Kernels that start warm: one process imports the libraries once and forks a kernel a notebook.

`zygote` is that process and `child` what it forks; both keep to the standard library
until their imports. `parent` starts and asks it. `provisioner` makes it a kernel
provisioner of Jupyter's.
"""
