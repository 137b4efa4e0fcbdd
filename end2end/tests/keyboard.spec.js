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

/** What has the focus: whether it lies in the window, and whether it is drawn as focused. */
function focused() {
  const element = document.activeElement;
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return {
    html: element.outerHTML,
    seen: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    drawn: ring || style.boxShadow !== 'none',
  };
}

test('every stop can be seen', async ({ page }) => {
  // A stop takes a tenth of a second on a busy machine, and a review has a hundred and more.
  test.slow();
  await open(page, '/review');
  // What is folded away is no stop.
  const stops = await page
    .locator('a[href], button:enabled, summary, input:not([type=hidden])')
    .filter({ visible: true })
    .count();
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    const { html, seen, drawn } = await page.evaluate(focused);
    expect(seen && drawn, html).toBe(true);
  }
});

test('a figure is opened with Enter', async ({ page }) => {
  await open(page, '/review');
  await page.locator('a.value').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/records/**');
  await expect(page.locator('#counted')).toBeVisible();
});
