// The web chat: what is new appears by itself, Enter sends, a chosen file goes at once.

const listenToChat = async (chat) => {
  while (chat.isConnected) {
    try {
      const answer = await fetch(`/chat/news?since=${encodeURIComponent(chat.dataset.chat)}`, { headers: stamp });
      if (!chat.isConnected) return;
      if (answer.status === 200) return refreshChat(chat);
      if (answer.status === 404) return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
    } catch {
      await new Promise((again) => setTimeout(again, 5000));
    }
  }
};

/** Shows what is new and keeps what is being typed. */
const refreshChat = async (chat) => {
  if (location.search.includes("cursor=")) return;
  const typed = chat.querySelector("#say")?.value ?? "";
  await swap(location.pathname, {}, "#chat", false);
  const field = document.querySelector("#chat #say");
  if (field && !field.value) field.value = typed;
};

onWake((root) => all(root, "[data-chat]").forEach(listenToChat));

addEventListener("keydown", (event) => {
  const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (!isPlainEnter || !event.target.matches?.("[data-send-on-enter]")) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});

addEventListener("change", (event) => {
  if (event.target.matches?.("[data-send-at-once]") && event.target.files.length) event.target.form.requestSubmit();
});
