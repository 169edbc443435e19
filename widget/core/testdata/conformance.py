"""Makes widgets of open messages, as a kernel does, and prints the states that ipywidgets' serializers give of them."""

import base64
import json
import pathlib
import sys

import ipywidgets
from ipywidgets.widgets.widget import _remove_buffers

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "nbextension"))
from gocomm import _making


class Comm:
    """A comm that the front end has opened."""

    kernel = None

    def __init__(self, comm_id):
        self.comm_id = comm_id

    def on_msg(self, callback):
        """Nothing comes."""

    def on_close(self, callback):
        """It is not closed."""

    def send(self, *args, **kwargs):
        """Echoes lead nowhere."""

    def close(self, data=None):
        """The widget is refused."""
        raise ValueError(data)


def widgets():
    """The registry of widgets by their ids."""
    registry = getattr(ipywidgets.widgets.widget, "_instances", None)
    return ipywidgets.Widget.widgets if registry is None else registry


def state(widget):
    """The state of a widget, with its buffers by their paths."""
    values, paths, buffers = _remove_buffers(widget.get_state())
    values.pop("_view_count")
    texts = [base64.b64encode(bytes(b)).decode() for b in buffers]
    return {"state": values, "paths": paths, "buffers": texts}


def parts(widget):
    """The classes of a widget's layout and style."""
    return {name: type(getattr(widget, name)).__name__ for name in ("layout", "style") if name in widget.keys}


answers = []
for ask in json.load(sys.stdin):
    try:
        for message in ask["opens"]:
            buffers = [memoryview(base64.b64decode(b)) for b in message["buffers"] or []]
            msg = {"content": {"data": message["data"]}, "metadata": message["metadata"], "buffers": buffers}
            before = len(widgets())
            opened = _making.opened if message["target"] == _making.TARGET else ipywidgets.Widget.handle_comm_opened
            opened(Comm(message["id"]), msg)
            assert len(widgets()) == before + 1, "Python has made more than one widget"
        widget = widgets()[ask["opens"][-1]["id"]]
        if widget.has_trait("_options_labels"):
            assert widget.options == tuple(widget._options_labels) == ("red", "green", "blue"), widget.options
            chosen = [widget.index] if not isinstance(widget.index, tuple) else widget.index
            values = [widget.value] if not isinstance(widget.index, tuple) else list(widget.value)
            assert values == [widget.options[i] for i in chosen], (widget.value, widget.index)
        answer = {**state(widget), "parts": parts(widget)}
        assert len(widgets()) == before + 1, "Python has made a layout or a style of its own"
        if ask["default"]:
            plain = type(widget)(**{name: getattr(widget, name) for name in ("options", "source", "target") if widget.has_trait(name)})
            answer["default"] = {**state(plain), "parts": parts(plain)}
    except Exception as e:  # noqa: BLE001
        answer = {"error": repr(e)}
    answers.append(answer)
json.dump(answers, sys.stdout)
