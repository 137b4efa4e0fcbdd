// The charts of a workflow: how far they reach back, and their pictures.

import AxeBuilder from '@axe-core/playwright';
import { expect, open, tags, test } from './onehop.js';

const address = '/workflows/checkout-delivery';

test('charts turn to six weeks beside twelve months, and back', async ({ page }) => {
  await open(page, address);
  const beside = page.locator('figure.six-twelve');
  await expect(beside).toHaveCount(0);
  await page.getByRole('link', { name: 'Six weeks beside twelve months' }).click();
  await expect(page).toHaveURL(/[?&]view=6-12$/);
  await expect(beside.first()).toContainText('12 months');
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.getByRole('link', { name: 'Half a year' }).click();
  await expect(beside).toHaveCount(0);
});

test('a chart is a picture too, in both formats', async ({ page }) => {
  await open(page, address);
  const lead = page.locator('#change_lead_time');
  const title = await lead.locator('h4').innerText();
  for (const format of ['SVG', 'PNG']) {
    const picture = await lead.getByRole('link', { name: format }).getAttribute('href');
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, picture);
    expect(size).toEqual([1200, 630]);
  }
  const picture = await lead.getByRole('link', { name: 'SVG' }).getAttribute('href');
  expect(await (await page.request.get(picture)).text()).toContain(`<title>${title}, `);
});
