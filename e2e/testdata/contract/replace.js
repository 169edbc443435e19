// Loads gocomm after the checks' own extension, with a short limit for handlers that stall.
define(["base/js/namespace", "nbextensions/contract/main", "nbextensions/gocomm/main"], function (Jupyter, contract, gocomm) {
  "use strict";
  return {
    load_ipython_extension: function () {
      contract.load_ipython_extension();
      Jupyter.notebook.config.data.gocomm = { stallLimit: 1500 };
      gocomm.load_ipython_extension();
    },
  };
});
