package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRejoin: what was sent on comms while there was no connection reaches the kernel
// that it was meant for, in order with everything else, and no other.
func TestRejoin(t *testing.T) {
	const js = `
		// What kernel.js does with what is sent, as far as it matters.
		const wire = [], callbacks = {}, asks = [];
		let connected = true, sentN = 0;
		kernel._send = (data) => { if (connected) wire.push(name(data)); else kernel._pending_messages.push(data); };
		const name = (data) => { const { header, content } = JSON.parse(data); return content.code ?? content.data ?? content.value ?? header.msg_type; };
		kernel.send_shell_message = (type, content, cb, metadata, buffers, channel = "shell") => {
			const msg_id = "sent " + ++sentN;
			callbacks[msg_id] = cb;
			if (type === "kernel_info_request") asks.push(msg_id);
			kernel._send(JSON.stringify({ channel, header: { msg_id, msg_type: type }, content }));
			return msg_id;
		};
		const execute = (code) => kernel.send_shell_message("execute_request", { code });
		const lose = () => { connected = false; event("kernel_disconnected.Kernel"); };
		const back = () => {
			connected = true;
			event("kernel_connected.Kernel");
			while (kernel._pending_messages.length) wire.push(name(kernel._pending_messages.shift()));
			kernel.send_shell_message("kernel_info_request", {});
		};
		const answer = async (session) => {
			for (const msg_id of asks) await deliver({ ...from(session, message("status", {})), parent_header: { msg_id } });
			for (const cb of Object.values(callbacks)) cb?.iopub?.status?.({ content: { execution_state: "busy" } });
		};
		await status("A");
		const comm = manager.new_comm("t", "open"), other = manager.new_comm("t", "other");
		execute("before");
		lose();
		execute("1");
		comm.send("comm 1");
		execute("2");
		other.close("comm 2");
		back();
		execute("3");
		const held = wire.splice(0).join();
	`
	const sofar = "open,other,before,kernel_info_request,1"
	for _, c := range []struct{ name, js, want string }{
		{"the same kernel", `await answer("A"); comm.send("comm 3");`, "comm 1,2,comm 2,kernel_info_request,3,comm 3"},
		{"another kernel", `await answer("B"); try { comm.send("comm 3"); } catch {}`, "2,kernel_info_request,3"},
		{"a kernel at work", `await until(() => wire.length > 4); comm.send("comm 3");`, "comm 1,2,comm 2,kernel_info_request,3,comm 3"},
		{"a kernel that waits for input", `kernel.send_shell_message("input_reply", { value: "input" }, undefined, {}, [], "stdin"); await answer("A");`,
			"input,comm 1,2,comm 2,kernel_info_request,3"},
		{"lost again", `lose(); comm.send("comm 3"); back(); await answer("A");`,
			"kernel_info_request,comm 1,2,comm 2,kernel_info_request,3,comm 3,kernel_info_request"},
		{"lost again, and another kernel", `lose(); comm.send("comm 3"); back(); await answer("B");`,
			"kernel_info_request,2,kernel_info_request,3,kernel_info_request"},
		{"a restart meanwhile", `event("kernel_restarting.Kernel"); connected = false; await until(() => kernel._pending_messages.length === 3); back();`,
			"2,kernel_info_request,3,kernel_info_request"},
		{"detached meanwhile", `detach();`, "comm 1,2,comm 2,kernel_info_request,3"},
		{"too large a message", `try { comm.send("x".repeat(9 << 20)); } catch (e) { if (!e.message.includes("more than")) throw e; } await answer("A");`,
			"comm 1,2,comm 2,kernel_info_request,3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			newPage(t, 10).get(&got, lifecycle+js+c.js+` return [held, wire.join()];`)
			require.Equal(t, []string{sofar, c.want}, got)
		})
	}
}
