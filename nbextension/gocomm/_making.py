"""Makes widgets of ipywidgets' for Go programs on the page, whose Python classes need more than traits: those with options, and
links. A page opens a comm to this target, with the data of Jupyter widgets 2.1, and has the widget on it."""

import sys

TARGET = "gocomm.widget"
_NAMES = ("_model_module", "_model_module_version", "_model_name", "_view_module", "_view_module_version", "_view_name")


def register():
    """Serves the target where this is run in a kernel."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    manager = getattr(getattr(shell, "kernel", None), "comm_manager", None)
    if manager is not None:
        manager.register_target(TARGET, opened)


def opened(comm, msg):
    """Makes the widget of an open message, or closes the comm with the reason why there is none."""
    try:
        _make(comm, msg)
    except Exception as e:
        comm.close(data={"reason": "%s: %s" % (type(e).__name__, e)})
        ipywidgets = sys.modules.get("ipywidgets.widgets.widget")
        if ipywidgets is not None:
            _widgets(ipywidgets).pop(comm.comm_id, None)


def _widgets(ipywidgets):
    """ipywidgets' widgets by their ids: ipywidgets 8 warns of the name that ipywidgets 7 has."""
    found = getattr(ipywidgets, "_instances", None)
    return ipywidgets.Widget.widgets if found is None else found


def _make(comm, msg):
    from ipywidgets.widgets import widget as ipywidgets

    data = msg["content"]["data"]
    state = data["state"]
    classes = getattr(ipywidgets, "_registry", None) or ipywidgets.Widget.widget_types
    try:
        made = classes.get(*(state[name] for name in _NAMES))
    except KeyError:
        raise LookupError("ipywidgets has no %s" % state["_model_name"]) from None
    ipywidgets._put_buffers(state, data.get("buffer_paths") or [], msg.get("buffers") or [])
    comm.target_name = "jupyter.widget"  # by which the page asks for it after a reload
    arguments = {}
    if "_options_labels" in state:
        arguments = {"options": tuple(state["_options_labels"]), "index": state["index"]}
    elif "source" in state:
        load = ipywidgets.widget_serialization["from_json"]
        arguments = {name: tuple(load(state[name], None)) for name in ("source", "target")}
    widget = made(comm=comm, **arguments)
    if getattr(widget, "value", None) == () and arguments.get("index"):
        widget._notify_trait("index", widget.index, widget.index)  # a range is not told of the index that it has anyway
    if "options" in arguments:
        comm.on_msg(lambda msg: _handle(widget, msg))
    widget.set_state(state)


def _handle(widget, msg):
    """Handles a message of the page's: what it says of the labels is about the options. An index that it does not name stays, as it
    does on the page, if there is such an option."""
    state = msg["content"]["data"].get("state", {})
    labels = state.get("_options_labels")
    if labels is None or tuple(labels) == widget._options_labels:
        widget._handle_msg(msg)
        return
    with widget.hold_sync():
        index = widget.index
        try:
            widget.options = tuple(labels)
        except Exception:
            widget.send_state(["_options_labels", "index"])
            raise
        indexes = index if isinstance(index, tuple) else (index,)
        if "index" not in state and all(i is not None and i < len(labels) for i in indexes):
            widget.index = index
        widget._handle_msg(msg)
