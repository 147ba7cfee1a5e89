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

// A photo is chosen with the first saving; where something else is wrong it need not be chosen again.
async function photo(page) {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const bad = { name: '门牌.exe', mimeType: 'application/octet-stream', buffer: png };
  await page.goto(base + '/r/request/new');
  await page.fill('[name=content]', '和塘路12号门前积水');
  await page.fill('[name=phone]', '1990010');
  await page.check('[name=kind][value=report]', { force: true });
  await page.setInputFiles('[name=photo]', { name: '积水.png', mimeType: 'image/png', buffer: png });
  await send(page, save);
  check((await page.textContent('.errors')).includes('联系电话'), 'the phone is wrong');
  check((await page.textContent('label.kept')).includes('积水.png'), 'the photo is kept');
  await page.setInputFiles('[name=photo]', bad);
  await send(page, save);
  check((await page.textContent('[id="e.photo"]')).includes('门牌.exe'), 'what cannot be kept is said beside the field');
  await page.fill('[name=phone]', '19900100000');
  await send(page, save);
  check((await page.textContent('.said')).includes('已保存'), 'saved');
  check(await page.locator('a.thumb img[alt="积水.png"]').count() === 1, 'the photo stands on the page, once');
  const seen = await page.request.get(base + await page.getAttribute('a.thumb img', 'src'));
  check(seen.status() === 200 && seen.headers()['content-type'] === 'image/png', 'and can be seen');
  // words that nobody signed are no file
  const token = 'f'.repeat(64) + '|photo|' + 'a'.repeat(64) + '|5|x.png';
  await page.goto(base + '/r/request/new');
  await page.fill('[name=content]', '伪造附件');
  await page.check('[name=kind][value=consult]', { force: true });
  const keys = await page.evaluate(() => Object.fromEntries(['_csrf', '_once'].map(n => [n, document.querySelector('main form [name=' + n + ']').value])));
  const answer = await page.request.post(base + '/r/request/new', { maxRedirects: 0, headers: { Origin: base },
    multipart: { ...keys, content: '伪造附件', kind: 'consult', received_at: '今天', _file: token } });
  check(answer.status() === 303, 'saved: ' + answer.status());
  await page.goto(base + answer.headers().location);
  check(await page.locator('a.thumb').count() === 0, 'without the forged file');
}

// One press brings the members of the branch; who was absent is marked; the numbers follow from the rows.
async function roster(page) {
  await page.goto(base + '/r/meeting/new');
  check((await page.locator('.field:has([name=present]) .help').allTextContents()).some(t => t.includes('签到') && t.includes('名单')),
    'a number that gives way to rows says so');
  await page.fill('[name=subject]', '名册带入的会');
  await page.click('button[name=_bring]');
  await page.waitForSelector('[id="e.branch"]');
  check((await page.textContent('[id="e.branch"]')).includes('党支部'), 'whose members is asked first');
  await page.selectOption('[name=branch]', { label: '和塘社区第一党支部' });
  await page.click('button[name=_bring]');
  await page.waitForSelector('[id="e.held_at"]');
  check((await page.textContent('[id="e.held_at"]')).includes('会议时间'), 'the day is needed first');
  await page.fill('[name=held_at]', '今天 9:00');
  await page.selectOption('[name=type]', 'theme');
  await send(page, 'button[name=_bring]');
  const people = await page.locator('[name$=".name"]').evaluateAll(v => v.map(i => i.value).filter(Boolean)).catch(async () => []);
  check(people.length > 3, 'the members have come: ' + people.length);
  check((await page.textContent('.said')).includes('带入 ' + people.length + ' 人'), 'and it is said how many');
  check(await page.inputValue('[name="attendance.1.status"]') === 'present', 'as present');
  await send(page, 'button[name=_bring]');
  check((await page.textContent('.said')).includes('没有新的人'), 'nobody comes twice');
  await page.selectOption('[name="attendance.2.status"]', 'leave');
  await page.fill('[name="attendance.2.reason"]', '外出就医');
  await send(page, save);
  const known = await page.textContent('dl.known');
  const number = label => Number(new RegExp(label + '\\s*(\\d+)').exec(known)[1]);
  check(number('应到人数') === people.length && number('实到人数') === people.length - 1, 'the numbers are counted: ' + known);
  check(number('缺席人数') === 1, 'and what follows from them');
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
  await photo(plain);
  await roster(await visitor(b, 'secretary', { javaScriptEnabled: false }));
  await scripted(await visitor(b, 'worker', { viewport: { width: 360, height: 720 }, hasTouch: true }));
});
