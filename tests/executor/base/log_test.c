/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: one JSON object each, never longer than the limit. */
#include "executor/base/log.h"

#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "tests/tap.h"

#include <string.h>
#include <unistd.h>

/* The log's output since the last call; the pipe is never full here. */
static ssize_t read_line(int fd, char *out, size_t size)
{
	ssize_t n = read(fd, out, size - 1);

	out[n > 0 ? n : 0] = '\0';
	return n;
}

static void writes_one_object_a_line(void)
{
	struct log log = { .level = LOG_LEVEL_INFO, .who = "test" };
	char line[4096];
	int ends[2];

	REQUIRE(fd_pipe(ends, NULL) == 0);
	log.fd = ends[1];
	log_line(&log, LOG_LEVEL_WARN, "run %d said \"%s\"", 7, "no\n");
	log_line(&log, LOG_LEVEL_DEBUG, "not at this level");
	log_line(NULL, LOG_LEVEL_ERROR, "to nobody");
	close(ends[1]);
	ssize_t n = read_line(ends[0], line, sizeof(line));
	REQUIRE(n > 0);
	CHECK(strchr(line, '\n') == line + n - 1);
	_auto_json_ struct json *j = json_parse(line, (size_t)n, sizeof(line),
						NULL);
	REQUIRE(j != NULL);
	CHECK_STR(json_string(json_get(j, "level")), "warn");
	CHECK_STR(json_string(json_get(j, "who")), "test");
	CHECK_STR(json_string(json_get(j, "text")), "run 7 said \"no\n\"");
	CHECK_INT(strlen(json_string(json_get(j, "time"))), 24);
}

static void long_text_is_cut_and_stays_json(void)
{
	static const char *const fills[] = { "x", "\x01", "\xe2\x82\xac" };

	for (size_t f = 0; f < 3; f++) {
		struct log log = { .level = LOG_LEVEL_INFO, .who = "test" };
		size_t step = strlen(fills[f]);
		static char text[6000], line[8192];
		int ends[2];

		memset(text, 0, sizeof(text));
		for (size_t at = 0; at < 5000; at += step)
			memcpy(text + at, fills[f], step);
		REQUIRE(fd_pipe(ends, NULL) == 0);
		log.fd = ends[1];
		log_line(&log, LOG_LEVEL_ERROR, "%s", text);
		close(ends[1]);
		ssize_t n = read_line(ends[0], line, sizeof(line));
		CHECK(n > 500 && n <= 2048);
		_auto_json_ struct json *j = json_parse(line, (size_t)n,
							sizeof(line), NULL);
		REQUIRE(j != NULL);
		CHECK(strstr(json_string(json_get(j, "text")), fills[f]) !=
		      NULL);
		close(ends[0]);
	}
}

static void fields_are_members(void)
{
	static char big[3000];
	const struct log_field fields[] = {
		{ "host", "a\"b", 0 },
		{ "port", NULL, 443 },
	};
	const struct log_field over = { "big", big, 0 };
	struct log log = { .level = LOG_LEVEL_INFO, .who = "test" };
	char line[4096];
	int ends[2];

	memset(big, 'x', sizeof(big) - 1);
	REQUIRE(fd_pipe(ends, NULL) == 0);
	log.fd = ends[1];
	log_fields(&log, LOG_LEVEL_INFO, "decided", fields, 2);
	ssize_t n = read_line(ends[0], line, sizeof(line));
	_auto_json_ struct json *j = json_parse(line, (size_t)n, sizeof(line),
						NULL);
	REQUIRE(j != NULL);
	CHECK_STR(json_string(json_get(j, "text")), "decided");
	CHECK_STR(json_string(json_get(j, "host")), "a\"b");
	CHECK_INT(json_number(json_get(j, "port"), 0), 443);
	log_fields(&log, LOG_LEVEL_INFO, "too much", &over, 1);
	n = read_line(ends[0], line, sizeof(line));
	_auto_json_ struct json *cut = json_parse(line, (size_t)n, sizeof(line),
						  NULL);
	REQUIRE(cut != NULL);
	CHECK_STR(json_string(json_get(cut, "text")), "too much");
	CHECK(json_get(cut, "big") == NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(writes_one_object_a_line),
		TEST(long_text_is_cut_and_stays_json),
		TEST(fields_are_members),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
