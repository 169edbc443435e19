"""A kernel with comms, and what stands in a page's place: for tests of what a running cell hears."""

import contextlib
import os
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 20  # seconds

SETUP = """
import sys, asyncio, threading, time; sys.path.insert(0, %r)
import gocomm
from comm import create_comm
def opened(target):
    comm = create_comm(target_name=target)
    @comm.on_msg
    def _(msg): heard(target, msg["content"]["data"])
    @comm.on_close
    def _(msg): heard(target, "closed")
    return comm
def heard(target, data):
    said.append("%%s %%s" %% (target, data))
    if data == "fail": raise ValueError("it failed")
    if data == "print": print("by the handler")
    if data == "thread": said[-1] = threading.current_thread() is threading.main_thread()
    if data == "busy": print("at work", flush=True); time.sleep(1000)
    if data == "poll":
        while said[-1] == "a poll": gocomm.sleep(.05)
    if data in ("poll", "dip"): gocomm.sleep(.05); said.append("polled")
said = []
a, b, other = map(opened, "ab_")
""" % os.path.dirname(HERE)


class Page:
    """A kernel, and what stands in a page's place."""

    def __init__(self):
        # The kernel of this very environment, and nothing of the user's.
        self.manager, self.client = start_new_kernel(startup_timeout=PATIENCE, kernel_name="python3")
        self.ids, self.out, self.errors, self.states, self.shown, self.replied = {}, {}, {}, {}, {}, set()
        self.tracebacks = {}
        self.run(SETUP)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def send(self, target, data, msg_type="comm_msg", **header):
        msg = self.client.session.msg(msg_type, {"comm_id": self.ids.get(target, target), "target_name": target, "data": data})
        msg["header"].update(header)
        self.client.session.send(self.client.shell_channel.socket, msg)
        return msg["header"]["msg_id"]

    def next(self):
        msg = self.client.get_iopub_msg(timeout=0.05)
        parent, content = msg["parent_header"].get("msg_id"), msg["content"]
        if msg["msg_type"] == "comm_open":
            self.ids[content["target_name"]] = content["comm_id"]
        elif msg["msg_type"] == "stream":
            self.out[parent] = self.out.get(parent, "") + content["text"]
        elif msg["msg_type"] == "error":
            self.errors[parent] = "%(ename)s: %(evalue)s" % content
            self.tracebacks[parent] = "".join(content["traceback"])
        elif msg["msg_type"] == "display_data":
            self.shown.setdefault(parent, []).append(content["data"])
        elif msg["msg_type"] == "status":
            self.states.setdefault(parent, []).append(content["execution_state"])

    def until(self, holds, why="it does not come to that"):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(why)
            with contextlib.suppress(Empty):
                self.next()

    def begin(self, code):
        """Executes a cell, and waits until it says that it is there."""
        cell = self.client.execute(code)
        self.until(lambda: "here" in self.out.get(cell, "") or cell in self.errors, "the cell does not begin")
        return cell

    def end(self, cell):
        """Waits for a cell's end, and gives what it has printed since it was there; fails with its error."""
        self.until(lambda: self.states.get(cell, [""])[-1] == "idle" and cell in self.ended(), "the cell does not end")
        if cell in self.errors:
            raise AssertionError(self.errors[cell])
        return self.out.get(cell, "").partition("here\n")[2].strip() or self.out.get(cell, "").strip()

    def ended(self):
        """The cells whose replies have come: a live message puts more than one idle into a cell."""
        try:
            while True:
                self.replied.add(self.client.get_shell_msg(timeout=0)["parent_header"].get("msg_id"))
        except Empty:
            return self.replied

    def run(self, code):
        return self.end(self.client.execute(code))
