/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 against a decoder written the other way round, by code points; and any
 * bytes as a JSON string.
 */
#include "executor/base/str.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

#define BAD "\xef\xbf\xbd"

/* Length of the shortest encoding of a code point; 0 for what has none. */
static size_t length_of(uint32_t code)
{
	if (code >= 0xd800 && code < 0xe000)
		return 0;
	return code < 0x80      ? 1
	       : code < 0x800   ? 2
	       : code < 0x10000 ? 3
				: (code < 0x110000 ? 4 : 0);
}

/* Length of the sequence at s by decoding it first. */
static size_t decode(const unsigned char *s, size_t len)
{
	size_t n = len == 0            ? 0
		   : s[0] < 0x80       ? 1
		   : s[0] >> 5 == 6    ? 2
		   : s[0] >> 4 == 0xe  ? 3
		   : s[0] >> 3 == 0x1e ? 4
				       : 0;
	uint32_t code;

	if (!n || n > len)
		return 0;
	code = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		code = code << 6 | (s[i] & 0x3fu);
	}
	return length_of(code) == n ? n : 0;
}

/* What str_utf8_add() must give. */
static void mend(struct buf *out, const char *s, size_t len)
{
	for (size_t at = 0, n; at < len; at += n ? n : 1) {
		n = decode((const unsigned char *)s + at, len - at);
		FUZZ_CHECK(str_utf8_len(s + at, len - at) == n);
		if (n)
			buf_add(out, s + at, n);
		else
			buf_puts(out, BAD);
	}
}

/* Every cut of good text is good, and no shorter than it must be. */
static void check_cuts(const char *s, size_t len, bool good)
{
	for (size_t end = 0; end <= len; end++) {
		size_t cut = str_utf8_cut(s, end);

		FUZZ_CHECK(cut <= end && end - cut <= 3);
		FUZZ_CHECK(!good || str_utf8_valid(s, cut));
		FUZZ_CHECK(!str_utf8_valid(s, end) || cut == end);
	}
}

/* Through JSON and back: as mended, and a NUL is U+FFFD too. */
static void check_json(const char *s, size_t len, const struct buf *mended)
{
	struct buf text, want;
	struct json_writer w;
	struct json *j;

	buf_init(&text, SIZE_MAX);
	buf_init(&want, SIZE_MAX);
	jw_init(&w, &text);
	jw_string_n(&w, s, len);
	j = fuzz_json(&text);
	for (size_t i = 0; i < mended->len; i++)
		if (mended->data[i])
			buf_putc(&want, mended->data[i]);
		else
			buf_puts(&want, BAD);
	FUZZ_SAME(json_string(j), want.data);
	json_destroy(j);
	buf_finish(&text);
	buf_finish(&want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct buf want, got;
	bool good;

	buf_init(&want, SIZE_MAX);
	buf_init(&got, SIZE_MAX);
	mend(&want, text, size);
	str_utf8_add(&got, text, size);
	good = got.len == size && (!size || !memcmp(got.data, text, size));
	FUZZ_CHECK(got.len == want.len &&
		   memcmp(got.data, want.data, got.len) == 0);
	FUZZ_CHECK(str_utf8_valid(got.data, got.len));
	FUZZ_CHECK(str_utf8_valid(text, size) == good);
	check_cuts(text, size < 256 ? size : 256, size < 256 && good);
	check_json(text, size, &got);
	buf_finish(&want);
	buf_finish(&got);
	free(text);
	return 0;
}
