"""What one side of a reliable comm sends: numbered, kept until it is acknowledged, and sent again."""

import json
import logging
import threading
import time
import uuid
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional

from . import _timers

log = logging.getLogger("gocomm")

# docs/reliable.md gives these, in seconds.
TAIL_AFTER, LONGEST = 0.2, 2.0
LISTEN_EACH = 0.05
# A server lets 1000 messages and 1 MB a second through, unless it is told otherwise. When that many
# messages in a row were lost, this side slows down to fewer, and then gets faster by a 20th each second.
BURST_LOST, PACE, PACE_BURST, PACE_EACH, FASTER = 32, 800.0, 100.0, 0.05, 1.05

Note = Dict[str, Any]


class Full(RuntimeError):
    """So much is unacknowledged that nothing more is kept; nothing was sent."""


class _Kept:
    """A message that may have to be sent again."""

    __slots__ = ("content", "metadata", "buffers", "parent", "size")

    def __init__(self, content: Any, metadata: Dict[str, Any], buffers: Optional[List[bytes]], parent: Any, size: int) -> None:
        self.content, self.metadata, self.buffers, self.parent, self.size = content, metadata, buffers, parent, size


class Outgoing:
    """The half of a ``reliable.Stream`` that sends."""

    def __init__(self, comm_id: str, messages: int, size: int, timeout: Optional[float], on_plain: Optional[Callable[[], Any]]) -> None:
        self.id = uuid.uuid4().hex[:16]
        self.comm_id = comm_id
        self.aware = self.plain = False
        self._most, self._most_bytes, self._timeout = messages, size, timeout
        self._on_plain = on_plain
        self._comm: Callable[[], Any] = lambda: None
        self._kernel: Any = None
        self._channel: Any = None
        self._lock = threading.RLock()  # guards what follows
        self._changed = threading.Condition(self._lock)
        self._ended: Optional[str] = None
        self._heard = False
        self._late = False  # the time to answer is over
        self._listened = 0.0

        # What this side sends.
        self._last, self._base = 0, 1
        self._kept: Deque[_Kept] = deque()  # from base to last
        self._bytes = 0
        self._repair, self._until, self._repairing = 1, 0, False  # what is sent again
        self._pace, self._allowed, self._paced = 0.0, 0.0, 0.0  # messages a second, or 0; how many may be sent now; since when
        self._tail_on, self._tail_wait, self._tail_seen = False, TAIL_AFTER, (0, 0)
        self._next, self._acked = 1, 0  # of what it reads: the next number, and the last one that was acknowledged
        self._publish_msg: Callable[..., Any] = lambda *args, **kwargs: None  # the comm's
        self._direct: Any = None  # the comm, where it is ipykernel's and publishes as that does

    def _after(self, seconds: float, method: Callable[[Any], Any]) -> None:
        me = weakref.ref(self)

        def call() -> None:
            stream = me()
            if stream is not None and stream._ended is None:
                method(stream)

        _timers.after(seconds, call)

    @property
    def unacked(self) -> int:
        """How many messages the page has not acknowledged yet."""
        return len(self._kept)

    def send(self, data: Any = None, metadata: Optional[Dict[str, Any]] = None, buffers: Optional[List[Any]] = None) -> None:
        """``comm.send``: it waits while too much is unacknowledged."""
        if time.monotonic() - self._listened > LISTEN_EACH:
            self._hear(0)
        if self.plain or self._ended is not None:
            return self._send_plain(data, metadata, buffers)
        content = {"data": {} if data is None else data, "comm_id": self.comm_id}
        packed: Any = json.dumps(content) if self._kernel is None else self._kernel.session.pack(content)
        kept_buffers = [bytes(memoryview(b)) for b in buffers] if buffers else None
        size = len(packed) + sum(map(len, kept_buffers or ()))
        while True:
            with self._lock:
                late = 0.0
                if self._pace and self._channel is not None and not self._channel.hears_here():
                    late = self._pacing(size)
                if not late and not self._full(size):
                    return self._send_kept(data, metadata, buffers, _Kept(packed, {}, kept_buffers, None, size))
            if not late:
                self._wait(lambda: not self._full(size), self._timeout, self._refuse)
            elif not self._hear(late):
                time.sleep(late)

    def _send_kept(self, data: Any, metadata: Optional[Dict[str, Any]], buffers: Optional[List[Any]], kept: _Kept) -> None:
        if self.plain or self._ended is not None:
            return self._send_plain(data, metadata, buffers)
        self._last += 1
        noted = dict(metadata) if metadata else {}
        noted["gocomm"] = {"s": self._last, "a": self._next - 1}
        self._acked = self._next - 1
        kept.metadata = noted
        kept.parent = self._kernel.get_parent() if self._kernel is not None else None
        self._kept.append(kept)
        self._bytes += kept.size
        if self.aware and not self._tail_on:
            self._arm_tail()
        try:
            if self._direct is not None and not kept.parent.get("header", {}).get("subshell_id"):
                # As ipykernel's publish_msg, which would make the same JSON once more.
                if hasattr(self._direct, "_reply_subshell_id"):
                    self._direct._reply_subshell_id = None
                session = self._kernel.session
                session.send(
                    self._kernel.iopub_socket, "comm_msg", kept.content, metadata=noted, parent=kept.parent, ident=self._direct.topic, buffers=buffers
                )
            else:
                self._publish_msg("comm_msg", data=data, metadata=noted, buffers=buffers)
        except Exception:  # as for metadata that are no JSON: nothing was sent
            self._kept.pop()
            self._bytes -= kept.size
            self._last -= 1
            raise

    def _send_plain(self, data: Any, metadata: Optional[Dict[str, Any]], buffers: Optional[List[Any]]) -> None:
        with self._lock:
            self._last += 1
            self._base = self._last + 1
            noted = dict(metadata or {}, gocomm={"s": self._last, "a": self._next - 1})
            self._publish_msg("comm_msg", data=data, metadata=noted, buffers=buffers)

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until the page has acknowledged all, for at most ``timeout`` seconds. Gives False
        where it has not, or this thread cannot wait for it."""
        self._wait(lambda: not self._kept, timeout, lambda why: None)
        return not self._kept and not self.plain

    def _full(self, size: int) -> bool:
        return bool(self._kept) and not self.plain and (len(self._kept) >= self._most or self._bytes + size > self._most_bytes)

    def _refuse(self, why: str) -> None:
        raise Full(
            "gocomm: send on comm %s: %d messages are unacknowledged, and %s: "
            "wait with reliable.of(comm).flush(), or open the comm with larger messages and size" % (self.comm_id, len(self._kept), why)
        )

    def _wait(self, done: Callable[[], bool], timeout: Optional[float], give_up: Callable[[str], Any]) -> None:
        """Waits, without the lock."""
        until = None if timeout is None else time.monotonic() + timeout
        while not done() and self._ended is None:
            if self._channel is None or self._channel.hears_here():
                give_up("this thread cannot wait for the page")
                return
            left = 0.1 if until is None else min(0.1, until - time.monotonic())
            if left <= 0:
                give_up("the page has acknowledged none in %g s" % (timeout or 0))
                return
            if not self._hear(left):
                with self._lock:
                    if not done():
                        self._changed.wait(left)

    def _hear(self, seconds: float) -> bool:
        """With ipykernel 6 on the kernel's own thread: takes off the channel what has come."""
        self._listened = time.monotonic()
        heard = self._channel is not None and bool(self._channel.pump(seconds))
        if heard and self._late and not self.aware:
            self._give_up()
        return heard

    def _overdue(self) -> None:
        if self.aware:
            return
        self._late = True
        if self._channel is None or not self._channel.defer(lambda: self._after(0.5, Outgoing._give_up)):
            self._give_up()

    def _give_up(self) -> None:
        with self._lock:
            if self.aware or self.plain or self._ended is not None:
                return
            self.plain = True
            self._kept.clear()
            self._bytes, self._base = 0, self._last + 1
            self._changed.notify_all()
        if self._on_plain is not None:
            self._on_plain()
        else:
            log.warning("comm %s: the page knows nothing of reliable comms: it goes on as a plain one", self.comm_id)

    def _ack(self, a: int) -> None:
        n = a - self._base + 1
        if n <= 0 or n > len(self._kept):
            return
        for _ in range(n):
            self._bytes -= self._kept.popleft().size
        self._base = a + 1
        self._tail_wait = TAIL_AFTER
        self._changed.notify_all()

    def _resend(self, first: int, last: int) -> None:
        if last <= 0 or last > self._last:
            last = self._last
        first = max(first, 1)
        if first < self._base and first <= last:
            self._say({"k": "lost", "f": first, "t": min(last, self._base - 1)})
        self._repair, self._until = max(first, self._base), last
        if self._until - self._repair >= BURST_LOST:
            if not self._pace:
                self._allowed, self._paced = PACE_BURST, time.monotonic()
            self._pace = PACE
        if not self._repairing:
            self._again()

    def _again(self) -> None:
        """Sends again what is to be, as fast as it may."""
        with self._lock:
            self._repairing = False
            self._repair = max(self._repair, self._base)
            self._until = min(self._until, self._base + len(self._kept) - 1)
            while self._repair <= self._until:
                kept = self._kept[self._repair - self._base]
                if self._pacing(kept.size):
                    self._repairing = True
                    self._after(PACE_EACH, Outgoing._again)
                    return
                self._repair += 1
                self._publish(kept.content, kept.metadata, kept.buffers, kept.parent)

    def _pacing(self, size: int) -> float:
        """In how many seconds a message may be sent: 0 for now, which it then counts."""
        if not self._pace:
            return 0.0
        now = time.monotonic()
        passed, self._paced = now - self._paced, now
        self._pace *= FASTER**passed
        self._allowed = min(self._allowed + passed * self._pace, PACE_BURST)
        if self._allowed < 0:
            return -self._allowed / self._pace
        self._allowed -= max(1.0, (size + 700) / 1000)  # about 700 bytes are not the user's
        return 0.0

    def _hello(self) -> Note:
        return {"k": "hello", "stream": self.id, "n": self._last, "b": self._base, "a": self._next - 1}

    def _tail(self) -> Note:
        return dict(self._hello(), k="tail")

    def _arm_tail(self) -> None:
        if not self._tail_on:
            self._tail_on, self._tail_wait, self._tail_seen = True, TAIL_AFTER, (self._last, self._base)
            self._after(TAIL_AFTER, Outgoing._look_at_tail)

    def _look_at_tail(self) -> None:
        with self._lock:
            self._tail_on = False
            if self.plain or not (self._kept or not self._heard):
                return
            seen = (self._last, self._base)
            if seen == self._tail_seen:
                self._say(self._tail() if self._heard else self._hello())
                self._tail_wait = min(1.25 * self._tail_wait, LONGEST)
            self._tail_on, self._tail_seen = True, seen
            self._after(self._tail_wait, Outgoing._look_at_tail)

    def _say(self, note: Note) -> None:
        content: Any = {"data": {"gocomm": note["k"] + "/1"}, "comm_id": self.comm_id}
        self._publish(content, {"gocomm": note}, None, None)

    def _publish(self, content: Any, metadata: Dict[str, Any], buffers: Optional[List[bytes]], parent: Any) -> None:
        kernel, comm = self._kernel, self._comm()
        try:
            if kernel is None:
                data = (content if isinstance(content, dict) else json.loads(content))["data"]
                self._publish_msg("comm_msg", data=data, metadata=metadata, buffers=buffers)
            else:
                topic = ("comm-%s" % self.comm_id).encode("ascii") if comm is None else comm.topic
                kernel.session.send(
                    kernel.iopub_socket, "comm_msg", content, metadata=metadata, parent=parent or kernel.get_parent(), ident=topic, buffers=buffers
                )
        except Exception:  # as at the kernel's end; what is missing is asked for again
            log.debug("comm %s: a message could not be sent", self.comm_id, exc_info=True)
