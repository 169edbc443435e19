window.deaths = (() => {
	const kernel = Jupyter.notebook.kernel;
	const got = [];
	kernel.comm_manager.register_target('deaths.stream', (comm) => comm.on_msg((msg) => {
		got.push(msg.content.data);
		comm.send(msg.content.data);
	}));
	const hub = () => kernel[Symbol.for('gocomm.hub.2')];
	const until = async (condition, what) => {
		for (const end = performance.now() + 20_000; !condition();) {
			if (performance.now() > end) throw new Error('waited 20 s in vain for ' + what);
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
	};
	let watched;
	return {
		got,
		slider: () => document.querySelector('.widget-readout')?.textContent,
		// Attaches the program, unless it is there: after some deaths it stays off.
		attached: async () => {
			if (!hub()?.main) {
				const main = await new Promise((resolve, reject) => require(['nbextensions/gocomm/main'], resolve, reject));
				main.detach();
				main.attach({ uri: require.toUrl('nbextensions/gocomm/main.js') }, '../probe/probe.wasm', 'replace');
			}
			await until(() => hub()?.main?.running, 'the program');
		},
		watch: () => {
			const victim = hub().main, { halt } = victim, { fetch } = window;
			let start = 0, fetches = 0;
			window.fetch = (...args) => {
				fetches++;
				return fetch(...args);
			};
			victim.halt = (why) => {
				start ||= performance.now();
				halt.call(victim, why);
			};
			watched = (async () => {
				await until(() => victim.dead, 'the death');
				await until(() => !hub() || hub().main?.running && hub().hook.holds.size === 0, 'the program, or the stock manager');
				window.fetch = fetch;
				return { Ms: performance.now() - start, Started: !!hub(), Fetches: fetches };
			})();
		},
		seen: () => watched,
	};
})(), undefined;
