"""The Jupyter server's part in a page of Notebook that is loaded again.

A server keeps what a kernel sends while no page is connected, for the session that was connected last, and drops it when
another session connects. Notebook connects each page as another session. gocomm changes that, but Notebook may be
there before gocomm. So what is kept stays for a while after another session has connected.

It is an extension of jupyter_server and of Notebook 6.4, which docs/reload.md says how to enable. Without it gocomm works
too: what a kernel sends while its page is loaded again may then be lost.
"""

import types

#: How long what was kept stays when another session has connected, in s.
KEPT_S = 30


def _jupyter_server_extension_points():
    return [{"module": "gocomm.server"}]


def _load_jupyter_server_extension(app):
    keep_buffers(app.kernel_manager)


load_jupyter_server_extension = _load_jupyter_server_extension  # as Notebook 6 calls it


def keep_buffers(manager, call_later=None):
    """Has a kernel manager keep a session's messages when another session connects.

    ``manager`` is the server's ``MappingKernelManager``; one of another make is left alone. ``call_later(seconds, f)``
    is the server's loop's.
    """
    stock = getattr(manager, "get_buffer", None)
    if stock is None or not hasattr(manager, "_kernel_buffers"):
        return  # kernels of another server, as with a gateway
    if getattr(stock, "__name__", "") == "get_buffer_of_gocomm":
        return  # nbclassic loads extensions of Notebook 6 too
    kept = {}  # by session, a key of the server's, which has the kernel's id in it

    def get_buffer_of_gocomm(self, kernel_id, session_key):
        info = kept.pop(session_key, None)
        if info is not None:
            return info
        there = self._kernel_buffers.get(kernel_id)
        if there is not None and there["session_key"] != session_key:
            key = there["session_key"]
            drop(key, kept.get(key))
            kept[key] = self._kernel_buffers.pop(kernel_id)  # its streams go on filling it
            (call_later or _loop().call_later)(KEPT_S, lambda: drop(key, there))
        return stock(kernel_id, session_key)

    def drop(key, info):
        if info is None or kept.get(key) is not info:
            return  # its session is back, or has left something newer
        del kept[key]
        for stream in info["channels"].values():
            if not stream.closed():
                stream.on_recv(None)
                stream.close()

    manager.get_buffer = types.MethodType(get_buffer_of_gocomm, manager)


def _loop():
    from tornado.ioloop import IOLoop

    return IOLoop.current()
