"""How gocomm itself is installed: once, whole, and of one version."""

import base64
import csv
import hashlib
import os
import re
import sys

from .. import __version__
from ..project import HERE
from .report import python, reinstall


class Packages:
    """What pip has installed, on all of Python's paths; importlib.metadata would hide all but the first of a name."""

    def __init__(self, paths=None):
        self._found = []
        seen = set()
        for folder in sys.path if paths is None else paths:
            folder = os.path.abspath(folder or ".")
            if os.path.realpath(folder) in seen or not os.path.isdir(folder):
                continue
            seen.add(os.path.realpath(folder))
            for name in sorted(os.listdir(folder)):
                match = re.match(r"(.+?)-([0-9][^-]*)(-py[0-9.]+)?\.(dist|egg)-info$", name)
                if match:
                    self._found.append((_normal(match.group(1)), match.group(2), os.path.join(folder, name)))

    def all(self, name):
        """The versions and the folders of a package's installations, the one that Python imports first."""
        return [(version, path) for n, version, path in self._found if n == _normal(name)]

    def version(self, name):
        return next((version for version, _ in self.all(name)), None)


def check(report, packages):
    """Reports the installation, and returns whether files of it are damaged or missing."""
    report.section("gocomm " + __version__)
    report.row("package", str(HERE))
    report.row("Python", "%d.%d.%d" % sys.version_info[:3] + ", " + os.path.abspath(sys.executable))
    installed = packages.all("gocomm")
    if not installed:
        report.note("gocomm runs from %s, and pip has not installed it: Jupyter gets its extensions from pip's installation" % HERE)
    used = [(version, path) for version, path in installed if os.path.join(os.path.dirname(path), "gocomm") == str(HERE)]
    if len(installed) > 1:
        where = ", ".join("%s in %s" % (version, os.path.dirname(path)) for version, path in installed)
        report.problem(
            "gocomm is installed more than once: %s" % where,
            "`%s -m pip uninstall -y gocomm`, until pip finds none, and install it again" % python(),
        )
    elif used and used[0][0] != __version__:
        report.problem("pip has installed gocomm %s, but the package here is %s" % (used[0][0], __version__), reinstall(used[0][0]))
    elif installed and not used and not _editable(installed[0][1]):
        report.problem(
            "Python takes gocomm %s from %s, not the %s that pip has installed in %s"
            % (__version__, HERE, installed[0][0], os.path.dirname(installed[0][1])),
            "run Python in another folder, or without PYTHONPATH",
        )
    _sizes(report)
    return len(installed) == 1 and bool(used) and _damaged(report, *installed[0])


def _damaged(report, version, path):
    """Compares the files with those that pip has installed."""
    wrong = []
    for name, want, have in _record(path):
        if want != have:
            wrong.append("%s is %s" % (name, "missing" if have is None else "not as it was installed"))
    if wrong:
        more = ", and %d more" % (len(wrong) - 1) if len(wrong) > 1 else ""
        report.problem("the installation is damaged: %s%s" % (wrong[0], more), reinstall(version))
    return bool(wrong)


def _record(path):
    try:
        with open(os.path.join(path, "RECORD"), encoding="utf-8", newline="") as f:
            rows = list(csv.reader(f))
    except OSError:
        return
    for row in rows:
        if len(row) < 2 or not row[1].startswith("sha256="):
            continue
        file = os.path.normpath(os.path.join(os.path.dirname(path), row[0]))
        try:
            with open(file, "rb") as f:
                have = base64.urlsafe_b64encode(hashlib.sha256(f.read()).digest()).decode().rstrip("=")
        except OSError:
            have = None
        yield file, row[1][len("sha256=") :], have


def _sizes(report):
    static = HERE / "static"
    if not static.is_dir():
        return
    for path in sorted(static.glob("*.wasm.*")):
        if path.suffix in (".gz", ".br", ".delta"):
            report.row(path.name, "%d KB" % round(path.stat().st_size / 1000))


def _editable(path):
    try:
        with open(os.path.join(path, "direct_url.json"), encoding="utf-8") as f:
            return '"editable": true' in f.read()
    except OSError:
        return False


def _normal(name):
    return re.sub(r"[-_.]+", "_", name).lower()
