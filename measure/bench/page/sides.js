// Kernels to measure on: objects of the page's own module services/kernels/kernel,
// one with the stock comm manager, others with gocomm's.

export const gocomm = "/nbextensions/gocomm/gocomm.js";
export const dropIn = new URL("/nbextensions/gocomm/commmgr.wasm", location).href;

/** Loads AMD modules. */
export const amd = (...names) => new Promise((loaded, failed) => require(names, (...modules) => loaded(modules), failed));

/** A Kernel object of the page's. */
export async function kernelObject() {
  const [{ Kernel }] = await amd("services/kernels/kernel");
  return unconnected(new Kernel("/api/kernels", "ws://127.0.0.1", "python3"));
}

/** A kernel object that is connected to nothing: its socket counts what is sent. */
export function unconnected(kernel) {
  const socket = {
    readyState: WebSocket.OPEN,
    sent: 0,
    last: undefined,
    send(frame) {
      this.sent++;
      this.last = frame;
    },
  };
  kernel.ws = socket;
  return { kernel, socket };
}

export async function stockSide() {
  return side(await kernelObject());
}

/** @param {string} wasm the program's URL */
export async function gocommSide(wasm = dropIn) {
  const made = await kernelObject();
  const { attach } = await import(gocomm);
  await attach(made.kernel, { wasm });
  if (!("_hub" in made.kernel.comm_manager)) throw new Error("gocomm has not taken the manager's place");
  return side(made);
}

function side({ kernel, socket }) {
  const s = { kernel, socket, hits: 0, opened: 0, closed: 0 };
  kernel.comm_manager.register_target("bench", (comm) => {
    s.opened++;
    comm.on_msg(() => { s.hits++; });
    comm.on_close(() => { s.closed++; });
  });
  return s;
}

/** Opens comms from the kernel. */
export async function openComms(s, n) {
  for (let i = 0; i < n; i++) {
    await s.kernel.get_iopub_handler("comm_open")(message(s, "comm_open", { comm_id: commID(i), target_name: "bench", data: {} }));
  }
  expect(s.opened >= n, `${s.opened} of ${n} comms are open`);
}

export const commID = (i) => i.toString(16).padStart(32, "0");

/** A message as the kernel sends one, in answer to the page. */
export function message(s, type, content) {
  const header = { msg_id: `5ab1f2ce-${commID(0)}_1`, msg_type: type, username: "username", session: "5ab1f2ce-kernel", date: "2025-01-01T00:00:00.000000Z", version: "5.3" };
  const parent_header = { ...header, msg_id: commID(1), msg_type: "comm_msg", session: s.kernel.session_id };
  return { header, msg_id: header.msg_id, msg_type: type, parent_header, metadata: {}, content, buffers: [], channel: "iopub" };
}

/** The update that a slider of ipywidgets sends. */
export const update = (i) => ({ method: "update", state: { value: i }, buffer_paths: [] });

export const updates = (s, n, comms) =>
  Array.from({ length: n }, (_, i) => message(s, "comm_msg", { comm_id: commID(i % comms), data: update(i) }));

/** What was measured must have happened. */
export function expect(ok, what) {
  if (!ok) throw new Error(`bench: not measured: ${what}`);
}
