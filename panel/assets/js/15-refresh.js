// `data-refresh="60"` on a part of the page with an id: it is fetched anew every so many seconds (PT-255). Quietly: when the
// server cannot be reached, the page says when it was true, and the next round tries again.

const renew = async (part) => {
  const answer = await fetch(location.href, { headers: { ...stamp, "X-Swap": part.id } }).catch(() => null);
  if (!answer?.ok || !part.isConnected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  // The session is over: the page asked for leads to the sign-in window.
  if (!fresh) return location.reload();
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceWith(document.adoptNode(fresh));
  wake(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

onWake((root) =>
  all(root, "[data-refresh]").forEach((part) => {
    const round = setInterval(async () => {
      if (!part.isConnected) return clearInterval(round);
      if (document.hidden || document.querySelector("dialog[open]")) return;
      await renew(part);
    }, Number(part.dataset.refresh) * 1000);
  }),
);
