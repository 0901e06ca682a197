/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/io.h"
#include "fixture.h"

#define FACE(id, file, index, postscript)                                                          \
	"{\"id\":\"" id "\",\"file\":\"" file "\",\"index\":" index                                \
	",\"postscript\":\"" postscript                                                            \
	"\",\"package\":\"fonts-of-the-test\",\"licence\":\"OFL-1.1\",\"coverage\":\"some\"}"
#define DIRS "\"dirs\":[\"nowhere\",\"/usr/share/fonts\"]"
#define MONO                                                                                       \
	FACE("m", "truetype/jetbrains-mono/JetBrainsMono-Regular.ttf", "0", "JetBrainsMono-Regular")
#define SERIF(index, name) FACE("s", "opentype/noto/NotoSerifCJK-Regular.ttc", index, name)
#define FONTS(dirs, faces, roles)                                                                  \
	"{\"schema\":\"hufu.fonts/1\"," dirs ",\"faces\":[" faces "],\"roles\":{" roles "}}"
#define ROLE "\"r\":{\"han\":[\"m\"],\"other\":[\"m\"]}"

/* A folder of the test with the text as fonts.json. */
struct place {
	char dir[64], path[96];
};

static struct place place_with(const char *json)
{
	struct place p = { .dir = "/tmp/hufu-fonts-XXXXXX" };
	struct err e = { 0 };

	if (mkdtemp(p.dir) == NULL)
		abort();
	snprintf(p.path, sizeof p.path, "%s/fonts.json", p.dir);
	OK(io_replace(p.dir, "fonts.json", str_of(json), 0600, &e), e);
	return p;
}

static void place_gone(struct place *p)
{
	unlink(p->path);
	rmdir(p->dir);
}

TEST(a_fonts_file_that_is_wrong_says_where_and_what)
{
	static const struct {
		const char *json, *pointer, *words;
	} cases[] = {
		{ "{", "", "" },
		{ "{\"schema\":\"hufu.fonts/2\"}", "/schema", "" },
		{ FONTS(DIRS, FACE("m", "truetype/none.ttf", "0", "None"), ROLE), "/faces/0",
		  "install the package fonts-of-the-test" },
		{ FONTS(DIRS, SERIF("0", "NotoSerifCJKsc-Regular"), ROLE), "/faces/0",
		  "NotoSerifCJKsc-Regular expected, the file holds NotoSerifCJKjp-Regular" },
		{ FONTS(DIRS, SERIF("99", "NotoSerifCJKsc-Regular"), ROLE), "/faces/0",
		  "a collection without font 99" },
		{ FONTS(DIRS, MONO "," MONO, ROLE), "/faces/1", "two faces are called m" },
		{ FONTS(DIRS, MONO, "\"r\":{\"han\":[\"x\"],\"other\":[\"m\"]}"), "/roles/r/han/0",
		  "no face is called x" },
		{ FONTS(DIRS, MONO, "\"r\":{\"han\":[[]],\"other\":[\"m\"]}"), "/roles/r/han/0",
		  "" },
		{ FONTS(DIRS, MONO, "\"r\":{\"han\":[],\"other\":[\"m\"]}"), "/roles/r/han", "" },
		{ FONTS(DIRS, MONO, "\"r\":{\"han\":[7],\"other\":[\"m\"]}"), "/roles/r/han/0",
		  "" },
		{ FONTS(DIRS, MONO, "\"r\":{\"other\":[\"m\"]}"), "/roles/r/han", "" },
		{ FONTS("\"dirs\":[7]", MONO, ROLE), "/faces/0", "" },
		{ FONTS(DIRS, FACE("m", "truetype/jetbrains-mono", "0", "JetBrainsMono-Regular"),
			ROLE),
		  "/faces/0", "" },
		{ FONTS("\"dirs\":[\"/etc\"]", FACE("m", "passwd", "0", "Passwd"), ROLE),
		  "/faces/0", "not an OpenType font" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct place p = place_with(cases[i].json);
		struct fonts *f = NULL;
		struct err e = { 0 };

		CHECK(!fonts_open(p.path, &f, &e));
		EQ_C(e.pointer, cases[i].pointer);
		if (!CHECK(strstr(e.cause, cases[i].words) != NULL))
			printf("# case %zu: %s\n", i, e.cause);
		CHECK(strstr(e.place, p.path) != NULL);
		place_gone(&p);
	}
}

TEST(no_fonts_file_is_an_error)
{
	struct fonts *f = NULL;
	struct err e = { 0 };

	CHECK(!fonts_open("/nowhere/fonts.json", &f, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
}

/* The same file with embedding forbidden in its OS/2 table. */
TEST(a_font_that_restricts_embedding_is_refused)
{
	static const char json[] =
		FONTS("\"dirs\":[\".\"]", FACE("m", "m.ttf", "0", "JetBrainsMono-Regular"), ROLE);
	struct desk d = desk_open();
	const struct face *mono = desk_face(&d, "JetBrainsMono-Regular");
	struct view os2 = sfnt_table(&mono->sfnt, "OS/2");
	char *copy = malloc(mono->map.n);
	struct place p = place_with(json);
	struct fonts *f = NULL;
	struct err e = { 0 };
	char path[128];

	if (copy == NULL)
		abort();
	memcpy(copy, mono->map.p, mono->map.n);
	OK(io_replace(p.dir, "m.ttf", str_bytes(copy, mono->map.n), 0600, &e), e);
	OK(fonts_open(p.path, &f, &e), e); /* folders are relative to fonts.json */
	fonts_free(f);
	copy[(size_t)(os2.p - mono->map.p) + 9] = 8;
	OK(io_replace(p.dir, "m.ttf", str_bytes(copy, mono->map.n), 0600, &e), e);
	CHECK(!fonts_open(p.path, &f, &e));
	CHECK(strstr(e.cause, "fsType 8") != NULL);
	snprintf(path, sizeof path, "%s/m.ttf", p.dir);
	unlink(path);
	free(copy);
	place_gone(&p);
	desk_close(&d);
}

TEST(the_hash_tells_other_fonts_and_other_chains)
{
	static const char *const files[] = {
		FONTS(DIRS, MONO, ROLE),
		FONTS(DIRS, MONO, "\"q\":{\"han\":[\"m\"],\"other\":[\"m\"]}"),
		FONTS(DIRS, MONO "," SERIF("2", "NotoSerifCJKsc-Regular"), ROLE),
		FONTS(DIRS, MONO "," SERIF("2", "NotoSerifCJKsc-Regular"),
		      "\"r\":{\"han\":[\"m\",\"s\"],\"other\":[\"m\"]}"),
		FONTS(DIRS, MONO "," SERIF("2", "NotoSerifCJKsc-Regular"),
		      "\"r\":{\"han\":[[\"m\",\"s\"]],\"other\":[\"m\"]}"),
	};
	unsigned char hash[COUNT_OF(files)][32], again[32];

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct place p = place_with(files[i]);
		struct fonts *f = NULL;
		struct err e = { 0 };

		if (OK(fonts_open(p.path, &f, &e), e))
			fonts_hash(f, hash[i]);
		fonts_free(f);
		if (OK(fonts_open(p.path, &f, &e), e))
			fonts_hash(f, again);
		fonts_free(f);
		EQ_BYTES(hash[i], again, 32);
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(hash[i], hash[k], 32) != 0);
		place_gone(&p);
	}
}

TEST(a_role_lends_its_own_faces)
{
	struct desk d = desk_open();
	const struct face *f = fonts_lookup(d.fonts, "song", true);

	EQ_C(face_postscript(f), "NotoSerifCJKsc-Regular");
	CHECK(face_metrics(f)->cff && face_metrics(f)->units_per_em == 1000);
	CHECK(face_metrics(f)->ascent > 700 && face_metrics(f)->descent < 0);
	CHECK(face_metrics(f)->cap_height > 500 && face_metrics(f)->cap_height < 900);
	f = fonts_lookup(d.fonts, "latin", false);
	EQ_C(face_postscript(f), "EBGaramond12-Regular");
	CHECK(!face_metrics(f)->cff && face_metrics(f)->cap_height > 500);
	CHECK(fonts_lookup(d.fonts, "comic", true) == NULL);
	desk_close(&d);
}

struct box {
	double x0, y0, x1, y1;
	unsigned moves, lines, cubics, closes;
};

static void box_point(struct box *b, double x, double y)
{
	b->x0 = x < b->x0 ? x : b->x0;
	b->y0 = y < b->y0 ? y : b->y0;
	b->x1 = x > b->x1 ? x : b->x1;
	b->y1 = y > b->y1 ? y : b->y1;
}

static void box_move(void *self, double x, double y)
{
	struct box *b = self;

	b->moves++;
	box_point(b, x, y);
}

static void box_line(void *self, double x, double y)
{
	struct box *b = self;

	b->lines++;
	box_point(b, x, y);
}

static void box_cubic(void *self, const double points[6])
{
	struct box *b = self;

	b->cubics++;
	box_point(b, points[4], points[5]);
}

static void box_close(void *self)
{
	struct box *b = self;

	b->closes++;
}

TEST(an_outline_reaches_the_sink_in_font_units_with_cubic_curves_only)
{
	static const struct {
		const char *face;
		uint32_t c;
		double em;
	} cases[] = {
		{ "NotoSerifCJKsc-Regular", 0x5370, 1000 },
		{ "LXGWWenKai-Regular", 0x5370, 1000 },
	};
	struct desk d = desk_open();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct face *f = desk_face(&d, cases[i].face);
		struct box b = { 1e9, 1e9, -1e9, -1e9, 0, 0, 0, 0 };
		struct outline_sink sink = { &b, box_move, box_line, box_cubic, box_close };
		hb_codepoint_t gid = 0;
		struct err e = { 0 };

		CHECK(hb_font_get_nominal_glyph(f->units, cases[i].c, &gid));
		OK(face_outline(f, gid, &sink, &e), e);
		CHECK(b.moves > 0 && b.moves == b.closes && b.cubics > 0 && b.lines > 0);
		CHECK(b.x1 - b.x0 > 0.6 * cases[i].em && b.x1 - b.x0 <= cases[i].em);
		CHECK(b.y1 - b.y0 > 0.6 * cases[i].em && b.y1 - b.y0 <= cases[i].em);
		CHECK(!face_outline(f, f->glyphs, &sink, &e));
	}
	desk_close(&d);
}
