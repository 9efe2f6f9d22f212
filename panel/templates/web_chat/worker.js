// Kept by browsers that open the chat: shows a page of its own when there is no connection, and opens the chat when a
// notification is clicked. Lines of the chat are never kept here.

const shelf = "opora-{{ styles }}";
const kept = ["/chat/offline", "{{ styles }}", "{{ sign }}"];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(shelf).then((cache) => cache.addAll(kept)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name !== shelf) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(forget());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const isPage = request.mode === "navigate" && request.method === "GET";
  const isKept = kept.includes(new URL(request.url).pathname);
  if (!isPage && !isKept) return;
  const instead = async () => (await caches.match(isPage ? "/chat/offline" : request)) ?? Response.error();
  event.respondWith(fetch(request).catch(instead));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async () => {
    const windows = await clients.matchAll({ type: "window" });
    const chat = windows.find((window) => new URL(window.url).pathname.startsWith("/chat"));
    return chat ? chat.focus() : clients.openWindow("/chat#end");
  };
  event.waitUntil(open());
});
