// `data-swap="#list"` on a link or form: fetch its page and exchange only that part of this one.

const stamp = { "X-Requested-With": "fetch" };
let asked = 0;
let moved = false;

/** Fetches a page; an error page becomes a toast and `null`. */
const fetchPage = async (url, options = {}, part = "") => {
  try {
    const response = await fetch(url, { ...options, headers: { ...stamp, "X-Swap": part } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const trouble = page.querySelector("[data-error]");
    if (trouble) {
      toast(trouble.querySelector("[data-error-text]")?.textContent ?? page.title, "error");
      return null;
    }
    return { page, response };
  } catch {
    toast(word("offline"), "error");
    return null;
  }
};

/** Puts what the fetched page says into this one; where it does not belong, goes there. */
const swap = async (url, options, selector, isMove) => {
  const mine = ++asked;
  const old = document.querySelector(selector);
  old?.setAttribute("aria-busy", "true");
  const answer = await fetchPage(url, options, selector.slice(1));
  old?.removeAttribute("aria-busy");
  if (!answer || mine !== asked) return;
  const fresh = answer.page.querySelector(selector);
  if (!fresh || !old?.isConnected) return location.assign(answer.response.url);
  const focused = document.activeElement?.id;
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(document.adoptNode(fresh));
  wake(fresh);
  const again = focused ? document.getElementById(focused) : null;
  again?.focus({ preventScroll: true });
  // What had the focus is gone: who works with the keyboard goes on here, not at the top of the page.
  if (hadFocus && !fresh.contains(document.activeElement)) {
    fresh.tabIndex = -1;
    fresh.focus({ preventScroll: true });
  }
  for (const box of answer.page.querySelectorAll("#toasts > .toast")) {
    document.getElementById("toasts").append(document.adoptNode(box));
    letGo(box);
  }
  if (isMove) {
    if (answer.page.title) document.title = answer.page.title;
    history.pushState({ swap: true }, "", answer.response.url);
    moved = true;
  }
};

const formRequest = (form, submitter) => {
  const body = new URLSearchParams(new FormData(form, submitter));
  const url = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, location.href);
  if (form.method === "post") return [url, { method: "POST", body }];
  url.search = new URLSearchParams([...body].filter(([, value]) => value !== "")).toString();
  return [url, {}];
};

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  swap(link.href, {}, link.dataset.swap, link.dataset.move !== "no");
});

addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.swap || event.defaultPrevented) return;
  event.preventDefault();
  const [url, options] = formRequest(form, event.submitter);
  if (event.submitter) event.submitter.disabled = true;
  await swap(url, options, form.dataset.swap, form.method !== "post");
  if (event.submitter?.isConnected) event.submitter.disabled = false;
});

addEventListener("popstate", () => moved && location.reload());

// `data-live` on a filter form: it applies itself while one types or chooses.
onWake((root) =>
  all(root, "form[data-live]").forEach((form) => {
    let timer;
    form.addEventListener("input", (event) => {
      // What has no name does not go along: it only unfolds the form.
      if (!event.target.name) return;
      clearTimeout(timer);
      timer = setTimeout(() => form.requestSubmit(), event.target.matches("input") ? 350 : 0);
    });
  }),
);

// Of tabs that do not fit beside each other the current one is in sight.
onWake((root) =>
  all(root, ".tabs [aria-current]").forEach((tab) => {
    const tabs = tab.parentElement;
    const [whole, part] = [tabs.getBoundingClientRect(), tab.getBoundingClientRect()];
    tabs.scrollLeft += part.left - whole.left - (whole.width - part.width) / 2;
  }),
);
