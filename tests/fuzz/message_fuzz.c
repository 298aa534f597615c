/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages and model messages: what is read, written and read again is the
 * same; what is not read says where it is wrong.
 */
#include "agentlib/core/message.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define BYTES_MAX ((size_t)1 << 20)

static void check_pointer(const struct err *err)
{
	fuzz_check_err(err);
	FUZZ_CHECK(!*err->field || *err->field == '/');
}

static void write_llm(const struct llm_message *m, struct buf *out)
{
	struct json_writer w;

	buf_init(out, SIZE_MAX);
	jw_init(&w, out);
	llm_write(m, &w);
}

static void check_llm(const struct llm_message *m)
{
	struct llm_message *back;
	struct buf first, second;
	struct err err = { 0 };
	struct json *j;

	write_llm(m, &first);
	j = fuzz_json(&first);
	back = llm_read(j, &err);
	FUZZ_SAME(err.text, "");
	write_llm(back, &second);
	FUZZ_SAME(second.data, first.data);
	llm_unref(back);
	json_destroy(j);
	buf_finish(&first);
	buf_finish(&second);
}

static void write_message(const struct message *m, struct buf *out)
{
	struct json_writer w;

	buf_init(out, SIZE_MAX);
	jw_init(&w, out);
	message_write(m, &w);
}

/* What people and models see of it. */
static void check_text(const struct message *m)
{
	struct llm_message *llm = message_to_llm(m);
	struct buf text;

	buf_init(&text, 8 * BYTES_MAX);
	message_text(m, &text);
	FUZZ_CHECK(!text.overflow && str_utf8_valid(text.data, text.len));
	FUZZ_CHECK(!llm == !message_is_chat(m->type));
	if (llm)
		check_llm(llm);
	llm_unref(llm);
	buf_finish(&text);
}

static void check_message(const struct message *m)
{
	struct message *back;
	struct buf first, second;
	struct err err = { 0 };
	struct json *j;

	FUZZ_CHECK(m->refs == 1 && m->source && *m->created_at);
	write_message(m, &first);
	j = fuzz_json(&first);
	back = message_read(j, &err);
	FUZZ_SAME(err.text, "");
	write_message(back, &second);
	FUZZ_SAME(second.data, first.data);
	check_text(m);
	message_unref(back);
	json_destroy(j);
	buf_finish(&first);
	buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct json *j = json_parse(text, size, BYTES_MAX, NULL);
	struct err err = { 0 }, llm_err = { 0 };
	struct message *m = j ? message_read(j, &err) : NULL;
	struct llm_message *llm = j ? llm_read(j, &llm_err) : NULL;

	if (m)
		check_message(m);
	else if (j)
		check_pointer(&err);
	if (llm)
		check_llm(llm);
	else if (j)
		check_pointer(&llm_err);
	message_unref(m);
	llm_unref(llm);
	json_destroy(j);
	mem_free(text);
	return j ? 0 : -1;
}
