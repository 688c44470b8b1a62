// The original's service API over its own JSON, written from what its wire shows: a service is the WebSocket server, the core dials it. Nothing here knows artery.v1.
const listeners = new Map(), queue = [];
let artery = null;

export function createService(initialState, port) {
  return new Promise(resolve => Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, request => {
    if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 501 });
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => { artery = socket; for (const waiting of queue.splice(0)) socket.send(waiting); };
    socket.onclose = () => { if (artery === socket) artery = null; };
    socket.onmessage = ({ data }) => {
      const { payload = [], ackKey } = JSON.parse(data);
      if (ackKey) socket.send(JSON.stringify({ ackReplyKey: ackKey }));
      for (const event of payload) {
        if (event.intent === "HEARTBEAT" && event.data.requestingState) resolve(initialState);
        for (const callback of [...listeners.get(event.intent) ?? []]) callback(event);
      }
    };
    return response;
  }));
}

export function send(intent, data) {
  const message = JSON.stringify({ payload: [{ arteryName: "core", intent, data }], isBatch: false });
  if (artery?.readyState === WebSocket.OPEN) artery.send(message); else queue.push(message);
}

export function addListener(intent, callback) { if (!listeners.has(intent)) listeners.set(intent, new Set()); listeners.get(intent).add(callback); }
export function removeListener(intent, callback) { listeners.get(intent)?.delete(callback); }
