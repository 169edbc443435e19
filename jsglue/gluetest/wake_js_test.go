package gluetest

import "testing"

// Go is woken when no more messages come for now, but large ones do not wait for that:
// a comm's queue takes 64 MiB.
func TestLargeMessagesWakeGoAtOnce(t *testing.T) {
	newPage(t, 1).run(`
		await attach("probe");
		await deliver(commOpen("c1", "probe.ignore"));
		for (let n = 0; n < 20; n++) await deliver(commMsg("c1", n, { buffers: [new DataView(new ArrayBuffer(8 << 20))] }));
		if (sent("c1", "comm_close").length > 0) throw new Error("it was closed: " + JSON.stringify(sent("c1", "comm_close")[0].content));`)
}
