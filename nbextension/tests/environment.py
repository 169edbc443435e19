"""An environment of its own, for tests that break it."""

import base64
import hashlib
import json
import os
import pathlib
import stat
import sys
import tempfile
import unittest
from unittest import mock

import jupyter_core.paths
from gocomm import __version__, doctor, project
from gocomm.doctor import extensions, gotool, hosts, install

PROGRAM = b"\x1f\x8b program"


class Environment(unittest.TestCase):
    """An environment with gocomm, nbclassic, JupyterLab and Go, in which nothing is wrong."""

    maxDiff = None
    print = staticmethod(print)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.top = pathlib.Path(scratch.name).resolve()
        self.site, self.user, self.prefix = self.top / "site-packages", self.top / "user", self.top / "prefix"
        self.here = self.site / "gocomm"
        for folder in self.user / "config", self.user / "data", self.top / "bin":
            folder.mkdir(parents=True)
        self._gocomm()
        for name, tested in hosts.TESTED.items():
            self.installed(name, tested[-1])
        self.go("go1.26.8")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "GO"))}
        env.update(
            PATH=str(self.top / "bin"),
            JUPYTER_CONFIG_DIR=str(self.user / "config"),
            JUPYTER_DATA_DIR=str(self.user / "data"),
            JUPYTER_PREFER_ENV_PATH="1",
            JUPYTERLAB_DIR=str(self.prefix / "lab"),
        )
        for patch in [
            mock.patch.dict(os.environ, env, clear=True),
            mock.patch.object(sys, "path", [str(self.site)]),
            mock.patch.object(jupyter_core.paths, "ENV_CONFIG_PATH", [str(self.prefix / "etc")]),
            mock.patch.object(jupyter_core.paths, "ENV_JUPYTER_PATH", [str(self.prefix / "share")]),
            mock.patch.object(jupyter_core.paths, "SYSTEM_CONFIG_PATH", []),
            mock.patch.object(jupyter_core.paths, "SYSTEM_JUPYTER_PATH", []),
            mock.patch("site.ENABLE_USER_SITE", False),
            mock.patch("builtins.print"),
        ] + [mock.patch.object(module, "HERE", self.here) for module in (project, install, extensions, gotool, doctor.project)]:
            patch.start()
            self.addCleanup(patch.stop)

    def _gocomm(self):
        files = {
            "__init__.py": b"",
            "static/main.js": b"main",
            "static/commmgr.wasm.gz": PROGRAM,
            "go/go.mod": b"module gocomm\n\ngo 1.26\n",
            "go/internal/border/border_js.go": b"package border\n\nconst version = 10\n",
        }
        rows = [self.file(self.here / name, content) for name, content in files.items()]
        share, etc = self.prefix / "share", self.prefix / "etc"
        lab = {"name": "gocomm", "version": __version__}
        rows += [
            self.file(share / "nbextensions/gocomm/main.js", b"main"),
            self.file(share / "nbextensions/gocomm/commmgr.wasm.gz", PROGRAM),
            self.file(share / "labextensions/gocomm/package.json", json.dumps(lab).encode()),
            self.file(share / "labextensions/gocomm/static/commmgr.wasm.gz", PROGRAM),
            self.file(etc / "nbconfig/notebook.d/gocomm.json", b'{"load_extensions": {"gocomm/main": true}}'),
        ]
        self.installed("gocomm", __version__)
        self.file(self.site / ("gocomm-%s.dist-info" % __version__) / "RECORD", "\n".join(rows).encode())

    def file(self, path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sum = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        return "%s,sha256=%s,%d" % (os.path.relpath(str(path), str(self.site)), sum, len(content))

    def setting(self, path, value):
        self.file(self.top / path, json.dumps(value).encode())

    def installed(self, name, version, site=None):
        for old in (site or self.site).glob("%s-*.dist-info" % name):
            old.rmdir()
        ((site or self.site) / ("%s-%s.dist-info" % (name, version))).mkdir(parents=True)

    def go(self, version, **env):
        root = self.top / "goroot"
        self.file(root / "lib/wasm/wasm_exec.js", b"")
        env = dict({"GOVERSION": version, "GOROOT": str(root), "GOENV": str(self.top / "goenv"), "GOFLAGS": ""}, **env)
        path = self.top / "bin" / "go"
        path.write_text("#!/bin/sh\n[ \"$GOTOOLCHAIN $1\" = 'local env' ] || exit 3\n/bin/cat <<'END'\n%s\nEND\n" % json.dumps(env))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def project(self):
        folder = self.top / "dice"
        self.file(folder / "dice/__init__.py", b"")
        self.file(folder / "dice/static/dice.wasm.gz", PROGRAM)
        self.file(folder / "dice/static/dice.wasm.js", b"// wasm_exec.js of go1.26.8, wrapped by gocomm 0.1.0, border 10\n")
        self.file(folder / "go.mod", b"module dice\n\ngo 1.26\n\nreplace gocomm => ./.gocomm\n")
        self.file(folder / "dice.go", b"package main\n")
        os.utime(str(folder / "dice.go"), (1, 1))
        os.utime(str(folder / "go.mod"), (1, 1))
        project.put_go_packages(folder)
        return folder

    def fine(self, folder=None):
        report = doctor.examine(folder or self.top)
        self.assertEqual((report.problems, report.notes), ([], []))
        self.assertIn("No problem was found.", report.text())

    def wrong(self, pattern, folder=None):
        """One problem is found, on one line, with the way out."""
        report = doctor.examine(folder or self.top)
        self.assertEqual(len(report.problems), 1, report.problems)
        self.assertRegex(report.problems[0], pattern)
        self.assertIn(report.problems[0] + "\n", report.text() + "\n")
        return report.problems[0]

    def noted(self, pattern, folder=None):
        report = doctor.examine(folder or self.top)
        self.assertEqual(report.problems, [])
        self.assertEqual(len(report.notes), 1, report.notes)
        self.assertRegex(report.notes[0], pattern)
