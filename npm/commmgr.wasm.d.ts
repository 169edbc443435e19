/** The JavaScript of the Go release that built commmgr.wasm.gz. */
declare const Go: new () => any;
export default Go;
