"""What docs/calls.md shows, with a comm whose page answers at once."""

import asyncio
import unittest


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
