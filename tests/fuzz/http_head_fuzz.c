/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of a reply, one line of input a line of it, as a server may write
 * it: complete at most once, every kept line found again, waits in range.
 */
#include "executor/net/http_head.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

/* Stands for libcurl's: any number, also far away. */
static time_t date(const char *text, const time_t *unused)
{
	char *end;
	long long v = strtoll(text, &end, 10);

	return end == text ? (time_t)-1 : (time_t)v;
}

static void check_reply(const struct http_head *h)
{
	const struct http_reply *r = &h->reply;
	size_t n = 0;

	FUZZ_CHECK(r->status >= 200);
	for (const char *const *line = r->headers; *line; line++, n++) {
		size_t len = strcspn(*line, ":");
		char *name = mem_strndup(*line, len);
		const char *value = http_reply_header(r, name);

		FUZZ_CHECK(!(*line)[len] || !len || value);
		mem_free(name);
	}
	FUZZ_CHECK(n == h->count);
	FUZZ_CHECK(r->content_type && r->headers[n] == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_head h;
	struct err err = { 0 };
	int rc = 0;

	http_head_init(&h);
	while (size && rc == 0) {
		const uint8_t *nl = memchr(data, '\n', size);
		size_t n = nl ? (size_t)(nl - data) + 1 : size;
		char *line = fuzz_copy(data, n);

		rc = http_head_line(&h, line, n, date, &err);
		free(line);
		data += n;
		size -= n;
	}
	FUZZ_CHECK((rc == 1) == h.complete);
	if (rc < 0)
		fuzz_check_err(&err);
	if (h.complete) {
		check_reply(&h);
		FUZZ_CHECK(http_head_line(&h, "x: y", 4, date, &err) == 0);
		check_reply(&h);
	}
	http_head_finish(&h);
	FUZZ_CHECK(h.reply.status == 0 && !*h.reply.headers);
	return 0;
}
