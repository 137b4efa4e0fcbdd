// Putting something right, as far as a reader gets before anything is kept.

import AxeBuilder from '@axe-core/playwright';
import { expect, open, test } from './onehop.js';

test('a correction shows the weeks it changes before it can be kept', async ({ page }) => {
  await open(page, '/corrections');
  await page.locator('section[aria-labelledby="incidents"] tbody a').first().click();
  await expect(page.getByRole('group', { name: 'Which deployment caused it?' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Put it right' })).toHaveCount(0);

  await page.locator('input[name="choice"]').first().focus();
  await page.keyboard.press('Space');
  await page.getByLabel('Why').fill('Its log names the deployment');
  await page.keyboard.press('Enter');

  await expect(page.getByText(/^(This would change|No figure would change)/)).toBeVisible();
  await expect(page.getByText('Its log names the deployment')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Put it right' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const { width } = page.viewportSize();
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed).toBeLessThanOrEqual(width);
});
