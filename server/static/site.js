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

document.addEventListener("keydown", (event) => {
  const first = [...document.querySelectorAll("input[type=search]")].find((each) => each.checkVisibility());
  const typing = event.target.closest("input, textarea, select, .editor-host");
  if (event.key === "/" && first && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    first.focus();
    first.select();
  }
});

// In a narrow window the filters stand above the list: those not in use are folded, so that the list is near.
if (matchMedia("(max-width: 55.99rem)").matches) {
  for (const facet of document.querySelectorAll(".facet[open]:not(:has(:checked)), .fold")) facet.open = false;
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

// Empty fields and what is the default stay out of the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches("form[data-facets]")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  if (formData.get("sort") === "number") formData.delete("sort");
  if (formData.get("basis") === "both") formData.delete("basis");
  if (formData.get("style") === "note") formData.delete("style");
});

let shown = location.pathname + location.search;

/** Fetches the page that the filters lead to and puts its content in place; focus, scroll and open filters stay.
 * The action is read as an attribute: a form has its fields as properties, and one filter is named "action". */
async function refilter(form, control) {
  const address = new URL(form.getAttribute("action"), location.href);
  address.search = new URLSearchParams(new FormData(form)).toString();
  const turn = (refilter.turn = (refilter.turn ?? 0) + 1);
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (turn !== refilter.turn) return;
  if (!answer?.ok) return form.requestSubmit();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const places = (root) => [...root.querySelectorAll("main .facet")];
  const before = places(document).map((facet) => [facet.querySelector("summary")?.textContent, facet.open, facet.querySelector("fieldset")?.scrollTop]);
  const unfolded = document.querySelector(".fold")?.open;
  const [x, y] = [scrollX, scrollY];
  main.replaceChildren(...fresh.querySelector("main").childNodes);
  main.removeAttribute("aria-busy");
  document.title = fresh.title;
  history.pushState(null, "", address);
  shown = location.pathname + location.search;
  for (const facet of places(document)) {
    const [, open, top] = before.find(([name]) => name === facet.querySelector("summary")?.textContent) ?? [];
    if (open !== undefined) facet.open = open;
    if (top) facet.querySelector("fieldset").scrollTop = top;
  }
  const fold = main.querySelector(".fold");
  if (fold && unfolded !== undefined) fold.open = unfolded;
  scrollTo(x, y);
  const same = [...main.querySelectorAll(`[name="${CSS.escape(control.name)}"]`)].find(
    (each) => each.matches("select") || each.value === control.value,
  );
  (same ?? main).focus({ preventScroll: true });
  enhance(main);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("form[data-facets]") && event.target.matches("select, input[type=checkbox], input[type=radio]")) {
    refilter(form, event.target);
  }
});
// Back leads to what was shown before a filter; a step to a place in the page is none.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) location.reload();
});

// The basket: what is ticked anywhere stays ticked in this browser, until it is taken out or the basket is emptied.
const recall = (name, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(`palermo.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const remember = (name, value) => {
  try {
    localStorage.setItem(`palermo.${name}`, JSON.stringify(value));
  } catch {
    // Without storage a choice holds for this page.
  }
};
const kept = () => recall("basket", []);
const keep = (items) => remember("basket", items);

/** Ticks what is in the basket, sends what was chosen elsewhere as well, and says how many there are. */
function basket(root) {
  const form = root.querySelector("form[data-basket]");
  if (!form) return;
  const items = kept();
  const boxes = [...document.querySelectorAll('input[name="of"][form="picked"]')];
  for (const box of boxes) box.checked = items.includes(box.value);
  for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
  for (const item of items.filter((each) => !boxes.some((box) => box.value === each))) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "of", value: item });
    form.append(field);
  }
  const count = form.querySelector(".picked-count");
  count.textContent = items.length ? `${items.length} in your basket:` : "Tick recommendations to";
  let empty = form.querySelector("button[type=button]");
  if (!empty) {
    empty = document.createElement("button");
    Object.assign(empty, { type: "button", className: "quiet", textContent: "empty the basket" });
    empty.addEventListener("click", () => {
      keep([]);
      basket(document);
    });
    form.querySelector("p").append(empty);
  }
  empty.hidden = items.length === 0;
  form.classList.toggle("in-use", items.length > 0);
}
document.addEventListener("change", ({ target }) => {
  if (!target.matches('input[name="of"][form="picked"]')) return;
  const items = kept().filter((each) => each !== target.value);
  keep(target.checked ? [...items, target.value] : items);
  basket(document);
});

/** A button that copies what stands in an element: an address, a citation. */
function copying(root) {
  if (!navigator.clipboard) return;
  for (const place of root.querySelectorAll("[data-copy]")) {
    if (place.nextElementSibling?.matches("button.copy")) continue;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.dataset.copy || place.textContent.trim());
      button.textContent = "Copied";
    });
    place.after(button);
  }
}

/** Citations and files in the style that the reader chose last, unless the address names one. */
async function restyle(root) {
  const style = new URLSearchParams(location.search).get("style") ?? recall("style", "");
  if (!style) return;
  for (const select of root.querySelectorAll("select[data-style]")) select.value = style;
  for (const link of root.querySelectorAll(".files a, .found .meta a[rel]")) {
    const address = new URL(link.href);
    if (!/\/(recommendations|compare|takes-up)\.[a-z.]+$/.test(address.pathname)) continue;
    address.searchParams.set("style", style);
    link.href = address;
  }
  for (const place of root.querySelectorAll("[data-cite]")) {
    const answer = await fetch(`${place.dataset.cite}?${new URLSearchParams({ style })}`).catch(() => null);
    if (answer?.ok) place.querySelector("[data-copy]").textContent = (await answer.text()).split("\n")[0];
  }
}
document.addEventListener("change", ({ target }) => {
  if (!target.matches("select[data-style]")) return;
  remember("style", target.value);
  if (!target.form.matches("[data-facets]")) restyle(document);
});

/** Runs the query of the form: says that it runs, lets the reader stop it, and puts its result below the editor. */
async function runQuery(form) {
  form.querySelector(".working")?.remove();
  const address = new URL(form.getAttribute("action"), location.href);
  address.search = new URLSearchParams(new FormData(form)).toString();
  const asking = new AbortController();
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "working";
  status.textContent = "The query is running. ";
  const stop = document.createElement("button");
  Object.assign(stop, { type: "button", className: "quiet", textContent: "Stop" });
  stop.addEventListener("click", () => asking.abort());
  status.append(stop);
  form.append(status);
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, signal: asking.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A fault in the query is marked in the editor, which a fresh page does.
    if (answer.status === 400 || !fresh.querySelector(".query-form")) return location.assign(address);
    const main = document.querySelector("main");
    const columns = main.querySelector(".columns");
    form.querySelector(".buttons").replaceWith(fresh.querySelector(".query-form .buttons"));
    fresh.querySelector("main .columns").replaceWith(columns);
    main.replaceChildren(...fresh.querySelector("main").childNodes);
    document.title = fresh.title;
    enhance(main);
    history.pushState(null, "", address);
    shown = location.pathname + location.search;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  } finally {
    status.remove();
  }
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.query-form") || event.submitter?.name === "format") return;
  event.preventDefault();
  runQuery(event.target);
});

/** Columns of results are sorted by a click on their heads: numbers as numbers, words as words. */
function sorting(root) {
  for (const head of root.querySelectorAll("table.result thead th")) {
    if (head.querySelector("button")) continue;
    const table = head.closest("table");
    const at = head.cellIndex;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "sorter", textContent: head.textContent });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows];
      const words = (row) => row.cells[at].textContent.trim();
      rows.sort((one, two) => words(one).localeCompare(words(two), "en", { numeric: true }) * (down ? -1 : 1));
      table.tBodies[0].append(...rows);
    });
  }
}

/** What scripts add to content, also to content that was fetched later. */
function enhance(root) {
  basket(root);
  copying(root);
  sorting(root);
  restyle(root);
}
enhance(document);
