// Keys: `/` search, `n` add, `?` the sheet. By place on the keyboard, so that they work in the Russian layout, too.

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("input[type=search]");
  const adder = document.querySelector("[data-key=n]");
  if (event.key === "?") {
    const sheet = document.getElementById("keys");
    if (sheet) openDialog(sheet);
  } else if (search && (event.key === "/" || (event.code === "Slash" && !event.shiftKey))) {
    search.focus();
    search.select();
  } else if (adder && event.code === "KeyN" && !event.shiftKey) {
    adder.click();
  } else {
    return;
  }
  event.preventDefault();
});
