"use strict";
// Keys for the forms of the page; everything works without them.
const form = document.getElementById("decide");
const press = (key) => form?.querySelector(`button[data-key="${key}"]`)?.click();
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && field) { field.blur(); return; }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); press("a"); return; }
  if (field || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const into = { c: "value", e: "reason" }[event.key];
  if (into) { event.preventDefault(); document.getElementById(into)?.select(); document.getElementById(into)?.focus(); return; }
  if (form?.querySelector(`button[data-key="${event.key}"]`)) { event.preventDefault(); press(event.key); }
});
