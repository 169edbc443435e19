// What a page shows of comms that it, or another page on its kernel, has caused to be opened.

const { kernel } = Jupyter.notebook;
const shown = new Map();

/** Registers targets; those that it does not name are the other page's alone. */
export function begin({ targets }) {
  for (const target of targets) {
    kernel.comm_manager.register_target(target, (comm, msg) => {
      const seen = { opened: 0, got: 0, disorder: 0, last: 0, closed: 0 };
      const name = `${target} ${msg.content.data.n}`;
      if (shown.has(name)) shown.get(name).opened++;
      else shown.set(name, seen);
      seen.opened++;
      comm.on_msg((m) => {
        seen.got++;
        if (m.content.data !== seen.last + 1) seen.disorder++;
        seen.last = m.content.data;
      });
      comm.on_close(() => { seen.closed++; });
    });
  }
}

/** As text, to be compared. */
export const show = () => [...shown.entries()].sort().map(([name, seen]) => `${name} ${JSON.stringify(seen)}`).join("\n");
