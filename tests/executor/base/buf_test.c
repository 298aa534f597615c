/* SPDX-License-Identifier: Apache-2.0 */
/* Growing bytes: always a string, never over the maximum. */
#include "executor/base/buf.h"

#include "executor/base/err.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <stdint.h>
#include <string.h>

static void begins_as_an_empty_string(void)
{
	struct buf b, zeroed = { 0 };
	char *taken;

	buf_init(&b, 10);
	CHECK_STR(b.data, "");
	buf_consume(&b, 5);
	buf_clear(&b);
	buf_wrote(&b, 0);
	CHECK_STR(b.data, "");
	taken = buf_take(&b);
	CHECK_STR(taken, "");
	mem_free(taken);
	buf_finish(&b);
	buf_finish(&b);
	buf_finish(&zeroed);
	buf_finish(NULL);
}

static void appends(void)
{
	struct buf b;

	buf_init(&b, 1000);
	CHECK_INT(buf_puts(&b, "one"), 0);
	CHECK_INT(buf_putc(&b, ' '), 0);
	CHECK_INT(buf_add(&b, "twoXX", 3), 0);
	CHECK_INT(buf_printf(&b, " %d%s", 3, ""), 0);
	CHECK_STR(b.data, "one two 3");
	CHECK_INT(b.len, 9);
	/* longer than the room that is left */
	CHECK_INT(buf_printf(&b, "%200d", 4), 0);
	CHECK_INT(b.len, 209);
	CHECK_INT(strlen(b.data), 209);
	buf_consume(&b, 4);
	CHECK(strncmp(b.data, "two 3", 5) == 0);
	buf_consume(&b, 99999);
	CHECK_STR(b.data, "");
	buf_finish(&b);
}

static void holds_exactly_its_maximum(void)
{
	struct buf b;

	buf_init(&b, 4);
	CHECK_INT(buf_puts(&b, "1234"), 0);
	CHECK(!b.overflow);
	CHECK_INT(buf_add(&b, "", 0), 0);
	CHECK_INT(buf_putc(&b, '5'), -ERR_TOO_LARGE);
	CHECK(b.overflow);
	CHECK_STR(b.data, "1234");
	buf_finish(&b);
}

static void latches_the_overflow(void)
{
	struct buf b;

	buf_init(&b, 8);
	buf_puts(&b, "ab");
	CHECK_INT(buf_printf(&b, "%100d", 1), -ERR_TOO_LARGE);
	CHECK_STR(b.data, "ab");
	CHECK_INT(buf_putc(&b, 'c'), -ERR_TOO_LARGE);
	CHECK(buf_space(&b, 1) == NULL);
	CHECK_STR(b.data, "ab");
	buf_clear(&b);
	CHECK_INT(buf_putc(&b, 'c'), 0);
	CHECK_STR(b.data, "c");
	CHECK(buf_space(&b, SIZE_MAX) == NULL);
	buf_finish(&b);
}

static void gives_room_to_write_into(void)
{
	struct buf b;
	char *room;

	buf_init(&b, 100);
	room = buf_space(&b, 100);
	REQUIRE(room != NULL);
	memset(room, 'x', 100);
	buf_wrote(&b, 60);
	CHECK_INT(b.len, 60);
	CHECK_INT(strlen(b.data), 60);
	CHECK(buf_space(&b, 41) == NULL);
	buf_finish(&b);
}

static void taken_text_is_the_callers(void)
{
	struct buf b;
	char *taken;

	buf_init(&b, 100);
	buf_puts(&b, "text");
	taken = buf_take(&b);
	CHECK_STR(taken, "text");
	CHECK_STR(b.data, "");
	CHECK_INT(buf_puts(&b, "more"), 0);
	CHECK_INT(b.max, 100);
	CHECK_STR(b.data, "more");
	mem_free(taken);
	buf_finish(&b);
}

static void grows_by_doubling(void)
{
	struct buf b;
	size_t moves = 0, cap = 0;

	buf_init(&b, SIZE_MAX);
	for (int i = 0; i < 100000; i++) {
		REQUIRE(buf_putc(&b, 'x') == 0);
		moves += b.cap != cap;
		cap = b.cap;
	}
	CHECK(moves < 20);
	CHECK_INT(b.len, 100000);
	buf_finish(&b);
}

/* A reader that asks for room and gets no bytes still has a string. */
static void room_without_bytes_is_an_empty_string(void)
{
	char *junk = mem_resize(NULL, 4096, 1);
	struct buf b;

	memset(junk, 'x', 4096);
	mem_free(junk);
	buf_init(&b, 65536);
	REQUIRE(buf_space(&b, 4000) != NULL);
	CHECK_STR(b.data, "");
	buf_finish(&b);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(begins_as_an_empty_string),
		TEST(appends),
		TEST(holds_exactly_its_maximum),
		TEST(latches_the_overflow),
		TEST(gives_room_to_write_into),
		TEST(taken_text_is_the_callers),
		TEST(grows_by_doubling),
		TEST(room_without_bytes_is_an_empty_string),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
