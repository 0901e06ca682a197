/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/tick.h"

#include "check.h"

/* Unix seconds of an instant such as "2026-11-24T01:00:00Z". */
static int64_t at(const char *text)
{
	int64_t out = 0;

	if (!instant_read(str_of(text), &out))
		EQ_C(text, "an instant");
	return out;
}

struct instants {
	const char *now, *last, *next;
};

static void ticks_are(struct config_ticks ticks, int utc_offset_min, const struct instants *cases,
		      size_t count)
{
	const struct config c = { .utc_offset_min = utc_offset_min, .ticks = ticks };

	for (size_t i = 0; i < count; i++) {
		char text[21];
		int64_t last, next;

		config_tick(&c, at(cases[i].now), &last, &next);
		instant_text(last, text);
		EQ_C(text, cases[i].last);
		instant_text(next, text);
		EQ_C(text, cases[i].next);
	}
}

static const struct config_ticks office = { .minutes = 10, .from = 9 * 60, .until = 18 * 60 };

TEST(ticks_come_every_ten_minutes_of_the_office_hours_in_the_issuers_zone)
{
	/* UTC+8: 09:00 is 01:00Z, 18:00 is 10:00Z. */
	static const struct instants cases[] = {
		{ "2026-11-24T00:59:59Z", "2026-11-23T10:00:00Z", "2026-11-24T01:00:00Z" },
		{ "2026-11-24T01:00:00Z", "2026-11-24T01:00:00Z", "2026-11-24T01:10:00Z" },
		{ "2026-11-24T01:09:59Z", "2026-11-24T01:00:00Z", "2026-11-24T01:10:00Z" },
		{ "2026-11-24T01:10:00Z", "2026-11-24T01:10:00Z", "2026-11-24T01:20:00Z" },
		{ "2026-11-24T09:59:59Z", "2026-11-24T09:50:00Z", "2026-11-24T10:00:00Z" },
		{ "2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T01:00:00Z" },
		/* midnight there */
		{ "2026-11-24T15:59:59Z", "2026-11-24T10:00:00Z", "2026-11-25T01:00:00Z" },
		{ "2026-11-24T16:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T01:00:00Z" },
		/* and in UTC */
		{ "2026-11-24T23:59:59Z", "2026-11-24T10:00:00Z", "2026-11-25T01:00:00Z" },
		{ "2026-11-25T00:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T01:00:00Z" },
		/* over the ends of months and years */
		{ "2027-01-01T00:30:00Z", "2026-12-31T10:00:00Z", "2027-01-01T01:00:00Z" },
		{ "2028-02-29T12:00:00Z", "2028-02-29T10:00:00Z", "2028-03-01T01:00:00Z" },
		{ "1969-12-31T12:00:00Z", "1969-12-31T10:00:00Z", "1970-01-01T01:00:00Z" },
	};

	ticks_are(office, 480, cases, COUNT_OF(cases));
}

TEST(zones_west_of_greenwich_and_of_half_hours_have_their_own_mornings)
{
	static const struct instants west[] = {
		/* UTC−3:30: 09:00 is 12:30Z, 18:00 is 21:30Z */
		{ "2026-11-24T12:29:59Z", "2026-11-23T21:30:00Z", "2026-11-24T12:30:00Z" },
		{ "2026-11-24T12:30:00Z", "2026-11-24T12:30:00Z", "2026-11-24T12:40:00Z" },
		{ "2026-11-25T03:29:59Z", "2026-11-24T21:30:00Z", "2026-11-25T12:30:00Z" },
		{ "2026-11-25T03:30:00Z", "2026-11-24T21:30:00Z", "2026-11-25T12:30:00Z" },
	};
	static const struct instants east[] = {
		/* UTC+14: 09:00 is 19:00Z the day before */
		{ "2026-11-23T19:00:00Z", "2026-11-23T19:00:00Z", "2026-11-23T19:10:00Z" },
		{ "2026-11-24T04:00:00Z", "2026-11-24T04:00:00Z", "2026-11-24T19:00:00Z" },
		{ "2026-11-24T18:59:59Z", "2026-11-24T04:00:00Z", "2026-11-24T19:00:00Z" },
	};
	static const struct instants utc[] = {
		{ "2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z", "2026-11-24T09:10:00Z" },
		{ "2026-11-24T08:59:59Z", "2026-11-23T18:00:00Z", "2026-11-24T09:00:00Z" },
	};

	ticks_are(office, -210, west, COUNT_OF(west));
	ticks_are(office, 840, east, COUNT_OF(east));
	ticks_are(office, 0, utc, COUNT_OF(utc));
}

TEST(the_last_tick_of_a_day_is_not_after_its_end)
{
	static const struct config_ticks odd = { .minutes = 25, .from = 9 * 60, .until = 10 * 60 };
	static const struct config_ticks one = { .minutes = 60,
						 .from = 9 * 60,
						 .until = 9 * 60 + 30 };
	static const struct instants of_odd[] = {
		/* 09:00, 09:25, 09:50 */
		{ "2026-11-24T09:49:59Z", "2026-11-24T09:25:00Z", "2026-11-24T09:50:00Z" },
		{ "2026-11-24T09:50:00Z", "2026-11-24T09:50:00Z", "2026-11-25T09:00:00Z" },
		{ "2026-11-24T10:15:00Z", "2026-11-24T09:50:00Z", "2026-11-25T09:00:00Z" },
		{ "2026-11-25T08:00:00Z", "2026-11-24T09:50:00Z", "2026-11-25T09:00:00Z" },
	};
	static const struct instants of_one[] = {
		/* one a day */
		{ "2026-11-24T08:59:59Z", "2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z" },
		{ "2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z" },
		{ "2026-11-24T23:59:59Z", "2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z" },
	};

	ticks_are(odd, 0, of_odd, COUNT_OF(of_odd));
	ticks_are(one, 0, of_one, COUNT_OF(of_one));
}

TEST(hours_may_go_round_the_clock)
{
	static const struct config_ticks always = { .minutes = 60, .from = 0, .until = 24 * 60 };
	static const struct instants cases[] = {
		{ "2026-11-24T15:59:59Z", "2026-11-24T15:00:00Z", "2026-11-24T16:00:00Z" },
		{ "2026-11-24T16:00:00Z", "2026-11-24T16:00:00Z", "2026-11-24T17:00:00Z" },
		{ "2026-11-24T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-24T01:00:00Z" },
	};

	ticks_are(always, 480, cases, COUNT_OF(cases));
}

TEST(a_tick_is_never_ahead_and_the_next_one_never_behind)
{
	static const struct config_ticks all[] = {
		{ 10, 540, 1080 }, { 1, 0, 1440 },  { 60, 0, 1440 },  { 7, 3, 1439 },
		{ 60, 0, 1 },      { 59, 0, 1440 }, { 13, 700, 711 }, { 60, 1439, 1440 },
	};
	static const int zones[] = { -720, -210, -1, 0, 1, 345, 480, 840 };

	for (size_t i = 0; i < COUNT_OF(all); i++)
		for (size_t z = 0; z < COUNT_OF(zones); z++) {
			const struct config c = { .utc_offset_min = zones[z], .ticks = all[i] };
			int64_t before = 0, last, next;
			bool good = true;

			for (int64_t now = at("2026-12-30T00:00:00Z");
			     now < at("2027-01-02T00:00:00Z"); now += 17) {
				config_tick(&c, now, &last, &next);
				/* Where one call's next is, a later call's last begins: no tick is passed over. */
				good = good && last <= now && now < next && next - last <= 86400 &&
				       last % 60 == 0 && (before == 0 || last >= before);
				before = last;
			}
			CHECK(good);
		}
}

TEST(the_next_tick_is_the_last_one_once_it_has_come)
{
	static const struct config_ticks all[] = {
		{ 10, 540, 1080 }, { 1, 0, 1440 },     { 7, 3, 1439 },
		{ 59, 0, 1440 },   { 60, 1439, 1440 },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		const struct config c = { .utc_offset_min = 480, .ticks = all[i] };
		int64_t now = at("2026-12-30T00:00:00Z"), last, next, then, after;

		for (int n = 0; n < 3000; n++) {
			config_tick(&c, now, &last, &next);
			config_tick(&c, next, &then, &after);
			if (then != next || after <= next)
				EQ_INT(then, next);
			config_tick(&c, next - 1, &then, &after);
			if (after != next)
				EQ_INT(after, next);
			now = next;
		}
		CHECK(now > at("2026-12-30T00:00:00Z"));
	}
}
