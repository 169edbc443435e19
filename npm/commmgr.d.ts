import type { ProgramFiles } from "./gocomm.js";

/** The comm manager in Go, without targets of its own: attach(kernel, { wasm: commmgr }). */
declare const commmgr: ProgramFiles;
export default commmgr;
