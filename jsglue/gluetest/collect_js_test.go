package gluetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// offsets is how many places of a program's first collection are tried, each with a
// program of its own.
const offsets = 16

// A program's first collection parks the goroutine that allocates, wherever that is. Others
// that come in between must find nothing half done.
func TestTheFirstCollectionHarmsNothing(t *testing.T) {
	died, unanswered := 0, 0
	for i := range offsets {
		kb := 3000 * i / offsets
		t.Run(fmt.Sprint(kb, " KB"), func(t *testing.T) {
			var got struct {
				Dead   bool
				Slept  int
				Errors []string
			}
			newPage(t, 1).get(&got, fmt.Sprintf(`
				await attach("probe", { ballast: %d });
				const p = program("probe");
				await deliver(commOpen("busy", "probe.churn"));
				await deliver(commOpen("sleepy", "probe.sleepy"));
				await deliver(commOpen("sink", "probe.sink"));
				for (let i = 0; i < 5; i++) await task();
				now(commMsg("sleepy"));
				await task();
				for (let i = 0; i < 17000; i++) now(commMsg("sink", i));
				await until(() => p.dead || sent("sleepy").length === 1 || errors().length > 0, "the sleepy comm has answered", 3000).catch(() => {});
				await deliver(commClose("busy"));
				return { dead: Boolean(p.dead), slept: sent("sleepy").length, errors: errors().slice(0, 3) };`, kb))
			if got.Dead {
				died++
			} else if got.Slept != 1 {
				unanswered++
			}
			require.False(t, got.Dead, got.Errors)
			require.Equal(t, 1, got.Slept, got.Errors)
			require.Empty(t, got.Errors)
		})
	}
	t.Logf("of %d programs %d died, and %d did not answer", offsets, died, unanswered)
}

// With the collector at work nearly all the time, each message is still handled once.
func TestManyCollectionsHarmNothing(t *testing.T) {
	newPage(t, 1).run(`
		await attach("probe", { gc: 2 });
		const comms = Array.from({ length: 50 }, (_, i) => "c" + i), messages = 20_000;
		for (const id of comms) await deliver(commOpen(id, "probe.echo"));
		for (let n = 0; n < messages; n++) now(commMsg(comms[n % comms.length], n));
		const all = () => comms.reduce((sum, id) => sum + sent(id).length, 0);
		await until(() => all() >= messages || program("probe").dead, "all are echoed", 45_000);
		const seen = new Set(kernel.sent.filter((m) => m.type === "comm_msg").map((m) => m.content.data));
		if (all() !== messages || seen.size !== messages) throw new Error("echoed: " + all() + ", different ones: " + seen.size);
		if (errors().length > 0) throw new Error(errors()[0]);`)
}
