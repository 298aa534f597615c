/* SPDX-License-Identifier: Apache-2.0 */
/* Reply heads: which status counts, what the headers say. */
#include "executor/net/http_head.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

/* Any text beginning with "date" is an hour from now, others are none. */
static time_t fake_date(const char *text, const time_t *unused)
{
	return strncmp(text, "date", 4) == 0 ? time(NULL) + 3600 : -1;
}

static int feed(struct http_head *h, const char *text)
{
	int rc = 0;

	http_head_init(h);
	while (rc == 0 && *text) {
		size_t len = strcspn(text, "\n") + 1;

		rc = http_head_line(h, text, len, fake_date, NULL);
		text += len;
	}
	return rc;
}

static void plain(void)
{
	struct http_head h;

	CHECK_INT(feed(&h, "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\n"
			   "X-A: b \r\n\r\n"),
		  1);
	CHECK_INT(h.reply.status, 200);
	CHECK_STR(h.reply.content_type, "text/html");
	CHECK_STR(http_reply_header(&h.reply, "x-a"), "b");
	CHECK(!http_reply_header(&h.reply, "x"));
	CHECK(!http_reply_header(&h.reply, "x-ab"));
	CHECK(h.reply.retry_after_ms == UINT64_MAX);
	CHECK_STR(h.reply.headers[1], "X-A: b");
	CHECK(!h.reply.headers[2]);
	http_head_finish(&h);
	CHECK_INT(h.reply.status, 0);
}

static void interim_is_dropped(void)
{
	struct http_head h;

	CHECK_INT(feed(&h, "HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n"
			   "HTTP/1.1 103 Early\r\nX-C: d\r\n\r\n"
			   "HTTP/2 404\r\n\r\n"),
		  1);
	CHECK_INT(h.reply.status, 404);
	CHECK(!h.reply.headers[0]);
	CHECK_STR(h.reply.content_type, "");
	http_head_finish(&h);
}

static void trailers_are_ignored(void)
{
	struct http_head h;

	CHECK_INT(feed(&h, "HTTP/1.1 200\r\nX-A: b\r\n\r\n"), 1);
	CHECK_INT(http_head_line(&h, "X-T: u\r\n", 8, NULL, NULL), 0);
	CHECK_INT(http_head_line(&h, "\r\n", 2, NULL, NULL), 0);
	CHECK(!http_reply_header(&h.reply, "x-t"));
	http_head_finish(&h);
}

static void retry_after(void)
{
	static const struct {
		const char *lines;
		uint64_t want;
	} rows[] = {
		{ "Retry-After: 7\r\n", 7000 },
		{ "retry-after: 0.25\r\n", 250 },
		{ "retry-after: 0\r\n", 0 },
		{ "retry-after: -1\r\n", UINT64_MAX },
		{ "retry-after: soon\r\n", UINT64_MAX },
		{ "retry-after: nan\r\n", UINT64_MAX },
		{ "retry-after: 1e30\r\n", UINT64_MAX },
		{ "retry-after: 3 apples\r\n", UINT64_MAX },
		{ "retry-after-ms: 15\r\nretry-after: 9\r\n", 15 },
		{ "retry-after-ms: x\r\nretry-after: 9\r\n", 9000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		_auto_free_ char *text = mem_printf("HTTP/1.1 429\r\n%s\r\n",
						    rows[i].lines);
		struct http_head h;

		CHECK_INT(feed(&h, text), 1);
		if (!CHECK(h.reply.retry_after_ms == rows[i].want))
			tap_note("%s", rows[i].lines);
		http_head_finish(&h);
	}
}

static void retry_after_date(void)
{
	struct http_head h;

	CHECK_INT(feed(&h, "HTTP/1.1 429\r\nretry-after: date\r\n\r\n"), 1);
	CHECK(h.reply.retry_after_ms > 3590 * 1000);
	CHECK(h.reply.retry_after_ms <= 3600 * 1000);
	http_head_finish(&h);
}

static void hostile(void)
{
	char line[1024];
	struct http_head h;
	struct err err = { 0 };
	int rc = 0;

	http_head_init(&h);
	memset(line, 'a', sizeof(line));
	for (int i = 0; i < 300 && rc == 0; i++)
		rc = http_head_line(&h, line, sizeof(line), NULL, &err);
	CHECK_INT(rc, -ERR_TOO_LARGE);
	http_head_finish(&h);

	http_head_init(&h);
	CHECK_INT(http_head_line(&h, "HTTP/1.1 200\r\n", 14, NULL, NULL), 0);
	CHECK_INT(http_head_line(&h, "A: b\0C: d\r\n", 11, NULL, NULL), 0);
	CHECK_INT(http_head_line(&h, "\r\n", 2, NULL, NULL), 1);
	CHECK(!h.reply.headers[0]);
	http_head_finish(&h);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(plain),
						 TEST(interim_is_dropped),
						 TEST(trailers_are_ignored),
						 TEST(retry_after),
						 TEST(retry_after_date),
						 TEST(hostile),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
