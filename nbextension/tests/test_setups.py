"""`python -m gocomm new`, `build` and `dev` where they cannot work: one line that says why, and what to do."""

import contextlib
import io
import os
import pathlib
from unittest import mock

from environment import Environment
from gocomm import dev, new  # noqa: F401 - dev, before the tests' environments hide Python's modules
from gocomm.__main__ import main


class TestSetups(Environment):
    def fails(self, pattern, *args):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), mock.patch("builtins.print", self.print):
            self.assertEqual(main(list(args)), 1)
        self.assertRegex(said.getvalue(), "^gocomm: " + pattern)

    @property
    def builds(self):
        """The ways to build a project; without a Jupyter."""
        folder = str(self.project())
        return ("build", "--project", folder), ("dev", "--no-jupyter", "--project", folder)

    def test_no_go(self):
        (self.top / "bin" / "go").unlink()
        for args in self.builds:
            self.fails(r"there is no Go on PATH: 1.26 or newer is needed, see https://go.dev/dl/\n$", *args)

    def test_old_go(self):
        said = "go: go.mod requires go >= 1.26 (running go 1.24.0; GOTOOLCHAIN=local)", "go: errors parsing go.mod:\ngo.mod:3: invalid go version '1.26.0'"
        for text in said:
            (self.top / "bin" / "go").write_text("#!/bin/sh\n/bin/cat >&2 <<'END'\n%s\nEND\nexit 1\n" % text)
            for args in self.builds[:1]:  # dev says it too, and waits for a change
                self.fails(r"go: [^~]*\nanother Go is needed: `python -m gocomm doctor` says which, and how to get it\n$", *args)

    def test_no_permission(self):
        """Root may write anywhere: a file in a folder's place refuses it too."""
        folder = self.project()
        (folder / ".gocomm" / "gocomm.stamp").write_text("0")
        for args in self.builds:
            with mock.patch("shutil.rmtree", side_effect=PermissionError(13, "Permission denied", str(folder / ".gocomm"))):
                (folder / ".gocomm" / "gocomm.stamp").write_text("0")
                self.fails(r"\S+\.gocomm: Permission denied; use a folder that you may write to\n$", *args)
        with mock.patch.object(pathlib.Path, "mkdir", side_effect=PermissionError(13, "Permission denied", "dice")):
            self.fails("dice: Permission denied; use a folder that you may write to\n$", "new", "dice")

    def test_new_leaves_no_half(self):
        """Sources that pip has not installed have no Go packages."""
        (self.here / "go").rename(self.here / "gone")
        template = self.here / "template"
        self.file(template / "widget" / "counter.go", b"package main\n")
        cwd = os.getcwd()
        os.chdir(str(self.top))
        self.addCleanup(os.chdir, cwd)
        with mock.patch.object(new, "_TEMPLATES", template):
            self.fails("this gocomm has no Go packages: projects need the one that pip installs", "new", "roll")
        self.assertFalse(os.path.exists("roll"))
