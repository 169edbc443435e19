// A React component whose state is on a comm. Both extensions, main.js and lab.js, import it.
// @ts-check

import { createElement as h, createRoot, useState, useSyncExternalStore } from "./static/react.js";

/**
 * @typedef {{text: string, done: boolean}} Task
 * @typedef {{items: Task[], ended?: boolean}} State what Python's class sends
 */

/** The comms that Python has opened, by their ids, and who waits for one. @type {Map<string, CommState>} */
const states = new Map();
/** @type {Map<string, Set<() => void>>} */
const waiting = new Map();

/** The state on a comm, for React's useSyncExternalStore: what the kernel has sent last. */
class CommState {
  /** @type {State} */
  #last;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {any} comm @param {State} first */
  constructor(comm, first) {
    this.comm = comm;
    this.#last = first;
    comm.on_msg((/** @type {any} */ msg) => this.#set(msg.content.data));
    comm.on_close(() => this.#set({ ...this.#last, ended: true }));
  }

  get = () => this.#last;

  subscribe = (/** @type {() => void} */ listener) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };

  /** @param {State} state */
  #set(state) {
    this.#last = state;
    this.#listeners.forEach((listener) => listener());
  }
}

/** A component's state on a comm, and what sends the kernel a message. @param {CommState} state @returns {[State, (data: any) => void]} */
function useComm(state) {
  return [useSyncExternalStore(state.subscribe, state.get), (data) => { state.comm.send(data); }];
}

/** @param {{state: CommState}} props */
function TaskList({ state }) {
  const [{ items, ended = false }, send] = useComm(state);
  const [text, setText] = useState("");
  const done = items.filter((task) => task.done).length;
  return h("div", null,
    h("strong", null, `${done} of ${items.length} done`),
    h("ul", { style: { listStyle: "none", margin: "6px 0", padding: 0 } }, items.map((task, index) =>
      h("li", { key: index }, h("label", { style: { textDecoration: task.done ? "line-through" : "none" } },
        h("input", { type: "checkbox", checked: task.done, disabled: ended, onChange: () => send({ index, done: !task.done }) }), " ", task.text)))),
    h("input", { value: text, disabled: ended, placeholder: "another task", "aria-label": "another task", onKeyDown,
      onChange: (/** @type {any} */ e) => setText(e.target.value) }),
    " ", h("button", { type: "button", disabled: ended || !text.trim(), onClick: add }, "Add"));

  /** There is no form: in JupyterLab the key does not submit one. @param {KeyboardEvent} e */
  function onKeyDown(e) {
    if (e.key === "Enter") add();
  }

  function add() {
    if (!text.trim()) return;
    send({ add: text.trim() });
    setText("");
  }
}

/** What the cell's output contains: <task-list comm="ID">. The page may have it before the comm, twice, and again later. */
class TaskListElement extends HTMLElement {
  /** @type {ReturnType<typeof createRoot> | undefined} */
  #root;

  connectedCallback() {
    const id = this.getAttribute("comm") ?? "", state = states.get(id);
    if (state) {
      this.#root = createRoot(this);
      this.#root.render(h(TaskList, { state }));
    } else {
      waiting.set(id, (waiting.get(id) ?? new Set()).add(this.#again));
    }
  }

  disconnectedCallback() {
    waiting.get(this.getAttribute("comm") ?? "")?.delete(this.#again);
    this.#root?.unmount();
    this.#root = undefined;
  }

  #again = () => this.connectedCallback();
}

customElements.define("task-list", TaskListElement);

/** Has a comm manager of gocomm's, or classic Notebook's own, show the comms to the target "tasks". @param {any} manager */
export function register(manager) {
  manager.register_target("tasks", (/** @type {any} */ comm, /** @type {any} */ open) => {
    states.set(comm.comm_id, new CommState(comm, open.content.data));
    waiting.get(comm.comm_id)?.forEach((again) => again());
    waiting.delete(comm.comm_id);
  });
}
