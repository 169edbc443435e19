"""Binary values in the messages of calls: their places are in ``buffer_paths``, as in Jupyter widgets 2.1."""

import inspect

from ._floats import texts


class Reply:
    """A handler's result, with binary buffers."""

    def __init__(self, result, buffers=None):
        self.result, self.buffers = result, buffers


def takes(handler):
    """Tells whether a handler has a parameter for buffers."""
    try:
        return "buffers" in inspect.signature(handler).parameters
    except (TypeError, ValueError):
        return False


def take(data, buffers=None):
    """Takes the binary values out of a message's data. Gives the data to send, and the
    buffers: those of the values come before the others."""
    paths, found = [], []

    def walk(value, path):
        if isinstance(value, (bytes, bytearray, memoryview)):
            paths.append(path)
            found.append(value)
            return None
        if isinstance(value, dict):
            return {k: walk(v, [*path, k]) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [walk(v, [*path, i]) for i, v in enumerate(value)]
        return texts(value)

    data = walk(data, [])
    if paths:
        data["buffer_paths"] = paths
        return data, found + list(buffers or [])
    return data, buffers


def put(data, buffers):
    """Puts the first buffers into a message's data, at the places that it names, and gives
    the other buffers. A ValueError says which place there is not; nothing is changed then."""
    paths = data.get("buffer_paths", [])
    if not isinstance(paths, list) or len(paths) > len(buffers):
        raise ValueError("buffer_paths do not fit the message's %d buffers" % len(buffers))
    places = [_place(data, path) for path in paths]
    for (at, key), buffer in zip(places, buffers):
        at[key] = buffer
    return list(buffers[len(paths) :])


def _place(data, path):
    try:
        *parents, key = path
        if path[0] not in ("params", "result"):
            raise ValueError
        for parent in parents:
            data = data[parent]
        data[key]
        if isinstance(data, (dict, list)):
            return data, key
    except (LookupError, TypeError, ValueError):
        pass
    raise ValueError("buffer_paths name the place %r, which the message does not have" % (path,))
