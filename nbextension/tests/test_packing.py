"""The forms in which programs travel."""

import gzip
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import brotli

from gocomm import _packing
from gocomm.program import Program

PROGRAM = b"\0asm\1\0\0\0" + bytes(range(256)) * 40


class TestGzip(unittest.TestCase):
    def test_smaller_for_a_release(self):
        fast, release = _packing.gzipped(PROGRAM, release=False), _packing.gzipped(PROGRAM)
        with mock.patch.dict(sys.modules, {"zopfli": None, "zopfli.zlib": None}):
            without = _packing.gzipped(PROGRAM)
        for packed in fast, release, without:
            self.assertEqual(PROGRAM, gzip.decompress(packed))
        self.assertLess(len(release), len(without))
        self.assertEqual(fast[-8:], release[-8:], "what a delta is named by")

    def test_the_same_each_time(self):
        self.assertEqual(_packing.gzipped(PROGRAM), _packing.gzipped(PROGRAM))


class TestSmaller(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.base = self.folder / "commmgr.wasm.gz"
        self.base.write_bytes(_packing.gzipped(b"the base"))
        for name, path in ("gocomm._packing._BASE", self.base), ("gocomm.program.PAGE", self.base):
            patch = mock.patch(name, path)
            patch.start()
            self.addCleanup(patch.stop)
        self.delta = self.folder / "out.delta"
        self.delta.write_bytes(b"the differences")

    def test_release(self):
        forms = _packing.smaller(PROGRAM, self.delta, True)
        self.assertEqual(PROGRAM, brotli.decompress(forms[".br"]))
        self.assertEqual(self.base.read_bytes()[-8:], forms[".delta"][:8])
        self.assertEqual(b"the differences", gzip.decompress(forms[".delta"][8:]))

    def test_what_cannot_be_made_is_none(self):
        with mock.patch.dict(sys.modules, {"brotli": None}):
            self.assertEqual({".br": None, ".delta": None}, _packing.smaller(PROGRAM, self.folder / "no.delta", True))
        self.assertEqual({".br": None, ".delta": None}, _packing.smaller(PROGRAM, self.delta, False))

    def test_told(self):
        static = self.folder / "dice" / "static"
        static.mkdir(parents=True)
        (static / "dice.wasm.js").write_text("")
        (static / "dice.wasm.gz").write_bytes(_packing.gzipped(PROGRAM))
        for suffix, content in _packing.smaller(PROGRAM, self.delta, True).items():
            (static / ("dice.wasm" + suffix)).write_bytes(content)
        told = Program(static).look()
        self.assertEqual([f[1] for f in told["files"][1:]], ["dice/dice.wasm.gz", "dice/dice.wasm.js", "dice/dice.wasm.delta", "dice/dice.wasm.br"])
        self.assertEqual(told["files"][3][3], self.base.read_bytes()[-8:].hex())
        # A program that was put there by hand has no other forms.
        (static / "dice.wasm.gz").unlink()
        (static / "dice.wasm").write_bytes(PROGRAM)
        self.assertEqual(len(Program(static).look()["files"]), 3)
