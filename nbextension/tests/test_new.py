"""The names of projects: what they become, and which are refused."""

import unittest

from gocomm import new
from gocomm.project import ProjectError


class TestNames(unittest.TestCase):
    def test_named(self):
        for name, title in ("dice", "Dice"), ("my_dice", "MyDice"), ("mycounter", "Mycounter"), ("encounter", "Encounter"), ("counter", "Counter"):
            with self.subTest(name):
                self.assertEqual(new._named("class Counter: counter.go", "counter", name), "class %s: %s.go" % (title, name))

    def test_accepted(self):
        for name in "dice", "my_dice", "d20", "counter", "mains", "js", "linux", "my_page", "builder", "distance":
            with self.subTest(name):
                new._check(name)

    def test_refused(self):
        for name, why in {
            "1x": "begin with a letter",
            "_x": "begin with a letter",
            "My": "use a-z, 0-9 and _",
            "a-b": "use a-z, 0-9 and _",
            "class": "a word of Python",
            "func": "a word of Go",
            "go": "a word of Go",
            "main": "Go keeps it",
            "std": "Go keeps it",
            "vendor": "Go keeps it",
            "syscall": "Go has a package of that name",
            "net": "Go has a package of that name",
            "json": "Python has a module of that name",
            "gocomm": "Python has a module of that name",
            "traitlets": "a package of that name is installed",
            "IPython": "use a-z, 0-9 and _",
            "numpy": "a package of that name is installed|notebooks use the package of that name",
            "anywidget": "a package of that name is installed|use the package of that name",
            "build": "a package of that name is installed|use the package of that name",
            "none": "the class would be None, a word of Python",
            "true": "the class would be True, a word of Python",
            "dist": "a project has a folder of that name",
            "dice_": "end with a letter or a digit",
            "dice_test": "takes files whose names end with _test for tests",
            "main_js": "compiles files whose names end with _js for one system only",
            "my_linux": "compiles files whose names end with _linux for one system only",
            "my_arm64": "compiles files whose names end with _arm64 for one system only",
            "ipykernel": "a package of that name is installed|use the package of that name",
        }.items():
            with self.subTest(name), self.assertRaisesRegex(ProjectError, why):
                new._check(name)
