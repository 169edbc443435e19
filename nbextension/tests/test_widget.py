"""gocomm.Widget without a kernel: whose a custom message is."""

import pathlib
import tempfile
import unittest
from unittest import mock

import traitlets

import gocomm


class TestCustomMessages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "dice.wasm"
        path.write_bytes(b"\0asm\1\0\0\0")
        for name in "dice.wasm.js", "widget.js":
            path.with_name(name).write_text("export default class {}")
        page = mock.patch("gocomm.program.PAGE", path.with_name("widget.js"))  # the build makes the real one
        page.start()
        self.addCleanup(page.stop)

        class Dice(gocomm.Widget):
            _wasm = path
            value = traitlets.Int(0).tag(sync=True)

        self.widget, self.heard, self.sent = Dice(), [], []
        self.widget.on_msg(lambda _, content, buffers: self.heard.append(content))
        self.widget.send = lambda content, buffers=None: self.sent.append(content)

    def test_the_users(self):
        for content in [None, "gocomm", [], {}, {"gocomm": 1}, {"gocomm": None}, {"gocomm": "call/1"}, {"gocomm": ["look"]}]:
            self.widget._handle_custom_msg(content, [])
            self.assertEqual(content, self.heard[-1])
        self.assertEqual([], self.sent)

    def test_the_state(self):
        self.widget.send_state = lambda: self.sent.append("the state")
        self.widget._handle_custom_msg({"gocomm": "state"}, [])
        self.assertEqual([["the state"], []], [self.sent, self.heard])

    def test_the_limit_of_messages(self):
        self.assertNotIn("maxSend", self.widget._gocomm_program)

        class Large(type(self.widget)):
            _max_send = 100 << 20

        self.assertEqual(100 << 20, Large()._gocomm_program["maxSend"])

    def test_the_deliverys(self):
        self.widget._handle_custom_msg({"gocomm": "look"}, [])
        self.widget._handle_custom_msg({"gocomm": "sha256-unknown"}, [])
        self.assertEqual([], self.heard)
        self.assertEqual(["look", "sha256-unknown"], [content["gocomm"] for content in self.sent])
        self.assertIn("error", self.sent[1])


if __name__ == "__main__":
    unittest.main()
