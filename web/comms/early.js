// What a page of Notebook needs before it is known whether gocomm.js comes: the build makes an AMD module of it.
// @ts-check

export { MessageHook } from "./message-hook.js";
export { PageSession } from "../session/page-session.js";
