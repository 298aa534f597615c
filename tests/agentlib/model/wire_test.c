/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each file of wire/ is one conversation with one vendor's service, played by
 * the real test server; a vendor's quirk is one more file:
 *
 *	provider, config  the client; "@" in a text is the server, http://HOST:PORT
 *	environment       ["NAME=value"]
 *	request           messages (AutoGen's JSON), tools, tool_choice, json,
 *	                  schema, stream
 *	recording         the server's steps (tests/support/replay_server_prog.c)
 *	asked             [{"path","headers","body"}] what the requests were: the
 *	                  headers named (null: absent), the whole body
 *	result            content, thought, calls, finish, usage [in, out],
 *	                  chunks (a | behind each), cached
 *	error             code (its name), texts that text or remedy have
 *	faults            pointers of the faults that loading finds
 *	dump              the config as dumped
 *
 * Every streamed answer is played again a byte at a time, and cut in many
 * places: then it is an error or the same answer, never another one.
 */
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/support/model_world.h"
#include "tests/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/agentlib/model/wire"
#define ENVIRONMENT_MAX 8
#define MESSAGES_MAX 32

struct played {
	const struct json *file;
	struct model_world world;
	struct create_result result;
	struct err err;
	int rc;
};

/* The texts of `j`, "@" replaced by the server's address without /v1. */
static char *with_server(const struct json *j, const char *url)
{
	_auto_free_ char *text = json_print(j);
	struct buf b;

	buf_init(&b, 1 << 20);
	for (const char *p = text; *p; p++) {
		if (*p == '@')
			buf_add(&b, url, strlen(url) - strlen("/v1"));
		else
			buf_putc(&b, *p);
	}
	return buf_take(&b);
}

static const char *print(const struct json *j)
{
	return j ? json_print(j) : NULL;
}

/* The same value, whatever the order of members. */
static bool same(const struct json *a, const struct json *b)
{
	if (json_type(a) != json_type(b) || json_count(a) != json_count(b))
		return false;
	if (json_is(a, JSON_OBJECT)) {
		for (const struct json *m = json_child(a); m; m = json_next(m))
			if (!same(m, json_get(b, json_key(m))))
				return false;
		return true;
	}
	if (json_is(a, JSON_ARRAY)) {
		const struct json *y = json_child(b);

		for (const struct json *x = json_child(a); x;
		     x = json_next(x), y = json_next(y))
			if (!same(x, y))
				return false;
		return true;
	}
	if (json_is(a, JSON_STRING))
		return str_equal(json_string(a), json_string(b));
	return json_number(a, 0) == json_number(b, 0) &&
	       json_bool(a, false) == json_bool(b, false);
}

static void check_same(const struct json *got, const struct json *want)
{
	_auto_free_ char *g = NULL, *w = NULL;

	if (CHECK(same(got, want)))
		return;
	g = (char *)print(got);
	w = (char *)print(want);
	tap_note("got  %s", g ? g : "nothing");
	tap_note("want %s", w ? w : "nothing");
}

/* ---- asking ---- */

static void set_environment(const struct json *file)
{
	static const char *lines[ENVIRONMENT_MAX + 1];
	size_t n = 0;

	for (const struct json *j = json_child(json_get(file, "environment"));
	     j && n < ENVIRONMENT_MAX; j = json_next(j))
		lines[n++] = json_string(j);
	lines[n] = NULL;
	model_world_environment(lines);
}

static void ask(struct played *p)
{
	const struct json *r = json_get(p->file, "request");
	const struct json *tools = json_get(r, "tools");
	_auto_free_ char *tools_json = tools ? json_print(tools) : NULL;
	const struct json *schema = json_get(r, "schema");
	_auto_free_ char *schema_json = schema ? json_print(schema) : NULL;
	struct llm_message *messages[MESSAGES_MAX];
	struct model_request req = {
		.messages = messages,
		.tools_json = tools_json,
		.tool_choice = json_string(json_get(r, "tool_choice")),
		.schema_json = schema_json,
		.json_output = json_bool(json_get(r, "json"), false),
		.stream = json_bool(json_get(r, "stream"), false),
	};
	const struct json *m = json_child(json_get(r, "messages"));

	for (; m; m = json_next(m)) {
		messages[req.count] = llm_read(m, &p->err);
		REQUIRE(messages[req.count] && req.count + 1 < MESSAGES_MAX);
		req.count++;
	}
	p->rc = model_world_ask_with(&p->world, &req, &p->result, &p->err);
	for (size_t i = 0; i < req.count; i++)
		llm_unref(messages[i]);
}

/* Loads, with more members of the config, and asks with that recording; false:
 * it could not be loaded. */
static bool play(struct played *p, const struct json *file,
		 const char *recording, const char *members)
{
	_auto_free_ char *all = NULL;
	_auto_free_ char *config = NULL;

	memset(p, 0, sizeof(*p));
	p->file = file;
	set_environment(file);
	model_world_begin(&p->world, recording);
	config = with_server(json_get(file, "config"), p->world.server.url);
	config[strlen(config) - 1] = 0;
	all = mem_printf("%s%s}", config,
			 strstr(config, "max_retries") ? "" : members);
	if (!model_world_load(&p->world,
			      json_string(json_get(file, "provider")), all))
		return false;
	ask(p);
	return true;
}

static void played_finish(struct played *p)
{
	create_result_finish(&p->result);
	model_world_end(&p->world);
}

/* ---- comparing ---- */

static char *calls_of(const struct create_result *r)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < r->call_count; i++)
		buf_printf(&b, "%s(%s)", r->calls[i].name,
			   r->calls[i].arguments);
	buf_puts(&b, "");
	return buf_take(&b);
}

/* "ID:" before a call is compared where the file says an id. */
static void check_ids(const struct played *p, const struct json *ids)
{
	size_t i = 0;

	for (const struct json *j = json_child(ids); j; j = json_next(j), i++) {
		REQUIRE(i < p->result.call_count);
		CHECK_STR(p->result.calls[i].id, json_string(j));
	}
}

static void check_result(const struct played *p, bool chunks)
{
	const struct json *want = json_get(p->file, "result");
	const struct json *usage = json_child(json_get(want, "usage"));
	const char *calls = json_string(json_get(want, "calls"));
	_auto_free_ char *got = calls_of(&p->result);

	if (!CHECK_INT(p->rc, 0)) {
		tap_note("%s; %s", p->err.text, p->err.remedy);
		return;
	}
	CHECK_STR(p->result.content, json_string(json_get(want, "content")));
	CHECK_STR(p->result.thought, json_string(json_get(want, "thought")));
	CHECK_STR(got ? got : "", calls ? calls : "");
	check_ids(p, json_get(want, "ids"));
	CHECK_STR(finish_name(p->result.finish),
		  json_string(json_get(want, "finish")));
	CHECK_INT(p->result.usage.prompt_tokens, json_number(usage, 0));
	CHECK_INT(p->result.usage.completion_tokens,
		  json_number(json_next(usage), 0));
	if (chunks && json_get(want, "chunks"))
		CHECK_STR(p->world.chunks.data,
			  json_string(json_get(want, "chunks")));
}

static void check_error(const struct played *p)
{
	const struct json *want = json_get(p->file, "error");
	const struct json *t = json_child(json_get(want, "texts"));

	CHECK(p->rc < 0);
	CHECK_STR(err_name(p->err.code), json_string(json_get(want, "code")));
	for (; t; t = json_next(t))
		if (!CHECK(strstr(p->err.text, json_string(t)) ||
			   strstr(p->err.remedy, json_string(t))))
			tap_note("no \"%s\" in %s; %s", json_string(t),
				 p->err.text, p->err.remedy);
	CHECK(!strstr(p->err.text, "secret") &&
	      !strstr(p->err.remedy, "secret"));
}

static void check_asked(struct played *p)
{
	const struct json *want = json_get(p->file, "asked");
	size_t n = 0;

	if (!want)
		return;
	for (const struct json *a = json_child(want); a; a = json_next(a)) {
		_auto_json_ struct json *log =
			replay_server_log(&p->world.server, n++);
		const struct json *h = json_child(json_get(a, "headers"));

		CHECK_STR(json_string(json_get(log, "path")),
			  json_string(json_get(a, "path")));
		for (; h; h = json_next(h))
			CHECK_STR(json_string(json_get(json_get(log, "headers"),
						       json_key(h))),
				  json_string(h));
		if (json_get(a, "body"))
			check_same(json_get(log, "body"), json_get(a, "body"));
	}
	CHECK_INT(replay_server_count(&p->world.server), n);
}

static void check_dump(struct played *p)
{
	const struct json *want = json_get(p->file, "dump");
	_auto_free_ char *text = NULL, *expected = NULL;
	_auto_json_ struct json *j = NULL, *w = NULL;

	if (!want)
		return;
	text = model_world_dump(&p->world);
	CHECK(!strstr(text, "secret"));
	j = json_parse(text, strlen(text), 1 << 20, NULL);
	expected = with_server(want, p->world.server.url);
	w = json_parse(expected, strlen(expected), 1 << 20, NULL);
	check_same(json_get(j, "config"), w);
	CHECK_STR(json_string(json_get(j, "provider")),
		  json_string(json_get(p->file, "provider")));
}

static void check_faults(struct played *p, bool loaded)
{
	const struct json *j = json_child(json_get(p->file, "faults"));
	size_t n = 0;

	CHECK(!loaded);
	for (; j; j = json_next(j), n++) {
		REQUIRE(n < p->world.ctx.fault_count);
		CHECK_STR(p->world.ctx.faults[n].pointer, json_string(j));
	}
	CHECK_INT(p->world.ctx.fault_count, n);
}

/* ---- one file ---- */

/* The recording with `more` (",\"split\":1") in its last step. */
static char *altered(const struct json *file, const char *more)
{
	_auto_free_ char *text = json_print(json_get(file, "recording"));
	size_t len = strlen(text);

	text[len - 2] = 0;
	return mem_printf("%s%s}]", text, more);
}

static size_t stream_size(const struct json *file)
{
	const struct json *s = json_child(json_get(file, "recording"));
	size_t n = 0;

	for (const struct json *next; s && (next = json_next(s)); s = next)
		;
	for (const struct json *c = json_child(json_get(s, "chunks")); c;
	     c = json_next(c))
		n += strlen(json_string(json_get(c, "data")));
	return n;
}

static void each_byte(const struct json *file)
{
	_auto_free_ char *recording = altered(file, ",\"split\":1");
	struct played p;

	REQUIRE(play(&p, file, recording, ""));
	check_result(&p, true);
	played_finish(&p);
}

/* Nothing is repeated here: what is cut is to be seen. */
static void each_cut(const struct json *file, size_t size)
{
	for (size_t n = 0; n < size; n += 1 + n / 4) {
		_auto_free_ char *more =
			mem_printf(",\"cut\":%zu,\"close\":true", n);
		_auto_free_ char *recording = altered(file, more);
		struct played p;

		REQUIRE(play(&p, file, recording, ",\"max_retries\":0"));
		if (p.rc == 0)
			check_result(&p, false);
		else
			CHECK_STR(err_name(p.err.code), "unavailable");
		played_finish(&p);
	}
}

static void play_file(const struct json *file)
{
	_auto_free_ char *recording =
		json_get(file, "recording")
			? json_print(json_get(file, "recording"))
			: mem_strdup("[]");
	size_t size = stream_size(file);
	struct played p;
	bool loaded = play(&p, file, recording, "");

	if (json_get(file, "faults")) {
		check_faults(&p, loaded);
		model_world_end(&p.world);
		return;
	}
	for (size_t i = 0; i < p.world.ctx.fault_count; i++)
		tap_note("%s: %s", p.world.ctx.faults[i].pointer,
			 p.world.ctx.faults[i].text);
	REQUIRE(loaded);
	if (json_get(file, "error"))
		check_error(&p);
	else
		check_result(&p, true);
	check_asked(&p);
	check_dump(&p);
	played_finish(&p);
	if (size == 0 || json_get(file, "error"))
		return;
	each_byte(file);
	each_cut(file, size);
}

/* Plays all files whose names begin so. */
static void play_all(const char *prefix)
{
	DIR *d = opendir(FOLDER);
	size_t played = 0;

	REQUIRE(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		_auto_free_ char *path = mem_printf("%s/%s", FOLDER, e->d_name);
		_auto_json_ struct json *file = NULL;
		struct err err = { 0 };
		struct buf text;

		if (!str_starts(e->d_name, prefix))
			continue;
		tap_note("%s", e->d_name);
		buf_init(&text, 1 << 20);
		REQUIRE(fd_slurp_path(AT_FDCWD, path, &text, &err) == 0);
		file = json_parse(text.data, text.len, 1 << 20, &err);
		if (!file)
			tap_note("%s", err.text);
		buf_finish(&text);
		REQUIRE(file);
		play_file(file);
		played++;
	}
	closedir(d);
	CHECK(played > 0);
}

static void openai(void)
{
	play_all("openai-");
}

static void azure_openai(void)
{
	play_all("azure-openai-");
}

static void anthropic(void)
{
	play_all("anthropic-");
}

static void ollama(void)
{
	play_all("ollama-");
}

static void azure_ai(void)
{
	play_all("azure-ai-");
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST_SLOW(openai, 300),    TEST_SLOW(azure_openai, 300),
		TEST_SLOW(anthropic, 300), TEST_SLOW(ollama, 300),
		TEST_SLOW(azure_ai, 300),  { 0 }
	};

	return tap_main(tests, argc, argv);
}
