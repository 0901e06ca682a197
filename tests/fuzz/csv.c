/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer: any bytes as a register.  The first byte chooses the encoding, the rest is a CSV file under a map that
 * uses every format.  Every row is written or told of, and what is written reads back as a member.
 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "record/import.h"
#include "record/member.h"

enum { ROOM = 16 * 1024 * 1024 };

static const char map_text[] =
	"{\"schema\":\"hufu.map/1\",\"trim\":true,\"columns\":{\"/member_id\":\"a\",\"/rev\":\"b\","
	"\"/updated_at\":{\"column\":\"c\",\"format\":\"instant\"},\"/member_no\":\"d\",\"/class\":{"
	"\"const\":\"non_practising\"},\"/status\":{\"column\":\"e\",\"values\":{\"1\":\"active\"}},"
	"\"/name/native\":\"f\",\"/association/code\":{\"const\":\"SX99\"},\"/admission/date\":{"
	"\"column\":\"g\",\"format\":\"date\"},\"/cpd/period\":{\"const\":\"2026\"},\"/cpd/hours\":"
	"\"h\",\"/cpd/compliant\":{\"const\":true}},\"private_use\":{\"U+E000\":\"U+4DAE\"}}";

static void demand(bool ok)
{
	if (!ok)
		abort();
}

static void count_fault(void *ctx, const struct err *fault)
{
	demand(fault->kind == ERR_INPUT && fault->code[0] != '\0' && fault->place[0] != '\0');
	++*(size_t *)ctx;
}

static void records_check(struct arena *a, struct str lines, size_t count)
{
	static const struct member_rules rules = { 0 };
	struct str line;

	while (str_split(&lines, '\n', &line) && line.n > 0) {
		struct faults faults = { 0 };
		const struct json *record;
		const struct member *m;
		struct err e = { 0 };

		demand(json_read(a, line, &json_record, &record, &e));
		demand(member_read(a, record, &rules, &m, &faults, &e));
		demand(str_eq(m->canonical, line));
		count--;
	}
	demand(count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(ROOM);
	struct import_count count;
	size_t faults = 0, n = 0;
	char *bytes = NULL;
	struct map map;
	struct err e = { 0 };
	struct import_job job = {
		.name = "f.csv", .map = &map, .fault = count_fault, .ctx = &faults
	};

	if (size > 0 && size < 65536) {
		demand(map_read(a, str_of(map_text), &map, &e));
		map.encoding = data[0] % 3 == 0   ? MAP_UTF8
			       : data[0] % 3 == 1 ? MAP_GBK
						  : MAP_GB18030;
		job.csv = str_bytes(data + 1, size - 1);
		job.out = open_memstream(&bytes, &n);
		demand(job.out != NULL);
		if (import_csv(&job, &count, &e))
			demand(faults >= count.refused);
		else
			demand(e.kind == ERR_INPUT);
		fclose(job.out);
		records_check(a, str_bytes(bytes, n), count.written);
		free(bytes);
	}
	arena_free(a);
	return 0;
}
