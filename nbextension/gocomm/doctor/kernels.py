"""The Pythons that run notebooks: gocomm.Widget has to be installed for them."""

import glob
import json
import os
import re
import shutil
import sys

from .. import __version__
from .report import command

# What Jupyter starts where nobody has chosen.
DEFAULT = "python3"


def check(report):
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        return
    specs = {}
    for folder in jupyter_path("kernels"):
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*", "kernel.json"))):
            specs.setdefault(os.path.basename(os.path.dirname(path)).lower(), path)
    if specs:
        report.section("kernels")
    for name, path in sorted(specs.items()):
        python, why = _python(path)
        if why:
            report.problem("the kernel %s cannot be started, its %s: %s" % (name, path, why), "`%s`" % _remove(path))
        elif python:
            _kernel(report, name, path, python)


def _kernel(report, name, path, python):
    prefix = os.path.dirname(os.path.dirname(os.path.abspath(python)))
    if os.path.normcase(prefix) == os.path.normcase(sys.prefix):
        report.row(name, python)
        return
    version = _gocomm(prefix)
    report.row(name, python, "gocomm " + version if version else "no gocomm")
    what = "the kernel %s (%s) runs another Python, %s, with %s" % (name, path, python, "gocomm " + version if version else "no gocomm")
    if version == __version__:
        return
    if name == DEFAULT:
        here = command("ipykernel", "install", "--sys-prefix")
        report.problem(what, "install gocomm %s with `%s -m pip`, or use this Python with %s" % (__version__, python, here))
    else:
        report.note(what)


def _python(path):
    """The Python that a kernel's specification starts, "" if it is none, and what is wrong."""
    try:
        with open(path, encoding="utf-8") as f:
            spec = json.load(f)
        program = spec["argv"][0]
    except (OSError, ValueError, LookupError, TypeError) as e:
        return "", "no specification (%s)" % e
    # Jupyter takes these for the Python that it runs on.
    if program in ("python", "python3", "python%d.%d" % sys.version_info[:2]):
        return sys.executable, ""
    found = shutil.which(program)
    if not found:
        return "", "%s is not there" % program
    return (found, "") if re.match(r"python[0-9.]*(\.exe)?$", os.path.basename(found), re.I) else ("", "")


def _gocomm(prefix):
    """The version of gocomm in another environment."""
    for pattern in ("lib", "python*", "site-packages"), ("lib", "python*", "dist-packages"), ("Lib", "site-packages"):
        for path in glob.glob(os.path.join(glob.escape(prefix), *(pattern + ("gocomm", "__init__.py")))):
            with open(path, encoding="utf-8") as f:
                found = re.search(r'^__version__ = "(.+)"$', f.read(), re.M)
            if found:
                return found.group(1)
    return ""


def _remove(path):
    return "%s %s" % ("rmdir /s" if os.name == "nt" else "rm -r", os.path.dirname(path))
