"""NaN and infinities, which JSON does not have. They travel as the texts that jupyter_client makes of them; where orjson is
installed, it makes null of all three."""

import math

import traitlets

TEXTS = ("nan", "inf", "-inf")


def texts(value):
    """A value for JSON, with texts for its floats that JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(float(value))
    if isinstance(value, (list, tuple)):
        return [texts(v) for v in value]
    if isinstance(value, dict):
        return {k: texts(v) for k, v in value.items()}
    return value


def floats(value, trait):
    """A value of JSON for a trait, with floats for such texts: where the trait says that it has floats. Where it does not say what
    it has, as ``List()``, they are floats among numbers; alone they may be words."""
    if isinstance(trait, traitlets.Union):
        if not any(isinstance(t, traitlets.Unicode) for t in trait.trait_types):
            for t in trait.trait_types:
                value = floats(value, t)
        return value
    if isinstance(value, str):
        return float(value) if value in TEXTS and isinstance(trait, traitlets.Float) else value
    if isinstance(value, list):
        of = getattr(trait, "_trait", None)
        if isinstance(trait, traitlets.Tuple) and trait._traits:
            return [floats(v, t) for v, t in zip(value, trait._traits)] + value[len(trait._traits) :]
        if of is None or type(of) is traitlets.Any:
            return _among_numbers(value)
        return [floats(v, of) for v in value]
    if isinstance(value, dict) and isinstance(trait, traitlets.Dict):
        keys = trait._per_key_traits or {}
        return {k: floats(v, keys.get(k, trait._value_trait)) for k, v in value.items()}
    return value


def _among_numbers(value):
    kinds = set()
    _collect(value, kinds)
    return _converted(value) if kinds == {"number", "text"} else value


def _collect(value, kinds):
    for v in value:
        if isinstance(v, list):
            _collect(v, kinds)
        elif type(v) in (int, float):
            kinds.add("number")
        else:
            kinds.add("text" if isinstance(v, str) and v in TEXTS else "other")


def _converted(value):
    return [_converted(v) if isinstance(v, list) else float(v) if isinstance(v, str) else v for v in value]
