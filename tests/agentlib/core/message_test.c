/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages against AutoGen's own JSON: golden/messages.ndjson is what its
 * model_dump_json() wrote, golden/texts.txt what its to_text() gave for the same
 * messages (with newlines shown as U+2424).
 */
#include "agentlib/core/message.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"
#include <fcntl.h>
#include <string.h>

#define HEAD                                                                   \
	"{\"id\":\"i\",\"source\":\"s\",\"models_usage\":null,\"metadata\":{}" \
	",\"created_at\":\"2026-11-22T10:00:00.123Z\","

static void slurp(const char *name, struct buf *b)
{
	struct err err = { 0 };
	_auto_free_ char *path = mem_printf("tests/agentlib/core/golden/%s",
					    name);

	buf_init(b, 1 << 20);
	if (fd_slurp_path(AT_FDCWD, path, b, &err) < 0)
		tap_note("%s", err.text);
	REQUIRE(b->len > 0);
}

static struct message *read_text(const char *text, struct err *err)
{
	_auto_json_ struct json *j = json_parse(text, strlen(text), 1 << 20,
						err);

	return j ? message_read(j, err) : NULL;
}

static char *write_text(const struct message *m)
{
	struct json_writer w;
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	message_write(m, &w);
	text = buf_take(&b);
	buf_finish(&b);
	return text;
}

static void every_type_comes_back(void)
{
	bool seen[MESSAGE_TYPE_COUNT] = { false };
	struct buf all;
	char *rest, *line;

	slurp("messages.ndjson", &all);
	rest = all.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		struct err err = { 0 };
		struct message *m = read_text(line, &err);
		char *again;

		if (!m) {
			tap_note("%s: %s", err.field, err.text);
			CHECK(false);
			continue;
		}
		again = write_text(m);
		CHECK_STR(again, line);
		seen[m->type] = true;
		mem_free(again);
		message_unref(m);
	}
	for (int t = 0; t < MESSAGE_TYPE_COUNT; t++)
		if (!CHECK(seen[t]))
			tap_note("%s", message_type_name(t));
	buf_finish(&all);
}

/* The text of a message as golden/texts.txt has it. */
static char *shown(const struct message *m)
{
	struct buf text, out;
	char *s;

	buf_init(&text, 1 << 20);
	buf_init(&out, 1 << 20);
	message_text(m, &text);
	for (const char *c = text.data; *c; c++)
		if (*c == '\n')
			buf_puts(&out, "\xe2\x90\xa4");
		else
			buf_putc(&out, *c);
	buf_finish(&text);
	s = buf_take(&out);
	buf_finish(&out);
	return s;
}

static void texts_are_theirs(void)
{
	struct buf all, texts;
	char *rest, *line, *want_rest;

	slurp("messages.ndjson", &all);
	slurp("texts.txt", &texts);
	rest = all.data;
	want_rest = texts.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		struct message *m = read_text(line, NULL);
		char *text = shown(m);

		CHECK_STR(text, strsep(&want_rest, "\n"));
		mem_free(text);
		message_unref(m);
	}
	buf_finish(&all);
	buf_finish(&texts);
}

static const struct {
	const char *text, *field;
} bad[] = {
	{ "[]", "" },
	{ "{}", "/type" },
	{ HEAD "\"content\":\"c\",\"type\":\"Nonsense\"}", "/type" },
	{ HEAD "\"type\":\"TextMessage\"}", "/content" },
	{ HEAD "\"content\":1,\"type\":\"TextMessage\"}", "/content" },
	{ "{\"content\":\"c\",\"type\":\"TextMessage\"}", "/source" },
	{ "{\"source\":\"s\",\"content\":\"c\",\"type\":\"TextMessage\","
	  "\"metadata\":{\"k\":1}}",
	  "/metadata/k" },
	{ "{\"source\":\"s\",\"content\":\"c\",\"type\":\"TextMessage\","
	  "\"metadata\":[]}",
	  "/metadata" },
	{ "{\"source\":\"s\",\"content\":\"c\",\"type\":\"TextMessage\","
	  "\"models_usage\":{\"prompt_tokens\":-1}}",
	  "/models_usage/prompt_tokens" },
	{ "{\"source\":\"s\",\"content\":\"c\",\"type\":\"TextMessage\","
	  "\"created_at\":\"2026-11-22T10:00:00.123456789012345678901\"}",
	  "/created_at" },
	{ "{\"source\":\"s\",\"content\":\"c\",\"type\":\"TextMessage\","
	  "\"id\":\"0123456789012345678901234567890123456789\"}",
	  "/id" },
	{ HEAD "\"content\":\"c\",\"type\":\"HandoffMessage\"}", "/target" },
	{ HEAD
	  "\"content\":\"c\",\"target\":\"t\",\"context\":[{\"type\":"
	  "\"UserMessage\",\"content\":\"x\"}],\"type\":\"HandoffMessage\"}",
	  "/context/0/source" },
	{ HEAD "\"content\":[{\"id\":\"1\",\"name\":\"f\"}],\"type\":"
	       "\"ToolCallRequestEvent\"}",
	  "/content/0/arguments" },
	{ HEAD "\"retry_attempt\":0,\"result\":{\"exit_code\":\"0\","
	       "\"output\":\"\"},\"type\":\"CodeExecutionEvent\"}",
	  "/result/exit_code" },
	{ HEAD "\"retry_attempt\":0,\"content\":\"\",\"code_blocks\":[{\"code\""
	       ":1}],\"type\":\"CodeGenerationEvent\"}",
	  "/code_blocks/0/code" },
	{ HEAD "\"content\":[\"a\",2],\"type\":\"SelectSpeakerEvent\"}",
	  "/content/1" },
};

static void faults_name_their_place(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };
		struct message *m = read_text(bad[i].text, &err);

		if (!CHECK(m == NULL) || !CHECK_STR(err.field, bad[i].field))
			tap_note("%s: %s", bad[i].text, err.text);
		message_unref(m);
	}
}

static void written_by_others(void)
{
	static const char text[] =
		"{\"source\":\"s\",\"content\":\"c\",\"type\":\"TextMessage\","
		"\"created_at\":\"2026-11-22T10:00:00.123456+00:00\",\"x\":1}";
	struct message *m = read_text(text, NULL);

	REQUIRE(m != NULL);
	CHECK_STR(m->created_at, "2026-11-22T10:00:00.123456Z");
	CHECK_INT(strlen(m->id), 36);
	message_unref(m);
}

static void files_follow_the_type(void)
{
	struct message *m = message_new(MESSAGE_CODE_EXECUTION, "s", NULL);
	char *text, *again;

	m->output = mem_strdup("o");
	m->files = mem_new(struct code_file);
	m->files[0].path = mem_strdup("a/b.png");
	m->files[0].size = 12;
	m->file_count = 1;
	text = write_text(m);
	CHECK(strstr(text, "\"type\":\"CodeExecutionEvent\",\"files\":[{\"path"
			   "\":\"a/b.png\",\"size\":12}]}"));
	message_unref(m);
	m = read_text(text, NULL);
	REQUIRE(m != NULL);
	again = write_text(m);
	CHECK_STR(again, text);
	mem_free(again);
	mem_free(text);
	message_unref(m);
}

/* Chat messages become what the model reads; events do not. */
static void for_the_model(void)
{
	struct message *m = message_new(MESSAGE_TEXT, "anna", "hello");
	struct message *e = message_new(MESSAGE_THOUGHT, "anna", "hm");
	struct llm_message *l = message_to_llm(m);

	REQUIRE(l != NULL);
	CHECK_INT(l->role, LLM_USER);
	CHECK_STR(l->source, "anna");
	CHECK_STR(l->content, "hello");
	CHECK(message_to_llm(e) == NULL);
	llm_unref(l);
	message_unref(m);
	message_unref(e);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(every_type_comes_back),
						 TEST(texts_are_theirs),
						 TEST(faults_name_their_place),
						 TEST(written_by_others),
						 TEST(files_follow_the_type),
						 TEST(for_the_model),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
