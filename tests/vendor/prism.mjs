// Reads what Prism serves from GitHub's own OpenAPI description: every list is parsed, and no link off this
// machine is followed. Needs the program built: cargo build --workspace --bins --tests.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const onehop = path.join(path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug', 'onehop');
const described = path.join(here, 'node_modules/@octokit/openapi/generated/api.github.com.json');

const prism = spawn('npx', ['prism', 'mock', '-h', '127.0.0.1', '-p', '4010', described], { cwd: here, stdio: 'ignore' });
const folder = await mkdtemp(path.join(tmpdir(), 'onehop-prism-'));
try {
  await answers('http://127.0.0.1:4010/rate_limit');
  const asIs = await synced('http://127.0.0.1:4010', 'as-is');
  check(asIs.failures.some((said) => said.includes('another address than its own')), 'the link off this machine is refused', asIs);
  const proxy = await withoutLinks(4010);
  const read = await synced(`http://127.0.0.1:${proxy.address().port}`, 'without-links');
  proxy.close();
  check(read.failures.length === 0, 'every list is read', read);
  check(read.accepted > 0 && read.refused === 0, 'everything on them is parsed', read);
} finally {
  prism.kill();
  await rm(folder, { recursive: true, force: true });
}

/** What one sync of a forge at this address says. */
async function synced(url, name) {
  const database = `sqlite:${path.join(folder, name)}.db`;
  const file = path.join(folder, `${name}.toml`);
  await writeFile(file, `[[source]]
kind = "github"
name = "forge"
base_url = "${url}"
repositories = ["octocat/Hello-World"]
token_env = "FORGE_TOKEN"
deployed_by = ["deployments", "releases", "workflow:Build"]
`);
  const env = { ...process.env, FORGE_TOKEN: 'none' };
  await run(onehop, ['--database', database, 'apply', file], { env });
  const said = await run(onehop, ['--database', database, 'sync', '--json'], { env }).catch((error) => error);
  return JSON.parse(said.stdout)[0];
}

/** The same, but for links to next pages. */
async function withoutLinks(port) {
  const server = http.createServer((request, response) => {
    const on = { host: '127.0.0.1', port, path: request.url, method: request.method, headers: request.headers };
    const asked = http.request(on, (answer) => {
      const { link, ...headers } = answer.headers;
      // Prism has no GraphQL; so has many an enterprise server's proxy.
      response.writeHead(answer.statusCode, headers);
      answer.pipe(response);
    });
    request.pipe(asked);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function answers(url) {
  for (let tries = 0; tries < 120; tries += 1) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // It takes half a minute to start.
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${url} does not answer`);
}

function check(holds, what, said) {
  if (!holds) throw new Error(`not so: ${what}\n${JSON.stringify(said, null, 2)}`);
  console.log(what);
}
