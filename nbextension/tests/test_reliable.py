"""Reliable comms without a kernel: two streams that talk to each other, and lose, double and swap messages."""

import heapq
import itertools
import random
import unittest
from unittest import mock

from gocomm import _timers, calls, reliable


class Clock:
    """In the place of the timers' thread."""

    def __init__(self):
        self.now, self.due, self.count = 0.0, [], itertools.count()

    def after(self, seconds, f):
        heapq.heappush(self.due, (self.now + seconds, next(self.count), f))

    def advance(self, seconds):
        end = self.now + seconds
        while self.due and self.due[0][0] <= end:
            self.now, _, f = heapq.heappop(self.due)
            f()
        self.now = end


class Comm:
    """One side's comm: what it publishes waits in ``link``."""

    target_name, kernel = "t", None

    def __init__(self, comm_id="c"):
        self.comm_id, self.link, self.got, self.count, self.ended = comm_id, [], [], itertools.count(), []
        self.sent, self.refuses = 0, False

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None):
        self.link.append((data, dict(metadata or {}), buffers))

    def handle_msg(self, msg):
        self.got.append(msg["content"]["data"])

    def handle_close(self, msg):
        self.ended.append("page")

    def close(self, deleting=False):
        self.ended.append("here")


def stream_of(comm, **options):
    options = dict({"messages": 4096, "size": 4 << 20, "timeout": None, "on_lost": None, "on_plain": None}, **options)
    with mock.patch.object(reliable, "kernel_of", lambda comm: None), mock.patch.object(reliable, "channel_of", lambda comm: None):
        stream = reliable.Stream(comm.comm_id, **options)
        stream._listen(comm)
        stream._bind(comm)
    return stream


class Pair:
    def __init__(self, case, **options):
        self.case, self.clock = case, Clock()
        patch = mock.patch.object(_timers, "after", self.clock.after)
        patch.start()
        case.addCleanup(patch.stop)
        self.ids = itertools.count()
        self.a, self.b = Comm(), Comm()
        self.lost = []
        self.kernel = stream_of(self.a, **options)
        self.kernel._after(reliable.PLAIN_AFTER, reliable.Stream._overdue)
        self.page = stream_of(self.b, on_lost=lambda f, t: self.lost.append((f, t)), **options)
        self.page._theirs, self.page.aware = self.kernel.id, True
        with self.page._lock:
            self.page._say(self.page._hello())
            self.page._arm_tail()

    def other(self, comm):
        return self.a if comm is self.b else self.b

    def arrive(self, comm, msg):
        data, metadata, buffers = msg
        self.other(comm).handle_msg({"header": {"msg_id": str(next(self.ids))}, "metadata": metadata, "content": {"data": data}, "buffers": buffers or []})

    def deliver(self, comm):
        if not comm.link:
            return False
        self.arrive(comm, comm.link.pop(0))
        return True

    def settle(self):
        while self.deliver(self.a) or self.deliver(self.b):
            pass

    def send(self, comm):
        try:
            comm.send(comm.sent)
        except reliable.Full:
            return False
        comm.sent += 1
        return True

    def finish(self):
        for _ in range(400):
            self.settle()
            if not self.kernel.unacked and not self.page.unacked:
                break
            self.clock.advance(0.05)
        self.case.assertEqual(self.a.got, list(range(self.b.sent)))
        self.case.assertEqual(self.b.got, list(range(self.a.sent)))
        self.case.assertEqual((self.kernel.unacked, self.page.unacked, self.lost), (0, 0, []))


class TestSchedules(unittest.TestCase):
    def test(self):
        for seed in range(300):
            with self.subTest(seed=seed):
                r = random.Random(seed)
                pair = Pair(self, messages=r.randint(4, 64))
                pair.settle()
                for _ in range(r.randint(1, 120)):
                    comm, n, what = r.choice((pair.a, pair.b)), r.randint(1, 16), r.randint(0, 6)
                    if what <= 1:
                        for _ in range(n):
                            pair.send(comm)
                    elif what == 2:
                        for _ in range(n):
                            pair.deliver(comm)
                    elif what == 3:
                        del comm.link[:n]
                    elif what == 4 and len(comm.link) >= n:
                        pair.arrive(comm, comm.link.pop(n - 1))
                    elif what == 5 and comm.link:
                        comm.link.append(comm.link[0])
                        for _ in range(n % 3):
                            pair.arrive(comm, comm.link[0])
                    elif what == 6:
                        pair.clock.advance(n * 0.02)
                pair.finish()


class TestStream(unittest.TestCase):
    def test_full(self):
        pair = Pair(self, messages=5)
        pair.settle()
        for _ in range(5):
            pair.send(pair.a)
        with self.assertRaisesRegex(reliable.Full, "5 messages are unacknowledged, and this thread cannot wait for the page"):
            pair.a.send(5)
        pair.finish()
        self.assertTrue(pair.send(pair.a))
        pair.finish()

    def test_what_is_sent_may_be_changed_afterwards(self):
        pair = Pair(self)
        pair.settle()
        data, buffer = [0], bytearray(b"0")
        pair.a.send(data, buffers=[buffer], metadata={"mine": 1})
        self.assertEqual(pair.a.link[0][1]["mine"], 1)
        pair.a.link.clear()
        data[0], buffer[0] = 1, 49
        pair.clock.advance(0.5)
        pair.deliver(pair.a)  # the probe
        pair.settle()
        self.assertEqual(pair.b.got, [[0]])

    def test_refused(self):
        """What cannot be sent leaves no hole."""
        pair = Pair(self)
        pair.settle()
        pair.send(pair.a)
        with mock.patch.object(pair.kernel, "_publish_msg", side_effect=ValueError), self.assertRaises(ValueError):
            pair.a.send("refused")
        with self.assertRaises(TypeError):
            pair.a.send(object())
        pair.send(pair.a)
        pair.finish()

    def test_plain(self):
        told = []
        pair = Pair(self, messages=3, on_plain=lambda: told.append(1))
        pair.b.link.clear()
        for _ in range(3):
            self.assertTrue(pair.send(pair.a))
        self.assertFalse(pair.send(pair.a))
        self.assertEqual(len(pair.a.link), 3)  # nothing of the protocol's own
        pair.clock.advance(4.9)
        pair.b.link.clear()
        self.assertEqual(told, [])
        pair.clock.advance(0.2)
        self.assertEqual((told, pair.kernel.plain, pair.kernel.unacked), ([1], True, 0))
        for _ in range(10):
            self.assertTrue(pair.send(pair.a))
        self.assertEqual(len(pair.a.link), 13)
        # The page is late, and has missed some.
        del pair.a.link[1:3]
        pair.b.link.clear()
        pair.clock.advance(2)
        for _ in range(3):
            pair.settle()
            pair.clock.advance(1)
        self.assertEqual(pair.lost, [(2, 3)])
        self.assertEqual(pair.b.got, [0] + list(range(3, 13)))
        self.assertFalse(pair.kernel.plain)

    def test_reload(self):
        """The page is another one, which knows how far the last one has read."""
        for known in (True, False):
            pair = Pair(self)
            pair.settle()
            for _ in range(100):
                pair.send(pair.a)
                pair.send(pair.b)
            for _ in range(70):
                pair.deliver(pair.a)
                pair.deliver(pair.b)
            pair.a.link.clear()
            pair.b.link.clear()
            notes = [{"k": "hello", "stream": "f" * 16, "b": 1}]
            notes.append({"k": "resume", "stream": pair.kernel.id, "a": 70} if known else {"k": "resume"})
            for note in notes:
                pair.arrive(pair.b, ({"gocomm": note["k"] + "/1"}, {"gocomm": note}, None))
            numbers = [m["gocomm"]["s"] for _, m, _ in pair.a.link if "s" in m["gocomm"]]
            self.assertEqual(numbers, list(range(71 if known else 1, 101)))
            self.assertEqual([m["gocomm"]["n"] for _, m, _ in pair.a.link if m["gocomm"].get("k") == "tail"], [100])
            before = len(pair.a.got)
            pair.arrive(pair.b, ("new", {"gocomm": {"s": 1}}, None))
            self.assertEqual(pair.a.got[before:], ["new"])

    def test_calls(self):
        pair = Pair(self)
        pair.settle()
        asks, answers = calls.Peer(pair.a), calls.Peer(pair.b)
        answers.handle("double", lambda n: 2 * n)
        pending = asks.start("double", 21)
        pair.a.link.clear()
        pair.clock.advance(0.5)
        pair.settle()
        self.assertTrue(pending.done())
        self.assertEqual(pending.result(), 42)

    def test_close(self):
        pair = Pair(self)
        pair.settle()
        pair.send(pair.a)
        with self.assertLogs("gocomm", "WARNING") as logged:
            pair.a.close()
        self.assertIn("comm c is closed while 1 messages are unacknowledged", logged.output[0])
        self.assertEqual(pair.a.ended, ["here"])
        pair.a.link.clear()
        pair.clock.advance(60)
        self.assertEqual(pair.a.link, [])

    def test_accept(self):
        comm = Comm()
        self.assertFalse(reliable.accept(comm, {"metadata": {}}))
        self.assertIsNone(reliable.of(comm))


if __name__ == "__main__":
    unittest.main()
