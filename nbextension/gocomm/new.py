"""``python -m gocomm new``: a project that is ready to be worked on."""

import importlib.util
import keyword
import os
import pathlib
import re
import shutil
import sys

from .project import GO_PACKAGES, HERE, ProjectError, put_go_packages

# The templates, by kind, are these examples of gocomm's repository.
_TEMPLATES = HERE / "template"
_EXAMPLES = {"widget": "counter", "comm": "greeter"}

_GO_MOD = """module {name}

go 1.26

require gocomm v0.0.0

// gocomm's Go packages. `python -m gocomm build` and `dev` put those of the gocomm that is installed there.
replace gocomm => ./{packages}
"""

# The Go packages are not here: what is cloned builds without gocomm.
_GITIGNORE = """/{name}/static/
/dist/
__pycache__/
.ipynb_checkpoints/
"""


def new_project(name, kind="widget"):
    """Makes a project of a kind, "widget" or "comm", in a new folder of that name."""
    folder = pathlib.Path(name)
    if folder.exists():
        raise ProjectError("%s is there already: choose another name, or remove it" % folder)
    _check(name)
    folder.mkdir()
    try:
        _fill(folder, name, kind)
    except BaseException:
        shutil.rmtree(str(folder), ignore_errors=True)
        raise
    print("%s%s is ready:\n\n  cd %s\n  python -m gocomm dev\n" % (folder, os.sep, folder))


def _fill(folder, name, kind):
    template, example = _TEMPLATES / kind, _EXAMPLES[kind]
    # pip compiles the template's Python too.
    for source in sorted(p for p in template.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        target = folder / _named(source.relative_to(template).as_posix(), example, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_named(source.read_text("utf-8"), example, name), "utf-8")
    (folder / "go.mod").write_text(_GO_MOD.format(name=name, packages=GO_PACKAGES), "utf-8")
    (folder / ".gitignore").write_text(_GITIGNORE.format(name=name), "utf-8")
    put_go_packages(folder)


# Go's keywords, the names that the go command keeps for itself, and the folders of Go's standard library.
_GO_WORDS = """break case chan const continue default defer else fallthrough for func go goto if import interface map package range return
select struct switch type var""".split()
_GO_KEEPS = "all builtin cmd internal main std testdata tool unsafe vendor work".split()
_GO_PACKAGES = """archive arena bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt hash html
image index io iter log maps math mime net os path plugin reflect regexp runtime simd slices sort strconv strings structs sync syscall testing
text time unicode unique weak""".split()
# What Go takes the end of a file's name for (internal/syslist): _js, _linux, _amd64 …
_GO_SYSTEMS = """aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos
386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x
sparc sparc64 wasm""".split()

# Packages that a project needs, packs itself with, or is often used with: its own folder would hide them, also before they are installed.
_PYTHON_PACKAGES = """anywidget build comm hatchling hatch_build ipykernel ipywidgets jupyter jupyter_client jupyter_core jupyterlab marimo matplotlib
nbclassic nbformat notebook numpy pandas pip psygnal scipy setuptools traitlets twine voila wheel""".split()

# Folders that a project has beside its package's.
_FOLDERS = ["dist"]


def _check(name):
    def refuse(why):
        raise ProjectError("%r cannot be a project's name, which names a Python package and a Go module: %s" % (name, why))

    if not re.fullmatch(r"[A-Za-z0-9_]+", name) or name != name.lower():
        refuse("use a-z, 0-9 and _")
    if not name[0].isalpha():
        refuse("it has to begin with a letter")
    if name[-1] == "_":
        refuse("it has to end with a letter or a digit")
    if keyword.iskeyword(name):
        refuse("it is a word of Python")
    if keyword.iskeyword(_title(name)):
        refuse("the class would be %s, a word of Python" % _title(name))
    if name == "gocomm" or name in getattr(sys, "stdlib_module_names", ()):
        refuse("Python has a module of that name")
    if name in _GO_WORDS:
        refuse("it is a word of Go")
    if name in _GO_KEEPS:
        refuse("Go keeps it for itself")
    if name in _GO_PACKAGES:
        refuse("Go has a package of that name")
    end = name.rpartition("_")[2] if "_" in name else ""
    if end == "test":
        refuse("Go takes files whose names end with _test for tests")
    if end in _GO_SYSTEMS:
        refuse("Go compiles files whose names end with _%s for one system only" % end)
    if name in _FOLDERS:
        refuse("a project has a folder of that name for something else")
    if importlib.util.find_spec(name):
        refuse("a package of that name is installed")
    if name in _PYTHON_PACKAGES:
        refuse("projects or notebooks use the package of that name")


def _title(name):
    """The name of the project's class."""
    return "".join(part.capitalize() for part in name.split("_"))


def _named(text, example, name):
    """The template's text, with the project's name for the example's."""
    return re.sub(example, lambda found: _title(name) if found.group()[0].isupper() else name, text, flags=re.I)
