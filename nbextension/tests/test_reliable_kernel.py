"""Reliable comms in a real kernel, with this test in the page's place, and in the server's that drops what is too much."""

import collections
import json
import os
import queue
import time
import unittest
from queue import Empty

from gocomm import reliable
from jupyter_client.manager import start_new_kernel

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 30  # seconds

SETUP = """
import sys, time; sys.path.insert(0, %r)
from gocomm import calls, reliable
comm = reliable.open("page")
stream, peer, came = reliable.of(comm), calls.attach(comm), []
comm.on_msg(lambda msg: came.append(msg["content"]["data"]))
""" % os.path.dirname(HERE)


class Limit:
    """The limit of a Jupyter server, with a window of its own."""

    def __init__(self, rate, window):
        self.most, self.window, self.sent, self.exceeded = rate * window, window, collections.deque(), False

    def drops(self):
        now = time.monotonic()
        while self.sent and self.sent[0] <= now - self.window:
            self.sent.popleft()
        if len(self.sent) + 1 > self.most:
            self.exceeded = True
        elif len(self.sent) < 0.8 * self.most:
            self.exceeded = False
        if not self.exceeded:
            self.sent.append(now)
        return self.exceeded


class Page:
    """The page's side of the comm."""

    target_name, kernel = "page", None

    def __init__(self):
        self.manager, self.client = start_new_kernel(startup_timeout=PATIENCE, kernel_name="python3")
        self.comm_id = self.stream = None
        self.got, self.out, self.dropped, self.limit, self.cut = [], queue.Queue(), 0, None, False
        self.run(SETUP)

    def stop(self):
        self.stream.closed("the test is over")
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    # What a stream takes for a comm.

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None):
        self.out.put((data, metadata))

    def handle_msg(self, msg):
        self.got.append(msg["content"]["data"])

    def handle_close(self, msg):
        pass

    def close(self):
        pass

    # What comes and goes.

    def pump(self, timeout=0.02):
        while not self.out.empty():
            data, metadata = self.out.get()
            if not self.cut:
                msg = self.client.session.msg("comm_msg", {"comm_id": self.comm_id, "data": data}, metadata=metadata)
                self.client.session.send(self.client.shell_channel.socket, msg)
        try:
            msg = self.client.get_iopub_msg(timeout=timeout)
        except Empty:
            return None
        if msg["msg_type"] == "comm_open" and msg["content"]["target_name"] == "page":
            self.comm_id = msg["content"]["comm_id"]
            self.stream = reliable.Stream(self.comm_id, 4096, 4 << 20, None, None, None)
            self.stream._bind(self)
            self.stream._theirs, self.stream.aware = msg["metadata"]["gocomm"]["stream"], True
            self.stream._say(self.stream._hello())
            self.stream._arm_tail()
        elif msg["msg_type"] == "comm_msg" and msg["content"]["comm_id"] == self.comm_id:
            if self.cut or self.limit is not None and self.limit.drops():
                self.dropped += 1
            else:
                self.handle_msg(msg) if self.stream is None else self.stream.handle(msg)
        return msg

    def run(self, code, meanwhile=None):
        """Runs a cell and gives what it prints; fails with its error."""
        msg_id, out, until = self.client.execute(code), [], time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if meanwhile is not None:
                meanwhile()
            msg = self.pump()
            if msg is None or msg["parent_header"].get("msg_id") != msg_id:
                continue
            if msg["msg_type"] == "stream":
                out.append(msg["content"]["text"])
            elif msg["msg_type"] == "error":
                raise AssertionError("\n".join(msg["content"]["traceback"]))
            elif msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                return "".join(out).strip()
        raise AssertionError("the cell does not end: %s" % code)


class TestKernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = Page()

    @classmethod
    def tearDownClass(cls):
        cls.page.stop()

    def setUp(self):
        self.page.got.clear()
        self.page.dropped, self.page.limit = 0, None

    def settle(self, done):
        until = time.monotonic() + PATIENCE
        while not done() and time.monotonic() < until:
            self.page.pump()

    def test_flood(self):
        """One cell sends more than is let through, and the connection drops: acknowledgements come while it runs."""
        page = self.page
        page.limit = Limit(1000, 1)
        began = time.monotonic()

        def cuts():
            page.cut = 0.3 < time.monotonic() - began < 0.6

        page.run("for i in range(1500): comm.send(i)\nprint(stream.flush(30))", cuts)
        self.assertEqual(page.got, list(range(1500)))
        self.assertGreater(page.dropped, 100)
        self.assertEqual(page.run("print(stream.unacked, stream.plain)"), "0 False")

    def test_to_the_kernel(self):
        page = self.page
        for i in range(300):
            page.stream.send(i)
            if i % 3 == 0:
                page.out.get()  # lost
        self.settle(lambda: not page.stream.unacked)
        self.assertEqual(json.loads(page.run("import json; print(json.dumps(came))")), list(range(300)))

    def test_full(self):
        page = self.page
        page.cut = True
        out = []
        try:
            msg_id = page.client.execute(
                "small = stream._most; stream._most = 10; stream._timeout = .5\n"
                "try:\n  for i in range(20): comm.send(i)\nexcept reliable.Full as e: print(e)\nstream._most = small"
            )
            while not out:
                msg = page.pump()
                if msg is not None and msg["msg_type"] == "stream" and msg["parent_header"].get("msg_id") == msg_id:
                    out.append(msg["content"]["text"])
        finally:
            page.cut = False
        self.assertRegex(out[0], r"10 messages are unacknowledged, and the page has acknowledged none in 0.5 s")
        self.settle(lambda: len(page.got) >= 10)
        self.assertEqual(page.got, list(range(10)))


if __name__ == "__main__":
    unittest.main()
