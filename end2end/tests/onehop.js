// A signed-in page on the server under test, which may not log an error.

import { test as base, expect } from '@playwright/test';

export { expect };

export const addresses = [
  '/review',
  '/records/changes_merged',
  '/records/pr_cycle_time',
  '/receipts/change/checkout%23460',
  '/definitions/changes_merged',
  '/definitions/pr_cycle_time',
  '/definitions/answer',
  '/workflows',
  '/workflows/checkout-delivery',
  '/workflows/checkout-delivery/edit',
  '/workflows/new',
  '/limits/change_lead_time',
  '/actions',
  '/explanations/change_lead_time',
  '/corrections',
  '/demo',
  '/sources',
  '/sources/connect',
  '/settings',
  '/search',
  '/keys',
  '/sign-in',
];

/** The rules that hold: WCAG 2.2 A and AA. */
export const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const signedOut = { cookies: [], origins: [] };

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.ONEHOP_TEST_URL),
  storageState: async ({}, use) => use(process.env.ONEHOP_TEST_SESSION),
  page: async ({ page }, use) => {
    const errors = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await use(page);
    expect(errors, 'errors in the console').toEqual([]);
  },
});

/** Opens an address as whoever may see it: the sign-in page is for those who are not in. */
export async function open(page, address) {
  if (address === '/sign-in') await page.context().clearCookies();
  const answer = await page.goto(address);
  expect(answer.status()).toBe(200);
  expect(new URL(page.url()).pathname).toBe(address);
}
