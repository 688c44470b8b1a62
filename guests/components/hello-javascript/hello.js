// Greets: GET /Ada answers "Hello, Ada!"
addEventListener("fetch", (event) => {
  const name = new URL(event.request.url).pathname.slice(1) || "world";
  event.respondWith(new Response(`Hello, ${name}!`, { headers: { "content-type": "text/plain; charset=utf-8" } }));
});
