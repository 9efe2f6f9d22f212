// The web chat: what is new appears by itself, Enter sends, a chosen file goes at once, the chat can be an app of its own.

let chatNews;

/** Hears of every change of the chat. The browser makes a broken connection anew by itself. */
const listenToChat = (chat) => {
  chatNews?.close();
  chatNews = new EventSource(`/chat/news?since=${encodeURIComponent(chat.dataset.chat)}`);
  const news = chatNews;
  news.onmessage = (event) => (chat.isConnected ? refreshChat(chat, event.data) : news.close());
  // The server does not know this browser any more, or a proxy stands before a server that sleeps.
  news.onerror = () => news.readyState === EventSource.CLOSED && setTimeout(() => listenAgain(chat), 5000);
};

const listenAgain = async (chat) => {
  if (!chat.isConnected) return;
  try {
    await refreshChat(chat, chat.dataset.chat);
  } finally {
    if (chat.isConnected) listenToChat(chat);
  }
};

/** Shows what is new: touches neither what is being typed nor the lines that stay as they are. */
const refreshChat = async (chat, revision) => {
  if (location.search.includes("cursor=")) return;
  const answer = await fetch("/chat", { headers: stamp });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("chat");
  if (!fresh) return answer.ok ? location.reload() : undefined;
  if (!chat.isConnected) return;
  chat.dataset.chat = revision;
  const added = mergeLines(chat.querySelector(".chat__lines"), fresh.querySelector(".chat__lines"));
  exchangeText(chat, fresh, "#chat-notice");
  exchangeText(chat, fresh, "#chat-menu");
  notify(chat, added);
};

const keyOfLine = (node) => node.id || node.textContent;

/** Brings the lines up to date one by one, so that a screen reader hears only the new ones; tells which were added. */
const mergeLines = (lines, fresh) => {
  const known = new Map([...lines.children].map((node) => [keyOfLine(node), node]));
  const added = [];
  let before = null;
  for (const node of [...fresh.children]) {
    const old = known.get(keyOfLine(node));
    known.delete(keyOfLine(node));
    if (old && old.dataset.changed === node.dataset.changed) {
      before = old;
      continue;
    }
    const mine = document.adoptNode(node);
    if (old) old.replaceWith(mine);
    else if (before) before.after(mine);
    else lines.prepend(mine);
    wake(mine);
    if (!old) added.push(mine);
    before = mine;
  }
  known.forEach((node) => node.remove());
  return added;
};

const exchangeText = (chat, fresh, selector) => {
  const [old, next] = [chat.querySelector(selector), fresh.querySelector(selector)];
  if (old.textContent.trim() !== next.textContent.trim()) old.replaceChildren(...next.childNodes);
};

onWake((root) => all(root, "[data-chat]").forEach(listenToChat));

// Notifications: asked for only by a press on the button, shown only while the chat is not looked at.

const canNotify = () => "Notification" in window && "serviceWorker" in navigator;

onWake((root) =>
  all(root, "[data-notify]").forEach((button) => {
    if (!canNotify()) return;
    button.hidden = Notification.permission !== "default";
    button.addEventListener("click", async () => {
      await Notification.requestPermission();
      button.hidden = Notification.permission !== "default";
    });
  }),
);

const notify = async (chat, added) => {
  if (!document.hidden || !canNotify() || Notification.permission !== "granted") return;
  const line = added.filter((node) => node.matches(".line:not(.line--own)")).at(-1);
  if (!line) return;
  const { notify: title, sign } = chat.querySelector("[data-notify]").dataset;
  const body = line.querySelector(".line__text").textContent.trim();
  const registration = await navigator.serviceWorker.ready;
  registration.showNotification(title, { body, icon: sign, tag: "opora-chat", renotify: true });
};

onWake((root) => {
  const isChat = all(root, 'link[rel="manifest"]').length > 0;
  if (isChat && "serviceWorker" in navigator) navigator.serviceWorker.register("/chat/worker.js", { scope: "/chat" });
});

addEventListener("keydown", (event) => {
  const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (!isPlainEnter || !event.target.matches?.("[data-send-on-enter]")) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});

addEventListener("change", (event) => {
  if (event.target.matches?.("[data-send-at-once]") && event.target.files.length) event.target.form.requestSubmit();
});
