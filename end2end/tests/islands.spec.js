// The palette, the single keys and the copied link, hydrated under the page's own policy.

import AxeBuilder from '@axe-core/playwright';
import { expect, open, tags, test } from './onehop.js';

/** A page whose islands have started, which they do when the browser is idle. */
async function awake(page, address) {
  await open(page, address);
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(palette(page)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
}

const palette = (page) => page.getByRole('dialog', { name: 'Find' });

test('the palette finds while one types, and Enter goes', async ({ page }) => {
  await awake(page, '/review');
  await page.keyboard.press('Control+k');
  const field = palette(page).getByRole('combobox');
  await expect(field).toBeFocused();
  await expect(palette(page).getByRole('option').first()).toContainText('Review');
  await field.fill('lead time');
  const first = palette(page).getByRole('option', { selected: true });
  await expect(first).toContainText('Change lead time');
  await expect(palette(page).getByRole('status')).toHaveText(/^\d+ places?$/);
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/records/change_lead_time');
});

test('the arrows choose, and what is chosen is said', async ({ page }) => {
  await awake(page, '/review');
  await page.keyboard.press('Control+k');
  const field = palette(page).getByRole('combobox');
  await field.fill('w');
  await page.keyboard.press('ArrowDown');
  const chosen = palette(page).getByRole('option', { selected: true });
  await expect(chosen).toHaveCount(1);
  await expect(field).toHaveAttribute('aria-activedescendant', await chosen.getAttribute('id'));
  await expect(palette(page).getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
});

test('a pasted link finds the record it belongs to', async ({ page }) => {
  await open(page, '/records/changes_merged');
  await page.locator('table.records tbody th a').first().click();
  const link = await page.locator('p.record a[rel]').first().getAttribute('href');
  const title = await page.locator('h1').innerText();
  await awake(page, '/review');
  await page.keyboard.press('Control+k');
  await palette(page).getByRole('combobox').fill(`${link}/files`);
  await expect(palette(page).getByRole('option').first()).toContainText(title);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/receipts/change/**');
  await expect(page.locator('h1')).toHaveText(title);
});

test('Escape closes the palette and gives the focus back', async ({ page }) => {
  await awake(page, '/review');
  const figure = page.locator('a.value').first();
  await figure.focus();
  await page.keyboard.press('/');
  await palette(page).getByRole('combobox').fill('lead');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(figure).toBeFocused();
});

test('single keys go to pages and through the weeks', async ({ page }) => {
  await awake(page, '/sources');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.waitForURL('**/review');
  await awake(page, '/review');
  await page.keyboard.press('[');
  await page.waitForURL('**/review/*');
  await awake(page, new URL(page.url()).pathname);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys).toBeVisible();
  await keys.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(keys).toBeHidden();
});

test('single keys do nothing in a field, nor once they are switched off', async ({ page }) => {
  await awake(page, '/search');
  await page.locator('#query').pressSequentially('gr?');
  await expect(page.locator('#query')).toHaveValue('gr?');
  await open(page, '/keys');
  await page.getByRole('button', { name: 'Switch single keys off' }).press('Enter');
  await expect(page.getByText('Single keys are off in this browser.')).toBeVisible();
  await awake(page, '/keys');
  await page.keyboard.press('?');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  // Were they on, this would have gone to the review, or opened the keys over it.
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/keys');
});

test('the copied link is that of the week', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await awake(page, '/review');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/review\/\d{4}-W\d\d$/);
});
