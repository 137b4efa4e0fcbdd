// Deletes one rule of links and metrics at a time, as tests/mutations.txt lists them, and asks whether
// a case computed by hand notices. Takes long and changes files while it runs; it puts each back.
//
//   node tests/mutations.mjs [WORDS OF THE RULES TO TRY …]

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2);
const mutations = read(readFileSync(join(root, "tests/mutations.txt"), "utf8")).filter(
  ({ rule }) => words.length === 0 || words.some((word) => rule.includes(word)),
);

let restore = () => {};
process.on("exit", () => restore());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

let noticed = 0;
for (const mutation of mutations) {
  const outcome = await tried(mutation);
  if (outcome === "noticed") noticed += 1;
  console.log(`${outcome.padEnd(8)} ${mutation.rule} (${mutation.file})`);
}
console.log(`${noticed} of ${mutations.length} deleted rules were noticed`);
process.exit(noticed < mutations.length ? 1 : 0);

// Blocks of a rule in words, its file, and what to take out (-) and put in (+).
function read(text) {
  const blocks = text.split(/\n\n+/).filter((block) => block.trim() && !block.startsWith("#"));
  return blocks.map((block) => {
    const [rule, file, ...lines] = block.trimEnd().split("\n");
    const part = (sign) => lines.filter((line) => line[0] === sign).map((line) => line.slice(1));
    return { rule, file: join("server/src", file), from: part("-").join("\n"), to: part("+").join("\n") };
  });
}

async function tried({ file, from, to }) {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) return "unclear";
  restore = () => writeFileSync(path, text);
  writeFileSync(path, text.replace(from, () => to));
  const test = ["test", "--quiet", "-p", "tests", "--test", "suite"];
  const builds = await succeeds("cargo", [...test, "--no-run"]);
  const survives = builds && (await succeeds("cargo", [...test, "delivery::"]));
  restore();
  restore = () => {};
  if (!builds) return "broken";
  return survives ? "SURVIVED" : "noticed";
}

function succeeds(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: "ignore" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code === 0)));
}
