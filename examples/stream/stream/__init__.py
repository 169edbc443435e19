"""Streams arrays of numbers to a page, where a Go program draws them."""

import asyncio
import pathlib
import time
import zlib
from array import array

import gocomm
import traitlets


class Stream(gocomm.Widget):
    """Shows samples, as many frames of them a second as the page can draw; what comes faster takes its predecessor's place."""

    _wasm = pathlib.Path(__file__).parent / "static"

    # The part of the frame that is seen, from 0 to 1, and the values at the bottom and the top.
    start = traitlets.Float(0.0).tag(sync=True)
    stop = traitlets.Float(1.0).tag(sync=True)
    low = traitlets.Float(-1.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)

    # Frames on their way to the page: one is drawn while others travel.
    AHEAD = 4

    def __init__(self, **traits):
        super().__init__(**traits)
        self.made = 0  # frames that show was called with
        self.shown = 0  # frames that the page has drawn
        self._samples = None
        self._last = 0  # the last frame that was sent
        self._flying = []  # frames that were sent, and not drawn yet
        self.same = None
        self.on_msg(self._heard)

    def show(self, samples):
        """Shows an array, of numpy or not; it is copied, and may be changed afterwards."""
        floats = samples.astype("<f4", copy=False) if hasattr(samples, "astype") else array("f", samples)
        self._samples = floats.tobytes()
        self.made += 1
        self._next()

    async def play(self, frames, rate=30):
        """Shows each array of an iterable, at most ``rate`` a second. The kernel goes on meanwhile, when this is run as a task."""
        due = time.monotonic()
        for samples in frames:
            self.show(samples)
            due = max(due + 1 / rate, time.monotonic())
            await asyncio.sleep(due - time.monotonic())

    def compare(self):
        """Asks the page for its frame's checksum: ``same`` tells, when the answer has come, whether it has Python's last frame."""
        self.same = None
        self.send({"sum": True})

    def _next(self):
        if self._last == self.made or len(self._flying) >= self.AHEAD:
            return
        self._last = self.made
        self._flying.append(self.made)
        self.send({"frame": self.made}, [self._samples])

    def _heard(self, _, content, buffers):
        if "sum" in content:
            self.same = content["frame"] == self.made and content["sum"] == zlib.crc32(self._samples)
        elif "ready" in content:  # a new view, with nothing to show yet
            self._flying.clear()
            self._last = 0
            self._next()
        elif content["shown"] in self._flying:
            self.shown += 1
            self._flying = [n for n in self._flying if n > content["shown"]]
            self._next()
