"""Prints the schema of the core models of the ipywidgets that is installed, in the form of ipywidgets 8's own
jupyterwidgetmodels.latest.json. ipywidgets 7 has none in JSON."""

import json
import sys

import ipywidgets
import traitlets
from ipywidgets import Color
from ipywidgets.widgets import trait_types
from ipywidgets.widgets.widget_link import Link

BYTES = (traitlets.Bytes, getattr(trait_types, "ByteMemoryView", traitlets.Bytes))
# In the order in which they are looked for: some derive from others.
KINDS = [
    (traitlets.Unicode, "string"), ((traitlets.Tuple, traitlets.List, trait_types.TypedTuple), "array"), (traitlets.Bool, "bool"),
    ((traitlets.CFloat, traitlets.Float), "float"), ((traitlets.CInt, traitlets.Int), "int"), (Color, "color"),
    (traitlets.Dict, "object"), (BYTES, "bytes"),
]


def kind(trait):
    """Describes a trait's values."""
    said = {"allow_none": True} if trait.allow_none else {}
    if isinstance(trait, traitlets.CaselessStrEnum):
        return {**said, "type": "string", "enum": list(trait.values)}
    if isinstance(trait, traitlets.Union):
        union = [kind(t) for t in trait.trait_types]
        return {**said, "type": [k["type"] for k in union], "union_attributes": union}
    if isinstance(trait, traitlets.Instance) and issubclass(trait.klass, ipywidgets.Widget):
        return {**said, "type": "reference", "widget": trait.klass.__name__}
    found = next((name for types, name in KINDS if isinstance(trait, types)), None)
    if found is None:
        found = "label" if type(trait) is traitlets.Any else type(trait).__name__
    if isinstance(trait, trait_types.TypedTuple):
        said["items"] = kind(trait._trait)
    return {**said, "type": found}


def default(trait):
    """The value that a trait has at first."""
    if isinstance(trait, traitlets.Instance) and issubclass(trait.klass, ipywidgets.Widget):
        return "reference to new instance"
    value = trait.make_dynamic_default() if isinstance(trait, traitlets.Instance) else trait.default()
    return trait.default_value_repr() if isinstance(value, (bytes, memoryview)) else value


def instance(cls):
    """An object of a class, for which some need arguments."""
    if issubclass(cls, Link):
        return cls((ipywidgets.IntSlider(), "value"), (ipywidgets.IntSlider(), "value"))
    if issubclass(cls, (ipywidgets.SelectionRangeSlider, ipywidgets.SelectionSlider)):
        return cls(options=[1])
    return cls()


def model(names, cls):
    """Describes a model."""
    attributes = [
        {"name": name, "help": trait.help or "", "default": default(trait), **kind(trait)}
        for name, trait in instance(cls).traits(sync=True).items()
        if name != "_view_count"  # experimental
    ]
    (module, version, name), (view_module, view_version, view) = names[:3], names[3:]
    return {
        "model": {"module": module, "version": version, "name": name},
        "view": {"module": view_module, "version": view_version, "name": view},
        "attributes": attributes,
    }


registry = getattr(ipywidgets.widgets.widget, "_registry", None) or ipywidgets.Widget.widget_types
json.dump([model(*of) for of in sorted(registry.items())], sys.stdout, sort_keys=True, indent=2)
print()
