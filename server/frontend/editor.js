// Turns the query form's text area into an editor: colours, prefixes and names of this graph to complete, errors at
// their line. The text area stays the form's field, so that everything works the same without this script.

import { autocompletion } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Prec } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql } from "codemirror-lang-sparql";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--code-literal)" },
  { tag: [tags.namespace, tags.url, tags.link, tags.propertyName, tags.labelName], color: "var(--code-name)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", minHeight: "18rem" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", borderColor: "var(--rule)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection) !important" },
  ".cm-problem-line": { boxShadow: "inset 4px 0 0 var(--problem)" },
  ".cm-problem": { textDecoration: "underline wavy var(--problem)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--rule)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--surface)" },
});

/** Puts a completed name in place, and at the top the declaration of its prefix where the query has none. */
function complete(namespaces) {
  return (view, { label }, from, to) => {
    const prefix = label.slice(0, label.indexOf(":") + 1);
    const declared = new RegExp(`\\bprefix\\s+${prefix}\\s*<`, "i").test(view.state.doc.toString());
    const needed = declared || !namespaces.has(prefix) ? "" : `PREFIX ${prefix} <${namespaces.get(prefix)}>\n`;
    view.dispatch({
      changes: [{ from: 0, insert: needed }, { from, to, insert: label }],
      selection: { anchor: from + needed.length + label.length },
      userEvent: "input.complete",
    });
  };
}

/** Completes prefixed names and variables; the list of names is fetched once, when the reader first types one. */
function completion(address, area) {
  let names;
  const load = () => (names ??= fetch(address).then(async (answer) => {
    const found = answer.ok ? await answer.json() : [];
    const namespaces = found.filter(({ type }) => type === "namespace").map(({ label, detail }) => [label, detail]);
    const apply = complete(new Map(namespaces));
    return found.map((name) => (name.type === "namespace" ? name : { ...name, apply }));
  }));
  return async (context) => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const found = new Set(area.value.match(/[?$]\w+/g));
      return { from: variable.from, options: [...found].map((label) => ({ label, type: "variable" })) };
    }
    const word = context.matchBefore(/[\w-]+:?[\w/-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    return { from: word.from, options: await load(), validFor: /^[\w-]*:?[\w/-]*$/ };
  };
}

/** Marks the line that the server found wrong, until the text changes. */
function problemMark(area) {
  const { line, column, message } = area.dataset;
  return EditorView.decorations.compute(["doc"], (state) => {
    if (!line || Number(line) > state.doc.lines || state.doc.toString() !== area.defaultValue) return Decoration.none;
    const at = state.doc.line(Number(line));
    const from = Math.min(at.from + Math.max(Number(column || 1) - 1, 0), at.to);
    const marks = [Decoration.line({ class: "cm-problem-line", attributes: { title: message } }).range(at.from)];
    if (from < at.to) marks.push(Decoration.mark({ class: "cm-problem" }).range(from, at.to));
    return Decoration.set(marks);
  });
}

function mount(area) {
  const form = area.form;
  const host = document.createElement("div");
  host.className = "editor-host";
  area.after(host);
  // A shadow root lets the editor bring its styles as objects: the site's policy allows no style elements.
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    doc: area.value,
    root,
    parent: root,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (form.requestSubmit(), true) }])),
      basicSetup,
      sparql(),
      syntaxHighlighting(colours),
      look,
      problemMark(area),
      autocompletion({ override: [completion(area.dataset.names, area)] }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": area.dataset.label, "aria-describedby": "editor-help" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
    ],
  });
  area.hidden = true;
  const { line } = area.dataset;
  if (line && Number(line) <= view.state.doc.lines) {
    view.dispatch({ selection: { anchor: view.state.doc.line(Number(line)).from }, scrollIntoView: true });
  }
}

for (const area of document.querySelectorAll("textarea[data-editor]")) mount(area);
