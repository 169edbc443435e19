"""The comm target that makes widgets for Go, without a kernel."""

import sys
import types
import unittest
from unittest import mock

import ipywidgets
import traitlets

from gocomm import _making

CONTROLS = {"_model_module": "@jupyter-widgets/controls", "_view_module": "@jupyter-widgets/controls"}
VERSIONS = {"_model_module_version": "2.0.0", "_view_module_version": "2.0.0"}


class Comm:
    """A comm that the page has opened."""

    def __init__(self, comm_id):
        self.comm_id, self.target_name, self.sent, self.closed = comm_id, _making.TARGET, [], None
        self.kernel = self  # ipywidgets 7 sends on comms with a kernel only

    def on_msg(self, handler):
        self.handle = handler

    def send(self, data=None, metadata=None, buffers=None):
        self.sent.append(data)

    def close(self, data=None):
        self.closed = self.closed or data or {}  # the first time counts

    def receive(self, state):
        self.sent.clear()
        self.handle({"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []})

    def told(self):
        """The state as the page has it after what was sent."""
        state = {}
        for data in self.sent:
            state.update(data["state"])
        return {name: list(v) if isinstance(v, tuple) else v for name, v in state.items()}


def open_comm(name, view="View", **state):
    comm = Comm("made-" + name)
    names = {"_model_name": name + "Model", "_view_name": view and name + view}
    _making.opened(comm, {"content": {"data": {"state": {**CONTROLS, **VERSIONS, **names, **state}}}, "buffers": []})
    return comm, _making._widgets(sys.modules["ipywidgets.widgets.widget"]).get(comm.comm_id)


class TestMaking(unittest.TestCase):
    def test_options(self):
        for name, index, value in [
            ("Dropdown", 1, "b"),
            ("Dropdown", None, None),
            ("RadioButtons", 0, "a"),
            ("Select", 2, "c"),
            ("ToggleButtons", 0, "a"),
            ("SelectionSlider", 1, "b"),
            ("SelectMultiple", [0, 2], ("a", "c")),
            ("SelectMultiple", [], ()),
            ("SelectionRangeSlider", [0, 0], ("a", "a")),
            ("SelectionRangeSlider", [0, 2], ("a", "c")),
        ]:
            with self.subTest(name=name, index=index):
                comm, widget = open_comm(name, _options_labels=["a", "b", "c"], index=index, description="made by Go")
                self.assertEqual(type(widget).__name__, name)
                self.assertEqual((widget.options, widget.value, widget.description), (("a", "b", "c"), value, "made by Go"))
                self.assertEqual(comm.target_name, "jupyter.widget")

    def test_other_options(self):
        comm, widget = open_comm("Dropdown", _options_labels=["a", "b", "c"], index=0)
        comm.receive({"index": 1, "_options_labels": ["x", "y"]})
        self.assertEqual((widget.options, widget.value, widget.index), (("x", "y"), "y", 1))
        self.assertEqual(comm.told(), {"index": 1, "_options_labels": ["x", "y"]})
        comm.receive({"index": 0})
        self.assertEqual(widget.value, "x")
        comm.receive({"index": 1})
        comm.receive({"_options_labels": ["round", "square"]})
        self.assertEqual((widget.options, widget.value, widget.index), (("round", "square"), "square", 1))
        comm.receive({"_options_labels": ["z"]})
        self.assertEqual(comm.told()["index"], 0)
        self.assertEqual((widget.options, widget.value), (("z",), "z"))
        widget.options = [("one", 1), ("two", 2)]
        comm.receive({"index": 1, "_options_labels": ["one", "two"]})
        self.assertEqual(widget.value, 2)

    def test_options_that_cannot_be(self):
        comm, widget = open_comm("SelectionSlider", _options_labels=["a", "b"], index=1)
        with self.assertRaises(traitlets.TraitError):
            comm.receive({"_options_labels": []})
        self.assertEqual((widget.options, widget.value), (("a", "b"), "b"))
        self.assertEqual(comm.told(), {"_options_labels": ["a", "b"], "index": 1})

    def test_refused(self):
        for reason, name, state in [
            ("TraitError: Invalid selection: index out of bounds", "Dropdown", {"_options_labels": ["a"], "index": 3}),
            ("LookupError: ipywidgets has no SpoonModel", "Spoon", {}),
            ("TraitError: ", "Dropdown", {"_options_labels": ["a"], "index": 0, "description": 7}),
        ]:
            with self.subTest(name=name, reason=reason):
                comm, widget = open_comm(name, **state)
                self.assertIsNone(widget)
                self.assertIn(reason, comm.closed["reason"])

    def test_links(self):
        slider, progress = ipywidgets.IntSlider(), ipywidgets.IntProgress()
        ends = {"source": ["IPY_MODEL_" + slider.model_id, "value"], "target": ["IPY_MODEL_" + progress.model_id, "value"]}
        for name in "Link", "DirectionalLink":
            _, link = open_comm(name, view=None, **ends)
            self.assertEqual((link.source, link.target), ((slider, "value"), (progress, "value")))
        comm, link = open_comm("Link", view=None, source=[ends["source"][0], "volume"], target=ends["target"])
        self.assertIsNone(link)
        self.assertIn("No such trait: IntSlider.volume", comm.closed["reason"])

    def test_the_kernel_has_the_target(self):
        targets = {}
        shell = types.SimpleNamespace(kernel=types.SimpleNamespace(comm_manager=types.SimpleNamespace(register_target=targets.__setitem__)))
        with mock.patch.dict(sys.modules, IPython=types.SimpleNamespace(get_ipython=lambda: shell)):
            _making.register()
        self.assertEqual(targets, {"gocomm.widget": _making.opened})
        with mock.patch.dict(sys.modules, IPython=types.SimpleNamespace(get_ipython=lambda: None)):
            _making.register()
