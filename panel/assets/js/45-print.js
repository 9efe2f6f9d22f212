// `data-print` on a button: prints the page. Without script the button is not there; browsers print by themselves.

onWake((root) =>
  all(root, "[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }),
);
