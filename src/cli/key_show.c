/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/key_show.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/enc.h"
#include "keys/external.h"
#include "keys/keyfile.h"
#include "keys/minisign.h"
#include "keys/pem.h"
#include "json/canon.h"

enum { ROWS_MAX = KEYFILES_MAX + KEYLIST_KEYS_MAX + POLICY_ROOTS_MAX };

/* A key as the home knows it: from its file, from the list, or both. */
struct row {
	enum key_role role;
	unsigned number;
	unsigned char kid[KID_SIZE];
	struct ed25519_public public; /* zero for the home secret */
	const struct keylist_key *listed;
	enum key_state state;
	bool here; /* the private half too */
	int64_t created;
};

struct rows {
	struct row *all;
	size_t count;
};

static struct row *row_of(struct rows *rows, enum key_role role,
			  const struct ed25519_public *public)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->all[i].role == role && role != ROLE_HOME &&
		    memcmp(&rows->all[i].public, public, sizeof *public) == 0)
			return &rows->all[i];
	return NULL;
}

/* The home secret's newest version is in use; a file nobody names signs nothing. */
static enum key_state file_state(const struct keyfile *key, const struct keyfile *all, size_t count)
{
	if (key->role != ROLE_HOME)
		return KEY_PLANNED;
	for (size_t i = 0; i < count; i++)
		if (all[i].role == ROLE_HOME && all[i].version > key->version)
			return KEY_RETIRED;
	return KEY_ACTIVE;
}

static void take_files(struct rows *rows, const struct keyfile *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct row *row = &rows->all[rows->count++];

		*row = (struct row){ .role = files[i].role,
				     .number = files[i].number,
				     .public = files[i].public,
				     .state = file_state(&files[i], files, count),
				     .here = true,
				     .created = files[i].created };
		memcpy(row->kid, files[i].kid, KID_SIZE);
	}
}

static void take_list(struct rows *rows, const struct keylist *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct keylist_key *key = &list->keys[i];
		struct row *row = row_of(rows, key->role, &key->public);

		if (row == NULL) {
			row = &rows->all[rows->count++];
			*row = (struct row){ .role = key->role,
					     .number = key->type_count > 0 ? key->types[0] : 0,
					     .public = key->public };
			memcpy(row->kid, key->kid, KID_SIZE);
		}
		row->listed = key;
		row->state = key->state;
		row->created = key->not_before;
	}
}

/* A root file of that number made before the policy's is the one that was replaced. */
static void roots_before(struct rows *rows, const struct row *now)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct row *row = &rows->all[i];

		if (row != now && row->role == ROLE_ROOT && row->number == now->number &&
		    row->state == KEY_PLANNED && now->here && row->created <= now->created)
			row->state = KEY_RETIRED;
	}
}

static void take_roots(struct rows *rows, const struct policy *policy)
{
	for (size_t i = 0; i < policy->root_count; i++) {
		struct row *row = row_of(rows, ROLE_ROOT, &policy->roots[i].public);

		if (row == NULL) {
			row = &rows->all[rows->count++];
			*row = (struct row){ .role = ROLE_ROOT,
					     .number = (unsigned)i + 1,
					     .public = policy->roots[i].public };
			ed25519_kid(&row->public, row->kid);
		}
		row->state = KEY_ACTIVE;
		roots_before(rows, row);
	}
}

/* Keys of a device sign here too. */
static bool take_devices(struct home *h, struct rows *rows, const char *folder, struct err *e)
{
	struct device *devices;
	size_t count;

	if (!external_list(h->arena, folder, &devices, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct row *row = row_of(rows, devices[i].role, &devices[i].public);

		if (row != NULL)
			row->here = true;
	}
	return true;
}

static bool rows_load(struct home *h, struct rows *rows, struct err *e)
{
	struct keyfile *files;
	const char *folder;
	size_t count;

	rows->count = 0;
	rows->all = arena_array(h->arena, ROWS_MAX, sizeof *rows->all, e);
	if (rows->all == NULL || !home_path(h, "keys", &folder, e) ||
	    !keyfile_list(h->arena, folder, &files, &count, e))
		return false;
	take_files(rows, files, count);
	take_list(rows, &h->keylist);
	take_roots(rows, &h->policy);
	return take_devices(h, rows, folder, e);
}

static void put_instant(struct buf *out, const char *name, bool there, int64_t at)
{
	char text[21];

	if (!there) {
		buf_printf(out, ",\"%s\":null", name);
		return;
	}
	instant_text(at, text);
	buf_printf(out, ",\"%s\":\"%s\"", name, text);
}

static void put_number(struct buf *out, const char *name, bool there, uint64_t n)
{
	buf_printf(out, ",\"%s\":", name);
	if (there)
		buf_uint(out, n);
	else
		buf_c(out, "null");
}

static void json_line(struct buf *out, const struct row *row)
{
	const struct keylist_key *key = row->listed;
	bool dated = row->here || key != NULL;

	buf_printf(out, "{\"algorithm\":\"%s\"",
		   row->role == ROLE_HOME ? "HMAC-SHA-256" : "Ed25519");
	put_number(out, "first_idx", key != NULL, key != NULL ? key->first_idx : 0);
	put_number(out, "from_idx", key != NULL && key->has_from_idx,
		   key != NULL ? key->from_idx : 0);
	buf_printf(out, ",\"here\":%s,\"kid\":\"", row->here ? "true" : "false");
	enc_hex(out, row->kid, KID_SIZE);
	buf_c(out, "\",\"log\":");
	if (key != NULL)
		canon_string(out, key->log);
	else
		buf_c(out, "null");
	put_instant(out, "not_after", key != NULL && key->has_not_after,
		    key != NULL ? key->not_after : 0);
	put_instant(out, "not_before", dated, row->created);
	buf_printf(out, ",\"number\":%u,\"public\":", row->number);
	if (row->role == ROLE_HOME) {
		buf_c(out, "null");
	} else {
		buf_byte(out, '"');
		enc_hex(out, row->public.bytes, ED25519_PUBLIC);
		buf_byte(out, '"');
	}
	buf_printf(out, ",\"role\":\"%s\",\"state\":\"%s\",\"types\":[", role_name(row->role),
		   state_name(row->state));
	for (size_t i = 0; key != NULL && i < key->type_count; i++)
		buf_printf(out, "%s%u", i > 0 ? "," : "", key->types[i]);
	buf_c(out, "]}\n");
}

static void text_line(struct buf *out, const struct row *row)
{
	char number[12] = "", from[21] = "-";

	if (row->number > 0)
		(void)snprintf(number, sizeof number, "%u", row->number);
	if (row->here || row->listed != NULL)
		instant_text(row->created, from);
	enc_hex(out, row->kid, KID_SIZE);
	buf_printf(out, "  %-9s %-3s %-11s %s", role_name(row->role), number,
		   state_name(row->state), from);
	if (row->listed != NULL && row->listed->has_from_idx) {
		buf_c(out, "  from ");
		buf_uint(out, row->listed->from_idx);
	}
	buf_c(out, row->here ? "\n" : "  (kept elsewhere)\n");
}

bool key_show_list(struct home *h, bool json, struct buf *out, struct err *e)
{
	struct rows rows;

	if (!rows_load(h, &rows, e))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		(json ? json_line : text_line)(out, &rows.all[i]);
	return buf_ok(out, "the list of keys", e);
}

/* NULL with *e filled when there is none, or more than one. */
static const struct row *row_named(const struct rows *rows, struct str name, struct err *e)
{
	unsigned char bytes[ED25519_PUBLIC];
	const struct row *found = NULL;
	size_t n = name.n / 2;

	if ((n != KID_SIZE && n != ED25519_PUBLIC) || !enc_unhex(name, bytes, n)) {
		err_usage(e, "a key is named by its 8 or 64 hexadecimal digits");
		return NULL;
	}
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->all[i];

		if (memcmp(n == KID_SIZE ? row->kid : row->public.bytes, bytes, n) != 0)
			continue;
		if (found != NULL) {
			err_input(e, "NO-KEY", "two keys have this kid; name it by its 64 digits");
			return NULL;
		}
		found = row;
	}
	if (found == NULL)
		err_input(e, "NO-KEY", "the home has no such key");
	return found;
}

static bool vkey(struct home *h, const struct row *row, struct buf *out, struct err *e)
{
	struct note_key key;
	struct str name = h->policy.log.name;
	bool ok = true;

	if (row->role == ROLE_LOG && row->listed != NULL)
		name = row->listed->log;
	else if (row->role != ROLE_LOG && row->number > 0) /* as policy_root_name names roots */
		ok = arena_printf(h->arena, &name, e, "%.*s/%s-%u", STR_ARG(h->policy.issuer),
				  role_name(row->role), row->number);
	else if (row->role != ROLE_LOG)
		ok = arena_printf(h->arena, &name, e, "%.*s/%s", STR_ARG(h->policy.issuer),
				  role_name(row->role));
	ok = ok && note_key_make(name, &row->public, &key, e);
	if (ok) {
		note_key_write(out, &key);
		buf_byte(out, '\n');
	}
	return ok;
}

static const char *usual_format(enum key_role role)
{
	if (role == ROLE_ROOT || role == ROLE_LOG)
		return "vkey";
	return role == ROLE_MANIFEST ? "minisign" : "pem";
}

bool key_show_public(struct home *h, struct str name, const char *format, struct buf *out,
		     struct err *e)
{
	const struct row *row;
	struct rows rows;

	if (!rows_load(h, &rows, e))
		return false;
	row = row_named(&rows, name, e);
	if (row == NULL)
		return false;
	if (row->role == ROLE_HOME)
		return err_input(e, "NO-KEY", "the home secret has no public half");
	if (format == NULL)
		format = usual_format(row->role);
	if (strcmp(format, "vkey") == 0)
		return vkey(h, row, out, e) && buf_ok(out, "a key", e);
	if (strcmp(format, "minisign") == 0) {
		minisign_public(&row->public, out);
	} else if (strcmp(format, "pem") == 0) {
		pem_public(&row->public, out);
	} else if (strcmp(format, "hex") == 0) {
		enc_hex(out, row->public.bytes, ED25519_PUBLIC);
		buf_byte(out, '\n');
	} else {
		return err_usage(e, "--format must be hex, vkey, minisign or pem, is '%s'", format);
	}
	return buf_ok(out, "a key", e);
}
