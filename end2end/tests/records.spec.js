// The list behind a figure, in the order its reader asks for.

import { expect, test } from './onehop.js';

test('its heads sort it: by keyboard, without script, on a narrow screen', async ({ browser, baseURL, storageState }) => {
  const viewport = { width: 390, height: 844 };
  const plain = await browser.newContext({ baseURL, storageState, viewport, javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto('/records/change_lead_time');
  const sorted = page.locator('th[aria-sort]');
  await expect(sorted).toHaveText('When, UTC');
  const usual = await page.locator('table.records tbody tr').allInnerTexts();
  for (const way of ['descending', 'ascending']) {
    const head = page.getByRole('link', { name: 'Value', exact: true });
    await expect(head).toBeVisible();
    await head.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(way === 'descending' ? '**sort=-value#records' : '**sort=value#records');
    await expect(sorted).toHaveText('Value');
    await expect(sorted).toHaveAttribute('aria-sort', way);
  }
  const listed = await page.locator('table.records tbody tr').allInnerTexts();
  expect(listed).not.toEqual(usual);
  expect(listed.toSorted()).toEqual(usual.toSorted());
  await plain.close();
});
