// What scripts add to pages that work without them: first results while typing in a search field, "/" to get there,
// and filters that apply as soon as they change.

const WAIT = 120; // milliseconds after the last key

/** Shows first results below a search field as a list of links: arrow keys walk through them, Escape puts them away. */
function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.className = "suggestions";
  list.hidden = true;
  status.className = "unseen";
  status.setAttribute("role", "status");
  form.append(list, status);
  let timer;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
  };
  const show = (found) => {
    list.replaceChildren(
      ...found.map(({ href, label, kind }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const note = document.createElement("span");
        link.href = href;
        link.textContent = `${label} `;
        note.textContent = kind;
        link.append(note);
        item.append(link);
        return item;
      }),
    );
    list.hidden = found.length === 0;
    status.textContent = found.length ? `${found.length} suggestions, use the down arrow` : "";
  };
  const ask = async () => {
    const words = input.value.trim();
    const turn = (asked += 1);
    if (words.length < 2) return close();
    const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: words })}`).catch(() => null);
    if (answer?.ok && turn === asked) show(await answer.json());
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      close();
      input.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      const stops = [input, ...list.querySelectorAll("a")];
      const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      stops[(at + stops.length) % stops.length].focus();
      event.preventDefault();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
}

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);

const first = document.querySelector("main input[type=search], #search-top");
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, .editor-host");
  if (event.key === "/" && first && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    first.focus();
    first.select();
  }
});

// In a narrow window the filters stand above the list: those not in use are folded, so that the list is near.
if (matchMedia("(max-width: 55.99rem)").matches) {
  for (const facet of document.querySelectorAll(".facet[open]:not(:has(:checked))")) facet.open = false;
}

/** Offers the explorer where a page has a place for it; its script is fetched when the reader asks. */
for (const place of document.querySelectorAll("[data-explorer]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Explore its neighbourhood";
  button.addEventListener("click", async () => {
    button.disabled = true;
    const { explore } = await import(place.dataset.explorer);
    await explore(place, place.dataset.graph);
  });
  place.append(button);
}

for (const form of document.querySelectorAll("form[data-facets]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
  // Empty fields stay out of the address.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
    if (formData.get("sort") === "number") formData.delete("sort");
    if (formData.get("basis") === "both") formData.delete("basis");
  });
}
