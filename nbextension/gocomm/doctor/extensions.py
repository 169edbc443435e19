"""gocomm's extensions for classic Notebook and for Lab: installed, enabled, and of the version of the package."""

import json
import os

from .. import __version__
from ..project import HERE, ProjectError
from ..switch import CLASSIC, LAB, SWITCHES
from . import server
from .report import command, python, reinstall


def check(report, kinds, damaged=False):
    """``kinds`` are those of the pages that this environment serves. What is damaged has been reported."""
    if not kinds:
        return
    try:
        from jupyter_core.paths import jupyter_config_path, jupyter_path
    except ImportError:
        report.problem("jupyter_core is missing", command("pip install jupyter_core"))
        return
    report.section("extensions")
    report.row("settings", ", ".join(_there(jupyter_config_path())) + " (the first takes precedence)")
    try:
        if "classic" in kinds:
            _extension(report, CLASSIC, "classic", _copies(jupyter_path("nbextensions"), "main.js"), _same_nbextension, damaged)
        if "lab" in kinds:
            _extension(report, LAB, "lab", _copies(jupyter_path("labextensions"), "package.json"), _same_labextension, damaged)
    except ProjectError as e:
        report.problem("Jupyter's settings cannot be read", str(e))
    server.check(report, kinds)
    report.row("switch", "%s -m gocomm disable, or enable; with `classic` or `lab` for that page alone" % python())


def _there(folders):
    return [f for f in dict.fromkeys(folders) if os.path.isdir(f)]


def _copies(folders, file):
    return [c for c in (os.path.join(f, "gocomm") for f in dict.fromkeys(folders)) if os.path.isfile(os.path.join(c, file))]


def _extension(report, page, kind, copies, same, damaged):
    on, decides = SWITCHES[kind].state()
    state = ("on" if on else "off") if copies else "not installed"
    report.row(page, state + (", by %s" % decides if decides else ""))
    for path, why in SWITCHES[kind].broken():
        report.problem("%s skips the settings in %s (%s)" % (page, path, why), "correct the file, or remove it")
    if not copies and not damaged:
        report.problem("%s has no extension gocomm" % page, reinstall(__version__))
    if not copies:
        return
    report.row("", "from " + copies[0])
    if not on:
        what = "%s does not load gocomm, as %s says" % (page, decides) if decides else "%s does not load gocomm: no setting enables it" % page
        report.problem(what, command("gocomm", "enable", kind))
    if not same(copies[0]):
        if len(copies) > 1:
            report.problem(
                "%s takes gocomm from %s, which is of another version than the package and hides that in %s" % (page, copies[0], copies[1]),
                "`%s %s`" % ("rmdir /s" if os.name == "nt" else "rm -r", copies[0]),
            )
        elif not damaged:
            report.problem("%s has gocomm in %s, of another version than the package" % (page, copies[0]), reinstall(__version__))


def _same_nbextension(folder):
    """Whether the files are the package's, which pip has copied from its folder static."""
    for path in (HERE / "static").rglob("*"):
        if path.is_file() and _content(os.path.join(folder, str(path.relative_to(HERE / "static")))) != path.read_bytes():
            return False
    return True


def _same_labextension(folder):
    try:
        with open(os.path.join(folder, "package.json"), encoding="utf-8") as f:
            version = json.load(f).get("version")
    except (OSError, ValueError):
        return False
    program = HERE / "static" / "commmgr.wasm.gz"
    return version == __version__ and (not program.is_file() or _content(os.path.join(folder, "static", program.name)) == program.read_bytes())


def _content(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError:
        return None
