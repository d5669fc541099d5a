// The explorer of what is around a thing: fetched only when a reader asks for it. A step shows what is linked to one
// thing; choosing another thing takes the step from there. What it shows stands on the pages in words as well.

import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

const SHAPES = {
  recommendation: "round-rectangle",
  instrument: "rectangle",
  actor: "ellipse",
  theme: "cut-rectangle",
  group: "octagon",
  tool: "barrel",
};

/** The site's colours of the moment, so that the picture is dark where the page is. */
function look() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return [
    {
      selector: "node",
      style: {
        label: "data(lines)", "text-wrap": "wrap", "font-size": "12px", "line-height": 1.2,
        "font-family": getComputedStyle(document.body).fontFamily, color: colour("ink"),
        "text-valign": "center", "text-halign": "center", width: "data(width)", height: "data(height)",
        shape: (node) => SHAPES[node.data("kind")] ?? "rectangle",
        "background-color": colour("surface"), "border-width": 1.5, "border-color": colour("accent"),
      },
    },
    { selector: "node[kind = 'theme']", style: { "border-style": "dashed", "border-color": colour("related") } },
    {
      selector: "node.walked",
      style: { "background-color": colour("accent"), color: colour("on-deep"), "font-weight": "bold" },
    },
    { selector: "node:selected", style: { "border-width": 4, "border-color": colour("focus") } },
    {
      selector: "edge",
      style: {
        label: "data(label)", "font-size": "10px", color: colour("muted"), "text-background-color": colour("paper"),
        "text-background-opacity": 1, "text-background-padding": "1px", "text-rotation": "autorotate",
        width: 1.25, "line-color": colour("accent"), "curve-style": "bezier",
        "target-arrow-shape": "triangle", "target-arrow-color": colour("accent"), "arrow-scale": 0.8,
      },
    },
    {
      selector: "edge[?judged]",
      style: { "line-style": "dashed", "line-color": colour("related"), "target-arrow-color": colour("related") },
    },
  ];
}

/** A label in lines, and the room that they take: the size of a node is known before it is drawn. */
function measured(label) {
  const lines = [""];
  for (const word of label.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= 22) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const longest = Math.max(...lines.map((line) => line.length));
  return { lines: lines.join("\n"), width: longest * 6.8 + 22, height: lines.length * 15 + 16 };
}

function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

const LEGEND =
  "Rounded: a recommendation. Box: a treaty or a part of it. Ellipse: an actor. Cut corners: a theme. Eight corners: a group. " +
  "Solid: in the text, or read by rules. Dashed: suggested; its own page says by whom, and who reviewed it.";
const LEGIBLE = 0.85; // below this zoom, labels are too small to read

/** Opens the explorer in a place, beginning at the address of a first step; it takes the place of the still picture. */
export async function explore(place, address) {
  const canvas = element("div", "explorer-canvas");
  const chosen = element("p", "explorer-chosen meta");
  const status = element("p", "unseen");
  status.setAttribute("role", "status");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", "Explorer. Arrow keys choose a thing, Enter shows what is linked to it.");
  // cytoscape adds a style element, which the site's policy refuses, unless something has its id.
  const instead = element("span", "unseen");
  instead.id = "__________cytoscape_stylesheet";
  const still = place.closest("figure")?.querySelectorAll("svg, figcaption") ?? [];
  const before = [...place.childNodes];
  const tools = element("p", "explorer-tools buttons");
  const tool = (words, act) => {
    const button = element("button", "quiet", words);
    button.type = "button";
    button.addEventListener("click", act);
    tools.append(button);
  };
  tool("Closer", () => zoom(1.25));
  tool("Further away", () => zoom(0.8));
  tool("All of it", () => graph.fit(undefined, 20));
  tool("Save the picture", async () => {
    const link = element("a", "");
    const background = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
    link.href = URL.createObjectURL(await graph.png({ output: "blob-promise", full: true, scale: 2, bg: background }));
    link.download = "palermo-explorer.png";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  tool("Close", () => {
    graph.destroy();
    for (const each of still) each.style.display = "";
    place.replaceChildren(...before);
    for (const button of before) button.disabled = false;
    before[0]?.focus();
  });
  place.replaceChildren(
    element("p", "small", "Choose a thing, by pointer or arrow keys, and press Enter or choose it again to see what is linked to it. Drag to move."),
    tools, canvas, chosen, element("p", "small", LEGEND), status, instead,
  );
  for (const each of still) each.style.display = "none";

  const graph = cytoscape({ container: canvas, style: look(), minZoom: 0.2, maxZoom: 2.5, selectionType: "single" });

  function zoom(by) {
    graph.zoom({ level: graph.zoom() * by, renderedPosition: { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 } });
  }

  async function step(from, next) {
    const answer = await fetch(next).catch(() => null);
    if (!answer?.ok) {
      status.textContent = "Nothing more is linked to it.";
      from?.addClass("walked");
      return;
    }
    const { of, nodes, edges, more } = await answer.json();
    const around = from && { ...from.position() };
    const before = graph.nodes().length;
    // On a circle, for the layout cannot part things that begin at the same point.
    const circle = (at) => ({
      x: around.x + 120 * Math.cos((2 * Math.PI * at) / nodes.length),
      y: around.y + 120 * Math.sin((2 * Math.PI * at) / nodes.length),
    });
    for (const [at, data] of nodes.entries()) {
      if (graph.getElementById(data.id).empty()) {
        graph.add({ group: "nodes", data: { ...data, ...measured(data.label) }, position: around && circle(at) });
      }
    }
    for (const data of edges) {
      const id = `${data.source} ${data.label} ${data.target}`;
      if (graph.getElementById(id).empty()) graph.add({ group: "edges", data: { ...data, id } });
    }
    graph.getElementById(of).addClass("walked");
    graph.layout({
      name: "fcose", randomize: before === 0, animate: false, quality: "default",
      nodeSeparation: 120, idealEdgeLength: 150, nodeRepulsion: 12000, padding: 20, nodeDimensionsIncludeLabels: true,
    }).run();
    graph.fit(undefined, 20);
    if (graph.zoom() < LEGIBLE) {
      graph.zoom(LEGIBLE);
      graph.center(graph.getElementById(of));
    }
    if (from) choose(from);
    const added = graph.nodes().length - before;
    status.textContent = `${added} more thing${added === 1 ? "" : "s"}${more ? ", the first of many" : ""}.`;
    if (before === 0) choose(graph.getElementById(of));
  }

  function choose(node) {
    graph.nodes().unselect();
    node.select();
    const link = element("a", "", node.data("name"));
    link.href = node.data("href");
    const links = node.connectedEdges().length;
    chosen.replaceChildren(element("span", "", "Chosen:"), link, element("span", "", `${links} link${links === 1 ? "" : "s"} shown`));
    status.textContent = `${node.data("name")}, ${links} links shown`;
  }

  graph.on("tap", "node", ({ target }) => {
    const again = target.selected();
    choose(target);
    if (again && !target.hasClass("walked")) step(target, target.data("more"));
  });
  canvas.addEventListener("keydown", (event) => {
    const all = graph.nodes().toArray();
    const at = all.findIndex((node) => node.selected());
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      choose(all[(at + by + all.length) % all.length]);
    } else if (event.key === "Enter" && at >= 0 && !all[at].hasClass("walked")) {
      step(all[at], all[at].data("more"));
    } else if (event.key === "+" || event.key === "-") {
      zoom(event.key === "+" ? 1.25 : 0.8);
    } else {
      return;
    }
    event.preventDefault();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(look()));

  await step(null, address);
  canvas.focus();
}
