/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/config.h"

#include "base/civil.h"
#include "json/canon.h"

enum { NAME_MAX_BYTES = 200, PATH_MAX_BYTES = 200, ZONE_MAX_MIN = 14 * 60, DAY_MIN = 24 * 60 };

/* Office hours. */
static const struct config_ticks TICKS = { .minutes = 10, .from = 9 * 60, .until = 18 * 60 };

static bool host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static bool path_byte(char c)
{
	return host_byte(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '/' || c == '~';
}

static bool base_fault(struct str url, struct err *e)
{
	return err_input(
		e, "BASE-URL",
		"'%.*s' is not a base URL such as https://verify.example.org (http or https, a lower-case"
		" host, no trailing slash, at most %d bytes)",
		STR_ARG(url), BASE_URL_MAX);
}

/* Bytes of "host" or "host:port" at the start of s; 0 when there is none. */
static size_t host_length(struct str s)
{
	size_t n = 0, port;

	while (n < s.n && host_byte(s.p[n]))
		n++;
	if (n == 0 || s.p[0] == '.' || s.p[0] == '-')
		return 0;
	if (n == s.n || s.p[n] != ':')
		return n;
	port = ++n;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n - port >= 1 && n - port <= 5 ? n : 0;
}

bool config_base(struct str url, struct str *host, struct err *e)
{
	struct str rest;
	size_t n;

	if (str_starts(url, STR("https://")))
		rest = str_skip(url, 8);
	else if (str_starts(url, STR("http://")))
		rest = str_skip(url, 7);
	else
		return base_fault(url, e);
	n = host_length(rest);
	if (n == 0 || url.n > BASE_URL_MAX || url.p[url.n - 1] == '/' ||
	    (n < rest.n && rest.p[n] != '/'))
		return base_fault(url, e);
	*host = (struct str){ rest.p, n };
	for (; n < rest.n; n++)
		if (!path_byte(rest.p[n]))
			return base_fault(url, e);
	return true;
}

static bool issuer_read(const struct json *root, struct config *c, struct err *e)
{
	static const char *const allowed[] = { "id", "name_zh", "name_en", "contact", NULL };
	const struct json *issuer;

	if (!json_object(root, "issuer", &issuer, e))
		return false;
	if (!json_only(issuer, allowed, e) || !json_string(issuer, "id", 3, 64, &c->issuer, e) ||
	    !json_string(issuer, "name_zh", 1, NAME_MAX_BYTES, &c->name_zh, e) ||
	    !json_string(issuer, "name_en", 1, NAME_MAX_BYTES, &c->name_en, e) ||
	    !json_string(issuer, "contact", 1, NAME_MAX_BYTES, &c->contact, e))
		return err_at(e, "/issuer");
	for (size_t i = 0; i < c->issuer.n; i++) {
		if (host_byte(c->issuer.p[i]))
			continue;
		err_input(e, "CONFIG", "must be a domain of a–z, 0–9, dots and dashes");
		return err_at(e, "/issuer/id");
	}
	return true;
}

/* "09:30" as minutes of the day, "24:00" its end; false for anything else. */
static bool clock_parse(struct str s, int *out)
{
	static const char form[] = "00:00";

	for (size_t i = 0; i < s.n; i++)
		if (form[i] == ':' ? s.p[i] != ':' : s.p[i] < '0' || s.p[i] > '9')
			return false;
	*out = ((s.p[0] - '0') * 10 + s.p[1] - '0') * 60 + (s.p[3] - '0') * 10 + s.p[4] - '0';
	return s.p[3] < '6' && *out <= DAY_MIN;
}

static bool clock_read(const struct json *ticks, const char *key, int *out, struct err *e)
{
	struct str s;

	if (!json_string(ticks, key, 5, 5, &s, e))
		return false;
	if (clock_parse(s, out))
		return true;
	err_input(e, "CONFIG", "must be a time of the day such as \"09:00\"");
	return err_at(e, "/%s", key);
}

static bool ticks_read(const struct json *root, struct config_ticks *out, struct err *e)
{
	static const char *const allowed[] = { "minutes", "from", "until", NULL };
	const struct json *ticks = json_lookup(root, "ticks");
	int64_t minutes;

	*out = TICKS;
	if (ticks == NULL)
		return true;
	if (!json_object(root, "ticks", &ticks, e))
		return false;
	if (!json_only(ticks, allowed, e) || !json_integer(ticks, "minutes", 1, 60, &minutes, e) ||
	    !clock_read(ticks, "from", &out->from, e) ||
	    !clock_read(ticks, "until", &out->until, e))
		return err_at(e, "/ticks");
	out->minutes = (int)minutes;
	if (out->from < out->until)
		return true;
	err_input(e, "CONFIG", "must end later than it begins");
	return err_at(e, "/ticks");
}

/* The first tick of a day is at `from`, the last one not after `until`. */
void config_tick(const struct config *c, int64_t now, int64_t *last, int64_t *next)
{
	const struct config_ticks *t = &c->ticks;
	int64_t step = t->minutes * 60, day = instant_day(now, c->utc_offset_min);
	int64_t midnight = day * 86400 - (int64_t)c->utc_offset_min * 60;
	int64_t first = midnight + t->from * 60, count = (t->until - t->from) / t->minutes;
	int64_t end = first + count * step;

	if (now < first) {
		*last = end - 86400;
		*next = first;
	} else if (now >= end) {
		*last = end;
		*next = first + 86400;
	} else {
		*last = first + (now - first) / step * step;
		*next = *last + step;
	}
}

bool config_read(struct arena *a, struct str text, struct config *out, struct err *e)
{
	static const char *const allowed[] = {
		"schema", "issuer",          "base",  "origin", "utc_offset_min",
		"store",  "passphrase_file", "ticks", "seal",   NULL
	};
	struct config c = { 0 };
	const struct json *root;
	struct str store;
	int64_t offset;
	bool present;

	if (!json_read(a, text, &json_config, &root, e) || !json_schema(root, "hufu.config/1", e) ||
	    !json_only(root, allowed, e) || !issuer_read(root, &c, e) ||
	    !json_string(root, "base", 1, 200, &c.base, e) ||
	    !json_string(root, "origin", 3, 200, &c.origin, e) ||
	    !json_integer(root, "utc_offset_min", -ZONE_MAX_MIN, ZONE_MAX_MIN, &offset, e) ||
	    !json_string(root, "store", 1, PATH_MAX_BYTES, &store, e) ||
	    !json_string_opt(root, "passphrase_file", 1, PATH_MAX_BYTES, &c.passphrase_file,
			     &present, e) ||
	    !ticks_read(root, &c.ticks, e) || !sealconfig_read(a, root, &c.seal, e))
		return false;
	if (!config_base(c.base, &c.host, e))
		return err_at(e, "/base");
	if (!str_eq(store, STR("store.db"))) {
		err_input(e, "CONFIG", "must be \"store.db\"");
		return err_at(e, "/store");
	}
	if (!present)
		c.passphrase_file = STR("");
	else if (c.passphrase_file.p[0] == '/' ||
		 str_find(c.passphrase_file, STR(".."), 0) != SIZE_MAX) {
		err_input(e, "CONFIG", "must be a path inside the home");
		return err_at(e, "/passphrase_file");
	}
	c.utc_offset_min = (int)offset;
	*out = c;
	return true;
}

static void member_write(struct buf *out, const char *indent, const char *key, struct str value,
			 const char *end)
{
	buf_c(out, indent);
	canon_string(out, str_of(key));
	buf_c(out, ": ");
	canon_string(out, value);
	buf_c(out, end);
}

bool config_write(struct buf *out, const struct config *c, struct err *e)
{
	buf_c(out, "{\n");
	member_write(out, "  ", "schema", STR("hufu.config/1"), ",\n");
	buf_c(out, "  \"issuer\": {\n");
	member_write(out, "    ", "id", c->issuer, ",\n");
	member_write(out, "    ", "name_zh", c->name_zh, ",\n");
	member_write(out, "    ", "name_en", c->name_en, ",\n");
	member_write(out, "    ", "contact", c->contact, "\n  },\n");
	member_write(out, "  ", "base", c->base, ",\n");
	member_write(out, "  ", "origin", c->origin, ",\n");
	buf_printf(out, "  \"utc_offset_min\": %d,\n", c->utc_offset_min);
	if (c->passphrase_file.n > 0)
		member_write(out, "  ", "passphrase_file", c->passphrase_file, ",\n");
	member_write(out, "  ", "store", STR("store.db"), ",\n");
	sealconfig_write(out, &c->seal);
	buf_printf(
		out,
		"  \"ticks\": {\"minutes\": %d, \"from\": \"%02d:%02d\", \"until\": \"%02d:%02d\"}\n}\n",
		c->ticks.minutes, c->ticks.from / 60, c->ticks.from % 60, c->ticks.until / 60,
		c->ticks.until % 60);
	return buf_ok(out, "hufu.json", e);
}

enum { DEMO_ZONE_MIN = 480 /* UTC+8 */ };

struct config config_demo(void)
{
	return (struct config){ .issuer = STR("verify.example.org"),
				.name_zh = STR("示范注册会计师协会"),
				.name_en = STR("Model Institute of Certified Public Accountants"),
				.contact = STR("registry@example.org"),
				.base = STR("https://verify.example.org"),
				.host = STR("verify.example.org"),
				.utc_offset_min = DEMO_ZONE_MIN,
				.ticks = TICKS };
}

bool config_as_of(const struct config *c, struct str text, int64_t *out, struct err *e)
{
	struct civil day;

	if (civil_read(text, &day)) {
		*out = civil_days(day) * 86400 - (int64_t)c->utc_offset_min * 60;
		return true;
	}
	return instant_read(text, out) ||
	       err_usage(
		       e,
		       "--as-of must be a day (2026-11-23) or an instant (2026-11-23T09:00:00+08:00), is '%.*s'",
		       STR_ARG(text));
}
