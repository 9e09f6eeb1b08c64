// Makes two things smoother; without it every page works the same.
"use strict";
for (const form of document.querySelectorAll("form.filters, form.inline")) {
  // links stay short: what was not chosen is not sent
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });
  // "back" brings the form as it was sent: it says again what the page beside it shows
  window.addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
    form.reset();
  });
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q").focus();
  }
});
