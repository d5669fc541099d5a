// Makes ../static/vendor from the packages of package-lock.json: fonts with their licences, the query editor, and the
// explorer. The folder is made beside the old one and takes its place when it is whole.
// Nothing in that folder is committed, and no page needs it: without it the system's own fonts and a text area do.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const place = join(here, "..", "static", "vendor");
const vendor = `${place}.new`;

const families = [
  { package: "source-serif-4", family: "Source Serif 4", weights: "200 900", styles: ["normal", "italic"] },
  { package: "source-sans-3", family: "Source Sans 3", weights: "200 900", styles: ["normal", "italic"] },
  { package: "source-code-pro", family: "Source Code Pro", weights: "200 900", styles: ["normal"] },
];
// The text is English; latin-ext is fetched only where a name needs it.
const subsets = ["latin", "latin-ext"];

async function fonts() {
  const rules = [];
  for (const { package: name, family, weights, styles } of families) {
    const folder = join(packages, "@fontsource-variable", name);
    const ranges = JSON.parse(await readFile(join(folder, "unicode.json"), "utf8"));
    await copyFile(join(folder, "LICENSE"), join(vendor, `${name}-LICENSE.txt`));
    for (const style of styles) {
      for (const subset of subsets) {
        const bytes = await readFile(join(folder, "files", `${name}-${subset}-wght-${style}.woff2`));
        // The checksum in the name lets browsers keep the file for ever.
        const file = `${name}-${subset}-${style}.${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}.woff2`;
        await writeFile(join(vendor, file), bytes);
        // Pages preload the upright fonts, so that nothing moves; a word in italics may come a moment later.
        const display = style === "italic" ? "swap" : "optional";
        rules.push(
          `@font-face{font-family:"${family}";font-style:${style};font-display:${display};font-weight:${weights};` +
            `src:url("${file}") format("woff2");unicode-range:${ranges[subset]}}`,
        );
      }
    }
  }
  await writeFile(join(vendor, "fonts.css"), `${rules.join("\n")}\n`);
}

async function scripts() {
  await build({
    entryPoints: [join(here, "editor.js"), join(here, "explorer.js")],
    outdir: vendor,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "linked",
    logLevel: "warning",
  });
  for (const name of ["cytoscape", "cytoscape-fcose"]) {
    await copyFile(join(packages, name, "LICENSE"), join(vendor, `${name}-LICENSE.txt`));
  }
}

await rm(vendor, { recursive: true, force: true });
await mkdir(vendor, { recursive: true });
await Promise.all([fonts(), scripts()]);
await rm(place, { recursive: true, force: true });
await rename(vendor, place);
console.log(`Fonts, editor and explorer are in ${place}`);
