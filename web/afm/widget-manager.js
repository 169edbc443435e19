// What a page's widget manager, ipywidgets', is asked for. The names are those of ManagerBase and of WidgetModel in
// @jupyter-widgets/base 4 and 6, which the managers of classic Notebook, JupyterLab and Voilà share.
// @ts-check

import { text } from "../runtime/abi.js";
import { join } from "./trait-values.js";

/**
 * @typedef {import("../afm.js").AnyModel} AnyModel
 * @typedef {(msg: any) => any} Handler of a comm
 */

/** The protocol of widgets that is spoken here. */
const PROTOCOL = "2.1.0";
/** How long JupyterLab is waited for to have its subshell for comms, in ms. */
const SUBSHELL = 2000;
/** How long a widget that the page is still making is waited for where all of a kind are looked for, in ms. */
const LOADING = 2000;
/** Which class tells the version of a module. */
const CONTROLS = { name: "DescriptionStyleModel", module: "@jupyter-widgets/controls" };
/** The controls' versions by the major version of ipywidgets' base module. @type {Record<string, string>} */
const CONTROLS_OF_BASE = { 1: "1.5.0", 2: "2.0.0" };

/** The manager of a model's page. Throws where there is none. @param {AnyModel} afm @returns {any} */
export function managerOf(afm) {
  const manager = afm.widget_manager;
  if (!manager) throw new Error("this page's host has no models of other widgets");
  return manager;
}

/** The model of a widget. @param {any} manager @param {string} id @returns {Promise<AnyModel>} */
export async function modelOf(manager, id) {
  const model = await manager.get_model(id);
  if (!model) throw new Error(`widget model not found: ${id}`); // as ipywidgets 7 leaves to its callers
  return model;
}

/**
 * The version of ipywidgets' controls that the kernel has, which the layout of a widget of Python's tells; else that of the
 * page. Throws where the page does not have the kernel's: JupyterLab then has a model in the layout's place that shows the
 * error, and classic Notebook takes its own for any version.
 * @param {AnyModel} afm @returns {Promise<string>}
 */
export async function controlsVersion(afm) {
  const manager = managerOf(afm);
  if (typeof manager.loadClass !== "function") throw new Error("this page's widget manager is not ipywidgets'");
  const layout = /** @type {any} */ (afm.get("layout"));
  const base = layout?.get?.("_model_module_version");
  const kernels = typeof base === "string" ? CONTROLS_OF_BASE[base.split(".")[0]] ?? base : undefined;
  try {
    if (layout?.get?.("_view_name") === "ErrorWidgetView") throw layout.get("error");
    const model = await manager.loadClass(CONTROLS.name, CONTROLS.module, kernels ?? "*");
    return kernels ?? model.prototype.defaults()._model_module_version;
  } catch (e) {
    if (!kernels) throw e;
    const why = `the page does not have the ipywidgets that the kernel has (${text(e)}): install the same major version for both`;
    throw new Error(why, { cause: e });
  }
}

/**
 * The ids of the widgets of a kind that the page has, as a JSON list.
 * @param {any} manager @param {string} name of the model @param {string} module @returns {Promise<string>}
 */
export async function findWidgets(manager, name, module) {
  const all = manager._models; // of ManagerBase, which has no public name for it
  if (!all) throw new Error("this page's widget manager does not tell which widgets it has");
  const models = [...(all instanceof Map ? all.values() : Object.values(all))];
  const patience = new Promise((done) => setTimeout(done, LOADING));
  const found = await Promise.all(models.map((m) => Promise.race([m, patience]).catch(() => undefined)));
  return JSON.stringify(found.flatMap((m) => m?.get("_model_name") === name && m.get("_model_module") === module ? [m.model_id] : []));
}

/**
 * Makes a widget on the page and in the kernel. The class is looked for first: what the page cannot have, the kernel
 * does not get.
 * @param {any} manager @param {string} target the comm target that makes it @param {string} id
 * @param {string} traits JSON, without what is binary
 * @param {string} paths JSON: where the buffers belong @param {ArrayBuffer[]} buffers
 * @returns {Promise<{afm: AnyModel, refused: () => string | undefined}>}
 *   refused: why the kernel has closed it instead of making it, or "" where it does not say why
 */
export async function makeWidget(manager, target, id, traits, paths, buffers) {
  const state = JSON.parse(traits);
  const names = { model_name: state._model_name, model_module: state._model_module, model_module_version: state._model_module_version };
  await manager.loadClass(names.model_name, names.model_module, names.model_module_version);
  const comm = await openComm(manager, target, id, { state, buffer_paths: JSON.parse(paths) }, buffers);
  let closed = false, asked = false;
  /** @type {string | undefined} */
  let refused;
  const answersOpen = (/** @type {any} */ msg) => msg?.parent_header?.msg_type === "comm_open";
  const note = (/** @type {any} */ msg) => {
    closed = true;
    if (answersOpen(msg)) refused = String(msg.content?.data?.reason ?? "");
  };
  const onClose = comm.on_close.bind(comm), onMsg = comm.on_msg.bind(comm);
  onClose(note); // until the model is there
  comm.on_close = (/** @type {Handler | undefined} */ f) => onClose((/** @type {any} */ msg) => {
    note(msg);
    return f?.(msg);
  });
  // Python's constructors send what they set before they know of the state: of a box, that it has no children. Only
  // ipywidgets 8 then sends the state itself. So such updates count as a hint that the state is to be asked for.
  comm.on_msg = (/** @type {Handler} */ f) => onMsg((/** @type {any} */ msg) => {
    if (!answersOpen(msg) || msg.content.data.method !== "update") return f(msg);
    if (!asked) comm.send({ method: "request_state" }, {});
    asked = true;
    return undefined;
  });
  try {
    const afm = await manager.new_model({ ...names, model_id: id, comm }, Object.fromEntries(join(traits, paths, buffers)));
    if (closed) void afm.close(true);
    return { afm, refused: () => refused };
  } catch (e) {
    comm.close();
    throw e;
  }
}

/** Opens the comm of a widget. @param {any} manager @param {string} target @param {string} id @param {any} data @param {ArrayBuffer[]} buffers */
async function openComm(manager, target, id, data, buffers) {
  const { kernel } = manager, metadata = { version: PROTOCOL };
  if (typeof kernel?.createComm !== "function") return manager._create_comm(target, id, data, metadata, buffers);
  // JupyterLab sends a comm's messages by a subshell, in a thread of its own, once it knows of that. It would open the comm
  // before, by the main shell: then an update of another widget that refers to this one overtakes the open message.
  const comm = await manager._create_comm(manager.comm_target_name, id); // comms of one target keep their order: it has one subshell
  const { jsServicesComm } = comm;
  await kernel.info;
  if (kernel.supportsSubshells && jsServicesComm?.subshellStarted && jsServicesComm.commsOverSubshells !== "disabled") {
    const patience = new Promise((done) => setTimeout(done, SUBSHELL));
    await Promise.race([jsServicesComm.subshellStarted, patience]).catch(() => {}); // without one it is as it was
  }
  if (jsServicesComm) jsServicesComm._target = target; // CommHandler's, which the open message names
  comm.open(data, undefined, metadata, buffers);
  return comm;
}

/** @typedef {Record<string, {serialize?: (value: any, model: any) => any, deserialize?: (value: any, manager: any) => any} | undefined>} Serializers */

/** How the page's own models turn traits into what travels, and back. Those of anywidget's front ends have none. @param {any} afm @returns {Serializers} */
export function serializersOf(afm) {
  return afm.constructor?.serializers ?? {};
}
