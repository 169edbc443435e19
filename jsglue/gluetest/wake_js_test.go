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

// Messages that were held are replayed with a microtask or two in between. They wake Go
// before they are too many for a comm's queue.
func TestABurstInMicrotasksWakesGo(t *testing.T) {
	newPage(t, 1).run(`
		await attach("probe");
		await deliver(commOpen("c1", "probe.ignore"));
		const buffers = [new DataView(new ArrayBuffer(0.9 * (1 << 20)))];
		for (let n = 0; n < 100; n++) {
			now(commMsg("c1", n, { buffers }));
			await null;
			if (n % 2) await null;
		}
		await until(() => left(program("probe")).slots === 0);
		if (sent("c1", "comm_close").length > 0) throw new Error("it was closed: " + JSON.stringify(sent("c1", "comm_close")[0].content));`)
}
