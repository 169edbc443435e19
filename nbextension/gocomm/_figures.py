"""Matplotlib's figures of a cell, while a handler runs in it."""

import contextlib
import sys


@contextlib.contextmanager
def figures_apart():
    """Keeps the cell's figures from a handler: Matplotlib's inline backend shows and closes all figures
    that there are after each message, also those that a cell still draws."""
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if inline is None or helpers is None or not _shows_after_messages(inline):
        yield
        return
    figures, show = helpers.Gcf.figs, inline.show
    cells, drawn = list(figures.items()), (show._to_draw, show._draw_called)
    figures.clear()
    show._to_draw, show._draw_called = [], False
    try:
        yield
    finally:
        inline.flush_figures()  # where the handler has failed before they were shown
        figures.clear()
        figures.update(cells)
        show._to_draw, show._draw_called = drawn


def _shows_after_messages(inline):
    try:
        from IPython import get_ipython

        return inline.InlineBackend.instance().close_figures and inline.flush_figures in get_ipython().events.callbacks["post_execute"]
    except Exception:
        return False
