"""``python -m gocomm doctor``: looks for what keeps gocomm from working here, and says what to do.

It reads files, and starts nothing but ``go`` and the .py files among Jupyter's settings, which are programs.
"""

import pathlib
import sys

from . import extensions, gotool, hosts, install, kernels, project
from .report import Report


def examine(folder="."):
    """What there is in this environment, and in the project of a folder if it is one."""
    report = Report()
    folder = pathlib.Path(folder).resolve()
    in_project = (folder / "go.mod").is_file()
    packages = install.Packages()
    damaged = install.check(report, packages)
    found = hosts.check(report, packages)
    extensions.check(report, found, damaged)
    kernels.check(report)
    gotool.check(report, folder if in_project else None)
    if in_project:
        project.check(report, folder)
    project.check_installed(report, [f for f in sys.path if pathlib.Path(f or ".").resolve() != folder])
    return report
