/* SPDX-License-Identifier: Apache-2.0 */
#include "bureau.h"
#include "keys/process.h"
#include "keys/vault.h"

enum { MINUTE = 60, DAY = 86400, ISSUING = 0x30 };

#define AAD STR("hufu/1/cert\0verify.example.org")
#define OTHER_AAD STR("hufu/1/cert\0verify.example.com")

/* A letter, and what two officers said of it. */
struct scene {
	struct letter letter;
	struct officer_statement prepared, approved;
	unsigned preparer, approver; /* which officer signs */
	unsigned number;             /* of the issuing key */
	struct str aad;
	struct officer_proof proof;
	struct buf payload;
};

/* What may be wrong with it, in the order it stands in the table below. */
enum wrong {
	NOTHING,
	/* hostile bytes */
	TEXT_GARBAGE,
	TEXT_LONG,
	SIGNATURE_FLIPPED,
	SIGNATURE_SWAPPED,
	TEXT_OF_ANOTHER_ACT,
	PAYLOAD_CUT,
	PAYLOAD_LONGER,
	PAYLOAD_OF_A_CERTIFICATE,
	PAYLOAD_NOT_SHORTEST,
	PAYLOAD_INDEFINITE,
	/* officers */
	NOT_PREPARED,
	NOT_APPROVED,
	REFUSED,
	WITHDRAWN,
	ORDER_REVERSED,
	APPROVED_TWICE,
	ONE_OFFICER,
	PREPARER_UNKNOWN,
	APPROVER_UNKNOWN,
	APPROVER_DISMISSED,
	/* what they said */
	ISSUER_OF_ONE,
	ISSUER_OF_AAD,
	REQUESTS_DIFFER,
	TYPES_DIFFER,
	TYPE_OF_KEY,
	BINDS_DIFFER,
	SUBJECTS_DIFFER,
	NATIVES_DIFFER,
	LATINS_DIFFER,
	DAYS_DIFFER,
	/* the payload is another */
	MEMBER_OTHER,
	MEMBER_AS_TEXT,
	RECIPIENT_OTHER,
	RECIPIENT_NIL,
	WORDING_OTHER,
	CLASS_OTHER,
	LOOK_BACK_OTHER,
	PENDING_OTHER,
	NATIVE_OTHER,
	LATIN_OTHER,
	NAMES_SWAPPED,
	NO_NAME,
	NAME_ADDED,
	SALT_OTHER,
	/* times */
	AS_AT_BEFORE_APPROVAL,
	APPROVED_BEFORE_PREPARED,
	SEVEN_DAYS_OVER,
	AHEAD_OF_CLOCK,
	ISSUED_EARLIER,
	ISSUED_LATER,
	EXPIRES_BEFORE,
	EXPIRES_NEVER,
	TOO_MANY_DAYS,
	BEFORE_THE_EPOCH,
	END_OF_TIME,
	/* and what is allowed */
	FINE_STATEMENT,
	FINE_NATIVE_LEFT_OUT,
	FINE_LATIN_LEFT_OUT,
	FINE_NO_NAMES_AT_ALL,
	FINE_NO_RECIPIENT,
	FINE_MEMBER_TEXT,
	FINE_SAME_MINUTE,
	FINE_SEVEN_DAYS,
	FINE_AHEAD_A_LITTLE,
	FINE_ZONE_AHEAD,
	FINE_ZONE_BEHIND,
	FINE_LAST_DAY,
	FINE_ONE_DAY,
	WRONGS
};

static const struct {
	enum wrong wrong;
	const char *code; /* "": ERR_SYSTEM; NULL: it is signed */
	const char *words;
} rows[] = {
	{ NOTHING, NULL, NULL },
	{ TEXT_GARBAGE, "OFFICER-FORM", "the first line" },
	{ TEXT_LONG, "OFFICER-FORM", "at most 1024" },
	{ SIGNATURE_FLIPPED, "OFFICER-SIGNATURE", "not that of the officer" },
	{ SIGNATURE_SWAPPED, "OFFICER-SIGNATURE", "not that of the officer" },
	{ TEXT_OF_ANOTHER_ACT, "OFFICER-SIGNATURE", "not that of the officer" },
	{ PAYLOAD_CUT, "", "not the payload of a letter" },
	{ PAYLOAD_LONGER, "", "not the payload of a letter" },
	{ PAYLOAD_OF_A_CERTIFICATE, "", "not of document type 3" },
	{ PAYLOAD_NOT_SHORTEST, "", "not the payload of a letter" },
	{ PAYLOAD_INDEFINITE, "", "not of document type 3" },
	{ NOT_PREPARED, "APPROVAL-MISSING", "no officer says prepare" },
	{ NOT_APPROVED, "APPROVAL-MISSING", "no officer says approve" },
	{ REFUSED, "APPROVAL-MISSING", "says refuse where approve is needed" },
	{ WITHDRAWN, "APPROVAL-MISSING", "says withdraw where prepare is needed" },
	{ ORDER_REVERSED, "APPROVAL-MISSING", "says approve where prepare is needed" },
	{ APPROVED_TWICE, "APPROVAL-MISSING", "says approve where prepare is needed" },
	{ ONE_OFFICER, "APPROVAL-ONE-OFFICER", "by one officer" },
	{ PREPARER_UNKNOWN, "OFFICER-UNKNOWN", "is not enrolled" },
	{ APPROVER_UNKNOWN, "OFFICER-UNKNOWN", "is not enrolled" },
	{ APPROVER_DISMISSED, "OFFICER-UNKNOWN", "is not enrolled" },
	{ ISSUER_OF_ONE, "APPROVAL-OTHER", "another issuer" },
	{ ISSUER_OF_AAD, "APPROVAL-OTHER", "another issuer" },
	{ REQUESTS_DIFFER, "APPROVAL-OTHER", "another request" },
	{ TYPES_DIFFER, "APPROVAL-OTHER", "another document type" },
	{ TYPE_OF_KEY, "APPROVAL-OTHER", "another document type" },
	{ BINDS_DIFFER, "APPROVAL-OTHER", "another record, request, profile or template" },
	{ SUBJECTS_DIFFER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ NATIVES_DIFFER, "APPROVAL-OTHER", "another name" },
	{ LATINS_DIFFER, "APPROVAL-OTHER", "another name" },
	{ DAYS_DIFFER, "APPROVAL-OTHER", "another number of days" },
	{ MEMBER_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ MEMBER_AS_TEXT, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ RECIPIENT_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ RECIPIENT_NIL, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ WORDING_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ CLASS_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ LOOK_BACK_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ PENDING_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ NATIVE_OTHER, "APPROVAL-OTHER", "another name" },
	{ LATIN_OTHER, "APPROVAL-OTHER", "another name" },
	{ NAMES_SWAPPED, "APPROVAL-OTHER", "another name" },
	{ NO_NAME, "APPROVAL-OTHER", "another name" },
	{ NAME_ADDED, "APPROVAL-OTHER", "another name" },
	{ SALT_OTHER, "APPROVAL-OTHER", "another member, recipient or wording" },
	{ AS_AT_BEFORE_APPROVAL, "APPROVAL-FUTURE", "the approval is dated after the letter" },
	{ APPROVED_BEFORE_PREPARED, "APPROVAL-FUTURE", "prepared after it was approved" },
	{ SEVEN_DAYS_OVER, "APPROVAL-EXPIRED", "over 7 days old" },
	{ AHEAD_OF_CLOCK, "APPROVAL-FUTURE", "after the signer's clock" },
	{ ISSUED_EARLIER, "APPROVAL-OTHER", "the day of issue" },
	{ ISSUED_LATER, "APPROVAL-OTHER", "the day of issue" },
	{ EXPIRES_BEFORE, "APPROVAL-OTHER", "expires before" },
	{ EXPIRES_NEVER, "APPROVAL-OTHER", "or never" },
	{ TOO_MANY_DAYS, "APPROVAL-OTHER", "more days than were approved" },
	{ BEFORE_THE_EPOCH, "", "not the payload of a letter of type 3" },
	{ END_OF_TIME, "", "not the payload of a letter of type 3" },
	{ FINE_STATEMENT, NULL, NULL },
	{ FINE_NATIVE_LEFT_OUT, NULL, NULL },
	{ FINE_LATIN_LEFT_OUT, NULL, NULL },
	{ FINE_NO_NAMES_AT_ALL, NULL, NULL },
	{ FINE_NO_RECIPIENT, NULL, NULL },
	{ FINE_MEMBER_TEXT, NULL, NULL },
	{ FINE_SAME_MINUTE, NULL, NULL },
	{ FINE_SEVEN_DAYS, NULL, NULL },
	{ FINE_AHEAD_A_LITTLE, NULL, NULL },
	{ FINE_ZONE_AHEAD, NULL, NULL },
	{ FINE_ZONE_BEHIND, NULL, NULL },
	{ FINE_LAST_DAY, NULL, NULL },
	{ FINE_ONE_DAY, NULL, NULL },
};
_Static_assert(COUNT_OF(rows) == WRONGS, "a row for each");

static void payload_make(struct scene *s)
{
	buf_clear(&s->payload);
	letter_put(&s->payload, &s->letter);
}

/* Both say what the letter says. */
static void statements_follow(struct scene *s)
{
	struct err e;

	payload_make(s);
	OK(officer_subject(buf_view(&s->payload), s->proof.salt, &s->prepared, &e), e);
	memcpy(s->approved.subject, s->prepared.subject, SHA256_SIZE);
	memcpy(s->approved.native, s->prepared.native, SHA256_SIZE);
	memcpy(s->approved.latin, s->prepared.latin, SHA256_SIZE);
}

static void scene_new(struct bureau *b, struct scene *s)
{
	const int64_t now = b->world.now;

	*s = (struct scene){
		.letter = { .type = 3,
			    .native = STR("陳大文"),
			    .latin = STR("CHAN Tai Man"),
			    .recipient = STR("The Law Society of Elsewhere"),
			    .iat_day = now / DAY,
			    .exp_day = now / DAY + 90,
			    .as_at_min = now / MINUTE,
			    .wording = { 1, 2, 5, 1 } },
		.approver = 1,
		.number = 3,
		.aad = AAD,
		.payload = buf_empty(1024),
	};
	s->prepared = (struct officer_statement){ .issuer = BUREAU_ISSUER,
						  .act = OFFICER_PREPARE,
						  .request = 12,
						  .type = 3,
						  .days = 95,
						  .at = now - 7200 };
	s->approved = s->prepared;
	s->approved.act = OFFICER_APPROVE;
	s->approved.at = now - 630;
	memset(s->proof.salt, 0x5a, sizeof s->proof.salt);
	statements_follow(s);
}

static void officers_change(struct scene *s, enum wrong wrong)
{
	switch ((int)wrong) {
	case REFUSED:
		s->approved.act = OFFICER_REFUSE;
		break;
	case WITHDRAWN:
		s->prepared.act = OFFICER_WITHDRAW;
		break;
	case ORDER_REVERSED:
		s->prepared.act = OFFICER_APPROVE;
		s->approved.act = OFFICER_PREPARE;
		break;
	case APPROVED_TWICE:
		s->prepared.act = OFFICER_APPROVE;
		break;
	case ONE_OFFICER:
		s->approver = s->preparer;
		break;
	case PREPARER_UNKNOWN:
		s->preparer = 3;
		break;
	case APPROVER_UNKNOWN:
		s->approver = 3;
		break;
	case APPROVER_DISMISSED:
		s->approver = 2;
		break;
	}
}

static void statements_change(struct scene *s, enum wrong wrong)
{
	switch ((int)wrong) {
	case ISSUER_OF_ONE:
		s->prepared.issuer = STR("verify.example.com");
		break;
	case ISSUER_OF_AAD:
		s->aad = OTHER_AAD;
		s->prepared.issuer = s->approved.issuer = STR("verify.example.com");
		break;
	case REQUESTS_DIFFER:
		s->approved.request = 13;
		break;
	case TYPES_DIFFER:
		s->prepared.type = 4;
		break;
	case TYPE_OF_KEY:
		s->prepared.type = s->approved.type = 4;
		break;
	case BINDS_DIFFER:
		s->approved.binds[31] ^= 1;
		break;
	case SUBJECTS_DIFFER:
		s->prepared.subject[0] ^= 0x80;
		break;
	case NATIVES_DIFFER:
		s->prepared.native[7] ^= 1;
		break;
	case LATINS_DIFFER:
		s->prepared.latin[7] ^= 1;
		break;
	case DAYS_DIFFER:
		s->prepared.days = 96;
		break;
	}
}

static void letter_change(struct scene *s, enum wrong wrong)
{
	struct letter *l = &s->letter;
	struct str hold;

	switch ((int)wrong) {
	case MEMBER_OTHER:
		l->member_no = STR("0012345");
		break;
	case MEMBER_AS_TEXT:
		l->member_no = STR("12345");
		break;
	case RECIPIENT_OTHER:
		l->recipient = STR("The Law Society of Elsewhere.");
		break;
	case RECIPIENT_NIL:
		l->recipient = (struct str){ NULL, 0 };
		break;
	case WORDING_OTHER:
		l->wording[0] = 2;
		break;
	case CLASS_OTHER:
		l->wording[1] = 1;
		break;
	case LOOK_BACK_OTHER:
		l->wording[2] = 255;
		break;
	case PENDING_OTHER:
		l->wording[3] = 0;
		break;
	case NATIVE_OTHER:
		l->native = STR("陳大民");
		break;
	case LATIN_OTHER:
		l->latin = STR("CHAN Tai Men");
		break;
	case NAMES_SWAPPED:
		hold = l->native;
		l->native = l->latin;
		l->latin = hold;
		break;
	case NO_NAME:
		l->native = l->latin = (struct str){ NULL, 0 };
		break;
	case NAME_ADDED: /* they saw a letter without a Chinese name */
		hold = l->native;
		l->native = (struct str){ NULL, 0 };
		statements_follow(s);
		l->native = hold;
		break;
	case FINE_NATIVE_LEFT_OUT:
		l->native = (struct str){ NULL, 0 };
		break;
	case FINE_LATIN_LEFT_OUT:
		l->latin = (struct str){ NULL, 0 };
		break;
	case FINE_NO_NAMES_AT_ALL:
		l->native = l->latin = (struct str){ NULL, 0 };
		statements_follow(s);
		break;
	case FINE_NO_RECIPIENT:
		l->recipient = (struct str){ NULL, 0 };
		statements_follow(s);
		break;
	case FINE_MEMBER_TEXT:
		l->member_no = STR("0012345");
		statements_follow(s);
		break;
	case FINE_STATEMENT:
		s->number = l->type = s->prepared.type = s->approved.type = 4;
		statements_follow(s);
		break;
	}
}

static void times_change(struct bureau *b, struct scene *s, enum wrong wrong)
{
	const int64_t now = b->world.now; /* a whole minute */
	struct letter *l = &s->letter;

	switch ((int)wrong) {
	case AS_AT_BEFORE_APPROVAL: /* now - 630 is within the minute now - 660 */
		l->as_at_min = (now - 660) / MINUTE - 1;
		break;
	case FINE_SAME_MINUTE:
		l->as_at_min = (now - 660) / MINUTE;
		break;
	case APPROVED_BEFORE_PREPARED:
		s->prepared.at = s->approved.at + 1;
		break;
	case SEVEN_DAYS_OVER:
	case FINE_SEVEN_DAYS:
		s->approved.at = now - 7 * DAY - (wrong == SEVEN_DAYS_OVER);
		s->prepared.at = s->approved.at - 30 * DAY;
		break;
	case AHEAD_OF_CLOCK:
		l->as_at_min = now / MINUTE + 11;
		break;
	case FINE_AHEAD_A_LITTLE:
		l->as_at_min = now / MINUTE + 10;
		break;
	case ISSUED_EARLIER:
		l->iat_day -= 2;
		break;
	case ISSUED_LATER:
		l->iat_day += 2;
		break;
	case FINE_ZONE_AHEAD:
		l->iat_day++;
		break;
	case FINE_ZONE_BEHIND:
		l->iat_day--;
		break;
	case EXPIRES_BEFORE:
		l->exp_day = l->iat_day - 1;
		break;
	case EXPIRES_NEVER:
		l->exp_day = 0;
		break;
	case TOO_MANY_DAYS:
		l->exp_day = l->iat_day + 96;
		break;
	case FINE_LAST_DAY:
		l->exp_day = l->iat_day + 95;
		break;
	case FINE_ONE_DAY:
		l->exp_day = l->iat_day;
		break;
	case BEFORE_THE_EPOCH:
		l->as_at_min = -1;
		break;
	case END_OF_TIME:
		l->exp_day = (INT64_C(1) << 60) - 1;
		break;
	}
}

static void payload_tear(struct scene *s, enum wrong wrong)
{
	char *p = s->payload.p;

	switch ((int)wrong) {
	case PAYLOAD_CUT:
		s->payload.n--;
		break;
	case PAYLOAD_LONGER:
		buf_byte(&s->payload, 0);
		break;
	case PAYLOAD_OF_A_CERTIFICATE:
		p[2] = 1;
		break;
	case PAYLOAD_NOT_SHORTEST: /* the last code: 01 as 18 01 */
		p[s->payload.n - 1] = 0x18;
		buf_byte(&s->payload, 1);
		break;
	case PAYLOAD_INDEFINITE:
		p[0] = (char)0x9f;
		buf_byte(&s->payload, 0xff);
		break;
	}
}

static void proof_tear(struct scene *s, enum wrong wrong)
{
	static char large[OFFICER_TEXT_MAX + 1];
	struct officer_proof *p = &s->proof;

	switch ((int)wrong) {
	case TEXT_GARBAGE:
		p->approved.text = STR("\xff\x00GET / HTTP/1.1");
		break;
	case TEXT_LONG:
		memset(large, 'x', sizeof large);
		p->prepared.text = (struct str){ large, sizeof large };
		break;
	case SIGNATURE_FLIPPED:
		p->approved.signature[63] ^= 0x10;
		break;
	case SIGNATURE_SWAPPED:
		memcpy(p->approved.signature, p->prepared.signature, 64);
		break;
	case NOT_PREPARED:
		p->prepared.text = (struct str){ NULL, 0 };
		break;
	case NOT_APPROVED:
		p->approved.text = (struct str){ NULL, 0 };
		break;
	case SALT_OTHER:
		p->salt[31] ^= 1;
		break;
	}
}

/* The scene with one thing wrong, signed by its officers. */
static void scene_make(struct bureau *b, struct scene *s, enum wrong wrong)
{
	struct err e;

	scene_new(b, s);
	officers_change(s, wrong);
	statements_change(s, wrong);
	letter_change(s, wrong);
	times_change(b, s, wrong);
	payload_make(s);
	payload_tear(s, wrong);
	OK(officer_sign(b->arena, &s->prepared, b->officers[s->preparer], &s->proof.prepared, &e),
	   e);
	OK(officer_sign(b->arena, &s->approved, b->officers[s->approver], &s->proof.approved, &e),
	   e);
	if (wrong == TEXT_OF_ANOTHER_ACT) { /* signed as a refusal, shown as an approval */
		const struct str text = s->proof.approved.text;

		s->approved.act = OFFICER_REFUSE;
		OK(officer_sign(b->arena, &s->approved, b->officers[s->approver],
				&s->proof.approved, &e),
		   e);
		s->proof.approved.text = text;
	}
	proof_tear(s, wrong);
}

static struct str header_of(const struct ed25519_public *key, unsigned char out[9])
{
	memcpy(out, "\xa2\x01\x27\x04\x44", 5);
	ed25519_kid(key, out + 5);
	return str_bytes(out, 9);
}

/* Sig_structure of RFC 9052, put together here once more. */
static bool token_verify_here(const struct ed25519_public *key, struct str header, struct str aad,
			      struct str payload, const unsigned char signature[64])
{
	struct buf tbs = buf_empty(2048);
	bool ok;

	cbor_put_head(&tbs, 4, 4);
	cbor_put_string(&tbs, 3, STR("Signature1"));
	cbor_put_string(&tbs, 2, header);
	cbor_put_string(&tbs, 2, aad);
	cbor_put_string(&tbs, 2, payload);
	ok = !tbs.failed && ed25519_verify(key, buf_view(&tbs), signature);
	buf_free(&tbs);
	return ok;
}

static bool scene_sign(const struct signer *signer, const struct scene *s, unsigned char out[64],
		       struct err *e)
{
	unsigned char header[9];
	struct ed25519_public key;
	struct signer_letter letter = { .type = s->number,
					.aad = s->aad,
					.payload = buf_view(&s->payload),
					.proof = &s->proof };

	OK(signer_public(signer, ROLE_ISSUING, s->number, &key, e), *e);
	letter.protected_header = header_of(&key, header);
	return signer_letter(signer, &letter, out, e);
}

static void row_check(struct bureau *b, const struct signer *signer, size_t row)
{
	unsigned char out[64] = { 0 }, none[64] = { 0 }, header[9];
	struct ed25519_public key;
	struct scene s;
	struct err e = { .kind = ERR_NONE };
	bool signed_it;

	scene_make(b, &s, rows[row].wrong);
	signed_it = scene_sign(signer, &s, out, &e);
	if (rows[row].code == NULL) {
		if (!OK(signed_it, e))
			EQ_INT(row, -1);
		OK(signer_public(signer, ROLE_ISSUING, s.number, &key, &e), e);
		CHECK(token_verify_here(&key, header_of(&key, header), s.aad, buf_view(&s.payload),
					out));
	} else {
		EQ_BYTES(out, none, 64);
		EQ_INT(e.kind, rows[row].code[0] != '\0' ? ERR_INPUT : ERR_SYSTEM);
		if (signed_it || strcmp(e.code, rows[row].code) != 0 ||
		    strstr(e.cause, rows[row].words) == NULL) {
			EQ_INT(row, -1);
			EQ_C(e.code, rows[row].code);
			EQ_C(e.cause, rows[row].words);
		}
	}
	buf_free(&s.payload);
}

/* Officers 0 and 1 are enrolled, 2 was, 3 never. */
static void bureau_open(struct bureau *b)
{
	struct err e;

	bureau_new(b);
	OK(bureau_enrol(b, 0, "ZHANG Wei", "R01", &e), e);
	OK(bureau_enrol(b, 1, "CHAN Siu Ming", "R12", &e), e);
	OK(bureau_enrol(b, 2, "LEE 李", "01", &e), e);
	OK(bureau_dismiss(b, 2, "01", &e), e);
}

static bool seeds_open(void *self, struct signer **out, struct err *e)
{
	struct ring_seed seeds[] = {
		{ .role = ROLE_ISSUING, .number = 1 },
		{ .role = ROLE_ISSUING, .number = 3 },
		{ .role = ROLE_ISSUING, .number = 4 },
		{ .role = ROLE_LOG },
		{ .role = ROLE_WITNESS },
		{ .role = ROLE_ROOT, .number = 1 },
	};

	(void)self;
	for (size_t i = 0; i < COUNT_OF(seeds); i++)
		memset(seeds[i].seed, (int)(ISSUING + i), sizeof seeds[i].seed);
	return ring_of_seeds(seeds, COUNT_OF(seeds), out, e);
}

static bool process_open(struct bureau *b, const struct roster *officers, int audit,
			 struct signer **out, struct err *e)
{
	const struct process_plan plan = { .open = seeds_open,
					   .profile = SANDBOX_STRICT,
					   .audit = audit,
					   .env = &b->world.env,
					   .officers = officers,
					   .issuer = BUREAU_ISSUER };

	return process_start(&plan, out, NULL, e);
}

static int null_open(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		abort();
	return fd;
}

TEST(the_signer_process_signs_a_letter_on_what_two_officers_said_and_nothing_else)
{
	int audit = null_open();
	struct signer *signer = NULL;
	struct bureau b;
	struct err e;

	bureau_open(&b);
	OK(process_open(&b, &b.roster, audit, &signer, &e), e);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		EQ_INT(rows[i].wrong, i);
		row_check(&b, signer, i);
	}
	signer_free(signer);
	close(audit);
	bureau_free(&b);
}

TEST(a_guarded_ring_judges_as_the_process_does)
{
	struct signer *signer = NULL;
	struct signer_guard guard;
	struct bureau b;
	struct err e;

	bureau_open(&b);
	guard = (struct signer_guard){ &b.roster, BUREAU_ISSUER, &b.world.env };
	OK(seeds_open(NULL, &signer, &e), e);
	signer_guard(signer, &guard);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_check(&b, signer, i);
	signer_free(signer);
	bureau_free(&b);
}

TEST(a_guard_asked_by_itself_knows_the_type_it_is_asked_for)
{
	struct signer_guard guard;
	struct bureau b;
	struct scene s;
	struct err e;

	bureau_open(&b);
	guard = (struct signer_guard){ &b.roster, BUREAU_ISSUER, &b.world.env };
	scene_make(&b, &s, NOTHING);
	OK(guard_letter(&guard, 3, BUREAU_ISSUER, buf_view(&s.payload), &s.proof, &e), e);
	CHECK(!guard_letter(&guard, 4, BUREAU_ISSUER, buf_view(&s.payload), &s.proof, &e));
	EQ_C(e.cause, "not the payload of a letter of type 4");
	buf_free(&s.payload);
	bureau_free(&b);
}

TEST(every_byte_of_both_statements_counts)
{
	struct signer *signer = NULL;
	struct signer_guard guard;
	unsigned char out[64];
	struct bureau b;
	struct scene s;
	struct err e;

	bureau_open(&b);
	guard = (struct signer_guard){ &b.roster, BUREAU_ISSUER, &b.world.env };
	OK(seeds_open(NULL, &signer, &e), e);
	signer_guard(signer, &guard);
	scene_make(&b, &s, NOTHING);
	for (int which = 0; which < 2; which++) {
		struct officer_signed *one = which ? &s.proof.approved : &s.proof.prepared;
		char *text = (char *)(uintptr_t)one->text.p;

		for (size_t i = 0; i < one->text.n; i++) {
			text[i] ^= 1;
			CHECK(!scene_sign(signer, &s, out, &e));
			CHECK(strncmp(e.code, "OFFICER-", 8) == 0);
			text[i] ^= 1;
		}
		for (size_t i = 0; i < 64; i++) {
			one->signature[i] ^= 1;
			CHECK(!scene_sign(signer, &s, out, &e));
			EQ_C(e.code, "OFFICER-SIGNATURE");
			one->signature[i] ^= 1;
		}
	}
	OK(scene_sign(signer, &s, out, &e), e);
	buf_free(&s.payload);
	signer_free(signer);
	bureau_free(&b);
}

TEST(every_byte_of_the_payload_that_officers_saw_counts)
{
	struct signer *signer = NULL;
	struct signer_guard guard;
	unsigned char out[64];
	size_t signed_ones = 0;
	struct bureau b;
	struct scene s;
	struct err e;

	bureau_open(&b);
	guard = (struct signer_guard){ &b.roster, BUREAU_ISSUER, &b.world.env };
	OK(seeds_open(NULL, &signer, &e), e);
	signer_guard(signer, &guard);
	scene_make(&b, &s, NOTHING);
	for (size_t i = 0; i < s.payload.n; i++)
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			struct officer_statement found;

			s.payload.p[i] ^= (char)bit;
			if (scene_sign(signer, &s, out, &e)) {
				/* Place, id, digest, and days and time within their bounds. */
				signed_ones++;
				OK(officer_subject(buf_view(&s.payload), s.proof.salt, &found, &e),
				   e);
				EQ_BYTES(found.subject, s.approved.subject, 32);
				EQ_BYTES(found.native, s.approved.native, 32);
				EQ_BYTES(found.latin, s.approved.latin, 32);
			}
			s.payload.p[i] ^= (char)bit;
		}
	/* idx 16 bits of which not every value is short enough, docid 80, digest 128, some of three times. */
	CHECK(signed_ones > 220 && signed_ones < 260);
	buf_free(&s.payload);
	signer_free(signer);
	bureau_free(&b);
}

TEST(under_a_guard_no_letter_is_signed_as_a_certificate_is)
{
	int audit = null_open();
	struct signer *signer = NULL;
	unsigned char out[64] = { 0 }, header[9];
	struct signer_letter letter;
	struct ed25519_public key;
	struct bureau b;
	struct scene s;
	struct err e;

	bureau_open(&b);
	OK(process_open(&b, &b.roster, audit, &signer, &e), e);
	scene_make(&b, &s, NOTHING);
	for (unsigned type = 3; type <= 4; type++) {
		OK(signer_public(signer, ROLE_ISSUING, type, &key, &e), e);
		CHECK(!signer_cose(signer, ROLE_ISSUING, type, header_of(&key, header), AAD,
				   buf_view(&s.payload), out, &e));
		EQ_INT(e.kind, ERR_INPUT);
		EQ_C(e.code, "APPROVAL-NEEDED");
	}
	/* A certificate needs none, and the key of one signs no letter, approved as it may be. */
	OK(signer_public(signer, ROLE_ISSUING, 1, &key, &e), e);
	OK(signer_cose(signer, ROLE_ISSUING, 1, header_of(&key, header), AAD,
		       STR("\x8b\x01\x01rest"), out, &e),
	   e);
	CHECK(!signer_cose(signer, ROLE_ISSUING, 1, header_of(&key, header), AAD,
			   buf_view(&s.payload), out, &e));
	letter = (struct signer_letter){ 1, header_of(&key, header), AAD, buf_view(&s.payload),
					 &s.proof };
	CHECK(!signer_letter(signer, &letter, out, &e));
	EQ_C(e.cause, "the issuing key of number 1 signs no letters");
	buf_free(&s.payload);
	signer_free(signer);
	close(audit);
	bureau_free(&b);
}

TEST(without_officers_the_process_signs_no_letter_at_all)
{
	static const struct roster empty;
	struct roster unvouched;
	const struct roster *const officers[] = { NULL, &empty, &unvouched };
	int audit = null_open();
	struct bureau b;
	struct scene s;

	bureau_open(&b);
	unvouched = b.roster;
	unvouched.vouched = false;
	scene_make(&b, &s, NOTHING);
	for (size_t i = 0; i < COUNT_OF(officers); i++) {
		struct signer *signer = NULL;
		unsigned char out[64];
		struct err e;

		OK(process_open(&b, officers[i], audit, &signer, &e), e);
		CHECK(!scene_sign(signer, &s, out, &e));
		EQ_C(e.code, "OFFICER-UNKNOWN");
		CHECK(strstr(e.cause, "no officers that the issuer's roots vouch for") != NULL);
		signer_free(signer);
	}
	buf_free(&s.payload);
	close(audit);
	bureau_free(&b);
}

TEST(without_a_guard_a_letter_is_not_signed_on_an_approval_nobody_checks)
{
	struct signer *signer = NULL;
	unsigned char out[64], header[9];
	struct ed25519_public key;
	struct bureau b;
	struct scene s;
	struct err e;

	bureau_open(&b);
	scene_make(&b, &s, NOTHING);
	OK(seeds_open(NULL, &signer, &e), e);
	CHECK(!scene_sign(signer, &s, out, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	EQ_C(e.cause, "no guard, so no letter");
	OK(signer_public(signer, ROLE_ISSUING, 3, &key, &e), e);
	OK(signer_cose(signer, ROLE_ISSUING, 3, header_of(&key, header), AAD, buf_view(&s.payload),
		       out, &e),
	   e);
	buf_free(&s.payload);
	signer_free(signer);
	bureau_free(&b);
}

TEST(a_letter_leaves_its_own_line_in_the_audit)
{
	char dir[64], path[96], text[4096],
		head[] = "\"number\":3,\"purpose\":\"letter\",\"role\":\"issuing\"";
	struct signer *signer = NULL;
	unsigned char out[64];
	struct bureau b;
	struct scene s;
	struct err e;
	const char *line;
	int audit;
	size_t n;

	folder_new(dir);
	(void)snprintf(path, sizeof path, "%s/audit", dir);
	audit = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	bureau_open(&b);
	OK(process_open(&b, &b.roster, audit, &signer, &e), e);
	scene_make(&b, &s, NOTHING);
	OK(scene_sign(signer, &s, out, &e), e);
	buf_free(&s.payload);
	scene_make(&b, &s, ONE_OFFICER);
	CHECK(!scene_sign(signer, &s, out, &e));
	n = file_take(dir, "audit", text, sizeof text - 1);
	text[n] = '\0';
	line = strstr(text, head);
	CHECK(line != NULL);
	CHECK(line == NULL ||
	      strstr(line + sizeof head, "\"purpose\"") == NULL); /* a refusal leaves none */
	buf_free(&s.payload);
	signer_free(signer);
	close(audit);
	folder_free(dir);
	bureau_free(&b);
}

/* Parts that are none, as a taken-over caller may send them. */
TEST(a_request_for_a_letter_of_other_parts_is_refused)
{
	int audit = null_open();
	struct signer *signer = NULL;
	unsigned char header[9];
	struct ed25519_public key;
	struct bureau b;
	struct scene s;
	struct err e;

	bureau_open(&b);
	OK(process_open(&b, &b.roster, audit, &signer, &e), e);
	scene_make(&b, &s, NOTHING);
	OK(signer_public(signer, ROLE_ISSUING, 3, &key, &e), e);
	for (size_t bad = 0; bad < 8; bad++) {
		struct str parts[9] = {
			header_of(&key, header), AAD,
			buf_view(&s.payload),    str_bytes(s.proof.salt, 32),
			s.proof.prepared.text,   str_bytes(s.proof.prepared.signature, 64),
			s.proof.approved.text,   str_bytes(s.proof.approved.signature, 64),
		};
		struct signer_job job = { .op = SIGNER_LETTER,
					  .role = ROLE_ISSUING,
					  .number = 3,
					  .parts = parts,
					  .part_count = 8 };

		parts[bad].n--;
		CHECK(!signer_run(signer, &job, 1, &e) && !job.done);
		if (bad == 3 || bad == 5 || bad == 7) /* salt and signatures */
			EQ_C(e.cause, "not the statements of two officers");
		parts[bad].n++;
		for (job.part_count = 0; job.part_count < 8; job.part_count++)
			CHECK(!signer_run(signer, &job, 1, &e) && !job.done);
		job.part_count = 9;
		CHECK(!signer_run(signer, &job, 1, &e) && !job.done);
		job.part_count = 8;
		job.role = ROLE_LOG;
		CHECK(!signer_run(signer, &job, 1, &e) && !job.done);
		job.role = ROLE_ISSUING;
		OK(signer_run(signer, &job, 1, &e), e);
	}
	buf_free(&s.payload);
	signer_free(signer);
	close(audit);
	bureau_free(&b);
}

TEST(what_officers_say_no_other_key_can_be_led_to_say)
{
	static const struct {
		const char *body;
		bool officer, root, others; /* who signs it */
	} bodies[] = {
		{ "hufu/1/officer\nissuer x\n", true, false, false },
		{ "hufu/1/officer\n", true, false, false },
		{ "hufu/1/officer-roster\nserial 1\n", true, true, false },
		{ "hufu/1/officer-rosters\n", false, false, false },
		{ "hufu/1/officers\n", false, false, false },
		{ "hufu/1/officer", false, false, false },
		{ "hufu/1/office\n", false, true, true },
		{ "verify.example.org/log\n1\n", false, true, true },
		{ "\nhufu/1/officer\n", false, true, true },
		{ "cosignature/v1\ntime 1\nhufu/1/officer\n", false, true, true },
	};
	int audit = null_open();
	struct signer *signer = NULL;
	struct bureau b;
	struct err e;

	bureau_new(&b);
	OK(process_open(&b, NULL, audit, &signer, &e), e);
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct str body = str_of(bodies[i].body);
		unsigned char out[64];

		CHECK(signer_note(b.officers[0], ROLE_OFFICER, 0, body, out, &e) ==
		      bodies[i].officer);
		CHECK(signer_note(signer, ROLE_ROOT, 1, body, out, &e) == bodies[i].root);
		CHECK(signer_note(signer, ROLE_LOG, 0, body, out, &e) == bodies[i].others);
		CHECK(signer_note(signer, ROLE_WITNESS, 0, body, out, &e) == bodies[i].others);
		CHECK(!signer_note(signer, ROLE_ISSUING, 3, body, out, &e));
	}
	signer_free(signer);
	close(audit);
	bureau_free(&b);
}

/* The statements' key is behind a program of the issuer's. */
static void device_put(const char *dir)
{
	char text[2048], here[1024];

	if (getcwd(here, sizeof here) == NULL)
		abort();
	(void)snprintf(text, sizeof text,
		       "{\"schema\":\"hufu.external/1\",\"signers\":[{\"role\":\"issuing\","
		       "\"number\":4,\"public\":"
		       "\"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\","
		       "\"provider\":\"command\",\"argv\":[\"/usr/bin/python3\","
		       "\"%s/tests/keys/sign_command.py\","
		       "\"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\","
		       "\"env\"]}]}\n",
		       here);
	file_put(dir, "external.json", str_of(text), 0600);
}

TEST(a_home_that_is_unlocked_hands_its_officers_to_all_its_signers)
{
	char dir[64];
	struct keyfile key = { .role = ROLE_ISSUING, .number = 3 };
	struct secret passphrase = { NULL, 0 };
	struct vault_order order = { .keys_dir = dir, .audit = null_open() };
	struct scene letter, statement;
	struct kek *kek;
	struct bureau b;
	struct err e;

	bureau_open(&b);
	kek = home_new(dir, &b.world);
	OK(keyfile_create(dir, kek, &b.world.env, &key, &e), e);
	kek_free(kek);
	device_put(dir);
	OK(secret_new(credential.n, &passphrase, &e), e);
	memcpy(passphrase.p, credential.p, credential.n);
	order.passphrase = &passphrase;
	order.env = &b.world.env;
	order.issuer = BUREAU_ISSUER;
	scene_make(&b, &letter, NOTHING);
	scene_make(&b, &statement, FINE_STATEMENT);
	for (int with = 0; with < 2; with++) {
		struct signer *signer = NULL;
		struct ed25519_public public;
		unsigned char out[64], header[9];

		order.officers = with ? &b.roster : NULL;
		OK(vault_open(&order, &signer, NULL, &e), e);
		CHECK(scene_sign(signer, &letter, out, &e) == (with == 1));
		CHECK(scene_sign(signer, &statement, out, &e) == (with == 1));
		OK(signer_public(signer, ROLE_ISSUING, 4, &public, &e), e);
		if (with == 1)
			CHECK(token_verify_here(&public, header_of(&public, header), AAD,
						buf_view(&statement.payload), out));
		CHECK(!signer_cose(signer, ROLE_ISSUING, 4, header_of(&public, header), AAD,
				   buf_view(&statement.payload), out, &e));
		EQ_C(e.code, "APPROVAL-NEEDED");
		signer_free(signer);
	}
	secret_free(&passphrase);
	buf_free(&letter.payload);
	buf_free(&statement.payload);
	close(order.audit);
	folder_free(dir);
	bureau_free(&b);
}
