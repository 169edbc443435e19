"""The names of projects: what they become, and which are refused."""

import unittest

from gocomm import new
from gocomm.project import ProjectError


class TestNames(unittest.TestCase):
    def test_named(self):
        for name, title in ("dice", "Dice"), ("my_dice", "MyDice"), ("mycounter", "Mycounter"), ("encounter", "Encounter"), ("counter", "Counter"):
            with self.subTest(name):
                self.assertEqual(new._named("class Counter: counter.go", name), "class %s: %s.go" % (title, name))

    def test_accepted(self):
        for name in "dice", "my_dice", "d20", "counter", "mains":
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
            "ipykernel": "a package of that name is installed",
        }.items():
            with self.subTest(name), self.assertRaisesRegex(ProjectError, why):
                new._check(name)
