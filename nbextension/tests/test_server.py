"""What the server keeps for a page that is loaded again."""

import unittest

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


class Buffers(unittest.TestCase):
    def test_another_session_does_not_drop_what_is_kept(self):
        m, later = Manager(), []
        keep_buffers(m, lambda seconds, f: later.append((seconds, f)))
        mine = m.buffer("k", "k:mine")
        self.assertIsNone(m.get_buffer("k", "k:other"))
        self.assertEqual(m._kernel_buffers, {}, "the other's may be kept there")
        other = m.buffer("k", "k:other")
        self.assertIs(m.get_buffer("k", "k:mine"), mine)
        self.assertIsNone(m.get_buffer("k", "k:mine"))
        self.assertIs(m.get_buffer("k", "k:other"), other)
        self.assertEqual(m.stopped, [])
        for seconds, f in later:
            self.assertEqual(seconds, KEPT_S)
            f()
        self.assertFalse(mine["channels"]["iopub"].closed(), "its session is back")

    def test_what_nobody_comes_back_for_is_dropped(self):
        m, later = Manager(), []
        keep_buffers(m, lambda seconds, f: later.append(f))
        mine = m.buffer("k", "k:mine")
        m.get_buffer("k", "k:other")
        newer = m.buffer("k", "k:mine")
        m.get_buffer("k", "k:another")
        self.assertTrue(mine["channels"]["iopub"].closed(), "there is something newer")
        later[0]()
        self.assertIs(m.get_buffer("k", "k:mine"), newer)
        self.assertFalse(newer["channels"]["iopub"].closed())
        mine = m.buffer("k", "k:mine")
        m.get_buffer("k", "k:other")
        later[2]()
        self.assertTrue(mine["channels"]["iopub"].closed())
        self.assertIsNone(m.get_buffer("k", "k:mine"))

    def test_a_manager_of_another_make_is_left_alone(self):
        class Other:
            pass

        keep_buffers(Other())
