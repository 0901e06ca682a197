/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/png.h"

#include "check.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define HEAD "\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0crc!"
#define END "\0\0\0\0IENDcrc!"

TEST(chunks_come_in_the_order_of_the_file)
{
	struct str rest = str_skip(STR(SIGNATURE HEAD END), PNG_SIGNATURE_SIZE);
	struct png_chunk chunk;

	CHECK(png_chunk_next(&rest, &chunk));
	EQ_STR(chunk.type, STR("IHDR"));
	EQ_INT(chunk.data.n, 13);
	CHECK(png_chunk_next(&rest, &chunk));
	EQ_STR(chunk.type, STR("IEND"));
	EQ_INT(chunk.data.n, 0);
	CHECK(!png_chunk_next(&rest, &chunk));
}

TEST(a_chunk_that_promises_more_than_the_file_holds_makes_it_not_whole)
{
	CHECK(png_whole(STR(SIGNATURE HEAD END)));
	CHECK(png_whole(STR(SIGNATURE HEAD "\0\0\0\2eXIfIIcrc!" END)));
	CHECK(png_whole(STR(SIGNATURE HEAD END "what follows the end is nobody's")));
	CHECK(!png_whole(STR(SIGNATURE HEAD)));
	CHECK(!png_whole(STR(SIGNATURE HEAD "\x7f\xff\xff\xff"
					    "eXIfIIcrc!" END)));
	CHECK(!png_whole(STR(SIGNATURE HEAD "\0\0\0\x0d"
					    "eXIfIIcrc!" END)));
	CHECK(!png_whole(STR(SIGNATURE HEAD "\xff\xff\xff\xff"
					    "eXIf")));
	CHECK(!png_whole(STR(SIGNATURE)));
	CHECK(!png_whole(STR("")));
}
