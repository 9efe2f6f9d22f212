// The panel works without this script; it only makes the same pages quicker to use. No state lives here: the server's page
// is the truth, and every module wakes the parts of the page that carry its `data-…` attribute.

const wakers = [];

/** Registers what to do with a part of the page when it appears. */
const onWake = (waker) => wakers.push(waker);

/** Makes a new part of the page alive. */
const wake = (root) => wakers.forEach((waker) => waker(root));

const all = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

/** A sentence that the server put into the page for scripts. */
const word = (name) => document.getElementById("toasts")?.dataset[name] ?? "";

/** Shows a short word about what has happened. */
const toast = (text, tone = "success") => {
  const box = document.createElement("div");
  box.className = `toast toast--${tone}`;
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  document.getElementById("toasts")?.append(box);
  letGo(box);
};

/** Errors and warnings stay until they are clicked; the rest leaves by itself. */
const letGo = (box) => {
  box.addEventListener("click", () => box.remove());
  if (!box.matches(".toast--error, .toast--warning")) setTimeout(() => box.remove(), 7000);
};

onWake((root) => all(root, ".toast").forEach(letGo));
addEventListener("DOMContentLoaded", () => wake(document.documentElement));
