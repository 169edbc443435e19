"""What a build makes that has Jupyter load a project's comm programs."""

import json
import pathlib
import tempfile
import unittest

from gocomm.extension import extensions
from gocomm.project import Project

PROGRAMS = {"dice.wasm.gz": b"program", "dice.wasm.js": b"runtime", "cup.wasm.gz": b"another", "cup.wasm.js": b"runtime"}
CLASSIC, LAB = "share/jupyter/nbextensions/dice/", "share/jupyter/labextensions/dice/"


class TestExtensions(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "go.mod").write_text("module dice\n")
        (self.folder / "pyproject.toml").write_text(
            '[tool.other]\nversion = "9"\n\n[project]\nname = "dice-of-ann"\nversion = "1.2" # the second\ndescription = "Ann\'s dice"\n\n[more]\nname = "x"\n'
        )
        (self.folder / "dice").mkdir()
        (self.folder / "dice" / "__init__.py").write_text("")

    def test_files(self):
        files = extensions(self.folder, "dice", PROGRAMS)
        for place in CLASSIC, LAB + "static/":
            for name, content in PROGRAMS.items():
                self.assertEqual(files[place + name], content)
        package = json.loads(files[LAB + "package.json"])
        self.assertEqual([package[k] for k in ("name", "version", "description")], ["dice", "1.2", "Ann's dice"])
        self.assertEqual(json.loads(files[LAB + "install.json"])["packageName"], "dice-of-ann")
        self.assertEqual(json.loads(files["etc/jupyter/nbconfig/notebook.d/dice.json"]), {"load_extensions": {"dice/main": True}})
        load = package["jupyterlab"]["_build"]["load"]
        self.assertRegex(load, r"^static/remoteEntry\.[0-9a-f]{16}\.js$")
        self.assertRegex(files[LAB + load].decode(), r'"cup\.wasm\?v=[0-9a-f]{16} dice\.wasm\?v=[0-9a-f]{16}"')
        self.assertIn(b'"cup.wasm dice.wasm"', files[CLASSIC + "main.js"])
        for script in files[LAB + load], files[CLASSIC + "main.js"]:
            self.assertNotIn(b"$", script)
            self.assertLess(len(script), 4096)
        # What names a file comes after it.
        order = list(files)
        self.assertLess(max(map(order.index, [LAB + load, LAB + "static/dice.wasm.gz"])), order.index(LAB + "package.json"))

    def test_content_names_the_script(self):
        def load(programs):
            return json.loads(extensions(self.folder, "dice", programs)[LAB + "package.json"])["jupyterlab"]["_build"]["load"]

        self.assertEqual(load(PROGRAMS), load(dict(PROGRAMS)))
        for name in PROGRAMS:
            with self.subTest(name):
                self.assertNotEqual(load(PROGRAMS), load(dict(PROGRAMS, **{name: b"changed"})))

    def test_without_pyproject(self):
        (self.folder / "pyproject.toml").unlink()
        self.assertEqual(json.loads(extensions(self.folder, "dice", PROGRAMS)[LAB + "package.json"])["version"], "0.0.0")

    def test_what_an_earlier_build_has_made_is_removed(self):
        project = Project(self.folder)

        def there():
            return {p.relative_to(project.static).as_posix() for p in project.static.rglob("*") if p.is_file()}

        project.static.mkdir()
        (project.static / "widget.wasm.gz").write_bytes(b"not an extension's")
        for programs in PROGRAMS, {n: b"changed" for n in PROGRAMS if n.startswith("dice")}:
            files = extensions(self.folder, "dice", programs)
            project._put(files)
            self.assertEqual(there(), set(files) | {"widget.wasm.gz"})
        project._put({})
        self.assertEqual(there(), {"widget.wasm.gz"})
        self.assertEqual([p.name for p in (project.static).rglob("dice")], [])
