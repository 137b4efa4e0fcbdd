// How the review feels in a browser, and what it weighs: npm run vitals, after a release build.
// Twenty first visits, each with an empty cache, of a generated company on this machine.

import { chromium } from '@playwright/test';
import { browser } from './browser.js';
import { start } from './server.js';

const VISITS = 20;

const server = await start({ weeks: 52 });
const chrome = await chromium.launch(browser);
const visits = [];
try {
  for (let visit = 0; visit < VISITS; visit += 1) visits.push(await measured());
} finally {
  await chrome.close();
  await server.stop();
}

const worst = (name) => Math.max(...visits.map((visit) => visit[name]));
const middle = (name) => visits.map((visit) => visit[name]).sort((a, b) => a - b)[VISITS / 2];
const answers = [
  ['largest contentful paint, the slowest of 20', worst('lcp_ms'), ' ms', 1000],
  ['the same, the median', middle('lcp_ms'), ' ms', 1000],
  ['layout shift, the largest of 20', worst('shift'), '', 0],
  ['interaction to next paint, the slowest of 20', worst('inp_ms'), ' ms', 50],
  ['the review without islands, compressed', worst('page_bytes') / 1000, ' kB', 100],
  ['the islands, compressed', worst('islands_bytes') / 1000, ' kB', 130],
];
let all = true;
for (const [what, value, unit, bound] of answers) {
  const holds = bound === 0 ? value === 0 : value < bound;
  all &&= holds;
  const promised = bound === 0 ? 'none' : `under ${bound}${unit}`;
  const said = `${value.toFixed(bound === 0 ? 5 : 1)}${unit}`;
  console.log(`${what.padEnd(58)} ${said.padStart(10)}   ${promised.padEnd(15)} ${holds ? 'holds' : 'does not hold'}`);
}
process.exit(all ? 0 : 1);

/** One first visit, with what a reader does in it. */
async function measured() {
  const context = await chrome.newContext({
    baseURL: server.url,
    storageState: server.session,
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await page.addInitScript(observe);
  await page.goto('/review', { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  const bytes = await page.evaluate(weigh);
  await page.locator('details summary').first().click();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find' });
  await palette.getByRole('combobox').pressSequentially('lead', { delay: 60 });
  await palette.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'dark theme' }).click();
  // Entries are told after the frame that they belong to.
  await page.waitForTimeout(300);
  const seen = await page.evaluate(() => window.seen);
  await context.close();
  return { ...seen, ...bytes };
}

/** Runs before the page does, and notes what the browser tells of it. */
function observe() {
  window.seen = { lcp_ms: 0, shift: 0, inp_ms: 0 };
  const on = (type, note, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  on('largest-contentful-paint', (entry) => (window.seen.lcp_ms = entry.startTime));
  on('layout-shift', (entry) => (window.seen.shift += entry.hadRecentInput ? 0 : entry.value));
  const interaction = (entry) => {
    if (entry.interactionId) window.seen.inp_ms = Math.max(window.seen.inp_ms, entry.duration);
  };
  on('event', interaction, { durationThreshold: 16 });
}

/** What came over the line, as it was compressed. */
function weigh() {
  const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const bytes = { page_bytes: 0, islands_bytes: 0 };
  for (const { name, encodedBodySize } of loaded) {
    bytes[new URL(name).pathname.startsWith('/pkg/') ? 'islands_bytes' : 'page_bytes'] += encodedBodySize;
  }
  return bytes;
}
