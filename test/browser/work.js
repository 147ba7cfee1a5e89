// SPDX-License-Identifier: Apache-2.0
// A worker's day without JavaScript: a request from the first word to the visit after the answer; what is wrong is told
// beside the field and nothing typed is lost; a stale edit shows both values; then a ledger comes in and goes out again.
'use strict';
const fs = require('fs');
const { base, tmp, check, visitor, run } = require('./lib.js');

async function send(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}
const save = 'main form[method=post] button.main';

async function request(page) {
  await page.goto(base + '/r/request/new');
  await page.fill('[name=asker]', '祝大有');
  await page.fill('[name=phone]', '1990010');
  await send(page, save);
  check((await page.textContent('.errors')).includes('联系电话'), 'a wrong phone is told at the top');
  check(await page.inputValue('[name=asker]') === '祝大有', 'what was typed is still there');
  await page.fill('[name=phone]', '19900100000');
  await page.fill('[name=content]', '和塘路口窨井盖松动，请尽快处理');
  await page.check('[name=kind][value=complaint]', { force: true });
  await send(page, save);
  check((await page.textContent('.said')).includes('已保存'), 'saved');
  return page.url().split('?')[0];
}

async function moves(page) {
  await send(page, 'form[action$="/move/accept"] button');
  check((await page.textContent('.state')).includes('已受理'), 'accepted');
  await send(page, 'a[href$="/move/dispatch"]');
  await send(page, save);
  check((await page.textContent('.errors')).includes('承办人'), 'a dispatch needs somebody');
  await page.fill('[name=handler]', '江小舟');
  await page.check('[name=channel][value=self]', { force: true });
  await send(page, save);
  await send(page, 'form[action$="/move/sign"] button');
  await send(page, 'a[href$="/move/answer"]');
  await page.fill('[name=answer]', '已更换井盖');
  await send(page, save);
  await send(page, 'form[action$="/move/close"] button'); // the day is filled in by itself: one tap
  check((await page.textContent('.state')).includes('已办结'), 'closed');
  const story = await page.textContent('.history');
  check(story.includes('承办人：江小舟') && story.includes('已更换井盖'), 'and what was said on the way: ' + story);
  for (const word of ['登记', '受理', '派单', '签收', '答复', '办结']) check(story.includes(word), 'history tells ' + word);
}

async function stale(b, url) {
  const one = await visitor(b, 'worker', { javaScriptEnabled: false }), two = await visitor(b, 'secretary', { javaScriptEnabled: false });
  await one.goto(url + '/edit');
  await two.goto(url + '/edit');
  await one.fill('[name=address]', '和塘路1号');
  await send(one, save);
  await two.fill('[name=address]', '和塘路2号');
  await send(two, save);
  const text = await two.textContent('.errors');
  check(text.includes('和塘路1号') && text.includes('和塘路2号'), 'a stale edit shows both values');
  await send(two, save);
  check((await two.textContent('dl.known')).includes('和塘路2号'), 'then the person decides');
  const story = await two.textContent('.history');
  check(/修改：住址/.test(story) && !story.includes('和塘路'), 'the story tells what was changed, personal columns masked: ' + story);
  await one.context().close();
  await two.context().close();
}

async function ledger(page) {
  const file = tmp + '/走访.csv';
  fs.writeFileSync(file, '走访日期,走访人,网格,走访对象,走访事由,反映问题\n2026.3.5,江小舟,第一网格,水先生,日常走访,路灯不亮\n2026.13.5,江小舟,第一网格,水先生,日常走访,\n');
  await page.goto(base + '/import');
  await page.setInputFiles('input[type=file]', file);
  await send(page, save);
  const plan = await page.textContent('main');
  check(/将新增 1/.test(plan) && /1行未导入/.test(plan), 'the dry run counts');
  check(plan.includes('2026.13.5'), 'and names what is wrong');
  await send(page, 'button[value=run]');
  for (let i = 0; i < 20 && !(await page.textContent('main')).includes('导入完成'); i++) {
    await page.waitForTimeout(300);
    await page.reload();
  }
  check((await page.textContent('main')).includes('导入完成'), 'imported');
  await page.goto(base + '/search?q=' + encodeURIComponent('路灯'));
  check((await page.textContent('main')).includes('水先生'), 'two characters find it');
  await page.goto(base + '/import');
  await send(page, 'main .tasks a');
  check((await page.textContent('main')).includes('这次导入的条目'), 'the import tells its records');
  await page.locator('form[action*="/undo"] summary').first().click();
  await send(page, 'form[action*="/undo"] button');
  check((await page.textContent('main')).includes('撤回 1 条'), 'undone');
}

async function numbers(page) {
  await page.goto(base + '/figures');
  const link = page.locator('table a.figure').first();
  const n = Number((await link.textContent()).replace(/,/g, ''));
  await Promise.all([page.waitForNavigation(), link.click()]);
  check(await page.locator('table.list tbody tr').count() === Math.min(n, 200), 'a number opens exactly its records');
  await page.goto(base + '/reports/situation');
  check(await page.locator('a.figure').count() > 30, 'the report has numbers that open');
  const [down] = await Promise.all([page.waitForEvent('download'), page.click('button[value=docx]')]);
  check((await down.suggestedFilename()).endsWith('.docx'), 'Word');
  check(fs.statSync(await down.path()).size > 5000, 'the Word file is there');
}

async function limits(b) {
  const page = await visitor(b, 'grid', { javaScriptEnabled: false });
  const users = await page.goto(base + '/users');
  check(users.status() === 403, 'a grid worker may not see accounts: ' + users.status());
  const member = await page.goto(base + '/r/member');
  check(member.status() === 403, 'nor the roster of members: ' + member.status());
  await page.context().close();
}

// A need raised on a visit, from a phone: five taps and a request is there, with nothing typed twice.
async function raised(b) {
  const page = await visitor(b, 'grid', { viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  await send(page, 'a[href="/r/visit/new"]');
  check(await page.inputValue('[name=visitor]') === '何田', 'the visitor is whoever writes, by name: ' + await page.inputValue('[name=visitor]'));
  await page.selectOption('[name=grid]', { label: '第一网格' });
  await page.selectOption('[name=purpose]', 'routine');
  await page.fill('[name=issue]', '单元门禁失灵');
  await page.check('[name=raise][value="1"]', { force: true });
  await send(page, save);
  await send(page, 'dl.known a[href^="/r/request/"]');
  const made = await page.textContent('main');
  for (const word of ['单元门禁失灵', '第一网格', '已登记', '走访记录']) check(made.includes(word), 'the request made of a visit says ' + word);
  await page.context().close();
}

// With JavaScript a filter changes the list in place: the page is not loaded again, the address follows.
async function inPlace(b) {
  const page = await visitor(b, 'worker');
  await page.goto(base + '/r/request');
  await page.evaluate(() => { window.stillHere = true; });
  await page.selectOption('select[name=state]', 'closed');
  await page.click('form.filter button');
  await page.waitForURL(/state=closed/);
  await page.waitForSelector('.sentence:has-text("已办结")');
  check(await page.evaluate(() => window.stillHere === true), 'the list changes in place');
  check(page.faults.length === 0, page.faults.join('; '));
  await page.goBack();
  await page.waitForSelector('form.filter');
  await page.context().close();
}

// Opening a record for change and saving it as it is changes nothing, in every register with records.
async function nothing(page) {
  for (const r of ['dispute', 'request', 'visit', 'meeting', 'member', 'volunteering', 'training', 'project', 'resource', 'post', 'grid']) {
    await page.goto(base + '/r/' + r);
    await send(page, 'table.list a.row');
    const url = page.url(), before = await page.textContent('dl.known'), story = await page.locator('.history li').count();
    await page.goto(url + '/edit');
    await send(page, save);
    check(page.url().startsWith(url), `${r}: saved as it was, not ${(await page.textContent('main')).slice(0, 200)}`);
    check(await page.textContent('dl.known') === before, r + ': nothing has changed');
    check(await page.locator('.history li').count() === story, r + ': nothing is added to its story');
  }
}

run('work', async b => {
  const page = await visitor(b, 'worker', { javaScriptEnabled: false });
  const url = await request(page);
  await moves(page);
  await stale(b, url);
  await ledger(page);
  await numbers(page);
  await raised(b);
  await limits(b);
  await inPlace(b);
  const secretary = await visitor(b, 'secretary', { javaScriptEnabled: false });
  await nothing(secretary);
  const scripted = await visitor(b, 'worker');
  await ledger(scripted); // the same clicks with JavaScript
});
