// Keeps widgets on the page when all cells are run as soon as the kernel is there.
//
// The widget manager renders cells again while it restores its models, with
// notebook.render_cell_output: that takes the cell's JSON, clears the cell, and
// fills it from the JSON. But clearing removes a widget's view, which wipes the
// model_id in the output that the JSON still refers to: the widget comes back blank.
// A copy of the JSON is all that it takes.
// @ts-check
define(function () {
  "use strict";

  /** @param {any} cell */
  function withCopies(cell) {
    var toJSON = cell.toJSON;
    var own = Object.prototype.hasOwnProperty.call(cell, "toJSON");
    cell.toJSON = function () { return JSON.parse(JSON.stringify(toJSON.apply(cell, arguments))); };
    return function undo() {
      if (own) cell.toJSON = toJSON;
      else delete cell.toJSON;
    };
  }

  /** @param {any} notebook @returns {() => void} puts things back as they were */
  function keep(notebook) {
    var prototype = Object.getPrototypeOf(notebook); // the notebook itself is sealed
    var stock = prototype.render_cell_output;
    if (typeof stock !== "function") return function () {};
    function render(/** @type {any} */ cell) {
      var undo = withCopies(cell);
      try {
        // @ts-ignore: it is called as a method
        return stock.apply(this, arguments);
      } finally {
        undo();
      }
    }
    prototype.render_cell_output = render;
    return function () {
      if (prototype.render_cell_output === render) prototype.render_cell_output = stock;
    };
  }

  return { keep: keep };
});
