/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.c: bench/xlsx FILE ROWS: a ledger of invented visits, a header and ROWS rows of twelve cells. */
#include <stdio.h>
#include <stdlib.h>

#include <xlsxwriter.h>

static unsigned long long seed = 11;

static unsigned chance(unsigned below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

#define PICK(list) list[chance(sizeof(list) / sizeof *(list))]

static const char *const header[] = {"走访人",   "网格",     "走访日期", "片区",     "走访对象", "住址",
                                     "走访方式", "走访事由", "反映问题", "处理方式", "转为诉求", "备注"};
static const char *const visitors[] = {"江小舟", "何田", "陆秀兰", "沈文", "秦岚", "田野", "白露", "石磊"};
static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八"};
static const char *const hosts[] = {"王建国", "李秀英", "赵志强", "钱桂兰", "孙晓明", "周文静", "吴德胜", "郑玉珍"};
static const char *const ways[] = {"入户", "电话", "微信", "路遇"};
static const char *const purposes[] = {"日常走访", "安全提示", "民意收集", "政策宣传", "诉求回访", "节日慰问"};
static const char *const issues[] = {"楼道堆放杂物，希望尽快清理", "小区路灯不亮，晚上出行不便",
                                     "楼上漏水，请社区帮助协调",   "电动车在楼道充电，担心安全",
                                     "咨询医保报销需要的材料",     "希望增加晾衣设施"};
static const char *const handlings[] = {"当场解答", "社区协调", "上报街道"};

static void row(lxw_worksheet *s, lxw_row_t r)
{
    char grid[32], area[32], address[96], day[16], note[48];
    unsigned g = chance(8);

    snprintf(grid, sizeof grid, "第%s网格", numerals[g]);
    snprintf(area, sizeof area, "第%s片区", numerals[g]);
    snprintf(address, sizeof address, "桥头小区%u栋%u单元%u室", chance(50) + 1, chance(3) + 1, chance(20) + 101);
    snprintf(day, sizeof day, "%u-%02u-%02u", 2021 + chance(5), chance(12) + 1, chance(28) + 1);
    snprintf(note, sizeof note, "本上第%u页第%u行", r / 25 + 1, r % 25 + 1);
    const char *const cells[] = {
        PICK(visitors),  grid, day, area, PICK(hosts), address, PICK(ways), PICK(purposes), PICK(issues),
        PICK(handlings), "否", note};
    for (lxw_col_t c = 0; c < 12; c++)
        worksheet_write_string(s, r, c, cells[c], NULL);
}

int main(int argc, char **argv)
{
    lxw_workbook_options options = {.constant_memory = 0};

    if (argc != 3) {
        fprintf(stderr, "xlsx FILE ROWS\n");
        return 2;
    }
    lxw_workbook *b = workbook_new_opt(argv[1], &options);
    lxw_worksheet *s = workbook_add_worksheet(b, "走访");
    for (lxw_col_t c = 0; c < 12; c++)
        worksheet_write_string(s, 0, c, header[c], NULL);
    for (lxw_row_t r = 1; r <= (lxw_row_t)atol(argv[2]); r++)
        row(s, r);
    return workbook_close(b) == LXW_NO_ERROR ? 0 : 1;
}
