// Forms: «Сохранить» is active only when what is required is filled in (PT-051); a second click sends nothing twice.

/** `data-guard`: required fields filled; `data-guard="dirty"`: and something changed. */
onWake((root) =>
  all(root, "form[data-guard]").forEach((form) => {
    const buttons = form.querySelectorAll("[data-submit]");
    const wasShown = form.querySelector(".field--wrong") !== null;
    const before = JSON.stringify([...new FormData(form)].map(String));
    const check = () => {
      const isFilled = [...form.elements].every((field) => !field.required || field.disabled || field.value.trim() !== "");
      const isChanged = form.dataset.guard !== "dirty" || wasShown || JSON.stringify([...new FormData(form)].map(String)) !== before;
      buttons.forEach((button) => (button.disabled = !isFilled || !isChanged));
      form.querySelectorAll("[data-guard-hint]").forEach((hint) => (hint.hidden = isFilled));
    };
    form.addEventListener("input", check);
    form.addEventListener("reset", () => setTimeout(check));
    check();
  }),
);

addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  // A download leaves the page as it is, and may be asked for again.
  if (event.submitter?.dataset.download !== undefined) return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// `data-count` on a text field with a limit: how much of it is used.
onWake((root) =>
  all(root, "[data-count]").forEach((field) => {
    const shown = document.createElement("span");
    shown.className = "field__count";
    const count = () => (shown.textContent = `${[...field.value].length} / ${field.maxLength}`);
    field.closest(".field")?.querySelector(".field__label")?.append(" ", shown);
    field.addEventListener("input", count);
    count();
  }),
);

// `data-shows="id"` on a checkbox, radio button or option: its part of the form is seen only while it is chosen.
onWake((root) =>
  all(root, "[data-shown-by]").forEach((part) => {
    const [name, ...values] = part.dataset.shownBy.split(" ");
    const form = part.closest("form");
    const show = () => {
      const chosen = new FormData(form).getAll(name);
      part.hidden = !chosen.some((value) => values.includes(value));
    };
    // Some browsers and aids change a list without an `input` event.
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    show();
  }),
);

// `data-copy="text"`: copies it.
addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(word("copied"));
  } catch {
    // No clipboard without https: let the text be selected instead.
    const source = document.getElementById(button.dataset.copyFrom);
    if (source) getSelection().selectAllChildren(source);
  }
});
