// The contract of gocomm.js.

/** A message as the Jupyter messaging specification describes it, parsed. */
export interface Message {
  header: { msg_id: string; msg_type: string; session: string; [name: string]: any };
  parent_header: { msg_id?: string; session?: string; [name: string]: any };
  metadata: Record<string, any>;
  content: any;
  buffers: (DataView | ArrayBuffer)[];
  [name: string]: any;
}

/** Callbacks for messages that answer one sent, in classic Notebook's form. */
export interface Callbacks {
  shell?: { reply?: (msg: Message) => any; payload?: Record<string, (payload: any, msg: Message) => any> };
  iopub?: {
    output?: (msg: Message) => any;
    clear_output?: (msg: Message) => any;
    status?: (msg: Message) => any;
  };
  input?: (msg: Message) => any;
  clear_on_done?: boolean;
}

/** What gocomm needs of a kernel object: classic Notebook's Kernel has it, and what kernel.js connects. */
export interface Kernel {
  comm_manager: any;
  session_id: string;
  get_iopub_handler(msg_type: string): (msg: Message) => any;
  register_iopub_handler(msg_type: string, handler: (msg: Message) => any): void;
  /** Sends, or queues while there is no connection, and returns the msg_id. */
  send_shell_message(
    msg_type: string, content: object, callbacks?: Callbacks, metadata?: object, buffers?: (ArrayBuffer | ArrayBufferView)[],
  ): string;
  send_input_reply(value: string): string;
}

/**
 * A program's two files, as bundlers find them:
 * { url: new URL("./NAME.wasm.gz", import.meta.url), Go }, with import Go from "./NAME.wasm.js".
 */
export interface ProgramFiles {
  /** The program's URL, compressed or not, absolute or relative to the page. It may be of any origin that lets the page read it. */
  url: string | URL;
  /** The JavaScript of the Go release that built it: the default export of NAME.wasm.js. */
  Go: new () => any;
  /** What the program is called in messages; the last part of url if it is not given. */
  name?: string;
}

export interface AttachOptions {
  /**
   * The program's URL, absolute or relative to the page. Fetched are this URL with
   * ".gz" appended (the program, compressed) and with ".js" appended (its Go
   * runtime). They must be of the page's origin, or of gocomm.js's. Or the files
   * themselves, where a bundler gives them names and places of its own.
   */
  wasm: string | ProgramFiles;
  /**
   * "replace" (the default): the program is the kernel's comm_manager, also for the
   * page's JavaScript, and shares the tables of the one that was there. "beside":
   * kernel.comm_manager stays, and gets all that is not registered with the program:
   * by its Go, or by JavaScript with the manager that attach gives, which has tables
   * of its own.
   */
  mode?: "replace" | "beside";
  /**
   * How long the promise that a JavaScript handler returns holds other messages of the
   * same request and of the same comm, in milliseconds; 10000 if it is not given. Then the
   * comm is named as stalled on the console, and they go on. All others are held for 20 ms
   * at the most, where the kernel object has the method _finish_ws_message; where not,
   * as long as these.
   */
  stallLimit?: number;
  /**
   * How large a message on a comm may be when it is sent, in bytes of what travels; 8 MiB if it is not given, since
   * Jupyter's server drops the connection at 10 MiB. A larger one is refused: JavaScript's sends throw, Go's return
   * commmgr.ErrTooLarge. Where the server takes more, set it to what its tornado_settings have as
   * websocket_max_message_size.
   */
  maxSend?: number;
  /**
   * Lets the program's Go register targets that the page's JavaScript has registered: comms to them are Go's from then
   * on. Without it Go gets commmgr.ErrTargetTaken.
   */
  overrideTargets?: boolean;
  /** Handed to the program, which reads it with package jsglue/options. */
  options?: object;
  /** The response for the URL with ".br" or ".gz", or for ProgramFiles.url, where its fetch is under way already. */
  response?: Promise<Response>;
  /** When the loading began, if that was before this call, in milliseconds of performance.now. */
  since?: number;
}

/**
 * Starts a Go program on a kernel. Comm messages are held from this call on, for at
 * most 5 s, and with them what follows of the same requests: outputs, status, replies.
 * All are delivered in order when the program is ready; after 5 s, or when more than 65,536
 * messages or 64 MiB wait, the manager that was there gets them, until the program is.
 * Each program has 5 s of its own. Resolves with the program's manager:
 * in mode "replace", it is kernel.comm_manager. Rejects when the program cannot be
 * loaded or fails to start: the manager that was there has been given what was held,
 * and stays.
 *
 * A program that dies later is started again, at most three times within five minutes,
 * with the same manager object. Comms whose handlers are JavaScript live on; those
 * whose handlers are Go are closed. When it has died too often they live on with the
 * manager that was there. The console says which.
 */
export function attach(kernel: Kernel, options: AttachOptions): Promise<CommManager>;

/**
 * Ends all programs on a kernel and puts back all that was changed on it. Comms and
 * targets of the page's JavaScript go on with the manager that was there.
 */
export function detach(kernel: Kernel): void;

/**
 * A small button that says what gocomm does on a kernel: a program that has been loading for 0.5 s, and how much of it
 * is there, or that there was a problem. Behind it are details: the comm manager, the programs and their live comms,
 * the last line that gocomm has written to the console, and a button that calls leave. own names whose comm manager
 * there is without gocomm, in the possessive ("Notebook's"). dispose ends it and removes its node.
 */
export function statusEntry(page: {
  kernel: () => Kernel | null | undefined;
  own: string;
  leave: () => void;
}): { node: HTMLElement; dispose: () => void };

/** A comm manager, with the methods of classic Notebook's. */
export interface CommManager {
  kernel: Kernel;
  targets: Record<string, OpenFunction>;
  comms: Record<string, Promise<Comm>>;
  /** Replaces what JavaScript registered. A target that a Go program has stays its own, and the console says so. */
  register_target(target_name: string, f: OpenFunction, options?: TargetOptions): void;
  unregister_target(target_name: string, f?: OpenFunction): void;
  /**
   * Opens a comm. Where the id is that of a live comm, the kernel opens it anew: comms[id] is the new object, which
   * alone gets the messages. Throws like Comm.open, and as register_comm does.
   */
  new_comm(
    target_name: string, data?: any, callbacks?: Callbacks, metadata?: object, comm_id?: string, buffers?: (ArrayBuffer | ArrayBufferView)[],
  ): Comm;
  /**
   * Takes up a comm that is open, or about to be; also one of services/kernels/comm,
   * or any object with handle_msg and handle_close. Where the id is that of a live
   * comm, both get its messages, and comms[id] is the newer. Sends nothing. Throws when
   * a Go program, or another program's manager, has a live comm with the id, and when
   * the id or the target is not 1 to 128 characters of printable ASCII, or is a name
   * that every JavaScript object has.
   */
  register_comm(comm: Comm): string;
  unregister_comm(comm: Comm): void;
  comm_open(msg: Message): Promise<Comm> | undefined;
  comm_msg(msg: Message): Promise<Comm> | undefined;
  comm_close(msg: Message): Promise<Comm> | undefined;
}

export type OpenFunction = (comm: Comm, msg: Message) => any;

export interface TargetOptions {
  /**
   * Has on_close called when the kernel ends: restarted, changed, shut down or dead. Its
   * message is a comm_close with the reason in content.data.reason. It is not called
   * otherwise, as with the stock manager: widgets would leave the page. In each case the
   * comm has ended, and nothing more is sent on it.
   */
  closeWithKernel?: boolean;
  /**
   * Takes up a comm of the target that outlives the page which had it: the kernel still has it, and this page is that
   * one, loaded again. It sets the handlers, as the target's function does; there is no open message. When it throws, or
   * its promise is rejected, the comm is closed. Without it such comms are unknown on this page.
   */
  adopt?: (comm: Comm) => any;
}

/**
 * What handlers of the event "comm_gap.Kernel" on kernel.events get: the connection to
 * the kernel was lost and is back, and messages may be lost that the kernel sent
 * meanwhile, or shortly before. The comms live on. The event comes after the messages
 * that were received before the gap, and before those that are received after it.
 */
export interface CommGap {
  kernel: Kernel;
  /** When the loss was noticed, and when it was over: milliseconds, as of Date.now. */
  since: number;
  until: number;
}

export interface Comm {
  comm_id: string;
  target_name: string;
  kernel: Kernel;
  /** Like send. Opens a comm that has ended again. */
  open(data?: any, callbacks?: Callbacks, metadata?: object, buffers?: (ArrayBuffer | ArrayBufferView)[]): string;
  /**
   * Returns the msg_id. Throws, and sends nothing, when data or metadata are not JSON
   * (a BigInt, a cycle), when the message is larger than AttachOptions.maxSend, and when
   * too much waits for a kernel to identify itself after a reconnection. On a comm that
   * has ended it does not throw, as with the stock manager: the kernel gets the message
   * all the same, but nothing that is for a kernel which has ended is sent to the next.
   * The console has one line for such a comm.
   */
  send(data?: any, callbacks?: Callbacks, metadata?: object, buffers?: (ArrayBuffer | ArrayBufferView)[]): string;
  /** Like send. */
  close(data?: any, callbacks?: Callbacks, metadata?: object, buffers?: (ArrayBuffer | ArrayBufferView)[]): string;
  on_msg(callback: ((msg: Message) => any) | null): void;
  on_close(callback: ((msg: Message) => any) | null): void;
}
