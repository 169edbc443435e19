"""gocomm.Widget without a kernel: whose a custom message is."""

import json
import math
import pathlib
import tempfile
import unittest
from unittest import mock

import traitlets

import gocomm


class WidgetCase(unittest.TestCase):
    """Has a class of widgets, Dice."""

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
            x = traitlets.Float(0.0).tag(sync=True)
            xs = traitlets.List().tag(sync=True)
            words = traitlets.List(traitlets.Unicode()).tag(sync=True)
            floats = traitlets.List(traitlets.Float()).tag(sync=True)
            pair = traitlets.Tuple(traitlets.Unicode(), traitlets.Float(), default_value=("", 0.0)).tag(sync=True)
            byname = traitlets.Dict(value_trait=traitlets.Float()).tag(sync=True)
            either = traitlets.Union([traitlets.Float(), traitlets.List(traitlets.Float())]).tag(sync=True)
            own = traitlets.Any().tag(sync=True, to_json=lambda v, _: v, from_json=lambda v, _: ["own", v])

        self.Dice = Dice


class TestCustomMessages(WidgetCase):
    def setUp(self):
        super().setUp()
        Dice = self.Dice
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


class TestFloats(WidgetCase):
    """NaN and infinities travel as texts, and are floats in Python where the trait has floats."""

    def setUp(self):
        super().setUp()
        self.widget = self.Dice()

    def test_sent(self):
        nan, inf = math.nan, math.inf
        for name, value, want in [
            ("x", nan, "nan"),
            ("x", -inf, "-inf"),
            ("x", 1.5, 1.5),
            ("xs", [1.0, (nan, {"a": inf})], [1.0, ["nan", {"a": "inf"}]]),
            ("byname", {"a": nan}, {"a": "nan"}),
            ("pair", ("nan", nan), ["nan", "nan"]),
            ("words", ["nan"], ["nan"]),
        ]:
            setattr(self.widget, name, value)
            state = self.widget.get_state(name)
            self.assertEqual({name: want}, state)
            json.dumps(state, allow_nan=False)

    def test_received(self):
        nan, inf = math.nan, math.inf
        for name, sent, want in [
            ("x", "nan", nan),
            ("x", "-inf", -inf),
            ("floats", ["nan", "inf", 1.0], [nan, inf, 1.0]),
            ("xs", [1, "nan", [2.5, "-inf"]], [1, nan, [2.5, -inf]]),
            ("xs", ["nan", "inf"], ["nan", "inf"]),
            ("xs", ["nan", 1, "a"], ["nan", 1, "a"]),
            ("xs", [{"a": "nan"}, 1], [{"a": "nan"}, 1]),
            ("xs", [True, "nan"], [True, "nan"]),
            ("words", ["nan", "inf"], ["nan", "inf"]),
            ("pair", ["nan", "nan"], ("nan", nan)),
            ("byname", {"nan": "inf"}, {"nan": inf}),
            ("either", "nan", nan),
            ("either", ["nan"], [nan]),
            ("own", "nan", ["own", "nan"]),
        ]:
            self.widget.set_state({name: sent})
            self.assertEqual(repr(want), repr(getattr(self.widget, name)), name)

    def test_is_not_sent_back(self):
        with mock.patch.object(self.Dice, "_send") as sent:
            self.widget.comm = mock.Mock(kernel=None)
            self.widget.set_state({"x": "nan", "xs": [1, "inf"]})
        self.assertEqual([], [c.args[0]["state"] for c in sent.call_args_list if c.args[0]["method"] == "update"])

    def test_messages(self):
        with mock.patch.object(self.Dice, "_send") as sent:
            self.widget.send({"y": [1.0, math.nan], "z": -math.inf})
        self.assertEqual({"y": [1.0, "nan"], "z": "-inf"}, sent.call_args.args[0]["content"])


if __name__ == "__main__":
    unittest.main()
