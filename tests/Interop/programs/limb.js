// What every service of the interop tests does, whatever runs it.
export async function beLimb(artery, options, log) {
  const heard = {}, origins = {};
  artery.addListener("TICK", ({ arteryName, data }) => {
    if ((origins[data.by] ??= arteryName) !== arteryName) throw new Error(`${arteryName} says that it is ${data.by}, who is ${origins[data.by]}`);
    (heard[data.by] ??= []).push(data.number);
  });
  artery.addListener("ROLL_CALL", ({ data }) => { artery.setState({ called: data }); artery.send("PRESENT", { name: options.service, runtime: options.runtime }); });
  artery.addListener("START", ({ data }) => { for (let number = 1; number <= data; number++) artery.send("TICK", { by: options.service, number }); });
  // A core that has just started may say of one's pulse what another is not there yet to hear: only what services said counts
  const missed = () => artery.gaps().filter(gap => gap.origin !== "core").reduce((sum, gap) => sum + gap.missed, 0);
  artery.addListener("REPORT", () => artery.send("REPORTED", { name: options.service, heard, state: artery.state(), missed: missed() }));
  artery.addListener("ASK", async ({ data }) => {
    if (data.by === options.service) artery.send("ANSWERED", { name: options.service, answer: await artery.invoke(data.of, "echo", data.what) });
  });
  artery.addListener("STUMBLE", ({ data }) => { if (data === options.service) throw new Error("a stone"); });
  artery.handle("echo", (what, { caller }) => ({ what, caller, from: options.service }));
  const { runtime, ...rest } = options;
  const service = await artery.createService({ runtime }, { ...rest, log });
  log(`ready on ${service.port}`);
}
