// What it costs a message that its comm is reliable: from a cell of a real kernel to a typed handler in Go.

import { gocomm, expect } from "./sides.js";

const CODE = `
import gc, json, sys, time
sys.path.insert(0, %path%)
from comm import create_comm
from gocomm import calls, reliable
_plain, _sure = create_comm(target_name="sure"), reliable.open("sure")
_sides = [(comm, calls.attach(comm)) for comm in (_plain, _sure)]
_sent = 0
def _burst(n):
    """Milliseconds until the page has handled n messages: on the plain comm, and on the reliable one."""
    global _sent
    took = []
    for comm, peer in _sides if _sent % (2 * n) else reversed(_sides): # by turns the first
        gc.collect()
        start = time.perf_counter()
        for i in range(n):
            comm.send({"method": "update", "value": i, "x": 1.5, "name": "abc", "on": True})
        handled = peer.call("handled", {}, timeout=60)
        took.append((time.perf_counter() - start) * 1000)
        assert handled == _sent + n, (handled, _sent, n)
    _sent += n
    return took if (_sent - n) % (2 * n) else took[::-1]
`;

/** Runs Python and gives an expression's value. */
const run = (kernel, code, expression = "None") => new Promise((done, failed) => {
  const reply = ({ content }) => {
    const value = content.user_expressions?.value;
    if (content.status === "ok" && value.status === "ok") done(JSON.parse(value.data["text/plain"].slice(1, -1)));
    else failed(new Error(`bench: the kernel's answer: ${JSON.stringify(content)}`));
  };
  kernel.execute(code, { shell: { reply } }, { silent: false, user_expressions: { value: `json.dumps(${expression})` } });
});

export async function reliable(kernel, { path, repetitions, each, slow }) {
  const { attach, detach } = await import(gocomm);
  await attach(kernel, { wasm: new URL("/nbextensions/bench/sure.wasm", location).href, mode: "beside" });
  await run(kernel, CODE.replace("%path%", JSON.stringify(path)));
  const result = { n: each, baseline: [], ours: [] };
  for (let i = -3; i < repetitions; i++) { // the first ones warm up
    const [plain, sure] = await run(kernel, "", `_burst(${each})`);
    if (i >= 0) {
      result.baseline.push(plain);
      result.ours.push(sure * slow);
    }
  }
  expect(await run(kernel, "", "reliable.of(_sure).aware and not reliable.of(_sure).plain"), "the comm is plain");
  detach(kernel);
  return result;
}
