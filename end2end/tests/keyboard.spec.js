// The review without a mouse.

import { expect, open, test } from './onehop.js';

test('the first stop skips to the page', async ({ page }) => {
  await open(page, '/review');
  await page.keyboard.press('Tab');
  const skip = page.locator(':focus');
  await expect(skip).toHaveText(/skip/i);
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test('every stop can be seen', async ({ page }) => {
  await open(page, '/review');
  // What is folded away is no stop.
  const stops = await page
    .locator('a[href], button:enabled, summary, input:not([type=hidden])')
    .filter({ visible: true })
    .count();
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    await expect(focused).toBeInViewport();
    const drawn = await focused.evaluate((element) => {
      const style = getComputedStyle(element);
      const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      return ring || style.boxShadow !== 'none';
    });
    expect(drawn, await focused.evaluate((element) => element.outerHTML)).toBe(true);
  }
});

test('a figure is opened with Enter', async ({ page }) => {
  await open(page, '/review');
  await page.locator('a.value').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/records/**');
  await expect(page.locator('#counted')).toBeVisible();
});
