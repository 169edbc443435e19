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
export interface LabProgram extends Pick<AttachOptions, "wasm" | "options" | "stallLimit" | "maxSend" | "overrideTargets"> {}

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
 * it, have the promises of gocomm (docs/guarantees.md); Lab's own comms stay as they are.
 */
export function manager(connection: LabConnection, options?: Omit<LabProgram, "wasm">): Promise<CommManager>;

/**
 * What an extension of a program finds, or makes, at globalThis[Symbol.for("gocomm.lab.1")]: it pushes its program.
 * gocomm's extension, whichever of them is activated first, runs it on each notebook's kernel.
 */
export interface LabPrograms {
  programs: LabProgram[];
  /** Set by gocomm's extension: loads lab.js. */
  load?: () => Promise<typeof import("./lab.js")>;
}
