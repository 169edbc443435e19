// The contract of kernel.js: a kernel for a page without Jupyter.

import type { Callbacks, Kernel } from "./gocomm.js";

export interface ConnectOptions {
  /**
   * The Jupyter server's address, absolute or relative to the page; "/" if it is not
   * given. One of another origin has to allow the page's by its setting allow_origin.
   */
  baseUrl?: string;
  /**
   * The server's token. It may stand in baseUrl as well, as Jupyter prints it ("…/?token=…"). A page that the
   * server itself serves needs none when its user is logged in; a sandboxed page, which has no cookies, needs one.
   *
   * Requests have the token in a header. The websocket has it in its URL, as in JupyterLab, since browsers
   * give websockets no headers: a server that logs URLs logs the token. No property of the kernel shows it.
   * A server of JupyterHub takes it there from any browser with JUPYTERHUB_ALLOW_TOKEN_IN_URL=1 in its environment.
   */
  token?: string;
  /**
   * The name of a session on the server, of the page's choice. Pages that give the same path use the same kernel, also
   * when they are loaded again: it is started where the session has none, or where it has ended. Jupyter's notebooks
   * have their file's path here. The kernel's working directory is the path's folder on the server, if it is there.
   */
  path?: string;
  /** The id of a kernel that runs, instead of path. Without both, each call starts a kernel. */
  id?: string;
  /**
   * The kernel spec to start, such as "python3"; the server's default if it is not given. connect rejects where the
   * session's kernel is another one.
   */
  name?: string;
}

/**
 * Connects to a kernel. Rejects when the server cannot be reached or refuses, or when
 * there is no such kernel: also when it ends meanwhile, where a session gets another. It waits
 * for 90 s at most while the server does not answer for the kernel. A server may refuse to list
 * its kernels, as kernel gateways do by default. A connection that is lost later is opened again,
 * after 1 s at first and every 15 s in the end, for as long as the kernel exists; what is sent
 * meanwhile waits.
 */
export function connect(options: ConnectOptions): Promise<KernelConnection>;

/**
 * A kernel, to be handed to attach. Its messages are those of the specification; the
 * header and metadata of most are read when they are asked for, by properties that are
 * not the message's own: a copy by {...msg} lacks them. The parent_header and buffers of
 * these are frozen, since a burst's messages share them.
 */
export interface KernelConnection extends Kernel {
  readonly id: string;
  readonly name: string;
  /** The content of the last kernel_info_reply. */
  readonly info_reply: any;
  /**
   * kernel_connected.Kernel, kernel_ready.Kernel (it has answered), kernel_disconnected.Kernel,
   * kernel_reconnecting.Kernel, kernel_restarting.Kernel, kernel_dead.Kernel, kernel_killed.Kernel:
   * as in classic Notebook; and comm_gap.Kernel, with a CommGap. Names are separated by spaces.
   */
  events: {
    on(names: string, handler: (event: { type: string }, data: any) => void): void;
    off(names: string, handler: (event: { type: string }, data: any) => void): void;
    trigger(name: string, data: any): void;
  };
  /**
   * Has the kernel execute code, and returns the msg_id. Options are fields of the
   * execute_request; by default history is not stored, and stdin allowed with a callback for it.
   */
  execute(code: string, callbacks?: Callbacks, options?: object): string;
  is_connected(): boolean;
  interrupt(): Promise<void>;
  /** Restarts the kernel, and ends all comms. When it rejects, the kernel and its comms live on. */
  restart(): Promise<void>;
  /** Ends the kernel and the connection. When it rejects, both live on. */
  shutdown(): Promise<void>;
  /** Ends the connection; the kernel lives on. */
  close(): void;
}
