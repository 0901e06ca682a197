/* SPDX-License-Identifier: Apache-2.0 */
#include "record/status.h"

#include "check.h"

TEST(annulled_is_neutral_unless_by_fraud)
{
	EQ_INT(status_effect(MEMBER_ANNULLED, MEMBER_FRAUD), STATUS_REVOKE);
	EQ_INT(status_effect(MEMBER_ANNULLED, MEMBER_STOPPED_PRACTISING), STATUS_END);
	EQ_INT(status_effect(MEMBER_ANNULLED, MEMBER_REASON_ABSENT), STATUS_END);
	EQ_INT(status_effect(MEMBER_DECEASED, MEMBER_FRAUD), STATUS_END);
}

TEST(every_status_has_an_effect_a_rank_and_a_word)
{
	static const struct {
		enum member_status status;
		enum status_effect effect;
	} cases[] = {
		{ MEMBER_ACTIVE, STATUS_ISSUE },
		{ MEMBER_SUSPENDED, STATUS_SUSPEND },
		{ MEMBER_LAPSED, STATUS_END },
		{ MEMBER_RESIGNED, STATUS_END },
		{ MEMBER_CANCELLED, STATUS_END },
		{ MEMBER_ANNULLED, STATUS_END },
		{ MEMBER_REVOKED, STATUS_REVOKE },
		{ MEMBER_EXPELLED, STATUS_REVOKE },
		{ MEMBER_TRANSFERRED, STATUS_SUPERSEDE },
		{ MEMBER_DECEASED, STATUS_END },
	};
	static const enum member_status order[] = { MEMBER_ACTIVE,    MEMBER_LAPSED,
						    MEMBER_CANCELLED, MEMBER_SUSPENDED,
						    MEMBER_ANNULLED,  MEMBER_EXPELLED,
						    MEMBER_REVOKED };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		EQ_INT(status_effect(cases[i].status, MEMBER_REASON_ABSENT), cases[i].effect);
		CHECK(status_zh(cases[i].status)[0] != '\0');
	}
	for (size_t i = 1; i < COUNT_OF(order); i++)
		CHECK(status_rank(order[i - 1]) < status_rank(order[i]));
}
