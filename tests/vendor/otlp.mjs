// Sends what unchanged SDKs of OpenTelemetry (Python and Node) and OpenInference send of an agent, and looks
// for the runs. Needs the program built: cargo build --workspace --bins --tests, and a Python with the
// packages of requirements.txt, which PYTHON names.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const onehop = path.join(path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug', 'onehop');
const python = process.env.PYTHON ?? 'python3';

const folder = await mkdtemp(path.join(tmpdir(), 'onehop-otlp-'));
const database = `sqlite:${path.join(folder, 'onehop.db')}`;
const { stdout } = await run(onehop, ['--database', database, 'token', 'create', 'sdk', '--scope', 'operator']);
const token = stdout.trim();
const addresses = ['--listen', '127.0.0.1:0', '--otlp-grpc-listen', '127.0.0.1:0'];
const server = spawn(onehop, ['--database', database, 'serve', ...addresses], { stdio: ['ignore', 'pipe', 'ignore'] });
try {
  const [url, grpc] = await said(server, ['listening on ', 'taking OTLP over gRPC on ']);
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${token}`,
  };
  const overGrpc = { ...env, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: grpc };
  const sent = [
    ['Python, protobuf', await run(python, ['telemetry.py'], { cwd: here, env })],
    ['Python, packed', await run(python, ['telemetry.py'], { cwd: here, env: { ...env, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } })],
    ['Python, gRPC', await run(python, ['telemetry.py'], { cwd: here, env: overGrpc })],
    ['Python, gRPC, packed', await run(python, ['telemetry.py'], { cwd: here, env: { ...overGrpc, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } })],
    ['Node, JSON', await run('node', ['telemetry.mjs'], { cwd: here, env })],
    ['Node, protobuf', await run('node', ['telemetry.mjs', 'protobuf'], { cwd: here, env })],
  ];
  const today = (await run('date', ['+%G-W%V'])).stdout.trim();
  const listed = async (metric) => {
    const answer = await fetch(`${url}/api/v1/records/${metric}?week=${today}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()).records;
  };
  const ended = new Set((await listed('run_success')).map((own) => own.id));
  const called = new Set((await listed('tool_error_rate')).map((own) => own.id));
  for (const [by, { stdout }] of sent) {
    for (const id of stdout.trim().split('\n')) {
      check(ended.has(id) && called.has(id), `${by}: the trace ${id} is a run with tool calls`);
    }
  }
} finally {
  server.kill();
  await rm(folder, { recursive: true, force: true });
}

/** What follows each of these beginnings of lines, which come in this order. */
async function said(process, beginnings) {
  const found = [];
  for await (const line of createInterface({ input: process.stdout })) {
    const words = beginnings[found.length];
    if (line.startsWith(words)) found.push(line.slice(words.length).trim());
    if (found.length === beginnings.length) return found;
  }
  throw new Error('the server did not start');
}

function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(what);
}
