"""Calls in a real kernel, with this test in the page's place: what waits in cells, and how."""

import os
import unittest
from queue import Empty

from jupyter_client.manager import start_new_kernel

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 20  # seconds

SETUP = """
import sys, asyncio, os, signal, threading, time; sys.path.insert(0, %r)
from comm import create_comm
from gocomm import calls
comm = create_comm(target_name="page")
peer = calls.attach(comm)
ordinary = []
comm.on_msg(lambda msg: ordinary.append(msg["content"]["data"]))
@peer.handle("add")
def _(params): return sum(params)
@peer.handle("slow")
async def _(params):
    try: await asyncio.sleep(params)
    except asyncio.CancelledError: ordinary.append("canceled"); raise
    return "slept"
""" % os.path.dirname(HERE)


class Kernel:
    """A kernel, and its page: ``page`` maps methods to what is answered."""

    def __init__(self):
        # The kernel of this very environment, and nothing of the user's.
        self.manager, self.client = start_new_kernel(startup_timeout=PATIENCE, kernel_name="python3")
        self.comm_id, self.answers, self.asked = None, {}, []
        self.page = {}
        self.run(SETUP)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def send(self, data, msg_type="comm_msg", buffers=None):
        msg = self.client.session.msg(msg_type, {"comm_id": self.comm_id, "data": data})
        self.client.session.send(self.client.shell_channel.socket, msg, buffers=buffers)

    def ask(self, method, params, call_id):
        self.send({"gocomm": "call/1", "id": call_id, "method": method, "params": params})

    def handle(self, msg):
        content = msg["content"]
        if msg["msg_type"] == "comm_open" and content["target_name"] == "page":
            self.comm_id = content["comm_id"]
        elif msg["msg_type"] == "comm_msg" and content["comm_id"] == self.comm_id:
            data = content["data"]
            kind = data.get("gocomm") if isinstance(data, dict) else None
            if kind == "call/1":
                self.asked.append(data)
                self.page[data["method"]](data)
            elif kind in ("result/1", "error/1"):
                self.answers[data["id"]] = data
            else:
                self.asked.append(data)

    def answer(self, call, result, buffers=None):
        self.send({"gocomm": "result/1", "id": call["id"], "result": result}, buffers=buffers)

    def run(self, code):
        """Runs a cell and gives what it prints; fails with its error."""
        msg_id = self.client.execute(code)
        out, failed = [], None
        while True:
            try:
                msg = self.client.get_iopub_msg(timeout=PATIENCE)
            except Empty:
                raise AssertionError("the cell does not end: %s" % code)
            self.handle(msg)
            if msg["parent_header"].get("msg_id") != msg_id:
                continue
            if msg["msg_type"] == "stream" and msg["content"]["name"] == "stdout":
                out.append(msg["content"]["text"])
            elif msg["msg_type"] == "error":
                failed = "%(ename)s: %(evalue)s" % msg["content"]
            elif msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                break
        if failed:
            raise AssertionError(failed)
        return "".join(out).strip()

    def until(self, holds):
        """Handles what comes until something holds."""
        while not holds():
            self.handle(self.client.get_iopub_msg(timeout=PATIENCE))


class TestKernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel()
        k = cls.kernel
        k.page = {
            "double": lambda call: k.answer(call, 2 * call["params"]),
            "bytes": lambda call: k.answer(call, len(call["params"]), [b"abc", b""]),
            "refuse": lambda call: k.send(
                {"gocomm": "error/1", "id": call["id"], "code": "no", "message": "never"}
            ),
            "back": lambda call: (k.send("before"), k.ask("add", call["params"], "back")),
            "silent": lambda call: None,
        }

    @classmethod
    def tearDownClass(cls):
        cls.kernel.stop()

    def setUp(self):
        self.kernel.run("ordinary.clear()")
        self.kernel.answers.clear()
        self.kernel.asked.clear()

    def test_blocking(self):
        run = self.kernel.run
        self.assertEqual("42", run('print(peer.call("double", 21, timeout=50))'))
        self.assertEqual("[0, 2, 4, 6, 8]", run('print([p.result(50) for p in [peer.start("double", n) for n in range(5)]])'))
        self.assertEqual(
            "3 [b'abc', b'']",
            run('p = peer.start("bytes", "xyz", buffers=[b"1"]); print(p.result(50), [bytes(b) for b in p.buffers])'),
        )
        self.assertEqual("True", run("print(not peer._pending and not peer._waiting)"))

    def test_await(self):
        run = self.kernel.run
        self.assertEqual("42", run('print(await peer.call_async("double", 21, timeout=50))'))
        self.assertEqual(
            "[0, 2, 4, 6, 8]",
            run('print(await asyncio.gather(*[peer.call_async("double", n, timeout=50) for n in range(5)]))'),
        )
        self.assertEqual("True", run("print(not peer._pending and not peer._waiting)"))

    def test_errors(self):
        for form in "peer.call", "await peer.call_async":
            with self.assertRaisesRegex(AssertionError, r"CallError: never \(no\)"):
                self.kernel.run('%s("refuse", timeout=50)' % form)
            with self.assertRaisesRegex(AssertionError, "CallTimeout: call 'silent': no answer within 0.2 s"):
                self.kernel.run('%s("silent", timeout=.2)' % form)
            self.kernel.until(lambda: any("cancel/1" == d["gocomm"] for d in self.kernel.asked))
            self.kernel.asked.clear()

    def test_interrupt(self):
        with self.assertRaisesRegex(AssertionError, "KeyboardInterrupt"):
            self.kernel.run("""
def interrupt():
    while not peer._waiting: time.sleep(.001)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
peer.call("silent")""")
        self.kernel.until(lambda: any("cancel/1" == d["gocomm"] for d in self.kernel.asked))

    def test_called_back(self):
        """The page calls back before it answers; an ordinary message waits for the cell's end."""
        k = self.kernel

        def handle(call):
            k.page["back"](call)
            k.until(lambda: "back" in k.answers)
            k.answer(call, k.answers.pop("back")["result"])

        k.page["through"] = handle
        for form in "peer.call", "await peer.call_async":
            self.assertEqual("3", k.run('print(%s("through", [1, 2], timeout=15))' % form), form)
        # Also when it has called back before anything waits.
        self.assertEqual("3", k.run('p = peer.start("through", [1, 2]); time.sleep(.3); print(p.result(15))'))
        self.assertEqual("['before', 'before', 'before']", k.run("print(ordinary)"))
        self.assertEqual("True", k.run("print(not peer._queued and not peer._overtaken and not peer._waiting)"))

    def test_called_back_by_coroutines(self):
        """A blocking call holds up the kernel's event loop: coroutine handlers answer nevertheless."""
        k = self.kernel
        k.run("""
@peer.handle("add_later")
async def _(params):
    await asyncio.sleep(.01)
    return sum(params)
@peer.handle("wait_later")
async def _(params):
    try: await asyncio.sleep(1000)
    finally: ordinary.append("ended")""")

        def through(call):
            k.ask("add_later", call["params"], "back")
            k.until(lambda: "back" in k.answers)
            k.answer(call, k.answers.pop("back")["result"])

        def give_up(call):
            k.ask("wait_later", None, "given up")
            k.send({"gocomm": "cancel/1", "id": "given up"})
            k.answer(call, 0)

        k.page["through"], k.page["give up"] = through, give_up
        for form in "peer.call", "await peer.call_async":
            self.assertEqual("3", k.run('print(%s("through", [1, 2], timeout=15))' % form), form)
        self.assertEqual("3", k.run('p = peer.start("through", [1, 2]); time.sleep(.3); print(p.result(15))'))
        self.assertEqual("0", k.run('print(peer.call("give up", timeout=15))'))
        self.assertEqual("True", k.run("""
while peer._running: await asyncio.sleep(.01)
print(ordinary in ([], ["ended"]))"""))
        self.assertNotIn("given up", k.answers)

    def test_order(self):
        """What is no answer waits for the cell's end, in order."""
        k = self.kernel

        def handle(call):
            k.send("one")
            k.send("two")
            k.answer(call, 0)

        k.page["first"] = handle
        self.assertEqual("0 []", k.run('print(peer.call("first", timeout=50), ordinary)'))
        self.assertEqual("['one', 'two']", k.run("print(ordinary)"))

    def test_threads(self):
        self.assertEqual("42", self.kernel.run("""
got = []
def work(): got.append(peer.call("double", 21, timeout=50))
t = threading.Thread(target=work); t.start()
while not got: await asyncio.sleep(.01)
print(got[0])"""))

    def test_handlers(self):
        k = self.kernel
        k.ask("add", [1, 2, 3], "1")
        k.ask("add", "x", "2")
        k.ask("nope", [1], "3")
        k.ask("slow", 0.01, "4")
        k.ask("slow", 1000, "5")
        k.until(lambda: len(k.answers) == 4)
        self.assertEqual(6, k.answers["1"]["result"])
        self.assertEqual("failed", k.answers["2"]["code"])
        self.assertIn("TypeError", k.answers["2"]["message"])
        self.assertEqual({"gocomm": "error/1", "id": "3", "code": "unknown_method", "message": 'no method "nope" on target "page"'}, k.answers["3"])
        self.assertEqual("slept", k.answers["4"]["result"])
        k.send({"gocomm": "cancel/1", "id": "5"})
        k.send({"gocomm": "call/1", "id": "6", "method": "slow", "params": 1000, "timeout": 0.05})
        k.until(lambda: "6" in k.answers)
        self.assertEqual("deadline", k.answers["6"]["code"])
        self.assertEqual("['canceled', 'canceled']", k.run("print(ordinary)"))

    def test_in_a_handler(self):
        """A handler that calls, and waits."""
        k = self.kernel
        k.run('@peer.handle("quadruple")\ndef _(n): return 2 * peer.call("double", n, timeout=50)')
        k.ask("quadruple", 4, "1")
        k.until(lambda: "1" in k.answers)
        self.assertEqual(16, k.answers["1"]["result"])

    def test_other_kernels(self):
        with self.assertRaisesRegex(AssertionError, "CannotBlock: gocomm: with this kernel a call cannot be waited for"):
            self.kernel.run("""
peer._channel._hooked.clear()
try: peer.call("double", 1)
finally: peer._channel._hooked.set()""")

    def test_zz_closed(self):
        k = self.kernel
        k.page["close"] = lambda call: k.send({"reason": "it was time"}, "comm_close")
        with self.assertRaisesRegex(AssertionError, "CommClosed: call 'close': the comm was closed by the page: it was time"):
            k.run('await peer.call_async("close", timeout=50)')
        with self.assertRaisesRegex(AssertionError, "CommClosed: call 'close': the comm was closed by the page"):
            k.run('peer.call("close")')


if __name__ == "__main__":
    unittest.main()
