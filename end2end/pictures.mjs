// Takes the README's pictures: npm run pictures -- FOLDER
// or that of one week of a database: npm run pictures -- FOLDER DATABASE NAME WEEK

import path from 'node:path';
import { chromium } from '@playwright/test';
import { browser } from './browser.js';
import { serve, start } from './server.js';

const widths = { wide: 1440, narrow: 390 };
// The review whole; of the long pages, what a screen shows.
const pages = {
  review: { address: '/review', fullPage: true },
  records: { address: '/records/pr_cycle_time', fullPage: false },
  definition: { address: '/definitions/pr_cycle_time', fullPage: false },
  workflow: { address: '/workflows/checkout-delivery', fullPage: false },
  receipt: { address: '/receipts/change/checkout%231944', fullPage: false },
  sources: { address: '/sources', fullPage: false },
};

const [folder, database, name, week] = process.argv.slice(2);
if (!folder) {
  console.error('Which folder? npm run pictures -- FOLDER');
  process.exit(2);
}

// Of a database, what a screen shows of one week.
const asked = database && {
  widths: { wide: widths.wide },
  colorSchemes: ['light'],
  pages: { [name]: { address: `/review/${week}`, fullPage: false } },
};
const taken = asked || { widths, colorSchemes: ['light', 'dark'], pages };

const server = database ? await serve(database) : await start({ weeks: 52 });
const chrome = await chromium.launch(browser);
try {
  for (const [size, width] of Object.entries(taken.widths)) {
    for (const colorScheme of taken.colorSchemes) {
      const context = await chrome.newContext({
        baseURL: server.url,
        storageState: server.session,
        viewport: { width, height: 1000 },
        colorScheme,
      });
      const page = await context.newPage();
      for (const [name, { address, fullPage }] of Object.entries(taken.pages)) {
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
