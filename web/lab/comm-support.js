// Whether a kernel handles comms. One that does not ignores them without a word: whoever opens a comm would wait for ever.
// @ts-check

import { Hub } from "../comms/hub.js";
import * as log from "../runtime/log.js";

export class CommSupport {
  /** @param {import("./connection-kernel.js").ConnectionKernel} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    this.asked = false;
  }

  /** A comm was opened, the first of which the kernel is asked for. @param {{comm_id: string, target_name: string}} content of the message */
  async opened({ comm_id, target_name }) {
    if (this.asked) return;
    this.asked = true;
    const { kernel } = this;
    try {
      const { content } = await kernel.connection.requestCommInfo({ target_name }); // and the kernel is idle: it has handled the open
      const live = Hub.at(/** @type {any} */ (kernel))?.routes.has(comm_id); // it is not, where the kernel has refused it
      if (!live || content.status !== "ok" || Object.hasOwn(content.comms, comm_id)) return;
      log.warn(`gocomm: comm ${comm_id} (target ${target_name}): the kernel ${kernel.name} does not know it after its open: it seems to handle no comms, so nothing will come back; choose a kernel that does`);
    } catch {
      // The kernel was restarted or left meanwhile: the next comm tells.
      this.asked = false;
    }
  }
}
