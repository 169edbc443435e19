"""``python -m gocomm new``: a project that is ready to be worked on."""

import keyword
import os
import pathlib
import re
import sys

from .project import GO_PACKAGES, HERE, ProjectError, put_go_packages

# The template is examples/counter of gocomm's repository.
_TEMPLATE = HERE / "template"
_EXAMPLE = "counter"

_GO_MOD = """module {name}

go 1.26

require gocomm v0.0.0

// Put there by `python -m gocomm build` and `dev`, as the gocomm that is installed has them.
replace gocomm => ./{packages}
"""

_GITIGNORE = """/{name}/static/
/{packages}/
/dist/
__pycache__/
.ipynb_checkpoints/
"""


def new_project(name):
    """Makes the project in a new folder of that name."""
    _check(name)
    folder = pathlib.Path(name)
    if folder.exists():
        raise ProjectError("%s is there already: choose another name, or remove it" % folder)
    folder.mkdir()
    # pip compiles the template's Python too.
    for source in sorted(p for p in _TEMPLATE.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        target = folder / _named(source.relative_to(_TEMPLATE).as_posix(), name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_named(source.read_text("utf-8"), name), "utf-8")
    (folder / "go.mod").write_text(_GO_MOD.format(name=name, packages=GO_PACKAGES), "utf-8")
    (folder / ".gitignore").write_text(_GITIGNORE.format(name=name, packages=GO_PACKAGES), "utf-8")
    put_go_packages(folder)
    print("%s%s is ready:\n\n  cd %s\n  python -m gocomm dev\n" % (folder, os.sep, folder))


def _check(name):
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise ProjectError("%r cannot be a project's name: it names a Python package and a Go module, so use a-z, 0-9 and _" % name)
    if name == "gocomm" or name in getattr(sys, "stdlib_module_names", ()):
        raise ProjectError("%r cannot be a project's name: Python has a module of that name" % name)


def _named(text, name):
    """The template's text, with the project's name for the example's."""
    title = "".join(part.capitalize() for part in name.split("_"))
    return text.replace(_EXAMPLE.capitalize(), title).replace(_EXAMPLE, name)
