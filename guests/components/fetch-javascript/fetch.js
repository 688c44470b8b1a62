// Asks another server: /?url=URL passes method and body on and answers with what comes back
addEventListener("fetch", (event) => event.respondWith(answer(event.request)));

async function answer(request) {
  const url = new URL(request.url).searchParams.get("url");
  const body = request.method === "POST" ? request.body : undefined;
  try {
    const { status, headers, body: came } = await fetch(url, { method: request.method, body, duplex: "half" });
    return new Response(came, { status, headers: { "content-type": headers.get("content-type") ?? "text/plain" } });
  } catch (error) {
    return new Response(`${error}`, { status: 502 });
  }
}
