// The review, and the way from each of its figures to the records behind it.

import { expect, open, test } from './onehop.js';

/** The number a text names; "no incidents" names none at all. */
const digits = (text) => Number((text.match(/[\d\s.,]*\d/) ?? ['0'])[0].replace(/\D/g, ''));

test('the answer is among the first 200 characters', async ({ page }) => {
  await open(page, '/review');
  const answer = await page.locator('h1').innerText();
  const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  expect(text.slice(0, 200)).toContain(answer);
});

test('every figure opens as many records as it says', async ({ page }) => {
  // It opens every list there is.
  test.slow();
  await open(page, '/review');
  const figures = await page.locator('table a.value').evaluateAll((links) =>
    links.map((link) => ({ address: link.href, text: link.textContent })),
  );
  expect(figures.length).toBeGreaterThan(1);
  for (const { address, text } of figures) {
    await page.goto(address);
    expect(digits(await page.locator('#records h2').innerText()), address).toBe(sampleOf(text));
  }
});

test('the list behind a figure is read to its end, on the page and as CSV', async ({ page }) => {
  await open(page, '/review');
  const figure = page.locator('table a.value').first();
  const sample = sampleOf(await figure.textContent());
  await figure.click();
  await page.waitForURL('**/records/**');
  const csv = await page.request.get(await page.getByRole('link', { name: 'CSV' }).getAttribute('href'));
  const [, ...entries] = (await csv.text()).trimEnd().split('\n');
  expect(entries).toHaveLength(sample);
  expect(await listed(page)).toBe(sample);
});

/** From how many records a figure says it is. */
const sampleOf = (text) => digits((text.match(/, from (.+): open the list/) ?? [null, '0'])[1]);

/** How many records are listed from this page to the last. */
async function listed(page) {
  const rows = page.locator('table.records tbody tr');
  const later = page.getByRole('link', { name: 'Next records' });
  let sum = await rows.count();
  while ((await later.count()) > 0) {
    await page.goto(await later.getAttribute('href'));
    sum += await rows.count();
  }
  return sum;
}

test('it prints in landscape: what is spoken about on one page, the table whole on the next', async ({ page }) => {
  await open(page, '/review');
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const [, width, height] = pdf.match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/).map(Number);
  expect(width).toBeGreaterThan(height);

  // What the style sheet's margins leave of A4 in landscape: 269 × 182 mm at 96 dots an inch.
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 1017, height: 688 });
  const table = await page.locator('section.everything').boundingBox();
  expect(table.y).toBeLessThanOrEqual(688);
  const rows = await page.locator('table.fixed').boundingBox();
  expect(rows.height).toBeLessThanOrEqual(640);
});
