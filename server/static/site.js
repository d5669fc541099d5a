// What scripts add to pages that work without them: results while typing in the search field, "/" to get there.

const field = document.querySelector("main input[type=search], #search-top");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], .editor-host");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
