/* SPDX-License-Identifier: Apache-2.0 */
/* schema_refused.c: what nobody may declare, as data with the reason (design §2.8).
 *
 * Minimal collection is a rule of the program, not of good will: a field for any of these is refused when
 * declarations are read, by its name, its label, its ledger headers and, for lists of labelled people, also the
 * label of a register or a choice. doc/module-language.md, section 11, says the same to those who write modules. */
#include <string.h>

#include "base/utf8.h"
#include "model/schema_read.h"

enum match { WHOLE, PART };

struct refused {
    const char *text; /* folded: no blanks, lower case */
    enum match match;
    const char *why;
};

#define ETHNIC "ethnicity is not collected"
#define FAITH "religion is not collected"
#define POLITICS "political attitude is not collected (a member's category in the roster is 党员类型)"
#define HEALTH "health and diagnosis are not collected (record the service, such as 探访, not the illness)"
#define BIRTHS "reproductive data are not collected"
#define BIOMETRIC "biometric data are not collected"
#define TRACK "movements are not recorded"
#define LABELLED "lists and labels of people are not kept; record the matter instead"
#define SCORE "residents are not scored or ranked"

static const struct refused field_labels[] = {
    {"民族", WHOLE, ETHNIC},        {"民族成分", PART, ETHNIC},   {"民族成份", PART, ETHNIC},
    {"所属民族", PART, ETHNIC},     {"民族名称", PART, ETHNIC},   {"族别", WHOLE, ETHNIC},
    {"是否少数民族", PART, ETHNIC}, {"少数民族", WHOLE, ETHNIC},  {"民族类别", PART, ETHNIC},
    {"种族", WHOLE, ETHNIC},        {"宗教", WHOLE, FAITH},       {"宗教信仰", PART, FAITH},
    {"信仰", WHOLE, FAITH},         {"信教", PART, FAITH},        {"教派", WHOLE, FAITH},
    {"政治面貌", PART, POLITICS},   {"政治态度", PART, POLITICS}, {"政治倾向", PART, POLITICS},
    {"政治立场", PART, POLITICS},   {"思想动态", PART, POLITICS}, {"病史", PART, HEALTH},
    {"诊断", PART, HEALTH},         {"疾病", PART, HEALTH},       {"病种", PART, HEALTH},
    {"患病", PART, HEALTH},         {"健康状况", PART, HEALTH},   {"健康情况", PART, HEALTH},
    {"身体状况", PART, HEALTH},     {"血型", WHOLE, HEALTH},      {"体温", WHOLE, HEALTH},
    {"残疾类别", PART, HEALTH},     {"残疾等级", PART, HEALTH},   {"健康码", PART, HEALTH},
    {"核酸", PART, HEALTH},         {"精神障碍", PART, HEALTH},   {"孕", WHOLE, BIRTHS},
    {"怀孕", PART, BIRTHS},         {"孕周", PART, BIRTHS},       {"避孕", PART, BIRTHS},
    {"节育", PART, BIRTHS},         {"生育情况", PART, BIRTHS},   {"生育状况", PART, BIRTHS},
    {"人脸", PART, BIOMETRIC},      {"指纹", PART, BIOMETRIC},    {"虹膜", PART, BIOMETRIC},
    {"声纹", PART, BIOMETRIC},      {"掌纹", PART, BIOMETRIC},    {"面部特征", PART, BIOMETRIC},
    {"dna", WHOLE, BIOMETRIC},      {"行动轨迹", PART, TRACK},    {"活动轨迹", PART, TRACK},
    {"行踪", PART, TRACK},          {"出行轨迹", PART, TRACK},    {"手机定位", PART, TRACK},
    {"车牌", PART, TRACK},          {"访客记录", PART, TRACK},    {"风险等级", PART, SCORE},
    {"风险级别", PART, SCORE},      {"居民积分", PART, SCORE},    {"家庭积分", PART, SCORE},
    {"信用评分", PART, SCORE},      {"重点人员", PART, LABELLED}, {"人员标签", PART, LABELLED},
    {"前科", PART, LABELLED},       {"犯罪记录", PART, LABELLED}, {"上访次数", PART, LABELLED},
};

static const struct refused field_names[] = {
    {"ethnic", PART, ETHNIC},
    {"ethnicity", WHOLE, ETHNIC},
    {"minzu", WHOLE, ETHNIC},
    {"race", WHOLE, ETHNIC},
    {"religion", PART, FAITH},
    {"religious", PART, FAITH},
    {"faith", WHOLE, FAITH},
    {"political", PART, POLITICS},
    {"diagnosis", PART, HEALTH},
    {"disease", PART, HEALTH},
    {"illness", PART, HEALTH},
    {"medical_history", PART, HEALTH},
    {"health_status", PART, HEALTH},
    {"blood_type", PART, HEALTH},
    {"pregnan", PART, BIRTHS},
    {"contracepti", PART, BIRTHS},
    {"fingerprint", PART, BIOMETRIC},
    {"biometric", PART, BIOMETRIC},
    {"face_id", PART, BIOMETRIC},
    {"face_image", PART, BIOMETRIC},
    {"iris", WHOLE, BIOMETRIC},
    {"voiceprint", PART, BIOMETRIC},
    {"dna", WHOLE, BIOMETRIC},
    {"location_track", PART, TRACK},
    {"license_plate", PART, TRACK},
    {"plate_number", PART, TRACK},
    {"risk_level", PART, SCORE},
    {"risk_score", PART, SCORE},
    {"credit_score", PART, SCORE},
    {"resident_score", PART, SCORE},
    {"criminal_record", PART, LABELLED},
};

/* Registers and choices that would be lists of labelled people. */
static const struct refused list_labels[] = {
    {"重点人员", PART, LABELLED},     {"七类人员", PART, LABELLED},     {"重点人群管控", PART, LABELLED},
    {"两劳人员", PART, LABELLED},     {"刑满释放人员", PART, LABELLED}, {"信访人员名单", PART, LABELLED},
    {"上访人员", PART, LABELLED},     {"涉稳人员", PART, LABELLED},     {"问题青少年", PART, LABELLED},
    {"流动人口排查", PART, LABELLED}, {"出租房排查", PART, LABELLED},   {"吸毒人员", PART, LABELLED},
    {"精神障碍患者", PART, LABELLED}, {"宗教信仰", PART, FAITH},        {"民族成分", PART, ETHNIC},
};

static const char *refused_in(const struct refused *v, size_t n, const char *folded)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].match == WHOLE ? !strcmp(v[i].text, folded) : strstr(folded, v[i].text) != NULL)
            return v[i].why;
    return NULL;
}

#define IN(table, s) refused_in((table), sizeof(table) / sizeof *(table), (s))

static const char *refused_label(struct arena *a, const char *label)
{
    return label ? IN(field_labels, text_fold(a, label)) : NULL;
}

const char *refused_reason(struct arena *a, const char *name_or_label)
{
    const char *why = IN(field_names, name_or_label);
    return why ? why : refused_label(a, name_or_label);
}

void refuse_field(struct reader *r, const struct reg *reg, const struct field *f)
{
    const char *text = f->name, *why = IN(field_names, f->name);
    if (!why) {
        text = f->label.t[LANG_HANS];
        why = refused_label(r->a, text);
    }
    for (size_t i = 0; !why && f->aliases && f->aliases[i]; i++) {
        text = f->aliases[i];
        why = refused_label(r->a, text);
    }
    if (why)
        place_bad(r, f, reg, "field %s (%s) is refused: %s", f->name, text, why);
}

void refuse_label(struct reader *r, const void *slot, const struct reg *reg, const char *what, const char *text)
{
    const char *why = text ? IN(list_labels, text_fold(r->a, text)) : NULL;
    if (why)
        place_bad(r, slot, reg, "%s called %s is refused: %s", what, text, why);
}
