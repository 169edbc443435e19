# A cell shows its last expression, and its names are other cells'.
# ruff: noqa: B018, F841
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from counter import Counter

    return Counter, mo


@app.cell
def _(mo):
    again = mo.ui.button(value=0, on_click=lambda n: n + 1, label="again")
    again
    return (again,)


@app.cell
def _(Counter, again, mo):
    one = mo.ui.anywidget(Counter(value=10 * again.value))
    two = mo.ui.anywidget(Counter(value=7))
    mo.vstack([one, two])
    return one, two


@app.cell
def _(mo, two):
    def set_value(n):
        two.widget.value = 100
        return n + 1

    assign = mo.ui.button(value=0, on_click=set_value, label="assign")
    assign
    return (assign,)


@app.cell
def _(assign, mo, one, two):
    # What Python assigns runs no cell by itself.
    assign
    mo.md(f"Python has {one.value['value']} and {two.value['value']}")
    return


@app.cell
def _(two):
    two
    return


@app.cell
def _():
    import asyncio

    import numpy
    from stream import Stream

    stream = Stream()
    stream
    return asyncio, numpy, stream


@app.cell
async def _(asyncio, numpy, stream):
    wave = numpy.sin(numpy.arange(300_000, dtype=numpy.float32) / 3000)
    task = asyncio.create_task(stream.play((wave[n * 1000 :][:200_000] for n in range(90)), rate=30))
    return


if __name__ == "__main__":
    app.run()
