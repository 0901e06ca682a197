/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_STATUS_H
#define HUFU_RECORD_STATUS_H

#include "record/member.h"

/*
 * The status lattice (注册会计师法, 注册会计师注册办法, 非执业会员登记办法): what a member's status does to a
 * membership certificate, new or already out.
 */
enum status_effect {
	STATUS_ISSUE,     /* issue; one that is out stays */
	STATUS_SUSPEND,   /* no new one; those out are marked suspended, without reason */
	STATUS_END,       /* no new one; those out are ended, neutrally */
	STATUS_REVOKE,    /* no new one; those out are revoked */
	STATUS_SUPERSEDE, /* no new one from this record; those out are superseded */
};

/* 撤销 (annulled) ends neutrally unless its reason is fraud; 吊销 (revoked) and 除名 (expelled) revoke. */
enum status_effect status_effect(enum member_status status, enum member_reason reason);

/* How restrictive a status is, 0 for active upward; of two that conflict the higher one wins. */
int status_rank(enum member_status status);

/* 有效, 暂停执业, … as people read it; "" for absent. */
const char *status_zh(enum member_status status);

/*
 * The one English word of each, for letters: 注销 is "cancelled", 撤销 "annulled", 吊销 "revoked", and never another's.
 * "" for absent.
 */
const char *status_en(enum member_status status);

#endif
