"""Greetings by a Go program on the notebook's page (greeter.go)."""

from comm import create_comm
from IPython.display import display


class Greeter:
    """A comm to the program. What it answers is shown in the cell that has made this object."""

    def __init__(self, name):
        self._shown = display("waiting for the program on the page: if nothing comes, the browser's console (F12) says why", display_id=True)
        self._comm = create_comm(target_name="greeter", data={"name": name})
        self._comm.on_msg(self._show)
        self._comm.on_close(self._ended)

    def greet(self, name):
        """Has somebody else greeted."""
        self._comm.send({"name": name})

    def close(self):
        self._comm.close()

    def _show(self, msg):
        self._shown.update(msg["content"]["data"])

    def _ended(self, msg):
        self._shown.update(msg["content"]["data"].get("reason", "the page has closed the comm: the browser's console (F12) says why"))
