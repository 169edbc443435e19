// The cells of a page that is loaded again: those that were at work go on, and what they have shown is still there.
// A cell of Notebook learns what becomes of its code by the msg_id of its request, which this page no longer has; so the
// page before leaves it, with the cell's outputs, since Notebook has not saved them yet.
// @ts-check
define(["notebook/js/codecell"], function (codecell) {
  "use strict";

  var CodeCell = codecell.CodeCell;

  /**
   * @typedef {object} CellLeft
   * @property {string} msg the msg_id of its request
   * @property {number} index @property {string} id of the cell, where the notebook's format has ids @property {string} source
   * @property {boolean} running @property {any} prompt
   * @property {boolean} shell whether its reply has come @property {boolean} iopub whether its idle has
   * @property {string[]} displays the ids of its displays that are updated
   * @property {boolean} trusted @property {boolean} clears at its next output
   * @property {any[] | null} outputs null: there was no room for them
   * @property {{prompt: string, password: boolean, value: string} | null} input that it waits for
   *
   * @typedef {{saved: number, cells: CellLeft[]}} CellsLeft saved: when the notebook's file was, as far as the page knew, in ms
   */

  /** @param {any} cell @returns {string} */
  function idOf(cell) { return typeof cell.id === "string" ? cell.id : ""; }

  /** @param {any} cell */
  function inputOf(cell) {
    var container = cell.output_area.element.find("div.raw_input_container");
    if (container.length === 0) return null;
    var input = container.find("input.raw_input");
    var password = input.attr("type") === "password";
    return { prompt: container.find("pre.raw_input_prompt").text(), password: password, value: password ? "" : String(input.val()) };
  }

  /**
   * What is left of the cells that this page has had executed.
   * @param {any} notebook @param {any} kernel @param {Set<string>} over requests whose kernel has ended @param {number} room in characters
   * @returns {CellsLeft}
   */
  function leave(notebook, kernel, over, room) {
    /** @type {CellLeft[]} */
    var cells = [];
    Object.keys(CodeCell.msg_cells).forEach(function (msg) {
      var cell = CodeCell.msg_cells[msg];
      var index = notebook.find_cell_index(cell);
      var callbacks = kernel._msg_callbacks[msg];
      if (index === null || cell.last_msg_id !== msg || !callbacks || over.has(msg)) return;
      cells.push({
        msg: msg, index: index, id: idOf(cell), source: cell.get_text(),
        running: cell.element.hasClass("running"), prompt: cell.input_prompt_number,
        shell: callbacks.shell_done, iopub: callbacks.iopub_done, displays: callbacks.display_ids,
        trusted: cell.output_area.trusted, clears: cell.output_area.clear_queued,
        outputs: null, input: inputOf(cell),
      });
    });
    // Those at work come first, then those whose outputs are in no file, the newest first.
    var first = cells.filter(function (c) { return !done(c); });
    var rest = notebook.dirty ? cells.filter(done).reverse() : [];
    first.concat(rest).forEach(function (c) {
      var outputs = CodeCell.msg_cells[c.msg].output_area.outputs;
      var size = JSON.stringify(outputs).length;
      if (size > room) return;
      room -= size;
      c.outputs = outputs;
    });
    return { saved: time(notebook), cells: cells };
  }

  /** @param {CellLeft} c */
  function done(c) { return c.shell && c.iopub; }

  /** @param {any} notebook */
  function time(notebook) { return notebook.last_modified ? notebook.last_modified.getTime() : 0; }

  /** @param {any[]} some @param {any[]} all @returns {boolean} whether all begins with some: the page has saved them, and more came */
  function begins(some, all) {
    return some.length <= all.length && some.every(function (output, i) {
      var whole = all[i];
      if (JSON.stringify(output) === JSON.stringify(plain(whole))) return true;
      return i === some.length - 1 && output.output_type === "stream" && whole.output_type === "stream" &&
        output.name === whole.name && String(whole.text).indexOf(String(output.text)) === 0;
    });
  }

  /** An output as it is saved. @param {any} output */
  function plain(output) {
    var copy = Object.assign({}, output);
    delete copy.transient;
    return copy;
  }

  /**
   * The cell that was left, if it is still as it was.
   * @param {any} notebook @param {CellLeft} left
   */
  function find(notebook, left) {
    var cells = notebook.get_cells();
    var found = cells.filter(function (/** @type {any} */ cell) { return left.id !== "" && idOf(cell) === left.id; })[0] || cells[left.index];
    return found && found.cell_type === "code" && found.get_text() === left.source ? found : null;
  }

  /**
   * Has cells go on. Where somebody else has saved the notebook meanwhile, a cell is left as it was loaded, unless it shows
   * the beginning of what it did: then it was this page that saved.
   * @param {any} notebook @param {any} kernel @param {any} events @param {CellsLeft} left
   * @returns {() => void} has those that are still at work stop: their kernel has ended
   */
  function restore(notebook, kernel, events, left) {
    var saved = left.saved === time(notebook);
    /** @type {any[]} */
    var running = [];
    left.cells.forEach(function (c) {
      var cell = find(notebook, c);
      var area = cell && cell.output_area;
      if (!cell || (c.outputs && !saved && !begins(area.toJSON(), c.outputs))) return;
      if (c.outputs) show(area, c);
      cell.set_input_prompt(c.prompt);
      cell.last_msg_id = c.msg;
      CodeCell.msg_cells[c.msg] = cell;
      kernel.set_callbacks_for_msg(c.msg, cell.get_callbacks());
      var callbacks = kernel._msg_callbacks[c.msg];
      callbacks.shell_done = c.shell;
      callbacks.iopub_done = c.iopub;
      callbacks.display_ids = c.displays;
      c.displays.forEach(function (id) {
        var all = (kernel._display_id_to_parent_ids[id] = kernel._display_id_to_parent_ids[id] || []);
        if (all.indexOf(c.msg) < 0) all.push(c.msg);
      });
      if (c.running) cell.element.addClass("running");
      if (!c.iopub) finish(events, cell, kernel, c.msg);
      if (c.input) ask(area, c.input);
      if (!done(c)) {
        running.push(cell);
        if (!c.outputs) {
          console.warn("gocomm: the outputs of cell " + (c.index + 1) + " were too large to be kept while the page was loaded again: those are missing that were not saved");
        }
      }
    });
    if (running.length > 0) notebook.set_dirty(true);
    return function () {
      running.forEach(function (cell) {
        if (!cell.element.hasClass("running")) return;
        cell.set_input_prompt(null);
        cell.element.removeClass("running");
      });
    };
  }

  /** @param {any} area @param {CellLeft} c */
  function show(area, c) {
    area.clear_output(false, true);
    area.trusted = c.trusted;
    (c.outputs || []).forEach(function (output) { area.append_output(output); });
    area.clear_queued = c.clears;
  }

  /** As Notebook does for a cell that it executes. @param {any} events @param {any} cell @param {any} kernel @param {string} msg */
  function finish(events, cell, kernel, msg) {
    function finished(/** @type {any} */ event, /** @type {any} */ data) {
      if (kernel.id !== data.kernel.id || msg !== data.msg_id) return;
      if (cell.last_msg_id === msg) events.trigger("finished_execute.CodeCell", { cell: cell });
      events.off("finished_iopub.Kernel", finished);
    }
    events.on("finished_iopub.Kernel", finished);
  }

  /** @param {any} area @param {{prompt: string, password: boolean, value: string}} input */
  function ask(area, input) {
    area.append_raw_input({ content: input });
    area.element.find("input.raw_input").val(input.value);
  }

  return { leave: leave, restore: restore, requests: function () { return CodeCell.msg_cells; } };
});
