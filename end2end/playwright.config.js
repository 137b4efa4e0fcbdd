import { defineConfig } from '@playwright/test';
import { browser } from './browser.js';

const wide = { width: 1440, height: 900 };
const narrow = { width: 320, height: 844 };

// What must hold at every width and in both schemes; all else is looked at once.
const pages = 'pages.spec.js';

export default defineConfig({
  testDir: 'tests',
  globalSetup: './setup.js',
  forbidOnly: true,
  workers: 2,
  reporter: 'list',
  use: { launchOptions: browser, trace: 'retain-on-failure' },
  projects: [
    { name: 'wide', use: { viewport: wide, colorScheme: 'light' } },
    { name: 'wide dark', testMatch: pages, use: { viewport: wide, colorScheme: 'dark' } },
    { name: 'narrow', testMatch: pages, use: { viewport: narrow, colorScheme: 'light' } },
    { name: 'narrow dark', testMatch: pages, use: { viewport: narrow, colorScheme: 'dark' } },
  ],
});
