/* SPDX-License-Identifier: Apache-2.0 */
#include "record/associations.h"

#include "base/io.h"
#include "check.h"

enum { ROOM = 4 * 1024 * 1024 };

#define NATIONAL                                                                                   \
	"{\"code\":\"MICPA\",\"name_zh\":\"示范\",\"name_en\":\"Model\",\"kind\":\"national\","  \
	"\"seal\":\"drawn\"}"
#define LIST(entries) "{\"schema\":\"hufu.associations/1\",\"associations\":[" entries "]}"

TEST(a_list_of_associations_with_a_fault_is_refused)
{
	const struct {
		struct str text;
		const char *code, *pointer;
	} cases[] = {
		{ STR("{}"), "JSON-MISSING", "/schema" },
		{ STR(LIST("")), "ASSOCIATION-NATIONAL", "/associations" },
		{ STR(LIST(NATIONAL "," NATIONAL)), "ASSOCIATION-DUPLICATE",
		  "/associations/1/code" },
		{ STR(LIST(NATIONAL ",{\"code\":\"XX\",\"name_zh\":\"示范\",\"name_en\":\"Model\","
				    "\"kind\":\"national\",\"seal\":\"drawn\"}")),
		  "ASSOCIATION-NATIONAL", "/associations/1/kind" },
		{ STR(LIST(
			  "{\"code\":\"micpa\",\"name_zh\":\"示范\",\"name_en\":\"Model\",\"kind\":"
			  "\"national\",\"seal\":\"drawn\"}")),
		  "FORM", "/associations/0/code" },
		{ STR(LIST("{\"code\":\"MICPA\",\"name_zh\":\"示\uE863\",\"name_en\":\"Model\","
			   "\"kind\":\"national\",\"seal\":\"drawn\"}")),
		  "PRIVATE-USE", "/associations/0/name_zh" },
		{ STR(LIST("{\"code\":\"MICPA\",\"name_zh\":\"示\",\"name_en\":\"Model\",\"kind\":"
			   "\"national\",\"seal\":\"supplied\",\"art\":\"../x.svg\"}")),
		  "PATH-ESCAPES", "/associations/0/art" },
	};
	struct arena *a = arena_new(ROOM);
	struct associations list;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };

		CHECK(!associations_read(a, cases[i].text, &list, &e));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
		arena_reset(a);
	}
	arena_free(a);
}

TEST(associations_are_found_by_code)
{
	struct arena *a = arena_new(ROOM);
	struct buf text = buf_empty(1 << 20);
	const struct association *found;
	struct associations list;
	struct err e = { 0 };

	OK(io_read("tests/data/associations.json", &text, &e), e);
	if (OK(associations_read(a, buf_view(&text), &list, &e), e)) {
		EQ_INT(list.count, 11);
		EQ_STR(list.national->code, STR("MICPA"));
		found = associations_lookup(&list, STR("XZ99"));
		CHECK(found != NULL && found->kind == ASSOCIATION_LOCAL &&
		      found->seal == ASSOCIATION_SEAL_SUPPLIED && found->art.n == 0);
		CHECK(associations_lookup(&list, STR("XZ9")) == NULL);
	}
	buf_free(&text);
	arena_free(a);
}
