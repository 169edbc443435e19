"""Controls that a Go program makes, and drives a plot and a map with (dashboard.go, main_js.go)."""

import pathlib

import gocomm
import ipywidgets
import traitlets


def _widget(kind=ipywidgets.Widget):
    """A trait that refers to another widget: in Python it is the widget, in Go a reference."""
    return traitlets.Instance(kind, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)


class Dashboard(gocomm.Widget):
    """Shows the months of one place in a plot, and the place on a map."""

    _wasm = pathlib.Path(__file__).parent / "static"

    #: What there is to show: ``{"name": …, "center": (latitude, longitude), "values": […]}``, one value for each month.
    places = traitlets.List(traitlets.Dict()).tag(sync=True)

    # Python makes these: a mark ``Lines`` of bqplot's and its figure, and a map of ipyleaflet's.
    lines = _widget()
    figure = _widget()
    map = _widget()

    # Go makes these, when the widget is there on the page.
    place = _widget(ipywidgets.Dropdown)
    months = _widget(ipywidgets.IntSlider)
    zoom = _widget(ipywidgets.IntSlider)
