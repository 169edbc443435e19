// JupyterLab's comms, as a comm manager that stays where it is: the tables show what Lab has, so that programs
// leave it alone. Lab's own handlers do the rest.
// @ts-check

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./lab-kernel.js").LabKernel} LabKernel
 */

export class LabManager {
  /** @param {LabKernel} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    const { connection } = kernel;
    /** Of JavaScript's, which go on where a program has ended. @type {Record<string, any>} */
    this.kept = Object.create(null);
    /** @type {Record<string, any>} */
    this.targets = table(Object.create(null), (name) => connection._targetRegistry[name]);
    /** @type {Record<string, any>} */
    this.comms = table(this.kept, (id) => (connection.hasComm(id) ? {} : undefined));
  }

  /** Lab has it already. @param {string} _target @param {Function} _f */
  register_target(_target, _f) {}

  /** @param {string} target @param {Function} f */
  unregister_target(target, f) {
    this.kernel.connection.removeCommTarget(target, f);
  }

  /** @param {string} target */
  new_comm(target) {
    throw new Error(`gocomm: new_comm: target ${target}: open comms with the manager that attach gives, or with createComm of Lab's kernel connection`);
  }

  /** @param {any} comm */
  register_comm(comm) {
    this.kept[comm.comm_id] = Promise.resolve(comm);
    comm.kernel = this.kernel;
    return comm.comm_id;
  }

  /** @param {any} comm */
  unregister_comm(comm) {
    delete this.kept[comm.comm_id];
  }

  /** Has a comm of JavaScript's get a message. @param {string} type @param {Message} msg @returns {Promise<void> | undefined} undefined: there is no such comm */
  receive(type, msg) {
    const kept = this.kept[msg.content.comm_id];
    if (kept === undefined || type === "comm_open") return undefined;
    if (type === "comm_close") delete this.kept[msg.content.comm_id];
    return kept.then((/** @type {any} */ comm) => (type === "comm_msg" ? comm.handle_msg(msg) : comm.handle_close(msg)));
  }
}

/**
 * An object that has a property of its own also for what look finds.
 * @param {Record<string, any>} own @param {(name: string) => any} look
 */
function table(own, look) {
  const find = (/** @type {string | symbol} */ name) => (typeof name === "string" ? own[name] ?? look(name) : undefined);
  return new Proxy(own, {
    get: (_, name) => find(name),
    has: (_, name) => find(name) !== undefined,
    getOwnPropertyDescriptor(_, name) {
      const value = find(name);
      return value === undefined ? undefined : { value, configurable: true, enumerable: true, writable: true };
    },
  });
}
