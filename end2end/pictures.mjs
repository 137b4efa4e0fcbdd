// Takes the README's pictures: npm run pictures -- FOLDER

import path from 'node:path';
import { chromium } from '@playwright/test';
import { browser } from './browser.js';
import { start } from './server.js';

const widths = { wide: 1440, narrow: 390 };
// The review whole; of the long pages, what a screen shows.
const pages = {
  review: { address: '/review', fullPage: true },
  records: { address: '/records/pr_cycle_time', fullPage: false },
  definition: { address: '/definitions/pr_cycle_time', fullPage: false },
};

const folder = process.argv[2];
if (!folder) {
  console.error('Which folder? npm run pictures -- FOLDER');
  process.exit(2);
}

const server = await start({ weeks: 52 });
const chrome = await chromium.launch(browser);
try {
  for (const [size, width] of Object.entries(widths)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await chrome.newContext({
        baseURL: server.url,
        storageState: server.session,
        viewport: { width, height: 1000 },
        colorScheme,
      });
      const page = await context.newPage();
      for (const [name, { address, fullPage }] of Object.entries(pages)) {
        await page.goto(address, { waitUntil: 'networkidle' });
        await page.evaluate(() => document.fonts.ready);
        const file = path.join(folder, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage });
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await chrome.close();
  await server.stop();
}
