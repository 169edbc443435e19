"""Calls without a kernel: the transcript of a real one, and bad messages."""

import asyncio
import base64
import json
import math
import os
import unittest

from gocomm import calls

TRANSCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "commmgr", "typed", "testdata", "calls.jsonl")


class Comm:
    """A comm that keeps what is sent."""

    comm_id, target_name, kernel = "c", "probe.calls", None

    def __init__(self):
        self.sent, self.ordinary, self.ended = [], [], []

    def send(self, data, buffers=None):
        json.dumps(data)
        self.sent.append((data, [bytes(b) for b in buffers or []]))

    def handle_msg(self, msg):
        self.ordinary.append(msg["content"]["data"])

    def handle_close(self, msg):
        self.ended.append(msg["content"]["data"])

    def close(self):
        self.ended.append("here")

    def receive(self, data, buffers=()):
        self.handle_msg({"content": {"comm_id": "c", "data": data}, "buffers": list(buffers)})


def attached():
    comm = Comm()
    peer = calls.attach(comm)
    assert calls.attach(comm) is peer
    peer.handle("add", lambda params: params["a"] + params["b"])

    @peer.handle("refuse")
    def _(params):
        raise calls.CallError("not today", code="refused")

    @peer.handle("break")
    def _(params):
        return 1 / 0

    return comm, peer


class TestTranscript(unittest.TestCase):
    def test(self):
        """The kernel's side of it: the page sends what it sent."""
        comm, peer = attached()
        ids, pending, done, n = {}, {}, 0, 0
        with open(TRANSCRIPT, encoding="utf-8") as f:
            lines = [json.loads(text) for text in f]
        for row in lines:
            data, buffers = row["data"], [base64.b64decode(b) for b in row.get("buffers", [])]
            kind = data.get("gocomm", "") if isinstance(data, dict) else ""
            n += 1
            if row["from"] == "page":
                if kind in ("result/1", "error/1"):
                    p = pending[data["id"]]
                    comm.receive(dict(data, id=ids[data["id"]]), buffers)
                    if kind == "result/1":
                        self.assertEqual(data["result"], p.result(0))
                        self.assertEqual(buffers, p.buffers)
                    else:
                        self.assertIsInstance(p.exception(0), calls.CallError)
                        self.assertEqual((data["code"], data["message"]), (p.exception().code, p.exception().message))
                else:
                    comm.receive(data, buffers)
                    if not kind:
                        self.assertEqual(data, comm.ordinary[-1])
                continue
            if kind == "call/1":
                pending[data["id"]] = peer.start(data["method"], data["params"], buffers=buffers)
                ids[data["id"]] = comm.sent[-1][0]["id"]
            elif kind == "cancel/1":
                self.assertTrue(pending[data["id"]].cancel())
            elif not kind:
                comm.send(data)
            want = dict(data, id=ids.get(data["id"], data["id"])) if kind else data
            self.assertEqual((want, buffers), comm.sent[done])
            done += 1
        self.assertGreater(n, 20)
        self.assertEqual(done, len(comm.sent))
        self.assertFalse(peer._pending)


class TestPeer(unittest.TestCase):
    def test_ordinary(self):
        comm, _ = attached()
        for data in [None, "call/1", 1, [], {}, {"gocomm": 1}, {"gocomm": "call"}, {"gocomm": "call/x"}, {"gocomm": "other/1"}]:
            comm.receive(data)
            self.assertEqual(data, comm.ordinary[-1])
        self.assertFalse(comm.sent)

    def test_nan(self):
        comm, peer = attached()
        peer.handle("mean", lambda params: [math.nan, {"low": -math.inf, "high": 1.0}])
        comm.receive({"gocomm": "call/1", "id": "1", "method": "mean"})
        self.assertEqual(["nan", {"low": "-inf", "high": 1.0}], comm.sent[-1][0]["result"])
        peer.start("f", {"x": math.nan})
        self.assertEqual({"x": "nan"}, comm.sent[-1][0]["params"])

    def test_malformed(self):
        comm, _ = attached()
        for data in [
            {"gocomm": "call/1"},
            {"gocomm": "call/1", "id": 1, "method": "add"},
            {"gocomm": "call/1", "id": "1"},
            {"gocomm": "call/1", "id": "1", "method": ["add"]},
            {"gocomm": "call/1", "id": "1", "method": "add", "timeout": -1},
            {"gocomm": "call/1", "id": "1", "method": "add", "timeout": True},
            {"gocomm": "call/2"},
            {"gocomm": "result/2", "id": "1"},
            {"gocomm": "result/1", "id": []},
            {"gocomm": "cancel/1", "id": None},
        ]:
            with self.assertLogs("gocomm", "ERROR") as logged:
                comm.receive(data)
            self.assertIn("malformed message of a call on comm c", logged.output[0])
        comm.receive({"gocomm": "call/2", "id": "1"})
        comm.receive({"gocomm": "result/1", "id": "nobody's"})
        comm.receive({"gocomm": "cancel/1", "id": "nobody's"})
        self.assertEqual(["unsupported_version"], [data["code"] for data, _ in comm.sent])
        self.assertFalse(comm.ordinary)

    def test_errors_of_any_form(self):
        comm, peer = attached()
        for data in [{}, {"code": 1, "message": []}]:
            p = peer.start("m")
            comm.receive(dict(data, gocomm="error/1", id=comm.sent[-1][0]["id"]))
            self.assertEqual("failed", p.exception(0).code)

    def test_results_that_cannot_be_sent(self):
        comm, peer = attached()
        peer.handle("set", lambda params: {1, 2})
        comm.receive({"gocomm": "call/1", "id": "1", "method": "set"})
        self.assertEqual("bad_result", comm.sent[-1][0]["code"])
        with self.assertRaises(TypeError):
            peer.start("m", {1, 2})
        self.assertFalse(peer._pending)

    def test_buffers(self):
        comm, peer = attached()
        peer.handle("swap", lambda params, buffers: calls.Reply(params, buffers[::-1]))
        comm.receive({"gocomm": "call/1", "id": "1", "method": "swap", "params": 5}, [b"a", b"b"])
        self.assertEqual(({"gocomm": "result/1", "id": "1", "result": 5}, [b"b", b"a"]), comm.sent[-1])

    def test_binary_values(self):
        """What is bytes in parameters and results is a buffer on the way, and has its place again."""
        comm, peer = attached()
        peer.handle("echo", lambda params, buffers: calls.Reply({"back": [params["frame"]]}, buffers))
        call = {"gocomm": "call/1", "id": "1", "method": "echo", "params": {"frame": None}, "buffer_paths": [["params", "frame"]]}
        comm.receive(call, [b"placed", b"other"])
        result = {"gocomm": "result/1", "id": "1", "result": {"back": [None]}, "buffer_paths": [["result", "back", 0]]}
        self.assertEqual(comm.sent, [(result, [b"placed", b"other"])])

        pending = peer.start("there", {"frame": b"out"}, buffers=[b"more"])
        sent, buffers = comm.sent[-1]
        self.assertEqual((sent["params"], sent["buffer_paths"], buffers), ({"frame": None}, [["params", "frame"]], [b"out", b"more"]))
        comm.receive(dict(result, id=sent["id"]), [b"in", b"rest"])
        self.assertEqual((pending.result(), pending.buffers), ({"back": [b"in"]}, [b"rest"]))

    def test_places_that_are_not_there(self):
        comm, peer = attached()
        peer.handle("echo", lambda params: params)
        cases = [([path], [b"b"]) for path in (["params", "x"], ["params", 0], [], ["id"], 3)]
        for i, (paths, buffers) in enumerate([*cases, ("a", [b"b"]), ([["params", "a"]], [])]):
            comm.receive({"gocomm": "call/1", "id": str(i), "method": "echo", "params": {"a": "text"}, "buffer_paths": paths}, buffers)
            answer, _ = comm.sent[-1]
            self.assertEqual((answer["id"], answer.get("code")), (str(i), "bad_params"), answer)
            self.assertIn("buffer_paths", answer["message"])
            pending = peer.start("there")
            comm.receive({"gocomm": "result/1", "id": comm.sent[-1][0]["id"], "result": {}, "buffer_paths": paths}, buffers)
            with self.assertRaises(calls.CallError) as e:
                pending.result()
            self.assertEqual(e.exception.code, "bad_result")

    def test_canceled_before(self):
        comm, peer = attached()
        comm.receive({"gocomm": "cancel/1", "id": "1"})
        comm.receive({"gocomm": "call/1", "id": "1", "method": "break"})
        peer.remove("break")
        comm.receive({"gocomm": "call/1", "id": "2", "method": "break"})
        self.assertEqual(["2"], [data["id"] for data, _ in comm.sent])
        self.assertEqual("unknown_method", comm.sent[0][0]["code"])

    def test_end(self):
        for end in (lambda c: c.close(), lambda c: c.handle_close({"content": {"data": {"reason": "why"}}})):
            comm, peer = attached()
            p, q = peer.start("m"), peer.start("m")
            self.assertTrue(q.cancel())
            sent = len(comm.sent)
            end(comm)
            self.assertIsInstance(p.exception(0), calls.CommClosed)
            self.assertEqual(1, len(comm.ended))
            with self.assertRaises(calls.CommClosed):
                peer.start("m")
            comm.receive({"gocomm": "call/1", "id": "1", "method": "add", "params": {"a": 1, "b": 2}})
            self.assertEqual(sent, len(comm.sent))

    def test_coroutines(self):
        comm, peer = attached()

        async def main():
            begun = []

            @peer.handle("wait")
            async def _(params):
                begun.append(params)
                await asyncio.sleep(0 if params else 1000)
                return "waited"

            comm.receive({"gocomm": "call/1", "id": "1", "method": "wait", "params": 0, "timeout": 0.01})
            comm.receive({"gocomm": "call/1", "id": "2", "method": "wait", "params": 1})
            comm.receive({"gocomm": "call/1", "id": "3", "method": "wait", "params": 0})
            while len(begun) < 3 or len(comm.sent) < 2:
                await asyncio.sleep(0.001)
            comm.receive({"gocomm": "cancel/1", "id": "3"})
            while peer._running:
                await asyncio.sleep(0.001)

        asyncio.run(main())
        self.assertEqual({"1": "deadline", "2": "waited"}, {d["id"]: d.get("code") or d["result"] for d, _ in comm.sent})


if __name__ == "__main__":
    unittest.main()
