// Starts the server on a company of its own, in a temporary folder, or on a database that is there, and
// signs in.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { browser } from './browser.js';

const root = path.resolve(import.meta.dirname, '..');
const target = path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const onehop = path.join(target, process.env.ONEHOP_PROFILE ?? 'debug', 'onehop');

/** The generated company. Resolves once both printed lines are there: where the server listens, and
 * how to sign in. */
export async function start({ weeks }) {
  const company = ['demo', '--weeks', String(weeks), '--size', 'small', '--seed', '7'];
  const database = (folder) => `sqlite:${path.join(folder, 'onehop.db')}`;
  return run(database, company, async (child) => {
    return said(child, [/listening on (http:\S+)/, /sign in: (http:\S+)/]);
  });
}

/** What was imported into a database before. */
export async function serve(database) {
  return run(() => database, ['serve'], async (child) => {
    const [url] = await said(child, [/listening on (http:\S+)/]);
    return [url, invite(database, url, 'reader@example.org', 'operator')];
  });
}

/** A one-time link for somebody, who is added when they are not there. */
function invite(database, url, email, role) {
  const add = ['--database', database, 'user', 'add', email, '--role', role];
  const env = { ...process.env, ONEHOP_PUBLIC_URL: url };
  const answer = execFileSync(onehop, add, { env, encoding: 'utf8' });
  return answer.match(/sign in: (http:\S+)/)[1];
}

async function run(databaseIn, command, addresses) {
  const folder = await mkdtemp(path.join(tmpdir(), 'onehop-'));
  const database = databaseIn(folder);
  const args = ['--database', database, ...command, '--listen', '127.0.0.1:0'];
  const child = spawn(onehop, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [url, link] = await addresses(child);
    const session = path.join(folder, 'session.json');
    await signIn(link, session);
    const signInAs = async (email, role) => {
      const file = path.join(folder, `${role}.json`);
      await signIn(invite(database, url, email, role), file);
      return file;
    };
    return { url, session, signInAs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first group of each pattern, as soon as all were printed. */
function said(child, patterns) {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk) => {
      text += chunk;
      const found = patterns.map((pattern) => text.match(pattern)?.[1]);
      if (found.every(Boolean)) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (error) => reject(new Error(`${onehop} did not start: ${error.message}`)));
    child.once('close', (code) => reject(new Error(`${onehop} ended with ${code}:\n${text}`)));
  });
}

/** Opens the one-time link as a person would, and keeps the session's cookies. */
async function signIn(link, session) {
  const chrome = await chromium.launch(browser);
  try {
    const context = await chrome.newContext();
    const page = await context.newPage();
    await page.goto(link);
    await page.getByRole('main').getByRole('button').click();
    await page.waitForURL('**/review');
    await context.storageState({ path: session });
  } finally {
    await chrome.close();
  }
}
