// A page's module: TypeScript checks it, Vite builds it, and tsc makes main.js of it.
import { attach, detach, type Comm, type CommManager, type Message } from "gocomm";
import { connect, type KernelConnection } from "gocomm/kernel.js";
import * as afm from "gocomm/afm.js";
import commmgr from "gocomm/commmgr.js";
import Go from "./cookbook.wasm.js";

const asked = new URL(location.href).searchParams;
const kernel: KernelConnection = await connect({ baseUrl: asked.get("server") ?? "/", token: asked.get("token") ?? "", path: "npm" });
const manager: CommManager = await attach(kernel, { wasm: commmgr });
const heard = await new Promise<Message>((resolve) => {
  manager.register_target("page", (comm: Comm, open: Message) => resolve(open));
  kernel.execute("from ipykernel.comm import Comm; a = Comm(target_name='page', data={'n': 1})");
});

// A program of one's own: as a bundler finds it, and by its URL.
await attach(kernel, { wasm: { url: new URL("./cookbook.wasm.gz", import.meta.url), Go }, mode: "beside" });
kernel.execute("b = Comm(target_name='my_comm_target', data={'n': 2})");
detach(kernel);
await attach(kernel, { wasm: "./cookbook.wasm", options: {} });
Object.assign(globalThis, { page: { kernel, afm: typeof afm.program, heard: heard.content.data.n } });
