// What every service of the interop tests does, whatever runs it.
export async function beLimb(artery, options, log) {
  const heard = {};
  artery.addListener("TICK", ({ arteryName, data }) => (heard[arteryName] ??= []).push(data));
  artery.addListener("ROLL_CALL", ({ data }) => { artery.setState({ called: data }); artery.send("PRESENT", { name: options.service, runtime: options.runtime }); });
  artery.addListener("START", ({ data }) => { for (let tick = 1; tick <= data; tick++) artery.send("TICK", tick); });
  artery.addListener("REPORT", () => artery.send("REPORTED", { name: options.service, heard, state: artery.state(), missed: artery.gaps().reduce((sum, gap) => sum + gap.missed, 0) }));
  artery.addListener("ASK", async ({ data }) => {
    if (data.by === options.service) artery.send("ANSWERED", { name: options.service, answer: await artery.invoke(data.of, "echo", data.what) });
  });
  artery.addListener("STUMBLE", ({ data }) => { if (data === options.service) throw new Error("a stone"); });
  artery.handle("echo", (what, { caller }) => ({ what, caller, from: options.service }));
  const { runtime, ...rest } = options;
  const service = await artery.createService({ runtime }, { ...rest, log });
  log(`ready on ${service.port}`);
}
