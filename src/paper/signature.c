/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/signature.h"

#include <stdio.h>

#include "paper/num.h"

/* As wide as the largest array of offsets below; blanks fill what a smaller one leaves. */
static const char RANGE_ROOM[] = "[0 0000000000 0000000000 0000000000]";

static bool part_check(const struct str *parts, size_t count, size_t *bytes, struct err *e)
{
	if (count > SIGNATURE_PARTS_MAX)
		return err_system(e, "the evidence of a seal has more than %d parts of one kind",
				  SIGNATURE_PARTS_MAX);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].n == 0 || parts[i].n > SIGNATURE_EVIDENCE_MAX - *bytes)
			return err_system(e,
					  "the evidence of a seal is empty or longer than %d bytes",
					  SIGNATURE_EVIDENCE_MAX);
		*bytes += parts[i].n;
	}
	return true;
}

bool signature_check(const struct signature *s, struct err *e)
{
	const struct signature_evidence *ev = &s->evidence;
	size_t bytes = 0;

	if (s->hole < SIGNATURE_HOLE_MIN || s->hole > SIGNATURE_HOLE_MAX)
		return err_system(e, "room for a seal of %zu bytes; %d to %d are possible", s->hole,
				  SIGNATURE_HOLE_MIN, SIGNATURE_HOLE_MAX);
	if (s->name.n == 0)
		return err_system(e, "a seal of nobody");
	return part_check(ev->certs, ev->cert_count, &bytes, e) &&
	       part_check(ev->ocsps, ev->ocsp_count, &bytes, e) &&
	       part_check(ev->crls, ev->crl_count, &bytes, e);
}

static const char *form_name(enum signature_form form)
{
	switch (form) {
	case SIGNATURE_CADES:
		return "/ETSI.CAdES.detached";
	case SIGNATURE_PKCS7:
		return "/adbe.pkcs7.detached";
	}
	return "/None";
}

void signature_put(struct buf *out, const struct signature *s, int64_t unix_s, int utc_offset_min,
		   struct signature_places *places)
{
	char *zeros;

	buf_c(out, "/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter ");
	buf_c(out, form_name(s->form));
	buf_c(out, "\n/Name ");
	num_text(out, s->name);
	if (s->reason.n > 0) {
		buf_c(out, "\n/Reason ");
		num_text(out, s->reason);
	}
	buf_c(out, "\n/M (");
	num_date(out, unix_s, utc_offset_min);
	buf_c(out, ")\n/ByteRange ");
	places->range = out->n;
	buf_c(out, RANGE_ROOM);
	buf_c(out, "\n/Contents ");
	places->hole = out->n;
	buf_byte(out, '<');
	zeros = buf_room(out, 2 * s->hole);
	if (zeros != NULL) {
		memset(zeros, '0', 2 * s->hole);
		out->n += 2 * s->hole;
	}
	buf_c(out, ">\n");
}

void signature_range(char *pdf, size_t range, const struct signature_space *space)
{
	char text[sizeof RANGE_ROOM];
	int n = snprintf(text, sizeof text, "[0 %zu %zu %zu]", space->hole, space->behind,
			 space->length - space->behind);

	memset(pdf + range, ' ', sizeof RANGE_ROOM - 1);
	if (n > 0 && (size_t)n < sizeof text)
		memcpy(pdf + range, text, (size_t)n);
}

void signature_digest(struct sha256 *h, struct str pdf, const struct signature_space *space,
		      unsigned char out[SHA256_SIZE])
{
	sha256_begin(h);
	sha256_add(h, pdf.p, space->hole);
	sha256_add(h, pdf.p + space->behind, space->length - space->behind);
	sha256_end(h, out);
}

bool signature_fill(char *pdf, const struct signature_space *space, struct str cms, struct err *e)
{
	static const char digits[] = "0123456789abcdef";
	char *to = pdf + space->hole + 1;
	size_t room = (space->behind - space->hole - 2) / 2;

	if (cms.n > room)
		return err_input(e, "SEAL-HOLE",
				 "the seal has %zu bytes, and there is room for %zu", cms.n, room);
	for (size_t i = 0; i < cms.n; i++) {
		unsigned char c = (unsigned char)cms.p[i];

		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	memset(to, '0', 2 * (room - cms.n));
	return true;
}
