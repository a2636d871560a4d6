"""The reading site: every lesson as a page, from the committed outputs. Nothing is run or fetched.

`make site` builds it with the checkout as its source folder, so a link means the same here,
on a code host and in JupyterLab.
"""

import os
import sys
from pathlib import Path

from course_lib import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Crosswalk"
author = "The Crosswalk maintainers"
copyright = "text CC BY 4.0, code MIT; codes and names of others: see the notices"
version = release = __version__
language = "en"

root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "datasets/**/README.md",
    "notebooks/**",
    "NOTICE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
]
# The instructor's copies hold the solutions; wrong answers are notes for the tests.
# The reviews name codes of graded charts.
exclude_patterns = ["**/.ipynb_checkpoints", "notebooks/assignments", "docs/_*", "docs/reviews"]

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "live_quizzes",
]
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}  # no widget manager: `live_quizzes` shows what works without a kernel
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
napoleon_google_docstring = False

html_theme = "sphinx_book_theme"
html_title = "Crosswalk"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_theme_options = {
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "home_page_in_toc": True,
    "use_download_button": True,
    "use_fullscreen_button": False,
}
# `make site` lays a try-out that `make lite` built beside the pages; then they link to it.
if (Path(__file__).parent.parent / "build" / "lite" / "index.html").is_file():
    tags.add("lite")  # noqa: F821  (Sphinx puts it there)
# The address of the repository is the publisher's; with it each lesson gets its Binder button.
if repository := os.environ.get("COURSE_REPOSITORY"):
    html_theme_options |= {
        "repository_url": repository,
        "repository_branch": "main",
        "use_repository_button": True,
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
    }
