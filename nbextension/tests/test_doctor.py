"""The doctor on environments, each with one thing wrong: what it names, and the way out that it gives."""

import json
import os
import pathlib
import re
import sys
import unittest
from unittest import mock

from environment import Environment
from gocomm import __version__, doctor
from gocomm.doctor import hosts, install
from gocomm.switch import SWITCHES, ProjectError, switch

ROOT = pathlib.Path(__file__).resolve().parents[2]


class TestTested(unittest.TestCase):
    def test_as_pinned(self):
        """What the doctor calls tested is what the test hosts have."""
        pinned = {}
        for host in "h1", "h2":
            text = (ROOT / "internal" / "jupyter" / (host + ".txt")).read_text("utf-8")
            for name, version in re.findall(r"^([A-Za-z0-9_-]+)==([^;\s]+)", text, re.M):
                pinned.setdefault(name, set()).add(version)
        for name, versions in hosts.TESTED.items():
            self.assertEqual(set(versions), pinned[name], "bring gocomm/doctor/hosts.py up to date")
            self.assertEqual(versions, sorted(versions, key=hosts._number))


class TestInstallation(Environment):
    def test_fine(self):
        self.fine()
        self.fine(self.project())

    def test_two_versions(self):
        self.site.joinpath("gocomm-0.0.9.dist-info").mkdir()
        self.wrong(r"installed more than once: 0.0.9 in \S+, %s in \S+: `\S+ -m pip uninstall -y gocomm`, until" % re.escape(__version__))

    def test_two_places(self):
        other = self.top / "other-site"
        self.installed("gocomm", "0.0.9", other)
        with mock.patch.object(sys, "path", [str(self.site), str(other)]):
            self.wrong(r"installed more than once: .*0.0.9 in %s: " % re.escape(str(other)))

    def test_half_upgraded(self):
        self.site.joinpath("gocomm-%s.dist-info" % __version__).rename(self.site / "gocomm-0.0.9.dist-info")
        self.wrong(r"pip has installed gocomm 0.0.9, but the package here is .*--force-reinstall")

    def test_other_sources(self):
        with mock.patch.object(install, "HERE", self.top / "elsewhere" / "gocomm"):
            self.wrong(r"Python takes gocomm .* from .*elsewhere.*: run Python in another folder")

    def test_damaged(self):
        (self.prefix / "share/nbextensions/gocomm/commmgr.wasm.gz").unlink()
        self.wrong(r"the installation is damaged: .*commmgr.wasm.gz is missing: .*--force-reinstall")
        (self.here / "static/main.js").write_text("x")
        self.wrong(r"damaged: .*main.js is not as it was installed, and 1 more: ")

    def test_versions(self):
        for name, version, pattern in [
            ("anywidget", "0.9.2", r'anywidget 0.9.2 is too old for gocomm.Widget: `.*"anywidget>=0.9.13"`'),
            ("jupyterlab", "3.6.7", r'jupyterlab 3.6.7 is too old for .*JupyterLab: `.*"jupyterlab>=4.0"`'),
        ]:
            with self.subTest(name):
                self.installed(name, version)
                self.wrong(pattern)
                self.installed(name, hosts.TESTED[name][-1])
        self.installed("jupyterlab", "99.1.0")
        self.noted("jupyterlab 99.1.0 is newer than")

    def test_no_host(self):
        for name in "nbclassic", "notebook", "jupyterlab":
            next(self.site.glob(name + "-*")).rmdir()
        self.noted("no notebook server is installed in this environment")


class TestExtensions(Environment):
    def test_classic_disabled(self):
        self.setting("prefix/etc/nbconfig/notebook.json", {"load_extensions": {"gocomm/main": False}})
        self.wrong(r"classic Notebook does not load gocomm, as \S+notebook.json says: `\S+ -m gocomm enable classic`")
        switch(True, ["classic"])
        self.fine()

    def test_classic_disabled_without_effect(self):
        """In a virtual environment the user's folder comes second: gocomm runs, whatever `disable` without --sys-prefix answers."""
        self.setting("user/config/nbconfig/notebook.json", {"load_extensions": {"gocomm/main": False}})
        self.fine()
        os.environ["JUPYTER_PREFER_ENV_PATH"] = "0"
        self.wrong(r"classic Notebook does not load gocomm, as \S+user/config\S+ says")

    def test_classic_not_enabled(self):
        (self.site / ("gocomm-%s.dist-info" % __version__) / "RECORD").unlink()
        (self.prefix / "etc/nbconfig/notebook.d/gocomm.json").unlink()
        self.wrong("classic Notebook does not load gocomm: no setting enables it: ")
        switch(True, ["classic"])
        self.fine()

    def test_lab_disabled(self):
        for name in "gocomm", "gocomm:plugin":
            for path, listed in ("prefix/etc/labconfig/page_config.json", {name: True}), ("prefix/lab/settings/page_config.json", [name]):
                with self.subTest(name + path):
                    self.setting(path, {"disabledExtensions": listed})
                    self.wrong(r"JupyterLab, Notebook 7 does not load gocomm, as \S+page_config.json says: `\S+ -m gocomm enable lab`")
                    switch(True, ["lab"])
                    self.fine()
                    for rest in list(self.prefix.glob("etc/labconfig/*")) + list(self.prefix.glob("lab/settings/*")):
                        rest.unlink()

    def test_another_is_disabled(self):
        self.setting("prefix/etc/labconfig/page_config.json", {"disabledExtensions": {"gocommunity": True, "@jupyterlab/x": True}})
        self.fine()

    def test_shadowed(self):
        os.environ["JUPYTER_PREFER_ENV_PATH"] = "0"
        self.file(self.user / "data/nbextensions/gocomm/main.js", b"old")
        self.wrong(r"classic Notebook takes gocomm from \S+user/data\S+, which is of another version .*: `rm -r \S+user/data/nbextensions/gocomm`")
        (self.user / "data/nbextensions/gocomm/main.js").unlink()
        self.file(self.user / "data/labextensions/gocomm/package.json", b'{"version": "0.0.9"}')
        self.wrong(r"JupyterLab, Notebook 7 takes gocomm from \S+user/data.*: `rm -r ")

    def test_not_installed(self):
        """As by `pip install --target`."""
        (self.site / ("gocomm-%s.dist-info" % __version__) / "RECORD").unlink()
        (self.prefix / "share/nbextensions/gocomm/main.js").unlink()
        self.wrong("classic Notebook has no extension gocomm: ")

    def test_broken_settings(self):
        self.file(self.prefix / "etc/nbconfig/notebook.json", b"{")
        self.wrong(r"classic Notebook skips the settings in \S+notebook.json \(no JSON: .*\): correct the file")


class TestServerSettings(Environment):
    """What the server's own settings say, in .py and .json files."""

    def config(self, text, path="user/config/jupyter_lab_config.py"):
        self.file(self.top / path, text.encode())

    def test_others(self):
        self.config("c = get_config()\nc.ServerApp.port = 8890\nc.LabApp.extra_labextensions_path.append('/x')\nprint('hello')\n")
        self.fine()
        report = doctor.examine(self.top)
        self.assertIn("user/config/jupyter_lab_config.py", report.text())

    def test_failing_file(self):
        for text, why in ("c.A.b = \n", "SyntaxError"), ("raise SystemExit(3)\n", "SystemExit"), ("import gone_for_ever\n", "No module named"):
            self.config(text)
            self.wrong(r"Jupyter skips the settings in \S+jupyter_lab_config.py \(.*%s.*\): correct the file" % why)

    def test_pages_that_are_off(self):
        self.setting("user/config/jupyter_server_config.json", {"ServerApp": {"jpserver_extensions": {"jupyterlab": False}}})
        self.wrong(r"the server serves no pages of JupyterLab, as \S+jupyter_server_config.json says: .*ServerApp.jpserver_extensions")
        # Its .py file comes before the .json file, and those of the environment before the user's.
        self.config("c.ServerApp.jpserver_extensions = {'jupyterlab': True, 'nbclassic': False}\n", "prefix/etc/jupyter_server_config.py")
        self.wrong(r"the server serves no pages of nbclassic, as \S+prefix/etc/jupyter_server_config.py says: ")

    def test_extension_disabled(self):
        self.config("c.ServerApp.tornado_settings = {'page_config_data': {'disabledExtensions': {'gocomm': True}}}\n", "prefix/etc/jupyter_server_config.py")
        self.wrong(r"JupyterLab, Notebook 7 does not load gocomm, as \S+jupyter_server_config.py says: .*page_config_data")

    def test_folders(self):
        self.config("c.LabApp.labextensions_path = ['/x']\n")
        self.wrong(r"JupyterLab takes extensions from /x only, as \S+jupyter_lab_config.py says: .*LabApp.labextensions_path")
        self.config("c.LabApp.labextensions_path = [%r]\n" % str(self.prefix / "share" / "labextensions"))
        self.fine()

    def test_policy(self):
        for app, file in ("ServerApp", "jupyter_server_config.py"), ("NotebookApp", "jupyter_notebook_config.py"):
            policy = "c.%s.tornado_settings = {'headers': {'Content-Security-Policy': \"frame-ancestors 'self'; %s\"}}\n"
            path = "user/config/" + file
            self.config(policy % (app, "script-src 'self'"), path)
            self.wrong(r"keeps WebAssembly from pages, as \S+%s says: add 'wasm-unsafe-eval' to its script-src" % file)
            self.config(policy % (app, "script-src 'self' 'wasm-unsafe-eval'"), path)
            self.fine()
            self.config(policy % (app, "img-src *"), path)
            self.fine()
            self.config(policy % (app, "default-src 'self'"), path)
            self.wrong("keeps WebAssembly from pages")
            (self.top / path).unlink()


class TestKernels(Environment):
    def spec(self, name, program):
        self.setting("prefix/share/kernels/%s/kernel.json" % name, {"argv": [str(program), "-m", "x"]})

    def test_of_this_python(self):
        self.spec("python3", "python")
        self.fine()

    def test_of_another_python(self):
        other = self.top / "other"
        self.file(other / "bin/python", b"")
        (other / "bin/python").chmod(0o755)
        self.spec("python3", other / "bin/python")
        way = r"install gocomm .* with `\S+other/bin/python -m pip`, or .*ipykernel install"
        self.wrong(r"the kernel python3 \(\S+\) runs another Python, \S+, with no gocomm: " + way)
        self.file(other / "lib/python3.9/site-packages/gocomm/__init__.py", b'__version__ = "0.0.9"\n')
        self.wrong("with gocomm 0.0.9: ")
        self.file(other / "lib/python3.9/site-packages/gocomm/__init__.py", ('__version__ = "%s"\n' % __version__).encode())
        self.fine()

    def test_not_there(self):
        self.spec("python3", self.top / "gone/bin/python")
        self.wrong(r"the kernel python3 cannot be started, its \S+: \S+gone/bin/python is not there: `rm -r ")


class TestGo(Environment):
    def each(self, pattern):
        """What is wrong with Go is a problem for who has a project; for others a note."""
        self.noted(pattern)
        self.wrong(pattern, self.project())

    def test_none(self):
        (self.top / "bin/go").unlink()
        self.each("there is no Go on PATH: install Go from https://go.dev/dl/")

    def test_broken(self):
        (self.top / "bin/go").write_text("#!/bin/sh\necho cannot find GOROOT >&2\nexit 2\n")
        self.each(r"bin/go does not work: .* \(cannot find GOROOT\)")

    def test_old(self):
        self.go("go1.19.8")
        self.each("Go is 1.19.8, and 1.26 is needed: install")
        self.go("go1.24.1")
        self.each("Go is 1.24.1, 1.26 is needed, and GOTOOLCHAIN=local keeps")
        (self.top / "goenv").write_text("GOTOOLCHAIN=auto\n")
        self.noted("the first build gets it, as GOTOOLCHAIN=auto says")

    def test_old_chosen(self):
        os.environ["GOTOOLCHAIN"] = "go1.25.3"
        self.each("Go is 1.25.3, 1.26 is needed, and GOTOOLCHAIN=go1.25.3 keeps")

    def test_project_asks_for_more(self):
        folder = self.project()
        folder.joinpath("go.mod").write_text(folder.joinpath("go.mod").read_text().replace("1.26", "1.99"))
        os.utime(str(folder / "go.mod"), (1, 1))
        self.wrong("Go is 1.26.8, 1.99 is needed", folder)

    def test_settings(self):
        self.go("go1.26.8", GOFLAGS="-mod=vendor")
        self.each("GOFLAGS has -mod=vendor")
        self.go("go1.26.8", GO111MODULE="off")
        self.each("GO111MODULE is off")

    def test_no_runtime(self):
        (self.top / "goroot/lib/wasm/wasm_exec.js").unlink()
        self.each(r"the Go installation has no \S+wasm_exec.js: on Debian `apt-get install golang-misc`")

    def test_workspace(self):
        folder = self.project()
        (self.top / "go.work").write_text("go 1.26\n\nuse (\n\t./other\n)\n")
        self.wrong(r"go.work does not name this project, .*: `go work use .`", folder)
        (self.top / "go.work").write_text("go 1.26\n\nuse ./dice\n")
        self.fine(folder)


class TestProject(Environment):
    def test_not_built(self):
        folder = self.project()
        (folder / "dice/static/dice.wasm.gz").unlink()
        self.wrong(r"the program is not built, .*: `\S+ -m gocomm build`", folder)

    def test_comm_program(self):
        """It lies deeper than a widget's."""
        folder = self.project()
        static = folder / "dice/static"
        for page in "nbextensions/dice", "labextensions/dice/static":
            for file in "dice.wasm.gz", "dice.wasm.js":
                self.file(static / "share/jupyter" / page / file, (static / file).read_bytes())
        for file in "dice.wasm.gz", "dice.wasm.js":
            (static / file).unlink()
        self.fine(folder)
        (static / "share/jupyter/nbextensions/dice/dice.wasm.js").unlink()
        self.wrong(r"nbextensions/dice/dice.wasm.js is missing", folder)

    def test_half(self):
        folder = self.project()
        (folder / "dice/static/dice.wasm.js").unlink()
        self.wrong(r"dice.wasm.js is missing, .*: `\S+ -m gocomm build`", folder)

    def test_of_another_gocomm(self):
        folder = self.project()
        (folder / "dice/static/dice.wasm.js").write_text("// wasm_exec.js of go1.26.8, wrapped by gocomm 0.0.9, border 9\n")
        self.wrong(r"dice.wasm.gz was built by another gocomm, .*: `\S+ -m gocomm build`", folder)

    def test_installed_program(self):
        self.file(self.site / "dice/static/dice.wasm.js", b"// wasm_exec.js of go1.26.8, wrapped by gocomm 0.0.9, border 9\n")
        self.wrong("the package dice has a program for another gocomm .border 9, here 10.* install a version")

    def test_other_sources(self):
        folder = self.project()
        (folder / ".gocomm/gocomm.stamp").write_text("0")
        self.noted("the project has the Go packages of another gocomm", folder)

    def test_newer_sources(self):
        folder = self.project()
        os.utime(str(folder / "dice.go"), None)
        os.utime(str(folder / "dice/static/dice.wasm.gz"), (1, 1))
        self.noted("dice.go is newer than dice.wasm.gz", folder)

    def test_no_package(self):
        folder = self.project()
        (folder / "dice/__init__.py").unlink()
        self.wrong("the project cannot be built: one Python package is wanted", folder)

    def test_no_permission(self):
        folder = self.project()
        with mock.patch("os.access", lambda path, mode: not path.endswith("static")):  # root may do everything
            self.wrong(r"dice/static cannot be written to: `chmod -R ", folder)


class TestSwitch(Environment):
    def states(self):
        return [SWITCHES[kind].state()[0] for kind in ("classic", "lab")]

    def test_off_and_on(self):
        """Wherever the folder that takes precedence is; nothing stays behind."""
        for prefer in "1", "0":
            os.environ["JUPYTER_PREFER_ENV_PATH"] = prefer
            with self.subTest(prefer):
                before = sorted(str(p) for p in self.top.rglob("*.json"))
                switch(False, [])
                self.assertEqual(self.states(), [False, False])
                switch(False, [])
                switch(True, ["lab"])
                self.assertEqual(self.states(), [False, True])
                switch(True, [])
                self.assertEqual(self.states(), [True, True])
                self.assertEqual(before, sorted(str(p) for p in self.top.rglob("*.json")))

    def test_others_stay(self):
        path = "prefix/etc/nbconfig/notebook.json"
        self.setting(path, {"load_extensions": {"a/b": True}, "gocomm": {"mode": "beside"}})
        switch(False, ["classic"])
        self.assertEqual(
            json.loads((self.top / path).read_text()), {"load_extensions": {"a/b": True, "gocomm/main": False}, "gocomm": {"mode": "beside"}}
        )

    def test_no_permission(self):
        (self.prefix / "etc").rename(self.top / "kept")
        (self.prefix / "etc").write_text("a file, which nobody can write below")
        self.setting("user/config/nbconfig/notebook.d/x.json", {"load_extensions": {"gocomm/main": True}})
        switch(False, ["classic"])  # the user's folder decides, and can be written
        self.assertEqual(self.states()[0], False)
        os.environ["JUPYTER_CONFIG_PATH"] = str(self.top / "kept")
        with mock.patch.object(SWITCHES["classic"], "_write", side_effect=PermissionError(13, "Permission denied")):
            with self.assertRaisesRegex(ProjectError, r"gocomm stays on, as \S+kept\S+gocomm.json says; \S+ cannot be written: Permission denied"):
                switch(False, ["classic"])

    def test_no_such_page(self):
        with self.assertRaisesRegex(ProjectError, "there are classic and lab"):
            switch(False, ["tree"])


if __name__ == "__main__":
    unittest.main()
