// The contract of lab.js: Go programs for comms in JupyterLab 4 and Notebook 7.

import type { AttachOptions, CommManager, Kernel } from "./gocomm.js";

export { attach, detach } from "./gocomm.js";

/** What gocomm uses of the public part of @jupyterlab/services' IKernelConnection. */
export interface LabConnection {
  readonly id: string;
  readonly name: string;
  readonly clientId: string;
  readonly username: string;
  readonly handleComms: boolean;
  readonly isDisposed: boolean;
  readonly [name: string]: any;
}

/** A program, and what attach does with it. Its mode is always "beside": Lab's comms stay Lab's. */
export interface LabProgram extends Partial<Pick<AttachOptions, "wasm" | "options" | "stallLimit" | "maxSend" | "overrideTargets">> {
  /** Where it is not given, the program is gocomm's own, which has no targets: started registers those of JavaScript. */
  wasm?: string;
  /** The user's setting, where it is not given. */
  stallLimit?: number;
  /** The user's setting, where it is not given. */
  maxSend?: number;
  /**
   * Called for each connection of a notebook to a kernel, with the program's manager: JavaScript registers its targets
   * with it. They stay through restarts of the kernel. What it throws, or rejects with, is shown on the console.
   */
  started?: (manager: CommManager, connection: LabConnection) => unknown;
}

/**
 * The kernel object for a connection of Lab, to be handed to attach with mode "beside"; the same one each time.
 * Throws where the connection has no comms: of several connections of a page to one kernel, the first one has them.
 */
export function labKernel(connection: LabConnection): Kernel;

/**
 * Starts a program on a connection, and resolves with its manager; later calls with the same URL give the same one.
 * Rejects as attach does. The program ends with the connection.
 */
export function run(connection: LabConnection, program: LabProgram): Promise<CommManager>;

/**
 * A comm manager in the form of classic Notebook's, for JavaScript: what it opens, and the targets registered with
 * it, have the promises of gocomm (docs/guarantees.md); Lab's own comms stay as they are. Rejects as run does, and
 * where the user has switched gocomm off. Comms that the kernel opens before the manager is there are held only from
 * this call on: an extension that has targets pushes a program with started.
 */
export function manager(connection: LabConnection, options?: Omit<LabProgram, "wasm" | "started">): Promise<CommManager>;

/** For gocomm's extension: puts the status entry (statusEntry of gocomm.d.ts) into a notebook's toolbar, once. */
export function showStatus(panel: any, session: any, scope: any): Promise<void>;

/** What a user sets in Lab's Settings Editor. */
export interface LabSettings {
  /** Whether notebooks get a status entry. */
  status?: boolean;
  /** Whether programs run on connections that come from now on. */
  enabled?: boolean;
  /** As AttachOptions has it, in milliseconds. */
  stallLimit?: number;
  /** As AttachOptions has it, in bytes. */
  maxSend?: number;
}

/**
 * What an extension of a program finds, or makes, at globalThis[Symbol.for("gocomm.lab.1")]: it pushes its program.
 * gocomm's extension, whichever of them is activated first, runs it on each notebook's kernel.
 */
export interface LabPrograms {
  programs: LabProgram[];
  /** Set by gocomm's extension: loads lab.js. */
  load?: () => Promise<typeof import("./lab.js")>;
  /** Set by gocomm's extension: reads the settings. It does not reject: what cannot be read is as if it were not set. */
  settings?: () => Promise<LabSettings>;
}
