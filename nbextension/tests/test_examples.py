"""The examples' notebooks, which are those of new projects."""

import json
import pathlib
import sys
import unittest
from unittest import mock

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


class Comm:
    """Its page answers when the cells that were started together have ended: the kernel takes no message before."""

    def __init__(self, target_name, data):
        self.queue, self.closed = [data], False

    def send(self, data):
        self.queue.append(data)

    def on_msg(self, handler):
        self.handler = handler

    def on_close(self, handler):
        pass

    def close(self):
        self.closed = True

    def answer(self):
        for data in self.queue:
            if not self.closed:
                self.handler({"content": {"data": {"greeting": "hello, " + data["name"]}}})


class TestRunAll(unittest.TestCase):
    def test_greeter(self):
        comms = []

        def create_comm(**options):
            comms.append(Comm(**options))
            return comms[-1]

        shown = mock.Mock()
        self.addCleanup(sys.modules.pop, "greeter", None)
        notebook = json.loads((EXAMPLES / "greeter" / "greeter.ipynb").read_text("utf-8"))
        for patch in [
            mock.patch("comm.create_comm", create_comm),
            mock.patch("IPython.display.display", return_value=shown),
            mock.patch.object(sys, "path", [str(EXAMPLES / "greeter")] + sys.path),
        ]:
            patch.start()
            self.addCleanup(patch.stop)
        names = {}
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
        comms[0].answer()
        shown.update.assert_called_with({"greeting": "hello, Bob"})


if __name__ == "__main__":
    unittest.main()
