// A service as the original's are: a WebSocket server that speaks only its JSON. It runs in Deno, knows nothing of artery.v1, and acknowledges as the original should.
const [port] = Deno.args;
const heard = {}; // outlives the core

Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen() {} }, request => {
  if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 501 });
  const { socket, response } = Deno.upgradeWebSocket(request);
  const send = (intent, data) => socket.send(JSON.stringify({ payload: [{ arteryName: "core", intent, data }], isBatch: false }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.ackKey) socket.send(JSON.stringify({ ackReplyKey: message.ackKey }));
    for (const { intent, data } of message.payload ?? [])
      switch (intent) {
        case "HEARTBEAT": if (data.requestingState) console.log(`ready on ${port}`); break;
        case "TICK": (heard[data.by] ??= []).push(data.number); break;
        case "ROLL_CALL": send("PRESENT", { name: "legacy", runtime: "original" }); break;
        case "START": for (let number = 1; number <= data; number++) send("TICK", { by: "legacy", number }); break;
        case "REPORT": send("REPORTED", { name: "legacy", heard }); break;
      }
  };
  return response;
});
