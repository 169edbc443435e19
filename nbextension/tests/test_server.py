"""What the server keeps for a page that is loaded again."""

from gocomm.server import KEPT_S, keep_buffers


class Stream:
    def __init__(self):
        self.over = False

    def closed(self):
        return self.over

    def on_recv(self, f):
        pass

    def close(self):
        self.over = True


class Manager:
    """As jupyter_server and Notebook 6.4 have it."""

    def __init__(self):
        self._kernel_buffers = {}
        self.stopped = []

    def buffer(self, kernel, session):
        self._kernel_buffers[kernel] = info = {"session_key": session, "buffer": [], "channels": {"iopub": Stream()}}
        return info

    def get_buffer(self, kernel, session):
        info = self._kernel_buffers.get(kernel)
        if info is None:
            return None
        self._kernel_buffers.pop(kernel)
        if info["session_key"] == session:
            return info
        self.stopped.append(info["session_key"])
        return None


def test_another_session_does_not_drop_what_is_kept():
    m, later = Manager(), []
    keep_buffers(m, lambda seconds, f: later.append((seconds, f)))
    mine = m.buffer("k", "k:mine")
    assert m.get_buffer("k", "k:other") is None
    assert m._kernel_buffers == {}, "the other's may be kept there"
    other = m.buffer("k", "k:other")
    assert m.get_buffer("k", "k:mine") is mine
    assert m.get_buffer("k", "k:mine") is None
    assert m.get_buffer("k", "k:other") is other
    assert m.stopped == []
    for seconds, f in later:
        assert seconds == KEPT_S
        f()
    assert not mine["channels"]["iopub"].closed(), "its session is back"


def test_what_nobody_comes_back_for_is_dropped():
    m, later = Manager(), []
    keep_buffers(m, lambda seconds, f: later.append(f))
    mine = m.buffer("k", "k:mine")
    m.get_buffer("k", "k:other")
    newer = m.buffer("k", "k:mine")
    m.get_buffer("k", "k:another")
    assert mine["channels"]["iopub"].closed(), "there is something newer"
    later[0]()
    assert m.get_buffer("k", "k:mine") is newer
    assert not newer["channels"]["iopub"].closed()
    mine = m.buffer("k", "k:mine")
    m.get_buffer("k", "k:other")
    later[2]()
    assert mine["channels"]["iopub"].closed()
    assert m.get_buffer("k", "k:mine") is None


def test_a_manager_of_another_make_is_left_alone():
    class Other:
        pass

    keep_buffers(Other())
