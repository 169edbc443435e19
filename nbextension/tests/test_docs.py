"""What docs/calls.md and docs/reliable.md show, with a comm whose page answers at once, or not at all."""

import asyncio
import unittest
from unittest import mock


class Comm:
    comm_id, target_name, kernel = "c", "shapes", None

    def __init__(self):
        self.sent = []

    def send(self, data, buffers=None):
        self.sent.append(data)
        if data["gocomm"] == "call/1":
            area = data["params"]["width"] * data["params"]["height"]
            self.handle_msg({"content": {"comm_id": "c", "data": {"gocomm": "result/1", "id": data["id"], "result": area}}})

    def handle_msg(self, msg):
        raise AssertionError("an ordinary message: %r" % msg)

    def handle_close(self, msg):
        pass

    def close(self):
        pass


class TestCalls(unittest.TestCase):
    def test(self):
        comm = Comm()

        async def main():
            from gocomm import calls

            peer = calls.attach(comm)

            @peer.handle("sum")
            def _(params):
                return sum(params)

            area = await peer.call_async("area", {"width": 2, "height": 3})

            return area

        self.assertEqual(6, asyncio.run(main()))
        comm.handle_msg({"content": {"comm_id": "c", "data": {"gocomm": "call/1", "id": "1", "method": "sum", "params": [1, 2, 3]}}})
        self.assertEqual({"gocomm": "result/1", "id": "1", "result": 6}, comm.sent[-1])


class TestReliable(unittest.TestCase):
    def test(self):
        sent = []

        class Page:
            comm_id, kernel, handle_msg, handle_close, close = "c", None, None, None, None

            def publish_msg(self, msg_type, data=None, metadata=None, buffers=None):
                sent.append((data, metadata["gocomm"]["s"]))

        def create_comm(target_name, comm_id, metadata, **kwargs):
            self.assertEqual(("stream", 1), (target_name, metadata["gocomm"]["reliable"]))
            return Page()

        # A page that knows nothing of it, and has had 5 s to say otherwise.
        with mock.patch.dict("sys.modules", comm=mock.Mock(create_comm=create_comm)), mock.patch("gocomm._timers.after", lambda _, f: f()):
            from gocomm import reliable

            comm = reliable.open("stream")
            for i in range(20000):
                comm.send({"i": i})

        self.assertEqual([({"i": i}, i + 1) for i in range(20000)], sent)
