/* SPDX-License-Identifier: Apache-2.0 */
#include "record/status.h"

/* Restrictive upward: revoked > expelled > annulled > suspended > cancelled > lapsed > … > active. */
static const struct status {
	enum status_effect effect;
	int rank;
	const char *zh, *en;
} lattice[] = {
	[MEMBER_STATUS_ABSENT] = { STATUS_END, 0, "", "" },
	[MEMBER_ACTIVE] = { STATUS_ISSUE, 0, "有效", "active" },
	[MEMBER_TRANSFERRED] = { STATUS_SUPERSEDE, 1, "转会", "transferred" },
	[MEMBER_RESIGNED] = { STATUS_END, 2, "退会", "resigned" },
	[MEMBER_DECEASED] = { STATUS_END, 3, "死亡", "deceased" },
	[MEMBER_LAPSED] = { STATUS_END, 4, "失效", "lapsed" },
	[MEMBER_CANCELLED] = { STATUS_END, 5, "注销注册", "registration cancelled" },
	[MEMBER_SUSPENDED] = { STATUS_SUSPEND, 6, "暂停执业", "suspended" },
	[MEMBER_ANNULLED] = { STATUS_END, 7, "撤销注册", "registration annulled" },
	[MEMBER_EXPELLED] = { STATUS_REVOKE, 8, "除名", "expelled" },
	[MEMBER_REVOKED] = { STATUS_REVOKE, 9, "吊销证书", "certificate revoked" },
};

enum status_effect status_effect(enum member_status status, enum member_reason reason)
{
	if (status == MEMBER_ANNULLED && reason == MEMBER_FRAUD)
		return STATUS_REVOKE;
	return lattice[status].effect;
}

int status_rank(enum member_status status)
{
	return lattice[status].rank;
}

const char *status_zh(enum member_status status)
{
	return lattice[status].zh;
}

const char *status_en(enum member_status status)
{
	return lattice[status].en;
}
