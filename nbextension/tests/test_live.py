"""Live comms in a real kernel, with this test in the page's place: what a running cell hears, and in which order."""

import ast
import time
import unittest

from livepage import PATIENCE, Page


class TestLive(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.page = Page()

    @classmethod
    def tearDownClass(cls):
        cls.page.stop()

    def setUp(self):
        self.page.run("lively = gocomm.live(a, b); said.clear()")
        self.addCleanup(self.page.run, "lively.close()")

    def said(self):
        return self.page.run("print(said)")

    def during(self, wait, sends, end=10):
        """What a cell has heard that waits in some way, while the page sends."""
        cell = self.page.begin("""end = time.monotonic() + %g; print('here')
while len(said) < %d and time.monotonic() < end: %s
print(said)""" % (end, len(sends), wait))
        for send in sends:
            self.page.send(*send)
        return self.page.end(cell)

    def test_safe_points(self):
        for wait in "gocomm.poll()", "gocomm.sleep(.05)", "await gocomm.asleep(.05)":
            self.assertEqual("['a 1', 'b 2', 'a 3']", self.during(wait, [("a", 1), ("b", 2), ("a", 3)]), wait)
            self.page.run("said.clear()")

    def test_stock(self):
        """What is not live, or finds no safe point, waits for the cell's end; and what is live comes in order there."""
        self.assertEqual("[]", self.during("time.sleep(.05)", [("a", 1), ("_", 2), ("b", 3)], end=0.5))
        self.assertEqual("['a 1', '_ 2', 'b 3']", self.said())
        self.page.run("lively.close(); said.clear()")
        self.assertEqual("[]", self.during("gocomm.sleep(.05)", [("a", 1), ("_", 2), ("b", 3)], end=0.5))
        self.assertEqual("['a 1', '_ 2', 'b 3']", self.said())

    def test_order(self):
        """Neither cells nor other messages are overtaken, but by what is live."""
        page = self.page
        first = page.begin("print('here')\nwhile len(said) < 3: gocomm.sleep(.01)\nsaid.append('first cell')")
        page.send("_", 1)
        second = page.client.execute("said.append('second cell')")
        page.send("a", 2)
        page.send("_", 3)
        page.send("b", 4)
        page.send("a", 5)
        third = page.client.execute("said.append('third cell')")
        page.send("_", 6)
        for cell in first, second, third:
            page.end(cell)
        self.assertEqual("['a 2', 'b 4', 'a 5', 'first cell', '_ 1', 'second cell', '_ 3', 'third cell', '_ 6']", self.said())

    def test_before_it_was_live(self):
        """What waits already, when a comm becomes live, comes before what arrives later."""
        page = self.page
        page.run("lively.close(); said.clear()")
        first = page.begin("print('here'); time.sleep(.5)")
        second = page.client.execute("lively = gocomm.live(a, b)\nwhile len(said) < 4: gocomm.sleep(.01)\nsaid.append('cell')")
        for n in range(3):
            page.send("a", n)
            page.send("_", n)
        page.end(first)
        page.until(lambda: second in page.states)
        page.send("a", 3)
        page.end(second)
        self.assertEqual("['a 0', 'a 1', 'a 2', 'a 3', 'cell', '_ 0', '_ 1', '_ 2']", self.said())

    def test_many(self):
        """Thousands, some of them handled by safe points, and some after the cell."""
        page = self.page
        cell = page.begin("print('here')\nwhile len(said) < 200: gocomm.poll()")
        for n in range(600):
            page.send("ab"[n % 2], n)
        page.end(cell)
        page.until(lambda: page.run("print(len(said))") == "600")
        self.assertEqual("True", page.run("print(said == ['%s %d' % ('ab'[n % 2], n) for n in range(600)])"))
        self.assertEqual("True", page.run("print(not any(e for l in gocomm._live._kernels.values() for e in l._todo))"))

    def test_overload(self):
        """Handlers that take longer than messages need to come leave the cell its turn."""
        page = self.page
        page.run("a.on_msg(lambda msg: (time.sleep(.02), said.append(0)))")
        self.addCleanup(page.run, "a = opened('a')")
        cell = page.begin("""print('here'); time.sleep(.5)
while not said: gocomm.poll()
start = time.monotonic(); gocomm.sleep(.1)
print(time.monotonic() - start < 1.5, len(said) < 100)""")
        for n in range(100):
            page.send("a", n)
        self.assertEqual("True True", page.end(cell))
        page.until(lambda: page.run("print(len(said))") == "100")

    def test_failures(self):
        self.assertEqual("['a fail', 'a 2', 'b 3']", self.during("gocomm.sleep(.05)", [("a", "fail"), ("a", 2), ("b", 3)]))

    def test_output(self):
        """A handler's output belongs to its message, and the cell's to the cell."""
        page = self.page
        cell = page.begin("print('here'); print('one', end=' ')\nwhile not said: gocomm.sleep(.05)\nprint('two')")
        click = page.send("a", "print")
        self.assertEqual("one two", page.end(cell))
        self.assertEqual("by the handler", page.out[click].strip())
        self.assertEqual(["busy", "idle"], page.states[click])
        self.assertEqual(["busy", "busy", "idle"], page.states[cell])
        # And awaiting.
        page.run("said.clear()")
        cell = page.begin("print('here'); print('one', end=' ')\nwhile not said: await gocomm.asleep(.05)\nprint('two')")
        click = page.send("a", "print")
        self.assertEqual("one two", page.end(cell))
        self.assertEqual("by the handler", page.out[click].strip())

    def test_threads(self):
        self.assertEqual("[True]", self.during("gocomm.sleep(.05)", [("a", "thread")]))
        refused = "gocomm.%s: this is not the kernel's main thread"
        for what in "poll()", "sleep(1)", "live(a)":
            self.assertEqual("RuntimeError " + refused % what.partition("(")[0], self.page.run("""
errors = []
def work():
    try: gocomm.%s
    except Exception as e: errors.append(e)
t = threading.Thread(target=work); t.start(); t.join()
print(type(errors[0]).__name__, str(errors[0]).partition(",")[0])""" % what))

    def test_interrupt(self):
        """An interrupt ends a sleep, and a handler with its cell; what waits then is handled after it."""
        page = self.page
        for wait, before in ("gocomm.sleep(1000)", ()), ("gocomm.sleep(1000)", ("a", "busy")), ("await gocomm.asleep(1000)", ("a", "busy")):
            cell = page.begin("print('here')\n" + wait)
            if before:
                click = page.send(*before)
                page.until(lambda click=click: "at work" in page.out.get(click, ""))
            page.manager.interrupt_kernel()
            with self.assertRaisesRegex(AssertionError, "KeyboardInterrupt"):
                page.end(cell)
            self.assertEqual("['a busy']" if before else "[]", self.said())
            page.run("said.clear()")
        cell = page.begin("print('here'); await gocomm.asleep(1000)")
        page.manager.interrupt_kernel()
        with self.assertRaisesRegex(AssertionError, "CancelledError"):
            page.end(cell)
        # One that comes while a message is read, or when its handler is about to begin, loses nothing.
        for owner, name in ("gocomm._livequeue.Live", "_entry"), ("get_ipython().kernel", "_publish_status"):
            cell = page.begin("""print('here')
import os, signal
owner, name = %s, %r
inner = getattr(owner, name)
def interrupted(*args):
    os.kill(os.getpid(), signal.SIGINT)
    return inner(*args)
setattr(owner, name, interrupted)
try: gocomm.sleep(1000)
except KeyboardInterrupt: pass
finally: setattr(owner, name, inner)
print(said[:], gocomm.poll(), said)""" % (owner, name))
            page.send("a", 1)
            self.assertEqual("[] 1 ['a 1']", page.end(cell))
            page.run("said.clear()")
        # Interrupts at any moment lose nothing, but what a handler does that has begun.
        sent, begun = 0, 0
        for round in range(5):
            cell = page.begin("print('here')\nwhile True: gocomm.sleep(1)")
            for n in range(20):
                page.send("a", sent)
                sent += 1
                if n == 4 * round:
                    page.manager.interrupt_kernel()
            with self.assertRaisesRegex(AssertionError, "KeyboardInterrupt"):
                page.end(cell)
            begun += "handle_msg" in page.tracebacks[cell]
        page.send("b", "last")
        page.until(lambda: page.run("print(said[-1])") == "b last")
        heard = [int(text.split()[1]) for text in ast.literal_eval(self.said())[:-1]]
        self.assertEqual(sorted(set(heard)), heard)
        self.assertGreaterEqual(len(heard), sent - begun)

    def test_handlers_that_poll(self):
        """A handler that polls hears the page, too: also between cells."""
        page = self.page
        page.send("a", "poll")
        time.sleep(0.1)
        page.send("b", 1)
        page.until(lambda: page.run("print(len(said))") == "3")
        self.assertEqual("['a poll', 'b 1', 'polled']", self.said())
        # They are not called in each other without end.
        page.run("said.clear()")
        cell = page.begin("print('here')\nwhile len(said) < 200: gocomm.sleep(.05)")
        for _ in range(100):
            page.send("a", "dip")
        page.end(cell)
        self.assertEqual("100", page.run("print(said.count('polled'))"))

    def test_end(self):
        page = self.page
        self.assertEqual("['a 1', 'a closed']", self.during("gocomm.sleep(.05)", [("a", 1), ("a", {}, "comm_close")]))
        page.run("said.clear(); a = opened('a')")
        self.assertEqual("[]", page.run("""
with gocomm.live(a): pass
print([c for l in gocomm._live._kernels.values() for c in l._comms.values() if c is a])"""))
        # What has come meanwhile keeps its turn.
        cell = page.begin("""print('here')
lonely = gocomm.live(a)
time.sleep(.5); next(iter(gocomm._live._kernels.values()))._receive()
lonely.close(); gocomm.poll()
print(said)""")
        after = page.client.execute("said.append('cell')")
        page.send("a", 1)
        self.assertEqual("[]", page.end(cell))
        page.end(after)
        page.send("a", 2)
        self.assertEqual("['cell', 'a 1', 'a 2']", self.said())

    def test_widgets(self):
        """ipywidgets' own, in a box: a button stops, a slider steers; what fails is shown where it always is."""
        page = self.page
        page.run("""import ipywidgets
stop, speed = ipywidgets.Button(), ipywidgets.IntSlider(1)
box = ipywidgets.VBox([ipywidgets.HBox([stop]), speed])
@stop.on_click
def _(_): said.append("stopped")
speed.observe(lambda change: said.append(change.new), "value")
speed.observe(lambda change: 1 / 0, "value")""")
        stop, speed = page.run("print(stop.model_id, speed.model_id)").split()
        cell = page.begin("with gocomm.live(box):\n  print('here')\n  while 'stopped' not in said: gocomm.sleep(.05)\nprint(said, speed.value)")
        update = page.send(speed, {"method": "update", "state": {"value": 7}, "buffer_paths": []})
        page.send(stop, {"method": "custom", "content": {"event": "click"}})
        self.assertEqual("[7, 'stopped'] 7", page.end(cell))
        self.assertEqual("ZeroDivisionError: division by zero", page.errors[update])
        # And one whose front end is Go.
        page.run("""import pathlib, tempfile, traitlets
folder = tempfile.mkdtemp()
path = pathlib.Path(folder) / "w.wasm"
path.write_bytes(b"\\0asm\\1\\0\\0\\0")
for name in "w.wasm.js", "widget.js": path.with_name(name).write_text("export default class {}")
import gocomm.program
gocomm.program.PAGE = path.with_name("widget.js")  # the build makes the real one
class W(gocomm.Widget):
    _wasm = path
    value = traitlets.Int(0).tag(sync=True)
w = W()""")
        w = page.run("print(w.model_id)")
        cell = page.begin("with gocomm.live(w):\n  print('here')\n  while w.value != 7: gocomm.sleep(.05)\nprint(w.value)")
        page.send(w, {"method": "update", "state": {"value": 7}, "buffer_paths": []})
        self.assertEqual("7", page.end(cell))
        for what, error in ("1", "TypeError: gocomm.live: 1 is neither a comm nor a widget"), ("stop.close() or stop", "ValueError: gocomm.live: the widget"):
            with self.assertRaisesRegex(AssertionError, error):
                page.run("gocomm.live(%s)" % what)

    def test_figures(self):
        """A cell's figures stay whole while handlers draw theirs, and each is shown where it belongs."""
        page = self.page
        page.run("""%matplotlib inline
import matplotlib.pyplot as plt
def draw(msg):
    plt.plot([3, 1, 2])
    said.append(plt.get_fignums())
a.on_msg(draw)""")
        self.addCleanup(page.run, "a = opened('a')")
        pictures, drawn = [], []
        for _ in range(3):
            cell = page.begin("""said.clear(); print('here')
plt.figure(figsize=(3, 2))
for n in range(3):
    plt.plot([n, 2 * n, 3])
    while len(said) <= n: gocomm.sleep(.05)
plt.title("whole"); print(said)""")
            clicks = [page.send("a", n) for n in range(3)]
            self.assertEqual("[[1], [1], [1]]", page.end(cell))
            page.until(lambda clicks=clicks: all(click in page.shown for click in clicks))
            pictures += [shown["image/png"] for shown in page.shown[cell]]
            drawn += [shown["image/png"] for click in clicks for shown in page.shown[click]]
        self.assertEqual((3, 1), (len(pictures), len(set(pictures))))
        self.assertEqual((9, 1), (len(drawn), len(set(drawn))))
        # It is the picture of a cell that is not disturbed.
        cell = page.client.execute("""plt.figure(figsize=(3, 2))
for n in range(3): plt.plot([n, 2 * n, 3])
plt.title("whole")""")
        page.end(cell)
        self.assertEqual(pictures[0], page.shown[cell][0]["image/png"])

    def test_subshells(self):
        """A page that sends on a subshell, as JupyterLab does: what is live is handled in the main thread."""
        page = self.page
        if page.run("print(hasattr(get_ipython().kernel, '_supports_kernel_subshells') and get_ipython().kernel._supports_kernel_subshells)") != "True":
            return  # ipykernel 6 has none
        request = page.client.session.msg("create_subshell_request")
        page.client.control_channel.send(request)
        lane = page.client.get_control_msg(timeout=PATIENCE)["content"]["subshell_id"]
        # The page's own comm: since ipykernel 7.4, others are the main shell's by themselves.
        page.run("""
def asked(comm, _):
    comm.on_msg(lambda msg: heard("p", msg["content"]["data"]))
    global p
    p = comm
get_ipython().kernel.comm_manager.register_target("p", asked)""")
        page.send("p", {}, "comm_open")
        page.run("lively.close()")
        page.send("p", "thread", subshell_id=lane)
        page.until(lambda: page.run("print(said)") == "[False]")  # beside the cells
        page.run("lively = gocomm.live(a, b, p); said.clear()")
        lanes = [("p", "thread", "comm_msg"), ("p", 2, "comm_msg"), ("b", 3, "comm_msg")]
        cell = page.begin("print('here')\nwhile len(said) < 3: gocomm.sleep(.05)\nprint(said)")
        for send in lanes:
            page.send(*send, subshell_id=lane)
        self.assertEqual("[True, 'p 2', 'b 3']", page.end(cell))
        page.run("said.clear()")
        for send in lanes:  # also between cells
            page.send(*send, subshell_id=lane)
        page.until(lambda: page.run("print(len(said))") == "3")
        self.assertEqual("[True, 'p 2', 'b 3']", self.said())

    def test_awaiting(self):
        """A cell that awaits something else: ipykernel 7 handles comms meanwhile, 6 does not. Order holds in both."""
        page = self.page
        seven = page.run("print(hasattr(get_ipython().kernel, '_main_asyncio_lock'))") == "True"
        cell = page.begin("""print('here'); end = time.monotonic() + %g
while not said and time.monotonic() < end: await asyncio.sleep(.05)
gocomm.poll(); said.append('cell')""" % (10 if seven else 0.3))
        for send in ("a", 1), ("_", 2), ("a", 3):
            page.send(*send)
        page.end(cell)
        page.until(lambda: page.run("print(len(said))") == "4")
        heard = ast.literal_eval(self.said())
        self.assertEqual(["a 1", "a 3"], [text for text in heard if text[0] == "a"])
        if seven:
            self.assertEqual("a 1", heard[0])

    def test_no_kernel(self):
        import gocomm

        class Comm:
            comm_id = "x"

        with gocomm.live(Comm()):
            start = time.monotonic()
            gocomm.sleep(0.01)
            self.assertGreaterEqual(time.monotonic() - start, 0.01)
            self.assertEqual(0, gocomm.poll())
        with self.assertRaises(ValueError):
            gocomm.sleep(-1)


if __name__ == "__main__":
    unittest.main()
