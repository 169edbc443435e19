// The comm manager in Go, for attach. Bundlers find its files by this form of import and URL.
import Go from "./commmgr.wasm.js";

export default { name: "commmgr.wasm", url: new URL("./commmgr.wasm.gz", import.meta.url), Go };
