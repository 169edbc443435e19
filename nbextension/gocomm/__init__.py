"""gocomm: the comm manager of classic Jupyter Notebook, in Go.

Installing this package puts the nbextension ``gocomm/main`` in place and enables it.
"""

__version__ = "0.1.0"


def _jupyter_nbextension_paths():
    """Where ``jupyter nbextension install|enable --py gocomm`` finds the nbextension."""
    return [
        {
            "section": "notebook",
            "src": "static",
            "dest": "gocomm",
            "require": "gocomm/main",
        }
    ]
