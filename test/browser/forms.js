// SPDX-License-Identifier: Apache-2.0
// Forms as people fill them in: days and times as they are written in an office, a second record of the same thing,
// with and without JavaScript.
'use strict';
const { base, check, visitor, run } = require('./lib.js');

const save = 'main form[method=post] .acts button.main';
async function send(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}
const day = n => {
  const d = new Date(Date.now() + 8 * 3600e3 + n * 864e5); // Asia/Shanghai
  return d.toISOString().slice(0, 10);
};

// What cannot be read stays as it was typed, with what is wrong beside it; what can is said in words.
async function dates(page) {
  await page.goto(base + '/r/visit/new');
  await page.fill('[name=visited_on]', '2月30日');
  await page.fill('[name=host]', '昝先生');
  await page.selectOption('[name=grid]', { index: 1 });
  await page.check('[name=purpose][value=routine]', { force: true }).catch(() => page.selectOption('[name=purpose]', 'routine'));
  await send(page, save);
  check((await page.textContent('[id="e.visited_on"]')).includes('2月30日'), 'what was read is said beside the field');
  check(await page.getAttribute('[name=visited_on]', 'aria-describedby').then(v => v.includes('e.visited_on')), 'and belongs to it for a reader');
  check(await page.inputValue('[name=visited_on]') === '2月30日', 'and stays as it was typed');
  check(await page.inputValue('[name=host]') === '昝先生', 'and nothing else is lost');
  await page.fill('[name=visited_on]', '昨天');
  await page.fill('[name=visitor]', '');
  await send(page, save);
  check((await page.textContent('[id="d.visited_on"]')).includes('星期'), 'the day that was understood is said in words');
  await page.fill('[name=visitor]', '何田');
  await send(page, save);
  check((await page.textContent('dl.known')).includes(day(-1)), '昨天 is yesterday');
  await page.goto(base + '/r/meeting/new');
  await page.fill('[name=held_at]', '3.5 上午9点');
  await send(page, save);
  check((await page.textContent('[id="d.held_at"]')).includes('3月5日') && (await page.textContent('[id="d.held_at"]')).includes('9:00'),
    'a time beside the day is understood: ' + await page.textContent('[id="d.held_at"]'));
}

// The same household on the same day: asked, not refused; nothing is saved until it is said again.
async function twin(page) {
  const fill = async () => {
    await page.goto(base + '/r/visit/new');
    await page.fill('[name=visited_on]', '今天');
    await page.fill('[name=visitor]', '何田');
    await page.fill('[name=host]', '昝先生');
    await page.fill('[name=address]', '和塘路88号');
    await page.selectOption('[name=grid]', { index: 1 });
    await page.check('[name=purpose][value=safety]', { force: true }).catch(() => page.selectOption('[name=purpose]', 'safety'));
    await send(page, save);
  };
  await fill();
  check((await page.textContent('.said')).includes('已保存'), 'the first is saved');
  const first = new URL(page.url()).pathname;
  await fill();
  check((await page.textContent('.errors')).includes('相似'), 'the second is asked about');
  check(await page.locator(`.errors a[href="${first}"]`).count() === 1, 'the first can be opened');
  check(await page.inputValue('[name=address]') === '和塘路88号', 'what was typed is still there');
  await send(page, save);
  check((await page.textContent('.said')).includes('已保存') && !page.url().includes(first), 'whoever says so saves it');
}

// With JavaScript: the day in words at once, and a calendar beside the text.
async function scripted(page) {
  await page.goto(base + '/r/visit/new');
  await page.fill('[name=visited_on]', '3.5');
  await page.press('[name=visited_on]', 'Tab');
  await page.waitForSelector('[id="d.visited_on"]:has-text("3月5日")');
  await page.fill('[name=visited_on]', '3.55');
  await page.press('[name=visited_on]', 'Tab');
  await page.waitForSelector('[id="d.visited_on"].wrong:has-text("3.5")');
  check(await page.locator('.when button.pick').count() > 0, 'there is a calendar');
  check(page.faults.length === 0, page.faults.join('; '));
}

run('forms', async b => {
  const plain = await visitor(b, 'worker', { javaScriptEnabled: false });
  await dates(plain);
  await twin(plain);
  await scripted(await visitor(b, 'worker', { viewport: { width: 360, height: 720 }, hasTouch: true }));
});
