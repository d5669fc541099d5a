// Runs the queries of standard input, a list in JSON, with Comunica and writes the answers, again as a list: each SPARQL JSON
// results or N-Triples.
//
//   node ask.js endpoint URL
//   node ask.js traverse URL PATH…   starts from one document and follows its links, below the given paths only, so that
//                                    what is found is what this server says and the test ends
//
// The last line on standard error is the list of addresses that were asked, as JSON.

const [way, address, ...paths] = process.argv.slice(2);
const start = new URL(address);
const asked = [];
let queries = "";
for await (const piece of process.stdin) queries += piece;

async function fetchWithin(target, options) {
  const url = new URL(target instanceof Request ? target.url : target);
  const inside = way === "endpoint" || paths.some((path) => url.pathname.startsWith(path));
  if (url.origin !== start.origin || !inside) return new Response("", { status: 404 });
  asked.push(url.pathname);
  return fetch(target, options);
}

const name = way === "endpoint" ? "@comunica/query-sparql" : "@comunica/query-sparql-link-traversal";
const { QueryEngine } = await import(name);
const engine = new QueryEngine();
const sources = way === "endpoint" ? [{ type: "sparql", value: address }] : [address];
const answers = [];
for (const query of JSON.parse(queries)) {
  const result = await engine.query(query, { sources, fetch: fetchWithin, lenient: way === "traverse" });
  const type = result.resultType === "quads" ? "application/n-triples" : "application/sparql-results+json";
  const { data } = await engine.resultToString(result, type);
  let answer = "";
  for await (const piece of data) answer += piece;
  answers.push(answer);
}
process.stdout.write(JSON.stringify(answers));
process.stderr.write("\n" + JSON.stringify(asked), () => process.exit(0));
