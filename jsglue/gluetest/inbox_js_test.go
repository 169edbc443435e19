package gluetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// received gives the kernel object the part of classic's that takes what comes over the
// websocket, one message after the other, and a manager whose handlers do as they are told.
const received = `
	const log = [], free = {};
	kernel._msg_queue = Promise.resolve();
	kernel._finish_ws_message = (msg) => kernel.handlers[msg.header.msg_type](msg);
	kernel.register_iopub_handler("stream", (msg) => { log.push(msg.content.text); });
	const feed = (parent, msg) => {
		msg.parent_header.msg_id = parent;
		kernel._msg_queue = kernel._msg_queue.then(() => kernel._finish_ws_message(msg)).catch((e) => { log.push("thrown " + e); });
	};
	const print = (parent, text) => feed(parent, message("stream", { text }));
	const say = (parent, id, data) => feed(parent, commMsg(id + round, data));
	const logged = (n) => until(() => log.length >= n, n + " lines: " + log);
	const before = kernel._finish_ws_message;
	const manager = await attach("probe");
	let round = 0;
	manager.register_target("js", (comm) => {
		comm.on_msg((m) => {
			const what = m.content.data, name = comm.comm_id[0] + " " + what;
			log.push(name);
			if (what === "rejects") return Promise.reject(null);
			if (what === "slow") return new Promise((resolve) => { free[name] = () => { log.push(name + " is done"); resolve(); }; });
			return what === "never" ? new Promise(() => {}) : undefined;
		});
	});
	const results = {};
	const one = async (name, f) => {
		round++;
		for (const id of ["a", "b", "c"]) feed("open", commOpen(id + round, "js"));
		await kernel._msg_queue;
		log.length = lines.length = 0;
		await f();
		await kernel._msg_queue;
		results[name] = { log: [...log], errors: errors() };
	};
`

// TestHolding: what waits for the promise of a handler, and what does not.
func TestHolding(t *testing.T) {
	cases := []struct {
		name, js string
		want     []string
		errors   int
	}{
		{"the same request waits, another does not", `
			say("X", "a", "slow"); print("X", "X"); say("X", "b", "1"); print("Y", "Y"); say("Y", "b", "2");
			await logged(3); print("X", "X again"); print("Z", "Z"); await logged(4); free["a slow"](); await logged(8);`,
			[]string{"a slow", "Y", "b 2", "Z", "a slow is done", "X", "b 1", "X again"}, 0},
		{"all wait for a moment", `
			manager.register_target("later", (comm) => task().then(() => { log.push("opened"); }));
			feed("X", commOpen("d", "later")); print("Y", "Y"); await logged(2);`,
			[]string{"opened", "Y"}, 0},
		{"its own messages keep their order", `
			say("X", "a", "slow"); print("Y", "Y"); say("Y", "a", "1"); say("Z", "a", "2"); print("Z", "Z"); print("V", "V");
			await logged(3); free["a slow"](); await logged(7);`,
			[]string{"a slow", "Y", "V", "a slow is done", "a 1", "a 2", "Z"}, 0},
		{"one that never settles is named, and its request goes on", `
			say("X", "a", "never"); print("X", "X"); print("Y", "Y"); await logged(3);`,
			[]string{"a never", "Y", "X"}, 1},
		{"its later promises get no more than a moment", `
			for (let n = 0; n < 20; n++) say("X" + n, "a", "never");
			say("X", "a", "last"); print("X", "X"); await logged(22);`,
			append(repeated("a never", 20), "a last", "X"), 1},
		{"nor do others of a request that has stalled", `
			for (const id of ["a", "b", "c"]) say("X", id, "never");
			print("X", "X"); await logged(4);`,
			[]string{"a never", "b never", "c never", "X"}, 3},
		{"a request that waits for two", `
			say("X", "a", "slow"); say("Y", "b", "slow"); say("X", "b", "1"); print("X", "X"); print("Y", "Y"); print("Z", "Z");
			await logged(3); free["a slow"](); await task(); await task(); free["b slow"](); await logged(8);`,
			[]string{"a slow", "b slow", "Z", "a slow is done", "b slow is done", "b 1", "Y", "X"}, 0},
		{"a rejection holds nothing", `say("X", "a", "rejects"); print("X", "X"); print("Y", "Y"); await logged(3);`,
			[]string{"a rejects", "X", "Y"}, 1},
		{"the kernel's end takes its comm messages out", `
			say("X", "a", "slow"); print("Y", "Y"); say("X", "b", "of the kernel that ends"); print("X", "X"); await logged(2);
			hub().epoch.end(); hub().epoch.over = false; free["a slow"](); await logged(4);`,
			[]string{"a slow", "Y", "a slow is done", "X"}, 0},
		{"a handler that throws while it was held", `
			kernel.register_iopub_handler("odd", () => { throw new Error("the page's own"); });
			say("X", "a", "slow"); feed("X", message("odd", {})); print("X", "X"); print("Y", "Y");
			await logged(2); free["a slow"](); await logged(4);`,
			[]string{"a slow", "Y", "a slow is done", "X"}, 1},
		{"detached meanwhile", `
			say("X", "a", "slow"); print("X", "X"); say("X", "b", "1"); print("Y", "Y"); await logged(2);
			detach(); await logged(4);
			if (kernel._finish_ws_message !== before) throw new Error("it is not off the kernel object");`,
			[]string{"a slow", "Y", "X", "b 1"}, 0},
	}
	js := received
	for _, c := range cases {
		js += fmt.Sprintf("await one(%q, async () => {%s});\n", c.name, c.js)
	}
	var got map[string]struct{ Log, Errors []string }
	newPage(t, 20).get(&got, js+`return results;`) // 10 s are 0.5 s
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, got[c.name].Log)
			require.Len(t, got[c.name].Errors, c.errors, got[c.name].Errors)
		})
	}
}

func repeated(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}
